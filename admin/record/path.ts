import type { RecordType } from "../../schema/definition";

/**
 * The path a record usually takes: from where new ones start, along the first action to a state not yet passed, until
 * none is left or work is over. A state off the path (archived, sent back) is added only while the record is in it.
 */
export function pathOf(type: RecordType, current: string): string[] {
  const path = [type.entries.new];
  const order = Object.keys(type.states);
  for (;;) {
    const from = path.at(-1) ?? "";
    const next = Object.values(type.actions)
      .flatMap(({ from: states, to }) => (to && states.includes(from) && !path.includes(to) ? [to] : []))
      .filter((state) => !type.states[state]?.end || order.length <= 3)
      .sort((a, b) => order.indexOf(a) - order.indexOf(b))[0];
    if (next === undefined) break;
    path.push(next);
  }
  return path.includes(current) ? path : [...path, current];
}
