/**
 * The open days of one calendar, counted once: with the rank of each day and the list of open ones, "n open days
 * later" and "open days between" are look-ups, however long the distance. Only the years with terms, closures or bank
 * holidays need a table; outside it weekdays are open, which is arithmetic, so a date in the year 9999 costs nothing.
 */
import { weekdayOf } from "./epochDay";

export interface Days {
  isOpen(day: number): boolean;
  /** Open days after `a` up to and including `b`; for b before a, minus those from b up to but without a. */
  count(a: number, b: number): number;
  /** The n-th open day strictly after `day`, or strictly before it for n < 0; the day itself for 0. */
  nth(day: number, n: number): number;
}

export const everyDay: Days = { isOpen: () => true, count: (a, b) => b - a, nth: (day, n) => day + n };

/** Weekdays up to and including the day, counted from a Monday at the epoch, and the day of such a count. */
const weekdaysTo = (day: number) => 5 * Math.floor((day + 3) / 7) + Math.min(weekdayOf(day) + 1, 5);
const dayOfWeekday = (count: number) => 7 * Math.floor((count - 1) / 5) + ((((count - 1) % 5) + 5) % 5) - 3;

export class OpenDays implements Days {
  /** Per day of the table: how many open days it has up to and including that one. */
  private readonly rank: Int32Array;
  private readonly open: Int32Array;

  /** `opens` is asked for the days from `first` to `last`, and must say "weekday" for all others. */
  constructor(
    opens: (day: number) => boolean,
    private readonly first: number,
    private readonly last: number,
  ) {
    const open: number[] = [];
    this.rank = new Int32Array(Math.max(last - first + 1, 0));
    for (let i = 0; i < this.rank.length; i++) {
      if (opens(first + i)) open.push(first + i);
      this.rank[i] = open.length;
    }
    this.open = Int32Array.from(open);
  }

  isOpen(day: number): boolean {
    return this.rankOf(day) !== this.rankOf(day - 1);
  }

  count(a: number, b: number): number {
    return b >= a ? this.rankOf(b) - this.rankOf(a) : this.rankOf(b - 1) - this.rankOf(a - 1);
  }

  nth(day: number, n: number): number {
    if (n === 0) return day;
    const rank = n > 0 ? this.rankOf(day) + n : this.rankOf(day - 1) + n + 1;
    if (rank < 1) return dayOfWeekday(weekdaysTo(this.first - 1) + rank);
    return this.open[rank - 1] ?? dayOfWeekday(weekdaysTo(this.last) + rank - this.open.length);
  }

  private rankOf(day: number): number {
    if (day < this.first) return weekdaysTo(day) - weekdaysTo(this.first - 1);
    return this.rank[day - this.first] ?? this.open.length + weekdaysTo(day) - weekdaysTo(this.last);
  }
}
