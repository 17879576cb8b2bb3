/** What in an imported policy a person should look at. Each reads one thing; none of them corrects anything. */
import { comparePartial, dueOn, formatDate } from "./dates";
import type { DateKey, Details, Finding } from "./documentDetails";
import type { Guidance } from "./documentGuidance";
import type { Line, Section } from "./documentSections";

type Dates = Details["dates"];

const addYear = (date: string): string => `${Number(date.slice(0, 4)) + 1}${date.slice(4)}`;

const orders: { earlier: DateKey; later: DateKey; code: string; words: [string, string] }[] = [
  { earlier: "publishedOn", later: "writtenOn", code: "publishedBeforeWritten", words: ["published", "written"] },
  { earlier: "publishedOn", later: "ratifiedOn", code: "publishedBeforeRatified", words: ["published", "ratified"] },
  { earlier: "ratifiedOn", later: "writtenOn", code: "ratifiedBeforeWritten", words: ["ratified", "written"] },
  { earlier: "reviewBy", later: "ratifiedOn", code: "reviewBeforeRatified", words: ["due for review", "ratified"] },
];

/** Dates that contradict each other, that name no day, or that have passed. `today` is an ISO date. */
export function dateFindings(dates: Dates, today: string | undefined): Finding[] {
  const findings: Finding[] = [];
  for (const { earlier, later, code, words } of orders) {
    const [a, b] = [dates[earlier], dates[later]];
    if (!a || !b || comparePartial(a.date, b.date) !== "before") continue;
    const message = `It says it was ${words[0]} in ${a.text}, before it was ${words[1]} in ${b.text}.`;
    findings.push({ code, message, path: earlier, line: a.line });
  }
  const { reviewBy, writtenOn, ratifiedOn } = dates;
  if (!reviewBy) return findings;
  const at = { path: "reviewBy", line: reviewBy.line };
  if (reviewBy.date.length < 10)
    findings.push({
      code: "ambiguousPrecision",
      message: `The next review names no day (“${reviewBy.text}”): it is taken as due by ${formatDate(dueOn(reviewBy.date))}.`,
      ...at,
    });
  if (writtenOn && ratifiedOn && reviewBy.date === addYear(writtenOn.date) && writtenOn.date !== ratifiedOn.date)
    findings.push({
      code: "reviewCountedFromWriting",
      message: `The next review, ${reviewBy.text}, is a year after writing (${writtenOn.text}) and not after ratifying (${ratifiedOn.text}).`,
      ...at,
    });
  if (today && dueOn(reviewBy.date) < today)
    findings.push({
      code: "nextReviewInPast",
      message: `The next review, ${reviewBy.text}, has already passed.`,
      ...at,
    });
  return findings;
}

const nouns = "(?:Pupils|Learners|Children|Students|Staff|Parents)";
/** Marks of a template filled in by hand or by search and replace, in no particular template's words. */
const leftovers: { pattern: RegExp; why: string }[] = [
  { pattern: new RegExp(`\\bwritten by ${nouns}\\b`), why: "the school's name seems to belong there" },
  { pattern: new RegExp(`\\b(?:the|all) ${nouns} community\\b`), why: "the school's name seems to belong there" },
  {
    pattern: new RegExp(`^${nouns} (?:recognises|believes|expects|acknowledges|accepts|understands|is committed)\\b`),
    why: "the school's name seems to belong there",
  },
  {
    pattern: /\bamend\b[^.]{0,60}\bas (?:appropriate|necessary|required|needed)\b/i,
    why: "an instruction was left in",
  },
  {
    pattern: /\b(?:insert|add) (?:the |your )?(?:name|names|details|title)\b(?: of [a-z]+)?/i,
    why: "an instruction was left in",
  },
  { pattern: /\[(?:insert|name of|school name|add)[^\]]*\](?!\()/i, why: "a blank was left in" },
  {
    pattern: /\((?:if applicable|delete as appropriate|where relevant to your (?:school|setting))\)/i,
    why: "a choice was left open",
  },
  { pattern: /\b(?:is|are) (?:in|on|at) to\b/i, why: "a word seems to be missing" },
  { pattern: /_{4,}|\bX{3,}\b|\bTBC\b/, why: "a blank was left in" },
];

/** Beyond these nobody reads on; the last finding says how many more there are. */
const MOST = 100;

export function templateFindings(lines: Line[], sectionAt: (line: number) => string): Finding[] {
  const found = lines.flatMap((line) => {
    const text = line.text.replace(/\*\*|__/g, "");
    return leftovers.flatMap(({ pattern, why }) => {
      const words = pattern.exec(text)?.[0];
      return words ? [{ words, why, line: line.number }] : [];
    });
  });
  const told = found.slice(0, MOST).map(({ words, why, line }): Finding => {
    const message = `${sectionAt(line)} still reads “${words}”: ${why}.`;
    return { code: "templateTextLeft", message, path: "text", line };
  });
  return atMost(told, found.length);
}

function atMost(findings: Finding[], all = findings.length): Finding[] {
  const last = findings[MOST - 1];
  if (all <= MOST || !last) return findings;
  return [...findings.slice(0, MOST), { ...last, message: `There are ${all - MOST} more like these.` }];
}

/** Numbers count up; a part follows its section; a heading without a number stands out only among numbered ones. */
export function numberingFindings(sections: Section[]): Finding[] {
  if (!sections.some((section) => section.number)) return [];
  const findings: Finding[] = [];
  const seen = new Set<string>();
  let last = 0;
  let before: string | undefined;
  const add = (line: number, message: string): void =>
    void findings.push({ code: "brokenNumbering", message, path: "text", line });
  for (const { number, heading, line } of sections) {
    if (!number) {
      add(line, `The heading “${heading}”${before ? `, after section ${before},` : ""} has no number.`);
      continue;
    }
    before = number;
    const [top, part] = number.split(".");
    if (part === undefined) {
      if (seen.has(number)) add(line, `There is more than one section ${number}: “${heading}”.`);
      else if (Number(top) !== last + 1) add(line, `Section ${number}, “${heading}”, follows section ${last}.`);
      last = Number(top);
    } else if (!seen.has(top ?? "")) add(line, `${number}, “${heading}”, stands before section ${top}.`);
    seen.add(number);
  }
  return atMost(findings);
}

/** The same guidance in different editions, in one document. `all` is the guidance of each policy, in order. */
export function unequalEditions(all: { title: string; guidance: Guidance[] }[]): Finding[][] {
  return all.map(({ guidance }, n) =>
    guidance.flatMap((own): Finding[] => {
      const others = all.flatMap((policy, m) =>
        m === n
          ? []
          : policy.guidance
              .filter((it) => it.title === own.title && it.year !== own.year && it.year && own.year)
              .map((it) => `${it.year} in ${policy.title}`),
      );
      if (!others.length) return [];
      const message = `${own.title}: this policy relies on the edition of ${own.year}, beside ${others.join(", ")}.`;
      return [{ code: "unequalEditions", message, path: "guidance", line: own.line }];
    }),
  );
}

const needed: [key: string, words: string][] = [
  ["dsl", "designated safeguarding lead"],
  ["leadGovernor", "lead governor"],
  ["writtenOn", "date of writing"],
  ["ratifiedOn", "date of ratification"],
  ["reviewBy", "date of the next review"],
];

export function personFindings({ people, dates }: Details): Finding[] {
  const findings: Finding[] = needed
    .filter(([key]) => !(key in people) && !(key in dates))
    .map(([path, words]) => ({ code: "missingKeyDetail", message: `It names no ${words}.`, path, line: 0 }));
  const head = people.dsl?.find((person) => /\bhead(?:teacher|\s+teacher|master|mistress)?$/i.test(person.role ?? ""));
  if (head && !/deputy|assistant/i.test(head.role ?? ""))
    findings.push({
      code: "headIsDsl",
      message: `${head.name} is both headteacher and designated safeguarding lead: say who decides where the one is the other's check.`,
      path: "dsl",
      line: head.line,
    });
  if (!people.owner) {
    const taken = people.dsl?.[0];
    const message = taken
      ? `It names no owner. ${taken.name}, its first safeguarding lead, was taken.`
      : "It names no owner, and no safeguarding lead who could be taken for one.";
    findings.push({ code: "ownerNotNamed", message, path: "owner", line: taken?.line ?? 0 });
  }
  return findings;
}
