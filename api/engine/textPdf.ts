/** A version of a text as a PDF for the file or the noticeboard: what it is, since when it holds, and its pages counted. */
import { formatDate } from "../../schema/dates";
import { blocksOf, withoutTitle } from "../../schema/prose";
import { organisationsById } from "../store/organisations";
import { dateIn } from "./access";
import { drawable, drawProse, drawRule, drawRuns, wholeWidth } from "./pdfProse";
import { type OpenText, ratifiedOnOf } from "./read/openText";
import { publishedType, type Reader } from "./read/reader";

const MARGIN = 72;
const GREY = "#444444";

export interface TextPdf {
  /** "Mobile policy, version 2.pdf" */
  name: string;
  bytes: NodeJS.ReadableStream;
}

export async function textPdf(reader: Reader, opened: OpenText): Promise<TextPdf> {
  const { version, row } = opened;
  // Loaded when first needed: the API starts without it.
  const { default: PDFDocument } = await import("pdfkit");
  const school = (await organisationsById(reader.db, [row.organisation])).get(row.organisation);
  const zone = school?.calendar.zone ?? "Europe/London";
  const edition = `Version ${version.number}`;
  const standing = standingOf(reader, opened, zone);
  const pdf = new PDFDocument({
    size: "A4",
    margins: { top: MARGIN, right: MARGIN, bottom: MARGIN, left: MARGIN },
    // The pages are numbered when their number is known.
    bufferPages: true,
    pdfVersion: "1.7",
    tagged: true,
    lang: "en-GB",
    displayTitle: true,
    info: { Title: `${row.recordTitle}, ${edition}`, Author: school?.name ?? "", CreationDate: new Date(reader.now) },
  });
  const root = pdf.struct("Document");
  pdf.addStructure(root);
  const sheet = wholeWidth(pdf, root);
  const line = (type: string, text: string, size: number, font: "plain" | "strong") =>
    root.add(
      pdf.struct(type, {}, () =>
        drawRuns(pdf, [{ text, ...(font === "strong" && { strong: true as const }) }], { ...sheet, size }),
      ),
    );
  line("P", school?.name ?? "", 11, "plain");
  pdf.y += 4;
  line("H1", row.recordTitle, 24, "strong");
  pdf.y += 4;
  line("P", `${edition}, saved on ${dayOf(version.createdAt, zone)}. ${standing}.`, 11, "plain");
  drawRule(sheet);
  drawProse(sheet, withoutTitle(blocksOf(version.text), row.recordTitle));
  drawRule(sheet);
  line("P", `SHA-256 of this text: ${version.hash}`, 8, "plain");
  root.end();
  numberPages(pdf, drawable(`${row.recordTitle}, ${edition.toLowerCase()}. ${standing}.`));
  pdf.end();
  return { name: `${row.recordTitle}, ${edition.toLowerCase()}.pdf`, bytes: pdf };
}

const dayOf = (instant: string, zone: string): string => formatDate(dateIn(zone, Date.parse(instant)));

function standingOf(reader: Reader, { version, inForce, row }: OpenText, zone: string): string {
  const since = version.inForceAt && dayOf(version.inForceAt, zone);
  if (version.id !== inForce) return since ? `In force from ${since}, and replaced since` : "Not ratified";
  const name = ratifiedOnOf(reader, version);
  const on = name === undefined ? null : row.fields[name];
  const label = name !== undefined && publishedType(reader, row.type).type.fields[name]?.label;
  return typeof on === "string" && label ? `${label} ${formatDate(on)}` : `In force since ${since ?? "it was saved"}`;
}

/** Beneath every page; no part of the text, so screen readers pass over it. */
function numberPages(pdf: PDFKit.PDFDocument, about: string): void {
  const { start, count } = pdf.bufferedPageRange();
  for (let page = start; page < start + count; page += 1) {
    pdf.switchToPage(page);
    // Within the margin, where text would begin a new page.
    pdf.page.margins.bottom = 0;
    const y = pdf.page.height - MARGIN / 2 - 10;
    const width = pdf.page.width - 2 * MARGIN;
    pdf.markContent("Artifact", { type: "Pagination" });
    pdf.font("Times-Roman", 9).fillColor(GREY);
    pdf.text(about, MARGIN, y, { width: width - 72, height: 10, ellipsis: true, lineBreak: false });
    pdf.text(`Page ${page - start + 1} of ${count}`, MARGIN, y, { width, align: "right", lineBreak: false });
    pdf.endMarkedContent();
  }
}
