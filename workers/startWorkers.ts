/**
 * The work done in the background. Hints from Redis and the sweep end in the same verbs, so a lost hint is a small delay
 * and a repeated one is harmless. Every loop survives a database or a Redis that is away.
 */
import { hostname } from "node:os";
import { Worker } from "bullmq";
import { Redis } from "ioredis";
import { turnAbsences } from "../api/engine/absence";
import { advanceSome } from "../api/engine/advanceClock";
import { fireBatch } from "../api/engine/fireDue";
import { composeMails } from "../api/engine/composeMails";
import { deliverMails } from "../api/engine/deliverMails";
import { keepTransport, type MailTransport, smtpTransport } from "../api/engine/mailTransport";
import { rederiveSome } from "../api/engine/rederive";
import { schoolNow } from "../api/engine/run";
import { sealAll } from "../api/engine/seal";
import { newId, type World } from "../api/engine/world";
import { batchSize, ownMetrics, timersFired } from "../api/metrics";
import { nearHorizonMs } from "../api/queue";
import { isoOf } from "../api/store/database";
import { readClock } from "../api/store/clock";
import { dueBetween, forgetExpired } from "../api/store/observe";
import { hasSchool } from "../api/store/organisations";
import { sweepFiles } from "../api/store/files";
import { sweepVerdicts } from "../api/store/importVerdicts";
import { each, every, type Loop, oneAtATime } from "./loops";

export interface WorkerOptions {
  /** Milliseconds between sweeps. */
  sweepEvery?: number;
  transport?: MailTransport;
}

export interface Workers {
  /** Lets the batch at hand finish, then ends. */
  stop(): Promise<void>;
}

const sweepMs = 15_000;
const heartbeatMs = 5_000;
const sealMs = 10 * 60_000;
const cleanMs = 60 * 60_000;
/** How long an uploaded file waits for the form it was meant for to be saved. */
const unattachedMs = 24 * 60 * 60_000;
/** How long an import may be gone on with. */
const verdictsMs = 7 * 24 * 60 * 60_000;
/** A Redis that is away must not keep a worker from ending. */
const closeMs = 3_000;

/** @throws when Redis cannot be reached in ten seconds or may evict what it holds, saying how to put it right. */
export async function startWorkers(world: World, options: WorkerOptions = {}): Promise<Workers> {
  await world.queue.assertNoEviction();
  const { smtpUrl } = world.config;
  const transport = options.transport ?? (smtpUrl ? smtpTransport(smtpUrl) : keepTransport());
  const name = `${hostname()}-${process.pid}-${newId()}`;
  let stopping = false;

  const fire = async (): Promise<void> => {
    while (!stopping) {
      const { handled, more } = await fireBatch(world);
      if (handled > 0) batchSize.observe(handled);
      timersFired.inc(handled);
      if (!more || handled === 0) return;
    }
  };
  /** Until then there is nothing to do, and no clock to do it by. */
  let founded = false;
  const isFounded = async (): Promise<boolean> => (founded ||= await hasSchool(world.db));

  // On its own, so that a mail server that hangs holds up no timer.
  const mail = oneAtATime(async () => {
    const { offsetMs, target } = await readClock(world.db);
    if (target !== null || stopping || !(await isFounded())) return;
    const now = (): string => isoOf(world.machineNow() + offsetMs);
    await each([() => composeMails(world, now()), () => deliverMails(world, now(), transport, () => stopping)]);
  });
  const drain = oneAtATime(async () => {
    if (!(await isFounded())) return;
    while (!stopping && (await advanceSome(world, transport, () => stopping)));
    // Whoever moves the clock fires and sends, in order.
    if (stopping || (await readClock(world.db)).target !== null) return;
    await each([
      () => turnAbsences(world),
      async () => {
        while (!stopping && (await rederiveSome(world)));
      },
      fire,
    ]);
  });
  const drainThenMail = async (): Promise<void> => {
    await drain().finally(() => {
      mail().catch((error: unknown) => world.log.error({ err: error }, "Mailing failed; it is tried again"));
    });
  };

  const connection = new Redis(world.queue.url, {
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(times * 200, 5_000),
  });
  connection.on("error", (error: Error) => world.log.warn({ error: error.message }, "Redis"));
  const woken = ["due", "mail"].map((queue) => {
    const worker = new Worker(queue, queue === "mail" ? mail : drainThenMail, {
      connection,
      prefix: world.queue.prefix,
      concurrency: 1,
      // A stalled wake-up is a lost one, and the sweep makes up for those.
      skipStalledCheck: true,
    });
    worker.on("error", (error) => world.log.warn({ error: error.message }, "Waking"));
    worker.on("failed", (_job, error) => world.log.error({ err: error }, "A wake-up failed; the sweep tries again"));
    return worker;
  });
  const unsubscribe = world.queue.subscribe((kind) => {
    if (kind === "clock")
      drainThenMail().catch((error: unknown) => world.log.error({ err: error }, "Moving the clock"));
  });
  const loops: Loop[] = [
    every(options.sweepEvery ?? sweepMs, world.log, "The sweep", () => each([drainThenMail, () => hintSoon(world)])),
    every(heartbeatMs, world.log, "The heartbeat", async () => world.queue.heartbeat(name, await ownMetrics(world))),
    every(sealMs, world.log, "Sealing", async () => void (await sealAll(world))),
    every(cleanMs, world.log, "Clearing away", () =>
      each([
        () => forgetExpired(world.db, world.machineNow()),
        () => sweepFiles(world.db, isoOf(world.machineNow() - unattachedMs)),
        () => sweepVerdicts(world.db, isoOf(world.machineNow() - verdictsMs)),
      ]),
    ),
  ];
  return {
    async stop() {
      stopping = true;
      unsubscribe();
      await Promise.all([...loops.map((loop) => loop.stop()), ...woken.map(closeWorker)]);
      // Joins what is still at work: a further round sees `stopping` and ends at once.
      await Promise.allSettled([drain(), mail()]);
      connection.disconnect();
      transport.close();
    },
  };
}

/** Waits for the wake-up at hand; gives up on a Redis that does not answer. */
async function closeWorker(worker: Worker): Promise<void> {
  const gaveUp = await Promise.race([
    worker.close().then(() => false),
    new Promise<true>((resolve) => setTimeout(() => resolve(true), closeMs).unref()),
  ]).catch(() => true);
  if (gaveUp) await worker.close(true).catch(() => undefined);
}

/** A wake-up for each second in which something falls due soon: what lies further ahead stays in MySQL alone. */
async function hintSoon(world: World): Promise<void> {
  const now = await schoolNow(world);
  world.queue.wake(await dueBetween(world.db, now, now + nearHorizonMs), now - world.queue.machineNow());
}
