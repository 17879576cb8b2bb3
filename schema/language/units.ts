/**
 * The units that time is counted in. Everything that the language says of a unit stands in its entry, and the compiler asks
 * for an entry for each; `calendar.ts` has a table over the same names for those that only a school's year can count.
 */
import { addMonths } from "../epochDay";

export interface Unit {
  /** As it is written: with a sign and a number, or in words for what ISO 8601 does not have. */
  written: RegExp;
  /** In the singular. */
  name: string;
  /** Most of them: a hundred years, beyond which a date leaves the calendar. */
  farthest: number;
  /** One of them as a length of time, ms, where only about how long matters: of an open day a day, of a month thirty. */
  lengthMs: number;
  /** Elapsed time, counted from an instant; all others are counted in days from a date. */
  byTheClock?: true;
  /** The same as so many of another. */
  same?: { times: number; as: UnitName };
}

interface PlainUnit extends Unit {
  /** The day that comes so many of them after one, by any calendar. */
  days(day: number, n: number): number;
}

const MINUTE = 60_000;
const DAY = 86_400_000;
const iso = (letter: string, time = ""): RegExp => new RegExp(`^(-?)P${time}(\\d{1,5})${letter}$`);
const inWords = (name: string): RegExp => new RegExp(`^(-?)(\\d{1,5}) ${name}s?$`);

const minute: PlainUnit = {
  written: iso("M", "T"),
  name: "minute",
  farthest: Infinity,
  lengthMs: MINUTE,
  byTheClock: true,
  days: (day, n) => day + Math.floor(n / 1_440),
};
const hour: PlainUnit = {
  written: iso("H", "T"),
  name: "hour",
  farthest: 876_600,
  lengthMs: 60 * MINUTE,
  byTheClock: true,
  same: { times: 60, as: "minute" },
  days: (day, n) => day + Math.floor(n / 24),
};
const day: PlainUnit = { written: iso("D"), name: "day", farthest: 36_525, lengthMs: DAY, days: (from, n) => from + n };
const week: PlainUnit = {
  written: iso("W"),
  name: "week",
  farthest: 5_218,
  lengthMs: 7 * DAY,
  same: { times: 7, as: "day" },
  days: (from, n) => from + 7 * n,
};
const month: PlainUnit = { written: iso("M"), name: "month", farthest: 1_200, lengthMs: 30 * DAY, days: addMonths };
const year: PlainUnit = {
  written: iso("Y"),
  name: "year",
  farthest: 100,
  lengthMs: 365 * DAY,
  same: { times: 12, as: "month" },
  days: (from, n) => addMonths(from, 12 * n),
};
const workingDay: Unit = { written: inWords("working day"), name: "working day", farthest: 26_000, lengthMs: DAY };
const schoolDay: Unit = { written: inWords("school day"), name: "school day", farthest: 20_000, lengthMs: DAY };
const halfTerm: Unit = { written: inWords("half-term"), name: "half-term", farthest: 600, lengthMs: 60 * DAY };
const term: Unit = { written: inWords("term"), name: "term", farthest: 300, lengthMs: 120 * DAY };
const academicYear: Unit = {
  written: inWords("academic year"),
  name: "academic year",
  farthest: 100,
  lengthMs: 365 * DAY,
};

const plain = { minute, hour, day, week, month, year };
/** Those that only a school's year can count. */
const ofSchool = { workingDay, schoolDay, halfTerm, term, academicYear };

type PlainName = keyof typeof plain;
export type SchoolUnit = keyof typeof ofSchool;
export type UnitName = PlainName | SchoolUnit;
export const units: Record<PlainName, PlainUnit> & Record<SchoolUnit, Unit> = { ...plain, ...ofSchool };
export const unitNames = Object.keys(units) as UnitName[];

export const isOfSchool = (name: UnitName): name is SchoolUnit => name in ofSchool;
