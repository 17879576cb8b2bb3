/**
 * Draws the blocks of a text on the pages of a PDF, and says to screen readers what each is. Only the standard fonts,
 * which every reader has: they know Western European letters, so any other is drawn as the nearest of those.
 */
import { type Block, plainText, type Run } from "../../schema/prose";
import { type ListItem, type Placed, type ProseNode, treeOf } from "../../schema/proseTree";

type Pdf = PDFKit.PDFDocument;
type Struct = PDFKit.PDFStructureElement;

const SIZE = 11;
const INDENT = 16;
const GAP = 6;
const sizes = [18, 15, 13, 12, 11, 11];

export interface Sheet {
  pdf: Pdf;
  parent: Struct;
  left: number;
  width: number;
}

export const wholeWidth = (pdf: Pdf, parent: Struct): Sheet => {
  const { left, right } = pdf.page.margins;
  return { pdf, parent, left, width: pdf.page.width - left - right };
};

export function drawProse(sheet: Sheet, blocks: Block[]): void {
  const above: { level: number; item: PDFKit.PDFOutline }[] = [];
  drawNodes(sheet, treeOf(blocks), ({ level = 1, cells }) => {
    while ((above.at(-1)?.level ?? 0) >= level) above.pop();
    const item = (above.at(-1)?.item ?? sheet.pdf.outline).addItem(drawable(plainText(cells)));
    above.push({ level, item });
  });
}

type Bookmark = (heading: Block) => void;

function drawNodes(sheet: Sheet, nodes: ProseNode<Block>[], bookmark: Bookmark): void {
  for (const node of nodes)
    if (node.kind === "list") drawList(sheet, node.items, bookmark);
    else if (node.kind === "table") drawTable(sheet, node.rows);
    else if (node.kind === "quote") drawQuote(sheet, node.children, bookmark);
    else drawBlock(sheet, node.block, bookmark);
}

/** Begins a new page where less than this is left of one. */
function room({ pdf }: Sheet, height: number): void {
  if (pdf.y + height > pdf.page.height - pdf.page.margins.bottom) pdf.addPage();
}

function within(sheet: Sheet, type: string): Sheet {
  const parent = sheet.pdf.struct(type);
  sheet.parent.add(parent);
  return { ...sheet, parent };
}

function drawBlock(sheet: Sheet, block: Block, bookmark: Bookmark): void {
  const { pdf, parent, left, width } = sheet;
  if (block.kind === "rule") return drawRule(sheet);
  const heading = block.kind === "heading";
  const size = heading ? (sizes[(block.level ?? 1) - 1] ?? SIZE) : block.kind === "code" ? 9 : SIZE;
  if (heading) {
    pdf.y += size;
    // A heading is not left alone at the foot of a page.
    room(sheet, size * 5);
    bookmark(block);
  }
  const runs = block.cells
    .flat()
    .map((run): Run => (heading ? { ...run, strong: true } : block.kind === "code" ? { ...run, code: true } : run));
  // The title above is the first heading.
  const type = heading ? `H${Math.min((block.level ?? 1) + 1, 6)}` : "P";
  parent.add(pdf.struct(type, {}, () => drawRuns(pdf, runs, { left, width, size })));
  pdf.y += GAP;
}

export function drawRule({ pdf, left, width }: Sheet): void {
  const y = pdf.y + GAP;
  pdf.markContent("Artifact", { type: "Layout" });
  pdf
    .moveTo(left, y)
    .lineTo(left + width, y)
    .lineWidth(0.5)
    .strokeColor("#777777")
    .stroke();
  pdf.endMarkedContent();
  pdf.y = y + 2 * GAP;
}

function drawQuote(sheet: Sheet, children: ProseNode<Block>[], bookmark: Bookmark): void {
  const inner = within(sheet, "BlockQuote");
  drawNodes({ ...inner, left: sheet.left + INDENT, width: sheet.width - 2 * INDENT }, children, bookmark);
  inner.parent.end();
}

function drawList(sheet: Sheet, items: ListItem<Block>[], bookmark: Bookmark): void {
  const list = within(sheet, "L");
  for (const { own, children } of items) {
    const item = within(list, "LI");
    const indent = own?.block.number !== undefined && own.block.number > 9 ? INDENT + 6 : INDENT;
    const body = { left: sheet.left + indent, width: sheet.width - indent };
    if (own) {
      room(sheet, SIZE * 1.5);
      const { y } = sheet.pdf;
      item.parent.add(
        sheet.pdf.struct("Lbl", {}, () => drawRuns(sheet.pdf, [{ text: marker(own) }], { ...sheet, size: SIZE })),
      );
      sheet.pdf.y = y;
    }
    const inner = within(item, "LBody");
    if (own) {
      inner.parent.add(
        sheet.pdf.struct("P", {}, () => drawRuns(sheet.pdf, own.block.cells.flat(), { ...body, size: SIZE })),
      );
      sheet.pdf.y += GAP / 2;
    }
    drawNodes({ ...inner, ...body }, children, bookmark);
    item.parent.end();
  }
  list.parent.end();
  sheet.pdf.y += GAP / 2;
}

function marker({ block: { number, ticked, depth } }: Placed<Block>): string {
  if (ticked !== undefined) return ticked ? "[x]" : "[ ]";
  return number === undefined ? (depth % 2 === 1 ? "•" : "–") : `${number}.`;
}

function drawTable(sheet: Sheet, rows: Placed<Block>[]): void {
  const { pdf, left, width } = sheet;
  const data = rows.map(({ block }) =>
    block.cells.map((cell) => ({
      text: drawable(plainText([cell])),
      type: block.head ? ("TH" as const) : ("TD" as const),
      font: { src: block.head ? "Times-Bold" : "Times-Roman", size: SIZE },
    })),
  );
  const table = within(sheet, "Table");
  pdf.font("Times-Roman", SIZE);
  const defaultStyle = { border: 0.5, borderColor: "#777777", padding: 4 };
  pdf.table({
    data,
    position: { x: left, y: pdf.y },
    maxWidth: width,
    defaultStyle,
    structParent: table.parent,
  } as Table);
  table.parent.end();
  pdf.y += GAP;
}

/** The types of pdfkit 0.17 know the table, not yet what says to screen readers that it is one. */
type Table = PDFKit.Mixins.TableOptionsWithData & { structParent: Struct };

const fontOf = ({ strong, em, code }: Run): string =>
  code
    ? strong
      ? "Courier-Bold"
      : "Courier"
    : strong
      ? em
        ? "Times-BoldItalic"
        : "Times-Bold"
      : em
        ? "Times-Italic"
        : "Times-Roman";

/** One paragraph from where the page stands; afterwards the page stands below it. */
export function drawRuns(pdf: Pdf, runs: Run[], at: { left: number; width: number; size: number }): void {
  const y = pdf.y;
  pdf.fillColor("black");
  runs.forEach((run, place) => {
    const options = {
      width: at.width,
      lineGap: at.size * 0.2,
      continued: place < runs.length - 1,
      link: run.href ?? null,
      underline: run.href !== undefined,
      strike: run.struck === true,
    };
    pdf.font(fontOf(run), run.code ? at.size * 0.9 : at.size);
    if (place === 0) pdf.text(drawable(run.text), at.left, y, options);
    else pdf.text(drawable(run.text), options);
  });
}

/** Beyond Latin-1 these stand in the standard fonts. */
const known = new Set("€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ");
const nearest: Record<string, string> = {
  ...{
    "→": "->",
    "←": "<-",
    "≤": "<=",
    "≥": ">=",
    "−": "-",
    "‐": "-",
    "‑": "-",
    "‒": "–",
    "―": "—",
    "′": "'",
    "″": '"',
  },
  ...{ ł: "l", Ł: "L", đ: "d", Đ: "D", ı: "i", "◦": "•", "▪": "•", "☐": "[ ]", "☑": "[x]", "✓": "[x]" },
  ...{ "\u2002": " ", "\u2003": " ", "\u2009": " ", "\u202f": "\u00a0", "\u200b": "", "\ufeff": "", "\t": " " },
};

/** Text in letters that the standard fonts have: "ŵ" becomes "w", and what has no like "?". */
export const drawable = (text: string): string =>
  Array.from(text.normalize("NFC"))
    .map((letter) => {
      const code = letter.codePointAt(0) ?? 0;
      if (letter === "\n" || (code >= 0x20 && code < 0x7f) || (code >= 0xa0 && code <= 0xff) || known.has(letter))
        return letter;
      const plain = letter.normalize("NFD").replace(/\p{M}/gu, "");
      return nearest[letter] ?? (/^[\x20-\x7e]+$/.test(plain) ? plain : "?");
    })
    .join("");
