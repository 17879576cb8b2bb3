// Where tests and benchmarks keep their servers, and the environment they run in.
import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, statfsSync } from "node:fs";
import { findProgram } from "./packages.mjs";
import { findChromium } from "./prepare.mjs";
import { startServices } from "./services.mjs";

/**
 * Memory where there is room, else the data folder. What is durable stays durable: a killed server recovers from
 * either; only a power cut would lose the memory, and with it the tests.
 */
export function testDataDir(onDisk) {
  try {
    const { bavail, bsize } = statfsSync("/dev/shm");
    if (bavail * bsize < 3 * 2 ** 30) return onDisk;
    const name = createHash("sha256").update(onDisk).digest("hex").slice(0, 16);
    const dir = `/dev/shm/duly-test-${name}`;
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    // Anybody may write to /dev/shm: a folder somebody else put there first is not ours.
    const made = lstatSync(dir);
    return made.isDirectory() && made.uid === process.getuid() && (made.mode & 0o077) === 0 ? dir : onDisk;
  } catch {
    return onDisk;
  }
}

/** The environment of tests and benchmarks: servers on which they make their own databases, and a browser. */
export async function testEnvironment({ dataDir, keep, log = console.log }) {
  const services = await startServices({ dataDir, keep, log });
  const server = new URL(services.databaseUrl);
  server.pathname = "/";
  return {
    ...process.env,
    TEST_DATABASE_URL: server.href,
    TEST_REDIS_URL: services.redisUrl,
    // For tests that must break a Redis of their own.
    TEST_REDIS_SERVER: findProgram(["redis-server", "valkey-server"]) ?? "",
    CHROMIUM_PATH: await findChromium({ log }),
  };
}
