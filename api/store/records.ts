/** Records in memory: rows read by the kind table, locked in one order everywhere (sorted by id). */
import type { RecordType } from "../../schema/definition";
import {
  columnName,
  columns,
  type ColumnValue,
  fromColumns,
  isEmpty,
  toColumns,
  isSensitive,
} from "../../schema/fields";
import type { DocumentValue, Entry, Fields, FieldValue, RecordData } from "../../schema/record";
import { instant, marks, type Row, type Sql, type SqlValue, type Tx, textOrNull } from "./database";
import type { Registry } from "./definitions";
import { tableName } from "./recordTable";
import type { SecretBox } from "./secretBox";

export interface RecordKey {
  type: string;
  id: string;
}

let box: SecretBox | undefined;

/** The key of sensitive fields, given once per process. */
export const useSecretBox = (secretBox: SecretBox): void => void (box = secretBox);

/** The box of sensitive fields. @throws where the process was given no key. */
export function sealed(): SecretBox {
  if (!box) throw new Error("No key for sensitive fields was given.");
  return box;
}

/** A field's columns of a row. */
export function readField(type: RecordType, name: string, row: Row): FieldValue {
  const field = type.fields[name];
  if (!field) return null;
  const stored = row[columnName(name)];
  if (stored === null || stored === undefined) return null;
  // Nobody but `readSealed` learns more of it than that it is there.
  if (field.sealed) return true;
  if (isSensitive(field))
    return JSON.parse(sealed().open(stored as Buffer, `${String(row["id"])}.${name}`)) as FieldValue;
  const values: Record<string, ColumnValue> = {};
  for (const { suffix } of columns(field)) values[suffix] = (row[columnName(name, suffix)] ?? null) as ColumnValue;
  return fromColumns(field, values);
}

/** What a sealed field holds: whoever asks has made sure that it is being opened. Null for nothing. */
export async function readSealed(sql: Sql, { type, id }: RecordKey, name: string): Promise<string | null> {
  const column = columnName(name);
  const [row] = await sql.query(`SELECT ${column} AS held FROM ${tableName(type)} WHERE id = ?`, [id]);
  const held = row?.["held"] as Buffer | null | undefined;
  return held ? String(JSON.parse(sealed().open(held, `${id}.${name}`))) : null;
}

/** Columns to write for a field: every column of it, null where it stands empty. */
export function writeField(type: RecordType, id: string, name: string, value: FieldValue): Record<string, SqlValue> {
  const field = type.fields[name];
  if (!field) return {};
  const written: Record<string, SqlValue> = {};
  for (const { suffix } of columns(field)) written[columnName(name, suffix)] = null;
  if (isEmpty(value)) return written;
  if (field.sealed && typeof value !== "string")
    throw new Error(`What ${name} holds was not read, so it cannot be written.`);
  if (isSensitive(field)) return { [columnName(name)]: sealed().seal(JSON.stringify(value), `${id}.${name}`) };
  for (const [suffix, one] of Object.entries(toColumns(field, value))) written[columnName(name, suffix)] = one;
  return written;
}

function readRow(type: RecordType, row: Row): RecordData {
  const fields: Fields = {};
  for (const name of Object.keys(type.fields)) fields[name] = readField(type, name, row);
  return {
    id: String(row["id"]),
    type: type.name,
    organisation: String(row["organisation"]),
    reference: String(row["reference"]),
    title: String(row["title"]),
    state: String(row["state"]),
    entered: JSON.parse(String(row["entered"])) as Record<string, Entry>,
    definitionVersion: Number(row["definition_version"]),
    version: Number(row["version"]),
    createdAt: instant(String(row["created_at"])),
    updatedAt: instant(String(row["updated_at"])),
    createdBy: textOrNull(row["created_by"]),
    historySeq: Number(row["history_seq"]),
    historyHash: textOrNull(row["history_hash"]),
    fields,
  };
}

/**
 * Of records that are read together where fewer would do as well: a record may hold a dozen texts of 500 kB, and a batch is
 * hundreds of records.
 */
const BATCH_BYTES = 32_000_000;
/** A batch may be read in parts, and one record always is read. */
export interface Bounded {
  bounded?: boolean;
}
const mostBytes = ({ bounded }: Bounded, of: readonly unknown[]): number | undefined =>
  bounded && of.length > 1 ? BATCH_BYTES : undefined;

/** What stands in a record beside its fields. */
const SYSTEM = `id, organisation, reference, title, state, entered, definition_version, version, created_at, updated_at,
  created_by, history_seq, history_hash`;

/** The columns of some fields; the others then stand empty. */
const columnsOf = (type: RecordType, names: string[]): string =>
  [
    SYSTEM,
    ...names.flatMap((name) => {
      const field = type.fields[name];
      return field ? columns(field).map(({ suffix }) => columnName(name, suffix)) : [];
    }),
  ].join();

/**
 * Locks records in id order across types, in this transaction. With `skipLocked`, those another transaction holds are
 * left out. Unknown ids are left out too. @throws TooLarge where they are `bounded`.
 */
export async function lockRecords(
  tx: Tx,
  registry: Registry,
  keys: RecordKey[],
  options: { skipLocked?: boolean } & Bounded = {},
): Promise<RecordData[]> {
  const sorted = [...new Map(keys.map((key) => [key.id, key])).values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const ending = `FOR UPDATE${options.skipLocked ? " SKIP LOCKED" : ""}`;
  const found: RecordData[] = [];
  // Runs of one type are locked by one statement; the order of ids holds across them.
  for (let from = 0; from < sorted.length;) {
    const type = sorted[from]?.type ?? "";
    let to = from + 1;
    while (sorted[to]?.type === type) to++;
    found.push(...(await readRecords(tx, registry, type, sorted.slice(from, to), ending, mostBytes(options, sorted))));
    from = to;
  }
  return found;
}

/** Ids of those of these records that exist. */
export async function existingRecords(sql: Sql, keys: RecordKey[]): Promise<string[]> {
  const found: string[] = [];
  for (const [type, own] of groupByType(keys)) {
    const rows = await sql.query(
      `SELECT id FROM ${tableName(type)} WHERE id IN (${marks(own.length)})`,
      own.map(({ id }) => id),
    );
    found.push(...rows.map((row) => String(row["id"])));
  }
  return found;
}

/** Reads records without a lock, or of their fields only some. @throws TooLarge where they are `bounded`. */
export async function loadRecords(
  sql: Sql,
  registry: Registry,
  keys: RecordKey[],
  options: Bounded & { fields?: string[] } = {},
): Promise<RecordData[]> {
  const byType = groupByType(keys);
  const found: RecordData[] = [];
  for (const [type, own] of byType)
    found.push(...(await readRecords(sql, registry, type, own, "", mostBytes(options, keys), options.fields)));
  return found;
}

/** What records are called, by id. */
export async function titlesOf(sql: Sql, keys: RecordKey[]): Promise<Record<string, string>> {
  const titles: Record<string, string> = {};
  for (const [type, own] of groupByType(keys)) {
    const rows = await sql.query(
      `SELECT id, title FROM ${tableName(type)} WHERE id IN (${marks(own.length)})`,
      own.map(({ id }) => id),
    );
    for (const row of rows) titles[String(row["id"])] = String(row["title"]);
  }
  return titles;
}

function groupByType(keys: RecordKey[]): Map<string, RecordKey[]> {
  const groups = new Map<string, RecordKey[]>();
  for (const key of keys) groups.set(key.type, [...(groups.get(key.type) ?? []), key]);
  return groups;
}

async function readRecords(
  sql: Sql,
  registry: Registry,
  typeName: string,
  keys: RecordKey[],
  ending: string,
  most?: number,
  names?: string[],
): Promise<RecordData[]> {
  const type = registry.types.get(typeName)?.active.type;
  if (!type || !keys.length) return [];
  const ids = keys.map((key) => key.id);
  // The primary key by force: on a small table the server may scan, and so lock other rows in another order. The
  // number of marks is rounded up, so that batches of any size share few statements.
  const width = 2 ** Math.ceil(Math.log2(ids.length));
  const rows = await sql.query(
    `SELECT ${names ? columnsOf(type, names) : "*"} FROM ${tableName(typeName)} FORCE INDEX (PRIMARY) WHERE id IN (${marks(width)}) ORDER BY id ${ending}`,
    [...ids, ...Array.from({ length: width - ids.length }, () => ids[0] ?? "")],
    most,
  );
  const records = rows.map((row) => readRow(type, row));
  await fillDocuments(sql, type, records);
  return records;
}

/** A document column holds a version's id; number and hash come from the version, without its text. */
async function fillDocuments(sql: Sql, type: RecordType, records: RecordData[]): Promise<void> {
  const names = Object.entries(type.fields).filter(([, field]) => field.kind === "document" && !isSensitive(field));
  const values = records.flatMap((record) => names.map(([name]) => record.fields[name] as DocumentValue | null));
  const versions = values.flatMap((value) => (value ? [value.latest, ...(value.inForce ? [value.inForce] : [])] : []));
  if (!versions.length) return;
  const ids = [...new Set(versions.map((version) => version.id))];
  const rows = await sql.query(`SELECT id, number, hash FROM document_version WHERE id IN (${marks(ids.length)})`, ids);
  const known = new Map(rows.map((row) => [String(row["id"]), row]));
  for (const version of versions) {
    const row = known.get(version.id);
    version.number = Number(row?.["number"] ?? 0);
    version.hash = String(row?.["hash"] ?? "");
  }
}
