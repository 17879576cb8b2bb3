/** Rows of a sheet as they are read, counted as they come: rows, columns, the length of a cell, and all of them together. */
import { type Failure, invalid } from "../../../schema/failure";
import { MAX_CELL, MOST_COLUMNS, MOST_ROWS, type SheetCell } from "../../../schema/sheetRows";

export type NumberedRow = [line: number, cells: SheetCell[]];

/** Of all cells: what a CSV of the largest size holds. */
const MAX_CHARACTERS = 20_000_000;

export const figure = (n: number): string => n.toLocaleString("en-GB");
export const refused = (message: string): Failure => invalid([{ path: "file", message }]);

/** Takes rows one after another; those without anything in them are left out. */
export class Table {
  rows: NumberedRow[] = [];
  width = 0;
  private characters = 0;

  add(line: number, row: SheetCell[]): void {
    let length = row.length;
    while (length > 0 && isBlank(row[length - 1])) length -= 1;
    if (length === 0) return;
    // The headings besides.
    if (this.rows.length > MOST_ROWS)
      throw refused(`This file has more than ${figure(MOST_ROWS)} rows. Split it into several files.`);
    if (length > MOST_COLUMNS)
      throw refused(
        `Line ${figure(line)} has something in its column ${letterOf(length - 1)}, the ${figure(length)}th; ${MOST_COLUMNS} columns are the most. Delete those that are not needed.`,
      );
    const cells = row.slice(0, length);
    const long = cells.findIndex((cell) => typeof cell === "string" && cell.length > MAX_CELL);
    if (long >= 0)
      throw refused(
        `Cell ${letterOf(long)}${line} holds ${figure(String(cells[long]).length)} characters; ${figure(MAX_CELL)} are the most. Shorten it.`,
      );
    for (const cell of cells) this.characters += typeof cell === "string" ? cell.length + 2 : 8;
    if (this.characters > MAX_CHARACTERS)
      throw refused("The rows of this file hold too much text. Split it into several files.");
    this.width = Math.max(this.width, length);
    this.rows.push([line, cells.map(plain)]);
  }
}

export const isBlank = (cell: SheetCell | undefined): boolean =>
  cell === null || cell === undefined || (typeof cell === "string" && cell.trim() === "");

/** NUL, and halves of characters, are no text: a database may end or change there. */
const plain = (cell: SheetCell): SheetCell =>
  typeof cell === "string" ? cell.replace(/[\0\p{Surrogate}]/gu, "\uFFFD") : cell;

/** Of a column, from 0: A, B, … Z, AA. */
export function letterOf(column: number): string {
  const last = String.fromCharCode(65 + (column % 26));
  return column < 26 ? last : letterOf(Math.floor(column / 26) - 1) + last;
}
