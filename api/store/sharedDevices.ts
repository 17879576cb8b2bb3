/** Shared devices, what happens on them, and the PINs by which people name themselves there. All in machine time. */
import { datetime, instant, instantOrNull, marks, type Row, type Sql, textOrNull } from "./database";
import { escapeLike } from "./people";

export interface SharedDeviceRow {
  id: string;
  organisation: string;
  label: string;
  startedBy: string;
  startedAt: string;
  revokedBy: string | null;
  revokedAt: string | null;
  /** Who has named themselves there, until when. */
  person: string | null;
  namedUntil: string | null;
}

export type Use = "named" | "wrongPin" | "locked" | "reported" | "left";

export interface UseRow {
  id: string;
  person: string | null;
  at: string;
  what: Use;
}

const columns = "id, organisation, label, started_by, started_at, revoked_by, revoked_at, person, named_until";

const deviceOf = (row: Row): SharedDeviceRow => ({
  id: String(row["id"]),
  organisation: String(row["organisation"]),
  label: String(row["label"]),
  startedBy: String(row["started_by"]),
  startedAt: instant(String(row["started_at"])),
  revokedBy: textOrNull(row["revoked_by"]),
  revokedAt: instantOrNull(textOrNull(row["revoked_at"])),
  person: textOrNull(row["person"]),
  namedUntil: instantOrNull(textOrNull(row["named_until"])),
});

/** The device that holds a secret, unless it was revoked. */
export async function deviceBehind(sql: Sql, secretHash: string): Promise<SharedDeviceRow | undefined> {
  const [row] = await sql.query(`SELECT ${columns} FROM shared_device WHERE secret_hash = ? AND revoked_at IS NULL`, [
    secretHash,
  ]);
  return row && deviceOf(row);
}

/** Of one organisation, newest first. */
export async function devicesIn(sql: Sql, organisation: string): Promise<SharedDeviceRow[]> {
  const rows = await sql.query(
    `SELECT ${columns} FROM shared_device WHERE organisation = ? ORDER BY id DESC LIMIT 200`,
    [organisation],
  );
  return rows.map(deviceOf);
}

export async function insertDevice(
  sql: Sql,
  device: { id: string; organisation: string; secretHash: string; label: string; by: string; at: string },
): Promise<void> {
  await sql.execute(
    "INSERT INTO shared_device (id, organisation, secret_hash, label, started_by, started_at) VALUES (?, ?, ?, ?, ?, ?)",
    [device.id, device.organisation, device.secretHash, device.label, device.by, datetime(device.at)],
  );
}

/** False where there is none such that still works. */
export async function revokeDevice(
  sql: Sql,
  { id, organisation, by, at }: { id: string; organisation: string; by: string; at: string },
): Promise<boolean> {
  const done = await sql.execute(
    `UPDATE shared_device SET revoked_by = ?, revoked_at = ?, person = NULL, named_until = NULL
     WHERE id = ? AND organisation = ? AND revoked_at IS NULL`,
    [by, datetime(at), id, organisation],
  );
  return done.affectedRows > 0;
}

export async function nameOn(sql: Sql, id: string, person: string, until: string): Promise<void> {
  await sql.execute("UPDATE shared_device SET person = ?, named_until = ? WHERE id = ? AND revoked_at IS NULL", [
    person,
    datetime(until),
    id,
  ]);
}

interface Naming {
  id: string;
  person: string;
  now: string;
}

/** False where the person is named there no longer: idle, replaced, revoked. */
async function changeNaming(
  sql: Sql,
  { id, person, now }: Naming,
  next: { person: string; until: string } | null,
): Promise<boolean> {
  const done = await sql.execute(
    `UPDATE shared_device SET person = ?, named_until = ?
     WHERE id = ? AND person = ? AND named_until > ? AND revoked_at IS NULL`,
    [next?.person ?? null, next && datetime(next.until), id, person, datetime(now)],
  );
  return done.affectedRows > 0;
}

/** Ends what a person named themselves for. False where they no longer are. */
export const endNaming = (sql: Sql, naming: Naming): Promise<boolean> => changeNaming(sql, naming, null);

/** Whoever is named stays so. False where they no longer are. */
export const prolongNaming = (sql: Sql, naming: Naming, until: string): Promise<boolean> =>
  changeNaming(sql, naming, { person: naming.person, until });

export async function insertUse(
  sql: Sql,
  use: { id: string; device: string; person: string | null; at: string; what: Use; type?: string; record?: string },
): Promise<void> {
  await sql.execute(
    "INSERT INTO shared_device_use (id, device, person, at, what, type, record) VALUES (?, ?, ?, ?, ?, ?, ?)",
    [use.id, use.device, use.person, datetime(use.at), use.what, use.type ?? null, use.record ?? null],
  );
}

/** Newest first. */
export async function usesOf(sql: Sql, device: string, limit: number): Promise<UseRow[]> {
  const rows = await sql.query(
    `SELECT id, person, at, what FROM shared_device_use WHERE device = ? ORDER BY id DESC LIMIT ${Math.trunc(limit)}`,
    [device],
  );
  return rows.map((row) => ({
    id: String(row["id"]),
    person: textOrNull(row["person"]),
    at: instant(String(row["at"])),
    what: String(row["what"]) as Use,
  }));
}

// --------------------------------------------------------------------------------------------------------------- PINs

export interface PinRow {
  hash: string;
  setAt: string;
  tries: number;
}

export async function pinOf(sql: Sql, person: string): Promise<PinRow | undefined> {
  const [row] = await sql.query("SELECT pin_hash, set_at, tries FROM pin WHERE person = ?", [person]);
  return row && { hash: String(row["pin_hash"]), setAt: instant(String(row["set_at"])), tries: Number(row["tries"]) };
}

export async function setPinHash(sql: Sql, person: string, hash: string, at: string): Promise<void> {
  await sql.execute(
    `INSERT INTO pin (person, pin_hash, set_at) VALUES (?, ?, ?)
     ON DUPLICATE KEY UPDATE pin_hash = VALUES(pin_hash), set_at = VALUES(set_at), tries = 0`,
    [person, hash, datetime(at)],
  );
}

export async function deletePin(sql: Sql, person: string): Promise<void> {
  await sql.execute("DELETE FROM pin WHERE person = ?", [person]);
}

/** Counts a try before it is looked at. False where all that are borne have been made. */
export async function countTry(sql: Sql, person: string, most: number): Promise<boolean> {
  const done = await sql.execute("UPDATE pin SET tries = tries + 1 WHERE person = ? AND tries < ?", [person, most]);
  return done.affectedRows > 0;
}

export async function forgetTries(sql: Sql, person: string): Promise<void> {
  await sql.execute("UPDATE pin SET tries = 0 WHERE person = ?", [person]);
}

/** Those with a PIN who hold a role here on this date other than one of these, by a part of the name. */
export async function namesWithPin(
  sql: Sql,
  {
    organisation,
    outside,
    on,
    search,
    limit,
  }: {
    organisation: string;
    outside: string[];
    on: string;
    /** Folded; or the id of the one who is meant. */
    search: string | { id: string };
    limit: number;
  },
): Promise<{ id: string; name: string }[]> {
  const byId = typeof search !== "string";
  const rows = await sql.query(
    `SELECT p.id, p.name FROM person p JOIN pin ON pin.person = p.id
     WHERE p.active = 1 AND ${byId ? "p.id = ?" : "p.name_folded LIKE ?"} AND EXISTS (
       SELECT 1 FROM appointment a WHERE a.person = p.id AND a.organisation = ? AND a.record IS NULL
         AND a.from_on <= ? AND (a.to_on IS NULL OR a.to_on >= ?)
         ${outside.length ? `AND a.role NOT IN (${marks(outside.length)})` : ""})
     ORDER BY p.name_folded, p.id LIMIT ${Math.trunc(limit)}`,
    [byId ? search.id : `%${escapeLike(search)}%`, organisation, on, on, ...outside],
  );
  return rows.map((row) => ({ id: String(row["id"]), name: String(row["name"]) }));
}
