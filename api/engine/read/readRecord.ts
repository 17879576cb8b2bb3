/** Records as one identity may see them: what may not be seen is not found, a field that may not be seen is empty. */
import type { Field, RecordType } from "../../../schema/definition";
import { type ByWho, forWho } from "../../../schema/language/who";
import type { RecordData } from "../../../schema/record";
import type { Registry } from "../../store/definitions";
import { noteLooks } from "../../store/looks";
import { type Asked, type PersonBrief, readByIds, type ReadRow, rowOf } from "../../store/recordQuery";
import { holdsRole, isOpenIn } from "../../store/sight";
import type { Access } from "../../store/visibility";
import { publishedType, type Reader } from "./reader";

export async function readRecords(reader: Reader, type: string, asked: Asked, ids: string[]): Promise<ReadRow[]> {
  const published = publishedType(reader, type);
  const full = withSeers(published.type, asked);
  const rows = await readByIds(reader.db, reader, published, full, ids);
  return masked(reader, published.type, asked, rows);
}

export async function readRecord(reader: Reader, type: string, asked: Asked, id: string): Promise<ReadRow | null> {
  return (await readRecords(reader, type, asked, [id]))[0] ?? null;
}

/** A record that the same request has just written, as `readRecord` would find it, without asking for it again. */
export async function readWritten(
  reader: Reader,
  record: RecordData,
  asked: Asked,
  person: (id: string) => Promise<PersonBrief | null>,
): Promise<ReadRow> {
  const { type } = publishedType(reader, record.type);
  const row = await rowOf(type, record, withSeers(type, asked), person);
  masked(reader, type, asked, [row]);
  noteLooks(reader, record.type, [record.id]);
  return row;
}

/** Adds what is needed to judge who may see the restricted ones of the fields asked for. */
export function withSeers(type: RecordType, asked: Asked): Asked {
  if (!restricted(type, asked).length) return asked;
  const fields = new Set(asked.fields);
  for (const name of restricted(type, asked))
    for (const who of type.fields[name]?.see ?? []) if ("field" in who) fields.add(who.field);
  return { fields: [...fields], people: asked.people };
}

/** Empties what this identity may not see of the rows. */
export function masked(reader: Reader, type: RecordType, asked: Asked, rows: ReadRow[]): ReadRow[] {
  const names = restricted(type, asked);
  if (!names.length || reader.access.system) return rows;
  for (const row of rows) {
    // Judged on the row as it is stored, before any of it is emptied.
    const hidden = names.filter(
      (name) => !(type.fields[name]?.see ?? []).some((who) => forWho(seers, who, row, reader.access)),
    );
    for (const name of hidden) {
      row.fields[name] = null;
      row.people[name] = null;
    }
  }
  return rows;
}

/** Of a sealed field everybody reads only whether it is held: `see` says who opens it. */
const isRestricted = (field: Field | undefined): boolean => field?.see !== undefined && !field.sealed;

const restricted = (type: RecordType, asked: Asked): string[] =>
  hasRestricted(type) ? [...asked.fields, ...asked.people].filter((name) => isRestricted(type.fields[name])) : [];

const anyRestricted = new WeakMap<RecordType, boolean>();
function hasRestricted(type: RecordType): boolean {
  let any = anyRestricted.get(type);
  if (any === undefined) {
    any = Object.values(type.fields).some(isRestricted);
    anyRestricted.set(type, any);
  }
  return any;
}

const never = () => false;
/** Who sees a field of a row, without asking the database: by a relation, a group or a task alone nobody does. */
const seers: ByWho<[row: ReadRow, access: Access], boolean> = {
  role: (who, row, access) => holdsRole(who, row.organisation, access),
  field({ field }, row, { person }) {
    const value = field === "createdBy" ? row.createdBy : row.fields[field];
    return person !== null && [value].flat().some((entry) => entry === person);
  },
  anyone: (_who, _row, { person }) => person !== null,
  relation: never,
  group: never,
  rolesIn: never,
  task: never,
  system: never,
};

/**
 * The fields, and the questions of any version's actions, of whose past in a record this reader is told nothing: those
 * that only persons named by the record may see were others' to see before.
 */
export function hiddenInHistory(
  registry: Registry,
  record: { type: string; organisation: string },
  access: Access,
): Set<string> {
  const known = registry.types.get(record.type);
  const asks = [...(known?.versions.values() ?? [])].flatMap(({ type }) =>
    Object.values(type.actions).map((action) => action.asks ?? {}),
  );
  const fields = [known?.active.type.fields ?? {}, ...asks].flatMap((each) => Object.entries(each));
  return new Set(fields.flatMap(([name, field]) => (isOpenIn(record.organisation, field, access) ? [] : [name])));
}
