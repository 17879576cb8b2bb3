/**
 * Who read which records: one row a request, written before it is answered (engine/viewLog.ts); `view_log` is its index
 * by record, read by those who may see the record.
 */
import { datetime, instant, type Database, type Sql, type SqlValue } from "./database";
import type { Looks } from "./looks";
import { pageOf, readPage } from "./workQuery";
import type { Page, PageArgs } from "./visibleRecords";

export interface ViewRequest {
  id: string;
  organisation: string;
  person: string;
  /** How they came: a person signed in, a token, a guest's link, a shared device, a calendar link. */
  actor: string;
  /** Epoch milliseconds, school time. */
  at: number;
  /** graphql, file, text, report, calendar or live. */
  via: string;
  /** The operation's name, or its root fields. */
  operation: string;
  /** SHA-256 of the operation's text, hex; null where there is none. */
  hash: string | null;
  looks: Looks;
}

/** A row of the index by record, at most one for a person, a record and ten minutes. */
export interface View {
  id: string;
  record: string;
  opened: boolean;
}

const SLOT_MS = 10 * 60_000;
const ROWS_AT_ONCE = 1_000;

export const slotOf = (at: number): number => Math.floor(at / SLOT_MS);

/** Committed when it returns. `views`: what of it stands in the index by record. */
export async function insertRequest(db: Database, request: ViewRequest, views: View[]): Promise<void> {
  const { id, organisation, person, actor, at, via, operation, hash, looks } = request;
  const atText = datetime(new Date(at).toISOString());
  const seen = Object.fromEntries([...looks.byType].map(([type, ids]) => [type, [...ids]]));
  const sql = `INSERT INTO view_request (id, organisation, person, actor, at, via, operation, hash, seen)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;
  const params: SqlValue[] = [id, organisation, person, actor, atText, via, operation, hash, JSON.stringify(seen)];
  if (!views.length) return void (await db.execute(sql, params));
  // In one order, so that requests of one page wait for each other and do not deadlock.
  const rows = views
    .sort((a, b) => (a.record < b.record ? -1 : 1))
    .map((view): SqlValue[] => [
      ...[view.id, organisation, view.record, person, slotOf(at), atText, view.opened ? 1 : 0, id],
    ]);
  await db.transaction(async (tx) => {
    await tx.execute(sql, params);
    for (let from = 0; from < rows.length; from += ROWS_AT_ONCE)
      await tx.executeText(
        `INSERT INTO view_log (id, organisation, record, person, slot, at, opened, request) VALUES ?
         ON DUPLICATE KEY UPDATE opened = GREATEST(opened, VALUES(opened))`,
        [rows.slice(from, from + ROWS_AT_ONCE)],
      );
  });
}

export interface ViewRow {
  person: string;
  at: string;
  opened: boolean;
}

/** Of a record already seen, newest first. */
export async function viewsOf(sql: Sql, record: string, page: PageArgs): Promise<Page<ViewRow>> {
  const where = { sql: "t.record = ?", params: [record] };
  const select = "SELECT t.id, t.person, t.at, t.opened, t.at AS k FROM view_log t";
  const rows = await readPage(sql, select, where, "t.at", { ...page, newestFirst: true });
  return pageOf(rows, page, (row) => ({
    person: String(row["person"]),
    at: instant(String(row["at"])),
    opened: Number(row["opened"]) === 1,
  }));
}
