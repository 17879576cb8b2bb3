/** Records that others make, by an effect, a duty or a roster: what they are given fits, and none that they need is left out. */
import { checkAssigned, mayBeEmpty, type Place } from "./checkCondition";
import { own, type Checking } from "./checking";
import { isConstant } from "./condition";
import type { Field, Literal, RecordType, Value } from "./definition";
import { at } from "./shape";
import { surely } from "./surely";

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
  const known = sureOf(made, fields, given);
  const sure = (condition: Parameters<typeof surely>[0]) => surely(condition, known, made);
  for (const [name, field] of Object.entries(made.fields)) {
    // An empty value leaves the field to its default.
    const needed = typeof field.required === "object" ? sure(field.required) === true : field.required === true;
    if (!needed || field.default !== undefined || given.includes(name)) continue;
    if (!Object.hasOwn(fields, name))
      checking.say(path, `A ${made.label} needs ${field.label} (${name}): set it here.`);
    else if (mayBeEmpty(checking, fields[name] ?? null, place))
      checking.say(
        at(path, name),
        `A ${made.label} needs ${field.label}, and this may be empty: take it from what is always filled in, or ask in “where” that it is.`,
      );
  }
  for (const rule of Object.values(made.rules ?? {}))
    if ((!rule.in || rule.in.includes(made.entries.new)) && sure(rule.must) === false)
      checking.say(
        path,
        `A ${made.label} made so breaks its own rule (${rule.refusal}), so it is never made: set here what the rule asks for.`,
      );
}

/** What is known of the fields of a record that is made, whatever is in the record that makes it. */
function sureOf(made: RecordType, fields: Record<string, Value>, given: string[]): Record<string, Literal> {
  const isLiteral = (value: Value | undefined): value is Literal => value === null || typeof value !== "object";
  return Object.fromEntries(
    Object.entries(made.fields).flatMap(([name, field]) => {
      if (given.includes(name)) return [];
      const value = (own(fields, name) as Value | undefined) ?? field.default ?? null;
      return isLiteral(value) ? [[name, value]] : [];
    }),
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
    if (!field) continue;
    checkAssigned(checking, field, value, place, at(path, name));
    checkUnlike(checking, field, value, place, at(path, name));
  }
}

/** A unique field is given what no other record has: the second that is given the same would be refused. */
export function checkUnlike(checking: Checking, field: Field, value: Value, place: Place, path: string): void {
  if (!field.unique || value === null) return;
  const alike = isConstant(value) && !(typeof value === "object" && "actor" in value);
  const people = !place.byItself && !place.noRecord;
  if (!alike && (people || isOneOfAKind(value, place.type))) return;
  checking.say(
    path,
    `${field.label} is unique, and ${alike ? "every record would be given the same" : "this may be the same twice, with nobody there to choose another"}: leave it out, or take it from what is unique too.`,
  );
}

function isOneOfAKind(value: Value, type: RecordType): boolean {
  if (typeof value !== "object" || value === null) return false;
  return (
    "self" in value ||
    ("field" in value && (value.field === "reference" || own(type.fields, value.field)?.unique === true))
  );
}
