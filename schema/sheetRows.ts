/**
 * Rows of a spreadsheet as people keep them, read against a record type: which column is which field, and what a cell
 * means – "31/07/2027", "£12.50", "Yes", a choice by its label. Who "Ada Shah" is, only a school can say: a cell of
 * people or links comes back as the names to be looked up.
 */
import { parsePartialDate } from "./dates";
import type { Field, FieldKind, RecordType } from "./definition";
import { parseDay } from "./epochDay";
import { filterOf, parse } from "./fields";
import { shown } from "./parseValue";
import { canonicalJson, fold } from "./text";
import { msOf, zone } from "./zone";

/** Dates come from a sheet as ISO text, with " 08:05" behind them where it had a time. */
export type SheetCell = string | number | boolean | null;
/** By field; `reference` beside them, for what an export wrote. */
export type SheetRow = Record<string, SheetCell>;

/** Of one sheet, its headings apart. */
export const MOST_ROWS = 20_000;
export const MOST_COLUMNS = 200;
/** Characters of a cell: what a long text may have in a request. */
export const MAX_CELL = 1_000_000;

export type ReadCell = { value: unknown } | { problem: string } | { names: string[] };

/** What words mean here: the school's roles and its time zone. */
export interface SheetWords {
  roles: readonly { name: string; label: string }[];
  zone: string;
}

type Reader = (field: Field, text: string, words: SheetWords) => ReadCell;

const asText: Reader = (_, text) => ({ value: text });
const chosen =
  (options: (field: Field, words: SheetWords) => { value: string; label: string }[]) =>
  (field: Field, text: string, words: SheetWords): ReadCell => {
    const all = options(field, words);
    const found = all.find(({ value, label }) => fold(label) === fold(text) || value === text);
    if (found) return { value: found.value };
    const some = all.slice(0, 12).map(({ label }) => label);
    return { problem: `${shown(text)} is not one of the choices: ${some.join(", ")}${all.length > 12 ? ", …" : ""}.` };
  };
const option = chosen((field) => ("options" in field ? field.options : []));
const role = chosen((_, { roles }) => roles.map(({ name, label }) => ({ value: name, label })));
/** Several stand in one cell with semicolons or line ends between them. */
const parts = (text: string, between: RegExp): string[] => text.split(between).flatMap((part) => part.trim() || []);
const several =
  (reader: Reader): Reader =>
  (field, text, words) => {
    const values: unknown[] = [];
    for (const part of parts(text, /[;,\n]/)) {
      const read = reader(field, part, words);
      if (!("value" in read)) return read;
      values.push(read.value);
    }
    return { value: values };
  };
const oneName: Reader = (_, text) => ({ names: [text] });
const names: Reader = (_, text) => ({ names: parts(text, /[;\n]/) });

/** Kinds that one cell cannot hold are missing. */
const readers: { [K in FieldKind]?: Reader } = {
  text: asText,
  longText: asText,
  document: asText,
  duration: asText,
  number: (field, text) => {
    const unit = field.kind === "number" && field.unit ? fold(field.unit) : "";
    const plain = fold(text);
    return { value: (unit && plain.endsWith(unit) ? plain.slice(0, -unit.length) : text).replace(/[,\s]/g, "") };
  },
  money: (_, text) => {
    const amount = /^(-?)£?\s*(-?[\d,]*\.?\d{0,2})$/.exec(text.trim());
    const pounds = Number(`${amount?.[1] ?? ""}${amount?.[2]?.replaceAll(",", "") ?? ""}`);
    if (!amount?.[2] || Number.isNaN(pounds)) return { problem: `${shown(text)} is no amount: write £12.50 or 12.50.` };
    return { value: Math.round(pounds * 100) };
  },
  yesNo: (_, text) => {
    const word = fold(text);
    if (["yes", "y", "true", "1"].includes(word)) return { value: true };
    if (["no", "n", "false", "0"].includes(word)) return { value: false };
    return { problem: `${shown(text)} is neither yes nor no.` };
  },
  date: (_, text) => readDateCell(text),
  dateTime: (_, text, words) => readDateTime(text, words.zone),
  choice: option,
  choices: several(option),
  role,
  roles: several(role),
  person: oneName,
  people: names,
  link: oneName,
  links: names,
};

const MONTHS = "january february march april may june july august september october november december".split(" ");
const ISO = /^\d{4}(-\d{2}){0,2}$/;
const two = (n: string | number): string => String(n).padStart(2, "0");

/** Day before month, as the UK writes it; "May 2027" and "2027" where the field takes a month or a year. */
export function readDateCell(text: string): { value: string } | { problem: string } {
  const plain = text.trim().replace(/ 00:00(:00)?$/, "");
  if (ISO.test(plain)) return { value: plain };
  const numeric = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})$/.exec(plain);
  const worded = /^(?:\p{L}+,? )?(?:(\d{1,2})(?:st|nd|rd|th)?[ -])?(\p{L}{3,})\.?,?[ -](\d{4})$/u.exec(plain);
  const month = worded && MONTHS.findIndex((name) => name.startsWith((worded[2] ?? "").toLowerCase())) + 1;
  const [day, at, year] = numeric
    ? [numeric[1], Number(numeric[2]), numeric[3]]
    : worded && month
      ? [worded[1], month, worded[3]]
      : [];
  const wrong = { problem: `${shown(text)} is not a date: write day, month and year, such as 31/07/2027.` };
  if (!at || !year) return wrong;
  const full = year.length === 2 ? `20${year}` : year;
  const value = day === undefined ? `${full}-${two(at)}` : `${full}-${two(at)}-${two(day)}`;
  return parsePartialDate(value) ? { value } : wrong;
}

function readDateTime(text: string, zoneName: string): ReadCell {
  const plain = text.trim();
  if (/^[^T]*T.*(Z|[+-]\d\d:\d\d)$/.test(plain)) return { value: plain };
  const [, date = plain, hour = "0", minute = "00"] =
    /^(.*[^ T,])[ T,]+(\d{1,2})[:.](\d{2})(?::\d{2})?$/.exec(plain) ?? [];
  const read = readDateCell(date);
  const day = "value" in read ? parseDay(read.value) : undefined;
  if (day === undefined || Number(hour) > 23 || Number(minute) > 59)
    return { problem: `${shown(text)} is not a date and time: write it as 31/07/2027 08:30.` };
  return { value: new Date(zone(zoneName).at(day, msOf(`${two(hour)}:${minute}`))).toISOString() };
}

/** May a column of a sheet fill this field? */
export const isImportable = (field: Field): boolean => field.editable !== false && readers[field.kind] !== undefined;

export const isBlankCell = (cell: SheetCell | undefined): cell is null | undefined | "" =>
  cell === null || cell === undefined || (typeof cell === "string" && cell.trim() === "");

/** What a cell that is not blank means for the field; the problem is a sentence with its remedy. */
export function readCell(field: Field, cell: SheetCell, words: SheetWords): ReadCell {
  const reader = readers[field.kind];
  if (!reader) return { problem: "This cannot be filled from a sheet." };
  const read = reader(field, String(cell).trim(), words);
  if (!("value" in read)) return read;
  const parsed = parse(field, read.value);
  return "problem" in parsed ? parsed : read;
}

// ------------------------------------------------------------------------------------------------------------ columns

/** The name under which a column holds the references that an export wrote. */
export const REFERENCE = "reference";

/** What the columns of a sheet may be: fields by name, and the reference. What has a default is filled without a column. */
export function importColumns(type: RecordType): { name: string; label: string; required: boolean }[] {
  const fields = Object.entries(type.fields).flatMap(([name, field]) =>
    isImportable(field)
      ? [{ name, label: field.label, required: field.required === true && field.default === undefined }]
      : [],
  );
  return [...fields, { name: REFERENCE, label: "Reference", required: false }];
}

/**
 * The field of each column, null for none: as it was matched the last time, else by label or name, else the only one
 * whose label begins with the heading's words ("Serial" for "Serial number"). An export calls the title's column by the
 * type's label.
 */
export function matchColumns(
  type: RecordType,
  headers: string[],
  before: Record<string, string | null> = {},
): (string | null)[] {
  const title = /^\{\{\s*(\w+)\s*\}\}$/.exec(type.title.trim())?.[1];
  const columns = importColumns(type);
  const taken = new Set<string>();
  const exact = headers.map((header) => {
    const word = letters(header);
    const known = Object.hasOwn(before, header) ? before[header] : undefined;
    const found =
      known === undefined
        ? columns.find(
            ({ name, label }) =>
              !taken.has(name) &&
              word !== "" &&
              (letters(label) === word || letters(name) === word || (name === title && letters(type.label) === word)),
          )
        : columns.find(({ name }) => name === known && !taken.has(name));
    if (found) taken.add(found.name);
    return found?.name ?? null;
  });
  return headers.map((header, at) => {
    if (exact[at] || Object.hasOwn(before, header) || letters(header) === "") return exact[at] ?? null;
    const like = columns.filter(
      ({ name, label }) => !taken.has(name) && fold(label).startsWith(`${fold(header).trim()} `),
    );
    const only = like.length === 1 ? like[0] : undefined;
    if (only) taken.add(only.name);
    return only?.name ?? null;
  });
}

/** A heading by its letters and numbers alone. */
export const letters = (text: string): string => fold(text).replace(/[^\p{L}\p{N}]/gu, "");

/** By what a row can be found again among the records: the reference, and what records can be asked for by value. */
export function isKey(type: RecordType, name: string): boolean {
  const field = Object.hasOwn(type.fields, name) ? type.fields[name] : undefined;
  if (!field) return name === REFERENCE;
  const kind = filterOf(field);
  return kind !== null && kind !== "list" && field.kind !== "longText";
}

/** The best key among the matched fields: the roll's own, what is unique, the reference, what the title is made of; else all. */
export function guessKey(type: RecordType, matched: string[]): string[] {
  const keys = matched.filter((name) => isKey(type, name));
  const own = type.roll?.keys.find((name) => keys.includes(name));
  const unique = keys.find((name) => type.fields[name]?.unique);
  const title = keys.find((name) => type.title.includes(name));
  const one = own ?? unique ?? (keys.includes(REFERENCE) ? REFERENCE : title);
  return one ? [one] : keys;
}

/** Of rows as they come: the line of an earlier one with the same key, as it would be read; undefined for none. */
export function repeatsIn(key: string[]): (line: number, row: SheetRow) => number | undefined {
  const seen = new Map<string, number>();
  return (line, row) => {
    const words = key.map((name) => row[name] ?? null);
    if (words.every(isBlankCell)) return undefined;
    const text = canonicalJson(words.map((cell) => (cell === null ? "" : String(cell).trim())));
    const first = seen.get(text);
    if (first === undefined) seen.set(text, line);
    return first;
  };
}

/** What a row of a sheet says, by the field that each column fills; null for none. */
export const sheetRow = (cells: readonly SheetCell[], columns: readonly (string | null)[]): SheetRow =>
  Object.fromEntries(columns.flatMap((name, at) => (name === null ? [] : [[name, cells[at] ?? null]])));
