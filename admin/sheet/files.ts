/** Rows as files that Excel and everything else opens. The libraries come with the first file that is asked for. */
import { type Cell, cellText } from "../../schema/cell";

export type Format = "csv" | "xlsx";

export async function csvOf(rows: Cell[][]): Promise<string> {
  const { BOM, csvLines } = await import("../../schema/csv");
  return BOM + csvLines(rows);
}

export async function xlsxOf(rows: Cell[][], sheet: string): Promise<Blob> {
  const { default: writeExcelFile } = await import("write-excel-file/universal");
  const [header = [], ...body] = rows;
  const data = [
    header.map((value) => ({ value: String(value ?? ""), type: String, fontWeight: "bold" as const })),
    ...body.map((row) => row.map(xlsxCell)),
  ];
  const columns = header.map((_, at) => ({ width: widthOf(rows, at) }));
  return writeExcelFile(data, { sheet: sheetName(sheet), columns, stickyRowsCount: 1 }).toBlob();
}

/** A text is written as text, whatever it begins with. */
function xlsxCell(cell: Cell) {
  if (cell === null || cell === "") return null;
  if (typeof cell === "number") return { value: cell, type: Number };
  if (typeof cell === "string") return { value: cell, type: String };
  const value = new Date(`${cell.date}T${cell.time?.padStart(5, "0") ?? "00:00"}:00.000Z`);
  return { value, type: Date, format: cell.time ? "dd/mm/yyyy hh:mm" : "dd/mm/yyyy" };
}

const SAMPLE = 200;
const widthOf = (rows: Cell[][], at: number): number => {
  const longest = Math.max(...rows.slice(0, SAMPLE).map((row) => String(cellText(row[at] ?? null)).length));
  return Math.min(60, Math.max(10, longest + 2));
};

/** Excel takes 31 characters, and none of these. */
const sheetName = (name: string): string => name.replace(/[\\/?*[\]:]/g, " ").slice(0, 31);

export async function fileOf(rows: Cell[][], format: Format, sheet: string): Promise<Blob> {
  return format === "csv" ? new Blob([await csvOf(rows)], { type: "text/csv;charset=utf-8" }) : xlsxOf(rows, sheet);
}

export function download(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** "policies-2027-03-01.csv": letters that no file system minds. */
export const fileName = (words: string, date: string, format: Format): string =>
  `${words
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "")}-${date}.${format}`;
