/**
 * Which files are taken: documents and pictures as schools keep them, told by their bytes and never by what the sender
 * says they are. What can run (programs, web pages, SVG, macros) is refused. The browser asks the same before it sends.
 */

export const MAX_FILE_BYTES = 20_000_000;
/** How much is looked at of a file's beginning, and of its end. */
export const LOOKED_AT = 256 * 1024;

export interface FileKind {
  label: string;
  /** The first is put behind a name that ends otherwise: no name promises what the bytes are not. */
  endings: [string, ...string[]];
  /** Every browser shows it within a page. */
  picture?: true;
}

const kinds = {
  "application/pdf": { label: "PDF", endings: ["pdf"] },
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": { label: "Word", endings: ["docx"] },
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": { label: "Excel", endings: ["xlsx"] },
  "text/csv": { label: "CSV", endings: ["csv"] },
  "text/plain": { label: "Text", endings: ["txt"] },
  "text/markdown": { label: "Markdown", endings: ["md", "markdown"] },
  "image/jpeg": { label: "JPEG picture", endings: ["jpg", "jpeg"], picture: true },
  "image/png": { label: "PNG picture", endings: ["png"], picture: true },
  "image/webp": { label: "WebP picture", endings: ["webp"], picture: true },
  "image/heic": { label: "HEIC picture", endings: ["heic", "heif"] },
} satisfies Record<string, FileKind>;

export type MediaType = keyof typeof kinds;
export const fileKinds: Record<MediaType, FileKind> = kinds;

/** Undefined for a type that is not taken. */
export const kindOfFile = (mediaType: string): FileKind | undefined =>
  Object.hasOwn(kinds, mediaType) ? kinds[mediaType as MediaType] : undefined;

/** Those that may hold a sheet to be imported, and how it is read. */
export const sheetKinds: Partial<Record<string, "csv" | "xlsx">> = {
  "text/csv": "csv",
  "text/plain": "csv",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
};

/**
 * What a file is, or a sentence on why it is not taken. `text`: every further byte must be text too. `zip`: only the
 * directory at its end says which kind it is.
 */
export type Beginning = { mediaType: MediaType; text?: true } | { zip: true } | { problem: string };

export const TAKEN =
  "Duly keeps PDF, Word (DOCX), Excel (XLSX), CSV, text and Markdown, and pictures as JPEG, PNG, WebP or HEIC.";
const PROGRAM = `is a program. ${TAKEN}`;
const WEB = "is a web page, XML or an SVG picture, which can carry a program. Save it as PDF or PNG.";

/** By their first bytes, as Latin-1. What is said in words is refused. */
const signatures: [string | RegExp, MediaType | "zip" | { refused: string }][] = [
  ["%PDF-", "application/pdf"],
  ["\x89PNG\r\n\x1a\n", "image/png"],
  ["\xff\xd8\xff", "image/jpeg"],
  [/^RIFF[^]{4}WEBP/, "image/webp"],
  [/^[^]{4}ftyp(hei[cxms]|hev[cxms]|m[is]f1)/, "image/heic"],
  ["PK\x03\x04", "zip"],
  [
    "\xd0\xcf\x11\xe0",
    { refused: "is an older Office file, or has a password. Save it as DOCX, XLSX or PDF, without one." },
  ],
  [/^(\xff\xfe|\xfe\xff)/, { refused: "is text in an encoding that few programs read. Save it as UTF-8." }],
  [/^(MZ[^]*\0|\x7fELF|[\xce\xcf]\xfa\xed\xfe|\xca\xfe\xba\xbe)/, { refused: PROGRAM }],
];

const webPage = /^<(!doctype|\?xml|html|head|body|script|iframe|svg)\b/i;

/** What follows a byte order mark, white space and comments. Comment by comment: one pattern for all takes for ever. */
function withoutComments(start: string): string {
  let text = start.replace(/^\xef\xbb\xbf/, "").trimStart();
  while (text.startsWith("<!--")) {
    const end = text.indexOf("-->", 4);
    // A comment that does not end here is the beginning of a page as well.
    if (end < 0) return "<!doctype ";
    text = text.slice(end + 3).trimStart();
  }
  return text;
}
const webEndings = new Set(["htm", "html", "xhtml", "svg", "xml", "mht"]);
const programEndings = new Set(
  "bat cmd com exe hta jar js jse lnk mjs msi php pl ps1 py rb reg scf scr sh url vbe vbs wsf wsh".split(" "),
);

/** What the first bytes of a file say of it: LOOKED_AT of them, or all there are. */
export function beginningOf(name: string, head: Uint8Array): Beginning {
  if (head.length === 0) return { problem: `“${name}” is empty.` };
  const start = latin(head.subarray(0, 1_024));
  const [, found] =
    signatures.find(([sign]) => (typeof sign === "string" ? start.startsWith(sign) : sign.test(start))) ?? [];
  if (found === "zip") return { zip: true };
  if (typeof found === "string") return { mediaType: found };
  if (!found && isText(head)) return textKind(name, start);
  return { problem: `“${name}” ${found?.refused ?? `is of a kind that is not taken. ${TAKEN}`}` };
}

function textKind(name: string, start: string): Beginning {
  const ending = endingOf(name);
  if (webEndings.has(ending) || webPage.test(withoutComments(start))) return { problem: `“${name}” ${WEB}` };
  if (programEndings.has(ending) || /^#! ?\//.test(start)) return { problem: `“${name}” ${PROGRAM}` };
  const named = Object.entries(fileKinds).find(([, { endings }]) => endings.includes(ending));
  if (named && !named[0].startsWith("text/"))
    return {
      problem: `“${name}” is called ${named[1].label} and holds plain text. Save it again from the program it comes from.`,
    };
  const mediaType = (["text/csv", "text/markdown"] as const).find((type) => kinds[type].endings.includes(ending));
  return { mediaType: mediaType ?? "text/plain", text: true };
}

/** No control characters but those that move the pen: true of UTF-8 and of the older encodings Excel writes CSV in. */
export const isText = (bytes: Uint8Array): boolean =>
  bytes.every((byte) => (byte >= 32 ? byte !== 127 : byte === 9 || byte === 10 || byte === 12 || byte === 13));

export const notText = (name: string): string => `“${name}” is not text all through. ${TAKEN}`;

/** Which kind of document a zip is, from the directory at its end. `tail` is the end of a file of `size` bytes. */
export function officeKind(name: string, tail: Uint8Array, size: number): Exclude<Beginning, { zip: true }> {
  const parts = zipParts(tail, size);
  if (!parts.length)
    return { problem: `“${name}” is damaged or did not arrive whole. Open it, save it again, and send that.` };
  const holds = (part: RegExp): boolean => parts.some((each) => part.test(each));
  if (holds(/(^|\/)vbaProject\.bin$/i))
    return { problem: `“${name}” has macros, which are programs. Save it without them.` };
  if (holds(/^word\/document\d*\.xml$/))
    return { mediaType: "application/vnd.openxmlformats-officedocument.wordprocessingml.document" };
  if (holds(/^xl\/workbook\d*\.xml$/))
    return { mediaType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" };
  const remedy = holds(/^ppt\//) || holds(/^mimetype$/) ? "Save it as PDF." : "Unpack it, and send what is in it.";
  return { problem: `“${name}” is not taken. ${remedy} ${TAKEN}` };
}

const END = "PK\x05\x06";
const ENTRY = "PK\x01\x02";

/** Names of what a zip holds; none where its directory cannot be read or does not lie within the tail. */
function zipParts(tail: Uint8Array, size: number): string[] {
  const end = latin(tail).lastIndexOf(END);
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  if (end < 0 || end + 20 > tail.length) return [];
  const parts: string[] = [];
  let at = view.getUint32(end + 16, true) - (size - tail.length);
  while (at >= 0 && at + 46 <= end && latin(tail.subarray(at, at + 4)) === ENTRY) {
    const [name, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true)) as [
      number,
      number,
      number,
    ];
    parts.push(latin(tail.subarray(at + 46, at + 46 + name)));
    at += 46 + name + extra + comment;
  }
  return parts;
}

/** A byte a character. In pieces, since a call takes only so many arguments. */
function latin(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8_192) text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  return text;
}

const endingOf = (name: string): string => (/\.([^.]+)$/.exec(name)?.[1] ?? "").toLowerCase();

/** A sender's name for a file, without folders or characters that cannot be seen, of 160 letters at most. */
export function plainName(raw: string): string {
  const seen = raw
    .normalize("NFC")
    .replace(/^.*[/\\]/s, "")
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "")
    .trim();
  const [, stem = "", ending = ""] = /^(.*?)(\.[^.]{1,10})?$/su.exec(seen) ?? [];
  return `${/^.{1,150}/su.exec(stem)?.[0] ?? "file"}${ending}`;
}

/** With an ending that fits: "scan" becomes "scan.pdf", and "notes.bat" that holds a PDF "notes.bat.pdf". */
export const fittingName = (name: string, mediaType: MediaType): string =>
  fileKinds[mediaType].endings.includes(endingOf(name)) ? name : `${name}.${fileKinds[mediaType].endings[0]}`;

/** "2.4 MB", "310 kB". */
export function sizeInWords(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  return bytes < 1_000_000
    ? `${Math.round(bytes / 1_000)} kB`
    : `${(bytes / 1_000_000).toFixed(1).replace(/\.0$/, "")} MB`;
}
