/** Somebody who waits for an answer: what is being read for them ends with their request. */
import { elapsedMs } from "../machineClock";
import { Places } from "../places";
import { Trouble } from "./trouble";

/** What would be answered within this is let finish: ending it costs its connection. */
const LET_FINISH_MS = 200;
/** Connections that one request reads on at once: others' reads do not wait behind a hundred of one. */
const AT_ONCE = 4;

export class Asker<Link = unknown> {
  private readonly reading = new Set<Link>();
  /** Entered before a connection is taken. */
  readonly places = new Places(AT_ONCE);
  private hasLeft = false;
  private isSeenThrough = false;
  /**
   * `elapsedMs` after which nothing more is begun for them. Only a GraphQL request has one: a file, a report or a calendar may
   * take longer, and each of its statements has its limit.
   */
  until = Infinity;

  /** `end` ends the statement that runs on a connection. */
  constructor(private readonly end: (link: Link) => void) {}

  /** Runs a read on a connection. @throws Trouble where nobody waits for it any more. */
  async during<T>(link: Link, read: (link: Link) => Promise<T>): Promise<T> {
    if (this.hasLeft) throw new Trouble("gone");
    if (elapsedMs() > this.until) throw new Trouble("slow");
    this.reading.add(link);
    try {
      return await read(link);
    } finally {
      this.reading.delete(link);
    }
  }

  /** From here on it is a change that they ask for: it goes to its end and answers, whether they wait or not. */
  seeThrough(): void {
    this.isSeenThrough = true;
    this.until = Infinity;
  }

  leave(): void {
    if (this.hasLeft || this.isSeenThrough) return;
    this.hasLeft = true;
    if (!this.reading.size) return;
    setTimeout(() => {
      for (const link of this.reading) this.end(link);
    }, LET_FINISH_MS).unref();
  }
}
