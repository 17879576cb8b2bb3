/** Notices on their way into mails, and mails on their way out. The sender alone needs a lease: sending is no SQL. */
import type { MailChoice } from "../../schema/mailing";
import { datetime, instant, marks, type Row, type Sql, type SqlValue, type Tx, textOrNull } from "./database";
import { mailChoiceOf } from "./mailRules";

export interface PlannedNotice {
  id: string;
  organisation: string;
  type: string;
  record: string;
  cause: string;
  person: string;
  template: string;
  subject: string;
  body: string;
  because: string[];
  urgent: boolean;
  dueOn: string | null;
  sendAt: string;
  /** JSON of a CalendarEvent. */
  event: string | null;
  createdAt: string;
}

/** What says whether a notice is still true. */
export type NoticeFacts = Pick<
  PlannedNotice,
  "id" | "organisation" | "type" | "record" | "cause" | "person" | "template"
>;

/** Where a one-time link stands in a mail: its secret is put there when the mail leaves. */
export interface Slot {
  page: "found" | "welcome" | "guest";
  /** The link's id. */
  link: string;
  part: "text" | "html";
  /** Characters (UTF-16) before it. */
  at: number;
}

export interface NewMail {
  id: string;
  organisation: string;
  person: string;
  address: string | null;
  /** It stays with this address: it tells its reader of their own account, and who changes an address may be a stranger. */
  fixedAddress: boolean;
  messageId: string;
  subject: string;
  text: string;
  html: string;
  slots: Slot[];
  calendar: string | null;
  urgent: boolean;
  /** Its reader may choose whether and when such mail comes. */
  choosable: boolean;
  /** The day whose digest it is. */
  digestOn: string | null;
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
  organisation: string;
  person: string;
  urgent: boolean;
  choosable: boolean;
  address: string;
  fixedAddress: boolean;
  messageId: string;
  subject: string;
  text: string;
  html: string;
  slots: Slot[];
  calendar: string | null;
  createdAt: string;
  /** This attempt included. */
  attempts: number;
  /** Who holds it, as the lease's end: a sender that was overtaken writes nothing. */
  lease: string;
}

export const slotsOf = (column: unknown): Slot[] =>
  column === null || column === undefined ? [] : (JSON.parse(String(column)) as Slot[]);

/** Puts into each slot of a part what `urlOf` says. */
export function fillSlots(words: string, part: Slot["part"], slots: Slot[], urlOf: (slot: Slot) => string): string {
  const own = slots.filter((slot) => slot.part === part).sort((a, b) => a.at - b.at);
  const pieces = own.map((slot, i) => words.slice(own[i - 1]?.at ?? 0, slot.at) + urlOf(slot));
  return pieces.join("") + words.slice(own.at(-1)?.at ?? 0);
}

const factsOf = (row: Row): NoticeFacts => ({
  id: String(row["id"]),
  organisation: String(row["organisation"]),
  type: String(row["type"]),
  record: String(row["record"]),
  cause: String(row["cause"]),
  person: String(row["person"]),
  template: String(row["template"]),
});

const readPlanned = (row: Row): PlannedNotice => ({
  ...factsOf(row),
  subject: String(row["subject"]),
  body: String(row["body"]),
  because: String(row["because"]).split(",").filter(Boolean),
  urgent: Number(row["urgent"]) === 1,
  dueOn: textOrNull(row["due_on"]),
  sendAt: instant(String(row["send_at"])),
  event: textOrNull(row["event"]),
  createdAt: instant(String(row["created_at"])),
});

export interface Until {
  /** What is urgent is told by now; anything else waits until all clocks due before `others` have fired. */
  urgent: string;
  others: string;
  /** What is planned until then goes along with the rest of a person's. */
  along: string;
}

/** Whose notices, or which one: everybody's where left out. */
export interface Only {
  person?: string;
  notice?: string;
}

/**
 * Locks at most `persons` people to whom something is to be told now, and all of theirs until `along`: so that one
 * composer alone makes their digest. What another holds is left to it. Those to whom something urgent is to be told come
 * first. At most 5,000 notices at a time.
 */
export async function lockPlannedNotices(
  tx: Tx,
  until: Until,
  persons: number,
  only: Only = {},
): Promise<PlannedNotice[]> {
  const found = only.person !== undefined ? [only.person] : await personsToTell(tx, until, persons);
  if (found.length === 0) return [];
  const held = await tx.query(
    `SELECT id FROM person WHERE id IN (${marks(found.length)}) ORDER BY id FOR UPDATE SKIP LOCKED`,
    found,
  );
  if (held.length === 0) return [];
  const rows = await tx.query(
    `SELECT id, organisation, type, record, cause, person, template, subject, body, because, urgent, due_on, send_at,
       event, created_at FROM notice
     WHERE outcome = 'planned' AND send_at <= ? AND person IN (${marks(held.length)})
     ${only.notice === undefined ? "" : "AND id = ?"}
     ORDER BY person, send_at, id LIMIT 5000 FOR UPDATE SKIP LOCKED`,
    [
      datetime(until.along),
      ...held.map((row) => String(row["id"])),
      ...(only.notice === undefined ? [] : [only.notice]),
    ],
  );
  return rows.map(readPlanned);
}

/** At most `persons` people to whom something is to be told now, what is urgent first. Reads without locks. */
export async function personsToTell(sql: Sql, { urgent, others }: Until, persons: number): Promise<string[]> {
  const rows = await sql.query(
    `SELECT person FROM notice WHERE outcome = 'planned' AND send_at <= ? AND (urgent = 1 OR send_at <= ?)
     GROUP BY person ORDER BY MAX(urgent) DESC, MIN(send_at), person LIMIT ${Math.trunc(persons)}`,
    [datetime(urgent), datetime(others)],
  );
  return rows.map((row) => String(row["person"]));
}

/** The notices that an email to a person would hold now: what is due, and what goes along with it. */
export async function noticesToTell(sql: Sql, person: string, { along }: Until): Promise<NoticeKey[]> {
  const rows = await sql.query(
    `SELECT id, organisation, type, record FROM notice
     WHERE outcome = 'planned' AND person = ? AND send_at <= ? ORDER BY id LIMIT 5000`,
    [person, datetime(along)],
  );
  return rows.map((row) => ({
    id: String(row["id"]),
    organisation: String(row["organisation"]),
    type: String(row["type"]),
    record: String(row["record"]),
  }));
}

export type NoticeKey = Pick<PlannedNotice, "id" | "organisation" | "type" | "record">;

/** Puts a notice aside that cannot be mailed, with its cause. False where it is planned no longer. */
export async function failNotice(sql: Sql, id: string, why: string): Promise<boolean> {
  const { affectedRows } = await sql.execute(
    "UPDATE notice SET outcome = 'failed', outcome_why = ? WHERE id = ? AND outcome = 'planned'",
    [why.slice(0, 500), id],
  );
  return affectedRows > 0;
}

/** Has a notice that was put aside told after all. False where it is not one of those, or has no text any more. */
export async function replanNotice(sql: Sql, id: string): Promise<boolean> {
  const { affectedRows } = await sql.execute(
    `UPDATE notice SET outcome = 'planned', outcome_why = NULL
     WHERE id = ? AND outcome = 'failed' AND mail IS NULL AND body_hash IS NULL`,
    [id],
  );
  return affectedRows > 0;
}

/** Has a failed mail sent again from its first try, with its notices. False where it is not one of those, or has no text any more. */
export async function requeueMail(sql: Sql, id: string): Promise<boolean> {
  const { affectedRows } = await sql.execute(
    `UPDATE mail SET state = 'queued', attempts = 0, next_at = ?, lease_until = NULL
     WHERE id = ? AND state = 'failed' AND body_hash IS NULL`,
    [atOnce, id],
  );
  if (affectedRows === 0) return false;
  await sql.execute("UPDATE notice SET outcome = 'in mail', outcome_why = NULL WHERE mail = ? AND outcome = 'failed'", [
    id,
  ]);
  return true;
}

/** Those of these people who have had, or are about to get, the digest of this day. */
export async function hadDigest(sql: Sql, persons: string[], on: string): Promise<Set<string>> {
  if (persons.length === 0) return new Set();
  const rows = await sql.query(`SELECT person FROM mail WHERE digest_on = ? AND person IN (${marks(persons.length)})`, [
    on,
    ...persons,
  ]);
  return new Set(rows.map((row) => String(row["person"])));
}

/** Leaves notices for another time. */
export async function postponeNotices(tx: Tx, ids: string[], until: string): Promise<void> {
  await tx.bulk(`UPDATE notice SET send_at = ? WHERE id IN (${marks(ids.length)})`, [datetime(until), ...ids]);
}

/**
 * Takes back digests of earlier days that have not left, so that what they tell of goes with the one of `on`. Returns
 * whether there was any.
 */
export async function recallDigests(tx: Tx, persons: string[], on: string): Promise<boolean> {
  if (persons.length === 0) return false;
  const rows = await tx.query(
    `SELECT id FROM mail WHERE person IN (${marks(persons.length)}) AND digest_on < ? AND state = 'queued'
     ORDER BY id FOR UPDATE SKIP LOCKED`,
    [...persons, on],
  );
  const ids = rows.map((row) => String(row["id"]));
  if (ids.length === 0) return false;
  await tx.bulk(
    `UPDATE mail SET state = 'replaced', answer = 'It could not be sent in time: the next digest tells it.'
     WHERE id IN (${marks(ids.length)})`,
    ids,
  );
  await tx.bulk(
    `UPDATE notice SET outcome = 'planned', mail = NULL WHERE mail IN (${marks(ids.length)}) AND outcome = 'in mail'`,
    ids,
  );
  return true;
}

/** Keeps a notice that need not be sent, with its reason: it is never deleted. */
export async function withdrawNotice(tx: Tx, id: string, why: string): Promise<void> {
  await tx.execute("UPDATE notice SET outcome = 'not needed', outcome_why = ? WHERE id = ?", [why.slice(0, 500), id]);
}

/** As `withdrawNotice`, for all that would have been sent by this instant. */
export async function keepNotices(sql: Sql, nowIso: string, why: string): Promise<void> {
  await sql.execute(
    "UPDATE notice SET outcome = 'not needed', outcome_why = ? WHERE outcome = 'planned' AND send_at <= ?",
    [why, datetime(nowIso)],
  );
}

/**
 * Keeps, and does not send, what a copied database has in common with the one it was copied from: what was there when it
 * was held (up to the id `mark`), and what its clocks made as it was released, at this instant (school time, ISO).
 */
export async function keepCopied(sql: Sql, { mark, at }: { mark: string; at: string }, why: string): Promise<void> {
  await sql.execute(
    `UPDATE notice SET outcome = 'not needed', outcome_why = ?
     WHERE outcome = 'planned' AND (id <= ? OR created_at = ?)`,
    [why, mark, datetime(at)],
  );
  await sql.execute(
    "UPDATE mail SET state = 'kept', answer = ?, lease_until = NULL WHERE state IN ('queued', 'sending') AND id <= ?",
    [why, mark],
  );
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
    `INSERT INTO mail (id, organisation, person, address, fixed_address, message_id, subject, text_body, html_body, slots,
       calendar, state, urgent, choosable, digest_on, next_at, answer, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      mail.id,
      mail.organisation,
      mail.person,
      mail.address,
      mail.fixedAddress ? 1 : 0,
      mail.messageId,
      mail.subject,
      mail.text,
      mail.html,
      mail.slots.length ? JSON.stringify(mail.slots) : null,
      mail.calendar,
      mail.state,
      mail.urgent ? 1 : 0,
      mail.choosable ? 1 : 0,
      mail.digestOn,
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
  const columns =
    "id, organisation, person, urgent, choosable, address, fixed_address, message_id, subject, text_body, html_body, slots, calendar, created_at, attempts";
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
    organisation: String(row["organisation"]),
    person: String(row["person"]),
    urgent: Number(row["urgent"]) === 1,
    choosable: Number(row["choosable"]) === 1,
    address: String(row["address"] ?? ""),
    fixedAddress: Number(row["fixed_address"]) === 1,
    messageId: String(row["message_id"]),
    subject: String(row["subject"]),
    text: String(row["text_body"]),
    html: String(row["html_body"]),
    slots: slotsOf(row["slots"]),
    calendar: textOrNull(row["calendar"]),
    createdAt: instant(String(row["created_at"])),
    attempts: Number(row["attempts"]) + 1,
    lease: leaseUntil,
  }));
}

export type MailOutcome =
  | { state: "sent"; answer: string; at: string }
  /** `refused`: the other side knows no such address. `cause`: a sentence without anybody's data. */
  | { state: "failed"; answer: string; refused?: boolean; cause: string }
  | { state: "kept"; answer: string }
  /** Its notices are put together anew. */
  | { state: "replaced"; answer: string }
  /** `uncharged`: what failed was Duly's own, and does not count as a try. */
  | { state: "queued"; answer: string; nextAt: string; uncharged?: true };

/** Writes what became of an attempt, and of the notices in it. False where another sender has taken the mail over. */
export async function settleMail(tx: Tx, mail: ClaimedMail, outcome: MailOutcome): Promise<boolean> {
  const answer = outcome.answer.slice(0, 1000);
  const { affectedRows } = await tx.execute(
    `UPDATE mail SET state = ?, answer = ?, lease_until = NULL, sent_at = ?, next_at = ?, attempts = attempts - ?
     WHERE id = ? AND state = 'sending' AND lease_until = ?`,
    [
      outcome.state,
      answer,
      outcome.state === "sent" ? datetime(outcome.at) : null,
      outcome.state === "queued" ? datetime(outcome.nextAt) : atOnce,
      outcome.state === "queued" && outcome.uncharged ? 1 : 0,
      mail.id,
      datetime(mail.lease),
    ],
  );
  if (affectedRows === 0) return false;
  if (outcome.state === "replaced") {
    // The day's digest may be made once more.
    await tx.execute("UPDATE mail SET digest_on = NULL WHERE id = ?", [mail.id]);
    await tx.execute("UPDATE notice SET outcome = 'planned', mail = NULL WHERE mail = ? AND outcome = 'in mail'", [
      mail.id,
    ]);
  } else if (outcome.state === "sent" || outcome.state === "failed")
    await tx.execute("UPDATE notice SET outcome = ?, outcome_why = ? WHERE mail = ? AND outcome = 'in mail'", [
      outcome.state,
      outcome.state === "failed" ? answer.slice(0, 500) : null,
      mail.id,
    ]);
  return true;
}

/** What emails tell of: the notices in them, without their text. */
export async function noticesIn(sql: Sql, mails: string[]): Promise<(NoticeFacts & { mail: string })[]> {
  const rows = await sql.query(
    `SELECT id, organisation, type, record, cause, person, template, mail FROM notice
     WHERE mail IN (${marks(mails.length)}) ORDER BY id`,
    mails,
  );
  return rows.map((row) => ({ ...factsOf(row), mail: String(row["mail"]) }));
}

/** Sends an email that its sender holds to another address. */
export async function readdressMail(tx: Tx, { id, lease }: ClaimedMail, address: string | null): Promise<void> {
  await tx.execute("UPDATE mail SET address = ? WHERE id = ? AND state = 'sending' AND lease_until = ?", [
    address,
    id,
    datetime(lease),
  ]);
}

/** A mail that was handed over, by its Message-ID: the id in it is the mail's own. */
export async function mailByMessageId(
  sql: Sql,
  messageId: string,
): Promise<{ id: string; organisation: string; person: string; address: string } | undefined> {
  const id = /^<(\w{26})@/.exec(messageId)?.[1]?.toUpperCase();
  if (id === undefined) return undefined;
  const [row] = await sql.query("SELECT id, organisation, person, address FROM mail WHERE id = ? AND message_id = ?", [
    id,
    messageId,
  ]);
  return (
    row && {
      id: String(row["id"]),
      organisation: String(row["organisation"]),
      person: String(row["person"]),
      address: String(row["address"] ?? ""),
    }
  );
}

/** A mail that was taken over and then came back did not arrive, and neither did its notices. False where it is known. */
export async function mailCameBack(tx: Tx, id: string, why: string): Promise<boolean> {
  const { affectedRows } = await tx.execute(
    "UPDATE mail SET state = 'failed', answer = ? WHERE id = ? AND state = 'sent'",
    [why.slice(0, 1000), id],
  );
  if (affectedRows === 0) return false;
  await tx.execute("UPDATE notice SET outcome = 'failed', outcome_why = ? WHERE mail = ? AND outcome = 'sent'", [
    why.slice(0, 500),
    id,
  ]);
  return true;
}

export interface Recipient {
  name: string;
  address: string | null;
  active: boolean;
  organisation: string;
  choice: MailChoice | undefined;
  /** Wants to be told also what is for information only. */
  optional: boolean;
}

export async function recipients(sql: Sql, persons: string[]): Promise<Map<string, Recipient>> {
  if (persons.length === 0) return new Map();
  const rows = await sql.query(
    `SELECT id, name, email, active, organisation, mail_pace, mail_from, mail_to, mail_optional FROM person
     WHERE id IN (${marks(persons.length)})`,
    persons,
  );
  return new Map(
    rows.map((row) => [
      String(row["id"]),
      {
        name: String(row["name"]),
        address: textOrNull(row["email"]),
        active: Number(row["active"]) === 1,
        organisation: String(row["organisation"]),
        choice: mailChoiceOf(row),
        optional: Number(row["mail_optional"]) === 1,
      },
    ]),
  );
}
