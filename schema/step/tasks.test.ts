import { ada, as, ben, Choir, concert, cy } from "../../test/pure/choir";
import type { RecordType, Value } from "../definition";
import type { RecordData } from "../record";

const singers = [{ role: "singer" }];
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

test("a task says what is to be done now", () => {
  const choir = new Choir();
  const made = choir.plans();
  expect(open(choir, made.id, "agree")?.label).toBe("Agree Carols");
  choir.edits(made, { what: "Hymns" });
  expect(open(choir, made.id, "agree")?.label).toBe("Agree Hymns");
  choir.edits(made, { fee: "£9" });
  expect(choir.last.updateTasks).toEqual([]);
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

describe("a definition that changed under open tasks", () => {
  const { read, agree, solo } = concert.tasks ?? {};
  if (!read || !agree || !solo) throw new Error("The tasks are gone.");
  /** Plans a concert, has something done to it, and follows its type with these tasks instead. */
  const moved = (tasks: RecordType["tasks"], before: (choir: Choir, made: RecordData) => void = () => undefined) => {
    const choir = new Choir();
    const made = choir.plans();
    before(choir, made);
    const type = { ...concert, tasks: tasks ?? {} };
    const follow = () =>
      choir.apply(type, choir.records.get(made.id), { kind: "rederive", reason: "so it is", rules: true }, as(ada));
    follow();
    return { choir, made, follow };
  };

  test("a task follows its rule: whom it is for, how it is decided, its words and its day", () => {
    const to = singers;
    const { choir, made } = moved({ read, agree: { ...agree, label: "Decide {{ what }}", to, decides: true } });
    expect(open(choir, made.id, "agree")).toMatchObject({
      holders: [ben.id, cy.id],
      decides: true,
      to,
      label: "Decide Carols",
    });
    expect(choir.last.updateTasks).toHaveLength(1);
  });

  test("a task whose rule is gone, or lives elsewhere now, is cancelled, and a renamed one is opened", () => {
    const { choir, made, follow } = moved({ decide: agree, read: { ...read, opens: "agreed" } });
    expect(choir.last.closeTasks.map(({ state, why }) => `${state}: ${why}`)).toEqual([
      "cancelled: The workflow no longer asks for it.",
      "cancelled: The workflow no longer asks for it.",
    ]);
    expect(choir.open(made)).toEqual(["decide"]);
    follow();
    expect([choir.last.openTasks, choir.last.closeTasks, choir.last.updateTasks]).toEqual([[], [], []]);
  });

  test("a new task of the present state is opened where it is owed, and none of another state", () => {
    const extra = { ...agree, to: singers };
    const never = { ...extra, when: { eq: [{ field: "loud" }, true] as [Value, Value] } };
    const { choir, made } = moved({ agree, read, extra, never, later: { ...extra, opens: "agreed" } });
    expect(choir.open(made).sort()).toEqual(["agree", "extra", "read"]);
  });

  test("what was done in this visit of the state is not opened anew", () => {
    const { choir, made } = moved({ agree, read, other: read }, (all, record) => {
      for (const by of [ben, cy])
        all.happens(record, { kind: "task", task: open(all, record.id, "read")?.id ?? "" }, by);
    });
    expect(choir.open(made).sort()).toEqual(["agree", "other"]);
  });

  test("a rule that asks for fewer of its holders closes what enough of them have done", () => {
    const { choir } = moved({ agree, read: { ...read, quorum: 1 } }, (all, record) =>
      all.happens(record, { kind: "task", task: open(all, record.id, "read")?.id ?? "" }, ben),
    );
    expect(choir.last.closeTasks).toMatchObject([{ state: "done" }]);
  });

  test("a task whose rule is gone is not ticked off before it is cancelled", () => {
    const choir = new Choir();
    const made = choir.plans();
    const task = open(choir, made.id, "read")?.id ?? "";
    const type = { ...concert, tasks: { agree } };
    expect(() => choir.apply(type, choir.records.get(made.id), { kind: "task", task }, as(ben))).toThrow(
      "no longer asked for",
    );
  });
});

describe("a task that all must do", () => {
  const { read } = concert.tasks ?? {};
  if (!read) throw new Error("The task is gone.");
  const fields: RecordType["fields"] = { ...concert.fields, readers: { kind: "people", label: "Readers" } };
  const type: RecordType = { ...concert, fields, tasks: { read: { ...read, to: [{ field: "readers" }] } } };
  const begun = () => {
    const choir = new Choir(type);
    const made = choir.plans({ readers: [ben.id, cy.id] });
    const task = open(choir, made.id, "read")?.id ?? "";
    choir.happens(made, { kind: "task", task }, ben);
    return { choir, made, task };
  };

  test.each([{ left: [ben.id] }, { left: [] }])("is done once whoever has a part left is gone: $left", ({ left }) => {
    const { choir, made, task } = begun();
    choir.edits(made, { readers: left });
    expect(choir.last.closeTasks).toMatchObject([{ id: task, state: "done", by: null }]);
    expect(choir.last.history.map(({ kind }) => kind)).toContain("task");
  });

  test("is not done while somebody who comes has a part, whoever of those who have done theirs goes", () => {
    const { choir, made } = begun();
    choir.edits(made, { readers: [cy.id, ada.id] });
    expect(choir.open(made)).toEqual(["read"]);
    const task = open(choir, made.id, "read")?.id ?? "";
    choir.happens(made, { kind: "task", task }, cy);
    expect(choir.open(made)).toEqual(["read"]);
  });

  test("takes each part once", () => {
    const { choir, made, task } = begun();
    expect(() => choir.happens(made, { kind: "task", task }, ben)).toThrow("You have done your part of it already.");
  });
});
