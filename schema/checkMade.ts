/** Records that others make, by an effect, a duty or a roster: what they are given fits, and none that they need is left out. */
import { checkAssigned, mayBeEmpty, type Place } from "./checkCondition";
import type { Checking } from "./checking";
import type { RecordType, Value } from "./definition";
import { at } from "./shape";

/** The fields of a record that is made: each fits, and none that it needs is left out. */
export function checkMade(
  checking: Checking,
  made: RecordType,
  fields: Record<string, Value>,
  place: Place,
  path: string,
  given: string[] = [],
): void {
  checkSet(checking, made, fields, place, path);
  for (const [name, field] of Object.entries(made.fields))
    if (field.required === true && field.default === undefined && !Object.hasOwn(fields, name) && !given.includes(name))
      checking.say(path, `A ${made.label} needs ${field.label} (${name}): set it here.`);
    else if (
      field.required === true &&
      // An empty value leaves the field to its default.
      field.default === undefined &&
      Object.hasOwn(fields, name) &&
      mayBeEmpty(checking, fields[name] ?? null, place)
    )
      checking.say(
        at(path, name),
        `A ${made.label} needs ${field.label}, and this may be empty: take it from what is always filled in, or ask in “where” that it is.`,
      );
}

export function checkSet(
  checking: Checking,
  target: RecordType,
  values: Record<string, Value>,
  place: Place,
  path: string,
): void {
  for (const [name, value] of Object.entries(values)) {
    const field = checking.fieldNamed(name, at(path, name), target);
    if (field) checkAssigned(checking, field, value, place, at(path, name));
  }
}
