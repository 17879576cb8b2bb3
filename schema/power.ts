/**
 * Which roles are powerful, and what a definition opens: derived from grants, never listed. A role is powerful where a
 * grant opens a confidential type to it, where it administers, or where it confirms what others ask.
 */
import { covers, isAlways, opensByRole } from "./access";
import type { Field, RecordType, Role, Who } from "./definition";
import { inheritedBy } from "./fields";
import type { Types } from "./outcomes";
import { isRestricted, readings, toldOf, type TypeNamed, wordless } from "./readings";
import { remembered } from "./remembered";
import { fieldsOf, guards, holdsBack, reads, Seeing, type Way } from "./seeing";
import { canonicalJson, listed } from "./text";

/** Whom a confidential type's records, and what is sealed in any, are opened to: by grants, by tasks, by opening it. */
function openedTo(type: RecordType): Who[] {
  const found: Who[] = [];
  if (type.confidential === true)
    for (const grant of type.grants)
      if (reads(grant))
        for (const to of grant.to)
          if ("task" in to) found.push(...holdersOf(type, to.task));
          else if ("role" in to && opensByRole(type, grant, "see")) found.push(to);
  for (const field of Object.values(type.fields)) if (field.sealed) found.push(...seersOf(type, field));
  return found;
}

/** Whom a field is opened to: whoever holds a task, by whom its rule names. */
const seersOf = (type: RecordType, { see = [] }: Field): Who[] =>
  see.flatMap((who) => ("task" in who ? holdersOf(type, who.task) : [who]));

/** Those of these roles to whom the type opens something. Whom a field of roles brings in may hold any of them. */
function rolesOpening(type: RecordType, roles: readonly Role[]): string[] {
  const opening = openedTo(type);
  if (opening.some((who) => "rolesIn" in who)) return roles.map(({ name }) => name);
  return opening.flatMap((who) => ("role" in who ? [who.role] : []));
}

/** By powerful role, the labels of the types it opens; empty for one that only administers or confirms. */
export function powerfulRoles(types: Iterable<RecordType>, roles: readonly Role[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const role of roles) if (role.administers || role.confirms) found.set(role.name, []);
  for (const type of types)
    for (const role of rolesOpening(type, roles))
      found.set(role, [...new Set([...(found.get(role) ?? []), type.label])]);
  return found;
}

/** One way in which a definition lets people read what is confidential. Two that are equal have the same key. */
interface Opening {
  key: string;
  /** Where it is one role's: its name. */
  role?: string;
}

/** Everything that decides who reads the records of a type. */
function openingsOf(type: RecordType): Opening[] {
  const from = inheritedBy(type);
  const openings: Opening[] = [];
  // Seen through another record: whose, is what decides.
  if (from !== undefined) openings.push({ key: `from ${from} ${linkedType(type.fields[from])}` });
  for (const grant of type.grants) {
    if (!reads(grant) || from !== undefined) continue;
    const when = grant.when === undefined || isAlways(grant.when) ? "always" : canonicalJson(grant.when);
    const reach = grant.reach ?? "here";
    const byRole = opensByRole(type, grant, "see");
    for (const to of grant.to) {
      if ("role" in to && byRole) openings.push({ key: `role ${to.role} ${reach} ${when}`, role: to.role });
      else if ("anyone" in to && byRole) openings.push({ key: `anyone ${reach} ${when}` });
      else if ("field" in to) openings.push({ key: `field ${to.field} ${when}` });
      else if ("task" in to)
        for (const who of holdersOf(type, to.task))
          openings.push({
            key: `task ${to.task} ${canonicalJson(who)} ${when}`,
            ...("role" in who ? { role: who.role } : {}),
          });
    }
  }
  return openings;
}

/** Who counts the records of a confidential type without seeing them, and what its charts tell them. */
function countingsOf({ confidential, grants, charts = {} }: RecordType): Opening[] {
  if (!confidential) return [];
  const counters = grants.flatMap((grant) =>
    covers(grant, "count") ? grant.to.map((to) => ({ to, reach: grant.reach ?? "here" })) : [],
  );
  return [
    ...counters.map(({ to, reach }) => ({
      key: `count ${canonicalJson(to)} ${reach}`,
      ...("role" in to ? { role: to.role } : {}),
    })),
    ...(counters.length
      ? Object.values(charts).map((chart) => ({ key: `chart ${canonicalJson(wordless(chart))}` }))
      : []),
  ];
}

const linkedType = (field: Field | undefined): string => (field?.kind === "link" ? field.to : "");

/** Whom a task's rule may put it into the hands of, also by way of another task: they see the record by it. */
function holdersOf(type: RecordType, task: string, passed: readonly string[] = []): Who[] {
  const rule = type.tasks?.[task];
  if (!rule || passed.includes(task)) return [];
  return [...rule.to, ...(rule.handOverTo ?? [])].flatMap((who) =>
    "task" in who ? holdersOf(type, who.task, [...passed, task]) : [who],
  );
}

/** Whom fields, and questions that the history keeps, are opened to: those that were for some only. */
function fieldOpenings(before: RecordType, after: RecordType): Opening[] {
  const now = new Map(fieldsOf(after));
  return fieldsOf(before).flatMap(([name, had]) => {
    const has = now.get(name);
    // What everybody read can only be closed, and nobody reads a question that is no more asked.
    if (!has || !isRestricted(had)) return [];
    if (!isRestricted(has) || (had.sealed && !has.sealed)) return [{ key: `reads ${name}` }];
    const seers = new Set(seersOf(before, had).map((who) => canonicalJson(who)));
    return seersOf(after, has)
      .filter((who) => !seers.has(canonicalJson(who)))
      .map((who) => ({ key: `opens ${name} ${canonicalJson(who)}`, ...("role" in who ? { role: who.role } : {}) }));
  });
}

export interface Opened {
  /** Roles it is opened to; empty where what changed is not one role's. */
  roles: string[];
  /** "Opens Breach to Class teacher": for people. */
  sentence: string;
}

/** The types as they are in force, and as they would be after a publish. */
export interface Editions {
  before: Types;
  after: Types;
}

/**
 * What publishing a type with its set would open of what only some may see: to whom its grants and fields do, what is
 * counted of it for others, what it reads and tells, or copies to, others, and what it writes by which it comes about who
 * sees. Undefined where nothing. A type or field that is new holds nothing, and closing opens nothing. A condition or chart
 * that changed counts as opening: whether it is wider is not decided here.
 */
export function opened(name: string, editions: Editions, roles: readonly Role[]): Opened | undefined {
  const [was, is] = [editions.before.get(name), editions.after.get(name)];
  if (!is) return undefined;
  const labelOf = (role: string) => roles.find((one) => one.name === role)?.label ?? role;
  const sentences: string[] = [];
  const openings = was ? openingsBetween(was, is) : [];
  const named = [...new Set(openings.flatMap(({ role }) => role ?? []))];
  const anew = decidedAnew(editions).filter(({ by }) => by === name);
  const own = was && anew.some(({ of }) => of === name);
  const by = shortList(anew.map(({ said }) => said));
  const others = [...new Set(anew.flatMap(({ of }) => (of === name ? [] : [editions.before.get(of)?.label ?? of])))];
  const ofOthers = `what only some may see of ${listed(others)}`;
  if (named.length) sentences.push(`Opens ${is.label} to ${listed(named.map(labelOf))}`);
  if (own || (was && !named.length && (openings.length || isUnbarred(was, is)))) {
    const sees = was.confidential ? `${is.label}, which is confidential` : `what only some may see of ${is.label}`;
    sentences.push(`Changes who may see ${sees}${own ? `${others.length ? `, and ${ofOthers}` : ""}, by ${by}` : ""}`);
  }
  const counts = was?.confidential ? anewIn(countingsOf(was), countingsOf(is)) : [];
  const counters = [...new Set(counts.flatMap(({ role }) => role ?? []))];
  const also = counters.length ? `, and lets ${listed(counters.map(labelOf))} count it` : "";
  if (counts.length)
    sentences.push(`Changes what is counted of ${is.label}, which is confidential, for whoever may not see it${also}`);
  if (!own && others.length) sentences.push(`Lets ${by} of ${is.label} change who may see ${ofOthers}`);
  const told = toldAnew(name, editions);
  if (told.length)
    sentences.push(`Lets whoever sees ${is.label}, or what it makes, learn what only some may see of ${listed(told)}`);
  return sentences.length
    ? { roles: [...new Set([...named, ...counters])], sentence: sentences.join("; ") }
    : undefined;
}

/** A way to see records of the type `of` that was not there. */
type Decided = Pick<Way, "by" | "said"> & { of: string };

/** The ways in which it comes about who sees what stands already, that are new or wider: by whichever definition. */
const decidedAnew = remembered(({ before, after }: Editions): Decided[] => {
  const [had, has] = [new Seeing(before), new Seeing(after, before)];
  return [...before.values()].filter(holdsBack).flatMap((type) => {
    const now = after.get(type.name);
    const stood = had.of(type);
    if (!now) return [];
    // What did not decide before has been told of already, where it is not narrower.
    return [...has.of(now)].flatMap(([point, ways]) =>
      ways
        .filter((way) => stood.has(point) && !stood.get(point)?.some((old) => isWithin(way, old)))
        .map(({ by, said }) => ({ by, said, of: type.name })),
    );
  });
});

/** Does this way open nothing that the other did not? */
const isWithin = (way: Way, old: Way): boolean =>
  way.key === old.key &&
  way.by === old.by &&
  (canonicalJson(way.who ?? null) === canonicalJson(old.who ?? null) ||
    (old.who !== undefined && "anyone" in old.who)) &&
  old.guards.every((guard) => way.guards.includes(guard));

/** “Hand over”, “Share” and others: enough for whoever confirms to know where to look. */
function shortList(said: string[]): string {
  const names = [...new Set(said)];
  return listed(names.length > SAID ? [...names.slice(0, SAID), "others"] : names);
}
const SAID = 3;

function openingsBetween(was: RecordType, is: RecordType): Opening[] {
  const granted = guards(was) ? anewIn(openingsOf(was), openingsOf(is)) : [];
  return [...granted, ...fieldOpenings(was, is)];
}

function anewIn(was: Opening[], is: Opening[]): Opening[] {
  const stood = new Set(was.map(({ key }) => key));
  return is.filter(({ key }) => !stood.has(key));
}

/** Bars that fall away; and what is then guarded by nothing, which a second publish would open to anybody. */
const isUnbarred = (was: RecordType, is: RecordType): boolean =>
  guards(was) &&
  ((was.bars ?? []).some((kind) => !(is.bars ?? []).includes(kind)) || (Boolean(was.confidential) && !is.confidential));

/** Labels of the types of which the definition comes to tell others what only some may see. */
function toldAnew(name: string, { before, after }: Editions): string[] {
  const named =
    (types: Types): TypeNamed =>
    (each) =>
      types.get(each);
  const [was, is] = [before.get(name), after.get(name)];
  const stood = new Set(was ? readings(was, named(before)).map(({ key }) => key) : []);
  const anew = is ? readings(is, named(after)).filter(({ key }) => !stood.has(key)) : [];
  const names = new Set(anew.flatMap((reading) => toldOf(reading, named(before))));
  return [...names].map((each) => before.get(each)?.label ?? each);
}

/**
 * Settings by which it is decided what only some may see: those that grants of a confidential type ask, and its
 * charts where others count it, those that stand where a definition tells others of it, and where it comes about who sees.
 * Another value may open more, or ask again.
 */
export function guardingSettings(type: RecordType, types: Types): Set<string> {
  const typeNamed = (name: string) => types.get(name);
  const found = new Set<string>();
  const look = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if ("setting" in value && typeof value.setting === "string") found.add(value.setting);
    for (const each of Object.values(value)) look(each);
  };
  if (guards(type)) for (const { when } of type.grants) look(when);
  if (countingsOf(type).length) look(type.charts);
  for (const reading of readings(type, typeNamed)) if (toldOf(reading, typeNamed).length) look(reading.part);
  const seeing = new Seeing(types);
  for (const each of types.values())
    if (holdsBack(each))
      for (const ways of seeing.of(each).values()) for (const { by, part } of ways) if (by === type.name) look(part);
  return found;
}

/** Does a relation of this kind bring people to what is confidential or sealed? */
export const opensByRelation = (types: Iterable<RecordType>, kind: string): boolean =>
  [...types].some((type) => openedTo(type).some((who) => "relation" in who && who.relation === kind));
