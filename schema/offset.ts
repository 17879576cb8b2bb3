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

const ISO = /^(-?)P(?:(\d{1,5})([DWMY])|T(\d{1,5})([HM]))$/;
const WORDS = /^(-?)(\d{1,5}) (working day|school day|half-term|term|academic year)s?$/;

const dateUnits: Record<string, OffsetUnit> = { D: "day", W: "week", M: "month", Y: "year" };
const timeUnits: Record<string, OffsetUnit> = { H: "hour", M: "minute" };
const wordUnits: Record<string, OffsetUnit> = {
  "working day": "workingDay",
  "school day": "schoolDay",
  "half-term": "halfTerm",
  term: "term",
  "academic year": "academicYear",
};

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
  const iso = ISO.exec(text);
  if (iso) return signed(iso[1], iso[2] ?? iso[4], dateUnits[iso[3] ?? ""] ?? timeUnits[iso[5] ?? ""]);
  const words = WORDS.exec(text);
  return words ? signed(words[1], words[2], wordUnits[words[3] ?? ""]) : undefined;
}

function signed(sign: string | undefined, digits: string | undefined, unit: OffsetUnit | undefined) {
  const n = Number(digits);
  return unit && { n: sign === "-" && n !== 0 ? -n : n, unit };
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

/** "60 days before", "on the day", "2 school days after"; text that is no offset comes back as it is. */
export function describeOffset(text: Offset): string {
  const offset = parseOffset(text);
  if (!offset) return text;
  const { n, unit } = offset;
  if (n === 0) return unit === "minute" || unit === "hour" ? "at the time" : "on the day";
  const count = Math.abs(n);
  return `${count} ${unitName[unit]}${count === 1 ? "" : "s"} ${n < 0 ? "before" : "after"}`;
}
