/** What every PDF of ours has: A4, its title and language for screen readers, and its pages counted. */
export type Pdf = PDFKit.PDFDocument;

export const GREY = "#444444";

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
