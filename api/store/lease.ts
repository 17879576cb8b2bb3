/** Leases in a table instead of named locks, so that a cluster can hold them. Machine time throughout. */
import { ulid } from "ulid";
import { Failure } from "../../schema/failure";
import { clockOfDatabase } from "./observe";
import { type Database, datetime, isoOf } from "./database";

export interface Leasing {
  db: Database;
  timeAt(databaseNow: number): number;
}

/** Takes the lease for this holder, or renews it; false where somebody else holds it. */
async function take(world: Leasing, name: string, holder: string, forMs: number): Promise<boolean> {
  const now = world.timeAt(await clockOfDatabase(world.db));
  await world.db.execute(
    `INSERT INTO lease (name, holder, until) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE
       holder = IF(until < ?, VALUES(holder), holder), until = IF(holder = VALUES(holder), VALUES(until), until)`,
    [name, holder, datetime(isoOf(now + forMs)), datetime(isoOf(now))],
  );
  const [row] = await world.db.query("SELECT holder FROM lease WHERE name = ?", [name]);
  return row?.["holder"] === holder;
}

const keptMs = 20_000;
const renewMs = 5_000;

const patienceMs = 10_000;

/**
 * Works under a lease that is renewed for as long as it takes; waits for it for up to ten seconds. @throws UNAVAILABLE where
 * it never comes free.
 */
export async function withLease<T>(world: Leasing, name: string, work: () => Promise<T>): Promise<T> {
  const holder = ulid();
  for (let waited = 0; !(await take(world, name, holder, keptMs)); waited += 100) {
    if (waited >= patienceMs)
      throw new Failure("UNAVAILABLE", "Somebody else is doing this just now. Try again in a moment.");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return keeping(world, name, holder, () => undefined, work);
}

/** Works under a renewed lease where nobody holds it; undefined where somebody does. `isLost`: it was taken, since we stood still. */
export async function ifFree<T>(
  world: Leasing,
  name: string,
  work: (isLost: () => boolean) => Promise<T>,
): Promise<T | undefined> {
  const holder = ulid();
  if (!(await take(world, name, holder, keptMs))) return undefined;
  let lost = false;
  const loses = (): void => void (lost = true);
  return keeping(world, name, holder, loses, () => work(() => lost));
}

/**
 * Waits for a lease for as long as it takes, and works under it, renewing it: a holder that was killed is waited for no
 * longer than twenty seconds. `waiting` hears once that it is held; `lost` that it was taken from us, since we stood still.
 */
export async function underKeptLease<T>(
  world: Leasing,
  name: string,
  { waiting, lost }: { waiting: () => void; lost: () => void },
  work: () => Promise<T>,
): Promise<T> {
  const holder = ulid();
  for (let tries = 0; !(await take(world, name, holder, keptMs)); tries++) {
    if (tries === 0) waiting();
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return keeping(world, name, holder, lost, work);
}

/** Works under a lease that this holder has taken, renews it meanwhile, and gives it back. */
async function keeping<T>(
  world: Leasing,
  name: string,
  holder: string,
  lost: () => void,
  work: () => Promise<T>,
): Promise<T> {
  const renewal = setInterval(() => {
    take(world, name, holder, keptMs).then(
      (held) => held || lost(),
      // Trouble of the database: the next renewal comes before it runs out.
      () => undefined,
    );
  }, renewMs);
  try {
    return await work();
  } finally {
    clearInterval(renewal);
    await world.db.execute("DELETE FROM lease WHERE name = ? AND holder = ?", [name, holder]).catch(() => undefined);
  }
}
