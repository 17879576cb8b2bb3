/** Notices on their way into mails, and mails on their way out. The sender alone needs a lease: sending is no SQL. */
import { datetime, instant, marks, type Row, type Sql, type SqlValue, type Tx } from "./database";

export interface PlannedNotice {
  id: string;
  organisation: string;
  type: string;
  record: string;
  cause: string;
  person: string;
  subject: string;
  body: string;
  /** JSON of a CalendarEvent. */
  event: string | null;
  createdAt: string;
}

export interface NewMail {
  id: string;
  organisation: string;
  person: string;
  address: string | null;
  messageId: string;
  subject: string;
  text: string;
  html: string;
  calendar: string | null;
  state: "queued" | "kept";
  /** Why it is kept. */
  answer: string | null;
  /** ISO instant, school time. */
  createdAt: string;
  /** The notices it carries. */
  notices: string[];
}

export interface ClaimedMail {
  id: string;
  address: string;
  messageId: string;
  subject: string;
  text: string;
  html: string;
  calendar: string | null;
  createdAt: string;
  /** This attempt included. */
  attempts: number;
  /** Who holds it, as the lease's end: a sender that was overtaken writes nothing. */
  lease: string;
}

const readPlanned = (row: Row): PlannedNotice => ({
  id: String(row["id"]),
  organisation: String(row["organisation"]),
  type: String(row["type"]),
  record: String(row["record"]),
  cause: String(row["cause"]),
  person: String(row["person"]),
  subject: String(row["subject"]),
  body: String(row["body"]),
  event: row["event"] === null ? null : String(row["event"]),
  createdAt: instant(String(row["created_at"])),
});

/**
 * Locks what is to be told now to at most `persons` people, by organisation and person. What another composer holds is
 * left to it. At most 5,000 notices: whoever has more gets a second mail.
 */
export async function lockPlannedNotices(tx: Tx, nowIso: string, persons: number): Promise<PlannedNotice[]> {
  const due = await tx.query(
    `SELECT DISTINCT person FROM notice WHERE outcome = 'planned' AND send_at <= ? LIMIT ${Math.trunc(persons)}`,
    [datetime(nowIso)],
  );
  if (due.length === 0) return [];
  const rows = await tx.query(
    `SELECT id, organisation, type, record, cause, person, subject, body, event, created_at FROM notice
     WHERE outcome = 'planned' AND send_at <= ? AND person IN (${marks(due.length)})
     ORDER BY organisation, person, send_at, id LIMIT 5000 FOR UPDATE SKIP LOCKED`,
    [datetime(nowIso), ...due.map((row) => String(row["person"]))],
  );
  return rows.map(readPlanned);
}

/** Keeps a notice that need not be sent, with its reason: it is never deleted. */
export async function withdrawNotice(tx: Tx, id: string, why: string): Promise<void> {
  await tx.execute("UPDATE notice SET outcome = 'not needed', outcome_why = ? WHERE id = ?", [why.slice(0, 500), id]);
}

/** Names of those told by the same causes, by cause. */
export async function toldByCause(sql: Sql, causes: string[]): Promise<Map<string, { id: string; name: string }[]>> {
  const told = new Map<string, { id: string; name: string }[]>();
  if (causes.length === 0) return told;
  const rows = await sql.query(
    `SELECT n.cause, p.id, p.name FROM notice n JOIN person p ON p.id = n.person
     WHERE n.cause IN (${marks(causes.length)}) AND n.outcome <> 'not needed' ORDER BY p.name_folded, p.id`,
    causes,
  );
  for (const row of rows) {
    const cause = String(row["cause"]);
    told.set(cause, [...(told.get(cause) ?? []), { id: String(row["id"]), name: String(row["name"]) }]);
  }
  return told;
}

// Due at once, whatever clock its sender reads.
const atOnce = "1970-01-01 00:00:00.000";

export async function insertMail(tx: Tx, mail: NewMail): Promise<void> {
  await tx.execute(
    `INSERT INTO mail (id, organisation, person, address, message_id, subject, text_body, html_body, calendar, state,
       next_at, answer, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      mail.id,
      mail.organisation,
      mail.person,
      mail.address,
      mail.messageId,
      mail.subject,
      mail.text,
      mail.html,
      mail.calendar,
      mail.state,
      atOnce,
      mail.answer,
      datetime(mail.createdAt),
    ],
  );
  for (let from = 0; from < mail.notices.length; from += 1000) {
    const ids = mail.notices.slice(from, from + 1000);
    await tx.bulk(
      `UPDATE notice SET outcome = 'in mail', mail = ?, outcome_why = ? WHERE id IN (${marks(ids.length)})`,
      [mail.id, mail.answer, ...ids],
    );
  }
}

/**
 * Takes mails that are due, or whose sender died, until `leaseUntil`. `nowIso` is school time, for the back-off;
 * `machineIso` and `leaseUntil` are machine time, so that moving the school's clock ends no lease.
 */
export async function claimMails(
  tx: Tx,
  nowIso: string,
  machineIso: string,
  leaseUntil: string,
  limit: number,
): Promise<ClaimedMail[]> {
  const columns = "id, address, message_id, subject, text_body, html_body, calendar, created_at, attempts";
  const claim = (where: string, params: SqlValue[], most: number): Promise<Row[]> =>
    tx.query(`SELECT ${columns} FROM mail WHERE ${where} LIMIT ${Math.trunc(most)} FOR UPDATE SKIP LOCKED`, params);
  const rows = await claim("state = 'queued' AND next_at <= ? ORDER BY next_at, id", [datetime(nowIso)], limit);
  if (rows.length < limit)
    rows.push(...(await claim("state = 'sending' AND lease_until < ?", [datetime(machineIso)], limit - rows.length)));
  if (rows.length === 0) return [];
  await tx.bulk(
    `UPDATE mail SET state = 'sending', lease_until = ?, attempts = attempts + 1 WHERE id IN (${marks(rows.length)})`,
    [datetime(leaseUntil), ...rows.map((row) => String(row["id"]))],
  );
  return rows.map((row) => ({
    id: String(row["id"]),
    address: String(row["address"] ?? ""),
    messageId: String(row["message_id"]),
    subject: String(row["subject"]),
    text: String(row["text_body"]),
    html: String(row["html_body"]),
    calendar: row["calendar"] === null ? null : String(row["calendar"]),
    createdAt: instant(String(row["created_at"])),
    attempts: Number(row["attempts"]) + 1,
    lease: leaseUntil,
  }));
}

export type MailOutcome =
  | { state: "sent"; answer: string; at: string }
  | { state: "failed"; answer: string }
  | { state: "kept"; answer: string }
  | { state: "queued"; answer: string; nextAt: string };

/** Writes what became of an attempt, and of the notices in it. False where another sender has taken the mail over. */
export async function settleMail(tx: Tx, mail: ClaimedMail, outcome: MailOutcome): Promise<boolean> {
  const answer = outcome.answer.slice(0, 1000);
  const { affectedRows } = await tx.execute(
    `UPDATE mail SET state = ?, answer = ?, lease_until = NULL, sent_at = ?, next_at = ?
     WHERE id = ? AND state = 'sending' AND lease_until = ?`,
    [
      outcome.state,
      answer,
      outcome.state === "sent" ? datetime(outcome.at) : null,
      outcome.state === "queued" ? datetime(outcome.nextAt) : atOnce,
      mail.id,
      datetime(mail.lease),
    ],
  );
  if (affectedRows === 0) return false;
  if (outcome.state === "sent" || outcome.state === "failed")
    await tx.execute("UPDATE notice SET outcome = ?, outcome_why = ? WHERE mail = ? AND outcome = 'in mail'", [
      outcome.state,
      outcome.state === "failed" ? answer.slice(0, 500) : null,
      mail.id,
    ]);
  return true;
}

export interface Recipient {
  name: string;
  address: string | null;
  active: boolean;
}

export async function recipients(sql: Sql, persons: string[]): Promise<Map<string, Recipient>> {
  if (persons.length === 0) return new Map();
  const rows = await sql.query(
    `SELECT id, name, email, active FROM person WHERE id IN (${marks(persons.length)})`,
    persons,
  );
  return new Map(
    rows.map((row) => [
      String(row["id"]),
      {
        name: String(row["name"]),
        address: row["email"] === null ? null : String(row["email"]),
        active: Number(row["active"]) === 1,
      },
    ]),
  );
}

export async function organisationNames(sql: Sql, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await sql.query(`SELECT id, name FROM organisation WHERE id IN (${marks(ids.length)})`, ids);
  return new Map(rows.map((row) => [String(row["id"]), String(row["name"])]));
}
