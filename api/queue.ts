/**
 * The producer's side of Redis: wake-ups, editions and heartbeats. Nothing here is the truth, MySQL is. So nothing here
 * may fail a request: a hint that cannot be given is counted and the workers' sweep finds the row.
 */
import { Queue as BullQueue, type JobsOptions } from "bullmq";
import { Redis } from "ioredis";
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RLWrapperTimeouts,
} from "rate-limiter-flexible";
import { machineNow as machineClock } from "./machineClock";

/** What changed, so that other processes read it again: each also polls, since pub/sub promises nothing. */
export type EditionKind = "definitions" | "access" | "clock";

/** A record that changed. Ids only: what it holds is read by whoever may see it. */
export interface Touched {
  type: string;
  id: string;
  version: number;
}

export interface Queue {
  readonly url: string;
  /** BullMQ's key prefix, hash-tagged so that all its keys share one slot of a cluster. */
  readonly prefix: string;
  readonly dropped: { hints: number };
  /** The clock that wake-ups are set by, epoch ms. */
  machineNow(): number;
  /**
   * Wakes a worker when these timers fall due, where that is soon. `offsetMs` is school time minus machine time.
   * `request` is the id of whoever's request asked for it first. Never throws.
   */
  wake(dueAt: string[], offsetMs?: number, request?: string): void;
  /** Wakes a mail sender within a second: somebody asked for an email and waits for it. Never throws. */
  wakeMail(request?: string): void;
  /** Tells every process, this one too. Never throws. */
  publish(kind: EditionKind, edition: number): void;
  /** Calls the handler for every published edition until the returned function is called. */
  subscribe(handler: (kind: EditionKind, edition: number) => void): () => void;
  /** Tells every process which records changed. Never throws. */
  tellChanges(touched: Touched[]): void;
  onChanges(handler: (touched: Touched[]) => void): () => void;
  /** Says that the worker of this name lives, and its figures; forgotten after 15 s. */
  heartbeat(name: string, report?: string): Promise<void>;
  workersAlive(): Promise<number>;
  /** What the living workers last said. */
  workerReports(): Promise<string[]>;
  /** Rejects when Redis does not answer within two seconds. */
  ping(): Promise<void>;
  assertNoEviction(): Promise<void>;
  /** Counts by key what all processes consume; this process alone while Redis does not answer within half a second. */
  limiter(name: string, rate: Rate): RateLimiterAbstract;
  close(): Promise<void>;
}

/** So many points in so many seconds. */
export interface Rate {
  points: number;
  seconds: number;
}

/** Later wake-ups stay in MySQL only: the sweep hints them when they come near. */
export const nearHorizonMs = 10 * 60_000;
const heartbeatSeconds = 15;
// A kept job would swallow the next one with its id.
const forgotten: JobsOptions = { removeOnComplete: true, removeOnFail: true, attempts: 1 };

/**
 * `onError` hears connection trouble, once per event. `machineNow` gives epoch milliseconds.
 * Connects in the background: an unreachable Redis does not stop a process from starting.
 */
export function openQueue(
  url: string,
  installationId: string,
  onError: (error: Error) => void,
  machineNow: () => number = machineClock,
): Queue {
  const tag = `{duly-${installationId}}`;
  const channel = `${tag}:edition`;
  const changed = `${tag}:changed`;
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    retryStrategy: (times) => Math.min(times * 200, 5_000),
  });
  redis.on("error", onError);
  const queues = { due: bull("due"), mail: bull("mail") };
  const dropped = { hints: 0 };
  const handlers = new Set<(kind: EditionKind, edition: number) => void>();
  const changeHandlers = new Set<(touched: Touched[]) => void>();
  let subscriber: Redis | undefined;
  let closed = false;

  function bull(name: string): BullQueue {
    const queue = new BullQueue(name, { connection: redis, prefix: tag, skipMetasUpdate: true });
    queue.on("error", onError);
    return queue;
  }

  function hint(name: keyof typeof queues, atMs: number[], request?: string): void {
    const now = machineNow();
    const seconds = new Set<number>();
    for (const at of atMs) if (at <= now + nearHorizonMs) seconds.add(wakeSecond(at, now));
    if (seconds.size === 0) return;
    if (redis.status !== "ready") {
      dropped.hints += seconds.size;
      return;
    }
    const jobs = [...seconds].map((second) => ({
      name,
      data: request ? { request } : {},
      opts: { ...forgotten, jobId: `${name}-${second}`, delay: second * 1000 - now },
    }));
    queues[name].addBulk(jobs).catch((error: Error) => {
      dropped.hints += jobs.length;
      if (!closed) onError(error);
    });
  }

  /** Its own connection: one that listens may send nothing else. ioredis subscribes again after a reconnect. */
  function listening(): Redis {
    const made = new Redis(url, {
      maxRetriesPerRequest: null,
      retryStrategy: (times) => Math.min(times * 200, 5_000),
    });
    made.on("error", onError);
    made.on("message", (from: string, text: string) => {
      if (from === changed) {
        const touched = readMessage<Touched[]>(text);
        if (touched) for (const handler of changeHandlers) handler(touched);
        return;
      }
      const message = readMessage<{ kind: EditionKind; edition: number }>(text);
      if (message) for (const handler of handlers) handler(message.kind, message.edition);
    });
    return made;
  }

  function listenTo(name: string): void {
    subscriber ??= listening();
    subscriber.subscribe(name).catch((error: Error) => {
      if (!closed) onError(error);
    });
  }

  function say(to: string, message: unknown): void {
    if (redis.status !== "ready") return;
    redis.publish(to, JSON.stringify(message)).catch((error: Error) => {
      if (!closed) onError(error);
    });
  }

  async function reports(): Promise<string[]> {
    const names = await within(redis.smembers(`${tag}:workers`));
    if (names.length === 0) return [];
    const said = await within(redis.mget(names.map((name) => `${tag}:worker:${name}`)));
    const gone = names.filter((_, i) => said[i] === null);
    if (gone.length > 0) await within(redis.srem(`${tag}:workers`, gone));
    return said.filter((report) => report !== null);
  }

  return {
    url,
    prefix: tag,
    dropped,
    machineNow,
    wake(dueAt, offsetMs = 0, request?: string) {
      hint(
        "due",
        dueAt.map((at) => Date.parse(at) - offsetMs),
        request,
      );
    },
    wakeMail: (request) => hint("mail", [machineNow()], request),
    publish: (kind, edition) => say(channel, { kind, edition }),
    subscribe(handler) {
      handlers.add(handler);
      listenTo(channel);
      return () => void handlers.delete(handler);
    },
    tellChanges(touched) {
      for (let from = 0; from < touched.length; from += 1000) say(changed, touched.slice(from, from + 1000));
    },
    onChanges(handler) {
      changeHandlers.add(handler);
      listenTo(changed);
      return () => void changeHandlers.delete(handler);
    },
    async heartbeat(name, report = "") {
      // The set names them, the keys say who still lives: counting reads no other key of a shared Redis.
      const beat = redis.multi().set(`${tag}:worker:${name}`, report, "EX", heartbeatSeconds);
      await within(beat.sadd(`${tag}:workers`, name).exec());
    },
    workersAlive: async () => (await reports()).length,
    workerReports: reports,
    async ping() {
      await within(redis.ping());
    },
    assertNoEviction: () => assertNoEviction(redis),
    limiter(name, { points, seconds: duration }) {
      const counted = { keyPrefix: `${tag}:${name}`, points, duration };
      return new RLWrapperTimeouts({
        timeoutMs: 500,
        limiter: new RateLimiterRedis({
          ...counted,
          storeClient: redis,
          rejectIfRedisNotReady: true,
          insuranceLimiter: new RateLimiterMemory(counted),
        }),
      });
    },
    async close() {
      closed = true;
      handlers.clear();
      changeHandlers.clear();
      subscriber?.disconnect();
      // A Redis that is frozen answers no goodbye.
      await within(Promise.all(Object.values(queues).map((queue) => queue.close()))).catch(() => undefined);
      redis.disconnect();
    },
  };
}

/**
 * The second a hint wakes at: never the running one, so its id is never that of a job being worked on, which would
 * swallow the hint.
 */
export const wakeSecond = (dueMs: number, nowMs: number): number =>
  dueMs > nowMs ? Math.ceil(dueMs / 1000) : Math.floor(nowMs / 1000) + 1;

function readMessage<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}

/** A half-open connection answers nothing: two seconds, then an error. */
async function within<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("Redis did not answer within two seconds.")), 2_000);
  });
  try {
    return await Promise.race([answer, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}

/** A Redis that evicts drops queued wake-ups without an error, so workers refuse to start on it. */
export async function assertNoEviction(redis: Redis): Promise<void> {
  if (redis.status !== "ready") await untilReady(redis);
  const policy = await evictionPolicy(redis);
  if (policy === "noeviction") return;
  throw new Error(
    `This Redis may silently drop queued work: its maxmemory-policy is "${policy}". Put it right with ` +
      `"redis-cli CONFIG SET maxmemory-policy noeviction" and, to keep it over a restart, the line ` +
      `"maxmemory-policy noeviction" in redis.conf (on a managed Redis: in its parameter group).`,
  );
}

/** A managed Redis may forbid CONFIG; INFO says it too. */
async function evictionPolicy(redis: Redis): Promise<string> {
  const config = await redis.config("GET", "maxmemory-policy").catch(() => []);
  const value = Array.isArray(config) ? config[1] : undefined;
  if (typeof value === "string") return value;
  return /^maxmemory_policy:(\S+)/m.exec(await redis.info("memory"))?.[1] ?? "unknown";
}

function untilReady(redis: Redis): Promise<void> {
  return new Promise((resolve, reject) => {
    const tooLong = setTimeout(() => end(new Error("Redis could not be reached within ten seconds.")), 10_000);
    const ready = (): void => end();
    const end = (error?: Error): void => {
      clearTimeout(tooLong);
      redis.off("ready", ready);
      if (error) reject(error);
      else resolve();
    };
    redis.on("ready", ready);
  });
}
