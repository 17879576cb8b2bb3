/** The links by which calendars outside follow what is due for a person: one each, kept as a hash. Machine time. */
import { datetime, instant, instantOrNull, type Sql, textOrNull } from "./database";
import { type Holder, personColumns, personOf } from "./people";

export interface FeedRow {
  /** Also what is nobody's, or others', of what the person may see. */
  everything: boolean;
  createdAt: string;
  readAt: string | null;
}

/** The person behind a feed's link, unless they left. */
export async function feedHolder(sql: Sql, secretHash: string): Promise<Holder | undefined> {
  const [row] = await sql.query(
    `SELECT ${personColumns} FROM calendar_feed f JOIN person p ON p.id = f.person AND p.active = 1
     WHERE f.secret_hash = ?`,
    [secretHash],
  );
  return row && { person: personOf(row) };
}

export async function feedOf(sql: Sql, person: string): Promise<FeedRow | null> {
  const [row] = await sql.query("SELECT everything, created_at, read_at FROM calendar_feed WHERE person = ?", [person]);
  return row
    ? {
        everything: Number(row["everything"]) === 1,
        createdAt: instant(String(row["created_at"])),
        readAt: instantOrNull(textOrNull(row["read_at"])),
      }
    : null;
}

/** Instead of the one there is. */
export async function saveFeed(
  sql: Sql,
  feed: { person: string; secretHash: string; everything: boolean; createdAt: string },
): Promise<void> {
  await sql.execute(
    "REPLACE INTO calendar_feed (person, secret_hash, everything, created_at, read_at) VALUES (?, ?, ?, ?, NULL)",
    [feed.person, feed.secretHash, feed.everything ? 1 : 0, datetime(feed.createdAt)],
  );
}

export async function deleteFeed(sql: Sql, person: string): Promise<boolean> {
  return (await sql.execute("DELETE FROM calendar_feed WHERE person = ?", [person])).affectedRows > 0;
}

export async function feedWasRead(sql: Sql, person: string, at: string): Promise<void> {
  await sql.execute("UPDATE calendar_feed SET read_at = ? WHERE person = ?", [datetime(at), person]);
}
