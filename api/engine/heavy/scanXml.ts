/**
 * Goes through XML from tag to tag, once, and holds nothing of it: time grows with its length alone, however it is nested.
 * It asks only what reading needs: what is not well-formed it passes over, and entities that a document defines it leaves
 * as they stand.
 */

export interface XmlHandler {
  /** Names without their prefixes. */
  open(name: string, attributes: () => Map<string, string>): void;
  close(name: string): void;
  text(text: string): void;
}

export function scanXml(xml: string, handler: XmlHandler): void {
  for (let at = 0; ;) {
    const tag = xml.indexOf("<", at);
    if (tag < 0) return;
    if (tag > at) handler.text(decoded(xml.slice(at, tag)));
    at = xml.startsWith("<!", tag) || xml.startsWith("<?", tag) ? aside(xml, tag, handler) : element(xml, tag, handler);
  }
}

/** What is no element, or a passage of plain text. @returns where it ends. */
function aside(xml: string, tag: number, handler: XmlHandler): number {
  const after = (end: string): number => {
    const found = xml.indexOf(end, tag);
    return found < 0 ? xml.length : found + end.length;
  };
  if (xml.startsWith("<!--", tag)) return after("-->");
  if (xml.startsWith("<?", tag)) return after("?>");
  if (xml.startsWith("<![CDATA[", tag)) {
    const end = after("]]>");
    handler.text(xml.slice(tag + "<![CDATA[".length, end - "]]>".length));
    return end;
  }
  const end = after(">");
  return xml.slice(tag, end).includes("[") ? after("]>") : end;
}

function element(xml: string, tag: number, handler: XmlHandler): number {
  const end = endOf(xml, tag);
  const [, slash = "", name = ""] = /^<(\/?)(?:[\w.-]+:)?([\w.-]+)/.exec(xml.slice(tag, tag + MAX_NAME)) ?? [];
  if (slash) handler.close(name);
  else {
    handler.open(name, () => attributesOf(xml.slice(tag, end)));
    if (xml[end - 2] === "/") handler.close(name);
  }
  return end;
}

const MAX_NAME = 100;
const MAX_TAG = 20_000;
const [CLOSES, DOUBLE, SINGLE] = [">", '"', "'"].map((letter) => letter.charCodeAt(0));

/** Behind the tag that begins here: a bracket between quotation marks ends none. */
function endOf(xml: string, tag: number): number {
  let quote: number | undefined;
  for (let at = tag + 1; at < xml.length; at++) {
    const letter = xml.charCodeAt(at);
    if (letter === quote) quote = undefined;
    else if (quote === undefined && letter === CLOSES) return at + 1;
    else if (quote === undefined && (letter === DOUBLE || letter === SINGLE)) quote = letter;
  }
  return xml.length;
}

/** @throws Error for more of them than anybody writes. */
function attributesOf(tag: string): Map<string, string> {
  if (tag.length > MAX_TAG) throw new Error("A tag is longer than anybody writes.");
  const found = tag.matchAll(/\s(?:[\w.-]+:)?([\w.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g);
  return new Map([...found].map(([, name = "", double, single]) => [name, decoded(double ?? single ?? "")] as const));
}

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function decoded(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (whole, decimal, hex, name) => {
    if (name) return entities[String(name).toLowerCase()] ?? String(whole);
    const code = decimal ? Number(decimal) : Number.parseInt(String(hex), 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : "\uFFFD";
  });
}
