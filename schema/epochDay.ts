/**
 * Dates as whole numbers: days since 1970-01-01 in the proleptic Gregorian calendar, years 1 to 9999.
 * The engine computes instants for thousands of timers at once; integers keep zone-free date arithmetic out of
 * Temporal, which is left to what needs it: time zones.
 */

export const FIRST_DAY = -719162; // 0001-01-01
export const LAST_DAY = 2932896; // 9999-12-31

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

const isLeap = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

export const daysInMonth = (year: number, month: number): number =>
  month === 2 && isLeap(year) ? 29 : (MONTH_DAYS[month - 1] ?? 0);

/** Counts from a March-based year, so that the leap day is the last of its year. */
export function dayFromParts(year: number, month: number, dayOfMonth: number): number {
  const y = month > 2 ? year : year - 1;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + dayOfMonth - 1;
  return era * 146097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719468;
}

export function partsOfDay(day: number): { year: number; month: number; day: number } {
  const z = day + 719468;
  const era = Math.floor(z / 146097);
  const dayOfEra = z - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  };
}

/** "2023-10-31" to its day; undefined for anything else, 30 February and year 0 included. */
export function parseDay(text: string): number | undefined {
  const match = DATE.exec(text);
  if (!match) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return year >= 1 && day >= 1 && day <= daysInMonth(year, month) ? dayFromParts(year, month, day) : undefined;
}

/** As parseDay, for dates that were checked on their way in. Throws RangeError on anything else. */
export function dayOf(date: string): number {
  const day = parseDay(date);
  if (day === undefined) throw new RangeError(`Not a date: ${JSON.stringify(date)}`);
  return day;
}

const two = (n: number) => (n < 10 ? `0${n}` : `${n}`);

export function textOfDay(day: number): string {
  const parts = partsOfDay(day);
  return `${String(parts.year).padStart(4, "0")}-${two(parts.month)}-${two(parts.day)}`;
}

/** Monday 0 … Sunday 6. */
export const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7;

export const mondayOf = (day: number): number => day - weekdayOf(day);

/** The same day of the month n months on, held to the month's last day (31 January + 1 = 28 February). */
export function addMonths(day: number, n: number): number {
  const parts = partsOfDay(day);
  const months = parts.year * 12 + parts.month - 1 + n;
  const year = Math.floor(months / 12);
  const month = months - year * 12 + 1;
  return dayFromParts(year, month, Math.min(parts.day, daysInMonth(year, month)));
}
