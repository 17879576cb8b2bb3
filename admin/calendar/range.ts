/** Which days a view of the calendar shows, and which come before and after: months, terms and school years, in whole weeks. */
import { addMonths, dayOf, mondayOf, partsOfDay, textOfDay } from "../../schema/epochDay";
import { t } from "../i18n/t";
import type { SchoolDays } from "../provider";
import { shortDate } from "../words";

export const views = ["term", "month", "year"] as const;
export type CalendarView = (typeof views)[number];

type Span = SchoolDays["terms"][number];

export interface Shown {
  title: string;
  from: string;
  to: string;
  /** A day in what comes before and after it; undefined where nothing does. */
  before: string | undefined;
  after: string | undefined;
}

/** The month a school year begins with. */
const SEPTEMBER = 9;

/** A term where one is known on that day or after it; the holidays before a term are shown with it. */
export function shownOn(view: CalendarView, on: string, terms: Span[]): Shown {
  if (view === "term") {
    const sorted = [...terms].sort((a, b) => (a.from < b.from ? -1 : 1));
    const at = sorted.findIndex(({ to }) => to >= on);
    const term = sorted[at];
    if (term) {
      const [before, after] = [sorted[at - 1], sorted[at + 1]];
      const from = before ? textOfDay(dayOf(before.to) + 1) : term.from;
      // What is due in the holidays after the last term that is known stands nowhere else.
      const to = after ? term.to : textOfDay(addMonths(dayOf(term.to), 2));
      return { title: titleOf(term), from, to, before: before?.from, after: after?.from };
    }
  }
  const { year, month } = partsOfDay(dayOf(on));
  if (view === "year") {
    const first = month >= SEPTEMBER ? year : year - 1;
    return {
      title: t`${first} to ${first + 1}`,
      from: `${first}-09-01`,
      to: `${first + 1}-08-31`,
      before: `${first - 1}-09-01`,
      after: `${first + 1}-09-01`,
    };
  }
  const first = `${on.slice(0, 7)}-01`;
  const next = textOfDay(addMonths(dayOf(first), 1));
  return {
    title: shortDate(on.slice(0, 7)),
    from: first,
    to: textOfDay(dayOf(next) - 1),
    before: textOfDay(addMonths(dayOf(first), -1)),
    after: next,
  };
}

/** "Autumn term 2026" for one that its name does not place in a year. */
const titleOf = ({ name, from }: Span): string => (/\d{4}/.test(name) ? name : `${name} ${from.slice(0, 4)}`);

/** Monday to Sunday, each day as its date. */
export function weeksOf(from: string, to: string): string[][] {
  const weeks: string[][] = [];
  for (let monday = mondayOf(dayOf(from)); monday <= dayOf(to); monday += 7)
    weeks.push(Array.from({ length: 7 }, (_, at) => textOfDay(monday + at)));
  return weeks;
}

export function monthsOf(from: string, to: string): string[] {
  const months: string[] = [];
  for (let first = dayOf(`${from.slice(0, 7)}-01`); first <= dayOf(to); first = addMonths(first, 1))
    months.push(textOfDay(first).slice(0, 7));
  return months;
}

export const daysOn = (date: string, days: number): string => textOfDay(dayOf(date) + days);

/** The closure or holiday of a day. A weekend is none. */
export const closedOn = (date: string, { terms, closures }: SchoolDays): string | undefined =>
  closures.find(({ from, to }) => from <= date && date <= to)?.name ??
  (terms.length > 0 && !terms.some(({ from, to }) => from <= date && date <= to) && isBetween(date, terms)
    ? t`Holidays`
    : undefined);

const isBetween = (date: string, terms: Span[]): boolean =>
  terms.some(({ to }) => to < date) && terms.some(({ from }) => from > date);
