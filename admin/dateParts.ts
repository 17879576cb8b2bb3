/** A date while it is typed: a box for its day, its month and its year, in the order of the UK. */
import { parsePartialDate } from "../schema/dates";
import { daysInMonth } from "../schema/epochDay";
import { plural, t } from "./i18n/t";
import { months } from "./words";

export interface DateParts {
  day: string;
  /** "01" to "12". */
  month: string;
  year: string;
}

/** "2027-05-04" and, as long as boxes are empty, "2027-05", "--04": what is not whole is no date, and no guess at one. */
export function dateText({ day, month, year }: DateParts): string {
  return [year, month, day && day.padStart(2, "0")].join("-").replace(/(?<!-)-+$/, "");
}

export function datePartsOf(text: string): DateParts {
  const [year = "", month = "", day = ""] = text.split("-");
  return { day: day.replace(/^0/, ""), month, year };
}

/** Why what stands in the boxes is no date; undefined where it is one, or nothing. `partial`: a month or a year will do. */
export function dateProblem(text: string, partial = false): string | undefined {
  if (text === "") return undefined;
  const { day, month, year } = datePartsOf(text);
  if (!month && (day || !partial)) return year ? t`Give the month too.` : t`Give the month and the year too.`;
  if (!year) return t`Give the year too.`;
  if (!day && !partial) return t`Give the day too.`;
  if (!/^[1-9]\d{3}$/.test(year)) return t`Write the year with its four figures.`;
  if (parsePartialDate(text)) return undefined;
  const days = daysInMonth(Number(year), Number(month));
  return plural(days, "{0} has one day.", "{0} has # days.", `${months()[Number(month) - 1] ?? ""} ${year}`);
}

/** "14:30" of what people write for it: "14.30", "1430", "2:30 pm", "8". What is no time of day comes back as it is. */
export function readTime(typed: string): string {
  const match = /^\s*(\d{1,2})(?:\s*(?:[:.]\s*)?([0-5]\d))?(?:\s*(am|pm))?\s*$/i.exec(typed);
  const [, hours = "", minutes = "00", half] = match ?? [];
  if (!match || Number(hours) > (half ? 12 : 23)) return typed;
  const hour = half ? (Number(hours) % 12) + (half.toLowerCase() === "pm" ? 12 : 0) : Number(hours);
  return `${String(hour).padStart(2, "0")}:${minutes}`;
}

/** As `dateProblem`, of a date and time: "2027-05-04T14:30" until it is an instant. */
export function whenProblem(text: string): string | undefined {
  if (text === "" || text.endsWith("Z")) return undefined;
  const [date = "", time = ""] = text.split("T");
  if (!date) return t`Give the date too.`;
  return dateProblem(date) ?? (time ? t`Write the time as hours and minutes, such as 14:30.` : t`Give the time too.`);
}
