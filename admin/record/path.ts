import type { RecordType } from "../../schema/definition";

/**
 * The path a record usually takes: from where new ones start, along the first state not yet passed, until none is left or
 * work is over. A state off the path (archived, sent back, gone wrong) is added only while the record is in it.
 */
export function pathOf(type: RecordType, current: string): string[] {
  const path = [type.entries.new];
  const order = Object.keys(type.states);
  const leadsTo = (from: string): string[] =>
    Object.values(type.actions).flatMap(({ from: states, to }) => (to && states.includes(from) ? [to] : []));
  const beyond = (from: string): string[] =>
    leadsTo(from)
      .filter((state) => state !== from && !path.includes(state))
      .filter((state) => !type.states[state]?.end || order.length <= 3)
      .filter((state) => type.states[state]?.rag !== "red")
      .sort((a, b) => order.indexOf(a) - order.indexOf(b));
  /** It only leads back to where the record has been. */
  const isDetour = (state: string): boolean =>
    beyond(state).length === 0 && leadsTo(state).some((each) => path.includes(each));
  for (;;) {
    const next = beyond(path.at(-1) ?? "");
    const on = next.find((state) => !isDetour(state)) ?? next[0];
    if (on === undefined) break;
    path.push(on);
  }
  if (path.includes(current)) return path;
  // After the first that leads there: no step is said to be done that may not have been.
  const at = path.findIndex((state) => leadsTo(state).includes(current)) + 1 || path.length;
  return [...path.slice(0, at), current, ...(type.states[current]?.end ? [] : path.slice(at))];
}
