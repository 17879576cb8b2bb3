/** Lists and counts of records, as one identity may see them. */
import type { Condition, RecordType } from "../../../schema/definition";
import { Failure } from "../../../schema/failure";
import { type ListArgs, readCount, readCounts, readList, type ReadPage } from "../../store/recordQuery";
import { countedOrganisations, wholeOrganisations } from "../../store/visibility";
import { publishedType, type Reader } from "./reader";
import { masked, seesEverywhere, withSeers } from "./readRecord";

/** @throws INVALID_INPUT for a cursor of another list, FORBIDDEN for a filter or sort by what one may not see. */
export async function listRecords(reader: Reader, type: string, args: ListArgs): Promise<ReadPage> {
  const published = publishedType(reader, type);
  mustSee(reader, published.type, [...fieldsOf(args.where), ...(args.sort ?? []).map((key) => key.field)]);
  const full = withSeers(published.type, args);
  const page = await readList(reader.db, reader, published, { ...args, ...full });
  masked(reader, published.type, args, page.rows);
  return page;
}

export async function countRecords(
  reader: Reader,
  type: string,
  args: Pick<ListArgs, "where" | "search" | "ids">,
): Promise<number> {
  const published = publishedType(reader, type);
  mustSee(reader, published.type, fieldsOf(args.where));
  return readCount(reader.db, reader, published, args);
}

export interface Counted {
  value: string | null;
  /** Null: fewer than `FEWEST`, and not told. */
  count: number | null;
}

/** Numbers of confidential records travel to meetings and reports, and fewer than this may tell of one person. */
const FEWEST = 5;

/**
 * Of a confidential type, only over all records of an organisation, since a part would be taken for the whole: for who
 * may read all of them, and for who may count them, as its charts do and no closer. @throws FORBIDDEN.
 */
export async function countBy(
  reader: Reader,
  type: string,
  args: Pick<ListArgs, "where" | "search" | "ids"> & { by: string },
): Promise<Counted[]> {
  const published = publishedType(reader, type);
  mustSee(reader, published.type, [...fieldsOf(args.where), args.by]);
  const { type: definition } = published;
  if (!definition.confidential) return readCounts(reader.db, reader, published, args);
  const read = wholeOrganisations(reader, definition);
  const mayRead = read.includes(reader.access.acting);
  const organisations = mayRead ? read : countedOrganisations(reader, definition);
  if (!organisations.includes(reader.access.acting))
    throw new Failure(
      "FORBIDDEN",
      `${definition.pluralLabel} are confidential: they are counted for those who may read all of them.`,
    );
  if (!mayRead && !isCharted(definition, args))
    throw new Failure(
      "FORBIDDEN",
      `${definition.pluralLabel} are confidential: you may count all of them, as the charts do.`,
    );
  const viewer = mayRead ? reader : { ...reader, access: { ...reader.access, system: true } };
  const counted = await readCounts(reader.db, viewer, published, { ...args, organisations });
  return counted.map(({ value, count }) => ({ value, count: count < FEWEST ? null : count }));
}

/** Is this the question of a chart? Any other could be narrowed until its answer tells of one person. */
const isCharted = (
  { charts = {} }: RecordType,
  { by, where, search, ids }: Pick<ListArgs, "where" | "search" | "ids"> & { by: string },
): boolean => !where && !search && !ids && Object.values(charts).some((chart) => chart.by === by && !chart.where);

function mustSee(reader: Reader, type: RecordType, names: string[]): void {
  const hidden = names.find((name) => !seesEverywhere(type, name, reader.access));
  if (hidden !== undefined)
    throw new Failure("FORBIDDEN", `You may not filter or sort by ${type.fields[hidden]?.label ?? hidden}.`);
}

/** The fields a condition of the API names. */
function fieldsOf(condition: Condition | undefined): string[] {
  const found: string[] = [];
  JSON.stringify(condition ?? null, (key, value: unknown) => {
    if (key === "field" && typeof value === "string") found.push(value);
    return value;
  });
  return found;
}
