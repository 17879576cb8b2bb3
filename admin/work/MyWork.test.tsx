/** @jest-environment ./admin/test/browserLike.cjs */
import { render, screen } from "@testing-library/react";
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

test("with nothing to do it says until when, from the next task or clock", async () => {
  const timers = [
    {
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
      firedAt: null,
      outcome: null,
      recipients: [],
      because: [],
    },
  ];
  show([], [], [recordOf(kite, { timers })]);
  expect(await screen.findByText("Nothing to do before 29 March 2027.")).toBeTruthy();
});

test("who keeps us waiting is named", async () => {
  show(
    [],
    [taskOf({ type: "kite", label: "Mend it", dueOn: "2027-03-05", holders: [{ id: "p2", name: "Ben Okafor" }] })],
  );
  expect(await screen.findByText(/Ben Okafor/)).toBeTruthy();
  expect(screen.getByText("Due Friday 5 March 2027, in 4 days")).toBeTruthy();
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
