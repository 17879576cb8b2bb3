/**
 * Locks on what rules count, written and not only read: of a cluster's writers each sees what another wrote, but not what
 * it only locked. Nothing but this file writes to `held`.
 */
import type { Sql, Tx } from "./database";

/** Holds these until the transaction ends, in the order given; waits for whoever holds one. */
export async function writeHeld(tx: Tx, names: string[]): Promise<void> {
  if (!names.length) return;
  const insert = (count: number): string =>
    `INSERT INTO held (what, times) VALUES ${Array.from({ length: count }, () => "(?, 1)").join(", ")}
     ON DUPLICATE KEY UPDATE times = times + 1`;
  if (names.length === 1) await tx.execute(insert(1), names);
  else await tx.bulk(insert(names.length), names);
}

/** What stands for definitions, figures, calendars and roles: its `times` is the edition of all of them. */
const inForce = "!in force";

/** The edition of what is in force, which nobody changes until this transaction ends. Waits for whoever changes it. */
export async function holdInForce(tx: Tx): Promise<number> {
  const read = () => tx.query("SELECT times FROM held WHERE what = ? LOCK IN SHARE MODE", [inForce]);
  let [row] = await read();
  if (!row) {
    // Once: a lock needs a row to stand on.
    await tx.execute("INSERT IGNORE INTO held (what, times) VALUES (?, 0)", [inForce]);
    [row] = await read();
  }
  return Number(row?.["times"]);
}

/** Waits for all who hold it now. */
export const awaitInForce = (tx: Tx) => tx.query("SELECT times FROM held WHERE what = ? FOR UPDATE", [inForce]);

/** Waits for all who hold it, and returns the next edition, which whoever comes after this transaction finds. */
export async function nextInForce(tx: Tx): Promise<number> {
  await writeHeld(tx, [inForce]);
  return holdInForce(tx);
}

/** For the read at the beginning of a transaction. */
export const inForceEdition = `(SELECT times FROM held WHERE what = '${inForce}')`;

/** Of these, those that somebody else holds now. The rest is locked, as far as it is there. */
export async function heldElsewhere(sql: Sql, names: string[]): Promise<Set<string>> {
  const there = await sql.queryText("SELECT what FROM held WHERE what IN (?)", [names]);
  if (!there.length) return new Set();
  const known = there.map(({ what }) => String(what));
  const free = await sql.queryText("SELECT what FROM held WHERE what IN (?) ORDER BY what FOR UPDATE SKIP LOCKED", [
    known,
  ]);
  const taken = new Set(free.map(({ what }) => String(what)));
  return new Set(known.filter((what) => !taken.has(what)));
}
