/** The figures of a section: now, or in a period with the period before beside it. Counted as charts are, and kept back as there. */
import type { Cell } from "../../../schema/cell";
import type { Condition, Figure, RecordType, ReportSection } from "../../../schema/definition";
import { type Period, periodLabel } from "../../../schema/periods";
import type { Term } from "../../../schema/calendarData";
import type { FieldValue } from "../../../schema/record";
import { allOf, isOfPeriod } from "../../../schema/reports";
import { readCounts, readMeanDays } from "../../store/recordQuery";
import { type Viewer, visibilityFor } from "../../store/visibility";
import { type Counting, countingOf, valuesOf } from "../read/counts";
import { fieldsOf } from "../read/listRecords";
import { publishedType, type Reader } from "../read/reader";
import { seesEverywhere } from "../../store/sight";
import { cellOf, namedIn, pseudoLabels, readInto, stateLabel } from "./cells";
import type { Names } from "./names";
import { type FigureTable, FEW, TOO_FEW } from "./reportTable";

/** A period and the one before it, with their names. `isNamed`: a whole term or school year. */
export interface Spans {
  now: Period;
  before: Period;
  terms: Term[];
  isNamed: boolean;
}

type Figures = NonNullable<ReportSection["figures"]>;

const NONE = "None given";

interface Asking {
  reader: Reader;
  type: RecordType;
  counting: Counting;
  spans: Spans | undefined;
}

/** A sentence where this reader may not be told them. `narrowed`: they are of part of the records, by a link. */
export async function figuresOf(
  reader: Reader,
  names: Names,
  type: RecordType,
  { by, of }: Figures,
  where: Condition | undefined,
  { spans, narrowed }: { spans: Spans | undefined; narrowed: boolean },
): Promise<FigureTable | string> {
  const counting = countingOf(reader, type, { charted: true, by });
  if (typeof counting === "string") return counting;
  // Whoever may only count could else move the days about until the difference tells of one record.
  if (counting.blind && (narrowed || (spans && !spans.isNamed)))
    return `${type.pluralLabel} are counted for you as a whole only, by whole terms and school years.`;
  if (visibilityFor(counting.viewer, type) === "none") return `Your roles see no ${type.pluralLabel}.`;
  const asked = [where, ...of.map((figure) => figure.where)].flatMap(fieldsOf);
  const dates = of.flatMap(({ days }) => (days ? [days.from, days.to] : []));
  if (![...asked, ...dates, by ?? "state"].every((name) => seesEverywhere(type, name, reader.access)))
    return `${type.pluralLabel} are not counted by what you may not see of each.`;
  const asking: Asking = { reader, type, counting, spans };
  const figures = of.map((figure) => ({
    figure,
    where: allOf([where, figure.where].filter((each) => each !== undefined)),
  }));
  return by === undefined ? oneEach(asking, figures) : byValue(asking, names, by, figures);
}

interface Asked {
  figure: Figure;
  where: Condition;
}

/** What a condition is bound to in a period. */
export const within = <V extends Viewer>(viewer: V, period: Period | undefined): V =>
  period ? { ...viewer, scopeOf: (type) => ({ ...viewer.scopeOf(type), period }) } : viewer;

/** The periods a figure is told of: those of the report where it asks for them, else it is of this moment. */
const periodsOf = ({ where }: Asked, spans: Spans | undefined): (Period | undefined)[] =>
  spans && isOfPeriod(where) ? [spans.now, spans.before] : [spans?.now];

async function oneEach(asking: Asking, figures: Asked[]): Promise<FigureTable> {
  const { spans } = asking;
  const compared = spans !== undefined && figures.some((each) => isOfPeriod(each.where));
  const rows: Cell[][] = [];
  for (const asked of figures) {
    const periods = periodsOf(asked, spans);
    const cells: Cell[] = [];
    for (const period of periods) cells.push(await numberOf(asking, asked, period));
    const today = compared && periods.length === 1;
    rows.push([today ? `${asked.figure.label} (today)` : asked.figure.label, ...cells, ...(today ? [null] : [])]);
  }
  const heads = compared ? [periodLabel(spans.terms, spans.now), periodLabel(spans.terms, spans.before)] : ["Today"];
  return { columns: ["", ...heads], rows };
}

async function numberOf(asking: Asking, { figure, where }: Asked, period: Period | undefined): Promise<Cell> {
  const { reader, type, counting } = asking;
  const viewer = within(counting.viewer, period);
  const args = { where, ...(counting.organisations && { organisations: counting.organisations }) };
  const published = publishedType(reader, type.name);
  if (figure.days) {
    const { count, days } = await readMeanDays(reader.db, viewer, published, { ...args, ...figure.days });
    if (counting.told(count) === null) return TOO_FEW;
    return count ? Math.round(days * 10) / 10 : null;
  }
  const counts = await readCounts(reader.db, viewer, published, { ...args, by: "state" });
  return told(
    counting,
    counts.reduce((sum, { count }) => sum + count, 0),
  );
}

const told = ({ told: tell }: Counting, count: number): Cell => tell(count) ?? FEW;

async function byValue(asking: Asking, names: Names, by: string, figures: Asked[]): Promise<FigureTable> {
  const { reader, type, counting, spans } = asking;
  const columns: string[] = [];
  const found: Map<string | null, number>[] = [];
  for (const asked of figures)
    for (const [at, period] of periodsOf(asked, spans).entries()) {
      const { label } = asked.figure;
      columns.push(at > 0 && spans ? `${label}, ${periodLabel(spans.terms, spans.before)}` : label);
      const counts = await readCounts(reader.db, within(counting.viewer, period), publishedType(reader, type.name), {
        where: asked.where,
        by,
        ...(counting.organisations && { organisations: counting.organisations }),
      });
      found.push(new Map(counts.map(({ value, count }) => [value, count])));
    }
  const held = found.flatMap((counts) =>
    [...counts].filter(([, count]) => !counting.blind || counting.told(count) !== null),
  );
  const values = [...new Set([...(counting.blind ? (valuesOf(type, by) ?? []) : []), ...held.map(([value]) => value)])];
  const labels = await labelsOf(reader, names, type, by, values);
  const order = orderOf(type, by);
  const rows = [...values]
    .sort((a, b) => order(a) - order(b) || (labels.get(a) ?? "").localeCompare(labels.get(b) ?? "", "en-GB"))
    .map((value): Cell[] => [
      labels.get(value) ?? NONE,
      ...found.map((counts) => told(counting, counts.get(value) ?? 0)),
    ]);
  return {
    columns: [type.fields[by]?.label ?? pseudoLabels[by] ?? by, ...columns],
    rows: [...rows, ...totals(rows, found)],
  };
}

/** None where a part is kept back: it could be told from the rest. */
function totals(rows: Cell[][], found: Map<string | null, number>[]): Cell[][] {
  if (rows.length < 2 || rows.some((row) => row.includes(FEW))) return [];
  return [["All", ...found.map((counts) => [...counts.values()].reduce((sum, count) => sum + count, 0))]];
}

/** In the order that a definition gives its states and options; what it does not order stands after them. */
function orderOf(type: RecordType, by: string): (value: string | null) => number {
  const known = valuesOf(type, by) ?? [];
  return (value) => (value === null ? Infinity : known.includes(value) ? known.indexOf(value) : known.length);
}

async function labelsOf(reader: Reader, names: Names, type: RecordType, by: string, values: (string | null)[]) {
  const field = type.fields[by];
  const held = values.map((value): [string | null, FieldValue] => [
    value,
    field?.kind === "yesNo" ? value === "1" : value,
  ]);
  const [people, links] = [new Set<string>(), new Map<string, Set<string>>()];
  if (field) for (const [, value] of held) namedIn(field, value, people, links);
  await names.learn(people);
  const linked = new Map();
  await readInto(linked, reader, links, () => []);
  const labelOf = (value: string | null, as: FieldValue): string => {
    if (value === null) return NONE;
    if (!field) return by === "state" ? stateLabel(reader, type, value) : value;
    return String(cellOf(field, as, { reader, names, linked }) ?? "One not yours to see");
  };
  return new Map(held.map(([value, as]) => [value, labelOf(value, as)]));
}
