/**
 * Reads of records: one compiled statement per shape (fields asked for, filter, sort, page), kept per definition
 * version. Every read takes a viewer and adds the type's visibility predicate: there is no way to read without.
 */
import { isInstantOfAll } from "../../schema/condition";
import type { Condition, RecordType } from "../../schema/definition";
import {
  columnName,
  columns,
  type ColumnValue,
  fromColumns,
  isSortable,
  sortSuffix,
  isSensitive,
} from "../../schema/fields";
import { Failure } from "../../schema/failure";
import type { Fields, FieldValue, RecordData } from "../../schema/record";
import { askedWords } from "../../schema/searchWords";
import { conditionSql, type RowScope } from "./conditionSql";
import { instant, marks, type Row, type Sql, type SqlValue, textOrNull } from "./database";
import type { PublishedType } from "./definitions";
import { noteLooks } from "./looks";
import { readField } from "./records";
import { foldedTitle, tableName } from "./recordTable";
import { beginsWith, findByWords, type Found, hasWord } from "./recordWords";
import { type Viewer, visibilityFor } from "./visibility";

export interface SortKey {
  /** A sortable field, or title, reference, state, createdAt, updatedAt. */
  field: string;
  desc: boolean;
}

export interface Asked {
  /** Fields whose value is wanted; also those of the record itself that are read on demand (`OnDemand`). */
  fields: string[];
  /** Person fields (and createdBy) to be read as people, in the same statement. */
  people: string[];
}

export interface PersonBrief {
  id: string;
  name: string;
}

/** Read only where asked for: of a long list each column costs. */
interface OnDemand {
  version: number;
  createdBy: string | null;
  createdAt: string;
  updatedAt: string;
}

/** A record as read: what tells which it is always, the rest as asked. */
export interface ReadRow extends Partial<OnDemand> {
  id: string;
  type: string;
  organisation: string;
  reference: string;
  recordTitle: string;
  state: string;
  definitionVersion: number;
  fields: Fields;
  people: Record<string, PersonBrief | null>;
}

export interface ListArgs extends Asked {
  where?: Condition;
  sort?: SortKey[];
  first: number;
  after?: string;
  offset?: number;
  /** Each of its words begins one of the title's or the reference's. */
  search?: string;
  /** Only these. */
  ids?: string[];
}

type Filter = Pick<ListArgs, "where" | "search" | "ids">;

const pseudo: Record<string, string> = {
  title: "r.title_folded",
  recordTitle: "r.title_folded",
  reference: "r.reference",
  state: "r.state",
  createdAt: "r.created_at",
  updatedAt: "r.updated_at",
};

const always = ["id", "organisation", "reference", "title", "state", "definition_version"].map(
  (column) => `r.${column}`,
);
const onDemand: Record<keyof OnDemand, string> = {
  version: "version",
  createdBy: "created_by",
  createdAt: "created_at",
  updatedAt: "updated_at",
};
export const isOnDemand = (name: string): name is keyof OnDemand => Object.hasOwn(onDemand, name);

const kept = 1_000;
const statements = new WeakMap<PublishedType, Map<string, string>>();

/** The statement of a shape, built once; without a key it is of no use to the next. */
function statement(published: PublishedType, key: string | undefined, build: () => string): string {
  if (key === undefined) return build();
  const known = statements.get(published) ?? new Map<string, string>();
  statements.set(published, known);
  let sql = known.get(key);
  if (sql === undefined) {
    sql = build();
    if (known.size >= kept) known.clear();
    known.set(key, sql);
  }
  return sql;
}

function columnsOf(type: RecordType, asked: Asked): string[] {
  const own = asked.fields.flatMap((name) => {
    if (isOnDemand(name)) return [`r.${onDemand[name]}`];
    const field = type.fields[name];
    return field
      ? columns(field)
          .filter(({ suffix }) => suffix !== "_folded")
          .map(({ suffix }) => `r.${columnName(name, suffix)}`)
      : [];
  });
  const joined = asked.people.map((_, index) => `p${index}.id AS p${index}_id, p${index}.name AS p${index}_name`);
  return [...new Set([...always, ...own]), ...joined];
}

const fromOf = (type: RecordType, asked: Asked): string =>
  `${tableName(type.name)} r${asked.people
    .map((name, index) => {
      const column = name === "createdBy" ? "created_by" : columnName(name);
      return ` LEFT JOIN person p${index} ON p${index}.id = r.${column}`;
    })
    .join("")}`;

type Decode = (row: Row) => ReadRow;
const decoders = new WeakMap<RecordType, Map<string, Decode>>();

/** Reads rows of a shape. Names of columns are made once per shape: per row they would cost more than the reading. */
function decoderOf(type: RecordType, asked: Asked): Decode {
  const known = decoders.get(type) ?? new Map<string, Decode>();
  decoders.set(type, known);
  const key = `${asked.fields.join()} ${asked.people.join()}`;
  let found = known.get(key);
  if (!found) {
    if (known.size >= kept) known.clear();
    known.set(key, (found = makeDecoder(type, asked)));
  }
  return found;
}

function makeDecoder(type: RecordType, asked: Asked): Decode {
  const readers = asked.fields
    .filter((name) => !isOnDemand(name))
    .map((name) => ({ name, read: fieldReader(type, name) }));
  const own = asked.fields
    .filter(isOnDemand)
    .map((name) => ({ name, column: onDemand[name], time: isInstantOfAll(name) }));
  const joined = asked.people.map((name, index) => ({ name, id: `p${index}_id`, personName: `p${index}_name` }));
  return (row) => {
    const fields: Fields = {};
    for (const { name, read } of readers) fields[name] = read(row);
    const people: ReadRow["people"] = {};
    for (const { name, id, personName } of joined) {
      const person = row[id] as string | null;
      people[name] = person === null ? null : { id: person, name: row[personName] as string };
    }
    const read: ReadRow = {
      id: row["id"] as string,
      type: type.name,
      organisation: row["organisation"] as string,
      reference: row["reference"] as string,
      recordTitle: row["title"] as string,
      state: row["state"] as string,
      definitionVersion: row["definition_version"] as number,
      fields,
      people,
    };
    for (const { name, column, time } of own)
      read[name] = (time ? instant(row[column] as string) : row[column]) as never;
    return read;
  };
}

/** What people are shown: an empty yes/no is *no*. */
const shownValue = (type: RecordType, name: string, value: FieldValue): FieldValue => {
  const field = type.fields[name];
  return value === null && field?.kind === "yesNo" && !field.sealed ? false : value;
};

function fieldReader(type: RecordType, name: string): (row: Row) => FieldValue {
  const read = givenReader(type, name);
  return type.fields[name]?.kind === "yesNo" ? (row) => shownValue(type, name, read(row)) : read;
}

function givenReader(type: RecordType, name: string): (row: Row) => FieldValue {
  const field = type.fields[name];
  if (!field || isSensitive(field)) return (row) => readField(type, name, row);
  const own = columns(field).map(({ suffix }) => ({ suffix, column: columnName(name, suffix) }));
  const first = columnName(name);
  return (row) => {
    const stored = row[first];
    if (stored === null || stored === undefined) return null;
    const values: Record<string, ColumnValue> = {};
    for (const { suffix, column } of own) values[suffix] = (row[column] ?? null) as ColumnValue;
    return fromColumns(field, values);
  };
}

/** A record in memory as a row of a shape; `person` reads those it names. */
export async function rowOf(
  type: RecordType,
  record: RecordData,
  asked: Asked,
  person: (id: string) => Promise<PersonBrief | null>,
): Promise<ReadRow> {
  const people = asked.people.map(async (name) => {
    const named = name === "createdBy" ? record.createdBy : record.fields[name];
    return [name, typeof named === "string" ? await person(named) : null] as const;
  });
  return {
    id: record.id,
    type: record.type,
    organisation: record.organisation,
    reference: record.reference,
    recordTitle: record.title,
    state: record.state,
    version: record.version,
    definitionVersion: record.definitionVersion,
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
    createdBy: record.createdBy,
    fields: Object.fromEntries(asked.fields.map((name) => [name, shownValue(type, name, record.fields[name] ?? null)])),
    people: Object.fromEntries(await Promise.all(people)),
  };
}

/** Records by id that may be seen, in no particular order. */
export async function readByIds(
  sql: Sql,
  viewer: Viewer,
  published: PublishedType,
  asked: Asked,
  ids: string[],
): Promise<ReadRow[]> {
  const { type } = published;
  const visibility = visibilityFor(viewer, type);
  if (visibility === "none" || !ids.length) return [];
  // The number of marks is rounded up, so that batches of any size share few statements.
  const width = ids.length === 1 ? 1 : 2 ** Math.ceil(Math.log2(ids.length));
  const padded = [...ids, ...Array.from({ length: width - ids.length }, () => ids[0] ?? "")];
  const text = statement(
    published,
    `ids ${width} ${visibility.key} ${asked.fields.join()} ${asked.people.join()}`,
    () => {
      const which = width === 1 ? "r.id = ?" : `r.id IN (${marks(width)})`;
      return `SELECT ${columnsOf(type, asked).join(", ")} FROM ${fromOf(type, asked)} WHERE ${which} AND ${visibility.sql("r")}`;
    },
  );
  const rows = (await sql.query(text, [...padded, ...visibility.params(viewer.scopeOf)])).map(decoderOf(type, asked));
  noteLooks(viewer, type.name, idsOf(rows));
  return rows;
}

const idsOf = (rows: ReadRow[]): string[] => rows.map(({ id }) => id);

export interface ReadPage {
  rows: ReadRow[];
  hasNextPage: boolean;
  endCursor: string | null;
}

export const mostRows = 200;

/** A page of the records that may be seen, by keyset (`after`) or `offset`. @throws INVALID_INPUT for a foreign cursor. */
export async function readList(sql: Sql, viewer: Viewer, published: PublishedType, args: ListArgs): Promise<ReadPage> {
  const { type } = published;
  const visibility = visibilityFor(viewer, type);
  if (visibility === "none") return { rows: [], hasNextPage: false, endCursor: null };
  const sort = args.sort?.length ? args.sort : [{ field: "title", desc: false }];
  const keys = sort.map((key) => ({ sql: sortColumn(type, key.field), desc: key.desc }));
  const cursor = args.after === undefined ? undefined : readCursor(args.after, sort);
  const found = args.search ? await foundBy(sql, viewer, type, args.search) : undefined;
  if (found === "none") return { rows: [], hasNextPage: false, endCursor: null };
  const filter = filterOf(type, args, found);
  const seek = cursor && seekAfter(keys, cursor);
  const last = keys.at(-1)?.desc ?? false;
  const first = Math.min(Math.max(1, Math.trunc(args.first)), mostRows);
  const shape = JSON.stringify([
    args.fields,
    args.people,
    visibility.key,
    filter.key,
    sort,
    seek?.sql ?? "",
    first,
    args.offset ?? 0,
  ]);
  const text = statement(published, found ? undefined : shape, () => {
    const order = [...keys.map((key) => `${key.sql}${key.desc ? " DESC" : ""}`), `r.id${last ? " DESC" : ""}`];
    const selected = columnsOf(type, args);
    const more = keys.map((key) => key.sql).filter((column) => !selected.includes(column));
    return `SELECT ${[...selected, ...more].join(", ")} FROM ${fromOf(type, args)}
      WHERE ${visibility.sql("r")}${filter.sql}${seek ? ` AND ${seek.sql}` : ""}
      ORDER BY ${order.join(", ")} LIMIT ${first + 1}${args.offset ? ` OFFSET ${Math.trunc(args.offset)}` : ""}`;
  });
  const rows = await reading(sql, found)(text, [
    ...visibility.params(viewer.scopeOf),
    ...filter.params(viewer.scopeOf(type.name)),
    ...(seek?.params ?? []),
  ]);
  const page = rows.slice(0, first);
  const end = page.at(-1);
  const read = page.map(decoderOf(type, args));
  noteLooks(viewer, type.name, idsOf(read));
  return {
    rows: read,
    hasNextPage: rows.length > first,
    endCursor: end
      ? writeCursor(
          sort,
          keys.map((key) => end[key.sql.slice("r.".length)] as SqlValue),
          String(end["id"]),
        )
      : null,
  };
}

/** `upTo`: what is beyond it is not counted. */
export async function readCount(
  sql: Sql,
  viewer: Viewer,
  published: PublishedType,
  args: Filter,
  upTo?: number,
): Promise<number> {
  const { type } = published;
  const visibility = visibilityFor(viewer, type);
  if (visibility === "none") return 0;
  const found = args.search ? await foundBy(sql, viewer, type, args.search) : undefined;
  if (found === "none") return 0;
  const filter = filterOf(type, args, found);
  const text = statement(published, found ? undefined : `count ${upTo ?? ""} ${visibility.key} ${filter.key}`, () => {
    const of = `${tableName(type.name)} r WHERE ${visibility.sql("r")}${filter.sql}`;
    return upTo === undefined
      ? `SELECT COUNT(*) AS n FROM ${of}`
      : `SELECT COUNT(*) AS n FROM (SELECT r.id FROM ${of} LIMIT ${upTo}) c`;
  });
  const [row] = await reading(sql, found)(text, [
    ...visibility.params(viewer.scopeOf),
    ...filter.params(viewer.scopeOf(type.name)),
  ]);
  return Number(row?.["n"] ?? 0);
}

/** The ids of those that may be seen and have this reference or name: two at most, enough to say so. */
export async function recordsNamed(sql: Sql, viewer: Viewer, { type }: PublishedType, text: string): Promise<string[]> {
  const visibility = visibilityFor(viewer, type);
  if (visibility === "none") return [];
  const rows = await sql.query(
    `SELECT r.id FROM ${tableName(type.name)} r
     WHERE ${visibility.sql("r")} AND (r.reference = ? OR r.title_folded = ?) LIMIT 2`,
    [...visibility.params(viewer.scopeOf), text, foldedTitle(text)],
  );
  const ids = rows.map((row) => String(row["id"]));
  noteLooks(viewer, type.name, ids);
  return ids;
}

/** What a count is of: the records that may be seen, of these, in these organisations (all that are reached, unless said). */
type Counted = Filter & { organisations?: string[] };

/** Of these records, for a statement that counts them. Undefined where none may be seen. */
async function counted(sql: Sql, viewer: Viewer, type: RecordType, args: Counted) {
  const visibility = visibilityFor(viewer, type);
  if (visibility === "none") return undefined;
  const found = args.search ? await foundBy(sql, viewer, type, args.search) : undefined;
  if (found === "none") return undefined;
  const filter = filterOf(type, args, found);
  const { organisations = [] } = args;
  const within = organisations.length ? ` AND r.organisation IN (${marks(organisations.length)})` : "";
  return {
    read: reading(sql, found),
    key: found ? undefined : `${visibility.key} ${filter.key} ${within}`,
    sql: `${visibility.sql("r")}${filter.sql}${within}`,
    params: [
      ...visibility.params(viewer.scopeOf),
      ...filter.params(viewer.scopeOf(type.name)),
      ...organisations,
    ] as SqlValue[],
  };
}

const columnOf = (name: string): string => `r.${isInstantOfAll(name) ? onDemand[name] : columnName(name)}`;

/** How many records stand at each value of a field (or `state`). */
export async function readCounts(
  sql: Sql,
  viewer: Viewer,
  published: PublishedType,
  args: Counted & { by: string },
): Promise<{ value: string | null; count: number }[]> {
  const { type } = published;
  const of = await counted(sql, viewer, type, args);
  if (!of) return [];
  const text = statement(published, of.key && `by ${args.by} ${of.key}`, () => {
    const column = args.by === "state" ? "r.state" : columnOf(args.by);
    const by = type.fields[args.by]?.kind === "yesNo" ? `COALESCE(${column}, 0)` : column;
    return `SELECT ${by} AS value, COUNT(*) AS n FROM ${tableName(type.name)} r
      WHERE ${of.sql} GROUP BY ${by} ORDER BY ${by}`;
  });
  const rows = await of.read(text, of.params);
  return rows.map((row) => ({ value: textOrNull(row["value"]), count: Number(row["n"]) }));
}

/** How many records fall into each of these spans of a date or instant (`from` included, `to` not). */
export async function readSpanCounts(
  sql: Sql,
  viewer: Viewer,
  published: PublishedType,
  args: Counted & { over: string; spans: { from: SqlValue; to: SqlValue }[] },
): Promise<number[]> {
  const { type } = published;
  const { over, spans } = args;
  const of = await counted(sql, viewer, type, args);
  const [first, last] = [spans[0], spans.at(-1)];
  if (!of || !first || !last) return spans.map(() => 0);
  const text = statement(published, of.key && `over ${over} ${spans.length} ${of.key}`, () => {
    const column = columnOf(over);
    const counts = spans.map((_, at) => `COUNT(CASE WHEN ${column} >= ? AND ${column} < ? THEN 1 END) AS n${at}`);
    return `SELECT ${counts.join(", ")} FROM ${tableName(type.name)} r
      WHERE ${column} >= ? AND ${column} < ? AND ${of.sql}`;
  });
  const [row] = await of.read(text, [
    ...spans.flatMap(({ from, to }) => [from, to]),
    first.from,
    last.to,
    ...of.params,
  ]);
  return spans.map((_, at) => Number(row?.[`n${at}`] ?? 0));
}

/** How many records have both dates, and how many days lie between them on average. */
export async function readMeanDays(
  sql: Sql,
  viewer: Viewer,
  published: PublishedType,
  args: Counted & { from: string; to: string },
): Promise<{ count: number; days: number }> {
  const { type } = published;
  const of = await counted(sql, viewer, type, args);
  if (!of) return { count: 0, days: 0 };
  const text = statement(published, of.key && `days ${args.from} ${args.to} ${of.key}`, () => {
    const [from, to] = [columnOf(args.from), columnOf(args.to)];
    return `SELECT COUNT(*) AS n, AVG(DATEDIFF(${to}, ${from})) AS days FROM ${tableName(type.name)} r
      WHERE ${of.sql} AND ${from} IS NOT NULL AND ${to} IS NOT NULL`;
  });
  const [row] = await of.read(text, of.params);
  return { count: Number(row?.["n"] ?? 0), days: Number(row?.["days"] ?? 0) };
}

/** `EXISTS`-able: the ids of a type's records that may be seen, for lists of tasks, timers and notices. */
export function visibleSql(
  viewer: Viewer,
  published: PublishedType,
  idColumn: string,
): { sql: string; params: SqlValue[] } | "none" {
  const visibility = visibilityFor(viewer, published.type);
  if (visibility === "none") return "none";
  return {
    sql: `EXISTS (SELECT 1 FROM ${tableName(published.type.name)} seen WHERE seen.id = ${idColumn} AND ${visibility.sql("seen")})`,
    params: visibility.params(viewer.scopeOf),
  };
}

/**
 * What each way to read a search comes to before a list is read; undefined where nothing is searched for. None is chosen
 * here: the words are also those of records that the viewer may not see.
 */
async function foundBy(
  sql: Sql,
  { access }: Viewer,
  type: RecordType,
  search: string,
): Promise<Found[] | "none" | undefined> {
  const ways = askedWords(search);
  if (!ways) return undefined;
  const organisations = access.system ? [] : access.organisations.map(({ id }) => id);
  const found: Found[] = [];
  for (const words of ways) {
    const way = await findByWords(sql, type.name, organisations, words);
    if (way !== "none") found.push(way);
  }
  return found.length ? found : "none";
}

const amongIds = (ids: string[]): string => (ids.length ? `r.id IN (${marks(ids.length)})` : "1 = 0");

/** Found by any of the ways. */
const foundSql = (ways: Found[]): string =>
  ` AND (${ways.map(({ ids, common }) => [...(ids ? [amongIds(ids)] : []), ...common.map(() => hasWord)].join(" AND ")).join(" OR ")})`;

/** What a search found differs each time: as text it leaves the prepared statements to the others. */
const reading = (sql: Sql, found: Found[] | undefined) => (text: string, params: SqlValue[]) =>
  found ? sql.queryText(text, params) : sql.query(text, params);

function filterOf(type: RecordType, args: Filter, found: Found[] | undefined) {
  const where = args.where && conditionSql(type, args.where);
  const { ids } = args;
  const sql = `${ids ? ` AND ${amongIds(ids)}` : ""}${where ? ` AND ${where.sql("r")}` : ""}${found ? foundSql(found) : ""}`;
  return {
    // Literals are bound, so the text alone names the shape.
    key: sql,
    sql,
    params: (scope: RowScope): SqlValue[] => [
      ...(ids ?? []),
      ...(where?.params(scope) ?? []),
      ...(found ?? []).flatMap((way) => [...(way.ids ?? []), ...way.common.map(beginsWith)]),
    ],
  };
}

function sortColumn(type: RecordType, name: string): string {
  // What every object inherits ("constructor") is no field.
  const field = Object.hasOwn(type.fields, name) ? type.fields[name] : undefined;
  if (field && isSortable(field)) return `r.${columnName(name, sortSuffix(field))}`;
  const column = Object.hasOwn(pseudo, name) ? pseudo[name] : undefined;
  if (column) return column;
  throw new Failure("INVALID_INPUT", `It cannot be sorted by “${name}”.`, [
    { path: "sort", message: "Choose another field." },
  ]);
}

interface Cursor {
  values: SqlValue[];
  id: string;
}

const writeCursor = (sort: SortKey[], values: SqlValue[], id: string): string =>
  Buffer.from(JSON.stringify([sort.map((key) => `${key.desc ? "-" : ""}${key.field}`).join(), values, id])).toString(
    "base64url",
  );

const isPlain = (value: unknown): boolean => value === null || typeof value === "string" || typeof value === "number";

function readCursor(text: string, sort: SortKey[]): Cursor {
  try {
    const [by, values, id] = JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as [
      string,
      SqlValue[],
      string,
    ];
    const expected = sort.map((key) => `${key.desc ? "-" : ""}${key.field}`).join();
    const fits = Array.isArray(values) && values.length === sort.length && values.every(isPlain);
    if (by === expected && fits && typeof id === "string") return { values, id };
  } catch {
    // Not one of ours: said below.
  }
  throw new Failure("INVALID_INPUT", "This cursor belongs to another list.", [
    { path: "after", message: "Start again from the first page." },
  ]);
}

/** Rows after a cursor. MySQL sorts NULL first going up, last going down; so does this. */
function seekAfter(keys: { sql: string; desc: boolean }[], cursor: Cursor): { sql: string; params: SqlValue[] } {
  const branches: { sql: string; params: SqlValue[] }[] = [];
  const equal: { sql: string; params: SqlValue[] }[] = [];
  keys.forEach(({ sql, desc }, index) => {
    const value = cursor.values[index] ?? null;
    const beyond =
      value === null
        ? desc
          ? undefined
          : { sql: `${sql} IS NOT NULL`, params: [] }
        : { sql: desc ? `(${sql} < ? OR ${sql} IS NULL)` : `${sql} > ?`, params: [value] };
    if (beyond) branches.push(both([...equal, beyond]));
    equal.push(value === null ? { sql: `${sql} IS NULL`, params: [] } : { sql: `${sql} = ?`, params: [value] });
  });
  branches.push(both([...equal, { sql: keys.at(-1)?.desc ? "r.id < ?" : "r.id > ?", params: [cursor.id] }]));
  return {
    sql: `(${branches.map((branch) => branch.sql).join(" OR ")})`,
    params: branches.flatMap((branch) => branch.params),
  };
}

const both = (parts: { sql: string; params: SqlValue[] }[]) => ({
  sql: `(${parts.map((part) => part.sql).join(" AND ")})`,
  params: parts.flatMap((part) => part.params),
});
