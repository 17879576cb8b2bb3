/** Rows as a CSV that Excel and everything else opens. */
import Papa from "papaparse";
import { type Cell, cellText } from "./cell";

/** Without it Excel reads UTF-8 as the code page of the machine. */
export const BOM = "\uFEFF";

/**
 * What a sheet takes for a formula's beginning: also in full width, as East Asian keyboards write it, and after what a
 * sheet leaves out (a BOM, spaces, characters of no width).
 */
const FORMULA = /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－﹣−＠﹫﹢﹦\t\r]/u;

/** Lines that follow a BOM. What a sheet would take for a formula stays text: what people type may not run on another's machine. */
export const csvLines = (rows: Cell[][]): string =>
  rows.length
    ? `${Papa.unparse(
        rows.map((row) => row.map(cellText)),
        { escapeFormulae: FORMULA, newline: "\r\n" },
      )}\r\n`
    : "";
