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
