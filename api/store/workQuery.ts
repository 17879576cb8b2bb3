/** Reads of tasks and timers. Each goes through the records they belong to: see visibleRecords.ts. */
import type { Who } from "../../schema/definition";
import type { TaskState, TimerState } from "../../schema/record";
import { datetime, instant, instantOrNull, marks, type Row, type Sql, type SqlValue } from "./database";
import { noteLooks, noteRows } from "./looks";
import { countByType, countInOrder, readInOrder, taskOrder, timerOrder, type Wanted } from "./orderedWork";
import {
  COUNTED,
  cursorOf,
  emptyPage,
  limitOf,
  onVisibleRecords,
  type Page,
  type PageArgs,
  pageCursor,
} from "./visibleRecords";
import { hiddenClocks } from "./sight";
import type { Viewer } from "./visibility";

export interface TaskView {
  id: string;
  organisation: string;
  type: string;
  record: string;
  rule: string;
  label: string;
  state: TaskState;
  openedAt: string;
  dueOn: string | null;
  who: Who[];
  because: string[];
  unassigned: boolean;
  closedAt: string | null;
  closedBy: string | null;
  closedWhy: string | null;
}

export interface TimerView {
  id: string;
  organisation: string;
  type: string;
  record: string;
  rule: string;
  step: string;
  n: number;
  anchorValue: string;
  dueAt: string;
  state: TimerState;
  provisional: boolean;
  firedAt: string | null;
  outcome: string | null;
}

const text = (value: unknown): string | null => (value === null || value === undefined ? null : String(value));
export const list = (value: unknown): string[] =>
  String(value ?? "")
    .split(",")
    .filter(Boolean);

const taskColumns = `t.id, t.organisation, t.type, t.record, t.rule, t.label, t.state, t.opened_at, t.due_on, t.who,
  t.because, t.unassigned, t.closed_at, t.closed_by, t.closed_why`;

const taskOf = (row: Row): TaskView => ({
  id: String(row["id"]),
  organisation: String(row["organisation"]),
  type: String(row["type"]),
  record: String(row["record"]),
  rule: String(row["rule"]),
  label: String(row["label"]),
  state: row["state"] as TaskState,
  openedAt: instant(String(row["opened_at"])),
  dueOn: text(row["due_on"]),
  who: JSON.parse(String(row["who"])) as Who[],
  because: list(row["because"]),
  unassigned: Number(row["unassigned"]) === 1,
  closedAt: instantOrNull(text(row["closed_at"])),
  closedBy: text(row["closed_by"]),
  closedWhy: text(row["closed_why"]),
});

const timerColumns = `t.id, t.organisation, t.type, t.record, t.rule, t.step, t.n, t.anchor_value, t.due_at, t.state,
  t.provisional, t.fired_at, t.outcome`;

const timerOf = (row: Row): TimerView => ({
  id: String(row["id"]),
  organisation: String(row["organisation"]),
  type: String(row["type"]),
  record: String(row["record"]),
  rule: String(row["rule"]),
  step: String(row["step"]),
  n: Number(row["n"]),
  anchorValue: String(row["anchor_value"]),
  dueAt: instant(String(row["due_at"])),
  state: row["state"] as TimerState,
  provisional: Number(row["provisional"]) === 1,
  firedAt: instantOrNull(text(row["fired_at"])),
  outcome: text(row["outcome"]),
});

export interface TaskArgs {
  type?: string | null;
  /** Dates, both included. */
  due?: { from: string; to: string };
  /** Only those this person holds. */
  holder?: string;
  record?: string | null;
  state?: TaskState | null;
  unassigned?: boolean | null;
  /** Open tasks others hold: in this person's place, or on records this person is a party to. */
  waitingFor?: string;
}

function taskWhere(viewer: Viewer, args: TaskArgs): { sql: string; params: SqlValue[] } | "none" {
  const seen = onVisibleRecords(viewer, "t", args.type);
  if (seen === "none") return "none";
  const within = organisationsOf(viewer, "t");
  const parts: string[] = [...within.parts];
  const params: SqlValue[] = [...within.params];
  const also = (sql: string, ...values: SqlValue[]): void => {
    parts.push(sql);
    params.push(...values);
  };
  if (args.record) also("t.record = ?", args.record);
  if (args.state) also("t.state = ?", args.state);
  if (args.due) also("t.due_on BETWEEN ? AND ?", args.due.from, args.due.to);
  if (args.unassigned !== undefined && args.unassigned !== null) also("t.unassigned = ?", args.unassigned ? 1 : 0);
  if (args.waitingFor)
    also(
      "NOT EXISTS (SELECT 1 FROM task_holder h WHERE h.task = t.id AND h.person = ? AND h.open = 1 AND h.done_at IS NULL)",
      args.waitingFor,
    );
  // Last: what may be seen is asked of what else is left.
  also(seen.sql, ...seen.params);
  return { sql: parts.join(" AND "), params };
}

/** The organisations that a viewer reaches, as the indexes begin with. Nothing beyond them is seen in any case. */
function organisationsOf({ access }: Viewer, alias: string): { parts: string[]; params: SqlValue[] } {
  if (access.system) return { parts: [], params: [] };
  const ids = access.organisations.map(({ id }) => id);
  return {
    parts: [ids.length === 1 ? `${alias}.organisation = ?` : `${alias}.organisation IN (${marks(ids.length)})`],
    params: ids,
  };
}

/**
 * What a read of tasks begins at: the person's own, where it is theirs that are asked for, so that it costs what they
 * hold and not what the school does.
 */
function tasksFrom(viewer: Viewer, { holder, waitingFor }: TaskArgs): { sql: string; params: SqlValue[] } {
  const within = organisationsOf(viewer, "own");
  const and = within.parts.map((part) => ` AND ${part}`).join("");
  if (holder)
    return {
      sql: `(SELECT own.task AS id FROM task_holder own WHERE own.person = ? AND own.open = 1 AND own.done_at IS NULL${and}) mine
        STRAIGHT_JOIN task t ON t.id = mine.id`,
      params: [holder, ...within.params],
    };
  if (waitingFor)
    return {
      sql: `(SELECT own.task AS id FROM task_holder own WHERE own.instead_of = ? AND own.open = 1 AND own.done_at IS NULL${and}
        UNION SELECT open.id FROM record_party p STRAIGHT_JOIN task open ON open.record = p.record AND open.state = 'open'
          WHERE p.person = ?) mine
        STRAIGHT_JOIN task t ON t.id = mine.id`,
      params: [waitingFor, ...within.params, waitingFor],
    };
  return { sql: "task t", params: [] };
}

/** Soonest due first, those without a date last. */
export async function readTasks(sql: Sql, viewer: Viewer, args: TaskArgs & PageArgs): Promise<Page<TaskView>> {
  const wanted = wantedTasks(args);
  if (wanted)
    return noted(viewer, pageOf(await readInOrder(sql, viewer, taskOrder, taskColumns, wanted, args), args, taskOf));
  const where = taskWhere(viewer, args);
  if (where === "none") return emptyPage();
  const from = tasksFrom(viewer, args);
  const key = "COALESCE(t.due_on, '9999-12-31')";
  const of = { sql: where.sql, params: [...from.params, ...where.params] };
  const select = `SELECT ${taskColumns}, ${key} AS k FROM ${from.sql}`;
  return noted(viewer, pageOf(await readPage(sql, select, of, key, args), args, taskOf));
}

/** Undefined where a read begins at something that is few already: a person's own, or one record's. */
const wantedTasks = ({ record, holder, waitingFor, type, state, unassigned, due }: TaskArgs): Wanted | undefined =>
  record || holder || waitingFor
    ? undefined
    : {
        equal: {
          type: type ?? undefined,
          state: state ?? undefined,
          unassigned: typeof unassigned === "boolean" ? Number(unassigned) : undefined,
        },
        ...due,
      };

export async function countTasks(sql: Sql, viewer: Viewer, args: TaskArgs): Promise<number> {
  const wanted = wantedTasks(args);
  if (wanted) return countInOrder(sql, viewer, taskOrder, wanted);
  const where = taskWhere(viewer, args);
  if (where === "none") return 0;
  const from = tasksFrom(viewer, args);
  const [row] = await sql.query(
    `SELECT COUNT(*) AS n, MIN(c.type) AS type
     FROM (SELECT t.type FROM ${from.sql} WHERE ${where.sql} LIMIT ${COUNTED + 1}) c`,
    [...from.params, ...where.params],
  );
  return countOf(viewer, args, row);
}

/** How many open tasks of each type are past their day, on records that may be seen. */
export const overdueByType = (sql: Sql, viewer: Viewer, today: string): Promise<Map<string, number>> =>
  countByType(sql, viewer, taskOrder, { equal: { state: "open" }, before: today });

export async function taskById(sql: Sql, viewer: Viewer, id: string): Promise<TaskView | undefined> {
  const where = taskWhere(viewer, {});
  if (where === "none") return undefined;
  const [row] = await sql.query(`SELECT ${taskColumns} FROM task t WHERE t.id = ? AND ${where.sql}`, [
    id,
    ...where.params,
  ]);
  const task = row && taskOf(row);
  if (task) noteRows(viewer, [task]);
  return task;
}

/** Of records already seen. Open ones first, then the newest. */
export async function tasksOfRecords(sql: Sql, records: readonly string[]): Promise<TaskView[]> {
  const rows = await sql.query(
    `SELECT ${taskColumns} FROM task t WHERE t.record IN (${marks(records.length)})
     ORDER BY t.state = 'open' DESC, t.due_on, t.id DESC`,
    [...records],
  );
  return rows.map(taskOf);
}

/** Who holds the tasks now, or held them when they closed. */
export async function holdersOfTasks(sql: Sql, tasks: readonly string[]): Promise<{ task: string; person: string }[]> {
  const rows = await sql.query(`SELECT task, person FROM task_holder WHERE task IN (${marks(tasks.length)})`, [
    ...tasks,
  ]);
  return rows.map((row) => ({ task: String(row["task"]), person: String(row["person"]) }));
}

/** The open task of a rule on a record. */
export async function openTaskOn(sql: Sql, record: string, rule: string): Promise<string | undefined> {
  const [row] = await sql.query("SELECT id FROM task WHERE record = ? AND rule = ? AND state = 'open'", [record, rule]);
  return row && String(row["id"]);
}

/** Which of these records name this person. */
export async function recordsNaming(sql: Sql, person: string, records: readonly string[]): Promise<Set<string>> {
  const rows = await sql.query(
    `SELECT DISTINCT record FROM record_party WHERE person = ? AND record IN (${marks(records.length)})`,
    [person, ...records],
  );
  return new Set(rows.map((row) => String(row["record"])));
}

/** The rules of the open tasks of a record that this person holds, or has done their part of. */
export async function tasksHeldOn(sql: Sql, record: string, person: string): Promise<string[]> {
  const rows = await sql.query(
    `SELECT t.rule FROM task t JOIN task_holder h ON h.task = t.id
     WHERE t.record = ? AND t.state = 'open' AND h.person = ? AND h.open = 1`,
    [record, person],
  );
  return rows.map((row) => String(row["rule"]));
}

export interface TimerArgs {
  type?: string | null;
  record?: string | null;
  state?: TimerState | null;
  /** Instants, ISO: from included, to not. */
  from?: string | null;
  to?: string | null;
  /** Only of records that name this person. */
  naming?: string | undefined;
}

function timerWhere(viewer: Viewer, args: TimerArgs): { sql: string; params: SqlValue[] } | "none" {
  const seen = onVisibleRecords(viewer, "t", args.type, hiddenClocks(viewer));
  if (seen === "none") return "none";
  const within = organisationsOf(viewer, "t");
  const parts: string[] = ["t.kind = 'rule'", ...within.parts];
  const params: SqlValue[] = [...within.params];
  const also = (sql: string, ...values: SqlValue[]): void => {
    parts.push(sql);
    params.push(...values);
  };
  if (args.record) also("t.record = ?", args.record);
  if (args.state) also("t.state = ?", args.state);
  if (args.from) also("t.due_at >= ?", datetime(args.from));
  if (args.to) also("t.due_at < ?", datetime(args.to));
  also(seen.sql, ...seen.params);
  return { sql: parts.join(" AND "), params };
}

const wantedTimers = ({ record, type, state, from, to, naming }: TimerArgs): Wanted | undefined =>
  record
    ? undefined
    : {
        equal: { type: type ?? undefined, state: state ?? undefined },
        from: from ? datetime(from) : undefined,
        before: to ? datetime(to) : undefined,
        naming,
      };

/** Soonest first. */
export async function readTimers(sql: Sql, viewer: Viewer, args: TimerArgs & PageArgs): Promise<Page<TimerView>> {
  const wanted = wantedTimers(args);
  if (wanted)
    return noted(viewer, pageOf(await readInOrder(sql, viewer, timerOrder, timerColumns, wanted, args), args, timerOf));
  const where = timerWhere(viewer, args);
  if (where === "none") return emptyPage();
  const rows = await readPage(sql, `SELECT ${timerColumns}, t.due_at AS k FROM timer t`, where, "t.due_at", args);
  return noted(viewer, pageOf(rows, args, timerOf));
}

export async function countTimers(sql: Sql, viewer: Viewer, args: TimerArgs): Promise<number> {
  const wanted = wantedTimers(args);
  if (wanted) return countInOrder(sql, viewer, timerOrder, wanted);
  const where = timerWhere(viewer, args);
  if (where === "none") return 0;
  const [row] = await sql.query(
    `SELECT COUNT(*) AS n, MIN(c.type) AS type
     FROM (SELECT t.type FROM timer t WHERE ${where.sql} LIMIT ${COUNTED + 1}) c`,
    where.params,
  );
  return countOf(viewer, args, row);
}

/** Of records already seen, soonest first. */
export async function timersOfRecords(
  sql: Sql,
  viewer: Pick<Viewer, "registry" | "access">,
  records: readonly string[],
): Promise<TimerView[]> {
  const rows = await sql.query(
    `SELECT ${timerColumns} FROM timer t WHERE t.record IN (${marks(records.length)}) AND t.kind = 'rule' ORDER BY t.due_at, t.id LIMIT 5000`,
    [...records],
  );
  const hidden = hiddenClocks(viewer);
  return rows.map(timerOf).filter(({ type, rule }) => !hidden.get(type)?.includes(rule));
}

export function noted<T extends { type: string; record: string }>(viewer: Viewer, page: Page<T>): Page<T> {
  noteRows(viewer, page.nodes);
  return page;
}

/** A count of what hangs on one record tells of that record; `row`: its `n` and a `type`. */
export function countOf(viewer: Viewer, { record }: { record?: string | null }, row: Row | undefined): number {
  const n = Number(row?.["n"] ?? 0);
  if (record && n > 0) noteLooks(viewer, String(row?.["type"]), [record]);
  return n;
}

/** A page by keyset over `key` and the id; rows carry the key as `k`. One more row than asked for tells of a next page. */
export async function readPage(
  sql: Sql,
  select: string,
  where: { sql: string; params: SqlValue[] },
  key: string,
  page: PageArgs & { newestFirst?: boolean },
): Promise<Row[]> {
  const params = [...where.params];
  const [beyond, direction] = page.newestFirst ? ["<", " DESC"] : [">", ""];
  let seek = "";
  if (page.after) {
    const after = pageCursor(page.after);
    seek = ` AND (${key} ${beyond} ? OR (${key} = ? AND t.id ${beyond} ?))`;
    params.push(after[0], after[0], after[1]);
  }
  return sql.query(
    `${select} WHERE ${where.sql}${seek} ORDER BY k${direction}, t.id${direction} LIMIT ${limitOf(page) + 1}`,
    params,
  );
}

export function pageOf<T>(rows: Row[], args: PageArgs, of: (row: Row) => T): Page<T> {
  const limit = limitOf(args);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    nodes: shown.map(of),
    hasNextPage: rows.length > limit,
    endCursor: last ? cursorOf(String(last["k"]), String(last["id"])) : null,
  };
}

/** Occurrences of rules fired so far, ever. */
export async function firedCount(sql: Sql): Promise<number> {
  const [row] = await sql.query("SELECT COUNT(*) AS n FROM timer WHERE state = 'fired' AND kind = 'rule'");
  return Number(row?.["n"] ?? 0);
}
