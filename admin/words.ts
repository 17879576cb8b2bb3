/** Dates, lists and sources as people say them. No ISO text, code or id reaches a person. */
import { parsePartialDate } from "../schema/dates";
import { dayOf, parseDay, partsOfDay, textOfDay, weekdayOf } from "../schema/epochDay";
import { localOf, timeText } from "../schema/zone";
import { inFigures, plural, t } from "./i18n/t";

// In the catalogue, since a browser's own Intl may not know a language: Chromium has no Welsh.
export const months = (): string[] => [
  ...[t`January`, t`February`, t`March`, t`April`, t`May`, t`June`],
  ...[t`July`, t`August`, t`September`, t`October`, t`November`, t`December`],
];

/** Monday first; `brief` where a column has no room. */
export const weekdays = (): { name: string; brief: string }[] => [
  { name: t`Monday`, brief: t`Mo` },
  { name: t`Tuesday`, brief: t`Tu` },
  { name: t`Wednesday`, brief: t`We` },
  { name: t`Thursday`, brief: t`Th` },
  { name: t`Friday`, brief: t`Fr` },
  { name: t`Saturday`, brief: t`Sa` },
  { name: t`Sunday`, brief: t`Su` },
];

/** "4 May 2027", "October 2023", "2023"; text that is no date comes back as it is. */
export function shortDate(partial: string): string {
  const parsed = parsePartialDate(partial);
  if (!parsed) return partial;
  const { day, month, year } = partsOfDay(dayOf(parsed.last));
  const inMonth = `${months()[month - 1]} ${year}`;
  return { year: String(year), month: inMonth, day: `${day} ${inMonth}` }[parsed.precision];
}

/** The same, a day with its weekday: "Tuesday 4 May 2027". */
export function longDate(partial: string): string {
  const day = parseDay(partial);
  return day === undefined ? shortDate(partial) : `${weekdays()[weekdayOf(day)]?.name} ${shortDate(partial)}`;
}

/** "Tuesday 4 May 2027, 8:00", on the 24-hour clock of the zone. */
export function longInstant(instant: string, zone: string): string {
  const { day, ms } = localOf(instant, zone);
  return `${longDate(textOfDay(day))}, ${timeText(ms).replace(/^0/, "")}`;
}

/** "4 May 2027, 8:00": where there is no room for the weekday. */
export function shortInstant(instant: string, zone: string): string {
  const { day, ms } = localOf(instant, zone);
  return `${shortDate(textOfDay(day))}, ${timeText(ms).replace(/^0/, "")}`;
}

/** "today", "tomorrow", "in 12 days", "3 days ago"; beyond two months nothing, the date says it. */
export function distance(date: string, today: string): string | undefined {
  const [from, to] = [parseDay(today), parseDay(parsePartialDate(date)?.last ?? "")];
  if (from === undefined || to === undefined) return undefined;
  const days = to - from;
  if (days === 0) return t`today`;
  if (days === 1) return t`tomorrow`;
  if (days === -1) return t`yesterday`;
  if (Math.abs(days) > 62) return undefined;
  return days > 0 ? plural(days, "in # day", "in # days") : plural(-days, "# day ago", "# days ago");
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

/** The same in a list of them: one that is a question or a list itself stands in quotation marks. */
export const asNamed = (label: string): string => (/[,?]/.test(label) ? `“${label}”` : inSentence(label));

/** The school's date at an instant of its own clock. */
export function dateAt(instant: string, zone: string): string {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
  return parts.format(new Date(instant));
}
