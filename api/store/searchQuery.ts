/** One search over the titles and references of every type, each with its own visibility, in one statement. */
import { marks, type Sql, type SqlValue } from "./database";
import { noteLooks } from "./looks";
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
  return hitsOf(sql, viewer, parts, params);
}

/** What a person has asked for and is not over: the records they made, newest first, of every type they may see. */
export async function requestsOf(sql: Sql, viewer: Viewer, person: string, first: number): Promise<Hit[]> {
  const parts: string[] = [];
  const params: SqlValue[] = [];
  for (const [name, { active }] of viewer.registry.types) {
    const visibility = visibilityFor(viewer, active.type);
    const going = Object.entries(active.type.states).flatMap(([state, { end, resting }]) =>
      end || resting ? [] : [state],
    );
    if (visibility === "none" || !going.length) continue;
    parts.push(`(SELECT '${name}' AS type, r.id, r.reference, r.title, r.state FROM ${tableName(name)} r
      WHERE r.organisation = ? AND r.created_by = ? AND r.state IN (${marks(going.length)}) AND ${visibility.sql("r")}
      ORDER BY r.id DESC LIMIT ${first})`);
    params.push(viewer.access.acting, person, ...going, ...visibility.params(viewer.scopeOf));
  }
  const hits = await hitsOf(sql, viewer, parts, params);
  return hits.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, first);
}

async function hitsOf(sql: Sql, viewer: Viewer, parts: string[], params: SqlValue[]): Promise<Hit[]> {
  if (!parts.length) return [];
  const rows = await sql.queryText(parts.join(" UNION ALL "), params);
  const hits = rows.map((row) => ({
    type: String(row["type"]),
    id: String(row["id"]),
    reference: String(row["reference"]),
    recordTitle: String(row["title"]),
    state: String(row["state"]),
  }));
  for (const { type, id } of hits) noteLooks(viewer, type, [id]);
  return hits;
}
