/** How a process ends when it is told to: in order, and within a bound, whatever does not answer. */
import type { Logger } from "pino";

/** Shorter than whoever started it waits before killing it: see api/host/product.mjs and docker/. */
const BOUND_MS = 12_000;

/** On the first SIGTERM or SIGINT `close` runs, and the process ends with it, or without it after the bound. */
export function endOnSignal(log: Logger, close: () => Promise<void>): void {
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    setTimeout(() => {
      log.error("It did not end in time: what still ran is cut off");
      process.exit(1);
    }, BOUND_MS).unref();
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, "It did not end well");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
}

const PAUSE_MS = 1_000;
const SAY_EVERY = 15;

/** Opens what needs the database, waiting for as long as it is away, and says so. @throws what waiting does not mend. */
export async function whenThere<T>(open: () => Promise<T>, isAway: (error: unknown) => boolean): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await open();
    } catch (error) {
      if (!isAway(error)) throw error;
      if (tries % SAY_EVERY === 0) process.stderr.write("The database cannot be reached yet: waiting for it.\n");
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
