/** @jest-environment ./admin/test/browserLike.cjs */
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Route, Routes } from "react-router-dom";
import type { RecordType } from "../../schema/definition";
import type { AvailableAction, NoticeItem, RecordDetail, TimerItem } from "../provider";
import { kite } from "../test/kites";
import { historyOf, memoryProvider, recordOf, sessionOf, taskOf, type World } from "../test/memoryProvider";
import { recordWithTexts, ruledKite, versionOf } from "../test/rules";
import { Screen } from "../test/screen";
import RecordPage from "./RecordPage";

const type: RecordType = {
  ...kite,
  because: ["O7"],
  fields: {
    ...kite.fields,
    nextFlight: { kind: "date", label: "Next flight", help: "When it flies again.", because: ["O7", "M8"] },
  },
};
const session = sessionOf([type]);
const sources = {
  obligations: [{ number: 7, text: "Kites are looked over every year." }],
  sections: [{ code: "M8", label: "Kite rules, section 8: upkeep" }],
};

function open(record: RecordDetail, part: Partial<World> = {}, shown: RecordType = type) {
  const world = { session, records: [record], sources, ...part };
  render(
    <Screen session={world.session} dataProvider={memoryProvider(world)} at="/kites/r1">
      <Routes>
        <Route path="/kites/:id" element={<RecordPage type={shown} />} />
      </Routes>
    </Screen>,
  );
  return userEvent.setup();
}

const stored = (part: Partial<RecordDetail> = {}) =>
  recordOf(type, { recordTitle: "Red dragon", values: { name: "Red dragon", nextFlight: "2027-05-04" }, ...part });

const notice = (part: Partial<NoticeItem>): NoticeItem => ({
  ...{ id: "n1", type: "kite", record: "r1", recordTitle: "Red dragon", person: { id: "p1", name: "Ada Shah" } },
  ...{ subject: "Look it over", text: "Please look it over.", createdAt: "2027-02-03T08:00:00.000Z" },
  ...{
    sendAt: "2027-02-03T09:00:00.000Z",
    outcome: "sent",
    outcomeWhy: null,
    urgent: false,
    mail: null,
    because: ["M8"],
  },
  ...part,
});

test("what a person should know stands at the top, each with where it comes from", async () => {
  const message = "Its string is older than the rules allow.";
  const user = open(stored({ warnings: [{ name: "string", message, because: ["O7"] }] }));
  const panel = within(await screen.findByRole("region", { name: "1 thing to know" }));
  await user.click(panel.getByRole("button", { name: /^Why/ }));
  expect((await panel.findByRole("link", { name: /looked over every year/ })).getAttribute("href")).toBe(
    "/obligations#O7",
  );
});

test("a section explains its fields: what each is for, and which obligation and section it comes from", async () => {
  const user = open(stored());
  const explain = await screen.findByRole("button", { name: /Explain.*Flying/ });
  explain.focus();
  await user.keyboard("{Enter}");
  expect(screen.getByText("When it flies again.")).toBeTruthy();
  expect(await screen.findByText("Kite rules, section 8: upkeep")).toBeTruthy();
});

test("the timeline tells what was done and what was told, and a message folds out to its proof", async () => {
  const mail = {
    ...{
      id: "m1",
      messageId: "<m1@duly>",
      state: "kept",
    },
    ...{ answer: "250 taken", sentAt: "2027-02-03T09:00:00.000Z", attempts: 1 },
  };
  const user = open(
    stored({
      history: [historyOf({ seq: 1, summary: "Kite created", at: "2027-02-01T09:00:00.000Z" })],
      notices: [
        notice({ mail, outcomeWhy: "Kept here: no mail server is set." }),
        notice({
          id: "n2",
          person: { id: "p2", name: "Ben Okoro" },
          outcome: "not needed",
          outcomeWhy: "It was done.",
        }),
      ],
    }),
  );
  const told = await screen.findByText("Message to Ada Shah and Ben Okoro: Look it over");
  const item = within(told.closest("li") ?? document.body);
  await user.click(item.getByText(/Message and proof/));
  const words = "Please look it over.";
  const kept = "Kept here: no mail server is set.";
  for (const proof of ["250 taken", "Not needed: It was done.", words, kept])
    expect(item.getByText(proof)).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "What was done" }));
  expect(screen.queryByText(/^Message to/)).toBeNull();
  expect(screen.getByText("Kite created")).toBeTruthy();
});

test("a clock says when, from when it moved and why; one that could not go off is not hidden, one that would do nothing is", async () => {
  const timer = (part: Partial<TimerItem>): TimerItem => ({
    ...{ id: "c1", type: "kite", record: "r1", recordTitle: "Red dragon", rule: "look", label: "Look it over" },
    ...{
      stepInWords: "7 days before",
      dueAt: "2027-05-10T07:00:00.000Z",
      state: "waiting",
      provisional: false,
      holds: true,
    },
    ...{ firedAt: null, outcome: null, recipients: [{ id: "p2", name: "Ben Okoro" }], because: ["M8"] },
    ...part,
  });
  const moves = [
    { rule: "look", label: "Look it over", from: "2027-05-03T07:00:00.000Z", to: "2027-05-10T07:00:00.000Z" },
  ];
  open(
    stored({
      timers: [
        timer({}),
        timer({ id: "c2", rule: "tell", label: "Tell the pilot", state: "dead", outcome: "No pilot." }),
        timer({ id: "c3", rule: "dry", label: "Dry it", holds: false }),
      ],
      history: [historyOf({ summary: "The half-term moved", detail: { moves } })],
    }),
  );
  const clocks = within(await screen.findByRole("region", { name: "Clocks" }));
  expect(clocks.getByText(/^Monday 10 May 2027, 8:00/)).toBeTruthy();
  expect(clocks.getByText(/tells Ben Okoro/)).toBeTruthy();
  expect(
    clocks.getByText(/Moved from Monday 3 May 2027, 8:00 → Monday 10 May 2027, 8:00\. The half-term moved/),
  ).toBeTruthy();
  expect(clocks.getByText(/Tell the pilot could not go off on .* No pilot\./)).toBeTruthy();
  expect(clocks.getAllByRole("listitem")).toHaveLength(1);
  expect(clocks.getByText("Another would do nothing as things stand: dry it.")).toBeTruthy();
});

test("a long text of the history stands there by its beginning, and in full once that is asked for", async () => {
  const told = (text: string) => ({ values: { name: ["Dragon", text] } });
  const user = open(
    stored({ history: [historyOf({ seq: 2, detail: told("Red and…"), isShortened: true }), historyOf({ seq: 1 })] }),
    { entries: [historyOf({ seq: 2, detail: told("Red and very long") })] },
  );
  const happened = within(await screen.findByRole("region", { name: "What has happened" }));
  expect(happened.getByText("Dragon → Red and…")).toBeTruthy();
  await user.click(happened.getByRole("button", { name: "Show the texts in full", hidden: true }));
  expect(await happened.findByText("Dragon → Red and very long")).toBeTruthy();
  expect(happened.queryByRole("button", { name: "Show the texts in full", hidden: true })).toBeNull();
});

test("linked records are a list beside the form and, from three on, a picture", async () => {
  const node = (id: string, title: string) => ({
    id,
    title,
    type: "kite",
    reference: id,
    state: "flying",
    label: "Kite",
  });
  const chain = {
    nodes: [node("r1", "Red dragon"), node("r2", "Blue dragon"), node("r3", "Green dragon")],
    edges: [
      { from: "r2", to: "r1", field: "flownWith", label: "Flown with" },
      { from: "r3", to: "r2", field: "flownWith", label: "Flown with" },
    ],
    more: false,
  };
  open(stored(), { chain });
  const list = within(await screen.findByRole("region", { name: "Linked records" }));
  expect((await list.findByRole("link", { name: "Green dragon" })).getAttribute("href")).toBe("/kites/r3");
  const picture = within(screen.getByRole("group", { name: "Picture of the linked records" }));
  expect(picture.getAllByRole("link").map((link) => link.getAttribute("href"))).toEqual(["/kites/r2", "/kites/r3"]);
});

test("a text shows its versions, and what changes against the one in force", async () => {
  const texts = [versionOf(1, "Off.", { inForce: true, inForceAt: "2027-01-10T09:00:00.000Z" }), versionOf(2, "Away.")];
  const user = open(recordWithTexts(texts), { session: sessionOf([ruledKite]), texts }, ruledKite);
  expect((await screen.findByRole("link", { name: /See what changes/ })).getAttribute("href")).toBe(
    "/kites/r1/text/rules/compare",
  );
  await user.click(screen.getByText("2 versions"));
  const first = screen.getByRole("link", { name: "Version 1" });
  expect(first.closest("li")?.textContent).toContain("in force");
  await waitFor(() => expect(document.title).toContain("Red dragon"));
});

test("whoever leaves a form goes on from where they opened it, and whoever sends one from what it says", async () => {
  const rename: AvailableAction = {
    ...{ name: "launch", label: "Launch", help: null, allowed: true, reason: null, because: [], ratifies: null },
    form: [{ name: "name", field: type.fields["name"] ?? { kind: "text", label: "Name" }, required: true }],
  };
  const user = open(stored({ availableActions: [rename] }));
  const focused = () => document.activeElement?.textContent;
  await user.click(await screen.findByRole("button", { name: "Launch" }));
  await waitFor(() => expect(focused()).toBe("Launch"));
  expect(document.activeElement?.tagName).toBe("H2");
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("button", { name: "Launch" })));

  await user.click(screen.getByRole("button", { name: /Change.*Flying/ }));
  expect([document.activeElement?.tagName, focused()]).toEqual(["H2", "Flying"]);
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  expect(document.activeElement).toBe(screen.getByRole("button", { name: /Change.*Flying/ }));

  await user.click(screen.getByRole("button", { name: "Launch" }));
  await user.click(await screen.findByRole("button", { name: "Launch" }));
  await waitFor(() => expect(focused()).toBe("Done: launch."));
});

test("of many actions the first few are buttons, what a task asks for among them; the rest folds out and is found again", async () => {
  const action = (name: string): AvailableAction => ({
    ...{ name, label: name, help: null, allowed: true, reason: null, because: [], ratifies: null },
    form: [],
  });
  const names = ["Dry", "Fold", "Oil", "Pack", "Sew", "Show", "Wax", "launch"];
  const asked = taskOf({ type: "kite", actions: [{ name: "Wax", label: "Wax" }] });
  const user = open(stored({ availableActions: names.map(action), tasks: [asked] }));
  const group = within(await screen.findByRole("group", { name: "What may happen next" }));
  const fold = group.getByRole("group");
  const labels = within(fold).getAllByRole("button", { hidden: true });
  expect(group.getAllByRole("button").slice(0, 5)).toEqual(
    ["launch", "Wax", "Dry", "Fold", "Oil"].map((name) => group.getByRole("button", { name })),
  );
  expect(labels.map(({ textContent }) => textContent)).toEqual(["Pack", "Sew", "Show"]);
  await user.click(group.getByText("3 more things that can be done"));
  await user.click(group.getByRole("button", { name: "Sew" }));
  await user.click(await screen.findByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(document.activeElement?.textContent).toBe("Sew"));
  expect(document.activeElement?.closest("details")?.open).toBe(true);
});
