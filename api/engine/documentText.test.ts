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
const drawingNs = "http://schemas.openxmlformats.org/drawingml/2006";
const shapeNs = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape";
const escape = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
const paragraph = (text: string, properties = ""): string =>
  `<w:p><w:pPr>${properties}</w:pPr><w:r><w:t xml:space="preserve">${escape(text)}</w:t></w:r></w:p>`;
const bullet = (text: string, level: number): string =>
  paragraph(text, `<w:numPr><w:ilvl w:val="${level}"/><w:numId w:val="1"/></w:numPr>`);
const row = (cells: string[]): string =>
  `<w:tr>${cells.map((cell) => `<w:tc>${paragraph(cell)}</w:tc>`).join("")}</w:tr>`;

function docx(body: string, parts: Record<string, string> = {}): Buffer {
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
      relation("r1", "styles", "styles.xml") +
        relation("r2", "numbering", "numbering.xml") +
        relation("r3", "footnotes", "footnotes.xml"),
    ),
    "word/styles.xml": `<w:styles xmlns:w="${word}">${style(1)}${style(2)}</w:styles>`,
    "word/numbering.xml": `<w:numbering xmlns:w="${word}"><w:abstractNum w:abstractNumId="0">${level(0)}${level(1)}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>`,
    "word/document.xml": `<w:document xmlns:w="${word}" xmlns:wp="${drawingNs}/wordprocessingDrawing" xmlns:a="${drawingNs}/main" xmlns:wps="${shapeNs}" xmlns:m="${officeNs}/math" xmlns:v="urn:schemas-microsoft-com:vml"><w:body>${body}</w:body></w:document>`,
    ...parts,
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
  expect(await documentText(docx(body), "policy.docx")).toEqual({
    text: "# 1. Aims & scope\n\n- We act on:\n  - worries < dangers\n- We listen.\n\nNamed Governor: Cy Rowe\n\nDate written: May 2022\n",
    doubts: [],
  });
});

const textOf = async (body: string, parts?: Record<string, string>): Promise<string> =>
  (await documentText(docx(body, parts), "policy.docx")).text.trim();
const run = (text: string, properties = ""): string =>
  `<w:r><w:rPr>${properties}</w:rPr><w:t xml:space="preserve">${text}</w:t></w:r>`;
const inParagraph = (inner: string): string => `<w:p>${inner}</w:p>`;
const box = (inner: string): string =>
  `<w:r><w:drawing><wp:anchor><a:graphic><a:graphicData><wps:wsp><wps:txbx><w:txbxContent>${inner}</w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></w:r>`;

test.each<[string, string, string]>([
  [
    "a simple field",
    inParagraph(`${run("Due ")}<w:fldSimple w:instr="DATE">${run("May 2027")}</w:fldSimple>`),
    "Due May 2027",
  ],
  [
    "text in the other direction",
    inParagraph(`<w:dir w:val="rtl">${run("עברית")}</w:dir><w:bdo w:val="rtl">${run(" سلام")}</w:bdo>`),
    "עברית سلام",
  ],
  [
    "a text box that older programs are not offered",
    inParagraph(run("Before.") + box(paragraph("In it."))),
    "Before.\n\nIn it.",
  ],
  [
    "text in an oval",
    inParagraph(
      `<w:r><w:pict><v:oval><v:textbox><w:txbxContent>${paragraph("Round.")}</w:txbxContent></v:textbox></v:oval></w:pict></w:r>`,
    ),
    "Round.",
  ],
  ["a break that old programs write", inParagraph(`<w:r><w:t>one</w:t><w:cr/><w:t>two</w:t></w:r>`), "one two"],
  ["words struck out", inParagraph(run("Ask ") + run("Ada", "<w:strike/>") + run(" Bo.")), "Ask ~~Ada~~ Bo."],
  [
    "boxes to tick",
    [true, false]
      .map((ticked) =>
        inParagraph(
          `<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="${ticked ? 1 : 0}"/></w:checkBox></w:ffData></w:fldChar></w:r><w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>${run("Yes")}`,
        ),
      )
      .join(""),
    "☑ Yes\n\n☐ Yes",
  ],
  [
    "paragraphs and lists in one cell",
    `<w:tbl><w:tr><w:tc>${paragraph("Leads:")}</w:tc><w:tc>${paragraph("Ada Finch")}${paragraph("Bo Marsh")}${bullet("Cy Rowe", 0)}</w:tc></w:tr></w:tbl>`,
    "Leads: Ada Finch Bo Marsh Cy Rowe",
  ],
  [
    "a table of three columns",
    `<w:tbl>${row(["Who", "What", "When"])}${row(["Ada", "Keys | locks", ""])}</w:tbl>${paragraph("After.")}`,
    "| Who | What | When |\n| --- | --- | --- |\n| Ada | Keys \\| locks |  |\n\nAfter.",
  ],
  [
    "two tables, one below the other",
    `<w:tbl>${row(["a", "b", "c"])}</w:tbl><w:p/><w:tbl>${row(["d", "e", "f"])}</w:tbl>`,
    "| a | b | c |\n| --- | --- | --- |\n\n| d | e | f |\n| --- | --- | --- |",
  ],
  [
    "a frame of one cell",
    `<w:tbl><w:tr><w:tc>${paragraph("1. Aims", '<w:pStyle w:val="Heading1"/>')}${bullet("Be safe.", 0)}<w:tbl>${row(["Owner:", "Ada Finch"])}</w:tbl>${paragraph("End.")}</w:tc></w:tr></w:tbl>`,
    "# 1. Aims\n\n- Be safe.\n\nOwner: Ada Finch\n\nEnd.",
  ],
])("of a Word document, %s is read", async (_, body, text) => {
  const read = await documentText(docx(body), "policy.docx");
  expect(read.text.trim()).toBe(text);
  expect(read.doubts).toEqual([]);
});

test("a footnote stands at the end with its number", async () => {
  const footnotes = `<w:footnotes xmlns:w="${word}"><w:footnote w:id="7">${paragraph("Of 2022.")}</w:footnote></w:footnotes>`;
  const body = inParagraph(`${run("The law")}<w:r><w:footnoteReference w:id="7"/></w:r>${run(" asks it.")}`);
  expect(await textOf(body, { "word/footnotes.xml": footnotes })).toBe("The law[1] asks it.\n\n[1] Of 2022.");
});

const margin = (kind: string, text: string): Record<string, string> => ({
  [`word/${kind}1.xml`]: `<w:hdr xmlns:w="${word}">${paragraph(text)}</w:hdr>`,
});
const tracked = (kind: string, inner: string): string => `<w:${kind} w:id="1" w:author="Bo">${inner}</w:${kind}>`;
test.each<[string, string, Record<string, string>, string[]]>([
  [
    "a formula",
    inParagraph(`${run("Ratio")}<m:oMath><m:r><m:t>a÷b</m:t></m:r></m:oMath>`),
    {},
    ["Some words of the document were not read: “Ratioa÷b”."],
  ],
  [
    "a diagram",
    paragraph("Ask."),
    { "word/diagrams/data1.xml": `<x xmlns:a="${drawingNs}/main"><a:p><a:r><a:t>Tell Ada</a:t></a:r></a:p></x>` },
    ["Some words of the document were not read: “Tell Ada”."],
  ],
  [
    "a header with words of its own",
    paragraph("Ask."),
    margin("header", "Confidential"),
    ["At the top or foot of its pages stands “Confidential”: that was not taken into the text."],
  ],
  [
    "a footer that repeats the text and counts its pages",
    paragraph("Ask Ada."),
    margin("footer", "Ask Ada. Page 1 of 3"),
    [],
  ],
  [
    "a picture",
    inParagraph(
      `${run("Ask.")}<w:r><w:drawing><wp:inline><a:graphic><a:graphicData><a:blip/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`,
    ),
    {},
    ["A picture was left out: words that stand in pictures are not in the text."],
  ],
  [
    "comments",
    paragraph("Ask."),
    {
      "word/comments.xml": `<w:comments xmlns:w="${word}"><w:comment w:id="0">${paragraph("Why?")}</w:comment><w:comment w:id="1">${paragraph("So.")}</w:comment></w:comments>`,
    },
    ["2 comments were left out."],
  ],
  [
    "changes nobody has settled",
    inParagraph(
      tracked("ins", run("Ask.")) +
        tracked("del", "<w:r><w:delText>Tell.</w:delText></w:r>") +
        tracked("moveFrom", run("Elsewhere.")),
    ),
    {},
    ["Changes to it are marked that nobody has accepted or refused: it was read as if all were accepted."],
  ],
  [
    "hidden words",
    inParagraph(run("Ask.") + run("Secret.", "<w:vanish/>")),
    {},
    ["It holds hidden words, which were read like the others."],
  ],
  [
    "what Word keeps twice for older programs",
    inParagraph(
      `<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice>${box(paragraph("Ask."))}</mc:Choice><mc:Fallback><w:r><w:pict><v:shape><v:textbox><w:txbxContent>${paragraph("Ask.")}</w:txbxContent></v:textbox></v:shape></w:pict></w:r></mc:Fallback></mc:AlternateContent>`,
    ),
    {},
    [],
  ],
])("of a Word document, %s: what was left out or read unseen is told", async (_, body, parts, messages) => {
  expect((await documentText(docx(body, parts), "policy.docx")).doubts.map(({ message }) => message)).toEqual(messages);
});

test("a document of pictures alone is refused with what it holds", async () => {
  const picture = inParagraph(
    `<w:r><w:drawing><wp:inline><a:graphic><a:graphicData><a:blip/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`,
  );
  await expect(documentText(docx(picture), "scan.docx")).rejects.toThrow(
    "scan.docx holds no text that can be read. A picture was left out: words that stand in pictures are not in the text.",
  );
});

test("the demo's policies read the same from Word as from Markdown", async () => {
  const markdown = readFileSync(demo, "utf8");
  const fromWord = readPolicyDocument((await documentText(docx(typed(markdown)), "policies.DOCX")).text);
  const fromText = readPolicyDocument((await documentText(Buffer.from(markdown), "policies.md")).text);
  expect(fromWord.policies.map((policy) => policy.values)).toEqual(fromText.policies.map((policy) => policy.values));
  expect(fromWord.findings.map((it) => it.message)).toEqual(fromText.findings.map((it) => it.message));
});

test.each([
  ["an empty file", Buffer.alloc(0), "a.md", "is empty"],
  ["blanks only", Buffer.from(" \n\t\n"), "a.txt", "holds no text"],
  ["a picture", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2]), "a.txt", "is not text"],
  [
    "text in an old Windows encoding",
    Buffer.from("Caf\xe9 policy", "latin1"),
    "a.txt",
    "is saved in an older encoding",
  ],
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
