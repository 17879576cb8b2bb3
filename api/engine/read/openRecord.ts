import { keepsViews } from "../../../schema/access";
import type { Asked, ReadRow } from "../../store/recordQuery";
import { newId } from "../world";
import { readRecord } from "./readRecord";
import { publishedType, type Reader } from "./reader";

/**
 * One record for a person who opens it: where its type says so, that is recorded. Lists are not, nor what a change
 * answers with, which the history tells. @throws UNAVAILABLE where it could not be recorded.
 */
export async function openRecord(reader: Reader, type: string, asked: Asked, id: string): Promise<ReadRow | null> {
  const row = await readRecord(reader, type, asked, id);
  const { person } = reader.access;
  if (row && person !== null && keepsViews(publishedType(reader, type).type))
    reader.world.views.note({ id: newId(), organisation: row.organisation, record: id, person, at: reader.now });
  return row;
}
