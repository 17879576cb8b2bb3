/** What kind of value an expression gives, for the checker: which may be compared with which, and set on which field. */
import type { Field, Literal, RecordType, Setting } from "./definition";
import { isFile, parse } from "./fields";
import { dateProblem, parseDate, parseDateTime, parseDuration, shown } from "./parseValue";
import { meant } from "./shape";
import { capital } from "./text";

export type ValueType =
  | {
      is:
        | "text"
        | "yesNo"
        | "dateTime"
        | "duration"
        | "person"
        | "role"
        | "document"
        | "risk"
        | "entries"
        | "file"
        | "files";
    }
  | { is: "number"; decimals: number }
  | { is: "date"; partial: boolean }
  | { is: "choice"; options: string[] }
  | { is: "state"; options: string[] }
  | { is: "link"; to: string }
  | { is: "list"; of: ValueType }
  | { is: "literal"; value: Literal }
  /** A problem has been said already: nothing more follows from it. */
  | { is: "unknown" };

export const unknown: ValueType = { is: "unknown" };

/** As a person would say it: "a date". */
export const typeNames: Record<ValueType["is"], string> = {
  text: "a text",
  yesNo: "a yes or no",
  dateTime: "a date and time",
  duration: "a length of time",
  person: "a person",
  role: "a role",
  document: "a document",
  risk: "a risk",
  entries: "a list of entries",
  file: "a file",
  files: "a list of files",
  number: "a number",
  date: "a date",
  choice: "a choice",
  state: "a state",
  link: "a record",
  list: "a list",
  literal: "a fixed value",
  unknown: "something unknown",
};

export function typeOfField(field: Field): ValueType {
  switch (field.kind) {
    case "text":
    case "longText":
      return { is: "text" };
    case "number":
      return { is: "number", decimals: field.decimals ?? 0 };
    case "money":
      return { is: "number", decimals: 0 };
    case "date":
      return { is: "date", partial: field.precision ?? false };
    case "choice":
      return { is: "choice", options: field.options.map((option) => option.value) };
    case "choices":
      return { is: "list", of: { is: "choice", options: field.options.map((option) => option.value) } };
    case "people":
      return { is: "list", of: { is: "person" } };
    case "roles":
      return { is: "list", of: { is: "role" } };
    case "link":
      return { is: "link", to: field.to };
    case "links":
      return { is: "list", of: { is: "link", to: field.to } };
    case "riskGrid":
      return { is: "risk" };
    case "list":
      return { is: "entries" };
    default:
      return { is: field.kind };
  }
}

/** Of a pseudo-field; undefined for a name that is none. */
export function typeOfPseudoField(name: string, type: RecordType): ValueType | undefined {
  switch (name) {
    case "state":
      return { is: "state", options: Object.keys(type.states) };
    case "reference":
      return { is: "text" };
    case "createdAt":
    case "updatedAt":
      return { is: "dateTime" };
    case "createdBy":
      return { is: "person" };
    default:
      return undefined;
  }
}

export function typeOfSetting(setting: Setting): ValueType {
  switch (setting.kind) {
    case "offset":
      return { is: "duration" };
    case "number":
    case "percent":
      return { is: "number", decimals: 0 };
    case "date":
      return { is: "date", partial: true };
    case "offsets":
    case "texts":
      return { is: "list", of: { is: "text" } };
    default:
      return { is: "text" };
  }
}

const ordered = new Set<ValueType["is"]>(["number", "date", "dateTime"]);
const single = (type: ValueType) => !["list", "entries", "document", "risk", "file", "files"].includes(type.is);

/** Why the two cannot be compared so; undefined where they can. */
export function comparisonProblem(how: string, a: ValueType, b: ValueType): string | undefined {
  if (a.is === "unknown" || b.is === "unknown") return undefined;
  if ([a, b].some((type) => type.is === "literal" && type.value === null))
    return "A comparison with nothing is always false: ask with “empty”.";
  const odd = [a, b].find((type) => !single(type));
  if (odd) return `${capital(typeNames[odd.is])} cannot be compared: ask with “includes” or “empty”.`;
  if (a.is === "literal" && b.is === "literal") return "Both sides are fixed values: this says nothing of a record.";
  const [type, other] = a.is === "literal" ? [b, a] : [a, b];
  if (how !== "eq" && how !== "ne" && !ordered.has(type.is))
    return `${capital(typeNames[type.is])} has no order: only numbers, dates and times come before or after another.`;
  if (other.is === "literal") return literalProblem(type, other.value);
  if (type.is !== other.is || (type.is === "link" && other.is === "link" && type.to !== other.to))
    return `${capital(nameOf(type))} cannot be compared with ${nameOf(other)}.`;
  if (type.is === "number" && other.is === "number" && type.decimals !== other.decimals && /^(eq|ne)$/.test(how))
    return "Numbers of different decimals are not asked to be equal: compare with le and ge.";
  return undefined;
}

const nameOf = (type: ValueType) => (type.is === "link" ? `a record of ${type.to}` : typeNames[type.is]);

/** Why a fixed value is none of this type; undefined where it is. */
export function literalProblem(type: ValueType, value: Literal): string | undefined {
  const wrong = `${shown(value)} is not ${typeNames[type.is]}.`;
  switch (type.is) {
    case "number":
      return typeof value === "number" ? undefined : wrong;
    case "yesNo":
      return typeof value === "boolean" ? undefined : wrong;
    case "choice":
    case "state":
      if (typeof value === "string" && type.options.includes(value)) return undefined;
      return `There is no ${type.is} ${shown(value)}.${meant(String(value), type.options)}`;
    case "date": {
      const parsed = parseDate({ kind: "date", label: "", precision: true }, value);
      return "problem" in parsed ? dateProblem(value) : undefined;
    }
    case "dateTime":
    case "duration": {
      const parsed = type.is === "dateTime" ? parseDateTime(value) : parseDuration(value);
      return "problem" in parsed ? parsed.problem : undefined;
    }
    case "person":
    case "link":
      return `${capital(typeNames[type.is])} is not written into a definition: name a field${type.is === "person" ? ", a role or the actor" : ""}.`;
    default:
      return typeof value === "string" ? undefined : wrong;
  }
}

/** Why the value cannot be set on the field; undefined where it can. */
export function assignmentProblem(field: Field, from: ValueType): string | undefined {
  if (from.is === "unknown") return undefined;
  if (field.kind === "document") return "A document's text is given in a form, never set by a rule.";
  if (isFile(field)) return "A file is given in a form, never set by a rule.";
  if (from.is === "literal") {
    const parsed = parse(field, from.value);
    if ("problem" in parsed) return parsed.problem;
    const { is } = typeOfField(field);
    return parsed.value !== null && (is === "person" || is === "link")
      ? literalProblem(typeOfField(field), from.value)
      : undefined;
  }
  const to = typeOfField(field);
  if (to.is === "text" && ["text", "choice", "state", "duration", "role", "date"].includes(from.is)) return undefined;
  if (!isSame(to, from)) return `${capital(nameOf(from))} cannot be set on ${field.label}, which holds ${nameOf(to)}.`;
  if (to.is === "date" && from.is === "date" && from.partial && !to.partial)
    return `${field.label} needs a day, and this date may be only a month: give the field precision.`;
  const [options, given] = [optionsOf(to), optionsOf(from)];
  const odd = given?.find((option) => options && !options.includes(option));
  if (odd !== undefined) return `${field.label} has no option ${shown(odd)}.${meant(odd, options ?? [])}`;
  if (to.is === "number" && from.is === "number" && from.decimals > to.decimals)
    return `${field.label} keeps ${to.decimals} decimals, and this number has ${from.decimals}.`;
  return undefined;
}

const isSame = (to: ValueType, from: ValueType): boolean =>
  to.is === from.is &&
  (to.is !== "link" || (from.is === "link" && to.to === from.to)) &&
  (to.is !== "list" || (from.is === "list" && isSame(to.of, from.of)));

const optionsOf = (type: ValueType): string[] | undefined => {
  const one = type.is === "list" ? type.of : type;
  return one.is === "choice" ? one.options : undefined;
};
