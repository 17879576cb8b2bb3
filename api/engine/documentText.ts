/** A document's bytes to Markdown: text and Markdown as they are, DOCX through mammoth with headings and bullets kept. Runs in a thread (heavy/). */
import { Failure, invalid } from "../../schema/failure";
import { repacked } from "./heavy/unpack";

const refuse = (message: string, cause?: unknown): Failure =>
  cause === undefined
    ? invalid([{ path: "file", message }])
    : new Failure("INVALID_INPUT", message, [{ path: "file", message }], { cause });

/** Fails with INVALID_INPUT, path `file`, for an empty file, one that is no UTF-8 text, and a DOCX that cannot be read. */
export async function documentText(bytes: Buffer, fileName: string): Promise<string> {
  if (!bytes.length) throw refuse(`${fileName} is empty.`);
  const text = /\.docx$/i.test(fileName) ? await fromDocx(bytes, fileName) : fromText(bytes, fileName);
  if (!text.trim()) throw refuse(`${fileName} holds no text.`);
  return text;
}

function fromText(bytes: Buffer, fileName: string): string {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (!text.includes("\0")) return text;
  } catch (cause) {
    throw refuse(`${fileName} is not text. Save it as text, Markdown or DOCX.`, cause);
  }
  throw refuse(`${fileName} is not text. Save it as text, Markdown or DOCX.`);
}

/** Of its XML parts, unpacked: a policy of a hundred pages has some two. */
const MAX_XML_BYTES = 25_000_000;
/** Pictures and embedded files are left out, so they are never unpacked. */
const isXml = (name: string): boolean => /\.(xml|rels)$/i.test(name);

async function fromDocx(bytes: Buffer, fileName: string): Promise<string> {
  // ZIP magic bytes (a DOCX is a ZIP).
  if (bytes.subarray(0, 2).toString("latin1") !== "PK") throw refuse(`${fileName} is not a Word document.`);
  // Loaded when first needed: the API starts without it.
  const { default: mammoth } = await import("mammoth");
  try {
    const { value } = await mammoth.convertToHtml(
      { buffer: await repacked(bytes, isXml, MAX_XML_BYTES) },
      {
        styleMap: ["p[style-name='Title'] => h1:fresh"],
        convertImage: mammoth.images.imgElement(() => Promise.resolve({ src: "" })),
      },
    );
    return markdownOf(value);
  } catch (cause) {
    // Too large or nested too deep: the pool says so (heavy/thread.ts).
    if (cause instanceof RangeError) throw cause;
    throw refuse(`${fileName} could not be read as a Word document.`, cause);
  }
}

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", nbsp: " " };
const unescape = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name: string) => entities[name] ?? "");

/** mammoth writes few tags, always closed; pictures are left out, and a table row becomes one "label value" line. */
function markdownOf(html: string): string {
  const out: string[] = [];
  let line = "";
  let depth = 0;
  let inRow = false;
  const flush = (): void => {
    if (line.replace(/^[\s#-]+/, "").trim()) out.push(line.trimEnd());
    line = "";
  };
  const block = (prefix: string): void => {
    if (inRow) return;
    flush();
    if (!prefix.trim().startsWith("-")) out.push("");
    line = prefix;
  };
  const open = (name: string): void => {
    if (/^h[1-6]$/.test(name)) block(`${"#".repeat(Number(name[1]))} `);
    else if (name === "p") block("");
    else if (name === "li") block(`${"  ".repeat(Math.max(0, depth - 1))}- `);
    else if (name === "br") line += " ";
    else if (name === "ul" || name === "ol") {
      flush();
      depth++;
    } else if (name === "tr") {
      block("");
      inRow = true;
    }
  };
  const close = (name: string): void => {
    if (name === "td") line += " ";
    if (name === "tr") inRow = false;
    if (name === "ul" || name === "ol") depth--;
    if (inRow || !/^(h[1-6]|p|li|tr|ul|ol)$/.test(name)) return;
    flush();
    if (/^(h[1-6]|p)$/.test(name)) out.push("");
  };
  for (const [, tag = "", text = ""] of html.matchAll(/<([^<>]*)>|([^<]+)/g)) {
    const [, slash, name = ""] = /^(\/?)(\w*)/.exec(tag) ?? [];
    if (text) line += unescape(text).replace(/\s+/g, " ");
    else if (name === "strong") line += "**";
    else if (slash) close(name);
    else open(name);
  }
  flush();
  return (
    out
      .join("\n")
      .replace(/\n{3,}/g, "\n\n")
      .trim() + "\n"
  );
}
