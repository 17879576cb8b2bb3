/**
 * How much one session, token, link, device or unsigned address may ask for in a minute, and how much at once. What all
 * processes consume is counted in Redis, but no request waits for it: a process takes points there by the lease and
 * spends them here. So a limit may be overrun by what comes while a lease is asked for, and by one lease a process.
 */
import { type RateLimiterAbstract, RateLimiterRes } from "rate-limiter-flexible";
import { keyedHash } from "../engine/securityLog";
import { machineNow } from "../machineClock";
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

/** Requests that run at once for one key; a few more wait for their turn. */
export class Turns {
  private readonly lines = new Map<string, { running: number; waiting: (() => void)[] }>();

  constructor(
    private readonly most: number,
    private readonly mostWaiting: number,
  ) {}

  /** @returns nothing where it may run at once. Whoever entered leaves. @throws where too many wait already. */
  enter(key: string, full: () => Error): undefined | Promise<void> {
    let line = this.lines.get(key);
    if (!line) this.lines.set(key, (line = { running: 0, waiting: [] }));
    if (line.running < this.most) {
      line.running += 1;
      return undefined;
    }
    if (line.waiting.length >= this.mostWaiting) throw full();
    const { waiting } = line;
    return new Promise((resolve) => waiting.push(resolve));
  }

  leave(key: string): void {
    const line = this.lines.get(key);
    if (!line) return;
    // The turn is handed on.
    const next = line.waiting.shift();
    if (next) return next();
    line.running -= 1;
    if (line.running === 0) this.lines.delete(key);
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

export const rateLimits = { atOnce: 8, waiting: 200 };

export interface Rates {
  signed: Allowance;
  unsigned: Allowance;
  turns: Turns;
}

export function openRates(queue: Queue, key: Buffer, limits: RateLimits): Rates {
  const hash = (text: string): string => keyedHash(key, "rate", text, 64);
  return {
    signed: new Allowance(queue, "signed", limits.signed, hash),
    unsigned: new Allowance(queue, "unsigned", limits.unsigned, hash),
    turns: new Turns(limits.atOnce, limits.waiting),
  };
}
