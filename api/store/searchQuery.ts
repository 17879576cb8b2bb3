/** One search over the titles and references of every type, each with its own visibility, in one statement. */
import type { Sql, SqlValue } from "./database";
import { matching, wordsOf } from "./recordQuery";
import { tableName } from "./recordTable";
import { type Viewer, visibilityFor } from "./visibility";

export interface Hit {
  type: string;
  id: string;
  reference: string;
  recordTitle: string;
  state: string;
}

/** The first `first` of each type, or of one, by title, in the order of the types. Nothing for no words. */
export async function searchRecords(
  sql: Sql,
  viewer: Viewer,
  text: string,
  first: number,
  only?: string,
): Promise<Hit[]> {
  const words = wordsOf(text);
  if (!words.length) return [];
  const parts: string[] = [];
  const params: SqlValue[] = [];
  for (const [name, { active }] of viewer.registry.types) {
    if (only !== undefined && name !== only) continue;
    const visibility = visibilityFor(viewer, active.type);
    if (visibility === "none") continue;
    const found = matching(words);
    parts.push(`(SELECT '${name}' AS type, r.id, r.reference, r.title, r.state FROM ${tableName(name)} r
      WHERE ${visibility.sql("r")}${found.sql} ORDER BY r.title_folded, r.id LIMIT ${first})`);
    params.push(...visibility.params(viewer.scopeOf), ...found.params);
  }
  if (!parts.length) return [];
  const rows = await sql.queryText(parts.join(" UNION ALL "), params);
  return rows.map((row) => ({
    type: String(row["type"]),
    id: String(row["id"]),
    reference: String(row["reference"]),
    recordTitle: String(row["title"]),
    state: String(row["state"]),
  }));
}
