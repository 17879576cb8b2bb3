/**
 * Does the installation do its work, whichever process is asked? /statusz and `duly doctor` say the same. Each problem is
 * a sentence for whoever runs it. Nobody's data is in it.
 */
import { statfs } from "node:fs/promises";
import { isoOf, type Sql } from "../store/database";
import { readClock } from "../store/clock";
import { countOpenFaults, oldestUrgentWaiting } from "../store/faults";
import { readInstallation } from "../store/installation";
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
/** A backup a week, and a day for it to be late. */
const BACKUP_DAYS = 8;

/** One thing that was looked at. */
export interface Check {
  name: string;
  ok: boolean;
  /** A sentence: how it is, or what to do. */
  says: string;
}

export interface Status {
  ok: boolean;
  /** A sentence for each thing that must be seen to. */
  problems: string[];
  at: string;
  /** Since when no clock fires and no email leaves, and why: the database may be a copy. Null where it is in use. */
  held: { since: string; why: string } | null;
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
    held: null,
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
  status.problems = checksOf(status).flatMap(({ ok, says }) => (ok ? [] : [says]));
  status.ok = status.problems.length === 0;
  return status;
}

async function readDatabase(world: World, sql: Sql, status: Status, now: number): Promise<void> {
  status.skew = (now - (await clockOfDatabase(sql))) / 1_000;
  status.missingMigrations = await missingMigrations(sql);
  status.workers = await workersSince(sql, now - DAY_MS);
  const { heldSince, heldWhy, lastBackupAt } = await readInstallation(sql);
  status.held = heldSince === null ? null : { since: heldSince, why: heldWhy ?? "" };
  status.lastBackup = lastBackupAt;
  const { offsetMs, target } = await readClock(sql);
  const school = now + offsetMs;
  const since = (at: number | null): number | null => (at === null || at > school ? null : (school - at) / 1_000);
  // Whoever moves the clock fires in order, as late as it takes; what is held waits.
  status.oldestDue = target === null && !status.held ? since(await oldestDue(sql)) : null;
  status.oldestUrgent = since(await oldestUrgentWaiting(sql, isoOf(school)));
  for (const { kind, count } of await countOpenFaults(sql)) status.faults[kind] = (status.faults[kind] ?? 0) + count;
}

async function readDisk(world: World, status: Status): Promise<void> {
  const found = await statfs(world.config.dataDir).catch(() => undefined);
  if (found) status.disk = { free: found.bavail * found.bsize, total: found.blocks * found.bsize };
}

/** Everything that was looked at, in order. */
export function checksOf(status: Status): Check[] {
  if (!status.database) return [{ name: "Database", ok: false, says: "The database does not answer." }];
  const now = Date.parse(status.at);
  const check = (name: string, bad: boolean, wrong: string, well: string): Check => ({
    name,
    ok: !bad,
    says: bad ? wrong : well,
  });
  const rounds = status.workers.map(({ rounds: { sweep } }) => (sweep ? Date.parse(sweep) : 0));
  const last = Math.max(0, ...rounds);
  const counted = Object.entries(status.faults).map(([kind, count]) => `${kind} ${count}`);
  const faults = Object.values(status.faults).reduce((sum, count) => sum + count, 0);
  const [due, urgent, skew] = [status.oldestDue ?? 0, status.oldestUrgent ?? 0, status.skew ?? 0];
  const { disk, held, lastBackup } = status;
  return [
    { name: "Database", ok: true, says: "It answers." },
    check(
      "Schema",
      status.missingMigrations.length > 0,
      "The database is older than this version of Duly: run the migrate command.",
      "It is that of this version.",
    ),
    check(
      "In use",
      held !== null,
      `Held since ${held?.since ?? ""}, no email leaves: ${held?.why ?? ""}. To put it in use: duly release`,
      "Email leaves and reminders fall due.",
    ),
    check(
      "Redis",
      !status.redis,
      "Redis does not answer: what falls due is found by the sweep, seconds later.",
      "It answers.",
    ),
    check(
      "Workers",
      now - last > ROUND_S * 1_000,
      last === 0
        ? "No worker has finished a round in the last day: start one."
        : `No worker has finished a round since ${isoOf(last)}.`,
      `The last round ended at ${isoOf(last)}.`,
    ),
    check("Oldest due", due > LATE_S, `A timer has been due for ${Math.round(due)} seconds.`, "Nothing is late."),
    check(
      "Urgent notices",
      urgent > LATE_S,
      `An urgent notice has waited for ${Math.round(urgent)} seconds.`,
      "None has waited long.",
    ),
    check(
      "Failed work",
      faults > 0,
      `${faults} ${faults === 1 ? "piece of work has" : "pieces of work have"} failed and wait for a person (${counted.join(", ")}).`,
      "Nothing waits for a person.",
    ),
    check(
      "Clock",
      Math.abs(skew) > SKEW_S,
      `This machine's clock and the database's are ${Math.round(Math.abs(skew))} seconds apart.`,
      "It agrees with the database's.",
    ),
    check(
      "Disk",
      disk !== null && disk.free < disk.total * MIN_FREE,
      "The disk of the data folder is nearly full.",
      disk === null
        ? "It could not be measured."
        : `${(disk.free / 2 ** 30).toFixed(1)} GB are free for the data folder.`,
    ),
    check(
      "Last backup",
      lastBackup !== null && now - Date.parse(lastBackup) > BACKUP_DAYS * DAY_MS,
      `The last backup is of ${lastBackup ?? ""}: duly backup DIR`,
      lastBackup === null ? "There is none yet: duly backup DIR" : `It is of ${lastBackup}.`,
    ),
  ];
}
