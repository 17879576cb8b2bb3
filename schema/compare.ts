/**
 * How two values compare: as the store's SQL does, to the letter. Values say themselves what they are: numbers and
 * decimal text, instants, dates of three precisions; all other text is only equal or not.
 */
import { comparePartial, parsePartialDate } from "./dates";
import type { FieldValue } from "./record";
import { normal } from "./text";

export const comparisons = ["eq", "ne", "lt", "le", "gt", "ge"] as const;
export type Comparison = (typeof comparisons)[number];

const DECIMAL = /^-?\d+(\.\d+)?$/;
const INSTANT = /^\d{4}-\d\d-\d\dT/;

/** False wherever either is empty. */
export function compare(how: Comparison, a: FieldValue, b: FieldValue): boolean {
  if (a === null || b === null) return false;
  if (how === "eq") return same(a, b);
  if (how === "ne") return !same(a, b);
  if (how === "gt") return before(b, a);
  if (how === "ge") return before(b, a) || noLater(b, a);
  return how === "lt" ? before(a, b) : before(a, b) || noLater(a, b);
}

/** Equal; a number and decimal text by size (1.5 is "1.50"), text in its normal form. */
export function same(a: FieldValue, b: FieldValue): boolean {
  if (a === b) return a !== null;
  const numeric = typeof a === "number" || typeof b === "number" ? compareNumbers(a, b) : undefined;
  if (numeric !== undefined) return numeric === 0;
  // Two texts that look like decimals stay text ("1.0", "1.00"): the checker lets only one scale meet itself.
  return typeof a === "string" && typeof b === "string" && normal(a) === normal(b);
}

function before(a: FieldValue, b: FieldValue): boolean {
  const numeric = compareNumbers(a, b);
  if (numeric !== undefined) return numeric < 0;
  if (typeof a !== "string" || typeof b !== "string") return false;
  if (INSTANT.test(a) && INSTANT.test(b)) return a < b;
  return parsePartialDate(a) && parsePartialDate(b) ? comparePartial(a, b) === "before" : false;
}

/** Beyond `before`: the same, or a date whose last day is the other's first (October against the 31st). */
function noLater(a: FieldValue, b: FieldValue): boolean {
  const numeric = compareNumbers(a, b);
  if (numeric !== undefined) return numeric === 0;
  if (typeof a !== "string" || typeof b !== "string") return false;
  if (INSTANT.test(a) && INSTANT.test(b)) return a === b;
  const [first, second] = [parsePartialDate(a), parsePartialDate(b)];
  return first && second ? a === b || first.last <= second.first : false;
}

/** Negative, zero or positive; undefined where one of them is no number. Exact: decimals never become floats. */
export function compareNumbers(a: FieldValue, b: FieldValue): number | undefined {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const [x, y] = [decimalText(a), decimalText(b)];
  if (x === undefined || y === undefined) return undefined;
  const places = Math.max(placesOf(x), placesOf(y));
  const [m, n] = [scaled(x, places), scaled(y, places)];
  return m < n ? -1 : m > n ? 1 : 0;
}

const decimalText = (value: FieldValue): string | undefined => {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && DECIMAL.test(text) ? text : undefined;
};
const placesOf = (decimal: string): number => decimal.split(".")[1]?.length ?? 0;
const scaled = (decimal: string, places: number): bigint => {
  const [whole = "0", fraction = ""] = decimal.split(".");
  return BigInt(whole + fraction.padEnd(places, "0"));
};
