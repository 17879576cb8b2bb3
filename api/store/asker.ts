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
  /** Ends the connection itself: what is on its way is not taken any more. */
  cut(link: Link): void;
  /** Says how many bytes come by a connection, as they come; to nobody without `heard`. */
  hear(link: Link, heard?: (bytes: number) => void): void;
}

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
  /** Bytes that may still be read for them: rows are as long as people write them, and are held until the last has come. */
  bytes = Infinity;

  constructor(private readonly lines: Lines<Link>) {}

  /** Runs a read on a connection. @throws Trouble where nobody waits for it any more. */
  async during<T>(link: Link, read: (link: Link) => Promise<T>): Promise<T> {
    if (this.hasLeft) throw new Trouble("gone");
    if (elapsedMs() > this.until) throw new Trouble("slow");
    if (this.bytes < 0) throw new TooLarge();
    this.reading.add(link);
    this.lines.hear(link, (bytes) => this.heard(bytes));
    try {
      return await read(link);
    } catch (error) {
      throw this.bytes < 0 ? new TooLarge() : error;
    } finally {
      this.lines.hear(link);
      this.reading.delete(link);
    }
  }

  private heard(bytes: number): void {
    this.bytes -= bytes;
    if (this.bytes < 0) for (const link of this.reading) this.lines.cut(link);
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
