/**
 * Instants and local dates in one IANA time zone. Temporal answers each day once; on a day whose offset does not
 * change (all but two a year) every further answer is a subtraction. `at` of a local time that the clocks skip is
 * shifted forward by the gap; of one that comes twice, the first (Temporal's "compatible").
 */
import { Temporal } from "temporal-polyfill";
import { partsOfDay } from "./epochDay";

export const DAY_MS = 86_400_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
// Thirty years of days; beyond it the cache starts afresh rather than grow with hostile dates.
const KEPT = 12_000;
const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** "00:00" to "23:59". */
export const isTime = (text: string): boolean => TIME.test(text);

/** `ms`: milliseconds of the clock on the wall after its midnight. */
export type LocalTime = { day: number; ms: number };

/** "08:00" to milliseconds after midnight; "24:00" is the end of the day. Throws RangeError on anything else. */
export function msOf(time: string): number {
  const match = TIME.exec(time);
  if (match) return (Number(match[1]) * 60 + Number(match[2])) * MINUTE_MS;
  if (time === "24:00") return DAY_MS;
  throw new RangeError(`Not a time of day: ${JSON.stringify(time)}`);
}

export class Zone {
  // Both hold undefined for a day on which the offset changes: those are asked of Temporal each time.
  private readonly localDays = new Map<number, number | undefined>();
  private readonly utcDays = new Map<number, number | undefined>();

  constructor(readonly name: string) {}

  /** Epoch milliseconds of a local day and milliseconds after its midnight, those of the next one included. */
  at(day: number, ms: number): number {
    if (ms === DAY_MS) return this.at(day + 1, 0);
    const offset = this.remembered(this.localDays, day, () => this.offsetOfLocalDay(day));
    if (offset === undefined) return this.ask(day, ms);
    return day * DAY_MS + ms - offset;
  }

  local(epochMs: number): LocalTime {
    const utcDay = Math.floor(epochMs / DAY_MS);
    const offset = this.remembered(this.utcDays, utcDay, () => this.offsetOfUtcDay(utcDay)) ?? this.offsetAt(epochMs);
    const local = epochMs + offset;
    const day = Math.floor(local / DAY_MS);
    return { day, ms: local - day * DAY_MS };
  }

  private ask(day: number, ms: number): number {
    const { year, month, day: dayOfMonth } = partsOfDay(day);
    return new Temporal.PlainDate(year, month, dayOfMonth).toZonedDateTime({
      timeZone: this.name,
      plainTime: new Temporal.PlainTime().add({ milliseconds: ms }),
    }).epochMilliseconds;
  }

  private offsetAt(epochMs: number): number {
    return Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(this.name).offsetNanoseconds / 1e6;
  }

  // A day that a zone skipped altogether (Apia, 30 December 2011) is 0 hours long, so it is asked of Temporal too.
  private offsetOfLocalDay(day: number): number | undefined {
    const start = this.ask(day, 0);
    return this.ask(day + 1, 0) - start === DAY_MS ? day * DAY_MS - start : undefined;
  }

  private offsetOfUtcDay(utcDay: number): number | undefined {
    const start = this.offsetAt(utcDay * DAY_MS);
    return this.offsetAt((utcDay + 1) * DAY_MS) === start ? start : undefined;
  }

  private remembered(days: Map<number, number | undefined>, day: number, find: () => number | undefined) {
    const offset = days.get(day);
    if (offset !== undefined || days.has(day)) return offset;
    if (days.size >= KEPT) days.clear();
    const found = find();
    days.set(day, found);
    return found;
  }
}

const zones = new Map<string, Zone>();

/** One Zone per name, so that calendars of one country share its days. Throws RangeError for an unknown name. */
export function zone(name: string): Zone {
  let found = zones.get(name);
  if (!found) {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    found = new Zone(name);
    zones.set(name, found);
  }
  return found;
}

export function isZone(name: string): boolean {
  try {
    zone(name);
    return true;
  } catch {
    return false;
  }
}

/** Local date of an instant given as ISO text ("2027-05-04T07:00:00.000Z"), with the time after its midnight. */
export const localOf = (isoInstant: string, zoneName: string): LocalTime =>
  zone(zoneName).local(Temporal.Instant.from(isoInstant).epochMilliseconds);

/** Milliseconds after midnight to "08:00". */
export function timeText(ms: number): string {
  const minutes = Math.floor(ms / MINUTE_MS);
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}
