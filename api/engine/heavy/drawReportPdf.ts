/** Draws a report as a PDF to print for a meeting: its head, then each section with its figures and its table. */
import { cellWords, type Cell } from "../../../schema/cell";
import { drawLetterhead, GREY, newPdf, numberPages, type Pdf } from "../pdfPages";
import { FEW, type ReportTable, TOO_FEW } from "../report/reportTable";
import { collected } from "./collected";

export interface ReportDrawing {
  title: string;
  about: string;
  head: [label: string, value: string][];
  school: { name: string; colour: string | null };
  /** PNG or JPEG. */
  crest: Uint8Array | null;
  ofPeriod: boolean;
  /** Epoch ms. */
  at: number;
  sections: ReportTable[];
}

type Struct = PDFKit.PDFStructureElement;

/** The letters of every European language; only those that are used go into the file. */
const fonts = {
  plain: require.resolve("@expo-google-fonts/source-sans-3/400Regular/SourceSans3_400Regular.ttf"),
  strong: require.resolve("@expo-google-fonts/source-sans-3/600SemiBold/SourceSans3_600SemiBold.ttf"),
};
const MARGIN = 52;
const PAD = 4;
const SMALL = 9;
const LINE = "#b9b9b4";
/** Of one cell: more would leave no room for the others, and the files of the ZIP have all of it. */
const LONGEST = 500;

export async function drawReportPdf(drawing: ReportDrawing): Promise<Buffer> {
  const { title, about, head, school, crest, ofPeriod, at, sections } = drawing;
  const pdf = await newPdf({ title: `${title}: ${about}`, author: school.name, at, margin: MARGIN });
  const bytes = collected(pdf);
  for (const [name, path] of Object.entries(fonts)) pdf.registerFont(name, path);
  const root = pdf.struct("Document");
  pdf.addStructure(root);
  drawLetterhead(pdf, root, { name: clean(school.name), colour: school.colour, crest, font: "strong" });
  // Whose it is stands above.
  drawHead(
    pdf,
    root,
    title,
    head.filter(([, value]) => value !== school.name),
  );
  for (const section of sections) drawSection(pdf, root, section, ofPeriod);
  root.end();
  numberPages(pdf, clean(`${title}: ${about}`), "plain", MARGIN);
  pdf.end();
  return bytes;
}

/** Without what no font draws. */
const clean = (text: string): string => text.normalize("NFC").replace(/[^\P{C}\n]/gu, "");

/** But where it stands to be compared, a hash is known by its first letters. */
const shown = (cell: Cell, whole: boolean): string => {
  const said = clean(cellWords(cell));
  // A day stays on its line.
  const words = typeof cell === "object" ? said.replace(/ (?=\d{4}|[A-Z])/g, "\u00a0") : said;
  if (!whole && /^[0-9a-f]{64}$/.test(words)) return `${words.slice(0, 12)}…`;
  return words.length > LONGEST ? `${words.slice(0, LONGEST)}…` : words;
};

interface Style {
  size: number;
  font?: keyof typeof fonts;
  color?: string;
  after?: number;
}

function line(
  pdf: Pdf,
  parent: Struct,
  type: string,
  text: string,
  { size, font = "plain", color = "black", after = 4 }: Style,
): void {
  parent.add(
    pdf.struct(type, {}, () => {
      pdf.font(font, size).fillColor(color);
      pdf.text(clean(text), MARGIN, pdf.y, { width: widthOf(pdf), lineGap: size * 0.15 });
    }),
  );
  pdf.y += after;
}

const widthOf = (pdf: Pdf): number => pdf.page.width - 2 * MARGIN;
const bottomOf = (pdf: Pdf): number => pdf.page.height - MARGIN;

function drawHead(pdf: Pdf, root: Struct, title: string, head: ReportDrawing["head"]): void {
  line(pdf, root, "H1", title, { size: 22, font: "strong", after: 6 });
  for (const [label, value] of head) {
    root.add(
      pdf.struct("P", {}, () => {
        pdf
          .font("strong", 10)
          .fillColor("black")
          .text(`${label}  `, MARGIN, pdf.y, { continued: true, width: widthOf(pdf) });
        pdf.font("plain", 10).text(clean(value));
      }),
    );
    pdf.y += 2;
  }
}

function drawSection(pdf: Pdf, root: Struct, section: ReportTable, ofPeriod: boolean): void {
  const { label, help, columns, rows, figures, notes } = section;
  pdf.y += 16;
  // A heading is not left alone at the foot of a page.
  if (pdf.y > bottomOf(pdf) - 120) pdf.addPage();
  pdf.outline.addItem(clean(label));
  const part = pdf.struct("Sect");
  root.add(part);
  line(pdf, part, "H2", label, { size: 14, font: "strong" });
  if (help) line(pdf, part, "P", help, { size: 9.5, color: GREY });
  if (figures) drawTable(pdf, part, figures.columns, figures.rows);
  if (columns.length && rows.length) drawTable(pdf, part, columns, rows, section.name === "versions");
  else if (columns.length) line(pdf, part, "P", ofPeriod ? "None in this period." : "None.", { size: 10 });
  for (const note of notes) line(pdf, part, "P", note, { size: 9, color: GREY, after: 2 });
  part.end();
}

// ------------------------------------------------------------------------------------------------------------- tables

interface Layout {
  pdf: Pdf;
  widths: number[];
  right: boolean[];
}

function drawTable(pdf: Pdf, parent: Struct, heads: string[], rows: Cell[][], whole = false): void {
  const texts = rows.map((row) => row.map((cell) => shown(cell, whole)));
  const titled = heads.some(Boolean);
  const right = heads.map((_, at) => at > 0 && isOfNumbers(rows.map((row) => row[at] ?? null)));
  const layout: Layout = { pdf, widths: widthsOf(pdf, heads, texts, right.at(-1) === true), right };
  const table = pdf.struct("Table");
  parent.add(table);
  pdf.y += 2;
  // The head is not left alone at the foot of a page.
  const first = heightOf(layout, texts[0] ?? [""], "plain");
  if (pdf.y + heightOf(layout, heads, "strong") + first > bottomOf(pdf)) pdf.addPage();
  if (titled) table.add(rowOf(layout, heads, "TH"));
  for (const row of texts) {
    if (pdf.y + heightOf(layout, row, "plain") > bottomOf(pdf)) {
      pdf.addPage();
      // The head again, for the eye alone.
      if (titled) asArtifact(pdf, () => drawHeads(layout, heads));
    }
    table.add(rowOf(layout, row, titled ? "TD" : "TH"));
  }
  table.end();
  pdf.y += 6;
}

/** Numbers, and what stands where one is not told. */
const isOfNumbers = (column: Cell[]): boolean =>
  column.some((cell) => typeof cell === "number" || cell === FEW) &&
  column.every((cell) => cell === null || typeof cell === "number" || cell === FEW || cell === TOO_FEW);

/** Its cells as screen readers hear them. Without a head the first of each names the other. */
function rowOf(layout: Layout, row: string[], type: "TH" | "TD"): Struct {
  const { pdf } = layout;
  const y = pdf.y;
  const height = heightOf(layout, row, type === "TH" ? "strong" : "plain");
  const all = type === "TH" && row.length > 2;
  const cells = row.map((text, at) => {
    const head = type === "TH" && (at === 0 || all);
    return pdf.struct(head ? "TH" : "TD", {}, () => drawCell(layout, text, at, y, head ? "strong" : "plain"));
  });
  return pdf.struct("TR", {}, [
    ...cells,
    () => {
      asRule(layout, y + height);
      pdf.y = y + height;
    },
  ]);
}

function drawHeads(layout: Layout, heads: string[]): void {
  const { y } = layout.pdf;
  heads.forEach((text, at) => drawCell(layout, text, at, y, "strong"));
  layout.pdf.y = y + heightOf(layout, heads, "strong");
  asRule(layout, layout.pdf.y);
}

function drawCell({ pdf, widths, right }: Layout, text: string, at: number, y: number, font: keyof typeof fonts): void {
  const x = MARGIN + widths.slice(0, at).reduce((sum, width) => sum + width, 0);
  pdf.font(font, SMALL).fillColor("black");
  pdf.text(text, x, y + PAD, { width: (widths[at] ?? 0) - 2 * PAD, align: right[at] ? "right" : "left" });
}

function heightOf({ pdf, widths }: Layout, row: string[], font: keyof typeof fonts): number {
  pdf.font(font, SMALL);
  const heights = row.map((text, at) => pdf.heightOfString(text || " ", { width: (widths[at] ?? 0) - 2 * PAD }));
  return Math.max(...heights) + 2 * PAD;
}

function asRule({ pdf }: Layout, y: number): void {
  pdf
    .moveTo(MARGIN, y)
    .lineTo(MARGIN + widthOf(pdf), y)
    .lineWidth(0.5)
    .strokeColor(LINE)
    .stroke();
}

function asArtifact(pdf: Pdf, draw: () => void): void {
  pdf.markContent("Artifact", { type: "Layout" });
  draw();
  pdf.endMarkedContent();
}

const SAMPLE = 60;
const WIDEST = 220;

/** Each as wide as its longest word, the rest shared out by how much there is to say. */
function widthsOf(pdf: Pdf, heads: string[], rows: string[][], endsInNumbers: boolean): number[] {
  pdf.font("strong", SMALL);
  const measured = heads.map((head, at) => {
    const texts = [head, ...rows.slice(0, SAMPLE).map((row) => row[at] ?? "")];
    const words = texts.flatMap((text) => text.split(/[ \n]+/));
    const widest = (parts: string[], most: number) =>
      Math.min(most, Math.max(...parts.map((part) => pdf.widthOfString(part)))) + 2 * PAD;
    return { least: widest(words, 110), wanted: widest(texts, WIDEST) };
  });
  const sum = (of: "least" | "wanted") => measured.reduce((total, each) => total + each[of], 0);
  const [width, least, wanted] = [widthOf(pdf), sum("least"), sum("wanted")];
  if (least >= width) return measured.map((each) => (each.least * width) / least);
  // What is left over goes where it parts nothing that belongs together: to the words, wherever they stand.
  const wide = endsInNumbers ? 0 : measured.length - 1;
  if (wanted <= width) return measured.map((each, at) => each.wanted + (at === wide ? width - wanted : 0));
  const share = (width - least) / (wanted - least);
  return measured.map((each) => each.least + (each.wanted - each.least) * share);
}
