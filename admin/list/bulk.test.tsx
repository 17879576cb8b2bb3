/** @jest-environment ./admin/test/browserLike.cjs */
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { RequestFailure } from "../graphql";
import type { Verbs } from "../provider";
import { kite } from "../test/kites";
import { me, memoryProvider, recordOf, sessionOf } from "../test/memoryProvider";
import { Screen } from "../test/screen";
import { bulkChoices } from "./bulk";
import RecordList from "./RecordList";

const session = sessionOf([kite]);
const records = ["Dragon", "Box", "Delta"].map((recordTitle, n) =>
  recordOf(kite, { id: `k${n}`, recordTitle, version: n + 1, values: { name: recordTitle } }),
);
const lost = recordOf(kite, { id: "k9", recordTitle: "Zeppelin", state: "lost", values: {} });

const list = (answers: Partial<Verbs>) =>
  render(
    <Screen session={session} dataProvider={memoryProvider({ session, records: [...records, lost] }, answers)}>
      <RecordList type={kite} />
    </Screen>,
  );
const select = async (...titles: string[]) => {
  for (const title of titles) await userEvent.click(await screen.findByRole("checkbox", { name: `Select ${title}` }));
};
const choose = async (label: string) => {
  await userEvent.selectOptions(screen.getByLabelText("What to do with them"), label);
  await userEvent.click(screen.getByRole("button", { name: "Go on" }));
};
const result = (title: string) =>
  within(screen.getByRole("row", { name: new RegExp(title) }))
    .getAllByRole("cell")
    .at(-1)?.textContent;

test("an action is done for each that is selected, at the version that was seen; a refusal says why and stays selected", async () => {
  const done: unknown[] = [];
  list({
    async act(_type, id, action, { version, comment }) {
      if (id === "k1") throw new RequestFailure("FORBIDDEN", "There is too little wind for it.");
      done.push([id, action, version, comment]);
    },
  });
  await select("Dragon", "Box", "Delta");
  expect(screen.getByText("3 kites selected")).toBeTruthy();
  await choose("Launch");
  await userEvent.type(await screen.findByLabelText(/^Comment/), "A fine day");
  await userEvent.click(screen.getByRole("button", { name: "Launch: all 3" }));
  expect(await screen.findByText(/One was refused and stays selected/)).toBeTruthy();
  expect(done).toEqual([
    ["k0", "launch", 1, "A fine day"],
    ["k2", "launch", 3, "A fine day"],
  ]);
  expect(result("Box")).toBe("Refused There is too little wind for it.");
  expect(result("Delta")).toBe("Done");
  await userEvent.click(screen.getByRole("button", { name: "Back to the list" }));
  expect(await screen.findByText("1 kite selected")).toBeTruthy();
  expect((screen.getByRole("checkbox", { name: "Select Box" }) as HTMLInputElement).checked).toBe(true);
});

test("one field is changed for all, after it was checked once", async () => {
  const sent: unknown[] = [];
  list({ updateRecord: async (_type, id, version, input) => void sent.push([id, version, input]) });
  await userEvent.click(await screen.findByRole("checkbox", { name: "Select every row of this page" }));
  expect(screen.getByText("4 kites selected")).toBeTruthy();
  await userEvent.click(screen.getByRole("checkbox", { name: "Select Zeppelin" }));
  await choose("Strings");
  const strings = await screen.findByLabelText(/^Strings/);
  await userEvent.type(strings, "many");
  await userEvent.click(screen.getByRole("button", { name: "Change all 3" }));
  expect(screen.getByRole("alert").textContent).toContain("“many” is not a number");
  expect(sent).toEqual([]);
  await userEvent.clear(strings);
  await userEvent.type(strings, "4");
  await userEvent.click(screen.getByRole("button", { name: "Change all 3" }));
  await screen.findByText("All 3 kites done with.");
  expect(sent).toEqual([
    ["k0", 1, { strings: 4 }],
    ["k1", 2, { strings: 4 }],
    ["k2", 3, { strings: 4 }],
  ]);
});

test("when the line drops the rest waits, and goes on from there", async () => {
  const asked: string[] = [];
  let down = true;
  list({
    async act(_type, id) {
      if (asked.length === 1 && down) throw new RequestFailure("OFFLINE", "Duly cannot be reached.");
      asked.push(id);
    },
  });
  await select("Dragon", "Box", "Delta");
  await choose("Launch");
  await userEvent.click(await screen.findByRole("button", { name: "Launch: all 3" }));
  expect((await screen.findByRole("alert")).textContent).toContain("Duly cannot be reached");
  expect(result("Delta")).toBe("Waiting");
  down = false;
  await userEvent.click(screen.getByRole("button", { name: "Go on" }));
  await waitFor(() => expect(asked).toEqual(["k0", "k1", "k2"]));
  expect(await screen.findByText("All 3 kites done with.")).toBeTruthy();
});

test("offered is what some of the selected can have done, and never what asks each for its own text", () => {
  const labels = (type: typeof kite, chosen = records) => bulkChoices(type, me(), chosen).map(({ label }) => label);
  expect(labels(kite)).toEqual(["Launch"]);
  const mine = me({ types: [{ name: "kite", see: true, create: true, edit: true }] });
  expect(bulkChoices(kite, mine, [lost]).map(({ key }) => key)).toContain("set:pilot");
  const { launch, lose } = kite.actions;
  if (!launch || !lose) throw new Error("The kite lost its actions.");
  const strict = { ...kite, actions: { launch: { ...launch, who: [{ role: "pilot" }] }, lose } };
  expect(labels(strict)).toEqual([]);
  const reading = { ...kite, actions: { launch: { ...launch, ratifies: "text" } } };
  expect(labels(reading)).toEqual([]);
});
