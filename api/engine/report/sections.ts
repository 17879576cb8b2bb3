/** The sections of a report, one after another: each is read page by page, up to a number that is said, and then let go. */
import type { Cell } from "../../../schema/cell";
import type { Condition, RecordType, Report, ReportSection } from "../../../schema/definition";
import { allOf, laidOut, type Source, sourceOf } from "../../../schema/reports";
import type { ListArgs, ReadRow, SortKey } from "../../store/recordQuery";
import { visibilityFor, wholeOrganisations } from "../../store/visibility";
import { countRecords, fieldsOf, listRecords } from "../read/listRecords";
import type { Reader } from "../read/reader";
import { seesEverywhere } from "../../store/sight";
import { Columns } from "./cells";
import { figuresOf, type Spans, within } from "./figures";
import type { Names } from "./names";
import type { ReportTable } from "./reportTable";

export interface Making {
  reader: Reader;
  names: Names;
  spans: Spans | undefined;
  /** How many records of a section are shown. */
  most: number;
}

const PAGE = 200;
/** Links are asked for as many records at once. */
const TOGETHER = 100;
/** Records of a section from which another is reached. */
const MOST_BASES = 2_000;

/** What other sections are reached from: the records of one, and whom they link to. */
interface Base {
  ids: string[];
  links: Map<string, Set<string>>;
  /** There are others, from which nothing is reached. */
  more: boolean;
}

export async function* sectionsOf(
  making: Making,
  report: Report,
  subject: ReadRow | undefined,
): AsyncGenerator<ReportTable> {
  const bases = new Map<string | undefined, Base>();
  if (subject) bases.set(undefined, baseOf([subject], linksAsked(report, undefined)));
  const { registry } = making.reader;
  const typeNamed = (name: string): RecordType | undefined => registry.types.get(name)?.active.type;
  for (const [name, section] of Object.entries(report.sections)) {
    const source = sourceOf(report, section, typeNamed);
    // A school may have published a type anew without what this section names.
    if (!source) yield bare(name, section, "What this section tells of is no longer kept.");
    else yield await tableOf(making, report, name, section, source, bases);
  }
}

/** The links of a section's own records (of the subject's, for no name) along which others are reached. */
export const linksAsked = ({ sections }: Report, from: string | undefined): string[] =>
  Object.values(sections).flatMap((section) =>
    "via" in section && section.from === from && !section.via.includes(".") ? [section.via] : [],
  );

const baseOf = (rows: ReadRow[], links: string[], more = false): Base => ({
  more,
  ids: rows.map(({ id }) => id),
  links: new Map(links.map((link) => [link, new Set(rows.flatMap(({ fields }) => idsIn(fields[link])))])),
});

const idsIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(String) : typeof value === "string" ? [value] : [];

const bare = (name: string, { label, help }: ReportSection, note: string): ReportTable => ({
  ...{ name, label, help: help ?? null, columns: [], rows: [], total: 0, figures: null, drawn: null },
  notes: [note],
});

async function tableOf(
  making: Making,
  report: Report,
  name: string,
  section: ReportSection,
  source: Source,
  bases: Map<string | undefined, Base>,
): Promise<ReportTable> {
  const reader = within(making.reader, making.spans?.now);
  const { type } = source;
  const { columns = [], sort, where } = laidOut(type, section);
  const base = bases.get(source.of);
  const filters = filtersOf(source, base, where);
  const table = { ...bare(name, section, ""), notes: [] as string[] };
  if (base?.more) table.notes.push(`Only what belongs to the first ${words(base.ids.length)} above it.`);
  if (section.figures) {
    const whole = allOf(filters.flatMap((filter) => filter.where ?? []));
    const told = await figuresOf(reader, making.names, type, section.figures, whole, {
      spans: making.spans,
      narrowed: source.link !== undefined,
    });
    if (typeof told === "string") table.notes.push(told);
    else if (told.rows.length) table.figures = told;
    else if (!columns.length) table.notes.push("None.");
  }
  const [links, reached] = [linksAsked(report, name), isReached(report, name)];
  if (!columns.length && !reached) return table;
  const refusal = refusalOf(reader, type, where, sort);
  if (refusal) return { ...table, notes: [...table.notes, refusal] };

  const shown = new Columns(reader, type, columns, making.names);
  const asked = [...new Set([...shown.asked, ...links])];
  const needed = reached ? Math.max(MOST_BASES, making.most) : making.most;
  const { rows, more } = await drawn(reader, type, filters, { fields: asked, sort: sortOf(sort) }, needed);
  const own = rows.slice(0, making.most);
  bases.set(name, baseOf(rows, links, more));
  const total = more ? await countAll(reader, type, filters) : rows.length;
  if (own.length < total) table.notes.push(`These are the first ${words(own.length)} of ${words(total)}.`);
  if (shown.leftOut.length && own.length)
    table.notes.push(`Left out, since it may name somebody: ${shown.leftOut.join("; ")}.`);
  if (!wholeOrganisations(reader, type).includes(reader.access.acting))
    table.notes.push("Only those that whoever made this report may see.");
  const cells: Cell[][] = [];
  for (let at = 0; at < own.length; at += PAGE) cells.push(...(await shown.cellsOf(own.slice(at, at + PAGE))));
  const [first] = own;
  return {
    ...table,
    columns: shown.labels,
    rows: cells,
    total,
    drawn: first ? { type: type.name, organisation: first.organisation, ids: own.map(({ id }) => id) } : null,
  };
}

const words = (n: number): string => n.toLocaleString("en-GB");

const isReached = ({ sections }: Report, name: string): boolean =>
  Object.values(sections).some((section) => "via" in section && section.from === name);

/** Why none are shown at all: it must not be taken for there being none. */
function refusalOf(
  reader: Reader,
  type: RecordType,
  where: Condition | undefined,
  sort: string | undefined,
): string | undefined {
  if (visibilityFor(reader, type) === "none") return `Not shown: your roles see no ${type.pluralLabel}.`;
  const names = [...fieldsOf(where), ...(sort === undefined ? [] : [sort.replace(/^-/, "")])];
  const hidden = names.find((name) => !seesEverywhere(type, name, reader.access));
  return hidden && `Not shown: it depends on ${type.fields[hidden]?.label ?? hidden}, which you may not see of each.`;
}

const sortOf = (sort: string | undefined): SortKey[] =>
  sort === undefined ? [] : [{ field: sort.replace(/^-/, ""), desc: sort.startsWith("-") }];

type Filter = Pick<ListArgs, "where" | "ids">;

/** The reads that find a section's records: one, or one for each hundred of those that they are reached from. */
function filtersOf({ type, link }: Source, base: Base | undefined, where: Condition | undefined): Filter[] {
  const also = where ? [where] : [];
  if (!link) return [where ? { where } : {}];
  const ids = link.back ? (base?.ids ?? []) : [...(base?.links.get(link.field) ?? [])];
  return chunks(ids).map((some) => {
    if (!link.back) return { ids: some, ...(where && { where }) };
    const value = { field: link.field };
    const linked: Condition =
      type.fields[link.field]?.kind === "links"
        ? { any: some.map((id): Condition => ({ includes: [value, id] })) }
        : { in: [value, some] };
    return { where: allOf([linked, ...also]) };
  });
}

const chunks = (ids: string[]): string[][] =>
  Array.from({ length: Math.ceil(ids.length / TOGETHER) }, (_, at) => ids.slice(at * TOGETHER, (at + 1) * TOGETHER));

/** At most `most`, each once; `more`: there are others. */
async function drawn(
  reader: Reader,
  type: RecordType,
  filters: Filter[],
  args: { fields: string[]; sort: SortKey[] },
  most: number,
): Promise<{ rows: ReadRow[]; more: boolean }> {
  const rows = new Map<string, ReadRow>();
  for (const filter of filters)
    for (let after: string | null | undefined; after !== null;) {
      if (rows.size >= most) return { rows: [...rows.values()].slice(0, most), more: true };
      const page = await listRecords(reader, type.name, {
        ...args,
        ...filter,
        people: [],
        first: PAGE,
        ...(after !== undefined && { after }),
      });
      for (const row of page.rows) rows.set(row.id, row);
      after = page.hasNextPage ? page.endCursor : null;
    }
  return { rows: [...rows.values()].slice(0, most), more: rows.size > most };
}

async function countAll(reader: Reader, type: RecordType, filters: Filter[]): Promise<number> {
  let total = 0;
  for (const filter of filters) total += await countRecords(reader, type.name, filter);
  return total;
}
