/** Whether a PDF can draw a picture: its reader throws, out of everybody's reach, at a PNG that is broken. */
import { inflateSync } from "node:zlib";

const whole: Record<string, (bytes: Buffer) => boolean> = { "image/png": isWholePng, "image/jpeg": hasFrame };

export const isDrawable = (mediaType: string, bytes: Buffer): boolean => whole[mediaType]?.(bytes) ?? false;

const MOST_PIXEL_BYTES = 16_000_000;
const channels: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const FILTERS = 4;

/** Its rows are all there, and none is packed in a way that nobody knows. Interlaced ones are left out: they are rare. */
function isWholePng(bytes: Buffer): boolean {
  try {
    const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
    const [depth = 0, colour = 0, , , interlaced] = bytes.subarray(24, 29);
    const row = 1 + Math.ceil((width * depth * (channels[colour] ?? 0)) / 8);
    const size = row * height;
    if (interlaced || row <= 1 || height === 0 || size > MOST_PIXEL_BYTES) return false;
    const packed: Buffer[] = [];
    let ended = false;
    for (let at = 8; !ended;) {
      const [length, name] = [bytes.readUInt32BE(at), bytes.toString("latin1", at + 4, at + 8)];
      // The PDF's reader believes what a part says of its length, up to four thousand million bytes.
      if (at + 12 + length > bytes.length) return false;
      if (name === "IDAT") packed.push(bytes.subarray(at + 8, at + 8 + length));
      ended = name === "IEND";
      at += 12 + length;
    }
    const rows = inflateSync(Buffer.concat(packed), { maxOutputLength: size });
    return rows.length === size && Array.from({ length: height }, (_, y) => rows[y * row] ?? FILTERS + 1).every(known);
  } catch {
    return false;
  }
}

const known = (filter: number): boolean => filter <= FILTERS;

/** A JPEG says its size and colours in a frame, before its data. */
function hasFrame(bytes: Buffer): boolean {
  for (let at = 2; at + 9 < bytes.length; at += 2 + bytes.readUInt16BE(at + 2)) {
    const marker = bytes[at + 1] ?? 0;
    if (bytes[at] !== 0xff || marker === 0xda) return false;
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return [1, 3, 4].includes(bytes[at + 9] ?? 0);
  }
  return false;
}
