/** What time it is in a test's world: the process's clock and the database's go together. */
import type { World } from "../api/engine/world";

/** From now on it is `now()`, epoch ms; by itself the time goes on, `offset` ms from the machine's. */
export function setTime(world: World, now: () => number): void {
  world.machineNow = now;
  world.timeAt = now;
}
