/**
 * Half-terms, terms and academic years, read from the terms and holidays a school entered, and moving a date by a
 * number of them. A moved date keeps its week within the period and its weekday, held inside the new period: the
 * Tuesday of the third week of Autumn becomes the Tuesday of the third week of Spring. A date after
 * a period and before the next counts as its last day. A term holds its half-term holiday and a year all of its
 * holidays, so a date moved by those may come to lie in one: rolling is the caller's.
 */
import type { CalendarData } from "./calendarData";
import { addMonths, dayFromParts, dayOf, mondayOf, partsOfDay, weekdayOf } from "./epochDay";

export type Span = { first: number; last: number };
type Period = Span & { year: number; whole: boolean };
export type PeriodUnit = "halfTerm" | "term" | "academicYear";

// A school without terms in a gap longer than this has not entered them: the longest summer holiday is ten weeks, the
// shortest term lost between two holidays makes a gap of sixteen.
const LONGEST_HOLIDAY = 100;
// Two terms in a row that are both shorter than ten weeks are the halves of one, as where six are entered a year.
const HALF = 70;
const HALF_TERM_HOLIDAY = 3;

/** Whether the time between two terms is a holiday, and not time about which nothing is known. */
const isHoliday = (before: Span, after: Span) => after.first - before.last <= LONGEST_HOLIDAY;

/** Months that stand for a period beyond the known terms: six half-terms and three terms a year. */
export const periodMonths: Record<PeriodUnit, number> = { halfTerm: 2, term: 4, academicYear: 12 };

/** An academic year begins in August, so that terms which begin in its last days are not put in the year before. */
function academicYear(day: number): number {
  const { year, month } = partsOfDay(day);
  return month >= 8 ? year : year - 1;
}

const firstWeekday = (day: number) => (weekdayOf(day) < 5 ? day : mondayOf(day) + 7);
const lastWeekday = (day: number) => Math.min(day, mondayOf(day) + 4);

function weekdays(from: number, to: number): number {
  let count = 0;
  for (let day = from; day <= to; day++) if (weekdayOf(day) < 5) count++;
  return count;
}

export class SchoolTerms {
  /** Stretches of time about which the terms say everything: inside them a day without term is a holiday. */
  readonly known: Span[] = [];
  private readonly periods: Record<PeriodUnit, Period[]> = { halfTerm: [], term: [], academicYear: [] };

  constructor(data: CalendarData) {
    const entered = data.terms
      .map((term) => ({ first: firstWeekday(dayOf(term.from)), last: lastWeekday(dayOf(term.to)) }))
      .sort((a, b) => a.first - b.first);
    const holidays = data.closures
      .filter((closure) => closure.kind === "holiday")
      .map((closure) => ({ first: dayOf(closure.from), last: dayOf(closure.to) }))
      .filter((holiday) => weekdays(holiday.first, holiday.last) >= HALF_TERM_HOLIDAY);
    for (const span of entered) this.learn(span);
    const periods = entered.map((span): Period => ({ ...span, year: academicYear(span.first), whole: true }));
    this.periods.halfTerm = periods.flatMap((period) => halves(period, holidays));
    this.periods.term = joined(periods);
    this.periods.academicYear = years(this.periods.term);
  }

  /** False where any day from `a` to `b`, in either order, lies beyond the known terms. */
  knows(a: number, b: number): boolean {
    const [from, to] = a < b ? [a, b] : [b, a];
    return this.known.some((span) => from >= span.first && to <= span.last);
  }

  isTerm(day: number): boolean {
    return this.periods.halfTerm.some((period) => day >= period.first && day <= period.last);
  }

  /** Beyond the known terms the period is taken as `periodMonths`, and the day marked provisional. */
  move(day: number, n: number, unit: PeriodUnit): { day: number; provisional: boolean } {
    if (n === 0) return { day, provisional: false };
    const periods = this.periods[unit];
    const at = periods.findLastIndex((period) => period.first <= day);
    const [from, to] = [periods[at], at < 0 ? undefined : periods[at + n]];
    if (!from?.whole || !to?.whole || !this.knows(day, to.last))
      return { day: addMonths(day, n * periodMonths[unit]), provisional: true };
    const place = Math.min(day, from.last) - mondayOf(from.first);
    return { day: Math.min(Math.max(mondayOf(to.first) + place, to.first), to.last), provisional: false };
  }

  private learn(span: Span) {
    const latest = this.known.at(-1);
    if (latest && isHoliday(latest, span)) latest.last = span.last;
    else this.known.push({ ...span });
  }
}

/** Before and after the longest of the holidays inside it; the whole term where there is none. */
function halves(term: Period, holidays: Span[]): Period[] {
  const inside = holidays.filter((holiday) => holiday.first > term.first && holiday.last < term.last);
  const longest = inside.sort((a, b) => b.last - b.first - (a.last - a.first) || a.first - b.first)[0];
  if (!longest) return [term];
  // A holiday entered from Monday to Friday leaves a weekend behind it that is in no week of the second half.
  return [
    { ...term, last: lastWeekday(longest.first - 1) },
    { ...term, first: firstWeekday(longest.last + 1) },
  ];
}

function joined(entered: Period[]): Period[] {
  const terms: Period[] = [];
  let half = false;
  for (const period of entered) {
    const before = terms.at(-1);
    const short = period.last - period.first < HALF;
    // Autumn's second half and Spring's first are both short as well: the turn of the year keeps them apart.
    const sameSeason = before && partsOfDay(before.first).year === partsOfDay(period.first).year;
    if (half && short && sameSeason && before.year === period.year && isHoliday(before, period)) {
      before.last = period.last;
      half = false;
    } else {
      terms.push({ ...period });
      half = short;
    }
  }
  return terms;
}

/** Whole where the first term begins by October and the last one ends in May or later. */
function years(terms: Period[]): Period[] {
  const found: Period[] = [];
  for (const term of terms) {
    const latest = found.at(-1);
    if (latest?.year === term.year) latest.last = term.last;
    else found.push({ ...term });
  }
  for (const span of found)
    span.whole = span.first < dayFromParts(span.year, 11, 1) && span.last >= dayFromParts(span.year + 1, 5, 1);
  return found;
}
