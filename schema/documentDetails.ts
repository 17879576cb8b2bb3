/** The labelled lines of a policy document: its cover and its key details. */
import type { PartialDate } from "./dates";
import { readDate } from "./documentDates";
import type { Line } from "./documentSections";

export interface Finding {
  /** What kind of doubt: "publishedBeforeWritten", "templateTextLeft". */
  code: string;
  /** A plain sentence that says where. */
  message: string;
  /** The value concerned, by import key: "reviewBy"; "policies[0].reviewBy" in the findings of the whole document. */
  path: string;
  /** 1-based line of the document; 0 where the thing is missing. */
  line: number;
}

export const dateKeys = ["writtenOn", "agreedOn", "ratifiedOn", "publishedOn", "reviewBy", "endsOn"] as const;
export type DateKey = (typeof dateKeys)[number];

export interface Person {
  name: string;
  /** As written behind the name: "headteacher". */
  role: string | null;
  line: number;
}

export interface Details {
  people: Partial<Record<"dsl" | "deputyDsl" | "leadGovernor" | "owner", Person[]>>;
  dates: Partial<Record<DateKey, { date: PartialDate; text: string; line: number }>>;
  version: string | null;
  /** The lines that went into these values whole: what else is labelled belongs to the wording. */
  taken: Set<number>;
  findings: Finding[];
}

type PersonKey = keyof Details["people"];

const peopleLabels: [RegExp, PersonKey][] = [
  [/deputy.*safeguarding|deputy dsl/i, "deputyDsl"],
  [/safeguarding lead|\bdsl\b/i, "dsl"],
  [/governor/i, "leadGovernor"],
  [/\bowner\b|policy lead/i, "owner"],
];
const dateLabels: [RegExp, DateKey][] = [
  [/next review|review (date|by|due)|due for review/i, "reviewBy"],
  [/written|updated|last reviewed/i, "writtenOn"],
  [/agreed|approved|adopted/i, "agreedOn"],
  [/ratified/i, "ratifiedOn"],
  [/published/i, "publishedOn"],
  [/out of use|withdrawn|\bends?\b|expires/i, "endsOn"],
];

/** "Label: value", or on a cover "Written October 2022" and "Agreed by GB December 2022". */
function labelled(text: string): { label: string; value: string } | undefined {
  const plain = text.replace(/\*\*|__/g, "").trim();
  const colon = /^([^:]{2,80}):\s*(\S.*|)$/.exec(plain);
  if (colon) return { label: colon[1] ?? "", value: (colon[2] ?? "").trim() };
  const word =
    /^((?:Written|Updated|Agreed|Approved|Ratified|Published|Version|Review(?:ed)? by|Next review)(?:\s+by\s+[A-Za-z][A-Za-z ]{0,60}?)?)\s+(\S.{0,30})$/;
  const found = word.exec(plain);
  return found ? { label: found[1] ?? "", value: found[2] ?? "" } : undefined;
}

// Behind a comma stands a person's post, not a second person, where it reads like one.
const post =
  /^(?:[a-z]|(?:Head|Deputy|Assistant|Executive|DSL|SEN|Principal|Chair|Vice|Governor|Teacher|Business|Co-)\w*)/;

function readPeople(value: string, line: number): Person[] {
  return value.split(/;|\/|&|\band\b/).flatMap((part) => {
    const people: Person[] = [];
    for (const piece of part
      .split(",")
      .map((text) => text.trim())
      .filter(Boolean)) {
      const last = people.at(-1);
      if (last && post.test(piece)) last.role = last.role ? `${last.role}, ${piece}` : piece;
      else {
        const inBrackets = /^(.*)\(([^()]*)\)$/.exec(piece);
        people.push({ name: inBrackets?.[1]?.trim() ?? piece, role: inBrackets?.[2] ?? null, line });
      }
    }
    return people;
  });
}

/** "Ada Finch", "Dr A. O'Neill-Shah". A sentence about governors names nobody, and stays in the text. */
const isName = ({ name }: Person): boolean => /^\p{Lu}\S*( \S+){0,4}$/u.test(name) && !/[.!?]$/.test(name);

/** Reads labelled lines in order; what a line says twice of one thing, the first time counts. */
export function readDetails(lines: Line[]): Details {
  const details: Details = { people: {}, dates: {}, version: null, taken: new Set(), findings: [] };
  for (const line of lines) {
    const found = line.kind === "blank" ? undefined : labelled(line.text);
    if (!found) continue;
    const person = peopleLabels.find(([label]) => label.test(found.label))?.[1];
    if (/^version/i.test(found.label)) {
      details.version ??= found.value;
      if (details.version === found.value) details.taken.add(line.number);
    } else if (person && !details.people[person] && found.value) {
      const people = readPeople(found.value, line.number);
      if (people.some(isName)) details.people[person] = people;
      if (people.every(isName)) details.taken.add(line.number);
    } else if (!person) takeDates(details, found, line.number);
  }
  return details;
}

function takeDates(details: Details, { label, value }: { label: string; value: string }, line: number): void {
  const matching = dateLabels.filter(([pattern]) => pattern.test(label)).map(([, key]) => key);
  // "Date of next review" is no date of an earlier review, whatever else its label says.
  const keys = matching.includes("reviewBy") ? (["reviewBy"] as DateKey[]) : matching;
  if (!keys.length || !value) return;
  const { date, doubt } = readDate(value);
  if (doubt)
    details.findings.push({ code: doubt.code, message: `${label}: ${doubt.message}`, path: keys[0] ?? "", line });
  if (date) for (const key of keys) details.dates[key] ??= { date, text: value, line };
  if (date && keys.every((key) => details.dates[key]?.text === value)) details.taken.add(line);
  if (date && keys.length > 1)
    details.findings.push({
      code: "oneDateForTwo",
      message: `“${label}” gives one date, ${value}: it was taken both for when the policy was agreed and for when it was ratified.`,
      path: keys[1] ?? "",
      line,
    });
}
