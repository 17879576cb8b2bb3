/** A record as it is named among others: in the picture of a chain, or in a list of what is open. */
import type { ReadRow } from "../../store/recordQuery";
import { publishedType, type Reader } from "./reader";

export interface RecordNode {
  type: string;
  id: string;
  reference: string;
  title: string;
  state: string;
  /** What it is: the label of its type. */
  label: string;
}

export const nodeOf = (reader: Reader, { type, id, reference, recordTitle, state }: ReadRow): RecordNode => ({
  ...{ type, id, reference, title: recordTitle, state },
  label: publishedType(reader, type).type.label,
});
