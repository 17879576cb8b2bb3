/**
 * Publishes that waited for a second person, and that nobody answered in time: they take effect in a process of the API,
 * since only it knows which names the API has already. The worker carries out all other requests.
 */
import { carryOutDue } from "../engine/carryOutPower";
import type { Objections } from "../engine/checkPublish";
import type { World } from "../engine/world";
import { readClock } from "../store/clock";

const EVERY_MS = 30_000;

/** Until `stop`, which waits for the round at hand. */
export function followDuePublishes(world: World, objections: Objections): { stop: () => Promise<void> } {
  let round: Promise<void> | undefined;
  const timer = setInterval(() => {
    round ??= carryOut(world, objections)
      .catch((error: unknown) => world.log.warn({ err: error }, "Due publishes could not be looked at"))
      .finally(() => (round = undefined));
  }, EVERY_MS);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await round;
    },
  };
}

/** Not in a copy that is held, nor while the clock is moved. */
async function carryOut(world: World, objections: Objections): Promise<void> {
  const { held, target } = await readClock(world.db);
  if (!held && target === null) await carryOutDue(world, objections);
}
