/**
 * Reports are made two at a time: each takes a connection, memory and the processor for some seconds. One person's are made
 * one after the other, so that they take neither both places nor the whole line.
 */
import { Failure } from "../../../schema/failure";

const AT_ONCE = 2;
const MOST_WAITING = 8;
/** Of one person, the one that is made included. */
const MOST_OF_ONE = 3;
const running = new Set<string>();
const waiting: { owner: string; begin: () => void }[] = [];

/** `owner`: a person's id. @throws UNAVAILABLE where too many wait. */
export async function inTurn<T>(owner: string, work: () => Promise<T>): Promise<T> {
  if (running.size >= AT_ONCE || running.has(owner)) {
    const own = waiting.filter((each) => each.owner === owner).length + (running.has(owner) ? 1 : 0);
    if (own >= MOST_OF_ONE || waiting.length >= MOST_WAITING)
      throw new Failure("UNAVAILABLE", "Many reports are being made just now. Try again in a minute.");
    await new Promise<void>((begin) => waiting.push({ owner, begin }));
  } else running.add(owner);
  try {
    return await work();
  } finally {
    running.delete(owner);
    const at = waiting.findIndex((each) => !running.has(each.owner));
    const [next] = at < 0 ? [] : waiting.splice(at, 1);
    if (next) {
      running.add(next.owner);
      next.begin();
    }
  }
}
