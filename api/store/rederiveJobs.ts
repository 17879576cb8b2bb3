/** Jobs that derive clocks again after a change of a source, and the rows they look through, by pages. */
import { datetime, instant, instantOrNull, marks, type Row, type Sql, textOrNull, type Tx } from "./database";
import { tableName } from "./recordTable";

/** Where a job is: in which phase (a table, or rows of clocks by when they are due), behind which row. */
export interface JobCursor {
  /** ISO; null but among clocks. */
  at: string | null;
  phase: string;
  id: string;
}

export interface NewJob {
  id: string;
  kind: "calendar" | "figure" | "rules" | "people" | "linked";
  organisation: string | null;
  type: string | null;
  /** The record that changed, for `linked`; `type` is its type. */
  target?: string | null;
  reason: string;
  actor: string | null;
  moved: number;
  visited: number;
  /** Records it reaches; null until they are counted. */
  total: number | null;
  cursor: JobCursor;
  /** From when on it is done, school time, ISO. */
  at: string;
  doneAt: string | null;
}

/**
 * One that waits, would visit the same and begins with it does for both: it is held, so that it begins after this
 * transaction. `nowIso` is school time.
 */
export async function queueJob(tx: Tx, job: NewJob, nowIso: string): Promise<void> {
  const asWhole = job.kind !== "linked" && job.visited === 0 && job.doneAt === null;
  if (asWhole && (await hasWaiting(tx, job, nowIso))) return;
  await tx.execute(
    `INSERT INTO rederive (id, source, organisation, type, target, reason, actor, moved, visited, total, cursor_at, cursor_type,
       cursor_id, created_at, done_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      job.id,
      job.kind,
      job.organisation,
      job.type,
      job.target ?? null,
      job.reason.slice(0, 500),
      job.actor,
      job.moved,
      job.visited,
      job.total,
      job.cursor.at && datetime(job.cursor.at),
      job.cursor.phase,
      job.cursor.id,
      datetime(job.at),
      job.doneAt && datetime(job.doneAt),
    ],
  );
}

export interface Job extends Pick<
  NewJob,
  "id" | "kind" | "organisation" | "type" | "target" | "reason" | "cursor" | "total"
> {}

/** What is due already begins at once; on a later day holds what did not hold before, so that its job is its own. */
async function hasWaiting(tx: Tx, { kind, organisation, type, at }: NewJob, nowIso: string): Promise<boolean> {
  const rows = await tx.query(
    `SELECT id FROM rederive WHERE done_at IS NULL AND total IS NULL AND visited = 0 AND source = ?
       AND organisation <=> ? AND type <=> ? AND created_at ${at > nowIso ? "=" : "<="} ? LIMIT 1 FOR UPDATE SKIP LOCKED`,
    [kind, organisation, type, datetime(at)],
  );
  return rows.length > 0;
}

/** The oldest unfinished job that nobody else is at, or the one of this id, locked. */
export async function nextJob(tx: Tx, nowIso: string, id?: string): Promise<Job | undefined> {
  const [row] = await tx.query(
    `SELECT * FROM rederive WHERE done_at IS NULL AND created_at <= ?
       ${id === undefined ? "" : "AND id = ?"} ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED`,
    [datetime(nowIso), ...(id === undefined ? [] : [id])],
  );
  if (!row) return undefined;
  return {
    id: String(row["id"]),
    // Those queued by earlier versions visit whatever a rule can reach, from the beginning.
    kind: (row["source"] === "" ? "rules" : String(row["source"])) as Job["kind"],
    organisation: textOrNull(row["organisation"]),
    type: textOrNull(row["type"]),
    target: textOrNull(row["target"]),
    reason: String(row["reason"]),
    total: row["total"] === null ? null : Number(row["total"]),
    cursor: {
      at: instantOrNull(row["cursor_at"] as string | null),
      phase: row["source"] === "" && row["cursor_at"] === null ? "" : String(row["cursor_type"] ?? ""),
      id: String(row["cursor_id"] ?? ""),
    },
  };
}

/** Moves a job on from where it was read; nothing where another worker has moved it since. */
export async function saveJob(
  tx: Tx,
  { id, cursor: from }: Pick<Job, "id" | "cursor">,
  page: { cursor: JobCursor; moved: number; visited: number; failed: number; doneAt: string | null },
): Promise<void> {
  await tx.execute(
    `UPDATE rederive SET source = IF(source = '', 'rules', source), cursor_at = ?, cursor_type = ?, cursor_id = ?,
       moved = moved + ?, visited = visited + ?, failed = failed + ?, done_at = ?
     WHERE id = ? AND done_at IS NULL
       AND (source = '' OR (COALESCE(cursor_type, '') = ? AND COALESCE(cursor_id, '') = ?))`,
    [
      page.cursor.at && datetime(page.cursor.at),
      page.cursor.phase,
      page.cursor.id,
      page.moved,
      page.visited,
      page.failed,
      page.doneAt && datetime(page.doneAt),
      id,
      from.phase,
      from.id,
    ],
  );
}

/** Says how many records a job reaches. */
export async function saveTotal(sql: Sql, id: string, total: number): Promise<void> {
  await sql.execute("UPDATE rederive SET total = ? WHERE id = ?", [total, id]);
}

/** Ends a job that cannot go on, so that those behind it can. */
export async function endJob(sql: Sql, id: string, cause: string, at: string): Promise<void> {
  await sql.execute("UPDATE rederive SET cause = ?, done_at = ?, lease_until = NULL WHERE id = ? AND done_at IS NULL", [
    cause.slice(0, 500),
    datetime(at),
    id,
  ]);
}

/** Lets an ended job begin again. False where there is none of this id. */
export async function repeatJob(sql: Sql, id: string): Promise<boolean> {
  const { affectedRows } = await sql.execute(
    `UPDATE rederive SET done_at = NULL, cause = NULL, visited = 0, failed = 0, total = NULL, cursor_at = NULL,
       cursor_type = '', cursor_id = '', lease_until = NULL WHERE id = ?`,
    [id],
  );
  return affectedRows > 0;
}

export interface JobView {
  id: string;
  /** Completes "because …". */
  reason: string;
  /** Who made the change; null where Duly did. */
  by: string | null;
  /** School time, ISO. */
  since: string;
  /** Records visited, clocks moved and records that failed, so far. */
  visited: number;
  moved: number;
  failed: number;
  /** Records it reaches, about; null where that is not known. */
  total: number | null;
  doneAt: string | null;
  /** Why it ended before it was done. */
  cause: string | null;
}

/**
 * Unfinished ones of these organisations that have begun, oldest first, and then the last ten that ended; but for those of
 * one record's fields, which are no news.
 */
export async function openJobs(sql: Sql, organisations: readonly string[], nowIso: string): Promise<JobView[]> {
  const columns = `j.id, j.reason, p.name AS by_name, j.created_at, j.moved, j.visited, j.failed, j.total, j.done_at, j.cause
    FROM rederive j LEFT JOIN person p ON p.id = j.actor
    WHERE j.source <> 'linked' AND (j.organisation IS NULL OR j.organisation IN (${marks(organisations.length)}))`;
  const rows = [
    ...(await sql.query(`SELECT ${columns} AND j.done_at IS NULL AND j.created_at <= ? ORDER BY j.id LIMIT 50`, [
      ...organisations,
      datetime(nowIso),
    ])),
    ...(await sql.query(`SELECT ${columns} AND j.done_at IS NOT NULL ORDER BY j.done_at DESC, j.id DESC LIMIT 10`, [
      ...organisations,
    ])),
  ];
  return rows.map((row) => ({
    id: String(row["id"]),
    reason: String(row["reason"]),
    by: textOrNull(row["by_name"]),
    since: instant(String(row["created_at"])),
    visited: Number(row["visited"]),
    moved: Number(row["moved"]),
    failed: Number(row["failed"]),
    total: row["total"] === null || Number(row["total"]) < 0 ? null : Number(row["total"]),
    doneAt: instantOrNull(textOrNull(row["done_at"])),
    cause: textOrNull(row["cause"]),
  }));
}

/** What a count of a job's records is limited to. Null: all. */
export interface Reach {
  organisations: readonly string[] | null;
  type: string | null;
}

const within = ({ organisations }: Reach): string =>
  organisations === null ? "" : ` AND organisation IN (${marks(organisations.length)})`;

/** Records with a waiting clock of a rule, or with an open task. */
export async function countRecordsWith(sql: Sql, what: "timers" | "tasks", reach: Reach): Promise<number> {
  const where = what === "timers" ? "timer WHERE state = 'waiting' AND kind = 'rule'" : "task WHERE state = 'open'";
  const [row] = await sql.query(
    `SELECT COUNT(DISTINCT record) AS n FROM ${where}${within(reach)}${reach.type === null ? "" : " AND type = ?"}`,
    [...(reach.organisations ?? []), ...(reach.type === null ? [] : [reach.type])],
  );
  return Number(row?.["n"] ?? 0);
}

/** Records of a type in one of these states. */
export async function countLiving(
  sql: Sql,
  type: string,
  states: readonly string[],
  reach: Omit<Reach, "type">,
): Promise<number> {
  const [row] = await sql.query(
    `SELECT COUNT(*) AS n FROM ${tableName(type)} WHERE state IN (${marks(states.length)})${within({ ...reach, type })}`,
    [...states, ...(reach.organisations ?? [])],
  );
  return Number(row?.["n"] ?? 0);
}

export interface StandingTimer {
  id: string;
  organisation: string;
  type: string;
  record: string;
  /** ISO. */
  dueAt: string;
  stamp: string;
  /** Counted from something: an event sent, a roster and a duty are not. */
  ofRule: boolean;
}

/** Waiting clocks of rules, soonest due first, from behind the cursor. */
export async function standingTimers(sql: Sql, { at, id }: JobCursor, count: number): Promise<StandingTimer[]> {
  const rows: Row[] = [];
  const read = async (range: string, params: string[]): Promise<void> => {
    if (rows.length < count)
      rows.push(
        ...(await sql.query(
          `SELECT id, organisation, type, record, due_at, stamp, kind FROM timer FORCE INDEX (due)
           WHERE state = 'waiting' AND ${range} ORDER BY due_at, id LIMIT ${count - rows.length}`,
          params,
        )),
      );
  };
  // Each is one range of the index; as one condition it would be read from its beginning again.
  if (at !== null) await read("due_at = ? AND id > ?", [datetime(at), id]);
  await read("due_at > ?", [at === null ? "1000-01-01 00:00:00.000" : datetime(at)]);
  return rows.map((row) => ({
    id: String(row["id"]),
    organisation: String(row["organisation"]),
    type: String(row["type"]),
    record: String(row["record"]),
    dueAt: instant(String(row["due_at"])),
    stamp: String(row["stamp"]),
    ofRule: row["kind"] === "rule",
  }));
}

export interface VisitedRow {
  id: string;
  organisation: string;
  type: string;
  record: string;
  wanted: boolean;
}

/** Open tasks behind an id, with their records. */
export async function recordsWithTasks(sql: Sql, after: string, count: number): Promise<VisitedRow[]> {
  const rows = await sql.query(
    `SELECT id, organisation, type, record, state FROM task WHERE id > ? ORDER BY id LIMIT ${count}`,
    [after],
  );
  return rows.map((row) => ({
    id: String(row["id"]),
    organisation: String(row["organisation"]),
    type: String(row["type"]),
    record: String(row["record"]),
    wanted: row["state"] === "open",
  }));
}

/** Records of a type behind an id, with whether they are in one of these states (and hold no clock that waits). */
export async function livingRecords(
  sql: Sql,
  { phase: type, id }: JobCursor,
  count: number,
  { states, withoutTimers }: { states: string[]; withoutTimers: boolean },
): Promise<VisitedRow[]> {
  const idle = withoutTimers
    ? ` AND NOT EXISTS (SELECT 1 FROM timer t WHERE t.record = r.id AND t.state = 'waiting' AND t.kind = 'rule')`
    : "";
  const rows = await sql.query(
    `SELECT r.id, r.organisation, (r.state IN (${marks(states.length)})${idle}) AS wanted
     FROM (SELECT id, organisation, state FROM ${tableName(type)} WHERE id > ? ORDER BY id LIMIT ${count}) r
     ORDER BY r.id`,
    [...states, id],
  );
  return rows.map((row) => ({
    id: String(row["id"]),
    organisation: String(row["organisation"]),
    type,
    record: String(row["id"]),
    wanted: Number(row["wanted"]) === 1,
  }));
}

/** Records that link to this one by one of these fields, behind an id. */
export async function pointingRecords(
  sql: Sql,
  { target, organisations, fields }: { target: string; organisations: readonly string[]; fields: LinkField[] },
  after: string,
  count: number,
): Promise<VisitedRow[]> {
  if (!fields.length || !organisations.length) return [];
  const rows = await sql.query(
    `SELECT DISTINCT record AS id, organisation, type FROM record_link
     WHERE organisation IN (${marks(organisations.length)}) AND target = ?
       AND (type, field) IN (${fields.map(() => "(?, ?)").join(", ")}) AND record > ? ORDER BY record LIMIT ${count}`,
    [...organisations, target, ...fields.flatMap(({ type, field }) => [type, field]), after],
  );
  return rows.map((row) => ({
    id: String(row["id"]),
    organisation: String(row["organisation"]),
    type: String(row["type"]),
    record: String(row["id"]),
    wanted: true,
  }));
}

export interface LinkField {
  type: string;
  field: string;
}
