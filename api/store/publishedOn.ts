import { instant, type Sql } from "./database";

/** When a version of a definition was published, ISO. */
export async function publishedOn(sql: Sql, type: string, version: number): Promise<string | null> {
  const [row] = await sql.query("SELECT published_at FROM definition WHERE type = ? AND version = ?", [type, version]);
  return row ? instant(String(row["published_at"])) : null;
}
