/** Days as an .ics has them: that which goes with a mail, and that which a calendar follows. */
import ical, { escape, type ICalCalendar, ICalCalendarMethod } from "ical-generator";
import { dueOn } from "../../schema/dates";
import { oneLine } from "../../schema/text";

export interface CalendarEvent {
  /** A date, perhaps of a month or a year only: it is due on its last day. */
  on: string;
  summary: string;
  /** The same for one record's field whatever its date, so that a moved date replaces the entry. */
  uid: string;
}

/** `createdAt` is the notice's ISO instant: of two entries with one uid the later one stands. */
export function calendarOf(entries: { event: CalendarEvent; createdAt: string }[], now: string): string | null {
  if (entries.length === 0) return null;
  const calendar = emptyCalendar();
  const latest = new Map<string, (typeof entries)[number]>();
  for (const entry of entries) {
    const other = latest.get(entry.event.uid);
    if (!other || other.createdAt <= entry.createdAt) latest.set(entry.event.uid, entry);
  }
  for (const { event, createdAt } of latest.values())
    addDay(calendar, { ...event, sequence: sequenceOf(createdAt) }, now);
  return calendar.toString();
}

/** `hours`: how often whoever follows it should ask again. */
export function emptyCalendar(followed?: { name: string; hours: number }): ICalCalendar {
  return ical({
    prodId: { company: "Duly", product: "Duly", language: "EN" },
    method: ICalCalendarMethod.PUBLISH,
    // The library escapes every text but the name, and a control makes a calendar unreadable (RFC 5545, 3.3.11).
    ...(followed && { name: escape(oneLine(followed.name), false), ttl: followed.hours * 3600 }),
  });
}

/** A day without a time: it is the same day wherever the calendar is read. */
export function addDay(
  calendar: ICalCalendar,
  { uid, on, summary, url, sequence }: CalendarEvent & { url?: string; sequence?: number },
  now: string,
): void {
  calendar.createEvent({
    id: uid,
    stamp: new Date(now),
    start: new Date(`${dueOn(on)}T00:00:00Z`),
    allDay: true,
    summary: oneLine(summary),
    ...(url && { url }),
    ...(sequence !== undefined && { sequence }),
  });
}

/** Seconds since 2020: rises with every notice, and stays within RFC 5545's 31 bits until 2088. */
const sequenceOf = (createdAt: string): number =>
  Math.max(0, Math.floor((Date.parse(createdAt) - Date.UTC(2020, 0, 1)) / 1000));
