import { Temporal } from "temporal-polyfill";

/** The instant at which a day, or one so many days later, begins in a zone. */
export const startOfDay = (day: string, zone: string, later = 0): string =>
  Temporal.PlainDate.from(day).add({ days: later }).toZonedDateTime(zone).toInstant().toString();
