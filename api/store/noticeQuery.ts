/** Reads of notices, the mail that carries them, findings and document versions. */
import { keepsViews } from "../../schema/access";
import { instant, instantOrNull, datetime, marks, type Row, type Sql, type SqlValue } from "./database";
import { noteRows } from "./looks";
import { fillSlots, slotsOf } from "./mails";
import { countInOrder, noticeOrder, readInOrder, type Wanted } from "./orderedWork";
import { COUNTED, emptyPage, onVisibleRecords, type Page, type PageArgs } from "./visibleRecords";
import type { Viewer } from "./visibility";
import { countOf, list, noted, pageOf, readPage } from "./workQuery";

export interface NoticeView {
  id: string;
  type: string;
  record: string;
  person: string;
  subject: string;
  body: string;
  because: string[];
  urgent: boolean;
  createdAt: string;
  sendAt: string;
  outcome: string;
  outcomeWhy: string | null;
  readAt: string | null;
  mail: string | null;
}

export interface MailView {
  id: string;
  person: string;
  messageId: string;
  subject: string;
  text: string;
  html: string;
  state: string;
  answer: string | null;
  attempts: number;
  createdAt: string;
  sentAt: string | null;
}

export interface FindingView {
  id: string;
  type: string;
  record: string;
  code: string;
  message: string;
  path: string | null;
  state: string;
  answer: string | null;
  answeredBy: string | null;
  answeredAt: string | null;
}

export interface DocumentView {
  id: string;
  type: string;
  record: string;
  field: string;
  number: number;
  hash: string;
  /** Left out where only the line of a version is read: a text may be long. */
  text?: string;
  createdAt: string;
  createdBy: string | null;
  inForceAt: string | null;
}

const text = (value: unknown): string | null => (value === null || value === undefined ? null : String(value));

const noticeColumns = `t.id, t.type, t.record, t.person, t.subject, t.body, t.because, t.urgent, t.created_at, t.send_at,
  t.outcome, t.outcome_why, t.read_at, t.mail, t.body_hash`;

const isGone = (what: string, hash: unknown): string =>
  `The text of this ${what} is no longer kept. Its SHA-256 was ${String(hash)}.`;

const noticeOf = (row: Row): NoticeView => ({
  id: String(row["id"]),
  type: String(row["type"]),
  record: String(row["record"]),
  person: String(row["person"]),
  subject: String(row["subject"]),
  body: row["body_hash"] ? isGone("message", row["body_hash"]) : String(row["body"]),
  because: list(row["because"]),
  urgent: Number(row["urgent"]) === 1,
  createdAt: instant(String(row["created_at"])),
  sendAt: instant(String(row["send_at"])),
  outcome: String(row["outcome"]),
  outcomeWhy: text(row["outcome_why"]),
  readAt: instantOrNull(text(row["read_at"])),
  mail: text(row["mail"]),
});

export interface NoticeArgs {
  record?: string | null;
  person?: string | null;
}

function noticeWhere(viewer: Viewer, args: NoticeArgs): { sql: string; params: SqlValue[] } | "none" {
  const seen = onVisibleRecords(viewer, "t");
  if (seen === "none") return "none";
  const params = [...seen.params];
  let sql = seen.sql;
  if (args.record) {
    sql += " AND t.record = ?";
    params.push(args.record);
  }
  if (args.person) {
    // A person's notices are found by both.
    const organisations = viewer.access.organisations.map(({ id }) => id);
    if (!viewer.access.system) sql += ` AND t.organisation IN (${marks(organisations.length)})`;
    sql += " AND t.person = ?";
    params.push(...(viewer.access.system ? [] : organisations), args.person);
  }
  return { sql, params };
}

/** Undefined where a read begins at something that is few already: a person's own, or one record's. */
const wantedNotices = ({ record, person }: NoticeArgs): Wanted | undefined =>
  record || person ? undefined : { equal: {} };

/** Newest first. */
export async function readNotices(sql: Sql, viewer: Viewer, args: NoticeArgs & PageArgs): Promise<Page<NoticeView>> {
  const wanted = wantedNotices(args);
  if (wanted) {
    const rows = await readInOrder(sql, viewer, noticeOrder, noticeColumns, wanted, args);
    return noted(viewer, pageOf(rows, args, noticeOf));
  }
  const where = noticeWhere(viewer, args);
  if (where === "none") return emptyPage();
  const select = `SELECT ${noticeColumns}, t.created_at AS k FROM notice t`;
  const rows = await readPage(sql, select, where, "t.created_at", { ...args, newestFirst: true });
  return noted(viewer, pageOf(rows, args, noticeOf));
}

export async function countNotices(sql: Sql, viewer: Viewer, args: NoticeArgs): Promise<number> {
  const wanted = wantedNotices(args);
  if (wanted) return countInOrder(sql, viewer, noticeOrder, wanted);
  const where = noticeWhere(viewer, args);
  if (where === "none") return 0;
  const [row] = await sql.query(
    `SELECT COUNT(*) AS n, MIN(c.type) AS type
     FROM (SELECT t.type FROM notice t WHERE ${where.sql} LIMIT ${COUNTED + 1}) c`,
    where.params,
  );
  return countOf(viewer, args, row);
}

/** Of records already seen, newest first. */
export async function noticesOfRecords(sql: Sql, records: readonly string[]): Promise<NoticeView[]> {
  const rows = await sql.query(
    `SELECT ${noticeColumns} FROM notice t WHERE t.record IN (${marks(records.length)})
     ORDER BY t.created_at DESC, t.id DESC LIMIT 5000`,
    [...records],
  );
  return rows.map(noticeOf);
}

/** Marks a person's own notice as read in the app; one still planned needs no mail then. False where it is not theirs. */
export async function readOwnNotice(sql: Sql, id: string, person: string, at: string): Promise<boolean> {
  const { affectedRows } = await sql.execute(
    `UPDATE notice SET read_at = COALESCE(read_at, ?),
       outcome = IF(outcome = 'planned', 'read', outcome) WHERE id = ? AND person = ?`,
    [datetime(at), id, person],
  );
  return affectedRows > 0;
}

export async function noticeById(sql: Sql, viewer: Viewer, id: string): Promise<NoticeView | undefined> {
  const where = noticeWhere(viewer, {});
  if (where === "none") return undefined;
  const [row] = await sql.query(`SELECT ${noticeColumns} FROM notice t WHERE t.id = ? AND ${where.sql}`, [
    id,
    ...where.params,
  ]);
  const notice = row && noticeOf(row);
  if (notice) noteRows(viewer, [notice]);
  return notice;
}

const mailColumns = `t.id, t.person, t.message_id, t.subject, t.text_body, t.html_body, t.slots, t.state, t.answer, t.body_hash, t.attempts,
  t.created_at, t.sent_at`;

/** What stands in the place of a one-time link wherever a mail is read but by its receiver. */
const ownLink = "[a link of their own, shown in their mail alone]";

const mailOf = (row: Row): MailView => ({
  id: String(row["id"]),
  person: String(row["person"]),
  messageId: String(row["message_id"]),
  subject: String(row["subject"]),
  text: row["body_hash"]
    ? isGone("email", row["body_hash"])
    : fillSlots(String(row["text_body"]), "text", slotsOf(row["slots"]), () => ownLink),
  html: fillSlots(String(row["html_body"]), "html", slotsOf(row["slots"]), () => "#"),
  state: String(row["state"]),
  answer: text(row["answer"]),
  attempts: Number(row["attempts"]),
  createdAt: instant(String(row["created_at"])),
  sentAt: instantOrNull(text(row["sent_at"])),
});

/** `person`: only that person's own. Others' lose what tells of confidential records that the viewer may not see. */
export async function mailsByIds(
  sql: Sql,
  viewer: Viewer,
  ids: readonly string[],
  person: string | null,
): Promise<MailView[]> {
  const rows = await sql.query(
    `SELECT ${mailColumns} FROM mail t WHERE t.id IN (${marks(ids.length)}) AND (t.organisation = ? OR t.person = ?)
     ${person === null ? "" : "AND t.person = ?"}`,
    [...ids, viewer.access.acting, viewer.access.person, ...(person === null ? [] : [person])],
  );
  return noteMails(sql, viewer, await withheld(sql, viewer, rows.map(mailOf)));
}

/** All of the acting organisation, newest first, with what is withheld as above. */
export async function readMails(sql: Sql, viewer: Viewer, args: PageArgs): Promise<Page<MailView>> {
  const where = { sql: "t.organisation = ?", params: [viewer.access.acting] };
  const select = `SELECT ${mailColumns}, t.created_at AS k FROM mail t`;
  const rows = await readPage(sql, select, where, "t.created_at", { ...args, newestFirst: true });
  const page = pageOf(rows, args, mailOf);
  return { ...page, nodes: await noteMails(sql, viewer, await withheld(sql, viewer, page.nodes)) };
}

/** Whoever configures a school reads what was mailed and when, but nothing of a record that is not theirs to see. */
async function withheld(sql: Sql, viewer: Viewer, mails: MailView[]): Promise<MailView[]> {
  const others = mails.filter((mail) => mail.person !== viewer.access.person);
  if (!others.length) return mails;
  const seen = onVisibleRecords(viewer, "n");
  const rows = await sql.query(
    `SELECT DISTINCT n.mail FROM notice n WHERE n.mail IN (${marks(others.length)})
     ${seen === "none" ? "" : `AND NOT ${seen.sql}`}`,
    [...others.map((mail) => mail.id), ...(seen === "none" ? [] : seen.params)],
  );
  const hidden = new Set(rows.map((row) => String(row["mail"])));
  const nothing = { subject: "About something confidential", text: "", html: "" };
  return mails.map((mail) => (hidden.has(mail.id) ? { ...mail, ...nothing } : mail));
}

/** Whoever reads an email has read of the records that it is about, where it says so to them. */
async function noteMails(sql: Sql, viewer: Viewer, mails: MailView[]): Promise<MailView[]> {
  const types = [...viewer.registry.types.values()].flatMap(({ active: { type } }) =>
    keepsViews(type) ? [type.name] : [],
  );
  if (!viewer.looks || !types.length || !mails.length) return mails;
  const seen = onVisibleRecords(viewer, "n");
  const rows = await sql.query(
    `SELECT DISTINCT n.type, n.record FROM notice n
     WHERE n.mail IN (${marks(mails.length)}) AND n.type IN (${marks(types.length)})
       AND (n.person = ? OR ${seen === "none" ? "1 = 0" : seen.sql})`,
    [...mails.map((mail) => mail.id), ...types, viewer.access.person, ...(seen === "none" ? [] : seen.params)],
  );
  noteRows(
    viewer,
    rows.map((row) => ({ type: String(row["type"]), record: String(row["record"]) })),
  );
  return mails;
}

export async function countMails(sql: Sql, organisation: string): Promise<number> {
  const [row] = await sql.query("SELECT COUNT(*) AS n FROM mail WHERE organisation = ?", [organisation]);
  return Number(row?.["n"] ?? 0);
}

const findingOf = (row: Row): FindingView => ({
  id: String(row["id"]),
  type: String(row["type"]),
  record: String(row["record"]),
  code: String(row["code"]),
  message: String(row["message"]),
  path: text(row["path"]),
  state: String(row["state"]),
  answer: text(row["answer"]),
  answeredBy: text(row["answered_by"]),
  answeredAt: instantOrNull(text(row["answered_at"])),
});

const findingColumns =
  "t.id, t.type, t.record, t.code, t.message, t.path, t.state, t.answer, t.answered_by, t.answered_at";

/** Of records already seen. */
export async function findingsOfRecords(sql: Sql, records: readonly string[]): Promise<FindingView[]> {
  const rows = await sql.query(
    `SELECT ${findingColumns} FROM finding t WHERE t.record IN (${marks(records.length)}) ORDER BY t.id LIMIT 5000`,
    [...records],
  );
  return rows.map(findingOf);
}

export async function findingById(sql: Sql, viewer: Viewer, id: string): Promise<FindingView | undefined> {
  const seen = onVisibleRecords(viewer, "t");
  if (seen === "none") return undefined;
  const [row] = await sql.query(`SELECT ${findingColumns} FROM finding t WHERE t.id = ? AND ${seen.sql}`, [
    id,
    ...seen.params,
  ]);
  const finding = row && findingOf(row);
  if (finding) noteRows(viewer, [finding]);
  return finding;
}

const versionColumns = "t.id, t.type, t.record, t.field, t.number, t.hash, t.created_at, t.created_by, t.in_force_at";
const documentColumns = `${versionColumns}, t.text`;

const documentOf = (row: Row): DocumentView => ({
  id: String(row["id"]),
  type: String(row["type"]),
  record: String(row["record"]),
  field: String(row["field"]),
  number: Number(row["number"]),
  hash: String(row["hash"]),
  ...(row["text"] === undefined ? {} : { text: String(row["text"]) }),
  createdAt: instant(String(row["created_at"])),
  createdBy: text(row["created_by"]),
  inForceAt: instantOrNull(text(row["in_force_at"])),
});

/** Of records already seen. */
export async function documentsByIds(sql: Sql, ids: readonly string[]): Promise<DocumentView[]> {
  const rows = await sql.query(
    `SELECT ${documentColumns} FROM document_version t WHERE t.id IN (${marks(ids.length)})`,
    [...ids],
  );
  return rows.map(documentOf);
}

/** Versions without their texts, by id: of records already seen. */
export async function versionsByIds(sql: Sql, ids: readonly string[]): Promise<DocumentView[]> {
  if (!ids.length) return [];
  const rows = await sql.queryText(`SELECT ${versionColumns} FROM document_version t WHERE t.id IN (?)`, [[...ids]]);
  return rows.map(documentOf);
}

/** Every version of one document field, newest first, without their texts. */
export async function documentVersions(sql: Sql, record: string, field: string): Promise<DocumentView[]> {
  const rows = await sql.query(
    `SELECT ${versionColumns} FROM document_version t WHERE t.record = ? AND t.field = ? ORDER BY t.number DESC LIMIT 500`,
    [record, field],
  );
  return rows.map(documentOf);
}
