/** What a school enters of its calendar, and what is refused of it. */
import { parseDay } from "./epochDay";
import type { Problem } from "./failure";
import { isZone } from "./zone";

export type Term = { name: string; from: string; to: string };
export type ClosureKind = "inset" | "holiday" | "closure";
export type Closure = { from: string; to: string; kind: ClosureKind; name: string };

export type CalendarData = {
  /** IANA name, such as "Europe/London". */
  zone: string;
  /** Default "england-and-wales". */
  bankHolidays?: "england-and-wales" | "none";
  /** In any order; both ends are in term. A half-term holiday is a closure within a term, or the gap of two. */
  terms: Term[];
  /** Both ends closed. INSET days are closed to pupils, so they are no school days, but they are working days. */
  closures: Closure[];
};

// Slips of the year: a longer one would shut a school's clocks for good, and the days between the first and the last
// entry are counted out one by one.
const LONGEST = 366;
const EARLIEST = "1990-01-01";
const LATEST = "2099-12-31";

/** What is wrong with it, with the path of each; empty where all is well. `calendar()` refuses the rest. */
export function calendarProblems(data: CalendarData): Problem[] {
  const problems: Problem[] = [];
  if (!isZone(data.zone))
    problems.push({ path: "zone", message: `There is no time zone ${JSON.stringify(data.zone)}.` });
  for (const [list, spans] of [["terms", data.terms] as const, ["closures", data.closures] as const])
    spans.forEach((span, i) => problems.push(...spanProblems(`${list}[${i}]`, span)));
  return problems.length ? problems : overlaps(data.terms);
}

function spanProblems(path: string, { name, from, to }: Term): Problem[] {
  const [first, last] = [parseDay(from), parseDay(to)];
  if (first === undefined) return [{ path: `${path}.from`, message: `${name}: ${from} is not a date.` }];
  if (last === undefined) return [{ path: `${path}.to`, message: `${name}: ${to} is not a date.` }];
  if (last < first) return [{ path: `${path}.to`, message: `${name} ends before it begins.` }];
  if (last - first >= LONGEST) return [{ path: `${path}.to`, message: `${name} lasts longer than a year.` }];
  if (from < EARLIEST || to > LATEST) return [{ path: `${path}.from`, message: `${name} is not in 1990 to 2099.` }];
  return [];
}

function overlaps(terms: Term[]): Problem[] {
  const sorted = terms.map((term, i) => ({ term, i })).sort((a, b) => (a.term.from < b.term.from ? -1 : 1));
  return sorted.flatMap(({ term, i }, at) => {
    const before = sorted[at - 1]?.term;
    if (!before || before.to < term.from) return [];
    return [{ path: `terms[${i}].from`, message: `${term.name} begins before ${before.name} has ended.` }];
  });
}
