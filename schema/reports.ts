/** What the sections of a report are made of: asked by the checker, and by the engine that makes one. */
import type { Condition, RecordType, Report, ReportSection } from "./definition";
import { isSensitive, lendsItself, namesPersons } from "./fields";
import { templateNames } from "./checkTemplate";
import { remembered } from "./remembered";
import { conditionNames } from "./walk";

type TypeNamed = (name: string) => RecordType | undefined;

/** Where a section's records come from: along which link, from the records of which type, and of which section. */
export interface Source {
  type: RecordType;
  /** `back`: the records link to those they come from; else they are linked to by them. */
  link?: { field: string; back: boolean };
  of?: string;
}

/** Undefined where what it names is not there. */
export function sourceOf(report: Report, section: ReportSection, typeNamed: TypeNamed, far = 0): Source | undefined {
  if ("type" in section) {
    const type = typeNamed(section.type);
    return type && { type };
  }
  const base = baseOf(report, section.from, typeNamed, far);
  const [first = "", second] = section.via.split(".");
  const name = second === undefined ? base?.fields[first] && linkOf(base, first) : first;
  const type = name === undefined ? undefined : typeNamed(name);
  if (!base || !type || (second !== undefined && linkOf(type, second) !== base.name)) return undefined;
  const of = section.from === undefined ? {} : { of: section.from };
  return { type, link: { field: second ?? first, back: second !== undefined }, ...of };
}

/** More than the sections that any report has: a circle. */
const FARTHEST = 20;

export function baseOf(
  report: Report,
  from: string | undefined,
  typeNamed: TypeNamed,
  far = 0,
): RecordType | undefined {
  if (from === undefined) return "record" in report.subject ? typeNamed(report.subject.record) : undefined;
  const section = Object.hasOwn(report.sections, from) ? report.sections[from] : undefined;
  return section && far < FARTHEST ? sourceOf(report, section, typeNamed, far + 1)?.type : undefined;
}

export function linkOf(type: RecordType, name: string): string | undefined {
  const field = Object.hasOwn(type.fields, name) ? type.fields[name] : undefined;
  return field?.kind === "link" || field?.kind === "links" ? field.to : undefined;
}

/** A section with what it takes from its view. */
export function laidOut(type: RecordType, section: ReportSection): Pick<ReportSection, "columns" | "sort" | "where"> {
  const view = section.view === undefined ? undefined : type.views?.[section.view];
  const both = [view?.where, section.where].filter((each) => each !== undefined);
  const [columns, sort] = [section.columns ?? view?.columns, section.sort ?? view?.sort];
  return { ...(columns && { columns }), ...(sort && { sort }), ...(both.length > 0 && { where: allOf(both) }) };
}

export const allOf = (parts: Condition[]): Condition => (parts.length === 1 && parts[0] ? parts[0] : { all: parts });

export const isOfPeriod = (condition: Condition | undefined): boolean =>
  condition !== undefined && conditionNames(condition, "period");

/**
 * May its value stand where names are hidden? People and records become stand-ins; what people wrote may name anybody. Of
 * documents and files a report shows that they are there, and nothing that stands in them.
 */
export const isNameless = (type: RecordType, name: string): boolean => {
  const field = type.fields[name];
  if (!field) return true;
  return !isSensitive(field) && !field.see && (field.nameless === true || !lendsItself(field, "written"));
};

/** Whether what records of a type are called names nobody. */
export const hasNamelessTitle = remembered((type: RecordType): boolean =>
  (templateNames(type.title) ?? [""]).every((path) => {
    const field = type.fields[path];
    if (!field) return path === "reference" || path === "state";
    return isNameless(type, path) && !namesPersons(field) && linkOf(type, path) === undefined;
  }),
);
