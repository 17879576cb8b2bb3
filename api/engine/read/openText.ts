/** A version of a text, for whoever may see its record and, in it, the field; null for anybody else. */
import type { DocumentValue } from "../../../schema/record";
import { type DocumentView, documentsByIds } from "../../store/noticeQuery";
import type { ReadRow } from "../../store/recordQuery";
import { openRecord } from "./openRecord";
import { publishedType, type Reader } from "./reader";

export interface OpenText {
  version: DocumentView & { text: string };
  /** The id of the version in force, if one is. */
  inForce: string | null;
  /** The record, with this field and the one that says when the text in force was ratified. */
  row: ReadRow;
}

export async function openText(reader: Reader, id: string): Promise<OpenText | null> {
  const [version] = await documentsByIds(reader.db, [id]);
  if (version?.text === undefined) return null;
  const ratifiedOn = ratifiedOnOf(reader, version);
  const fields = ratifiedOn === undefined ? [version.field] : [version.field, ratifiedOn].sort();
  const row = await openRecord(reader, version.type, { fields, people: [] }, version.record);
  const value = row?.fields[version.field] as DocumentValue | null | undefined;
  if (!row || !value) return null;
  return { version: { ...version, text: version.text }, inForce: value.inForce?.id ?? null, row };
}

/** The date field that says when the text in force was ratified. */
export function ratifiedOnOf(reader: Reader, { type, field: name }: DocumentView): string | undefined {
  const field = publishedType(reader, type).type.fields[name];
  return field?.kind === "document" ? field.ratifiedOn : undefined;
}
