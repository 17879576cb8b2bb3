/** Loads what `step` reads beyond the record: for a whole batch of records of one organisation or many, in few reads. */
import { calendar } from "../../schema/calendar";
import { withNoes } from "../../schema/condition";
import type { Literal, RecordType, Who } from "../../schema/definition";
import { factsRead, type Purpose } from "../../schema/factsRead";
import { parties, inheritedBy } from "../../schema/fields";
import { Missing, type Need } from "../../schema/missing";
import type { Facts, Fields, RecordData, Sources, TaskRow, TimerKind, TimerRow, TimerState } from "../../schema/record";
import type { MailChoice } from "../../schema/mailing";
import { type ByWho, forWho, holderKeys, personsIn } from "../../schema/language/who";
import { visitCondition } from "../../schema/walk";
import { barred } from "../../schema/who";
import { countAsked } from "./counts";
import { datetime, instant, instantOrNull, marks, type Row, type Sql, textOrNull } from "./database";
import type { Registry } from "./definitions";
import { awayOn } from "./handOver";
import { mailChoiceOf } from "./mailRules";
import { type OrganisationFacts, organisationsById } from "./organisations";
import { type Bounded, loadRecords, type RecordKey, titlesOf } from "./records";

export interface FactsRequest {
  registry: Registry;
  publicUrl: string;
  accessEdition: number;
  /** School time, epoch ms. */
  now: number;
  /** The acting person, where something is done: an action may put them into a field, and a template name them. */
  actor?: string | null;
  /** False where nothing that happens can move a timer: they are not even read. */
  timers: boolean;
  /** False where nothing that happens can move a task. */
  tasks?: boolean;
  /** Default a step. */
  purpose?: Purpose;
  /** An organisation this transaction has read already: good where no clock is derived from its calendar. */
  organisation?: OrganisationFacts;
}

/** A record with the definition its workflow is pinned to, and what is about to become of its fields. */
export interface Subject {
  type: RecordType;
  record: RecordData;
  /** Answers or new values: links, lookups and names are read for what they will be. */
  planned?: Fields;
}

/** Facts by record id. Three to eight reads for the whole batch, whatever its size. */
export async function loadFacts(sql: Sql, request: FactsRequest, subjects: Subject[]): Promise<Map<string, Facts>> {
  const ids = subjects.map(({ record }) => record.id);
  const known = request.organisation;
  const organisations =
    known && subjects.every(({ record }) => record.organisation === known.id)
      ? new Map([[known.id, known]])
      : await organisationsById(sql, [...new Set(subjects.map(({ record }) => record.organisation))]);
  const timers = request.timers && ids.length ? await timersOf(sql, ids) : undefined;
  const tasks = request.tasks !== false && ids.length ? await openTasksOf(sql, ids) : undefined;
  const shared: Shared = { names: {}, mailing: {}, linked: {}, titles: {}, texts: {}, barredAbove: {} };
  await addLinked(sql, request, shared, recordsAt("links", request, subjects), { bounded: subjects.length > 1 });
  await addTitles(sql, shared, recordsAt("titles", request, subjects));
  await addBarredAbove(sql, request.registry, shared, aboveOf(subjects));
  const found = new Map<string, Facts>();
  for (const subject of subjects) {
    const { type, record } = subject;
    const organisation = organisations.get(record.organisation);
    if (!organisation) throw new Error(`Record ${record.id} belongs to no organisation.`);
    const read = factsRead(type, request.purpose);
    const today = calendar(organisation.calendar).dateOf(request.now);
    const holders: Record<string, string[]> = {};
    for (const who of read.holders) {
      const keys = new Set([record, asPlanned(subject)].flatMap((each) => holderKeys(who, each)));
      Object.assign(holders, await holdersOf(who, { sql, request, organisation, keys: [...keys], today }));
    }
    const related: Record<string, RecordData[]> = {};
    for (const via of read.sentTo) related[via] = await pointingHere(sql, request, subject, via);
    found.set(record.id, {
      ...shared,
      ...(await ofSchool(sql, organisation, type, today)),
      publicUrl: request.publicUrl,
      holders,
      related,
      counts: {},
      timers: timers ? (timers.get(record.id) ?? []) : null,
      tasks: tasks ? (tasks.get(record.id) ?? []) : null,
    });
  }
  await addNames(sql, request, shared, personsNamed(request, subjects, [...found.values()]));
  return found;
}

/** What a school has set, as it stands on a date. */
const ofSchool = async (sql: Sql, organisation: OrganisationFacts, type: RecordType, today: string) => ({
  calendar: organisation.calendar,
  sources: await sourcesOf(sql, organisation, today),
  settings: await settingsOf(sql, organisation, type, today),
  goLiveOn: organisation.goLiveOn,
  school: { id: organisation.id, name: organisation.name, mail: organisation.mail },
});

/** By what identifies it, so that the records of a batch share it. */
type Shared = Pick<Facts, "names" | "mailing" | "linked" | "titles" | "texts" | "barredAbove">;

/** As the fields are about to be. */
const asPlanned = ({ record, planned }: Subject): RecordData =>
  planned ? { ...record, fields: { ...record.fields, ...planned } } : record;

// ------------------------------------------------------------------------------------------------ what turns out to miss

/** More rounds than any definition names facts. */
const mostRounds = 1_000;

type CountNeed = Extract<Need, { count: unknown }>;

/** What facts of a record were loaded by; the definition is of a record whose clocks may be asked for. */
export type FactsSource = Pick<FactsRequest, "registry" | "accessEdition" | "now"> & { type?: RecordType };

/**
 * Does what reads facts of a record; where one is missing among them, loads it and does it again. `read` changes nothing
 * else. `before` holds what is about to be counted.
 */
export async function withFacts<T>(
  sql: Sql,
  source: FactsSource,
  facts: Facts,
  read: () => T,
  before?: (counted: CountNeed[]) => Promise<void>,
): Promise<T> {
  for (let round = 0; round < mostRounds; round++)
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
      await before?.(error.needs.filter((need) => "count" in need));
      for (const need of error.needs) await supply(sql, source, facts, need);
    }
  throw new Error("Its definition asks for facts without end.");
}

async function supply(sql: Sql, source: FactsSource, facts: Facts, need: Need): Promise<void> {
  const { registry } = source;
  if ("count" in need) facts.counts[need.count.key] = await countAsked(sql, registry, need);
  else if ("record" in need) {
    const field = registry.types.get(need.type)?.active.type.fields[need.link];
    facts.linked[need.record] = null;
    if (field && "to" in field) await addLinked(sql, source, facts, [{ type: field.to, id: need.record }]);
    const linked = facts.linked[need.record];
    await addNames(sql, source, facts, linked ? partiesOf(registry, linked) : []);
  } else if ("titles" in need)
    await addTitles(
      sql,
      facts,
      need.titles.map((id) => ({ type: need.type, id })),
    );
  else if ("text" in need) {
    const [row] = await sql.query("SELECT text FROM document_version WHERE id = ?", [need.text]);
    facts.texts[need.text] = String(row?.["text"] ?? "");
  } else if ("tasks" in need) {
    facts.tasks = (await openTasksOf(sql, [need.tasks])).get(need.tasks) ?? [];
    await addNames(sql, source, facts, holdersIn(facts.tasks));
  } else if ("timers" in need) {
    facts.timers = (await timersOf(sql, [need.timers])).get(need.timers) ?? [];
    const { organisation, today } = await schoolOf(sql, source, facts);
    // What they are derived from is read after the record was locked: a calendar may have changed while it was waited for.
    if (source.type) Object.assign(facts, await ofSchool(sql, organisation, source.type, today));
  } else if ("pointing" in need)
    facts.related[need.pointing] = await pointingHere(sql, source, { type: need.by, record: need.to }, need.pointing);
  else if ("tasksOf" in need) facts.tasksHere = await taskRulesSince(sql, need.tasksOf, need.since);
  else if ("above" in need) await addBarredAbove(sql, registry, facts, [{ type: need.type, above: need.above }]);
  else {
    const { organisation, today } = await schoolOf(sql, source, facts);
    const held = await holdersOf(need.holders, { sql, request: source, organisation, keys: need.keys, today });
    Object.assign(facts.holders, held);
    await addNames(sql, source, facts, Object.values(held).flat());
  }
}

/** The school that facts are of, as it stands now, and its date. */
async function schoolOf(sql: Sql, { now }: FactsSource, { school }: Facts) {
  const organisation = (await organisationsById(sql, [school.id])).get(school.id);
  if (!organisation) throw new Error(`There is no organisation ${school.id}.`);
  return { organisation, today: calendar(organisation.calendar).dateOf(now) };
}

// ---------------------------------------------------------------------------------------------------------- timers

export function readTimer(row: Row): TimerRow {
  return {
    id: String(row["id"]),
    organisation: String(row["organisation"]),
    type: String(row["type"]),
    record: String(row["record"]),
    kind: String(row["kind"]) as TimerKind,
    rule: String(row["rule"]),
    step: String(row["step"]),
    anchorValue: String(row["anchor_value"]),
    n: Number(row["n"]),
    dueAt: instant(String(row["due_at"])),
    state: String(row["state"]) as TimerState,
    stamp: String(row["stamp"]),
    provisional: Number(row["provisional"]) === 1,
    firedAt: instantOrNull(row["fired_at"] as string | null),
    outcome: textOrNull(row["outcome"]),
    depth: Number(row["depth"]),
    send: row["send"] === null ? null : (JSON.parse(String(row["send"])) as TimerRow["send"]),
  };
}

function grouped<T extends { record: string }>(rows: T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(row.record);
    if (group) group.push(row);
    else groups.set(row.record, [row]);
  }
  return groups;
}

async function timersOf(sql: Sql, records: string[]): Promise<Map<string, TimerRow[]>> {
  const rows = await sql.query(
    `SELECT * FROM timer WHERE record IN (${marks(records.length)}) AND kind = 'rule'`,
    records,
  );
  return grouped(rows.map(readTimer));
}

async function openTasksOf(sql: Sql, records: string[]): Promise<Map<string, TaskRow[]>> {
  const rows = await sql.query(
    `SELECT t.*, h.person, h.done_at, h.instead_of FROM task t LEFT JOIN task_holder h ON h.task = t.id
     WHERE t.state = 'open' AND t.record IN (${marks(records.length)}) ORDER BY t.id, h.person`,
    records,
  );
  const tasks = new Map<string, TaskRow>();
  for (const row of rows) {
    const id = String(row["id"]);
    const task = tasks.get(id) ?? {
      id,
      organisation: String(row["organisation"]),
      type: String(row["type"]),
      record: String(row["record"]),
      rule: String(row["rule"]),
      label: String(row["label"]),
      state: "open" as const,
      openedAt: instant(String(row["opened_at"])),
      dueOn: textOrNull(row["due_on"]),
      to: JSON.parse(String(row["who"])) as Who[],
      decides: Number(row["decides"]) === 1,
      holders: [],
      principals: [],
      doneBy: [],
    };
    tasks.set(id, task);
    if (row["person"] === null) continue;
    task.holders.push(String(row["person"]));
    task.principals.push(String(row["instead_of"] ?? row["person"]));
    if (row["done_at"] !== null) task.doneBy.push(String(row["person"]));
  }
  return grouped([...tasks.values()]);
}

async function taskRulesSince(sql: Sql, record: string, since: string): Promise<string[]> {
  const rows = await sql.query(
    "SELECT DISTINCT rule FROM task WHERE record = ? AND (opened_at >= ? OR closed_at >= ?)",
    [record, datetime(since), datetime(since)],
  );
  return rows.map((row) => String(row["rule"]));
}

// ------------------------------------------------------------------------------------------------- people and roles

/**
 * Holders of every role of an organisation on a date, as of an access edition. This cache and those below are filled
 * from what is committed: a transaction that has written to their tables reads past them, since it may roll back.
 */
const roles = new Map<string, Map<string, string[]>>();

async function rolesOf(sql: Sql, edition: number, organisation: string, today: string): Promise<Map<string, string[]>> {
  const key = `${organisation}:${edition}:${today}`;
  const committed = !sql.wrote?.("appointment", "person");
  let held = committed ? roles.get(key) : undefined;
  if (held) return held;
  const rows = await sql.query(
    `SELECT a.role, a.person FROM appointment a JOIN person p ON p.id = a.person AND p.active = 1
     WHERE a.organisation = ? AND a.record IS NULL AND a.from_on <= ? AND (a.to_on IS NULL OR a.to_on >= ?) ORDER BY a.id`,
    [organisation, today, today],
  );
  held = new Map();
  for (const row of rows) {
    const role = String(row["role"]);
    const persons = held.get(role) ?? [];
    if (!persons.includes(String(row["person"]))) persons.push(String(row["person"]));
    held.set(role, persons);
  }
  if (roles.size > 500) roles.clear();
  if (committed) roles.set(key, held);
  return held;
}

interface HoldersAsked {
  sql: Sql;
  request: FactsSource;
  organisation: OrganisationFacts;
  keys: string[];
  today: string;
}
/** Person ids by key. */
type Holders = Record<string, string[]>;

const inForce = "from_on <= ? AND (to_on IS NULL OR to_on >= ?)";

const nobody = () => Promise.resolve({});
/** How the database is asked for whoever a form of `Who` names; nobody where the record itself names them. */
const holdersBy: ByWho<[asked: HoldersAsked], Promise<Holders>> = {
  role: ({ role, at }, asked) =>
    rolesBy(asked, at === "parent" ? asked.organisation.parent : asked.organisation.id, [role]),
  rolesIn: (_who, asked) =>
    rolesBy(
      asked,
      asked.organisation.id,
      asked.keys.map((key) => key.slice("role:".length)),
    ),
  async group({ group }, { sql, organisation, keys: [key = ""], today }) {
    if (group === "away") return { [key]: await awayOn(sql, today) };
    const rows = await sql.query(`SELECT person FROM person_group WHERE organisation = ? AND name = ? AND ${inForce}`, [
      organisation.id,
      group,
      today,
      today,
    ]);
    return { [key]: rows.map((row) => String(row["person"])) };
  },
  async relation({ relation }, { sql, organisation, keys, today }) {
    const prefix = `relation:${relation}:`;
    const rows = await sql.query(
      `SELECT person, other FROM relation
       WHERE organisation = ? AND kind = ? AND person IN (${marks(keys.length)}) AND ${inForce}`,
      [organisation.id, relation, ...keys.map((key) => key.slice(prefix.length)), today, today],
    );
    const found: Holders = {};
    for (const row of rows) (found[`${prefix}${String(row["person"])}`] ??= []).push(String(row["other"]));
    return found;
  },
  field: nobody,
  task: nobody,
  anyone: nobody,
  system: nobody,
};

/** Holders of these roles in one organisation, by the keys that stand beside them. */
async function rolesBy(
  { sql, request, keys, today }: HoldersAsked,
  organisation: string | null,
  roles: string[],
): Promise<Holders> {
  if (organisation === null) return {};
  const held = await rolesOf(sql, request.accessEdition, organisation, today);
  return Object.fromEntries(keys.map((key, i) => [key, held.get(roles[i] ?? "") ?? []]));
}

/** By the keys of the rule, each of which is there: nobody is known of what is not asked for. */
async function holdersOf(who: Who, asked: HoldersAsked): Promise<Holders> {
  const none: Holders = Object.fromEntries(asked.keys.map((key) => [key, []]));
  return asked.keys.length ? { ...none, ...(await forWho(holdersBy, who, asked)) } : none;
}

const partiesOf = (registry: Registry, record: RecordData): string[] => {
  const type = registry.types.get(record.type)?.active.type;
  return type ? parties(type, record.fields).map(({ person }) => person) : [];
};

interface Addressee {
  name: string;
  /** Absent where they leave it to the organisation. */
  choice?: MailChoice;
}

/** By access edition: renaming somebody, and their choice of mail, bump it. */
let names: { edition: number; by: Map<string, Addressee> } = { edition: -1, by: new Map() };

const holdersIn = (tasks: TaskRow[] | null): string[] => (tasks ?? []).flatMap((task) => task.holders);

/** Everybody whom these facts, their records and those at the end of their links name. */
const personsNamed = ({ registry, actor }: FactsRequest, subjects: Subject[], found: Facts[]): string[] => [
  ...(actor ? [actor] : []),
  ...found.flatMap(({ holders, tasks }) => [...Object.values(holders), ...holdersIn(tasks)].flat()),
  ...subjects.flatMap(({ type, record, planned }) => [
    ...[record.fields, planned ?? {}].flatMap((fields) => parties(type, fields).map(({ person }) => person)),
    ...(record.createdBy ? [record.createdBy] : []),
  ]),
  ...Object.values(found[0]?.linked ?? {}).flatMap((linked) => (linked ? partiesOf(registry, linked) : [])),
];

async function addNames(
  sql: Sql,
  { accessEdition: edition }: FactsSource,
  shared: Pick<Shared, "names" | "mailing">,
  persons: string[],
): Promise<void> {
  const committed = !sql.wrote?.("person");
  if (committed && (names.edition !== edition || names.by.size > 20_000)) names = { edition, by: new Map() };
  const by = committed ? names.by : new Map<string, Addressee>();
  const ids = new Set(persons);
  const missing = [...ids].filter((id) => !by.has(id));
  if (missing.length) {
    const rows = await sql.query(
      `SELECT id, name, mail_pace, mail_from, mail_to FROM person WHERE id IN (${marks(missing.length)})`,
      missing,
    );
    for (const row of rows) {
      const choice = mailChoiceOf(row);
      by.set(String(row["id"]), { name: String(row["name"]), ...(choice ? { choice } : {}) });
    }
  }
  for (const id of ids) {
    const { name, choice } = by.get(id) ?? { name: "somebody who left" };
    shared.names[id] = name;
    if (choice) shared.mailing[id] = choice;
  }
}

// ---------------------------------------------------------------------------------------------------------- settings

/** By the figures of a definition, whose own values stand where nobody has given another, and then by edition and date. */
const settings = new WeakMap<object, Map<string, Record<string, Literal | Literal[]>>>();

/** A type's figures as they stand on a date: the organisation's own value, its trust's, or the definition's. */
export async function settingsOf(
  sql: Sql,
  organisation: OrganisationFacts,
  type: RecordType,
  today: string,
): Promise<Record<string, Literal | Literal[]>> {
  if (!type.settings) return {};
  const committed = !sql.wrote?.("setting_value");
  const known = settings.get(type.settings) ?? new Map<string, Record<string, Literal | Literal[]>>();
  settings.set(type.settings, known);
  const key = `${organisation.id}:${organisation.settingsEdition}:${type.name}:${today}`;
  const cached = committed ? known.get(key) : undefined;
  if (cached) return cached;
  const found: Record<string, Literal | Literal[]> = {};
  for (const [name, setting] of Object.entries(type.settings ?? {})) found[name] = setting.value;
  const owners = [...(organisation.parent ? [organisation.parent] : []), organisation.id];
  for (const owner of owners) {
    const rows = await sql.query(
      "SELECT name, value FROM setting_value WHERE organisation = ? AND type = ? AND from_on <= ? ORDER BY from_on",
      [owner, type.name, today],
    );
    for (const row of rows)
      if (String(row["name"]) in found) found[String(row["name"])] = JSON.parse(String(row["value"])) as Literal;
  }
  if (known.size > 200) known.clear();
  if (committed) known.set(key, found);
  return found;
}

/** The days from which an organisation's figures hold, its trust's among them, by edition; in order. */
const figureDays = new Map<string, string[]>();

async function figureDaysOf(sql: Sql, { id, parent, settingsEdition }: OrganisationFacts): Promise<string[]> {
  const committed = !sql.wrote?.("setting_value");
  const key = `${id}:${settingsEdition}`;
  const cached = committed ? figureDays.get(key) : undefined;
  if (cached) return cached;
  const rows = await sql.query(
    "SELECT DISTINCT from_on FROM setting_value WHERE organisation IN (?, ?) ORDER BY from_on",
    [id, parent ?? id],
  );
  const days = rows.map((row) => String(row["from_on"]));
  if (figureDays.size > 500) figureDays.clear();
  if (committed) figureDays.set(key, days);
  return days;
}

/** The editions of an organisation's calendar and figures on a date. */
export async function sourcesOf(sql: Sql, organisation: OrganisationFacts, today: string): Promise<Sources> {
  const since = (await figureDaysOf(sql, organisation)).findLast((day) => day <= today);
  const { calendarEdition, settingsEdition } = organisation;
  return { calendar: calendarEdition, settings: `${settingsEdition}${since === undefined ? "" : `@${since}`}` };
}

// ------------------------------------------------------------------------------------------------- links and texts

/** Where each subject's links lead, before and after what is planned. */
const leads = (subject: Subject, name: string): string[] => [
  ...new Set([subject.record, asPlanned(subject)].flatMap((record) => personsIn(record, name))),
];

/** The records that the links lead to of which more is read than that they are there. */
const recordsAt = (part: "links" | "titles", { purpose }: FactsRequest, subjects: Subject[]): RecordKey[] =>
  subjects.flatMap((subject) =>
    factsRead(subject.type, purpose)[part].flatMap((name) => {
      const field = subject.type.fields[name];
      return field && "to" in field ? leads(subject, name).map((id) => ({ type: field.to, id })) : [];
    }),
  );

async function addLinked(
  sql: Sql,
  { registry }: Pick<FactsSource, "registry">,
  { linked }: Pick<Shared, "linked">,
  keys: RecordKey[],
  options: Bounded = {},
): Promise<void> {
  for (const { id } of keys) linked[id] = null;
  for (const record of await loadRecords(sql, registry, uniqueKeys(keys), options))
    linked[record.id] = withNoes(registry.types.get(record.type)?.active.type, record);
}

async function addTitles(sql: Sql, { linked, titles }: Pick<Shared, "linked" | "titles">, keys: RecordKey[]) {
  const unknown = keys.filter(({ id }) => !linked[id]);
  for (const { id } of keys) titles[id] = linked[id]?.title ?? "";
  Object.assign(titles, await titlesOf(sql, uniqueKeys(unknown)));
}

const uniqueKeys = (keys: RecordKey[]): RecordKey[] => [...new Map(keys.map((key) => [key.id, key])).values()];

/** The record that the confidentiality of records of a type comes from, by its id. */
interface Above {
  type: string;
  above: string;
}

const aboveOf = (subjects: Subject[]): Above[] =>
  subjects.flatMap((subject) =>
    leads(subject, inheritedBy(subject.type) ?? "").map((above) => ({ type: subject.type.name, above })),
  );

async function addBarredAbove(
  sql: Sql,
  registry: Registry,
  { barredAbove }: Pick<Shared, "barredAbove">,
  wanted: Above[],
): Promise<void> {
  const typeNamed = (name: string) => registry.types.get(name)?.active.type;
  const unknown = wanted.filter(({ above }) => barredAbove[above] === undefined);
  if (!unknown.length) return;
  for (const { above } of unknown) barredAbove[above] = [];
  const keys = unknown.flatMap(({ type: name, above }) => {
    const type = typeNamed(name);
    const field = type?.fields[inheritedBy(type) ?? ""];
    return field?.kind === "link" ? [{ type: field.to, id: above }] : [];
  });
  const records = (await loadRecords(sql, registry, uniqueKeys(keys))).flatMap((record) => {
    const type = typeNamed(record.type);
    return type ? [{ type, record }] : [];
  });
  await addBarredAbove(sql, registry, { barredAbove }, aboveOf(records));
  for (const { type, record } of records) barredAbove[record.id] = [...barred(type, record, { barredAbove })];
}

/** Records that are read together: a field that is asked for may be a text of 500 kB. */
const POINTING_AT_ONCE = 20;

/**
 * The records of another type whose field names this one, with the fields that the conditions of its effects ask of them:
 * there may be hundreds, and whatever people write is not held of all. `via` is `type.field`.
 */
async function pointingHere(
  sql: Sql,
  { registry }: Pick<FactsSource, "registry">,
  { type: own, record }: Subject,
  via: string,
): Promise<RecordData[]> {
  const [type = "", field = ""] = via.split(".");
  const rows = await sql.query(
    "SELECT record AS id, type FROM record_link WHERE organisation = ? AND target = ? AND type = ? AND field = ?",
    [record.organisation, record.id, type, field],
  );
  const from = registry.types.get(type)?.active.type;
  const asked = fieldsAskedOf(own, via);
  const found: RecordData[] = [];
  for (let at = 0; at < rows.length; at += POINTING_AT_ONCE) {
    const keys = rows
      .slice(at, at + POINTING_AT_ONCE)
      .map((row) => ({ type: String(row["type"]), id: String(row["id"]) }));
    for (const one of await loadRecords(sql, registry, keys, { fields: asked })) {
      const { fields, ...rest } = withNoes(from, one);
      found.push({ ...rest, fields: Object.fromEntries(asked.map((name) => [name, fields[name] ?? null])) });
    }
  }
  return found;
}

/** By the conditions under which the type sends events to them. */
function fieldsAskedOf(type: RecordType, via: string): string[] {
  const asked = new Set<string>();
  for (const effect of Object.values(type.actions).flatMap(({ effects = [] }) => effects))
    if ("send" in effect && effect.send.link === via && effect.send.where)
      visitCondition(effect.send.where, {
        value(value) {
          if (typeof value === "object" && value !== null && "field" in value)
            asked.add(value.field.split(".")[0] ?? "");
        },
        phraseIn: (name) => void asked.add(name),
      });
  return [...asked];
}
