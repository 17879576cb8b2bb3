/**
 * A database knows where it lives. One that is started somewhere else, or that was restored from a backup, may be a copy:
 * its email and its clocks wait until somebody says that it is the one in use.
 */
import { isoOf } from "../store/database";
import { keepCopied } from "../store/mails";
import { clocksToFire } from "../store/observe";
import { beginRelease, hold, readInstallation, release, settle } from "../store/installation";
import { underKeptLease } from "../store/lease";
import { turnAbsences } from "./absence";
import { fireDue } from "./fireDue";
import { rederiveSome } from "./rederive";
import { schoolNow } from "./run";
import type { World } from "./world";

/**
 * Called by the migrate command, so at every start, and by each worker. Remembers where the database lives; holds it where
 * that is somewhere else than before. Returns why it is held, or null.
 */
export async function settleIn(world: Pick<World, "db" | "machineNow" | "config">): Promise<string | null> {
  const { place } = world.config;
  const known = await readInstallation(world.db);
  if (known.place !== null && known.place !== place)
    await hold(world.db, world.machineNow(), `It ran in ${known.place} before, and now runs in ${place}`);
  if (known.place !== place) await settle(world.db, place);
  return (await readInstallation(world.db)).heldWhy;
}

/** How long records that people are at are waited for, at most. */
const MAX_TRIES = 40;
const PAUSE_MS = 250;

const BEFORE = "It fell due before this copy of the database was put in use: it may have been sent from the other one.";

/**
 * Puts a held database in use. What fell due in the meantime fires first; its email, and what was waiting in the copy, is
 * kept and not sent, since the database that this one was copied from may have sent it: at night the next morning's too.
 * What people did at the copy while it was held is told as ever. `send`: the other one sent none of it, so send all.
 */
export async function releaseHold(world: World, { send = false }: { send?: boolean } = {}): Promise<void> {
  // Once, however many ask at a time.
  await underKeptLease(world, "release", { waiting: () => undefined, lost: () => undefined }, async () => {
    const { heldSince, heldMark } = await readInstallation(world.db);
    if (heldSince === null) return;
    if (!send) {
      // All at one instant, by which what the clocks make is told from what people do meanwhile.
      const at = await beginRelease(world.db, isoOf(await schoolNow(world)));
      const now = Date.parse(at);
      await turnAbsences(world, now);
      while (await rederiveSome(world, now));
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        await fireDue(world, undefined, now);
        if (!(await clocksToFire(world.db, at, isoOf(world.machineNow())))) break;
        // Somebody is at these records just now.
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
      await keepCopied(world.db, { mark: heldMark ?? "", at }, BEFORE);
    }
    await release(world.db);
  });
}
