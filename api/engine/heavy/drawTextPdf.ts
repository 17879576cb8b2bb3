/** Draws a version of a text as a PDF. */
import { blocksOf, withoutTitle } from "../../../schema/prose";
import { drawLetterhead, newPdf, numberPages } from "../pdfPages";
import { drawable, drawProse, drawRule, drawRuns, wholeWidth } from "../pdfProse";
import { collected } from "./collected";

export interface TextDrawing {
  title: string;
  /** "Version 2" */
  edition: string;
  /** "Version 2, saved on 12 May 2027. " */
  saved: string;
  /** "In force since 12 May 2027" */
  standing: string;
  /** Markdown. */
  text: string;
  /** SHA-256 of the text, hex. */
  hash: string;
  school: { name: string; colour: string | null };
  /** PNG or JPEG. */
  crest: Uint8Array | null;
  /** Epoch ms. */
  at: number;
}

const MARGIN = 72;

export async function drawTextPdf({
  title,
  edition,
  saved,
  standing,
  text,
  hash,
  school,
  crest,
  at,
}: TextDrawing): Promise<Buffer> {
  const pdf = await newPdf({ title: `${title}, ${edition}`, author: school.name, at, margin: MARGIN });
  const bytes = collected(pdf);
  const root = pdf.struct("Document");
  pdf.addStructure(root);
  const sheet = wholeWidth(pdf, root);
  const line = (type: string, words: string, size: number, font: "plain" | "strong") =>
    root.add(
      pdf.struct(type, {}, () =>
        drawRuns(pdf, [{ text: words, ...(font === "strong" && { strong: true as const }) }], { ...sheet, size }),
      ),
    );
  drawLetterhead(pdf, root, { name: drawable(school.name), colour: school.colour, crest, font: "Times-Bold" });
  line("H1", title, 24, "strong");
  pdf.y += 4;
  line("P", `${saved}${standing}.`, 11, "plain");
  drawRule(sheet);
  drawProse(sheet, withoutTitle(blocksOf(text), title));
  drawRule(sheet);
  line("P", `SHA-256 of this text: ${hash}`, 8, "plain");
  root.end();
  numberPages(pdf, drawable(`${title}, ${edition.toLowerCase()}. ${standing}.`), "Times-Roman", MARGIN);
  pdf.end();
  return bytes;
}
