/** Loops of a worker: one round at a time, and a failing round is logged and tried again soon. */
import type { Logger } from "pino";

export interface Loop {
  /** Resolves when the round at hand has ended. */
  stop(): Promise<void>;
}

const firstPauseMs = 1_000;
const longestPauseMs = 15_000;

/** How long to wait after this many failures in a row: MySQL or Redis may be back in a second, or in an hour. */
const afterFailure = (failures: number): number => Math.min(firstPauseMs * 2 ** (failures - 1), longestPauseMs);

/** Workers that were started together must not all ask at the same moment for ever. */
const jittered = (ms: number): number => ms * (0.9 + Math.random() * 0.2);

/** Runs `round` at once and then again and again, with a jittered pause. */
export function every(pauseMs: number, log: Logger, name: string, round: () => Promise<void>): Loop {
  let stopped = false;
  let wake: () => void = () => undefined;
  const turn = async (): Promise<void> => {
    let failures = 0;
    while (!stopped) {
      try {
        await round();
        failures = 0;
      } catch (error) {
        failures++;
        log.error({ err: error }, `${name} failed; it is tried again`);
      }
      const pause = jittered(failures > 0 ? afterFailure(failures) : pauseMs);
      if (!stopped)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, pause);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
    }
  };
  const ended = turn();
  return {
    stop() {
      stopped = true;
      wake();
      return ended;
    },
  };
}

/** Calls that come while one runs share one run after it. */
export function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const start = (): Promise<void> => {
    running = work().finally(() => (running = undefined));
    return running;
  };
  return () => {
    if (!running) return start();
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return start();
      });
    return next;
  };
}

/** Does all of it even where one part fails, so that a broken job cannot keep the mail from going. Throws the first failure. */
export async function each(parts: (() => Promise<unknown>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const part of parts) await part().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}
