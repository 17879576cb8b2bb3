/**
 * Offsets: how far before or after an anchor something falls, as text. Either an ISO 8601 duration of one unit,
 * optionally negative ("-P60D", "P2W", "P1M", "PT30M"), or words for the units that ISO does not have
 * ("2 working days", "-10 school days", "1 half-term", "-1 term", "1 academic year").
 */

export type Offset = string;

export type OffsetUnit =
  | "minute"
  | "hour"
  | "day"
  | "workingDay"
  | "schoolDay"
  | "week"
  | "month"
  | "halfTerm"
  | "term"
  | "academicYear"
  | "year";

/** n is negative before the anchor, positive after it. */
export type ParsedOffset = { n: number; unit: OffsetUnit };

const UNITS: [shape: RegExp, unit: OffsetUnit][] = [
  [/^(-?)PT(\d{1,5})M$/, "minute"],
  [/^(-?)PT(\d{1,5})H$/, "hour"],
  [/^(-?)P(\d{1,5})D$/, "day"],
  [/^(-?)P(\d{1,5})W$/, "week"],
  [/^(-?)P(\d{1,5})M$/, "month"],
  [/^(-?)P(\d{1,5})Y$/, "year"],
  [/^(-?)(\d{1,5}) working days?$/, "workingDay"],
  [/^(-?)(\d{1,5}) school days?$/, "schoolDay"],
  [/^(-?)(\d{1,5}) half-terms?$/, "halfTerm"],
  [/^(-?)(\d{1,5}) terms?$/, "term"],
  [/^(-?)(\d{1,5}) academic years?$/, "academicYear"],
];

/** Each unit in the singular. */
export const unitName: Record<OffsetUnit, string> = {
  minute: "minute",
  hour: "hour",
  day: "day",
  workingDay: "working day",
  schoolDay: "school day",
  week: "week",
  month: "month",
  halfTerm: "half-term",
  term: "term",
  academicYear: "academic year",
  year: "year",
};

function read(text: string): ParsedOffset | undefined {
  for (const [shape, unit] of UNITS) {
    const match = shape.exec(text);
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

/** A hundred years in each unit: farther off, a date leaves the calendar. */
const FARTHEST: Partial<Record<OffsetUnit, number>> = {
  hour: 876_600,
  day: 36_525,
  workingDay: 26_000,
  schoolDay: 20_000,
  week: 5_218,
  month: 1_200,
  halfTerm: 600,
  term: 300,
  academicYear: 100,
  year: 100,
};

export const isFar = ({ n, unit }: ParsedOffset): boolean => Math.abs(n) > (FARTHEST[unit] ?? Infinity);

/** "60 days before", "on the day", "2 school days after"; text that is no offset comes back as it is. */
export function describeOffset(text: Offset): string {
  const offset = parseOffset(text);
  if (!offset) return text;
  const { n, unit } = offset;
  if (n === 0) return unit === "minute" || unit === "hour" ? "at the time" : "on the day";
  const count = Math.abs(n);
  return `${count} ${unitName[unit]}${count === 1 ? "" : "s"} ${n < 0 ? "before" : "after"}`;
}
