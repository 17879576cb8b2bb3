/** What every PDF of ours has: A4, its title and language for screen readers, and its pages counted. */
import { inkOf } from "../../schema/colour";

export type Pdf = PDFKit.PDFDocument;

export const GREY = "#444444";

export interface PdfHead {
  /** In letters that the font has. */
  name: string;
  colour: string | null;
  /** PNG or JPEG that was looked through: see isDrawable.ts. */
  crest: Uint8Array | null;
  font: string;
}

export async function newPdf(about: { title: string; author: string; at: number; margin: number }): Promise<Pdf> {
  // Loaded when first needed: the API starts without it.
  const { default: PDFDocument } = await import("pdfkit");
  const { title, author, at, margin } = about;
  return new PDFDocument({
    size: "A4",
    margins: { top: margin, right: margin, bottom: margin, left: margin },
    // The pages are numbered when their number is known.
    bufferPages: true,
    pdfVersion: "1.7",
    tagged: true,
    lang: "en-GB",
    displayTitle: true,
    info: { Title: title, Author: author, CreationDate: new Date(at) },
  });
}

const CREST = { width: 100, height: 44 };

/** Whose paper it is: the name, the crest where there is one, and a line in the school's colour. */
export function drawLetterhead(pdf: Pdf, parent: PDFKit.PDFStructureElement, head: PdfHead): void {
  const { name, colour, crest, font } = head;
  const { left, right } = pdf.page.margins;
  const [top, end, ink] = [pdf.y, pdf.page.width - right, inkOf(colour)];
  const height = crest ? CREST.height : 14;
  const width = end - left - (crest ? CREST.width + 12 : 0);
  parent.add(
    pdf.struct("P", {}, () => {
      pdf.font(font, 12).fillColor(ink);
      const above = Math.max(0, (height - pdf.heightOfString(name, { width })) / 2);
      pdf.text(name, left, top + above, { width });
    }),
  );
  const y = Math.max(top + height, pdf.y) + 8;
  if (crest) {
    const fit: [number, number] = [CREST.width, CREST.height];
    // pdfkit takes no Uint8Array that is not a Buffer.
    const picture = Buffer.from(crest);
    const draw = () => pdf.image(picture, end - CREST.width, top, { fit, align: "right", valign: "center" });
    parent.add(pdf.struct("Figure", { alt: `Crest of ${name}` }, draw));
  }
  pdf.markContent("Artifact", { type: "Layout" });
  pdf.moveTo(left, y).lineTo(end, y).lineWidth(2).strokeColor(ink).stroke();
  pdf.endMarkedContent();
  pdf.fillColor("black");
  pdf.x = left;
  pdf.y = y + 14;
}

/** Beneath every page; no part of the text, so screen readers pass over it. */
export function numberPages(pdf: Pdf, about: string, font: string, margin: number): void {
  const { start, count } = pdf.bufferedPageRange();
  for (let page = start; page < start + count; page += 1) {
    pdf.switchToPage(page);
    // Within the margin, where text would begin a new page.
    pdf.page.margins.bottom = 0;
    const y = pdf.page.height - margin / 2 - 10;
    const width = pdf.page.width - 2 * margin;
    pdf.markContent("Artifact", { type: "Pagination" });
    pdf.font(font, 9).fillColor(GREY);
    pdf.text(about, margin, y, { width: width - 72, height: 10, ellipsis: true, lineBreak: false });
    pdf.text(`Page ${page - start + 1} of ${count}`, margin, y, { width, align: "right", lineBreak: false });
    pdf.endMarkedContent();
  }
}
