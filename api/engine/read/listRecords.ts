/** Lists and counts of records, as one identity may see them. */
import type { Condition, RecordType } from "../../../schema/definition";
import { Failure } from "../../../schema/failure";
import { type ListArgs, readCount, readList, type ReadPage } from "../../store/recordQuery";
import { publishedType, type Reader } from "./reader";
import { seesEverywhere } from "../../store/sight";
import { masked, withSeers } from "./readRecord";

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
  upTo?: number,
): Promise<number> {
  const published = publishedType(reader, type);
  mustSee(reader, published.type, fieldsOf(args.where));
  return readCount(reader.db, reader, published, args, upTo);
}

/** @throws FORBIDDEN for a field that is not shown to this reader in every record. */
export function mustSee(reader: Reader, type: RecordType, names: string[]): void {
  const hidden = names.find((name) => !seesEverywhere(type, name, reader.access));
  if (hidden !== undefined)
    throw new Failure("FORBIDDEN", `You may not filter or sort by ${type.fields[hidden]?.label ?? hidden}.`);
}

/** The fields a condition of the API names. */
export function fieldsOf(condition: Condition | undefined): string[] {
  const found: string[] = [];
  JSON.stringify(condition ?? null, (key, value: unknown) => {
    if (key === "field" && typeof value === "string") found.push(value);
    return value;
  });
  return found;
}
