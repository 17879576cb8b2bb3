/**
 * Wake-ups from Redis. They are hints: where Redis is away, evicts, or is no Redis of ours, the worker says so once a
 * while, goes on by its sweep, and listens once it can.
 */
import { type Job, Worker } from "bullmq";
import { Redis } from "ioredis";
import type { World } from "../api/engine/world";
import { onceAWhile } from "../api/onceAWhile";
import { every, type Loop } from "./loops";

const TRY_MS = 15_000;
/** A Redis that is away must not keep a worker from ending. */
const CLOSE_MS = 3_000;
/** After so many errors since it listened, it lets go and begins again: some errors come as fast as they are asked for. */
const MAX_ERRORS = 50;

export interface WakeUps {
  stop(): Promise<void>;
}

/** `work` by the name of its queue. */
export function listenForWakeUps(world: World, work: Record<string, () => Promise<void>>): WakeUps {
  const say = onceAWhile((error, times) => world.log.warn({ error, times }, "Redis wakes nobody: the sweep goes on"));
  let listening: { connection: Redis; workers: Worker[] } | undefined;
  let errors = 0;

  const heard = (error: Error): void => {
    errors++;
    say(error.message);
  };
  const letGo = async (): Promise<void> => {
    const gone = listening;
    listening = undefined;
    if (!gone) return;
    await Promise.all(gone.workers.map(closeWorker));
    gone.connection.disconnect();
  };
  const listen = (): void => {
    errors = 0;
    const connection = new Redis(world.queue.url, {
      maxRetriesPerRequest: null,
      retryStrategy: (times) => Math.min(times * 200, 5_000),
    });
    connection.on("error", heard);
    const workers = Object.entries(work).map(([queue, handle]) => {
      const woken = (job: Job): Promise<void> => {
        world.log.debug({ queue, request: requestOf(job.data) }, "Woken");
        return handle();
      };
      const worker = new Worker(queue, woken, {
        connection,
        prefix: world.queue.prefix,
        concurrency: 1,
        // A stalled wake-up is a lost one, and the sweep makes up for those.
        skipStalledCheck: true,
      });
      worker.on("error", heard);
      worker.on("failed", (job, error) =>
        world.log.error({ err: error, request: requestOf(job?.data) }, "A wake-up failed; the sweep tries again"),
      );
      return worker;
    });
    listening = { connection, workers };
  };
  const loop: Loop = every(TRY_MS, world.log, "Listening for wake-ups", async () => {
    if (listening && errors <= MAX_ERRORS) return;
    await letGo();
    try {
      await world.queue.assertNoEviction();
      listen();
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
  });
  return {
    async stop() {
      await Promise.all([within(loop.stop()), letGo()]);
      await letGo();
    },
  };
}

/** The request that asked first for this second's wake-up. */
const requestOf = (data: unknown): unknown => (data as { request?: unknown } | undefined)?.request;

const within = (work: Promise<unknown>): Promise<boolean> =>
  Promise.race([
    work.then(() => true),
    new Promise<false>((resolve) => setTimeout(() => resolve(false), CLOSE_MS).unref()),
  ]).catch(() => false);

/** Waits for the wake-up at hand; gives up on a Redis that does not answer. */
async function closeWorker(worker: Worker): Promise<void> {
  if (!(await within(worker.close()))) await within(worker.close(true));
}
