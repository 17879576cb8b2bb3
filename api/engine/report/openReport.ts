/** Who may make which report, of what; and one that is being made: what stands at its head, and its sections. */
import type { Cell } from "../../../schema/cell";
import { formatDate, formatInstant } from "../../../schema/dates";
import type { Field, RecordType, Report } from "../../../schema/definition";
import { parseDay } from "../../../schema/epochDay";
import { Failure } from "../../../schema/failure";
import { isSensitive } from "../../../schema/fields";
import { named, type Period, periodBefore, periodLabel } from "../../../schema/periods";
import type { FieldValue } from "../../../schema/record";
import { isoOf, type Sql } from "../../store/database";
import { type HistoryRow, readHistory } from "../../store/history";
import { documentVersions } from "../../store/noticeQuery";
import { type OrganisationFacts, organisationsById } from "../../store/organisations";
import { scopeIn } from "../../store/scopeIn";
import type { ReadRow } from "../../store/recordQuery";
import { byLink } from "../guests";
import { openRecord } from "../read/openRecord";
import { publishedType, type Reader } from "../read/reader";
import { hiddenInHistory } from "../read/readRecord";
import { cellOf, Columns, instantCell, namedIn, readInto, stateLabel } from "./cells";
import { Names, type Naming } from "./names";
import { inTurn } from "./inTurn";
import type { ReportTable } from "./reportTable";
import { linksAsked, type Making, sectionsOf } from "./sections";

export interface ReportAsk {
  name: string;
  /** Of a record's report. */
  record?: string | null;
  /** Of a period's. */
  period?: Period | null;
  hideNames: boolean;
}

export interface OpenReport {
  report: Report;
  title: string;
  /** What it is of: a record's title, or a period. */
  about: string;
  /** What stands at its head, label and value. */
  head: [label: string, value: string][];
  naming: Naming;
  school: OrganisationFacts;
  reader: Reader;
  record: string | null;
  period: Period | null;
  sections: AsyncIterable<ReportTable>;
}

/** The longest period: a report of more is asked for year by year. */
const LONGEST_DAYS = 800;

export function reportsFor({ access, registry }: Reader): Report[] {
  const roles = access.organisations.find(({ id }) => id === access.acting)?.roles ?? [];
  return registry.packs
    .flatMap(({ reports = [] }) => reports)
    .filter(({ who }) => who.some((role) => roles.includes(role)));
}

const orders: Naming[] = ["everybody", "staff", "nobody"];
const namings: Record<Naming, string | null> = {
  everybody: null,
  staff:
    "Staff and governors are named; everybody else has a stand-in such as “Person 1”. What people wrote is left out, save titles and what is to be written without names.",
  nobody:
    "Names are hidden: each person has the same stand-in throughout, such as “Person 1”. What people wrote is left out, save titles and what is to be written without names.",
};

/**
 * Makes a report as it stands at one moment, for `work` to take section by section; none is kept. Of its own organisation
 * alone. @throws FORBIDDEN, NOT_FOUND for a subject that may not be seen, INVALID_INPUT for one that is missing.
 */
export async function withReport<T>(
  asker: Reader,
  ask: ReportAsk,
  most: number,
  work: (open: OpenReport) => Promise<T>,
): Promise<T> {
  const report = reportsFor(asker).find(({ name }) => name === ask.name);
  if (!report) throw new Failure("FORBIDDEN", "This report is for other roles than yours.");
  const period = periodOf(report, ask);
  return inTurn(asker.identity.person.id, () =>
    asker.db.snapshot(async (sql) => work(await open(asker, sql, report, { ...ask, period }, most))),
  );
}

async function open(
  asker: Reader,
  sql: Sql,
  report: Report,
  ask: ReportAsk & { period: Period | null },
  most: number,
): Promise<OpenReport> {
  const { acting } = asker.access;
  const school = (await organisationsById(sql, [acting])).get(acting);
  if (!school) throw new Failure("NOT_FOUND", "There is no such organisation.");
  const reader = await readerAt(asker, sql, school);
  const least = ask.hideNames ? "nobody" : "everybody";
  const naming = orders[Math.max(orders.indexOf(least), orders.indexOf(report.names ?? "everybody"))] ?? "nobody";
  const names = new Names(reader, sql, naming);
  const { terms } = school.calendar;
  const { period } = ask;
  const spans = period
    ? { now: period, before: periodBefore(terms, period), terms, isNamed: named(terms, period) !== undefined }
    : undefined;
  const making: Making = { reader, names, spans, most };
  const subject = await subjectOf(making, report, ask.record ?? null);
  const about = subject ? names.record(subject.type, subject.row) : period ? periodLabel(terms, period) : school.name;
  const maker = asker.identity.person.id;
  await names.learn([maker]);
  const head: OpenReport["head"] = [
    ["School", school.name],
    subject
      ? [
          subject.type.label,
          `${about} (${subject.row.reference}): ${stateLabel(reader, subject.type, subject.row.state)}`,
        ]
      : ["Period", period ? spanWords(about, period) : ""],
    [
      "Made",
      `${formatInstant(isoOf(reader.now), school.calendar.zone)}, by ${names.person(maker)}, of what they may see`,
    ],
    ...(namings[naming] === null ? [] : [["Names", namings[naming]] as [string, string]]),
  ];
  async function* sections(): AsyncGenerator<ReportTable> {
    if (subject) yield* ofSubject(making, sql, report, subject);
    yield* sectionsOf(making, report, subject?.row);
  }
  return {
    ...{ report, title: report.title, about, head, naming, school, reader, period },
    record: subject?.row.id ?? null,
    sections: sections(),
  };
}

const spanWords = (label: string, { from, to }: Period): string => {
  const days = `${formatDate(from)} to ${formatDate(to)}`;
  return label === days ? days : `${label}: ${days}`;
};

/** Of the acting organisation alone, at the moment of the snapshot, with each type's own figures for its conditions. */
async function readerAt(asker: Reader, sql: Sql, school: OrganisationFacts): Promise<Reader> {
  const { registry, access, today } = asker;
  const organisations = access.organisations.filter(({ id }) => id === access.acting);
  const scopeFor = await scopeIn(sql, registry, school, today);
  return {
    ...asker,
    db: { ...asker.db, ...sql },
    access: { ...access, organisations },
    scopeOf: scopeFor(access.person),
  };
}

function periodOf({ subject }: Report, { period }: ReportAsk): Period | null {
  if ("record" in subject) return null;
  const [from, to] = [parseDay(period?.from ?? ""), parseDay(period?.to ?? "")];
  const problem = (path: string, message: string) => new Failure("INVALID_INPUT", message, [{ path, message }]);
  if (!period || from === undefined) throw problem("from", "Say from which day, as in 2026-09-01.");
  if (to === undefined) throw problem("to", "Say to which day, as in 2026-12-31.");
  if (to < from) throw problem("to", "The last day comes before the first: choose a later one.");
  if (to - from > LONGEST_DAYS) throw problem("to", "This is longer than two years: make a report of each.");
  return { from: period.from, to: period.to };
}

// ----------------------------------------------------------------------------------------------- of the subject itself

interface Subject {
  type: RecordType;
  row: ReadRow;
  columns: Columns;
}

async function subjectOf(
  { reader, names }: Making,
  report: Report,
  record: string | null,
): Promise<Subject | undefined> {
  if (!("record" in report.subject)) return undefined;
  const { type } = publishedType(reader, report.subject.record);
  if (!record)
    throw new Failure("INVALID_INPUT", `Say of which ${type.label} the report is.`, [
      { path: "record", message: "Choose one." },
    ]);
  const columns = new Columns(reader, type, report.facts ?? [], names);
  const fields = [...new Set([...columns.asked, ...linksAsked(report, undefined)])];
  const row = await openRecord(reader, type.name, { fields, people: [] }, record);
  if (row?.organisation !== reader.access.acting)
    throw new Failure("NOT_FOUND", `There is no such ${type.label}, or you may not see it.`);
  return { type, row, columns };
}

const table = (name: string, label: string, columns: string[], rows: Cell[][], notes: string[] = []): ReportTable => ({
  ...{ name, label, columns, rows, notes, total: rows.length, help: null, figures: null, drawn: null },
});

async function* ofSubject(
  making: Making,
  sql: Sql,
  report: Report,
  { type, row, columns }: Subject,
): AsyncGenerator<ReportTable> {
  const [cells = []] = await columns.cellsOf([row]);
  const facts = columns.labels.flatMap((label, at): Cell[][] =>
    cells[at] === null ? [] : [[label, cells[at] ?? null]],
  );
  const left = columns.leftOut.length ? [`Left out, since it may name somebody: ${columns.leftOut.join("; ")}.`] : [];
  const drawn = { type: type.name, organisation: row.organisation, ids: [row.id] };
  yield { ...table("facts", `The ${type.label.toLowerCase()}`, ["", ""], facts, left), drawn };
  for (const name of columns.asked)
    if (type.fields[name]?.kind === "document" && row.fields[name])
      yield versionsOf(making, await documentVersions(sql, row.id, name), type.fields[name]);
  if (report.decisions) yield await decisionsOf(making, sql, report.decisions, type, row);
}

async function versionsOf(
  { reader, names }: Making,
  versions: Awaited<ReturnType<typeof documentVersions>>,
  field: Field,
): Promise<ReportTable> {
  await names.learn(versions.flatMap(({ createdBy }) => createdBy ?? []));
  const rows = versions.map((version): Cell[] => [
    version.number,
    instantCell(version.createdAt, reader),
    version.createdBy === null ? null : names.person(version.createdBy),
    version.inForceAt === null ? "Never" : instantCell(version.inForceAt, reader),
    version.hash,
  ]);
  const columns = ["Version", "Saved", "By", "Put in force", "SHA-256 of its words"];
  return table("versions", `${field.label}: its versions`, columns, rows);
}

const PAGE = 200;

async function decisionsOf(
  making: Making,
  sql: Sql,
  decisions: string[],
  type: RecordType,
  row: ReadRow,
): Promise<ReportTable> {
  const { reader, names } = making;
  const hidden = hiddenInHistory(reader.registry, row, reader.access);
  const rows: Cell[][] = [];
  for (let before: number | undefined; ;) {
    const ask = { limit: PAGE, detail: "whole", actions: decisions, ...(before !== undefined && { before }) } as const;
    const page = await readHistory(sql, row.id, ask);
    await names.learn(page.flatMap(({ actor }) => actor ?? []));
    for (const each of page)
      rows.push([
        instantCell(each.at, reader),
        type.actions[each.rule]?.label ?? each.rule,
        actorOf(names, each),
        await toldOf(making, type, each, hidden),
      ]);
    before = page.at(-1)?.seq;
    if (before === undefined) break;
  }
  return table("decisions", "What was decided, and by whom", ["When", "What", "By whom", "With"], rows);
}

function actorOf(names: Names, { actor, actorKind }: HistoryRow): string {
  if (actor === null || actorKind === "system") return "Duly, by itself";
  return actorKind === "guest" ? byLink(names.person(actor)) : names.person(actor);
}

/** What was answered and changed, as far as it may be shown: "Minute: FGB 2026/14; Governors present: …". */
async function toldOf(
  { reader, names }: Making,
  type: RecordType,
  { rule, detail }: HistoryRow,
  hidden: Set<string>,
): Promise<string> {
  const action = type.actions[rule];
  const changed = Object.entries((detail?.["values"] ?? {}) as Record<string, [unknown, FieldValue]>);
  const given = new Map<string, FieldValue>([
    ...changed.map(([name, [, to]]) => [name, to] as const),
    ...Object.entries((detail?.["answers"] ?? {}) as Record<string, FieldValue>),
  ]);
  const asked = { ...type, fields: { ...type.fields, ...action?.asks } };
  const parts: string[] = [];
  for (const name of action?.form ?? []) {
    const [field, value] = [asked.fields[name], given.get(name)];
    if (
      !field ||
      value === undefined ||
      hidden.has(name) ||
      isSensitive(field) ||
      field.kind === "document" ||
      field.kind.startsWith("file")
    )
      continue;
    if (!names.shows(asked, name)) continue;
    const [people, links] = [new Set<string>(), new Map<string, Set<string>>()];
    namedIn(field, value, people, links);
    await names.learn(people);
    const linked = new Map<string, ReadRow>();
    await readInto(linked, reader, links, () => []);
    const cell = cellOf(field, value, { reader, names, linked });
    if (cell !== null) parts.push(`${field.label}: ${typeof cell === "object" ? formatDate(cell.date) : cell}`);
  }
  return parts.join("; ");
}
