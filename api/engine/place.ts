/**
 * A database knows where it lives. One that is started somewhere else, or that was restored from a backup, may be a copy:
 * its email and its clocks wait until somebody says that it is the one in use.
 */
import { isoOf } from "../store/database";
import { keepQueuedMails, keepNotices } from "../store/mails";
import { hold, readInstallation, release, settle } from "../store/installation";
import { fireDue } from "./fireDue";
import { rederiveSome } from "./rederive";
import { schoolNow } from "./run";
import type { World } from "./world";

/**
 * Called at every start. Remembers where the database lives; holds it where that is somewhere else than before.
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
 * Puts a held database in use. What fell due in the meantime fires first; its email, and what was waiting, is kept and not
 * sent, since the database that this one was copied from may have sent it. `send`: it has not, so send what waits.
 */
export async function releaseHold(world: World, { send = false }: { send?: boolean } = {}): Promise<void> {
  if (!send) {
    while (await rederiveSome(world));
    await fireDue(world);
    const now = isoOf(await schoolNow(world));
    await keepNotices(world.db, now, BEFORE);
    await keepQueuedMails(world.db, BEFORE);
  }
  await release(world.db);
}
