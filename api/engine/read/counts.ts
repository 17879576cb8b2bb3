/** How many records there are by state, field or month: for lists, for the charts of the definitions, for dashboards. */
import type { Chart, RecordType } from "../../../schema/definition";
import { addMonths, dayOf, textOfDay } from "../../../schema/epochDay";
import { Failure } from "../../../schema/failure";
import { zone } from "../../../schema/zone";
import { datetime, isoOf, type SqlValue } from "../../store/database";
import type { PublishedType } from "../../store/definitions";
import { type ListArgs, readCounts, readSpanCounts } from "../../store/recordQuery";
import { countedOrganisations, type Viewer, visibilityFor, wholeOrganisations } from "../../store/visibility";
import { overdueByType } from "../../store/workQuery";
import { fieldsOf, mustSee } from "./listRecords";
import { publishedType, type Reader } from "./reader";
import { seesEverywhere } from "../../store/sight";

export interface Counted {
  value: string | null;
  /** Null: fewer than `FEWEST`, and not told; to who may only count, none at all is fewer. */
  count: number | null;
}

/** Numbers of confidential records travel to meetings and reports, and fewer than this may tell of one person. */
const FEWEST = 5;
/** A year of months, the one under way included: a school year's trend. */
const MONTHS = 12;

/** Whose eyes a count is made with, in which organisations (all that are reached, unless said), and what is told of it. */
export interface Counting {
  viewer: Viewer;
  organisations?: string[];
  told: (count: number) => number | null;
  /**
   * The reader sees none of them, or not all: the question must be one that was fixed beforehand, and so must what is
   * counted apart, since that it is there would tell what its number keeps back.
   */
  blind?: boolean;
}

type Narrowed = Pick<ListArgs, "where" | "search" | "ids">;

/**
 * Of a confidential type, only over all records of an organisation, since a part would be taken for the whole: for who
 * may read all of them, and for who may count them, as its charts do and no closer. @throws FORBIDDEN.
 */
export async function countBy(reader: Reader, type: string, args: Narrowed & { by: string }): Promise<Counted[]> {
  const published = publishedType(reader, type);
  const { type: definition } = published;
  mustSee(reader, definition, [...fieldsOf(args.where), args.by]);
  const counting = countingOf(reader, definition, { charted: isCharted(definition, args), by: args.by });
  if (typeof counting === "string") throw new Failure("FORBIDDEN", counting);
  return counted(reader, published, counting, args);
}

async function counted(
  reader: Reader,
  published: PublishedType,
  { viewer, organisations, told, blind }: Counting,
  args: Narrowed & { by: string },
): Promise<Counted[]> {
  const rows = await readCounts(reader.db, viewer, published, { ...args, ...(organisations && { organisations }) });
  const found = rows.map(({ value, count }) => ({ value, count: told(count) }));
  if (!blind) return found;
  const counts = new Map(found.filter(({ count }) => count !== null).map(({ value, count }) => [value, count]));
  const values = new Set([...(valuesOf(published.type, args.by) ?? []), ...counts.keys()]);
  return [...values].map((value) => ({ value, count: counts.get(value) ?? null }));
}

/** What a definition lays down that may be counted apart, in its order; undefined where that is persons, roles or records. */
export function valuesOf({ states, fields }: RecordType, by: string): (string | null)[] | undefined {
  if (by === "state") return Object.keys(states);
  const field = fields[by];
  if (field?.kind === "yesNo") return ["0", "1"];
  return field?.kind === "choice" ? [...field.options.map(({ value }) => value), null] : undefined;
}

/**
 * Why not, where it may not be counted. `charted`: the question is one of the definition's own charts. `by`: what is
 * counted apart, if anything is.
 */
export function countingOf(
  reader: Reader,
  type: RecordType,
  { charted, by }: { charted: boolean; by?: string | undefined },
): Counting | string {
  const read = wholeOrganisations(reader, type);
  const mayRead = read.includes(reader.access.acting);
  const organisations = mayRead ? read : countedOrganisations(reader, type);
  const granted = charted && !mayRead && organisations.includes(reader.access.acting);
  if (!type.confidential && !granted) return { viewer: reader, told: (count) => count };
  if (!organisations.includes(reader.access.acting))
    return `${type.pluralLabel} are confidential: they are counted for those who may read all of them.`;
  if (!mayRead && !charted) return `${type.pluralLabel} are confidential: you may count all of them, as the charts do.`;
  if (!mayRead && by !== undefined && !valuesOf(type, by))
    return `${type.pluralLabel} are counted by person, role or record only for those who may read all of them.`;
  const viewer = mayRead ? reader : { ...reader, access: { ...reader.access, system: true } };
  const told = (count: number) => (count < FEWEST && (count > 0 || !mayRead) ? null : count);
  return { viewer, organisations, told, blind: !mayRead };
}

/** Is this the question of a chart? Any other could be narrowed until its answer tells of one person. */
const isCharted = ({ charts = {} }: RecordType, { by, where, search, ids }: Narrowed & { by: string }): boolean =>
  !where && !search && !ids && Object.values(charts).some((chart) => chart.by === by && !chart.where);

// ------------------------------------------------------------------------------------------------------------ charts

export interface ChartRef {
  type: RecordType;
  name: string;
  chart: Chart;
}

/** The charts this reader may see: of one type, or those that the definitions give to the reader's roles. */
export function chartsFor(reader: Reader, roles: string[], type?: string | null): ChartRef[] {
  const types = type ? [publishedType(reader, type)] : [...reader.registry.types.values()].map(({ active }) => active);
  return types.flatMap(({ type: definition }) =>
    Object.entries(definition.charts ?? {})
      .map(([name, chart]) => ({ type: definition, name, chart }))
      .filter(({ chart }) => (type ? true : (chart.for ?? []).some((role) => roles.includes(role))))
      .filter((ref) => maySee(reader, ref)),
  );
}

const maySee = (reader: Reader, { type, chart }: ChartRef): boolean => {
  const counting = countingOf(reader, type, { charted: true, by: chart.by });
  return (
    typeof counting !== "string" &&
    visibilityFor(counting.viewer, type) !== "none" &&
    namesIn(chart).every((name) => seesEverywhere(type, name, reader.access))
  );
};

const namesIn = ({ by, over, where }: Chart): string[] => [...fieldsOf(where), by ?? over ?? "state"];

/** The numbers of a chart; a month is a value such as "2027-05". Of a chart that may not be seen, none. */
export async function chartPoints(reader: Reader, ref: ChartRef): Promise<Counted[]> {
  const { type, chart } = ref;
  const counting = countingOf(reader, type, { charted: true, by: chart.by });
  if (typeof counting === "string" || !maySee(reader, ref)) return [];
  const published = publishedType(reader, type.name);
  const where = chart.where && { where: chart.where };
  if (chart.over === undefined) return counted(reader, published, counting, { by: chart.by ?? "state", ...where });
  const { viewer, organisations, told } = counting;
  const months = lastMonths(reader.today);
  const field = type.fields[chart.over];
  const edge = (date: string): SqlValue =>
    field?.kind === "date" ? date : datetime(isoOf(zone(reader.identity.acting.zone).at(dayOf(date), 0)));
  const spans = months.map((month) => ({ from: edge(month), to: edge(nextMonth(month)) }));
  const counts = await readSpanCounts(reader.db, viewer, published, {
    ...{ over: chart.over, spans, ...where },
    ...(organisations && { organisations }),
  });
  return months.map((month, at) => ({ value: month.slice(0, 7), count: told(counts[at] ?? 0) }));
}

/** The first days of the months up to this one. */
function lastMonths(today: string): string[] {
  const now = dayOf(`${today.slice(0, 7)}-01`);
  return Array.from({ length: MONTHS }, (_, at) => textOfDay(addMonths(now, at + 1 - MONTHS)));
}

const nextMonth = (first: string): string => textOfDay(addMonths(dayOf(first), 1));

// ---------------------------------------------------------------------------------------------------------- registers

export interface Standing {
  type: RecordType;
  states: Counted[];
  /** Open tasks past their day. Null: too few to be told, or none of the reader's to see. */
  overdue: number | null;
}

/** How many records of each register stand where, and how many of their tasks are late. */
export async function standings(reader: Reader): Promise<Standing[]> {
  const late = await overdueByType(reader.db, reader, reader.today);
  const found = await Promise.all(
    [...reader.registry.types.values()].map(async ({ active }): Promise<Standing[]> => {
      const { type } = active;
      const counting = countingOf(reader, type, { charted: isCharted(type, { by: "state" }), by: "state" });
      if (typeof counting === "string" || visibilityFor(counting.viewer, type) === "none") return [];
      const states = await counted(reader, active, counting, { by: "state" });
      const mine = counting.viewer === reader;
      return [{ type, states, overdue: mine ? counting.told(late.get(type.name) ?? 0) : null }];
    }),
  );
  return found.flat();
}
