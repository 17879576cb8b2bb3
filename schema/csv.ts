/** Rows as a CSV that Excel and everything else opens. */
import Papa from "papaparse";
import { type Cell, cellText } from "./cell";

/** Without it Excel reads UTF-8 as the code page of the machine. */
export const BOM = "\uFEFF";

/** Lines that follow a BOM. What a sheet would take for a formula stays text: what people type may not run on another's machine. */
export const csvLines = (rows: Cell[][]): string =>
  rows.length
    ? `${Papa.unparse(
        rows.map((row) => row.map(cellText)),
        { escapeFormulae: true, newline: "\r\n" },
      )}\r\n`
    : "";
