/**
 * Repacks the XML parts of an Office file, uncompressed, so that its reader meets only what was counted first: a few
 * kilobytes of ZIP can claim to hold gigabytes, and what its directory says of sizes may be false.
 */
import type { Readable } from "node:stream";
import { fromBufferPromise } from "yauzl";
import { ZipFile } from "yazl";
import { collected } from "./collected";

/** More parts than any office program writes. */
const MAX_PARTS = 2_000;

/** What a file unpacks to is larger than may be read. */
export class TooLarge extends RangeError {}

interface Repacking {
  wanted: (name: string) => boolean;
  maxBytes: number;
  changed: (name: string, part: Buffer) => Buffer;
}

/**
 * The parts that `wanted` names, of `maxBytes` together when unpacked, each as `changed` gives it back.
 * @throws TooLarge as soon as more comes out, and whatever yauzl says of a broken file.
 */
export async function repacked(bytes: Buffer, { wanted, maxBytes, changed }: Repacking): Promise<Buffer> {
  const zip = await fromBufferPromise(bytes, { lazyEntries: true, validateEntrySizes: false });
  if (zip.entryCount > MAX_PARTS) throw new TooLarge(`${zip.entryCount} parts`);
  const out = new ZipFile();
  let left = maxBytes;
  for await (const entry of zip.eachEntry()) {
    if (!wanted(entry.fileName)) continue;
    const part = await unpacked(await zip.openReadStreamPromise(entry), left);
    left -= part.length;
    out.addBuffer(changed(entry.fileName, part), entry.fileName, { compress: false });
  }
  out.end();
  return collected(out.outputStream);
}

async function unpacked(stream: Readable, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > maxBytes) throw new TooLarge(`more than ${maxBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}
