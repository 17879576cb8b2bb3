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

/**
 * The parts that `wanted` names, each as `changed` gives it back, as a ZIP that is not compressed.
 * @throws as `unpackedParts`.
 */
export async function repacked(
  bytes: Buffer,
  { changed, ...bounds }: Unpacking & { changed: (name: string, part: Buffer) => Buffer },
): Promise<Buffer> {
  const out = new ZipFile();
  for (const [name, part] of await unpackedParts(bytes, bounds))
    out.addBuffer(changed(name, part), name, { compress: false });
  out.end();
  return collected(out.outputStream);
}

interface Unpacking {
  wanted: (name: string) => boolean;
  /** Of all of them together, unpacked. */
  maxBytes: number;
}

/** The parts that `wanted` names. @throws TooLarge as soon as more comes out, and whatever yauzl says of a broken file. */
export async function unpackedParts(bytes: Buffer, { wanted, maxBytes }: Unpacking): Promise<Map<string, Buffer>> {
  const zip = await fromBufferPromise(bytes, { lazyEntries: true, validateEntrySizes: false });
  if (zip.entryCount > MAX_PARTS) throw new TooLarge(`${zip.entryCount} parts`);
  const parts = new Map<string, Buffer>();
  let left = maxBytes;
  for await (const entry of zip.eachEntry()) {
    if (!wanted(entry.fileName)) continue;
    const part = await unpacked(await zip.openReadStreamPromise(entry), left);
    left -= part.length;
    parts.set(entry.fileName, part);
  }
  return parts;
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
