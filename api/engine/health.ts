/** What /readyz says: can work be taken, and will what is due be done? */
import type { World } from "./world";

export interface Health {
  database: boolean;
  redis: boolean;
  /** A worker has said within 15 s that it lives. */
  worker: boolean;
}

/** Never throws, and takes two seconds at most. */
export async function health(world: World): Promise<Health> {
  const [database, redis, worker] = await Promise.all([
    holds(world.db.query("SELECT 1 FROM installation WHERE id = 1").then((rows) => rows.length === 1)),
    holds(world.queue.ping().then(() => true)),
    holds(world.queue.workersAlive().then((count) => count > 0)),
  ]);
  return { database, redis, worker };
}

async function holds(answer: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), 2_000);
  });
  try {
    return await Promise.race([answer.catch(() => false), tooLong]);
  } finally {
    clearTimeout(timer);
  }
}
