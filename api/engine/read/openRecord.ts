import type { Asked, ReadRow } from "../../store/recordQuery";
import { readRecord } from "./readRecord";
import type { Reader } from "./reader";

/** One record for a person who opens it: who has looked at it says that it was opened, not only listed. */
export async function openRecord(reader: Reader, type: string, asked: Asked, id: string): Promise<ReadRow | null> {
  const row = await readRecord(reader, type, asked, id);
  if (row) reader.looks.opened.add(id);
  return row;
}
