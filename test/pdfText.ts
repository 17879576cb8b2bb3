/** What the pages of a PDF show, word by word: from its content streams, by the letters that its embedded fonts say. */
import { inflateSync } from "node:zlib";

interface Part {
  head: string;
  stream: string | undefined;
}

function partsOf(pdf: Buffer): Map<string, Part> {
  const source = pdf.toString("latin1");
  const parts = new Map<string, Part>();
  for (const [, id = "", body = ""] of source.matchAll(/(?:^|\n)(\d+) 0 obj\r?\n([\s\S]*?)\nendobj/g)) {
    const [, head = body, bytes] = /^([\s\S]*?)stream\r?\n([\s\S]*?)\r?\nendstream/.exec(body) ?? [];
    const packed = bytes !== undefined && head.includes("/FlateDecode");
    parts.set(id, { head, stream: packed ? inflateSync(Buffer.from(bytes, "latin1")).toString("latin1") : bytes });
  }
  return parts;
}

/** Glyph → letters, from a font's ToUnicode map. */
function lettersOf(map: string): Map<string, string> {
  const found = new Map<string, string>();
  const letters = (hex: string) => Buffer.from(hex.replaceAll(" ", ""), "hex").swap16().toString("utf16le");
  for (const [, first = "", , list = ""] of map.matchAll(/<(\w+)> <(\w+)> \[([^\]]*)\]/g))
    [...list.matchAll(/<([\w ]+)>/g)].forEach(([, hex = ""], at) =>
      found.set((Number.parseInt(first, 16) + at).toString(16).padStart(4, "0"), letters(hex)),
    );
  return found;
}

export function pdfText(pdf: Buffer): string {
  const parts = partsOf(pdf);
  const fonts = new Map<string, Map<string, string>>();
  for (const { head } of parts.values())
    for (const [, name = "", id = ""] of head.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const map = /\/ToUnicode (\d+) 0 R/.exec(parts.get(id)?.head ?? "")?.[1];
      if (map) fonts.set(name, lettersOf(parts.get(map)?.stream ?? ""));
    }
  const shown: string[] = [];
  for (const { head, stream = "" } of parts.values()) {
    if (/\/Subtype|\/FontFile|\/Type/.test(head)) continue;
    let letters = new Map<string, string>();
    for (const [, font, drawn = ""] of stream.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g))
      if (font) letters = fonts.get(font) ?? letters;
      else
        shown.push(
          [...drawn.matchAll(/<([0-9a-f]+)>/g)]
            .flatMap(([, hex = ""]) => hex.match(/.{4}/g) ?? [])
            .map((glyph) => letters.get(glyph) ?? "?")
            .join(""),
        );
  }
  return shown.join(" ");
}
