/** What the workers do: from plain data to plain data, without a database. Libraries are loaded when first needed. */
import { type Finding, type ImportedPolicy, readPolicyDocument } from "../../../schema/policyDocument";
import type { Crest } from "../../store/letterhead";
import { documentText } from "../documentText";
import { drawReportPdf, type ReportDrawing } from "./drawReportPdf";
import { drawTextPdf, type TextDrawing } from "./drawTextPdf";
import { isDrawable } from "./isDrawable";
import { packReport, type ReportFiles } from "./packReport";
import { type ReadSheet, readSheet, type SheetFile } from "./readSheet";

export const jobs = {
  /** The policies of a document: text, Markdown or DOCX by its name. `today` is an ISO date. */
  async policyDocument({
    bytes,
    fileName,
    today,
  }: {
    bytes: Uint8Array;
    fileName: string;
    today: string;
  }): Promise<ImportedPolicy[]> {
    const { text, doubts } = await documentText(Buffer.from(bytes), fileName);
    const ofAll = doubts.map((doubt): Finding => ({ ...doubt, path: "text", line: 0 }));
    return readPolicyDocument(text, today).policies.map((policy) => ({
      ...policy,
      findings: [...policy.findings, ...ofAll],
    }));
  },

  async sheet(file: SheetFile): Promise<ReadSheet> {
    return readSheet(file);
  },

  async crestIsDrawable({ mediaType, bytes }: Pick<Crest, "mediaType" | "bytes">): Promise<boolean> {
    return isDrawable(mediaType, Buffer.from(bytes));
  },

  async textPdf(drawing: TextDrawing): Promise<Uint8Array> {
    return drawTextPdf(drawing);
  },

  async reportPdf(drawing: ReportDrawing): Promise<Uint8Array> {
    return drawReportPdf(drawing);
  },

  async reportZip(files: ReportFiles): Promise<Uint8Array> {
    return packReport(files);
  },
};

export type Jobs = typeof jobs;
