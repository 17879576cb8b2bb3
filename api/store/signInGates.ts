/** Failed sign-ins. Buckets are keyed hashes of an account, of an account on a known device, or of an address. Machine time. */
import { datetime, deleteAll, isoOf, type Sql } from "./database";

export interface Gate {
  bucket: string;
  /** Failures that cost nothing yet. */
  free: number;
  /** The longest that one has to wait, in seconds. */
  longest: number;
}

/** What is not added to within a day is forgotten. */
const DAY_MS = 86_400_000;

/** Seconds that must have passed since the last failure: 1, 2, 4 … once those that are free are used up. */
const DELAY = "IF(failures < ?, 0, LEAST(?, POW(2, LEAST(failures - ?, 20))))";

/**
 * Counts an attempt as failed, before it is looked at, if it may be made now; false where its delay has not passed. One
 * row and one statement: many at once pass one by one. One that is refused does not lengthen the wait.
 */
export async function passGate(sql: Sql, { bucket, free, longest }: Gate, now: number): Promise<boolean> {
  const [at, forgotten] = [datetime(isoOf(now)), datetime(isoOf(now - DAY_MS))];
  await sql.execute("INSERT IGNORE INTO sign_in_gate (bucket, failures, last_at) VALUES (?, 0, ?)", [bucket, at]);
  const { affectedRows } = await sql.execute(
    `UPDATE sign_in_gate SET failures = IF(last_at < ?, 1, LEAST(failures + 1, 1000000)), last_at = GREATEST(last_at, ?)
     WHERE bucket = ? AND (last_at < ? OR last_at <= ? - INTERVAL ${DELAY} SECOND)`,
    [forgotten, at, bucket, forgotten, at, free, longest, free],
  );
  return affectedRows > 0;
}

/** Seconds until the gate opens; 0 where it stands open. */
export async function gateWait(sql: Sql, { bucket, free, longest }: Gate, now: number): Promise<number> {
  const [row] = await sql.query(
    `SELECT TIMESTAMPDIFF(MICROSECOND, ?, last_at + INTERVAL ${DELAY} SECOND) / 1000000 AS wait
     FROM sign_in_gate WHERE bucket = ? AND last_at >= ?`,
    [datetime(isoOf(now)), free, longest, free, bucket, datetime(isoOf(now - DAY_MS))],
  );
  return Math.max(0, Math.ceil(Number(row?.["wait"] ?? 0)));
}

export const openGate = (sql: Sql, bucket: string) =>
  sql.execute("DELETE FROM sign_in_gate WHERE bucket = ?", [bucket]);

/**
 * Notes that a name was tried from an address, and says how many different ones were since `since`. Beyond `most` no more
 * are noted: whoever guesses fills no table.
 */
export async function namesTried(
  sql: Sql,
  { address, name, most }: { address: string; name: string; most: number },
  now: number,
  since: number,
): Promise<number> {
  const tried = await countTried(sql, address, since);
  if (tried > most) return tried;
  await sql.execute(
    "INSERT INTO sign_in_name (address, name, last_at) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE last_at = VALUES(last_at)",
    [address, name, datetime(isoOf(now))],
  );
  return countTried(sql, address, since);
}

async function countTried(sql: Sql, address: string, since: number): Promise<number> {
  const [row] = await sql.query("SELECT COUNT(*) AS n FROM sign_in_name WHERE address = ? AND last_at > ?", [
    address,
    datetime(isoOf(since)),
  ]);
  return Number(row?.["n"] ?? 0);
}

/** It was the right password: the name speaks for nobody who guesses. */
export const forgetName = (sql: Sql, address: string, name: string) =>
  sql.execute("DELETE FROM sign_in_name WHERE address = ? AND name = ?", [address, name]);

/** Both tables are kept small by the hourly clearing. */
export async function forgetSignIns(sql: Sql, now: number): Promise<void> {
  const before = datetime(isoOf(now - DAY_MS));
  await deleteAll(sql, "sign_in_gate WHERE last_at < ?", [before]);
  await deleteAll(sql, "sign_in_name WHERE last_at < ?", [before]);
}
