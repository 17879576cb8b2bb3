/**
 * What a change must hold beside its records, so that what a rule or a need counts stands still until it commits: of a
 * counted link the record at its end, of a lookup one name for the values sought. Whoever counts and whoever changes what
 * is counted write the same rows, sorted, after the records' locks.
 */
import { createHash } from "node:crypto";
import { askOf } from "../../schema/condition";
import type { Ask, Scope } from "../../schema/scope";
import type { Action, RecordType, Related } from "../../schema/definition";
import { countedByGuards, countedByNeeds, countedByRules } from "../../schema/factsRead";
import type { Fields, FieldValue, RecordData, StepEvent } from "../../schema/record";
import { fieldsNamed } from "../../schema/rules";
import { canonicalJson, normal } from "../../schema/text";
import type { Registry } from "../store/definitions";

/** An event to a record; `after`: the record as far as can be told beforehand. Without `before` it is made. */
export interface Planned {
  type: RecordType;
  before: RecordData | undefined;
  after: RecordData;
  event: StepEvent;
}

/** Names in `held`, and by what kind of count: a batch decides no two records at once of which one counts the other. */
export interface Holding {
  names: string[];
  asked: string[];
  changed: string[];
}

/** Of a planned event. Nothing is held where it can change nothing. */
export function holdingOf(registry: Registry, planned: Planned, scope: Omit<Scope, "record" | "type">): Holding {
  const { type, before, after, event } = planned;
  const actions = performedBy(type, event);
  const holding: Holding = { names: [], asked: [], changed: [] };
  if (event.kind !== "create" && event.kind !== "update" && !actions.length) return holding;
  const asking = { ...scope, type, record: after };
  for (const related of [...countedByRules(type), ...actions.flatMap(countedByNeeds)]) {
    const ask = askOf(related, 1, asking);
    if (!ask) continue;
    holding.names.push(...namesOfAsk(registry, ask, asking));
    holding.asked.push(kindOf(type.name, related));
  }
  const { names, kinds } = affected(registry, type, before, after, touchedBy(planned, actions));
  holding.names.push(...names);
  holding.changed.push(...kinds);
  return holding;
}

/** What a change that was decided must hold. */
export const heldByChange = (
  registry: Registry,
  change: { type: RecordType; before: RecordData | undefined; after: RecordData; changed: string[] },
): string[] => {
  const { type, before, after, changed } = change;
  const moved = before?.state !== after.state;
  if (before && !changed.length && !moved) return [];
  return affected(registry, type, before, after, new Set([...changed, ...(moved ? ["state"] : [])])).names;
};

/** The rows of what a condition counts, where something may be refused for it. */
export const heldByAsk = (registry: Registry, ask: Ask, scope: Scope): string[] =>
  countedByGuards(scope.type).includes(ask.related) ? namesOfAsk(registry, ask, scope) : [];

/** Splits works so that none counts what another of its group changes. The order is kept among those that do. */
export function apart<T>(works: T[], holdings: Holding[]): T[][] {
  const groups: { works: T[]; asked: Set<string>; changed: Set<string> }[] = [];
  for (const [index, work] of works.entries()) {
    const { asked, changed } = holdings[index] ?? { asked: [], changed: [] };
    const meets = ({ asked: theirs, changed: moved }: (typeof groups)[number]): boolean =>
      asked.some((kind) => moved.has(kind)) || changed.some((kind) => theirs.has(kind));
    const behind = groups.findLastIndex(meets) + 1;
    const group = groups[behind] ?? { works: [], asked: new Set(), changed: new Set() };
    groups[behind] = group;
    group.works.push(work);
    for (const kind of asked) group.asked.add(kind);
    for (const kind of changed) group.changed.add(kind);
  }
  return groups.map((group) => group.works);
}

/** The actions that an event may do: its own, and those that triggers send. */
function performedBy(type: RecordType, event: StepEvent): Action[] {
  const own =
    event.kind === "action"
      ? event.name
      : event.kind === "timer"
        ? (event.timer.send?.event ?? type.timers?.[event.timer.rule]?.event)
        : undefined;
  const names = [own, ...Object.values(type.triggers ?? {}).map((trigger) => trigger.event)];
  return names.flatMap((name) => (name === undefined ? [] : (type.actions[name] ?? [])));
}

function touchedBy({ type, before, event }: Planned, actions: Action[]): Set<string> {
  if (!before) return new Set([...Object.keys(type.fields), "state"]);
  const given =
    event.kind === "update"
      ? event.values
      : event.kind === "action"
        ? event.answers
        : event.kind === "timer"
          ? event.timer.send?.answers
          : undefined;
  return new Set([
    ...Object.keys(given ?? {}),
    ...actions.flatMap(({ to, effects, form }) => [
      ...(to === undefined ? [] : ["state"]),
      ...(form ?? []),
      ...(effects ?? []).flatMap((effect) => ("set" in effect ? Object.keys(effect.set) : [])),
    ]),
  ]);
}

function affected(
  registry: Registry,
  type: RecordType,
  before: RecordData | undefined,
  after: RecordData,
  touched: Set<string>,
): { names: string[]; kinds: string[] } {
  const [names, kinds]: [string[], string[]] = [[], []];
  const about = countedIn(registry);
  for (const { name, to } of about.links.get(type.name) ?? []) {
    for (const fields of [before?.fields, after.fields])
      for (const id of idsIn(fields?.[name])) names.push(recordName(to, id));
    kinds.push(`>${type.name}.${name}`);
  }
  const ends = about.ends.get(type.name) ?? [];
  // Nobody knows of a record that is not there yet.
  if (ends.length && before) names.push(recordName(type.name, after.id));
  kinds.push(...ends);
  for (const { fields, reads, kind } of about.lookups.get(type.name) ?? []) {
    if (!reads.some((name) => touched.has(name))) continue;
    for (const record of before ? [before, after] : [after]) {
      const values = Object.fromEntries(fields.map((name) => [name, soughtIn(type, record, name)]));
      if (!Object.values(values).includes(null)) names.push(lookupName(type.name, record.organisation, values));
    }
    kinds.push(kind);
  }
  return { names, kinds };
}

// ------------------------------------------------------------------------------------------------------------ names

const recordName = (type: string, id: string): string => `${type}:${id}`;

const lookupName = (type: string, organisation: string, values: Fields): string => {
  const plain = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === "string" ? normal(value) : value]),
  );
  return `${type}?${createHash("sha256")
    .update(canonicalJson([organisation, plain]))
    .digest("base64url")}`;
};

function namesOfAsk(registry: Registry, { related, ids, values }: Ask, { type, record }: Scope): string[] {
  if (!("via" in related)) return [lookupName(related.type, record?.organisation ?? "", values)];
  if (related.via.includes(".")) return record ? [recordName(type.name, record.id)] : [];
  const field = type.fields[related.via];
  return field && "to" in field && registry.types.has(field.to) ? ids.map((id) => recordName(field.to, id)) : [];
}

const kindOf = (type: string, related: Related): string =>
  "via" in related
    ? related.via.includes(".")
      ? `>${related.via}`
      : `<${type}.${related.via}`
    : `?${related.type} ${Object.keys(related.match).sort().join(" ")}`;

function soughtIn(type: RecordType, record: RecordData, name: string): FieldValue {
  if (name === "state") return record.state;
  const value = record.fields[name] ?? null;
  return value === null && type.fields[name]?.kind === "yesNo" ? false : value;
}

const idsIn = (value: FieldValue | undefined): string[] =>
  typeof value === "string" ? [value] : Array.isArray(value) ? value.map(String) : [];

// -------------------------------------------------------------------------------------------- what definitions count

interface Counted {
  /** By type: its links along which somebody counts, either way. */
  links: Map<string, { name: string; to: string }[]>;
  /** By type at the end of such links: what is counted of it there. */
  ends: Map<string, string[]>;
  /** By type: the fields it is looked up by, and all that such a count reads of it. */
  lookups: Map<string, { fields: string[]; reads: string[]; kind: string }[]>;
}

const known = new WeakMap<Registry, Counted>();

function countedIn(registry: Registry): Counted {
  let found = known.get(registry);
  if (!found) known.set(registry, (found = gather(registry)));
  return found;
}

function gather(registry: Registry): Counted {
  const found: Counted = { links: new Map(), ends: new Map(), lookups: new Map() };
  const versions = (name: string): RecordType[] =>
    [...(registry.types.get(name)?.versions.values() ?? [])].map((version) => version.type);
  const counts = (by: string, via: string): boolean =>
    versions(by).some((version) => countedByGuards(version).some((related) => "via" in related && related.via === via));
  for (const [name, { active }] of registry.types) {
    for (const [field, { to }] of linksOf(active.type)) {
      const [outwards, inwards] = [counts(name, field), counts(to, `${name}.${field}`)];
      if (!outwards && !inwards) continue;
      found.links.set(name, [...(found.links.get(name) ?? []), { name: field, to }]);
      found.ends.set(to, [...(found.ends.get(to) ?? []), `<${name}.${field}`]);
    }
    for (const related of versions(name).flatMap(countedByGuards)) {
      if ("via" in related) continue;
      const fields = Object.keys(related.match).sort();
      const reads = [...fields, ...(related.where ? fieldsNamed(related.where) : [])];
      const lookup = { fields, reads, kind: kindOf(name, related) };
      found.lookups.set(related.type, [...(found.lookups.get(related.type) ?? []), lookup]);
    }
  }
  return found;
}

const linksOf = (type: RecordType): [string, { to: string }][] =>
  Object.entries(type.fields).flatMap(([name, field]): [string, { to: string }][] =>
    field.kind === "link" || field.kind === "links" ? [[name, field]] : [],
  );
