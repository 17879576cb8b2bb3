/** Rules on data and warnings: what a definition says must hold, and what it says a person should know. */
import { evaluate, type Scope } from "./condition";
import type { Condition, RecordType, Related } from "./definition";
import type { Problem } from "./failure";
import type { Facts, RecordData } from "./record";
import { render, templateScope } from "./templates";
import { visitCondition } from "./walk";

const read = new WeakMap<Condition, string[]>();

/** The fields of the record itself that a condition names, in order; those of other records are not among them. */
export function fieldsNamed(condition: Condition): string[] {
  let names = read.get(condition);
  if (names) return names;
  const found = new Set<string>();
  visitCondition(condition, {
    value: (value) => {
      if (typeof value === "object" && value !== null && "field" in value) found.add(value.field.split(".")[0] ?? "");
    },
    related: (related: Related) => void ("via" in related && !related.via.includes(".") && found.add(related.via)),
    phraseIn: (name) => void found.add(name),
  });
  read.set(condition, (names = [...found]));
  return names;
}

/** What the record breaks of its rules, of those that a change of these fields (or of the state) can break. */
export function ruleProblems(type: RecordType, scope: Scope, changed: string[], moved: boolean): Problem[] {
  const state = scope.record?.state ?? "";
  return Object.values(type.rules ?? {}).flatMap((rule) => {
    if (rule.in && !rule.in.includes(state)) return [];
    const fields = rule.fields ?? fieldsNamed(rule.must);
    if (!moved && !fields.some((name) => changed.includes(name))) return [];
    if (evaluate(rule.must, scope)) return [];
    const place = rule.field ?? fields.find((name) => Object.hasOwn(type.fields, name));
    return [{ path: place === undefined ? "input" : `input.${place}`, message: rule.refusal }];
  });
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
