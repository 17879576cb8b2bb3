/**
 * What the database can hold of a record type, as InnoDB counts it on its usual pages of 16 kB (row format DYNAMIC):
 * measured on MariaDB 10.11, and held to the server by a property test.
 */
import type { RecordType } from "./definition";
import { columnName, columns } from "./fields";
import { indexesOf } from "./indexes";
import { INDEXED_LENGTH } from "./parseValue";
import { snake } from "./text";

const id = "CHAR(26) CHARACTER SET ascii COLLATE ascii_bin";
const word = "VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin";

/** The columns of every record, beside those of its fields. */
export const recordColumns: [name: string, ddl: string][] = [
  ["id", `${id} NOT NULL`],
  ["organisation", `${id} NOT NULL`],
  ["reference", "VARCHAR(64) NOT NULL"],
  ["title", "VARCHAR(500) NOT NULL"],
  ["title_folded", `VARCHAR(${INDEXED_LENGTH}) NOT NULL`],
  ["state", `${word} NOT NULL`],
  ["entered", "TEXT NOT NULL"],
  ["definition_version", "INT NOT NULL"],
  ["version", "INT NOT NULL"],
  ["created_at", "DATETIME(3) NOT NULL"],
  ["updated_at", "DATETIME(3) NOT NULL"],
  ["created_by", `${id} NULL`],
  ["history_seq", "INT NOT NULL DEFAULT 0"],
  ["history_hash", "CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL"],
];

export const tableName = (type: string): string => `r_${snake(type)}`;

export const allColumns = (type: RecordType): [name: string, ddl: string][] => [
  ...recordColumns,
  ...Object.entries(type.fields).flatMap(([name, field]) =>
    columns(field).map(({ suffix, ddl }): [string, string] => [columnName(name, suffix), `${ddl} NULL`]),
  ),
];

/** Letters of a table, a column or an index. */
const NAME = 64;
/** Half a page less its header, and a row's own: header, transaction and roll pointer. */
const [PAGE, ROW_HEAD] = [8_126, 5 + 6 + 7];
/** The server's limit for a row, whatever the engine keeps elsewhere; a text counts as its pointer. */
const ROW = 65_535;
const COLUMNS = 1_017;
/** The primary key is one of them. */
const KEYS = 64;
/** A value that may be longer than 255 bytes can lie on pages of its own, and leaves a pointer and its length here. */
const POINTER = 20 + 1;

interface Width {
  /** Bytes on the page. */
  page: number;
  /** Bytes as the server counts a row. */
  row: number;
}

const fixed: Record<string, number> = { BIGINT: 8, INT: 4, TINYINT: 1, DATE: 3, DATETIME: 7 };
const texts: Record<string, number> = { TEXT: 10, MEDIUMTEXT: 11, MEDIUMBLOB: 11 };

/** Of a column as DDL declares it. Throws for a type that it does not know: none may be forgotten here. */
export function widthOf(ddl: string): Width {
  const [, type = "", size = "0", scale = "0"] = /^([A-Z]+)(?:\((\d+)(?:,(\d+))?\))?/.exec(ddl) ?? [];
  const bytes = Number(size) * (ddl.includes("ascii") ? 1 : 4);
  if (type === "VARCHAR") return { page: bytes > 255 ? POINTER : bytes + 1, row: bytes + (bytes > 255 ? 2 : 1) };
  if (type === "CHAR" && ddl.includes("ascii")) return { page: bytes, row: bytes };
  if (type === "DECIMAL") {
    const half = (digits: number) => Math.floor(digits / 9) * 4 + Math.ceil((digits % 9) / 2);
    const width = half(Number(size) - Number(scale)) + half(Number(scale));
    return { page: width, row: width };
  }
  const [plain, long] = [fixed[type], texts[type]];
  if (long !== undefined) return { page: POINTER, row: long };
  if (plain === undefined) throw new Error(`How wide is ${ddl}?`);
  return { page: plain, row: plain };
}

/** Why the database cannot hold records of this type: nothing where it can. */
export function tableProblems(type: RecordType): string[] {
  const all = allColumns(type);
  const nulls = Math.ceil(all.filter(([, ddl]) => !ddl.includes("NOT NULL")).length / 8);
  const sum = (of: keyof Width) => all.reduce((total, [, ddl]) => total + widthOf(ddl)[of], nulls);
  const [page, row, keys] = [sum("page") + ROW_HEAD, sum("row"), indexesOf(type).length + 1];
  return [
    all.length > COLUMNS && `The fields need ${all.length} columns of ${COLUMNS}: split the type in two.`,
    page > PAGE &&
      `A row would take ${page} bytes of the ${PAGE} that a page has for it: split the type in two, or make a list of what belongs together. A text takes ${2 * POINTER}.`,
    row > ROW && `A row would take ${row} bytes of ${ROW}: index fewer texts, or split the type in two.`,
    keys > KEYS && `Fields and views need ${keys} indexes of ${KEYS}: index fewer fields, or show fewer in views.`,
  ].filter((problem) => problem !== false);
}

/** Why a name gives the database one that is too long; undefined where it does not. Each capital counts twice. */
export function nameTooLong(names: string[]): string | undefined {
  const longest = names.find((name) => name.length > NAME);
  return longest === undefined
    ? undefined
    : `In the database this is ${longest.length} letters of ${NAME}, since each capital counts twice: choose a shorter name.`;
}
