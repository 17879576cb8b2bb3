/**
 * Reads one sheet of an XLSX. What the directory says of sizes is not believed, other sheets are never unpacked, and
 * cells are counted as they come. A library made for it took minutes over one long cell, and then the whole stack.
 */
import { Failure } from "../../../schema/failure";
import { MAX_CELL, MOST_COLUMNS, type SheetCell } from "../../../schema/sheetRows";
import { scanXml } from "./scanXml";
import { isBlank, refused, type Table } from "./sheetTable";
import { unpackedParts } from "./unpack";

/** Of the XML of one sheet with its texts and formats: a million rows that hold nothing are some forty. */
const MAX_XML_BYTES = 60_000_000;
const MAX_BOOK_BYTES = 2_000_000;
/** A spreadsheet has no more. */
const LAST_ROW = 1_048_576;

const BOOK = "xl/workbook.xml";
const BOOK_RELATIONS = "xl/_rels/workbook.xml.rels";
const isBook = (path: string): boolean => path === BOOK || path === BOOK_RELATIONS;

/**
 * The rows of the sheet of this name, else of the first that is not hidden.
 * @throws INVALID_INPUT, path `file`, with a sentence; RangeError for what unpacks to too much.
 */
export async function readXlsx(
  bytes: Buffer,
  wanted: string | null,
  table: Table,
): Promise<{ name: string; sheets: string[] }> {
  try {
    const book = readBook(await unpackedParts(bytes, { wanted: isBook, maxBytes: MAX_BOOK_BYTES }));
    const seen = book.sheets.filter(({ hidden }) => !hidden);
    const chosen = wanted === null ? (seen[0] ?? book.sheets[0]) : seen.find(({ name }) => name === wanted);
    if (!chosen)
      throw refused(
        wanted === null ? "There is no sheet in this file." : `There is no sheet “${wanted}” in this file.`,
      );
    const needed = new Set([chosen.path, book.texts, book.formats]);
    const parts = await unpackedParts(bytes, { wanted: (path) => needed.has(path), maxBytes: MAX_XML_BYTES });
    const xml = (path: string): string => parts.get(path)?.toString("utf8") ?? "";
    const formats = readFormats(xml(book.formats));
    readRows(xml(chosen.path), { texts: readTexts(xml(book.texts)), formats, epoch1904: book.epoch1904 }, table);
    return { name: chosen.name, sheets: seen.map(({ name }) => name) };
  } catch (cause) {
    // What exceeds the bounds the pool says (worker.ts).
    if (cause instanceof RangeError || cause instanceof Failure) throw cause;
    const message = "This file cannot be read. Open it in your spreadsheet, save it again, and choose it anew.";
    throw new Failure("INVALID_INPUT", message, [{ path: "file", message }], { cause });
  }
}

interface Book {
  /** Those that hold rows: one may be a chart as well. `path` in the ZIP. */
  sheets: { name: string; hidden: boolean; path: string }[];
  /** Paths of what all sheets share. */
  texts: string;
  formats: string;
  epoch1904: boolean;
}

function readBook(parts: Map<string, Buffer>): Book {
  const relations = new Map<string, { path: string; kind: string }>();
  const book: Book = { sheets: [], texts: "", formats: "", epoch1904: false };
  eachTag(parts.get(BOOK_RELATIONS), (name, attributes) => {
    if (name !== "Relationship") return;
    const [id = "", type = "", target = ""] = ["Id", "Type", "Target"].map((each) => attributes().get(each));
    const path = target.startsWith("/") ? target.slice(1) : `xl/${target}`;
    const kind = type.split("/").at(-1) ?? "";
    if (kind === "sharedStrings") book.texts = path;
    if (kind === "styles") book.formats = path;
    relations.set(id, { path, kind });
  });
  eachTag(parts.get(BOOK), (tag, attributes) => {
    if (tag === "workbookPr") book.epoch1904 = ["1", "true"].includes(attributes().get("date1904") ?? "");
    if (tag !== "sheet") return;
    const { path, kind } = relations.get(attributes().get("id") ?? "") ?? {};
    const hidden = ["hidden", "veryHidden"].includes(attributes().get("state") ?? "");
    if (path && kind === "worksheet") book.sheets.push({ name: attributes().get("name") ?? "", hidden, path });
  });
  return book;
}

const nothing = (): void => undefined;

function eachTag(
  xml: Buffer | string | undefined,
  open: (name: string, attributes: () => Map<string, string>) => void,
) {
  scanXml(xml?.toString("utf8") ?? "", { open, close: nothing, text: nothing });
}

/** A text is made of runs; how it is pronounced is left out. */
function readTexts(xml: string): string[] {
  const texts: string[] = [];
  let parts: string[] = [];
  let [inText, inSound] = [false, false];
  scanXml(xml, {
    open(name) {
      if (name === "si") parts = [];
      else if (name === "t") inText = true;
      else if (name === "rPh") inSound = true;
    },
    close(name) {
      if (name === "si") texts.push(unescaped(parts.join("")));
      else if (name === "t") inText = false;
      else if (name === "rPh") inSound = false;
    },
    text: (text) => void (inText && !inSound && parts.push(text)),
  });
  return texts;
}

/** Of each format whether it shows a number as a date. */
function readFormats(xml: string): boolean[] {
  const own = new Map<string, boolean>();
  const formats: boolean[] = [];
  let inCells = false;
  scanXml(xml, {
    open(name, attributes) {
      if (name === "numFmt")
        own.set(attributes().get("numFmtId") ?? "", isDateFormat(attributes().get("formatCode") ?? ""));
      else if (name === "cellXfs") inCells = true;
      else if (name === "xf" && inCells) {
        const id = attributes().get("numFmtId") ?? "0";
        formats.push(own.get(id) ?? isBuiltInDate(Number(id)));
      }
    },
    close: (name) => void (name === "cellXfs" && (inCells = false)),
    text: nothing,
  });
  return formats;
}

/** Those that Excel never writes down: dates and times everywhere, and those of East Asia. */
const isBuiltInDate = (id: number): boolean =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);

/** It has letters of dates, apart from what stands there as it is, and from colours, conditions and lengths of time. */
const isDateFormat = (code: string): boolean =>
  /[dmyhs]/i.test(
    code
      .slice(0, 1_000)
      .replace(/"[^"]{0,1000}"?|\\.|_.|\*.|\[[^\]]{0,1000}\]?/g, "")
      .replace(/general/gi, ""),
  );

interface Meaning {
  texts: string[];
  formats: boolean[];
  epoch1904: boolean;
}

interface OpenCell {
  column: number;
  kind: string;
  format: number;
  value: string[];
}

function readRows(xml: string, meaning: Meaning, table: Table): void {
  let line = 0;
  let row: SheetCell[] = [];
  let column = -1;
  let cell: OpenCell | undefined;
  let [inValue, inSound] = [false, false];
  scanXml(xml, {
    open(name, attributes) {
      if (name === "row") {
        line = Number(attributes().get("r") ?? line + 1);
        if (!(line >= 1 && line <= LAST_ROW)) throw new Error(`There is no row ${line}.`);
        [row, column] = [[], -1];
      } else if (name === "c") {
        const given = attributes();
        column = columnOf(given.get("r")) ?? column + 1;
        cell = { column, kind: given.get("t") ?? "n", format: Number(given.get("s") ?? 0), value: [] };
      } else if (name === "v" || name === "t") inValue = true;
      else if (name === "rPh") inSound = true;
    },
    close(name) {
      if (name === "v" || name === "t") inValue = false;
      else if (name === "rPh") inSound = false;
      else if (name === "c" && cell) {
        const value = meant(cell, meaning);
        if (!isBlank(value)) {
          // Nothing is kept of what is refused.
          if (cell.column >= MOST_COLUMNS) row = [];
          while (cell.column < MOST_COLUMNS && row.length < cell.column) row.push(null);
          row[cell.column] = value;
        }
        cell = undefined;
      } else if (name === "row") {
        table.add(line, row);
        row = [];
      }
    },
    text: (text) => void (cell && inValue && !inSound && cell.value.push(text)),
  });
}

/** From 0, of "B7"; undefined where the cell follows the one before it. */
function columnOf(at: string | undefined): number | undefined {
  const letters = /^[A-Z]{1,3}(?=\d)/.exec(at ?? "")?.[0];
  if (letters === undefined) return undefined;
  return letters.split("").reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

/** What a cell shows: of a formula what it came to, an error by its name. */
function meant({ kind, format, value }: OpenCell, { texts, formats, epoch1904 }: Meaning): SheetCell {
  const raw = value.length === 1 ? (value[0] ?? "") : value.join("");
  if (raw === "") return null;
  switch (kind) {
    case "s":
      return trimmed(texts[Number(raw)] ?? "");
    case "b":
      return raw.trim() === "1";
    case "d":
      return dateText(Date.parse(raw)) ?? trimmed(raw);
    case "n": {
      const number = Number(raw);
      if (Number.isNaN(number)) return trimmed(raw);
      return formats[format] ? dateOf(number, epoch1904) : number;
    }
    default:
      return trimmed(unescaped(raw));
  }
}

/** One that is too long anyway is not gone through. */
const trimmed = (text: string): string => (text.length > MAX_CELL ? text : text.trim());

/** "_x000D_": what XML cannot hold. */
const unescaped = (text: string): string =>
  text.includes("_x")
    ? text.replace(/_x([0-9a-f]{4})_/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text;

const DAY_MS = 86_400_000;
/** The day 0 of a sheet lies so many days before 1970; that of an old Mac later by the second. */
const [BEFORE_1970, LATER_1904] = [25_569, 1_462];

/** Dates become ISO text, so that they mean the same wherever they are read; within the first day a number is a time. */
function dateOf(serial: number, epoch1904: boolean): string {
  if (serial >= 0 && serial < 1) return (dateText(serial * DAY_MS, "time") ?? NO_DATE).slice(-5);
  // The year 1900 has a 29 February in sheets: what comes before it is a day later than it says.
  const days = epoch1904 ? serial + LATER_1904 : serial < 60 ? serial + 1 : serial;
  return dateText((days - BEFORE_1970) * DAY_MS) ?? NO_DATE;
}

/** As a sheet shows what is no date. */
const NO_DATE = "########";

/** To the minute; without a time where it is midnight. Undefined for what lies outside of our years. */
function dateText(ms: number, time?: "time"): string | undefined {
  const minute = Math.round(ms / 60_000) * 60_000;
  if (!(Math.abs(minute) < 8e15)) return undefined;
  const text = new Date(minute).toISOString();
  if (!/^\d{4}-/.test(text)) return undefined;
  return time ? text.slice(0, 16) : text.slice(0, 16).replace("T", " ").replace(" 00:00", "");
}
