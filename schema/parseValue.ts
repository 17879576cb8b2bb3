/** From what a form, a filter or an import sends to a field's value, or to a sentence that says what is wrong with it. */
import { Temporal } from "temporal-polyfill";
import { parsePartialDate } from "./dates";
import type { Field } from "./definition";
import { daysInMonth } from "./epochDay";
import { parseOffset } from "./offset";
import type { FieldValue, RiskGrid } from "./record";
import { codePoints, normal } from "./text";

export type Parsed<V extends FieldValue = FieldValue> = { value: V | null } | { problem: string };
export type FieldOf<K extends Field["kind"]> = Extract<Field, { kind: K }>;

/** A unique or indexed text: what an index of four-byte characters may hold. */
export const INDEXED_LENGTH = 191;
/** The most that a TEXT column holds of four-byte characters. */
export const TEXT_LENGTH = 16_000;
const DEFAULT_TEXT_LENGTH = 2_000;
/** Bytes of UTF-8: half of what a request may send, and twice a long policy. */
export const LONG_TEXT_BYTES = 500_000;
const LIST_LENGTH = 1_000;
/** DECIMAL(18, n): digits in all. */
export const DECIMAL_DIGITS = 18;

const EMPTY: Parsed<never> = { value: null };
const ID = /^[0-9A-HJKMNP-TV-Z]{26}$/;
const MONTHS = "January February March April May June July August September October November December".split(" ");

const isNothing = (input: unknown): boolean => input === null || input === undefined || input === "";
/** An input as it may be shown in a sentence: short, and never the whole of a hostile one. */
export function shown(input: unknown): string {
  const text = typeof input === "string" ? input : (JSON.stringify(input) ?? typeof input);
  return `“${text.length > 40 ? `${text.slice(0, 40)}…` : text}”`;
}
const grouped = (n: number): string => n.toLocaleString("en-GB");

export function parseText(field: FieldOf<"text">, input: unknown): Parsed<string> {
  if (isNothing(input)) return EMPTY;
  if (typeof input !== "string") return { problem: `${shown(input)} is not a text.` };
  const value = normal(input).replace(/[\t\n]+/g, " ");
  const most = textLength(field);
  const length = codePoints(value);
  if (length > most)
    return { problem: `This text has ${grouped(length)} characters; ${grouped(most)} are allowed. Shorten it.` };
  return { value: value || null };
}

/** How many characters (code points) a text field takes. */
export const textLength = (field: FieldOf<"text">): number =>
  field.maxLength ?? (field.unique || field.index ? INDEXED_LENGTH : DEFAULT_TEXT_LENGTH);

export function parseLongText(input: unknown): Parsed<string> {
  if (isNothing(input)) return EMPTY;
  if (typeof input !== "string") return { problem: `${shown(input)} is not a text.` };
  const value = normal(input);
  if (value.length * 3 > LONG_TEXT_BYTES && new TextEncoder().encode(value).length > LONG_TEXT_BYTES)
    return { problem: `This text is longer than ${grouped(LONG_TEXT_BYTES)} bytes. Split it, or attach it as a file.` };
  return { value: value || null };
}

export function parseNumber(field: FieldOf<"number">, input: unknown): Parsed<number | string> {
  if (isNothing(input)) return EMPTY;
  const decimals = field.decimals ?? 0;
  const text = typeof input === "string" ? input.trim() : typeof input === "number" ? plainDecimal(input) : "";
  const match = /^(-?)0*(0|[1-9]\d*)(?:\.(\d|\d*[1-9])0*)?$/.exec(text ?? "");
  if (!match) return { problem: `${shown(input)} is not a number.` };
  const [, sign = "", whole = "0", fraction = ""] = match;
  if (fraction !== "0" && fraction.length > decimals)
    return {
      problem: decimals
        ? `${shown(input)} has more than ${decimals} decimals. Round it.`
        : `${shown(input)} is not a whole number. Round it.`,
    };
  if (whole.length > DECIMAL_DIGITS - decimals || (!decimals && !Number.isSafeInteger(Number(whole))))
    return { problem: `${shown(input)} is too large a number.` };
  const size = Number(text);
  if (field.min !== undefined && size < field.min)
    return { problem: `${text} is too small: it must be ${field.min} or more.` };
  if (field.max !== undefined && size > field.max)
    return { problem: `${text} is too large: it must be ${field.max} or less.` };
  const zero = size === 0;
  if (!decimals) return { value: zero ? 0 : size };
  return {
    value: `${zero ? "" : sign}${whole}.${(fraction === "0" ? "" : fraction).padEnd(decimals, "0")}`,
  };
}

/** A number without an exponent; undefined where it cannot be written so. */
export function plainDecimal(n: number): string | undefined {
  if (!Number.isFinite(n)) return undefined;
  const text = String(n);
  if (!text.includes("e")) return text;
  return Number.isInteger(n) ? String(BigInt(n)) : n.toFixed(DECIMAL_DIGITS).replace(/(?:\.|(?<![.0]))0+$/, "");
}

export function parseMoney(input: unknown): Parsed<number> {
  if (isNothing(input)) return EMPTY;
  if (typeof input !== "number" || !Number.isSafeInteger(input))
    return { problem: `${shown(input)} is not an amount of money: give whole pence, 1250 for £12.50.` };
  return { value: input === 0 ? 0 : input };
}

export function parseYesNo(input: unknown): Parsed<boolean> {
  if (isNothing(input)) return EMPTY;
  return typeof input === "boolean" ? { value: input } : { problem: `${shown(input)} is neither yes nor no.` };
}

export function parseDate(field: FieldOf<"date">, input: unknown): Parsed<string> {
  if (isNothing(input)) return EMPTY;
  const text = typeof input === "string" ? input.trim() : "";
  const date = parsePartialDate(text);
  if (!date) return { problem: dateProblem(input) };
  if (text < "1000") return { problem: `${text} is too long ago: years begin at 1000 here.` };
  if (date.precision !== "day" && !field.precision)
    return { problem: `${dateWords(text)} is a ${date.precision}: this needs a day, such as ${date.last}.` };
  return { value: text };
}

const dateWords = (text: string): string =>
  text.length === 7 ? `${MONTHS[Number(text.slice(5)) - 1]} ${text.slice(0, 4)}` : text;

/** What is wrong with a text that is no date; the month's length where that is it. */
export function dateProblem(input: unknown): string {
  const match = typeof input === "string" ? /^(\d{4})-(\d\d)(?:-(\d\d))?$/.exec(input.trim()) : null;
  if (!match) return `${shown(input)} is not a date: write year, month and day, such as 2027-05-31.`;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const name = MONTHS[month - 1];
  if (!name) return `${shown(input)} is not a date: months run from 01 to 12.`;
  if (!year || !day) return `${shown(input)} is not a date: years begin at 1000 and days at 01.`;
  return `${day} ${name} ${match[1]} is not a date: ${name} ${match[1]} has ${daysInMonth(year, month)} days.`;
}

export function parseDateTime(input: unknown): Parsed<string> {
  if (isNothing(input)) return EMPTY;
  const text = input instanceof Date && !Number.isNaN(input.getTime()) ? input.toISOString() : input;
  const instant = typeof text === "string" ? readInstant(text.trim()) : undefined;
  if (!instant)
    return {
      problem: `${shown(input)} is not a date and time: write it with its offset from UTC, such as 2027-05-04T08:00:00+01:00.`,
    };
  const value = new Date(instant.epochMilliseconds).toISOString();
  return /^[1-9]\d{3}-/.test(value) ? { value } : { problem: `${shown(input)} lies outside the years 1000 to 9999.` };
}

function readInstant(text: string): Temporal.Instant | undefined {
  try {
    return Temporal.Instant.from(text);
  } catch {
    return undefined;
  }
}

export function parseDuration(input: unknown): Parsed<string> {
  if (isNothing(input)) return EMPTY;
  const text = typeof input === "string" ? input.trim() : "";
  if (!parseOffset(text))
    return { problem: `${shown(input)} is not a length of time: write P30D, P1Y, PT2H or “2 school days”.` };
  return { value: text };
}

export function parseChoice(field: FieldOf<"choice" | "choices">, input: unknown): Parsed<string> {
  if (isNothing(input)) return EMPTY;
  if (field.options.some((option) => option.value === input)) return { value: input as string };
  const some = field.options.slice(0, 12).map((option) => option.value);
  const more = field.options.length > some.length ? ", …" : "";
  return { problem: `${shown(input)} is not one of the choices: ${some.join(", ")}${more}.` };
}

export function parseRole(input: unknown): Parsed<string> {
  if (isNothing(input)) return EMPTY;
  if (typeof input !== "string" || !/^[a-z][A-Za-z0-9]{0,63}$/.test(input))
    return { problem: `${shown(input)} is not the name of a role.` };
  return { value: input };
}

/** An id of a person, record or file: 26 characters, as ULIDs are written. */
export function parseId(what: string, input: unknown): Parsed<string> {
  if (isNothing(input)) return EMPTY;
  if (typeof input !== "string" || !ID.test(input)) return { problem: `${shown(input)} is not the id of a ${what}.` };
  return { value: input };
}

/** Each entry once, in the order given; empty is null. */
export function parseEach(input: unknown, entry: (part: unknown) => Parsed<string>): Parsed<string[]> {
  if (isNothing(input)) return EMPTY;
  if (!Array.isArray(input)) return { problem: `${shown(input)} is not a list.` };
  if (input.length > LIST_LENGTH) return { problem: tooMany(input) };
  const values = new Set<string>();
  for (const part of input) {
    const parsed = entry(part);
    if ("problem" in parsed) return parsed;
    if (parsed.value !== null) values.add(parsed.value);
  }
  return { value: values.size ? [...values] : null };
}

export const tooMany = (input: unknown[]): string =>
  `This list has ${grouped(input.length)} entries; ${grouped(LIST_LENGTH)} are allowed.`;

/** Entries of a list field; a list longer than 1,000 is refused by `tooMany`. */
export function isTooLong(input: unknown[]): boolean {
  return input.length > LIST_LENGTH;
}

/** Of likelihood × impact. On 5 × 5: up to 4 low, up to 12 medium; on 3 × 3: up to 2 low, up to 4 medium. */
export function riskLevel(likelihood: number, impact: number, size: 3 | 5 = 5): "low" | "medium" | "high" {
  const score = likelihood * impact;
  const [low, medium] = size === 3 ? [2, 4] : [4, 12];
  return score <= low ? "low" : score <= medium ? "medium" : "high";
}

export function parseRiskGrid(field: FieldOf<"riskGrid">, input: unknown): Parsed<RiskGrid> {
  if (isNothing(input)) return EMPTY;
  const size = field.size ?? 5;
  if (!isPlainObject(input)) return { problem: `${shown(input)} is not a likelihood and an impact.` };
  const { likelihood, impact } = input;
  const within = (n: unknown): n is number => typeof n === "number" && Number.isInteger(n) && n >= 1 && n <= size;
  if (!within(likelihood)) return { problem: `Likelihood must be a whole number from 1 to ${size}.` };
  if (!within(impact)) return { problem: `Impact must be a whole number from 1 to ${size}.` };
  const mitigations = parseLongText(input["mitigations"]);
  if ("problem" in mitigations) return { problem: `Mitigations: ${mitigations.problem}` };
  const level = riskLevel(likelihood, impact, size);
  return { value: { likelihood, impact, level, ...(mitigations.value && { mitigations: mitigations.value }) } };
}

export const isPlainObject = (input: unknown): input is Record<string, unknown> =>
  typeof input === "object" && input !== null && !Array.isArray(input) && !(input instanceof Date);
