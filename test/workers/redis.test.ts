/** Redis as workers meet it: refused when it may evict, missed when it is away, and never the truth. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Queue as BullQueue } from "bullmq";
import { Redis } from "ioredis";
import { newId } from "../../api/engine/world";
import { nearHorizonMs, openQueue, type Queue, wakeSecond } from "../../api/queue";
import { freePort } from "../freePort";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface PrivateRedis {
  url: string;
  stop(): Promise<void>;
  start(): Promise<void>;
}

async function privateRedis(policy: string, ...more: string[]): Promise<PrivateRedis> {
  const dir = mkdtempSync(join(tmpdir(), "duly-redis-"));
  const port = await freePort();
  closing.push(async () => {
    await redis.stop();
    rmSync(dir, { recursive: true, force: true });
  });
  let child: ChildProcess | undefined;
  const redis: PrivateRedis = {
    url: `redis://127.0.0.1:${port}/0`,
    async start() {
      const program = process.env["TEST_REDIS_SERVER"] || "redis-server";
      const options = ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", dir, "--save", "", ...more];
      child = spawn(program, [...options, "--maxmemory", "64mb", "--maxmemory-policy", policy], { stdio: "ignore" });
      const client = new Redis(redis.url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
      client.on("error", () => undefined);
      await client.ping();
      client.disconnect();
    },
    async stop() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
  await redis.start();
  return redis;
}

function open(url: string, machineNow?: () => number): Queue {
  const queue = openQueue(url, newId(), () => undefined, machineNow);
  closing.push(() => queue.close());
  return queue;
}

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await sleep(20);
}

const answers = (queue: Queue): Promise<boolean> =>
  queue.ping().then(
    () => true,
    () => false,
  );

async function jobs(queue: Queue): Promise<string[]> {
  const url = new URL(queue.url);
  const connection = { host: url.hostname, port: Number(url.port), password: url.password };
  const bull = new BullQueue("due", { connection, prefix: queue.prefix });
  try {
    return (await bull.getDelayed()).map((job) => String(job.id)).sort();
  } finally {
    await bull.close();
  }
}

const shared = (): string => process.env["TEST_REDIS_URL"] ?? "";

test("a Redis that may evict is refused, with the command and the line that put it right", async () => {
  const redis = await privateRedis("allkeys-lru");
  const refusal = open(redis.url).assertNoEviction();
  await expect(refusal).rejects.toThrow(/"allkeys-lru".*CONFIG SET maxmemory-policy noeviction.*redis\.conf/s);
});

test("a managed Redis that forbids CONFIG is asked through INFO", async () => {
  const strict = await privateRedis("volatile-ttl", "--rename-command", "CONFIG", "");
  const good = await privateRedis("noeviction", "--rename-command", "CONFIG", "");
  await expect(open(strict.url).assertNoEviction()).rejects.toThrow(/volatile-ttl/);
  await expect(open(good.url).assertNoEviction()).resolves.toBeUndefined();
});

test("a thousand timers of one second are one wake-up, and what is far off is none", async () => {
  const now = Date.parse("2027-03-01T09:00:00.000Z");
  const queue = open(shared(), () => now);
  await until(() => answers(queue));
  const soon = new Date(now + 60_000).toISOString();
  queue.wake([...Array.from({ length: 1000 }, () => soon), new Date(now + nearHorizonMs + 1).toISOString()]);
  await until(async () => (await jobs(queue)).length > 0);
  expect(await jobs(queue)).toEqual([`due-${(now + 60_000) / 1000}`]);
});

test("in a school whose clock was moved, wake-ups come when machine time has got there", async () => {
  const now = Date.parse("2027-03-01T09:00:00.000Z");
  const queue = open(shared(), () => now);
  await until(() => answers(queue));
  const aYear = 365 * 86_400_000;
  queue.wake([new Date(now + aYear + 30_000).toISOString()], aYear);
  await until(async () => (await jobs(queue)).length > 0);
  expect(await jobs(queue)).toEqual([`due-${(now + 30_000) / 1000}`]);
});

test("a wake-up never takes the id of one that may be at work: what is due now wakes in the second to come", () => {
  expect(wakeSecond(5_000, 10_000)).toBe(11);
  expect(wakeSecond(10_000, 10_000)).toBe(11);
  expect(wakeSecond(10_001, 10_000)).toBe(11);
  expect(wakeSecond(12_000, 10_500)).toBe(12);
});

test("with Redis away nothing throws: hints are counted as dropped, and work again when it is back", async () => {
  const redis = await privateRedis("noeviction");
  const queue = open(redis.url);
  const heard: number[] = [];
  queue.subscribe((_kind, edition) => heard.push(edition));
  await until(() => answers(queue));
  await redis.stop();
  await until(async () => !(await answers(queue)));
  const soon = (): string => new Date(Date.now() + 60_000).toISOString();
  queue.wake([soon()]);
  queue.publish("access", 1);
  await until(() => queue.dropped.hints === 1);

  await redis.start();
  await until(() => answers(queue));
  queue.wake([soon()]);
  await until(async () => (await jobs(queue)).length === 1);
  // Listening comes back by itself, and perhaps later than sending.
  await until(async () => {
    queue.publish("access", 2);
    await sleep(50);
    return heard.length > 0;
  });
  expect(new Set(heard)).toEqual(new Set([2]));
});

test("every process hears an edition, and each worker counts as alive until it falls silent", async () => {
  const id = newId();
  const [one, two] = [0, 1].map(() => openQueue(shared(), id, () => undefined));
  if (!one || !two) throw new Error("No queues.");
  closing.push(
    () => one.close(),
    () => two.close(),
  );
  await until(async () => (await answers(one)) && (await answers(two)));
  const heard: string[] = [];
  two.subscribe((kind, edition) => heard.push(`${kind} ${edition}`));
  await until(async () => {
    one.publish("definitions", 7);
    await sleep(20);
    return heard.length > 0;
  });
  expect(heard[0]).toBe("definitions 7");

  expect(await one.workersAlive()).toBe(0);
  await one.heartbeat("a", "[1]");
  await two.heartbeat("b", "[2]");
  expect(await one.workersAlive()).toBe(2);
  expect((await one.workerReports()).sort()).toEqual(["[1]", "[2]"]);
  const redis = new Redis(shared());
  await redis.del(`${one.prefix}:worker:a`);
  redis.disconnect();
  expect(await two.workersAlive()).toBe(1);
});
