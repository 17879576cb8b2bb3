/**
 * How much one session, token, link, device or unsigned address may ask for in a minute, and how much at once. What all
 * processes consume is counted in Redis, but no request waits for it: a process takes points there by the lease and
 * spends them here. So a limit may be overrun by what comes while a lease is asked for, and by one lease a process.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { type RateLimiterAbstract, RateLimiterRes } from "rate-limiter-flexible";
import { keyedHash } from "../engine/securityLog";
import { elapsedMs, machineNow } from "../machineClock";
import type { Queue, Rate } from "../queue";

/** Keys that one process remembers: who is forgotten asks for a new lease. */
const KEPT = 10_000;

interface Account {
  /** Points of the lease that are not spent. */
  left: number;
  /** Epoch ms until which it is refused. */
  refusedUntil: number;
  asking: boolean;
}

export class Allowance {
  private readonly accounts = new Map<string, Account>();
  private readonly limiter: RateLimiterAbstract;
  private readonly lease: number;

  /** `hash` makes a key that names nobody of one that may. */
  constructor(
    queue: Queue,
    name: string,
    rate: Rate,
    private readonly hash: (key: string) => string,
  ) {
    this.limiter = queue.limiter(name, rate);
    this.lease = Math.max(1, Math.min(50, Math.floor(rate.points / 50)));
  }

  /** @returns 0 where it may go on, else the seconds to wait. */
  spend(key: string, points = 1): number {
    const wait = this.wait(key);
    if (wait) return wait;
    let own = this.accounts.get(key);
    if (!own) {
      if (this.accounts.size >= KEPT) this.accounts.delete(this.accounts.keys().next().value ?? "");
      this.accounts.set(key, (own = { left: 0, refusedUntil: 0, asking: false }));
    }
    own.left -= points;
    if (own.left < 0 && !own.asking) this.ask(key, own);
    return 0;
  }

  /** Seconds until it may go on, without spending anything. */
  wait(key: string): number {
    const until = this.accounts.get(key)?.refusedUntil ?? 0;
    return until === 0 ? 0 : Math.max(0, Math.ceil((until - machineNow()) / 1_000));
  }

  private ask(key: string, own: Account): void {
    own.asking = true;
    const points = this.lease + Math.ceil(-own.left);
    this.limiter
      .consume(this.hash(key), points)
      .then(
        () => void (own.left += points),
        (refused: unknown) => {
          own.left = 0;
          // Anything else is a fault of counting, which refuses nobody.
          if (refused instanceof RateLimiterRes) own.refusedUntil = machineNow() + refused.msBeforeNext;
        },
      )
      .finally(() => (own.asking = false));
  }
}

/** Points of the last seconds beyond which whoever asks is heavy: a page takes some ten. */
const HEAVY = 30;
/** In which what somebody has spent falls to a third. */
const FORGETS_MS = 3_000;
const faded = (amount: number, afterMs: number): number => amount * Math.exp(-afterMs / FORGETS_MS);
/**
 * After one of a heavy asker's requests: so many times as long as it took, and up to three times longer once `flood` times
 * the heavy amount has been spent, which nobody does by hand. With one, others waited twice as long. Reading a large document for the first time keeps the process
 * itself, and not the database, so that others feel each of them.
 */
const REST = { times: 3, timesWhereRead: 9, flood: 5, longer: 3, mostMs: 1_000 };
/** Whoever waits is looked after so often. */
const LOOKS_AGAIN_MS = 1_000;
/** While others have asked within this time. */
const OTHERS_MS = 2_000;

interface Line {
  running: number;
  waiting: { begin: () => void; points: number }[];
  /** Points, decayed to `at`. */
  spent: number;
  at: number;
  resting: { until: number; timer: NodeJS.Timeout } | undefined;
}

/**
 * Requests that run at once for one key; a few more wait for their turn. Whoever has lately spent much runs one at a time,
 * and while there are others rests after each, so that three quarters of the process are left to them. Points are
 * counted and not time, which grows for everybody while one of them floods.
 */
export class Turns {
  private readonly lines = new Map<string, Line>();

  constructor(
    private readonly most: number,
    private readonly mostWaiting: number,
    private readonly now: () => number = elapsedMs,
    private readonly heavy = HEAVY,
  ) {}

  /**
   * `points`: what is known of its cost already, so that those that begin together see one another's.
   * @returns nothing where it may run at once. Whoever entered leaves. @throws where too many wait already.
   */
  enter(key: string, points: number, full: () => Error): undefined | Promise<void> {
    const line = this.lineOf(key);
    if (!line.waiting.length && this.isFree(line)) {
      line.running += 1;
      line.spent += points;
      return undefined;
    }
    if (line.waiting.length >= this.mostWaiting) throw full();
    const { waiting } = line;
    // What was spent is forgotten with time, and nobody may leave meanwhile.
    const again = setInterval(() => {
      this.next(line);
      if (!waiting.length) clearInterval(again);
    }, LOOKS_AGAIN_MS).unref();
    return new Promise((begin) => waiting.push({ begin, points }));
  }

  /** `took`: milliseconds since its turn began. `points`: what it cost besides. `read`: its document was a new one. */
  leave(key: string, took: number, { points = 0, read = false } = {}): void {
    const line = this.lines.get(key);
    if (!line) return;
    line.running -= 1;
    this.decay(line).spent += points;
    if (line.spent <= this.heavy || !this.others(key)) return this.next(line);
    const beyond = line.spent / (REST.flood * this.heavy);
    const times = (read ? REST.timesWhereRead : REST.times) * Math.min(REST.longer, Math.max(1, beyond));
    this.rest(line, Math.min(times * took, REST.mostMs));
  }

  /** One rest at a time, the longest of those begun: several that end one after another would be none. */
  private rest(line: Line, forMs: number): void {
    const now = this.now();
    const until = Math.max(now + forMs, line.resting?.until ?? 0);
    clearTimeout(line.resting?.timer);
    const ends = () => {
      line.resting = undefined;
      this.next(line);
    };
    line.resting = { until, timer: setTimeout(ends, until - now).unref() };
  }

  private next(line: Line): void {
    while (line.waiting.length && this.isFree(line)) {
      const next = line.waiting.shift();
      line.running += 1;
      line.spent += next?.points ?? 0;
      next?.begin();
    }
  }

  private isFree(line: Line): boolean {
    return !line.resting && line.running < (this.decay(line).spent > this.heavy ? 1 : this.most);
  }

  private lineOf(key: string): Line {
    let line = this.lines.get(key);
    if (!line) {
      if (this.lines.size >= KEPT) this.forgetIdle();
      this.lines.set(key, (line = { running: 0, waiting: [], spent: 0, at: this.now(), resting: undefined }));
    }
    return line;
  }

  private decay(line: Line): Line {
    const now = this.now();
    line.spent = faded(line.spent, now - line.at);
    line.at = now;
    return line;
  }

  private others(key: string): boolean {
    const now = this.now();
    for (const [other, { at, running }] of this.lines)
      if (other !== key && (running > 0 || now - at < OTHERS_MS)) return true;
    return false;
  }

  private forgetIdle(): void {
    for (const [key, { running, waiting, resting }] of this.lines)
      if (!running && !waiting.length && !resting) this.lines.delete(key);
  }
}

/** Refusals of the last seconds after which the next are slow to come. */
const PATIENT = 20;
const SLOW_MS = 500;
/** Answers held back at once: beyond them each goes out as it comes. */
const MOST_HELD = 200;

/** Says no more and more slowly to an address that goes on asking: refusing costs a process something too. */
export class Refusals {
  private readonly counts = new Map<string, { times: number; at: number }>();
  private held = 0;

  constructor(private readonly now: () => number = elapsedMs) {}

  async slowly(address: string): Promise<void> {
    const now = this.now();
    const before = this.counts.get(address);
    const times = 1 + (before ? faded(before.times, now - before.at) : 0);
    this.counts.delete(address);
    if (this.counts.size >= KEPT) this.counts.delete(this.counts.keys().next().value ?? "");
    this.counts.set(address, { times, at: now });
    if (times < PATIENT || this.held >= MOST_HELD) return;
    this.held += 1;
    await sleep(SLOW_MS, undefined, { ref: false });
    this.held -= 1;
  }
}

/**
 * Of bodies that are being read, or wait for their turn: of all who are signed in, of one of them, of all strangers, and of
 * an address. What strangers hold is no part of what those who are signed in may.
 */
const HELD_BYTES = { signed: { all: 64_000_000, own: 16_000_000 }, unsigned: { all: 16_000_000, own: 4_000_000 } };
/** Of one person's answers that have not gone yet: whoever does not read them is given no more. */
export const UNREAD_BYTES = 16_000_000;

/** Counts the bytes of bodies as they come. Parsed, they take twenty times as much: that waits for their turn. */
export class HeldBytes {
  private readonly own = new Sums();
  private readonly all = { signed: 0, unsigned: 0 };

  constructor(private readonly most = HELD_BYTES) {}

  /** False where they may not be held. */
  take(key: string, who: "signed" | "unsigned", bytes: number): boolean {
    if (this.own.of(key) + bytes > this.most[who].own || this.all[who] + bytes > this.most[who].all) return false;
    this.own.add(key, bytes);
    this.all[who] += bytes;
    return true;
  }

  give(key: string, who: "signed" | "unsigned", bytes: number): void {
    this.own.add(key, -bytes);
    this.all[who] -= bytes;
  }
}

/** A sum by key; what comes to nothing is forgotten. */
export class Sums {
  private readonly sums = new Map<string, number>();

  of(key: string): number {
    return this.sums.get(key) ?? 0;
  }

  add(key: string, amount: number): void {
    const sum = this.of(key) + amount;
    if (sum > 0) this.sums.set(key, sum);
    else this.sums.delete(key);
  }
}

export interface RateLimits {
  /** Of one session, token, link or device. A request is a point, and one more for each thousand that it could cost. */
  signed: Rate;
  /** Of one address: what nobody has signed, and what failed. A school is one address. */
  unsigned: Rate;
  /** Requests of one of them that run at the same time, in one process. */
  atOnce: number;
  waiting: number;
}

/** Secrets of one address that wait to be looked for. */
const MAX_LOOKS = 2_000;

export const rateLimits = { atOnce: 8, waiting: 200 };

export interface Rates {
  signed: Allowance;
  unsigned: Allowance;
  turns: Turns;
  /** Of an address that sends guesses: looking for a session costs little, and those that stand must be found. */
  looks: Turns;
  refusals: Refusals;
  held: HeldBytes;
  /** Bytes of answers on their way, by line. */
  unread: Sums;
}

export function openRates(queue: Queue, key: Buffer, limits: RateLimits): Rates {
  const hash = (text: string): string => keyedHash(key, "rate", text, 64);
  return {
    signed: new Allowance(queue, "signed", limits.signed, hash),
    unsigned: new Allowance(queue, "unsigned", limits.unsigned, hash),
    turns: new Turns(limits.atOnce, limits.waiting),
    looks: new Turns(limits.atOnce, MAX_LOOKS, elapsedMs, Infinity),
    refusals: new Refusals(),
    held: new HeldBytes(),
    unread: new Sums(),
  };
}
