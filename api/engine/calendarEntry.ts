/** The .ics that goes with a mail: one all-day entry for each date field told about. */
import ical, { ICalCalendarMethod } from "ical-generator";
import { dueOn } from "../../schema/dates";

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
  const calendar = ical({
    prodId: { company: "Duly", product: "Duly", language: "EN" },
    method: ICalCalendarMethod.PUBLISH,
  });
  const latest = new Map<string, (typeof entries)[number]>();
  for (const entry of entries) {
    const other = latest.get(entry.event.uid);
    if (!other || other.createdAt <= entry.createdAt) latest.set(entry.event.uid, entry);
  }
  for (const { event, createdAt } of latest.values())
    calendar.createEvent({
      id: event.uid,
      sequence: sequenceOf(createdAt),
      stamp: new Date(now),
      start: new Date(`${dueOn(event.on)}T00:00:00Z`),
      allDay: true,
      summary: event.summary,
    });
  return calendar.toString();
}

/** Seconds since 2020: rises with every notice, and stays within RFC 5545's 31 bits until 2088. */
const sequenceOf = (createdAt: string): number =>
  Math.max(0, Math.floor((Date.parse(createdAt) - Date.UTC(2020, 0, 1)) / 1000));
