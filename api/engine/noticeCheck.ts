/**
 * Is a planned notice still true? It was made when its timer fired and is sent when the school is awake, and in between
 * somebody may have done the work: a task done at 07:50 is not mailed about at 08:00.
 */
import type { RecordType } from "../../schema/definition";
import { taskCounted } from "../../schema/language/anchor";
import type { RecordData } from "../../schema/record";
import { runsIn } from "../../schema/timers";
import { instantOrNull, marks, type Row, type Sql, textOrNull } from "../store/database";
import type { Registry } from "../store/definitions";
import { type NoticeFacts, recipients } from "../store/mails";
import { tableName } from "../store/recordTable";
import { readByIds } from "../store/recordQuery";
import { pinnedType } from "./pinned";
import { viewerOf } from "./read/viewerOf";
import type { Run } from "./run";

/** By notice id: null where it is to be sent, else a sentence saying why not. Reads without locks. */
export async function stillNeeded(
  run: Pick<Run, "tx" | "registry" | "today">,
  notices: NoticeFacts[],
): Promise<Map<string, string | null>> {
  const { tx: sql, registry } = run;
  const people = await recipients(sql, unique(notices.map((notice) => notice.person)));
  const records = await recordsOf(sql, registry, notices);
  const kept = new Set([...(await barredFrom(sql, registry, notices)), ...(await unseen(run, notices))]);
  const timers = await timersOf(sql, notices);
  const tasks = await tasksOf(sql, unique(notices.map((notice) => notice.record)));
  const rearmed = await rearmedOf(sql, [...timers.values()]);

  const reason = (notice: NoticeFacts): string | null => {
    const person = people.get(notice.person);
    if (!person?.active) return "The person is no longer active.";
    const record = records.get(notice.record);
    if (!record) return "The record is no longer there.";
    if (kept.has(pair(notice))) return "The person may not see this record.";
    if (!person.optional && record.type.notices?.[notice.template]?.optional)
      return "The person has chosen not to be told what is for information only.";
    const told = tasks.byId.get(/^(?:task|passed|comment):(\w{26})/.exec(notice.cause)?.[1] ?? "");
    if (told && told.state !== "open") return `The task was ${told.state}.`;
    const own = tasks.held.filter((part) => part.record === notice.record && part.person === notice.person);
    if (own.some(({ task, done }) => done && /^(?:task|passed):(\w{26})/.exec(notice.cause)?.[1] === task))
      return partDone;
    const timer = timers.get(timerId(notice) ?? "");
    const rule = timer && record.type.timers?.[timer.rule];
    if (!timer || !rule) return null;
    const reminds = rule.notice?.to.flatMap((who) => ("task" in who ? [who.task] : []));
    const reminded = own.filter((part) => reminds?.includes(part.rule));
    // Whom it names in another way as well is told, whatever they have done.
    if (reminds?.length === rule.notice?.to.length && reminded.length && reminded.every(({ done }) => done))
      return partDone;
    // Its own event moved the record, and perhaps ended its task: that is what it tells of, wherever triggers led on at once.
    const led = record.type.actions[rule.event ?? ""]?.to === record.state || record.enteredAt === timer.firedAt;
    if (rule.event !== undefined && led) return null;
    if (!runsIn(record.type, rule).includes(record.state))
      return `The record has moved on: ${record.type.states[record.state]?.label ?? record.state}.`;
    const about =
      tasks.byId.get(taskCounted(rule.anchor, timer.anchorValue) ?? "") ??
      (rule.task && tasks.latest.get(`${timer.record} ${rule.task}`));
    if (about && about.state !== "open") return `The task was ${about.state}.`;
    if (rearmed.has(occurrenceKey(timer))) return "The date has moved: the new one has its own notice.";
    return null;
  };
  return new Map(notices.map((notice) => [notice.id, reason(notice)]));
}

const partDone = "The person has done their part of the task.";

interface Fired {
  id: string;
  record: string;
  rule: string;
  step: string;
  n: number;
  anchorValue: string;
  firedAt: string | null;
}

const pair = ({ record, person }: Pick<NoticeFacts, "record" | "person">): string => `${record} ${person}`;
const unique = (values: string[]): string[] => [...new Set(values)];
const timerId = (notice: NoticeFacts): string | undefined => /^timer:(\w{26})/.exec(notice.cause)?.[1];
const occurrenceKey = (timer: Pick<Fired, "record" | "rule" | "step" | "n">): string =>
  JSON.stringify([timer.record, timer.rule, timer.step, timer.n]);

/** Where a record stands, and since when. */
interface Standing {
  state: string;
  enteredAt: string | undefined;
  type: RecordType;
}

async function recordsOf(sql: Sql, registry: Registry, notices: NoticeFacts[]): Promise<Map<string, Standing>> {
  const found = new Map<string, Standing>();
  for (const type of unique(notices.map((notice) => notice.type))) {
    if (!registry.types.has(type)) continue;
    const ids = unique(notices.filter((notice) => notice.type === type).map((notice) => notice.record));
    const rows = await sql.query(
      `SELECT id, state, entered, definition_version FROM ${tableName(type)} WHERE id IN (${marks(ids.length)})`,
      ids,
    );
    for (const row of rows) {
      const definitionVersion = Number(row["definition_version"]);
      const state = String(row["state"]);
      found.set(String(row["id"]), {
        state,
        enteredAt: (JSON.parse(String(row["entered"])) as RecordData["entered"])[state]?.at,
        type: pinnedType(registry, { type, definitionVersion }),
      });
    }
  }
  return found;
}

/** "record person" of confidential records and those who may not see them now, whoever is named to be told. */
async function unseen(run: Pick<Run, "tx" | "registry" | "today">, notices: NoticeFacts[]): Promise<Set<string>> {
  const found = new Set<string>();
  const groups = new Map<string, NoticeFacts[]>();
  for (const notice of notices) {
    if (!run.registry.types.get(notice.type)?.active.type.confidential) continue;
    const key = JSON.stringify([notice.person, notice.organisation, notice.type]);
    groups.set(key, [...(groups.get(key) ?? []), notice]);
  }
  for (const own of groups.values()) {
    const [{ person, organisation, type }] = own as [NoticeFacts];
    const [viewer, published] = [await viewerOf(run, person, organisation), run.registry.types.get(type)?.active];
    const ids = unique(own.map(({ record }) => record));
    const rows = viewer && published ? await readByIds(run.tx, viewer, published, { fields: [], people: [] }, ids) : [];
    const seen = new Set(rows.map((row) => row.id));
    for (const notice of own) if (!seen.has(notice.record)) found.add(pair(notice));
  }
  return found;
}

/** "record person" of those whom a field of the record bars. */
async function barredFrom(sql: Sql, registry: Registry, notices: NoticeFacts[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (const type of unique(notices.map((notice) => notice.type))) {
    const bars = registry.types.get(type)?.active.type.bars ?? [];
    if (bars.length === 0) continue;
    const ids = unique(notices.filter((notice) => notice.type === type).map((notice) => notice.record));
    const rows = await sql.query(
      `SELECT record, person FROM record_party WHERE record IN (${marks(ids.length)}) AND kind IN (${marks(bars.length)})`,
      [...ids, ...bars],
    );
    for (const row of rows) found.add(pair({ record: String(row["record"]), person: String(row["person"]) }));
  }
  return found;
}

async function timersOf(sql: Sql, notices: NoticeFacts[]): Promise<Map<string, Fired>> {
  const ids = unique(notices.flatMap((notice) => timerId(notice) ?? []));
  if (ids.length === 0) return new Map();
  const rows = await sql.query(
    `SELECT id, record, rule, step, n, anchor_value, fired_at FROM timer WHERE id IN (${marks(ids.length)})`,
    ids,
  );
  return new Map(rows.map((row) => [String(row["id"]), fired(row)]));
}

const fired = (row: Row): Fired => ({
  id: String(row["id"]),
  record: String(row["record"]),
  rule: String(row["rule"]),
  step: String(row["step"]),
  n: Number(row["n"]),
  anchorValue: String(row["anchor_value"]),
  firedAt: instantOrNull(textOrNull(row["fired_at"])),
});

interface Tasks {
  byId: Map<string, { state: string }>;
  /** By "record rule": the one opened last. */
  latest: Map<string, { state: string }>;
  /** Parts of those that are open. */
  held: { task: string; record: string; rule: string; person: string; done: boolean }[];
}

async function tasksOf(sql: Sql, records: string[]): Promise<Tasks> {
  const tasks: Tasks = { byId: new Map(), latest: new Map(), held: [] };
  if (records.length === 0) return tasks;
  const rows = await sql.query(
    `SELECT id, record, rule, state FROM task WHERE record IN (${marks(records.length)}) ORDER BY id`,
    records,
  );
  for (const row of rows) {
    const task = { state: String(row["state"]) };
    tasks.byId.set(String(row["id"]), task);
    tasks.latest.set(`${String(row["record"])} ${String(row["rule"])}`, task);
  }
  const held = await sql.query(
    `SELECT t.id, t.record, t.rule, h.person, h.done_at FROM task t JOIN task_holder h ON h.task = t.id
     WHERE t.record IN (${marks(records.length)}) AND t.state = 'open'`,
    records,
  );
  tasks.held = held.map((row) => ({
    ...{ task: String(row["id"]), record: String(row["record"]), rule: String(row["rule"]) },
    ...{ person: String(row["person"]), done: row["done_at"] !== null },
  }));
  return tasks;
}

/**
 * Steps that wait again for a new date: their notice will say the right one. A date moved by so little that its step
 * stays quiet keeps its notice, or nobody would be told.
 */
async function rearmedOf(sql: Sql, timers: Fired[]): Promise<Set<string>> {
  const records = unique(timers.map((timer) => timer.record));
  if (records.length === 0) return new Set();
  const rows = await sql.query(
    `SELECT id, record, rule, step, n, anchor_value, fired_at FROM timer
     WHERE record IN (${marks(records.length)}) AND state = 'waiting'`,
    records,
  );
  return new Set(rows.map((row) => occurrenceKey(fired(row))));
}
