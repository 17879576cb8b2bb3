import { Choir, concert } from "../../test/pure/choir";
import type { Condition, Trigger } from "../definition";

const holds = (field: string): Condition => ({ eq: [{ field }, true] });
const on = (when: Condition, event: string): Trigger => ({ when, event, while: ["planned", "agreed"] });
const set = (values: Record<string, boolean>) => ({
  label: "Set",
  from: ["planned", "agreed"],
  who: [{ system: true as const }],
  effects: [{ set: values }],
});

const yesNo = (label: string) => ({ kind: "yesNo" as const, label });
/** Each of these is set by the one before it. */
const chained = {
  ...concert,
  fields: { ...concert.fields, first: yesNo("First"), second: yesNo("Second"), third: yesNo("Third") },
  actions: { ...concert.actions, two: set({ second: true }), three: set({ third: true }), undo: set({ first: false }) },
};

test("a chain goes to its end in one step, in whatever order its triggers stand", () => {
  const two = on(holds("first"), "two");
  const three = on(holds("second"), "three");
  for (const triggers of [
    { two, three },
    { three, two },
  ]) {
    const choir = new Choir({ ...chained, triggers });
    const made = choir.plans();
    expect(choir.edits(made, { first: true }).fields).toMatchObject({ second: true, third: true });
  }
});

test("triggers that set each other going come to an end", () => {
  const again = { ...chained.actions, redo: set({ first: true }) };
  const triggers = { undo: on(holds("first"), "undo"), redo: on({ not: holds("first") }, "redo") };
  const choir = new Choir({ ...chained, actions: again, triggers });
  const made = choir.plans();
  choir.edits(made, { first: true });
  expect(choir.last.history.filter(({ kind }) => kind === "event").length).toBeLessThanOrEqual(2);
});

test("who makes a condition hold whose event would break a rule is refused; by itself it is left, with nothing of it kept", () => {
  const triggers = { boost: on(holds("rained"), "boost") };
  const choir = new Choir({ ...concert, triggers });
  const made = choir.plans();
  expect(() => choir.edits(made, { rained: true })).toThrow("It may not be loud in the rain.");
  const system = { kind: "system" as const, name: "Duly" };
  const event = { kind: "update" as const, values: { rained: true }, texts: {} };
  const after = choir.apply(choir.type, choir.records.get(made.id), event, system);
  expect(after.fields).toMatchObject({ rained: true });
  expect(after.fields["loud"] ?? null).toBeNull();
  expect(choir.last.refused).toEqual([
    { event: "boost", why: expect.stringContaining("It may not be loud in the rain.") as string },
  ]);
  expect(choir.last.history.map(({ summary }) => summary).join()).toContain("Boost: it did not happen.");
});
