/** People, what they hold, and how they prove who they are. Secrets arrive here as SHA-256 only. */
import { fold } from "../../schema/text";
import { datetime, instant, instantOrNull, marks, type Row, type Sql, type SqlValue, textOrNull } from "./database";

export interface PersonRow {
  id: string;
  organisation: string;
  name: string;
  email: string | null;
  /** Their number in the school's own system. */
  externalId: string | null;
  active: boolean;
}

export interface OrganisationRow {
  id: string;
  parent: string | null;
  name: string;
  kind: string;
  zone: string;
  goLiveOn: string | null;
}

export interface AppointmentRow {
  id: string;
  organisation: string;
  person: string;
  role: string;
  /** A record as its scope, or null for the whole organisation. */
  record: string | null;
  /** ISO dates, both included. */
  from: string;
  to: string | null;
  /** Person ids; null where the system did, or before that was kept. */
  madeBy: string | null;
  endedBy: string | null;
}

export interface RoleRow {
  name: string;
  label: string;
  administers: boolean;
}

export interface TokenRow {
  id: string;
  label: string;
  createdAt: string;
  expiresAt: string | null;
}

/** What a session or token stands for, read in one statement each time the cache of identities has no fresh answer. */
export interface Holder {
  person: PersonRow;
  /** Absent for a session. */
  token?: { id: string; label: string };
}

export const personColumns = "p.id, p.organisation, p.name, p.email, p.external_id, p.active";

export const personOf = (row: Row): PersonRow => ({
  id: String(row.id),
  organisation: String(row.organisation),
  name: String(row.name),
  email: textOrNull(row.email),
  externalId: textOrNull(row.external_id),
  active: Number(row.active) === 1,
});

/** The person behind a session, unless it ended or the person left. `machineNow` is ISO. */
export async function sessionHolder(sql: Sql, secretHash: string, machineNow: string): Promise<Holder | undefined> {
  const rows = await sql.query(
    `SELECT ${personColumns} FROM session s JOIN person p ON p.id = s.person AND p.active = 1
     WHERE s.secret_hash = ? AND s.expires_at > ?`,
    [secretHash, datetime(machineNow)],
  );
  return rows[0] && { person: personOf(rows[0]) };
}

/** The person behind an API token, unless it ran out or the person left. */
export async function tokenHolder(sql: Sql, secretHash: string, machineNow: string): Promise<Holder | undefined> {
  const rows = await sql.query(
    `SELECT ${personColumns}, t.id AS token, t.label FROM api_token t JOIN person p ON p.id = t.person AND p.active = 1
     WHERE t.secret_hash = ? AND (t.expires_at IS NULL OR t.expires_at > ?)`,
    [secretHash, datetime(machineNow)],
  );
  const row = rows[0];
  return row && { person: personOf(row), token: { id: String(row.token), label: String(row.label) } };
}

/** `at` and `expiresAt` are school time, ISO; `madeBy` is null where the person asked for it themselves. */
export async function insertSignInLink(
  sql: Sql,
  link: { id: string; person: string; madeBy: string | null; at: string; expiresAt: string },
): Promise<void> {
  await sql.execute(
    "INSERT INTO sign_in_link (id, person, made_by, made_at, expires_at, former) VALUES (?, ?, ?, ?, ?, 0)",
    [link.id, link.person, link.madeBy, datetime(link.at), datetime(link.expiresAt)],
  );
}

/** Somebody other than its person has seen the link. */
export const markLinkShown = (sql: Sql, id: string) =>
  sql.execute("UPDATE sign_in_link SET shown = 1 WHERE id = ?", [id]);

export interface Credential {
  person: PersonRow;
  passwordHash: string;
}

/** By email address in lower case. People without a password, or who left, have none. */
export async function credentialOf(sql: Sql, email: string): Promise<Credential | undefined> {
  const rows = await sql.query(
    `SELECT ${personColumns}, c.password_hash FROM person p JOIN credential c ON c.person = p.id
     WHERE p.email = ? AND p.active = 1`,
    [email],
  );
  return rows[0] && { person: personOf(rows[0]), passwordHash: String(rows[0].password_hash) };
}

export async function setPassword(sql: Sql, person: string, passwordHash: string): Promise<void> {
  await sql.execute(
    "INSERT INTO credential (person, password_hash) VALUES (?, ?) ON DUPLICATE KEY UPDATE password_hash = VALUES(password_hash)",
    [person, passwordHash],
  );
}

/** Of one person at a time: more devices than anybody uses. */
const MAX_SESSIONS = 30;
/** Of one person: a script each. */
export const MAX_TOKENS = 20;

export async function insertSession(
  sql: Sql,
  session: { secretHash: string; person: string; createdAt: string; expiresAt: string },
): Promise<void> {
  await sql.execute("DELETE FROM session WHERE person = ? AND expires_at <= ?", [
    session.person,
    datetime(session.createdAt),
  ]);
  // One person's limits are counted by session: the oldest goes.
  const [oldest] = await sql.query(
    `SELECT secret_hash FROM session WHERE person = ? ORDER BY created_at DESC LIMIT 1 OFFSET ${MAX_SESSIONS - 1}`,
    [session.person],
  );
  if (oldest) await deleteSession(sql, String(oldest["secret_hash"]));
  await sql.execute("INSERT INTO session (secret_hash, person, created_at, expires_at) VALUES (?, ?, ?, ?)", [
    session.secretHash,
    session.person,
    datetime(session.createdAt),
    datetime(session.expiresAt),
  ]);
}

export async function deleteSession(sql: Sql, secretHash: string): Promise<boolean> {
  return (await sql.execute("DELETE FROM session WHERE secret_hash = ?", [secretHash])).affectedRows > 0;
}

export const endOtherSessions = (sql: Sql, person: string, keptHash: string) =>
  sql.execute("DELETE FROM session WHERE person = ? AND secret_hash <> ?", [person, keptHash]);

/** Somebody who has not left, by address in lower case. */
export async function personByAddress(sql: Sql, email: string): Promise<PersonRow | undefined> {
  const [row] = await sql.query(`SELECT ${personColumns} FROM person p WHERE p.email = ? AND p.active = 1`, [email]);
  return row && personOf(row);
}

export async function insertToken(
  sql: Sql,
  token: { id: string; secretHash: string; person: string; label: string; createdAt: string; expiresAt: string | null },
): Promise<void> {
  await sql.execute(
    "INSERT INTO api_token (id, secret_hash, person, label, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
    [
      token.id,
      token.secretHash,
      token.person,
      token.label,
      datetime(token.createdAt),
      token.expiresAt && datetime(token.expiresAt),
    ],
  );
}

export async function tokensOf(sql: Sql, person: string): Promise<TokenRow[]> {
  const rows = await sql.query(
    "SELECT id, label, created_at, expires_at FROM api_token WHERE person = ? ORDER BY id DESC LIMIT 200",
    [person],
  );
  return rows.map((row) => ({
    id: String(row.id),
    label: String(row.label),
    createdAt: instant(String(row.created_at)),
    expiresAt: instantOrNull(textOrNull(row.expires_at)),
  }));
}

/** Only the person's own. */
export async function deleteToken(sql: Sql, id: string, person: string): Promise<boolean> {
  return (await sql.execute("DELETE FROM api_token WHERE id = ? AND person = ?", [id, person])).affectedRows > 0;
}

/** Every process drops what it remembers about identities. */
export async function bumpAccessEdition(sql: Sql): Promise<void> {
  await sql.execute("UPDATE installation SET access_edition = access_edition + 1 WHERE id = 1");
}

// -------------------------------------------------------------------------------------------------- sign-in attempts

/** Counts this attempt and says how many there were in the window, itself included. Machine time. */
export async function countAttempt(
  sql: Sql,
  attempt: { bucket: string; id: string; at: string; since: string },
): Promise<number> {
  await sql.execute("DELETE FROM sign_in_attempt WHERE bucket = ? AND at <= ?", [
    attempt.bucket,
    datetime(attempt.since),
  ]);
  await sql.execute("INSERT INTO sign_in_attempt (bucket, at, id) VALUES (?, ?, ?)", [
    attempt.bucket,
    datetime(attempt.at),
    attempt.id,
  ]);
  const rows = await sql.query("SELECT COUNT(*) AS n FROM sign_in_attempt WHERE bucket = ? AND at > ?", [
    attempt.bucket,
    datetime(attempt.since),
  ]);
  return Number(rows[0]?.n ?? 0);
}

export async function forgetAttempt(sql: Sql, bucket: string, id: string): Promise<void> {
  await sql.execute("DELETE FROM sign_in_attempt WHERE bucket = ? AND id = ?", [bucket, id]);
}

// ------------------------------------------------------------------------------------------- organisations and roles

const organisationColumns = "id, parent, name, kind, zone, go_live_on";

const organisationOf = (row: Row): OrganisationRow => ({
  id: String(row.id),
  parent: textOrNull(row.parent),
  name: String(row.name),
  kind: String(row.kind),
  zone: String(row.zone),
  goLiveOn: textOrNull(row.go_live_on),
});

export async function allOrganisations(sql: Sql): Promise<OrganisationRow[]> {
  return (await sql.query(`SELECT ${organisationColumns} FROM organisation ORDER BY id`)).map(organisationOf);
}

export async function allRoles(sql: Sql): Promise<RoleRow[]> {
  const rows = await sql.query("SELECT name, json FROM role ORDER BY name");
  return rows.map((row) => {
    const role = JSON.parse(String(row.json)) as { label?: string; administers?: boolean };
    return { name: String(row.name), label: role.label ?? String(row.name), administers: role.administers === true };
  });
}

const appointmentOf = (row: Row): AppointmentRow => ({
  id: String(row.id),
  organisation: String(row.organisation),
  person: String(row.person),
  role: String(row.role),
  record: textOrNull(row.record),
  from: String(row.from_on),
  to: textOrNull(row.to_on),
  madeBy: textOrNull(row.made_by),
  endedBy: textOrNull(row.ended_by),
});

const appointmentColumns = "id, organisation, person, role, record, from_on, to_on, made_by, ended_by";

/** One that was ended before it began never held: it is kept as what was done, and nobody holds or held anything by it. */
const tookEffect = (alias: string): string => `(${alias}.to_on IS NULL OR ${alias}.to_on >= ${alias}.from_on)`;

/** Everything a person holds on a date, in every organisation; appointments to one record are not among them. */
export async function heldBy(sql: Sql, person: string, on: string): Promise<AppointmentRow[]> {
  const rows = await sql.query(
    `SELECT ${appointmentColumns} FROM appointment
     WHERE person = ? AND record IS NULL AND from_on <= ? AND (to_on IS NULL OR to_on >= ?) ORDER BY organisation, role`,
    [person, on, on],
  );
  return rows.map(appointmentOf);
}

/** The roles that these persons hold, or else held, in an organisation, each with how many have it. */
export async function rolesOf(
  sql: Sql,
  organisation: string,
  persons: readonly string[],
  on: string,
): Promise<Map<string, { role: string; held: boolean; among: number }[]>> {
  if (!persons.length) return new Map();
  const rows = await sql.queryText(
    `SELECT a.person, a.role, a.to_on IS NULL OR a.to_on >= ? AS held, together.n AS among FROM appointment a
     JOIN (SELECT role, COUNT(*) AS n FROM appointment WHERE organisation = ? GROUP BY role) together ON together.role = a.role
     WHERE a.organisation = ? AND a.person IN (?) AND a.from_on <= ? AND ${tookEffect("a")}`,
    [on, organisation, organisation, [...persons], on],
  );
  const found = new Map<string, { role: string; held: boolean; among: number }[]>();
  for (const row of rows) {
    const person = String(row["person"]);
    const role = { role: String(row["role"]), held: Number(row["held"]) === 1, among: Number(row["among"]) };
    found.set(person, [...(found.get(person) ?? []), role]);
  }
  return found;
}

/** Appointments of one organisation by role: those of the person themselves, and those to roles of the circle. */
export async function appointmentsIn(
  sql: Sql,
  organisation: string,
  { self, outside }: Circle,
  where: { id?: string; person?: string | null; role?: string | null; on?: string | null },
): Promise<AppointmentRow[]> {
  const params: SqlValue[] = [organisation];
  let filter = "";
  const also = (condition: string, ...values: string[]): void => {
    filter += ` AND ${condition}`;
    params.push(...values);
  };
  if (outside === undefined) also("person = ?", self);
  else if (outside.length > 0) also(`(person = ? OR role NOT IN (${marks(outside.length)}))`, self, ...outside);
  if (where.id) also("id = ?", where.id);
  if (where.person) also("person = ?", where.person);
  if (where.role) also("role = ?", where.role);
  if (where.on) also("from_on <= ? AND (to_on IS NULL OR to_on >= ?)", where.on, where.on);
  const rows = await sql.query(
    `SELECT ${appointmentColumns} FROM appointment held
     WHERE organisation = ? AND ${tookEffect("held")}${filter} ORDER BY role, from_on, id LIMIT 2000`,
    params,
  );
  return rows.map(appointmentOf);
}

// ------------------------------------------------------------------------------------------------------------- people

/** Whom somebody finds: themselves, and everybody who holds, now or once, another role than these; without them nobody. */
export interface Circle {
  self: string;
  outside?: string[];
}

const everybody: Circle = { self: "", outside: [] };

/** Appointed in the organisation, now or once, and in the circle. */
function found(organisation: string, { self, outside }: Circle): { condition: string; params: string[] } {
  const appointed = `EXISTS (SELECT 1 FROM appointment a WHERE a.person = p.id AND a.organisation = ? AND ${tookEffect("a")}`;
  if (outside === undefined) return { condition: `p.id = ? AND ${appointed})`, params: [self, organisation] };
  if (outside.length === 0) return { condition: `${appointed})`, params: [organisation] };
  return {
    condition: `${appointed} AND (a.person = ? OR a.role NOT IN (${marks(outside.length)})))`,
    params: [organisation, self, ...outside],
  };
}

/** People in the circle, by folded name; `after` is the name and id of the last one seen. */
export async function peopleIn(
  sql: Sql,
  organisation: string,
  circle: Circle,
  page: { search: string | null; after: [string, string] | null; limit: number },
): Promise<{ person: PersonRow; cursor: [string, string] }[]> {
  const { condition, params }: { condition: string; params: SqlValue[] } = found(organisation, circle);
  let filter = "";
  if (page.search) {
    filter += " AND p.name_folded LIKE ?";
    params.push(`%${escapeLike(page.search)}%`);
  }
  if (page.after) {
    filter += " AND (p.name_folded > ? OR (p.name_folded = ? AND p.id > ?))";
    params.push(page.after[0], page.after[0], page.after[1]);
  }
  const rows = await sql.query(
    `SELECT ${personColumns}, p.name_folded FROM person p WHERE ${condition}${filter}
     ORDER BY p.name_folded, p.id LIMIT ${Math.trunc(page.limit)}`,
    params,
  );
  return rows.map((row) => ({ person: personOf(row), cursor: [String(row.name_folded), String(row.id)] }));
}

/** The ids of those appointed in the organisation who have this name or email address: two at most, enough to say so. */
export async function peopleNamed(sql: Sql, organisation: string, circle: Circle, text: string): Promise<string[]> {
  const { condition, params } = found(organisation, circle);
  const rows = await sql.query(
    `SELECT p.id FROM person p WHERE p.active = 1 AND (p.email = ? OR p.name_folded = ?) AND ${condition} LIMIT 2`,
    [text.toLowerCase(), fold(text), ...params],
  );
  return rows.map((row) => String(row.id));
}

export async function countPeople(
  sql: Sql,
  organisation: string,
  circle: Circle,
  search: string | null,
): Promise<number> {
  const { condition, params } = found(organisation, circle);
  const rows = await sql.query(
    `SELECT COUNT(*) AS n FROM person p WHERE ${condition}${search ? " AND p.name_folded LIKE ?" : ""}`,
    search ? [...params, `%${escapeLike(search)}%`] : params,
  );
  return Number(rows[0]?.n ?? 0);
}

/** By id, in no order. Used where a record or task already led to them. */
export async function peopleByIds(sql: Sql, ids: readonly string[]): Promise<PersonRow[]> {
  if (ids.length === 0) return [];
  const rows = await sql.query(`SELECT ${personColumns} FROM person p WHERE p.id IN (${marks(ids.length)})`, [...ids]);
  return rows.map(personOf);
}

/** Those of these persons who are in the circle. */
export async function peopleOf(
  sql: Sql,
  organisation: string,
  circle: Circle,
  ids: readonly string[],
): Promise<PersonRow[]> {
  const { condition, params } = found(organisation, circle);
  const rows = await sql.query(
    `SELECT ${personColumns} FROM person p WHERE p.id IN (${marks(ids.length)}) AND ${condition}`,
    [...ids, ...params],
  );
  return rows.map(personOf);
}

/**
 * Which of these persons belong to one of the organisations: by `home`; by home or `any` role they hold there now or
 * later; or by home or anything they `ever` held there.
 */
export async function personsOfOrganisations(
  sql: Sql,
  ids: readonly string[],
  organisations: readonly string[],
  by: "home" | "any" | "ever",
  today: string,
): Promise<Set<string>> {
  const held =
    "EXISTS (SELECT 1 FROM appointment a WHERE a.person = p.id AND a.organisation IN (?) AND (a.to_on IS NULL OR a.to_on >= ?))";
  const condition = by === "home" ? "" : ` OR ${held}`;
  const rows = await sql.queryText(
    `SELECT p.id FROM person p WHERE p.id IN (?) AND (p.organisation IN (?)${condition})`,
    [[...ids], [...organisations], ...(by === "home" ? [] : [[...organisations], by === "any" ? today : "1000-01-01"])],
  );
  return new Set(rows.map((row) => String(row["id"])));
}

/** What administrators know of a person; `now` is school time, ISO. */
export async function personFile(
  sql: Sql,
  organisation: string,
  id: string,
  now: string,
): Promise<
  | { person: PersonRow; active: boolean; externalId: string | null; signsIn: boolean; linkUntil: string | null }
  | undefined
> {
  const { condition, params } = found(organisation, everybody);
  const [known] = await sql.query(`SELECT ${personColumns} FROM person p WHERE p.id = ? AND ${condition}`, [
    id,
    ...params,
  ]);
  if (!known) return undefined;
  const person = personOf(known);
  const [row] = await sql.query(
    `SELECT (SELECT COUNT(*) FROM credential WHERE person = ?) AS signs_in,
       (SELECT MAX(expires_at) FROM sign_in_link WHERE person = ? AND used_at IS NULL AND expires_at > ?) AS link_until`,
    [id, id, datetime(now)],
  );
  const { active, externalId } = person;
  const until = row?.link_until;
  return {
    ...{ person, active, externalId },
    signsIn: Number(row?.signs_in) > 0,
    linkUntil: instantOrNull(typeof until === "string" ? until : null),
  };
}

/** Those who hold a role in the organisation on a day, and have no password. */
export async function peopleWithoutSignIn(sql: Sql, organisation: string, on: string): Promise<PersonRow[]> {
  const rows = await sql.query(
    `SELECT ${personColumns} FROM person p
     WHERE p.active = 1 AND NOT EXISTS (SELECT 1 FROM credential c WHERE c.person = p.id)
       AND EXISTS (SELECT 1 FROM appointment a WHERE a.person = p.id AND a.organisation = ?
         AND (a.to_on IS NULL OR a.to_on >= ?))
     ORDER BY p.name_folded, p.id`,
    [organisation, on],
  );
  return rows.map(personOf);
}

/** Who stands to a person as what, on a day. */
export async function relationsOf(
  sql: Sql,
  organisation: string,
  person: string,
  on: string,
): Promise<{ kind: string; other: PersonRow }[]> {
  const rows = await sql.query(
    `SELECT r.kind, ${personColumns} FROM relation r JOIN person p ON p.id = r.other
     WHERE r.organisation = ? AND r.person = ? AND r.from_on <= ? AND (r.to_on IS NULL OR r.to_on >= ?)`,
    [organisation, person, on, on],
  );
  return rows.map((row) => ({ kind: String(row.kind), other: personOf(row) }));
}

export const escapeLike = (text: string): string => text.replace(/[\\%_]/g, (sign) => `\\${sign}`);
