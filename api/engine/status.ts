/**
 * What /statusz says: does the installation do its work, whichever process is asked? Each problem is a sentence for
 * whoever runs it. Nobody's data is in it.
 */
import { statfs } from "node:fs/promises";
import { isoOf, type Sql } from "../store/database";
import { readClock } from "../store/clock";
import { countOpenFaults, oldestUrgentWaiting } from "../store/faults";
import { missingMigrations } from "../store/migrate";
import { clockOfDatabase, oldestDue } from "../store/observe";
import { type WorkerRounds, workersSince } from "../store/workerRounds";
import { holds } from "./health";
import type { World } from "./world";

const LIMIT_MS = 3_000;
/** Four sweeps. */
const ROUND_S = 60;
const LATE_S = 300;
const SKEW_S = 5;
const MIN_FREE = 0.05;
const DAY_MS = 86_400_000;

export interface Status {
  ok: boolean;
  /** A sentence for each thing that must be seen to. */
  problems: string[];
  at: string;
  database: boolean;
  redis: boolean;
  /** Migrations that this process knows and the database has not seen. */
  missingMigrations: string[];
  workers: WorkerRounds[];
  /** Seconds; null where nothing waits. */
  oldestDue: number | null;
  oldestUrgent: number | null;
  /** Work that failed and waits for a person, by kind. */
  faults: Record<string, number>;
  /** This process's clock minus the database's, seconds. */
  skew: number | null;
  /** Of the data folder, bytes. */
  disk: { free: number; total: number } | null;
  lastBackup: string | null;
}

/** Never throws, and takes a few seconds at most. */
export async function installationStatus(world: World): Promise<Status> {
  const now = world.machineNow();
  const status: Status = {
    ok: false,
    problems: [],
    at: isoOf(now),
    database: false,
    redis: false,
    missingMigrations: [],
    workers: [],
    oldestDue: null,
    oldestUrgent: null,
    faults: {},
    skew: null,
    disk: null,
    lastBackup: null,
  };
  const [redis, database] = await Promise.all([
    holds(
      world.queue.ping().then(() => true),
      LIMIT_MS,
    ),
    holds(
      readDatabase(world, world.db.within(LIMIT_MS), status, now).then(() => true),
      LIMIT_MS,
    ),
    readDisk(world, status),
  ]);
  Object.assign(status, { redis, database });
  status.problems = problemsOf(status, now);
  status.ok = status.problems.length === 0;
  return status;
}

async function readDatabase(world: World, sql: Sql, status: Status, now: number): Promise<void> {
  status.skew = (now - (await clockOfDatabase(sql))) / 1_000;
  status.missingMigrations = await missingMigrations(sql);
  status.workers = await workersSince(sql, now - DAY_MS);
  const { offsetMs, target } = await readClock(sql);
  const school = now + offsetMs;
  const since = (at: number | null): number | null => (at === null || at > school ? null : (school - at) / 1_000);
  // Whoever moves the clock fires in order, as late as it takes.
  status.oldestDue = target === null ? since(await oldestDue(sql)) : null;
  status.oldestUrgent = since(await oldestUrgentWaiting(sql, isoOf(school)));
  for (const { kind, count } of await countOpenFaults(sql)) status.faults[kind] = (status.faults[kind] ?? 0) + count;
}

async function readDisk(world: World, status: Status): Promise<void> {
  const found = await statfs(world.config.dataDir).catch(() => undefined);
  if (found) status.disk = { free: found.bavail * found.bsize, total: found.blocks * found.bsize };
}

function problemsOf(status: Status, now: number): string[] {
  if (!status.database) return ["The database does not answer."];
  const problems: string[] = [];
  const say = (holds: boolean, sentence: string): void => void (holds && problems.push(sentence));
  const rounds = status.workers.map(({ rounds: { sweep } }) => (sweep ? Date.parse(sweep) : 0));
  const last = Math.max(0, ...rounds);
  const faults = Object.values(status.faults).reduce((sum, count) => sum + count, 0);
  const { disk } = status;
  say(!status.redis, "Redis does not answer: what falls due is found by the sweep, seconds later.");
  say(status.missingMigrations.length > 0, "The database is older than this version of Duly: run the migrate command.");
  say(last === 0, "No worker has finished a round in the last day: start one.");
  say(last > 0 && now - last > ROUND_S * 1_000, `No worker has finished a round since ${isoOf(last)}.`);
  say((status.oldestDue ?? 0) > LATE_S, `A timer has been due for ${Math.round(status.oldestDue ?? 0)} seconds.`);
  say(
    (status.oldestUrgent ?? 0) > LATE_S,
    `An urgent notice has waited for ${Math.round(status.oldestUrgent ?? 0)} seconds.`,
  );
  say(
    faults > 0,
    `${faults} ${faults === 1 ? "piece of work has" : "pieces of work have"} failed and wait for a person.`,
  );
  say(
    Math.abs(status.skew ?? 0) > SKEW_S,
    `This machine's clock and the database's are ${Math.round(Math.abs(status.skew ?? 0))} seconds apart.`,
  );
  say(disk !== null && disk.free < disk.total * MIN_FREE, "The disk of the data folder is nearly full.");
  return problems;
}
