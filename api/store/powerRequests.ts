/** Requests that wait for a second person or for their delay, and whom they concern. Instants are machine time. */
import {
  datetime,
  instant,
  instantOrNull,
  marks,
  type Row,
  type Sql,
  type SqlValue,
  textOrNull,
  type Tx,
} from "./database";

export const powerStates = ["waiting", "approved", "done", "stopped", "failed"] as const;
export type PowerState = (typeof powerStates)[number];

export interface PowerRequestRow {
  id: string;
  organisation: string;
  /** Those asked for in one go share it: a list of people, confirmed at once. */
  batch: string;
  kind: string;
  /** Whom it is about; null for a definition. */
  person: string | null;
  /** Roles whose holders it concerns. */
  roles: string[];
  sentence: string;
  /** Canonical JSON of what is done once it takes effect. */
  deed: string;
  askedBy: string;
  askedAt: string;
  effectiveAt: string;
  state: PowerState;
  decidedBy: string | null;
  decidedAt: string | null;
  /** Why it was stopped, or could not be carried out. */
  why: string | null;
  attempts: number;
}

const columns = `r.id, r.organisation, r.batch, r.kind, r.person, r.roles, r.sentence, r.deed, r.asked_by, r.asked_at,
  r.effective_at, r.state, r.decided_by, r.decided_at, r.why, r.attempts`;

const requestOf = (row: Row): PowerRequestRow => ({
  id: String(row["id"]),
  organisation: String(row["organisation"]),
  batch: String(row["batch"]),
  kind: String(row["kind"]),
  person: textOrNull(row["person"]),
  roles: JSON.parse(String(row["roles"])) as string[],
  sentence: String(row["sentence"]),
  deed: String(row["deed"]),
  askedBy: String(row["asked_by"]),
  askedAt: instant(String(row["asked_at"])),
  effectiveAt: instant(String(row["effective_at"])),
  state: powerStates.find((state) => state === row["state"]) ?? "failed",
  decidedBy: textOrNull(row["decided_by"]),
  decidedAt: instantOrNull(textOrNull(row["decided_at"])),
  why: textOrNull(row["why"]),
  attempts: Number(row["attempts"]),
});

export async function insertPowerRequest(
  tx: Tx,
  request: Omit<PowerRequestRow, "state" | "decidedBy" | "decidedAt" | "why" | "attempts"> & { fingerprint: string },
): Promise<void> {
  await tx.execute(
    `INSERT INTO power_request (id, organisation, batch, kind, person, roles, sentence, deed, fingerprint, asked_by,
      asked_at, effective_at, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting')`,
    [
      ...[request.id, request.organisation, request.batch, request.kind, request.person, JSON.stringify(request.roles)],
      ...[request.sentence, request.deed, request.fingerprint, request.askedBy],
      ...[datetime(request.askedAt), datetime(request.effectiveAt)],
    ],
  );
}

/** The same deed that waits already. */
export async function waitingAlike(tx: Tx, fingerprint: string): Promise<PowerRequestRow | undefined> {
  const [row] = await tx.query(
    `SELECT ${columns} FROM power_request r WHERE r.fingerprint = ? AND r.state = 'waiting' FOR UPDATE`,
    [fingerprint],
  );
  return row && requestOf(row);
}

export async function countWaiting(tx: Tx, organisation: string): Promise<number> {
  const [row] = await tx.query(
    "SELECT COUNT(*) AS n FROM power_request WHERE organisation = ? AND state IN ('waiting', 'approved')",
    [organisation],
  );
  return Number(row?.["n"] ?? 0);
}

export async function lockPowerRequest(tx: Tx, id: string): Promise<PowerRequestRow | undefined> {
  const [row] = await tx.query(`SELECT ${columns} FROM power_request r WHERE r.id = ? FOR UPDATE`, [id]);
  return row && requestOf(row);
}

export async function organisationOfRequest(sql: Sql, id: string): Promise<string | undefined> {
  const [row] = await sql.query("SELECT organisation FROM power_request WHERE id = ?", [id]);
  return row && String(row["organisation"]);
}

export async function decidePower(
  tx: Tx,
  id: string,
  decided: { state: PowerState; by: string | null; at: string; why?: string | null },
): Promise<void> {
  await tx.execute("UPDATE power_request SET state = ?, decided_by = ?, decided_at = ?, why = ? WHERE id = ?", [
    decided.state,
    decided.by,
    datetime(decided.at),
    decided.why?.slice(0, 1_000) ?? null,
    id,
  ]);
}

/** Ids of what takes effect by now, longest due first: publishes, or all but those. */
export async function duePower(
  sql: Sql,
  machineNow: string,
  publishes: boolean,
  limit: number,
): Promise<{ id: string; organisation: string }[]> {
  const rows = await sql.query(
    `SELECT id, organisation FROM power_request
     WHERE state = 'waiting' AND kind ${publishes ? "=" : "<>"} 'publish' AND effective_at <= ? AND (retry_at IS NULL OR retry_at <= ?)
     ORDER BY effective_at, id LIMIT ${Math.trunc(limit)}`,
    [datetime(machineNow), datetime(machineNow)],
  );
  return rows.map((row) => ({ id: String(row["id"]), organisation: String(row["organisation"]) }));
}

/** Something that is not the request's fault: it is tried again. */
export async function retryPower(sql: Sql, id: string, at: string): Promise<void> {
  await sql.execute("UPDATE power_request SET attempts = LEAST(attempts + 1, 30000), retry_at = ? WHERE id = ?", [
    datetime(at),
    id,
  ]);
}

/** Rows of one statement: some 70 kB. */
const AT_ONCE = 1_000;

export async function insertConcerns(
  tx: Tx,
  concerns: { request: string; person: string; seen: string }[],
): Promise<void> {
  for (let from = 0; from < concerns.length; from += AT_ONCE) {
    const some = concerns.slice(from, from + AT_ONCE);
    await tx.bulk(
      `INSERT IGNORE INTO power_concern (request, person, seen) VALUES ${some.map(() => "(?, ?, ?)").join(", ")}`,
      some.flatMap(({ request, person, seen }) => [request, person, seen]),
    );
  }
}

/** Those with this id whom the person may know of: of the organisations named, or that concern them. */
export async function powerRequests(
  sql: Sql,
  where: {
    ids?: string[];
    person: string;
    organisations: string[];
    about?: string | null;
    waiting?: boolean;
    limit: number;
  },
): Promise<PowerRequestRow[]> {
  const params: (SqlValue | SqlValue[])[] = [where.person];
  let filter = "c.person IS NOT NULL";
  if (where.organisations.length) {
    filter = `(${filter} OR r.organisation IN (?))`;
    params.push(where.organisations);
  }
  const also = (condition: string, value: SqlValue | SqlValue[]): void => {
    filter += ` AND ${condition}`;
    params.push(value);
  };
  if (where.ids) also("r.id IN (?)", where.ids);
  if (where.about) also("r.person = ?", where.about);
  if (where.waiting) filter += " AND r.state IN ('waiting', 'approved')";
  const rows = await sql.queryText(
    `SELECT ${columns} FROM power_request r LEFT JOIN power_concern c ON c.request = r.id AND c.person = ?
     WHERE ${filter} ORDER BY r.state = 'waiting' DESC, r.id DESC LIMIT ${Math.trunc(where.limit)}`,
    params,
  );
  return rows.map(requestOf);
}

/** What has come to where the person has not seen it yet: the banner. Newest first. */
export async function unseenPower(sql: Sql, person: string, limit: number): Promise<PowerRequestRow[]> {
  const rows = await sql.query(
    `SELECT ${columns} FROM power_concern c JOIN power_request r ON r.id = c.request
     WHERE c.person = ? AND c.seen <> r.state ORDER BY r.id DESC LIMIT ${Math.trunc(limit)}`,
    [person],
  );
  return rows.map(requestOf);
}

export async function markPowerSeen(tx: Tx, person: string, ids: string[]): Promise<void> {
  await tx.execute(
    `UPDATE power_concern c JOIN power_request r ON r.id = c.request SET c.seen = r.state
     WHERE c.person = ? AND c.request IN (${marks(ids.length)})`,
    [person, ...ids],
  );
}

/** A permission to make a link for somebody, given to whoever asked for it. */
export async function approvedLink(tx: Tx, asker: string, person: string): Promise<PowerRequestRow | undefined> {
  const [row] = await tx.query(
    `SELECT ${columns} FROM power_request r
     WHERE r.person = ? AND r.asked_by = ? AND r.kind = 'link' AND r.state = 'approved' ORDER BY r.id LIMIT 1 FOR UPDATE`,
    [person, asker],
  );
  return row && requestOf(row);
}

/** Permissions that nobody used by `before` end now, by nobody's doing. */
export const endPermissions = (sql: Sql, before: string, now: string) =>
  sql.execute(
    `UPDATE power_request SET state = 'stopped', why = 'It was not used within a week.', decided_by = NULL, decided_at = ?
     WHERE state = 'approved' AND decided_at < ?`,
    [datetime(now), datetime(before)],
  );

/** Roles among these that the persons hold now or will hold, in any organisation, or that wait to be given to them. */
export async function rolesOfPersons(
  sql: Sql,
  persons: string[],
  roles: string[],
  today: string,
): Promise<Map<string, Set<string>>> {
  const found = new Map<string, Set<string>>();
  if (!persons.length || !roles.length) return found;
  const add = (person: unknown, role: string): void => {
    const key = String(person);
    found.set(key, (found.get(key) ?? new Set()).add(role));
  };
  const held = await sql.queryText(
    `SELECT person, role FROM appointment WHERE person IN (?) AND role IN (?) AND (to_on IS NULL OR to_on >= ?)
       AND (to_on IS NULL OR to_on >= from_on)`,
    [persons, roles, today],
  );
  for (const row of held) add(row["person"], String(row["role"]));
  const waiting = await sql.queryText(
    "SELECT person, roles FROM power_request WHERE person IN (?) AND kind = 'role' AND state = 'waiting'",
    [persons],
  );
  for (const row of waiting)
    for (const role of JSON.parse(String(row["roles"])) as string[]) if (roles.includes(role)) add(row["person"], role);
  return found;
}

export interface Concerned {
  id: string;
  name: string;
  email: string | null;
}

/** Active holders, on a day, of these roles in these organisations; with the persons named, whatever they hold; `only` looks for one among them. */
export async function holdersOfRoles(
  sql: Sql,
  where: { organisations: string[]; roles: string[]; on: string; also?: string[]; only?: string; limit: number },
): Promise<Concerned[]> {
  const rows = await sql.queryText(
    `SELECT p.id, p.name, p.email FROM person p
     WHERE p.active = 1 ${where.only === undefined ? "" : "AND p.id = ?"} AND (p.id IN (?) OR EXISTS (SELECT 1 FROM appointment a WHERE a.person = p.id
       AND a.organisation IN (?) AND a.role IN (?) AND a.record IS NULL
       AND a.from_on <= ? AND (a.to_on IS NULL OR a.to_on >= ?)))
     ORDER BY p.id LIMIT ${Math.trunc(where.limit)}`,
    [
      ...(where.only === undefined ? [] : [where.only]),
      where.also?.length ? where.also : [""],
      where.organisations,
      where.roles.length ? where.roles : [""],
      where.on,
      where.on,
    ],
  );
  return rows.map((row) => ({ id: String(row["id"]), name: String(row["name"]), email: textOrNull(row["email"]) }));
}

/** From when to when people hold any of these roles there, as far as it is not over before `from`. */
export async function termsOfRoles(
  sql: Sql,
  where: { organisations: string[]; roles: string[]; from: string; limit: number },
): Promise<{ person: string; from: string; to: string | null }[]> {
  const rows = await sql.queryText(
    `SELECT a.person, a.from_on, a.to_on FROM appointment a JOIN person p ON p.id = a.person AND p.active = 1
     WHERE a.organisation IN (?) AND a.role IN (?) AND a.record IS NULL AND (a.to_on IS NULL OR a.to_on >= ?)
     ORDER BY a.person LIMIT ${Math.trunc(where.limit)}`,
    [where.organisations, where.roles.length ? where.roles : [""], where.from],
  );
  return rows.map((row) => ({
    person: String(row["person"]),
    from: String(row["from_on"]),
    to: textOrNull(row["to_on"]),
  }));
}

// -------------------------------------------------------------------------------------------------------- the school

/** Whether any school of the installation is live, or was once: until then powers are given without a second person. */
export async function liveSince(sql: Sql): Promise<{ goLiveOn: string | null; wasLive: boolean }[]> {
  const rows = await sql.query("SELECT go_live_on, was_live FROM organisation");
  return rows.map((row) => ({ goLiveOn: textOrNull(row["go_live_on"]), wasLive: Number(row["was_live"]) === 1 }));
}

export const keepLive = (tx: Tx, organisation: string, today: string) =>
  tx.execute("UPDATE organisation SET was_live = 1 WHERE id = ? AND (go_live_on IS NULL OR go_live_on <= ?)", [
    organisation,
    today,
  ]);

export async function powerDelay(sql: Sql, organisation: string): Promise<number> {
  const [row] = await sql.query("SELECT power_delay_hours FROM organisation WHERE id = ?", [organisation]);
  return Number(row?.["power_delay_hours"] ?? 24);
}

export const savePowerDelay = (tx: Tx, organisation: string, hours: number) =>
  tx.execute("UPDATE organisation SET power_delay_hours = ? WHERE id = ?", [hours, organisation]);
