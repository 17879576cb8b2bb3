/**
 * The work done in the background. Hints from Redis and the sweep end in the same verbs, so a lost hint is a small delay
 * and a repeated one is harmless. Every loop survives a database or a Redis that is away.
 */
import { writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { turnAbsences } from "../api/engine/absence";
import { carryOutDue } from "../api/engine/carryOutPower";
import { advanceSome } from "../api/engine/advanceClock";
import { agedClearing } from "../api/engine/clearAged";
import { tellOfFaults } from "../api/engine/faults";
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
import { forgetWorker, noteRounds } from "../api/store/workerRounds";
import { onceAWhile } from "../api/onceAWhile";
import { each, every, type Loop, oneAtATime } from "./loops";
import { listenForWakeUps } from "./wakeUps";

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
/** Emails under way have this long to leave when the worker is told to end; then they wait for the next one. */
const lastMailsMs = 7_000;
const sealMs = 10 * 60_000;
const cleanMs = 60 * 60_000;
/** How long an uploaded file waits for the form it was meant for to be saved. */
const unattachedMs = 24 * 60 * 60_000;
/** How long an import may be gone on with. */
const verdictsMs = 7 * 24 * 60 * 60_000;

/** Does its work whatever Redis does: see wakeUps.ts. */
export async function startWorkers(world: World, options: WorkerOptions = {}): Promise<Workers> {
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

  /** Not while a copy is held, nor while the clock is moved: whoever moves it fires and sends, in order. */
  const isAtWork = async (): Promise<boolean> => {
    if (stopping || !(await isFounded())) return false;
    const { target, held } = await readClock(world.db);
    return target === null && !held;
  };

  // On its own, so that a mail server that hangs holds up no timer.
  const mail = oneAtATime(async () => {
    if (!(await isAtWork())) return;
    const now = async (): Promise<string> => isoOf(await schoolNow(world));
    await each([
      async () => composeMails(world, await now()),
      async () => deliverMails(world, await now(), transport, () => stopping),
    ]);
  });
  const mailMeanwhile = (): void => {
    mail().catch((error: unknown) => world.log.error({ err: error }, "Mailing failed; it is tried again"));
  };
  const drain = oneAtATime(async () => {
    if (!(await isFounded()) || (await readClock(world.db)).held) return;
    while (!stopping && (await advanceSome(world, transport, () => stopping)));
    if (!(await isAtWork())) return;
    await each([
      () => turnAbsences(world),
      () => carryOutDue(world),
      fire,
      // Deriving again may take minutes: what is due meanwhile fires, and its email leaves, after each page.
      async () => {
        while (!stopping && (await rederiveSome(world))) {
          await fire();
          mailMeanwhile();
        }
      },
      fire,
    ]);
  });
  const drainThenMail = async (): Promise<void> => {
    await drain().finally(mailMeanwhile);
  };

  const clearAged = agedClearing(world);
  const tellOfThem = async (): Promise<void> => {
    if (await isAtWork()) await tellOfFaults(world);
  };

  const wakeUps = listenForWakeUps(world, { due: drainThenMail, mail });
  const unsubscribe = world.queue.subscribe((kind) => {
    if (kind === "clock")
      drainThenMail().catch((error: unknown) => world.log.error({ err: error }, "Moving the clock"));
  });
  const rounds: Record<string, string> = {};
  /** A round that ended well is noted: /statusz says when each loop last came round. */
  const noted = (loop: string, round: () => Promise<void>) => async (): Promise<void> => {
    await round();
    rounds[loop] = isoOf(world.machineNow());
    // Where it cannot be written, its age says that something is wrong.
    if (loop === "sweep" && world.config.roundFile)
      await writeFile(world.config.roundFile, `${rounds[loop]}\n`).catch(() => undefined);
  };
  const beat = onceAWhile((error, times) => world.log.warn({ error, times }, "The heartbeat does not reach Redis"));
  const loops: Loop[] = [
    every(
      options.sweepEvery ?? sweepMs,
      world.log,
      "The sweep",
      noted("sweep", () => each([drainThenMail, () => hintSoon(world), tellOfThem])),
    ),
    every(heartbeatMs, world.log, "The heartbeat", async () => {
      await noteRounds(world.db, name, rounds, world.machineNow());
      await world.queue.heartbeat(name, await ownMetrics(world)).catch((error: Error) => beat(error.message));
    }),
    every(
      sealMs,
      world.log,
      "Sealing",
      noted("sealing", async () => void (await sealAll(world))),
    ),
    every(cleanMs, world.log, "Clearing away", () =>
      each([
        () => forgetExpired(world.db, world.machineNow()),
        () => sweepFiles(world.db, isoOf(world.machineNow() - unattachedMs)),
        () => sweepVerdicts(world.db, isoOf(world.machineNow() - verdictsMs)),
        async () => ((await isAtWork()) ? clearAged(() => stopping) : 0),
      ]),
    ),
  ];
  return {
    async stop() {
      stopping = true;
      unsubscribe();
      const hurry = setTimeout(() => transport.close(), lastMailsMs);
      await Promise.all([...loops.map((loop) => loop.stop()), wakeUps.stop()]);
      // Joins what is still at work: a further round sees `stopping` and ends at once.
      await Promise.allSettled([drain(), mail()]);
      clearTimeout(hurry);
      await forgetWorker(world.db, name).catch(() => undefined);
      transport.close();
    },
  };
}

/** A wake-up for each second in which something falls due soon: what lies further ahead stays in MySQL alone. */
async function hintSoon(world: World): Promise<void> {
  const now = await schoolNow(world);
  world.queue.wake(await dueBetween(world.db, now, now + nearHorizonMs), now - world.queue.machineNow());
}
