/** How a sheet is to be read: which column is which field, what tells records apart, and what of those already there. */
import type { RecordType } from "../../schema/definition";
import type { SheetInfo } from "../provider";

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
export const matchingOf = (sheet: SheetInfo, { fields, key, existing }: Plan, before: Matching): Matching => ({
  columns: {
    ...before.columns,
    ...Object.fromEntries(sheet.headers.map((header, at) => [header, fields[at] ?? null])),
  },
  key,
  existing,
});
