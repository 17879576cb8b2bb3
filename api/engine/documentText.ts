/** A document's bytes to Markdown: text and Markdown as they are, DOCX through mammoth with headings and bullets kept. Runs in a process of its own (heavy/). */
import { Failure, invalid } from "../../schema/failure";
import { isText } from "../../schema/fileKinds";
import { repacked } from "./heavy/unpack";
import { markdownOf } from "./wordMarkdown";
import { type Doubt, isBody, isLookedAt, leftOutOf, readable } from "./wordParts";

const refuse = (message: string, cause?: unknown): Failure =>
  cause === undefined
    ? invalid([{ path: "file", message }])
    : new Failure("INVALID_INPUT", message, [{ path: "file", message }], { cause });

export interface DocumentText {
  text: string;
  /** What is not in the text although it is in the document. */
  doubts: Doubt[];
}

/** Fails with INVALID_INPUT, path `file`, for an empty file, one that is no UTF-8 text, and a DOCX that cannot be read. */
export async function documentText(bytes: Buffer, fileName: string): Promise<DocumentText> {
  if (!bytes.length) throw refuse(`${fileName} is empty.`);
  const read = /\.docx$/i.test(fileName)
    ? await fromDocx(bytes, fileName)
    : { text: fromText(bytes, fileName), doubts: [] };
  if (read.text.trim()) return read;
  const left = read.doubts.filter(({ code }) => code.endsWith("LeftOut")).map(({ message }) => message);
  throw refuse([`${fileName} holds no text${left.length ? " that can be read" : ""}.`, ...left].join(" "));
}

function fromText(bytes: Buffer, fileName: string): string {
  const text = decoded(bytes);
  if (text !== undefined && !text.includes("\0")) return text;
  if (text === undefined && isText(bytes))
    throw refuse(
      `${fileName} is saved in an older encoding, so some of its letters cannot be told for sure. Save it as UTF-8, or as DOCX.`,
    );
  throw refuse(`${fileName} is not text. Save it as text in UTF-8, Markdown or DOCX.`);
}

function decoded(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Of its XML parts, unpacked: a policy of a hundred pages has some two. */
const MAX_XML_BYTES = 25_000_000;
/** Pictures and embedded files are left out, so they are never unpacked. */
const isXml = (name: string): boolean => /\.(xml|rels)$/i.test(name);

async function fromDocx(bytes: Buffer, fileName: string): Promise<DocumentText> {
  // ZIP magic bytes (a DOCX is a ZIP).
  if (bytes.subarray(0, 2).toString("latin1") !== "PK") throw refuse(`${fileName} is not a Word document.`);
  // Loaded when first needed: the API starts without it.
  const { default: mammoth } = await import("mammoth");
  const parts = new Map<string, string>();
  const changed = (name: string, part: Buffer): Buffer => {
    if (!isLookedAt(name)) return part;
    const xml = part.toString("utf8");
    parts.set(name, xml);
    return isBody(name) ? Buffer.from(readable(xml)) : part;
  };
  try {
    const { value } = await mammoth.convertToHtml(
      { buffer: await repacked(bytes, { wanted: isXml, maxBytes: MAX_XML_BYTES, changed }) },
      {
        styleMap: ["p[style-name='Title'] => h1:fresh"],
        convertImage: mammoth.images.imgElement(() => Promise.resolve({ src: "" })),
      },
    );
    const text = markdownOf(value);
    return { text, doubts: leftOutOf(parts, text) };
  } catch (cause) {
    // Too large or nested too deep: the pool says so (heavy/worker.ts).
    if (cause instanceof RangeError) throw cause;
    throw refuse(`${fileName} could not be read as a Word document.`, cause);
  }
}
