/** A CSV or XLSX file as rows of cells; dates as ISO text, so that they mean the same wherever they are read. */
import type { SheetCell } from "../../schema/sheetRows";
import { inFigures, t } from "../i18n/t";

export interface Sheet {
  headers: string[];
  rows: SheetCell[][];
}

const MOST_ROWS = 20_000;

/** @throws Error with a sentence for a file that cannot be read as a sheet. */
export async function readFile(file: Blob & { name: string }): Promise<Sheet> {
  const excel = /\.xlsx$/i.test(file.name);
  if (!excel && !/\.(csv|txt|tsv)$/i.test(file.name))
    throw new Error(t`This is neither a CSV nor an XLSX file. Save the sheet as one of them, and choose it again.`);
  const cells = await (excel ? readExcel(file) : readCsv(file)).catch((cause: unknown) => {
    throw new Error(t`This file cannot be read. Open it in your spreadsheet, save it again, and choose it anew.`, {
      cause,
    });
  });
  const filled = cells.filter((row) => row.some((cell) => cell !== null && cell !== ""));
  const [first, ...rows] = filled;
  if (!first || rows.length === 0) throw new Error(t`There are no rows in this file below its first line of headings.`);
  if (rows.length > MOST_ROWS)
    throw new Error(t`This file has ${inFigures(rows.length)} rows: split it into files of 20,000 at most.`);
  const headers = first.map((cell) => String(cell ?? "").trim());
  return { headers, rows: rows.map((row) => headers.map((_, at) => row[at] ?? null)) };
}

async function readCsv(file: Blob): Promise<SheetCell[][]> {
  const { default: Papa } = await import("papaparse");
  return Papa.parse<string[]>(textOf(await file.arrayBuffer()), { skipEmptyLines: "greedy" }).data;
}

/** What an older Excel saves is in the code page of Windows, and no UTF-8. */
function textOf(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

async function readExcel(file: Blob): Promise<SheetCell[][]> {
  const { readSheet } = await import("read-excel-file/universal");
  const rows: unknown[][] = await readSheet(await file.arrayBuffer());
  return rows.map((row) => row.map(cellOf));
}

function cellOf(value: unknown): SheetCell {
  if (value instanceof Date) return value.toISOString().slice(0, 16).replace("T", " ").replace(" 00:00", "");
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}
