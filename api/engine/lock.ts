/**
 * Locks for verbs, in one order everywhere: what is in force, records sorted by id, then the rows of `held`, sorted, that stand for what
 * rules count (held.ts).
 */
import { Failure } from "../../schema/failure";
import type { RecordData } from "../../schema/record";
import { heldElsewhere, writeHeld } from "../store/held";
import { noteLooks } from "../store/looks";
import { type Bounded, loadRecords, lockRecords, type RecordKey } from "../store/records";
import { Restart } from "../store/trouble";
import { keepInForce } from "./inForce";
import { maySee } from "./may";
import { activeType } from "./pinned";
import type { Run } from "./run";

/** One record. What the person may not see is not found (`none`), whatever else is wrong. @throws NOT_FOUND. */
export async function lockRecord(
  run: Run,
  type: string,
  id: string,
  none = "There is no such record.",
): Promise<RecordData> {
  activeType(run.registry, type);
  const [record] = await lockSome(run, [{ type, id }]);
  if (!record || !(await maySee(run, record))) throw new Failure("NOT_FOUND", none);
  // Also of a change that is refused afterwards: why it is tells of the record.
  noteLooks(run, type, [id]);
  return record;
}

/** Those of these records that are there, in the order of their ids. @throws TooLarge where they are `bounded`. */
export async function lockSome(run: Run, keys: RecordKey[], options: Bounded = {}): Promise<RecordData[]> {
  const asked = new Set(keys.map(({ id }) => id));
  const locked = (await hold(run, keys, options)).filter(({ id }) => asked.has(id));
  for (const { id } of locked) asked.delete(id);
  const known = await loadRecords(
    run.tx,
    run.registry,
    keys.filter(({ id }) => asked.has(id)),
  );
  return [...locked, ...known].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Of these records, those that nobody else holds. @throws TooLarge where several are more than a batch may be. */
export async function lockFree(run: Run, keys: RecordKey[]): Promise<RecordData[]> {
  await hold(run, []);
  const locked = await lockRecords(run.tx, run.registry, keys, { skipLocked: true, bounded: true });
  for (const { id } of locked) run.locks.held.add(id);
  return locked;
}

/**
 * Locks what is not held yet, and returns it. Where some of it sorts before what this transaction has waited for, the
 * transaction begins again and takes everything in order.
 */
async function hold(run: Run, keys: RecordKey[], options: Bounded = {}): Promise<RecordData[]> {
  await keepInForce(run);
  const { held, wanted } = run.locks;
  const missing = [...keys, ...wanted.values()].filter(({ id }) => !held.has(id));
  // Whoever changes what is in force is alone with the records: pages of a publish need no order among them.
  const alone = run.inForce.held === "changed";
  if (!alone && missing.some(({ id }) => id < run.locks.last)) {
    for (const key of missing) wanted.set(key.id, key);
    throw new Restart("The transaction needs more records than it began with.");
  }
  for (const { id } of missing) {
    held.add(id);
    if (id > run.locks.last) run.locks.last = id;
  }
  return lockRecords(run.tx, run.registry, missing, options);
}

/** Writes rows of `held` that this transaction does not hold yet, after its records' locks. Begins again as `hold` does. */
export async function holdRows(run: Run, names: Iterable<string>): Promise<void> {
  const { rows } = run.locks;
  const missing = [...new Set([...names, ...rows.wanted])].filter((name) => !rows.held.has(name)).sort();
  const [first] = missing;
  if (first === undefined) return;
  if (first < rows.last) {
    for (const name of missing) rows.wanted.add(name);
    throw new Restart("The transaction needs to hold more than it began with.");
  }
  rows.last = missing.at(-1) ?? rows.last;
  for (const name of missing) rows.held.add(name);
  await writeHeld(run.tx, missing);
}

/** Of these, with what each must hold, those of which nobody else holds anything: they are held from now on. */
export async function holdFree<T extends { names: string[] }>(run: Run, works: T[]): Promise<T[]> {
  const { rows } = run.locks;
  await holdRows(run, []);
  const wanted = [...new Set(works.flatMap(({ names }) => names))].filter((name) => !rows.held.has(name)).sort();
  if (!wanted.length) return works;
  const busy = await heldElsewhere(run.tx, wanted);
  // What was not waited for is held all the same: whoever waits for less than it afterwards could be waited for.
  const last = wanted.at(-1) ?? "";
  if (last > rows.last) rows.last = last;
  const free = works.filter(({ names }) => !names.some((name) => busy.has(name)));
  const taken = new Set(free.flatMap(({ names }) => names));
  const fresh = wanted.filter((name) => taken.has(name));
  for (const name of fresh) rows.held.add(name);
  await writeHeld(run.tx, fresh);
  return free;
}
