/**
 * Leases in a table instead of named locks, so that a cluster can hold them. By the database's clock: a process whose own
 * runs ahead would take what another holds.
 */
import { ulid } from "ulid";
import { Failure } from "../../schema/failure";
import { type Database, datetime, isoOf } from "./database";
import { clockOfDatabase } from "./observe";

export interface Leasing {
  db: Database;
  timeAt(databaseNow: number): number;
}

/** Takes the lease unless somebody holds it. Returns a release, or undefined. */
export async function acquireLease(
  world: Leasing,
  name: string,
  forMs: number,
): Promise<(() => Promise<void>) | undefined> {
  const holder = ulid();
  const now = world.timeAt(await clockOfDatabase(world.db));
  await world.db.execute(
    `INSERT INTO lease (name, holder, until) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE
       holder = IF(until < ?, VALUES(holder), holder), until = IF(holder = VALUES(holder), VALUES(until), until)`,
    [name, holder, datetime(isoOf(now + forMs)), datetime(isoOf(now))],
  );
  const [row] = await world.db.query("SELECT holder FROM lease WHERE name = ?", [name]);
  if (row?.["holder"] !== holder) return undefined;
  return async () => {
    await world.db.execute("DELETE FROM lease WHERE name = ? AND holder = ?", [name, holder]);
  };
}

const leaseMs = 60_000;
const waits = 100;

/** Waits for a lease, for up to ten seconds, and works under it. @throws UNAVAILABLE where it never comes free. */
export async function withLease<T>(world: Leasing, name: string, work: () => Promise<T>): Promise<T> {
  for (let wait = 0; wait < waits; wait++) {
    const release = await acquireLease(world, name, leaseMs);
    if (release) {
      try {
        return await work();
      } finally {
        await release();
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Failure("UNAVAILABLE", "Somebody else is doing this just now. Try again in a moment.");
}
