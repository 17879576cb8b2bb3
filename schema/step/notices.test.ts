import { ben, Choir, concert, cy } from "../../test/pure/choir";
import type { RecordType } from "../definition";

const told = ({ last }: Choir) => last.notices.map(({ person, subject }) => `${person}: ${subject}`).sort();
const near = Date.parse("2026-12-14T12:00:00Z");

test("each of those named is told once, in their own words", () => {
  const choir = new Choir();
  choir.plans({ what: "Carols\nand songs" });
  expect(told(choir)).toEqual([`${ben.id}: Read Carols and songs`, `${cy.id}: Read Carols and songs`]);
  expect(new Set(choir.last.notices.map(({ cause }) => cause)).size).toBe(1);
});

test("whom a bar keeps from the record is told nothing of it", () => {
  const choir = new Choir({ ...concert, bars: ["soloist"] });
  choir.plans({ soloist: ben.id });
  expect(told(choir)).toEqual([`${cy.id}: Read Carols`]);
});

test("who has done their part of a task is not reminded of it", () => {
  const reminding = { to: [{ task: "read" }], template: "soon" };
  const timers = { soon: { ...concert.timers?.["soon"], notice: reminding } } as RecordType["timers"];
  const choir = new Choir({ ...concert, ...(timers && { timers }) });
  const made = choir.plans({ on: "2026-12-20" });
  const task = choir.tasks.get(made.id)?.find(({ rule }) => rule === "read")?.id ?? "";
  choir.happens(made, { kind: "task", task }, ben);
  choir.advance(near);
  expect(told(choir)).toEqual([`${cy.id}: Carols is near`]);
});

test("what is urgent leaves at once, all else when people are mailed, and not on a Saturday night", () => {
  for (const urgent of [true, false]) {
    const { read } = concert.tasks ?? {};
    const tasks = { ...concert.tasks, ...(read && { read: { ...read, tell: { template: "read", urgent } } }) };
    const choir = new Choir({ ...concert, tasks });
    choir.now = Date.parse("2026-11-28T21:00:00Z");
    choir.plans();
    const sent = choir.last.notices.map(({ sendAt }) => sendAt.slice(0, 10));
    expect(new Set(sent)).toEqual(new Set([urgent ? "2026-11-28" : "2026-11-30"]));
  }
});
