import { isFile, filesIn } from "../../../schema/fields";
import { filesByIds, type FileRow } from "../../store/files";
import { openRecord } from "./openRecord";
import { hiddenInHistory } from "./readRecord";
import { publishedType, type Reader } from "./reader";

/**
 * A file, for whoever may see it: its uploader while no record holds it; then those who see the record, and in it the
 * field that holds it now or, of what the field held before and of an action's answer, the history. Null for anybody else.
 */
export async function openFile(reader: Reader, id: string): Promise<FileRow | null> {
  const [file] = await filesByIds(reader.db, [id]);
  if (!file?.held) return file?.uploader === reader.access.person ? file : null;
  const { type, record, field } = file.held;
  const { fields } = publishedType(reader, type).type;
  const own = Object.keys(fields).filter((name) => isFile(fields[name]));
  const row = await openRecord(reader, type, { fields: own, people: [] }, record);
  if (!row) return null;
  const shown = own.some((name) => filesIn(fields[name], row.fields[name]).includes(id));
  return shown || !hiddenInHistory(reader.registry, row, reader.access).has(field) ? file : null;
}
