/** @jest-environment ./admin/test/browserLike.cjs */
import { act, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { TaskItem } from "../provider";
import { kite } from "../test/kites";
import { memoryProvider, recordOf, sessionOf, taskOf } from "../test/memoryProvider";
import { Screen } from "../test/screen";
import { MyWork } from "./MyWork";
import { workLists } from "./words";

const session = sessionOf([kite]);
const show = (tasks: TaskItem[], waiting: TaskItem[] = [], records = [recordOf(kite, {})]) =>
  render(
    <Screen session={session} dataProvider={memoryProvider({ session, records, tasks, waiting })}>
      <MyWork />
    </Screen>,
  );

test("what is late stands under Do now, in words, and its button opens the action on the record", async () => {
  show([
    taskOf({
      type: "kite",
      label: "Check the strings of Red dragon",
      recordTitle: "Red dragon",
      dueOn: "2027-02-26",
      dueInWords: "1 school day late",
      overdue: true,
      actions: [{ name: "launch", label: "Launch" }],
    }),
  ]);
  expect(await screen.findByRole("heading", { name: "Do now" })).toBeTruthy();
  expect(await screen.findByText("1 school day late")).toBeTruthy();
  expect(screen.getByRole("link", { name: "Launch: Red dragon" }).getAttribute("href")).toContain(
    "/kites/r1?do=launch",
  );
});

test("with nothing to do it says until when, from the next task or the next clock that tells me", async () => {
  const clock = {
    id: "c1",
    type: "kite",
    record: "r1",
    recordTitle: "A record",
    rule: "remind",
    label: "Reminder",
    stepInWords: null,
    dueAt: "2027-03-29T07:00:00.000Z",
    state: "waiting",
    provisional: false,
    holds: true,
    firedAt: null,
    outcome: null,
    recipients: [session.me.person],
    because: [],
  };
  const others = { ...clock, id: "c2", dueAt: "2027-03-08T07:00:00.000Z", recipients: [{ id: "p9", name: "Ben" }] };
  show([], [], [recordOf(kite, { timers: [others, clock] })]);
  expect(await screen.findByText("Nothing to do before 29 March 2027.")).toBeTruthy();
});

test("a task that others hold too says with whom: whoever does it first does it for all", async () => {
  const ben = { id: "p9", name: "Ben Okafor" };
  show([taskOf({ type: "kite", label: "Mend it", holders: [session.me.person, ben] })]);
  expect(await screen.findByText(/also with Ben Okafor/)).toBeTruthy();
});

test("who keeps us waiting is named", async () => {
  show(
    [],
    [taskOf({ type: "kite", label: "Mend it", dueOn: "2027-03-05", holders: [{ id: "p2", name: "Ben Okafor" }] })],
  );
  expect(await screen.findByText(/Ben Okafor/)).toBeTruthy();
  expect(screen.getByText("Due Friday 5 March 2027, in 4 days")).toBeTruthy();
});

test("whoever is new is shown round, step by step, once", async () => {
  const tour = [
    { title: "Your work finds you", text: "What you have to do stands here.", page: "kites" },
    { title: "When you are away", text: "Say who stands in." },
  ];
  const dataProvider = memoryProvider({ session, records: [], tasks: [], waiting: [], tour });
  const shown = () =>
    render(
      <Screen session={session} dataProvider={dataProvider}>
        <MyWork />
      </Screen>,
    );
  const first = shown();
  expect(await screen.findByRole("heading", { name: "Your work finds you" })).toBeTruthy();
  expect(screen.getByText("Shown round: 1 of 2")).toBeTruthy();
  expect(screen.getByRole("link", { name: "Look at it" }).getAttribute("href")).toContain("/kites");
  await userEvent.click(screen.getByRole("button", { name: "Next" }));
  expect(document.activeElement?.textContent).toBe("When you are away");
  await userEvent.click(screen.getByRole("button", { name: "Done" }));
  await waitFor(() => expect(screen.queryByText(/Shown round/)).toBeNull());
  first.unmount();
  shown();
  expect(await screen.findByText("Nothing to do now.")).toBeTruthy();
  expect(screen.queryByText(/Shown round/)).toBeNull();
});

test("later tasks stand by week, weeks beginning on Monday, undated ones last", () => {
  const tasks = [undefined, "2027-03-29", "2027-03-08", "2027-03-07", "2027-03-01"].map((dueOn, at) =>
    taskOf({ id: String(at), dueOn: dueOn ?? null }),
  );
  const { now, weeks } = workLists(tasks, "2027-03-01");
  expect(now.map(({ id }) => id)).toEqual(["4"]);
  expect(weeks.map(({ label, tasks: members }) => [label, ...members.map(({ id }) => id)])).toEqual([
    ["This week", "3"],
    ["Next week", "2"],
    ["Week of 29 March 2027", "1"],
    ["No date", "0"],
  ]);
});

test("a task is handed over with the keyboard alone, and Escape leaves it where it is", async () => {
  const handed: string[][] = [];
  const mine = taskOf({ type: "kite", label: "Mend it", dueOn: "2027-03-01", holders: [session.me.person] });
  const tasks = [mine];
  const provider = memoryProvider(
    { session, records: [recordOf(kite, {})], tasks, people: [{ id: "p2", name: "Ben Okafor" }] },
    {
      handOverTask: async (...sent) => {
        handed.push(sent);
        tasks.pop();
      },
    },
  );
  render(
    <Screen session={session} dataProvider={provider}>
      <MyWork />
    </Screen>,
  );
  const user = userEvent.setup();
  const button = await screen.findByRole("button", { name: "Hand over Mend it" });
  act(() => button.focus());
  await user.keyboard("{Enter}");
  const people = await screen.findByRole("combobox", { name: "Hand over to" });
  act(() => people.focus());
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("combobox")).toBeNull();

  await user.click(button);
  await user.click(screen.getByRole("button", { name: "Hand over" }));
  expect((await screen.findByRole("alert")).textContent).toBe("Choose who is to have it.");
  await user.type(screen.getByRole("combobox", { name: "Hand over to" }), "Ben");
  await screen.findByRole("option", { name: /Ben Okafor/ });
  await user.keyboard("{Enter}");
  await user.type(screen.getByLabelText(/What they should know/), "The tail is torn.");
  await user.click(screen.getByRole("button", { name: "Hand over" }));
  // Its row is gone; that it is done stays in sight, and is where somebody goes on from.
  await waitFor(() => expect(screen.queryByText("Mend it")).toBeNull());
  expect(document.activeElement?.textContent).toBe("Handed over to Ben Okafor.");
  expect(handed).toEqual([["t1", "p2", "The tail is torn."]]);
});

test("what others do in my place and what I asked for stand there in words", async () => {
  const ben = { id: "p2", name: "Ben Okafor" };
  const passed = [{ from: session.me.person, to: ben, away: true }];
  const provider = memoryProvider(
    { session, records: [], waiting: [taskOf({ type: "kite", label: "Mend it", holders: [ben], passed })] },
    {
      myRequests: async () => [
        { type: "kite", id: "r7", reference: "KITE-7", recordTitle: "A blue one", state: "packed" },
      ],
      myAbsences: async () => [{ id: "a1", from: "2027-03-01", to: "2027-03-05", begun: true, standIn: ben }],
    },
  );
  render(
    <Screen session={session} dataProvider={provider}>
      <MyWork />
    </Screen>,
  );
  expect(await screen.findByText(/Ben Okafor for Ada Shah, who is away/)).toBeTruthy();
  expect(await screen.findByText(/You are away until Friday 5 March 2027, and Ben Okafor stands in/)).toBeTruthy();
  expect((await screen.findByRole("link", { name: "A blue one" })).getAttribute("href")).toContain("/kites/r7");
});
