/** Packs the files of a report into a ZIP, with a manifest that names each with its hash. */
import { createHash } from "node:crypto";
import { ZipFile } from "yazl";
import { collected } from "./collected";

export interface ReportFiles {
  files: { name: string; rows: number; bytes: Uint8Array }[];
  /** What the manifest says before it lists the files. */
  manifest: Record<string, unknown>;
  /** Epoch ms. */
  at: number;
}

export function packReport({ files, manifest, at }: ReportFiles): Promise<Buffer> {
  const zip = new ZipFile();
  const mtime = new Date(at);
  const listed = files.map(({ name, rows, bytes }) => {
    const buffer = Buffer.from(bytes);
    zip.addBuffer(buffer, name, { mtime });
    return { name, rows, bytes: buffer.length, sha256: createHash("sha256").update(buffer).digest("hex") };
  });
  const whole = `${JSON.stringify({ ...manifest, files: listed }, null, 2)}\n`;
  zip.addBuffer(Buffer.from(whole, "utf8"), "manifest.json", { mtime });
  zip.end();
  return collected(zip.outputStream);
}
