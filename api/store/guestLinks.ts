/** Links by which people without an account read one record's page and answer it. All in school time. */
import { datetime, instant, instantOrNull, marks, type Row, type Sql } from "./database";

export interface GuestLinkRow {
  /** Stands in the link itself: shown nowhere. */
  id: string;
  /** By which staff name it. */
  handle: string;
  /** Made before each page had MACs of its own: see oneTimeLink.ts. */
  former: boolean;
  organisation: string;
  person: string;
  type: string;
  record: string;
  /** Null where a mail carries it. */
  madeBy: string | null;
  madeAt: string;
  expiresAt: string;
  usedAt: string | null;
  /** The action it was used for. */
  usedFor: string | null;
  revokedAt: string | null;
}

const columns =
  "id, handle, former, organisation, person, type, record, made_by, made_at, expires_at, used_at, used_for, revoked_at";
const textOrNull = (value: unknown): string | null => (value === null ? null : String(value));

const linkOf = (row: Row): GuestLinkRow => ({
  id: String(row["id"]),
  handle: String(row["handle"]),
  former: Number(row["former"]) === 1,
  organisation: String(row["organisation"]),
  person: String(row["person"]),
  type: String(row["type"]),
  record: String(row["record"]),
  madeBy: textOrNull(row["made_by"]),
  madeAt: instant(String(row["made_at"])),
  expiresAt: instant(String(row["expires_at"])),
  usedAt: instantOrNull(textOrNull(row["used_at"])),
  usedFor: textOrNull(row["used_for"]),
  revokedAt: instantOrNull(textOrNull(row["revoked_at"])),
});

export async function guestLink(sql: Sql, id: string, lock: "" | "FOR UPDATE" = ""): Promise<GuestLinkRow | undefined> {
  const [row] = await sql.query(`SELECT ${columns} FROM guest_link WHERE id = ? ${lock}`, [id]);
  return row && linkOf(row);
}

export async function guestLinkByHandle(sql: Sql, handle: string): Promise<GuestLinkRow | undefined> {
  const [row] = await sql.query(`SELECT ${columns} FROM guest_link WHERE handle = ?`, [handle]);
  return row && linkOf(row);
}

/** Of one record, newest first. */
export async function guestLinksOf(sql: Sql, record: string): Promise<GuestLinkRow[]> {
  const rows = await sql.query(`SELECT ${columns} FROM guest_link WHERE record = ? ORDER BY id DESC LIMIT 200`, [
    record,
  ]);
  return rows.map(linkOf);
}

export async function insertGuestLink(
  sql: Sql,
  link: Pick<
    GuestLinkRow,
    "id" | "handle" | "organisation" | "person" | "type" | "record" | "madeBy" | "madeAt" | "expiresAt"
  >,
): Promise<void> {
  await sql.execute(
    `INSERT INTO guest_link (id, handle, former, organisation, person, type, record, made_by, made_at, expires_at)
     VALUES (?, ?, 0, ?, ?, ?, ?, ?, ?, ?)`,
    [
      link.id,
      link.handle,
      link.organisation,
      link.person,
      link.type,
      link.record,
      link.madeBy,
      datetime(link.madeAt),
      datetime(link.expiresAt),
    ],
  );
}

export async function useGuestLink(sql: Sql, id: string, action: string, at: string): Promise<void> {
  await sql.execute("UPDATE guest_link SET used_at = ?, used_for = ? WHERE id = ?", [datetime(at), action, id]);
}

/** False where it had ended before. */
export async function revokeGuestLink(sql: Sql, id: string, at: string): Promise<boolean> {
  const { affectedRows } = await sql.execute(
    "UPDATE guest_link SET revoked_at = ? WHERE id = ? AND used_at IS NULL AND revoked_at IS NULL",
    [datetime(at), id],
  );
  return affectedRows > 0;
}

/** Those of these people who sign in nowhere. */
export async function withoutAccount(
  sql: Sql,
  people: string[],
): Promise<{ id: string; name: string; email: string | null }[]> {
  if (!people.length) return [];
  const rows = await sql.query(
    `SELECT p.id, p.name, p.email FROM person p WHERE p.id IN (${marks(people.length)}) AND p.active = 1
     AND NOT EXISTS (SELECT 1 FROM credential c WHERE c.person = p.id) ORDER BY p.name_folded, p.id`,
    people,
  );
  return rows.map((row) => ({
    id: String(row["id"]),
    name: String(row["name"]),
    email: textOrNull(row["email"]),
  }));
}
