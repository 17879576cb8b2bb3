/**
 * The field kinds: one entry says everything about a kind but its widget – its columns, what input it takes, how its
 * value is written to SQL and read back, its types in the API, and how it is filtered and sorted.
 */
import { parsePartialDate, type Precision } from "./dates";
import type { Field, FieldKind, Literal, RecordType } from "./definition";
import {
  DECIMAL_DIGITS,
  type FieldOf,
  INDEXED_LENGTH,
  isPlainObject,
  isTooLong,
  type Parsed,
  parseChoice,
  parseDate,
  parseDateTime,
  parseDuration,
  parseEach,
  parseId,
  parseLongText,
  parseMoney,
  parseNumber,
  parseRiskGrid,
  parseRole,
  parseText,
  parseYesNo,
  shown,
  textLength,
  tooMany,
} from "./parseValue";
import type { DocumentValue, Fields, FieldValue, Party } from "./record";
import { canonicalJson, fold, pascal, shorten, snake } from "./text";

/** A column of a field: its name is `columnName(name, suffix)`. Null is always allowed: empty is NULL. */
export interface Column {
  suffix: string;
  ddl: string;
}

/** What is bound to a statement, and what mysql2 gives back (`dateStrings`, BIGINT and DECIMAL perhaps as text). */
export type ColumnValue = string | number | boolean | null;
export type ColumnValues = Record<string, ColumnValue>;

export type FilterKind = "text" | "number" | "date" | "dateTime" | "yesNo" | "choice" | "list" | "reference";

/**
 * What the values of a kind lend themselves to beside being kept. `entered`: in the entries of a list. `indexed`: by a column's
 * index. `matched`: records are looked up by one indexed or narrow column. `charted`, `counted`: a chart, a list's counts.
 * `answered`: by a guest, who can look nothing up. `encrypted`: those that are kept in tables of their own, by name, version or
 * chunk, would not be hidden by encrypting a column. `shared`: one value may be given to many records. `searched`: for phrases.
 * `written`: people wrote it, and may have named anybody. `persons`: they are persons' ids.
 */
export type Use =
  | "entered"
  | "indexed"
  | "matched"
  | "charted"
  | "counted"
  | "answered"
  | "encrypted"
  | "shared"
  | "searched"
  | "written"
  | "persons";

export interface FieldKindSpec {
  label: string;
  columns(field: Field): Column[];
  parse(field: Field, input: unknown): Parsed;
  /** Of a value that is not empty. */
  toColumns(field: Field, value: FieldValue): ColumnValues;
  /** The first column is not NULL. */
  fromColumns(field: Field, columns: ColumnValues): FieldValue;
  /** Names of types in the API: what is read, and what is sent. */
  graphql(field: Field): { output: string; input: string };
  filter: FilterKind | null;
  sortable: boolean;
  uses: readonly Use[];
  /** Has a column "_folded" beside it: `contains` searches it and lists sort on it. */
  folded?: boolean;
}

const FOLDED = "_folded";
const JSON_TEXT = "MEDIUMTEXT";
const ID = "CHAR(26) CHARACTER SET ascii COLLATE ascii_bin";
const one = (ddl: string): Column[] => [{ suffix: "", ddl }];
const plain = (value: FieldValue): ColumnValues => ({ "": value as ColumnValue });
const text = (columns: ColumnValues): string => String(columns[""]);
const types = (output: string, input = output) => ({ output, input });
const number = (field: FieldOf<"number">) =>
  one(field.decimals ? `DECIMAL(${DECIMAL_DIGITS},${field.decimals})` : "BIGINT");
const json = {
  columns: () => one(JSON_TEXT),
  toColumns: (_field: Field, value: FieldValue): ColumnValues => ({ "": canonicalJson(value) }),
  fromColumns: (_field: Field, columns: ColumnValues): FieldValue => JSON.parse(text(columns)) as FieldValue,
};
const words = { columns: () => one("VARCHAR(64)"), toColumns: (_: Field, value: FieldValue) => plain(value) };
const reference = { columns: () => one(ID), toColumns: (_: Field, value: FieldValue) => plain(value) };
const asText = { fromColumns: (_: Field, columns: ColumnValues) => text(columns) };
const asNumber = (columns: ColumnValues) => Number(columns[""]);
const folding = (_: Field, value: FieldValue): ColumnValues => ({ "": String(value), [FOLDED]: fold(String(value)) });

export const fieldKinds = {
  text: {
    label: "Text",
    columns(field: FieldOf<"text">) {
      const ddl = field.unique || field.index ? `VARCHAR(${INDEXED_LENGTH})` : "TEXT";
      return [...one(ddl), { suffix: FOLDED, ddl }];
    },
    parse: parseText,
    toColumns: folding,
    ...asText,
    graphql: () => types("String"),
    filter: "text",
    sortable: true,
    uses: ["entered", "indexed", "matched", "answered", "encrypted", "shared", "searched", "written"],
    folded: true,
  },
  longText: {
    label: "Long text",
    columns: () => [...one("MEDIUMTEXT"), { suffix: FOLDED, ddl: "MEDIUMTEXT" }],
    parse: (_: Field, input: unknown) => parseLongText(input),
    toColumns: folding,
    ...asText,
    graphql: () => types("String"),
    filter: "text",
    sortable: false,
    uses: ["entered", "answered", "encrypted", "shared", "searched", "written"],
    folded: true,
  },
  number: {
    label: "Number",
    columns: number,
    parse: parseNumber,
    toColumns: (_: Field, value: FieldValue) => plain(value),
    fromColumns: (field: FieldOf<"number">, columns: ColumnValues) =>
      field.decimals ? withDecimals(text(columns), field.decimals) : asNumber(columns),
    graphql: () => types("Float"),
    filter: "number",
    sortable: true,
    uses: ["entered", "indexed", "answered", "encrypted", "shared"],
  },
  money: {
    label: "Money",
    columns: () => one("BIGINT"),
    parse: (_: Field, input: unknown) => parseMoney(input),
    toColumns: (_: Field, value: FieldValue) => plain(value),
    fromColumns: (_: Field, columns: ColumnValues) => asNumber(columns),
    // Pence of a trust's budget pass 2^31.
    graphql: () => types("Float"),
    filter: "number",
    sortable: true,
    uses: ["entered", "indexed", "encrypted", "shared"],
  },
  yesNo: {
    label: "Yes or no",
    columns: () => one("TINYINT(1)"),
    parse: (_: Field, input: unknown) => parseYesNo(input),
    toColumns: (_: Field, value: FieldValue) => ({ "": value ? 1 : 0 }),
    fromColumns: (_: Field, columns: ColumnValues) => Number(columns[""]) === 1,
    graphql: () => types("Boolean"),
    filter: "yesNo",
    sortable: true,
    uses: ["entered", "indexed", "matched", "charted", "counted", "answered", "encrypted", "shared"],
  },
  date: {
    label: "Date",
    columns: (field: FieldOf<"date">) =>
      field.precision ? [...one("DATE"), { suffix: "_precision", ddl: "VARCHAR(5)" }] : one("DATE"),
    parse: parseDate,
    toColumns(field: FieldOf<"date">, value: FieldValue) {
      const date = parsePartialDate(String(value));
      return { "": date?.last ?? null, ...(field.precision && { _precision: date?.precision ?? null }) };
    },
    fromColumns: (field: FieldOf<"date">, columns: ColumnValues) =>
      text(columns).slice(0, KEPT[(field.precision && (columns["_precision"] as Precision)) || "day"]),
    graphql: (field: FieldOf<"date">) => types(field.precision ? "PartialDate" : "Date"),
    filter: "date",
    sortable: true,
    uses: ["entered", "indexed", "matched", "answered", "encrypted", "shared"],
  },
  dateTime: {
    label: "Date and time",
    columns: () => one("DATETIME(3)"),
    parse: (_: Field, input: unknown) => parseDateTime(input),
    toColumns: (_: Field, value: FieldValue) => ({ "": String(value).replace("T", " ").replace("Z", "") }),
    fromColumns: (_: Field, columns: ColumnValues) =>
      `${text(columns).replace(" ", "T").slice(0, 19)}.${text(columns).slice(20).padEnd(3, "0").slice(0, 3)}Z`,
    graphql: () => types("DateTime"),
    filter: "dateTime",
    sortable: true,
    uses: ["entered", "indexed", "encrypted", "shared"],
  },
  duration: {
    label: "Length of time",
    ...words,
    parse: (_: Field, input: unknown) => parseDuration(input),
    ...asText,
    graphql: () => types("String"),
    filter: "choice",
    sortable: false,
    uses: ["entered", "indexed", "encrypted", "shared"],
  },
  choice: {
    label: "Choice",
    ...words,
    parse: parseChoice,
    ...asText,
    graphql: () => types("String"),
    filter: "choice",
    sortable: true,
    uses: ["entered", "indexed", "matched", "charted", "counted", "answered", "encrypted", "shared"],
  },
  choices: {
    label: "Choices",
    ...json,
    parse(field: FieldOf<"choices">, input: unknown) {
      const parsed = parseEach(input, (part) => parseChoice(field, part));
      if ("problem" in parsed || parsed.value === null) return parsed;
      // In the order of the options: one set of choices is one text.
      const chosen = new Set(parsed.value);
      return { value: field.options.map((option) => option.value).filter((value) => chosen.has(value)) };
    },
    graphql: () => types("[String!]"),
    filter: "list",
    sortable: false,
    uses: ["answered", "encrypted", "shared"],
  },
  person: {
    label: "Person",
    ...reference,
    parse: (_: Field, input: unknown) => parseId("person", input),
    ...asText,
    graphql: () => types("Person", "ID"),
    filter: "reference",
    sortable: false,
    uses: ["entered", "indexed", "matched", "charted", "counted", "shared", "persons"],
  },
  people: {
    label: "People",
    ...json,
    parse: (_: Field, input: unknown) => parseEach(input, (part) => parseId("person", part)),
    graphql: () => types("[Person!]", "[ID!]"),
    filter: "list",
    sortable: false,
    uses: ["shared", "persons"],
  },
  role: {
    label: "Role",
    ...words,
    parse: (_: Field, input: unknown) => parseRole(input),
    ...asText,
    graphql: () => types("String"),
    filter: "choice",
    sortable: true,
    uses: ["entered", "indexed", "matched", "charted", "counted", "encrypted", "shared"],
  },
  roles: {
    label: "Roles",
    ...json,
    parse: (_: Field, input: unknown) => parseEach(input, parseRole),
    graphql: () => types("[String!]"),
    filter: "list",
    sortable: false,
    uses: ["encrypted", "shared"],
  },
  link: {
    label: "Link",
    ...reference,
    parse: (_: Field, input: unknown) => parseId("record", input),
    ...asText,
    graphql: (field: FieldOf<"link">) => types(pascal(field.to), "ID"),
    filter: "reference",
    sortable: false,
    uses: ["entered", "indexed", "matched", "charted", "shared"],
  },
  links: {
    label: "Links",
    ...json,
    parse: (_: Field, input: unknown) => parseEach(input, (part) => parseId("record", part)),
    graphql: (field: FieldOf<"links">) => types(`[${pascal(field.to)}!]`, "[ID!]"),
    filter: "list",
    sortable: false,
    uses: ["shared"],
  },
  document: {
    label: "Document",
    columns: () => [...one(ID), { suffix: "_in_force", ddl: ID }],
    /** Takes the new text; step() makes a version of it. */
    parse: (_: Field, input: unknown) => parseLongText(input),
    toColumns(_: Field, value: FieldValue) {
      const { latest, inForce } = value as DocumentValue;
      return { "": latest.id, _in_force: inForce?.id ?? null };
    },
    /** Ids only, with number 0 and no hash: the store reads those from the versions. */
    fromColumns(_: Field, columns: ColumnValues): DocumentValue {
      const version = (id: ColumnValue) => ({ id: String(id), number: 0, hash: "" });
      const inForce = columns["_in_force"];
      return { latest: version(columns[""] ?? ""), ...(inForce ? { inForce: version(inForce) } : {}) };
    },
    graphql: () => types("DocumentText", "String"),
    filter: null,
    sortable: false,
    uses: ["searched"],
  },
  file: {
    label: "File",
    ...reference,
    parse: (_: Field, input: unknown) => parseId("file", input),
    ...asText,
    graphql: () => types("FileInfo", "ID"),
    filter: null,
    sortable: false,
    uses: [],
  },
  files: {
    label: "Files",
    ...json,
    parse: (_: Field, input: unknown) => parseEach(input, (part) => parseId("file", part)),
    graphql: () => types("[FileInfo!]", "[ID!]"),
    filter: null,
    sortable: false,
    uses: [],
  },
  riskGrid: {
    label: "Risk",
    ...json,
    parse: parseRiskGrid,
    graphql: () => types("RiskGrid", "RiskGridInput"),
    filter: null,
    sortable: false,
    uses: ["encrypted", "shared"],
  },
  list: {
    label: "List",
    columns: () => one(JSON_TEXT),
    parse: parseList,
    // Booleans as 0 and 1: MariaDB's JSON functions give them back as that or as text, by version.
    toColumns: (_: Field, value: FieldValue) => ({
      "": canonicalJson(entriesOf(value).map((entry) => mapEntry(entry, (v) => (typeof v === "boolean" ? +v : v)))),
    }),
    fromColumns: (field: FieldOf<"list">, columns: ColumnValues) =>
      entriesOf(JSON.parse(text(columns)) as FieldValue).map((entry) =>
        mapEntry(entry, (v, name) => (field.of[name]?.kind === "yesNo" && v !== null ? v === 1 : v)),
      ),
    graphql: () => types("JSON"),
    filter: null,
    sortable: false,
    uses: ["encrypted", "shared", "written"],
  },
} satisfies Record<FieldKind, FieldKindSpec>;

const KEPT: Record<Precision, number> = { year: 4, month: 7, day: 10 };

function withDecimals(decimal: string, decimals: number): string {
  const [whole = "0", fraction = ""] = decimal.split(".");
  return `${whole}.${fraction.padEnd(decimals, "0").slice(0, decimals)}`;
}

type ListEntry = { [name: string]: Literal };
const entriesOf = (value: FieldValue): ListEntry[] => value as ListEntry[];
const mapEntry = (entry: ListEntry, change: (value: Literal, name: string) => Literal): ListEntry =>
  Object.fromEntries(Object.entries(entry).map(([name, value]) => [name, change(value, name)]));

function parseList(field: FieldOf<"list">, input: unknown): Parsed {
  if (input === null || input === undefined || input === "") return { value: null };
  if (!Array.isArray(input)) return { problem: `${shown(input)} is not a list.` };
  if (isTooLong(input)) return { problem: tooMany(input) };
  const entries: ListEntry[] = [];
  for (const [i, part] of input.entries()) {
    const entry = parseEntry(field.of, part);
    if ("problem" in entry) return { problem: `Entry ${i + 1}: ${entry.problem}` };
    if (Object.values(entry.value).some((value) => value !== null)) entries.push(entry.value);
  }
  return { value: entries.length ? entries : null };
}

function parseEntry(of: Record<string, Field>, input: unknown): { value: ListEntry } | { problem: string } {
  if (!isPlainObject(input)) return { problem: `${shown(input)} is not an entry of this list.` };
  const unknown = Object.keys(input).find((name) => !Object.hasOwn(of, name));
  if (unknown !== undefined) return { problem: `There is no ${shown(unknown)} in this list.` };
  const entry: ListEntry = {};
  for (const [name, field] of Object.entries(of)) {
    const parsed = parse(field, input[name]);
    if ("problem" in parsed) return { problem: `${field.label}: ${parsed.problem}` };
    if (parsed.value === null && field.required === true) return { problem: `${field.label} is missing.` };
    entry[name] = parsed.value as Literal;
  }
  return { value: entry };
}

/** The entry of a field's kind, as every kind looks. */
export const kindOf = (field: Field): FieldKindSpec => fieldKinds[field.kind];

/** Held encrypted: said so, or sealed. */
export const isSensitive = ({ sensitive, sealed }: Field): boolean => sensitive === true || sealed === true;

/** A sensitive field is one binary column, whatever its kind: what the store puts there is encrypted. */
export const columns = (field: Field): Column[] =>
  isSensitive(field) ? one("MEDIUMBLOB") : kindOf(field).columns(field);

/**
 * Checks and normalises an input: text to NFC and trimmed, dates to ISO, empty to null. The problem is a plain
 * sentence with its remedy. A document's value is the new text.
 */
export const parse = (field: Field, input: unknown): Parsed => kindOf(field).parse(field, input);

/** The value by suffix of column. A sensitive field gives its canonical JSON, which the store encrypts. */
/**
 * What a rule gives a field, as the field can hold it: a longer text is cut, and a figure that is no whole number is
 * rounded. What people give was read by `parse`.
 */
export function fitted(field: Field | undefined, value: FieldValue): FieldValue {
  if (field?.kind === "text" && typeof value === "string") return shorten(value, textLength(field));
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  if (field?.kind !== "number" && field?.kind !== "money") return value;
  const decimals = field.kind === "number" ? (field.decimals ?? 0) : 0;
  const size = decimals ? value.toFixed(decimals) : Math.round(value);
  const parsed = parseNumber({ kind: "number", label: "", decimals }, size);
  return "value" in parsed ? parsed.value : null;
}

export function toColumns(field: Field, value: FieldValue): ColumnValues {
  if (isEmpty(value)) return Object.fromEntries(columns(field).map(({ suffix }) => [suffix, null]));
  return isSensitive(field) ? { "": canonicalJson(value) } : kindOf(field).toColumns(field, value);
}

/** The value from its columns; of a sensitive field, from the JSON that the store has decrypted. */
export function fromColumns(field: Field, values: ColumnValues): FieldValue {
  const first = values[""];
  if (first === null || first === undefined) return null;
  return isSensitive(field) ? (JSON.parse(String(first)) as FieldValue) : kindOf(field).fromColumns(field, values);
}

/** How it may be filtered; null for not at all, as every sensitive field. */
export const filterOf = (field: Field): FilterKind | null => (isSensitive(field) ? null : kindOf(field).filter);

export const lendsItself = (field: Field, use: Use): boolean => kindOf(field).uses.includes(use);

/** Do its values name persons, one or several? */
export const namesPersons = (field: Field | undefined): boolean => field !== undefined && lendsItself(field, "persons");

export const isSortable = (field: Field): boolean => !isSensitive(field) && kindOf(field).sortable;

/** The suffix of the column that lists sort on. */
export const sortSuffix = (field: Field): string => (kindOf(field).folded ? FOLDED : "");

/** "f_review_by_precision": the prefix keeps a field from the columns that every record has. */
export const columnName = (fieldName: string, suffix = ""): string => `f_${snake(fieldName)}${suffix}`;

export const isEmpty = (value: FieldValue | undefined): value is null | undefined =>
  value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);

export const isFile = (field: Field | undefined): field is FieldOf<"file" | "files"> =>
  field?.kind === "file" || field?.kind === "files";

/** The ids of the files that a value names; none for a field of another kind. */
export const filesIn = (field: Field | undefined, value: FieldValue | undefined): string[] =>
  isEmpty(value) || !isFile(field) ? [] : Array.isArray(value) ? value.map(String) : [String(value)];

/** The link along which a type's confidentiality comes; undefined where its own grants say who sees. */
export const inheritedBy = ({ confidential }: RecordType): string | undefined =>
  typeof confidential === "object" ? confidential.from : undefined;

/** The persons a record is about, by the field that names them; `createdBy` is added by whoever knows it. */
export function parties(type: RecordType, fields: Fields): Party[] {
  return Object.entries(type.fields).flatMap(([kind, field]) => {
    const value = fields[kind];
    if (isEmpty(value)) return [];
    return namesPersons(field) ? [value].flat().map((person) => ({ person: String(person), kind })) : [];
  });
}
