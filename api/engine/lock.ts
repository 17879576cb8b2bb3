/**
 * Locks on records for verbs: sorted by id, in one order everywhere. A guard that counts other records is safe because
 * whoever opens, changes or reopens a counted record holds the record whose guard counts it.
 */
import type { RecordType } from "../../schema/definition";
import { Failure } from "../../schema/failure";
import { factsRead } from "../../schema/factsRead";
import type { Fields, RecordData } from "../../schema/record";
import { marks } from "../store/database";
import { Restart } from "../store/trouble";
import type { Registry } from "../store/definitions";
import { noteLooks } from "../store/looks";
import { loadRecords, lockRecords, type RecordKey } from "../store/records";
import { maySee } from "./may";
import { activeType } from "./pinned";
import type { Run } from "./run";

/**
 * One record, with those that its links make it hold. What the person may not see is not found, whatever else is wrong.
 * @throws NOT_FOUND.
 */
export async function lockRecord(run: Run, type: string, id: string): Promise<RecordData> {
  activeType(run.registry, type);
  const linked = await linkedTo(run, [{ type, id }]);
  const locked = await hold(run, [{ type, id }, ...(linked.get(id) ?? [])]);
  const record = locked.find((one) => one.id === id) ?? (await loadRecords(run.tx, run.registry, [{ type, id }]))[0];
  if (!record || !(await maySee(run, record))) throw new Failure("NOT_FOUND", "There is no such record.");
  // Also of a change that is refused afterwards: why it is tells of the record.
  noteLooks(run, type, [id]);
  return record;
}

/** Of these records, those that nobody else holds, nor what their links make them hold. */
export async function lockFree(run: Run, keys: RecordKey[]): Promise<RecordData[]> {
  const linked = await linkedTo(run, keys);
  await hold(run, []);
  const locked = await lockRecords(run.tx, run.registry, [...keys, ...[...linked.values()].flat()], {
    skipLocked: true,
  });
  for (const { id } of locked) run.locks.held.add(id);
  const wanted = new Set(keys.map(({ id }) => id));
  return locked.filter(
    ({ id }) => wanted.has(id) && (linked.get(id) ?? []).every((other) => run.locks.held.has(other.id)),
  );
}

/** Holds what these values link to, where a guard counts along that link. */
export async function holdLinked(run: Run, records: { type: string; fields: Fields }[]): Promise<void> {
  await hold(
    run,
    records.flatMap(({ type, fields }) =>
      countedLinks(run.registry, type).flatMap(({ name, to }) => {
        const value = fields[name];
        const ids = typeof value === "string" ? [value] : Array.isArray(value) ? value.map(String) : [];
        return ids.map((id) => ({ type: to, id }));
      }),
    ),
  );
}

/**
 * Locks what is not held yet, and returns it. Where some of it sorts before what this transaction has waited for, the
 * transaction begins again and takes everything in order.
 */
async function hold(run: Run, keys: RecordKey[]): Promise<RecordData[]> {
  const { held, wanted } = run.locks;
  const missing = [...keys, ...wanted.values()].filter(({ id }) => !held.has(id));
  if (missing.some(({ id }) => id < run.locks.last)) {
    for (const key of missing) wanted.set(key.id, key);
    throw new Restart("The transaction needs more records than it began with.");
  }
  for (const { id } of missing) {
    held.add(id);
    if (id > run.locks.last) run.locks.last = id;
  }
  return lockRecords(run.tx, run.registry, missing);
}

interface CountedLink {
  name: string;
  to: string;
}

const counted = new WeakMap<Registry, Map<string, CountedLink[]>>();

/** Links of a type along which a guard counts: its own guards, or those of the type at the end of it, of any version. */
function countedLinks(registry: Registry, name: string): CountedLink[] {
  const known = counted.get(registry) ?? new Map<string, CountedLink[]>();
  counted.set(registry, known);
  let found = known.get(name);
  if (!found) known.set(name, (found = findCounted(registry, name)));
  return found;
}

function findCounted(registry: Registry, type: string): CountedLink[] {
  const versions = (name: string): RecordType[] =>
    [...(registry.types.get(name)?.versions.values() ?? [])].map((version) => version.type);
  const counts = (by: string, via: string): boolean =>
    versions(by).some((version) =>
      factsRead(version).related.some((related) => "via" in related && related.via === via),
    );
  return Object.entries(registry.types.get(type)?.active.type.fields ?? {}).flatMap(([name, field]) =>
    (field.kind === "link" || field.kind === "links") && (counts(type, name) || counts(field.to, `${type}.${name}`))
      ? [{ name, to: field.to }]
      : [],
  );
}

/** What records hold along such links, by record: read without locks, so it may have changed when they are locked. */
async function linkedTo(run: Run, keys: RecordKey[]): Promise<Map<string, RecordKey[]>> {
  const found = new Map<string, RecordKey[]>();
  for (const type of new Set(keys.map((key) => key.type))) {
    const names = countedLinks(run.registry, type).map(({ name }) => name);
    const ids = keys.flatMap((key) => (key.type === type ? [key.id] : []));
    if (!names.length) continue;
    const rows = await run.tx.query(
      `SELECT record, target, target_type FROM record_link WHERE record IN (${marks(ids.length)}) AND field IN (${marks(names.length)})`,
      [...ids, ...names],
    );
    for (const row of rows) {
      const record = String(row["record"]);
      const own = found.get(record) ?? [];
      found.set(record, [...own, { type: String(row["target_type"]), id: String(row["target"]) }]);
    }
  }
  return found;
}
