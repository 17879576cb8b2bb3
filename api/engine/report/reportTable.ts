/** A section of a report as it was read: plain data, for a page, a PDF or a CSV. */
import type { Cell } from "../../../schema/cell";

/** What stands in place of a count of fewer than may be told, and of an average of those. */
export const FEW = "Fewer than 5";
export const TOO_FEW = "Too few to say";

export interface FigureTable {
  columns: string[];
  rows: Cell[][];
}

export interface ReportTable {
  /** As the definition names it; "facts", "versions" and "decisions" are of the subject itself. */
  name: string;
  label: string;
  help: string | null;
  columns: string[];
  rows: Cell[][];
  /** How many there are, of which `rows` may be the first. */
  total: number;
  figures: FigureTable | null;
  /** What is not here, and why. */
  notes: string[];
  /** The records that it tells of. */
  drawn: { type: string; organisation: string; ids: string[] } | null;
}
