/** The log of who opened which record. Written beside the reads by engine/viewLog.ts; read by those who may see the record. */
import { datetime, instant, type Sql, type SqlValue } from "./database";
import { pageOf, readPage } from "./workQuery";
import type { Page, PageArgs } from "./visibleRecords";

export interface View {
  id: string;
  organisation: string;
  record: string;
  person: string;
  /** Epoch milliseconds, school time. */
  at: number;
}

const SLOT_MS = 10 * 60_000;

/** One view counts for a person, a record and ten minutes. */
export const slotOf = (at: number): number => Math.floor(at / SLOT_MS);

/** What stands there already stays: the first look of its ten minutes. */
export async function insertViews(sql: Sql, views: View[]): Promise<void> {
  const rows = views.map(({ id, organisation, record, person, at }): SqlValue[] => [
    id,
    organisation,
    record,
    person,
    slotOf(at),
    datetime(new Date(at).toISOString()),
  ]);
  await sql.executeText(
    "INSERT INTO view_log (id, organisation, record, person, slot, at) VALUES ? ON DUPLICATE KEY UPDATE slot = slot",
    [rows],
  );
}

/** Of a record already seen, newest first. */
export async function viewsOf(sql: Sql, record: string, page: PageArgs): Promise<Page<{ person: string; at: string }>> {
  const where = { sql: "t.record = ?", params: [record] };
  const select = "SELECT t.id, t.person, t.at, t.at AS k FROM view_log t";
  const rows = await readPage(sql, select, where, "t.at", { ...page, newestFirst: true });
  return pageOf(rows, page, (row) => ({ person: String(row["person"]), at: instant(String(row["at"])) }));
}
