/** What a condition comes to where only some fields of a record are known. */
import { evaluate, plainCalendar } from "./condition";
import type { Condition, Literal, RecordType, Value } from "./definition";
import type { RecordData } from "./record";

/** True or false where it follows from these fields and the state a new record starts in; undefined where it does not. */
export function surely(condition: Condition, known: Record<string, Literal>, type: RecordType): boolean | undefined {
  const sure = (part: Condition): boolean | undefined => surely(part, known, type);
  if ("all" in condition) return together(condition.all.map(sure), false);
  if ("any" in condition) return together(condition.any.map(sure), true);
  if ("not" in condition) {
    const holds = sure(condition.not);
    return holds === undefined ? undefined : !holds;
  }
  const values = operands(condition);
  if (!values?.every((value) => isKnown(value, known))) return undefined;
  const record = { state: type.entries.new, fields: known } as unknown as RecordData;
  return evaluate(condition, { record, type, today: "", actor: null, settings: {}, calendar: plainCalendar });
}

/** One that `decides` is enough; all must be known for the other. */
function together(parts: (boolean | undefined)[], decides: boolean): boolean | undefined {
  if (parts.includes(decides)) return decides;
  return parts.includes(undefined) ? undefined : !decides;
}

/** What is compared, in conditions that read the record alone. */
function operands(condition: Condition): Value[] | undefined {
  if ("empty" in condition) return [condition.empty];
  if ("in" in condition) return [condition.in[0]];
  if ("contains" in condition) return [condition.contains[0]];
  for (const name of ["eq", "ne", "lt", "le", "gt", "ge"] as const)
    if (name in condition) return (condition as Record<typeof name, [Value, Value]>)[name];
  return undefined;
}

const isKnown = (value: Value, known: Record<string, Literal>): boolean =>
  typeof value !== "object" ||
  value === null ||
  ("field" in value && (value.field === "state" || Object.hasOwn(known, value.field)));
