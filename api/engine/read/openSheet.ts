/**
 * A sheet that whoever asks has uploaded, read for an import. Its rows are kept for a while as JSON, by the file's id, so
 * that an import that goes through it in many requests reads it once; whose the file is is asked anew each time.
 */
import { mayAtAll } from "../../../schema/access";
import { Failure, invalid } from "../../../schema/failure";
import { sheetKinds } from "../../../schema/fileKinds";
import type { FileRow } from "../../store/files";
import { SizedCache } from "../../sizedCache";
import type { Identity } from "../access";
import { heavily } from "../heavy/pool";
import { BLOCK_ROWS, MAX_JSON_BYTES, type ReadSheet } from "../heavy/readSheet";
import type { NumberedRow } from "../heavy/sheetTable";
import { activeNamed, activeType } from "../pinned";
import { mustAdminister } from "../run";
import type { World } from "../world";
import { bytesOf, uploadOf } from "./openUpload";
import type { Reader } from "./reader";

export interface SheetAsk {
  /** Of the upload. */
  file: string;
  /** One of several in it. */
  sheet: string | null;
  /** What its rows become: records of a type, or people. */
  type: string | null;
}

export interface OpenSheet extends ReadSheet {
  file: FileRow;
  /** The sheet that was asked for. */
  asked: string | null;
  /** What is worked out of all of its rows, for one question: the last that was asked. */
  memo: { question?: string; answer?: Promise<unknown> };
}

type KeptSheet = Omit<OpenSheet, "file">;

/** Headings, samples, and what is worked out of the rows. */
const BESIDES = 1_000_000;
/** What a process keeps: four of the largest, or some hundred as schools have them. */
const kept = new SizedCache<KeptSheet>(4 * (MAX_JSON_BYTES + BESIDES));

/**
 * @throws FORBIDDEN for who may not import it, NOT_FOUND (type), INVALID_INPUT, path `file`, for what is not theirs or
 * cannot be read, UNAVAILABLE.
 */
export async function openSheet(reader: Reader, { file: id, sheet, type }: SheetAsk): Promise<OpenSheet> {
  mustImport(reader.world, reader.identity, type);
  const file = await uploadOf(reader, id);
  const kind = sheetKinds[file.mediaType];
  if (!kind)
    throw invalid([
      {
        path: "file",
        message: "This is neither a CSV nor an XLSX file. Save the sheet as one of them, and choose it again.",
      },
    ]);
  let found = kept.get(id);
  if (!found || found.asked !== sheet) {
    const bytes = await bytesOf(reader.db, id);
    const read = await heavily("sheet", { bytes, kind, sheet }, reader.access.person ?? "");
    found = { ...read, asked: sheet, memo: {} };
    kept.set(id, found, found.json.length + BESIDES);
  }
  return { ...found, file };
}

/** As the back office offers it: to whoever may create records of the type, or administers people. */
function mustImport(world: World, identity: Identity, typeName: string | null): void {
  if (typeName === null) return mustAdminister({ identity });
  const { type } = activeType(world.registry, typeName).active;
  const { access } = identity;
  const here = access.organisations.filter(({ id }) => id === access.acting);
  if (mayAtAll(type, "create", here, activeNamed(world.registry))) return;
  throw new Failure("FORBIDDEN", `You may not import ${type.pluralLabel.toLowerCase()}.`);
}

/** Rows from the one at `offset` on, counted from 0 without those that are empty. */
export function rowsFrom(sheet: ReadSheet, offset: number, count: number): NumberedRow[] {
  const rows: NumberedRow[] = [];
  const last = Math.min(sheet.rows, offset + count);
  for (let at = Math.floor(offset / BLOCK_ROWS); at * BLOCK_ROWS < last; at++) {
    const block = blockOf(sheet, at);
    rows.push(...block.slice(Math.max(0, offset - at * BLOCK_ROWS), last - at * BLOCK_ROWS));
  }
  return rows;
}

/** All of them, letting others have their turn between blocks. */
export async function* allRows(sheet: ReadSheet): AsyncGenerator<NumberedRow> {
  for (let at = 0; at < sheet.starts.length; at++) {
    yield* blockOf(sheet, at);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const blockOf = ({ json, starts }: ReadSheet, at: number): NumberedRow[] =>
  JSON.parse(Buffer.from(json.subarray(starts[at], starts[at + 1])).toString("utf8")) as NumberedRow[];

/** Works something out of all rows once, as long as the same is asked. */
export function workedOut<T>({ memo }: OpenSheet, question: string, work: () => Promise<T>): Promise<T> {
  if (memo.question !== question || !memo.answer) {
    memo.question = question;
    memo.answer = work();
    // What failed is tried again.
    memo.answer.catch(() => delete memo.answer);
  }
  return memo.answer as Promise<T>;
}

/** With the upload itself. */
export const forgetSheet = (file: string): void => void kept.delete(file);
