/**
 * Dates as people write them in policies: a day, a month ("October 2023") or only a year. A partial date falls due
 * on its last day, and two of them are ordered only where no reading of either could turn the order round.
 */
import { dayOf, daysInMonth, parseDay } from "./epochDay";
import type { Offset } from "./offset";
import { DAY_MS, localOf, timeText } from "./zone";

/** "2023", "2023-10" or "2023-10-31". */
export type PartialDate = string;
export type Precision = "year" | "month" | "day";
export type ParsedPartialDate = { precision: Precision; first: string; last: string };
export type Order = "before" | "after" | "same" | "cannotTell";

/** What a calendar offers here; said in this file because the calendar is built on it. */
export type DateAdder = { add(date: string, offset: Offset): { date: string } };

const MONTH = /^(\d{4})-(\d{2})$/;
const YEAR = /^\d{4}$/;

/** Undefined for text that is no date, 30 February and year 0 included. */
export function parsePartialDate(text: PartialDate): ParsedPartialDate | undefined {
  if (parseDay(text) !== undefined) return { precision: "day", first: text, last: text };
  const match = MONTH.exec(text);
  if (match) {
    const [year, month] = [Number(match[1]), Number(match[2])];
    const days = year >= 1 ? daysInMonth(year, month) : 0;
    return days ? { precision: "month", first: `${text}-01`, last: `${text}-${days}` } : undefined;
  }
  if (YEAR.test(text) && text !== "0000") return { precision: "year", first: `${text}-01-01`, last: `${text}-12-31` };
  return undefined;
}

/** As parsePartialDate, for text checked on its way in. Throws RangeError on anything else. */
function parsed(text: PartialDate): ParsedPartialDate {
  const date = parsePartialDate(text);
  if (!date) throw new RangeError(`Not a date: ${JSON.stringify(text)}`);
  return date;
}

/** The day on which it falls due: its last. */
export const dueOn = (partial: PartialDate): string => parsed(partial).last;

/** "same" is the same text; "2023-10" against "2023-10-31" cannot be told. */
export function comparePartial(a: PartialDate, b: PartialDate): Order {
  const [first, second] = [parsed(a), parsed(b)];
  if (a === b) return "same";
  if (first.last < second.first) return "before";
  if (first.first > second.last) return "after";
  return "cannotTell";
}

const kept: Record<Precision, number> = { year: 4, month: 7, day: 10 };

/** Counted from the day it falls due, and cut back to the precision it had: "2023-10" and a year is "2024-10". */
export function addToPartial(partial: PartialDate, offset: Offset, calendar: DateAdder): PartialDate {
  const { precision, last } = parsed(partial);
  return calendar.add(last, offset).date.slice(0, kept[precision]);
}

type Shape = Precision | "weekday";
const shapes: Record<Shape, Intl.DateTimeFormatOptions> = {
  year: { year: "numeric" },
  month: { year: "numeric", month: "long" },
  day: { year: "numeric", month: "long", day: "numeric" },
  weekday: { weekday: "long" },
};
const formats = new Map<string, Intl.DateTimeFormat>();

function format(day: number, shape: Shape, locale: string): string {
  const key = `${locale} ${shape}`;
  let made = formats.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat(locale, { ...shapes[shape], timeZone: "UTC", calendar: "gregory" });
    formats.set(key, made);
  }
  return made.format(day * DAY_MS);
}

/** "31 October 2023", "October 2023", "2023". */
export function formatDate(partial: PartialDate, locale = "en-GB"): string {
  const { precision, last } = parsed(partial);
  return format(dayOf(last), precision, locale);
}

/** "Tuesday 4 May 2027, 8:00", on the 24-hour clock of the zone. */
export function formatInstant(isoInstant: string, zoneName: string, locale = "en-GB"): string {
  const { day, ms } = localOf(isoInstant, zoneName);
  return `${format(day, "weekday", locale)} ${format(day, "day", locale)}, ${timeText(ms).replace(/^0/, "")}`;
}
