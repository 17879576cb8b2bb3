/** Rules on data and warnings: what a definition says must hold, and what it says a person should know. */
import { evaluate } from "./condition";
import type { Scope } from "./scope";
import type { Condition, RecordType, Related, Rule } from "./definition";
import type { Problem } from "./failure";
import { fieldOfWho } from "./language/who";
import { forEachOf } from "./missing";
import type { Facts, RecordData } from "./record";
import { remembered } from "./remembered";
import { render, templateScope } from "./templates";
import { visitCondition } from "./walk";

/** The fields of the record itself that a condition names, in order; those of other records are not among them. */
export const fieldsNamed = remembered((condition: Condition): string[] => {
  const found = new Set<string>();
  visitCondition(condition, {
    value: (value) => {
      if (typeof value === "object" && value !== null && "field" in value) found.add(value.field.split(".")[0] ?? "");
    },
    related: (related: Related) => void ("via" in related && !related.via.includes(".") && found.add(related.via)),
    outer: (name) => void found.add(name),
    phraseIn: (name) => void found.add(name),
    who: (who) => void found.add(fieldOfWho(who) ?? ""),
  });
  found.delete("");
  return [...found];
});

/** Rules that the record breaks, of those that a change of these fields (or of the state) can break. */
export function brokenRules(type: RecordType, scope: Scope, changed: string[], moved: boolean): Rule[] {
  const state = scope.record?.state ?? "";
  const asked = Object.values(type.rules ?? {}).filter((rule) => {
    if (rule.in && !rule.in.includes(state)) return false;
    return moved || (rule.fields ?? fieldsNamed(rule.must)).some((name) => changed.includes(name));
  });
  const broken: Rule[] = [];
  forEachOf(asked, (rule) => void (evaluate(rule.must, scope) || broken.push(rule)));
  return broken;
}

/** Is it about other records too? */
export const countsOthers = (condition: Condition): boolean => {
  let found = false;
  visitCondition(condition, { related: () => void (found = true) });
  return found;
};

export const ruleProblem = (type: RecordType, rule: Rule): Problem => {
  const place = rule.field ?? (rule.fields ?? fieldsNamed(rule.must)).find((name) => Object.hasOwn(type.fields, name));
  return { path: place === undefined ? "input" : `input.${place}`, message: rule.refusal };
};

export const ruleProblems = (type: RecordType, scope: Scope, changed: string[], moved: boolean): Problem[] =>
  brokenRules(type, scope, changed, moved).map((rule) => ruleProblem(type, rule));

/**
 * What an event would break: rules that hold beforehand, or are not asked in that state. What time has broken already (a
 * date that is past by now) does not stop the clock that sees to it.
 */
export function eventProblems(
  type: RecordType,
  before: Scope,
  after: Scope,
  changed: string[],
  moved: boolean,
): Problem[] {
  const broken = brokenRules(type, after, changed, moved);
  if (!broken.length) return [];
  const already = brokenRules(type, before, changed, true);
  return broken.filter((rule) => !already.includes(rule)).map((rule) => ruleProblem(type, rule));
}

export interface Advice {
  name: string;
  message: string;
  because: string[];
}

/** What a person who looks at the record should know, as it stands now. */
export function warningsOf(type: RecordType, record: RecordData, facts: Facts, scope: Scope): Advice[] {
  return Object.entries(type.warnings ?? {}).flatMap(([name, warning]) => {
    if ((warning.in && !warning.in.includes(record.state)) || !evaluate(warning.when, scope)) return [];
    const message = render(warning.message, templateScope(type, record, facts), record.reference);
    return [{ name, message, because: warning.because ?? [] }];
  });
}
