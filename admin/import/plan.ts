/** How a sheet is to be read: which column is which field, what tells records apart, and what of those already there. */
import type { RecordType } from "../../schema/definition";
import { repeatsOf, type SheetRow } from "../../schema/sheetRows";
import type { Sheet } from "../sheet/readFile";

export interface Plan {
  /** For each column of the sheet its field, null for none. */
  fields: (string | null)[];
  key: string[];
  existing: "UPDATE" | "LEAVE";
}

/** What is remembered per person and type: headings and what they were matched with. */
export interface Matching {
  columns?: Record<string, string | null>;
  key?: string[];
  existing?: Plan["existing"];
}

export const matchingName = (type: RecordType): string => `import.${type.name}`;

export function readMatching(kept: unknown): Matching {
  if (typeof kept !== "object" || kept === null) return {};
  const { columns, key, existing } = kept as Record<string, unknown>;
  const matched = Object.entries(typeof columns === "object" && columns !== null ? columns : {}).filter(
    (entry): entry is [string, string | null] => entry[1] === null || typeof entry[1] === "string",
  );
  return {
    columns: Object.fromEntries(matched),
    ...(Array.isArray(key) && { key: key.filter((each) => typeof each === "string") }),
    ...((existing === "UPDATE" || existing === "LEAVE") && { existing }),
  };
}

/** Headings that this sheet does not have are remembered on. */
export const matchingOf = (sheet: Sheet, { fields, key, existing }: Plan, before: Matching): Matching => ({
  columns: {
    ...before.columns,
    ...Object.fromEntries(sheet.headers.map((header, at) => [header, fields[at] ?? null])),
  },
  key,
  existing,
});

export interface PlannedRow {
  /** As the sheet numbers it: the headings are line 1. */
  line: number;
  row: SheetRow;
  /** The line of an earlier row with the same key: this one is not sent. */
  repeats?: number;
}

export function plannedRows(sheet: Sheet, { fields, key }: Plan): PlannedRow[] {
  const rows = sheet.rows.map((cells): SheetRow =>
    Object.fromEntries(fields.flatMap((name, at) => (name === null ? [] : [[name, cells[at] ?? null]]))),
  );
  return repeatsOf(rows, key).map((first, at) => ({
    line: at + 2,
    row: rows[at] ?? {},
    ...(first !== undefined && { repeats: first + 2 }),
  }));
}
