import { ben, Choir, concert, cy } from "../../test/pure/choir";

const open = (choir: Choir, id: string, rule: string) =>
  choir.tasks.get(id)?.find((task) => task.rule === rule && task.state === "open");

test("tasks open with their state, and are cancelled as it is left for one that they do not live in", () => {
  const choir = new Choir();
  const made = choir.plans();
  expect(choir.open(made).sort()).toEqual(["agree", "read"]);
  choir.edits(made, {}, "Silent night");
  const { programme } = choir.records.get(made.id)?.fields ?? {};
  choir.does(made, "agree", undefined, { textHash: (programme as { latest: { hash: string } }).latest.hash });
  expect(choir.open(made)).toEqual(["solo"]);
  expect(choir.last.closeTasks.map(({ state, why }) => `${state}: ${why}`).sort()).toEqual([
    "cancelled: The record is now agreed",
    "done: Agree",
  ]);
});

test("a task that all must do is done by the last of them, and each part once", () => {
  const choir = new Choir();
  const made = choir.plans();
  const task = open(choir, made.id, "read")?.id ?? "";
  choir.happens(made, { kind: "task", task }, ben);
  expect([choir.last.taskParts, choir.last.closeTasks]).toEqual([[{ id: task, person: ben.id }], []]);
  choir.happens(made, { kind: "task", task }, cy);
  expect(choir.last.closeTasks).toMatchObject([{ id: task, state: "done", by: cy.id }]);
  expect(() => choir.happens(made, { kind: "task", task }, cy)).toThrow("no longer open");
});

test("a task goes to whom its field names now, on the day of its field", () => {
  const choir = new Choir({ ...concert, entries: { new: "agreed" } });
  const made = choir.plans({ soloist: ben.id, on: "2026-12-20" });
  expect(open(choir, made.id, "solo")).toMatchObject({ holders: [ben.id], dueOn: "2026-12-20" });
  choir.edits(made, { soloist: cy.id, on: "2026-12-21" });
  expect(open(choir, made.id, "solo")).toMatchObject({ holders: [cy.id], dueOn: "2026-12-21" });
});

test("a task that a clock would open where it does not live is not opened", () => {
  const { soon } = concert.timers ?? {};
  if (!soon) throw new Error("The clock is gone.");
  const { notice: _told, ...clock } = soon;
  const choir = new Choir({ ...concert, timers: { soon: { ...clock, task: "solo" } } });
  const made = choir.plans({ soloist: ben.id, on: "2026-12-20" });
  choir.advance(Date.parse("2026-12-15T12:00:00Z"));
  expect(choir.last.timers.map(({ timer }) => timer.state)).toContain("fired");
  expect(choir.open(made)).not.toContain("solo");
});
