/** A report as a file. It is remembered who made it, when, of what, and by which hash it is known. */
import { createHash } from "node:crypto";
import { insertMade } from "../../store/reports";
import { isoOf } from "../../store/database";
import type { Reader } from "../read/reader";
import { newId } from "../world";
import { type ReportAsk, withReport } from "./openReport";
import { reportPdf } from "./reportPdf";
import { reportZip } from "./reportZip";

export interface ReportFile {
  /** "Evidence pack of a policy, Mobile policy, 2026-11-24.pdf" */
  name: string;
  mediaType: string;
  bytes: Buffer;
}

/** `most`: records of a section. A PDF is for reading; the ZIP has what it leaves out. */
const formats = {
  pdf: { mediaType: "application/pdf", most: 500, make: reportPdf },
  zip: { mediaType: "application/zip", most: 20_000, make: reportZip },
};
export type ReportFormat = keyof typeof formats;

export const isReportFormat = (text: string): text is ReportFormat => Object.hasOwn(formats, text);

export async function makeReport(asker: Reader, ask: ReportAsk, format: ReportFormat): Promise<ReportFile> {
  const { mediaType, most, make } = formats[format];
  return withReport(asker, ask, most, async (open) => {
    const bytes = await make(open);
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
  });
}
