/**
 * Work that failed in the background and waits for a person. A fault is one thing that failed (an email, a timer, a
 * duty), by kind and id: recording it again while it is open counts, and adds no row.
 */
import { ulid } from "ulid";
import type { FaultKindName } from "../../schema/faultKinds";
import type { RecordType } from "../../schema/definition";
import { datetime, instant, instantOrNull, marks, type Row, type Sql, textOrNull } from "./database";
import { tableName } from "./recordTable";

export interface NewFault {
  /** Where it is seen to; that of the record it is about goes before, whoever set going what failed. */
  organisation: string;
  kind: FaultKindName;
  /** The id of what failed: an email's, a timer's. At most 191 ASCII characters. */
  subject: string;
  /** The record it is about, where there is one. */
  about?: { type: string; record: string };
  /** A sentence for whoever runs the school's Duly. It contains nobody's data: this list is read without the record. */
  cause: string;
  /** School time, ISO. */
  at: string;
}

export interface Fault {
  id: string;
  organisation: string;
  kind: FaultKindName;
  subject: string;
  about: { type: string; record: string } | null;
  cause: string;
  /** School time, ISO: the first and the last failure. */
  happenedAt: string;
  lastAt: string;
  times: number;
  /** The record that gives somebody a task for it. */
  problem: string | null;
  settledAt: string | null;
  /** A person's id; null where it settled itself. */
  settledBy: string | null;
  how: FaultEnd | null;
  /** Why a person left it; null otherwise. */
  why: string | null;
}

/** `done`: it worked after all. `skipped`: a person decided against it. `gone`: there is nothing left to do. */
export type FaultEnd = "done" | "skipped" | "gone";

const columns =
  "id, organisation, kind, subject, type, record, cause, happened_at, last_at, times, problem, settled_at, settled_by, how, why";

function faultOf(row: Row): Fault {
  const [type, record] = [textOrNull(row["type"]), textOrNull(row["record"])];
  return {
    id: String(row["id"]),
    organisation: String(row["organisation"]),
    kind: String(row["kind"]) as FaultKindName,
    subject: String(row["subject"]),
    about: type !== null && record !== null ? { type, record } : null,
    cause: String(row["cause"]),
    happenedAt: instant(String(row["happened_at"])),
    lastAt: instant(String(row["last_at"])),
    times: Number(row["times"]),
    problem: textOrNull(row["problem"]),
    settledAt: instantOrNull(textOrNull(row["settled_at"])),
    settledBy: textOrNull(row["settled_by"]),
    how: textOrNull(row["how"]) as FaultEnd | null,
    why: textOrNull(row["why"]),
  };
}

/** Records a failure, or counts it once more while it is open. Commit it apart from the work that failed. */
export async function recordFault(sql: Sql, fault: NewFault): Promise<void> {
  const at = datetime(fault.at);
  const { about } = fault;
  const itsOwn = about ? `COALESCE((SELECT r.organisation FROM ${tableName(about.type)} r WHERE r.id = ?), ?)` : "?";
  await sql.execute(
    `INSERT INTO fault (id, organisation, kind, subject, type, record, cause, happened_at, last_at)
     VALUES (?, ${itsOwn}, ?, ?, ?, ?, ?, ?, ?)
     ON DUPLICATE KEY UPDATE times = times + 1, last_at = VALUES(last_at), cause = VALUES(cause)`,
    [
      ulid(),
      ...(about ? [about.record] : []),
      fault.organisation,
      fault.kind,
      fault.subject,
      about?.type ?? null,
      about?.record ?? null,
      fault.cause.slice(0, 500),
      at,
      at,
    ],
  );
}

export interface FaultArgs {
  /** Those of these organisations. */
  organisations: readonly string[];
  /** Settled ones too. */
  settled?: boolean;
  first: number;
  /** Those behind this one of a page before. */
  after?: string | null;
}

/** Newest first. */
export async function readFaults(sql: Sql, { organisations, settled, first, after }: FaultArgs): Promise<Fault[]> {
  if (!organisations.length) return [];
  const rows = await sql.query(
    `SELECT ${columns} FROM fault WHERE organisation IN (${marks(organisations.length)})${settled ? "" : " AND open = 1"}
       ${after ? "AND id < ?" : ""}
     ORDER BY id DESC LIMIT ${Math.trunc(first)}`,
    after ? [...organisations, after] : [...organisations],
  );
  return rows.map(faultOf);
}

/** How many are open in these organisations, counted to `most`. */
export async function countOpen(sql: Sql, organisations: readonly string[], most: number): Promise<number> {
  if (!organisations.length) return 0;
  const [row] = await sql.query(
    `SELECT COUNT(*) AS n FROM (
       SELECT 1 FROM fault WHERE open = 1 AND organisation IN (${marks(organisations.length)}) LIMIT ${Math.trunc(most)}) f`,
    [...organisations],
  );
  return Number(row?.["n"] ?? 0);
}

export async function faultById(sql: Sql, id: string, lock: "" | "FOR UPDATE" = ""): Promise<Fault | undefined> {
  const [row] = await sql.query(`SELECT ${columns} FROM fault WHERE id = ? ${lock}`, [id]);
  return row && faultOf(row);
}

/** How many are open, by organisation and kind. */
export async function countOpenFaults(
  sql: Sql,
): Promise<{ organisation: string; kind: FaultKindName; count: number; untold: number }[]> {
  const rows = await sql.query(
    `SELECT organisation, kind, COUNT(*) AS n, SUM(problem IS NULL) AS untold FROM fault WHERE open = 1
     GROUP BY organisation, kind ORDER BY organisation, kind`,
  );
  return rows.map((row) => ({
    organisation: String(row["organisation"]),
    kind: String(row["kind"]) as FaultKindName,
    count: Number(row["n"]),
    untold: Number(row["untold"]),
  }));
}

export interface Settled {
  how: FaultEnd;
  /** A person's id, or null. */
  by: string | null;
  /** School time, ISO. */
  at: string;
  /** Why a person left it; at most 500 characters. */
  why?: string;
}

/** Settles what is open of these things. Returns how many faults that were. */
export async function settleFaults(
  sql: Sql,
  kind: FaultKindName,
  subjects: readonly string[],
  { how, by, at, why }: Settled,
): Promise<number> {
  let total = 0;
  for (let from = 0; from < subjects.length; from += 1000) {
    const some = subjects.slice(from, from + 1000);
    const { affectedRows } = await sql.executeText(
      `UPDATE fault SET open = NULL, settled_at = ?, settled_by = ?, how = ?, why = ?
       WHERE open = 1 AND kind = ? AND subject IN (?)`,
      [datetime(at), by, how, why ?? null, kind, [...some]],
    );
    total += affectedRows;
  }
  return total;
}

/** What is open of a kind about these records. */
export async function openFaultsOf(
  sql: Sql,
  kind: FaultKindName,
  records: { id: string; organisation: string }[],
): Promise<{ subject: string; record: string }[]> {
  if (!records.length) return [];
  const organisations = [...new Set(records.map(({ organisation }) => organisation))];
  const rows = await sql.query(
    `SELECT subject, record FROM fault WHERE open = 1 AND organisation IN (${marks(organisations.length)}) AND kind = ?
       AND record IN (${marks(records.length)})`,
    [...organisations, kind, ...records.map(({ id }) => id)],
  );
  return rows.map((row) => ({ subject: String(row["subject"]), record: String(row["record"]) }));
}

/** Settles the open faults that a record gave somebody a task for. */
export async function settleProblem(sql: Sql, problem: string, { how, by, at }: Settled): Promise<void> {
  await sql.execute(
    "UPDATE fault SET open = NULL, settled_at = ?, settled_by = ?, how = ? WHERE open = 1 AND problem = ?",
    [datetime(at), by, how, problem],
  );
}

export interface Problem {
  id: string;
  organisation: string;
  /** In an end state. */
  ended: boolean;
}

/** Records of the type that says `faults` which stand without open faults, or have ended while faults of theirs are open. */
export async function problemsToSettle(sql: Sql, type: RecordType): Promise<Problem[]> {
  const ends = Object.entries(type.states).flatMap(([name, { end }]) => (end ? [name] : []));
  const [table, ended] = [tableName(type.name), ends.length ? `r.state IN (${marks(ends.length)})` : "1 = 0"];
  const rows = await sql.query(
    `SELECT r.id, r.organisation, 0 AS ended FROM ${table} r
     WHERE NOT ${ended} AND NOT EXISTS (SELECT 1 FROM fault f WHERE f.problem = r.id AND f.open = 1)
     UNION ALL
     SELECT DISTINCT r.id, r.organisation, 1 FROM fault f JOIN ${table} r ON r.id = f.problem
     WHERE f.open = 1 AND ${ended} LIMIT 1000`,
    [...ends, ...ends],
  );
  return rows.map((row) => ({
    id: String(row["id"]),
    organisation: String(row["organisation"]),
    ended: Number(row["ended"]) === 1,
  }));
}

export async function hasOpenFaults(sql: Sql, problem: string): Promise<boolean> {
  return (await sql.query("SELECT 1 FROM fault WHERE problem = ? AND open = 1 LIMIT 1", [problem])).length > 0;
}

/** Whether a record is there and in none of these states. */
export async function standsOutside(sql: Sql, type: string, id: string, states: string[]): Promise<boolean> {
  const [row] = await sql.query(`SELECT state FROM ${tableName(type)} WHERE id = ?`, [id]);
  return row !== undefined && !states.includes(String(row["state"]));
}

/** Whether an event is on its way to a record, or could not be carried out. */
export async function eventIsSent(sql: Sql, record: string, event: string): Promise<boolean> {
  const rows = await sql.query(
    "SELECT 1 FROM timer WHERE record = ? AND state IN ('waiting', 'dead') AND kind = 'event' AND rule = ? LIMIT 1",
    [record, event],
  );
  return rows.length > 0;
}

/** The record that was last made for faults of a kind in an organisation. */
export async function latestProblem(sql: Sql, organisation: string, kind: FaultKindName): Promise<string | undefined> {
  const [row] = await sql.query(
    `SELECT problem FROM fault WHERE organisation = ? AND kind = ? AND problem IS NOT NULL ORDER BY id DESC LIMIT 1`,
    [organisation, kind],
  );
  return row && String(row["problem"]);
}

/** Puts the open faults of a kind that no record stands for yet under one. */
export async function assignProblem(
  sql: Sql,
  organisation: string,
  kind: FaultKindName,
  problem: string,
): Promise<void> {
  await sql.execute(
    "UPDATE fault SET problem = ? WHERE open = 1 AND organisation = ? AND kind = ? AND problem IS NULL",
    [problem, organisation, kind],
  );
}

/** What is urgent and has not left after this is shown to whoever administers. */
export const URGENT_LATE_MS = 5 * 60_000;

/**
 * When the urgent notice or email that has waited longest should have left (school time, epoch ms); null where none
 * waits. An email that is kept because no mail server is set does not wait.
 */
export async function oldestUrgentWaiting(sql: Sql, nowIso: string): Promise<number | null> {
  const rows = await sql.query(
    `(SELECT send_at AS since FROM notice WHERE outcome = 'planned' AND urgent = 1 AND send_at <= ?
      ORDER BY send_at LIMIT 1)
     UNION ALL
     (SELECT created_at FROM mail WHERE state IN ('queued', 'sending') AND urgent = 1 ORDER BY created_at LIMIT 1)`,
    [datetime(nowIso)],
  );
  const since = rows.map((row) => Date.parse(instant(String(row["since"]))));
  return since.length ? Math.min(...since) : null;
}
