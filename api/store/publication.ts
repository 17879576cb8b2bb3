import { instant, type Sql } from "./database";

/** When a version of a definition was published (ISO), by whom, and why. `by` is null for the system. */
export interface Publication {
  at: string;
  by: string | null;
  comment: string | null;
}

export async function publicationOf(sql: Sql, type: string, version: number): Promise<Publication | undefined> {
  const [row] = await sql.query(
    "SELECT published_at, published_by, comment FROM definition WHERE type = ? AND version = ?",
    [type, version],
  );
  const text = (value: unknown) => (typeof value === "string" ? value : null);
  return (
    row && { at: instant(String(row["published_at"])), by: text(row["published_by"]), comment: text(row["comment"]) }
  );
}
