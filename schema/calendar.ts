/**
 * A school's time: its zone, terms, closed days and bank holidays, and all arithmetic on them. Dates are ISO text at
 * this edge, instants are epoch milliseconds. Nothing here reads the clock.
 */
import { englandAndWales } from "./bankHolidays";
import { type CalendarData, calendarProblems } from "./calendarData";
import { formatDate } from "./dates";
import { dayOf, FIRST_DAY, LAST_DAY, textOfDay, weekdayOf } from "./epochDay";
import { Failure } from "./failure";
import { isOfSchool, type SchoolUnit, type UnitName, units } from "./language/units";
import { type Offset, parseOffset } from "./offset";
import { type Days, everyDay, OpenDays } from "./openDays";
import { periodMonths, type PeriodUnit, SchoolTerms } from "./schoolTerms";
import { msOf, timeText, type Zone, zone } from "./zone";

export type { CalendarData } from "./calendarData";

/**
 * Working days are weekdays without bank holidays, also in school holidays and on INSET days. School days are working
 * days in a term on which the school is not closed; beyond the known terms, all working days that are not closed.
 */
export type OpenKind = "school" | "working";
export type DayKind = OpenKind | "all";
export type Roll = "nextOpenDay" | "previousOpenDay" | "none";
/** Dates, both inclusive. Where they leave no room, `notAfter` holds. */
export type RollLimits = { notAfter?: string; notBefore?: string };
/** `provisional`: counted beyond the known terms, so the date may move when terms are entered. */
export type Added = { date: string; provisional: boolean; warnings: string[] };
export type AddedInstant = { at: number; provisional: boolean; warnings: string[] };
/** Times of day "07:30" to "18:00" (from inclusive, to exclusive; to may be "24:00"), on those days. */
export type SendWindow = { from: string; to: string; days: DayKind };

const held = (day: number) => Math.min(Math.max(day, FIRST_DAY), LAST_DAY);
const bankDays = new Set(englandAndWales.days.map((holiday) => dayOf(holiday.date)));
const [bankFrom, bankTo] = [dayOf(englandAndWales.from), dayOf(englandAndWales.to)];
// The same for every school, so counted once and not per calendar.
const weekdays = new OpenDays((day) => weekdayOf(day) < 5, 0, 0);
const englishWorkingDays = new OpenDays((day) => weekdayOf(day) < 5 && !bankDays.has(day), bankFrom, bankTo);

type Moved = { day: number; provisional?: boolean; warnings?: string[] };

export class Calendar {
  private readonly zone: Zone;
  private readonly terms: SchoolTerms;
  private readonly bankHolidays: boolean;
  private readonly days: Record<DayKind, Days>;

  /** Throws Failure INVALID_INPUT, with the path of each problem, for data that `calendarProblems` refuses. */
  constructor(data: CalendarData) {
    const problems = calendarProblems(data);
    if (problems.length) throw new Failure("INVALID_INPUT", "The calendar cannot be used.", problems);
    this.zone = zone(data.zone);
    this.terms = new SchoolTerms(data);
    this.bankHolidays = data.bankHolidays !== "none";
    const working = this.bankHolidays ? englishWorkingDays : weekdays;
    this.days = { working, school: schoolDays(data, this.terms, working), all: everyDay };
  }

  isWorkingDay(date: string): boolean {
    return this.days.working.isOpen(dayOf(date));
  }

  isSchoolDay(date: string): boolean {
    return this.days.school.isOpen(dayOf(date));
  }

  isOpenDay(date: string, kind: DayKind): boolean {
    return this.days[kind].isOpen(dayOf(date));
  }

  /** Beyond the known terms: before the first, after the last, or where terms are missing between two. */
  provisional(date: string): boolean {
    return !this.terms.knows(dayOf(date), dayOf(date));
  }

  /**
   * `times` offsets after the date (before it, for a negative one), counted from it in one go: a month after
   * 31 January is 28 February and two are 31 March. n working or school days on is the n-th open day strictly after
   * the date, n back the n-th strictly before it; nought stays where it is, open or not, and rolling is `roll`'s.
   * Hours and minutes count from the start of the day. Half-terms and the like: schoolTerms.ts. A date that would
   * leave the years 1 to 9999 is held at their end, with a warning. Throws RangeError for a bad date or offset.
   */
  add(date: string, offset: Offset, times = 1): Added {
    const { n, unit } = parsed(offset);
    const from = dayOf(date);
    const moved = this.move(from, n * times, unit);
    const to = held(moved.day);
    const reach = to === moved.day ? [] : [`The date is out of reach; it was held at ${formatDate(textOfDay(to))}`];
    return {
      date: textOfDay(to),
      provisional: moved.provisional ?? false,
      warnings: [...(moved.warnings ?? []), ...reach],
    };
  }

  /** As `add`, for an instant: hours and minutes are elapsed time, all else keeps the local time of day. */
  addInstant(epochMs: number, offset: Offset, times = 1): AddedInstant {
    const { n, unit } = parsed(offset);
    const { byTheClock, lengthMs } = units[unit];
    if (byTheClock) return { at: epochMs + n * times * lengthMs, provisional: false, warnings: [] };
    const local = this.zone.local(epochMs);
    const { date, provisional, warnings } = this.add(textOfDay(local.day), offset, times);
    // Nought comes back as it was, also in the second of two equal hours.
    return { at: n * times === 0 ? epochMs : this.zone.at(dayOf(date), local.ms), provisional, warnings };
  }

  /**
   * The date itself where it is open, else the nearest open day in that direction. Rolling never passes a limit: the
   * other direction is taken then, and where that has no open day within the limits either, the date stays.
   */
  roll(date: string, roll: Roll, kind: DayKind, limits: RollLimits = {}): string {
    const first = limits.notBefore === undefined ? FIRST_DAY : dayOf(limits.notBefore);
    const last = limits.notAfter === undefined ? LAST_DAY : dayOf(limits.notAfter);
    const day = Math.min(Math.max(dayOf(date), first), last);
    if (roll === "none") return textOfDay(day);
    const days = this.days[kind];
    if (days.isOpen(day)) return textOfDay(day);
    const way = roll === "nextOpenDay" ? 1 : -1;
    const found = [days.nth(day, way), days.nth(day, -way)].find((open) => open >= first && open <= last);
    return textOfDay(found ?? day);
  }

  /** Epoch milliseconds of "08:00" on that date here. A time the clocks skip is shifted forward, of two the first. */
  at(date: string, time: string): number {
    return this.zone.at(dayOf(date), msOf(time));
  }

  dateOf(epochMs: number): string {
    return textOfDay(this.zone.local(epochMs).day);
  }

  /** "08:00". */
  timeOf(epochMs: number): string {
    return timeText(this.zone.local(epochMs).ms);
  }

  /** Open days after `a` up to and including `b`: what `add` would have to add. Negative where b is before a. */
  between(a: string, b: string, kind: DayKind): number {
    return this.days[kind].count(dayOf(a), dayOf(b));
  }

  /** The first instant, not before this one, inside the window. Throws RangeError for a window that is never open. */
  sendWindow(epochMs: number, window: SendWindow): number {
    const [from, to] = [msOf(window.from), msOf(window.to)];
    if (from >= to) throw new RangeError(`The window ${window.from} to ${window.to} is never open`);
    const days = this.days[window.days];
    const today = this.zone.local(epochMs).day;
    for (let day = days.isOpen(today) ? today : days.nth(today, 1); ; day = days.nth(day, 1)) {
      const [opens, closes] = [this.zone.at(day, from), this.zone.at(day, to)];
      // A clock change can swallow a short window, or the whole day: the next one is taken then.
      const exists = opens < closes && this.zone.local(opens).day === day;
      if (exists && epochMs < closes) return Math.max(epochMs, opens);
    }
  }

  /** What is uncertain about counting on that date, in sentences. */
  warnings(date: string): string[] {
    const day = dayOf(date);
    const bank = this.bankWarnings(day, day);
    return this.terms.knows(day, day) ? bank : [...bank, this.termWarning(day, day)];
  }

  private move(day: number, n: number, unit: UnitName): Moved {
    return isOfSchool(unit) ? this.ofSchool[unit](day, n) : { day: units[unit].days(day, n) };
  }

  /** How this school's year counts what no other calendar does. */
  private readonly ofSchool: Record<SchoolUnit, (day: number, n: number) => Moved> = {
    workingDay: (day, n) => {
      const to = this.days.working.nth(day, n);
      return { day: to, warnings: n === 0 ? [] : this.bankWarnings(day, to) };
    },
    schoolDay: (day, n) => {
      const to = this.days.school.nth(day, n);
      if (n === 0 || this.terms.knows(day, to)) return { day: to, warnings: n === 0 ? [] : this.bankWarnings(day, to) };
      return { day: to, provisional: true, warnings: [...this.bankWarnings(day, to), this.termWarning(day, to)] };
    },
    halfTerm: (day, n) => this.byPeriods(day, n, "halfTerm"),
    term: (day, n) => this.byPeriods(day, n, "term"),
    academicYear: (day, n) => this.byPeriods(day, n, "academicYear"),
  };

  private byPeriods(day: number, n: number, unit: PeriodUnit): Moved {
    const to = this.terms.move(day, n, unit);
    const taken = `each ${units[unit].name} is taken as ${periodMonths[unit]} months`;
    return to.provisional ? { ...to, warnings: [`School terms are not entered that far; ${taken}`] } : to;
  }

  private bankWarnings(a: number, b: number): string[] {
    if (!this.bankHolidays) return [];
    const warnings: string[] = [];
    if (Math.min(a, b) < bankFrom)
      warnings.push(
        `Bank holidays are known from ${formatDate(englandAndWales.from)}; earlier days are counted as ordinary`,
      );
    if (Math.max(a, b) > bankTo)
      warnings.push(
        `Bank holidays are known until ${formatDate(englandAndWales.to)}; later days are counted as ordinary`,
      );
    return warnings;
  }

  private termWarning(a: number, b: number): string {
    const [from, to] = [this.terms.known[0]?.first, this.terms.known.at(-1)?.last];
    if (from === undefined || to === undefined)
      return "No school terms are entered; school days are counted as working days";
    if (Math.max(a, b) > to)
      return `School terms are known until ${formatDate(textOfDay(to))}; later days are counted as working days`;
    if (Math.min(a, b) < from)
      return `School terms are known from ${formatDate(textOfDay(from))}; earlier days are counted as working days`;
    return "Some school terms in between are not entered; days there are counted as working days";
  }
}

function schoolDays(data: CalendarData, terms: SchoolTerms, working: Days): Days {
  const spans = [...data.terms, ...data.closures].map((span) => [dayOf(span.from), dayOf(span.to)] as const);
  const closed = new Set<number>();
  for (const closure of data.closures)
    for (let day = dayOf(closure.from); day <= dayOf(closure.to); day++) closed.add(day);
  const opens = (day: number) =>
    working.isOpen(day) && !closed.has(day) && (terms.isTerm(day) || !terms.knows(day, day));
  const first = Math.min(bankFrom, ...spans.map(([from]) => from));
  const last = Math.max(bankTo, ...spans.map(([, to]) => to));
  return new OpenDays(opens, first, last);
}

function parsed(offset: Offset) {
  const found = parseOffset(offset);
  if (!found) throw new RangeError(`Not an offset: ${JSON.stringify(offset)}`);
  return found;
}

const made = new WeakMap<CalendarData, Calendar>();

/** The data is taken as frozen: the same object gives the same calendar, with the days it has already counted. */
export function calendar(data: CalendarData): Calendar {
  let found = made.get(data);
  if (!found) {
    found = new Calendar(data);
    made.set(data, found);
  }
  return found;
}

const number = (n: number, unit: string) => `${n} ${unit}${n === 1 ? "" : "s"}`;

/**
 * How far off a due date is, in words: "today", "tomorrow", "in 3 school days", "in 6 weeks", "3 days late". School
 * days up to a month ahead, where the terms are known; lateness is counted in plain days, since it does not stop. Far
 * off either way, in whole months and years.
 */
export function describeDistance(calendar: Calendar, today: string, due: string): string {
  const days = dayOf(due) - dayOf(today);
  if (days === 0) return "today";
  if (days === 1) return "tomorrow";
  const length = Math.abs(days);
  const far =
    length > 731
      ? number(Math.floor(length / 365.25), "year")
      : length > 91 && number(Math.round(length / 30.44), "month");
  if (days < 0) return `${far || number(length, "day")} late`;
  if (far) return `in ${far}`;
  if (days > 31) return `in ${number(Math.round(days / 7), "week")}`;
  const unsure = calendar.provisional(today) || calendar.provisional(due);
  const open = calendar.between(today, due, unsure ? "working" : "school");
  // Nothing is open before a date in the holidays, which says less than its distance.
  return `in ${open === 0 ? number(days, "day") : number(open, unsure ? "working day" : "school day")}`;
}
