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

/** Each of the words begins one of a record's: a condition on `r`, of any list of a type. */
export function foundBy(
  type: string,
  organisations: string[],
  words: string[] | undefined,
): { sql: string; params: SqlValue[] } {
  if (!words) return { sql: "", params: [] };
  if (!words.length) return { sql: " AND 1 = 0", params: [] };
  const ranges = words.map((word) => wordRange(type, organisations, word));
  return {
    sql: ranges.map(({ sql }) => ` AND r.id IN (SELECT w.record FROM record_word w WHERE ${sql})`).join(""),
    params: ranges.flatMap(({ params }) => params),
  };
}
