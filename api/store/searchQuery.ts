/** One search over the titles and references of every type, each with its own visibility, in one statement. */
import { askedWords, wordsOf } from "../../schema/searchWords";
import { fold } from "../../schema/text";
import { marks, type Sql, type SqlValue } from "./database";
import { noteLooks } from "./looks";
import { tableName } from "./recordTable";
import { beginsWith, hasWord, wordRange } from "./recordWords";
import { type Viewer, visibilityFor } from "./visibility";

export interface Hit {
  type: string;
  id: string;
  reference: string;
  recordTitle: string;
  state: string;
}

/** So many candidates of a type are ranked; of more, those that are called so, and then the first by title. */
const MANY = 1_000;

/** The first `first` of each type, or of one: what is called so first, in the order of the types. Nothing for no words. */
export async function searchRecords(
  sql: Sql,
  viewer: Viewer,
  text: string,
  first: number,
  only?: string,
): Promise<Hit[]> {
  const found = new Map<string, Hit>();
  for (const words of askedWords(text) ?? [])
    for (const hit of await searchByWords(sql, viewer, text, words, first, only))
      if (!found.has(hit.id)) found.set(hit.id, hit);
  const types = [...viewer.registry.types.keys()];
  return noted(
    viewer,
    types.flatMap((type) => [...found.values()].filter((hit) => hit.type === type).slice(0, first)),
  );
}

async function searchByWords(
  sql: Sql,
  viewer: Viewer,
  text: string,
  words: string[],
  first: number,
  only: string | undefined,
): Promise<Hit[]> {
  const { access } = viewer;
  const organisations = access.system ? [] : access.organisations.map(({ id }) => id);
  const types = [...viewer.registry.types].flatMap(
    ([
      name,
      {
        active: { type },
      },
    ]) => {
      const visibility = only !== undefined && name !== only ? "none" : visibilityFor(viewer, type);
      return visibility === "none" ? [] : [{ name, visibility }];
    },
  );
  if (!types.length) return [];
  const ranges = types.flatMap(({ name }) =>
    words.map((word, n) => ({ name, n, range: wordRange(name, organisations, word) })),
  );
  // One look into the index for each type and word: nearly all have nothing.
  const counts = await sql.queryText(
    ranges
      .map(
        ({ name, n, range }) =>
          `SELECT '${name}' AS type, ${n} AS word, COUNT(*) AS n FROM (SELECT 1 FROM record_word w WHERE ${range.sql} LIMIT ${MANY + 1}) c`,
      )
      .join(" UNION ALL "),
    ranges.flatMap(({ range }) => range.params),
  );
  /** The word that fewest have, and how many: none where there is one that nothing has. */
  const rarest = new Map<string, { word: string; n: number }>();
  for (const row of counts) {
    const [type, n] = [String(row["type"]), Number(row["n"])];
    if (n < (rarest.get(type)?.n ?? Infinity)) rarest.set(type, { word: words[Number(row["word"])] ?? "", n });
  }
  const folded = fold(text);
  const columns = (name: string) => `'${name}' AS type, r.id, r.reference, r.title, r.state`;
  const parts: string[] = [];
  const params: SqlValue[] = [];
  for (const { name, visibility } of types) {
    const { word: rare, n } = rarest.get(name) ?? { word: "", n: 0 };
    if (n === 0) continue;
    const table = tableName(name);
    const others = words.filter((word) => word !== rare);
    const has = (asked: string[]) => asked.map(() => ` AND ${hasWord}`).join("");
    const seen = visibility.params(viewer.scopeOf);
    if (n <= MANY) {
      const range = wordRange(name, organisations, rare);
      const exact = words.map(() => "EXISTS (SELECT 1 FROM record_word e WHERE e.record = r.id AND e.word = ?)");
      parts.push(`(SELECT ${columns(name)}
        FROM (SELECT DISTINCT w.record FROM record_word w WHERE ${range.sql}) f STRAIGHT_JOIN ${table} r ON r.id = f.record
        WHERE ${visibility.sql("r")}${has(others)}
        ORDER BY r.title_folded = ? DESC, r.reference = ? DESC, r.title_folded LIKE ? DESC, ${exact.join(" + ")} DESC,
          r.title_folded, r.id LIMIT ${first})`);
      params.push(...range.params, ...seen, ...others.map(beginsWith));
      params.push(folded, text.trim(), beginsWith(folded), ...words);
      continue;
    }
    for (const { id } of access.organisations) {
      const within = `r.organisation = ? AND ${visibility.sql("r")}${has(words)}`;
      const page = `FROM ${table} r FORCE INDEX (by_title) WHERE`;
      parts.push(
        `(SELECT ${columns(name)} ${page} r.title_folded LIKE ? AND ${within} ORDER BY r.title_folded, r.id LIMIT ${first})`,
        `(SELECT ${columns(name)} FROM ${table} r WHERE r.reference = ? AND ${within} LIMIT 1)`,
        `(SELECT ${columns(name)} ${page} ${within} ORDER BY r.title_folded, r.id LIMIT ${first})`,
      );
      const asked = [id, ...seen, ...words.map(beginsWith)];
      params.push(beginsWith(folded), ...asked, text.trim(), ...asked, ...asked);
    }
  }
  if (!parts.length) return [];
  const hits = new Map((await rowsOf(sql, parts, params)).map((hit) => [`${hit.type} ${hit.id}`, hit]));
  const ranked = [...hits.values()]
    .map((hit) => ({ hit, rank: rankOf(hit, folded, words) }))
    .sort((a, b) => b.rank - a.rank || byName.compare(a.hit.recordTitle, b.hit.recordTitle));
  return ranked.map(({ hit }) => hit);
}

/** "Laptop 9" before "Laptop 10". */
const byName = new Intl.Collator("en", { numeric: true });

/** How nearly a record is called what was asked for. */
function rankOf({ reference, recordTitle }: Hit, folded: string, words: string[]): number {
  const title = fold(recordTitle);
  if (title === folded || fold(reference) === folded) return 4;
  if (title.startsWith(folded)) return 3;
  const own = wordsOf(title);
  if (words.every((word) => own.includes(word))) return 2;
  return words.every((word) => own.some((each) => each.startsWith(word))) ? 1 : 0;
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
  const hits = await rowsOf(sql, parts, params);
  return noted(viewer, hits.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, first));
}

async function rowsOf(sql: Sql, parts: string[], params: SqlValue[]): Promise<Hit[]> {
  const rows = parts.length ? await sql.queryText(parts.join(" UNION ALL "), params) : [];
  return rows.map((row) => ({
    type: String(row["type"]),
    id: String(row["id"]),
    reference: String(row["reference"]),
    recordTitle: String(row["title"]),
    state: String(row["state"]),
  }));
}

function noted(viewer: Viewer, hits: Hit[]): Hit[] {
  for (const { type, id } of hits) noteLooks(viewer, type, [id]);
  return hits;
}
