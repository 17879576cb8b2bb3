/** School time as the database holds it: machine time plus an offset, which only the demo's time machine moves. */
import { datetime, instant, isoOf, type Sql } from "./database";

export interface Clock {
  /** How far school time is ahead of machine time. */
  offsetMs: number;
  /** Where it is being moved to, epoch ms: whoever moves it fires and sends, and nobody else does. Null while it stands. */
  target: number | null;
  /** Nothing fires and nothing is sent: the database may be a copy (`engine/place.ts`). */
  held: boolean;
  /** The database's own clock, epoch ms. */
  databaseNow: number;
}

export async function readClock(sql: Sql): Promise<Clock> {
  const [row] = await sql.query(
    `SELECT clock_offset_ms, clock_target, held_since, CAST(UTC_TIMESTAMP(3) AS CHAR) AS database_now
     FROM installation WHERE id = 1`,
  );
  const target = row?.["clock_target"] as string | null | undefined;
  return {
    offsetMs: Number(row?.["clock_offset_ms"] ?? 0),
    target: target ? Date.parse(instant(target)) : null,
    held: (row?.["held_since"] ?? null) !== null,
    databaseNow: row ? Date.parse(instant(String(row["database_now"]))) : Number.NaN,
  };
}

/** Where school time begins, in a database in which nothing has happened yet: it may be long past. */
export async function beginClock(sql: Sql, offsetMs: number): Promise<void> {
  await sql.execute("UPDATE installation SET clock_offset_ms = ? WHERE id = 1", [Math.round(offsetMs)]);
}

/** Moves school time on; never back. */
export async function moveClock(sql: Sql, offsetMs: number): Promise<void> {
  await sql.execute("UPDATE installation SET clock_offset_ms = GREATEST(clock_offset_ms, ?) WHERE id = 1", [
    Math.round(offsetMs),
  ]);
}

export async function setClockTarget(sql: Sql, target: number): Promise<void> {
  await sql.execute("UPDATE installation SET clock_target = ? WHERE id = 1", [datetime(isoOf(target))]);
}

/** The clock has arrived, unless it was sent elsewhere meanwhile. */
export async function clearClockTarget(sql: Sql, target: number): Promise<void> {
  await sql.execute("UPDATE installation SET clock_target = NULL WHERE id = 1 AND clock_target = ?", [
    datetime(isoOf(target)),
  ]);
}
