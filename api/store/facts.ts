/** Loads what `step` reads beyond the record: for a whole batch of records of one organisation or many, in few reads. */
import { inheritedBy } from "../../schema/access";
import { calendar } from "../../schema/calendar";
import { valueOf, withNoes } from "../../schema/condition";
import type { Literal, RecordType, Who } from "../../schema/definition";
import { factsRead, type Purpose } from "../../schema/factsRead";
import { parties } from "../../schema/fields";
import type {
  DocumentValue,
  Facts,
  Fields,
  Party,
  RecordData,
  TaskRow,
  TimerKind,
  TimerRow,
  TimerState,
} from "../../schema/record";
import type { MailChoice } from "../../schema/mailing";
import { type ByWho, fieldOfWho, forWho, holderKeys } from "../../schema/language/who";
import { visitCondition } from "../../schema/walk";
import { barred } from "../../schema/who";
import { instant, instantOrNull, marks, type Row, type Sql, textOrNull } from "./database";
import type { Registry } from "./definitions";
import { awayOn } from "./handOver";
import { mailChoiceOf } from "./mailRules";
import { type OrganisationFacts, organisationsById } from "./organisations";
import { loadRecords, type RecordKey, titlesOf } from "./records";

export interface FactsRequest {
  registry: Registry;
  publicUrl: string;
  accessEdition: number;
  /** School time, epoch ms. */
  now: number;
  /** The acting person, where something is done: an action may put them into a field. */
  actor?: string | null;
  /** False where nothing that happens can move a timer: they are not even read. */
  timers: boolean;
  /** False where nothing that happens can move a task. */
  tasks?: boolean;
  /** Default a step. */
  purpose?: Purpose;
  /** An organisation this transaction has read already: good where no clock is derived from its calendar. */
  organisation?: OrganisationFacts;
  /** Records this transaction has changed but not yet saved, in place of their rows. */
  fresh?: Map<string, RecordData>;
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
  const timers = request.timers && ids.length ? await timersOf(sql, ids) : new Map<string, TimerRow[]>();
  const tasks = request.tasks !== false && ids.length ? await openTasksOf(sql, ids) : new Map<string, TaskRow[]>();
  const links = await linksOf(sql, request, subjects);
  const linkTitles = await linkTitlesOf(sql, request, subjects);
  const texts = await textsOf(sql, subjects, request.purpose);
  const barredAbove = await barredAboveOf(sql, request, subjects);
  const found = new Map<string, Facts>();
  for (const subject of subjects) {
    const { type, record } = subject;
    const organisation = organisations.get(record.organisation);
    if (!organisation) throw new Error(`Record ${record.id} belongs to no organisation.`);
    const read = factsRead(type, request.purpose);
    const today = calendar(organisation.calendar).dateOf(request.now);
    const holders: Record<string, string[]> = {};
    const own = Object.fromEntries(read.links.map((name) => [name, links.get(String(fieldOf(subject, name) ?? ""))]));
    const left = read.links
      .filter((name) => record.fields[name] !== fieldOf(subject, name))
      .map((name) => [name, links.get(String(record.fields[name] ?? ""))] as const);
    const settings = await settingsOf(sql, organisation, type, today);
    for (const who of read.holders) {
      const keys = new Set(
        recordsToBe(request, subject, who, { links: own, settings }, today).flatMap((each) => holderKeys(who, each)),
      );
      Object.assign(holders, await holdersOf(who, { sql, request, organisation, keys: [...keys], today }));
    }
    const related: Record<string, RecordData[]> = {};
    for (const via of read.sentTo) related[via] = await pointingHere(sql, request, subject, via);
    found.set(record.id, {
      calendar: organisation.calendar,
      sources: { calendar: organisation.calendarEdition, settings: organisation.settingsEdition },
      settings,
      goLiveOn: organisation.goLiveOn,
      school: { id: organisation.id, name: organisation.name, mail: organisation.mail },
      publicUrl: request.publicUrl,
      names: {},
      mailing: {},
      holders,
      links: own,
      ...(left.length && { linksBefore: Object.fromEntries(left) }),
      linkTitles,
      related,
      counts: {},
      texts: texts.get(record.id) ?? {},
      timers: timers.get(record.id) ?? [],
      tasks: tasks.get(record.id) ?? [],
      parties: parties(type, record.fields),
      barredAbove: barredAbove.get(record.id) ?? [],
      ...(request.purpose === "edit" ? { forEdit: true as const } : {}),
    });
  }
  await nameEverybody(sql, request, subjects, found);
  return found;
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

/**
 * The record as it is and as a step may make it, as far as a rule finds its persons by it: as planned, and by each value
 * that a default or an action gives the field.
 */
function recordsToBe(
  { actor = null }: FactsRequest,
  { type, record, planned }: Subject,
  who: Who,
  facts: Pick<Facts, "links" | "settings">,
  today: string,
): RecordData[] {
  const name = fieldOfWho(who);
  if (name === undefined) return [record];
  const asPlanned = planned ? { ...record, fields: { ...record.fields, ...planned } } : record;
  const scope = { type, record: asPlanned, form: planned ?? {}, actor, today, facts };
  const given = [
    type.fields[name]?.default,
    ...Object.values(type.actions).flatMap(({ defaults, effects = [] }) => [
      defaults?.[name],
      ...effects.map((effect) => ("set" in effect ? effect.set[name] : undefined)),
    ]),
  ].flatMap((value) => (value === undefined ? [] : [valueOf(value, scope)]));
  return [record, asPlanned, ...given.map((value) => ({ ...record, fields: { [name]: value } }))];
}

interface HoldersAsked {
  sql: Sql;
  request: FactsRequest;
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

function partiesOf(registry: Registry, record: RecordData): Party[] {
  const type = registry.types.get(record.type)?.active.type;
  return type ? parties(type, record.fields) : [];
}

interface Addressee {
  name: string;
  /** Absent where they leave it to the organisation. */
  choice?: MailChoice;
}

/** By access edition: renaming somebody, and their choice of mail, bump it. */
let names: { edition: number; by: Map<string, Addressee> } = { edition: -1, by: new Map() };

async function nameEverybody(
  sql: Sql,
  { accessEdition: edition, registry }: FactsRequest,
  subjects: Subject[],
  found: Map<string, Facts>,
): Promise<void> {
  const committed = !sql.wrote?.("person");
  if (committed && (names.edition !== edition || names.by.size > 20_000)) names = { edition, by: new Map() };
  const by = committed ? names.by : new Map<string, Addressee>();
  const wanted = new Map<string, Set<string>>();
  for (const { type, record, planned } of subjects) {
    const facts = found.get(record.id);
    if (!facts) continue;
    const ids = new Set([
      ...Object.values(facts.holders).flat(),
      ...facts.parties.map((party) => party.person),
      ...facts.tasks.flatMap((task) => task.holders),
    ]);
    for (const { person } of planned ? parties(type, planned) : []) ids.add(person);
    for (const linked of Object.values(facts.links))
      for (const { person } of linked ? partiesOf(registry, linked) : []) ids.add(person);
    if (record.createdBy) ids.add(record.createdBy);
    wanted.set(record.id, ids);
  }
  const missing = [...new Set([...wanted.values()].flatMap((ids) => [...ids]))].filter((id) => !by.has(id));
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
  for (const [record, ids] of wanted) {
    const facts = found.get(record);
    if (!facts) continue;
    for (const id of ids) {
      const { name, choice } = by.get(id) ?? { name: "somebody who left" };
      facts.names[id] = name;
      if (choice) facts.mailing[id] = choice;
    }
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

// ------------------------------------------------------------------------------------------------- links and texts

async function linksOf(sql: Sql, request: FactsRequest, subjects: Subject[]): Promise<Map<string, RecordData>> {
  const keys: RecordKey[] = [];
  for (const subject of subjects)
    for (const name of factsRead(subject.type, request.purpose).links) {
      const field = subject.type.fields[name];
      if (field?.kind !== "link") continue;
      for (const id of new Set([fieldOf(subject, name), subject.record.fields[name]]))
        if (typeof id === "string") keys.push({ type: field.to, id });
    }
  if (!keys.length) return new Map();
  const records = await loadRecords(sql, request.registry, keys, { bounded: subjects.length > 1 });
  const typeOf = (record: RecordData) => request.registry.types.get(record.type)?.active.type;
  return new Map(
    records.map((record) => [record.id, withNoes(typeOf(record), request.fresh?.get(record.id) ?? record)]),
  );
}

/** Of all subjects together: by id they cannot be taken for each other's. */
async function linkTitlesOf(sql: Sql, request: FactsRequest, subjects: Subject[]): Promise<Record<string, string>> {
  const keys: RecordKey[] = [];
  for (const subject of subjects)
    for (const name of factsRead(subject.type, request.purpose).titles) {
      const [field, ids] = [subject.type.fields[name], fieldOf(subject, name)];
      if (field?.kind === "links" && Array.isArray(ids))
        for (const id of ids) keys.push({ type: field.to, id: String(id) });
    }
  return titlesOf(sql, keys);
}

/** Persons barred from the records that the subjects' confidentiality comes from, by subject. */
async function barredAboveOf(sql: Sql, request: FactsRequest, subjects: Subject[]): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  let below = subjects.map(({ type, record, planned }) => ({
    type,
    record: planned ? { ...record, fields: { ...record.fields, ...planned } } : record,
    subject: record.id,
  }));
  while (below.length) {
    const links = below.flatMap(({ type, record, subject }) => {
      const name = inheritedBy(type) ?? "";
      const [field, id] = [type.fields[name], record.fields[name]];
      return field?.kind === "link" && typeof id === "string" ? [{ key: { type: field.to, id }, subject }] : [];
    });
    const loaded = await loadRecords(
      sql,
      request.registry,
      links.map(({ key }) => key),
    );
    const records = new Map(loaded.map((record) => [record.id, record]));
    below = links.flatMap(({ key, subject }) => {
      const [type, record] = [request.registry.types.get(key.type)?.active.type, records.get(key.id)];
      if (!type || !record) return [];
      const kept = barred(type, { parties: parties(type, record.fields), barredAbove: [] });
      found.set(subject, [...(found.get(subject) ?? []), ...kept]);
      return [{ type, record, subject }];
    });
  }
  return found;
}

const fieldOf = ({ record, planned }: Subject, name: string) => planned?.[name] ?? record.fields[name];

/** Records that are read together: each may hold a dozen texts of 500 kB. */
const POINTING_AT_ONCE = 20;

/**
 * The records of another type whose field names this one, with the fields that the conditions of its effects ask of them:
 * there may be hundreds, and whatever people write is not held of all. `via` is `type.field`.
 */
async function pointingHere(
  sql: Sql,
  { registry }: FactsRequest,
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
    for (const one of await loadRecords(sql, registry, keys)) {
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

async function textsOf(
  sql: Sql,
  subjects: Subject[],
  purpose: Purpose | undefined,
): Promise<Map<string, Record<string, string>>> {
  const wanted = new Map<string, { record: string; field: string }>();
  for (const { type, record } of subjects)
    for (const field of factsRead(type, purpose).texts) {
      const value = record.fields[field] as DocumentValue | null;
      if (value) wanted.set(value.latest.id, { record: record.id, field });
    }
  const texts = new Map<string, Record<string, string>>();
  if (!wanted.size) return texts;
  const ids = [...wanted.keys()];
  for (const row of await sql.query(`SELECT id, text FROM document_version WHERE id IN (${marks(ids.length)})`, ids)) {
    const place = wanted.get(String(row["id"]));
    if (place) texts.set(place.record, { ...texts.get(place.record), [place.field]: String(row["text"]) });
  }
  return texts;
}
