/** What a simulation foresees, as a calendar that a headteacher would recognise: month by month, week by week. */
import { calendar, type Calendar } from "../schema/calendar";
import type { CalendarData } from "../schema/calendarData";
import { formatDate } from "../schema/dates";
import { dayOf, mondayOf, textOfDay, weekdayOf } from "../schema/epochDay";
import { listed } from "../schema/text";
import type { Foreseen, ForeseenMail, Future } from "./engine/simulate";

/** Of one kind to the same people: told of on its first day, with how often it comes again. */
interface Series {
  kind: Foreseen["kind"];
  what: string;
  to: string[];
  days: string[];
}

/** As many names as a line holds; the rest is a number. */
const NAMED = 4;

export function futureReport({ happens, mails }: Future, data: CalendarData): string[] {
  const cal = calendar(data);
  if (!happens.length) return ["Nothing falls due until then."];
  const lines: string[] = [];
  let [month, week] = ["", ""];
  for (const series of seriesOf(happens, cal)) {
    const [day = ""] = series.days;
    const monday = textOfDay(mondayOf(dayOf(day)));
    if (day.slice(0, 7) !== month) {
      month = day.slice(0, 7);
      week = "";
      lines.push("", formatDate(month).toUpperCase());
    }
    if (monday !== week) {
      week = monday;
      lines.push(`  Week of ${formatDate(monday)}${termNote(data, monday)}`);
    }
    lines.push(`    ${lineOf(series)}`);
  }
  return [...lines.slice(1), "", ...mailLines(mails, cal)];
}

function seriesOf(happens: Foreseen[], cal: Calendar): Series[] {
  const found = new Map<string, Series>();
  for (const { at, kind, what, to } of happens) {
    const day = cal.dateOf(Date.parse(at));
    const people = [...new Set(to)].sort();
    const key = JSON.stringify([kind, what, people]);
    const known = found.get(key);
    if (!known) found.set(key, { kind, what, to: people, days: [day] });
    else if (!known.days.includes(day)) known.days.push(day);
  }
  // Of one day what is to be done comes before what is told of.
  const rank = ({ kind }: Series): number => (kind === "task" ? 0 : 1);
  return [...found.values()].sort((a, b) => {
    const [x, y] = [a.days[0] ?? "", b.days[0] ?? ""];
    return x < y ? -1 : x > y ? 1 : rank(a) - rank(b);
  });
}

const weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

function lineOf({ kind, what, to, days }: Series): string {
  const [first = ""] = days;
  const day = `${weekdays[weekdayOf(dayOf(first))]} ${String(Number(first.slice(8))).padStart(2)}`;
  const more = days.length - 1;
  const again =
    more > 0 ? ` – and ${more === 1 ? "once" : `${more} times`} more, until ${formatDate(days.at(-1) ?? "")}` : "";
  const rest = to.length - NAMED;
  const names = rest > 0 ? [...to.slice(0, NAMED), `${rest} more`] : to;
  return `${day}  ${kind === "task" ? "To do:" : "Mail: "} ${what}  →  ${to.length ? listed(names) : "nobody holds it"}${again}`;
}

function termNote({ terms }: CalendarData, monday: string): string {
  const friday = textOfDay(dayOf(monday) + 4);
  const term = terms.find(({ from, to }) => from <= friday && to >= monday);
  if (!term) return terms.some(({ from }) => from > friday) ? ", holidays" : "";
  return `, ${term.name}`;
}

function mailLines(mails: ForeseenMail[], cal: Calendar): string[] {
  const perDay = new Map<string, number>();
  for (const { at, to, urgent } of mails) {
    if (urgent) continue;
    const key = `${to} ${cal.dateOf(Date.parse(at))}`;
    perDay.set(key, (perDay.get(key) ?? 0) + 1);
  }
  const people = new Set(mails.map(({ to }) => to)).size;
  const urgent = mails.filter((mail) => mail.urgent).length;
  const most = Math.max(0, ...perDay.values());
  return [
    `In all ${mails.length} mails to ${people} people, ${urgent} of them urgent; beside those nobody gets more than ${most} a day.`,
    "This is what comes if nobody does anything: whatever is done is no longer reminded of.",
  ];
}
