/** Reads the rows of a CSV or XLSX, in a process of its own. A row keeps the number that a spreadsheet shows for it. */
import { type NumberedRow, refused, Table } from "./sheetTable";
import { readXlsx } from "./xlsx";

export interface SheetFile {
  bytes: Uint8Array;
  kind: "xlsx" | "csv";
  /** The name of one of several; the first that is not hidden where none is given. */
  sheet: string | null;
}

/** Its rows as JSON, so that a process holds many cells in few bytes that it can count. */
export interface ReadSheet {
  /** Null for a CSV. */
  name: string | null;
  /** Names of all that are not hidden. */
  sheets: string[];
  headers: string[];
  /** What stands in the first rows of each column, shortened. */
  samples: string[][];
  rows: number;
  /** Blocks of BLOCK_ROWS rows, each `[line, cells][]`, one after another. */
  json: Uint8Array;
  /** Where each block begins. */
  starts: number[];
}

export const BLOCK_ROWS = 25;
/** Of a sheet's rows as JSON: more than a CSV of the largest size becomes, but for one of quotation marks alone. */
export const MAX_JSON_BYTES = 24_000_000;
const SAMPLES = { rows: 50, most: 3, length: 40 };
const MAX_HEADING = 200;

/** @throws INVALID_INPUT, path `file`, with a sentence; RangeError for what exceeds the bounds of its process. */
export async function readSheet({ bytes, kind, sheet }: SheetFile): Promise<ReadSheet> {
  const table = new Table();
  const { name, sheets } =
    kind === "xlsx" ? await readXlsx(Buffer.from(bytes), sheet, table) : await readCsv(bytes, table);
  const [head, ...body] = table.rows;
  if (!head || body.length === 0) throw refused("There are no rows in this file below its first line of headings.");
  const headers = Array.from({ length: table.width }, (_, at) => String(head[1][at] ?? "").trim());
  const long = headers.find((heading) => heading.length > MAX_HEADING);
  if (long !== undefined)
    throw refused(
      `The first line of this file is not of headings: one would be “${long.slice(0, 60)}…”. Put a line of headings above the rows.`,
    );
  return {
    name,
    sheets,
    headers,
    samples: headers.map((_, at) => samplesOf(body, at)),
    rows: body.length,
    ...inBlocks(body),
  };
}

function samplesOf(rows: NumberedRow[], at: number): string[] {
  const filled = rows.slice(0, SAMPLES.rows).flatMap(([, cells]) => {
    const text = String(cells[at] ?? "").trim();
    return text ? [text.length > SAMPLES.length ? `${text.slice(0, SAMPLES.length)}…` : text] : [];
  });
  return [...new Set(filled)].slice(0, SAMPLES.most);
}

function inBlocks(rows: NumberedRow[]): Pick<ReadSheet, "json" | "starts"> {
  const blocks: Buffer[] = [];
  const starts: number[] = [];
  let size = 0;
  for (let at = 0; at < rows.length; at += BLOCK_ROWS) {
    const block = Buffer.from(JSON.stringify(rows.slice(at, at + BLOCK_ROWS)));
    blocks.push(block);
    starts.push(size);
    size += block.length;
    if (size > MAX_JSON_BYTES) throw refused("The rows of this file hold too much text. Split it into several files.");
  }
  return { json: new Uint8Array(Buffer.concat(blocks)), starts };
}

// ---------------------------------------------------------------------------------------------------------------- CSV

/** Characters from which it is guessed what stands between cells. */
const GUESSED_BY = 64 * 1024;

async function readCsv(bytes: Uint8Array, table: Table): Promise<Pick<ReadSheet, "name" | "sheets">> {
  const { default: Papa } = await import("papaparse");
  const whole = textOf(bytes);
  // How a program tells Excel what stands between the cells. Excel does not count it as a row.
  const [declared = "", separator] = /^sep=([^\r\n])\r?\n/i.exec(whole) ?? [];
  const text = whole.slice(declared.length);
  // Guessed by itself, without the empty lines: they count as rows of one cell.
  const start = text.slice(0, GUESSED_BY);
  const delimiter = separator ?? Papa.parse(start, { preview: 20, skipEmptyLines: "greedy" }).meta.delimiter;
  let line = 0;
  Papa.parse<string[]>(text, {
    delimiter,
    // The fast way splits all of the text before the first row is counted.
    fastMode: false,
    step({ data, errors }) {
      line += 1;
      if (errors.some(({ code }) => code === "MissingQuotes"))
        throw refused(`A quotation mark is opened in line ${line} and never closed. Close it, or take it out.`);
      table.add(line, data);
    },
  });
  return { name: null, sheets: [] };
}

/** What an older Excel saves is in the code page of Windows, and no UTF-8. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
