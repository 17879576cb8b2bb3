/** Who does, decides, or is told: rules resolved to persons over facts so that a change of person needs one edit. */
import type { RecordType, Who } from "./definition";
import type { Actor, Facts, Party, RecordData } from "./record";

/** Tells rules apart. */
export function whoKey(who: Who): string {
  if ("role" in who) return `role:${who.role}${who.at === "parent" ? "@parent" : ""}`;
  if ("relation" in who) return `relation:${who.relation}:${who.of}`;
  if ("group" in who) return `group:${who.group}`;
  if ("field" in who) return `field:${who.field}`;
  if ("rolesIn" in who) return `rolesIn:${who.rolesIn}`;
  if ("task" in who) return `task:${who.task}`;
  return "anyone" in who ? "anyone" : "system";
}

/** Person ids a field holds; `createdBy` counts as one. */
export function personsIn(record: RecordData, field: string): string[] {
  const value = field === "createdBy" ? record.createdBy : record.fields[field];
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === "string") : [];
}

/**
 * Where facts hold the persons of a rule: by role and by person, never by the field that names them, so that they are
 * right for a record as it was and as a step makes it.
 */
export function holderKeys(who: Who, record: RecordData): string[] {
  if ("role" in who || "group" in who) return [whoKey(who)];
  if ("rolesIn" in who) return [record.fields[who.rolesIn] ?? []].flat().map((role) => `role:${String(role)}`);
  return "relation" in who ? personsIn(record, who.of).map((person) => `relation:${who.relation}:${person}`) : [];
}

/** The field of the record by which a rule finds its persons: they are others once it changes. */
export function fieldOfWho(who: Who): string | undefined {
  if ("field" in who) return who.field.split(".")[0];
  if ("rolesIn" in who) return who.rolesIn;
  return "relation" in who ? who.of : undefined;
}

/**
 * The record that a link of this one leads to: of a record as it was before a change, the one it led to then. Where an
 * effect leads it elsewhere, the record there is not among the facts.
 */
export function linkedBy(
  field: string,
  record: RecordData,
  { links, linksBefore }: Partial<Facts>,
): RecordData | undefined {
  const id = record.fields[field];
  if (typeof id !== "string") return undefined;
  const known = [links?.[field], linksBefore?.[field]];
  return known.find((linked) => linked?.id === id) ?? links?.[field];
}

function holdersOf(who: Who, record: RecordData, facts: Partial<Facts>): string[] {
  if ("field" in who) {
    const [first = "", rest] = who.field.split(".");
    const linked = rest === undefined ? record : linkedBy(first, record, facts);
    return linked ? personsIn(linked, rest ?? first) : [];
  }
  if ("task" in who)
    return (facts.tasks ?? [])
      .filter((task) => task.rule === who.task && task.state === "open")
      .flatMap((t) => t.holders);
  return holderKeys(who, record).flatMap((key) => facts.holders?.[key] ?? []);
}

/** Everybody any of the rules names, once each, in order. */
export const personsOf = (rules: Who[], record: RecordData, facts: Partial<Facts>): string[] => [
  ...new Set(rules.flatMap((who) => holdersOf(who, record, facts))),
];

/** Parties to the record whose part conflicts with deciding it. */
export function conflicted(type: RecordType, parties: Party[]): Set<string> {
  const kinds = type.conflicts;
  return new Set(parties.filter((party) => !kinds || kinds.includes(party.kind)).map((party) => party.person));
}

/** Persons whom a bar keeps from the record, whatever their role. */
export const barred = (
  type: RecordType,
  { parties, barredAbove }: Pick<Facts, "parties" | "barredAbove">,
): Set<string> =>
  new Set([...barredAbove, ...parties.flatMap(({ person, kind }) => (type.bars?.includes(kind) ? [person] : []))]);

/** The holders of the first rule with one who is neither conflicted nor barred. */
export function deciders(
  rules: Who[],
  type: RecordType,
  record: RecordData,
  facts: Facts,
): { who: Who | undefined; persons: string[] } {
  const kept = new Set([...conflicted(type, facts.parties), ...barred(type, facts)]);
  for (const who of rules) {
    const persons = holdersOf(who, record, facts).filter((person) => !kept.has(person));
    if (persons.length) return { who, persons };
  }
  return { who: undefined, persons: [] };
}

/** The person an actor stands for: a token acts for its person, a shared device for who is named there, the system for nobody. */
export const personOf = (actor: Actor): string | null =>
  actor.kind === "person" ? actor.id : "person" in actor ? actor.person : null;

/** Is the rule `[{ system: true }]`: an event that only timers and records send? */
export const isEvent = (action: { who?: Who[]; decides?: Who[] }): boolean =>
  !action.decides && !!action.who?.length && action.who.every((who) => "system" in who);
