/** Dates as a school types them on the cover of a policy. Day before month, as in the United Kingdom. */
import { parsePartialDate, type PartialDate } from "./dates";

/** `doubt` is a sentence for a person where the text could be read in more than one way, or not at all. */
export interface ReadDate {
  date: PartialDate | null;
  doubt?: { code: "ambiguousDate" | "unreadDate"; message: string };
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const names =
  "(January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)";
const dayMonthYear = new RegExp(`^(\\d{1,2})(?:st|nd|rd|th)?\\s+(?:of\\s+)?${names}\\.?,?\\s+(\\d{4})$`, "i");
const monthYear = new RegExp(`^${names}\\.?,?\\s+(\\d{4})$`, "i");
const weekday = /^(?:Mon|Tues?|Wed(?:nes)?|Thurs?|Fri|Sat(?:ur)?|Sun)(?:day)?,?\s+/i;

const two = (n: string | number): string => String(n).padStart(2, "0");
const monthOf = (name: string): string => two(months.indexOf(name.slice(0, 3).toLowerCase()) + 1);

function shape(text: string): string | undefined {
  const long = dayMonthYear.exec(text);
  if (long) return `${long[3]}-${monthOf(long[2] ?? "")}-${two(long[1] ?? "")}`;
  const month = monthYear.exec(text);
  if (month) return `${month[2]}-${monthOf(month[1] ?? "")}`;
  const slashed = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$/.exec(text);
  if (slashed) return `${slashed[3]}-${two(slashed[2] ?? "")}-${two(slashed[1] ?? "")}`;
  const monthSlash = /^(\d{1,2})\/(\d{4})$/.exec(text);
  if (monthSlash) return `${monthSlash[2]}-${two(monthSlash[1] ?? "")}`;
  return /^\d{4}(-\d{2}){0,2}$/.test(text) ? text : undefined;
}

/** "October 2022" is "2022-10"; "Autumn term 2022" is no date, and says so rather than guess one. */
export function readDate(text: string): ReadDate {
  const plain = text.trim().replace(/\.$/, "").replace(weekday, "");
  const found = shape(plain);
  if (!found || !parsePartialDate(found))
    return { date: null, doubt: { code: "unreadDate", message: `“${text.trim()}” could not be read as a date.` } };
  const [first, second] = plain.split(/[/.]/).map(Number);
  const either =
    /^\d{1,2}[/.]\d{1,2}[/.]\d{4}$/.test(plain) && first !== second && Math.max(first ?? 0, second ?? 0) <= 12;
  if (!either) return { date: found };
  return {
    date: found,
    doubt: {
      code: "ambiguousDate",
      message: `“${plain}” was read with the day first: day ${first} of month ${second}.`,
    },
  };
}
