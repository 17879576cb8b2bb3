/**
 * Filters as a person says them – "Ends before 31 July" – beside the conditions they mean. A condition made from a
 * line can be read back as that line, so a saved view, which holds conditions, opens as the sentences it was made of.
 */
import type { Condition, Field, Literal, RecordType } from "../../schema/definition";
import { filterOf, type FilterKind } from "../../schema/fields";
import { canonicalJson } from "../../schema/text";
import { plural, t } from "../i18n/t";
import { labelOf } from "../session";
import { shortDate } from "../words";

export interface FilterLine {
  name: string;
  /** One of `waysOf`. */
  way: string;
  value: Literal;
}

export interface Way {
  way: string;
  /** "is before", in the list of ways. */
  words: () => string;
  /** The whole sentence: "Ends is before 31 July". */
  says: (field: string, value: string) => string;
  /** Needs no value. */
  alone?: boolean;
  /** Asks for a number of days, whatever the field holds. */
  days?: boolean;
  condition: (field: { field: string }, value: Literal) => Condition;
}

const today = { today: true } as const;
const actor = { actor: true } as const;
const days = (value: Literal) => `P${Math.max(0, Math.trunc(Number(value)) || 0)}D`;

const is: Way = {
  way: "is",
  words: () => t`is`,
  says: (field, value) => t`${field} is ${value}`,
  condition: (field, value) => ({ eq: [field, value] }),
};
const isNot: Way = {
  way: "isNot",
  words: () => t`is not`,
  says: (field, value) => t`${field} is not ${value}`,
  condition: (field, value) => ({ ne: [field, value] }),
};
const empty: Way = {
  way: "empty",
  words: () => t`is empty`,
  says: (field) => t`${field} is empty`,
  alone: true,
  condition: (field) => ({ empty: field }),
};
const filled: Way = {
  way: "filled",
  words: () => t`is filled in`,
  says: (field) => t`${field} is filled in`,
  alone: true,
  condition: (field) => ({ not: { empty: field } }),
};
const contains: Way = {
  way: "contains",
  words: () => t`contains`,
  says: (field, value) => t`${field} contains ${value}`,
  condition: (field, value) => ({ contains: [field, String(value)] }),
};
const includes: Way = {
  way: "includes",
  words: () => t`includes`,
  says: (field, value) => t`${field} includes ${value}`,
  condition: (field, value) => ({ includes: [field, value] }),
};
const isYou: Way = {
  way: "isYou",
  words: () => t`is you`,
  says: (field) => t`${field} is you`,
  alone: true,
  condition: (field) => ({ eq: [field, actor] }),
};
const hasYou: Way = {
  way: "hasYou",
  words: () => t`includes you`,
  says: (field) => t`${field} includes you`,
  alone: true,
  condition: (field) => ({ includes: [field, actor] }),
};
const least: Way = {
  way: "least",
  words: () => t`is at least`,
  says: (field, value) => t`${field} is at least ${value}`,
  condition: (field, value) => ({ ge: [field, Number(value)] }),
};
const most: Way = {
  way: "most",
  words: () => t`is at most`,
  says: (field, value) => t`${field} is at most ${value}`,
  condition: (field, value) => ({ le: [field, Number(value)] }),
};
const before: Way = {
  way: "before",
  words: () => t`is before`,
  says: (field, value) => t`${field} is before ${value}`,
  condition: (field, value) => ({ lt: [field, value] }),
};
const after: Way = {
  way: "after",
  words: () => t`is after`,
  says: (field, value) => t`${field} is after ${value}`,
  condition: (field, value) => ({ gt: [field, value] }),
};
const past: Way = {
  way: "past",
  words: () => t`is in the past`,
  says: (field) => t`${field} is in the past`,
  alone: true,
  condition: (field) => ({ lt: [field, today] }),
};
const within: Way = {
  way: "within",
  words: () => t`is in the next`,
  says: (field, value) => plural(Number(value), "{0} is in the next day", "{0} is in the next # days", field),
  days: true,
  condition: (field, value) => ({
    all: [{ ge: [field, today] }, { le: [field, { plus: [today, days(value)] }] }],
  }),
};
const since: Way = {
  way: "since",
  words: () => t`was in the last`,
  says: (field, value) => plural(Number(value), "{0} was in the last day", "{0} was in the last # days", field),
  days: true,
  condition: (field, value) => ({ ge: [field, { plus: [today, `-${days(value)}`] }] }),
};

const ways: Record<FilterKind, Way[]> = {
  text: [contains, is, empty, filled],
  choice: [is, isNot, empty, filled],
  number: [is, least, most, empty, filled],
  date: [before, after, within, past, is, empty, filled],
  dateTime: [],
  yesNo: [is, empty],
  list: [includes, empty, filled],
  reference: [is, empty, filled],
};

/** What every record has beside its fields, as far as lists are filtered by it. */
const pseudo: Record<string, { field: (type: RecordType) => Field; ways: Way[] }> = {
  state: {
    field: (type) => ({
      kind: "choice",
      label: t`State`,
      options: Object.entries(type.states).map(([value, { label }]) => ({ value, label })),
    }),
    ways: [is, isNot],
  },
  createdBy: { field: () => ({ kind: "person", label: t`Created by` }), ways: [isYou, is] },
  createdAt: { field: () => ({ kind: "date", label: t`Created` }), ways: [since, before] },
  updatedAt: { field: () => ({ kind: "date", label: t`Last changed` }), ways: [since, before] },
};

const own = (name: string) => (Object.hasOwn(pseudo, name) ? pseudo[name] : undefined);

export const filterField = (type: RecordType, name: string): Field | undefined =>
  own(name)?.field(type) ?? (Object.hasOwn(type.fields, name) ? type.fields[name] : undefined);

export function waysOf(type: RecordType, name: string): Way[] {
  const known = own(name);
  if (known) return known.ways;
  const field = filterField(type, name);
  const kind = field && filterOf(field);
  if (!kind) return [];
  const mine = field.kind === "person" ? [isYou] : field.kind === "people" ? [hasYou] : [];
  return [...mine, ...ways[kind]];
}

/** What a list may be narrowed by, in the order of the definition. */
export const filterable = (type: RecordType): { name: string; label: string }[] =>
  ["state", ...Object.keys(type.fields), "createdBy", "createdAt", "updatedAt"]
    .filter((name) => waysOf(type, name).length > 0)
    .map((name) => ({ name, label: labelOf(type, name) }));

/** What is asked for, as a single value: one of a list, a whole day, a number of days. */
export function askedFor(field: Field, way: Way | undefined): Field {
  const { label } = field;
  if (way?.days) return { kind: "number", label, min: 0, max: 3_650, unit: t`days` };
  if (field.kind === "choices") return { kind: "choice", label, options: field.options };
  if (field.kind === "roles") return { kind: "role", label };
  if (field.kind === "people") return { kind: "person", label };
  if (field.kind === "links") return { kind: "link", label, to: field.to };
  if (field.kind === "date" || field.kind === "dateTime") return { kind: "date", label };
  if (field.kind === "longText") return { kind: "text", label };
  return field;
}

/** Undefined for a line that says nothing yet, or that the definition does not know. */
export function conditionOf(type: RecordType, { name, way, value }: FilterLine): Condition | undefined {
  const found = waysOf(type, name).find((each) => each.way === way);
  if (!found || (!found.alone && (value === null || value === ""))) return undefined;
  return found.condition({ field: name }, value);
}

/** The lines that a condition says, and what of it no line can say. */
export function linesOf(
  type: RecordType,
  condition: Condition | undefined,
): { lines: FilterLine[]; rest: Condition[] } {
  if (!condition) return { lines: [], rest: [] };
  const line = lineOf(type, condition);
  if (line) return { lines: [line], rest: [] };
  if (!("all" in condition)) return { lines: [], rest: [condition] };
  const parts = condition.all.map((part) => linesOf(type, part));
  return { lines: parts.flatMap(({ lines }) => lines), rest: parts.flatMap(({ rest }) => rest) };
}

/** Tried out: the line whose condition is this very one. */
function lineOf(type: RecordType, condition: Condition): FilterLine | undefined {
  const { names, values } = namedIn(condition);
  const sought = canonicalJson(condition);
  for (const name of names)
    for (const { way, alone } of waysOf(type, name))
      for (const value of alone ? [null] : values) {
        const made = conditionOf(type, { name, way, value });
        if (made && canonicalJson(made) === sought) return { name, way, value };
      }
  return undefined;
}

/** The fields a condition names, and the literals a line of it could hold. */
function namedIn(condition: Condition): { names: Set<string>; values: Set<Literal> } {
  const [names, values] = [new Set<string>(), new Set<Literal>()];
  const walk = (part: unknown, key: string): void => {
    if (Array.isArray(part)) return part.forEach((each) => walk(each, key));
    if (typeof part === "object" && part !== null)
      return Object.entries(part).forEach(([inner, value]) => walk(value, inner));
    if (key === "field") names.add(String(part));
    else if (key !== "today" && key !== "actor") {
      const amount = /^-?P(\d+)D$/.exec(String(part))?.[1];
      values.add(amount === undefined ? (part as Literal) : Number(amount));
    }
  };
  walk(condition, "");
  return { names, values };
}

/** All of these; undefined for none. */
export function allOf(conditions: (Condition | undefined)[]): Condition | undefined {
  const given = conditions.flatMap((each) => (each ? [each] : []));
  return given.length > 1 ? { all: given } : given[0];
}

/** "Ends is before 31 July 2027"; `named` is what a person or record is called. */
export function sentenceOf(
  type: RecordType,
  line: FilterLine,
  named: string,
  roles: { name: string; label: string }[],
) {
  const way = waysOf(type, line.name).find((each) => each.way === line.way);
  const field = filterField(type, line.name);
  if (!way || !field) return "";
  const value = way.days ? String(line.value) : valueWords(askedFor(field, way), line.value, named, roles);
  return way.says(labelOf(type, line.name), value);
}

function valueWords(field: Field, value: Literal, named: string, roles: { name: string; label: string }[]): string {
  const text = String(value);
  switch (field.kind) {
    case "choice":
      return field.options.find((option) => option.value === text)?.label ?? text;
    case "role":
      return roles.find(({ name }) => name === text)?.label ?? text;
    case "yesNo":
      return value ? t`yes` : t`no`;
    case "date":
      return shortDate(text);
    case "money":
      return `£${(Number(value) / 100).toFixed(2)}`;
    case "number":
      return field.unit ? `${text} ${text === "1" ? field.unit.replace(/s$/, "") : field.unit}` : text;
    case "person":
    case "link":
      return named;
    default:
      return `“${text}”`;
  }
}

/** Kept in the address as [name, way, value] triples; anything else that stands there is passed over. */
export function readFilters(text: string | null): FilterLine[] {
  if (!text) return [];
  try {
    const parsed: unknown = JSON.parse(text);
    if (!Array.isArray(parsed)) return [];
    return parsed.flatMap((entry: unknown) => {
      if (!Array.isArray(entry)) return [];
      const [name, way, value] = entry as unknown[];
      const plain = value === null || ["string", "number", "boolean"].includes(typeof value);
      return typeof name === "string" && typeof way === "string" && plain
        ? [{ name, way, value: value as Literal }]
        : [];
    });
  } catch {
    return [];
  }
}

export const writeFilters = (lines: FilterLine[]): string =>
  JSON.stringify(lines.map(({ name, way, value }) => [name, way, value]));
