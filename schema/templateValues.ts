/** How a template shows a value, and what it compares it by: money as "£12.50", compared in pence. */
import { Drop } from "liquidjs";
import { formatDate, formatInstant, parsePartialDate } from "./dates";
import type { Field, FieldKind } from "./definition";
import { Markdown } from "./markdown";
import { describeOffset } from "./offset";
import { Missing } from "./missing";
import type { DocumentValue, Facts, FieldValue, RiskGrid } from "./record";

/** A value with its words. Conditions and arithmetic see the value, people the words. */
export class Shown extends Drop {
  constructor(
    private readonly value: string | number | boolean,
    private readonly said: string,
  ) {
    super();
  }

  get words(): string {
    return this.said;
  }

  override valueOf(): string | number | boolean {
    return this.value;
  }

  override toString(): string {
    return this.words;
  }
}

/** Any value of a template in words. */
export function wordsOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Shown) return value.words;
  if (value instanceof Markdown) return value.source;
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (Array.isArray(value)) {
    const words = value.map(wordsOf).filter(Boolean);
    return words.join(value.some((each) => typeof each === "object" && !(each instanceof Shown)) ? "; " : ", ");
  }
  if (typeof value === "object") return Object.values(value).map(wordsOf).filter(Boolean).join(", ");
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** What a linked record is called. Most templates show none, so it is asked for as it is shown. @throws Missing. */
class ShownTitle extends Shown {
  constructor(
    private readonly id: string,
    private readonly field: Field,
    private readonly facts: Facts | undefined,
    /** Those that stand beside it: where one is to be loaded, all are. */
    private readonly beside: string[] = [id],
  ) {
    super("", "");
  }

  override get words(): string {
    const { id, field, facts, beside } = this;
    if (!facts) return "";
    const titleOf = (one: string) => facts.linked[one]?.title ?? facts.titles[one];
    const titles = beside.filter((one) => titleOf(one) === undefined);
    if (titles.length && "to" in field) throw new Missing([{ titles, type: field.to }]);
    return titleOf(id) ?? "";
  }

  override valueOf(): string {
    return this.words;
  }
}

type Show = (value: Exclude<FieldValue, null>, field: Field, facts: Facts | undefined) => unknown;

const list = (value: FieldValue): string[] => (Array.isArray(value) ? value.map(String) : [String(value)]);
/** "1234567" → "1,234,567" */
function grouped(digits: string): string {
  const first = digits.length % 3 || 3;
  return digits.slice(0, first) + digits.slice(first).replace(/\d{3}/g, ",$&");
}
const optionOf = (field: Field, value: string): string =>
  ("options" in field ? field.options : []).find((option) => option.value === value)?.label ?? value;
/** "officeStaff" → "office staff". */
const roleOf = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
const counted = (n: number, word: string): string => `${n} ${word}${n === 1 ? "" : "s"}`;

function numberWords(value: FieldValue): string {
  const [, sign = "", whole = "", rest = ""] = /^(-?)(\d+)(\.\d+)?$/.exec(String(value)) ?? [];
  if (!whole) return String(value);
  // Four digits may be a year.
  return sign + (whole.length > 4 ? grouped(whole) : whole) + rest;
}

function moneyWords(pence: number): string {
  const [whole = "0", rest = "00"] = (Math.abs(pence) / 100).toFixed(2).split(".");
  return `${pence < 0 ? "-" : ""}£${grouped(whole)}.${rest}`;
}

const shows: Record<FieldKind, Show> = {
  text: String,
  longText: String,
  number: (value) => new Shown(Number(value), numberWords(value)),
  money: (value) => new Shown(Number(value), moneyWords(Number(value))),
  yesNo: (value) => new Shown(value === true, value === true ? "Yes" : "No"),
  date: (value) => {
    const date = String(value);
    return new Shown(date, parsePartialDate(date) ? formatDate(date) : date);
  },
  dateTime: (value, _field, facts) => {
    const instant = String(value);
    const words = Number.isNaN(Date.parse(instant))
      ? instant
      : formatInstant(instant, facts?.calendar.zone ?? "Europe/London");
    return new Shown(instant, words);
  },
  duration: (value) => new Shown(String(value), describeOffset(String(value)).replace(/ (after|before)$/, "")),
  choice: (value, field) => optionOf(field, String(value)),
  choices: (value, field) => list(value).map((each) => optionOf(field, each)),
  person: (value, _field, facts) => facts?.names[String(value)] ?? "",
  people: (value, _field, facts) => list(value).map((id) => facts?.names[id] ?? ""),
  role: (value) => roleOf(String(value)),
  roles: (value) => list(value).map(roleOf),
  link: (value, field, facts) => new ShownTitle(String(value), field, facts),
  links: (value, field, facts) => list(value).map((id, _n, all) => new ShownTitle(id, field, facts, all)),
  document: (value) => {
    const { latest, inForce } = value as DocumentValue;
    const { number } = inForce ?? latest;
    return `${number ? `version ${number}` : "a version"}, ${inForce ? "in force" : "not in force yet"}`;
  },
  file: () => counted(1, "file"),
  files: (value) => counted(list(value).length, "file"),
  riskGrid: (value) => {
    const { likelihood, impact, level, mitigations } = value as RiskGrid;
    const words = `${level ? `${level}, ` : ""}likelihood ${likelihood}, impact ${impact}`;
    return Object.assign(new Shown(words, words), { likelihood, impact, level, mitigations });
  },
  list: (value, field, facts) =>
    (value as Record<string, FieldValue>[]).map((entry) =>
      Object.fromEntries(
        Object.entries(field.kind === "list" ? field.of : {}).map(([name, of]) => [
          name,
          shownField(of, entry[name] ?? null, facts),
        ]),
      ),
    ),
};

/** Null where it is empty; an empty yes or no is no. */
export function shownField(field: Field, value: FieldValue, facts: Facts | undefined): unknown {
  if (field.kind === "yesNo") return shows.yesNo(value ?? false, field, facts);
  if (value === null || value === "") return null;
  try {
    return shows[field.kind](value, field, facts);
  } catch {
    // Held since before its kind was checked as it is now.
    return "";
  }
}

/** A day that a notice offers beside the fields. */
export const shownDay = (date: string): Shown => new Shown(date, parsePartialDate(date) ? formatDate(date) : date);
