/** The stretches of time that a report is of: terms and school years as they were entered, or any other from a day to a day. */
import type { Term } from "./calendarData";
import { formatDate } from "./dates";
import { dayOf, partsOfDay, textOfDay } from "./epochDay";

/** Both days are in it. */
export interface Period {
  from: string;
  to: string;
}

export interface NamedPeriod extends Period {
  label: string;
  kind: "term" | "year";
}

/** A school's year is counted from its first day to the day before the next one. */
const YEAR_BEGINS = "09-01";
/** Without the next term a term is taken to end here, after its last day: most holidays are shorter. */
const HOLIDAY = 14;

const daysOn = (date: string, days: number): string => textOfDay(dayOf(date) + days);

/**
 * Each term with the holidays after it, so that what happens in those is told of once; and the school years they lie in.
 * Newest first.
 */
export function namedPeriods(terms: Term[]): NamedPeriod[] {
  const sorted = [...terms].sort((a, b) => (a.from < b.from ? -1 : 1));
  const found = sorted.map(({ name, from, to }, at): NamedPeriod => {
    const next = sorted[at + 1];
    const label = /\d{4}/.test(name) ? name : `${name} ${from.slice(0, 4)}`;
    return { kind: "term", label, from, to: next ? daysOn(next.from, -1) : daysOn(to, HOLIDAY) };
  });
  const years = new Set(sorted.map(({ to }) => yearOf(to)));
  return [...found.reverse(), ...[...years].reverse().map(schoolYear)];
}

function yearOf(date: string): number {
  const { year } = partsOfDay(dayOf(date));
  return date.slice(5) >= YEAR_BEGINS ? year : year - 1;
}

const schoolYear = (year: number): NamedPeriod => ({
  kind: "year",
  label: `School year ${year} to ${year + 1}`,
  from: `${year}-${YEAR_BEGINS}`,
  to: daysOn(`${year + 1}-${YEAR_BEGINS}`, -1),
});

/** The term that a day lies in; where none is known then, the school year. */
export const periodOn = (terms: Term[], on: string): NamedPeriod =>
  namedPeriods(terms).find(({ kind, from, to }) => kind === "term" && from <= on && on <= to) ?? schoolYear(yearOf(on));

const isSame = (a: Period, b: Period): boolean => a.from === b.from && a.to === b.to;

/** The term or year that these days are, if they are one. */
export const named = (terms: Term[], period: Period): NamedPeriod | undefined =>
  [...namedPeriods(terms), schoolYear(yearOf(period.from))].find((one) => isSame(one, period));

/** "Autumn term 2026", or its days. */
export const periodLabel = (terms: Term[], period: Period): string =>
  named(terms, period)?.label ?? `${formatDate(period.from)} to ${formatDate(period.to)}`;

/** The term before a term, the year before a year, else as many days just before. */
export function periodBefore(terms: Term[], period: Period): Period {
  const own = named(terms, period);
  const before = own?.kind === "term" && namedPeriods(terms).find(({ kind, to }) => kind === "term" && to < own.from);
  if (before) return { from: before.from, to: before.to };
  if (own?.kind === "year") return schoolYear(yearOf(own.from) - 1);
  const days = dayOf(period.to) - dayOf(period.from) + 1;
  return { from: daysOn(period.from, -days), to: daysOn(period.from, -1) };
}
