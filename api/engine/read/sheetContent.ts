/** What stands in a sheet that is open: its rows as they are, and the words of one column. */
import { invalid } from "../../../schema/failure";
import type { SheetCell } from "../../../schema/sheetRows";
import { allRows, type OpenSheet, rowsFrom } from "./openSheet";

const MOST = 1_000;
/** Characters of JSON that are answered at once, but always one row. */
const LONGEST = 1_000_000;

/** @throws INVALID_INPUT for more rows than are read at once. */
export function sheetRows(sheet: OpenSheet, offset: number, first: number): { line: number; cells: SheetCell[] }[] {
  if (first > MOST) throw invalid([{ path: "first", message: `Read ${MOST.toLocaleString("en-GB")} rows at a time.` }]);
  let left = LONGEST;
  const rows = rowsFrom(sheet, offset, first).filter(([, cells], at) => {
    left -= JSON.stringify(cells).length;
    return left > 0 || at === 0;
  });
  return rows.map(([line, cells]) => ({ line, cells }));
}

const MOST_WORDS = 500;
const LONGEST_WORD = 1_000;

/** The most frequent first. What is longer than any word is left out. */
export async function sheetWords(sheet: OpenSheet, column: number): Promise<{ word: string; rows: number }[]> {
  const counts = new Map<string, number>();
  for await (const [, cells] of allRows(sheet)) {
    const word = String(cells[column] ?? "").trim();
    if (word && word.length <= LONGEST_WORD) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const all = [...counts].map(([word, rows]) => ({ word, rows }));
  return all.sort((a, b) => b.rows - a.rows).slice(0, MOST_WORDS);
}
