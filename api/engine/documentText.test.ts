import { readFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { readPolicyDocument } from "../../schema/policyDocument";
import { documentText } from "./documentText";

/** A zip of stored entries, which is all that a DOCX needs to be. */
function zip(files: Record<string, string>): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [path, content] of Object.entries(files)) {
    const [name, data] = [Buffer.from(path), Buffer.from(content)];
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt32LE(crc32(data), 10);
    shared.writeUInt32LE(data.length, 14);
    shared.writeUInt32LE(data.length, 18);
    shared.writeUInt16LE(name.length, 22);
    const at = Buffer.alloc(14);
    at.writeUInt32LE(offset, 10);
    local.push(Buffer.from("PK\x03\x04", "latin1"), shared, name, data);
    central.push(Buffer.from("PK\x01\x02\x14\x00", "latin1"), shared, at, name);
    offset += 30 + name.length + data.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(Object.keys(files).length, 8);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}

const word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const packageNs = "http://schemas.openxmlformats.org/package/2006";
const officeNs = "http://schemas.openxmlformats.org/officeDocument/2006";
const escape = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
const paragraph = (text: string, properties = ""): string =>
  `<w:p><w:pPr>${properties}</w:pPr><w:r><w:t xml:space="preserve">${escape(text)}</w:t></w:r></w:p>`;
const bullet = (text: string, level: number): string =>
  paragraph(text, `<w:numPr><w:ilvl w:val="${level}"/><w:numId w:val="1"/></w:numPr>`);
const row = (cells: string[]): string =>
  `<w:tr>${cells.map((cell) => `<w:tc>${paragraph(cell)}</w:tc>`).join("")}</w:tr>`;

function docx(body: string): Buffer {
  const level = (n: number): string => `<w:lvl w:ilvl="${n}"><w:numFmt w:val="bullet"/></w:lvl>`;
  const style = (n: number): string =>
    `<w:style w:type="paragraph" w:styleId="Heading${n}"><w:name w:val="heading ${n}"/></w:style>`;
  const relation = (id: string, kind: string, target: string): string =>
    `<Relationship Id="${id}" Type="${officeNs}/relationships/${kind}" Target="${target}"/>`;
  const relations = (inner: string): string =>
    `<Relationships xmlns="${packageNs}/relationships">${inner}</Relationships>`;
  return zip({
    "[Content_Types].xml": `<Types xmlns="${packageNs}/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
    "_rels/.rels": relations(relation("r1", "officeDocument", "word/document.xml")),
    "word/_rels/document.xml.rels": relations(
      relation("r1", "styles", "styles.xml") + relation("r2", "numbering", "numbering.xml"),
    ),
    "word/styles.xml": `<w:styles xmlns:w="${word}">${style(1)}${style(2)}</w:styles>`,
    "word/numbering.xml": `<w:numbering xmlns:w="${word}"><w:abstractNum w:abstractNumId="0">${level(0)}${level(1)}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>`,
    "word/document.xml": `<w:document xmlns:w="${word}"><w:body>${body}</w:body></w:document>`,
  });
}

/** The Markdown of the demo, as somebody would have typed it in Word. */
const typed = (markdown: string): string =>
  markdown
    .split("\n")
    .filter((line) => line.trim())
    .map((line) => {
      const heading = /^(#{1,2})#? (.*)$/.exec(line);
      if (heading) return paragraph(heading[2] ?? "", `<w:pStyle w:val="Heading${heading[1]?.length}"/>`);
      const item = /^( *)- (.*)$/.exec(line);
      return item ? bullet(item[2] ?? "", item[1] ? 1 : 0) : paragraph(line.replace(/\*\*/g, ""));
    })
    .join("");

const demo = join(__dirname, "../../schema/packs/school-policy/demo/policies.md");

test("a Word document gives headings, bullets at two depths, and tables as labelled lines", async () => {
  const body =
    paragraph("1. Aims & scope", '<w:pStyle w:val="Heading1"/>') +
    bullet("We act on:", 0) +
    bullet("worries < dangers", 1) +
    bullet("We listen.", 0) +
    `<w:tbl>${row(["Named Governor:", "Cy Rowe"])}${row(["Date written:", "May 2022"])}</w:tbl>`;
  expect(await documentText(docx(body), "policy.docx")).toBe(
    "# 1. Aims & scope\n\n- We act on:\n  - worries < dangers\n- We listen.\n\nNamed Governor: Cy Rowe\n\nDate written: May 2022\n",
  );
});

test("the demo's policies read the same from Word as from Markdown", async () => {
  const markdown = readFileSync(demo, "utf8");
  const fromWord = readPolicyDocument(await documentText(docx(typed(markdown)), "policies.DOCX"));
  const fromText = readPolicyDocument(await documentText(Buffer.from(markdown), "policies.md"));
  expect(fromWord.policies.map((policy) => policy.values)).toEqual(fromText.policies.map((policy) => policy.values));
  expect(fromWord.findings.map((it) => it.message)).toEqual(fromText.findings.map((it) => it.message));
});

test.each([
  ["an empty file", Buffer.alloc(0), "a.md", "is empty"],
  ["blanks only", Buffer.from(" \n\t\n"), "a.txt", "holds no text"],
  ["a picture", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2]), "a.txt", "is not text"],
  ["text in an old Windows encoding", Buffer.from("Caf\xe9 policy", "latin1"), "a.txt", "is not text"],
  ["zero bytes within text", Buffer.from("a\0b"), "a.md", "is not text"],
  ["text called DOCX", Buffer.from("Policy"), "a.docx", "is not a Word document"],
  ["a zip that is no Word document", zip({ "a.txt": "hello" }), "a.docx", "could not be read as a Word document"],
  ["a Word document cut short", docx(paragraph("Policy")).subarray(0, 200), "a.docx", "could not be read"],
  ["a Word document without text", docx(""), "a.docx", "holds no text"],
])("%s is refused, with the path and a plain sentence", async (_, bytes, name, why) => {
  await expect(documentText(bytes, name)).rejects.toMatchObject({
    code: "INVALID_INPUT",
    message: expect.stringContaining(why),
    problems: [{ path: "file" }],
  });
});
