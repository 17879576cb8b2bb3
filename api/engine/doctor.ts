/** What somebody who runs an installation should know: what /statusz says, and what only this machine can look at. */
import { keyFingerprint } from "../store/installation";
import { type Check, checksOf, installationStatus } from "./status";
import type { World } from "./world";

/** Never throws. */
export async function doctor(world: World): Promise<Check[]> {
  // First: it waits until the connection is ready, which one that has just begun is not.
  const eviction = await evicts(world);
  const status = await installationStatus(world);
  return [
    ...checksOf(status).map((check) => {
      if (check.name === "Redis" && status.redis && eviction) return { ...check, ok: false, says: eviction };
      // Only here: a school that has just begun is no alarm.
      if (check.name === "Last backup" && status.lastBackup === null) return { ...check, ok: false };
      return check;
    }),
    {
      name: "Key",
      // Another key than the database's does not come this far: see openWorld.
      ok: true,
      says: `Its fingerprint begins with ${keyFingerprint(world.key).slice(0, 12)}. Keep a copy of the key file apart from the backups.`,
    },
  ];
}

/** Why this Redis may lose what it holds; undefined where it does not. */
const evicts = (world: World): Promise<string | undefined> =>
  world.queue.assertNoEviction().then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
