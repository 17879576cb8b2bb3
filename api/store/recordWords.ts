/**
 * The table of words: by which words of its title and reference each record is found. Written with the record; a search
 * reads the range of the words that begin as asked, and never a title that has none of them.
 */
import { wordsOf } from "../../schema/searchWords";
import { marks, type Sql, type SqlValue } from "./database";

interface Named {
  id: string;
  organisation: string;
  type: string;
  title: string;
  reference: string;
}

const COLUMNS = ["record", "word", "organisation", "type"];
const CHUNK_ROWS = 1_000;

/** Of records that have none yet. A row that is there already is left. */
export async function insertWords(sql: Pick<Sql, "executeText">, records: Named[]): Promise<void> {
  const rows = records.flatMap(({ id, organisation, type, title, reference }) =>
    wordsOf(title, reference).map((word): SqlValue[] => [id, word, organisation, type]),
  );
  for (let from = 0; from < rows.length; from += CHUNK_ROWS)
    await sql.executeText(`INSERT IGNORE INTO record_word (${COLUMNS.join(", ")}) VALUES ?`, [
      rows.slice(from, from + CHUNK_ROWS),
    ]);
}

/** After a title has changed. */
export async function replaceWords(sql: Pick<Sql, "executeText">, records: Named[]): Promise<void> {
  if (!records.length) return;
  await sql.executeText("DELETE FROM record_word WHERE record IN (?)", [records.map(({ id }) => id)]);
  await insertWords(sql, records);
}

export const beginsWith = (word: string): string => `${word.replace(/[\\%_]/g, "\\$&")}%`;

/** The words of a type that begin like `?`, over `record_word w`. No organisations: all. */
export function wordRange(type: string, organisations: string[], word: string): { sql: string; params: SqlValue[] } {
  const within = organisations.length ? `w.organisation IN (${marks(organisations.length)}) AND ` : "";
  return { sql: `${within}w.type = ? AND w.word LIKE ?`, params: [...organisations, type, beginsWith(word)] };
}

/** Whether a record `r` has a word that begins so, asked of the record. */
export const hasWord = "(SELECT 1 FROM record_word w WHERE w.record = r.id AND w.word LIKE ? LIMIT 1) = 1";

/** Of a word that begins more than this many, it is asked of each record instead. */
const MANY = 1_000;

export interface Found {
  /** Only these have the words that few have; undefined where all are common. */
  ids?: string[];
  /** To be asked of each: see `hasWord`. */
  common: string[];
}

/** The records of a type by the words of a search; "none" where one of them begins no word of any. */
export async function findByWords(
  sql: Sql,
  type: string,
  organisations: string[],
  words: string[],
): Promise<Found | "none"> {
  if (!words.length) return "none";
  const ranges = words.map((word) => wordRange(type, organisations, word));
  const rows = await sql.queryText(
    ranges
      .map((range, n) => `(SELECT ${n} AS n, w.record FROM record_word w WHERE ${range.sql} LIMIT ${MANY + 1})`)
      .join(" UNION ALL "),
    ranges.flatMap(({ params }) => params),
  );
  const found = words.map((): string[] => []);
  for (const row of rows) found[Number(row["n"])]?.push(String(row["record"]));
  if (found.some((records) => !records.length)) return "none";
  const few = found.filter((records) => records.length <= MANY).map((records) => new Set(records));
  const common = words.filter((_, n) => (found[n]?.length ?? 0) > MANY);
  const [first, ...others] = few;
  if (!first) return { common };
  const ids = [...first].filter((id) => others.every((other) => other.has(id)));
  return ids.length ? { ids, common } : "none";
}
