/** Somebody who waits for an answer: what is being read for them ends with their request, and has its bound. */
import { elapsedMs } from "../machineClock";
import { Places } from "../places";
import { TooLarge, Trouble } from "./trouble";

/** What would be answered within this is let finish: ending it costs its connection. */
const LET_FINISH_MS = 200;
/** Connections that one request reads on at once: others' reads do not wait behind a hundred of one. */
const AT_ONCE = 4;

/** What a request is read by. */
export interface Lines<Link> {
  /** Ends the statement that runs on a connection. */
  endStatement(link: Link): void;
}

/** Bytes that may still come from the database: rows are as long as people write them, and are held until the last has come. */
export class Allowance {
  constructor(public bytes = Infinity) {}

  get isSpent(): boolean {
    return this.bytes < 0;
  }
}

export class Asker<Link = unknown> {
  private readonly reading = new Set<Link>();
  /** Entered before a connection is taken. */
  readonly places = new Places(AT_ONCE);
  /** Entered before a transaction of a query is begun: its root fields run all at once. */
  private readonly turn = new Places(1);
  private hasLeft = false;
  private isSeenThrough = false;
  /**
   * `elapsedMs` after which nothing more is begun for them. Only a GraphQL request has one: a file, a report or a calendar may
   * take longer, and each of its statements has its limit.
   */
  until = Infinity;
  /** Of all connections that are read on for them. */
  readonly allowance = new Allowance();

  constructor(private readonly lines: Lines<Link>) {}

  /** Runs a read on a connection. @throws Trouble where nobody waits for it any more. */
  async during<T>(link: Link, read: (link: Link) => Promise<T>): Promise<T> {
    this.mustBeWaiting();
    if (this.allowance.isSpent) throw new TooLarge();
    this.reading.add(link);
    try {
      return await read(link);
    } finally {
      this.reading.delete(link);
    }
  }

  /** Runs what takes transactions of its own, one after another. @throws Trouble where nobody waits for it any more. */
  async inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.turn.enter();
    if (turn) await turn;
    try {
      this.mustBeWaiting();
      return await work();
    } finally {
      this.turn.leave();
    }
  }

  private mustBeWaiting(): void {
    if (this.hasLeft) throw new Trouble("gone");
    if (elapsedMs() > this.until) throw new Trouble("slow");
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
      for (const link of this.reading) this.lines.endStatement(link);
    }, LET_FINISH_MS).unref();
  }
}
