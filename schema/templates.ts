/** Liquid templates of titles, task labels and notices: rendered here, checked in check.ts. */
import { Liquid, type Template } from "liquidjs";
import { formatDate, formatInstant, parsePartialDate } from "./dates";
import type { RecordType } from "./definition";
import type { Facts, RecordData } from "./record";

export const engine = new Liquid({ strictFilters: true, strictVariables: false, jsTruthy: true });

engine.registerFilter("date", (value: unknown) =>
  typeof value === "string" && parsePartialDate(value) ? formatDate(value) : String(value ?? ""),
);
engine.registerFilter("datetime", (value: unknown, zone: unknown) =>
  typeof value === "string" && value ? formatInstant(value, typeof zone === "string" ? zone : "Europe/London") : "",
);

const parsed = new Map<string, Template[]>();

/** Renders a template. Empty values render as nothing. Throws liquid's error for a template that does not parse. */
export function render(template: string, scope: Record<string, unknown>): string {
  let tokens = parsed.get(template);
  if (!tokens) {
    tokens = engine.parse(template);
    if (parsed.size > 2_000) parsed.clear();
    parsed.set(template, tokens);
  }
  return String(engine.renderSync(tokens, scope)).trim();
}

/** What a record offers to its templates: its fields, people by name, options by label, a linked record by its title. */
export function templateScope(type: RecordType, record: RecordData, facts?: Facts): Record<string, unknown> {
  const scope: Record<string, unknown> = {
    reference: record.reference,
    state: type.states[record.state]?.label ?? record.state,
    recordTitle: record.title,
  };
  for (const [name, field] of Object.entries(type.fields)) {
    const value = record.fields[name] ?? null;
    if (field.kind === "person" && typeof value === "string") scope[name] = facts?.names[value] ?? "";
    else if (field.kind === "people" && Array.isArray(value))
      scope[name] = value.map((id) => facts?.names[String(id)] ?? "").join(", ");
    else if (field.kind === "link") scope[name] = facts?.links[name]?.title ?? "";
    else if (field.kind === "choice")
      scope[name] = field.options.find((option) => option.value === value)?.label ?? value;
    else scope[name] = value;
  }
  if (facts) {
    scope["school"] = { name: facts.school.name };
    scope["url"] = `${facts.publicUrl}/#/${type.name}/${record.id}`;
  }
  return scope;
}

/** What a record is called, at most 500 characters. */
export const titleOf = (type: RecordType, record: RecordData, facts?: Facts): string =>
  render(type.title, templateScope(type, record, facts)).slice(0, 500) || record.reference;
