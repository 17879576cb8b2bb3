/** How fast one person's files are stored: a process that stores 19 MB as fast as they come lets everybody else wait. */
import { elapsedMs } from "../machineClock";

/** Bytes that are stored as they come. Beyond them so many a second, all of a person's uploads together. */
const BURST = 4_000_000;
const BYTES_PER_SECOND = 1_000_000;

interface Bucket {
  /** Bytes that may still come at once; below zero where more have come. */
  left: number;
  at: number;
}

const buckets = new Map<string, Bucket>();

/** @returns milliseconds to wait before the person's next bytes are taken. */
export function spendBytes(person: string, bytes: number, now = elapsedMs()): number {
  const bucket = buckets.get(person) ?? { left: BURST, at: now };
  bucket.left = refilled(bucket, now) - bytes;
  bucket.at = now;
  if (!buckets.has(person)) {
    for (const [other, its] of buckets) if (refilled(its, now) === BURST) buckets.delete(other);
    buckets.set(person, bucket);
  }
  return Math.max(0, (-bucket.left / BYTES_PER_SECOND) * 1_000);
}

const refilled = ({ left, at }: Bucket, now: number): number =>
  Math.min(BURST, left + ((now - at) / 1_000) * BYTES_PER_SECOND);
