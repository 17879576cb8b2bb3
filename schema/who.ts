/** Who does, decides, or is told: rules resolved to persons over facts so that a change of person needs one edit. */
import type { RecordType, Who } from "./definition";
import { parties, inheritedBy } from "./fields";
import { holdersOf } from "./language/who";
import { Missing, openTasks } from "./missing";
import type { Actor, Facts, RecordData, TaskRow } from "./record";

/** The facts, in which those tasks that the rules name are held by these of their persons. @throws Missing. */
export const withHolders = (
  facts: Facts,
  record: RecordData,
  rules: Who[],
  holders: (task: TaskRow) => string[],
): Facts =>
  rules.some((who) => "task" in who)
    ? { ...facts, tasks: openTasks(facts, record).map((task) => ({ ...task, holders: holders(task) })) }
    : facts;

/** Everybody any of the rules names, once each, in order. */
export const personsOf = (rules: Who[], record: RecordData, facts: Partial<Facts>): string[] => [
  ...new Set(rules.flatMap((who) => holdersOf(who, record, facts))),
];

/** Parties to the record whose part conflicts with deciding it. */
export function conflicted(type: RecordType, { fields }: RecordData): Set<string> {
  const kinds = type.conflicts;
  return new Set(parties(type, fields).flatMap(({ person, kind }) => (!kinds || kinds.includes(kind) ? [person] : [])));
}

/** Persons whom a bar keeps from the record, whatever their role, or from one that its confidentiality comes from. */
export function barred(type: RecordType, record: RecordData, facts: Pick<Facts, "barredAbove">): Set<string> {
  const above = record.fields[inheritedBy(type) ?? ""];
  const kept = typeof above === "string" ? facts.barredAbove[above] : [];
  if (!kept) throw new Missing([{ above: String(above), type: type.name }]);
  const { bars = [] } = type;
  const own = bars.length ? parties(type, record.fields).filter(({ kind }) => bars.includes(kind)) : [];
  return new Set([...kept, ...own.map(({ person }) => person)]);
}

/** The holders of the first rule with one who is neither conflicted nor barred. */
export function deciders(
  rules: Who[],
  type: RecordType,
  record: RecordData,
  facts: Facts,
): { who: Who | undefined; persons: string[] } {
  const kept = new Set([...conflicted(type, record), ...barred(type, record, facts)]);
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
