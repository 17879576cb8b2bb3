/** Office files made to hurt whoever reads them. */
import { ZipFile } from "yazl";
import { collected } from "../api/engine/heavy/collected";

export async function zipOf(parts: Record<string, string | Buffer>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(parts)) zip.addBuffer(Buffer.from(content), name);
  zip.end();
  return collected(zip.outputStream);
}

const packageNs = "http://schemas.openxmlformats.org/package/2006";
const officeNs = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const wordNs = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const relations = (kind: string, target: string): string =>
  `<Relationships xmlns="${packageNs}/relationships"><Relationship Id="r1" Type="${officeNs}/${kind}" Target="${target}"/></Relationships>`;
const types = (part: string, kind: string): string =>
  `<Types xmlns="${packageNs}/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/${part}" ContentType="application/vnd.openxmlformats-officedocument.${kind}.main+xml"/></Types>`;

export const docxParts = (body: string, doctype = ""): Record<string, string> => ({
  "[Content_Types].xml": types("word/document.xml", "wordprocessingml.document"),
  "_rels/.rels": relations("officeDocument", "word/document.xml"),
  "word/document.xml": `<?xml version="1.0"?>${doctype}<w:document xmlns:w="${wordNs}"><w:body>${body}</w:body></w:document>`,
});
export const docxOf = (body: string, doctype?: string): Promise<Buffer> => zipOf(docxParts(body, doctype));
export const paragraph = (text: string): string => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`;

/** The directory of a ZIP says of every part that it unpacks to this many bytes. */
export function claiming(zip: Buffer, bytes: number): Buffer {
  const lying = Buffer.from(zip);
  for (let at = 0; (at = lying.indexOf("PK\x01\x02", at, "latin1")) >= 0; at += 4) lying.writeUInt32LE(bytes, at + 24);
  return lying;
}

const MANY = 200_000;
const MILLION = 1_000_000;
const lettersOf = (n: number): string =>
  (n < 26 ? "" : lettersOf(Math.floor(n / 26) - 1)) + String.fromCharCode(65 + (n % 26));
/** Each by what it tries. The larger are some hundred kB as files. */
export const hostileDocuments: Record<string, () => Promise<Buffer>> = {
  "a word of sixty megabytes": () => docxOf(paragraph("a".repeat(60_000_000))),
  "the same, and a directory that says one byte": async () =>
    claiming(await docxOf(paragraph("a".repeat(40_000_000))), 1),
  "a million empty paragraphs": () => docxOf("<w:p/>".repeat(1_000_000)),
  "a hundred thousand paragraphs": () => docxOf(paragraph("a").repeat(100_000)),
  "a table of a thousand columns": () =>
    docxOf(`<w:tbl>${`<w:tr>${"<w:tc><w:p/></w:tc>".repeat(1_000)}</w:tr>`.repeat(200)}</w:tbl>`),
  "elements in elements": () => docxOf(`${"<w:smartTag>".repeat(MANY)}${"</w:smartTag>".repeat(MANY)}`),
  "tables in tables": () =>
    docxOf(`${"<w:tbl><w:tr><w:tc>".repeat(5_000)}<w:p/>${"</w:tc></w:tr></w:tbl>".repeat(5_000)}`),
  "entities of entities": () =>
    docxOf(
      paragraph("&i;"),
      `<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">${"bcdefghi"
        .split("")
        .map((name, at) => `<!ENTITY ${name} "${`&${"abcdefgh"[at]};`.repeat(10)}">`)
        .join("")}]>`,
    ),
  "two and a half thousand parts": async () =>
    zipOf({
      ...docxParts(paragraph("a")),
      ...Object.fromEntries(Array.from({ length: 2_500 }, (_, n) => [`word/${n}.xml`, ""])),
    }),
  "zeros after the magic bytes": () =>
    Promise.resolve(Buffer.concat([Buffer.from("PK\x03\x04"), Buffer.alloc(100_000)])),
};

// ------------------------------------------------------------------------------------------------------------- sheets

const sheetNs = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

export interface SheetXml {
  name: string;
  /** The rows: `<row>` elements. */
  rows: string;
  state?: "hidden" | "veryHidden";
  /** Beside the rows. */
  rest?: string;
}

/** Of sheets, the styles 0 (plain) and 1 (a date), and these shared texts. */
export function xlsxParts(sheets: SheetXml[], texts: string[] = []): Record<string, string> {
  const one = (n: number) => `worksheets/sheet${n + 1}.xml`;
  const book = sheets.map(
    ({ name, state }, n) =>
      `<sheet name="${name}" sheetId="${n + 1}" ${state ? `state="${state}" ` : ""}r:id="rId${n + 1}"/>`,
  );
  const related = (id: string, kind: string, target: string) =>
    `<Relationship Id="${id}" Type="${officeNs}/${kind}" Target="${target}"/>`;
  return {
    "[Content_Types].xml": types("xl/workbook.xml", "spreadsheetml.sheet"),
    "_rels/.rels": relations("officeDocument", "xl/workbook.xml"),
    "xl/workbook.xml": `<?xml version="1.0"?><workbook xmlns="${sheetNs}" xmlns:r="${officeNs}"><sheets>${book.join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships xmlns="${packageNs}/relationships">${sheets
      .map((_, n) => related(`rId${n + 1}`, "worksheet", one(n)))
      .join(
        "",
      )}${related("rS", "styles", "styles.xml")}${related("rT", "sharedStrings", "sharedStrings.xml")}</Relationships>`,
    "xl/styles.xml": `<styleSheet xmlns="${sheetNs}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`,
    "xl/sharedStrings.xml": `<sst xmlns="${sheetNs}">${texts.map((text) => `<si><t>${text}</t></si>`).join("")}</sst>`,
    ...Object.fromEntries(
      sheets.map(({ rows, rest = "" }, n) => [
        `xl/${one(n)}`,
        `<?xml version="1.0"?><worksheet xmlns="${sheetNs}"><sheetData>${rows}</sheetData>${rest}</worksheet>`,
      ]),
    ),
  };
}
export const xlsxOf = (sheets: SheetXml[] | string, texts?: string[]): Promise<Buffer> =>
  zipOf(xlsxParts(typeof sheets === "string" ? [{ name: "Kites", rows: sheets }] : sheets, texts));

/** A cell that holds a text itself. */
export const cell = (at: string, text: string): string => `<c r="${at}" t="inlineStr"><is><t>${text}</t></is></c>`;
export const row = (n: number, ...cells: string[]): string => `<row r="${n}">${cells.join("")}</row>`;
const kites = row(1, cell("A1", "Kite")) + row(2, cell("A2", "Dragon"));
const heading = row(1, cell("A1", "Kite"));

/** Each by what it tries, with what is said of it; nothing where it is read after all, as one row. */
export const hostileSheets: Record<string, { make: () => Promise<Buffer>; csv?: true; says?: RegExp }> = {
  "an empty sheet": { make: () => xlsxOf(""), says: /no rows in this file/ },
  "headings alone": { make: () => xlsxOf(heading), says: /no rows in this file/ },
  "a cell of sixty megabytes": {
    make: () => xlsxOf(heading + row(2, cell("A2", "a".repeat(61_000_000)))),
    says: /too large or too complicated/,
  },
  "the same as a shared text, and a directory that says one byte": {
    make: async () =>
      claiming(await xlsxOf(heading + row(2, `<c r="A2" t="s"><v>0</v></c>`), ["a".repeat(61_000_000)]), 1),
    says: /too large or too complicated/,
  },
  "a cell of ten megabytes": {
    make: () => xlsxOf(heading + row(2, cell("A2", "a".repeat(10_000_000)))),
    says: /^Cell A2 holds 10,000,000 characters; 1,000,000 are the most/,
  },
  "one text of a megabyte that ten thousand cells share": {
    make: () => {
      const rows = Array.from({ length: 10_000 }, (_, n) => row(n + 2, `<c r="A${n + 2}" t="s"><v>0</v></c>`));
      return xlsxOf(heading + rows.join(""), ["a".repeat(900_000)]);
    },
    says: /hold too much text/,
  },
  "a million empty rows": {
    make: () => xlsxOf(kites + Array.from({ length: MILLION }, (_, n) => `<row r="${n + 3}"/>`).join("")),
  },
  "a million rows": {
    make: () =>
      xlsxOf(heading + Array.from({ length: 400_000 }, (_, n) => row(n + 2, `<c r="A${n + 2}"><v>1</v></c>`)).join("")),
    says: /more than 20,000 rows/,
  },
  "a row that says it is the four thousand millionth": {
    make: () => xlsxOf(heading + row(4e9, cell("A4000000000", "Dragon"))),
    says: /^This file cannot be read/,
  },
  "a cell in the last column of the last row": {
    make: () => xlsxOf(heading + row(1_048_576, cell("XFD1048576", "Dragon"))),
    says: /column XFD, the 16,384th; 200 columns are the most/,
  },
  "a thousand columns": {
    make: () => xlsxOf(heading + row(2, ...Array.from({ length: 1_000 }, (_, n) => cell(`${lettersOf(n)}2`, "a")))),
    says: /^Line 2 has something in its column ALL, the 1,000th; 200 columns are the most/,
  },
  "a heading that is a page of text": {
    make: () => xlsxOf(row(1, cell("A1", "a ".repeat(500))) + row(2, cell("A2", "Dragon"))),
    says: /not of headings/,
  },
  "two and a half thousand sheets": {
    make: () => xlsxOf(Array.from({ length: 2_500 }, (_, n) => ({ name: `S${n}`, rows: kites }))),
    says: /too large or too complicated/,
  },
  "another sheet that unpacks to a hundred megabytes": {
    make: () =>
      xlsxOf([
        { name: "Kites", rows: kites },
        { name: "Large", rows: heading + row(2, cell("A2", "a".repeat(100_000_000))) },
      ]),
  },
  "elements in elements": {
    make: () => xlsxOf(`${heading}${"<row>".repeat(MANY)}${"</row>".repeat(MANY)}`),
    says: /no rows in this file/,
  },
  "cells out of their order": {
    make: () => xlsxOf(heading + row(2, cell("B2", "x"), cell("A2", "Dragon"))),
  },
  "a formula that was never worked out": {
    make: () => xlsxOf(heading + row(2, `<c r="A2" t="str"><f>UPPER(B2)</f></c>`)),
    says: /no rows in this file/,
  },
  "entities of entities": {
    make: async () => {
      const parts = xlsxParts([{ name: "Kites", rows: heading + row(2, cell("A2", "&i;")) }]);
      const doctype = `<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">${"bcdefghi"
        .split("")
        .map((name, at) => `<!ENTITY ${name} "${`&${"abcdefgh"[at]};`.repeat(10)}">`)
        .join("")}]>`;
      const path = "xl/worksheets/sheet1.xml";
      return zipOf({ ...parts, [path]: (parts[path] ?? "").replace("<worksheet", `${doctype}<worksheet`) });
    },
  },
  "no workbook in it": {
    make: () => zipOf({ "xl/worksheets/sheet1.xml": "<worksheet/>" }),
    says: /no sheet in this file/,
  },
  "zeros after the magic bytes": {
    make: () => Promise.resolve(Buffer.concat([Buffer.from("PK\x03\x04"), Buffer.alloc(100_000)])),
    says: /^This file cannot be read/,
  },
  "a CSV with a cell of ten megabytes": {
    csv: true,
    make: () => Promise.resolve(Buffer.from(`Kite\n${"a".repeat(10_000_000)}\n`)),
    says: /^Cell A2 holds 10,000,000 characters/,
  },
  "a CSV whose quotation mark is never closed": {
    csv: true,
    make: () => Promise.resolve(Buffer.from(`Kite,Wind\nDragon,"A gale\nBox,Calm\n`)),
    says: /^A quotation mark is opened in line 2 and never closed/,
  },
  "a CSV of ten million line ends": {
    csv: true,
    make: () => Promise.resolve(Buffer.from(`Kite\nDragon${"\n".repeat(10_000_000)}`)),
  },
  "a CSV of ten million commas": {
    csv: true,
    make: () => Promise.resolve(Buffer.from(`Kite\nDragon${",".repeat(10_000_000)}\n`)),
  },
  "a CSV of ten million cells in one row": {
    csv: true,
    make: () => Promise.resolve(Buffer.from(`Kite\n${"a,".repeat(10_000_000)}\n`)),
    says: /10,000,000th; 200 columns|too large or too complicated/,
  },
  "a CSV of ten million rows": {
    csv: true,
    make: () => Promise.resolve(Buffer.from(`Kite\n${"a\n".repeat(10_000_000)}`)),
    says: /more than 20,000 rows/,
  },
  "a CSV of ten million quotation marks": {
    csv: true,
    make: () => Promise.resolve(Buffer.from(`Kite\n${'"'.repeat(10_000_000)}`)),
    says: /never closed|characters; 1,000,000 are the most|too large or too complicated/,
  },
  "nothing but line ends": {
    csv: true,
    make: () => Promise.resolve(Buffer.from("\n".repeat(1_000))),
    says: /no rows in this file/,
  },
};
