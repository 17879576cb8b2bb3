/** A report as a file. It is remembered who made it, when, of what, and by which hash it is known. */
import { createHash } from "node:crypto";
import { insertMade } from "../../store/reports";
import { isoOf } from "../../store/database";
import { crestPicture } from "../crestPicture";
import { heavily } from "../heavy/pool";
import type { Reader } from "../read/reader";
import { newId } from "../world";
import { type OpenReport, type ReportAsk, withReport } from "./openReport";
import { readFiles } from "./reportZip";
import type { ReportTable } from "./reportTable";

export interface ReportFile {
  /** "Evidence pack of a policy, Mobile policy, 2026-11-24.pdf" */
  name: string;
  mediaType: string;
  bytes: Buffer;
}

/** `most`: records of a section. A PDF is for reading; the ZIP has what it leaves out. */
const formats = {
  pdf: { mediaType: "application/pdf", most: 500, read: pdfJob },
  zip: { mediaType: "application/zip", most: 20_000, read: zipJob },
};
export type ReportFormat = keyof typeof formats;

export const isReportFormat = (text: string): text is ReportFormat => Object.hasOwn(formats, text);

/** Makes the file from what was read. */
type Job = (asker: Reader) => Promise<Uint8Array>;

/** The snapshot of the database ends before the file is made. */
export async function makeReport(asker: Reader, ask: ReportAsk, format: ReportFormat): Promise<ReportFile> {
  const { mediaType, most, read } = formats[format];
  const { job, open } = await withReport(asker, ask, most, async (open) => ({ open, job: await read(open) }));
  const bytes = Buffer.from(await job(asker));
  const { report, record, period, naming, title, about } = open;
  await insertMade(asker.db, {
    ...{ id: newId(), organisation: asker.access.acting, report: report.name, record, format, names: naming },
    ...{
      from: period?.from ?? null,
      to: period?.to ?? null,
      person: asker.identity.person.id,
      at: isoOf(asker.now),
    },
    ...{ hash: createHash("sha256").update(bytes).digest("hex"), size: bytes.length },
  });
  return { name: `${title}, ${about}, ${asker.today}.${format}`, mediaType, bytes };
}

async function pdfJob({ title, about, head, school, period, reader, sections }: OpenReport): Promise<Job> {
  const read: ReportTable[] = [];
  for await (const section of sections) read.push(section);
  return async (asker) => {
    const drawing = {
      ...{ title, about, head, school: { name: school.name, colour: school.colour }, ofPeriod: period !== null },
      ...{ crest: (await crestPicture(asker.db, school.id))?.bytes ?? null, at: reader.now, sections: read },
    };
    return heavily("reportPdf", drawing, asker.identity.person.id);
  };
}

async function zipJob(open: OpenReport): Promise<Job> {
  const files = await readFiles(open);
  return (asker) => heavily("reportZip", files, asker.identity.person.id);
}
