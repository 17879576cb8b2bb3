/**
 * A database knows where it lives. One that is started somewhere else, or that was restored from a backup, may be a copy:
 * its email and its clocks wait until somebody says that it is the one in use.
 */
import { isoOf } from "../store/database";
import { keepCopied } from "../store/mails";
import { hold, readInstallation, release, settle } from "../store/installation";
import { underKeptLease } from "../store/lease";
import { turnAbsences } from "./absence";
import { fireDue } from "./fireDue";
import { rederiveSome } from "./rederive";
import { schoolNow } from "./run";
import type { World } from "./world";

/**
 * Called by the migrate command, so at every start. Remembers where the database lives; holds it where that is somewhere else than before.
 * Returns why it is held, or null.
 */
export async function settleIn(world: Pick<World, "db" | "machineNow" | "config">): Promise<string | null> {
  const { place } = world.config;
  const known = await readInstallation(world.db);
  if (known.place !== null && known.place !== place)
    await hold(world.db, world.machineNow(), `It was started in another place: ${place}, before ${known.place}`);
  if (known.place !== place) await settle(world.db, place);
  return (await readInstallation(world.db)).heldWhy;
}

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
      const now = await schoolNow(world);
      await turnAbsences(world, now);
      while (await rederiveSome(world, now));
      await fireDue(world, undefined, now);
      await keepCopied(world.db, { mark: heldMark ?? "", at: isoOf(now) }, BEFORE);
    }
    await release(world.db);
  });
}
