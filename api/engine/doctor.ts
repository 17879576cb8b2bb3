/** What somebody who runs an installation should know: what /statusz says, and what only this machine can look at. */
import { keyFingerprint } from "../store/installation";
import { organisationsById, rootOrganisation } from "../store/organisations";
import { type Check, checksOf, firstBackup, installationStatus } from "./status";
import type { World } from "./world";

/** Never throws. */
export async function doctor(world: World): Promise<Check[]> {
  // First: it waits until the connection is ready, which one that has just begun is not.
  const eviction = await evicts(world);
  const status = await installationStatus(world);
  return [
    ...checksOf(status, await zoneOf(world)).map((check) =>
      check.name === "Redis" && status.redis && eviction
        ? { ...check, ok: false, says: eviction, remedy: "Set its maxmemory-policy to noeviction." }
        : firstBackup(check, status),
    ),
    {
      name: "Key",
      // Another key than the database's does not come this far: see openWorld.
      ok: true,
      says: `Its fingerprint begins with ${keyFingerprint(world.key).slice(0, 12)}. Keep a copy of the key file apart from the backups.`,
      remedy: null,
    },
  ];
}

/** The zone of the school, or of the trust; UTC where there is none yet or the database does not answer. */
export async function zoneOf(world: World): Promise<string> {
  try {
    const root = await rootOrganisation(world.db.within(LIMIT_MS));
    return (await organisationsById(world.db.within(LIMIT_MS), [root])).get(root)?.calendar.zone ?? "UTC";
  } catch {
    return "UTC";
  }
}
const LIMIT_MS = 3_000;

/** Why this Redis may lose what it holds; undefined where it does not. */
const evicts = (world: World): Promise<string | undefined> =>
  world.queue.assertNoEviction().then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
