/** A version of a text as a PDF for the file or the noticeboard: what it is, since when it holds, and its pages counted. */
import { formatDate } from "../../schema/dates";
import { blocksOf, withoutTitle } from "../../schema/prose";
import { organisationsById } from "../store/organisations";
import { dateIn } from "./access";
import { crestPicture } from "./crestPicture";
import { drawLetterhead, newPdf, numberPages } from "./pdfPages";
import { drawable, drawProse, drawRule, drawRuns, wholeWidth } from "./pdfProse";
import { type OpenText, ratifiedOnOf } from "./read/openText";
import { publishedType, type Reader } from "./read/reader";

const MARGIN = 72;

export interface TextPdf {
  /** "Mobile policy, version 2.pdf" */
  name: string;
  bytes: NodeJS.ReadableStream;
}

export async function textPdf(reader: Reader, opened: OpenText): Promise<TextPdf> {
  const { version, row } = opened;
  const school = (await organisationsById(reader.db, [row.organisation])).get(row.organisation);
  const zone = school?.calendar.zone ?? "Europe/London";
  const edition = `Version ${version.number}`;
  const standing = standingOf(reader, opened, zone);
  const title = `${row.recordTitle}, ${edition}`;
  const pdf = await newPdf({ title, author: school?.name ?? "", at: reader.now, margin: MARGIN });
  const root = pdf.struct("Document");
  pdf.addStructure(root);
  const sheet = wholeWidth(pdf, root);
  const line = (type: string, text: string, size: number, font: "plain" | "strong") =>
    root.add(
      pdf.struct(type, {}, () =>
        drawRuns(pdf, [{ text, ...(font === "strong" && { strong: true as const }) }], { ...sheet, size }),
      ),
    );
  drawLetterhead(pdf, root, {
    name: drawable(school?.name ?? ""),
    colour: school?.colour ?? null,
    crest: await crestPicture(reader.db, row.organisation),
    font: "Times-Bold",
  });
  line("H1", row.recordTitle, 24, "strong");
  pdf.y += 4;
  line("P", `${edition}, saved on ${dayOf(version.createdAt, zone)}. ${standing}.`, 11, "plain");
  drawRule(sheet);
  drawProse(sheet, withoutTitle(blocksOf(version.text), row.recordTitle));
  drawRule(sheet);
  line("P", `SHA-256 of this text: ${version.hash}`, 8, "plain");
  root.end();
  numberPages(pdf, drawable(`${row.recordTitle}, ${edition.toLowerCase()}. ${standing}.`), "Times-Roman", MARGIN);
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
