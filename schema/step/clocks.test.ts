import { ben, Choir } from "../../test/pure/choir";

const waiting = (choir: Choir, id: string) =>
  (choir.timers.get(id) ?? []).filter(({ state }) => state === "waiting").map(({ dueAt }) => dueAt.slice(0, 10));

test("a clock follows its date, and the history says from when to when and why", () => {
  const choir = new Choir();
  const made = choir.plans({ on: "2026-12-20" });
  expect(waiting(choir, made.id)).toEqual(["2026-12-13"]);
  choir.edits(made, { on: "2026-12-22" });
  expect(waiting(choir, made.id)).toEqual(["2026-12-15"]);
  const moved = choir.last.history.find(({ kind }) => kind === "moved");
  expect(moved?.summary).toBe("A clock moved because on changed");
  expect(moved?.detail["moves"]).toMatchObject([
    { rule: "soon", from: expect.stringMatching(/^2026-12-13/) as string },
  ]);
});

test("a clock without its date ends, and what fires says whom it told", () => {
  const choir = new Choir();
  const left = choir.plans({ on: "2026-12-20" });
  choir.edits(left, { on: null });
  expect(waiting(choir, left.id)).toEqual([]);
  const kept = choir.plans({ on: "2026-12-20" });
  choir.advance(Date.parse("2026-12-14T12:00:00Z"));
  expect(waiting(choir, kept.id)).toEqual([]);
  expect(choir.last.timers.map(({ timer }) => timer.outcome)).toEqual(["Told Ben Bow and Cy Horn"]);
  expect(choir.last.history.map(({ summary }) => summary)).toEqual(["Soon: told Ben Bow and Cy Horn"]);
  expect(choir.last.notices.map(({ person }) => person)).toContain(ben.id);
});

test("a clock stands still in the states that it does not run in", () => {
  const choir = new Choir();
  const made = choir.plans({ on: "2026-12-20" }, {});
  choir.edits(made, {}, "Silent night");
  const { programme } = choir.records.get(made.id)?.fields ?? {};
  choir.does(made, "agree", undefined, { textHash: (programme as { latest: { hash: string } }).latest.hash });
  expect(waiting(choir, made.id)).toEqual(["2026-12-13"]);
  choir.does(made, "sing");
  expect(waiting(choir, made.id)).toEqual([]);
});
