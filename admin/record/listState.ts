/** What a list shows stands in its address, so that back, reload and a shared link show the same. */
import type { Condition, Field, Literal, RecordType, View } from "../../schema/definition";
import { filterOf } from "../../schema/fields";
import { labelOf } from "../session";

export interface FilterLine {
  name: string;
  /** One of `waysOf`. */
  way: string;
  value: Literal;
}

interface Way {
  way: string;
  words: string;
  /** Needs no value. */
  alone?: boolean;
}

const equals: Way = { way: "is", words: "is" };
const differs: Way = { way: "isNot", words: "is not" };
const blank: Way = { way: "empty", words: "is empty", alone: true };
const ways: Record<string, Way[]> = {
  state: [equals, differs],
  text: [{ way: "contains", words: "contains" }, blank],
  choice: [equals, differs, blank],
  number: [equals, { way: "least", words: "is at least" }, { way: "most", words: "is at most" }, blank],
  date: [{ way: "before", words: "is before" }, { way: "after", words: "is after" }, blank],
  yesNo: [equals],
  list: [{ way: "includes", words: "includes" }, blank],
  reference: [equals, blank],
};

const stateField = (type: RecordType): Field => ({
  kind: "choice",
  label: "State",
  options: Object.entries(type.states).map(([value, { label }]) => ({ value, label })),
});

export const filterField = (type: RecordType, name: string): Field | undefined =>
  name === "state" ? stateField(type) : type.fields[name];

export function waysOf(type: RecordType, name: string): Way[] {
  const field = type.fields[name];
  const kind = name === "state" ? "state" : field && filterOf(field);
  return kind ? (ways[kind] ?? []) : [];
}

/** What a list may be narrowed by: the state, and every field that the API filters. */
export const filterable = (type: RecordType): { name: string; label: string }[] =>
  ["state", ...Object.keys(type.fields)]
    .filter((name) => waysOf(type, name).length > 0)
    .map((name) => ({ name, label: labelOf(type, name) }));

export function conditionOf({ name, way, value }: FilterLine): Condition | undefined {
  const field = { field: name };
  if (way === "empty") return { empty: field };
  if (value === null || value === "") return undefined;
  const text = String(value);
  const conditions: Record<string, Condition> = {
    is: { eq: [field, value] },
    isNot: { ne: [field, value] },
    contains: { contains: [field, text] },
    least: { ge: [field, Number(value)] },
    most: { le: [field, Number(value)] },
    before: { lt: [field, text] },
    after: { gt: [field, text] },
    includes: { includes: [field, value] },
  };
  return conditions[way];
}

/** All of these; undefined for none. */
export function allOf(conditions: (Condition | undefined)[]): Condition | undefined {
  const given = conditions.flatMap((each) => (each ? [each] : []));
  return given.length > 1 ? { all: given } : given[0];
}

/** Kept in the address as [name, way, value] triples; anything else that stands there is passed over. */
export function readFilters(text: string | null): FilterLine[] {
  if (!text) return [];
  try {
    const parsed: unknown = JSON.parse(text);
    if (!Array.isArray(parsed)) return [];
    return parsed.flatMap((entry: unknown) => {
      if (!Array.isArray(entry)) return [];
      const [name, way, value] = entry as unknown[];
      const plain = value === null || ["string", "number", "boolean"].includes(typeof value);
      return typeof name === "string" && typeof way === "string" && plain
        ? [{ name, way, value: value as Literal }]
        : [];
    });
  } catch {
    return [];
  }
}

export const writeFilters = (lines: FilterLine[]): string =>
  JSON.stringify(lines.map(({ name, way, value }) => [name, way, value]));

/** Where a definition has no views: every record, with the first few fields that fit a column. */
export function viewsOf(type: RecordType): [string, View][] {
  const views = Object.entries(type.views ?? {});
  if (views.length > 0) return views;
  const wide = ["longText", "document", "list", "riskGrid", "choices", "file", "files"];
  const columns = Object.keys(type.fields).filter((name) => !wide.includes(type.fields[name]?.kind ?? ""));
  return [["all", { label: "All", columns: [...columns.slice(0, 1), "state", ...columns.slice(1, 4)] }]];
}
