/**
 * Living deadlines: when a calendar, a figure, a rule or who holds a role changes, everything computed from it follows.
 * Up to 500 records at once in the transaction of the change, soonest due first; a resumable job does the rest.
 * Until then nothing fires on an old date: a timer with an old stamp is derived again under its record's lock.
 */
import type { Change } from "../../schema/record";
import { datetime, isoOf, marks, type SqlValue, textOrNull } from "../store/database";
import { rootOrganisation, withBelow } from "../store/organisations";
import { lockRecords, type RecordKey } from "../store/records";
import { tableName } from "../store/recordTable";
import { layDuties } from "./duties";
import { apply, workOn } from "./pipeline";
import { run, type Run, systemIdentity } from "./run";
import type { World } from "./world";

const atOnce = 500;
const page = 100;

export interface Source {
  /** The organisation whose source changed, with those below; null: all. */
  organisation: string | null;
  /** A record type, or all of them. */
  type: string | null;
  /** Completes "moved because …". */
  reason: string;
  /** School date from which it holds; today or before: now. */
  from?: string;
}

/** Moves what can be moved at once and leaves the rest to the job. Returns how many clocks moved so far. */
export async function rederive(run: Run, source: Source): Promise<{ moved: number }> {
  await layDuties(run, source.type ?? undefined);
  const later = source.from !== undefined && source.from > run.today;
  let moved = 0;
  if (!later) {
    const keys = await soonest(run, source);
    moved = await rederiveRecords(run, keys, source.reason);
  }
  const startsAt = later && source.from ? run.calendar.at(source.from, "00:00") : run.now;
  await run.tx.execute(
    "INSERT INTO rederive (id, organisation, type, reason, actor, moved, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
    [
      run.newId(),
      source.organisation,
      source.type,
      source.reason.slice(0, 500),
      run.actor.kind === "person" ? run.actor.id : null,
      moved,
      datetime(isoOf(startsAt)),
    ],
  );
  run.afterCommit(() => run.world.wake([run.nowIso], run.now - run.machineNow));
  return { moved };
}

async function scopeOfSource(run: Pick<Run, "tx">, source: Source): Promise<{ sql: string; params: SqlValue[] }> {
  if (source.organisation === null) return { sql: "1 = 1", params: [] };
  const ids = await withBelow(run.tx, source.organisation);
  return { sql: `organisation IN (${marks(ids.length)})`, params: ids };
}

/** Records with something waiting or open, soonest first. */
async function soonest(run: Run, source: Source): Promise<RecordKey[]> {
  const scope = await scopeOfSource(run, source);
  const byType = source.type === null ? "" : " AND type = ?";
  const params = [...scope.params, ...(source.type === null ? [] : [source.type])];
  const rows = await run.tx.query(
    `SELECT record, type, MIN(soon) AS soon FROM (
       SELECT record, type, due_at AS soon FROM timer WHERE state = 'waiting' AND rule NOT LIKE 'duty:%' AND ${scope.sql}${byType}
       UNION ALL
       SELECT record, type, opened_at AS soon FROM task WHERE state = 'open' AND ${scope.sql}${byType}
     ) AS standing GROUP BY record, type ORDER BY soon LIMIT ${atOnce}`,
    [...params, ...params],
  );
  return rows.map((row) => ({ type: String(row["type"]), id: String(row["record"]) }));
}

async function rederiveRecords(run: Run, keys: RecordKey[], reason: string): Promise<number> {
  if (!keys.length) return 0;
  const records = await lockRecords(run.tx, run.registry, keys);
  const changes = await apply(
    run,
    records.map((record) => workOn(run, record, { kind: "rederive", reason })),
  );
  return changes.reduce((sum, change) => sum + movedIn(change), 0);
}

/** A step that became another ("14 days before", now 21) ends one clock and sets one: to people, a clock that moved. */
function movedIn({ timers, newTimers }: Pick<Change, "timers" | "newTimers">): number {
  const moved = timers.filter(({ movedFrom }) => movedFrom !== undefined).length;
  const ended = timers.filter(({ timer }) => timer.state === "cancelled").length;
  const set = newTimers.filter(({ state }) => state === "waiting").length;
  return moved + Math.max(ended, set);
}

/** Does a page of the oldest unfinished job. False where there is none. `at` as in `run`. */
export async function rederiveSome(world: World, at?: number): Promise<boolean> {
  const root = await rootOrganisation(world.db);
  return run(
    world,
    systemIdentity(root),
    async (current) => {
      const machine = datetime(isoOf(current.machineNow));
      const [job] = await current.tx.query(
        `SELECT * FROM rederive WHERE done_at IS NULL AND created_at <= ? AND (lease_until IS NULL OR lease_until < ?)
         ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED`,
        [datetime(current.nowIso), machine],
      );
      if (!job) return false;
      const keys = await nextPage(current, job);
      const moved = await rederiveRecords(current, keys, String(job["reason"]));
      const last = keys.at(-1);
      await current.tx.execute(
        "UPDATE rederive SET cursor_type = ?, cursor_id = ?, moved = moved + ?, done_at = ?, lease_until = NULL WHERE id = ?",
        [
          last?.type ?? (job["cursor_type"] as SqlValue),
          last?.id ?? (job["cursor_id"] as SqlValue),
          moved,
          keys.length ? null : datetime(current.nowIso),
          String(job["id"]),
        ],
      );
      return true;
    },
    at,
  );
}

/** Records after the job's cursor, by type and id. */
async function nextPage(run: Run, job: Record<string, unknown>): Promise<RecordKey[]> {
  const source = {
    organisation: textOrNull(job["organisation"]),
    type: textOrNull(job["type"]),
    reason: "",
  };
  const scope = await scopeOfSource(run, source);
  const types = source.type === null ? [...run.registry.types.keys()].sort() : [source.type];
  const cursorType = job["cursor_type"] === null ? "" : String(job["cursor_type"]);
  for (const type of types) {
    if (type < cursorType || !run.registry.types.has(type)) continue;
    const after = type === cursorType ? String(job["cursor_id"]) : "";
    const rows = await run.tx.query(
      `SELECT id FROM ${tableName(type)} WHERE id > ? AND ${scope.sql} ORDER BY id LIMIT ${page}`,
      [after, ...scope.params],
    );
    if (rows.length) return rows.map((row) => ({ type, id: String(row["id"]) }));
  }
  return [];
}
