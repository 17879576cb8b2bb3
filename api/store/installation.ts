/** The installation's own row: where the database lives, whether it is held, and with which key it was made. */
import { createHash } from "node:crypto";
import { datetime, instant, instantOrNull, isoOf, type Sql, textOrNull } from "./database";

/** SHA-256 of the key under a label of its own: tells keys apart and opens nothing. Hex. */
export const keyFingerprint = (key: Buffer): string =>
  createHash("sha256").update("duly key fingerprint\n").update(key).digest("hex");

export interface Installation {
  /** Where it lived when a process last started on it; null before the first start. */
  place: string | null;
  /** Email and clocks wait since then: this may be a copy. Machine time. */
  heldSince: string | null;
  heldWhy: string | null;
  /** The id of the last notice or email there was then. */
  heldMark: string | null;
  keyFingerprint: string | null;
  lastBackupAt: string | null;
}

export async function readInstallation(sql: Sql): Promise<Installation> {
  const [row] = await sql.query(
    "SELECT place, held_since, held_why, held_mark, key_fingerprint, last_backup_at FROM installation WHERE id = 1",
  );
  return {
    place: textOrNull(row?.["place"] ?? null),
    heldSince: instantOrNull(textOrNull(row?.["held_since"] ?? null)),
    heldWhy: textOrNull(row?.["held_why"] ?? null),
    heldMark: textOrNull(row?.["held_mark"] ?? null),
    keyFingerprint: textOrNull(row?.["key_fingerprint"] ?? null),
    lastBackupAt: instantOrNull(textOrNull(row?.["last_backup_at"] ?? null)),
  };
}

/** From now on email and clocks wait, until `release`. What is held already stays so. */
export async function hold(sql: Sql, machineNow: number, why: string): Promise<void> {
  await sql.execute(
    `UPDATE installation SET held_since = ?, held_why = ?, held_mark = (SELECT COALESCE(MAX(id), '') FROM (
       SELECT MAX(id) AS id FROM notice UNION ALL SELECT MAX(id) FROM mail) waiting)
     WHERE id = 1 AND held_since IS NULL`,
    [datetime(isoOf(machineNow)), why],
  );
}

export async function settle(sql: Sql, place: string): Promise<void> {
  await sql.execute("UPDATE installation SET place = ? WHERE id = 1", [place]);
}

/** The instant of the release that is under way, school time, ISO: that of the first try. */
export async function beginRelease(sql: Sql, nowIso: string): Promise<string> {
  await sql.execute("UPDATE installation SET release_at = COALESCE(release_at, ?) WHERE id = 1", [datetime(nowIso)]);
  const [row] = await sql.query("SELECT release_at FROM installation WHERE id = 1");
  return instant(String(row?.["release_at"]));
}

export async function release(sql: Sql): Promise<void> {
  await sql.execute(
    "UPDATE installation SET held_since = NULL, held_why = NULL, held_mark = NULL, release_at = NULL WHERE id = 1",
  );
}

/** The first key stays: a process with another one can read no sensitive field and no link. */
export async function rememberKey(sql: Sql, key: Buffer): Promise<void> {
  await sql.execute("UPDATE installation SET key_fingerprint = ? WHERE id = 1 AND key_fingerprint IS NULL", [
    keyFingerprint(key),
  ]);
}

export async function rememberBackup(sql: Sql, machineNow: number): Promise<void> {
  await sql.execute("UPDATE installation SET last_backup_at = ? WHERE id = 1", [datetime(isoOf(machineNow))]);
}
