/** Dates, lists and sources as people say them. No ISO text, code or id reaches a person. */
import { formatDate, formatInstant, formatLongDate, parsePartialDate } from "../schema/dates";
import { parseDay } from "../schema/epochDay";
import { inFigures, locale, t } from "./i18n/t";

/** "Tuesday 4 May 2027", "October 2023", "2023"; text that is no date comes back as it is. */
export const longDate = (partial: string): string =>
  parsePartialDate(partial) ? formatLongDate(partial, locale()) : partial;

export const shortDate = (partial: string): string =>
  parsePartialDate(partial) ? formatDate(partial, locale()) : partial;

export const longInstant = (instant: string, zone: string): string => formatInstant(instant, zone, locale());

/** "today", "tomorrow", "in 12 days", "3 days ago"; beyond two months nothing, the date says it. */
export function distance(date: string, today: string): string | undefined {
  const [from, to] = [parseDay(today), parseDay(parsePartialDate(date)?.last ?? "")];
  if (from === undefined || to === undefined || Math.abs(to - from) > 62) return undefined;
  return new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(to - from, "day");
}

/** "Ada, Ben and Cho" */
export function listed(words: string[]): string {
  if (words.length < 2) return words.join("");
  return t`${words.slice(0, -1).join(", ")} and ${words.at(-1) ?? ""}`;
}

/** How many there are of what a definition names: its two words are all that is known. */
export const counted = (n: number, one: string, many: string): string => `${inFigures(n)} ${n === 1 ? one : many}`;

/** The first letter large, for a sentence that starts with a name from a definition. */
export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** "Risk assessment" in a sentence: its first letter small, unless the word is an abbreviation. */
export const inSentence = (label: string): string =>
  /^[A-Z][a-z]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;

/** The school's date at an instant of its own clock. */
export function dateAt(instant: string, zone: string): string {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
  return parts.format(new Date(instant));
}
