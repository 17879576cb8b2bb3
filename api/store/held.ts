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
