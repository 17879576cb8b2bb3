/**
 * The year's moves as they are written down, day by day in school hours. Stories are told from any day on; what would
 * come after the last evening has not happened yet, and so is left open.
 */
import { calendar, type Calendar } from "../../../../calendar";
import type { Deed, Move, Sought, Target, Values } from "../../../../script";
import { calendarData } from "../calendar";
import type { Random } from "./random";

export class Diary {
  readonly calendar: Calendar = calendar(calendarData);
  /** The school days of the year, the last one before today at the end. */
  readonly days: string[];
  private readonly written: Move[] = [];
  private readonly names = new Set<string>();

  constructor(
    from: string,
    readonly today: string,
    readonly random: Random,
  ) {
    this.days = [];
    for (let day = this.schoolDay(from); day < today; day = this.after(day, 1)) this.days.push(day);
  }

  /** In order of time. */
  moves(): Move[] {
    return [...this.written].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  }

  /** The n-th school day of the year, from 0. */
  day(n: number): string {
    return this.days[Math.min(n, this.days.length - 1)] ?? this.today;
  }

  /** The n-th school day before today. */
  ago(n: number): string {
    return this.days.at(-n) ?? this.day(0);
  }

  after(day: string, schoolDays: number): string {
    return this.calendar.add(day, `${schoolDays} school days`).date;
  }

  weeksAfter(day: string, weeks: number): string {
    return this.calendar.add(day, `P${weeks}W`).date;
  }

  monthsAfter(day: string, months: number): string {
    return this.calendar.add(day, `${months < 0 ? "-" : ""}P${Math.abs(months)}M`).date;
  }

  schoolDay(day: string): string {
    return this.calendar.roll(day, "nextOpenDay", "school");
  }

  happened(day: string): boolean {
    return day < this.today;
  }

  instant(day: string, time: string): string {
    return new Date(this.calendar.at(day, time)).toISOString();
  }

  /** Some minute between two full hours: "10:37". */
  between(from: number, to: number): string {
    const minute = this.random.within(from * 60, to * 60 - 1);
    return [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, "0")).join(":");
  }

  create(day: string, time: string, by: string, type: string, as: string, values: Values): void {
    if (this.names.has(as)) throw new Error(`Two records of the year are called “${as}”.`);
    this.names.add(as);
    this.write(day, time, by, { create: type, as, values });
  }

  update(day: string, time: string, by: string, target: Target, values: Values): void {
    this.write(day, time, by, { update: target, values });
  }

  act(day: string, time: string, by: string, on: Target, action: string, answers: Values = {}): void {
    this.write(day, time, by, { act: action, on, answers });
  }

  tick(day: string, time: string, by: string, on: Target, task: string): void {
    this.write(day, time, by, { tick: task, on });
  }

  write(day: string, time: string, by: string, deed: Deed): void {
    if (this.happened(day)) this.written.push({ at: this.instant(day, time), by, deed });
  }
}

/** A record that the engine made: the oldest that holds these values, in this state. */
export const found = (type: string, holding: Values, ...states: string[]): Sought => ({
  type,
  holding,
  ...(states.length ? { in: states } : {}),
});

/** As `found`, where there may be none. */
export const anyOf = (type: string, holding: Values, ...states: string[]): Sought => ({
  ...found(type, holding, ...states),
  ifAny: true,
});
