/**
 * Offsets: how far before or after an anchor something falls, as text. Either an ISO 8601 duration of one unit,
 * optionally negative ("-P60D", "P2W", "P1M", "PT30M"), or words for the units that ISO does not have
 * ("2 working days", "-10 school days", "1 half-term", "-1 term", "1 academic year").
 */

import { type UnitName, unitNames, units } from "./language/units";

export type Offset = string;

/** n is negative before the anchor, positive after it. */
export type ParsedOffset = { n: number; unit: UnitName };

function read(text: string): ParsedOffset | undefined {
  for (const unit of unitNames) {
    const match = units[unit].written.exec(text);
    // Nought has no sign, so that "-P0D" equals "P0D".
    if (match) return { n: Number(match[2]) * (match[1] ? -1 : 1) || 0, unit };
  }
  return undefined;
}

// Offsets come from definitions and settings: few, and read again for every timer of a batch.
const known = new Map<string, ParsedOffset | undefined>();
const KEPT = 2_000;

/** Undefined where the text is no offset; several units in one ("P1Y6M") and more than five digits are refused. */
export function parseOffset(text: Offset): ParsedOffset | undefined {
  if (!known.has(text)) {
    if (known.size >= KEPT) known.clear();
    known.set(text, read(text));
  }
  return known.get(text);
}

export const isFar = ({ n, unit }: ParsedOffset): boolean => Math.abs(n) > units[unit].farthest;

/** "60 days before", "on the day", "2 school days after"; text that is no offset comes back as it is. */
export function describeOffset(text: Offset): string {
  const offset = parseOffset(text);
  if (!offset) return text;
  const { n, unit } = offset;
  const { name, byTheClock } = units[unit];
  if (n === 0) return byTheClock ? "at the time" : "on the day";
  const count = Math.abs(n);
  return `${count} ${name}${count === 1 ? "" : "s"} ${n < 0 ? "before" : "after"}`;
}
