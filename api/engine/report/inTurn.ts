/** Reports are made two at a time: each takes a connection, memory and the processor for some seconds. */
import { Failure } from "../../../schema/failure";

const AT_ONCE = 2;
const MOST_WAITING = 8;
let running = 0;
const waiting: (() => void)[] = [];

/** @throws UNAVAILABLE where too many wait. */
export async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) {
    if (waiting.length >= MOST_WAITING)
      throw new Failure("UNAVAILABLE", "Many reports are being made just now. Try again in a minute.");
    // Whoever ends hands their place over.
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else running += 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}
