/** Every value and condition of a definition, with its place: what the checker and the facts are derived from. */
import { compares, sidesOf } from "./condition";
import type { Condition, Expressions, Reaching, RecordType, Related, SettingRef, Value, Who } from "./definition";

/**
 * What a condition or value names. Conditions inside a `Related` speak of other records: only their settings count, and what
 * they ask of the record outside.
 */
export interface Visitor {
  value?(value: Value): void;
  setting?(ref: SettingRef): void;
  related?(related: Related): void;
  /** A field of the record that asks of others. */
  outer?(field: string): void;
  phraseIn?(field: string): void;
  who?(who: Who): void;
}

export function visitCondition(condition: Condition, visitor: Visitor): void {
  if ("all" in condition) return condition.all.forEach((part) => visitCondition(part, visitor));
  if ("any" in condition) return condition.any.forEach((part) => visitCondition(part, visitor));
  if ("not" in condition) return visitCondition(condition.not, visitor);
  if (compares(condition)) {
    const { a, b } = sidesOf(condition);
    return [a, b].forEach((side) => visitValue(side, visitor));
  }
  if ("in" in condition) return visitValue(condition.in[0], visitor);
  if ("empty" in condition) return visitValue(condition.empty, visitor);
  if ("contains" in condition) return visitValue(condition.contains[0], visitor);
  if ("includes" in condition) return condition.includes.forEach((side) => visitValue(side, visitor));
  if ("holds" in condition) {
    visitValue(condition.holds[0], visitor);
    return condition.holds[1].forEach((who) => visitor.who?.(who));
  }
  if ("phrase" in condition) {
    visitor.phraseIn?.(condition.phrase.in);
    if (!Array.isArray(condition.phrase.of)) visitor.setting?.(condition.phrase.of);
    return;
  }
  visitRelated(condition, visitor);
}

function visitRelated(condition: Reaching, visitor: Visitor): void {
  const inner: Visitor = {
    setting: visitor.setting?.bind(visitor),
    value: (value) =>
      void (typeof value === "object" && value !== null && "outer" in value && visitor.outer?.(value.outer)),
  };
  const visit = (related: Related) => {
    visitor.related?.(related);
    if ("match" in related) for (const value of Object.values(related.match)) visitValue(value, visitor);
    if (related.where) visitCondition(related.where, inner);
  };
  if ("exists" in condition) visit(condition.exists);
  else if ("none" in condition) visit(condition.none);
  else if ("every" in condition) {
    visit(condition.every);
    visitCondition(condition.every.satisfies, inner);
  } else {
    visit(condition.count);
    for (const bound of [condition.atLeast, condition.atMost]) if (typeof bound === "object") visitor.setting?.(bound);
  }
}

export function visitValue(value: Value, visitor: Visitor): void {
  visitor.value?.(value);
  if (value === null || typeof value !== "object") return;
  if ("setting" in value) visitor.setting?.(value);
  else if ("size" in value) visitValue(value.size, visitor);
  else if ("added" in value) value.added.forEach((part) => visitValue(part, visitor));
  else if ("holders" in value) {
    visitor.who?.(value.holders);
    if (typeof value.percent === "object") visitor.setting?.(value.percent);
  } else if ("plus" in value) {
    visitValue(value.plus[0], visitor);
    if (typeof value.plus[1] === "object") visitor.setting?.(value.plus[1]);
  } else holdsNoOther(value);
}

type Form = keyof Expressions;

/** Is any of what it names of one of these forms? Of what it asks about other records, settings alone count. */
export const conditionNames = (condition: Condition, ...forms: Form[]): boolean =>
  names(forms, (visitor) => visitCondition(condition, visitor));

export const valueNames = (value: Value, ...forms: Form[]): boolean =>
  names(forms, (visitor) => visitValue(value, visitor));

function names(forms: Form[], visit: (visitor: Visitor) => void): boolean {
  let found = false;
  const see = (value: Value) => {
    if (typeof value === "object" && value !== null) found ||= forms.some((form) => form in value);
  };
  visit({ value: see, setting: see });
  return found;
}

/** For the compiler: of the forms that hold no other value or setting. */
type Plain = Expressions["field" | "form" | "today" | "period" | "actor" | "self" | "outer" | "entry"];
const holdsNoOther = (_value: Plain): void => undefined;

/** Everybody named by a type's fields, actions, tasks, notices, guards and guests; not by grants, which the store compiles. */
export function audiences(type: RecordType): Who[] {
  const of = (notice?: { to: Who[] }) => notice?.to ?? [];
  return [
    ...Object.values(type.fields).flatMap((field) => [...(field.edit ?? []), ...(field.see ?? []), ...of(field.tells)]),
    ...Object.values(type.actions).flatMap((action) => [
      ...(action.who ?? []),
      ...(action.decides ?? []),
      ...(action.effects ?? []).flatMap((effect) => ("notice" in effect ? of(effect.notice) : [])),
    ]),
    ...Object.values(type.tasks ?? {}).flatMap((task) => [...task.to, ...(task.handOverTo ?? [])]),
    ...Object.values(type.timers ?? {}).flatMap((timer) => of(timer.notice)),
    ...Object.values(type.rosters ?? {}).flatMap((roster) => [...roster.of, ...(roster.except ?? [])]),
    ...(type.guests?.by ?? []),
  ];
}
