/**
 * Rows of an uploaded sheet become records, some at a time, by what each column fills: `importRows` does it. The file's id
 * names the import, so that rows that are sent for again are answered as they were done.
 */
import { invalid } from "../../schema/failure";
import { repeatsIn, type SheetRow, sheetRow } from "../../schema/sheetRows";
import type { Looks } from "../store/looks";
import { type ImportInput, importRows, MOST_ROWS, type RowVerdict } from "./importRows";
import { activeType } from "./pinned";
import { allRows, type OpenSheet, rowsFrom, workedOut } from "./read/openSheet";
import type { Identity } from "./run";
import type { World } from "./world";

export interface ImportSheetInput extends Pick<ImportInput, "type" | "key" | "existing" | "dryRun"> {
  /** For each column of the sheet the field that it fills, null for none. */
  columns: (string | null)[];
  /** Rows to pass over, and how many to do from there. */
  offset: number;
  first: number;
}

export interface ImportedLine extends Omit<RowVerdict, "verdict"> {
  verdict: RowVerdict["verdict"] | "REPEATED";
  /** As the spreadsheet numbers it. */
  line: number;
  /** What it calls the record: its key, and what the title is made of. */
  named: string;
  /** Of REPEATED: the line of an earlier row with the same key, which counts. */
  repeats: number | null;
}

/** @throws INVALID_INPUT for columns that cannot be so or too many rows, and as `importRows`. */
export async function importSheet(
  world: World,
  identity: Identity,
  sheet: OpenSheet,
  input: ImportSheetInput,
  looks?: Looks,
): Promise<ImportedLine[]> {
  const { columns, offset, first, type, key, existing, dryRun } = input;
  mustBeColumns(sheet, columns);
  if (first < 1 || first > MOST_ROWS)
    throw invalid([{ path: "first", message: `Do 1 to ${MOST_ROWS} rows at a time.` }]);
  const repeats = await workedOut(sheet, JSON.stringify({ columns, key }), () => repeatsOf(sheet, columns, key));
  const rows = rowsFrom(sheet, offset, first).map(([line, cells]) => ({ line, row: sheetRow(cells, columns) }));
  const own = rows.filter(({ line }) => !repeats.has(line));
  const verdicts = await importRows(
    world,
    identity,
    {
      ...{ type, key, existing, dryRun },
      rows: own.map(({ row }) => row),
      once: { import: sheet.file.id, lines: own.map(({ line }) => line) },
    },
    looks,
  );
  const became = new Map(own.map(({ line }, at) => [line, verdicts[at]]));
  const { title } = activeType(world.registry, type).active.type;
  const naming = [...new Set([...key, ...columns.filter((name) => name !== null && title.includes(name))])];
  return rows.map(({ line, row }): ImportedLine => {
    const verdict = became.get(line) ?? { verdict: "REPEATED" as const, id: null, changes: [], problems: [] };
    return { ...verdict, line, named: nameOf(row, naming), repeats: repeats.get(line) ?? null };
  });
}

/** Of the lines that repeat an earlier one, that one. */
async function repeatsOf(sheet: OpenSheet, columns: (string | null)[], key: string[]): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  const earlier = repeatsIn(key);
  for await (const [line, cells] of allRows(sheet)) {
    const first = earlier(line, sheetRow(cells, columns));
    if (first !== undefined) found.set(line, first);
  }
  return found;
}

/** @throws INVALID_INPUT where there are more than the sheet has, or two fill the same. */
export function mustBeColumns(sheet: OpenSheet, columns: (string | null)[]): void {
  const filled = columns.filter((name) => name !== null);
  const twice = filled.find((name, at) => filled.indexOf(name) !== at);
  if (twice !== undefined) throw invalid([{ path: "columns", message: `Two columns cannot both fill “${twice}”.` }]);
  if (columns.length > sheet.headers.length)
    throw invalid([{ path: "columns", message: `This sheet has ${sheet.headers.length} columns.` }]);
}

const LONGEST_NAME = 200;

function nameOf(row: SheetRow, naming: (string | null)[]): string {
  const words = naming.map((name) => String((name !== null && row[name]) ?? "").trim()).filter(Boolean);
  const named = words.join(", ");
  return named.length > LONGEST_NAME ? `${named.slice(0, LONGEST_NAME)}…` : named;
}
