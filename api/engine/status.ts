/**
 * Does the installation do its work, whichever process is asked? /statusz and `duly doctor` say the same. Each problem is
 * a sentence for whoever runs it. Nobody's data is in it.
 */
import type { Config } from "../config";
import { statfs } from "node:fs/promises";
import { formatInstant } from "../../schema/dates";
import { faultKinds, type FaultKindName } from "../../schema/faultKinds";
import { listed, lower } from "../../schema/text";
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
  /** A sentence: how it is. */
  says: string;
  /** A sentence for whoever runs the server: what to do; null where nothing is. */
  remedy: string | null;
}

export interface Status {
  ok: boolean;
  /** A sentence for each thing that must be seen to. */
  problems: string[];
  at: string;
  /** Why no email leaves this installation; null where it does. */
  emailKept: string | null;
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
  faults: Partial<Record<FaultKindName, number>>;
  /** This process's clock minus the database's, seconds. */
  skew: number | null;
  /** Of the data folder, bytes. */
  disk: { free: number; total: number } | null;
  lastBackup: string | null;
}

const emailKept = ({ smtpUrl, demo }: Pick<Config, "smtpUrl" | "demo">): string | null => {
  if (!smtpUrl) return "SMTP_URL is not set, so that it is kept here";
  return demo ? "this is a demo, where only addresses of SMTP_ALLOW get it" : null;
};

/** Never throws, and takes a few seconds at most. */
export async function installationStatus(world: World): Promise<Status> {
  const now = world.machineNow();
  const status: Status = {
    ok: false,
    problems: [],
    at: isoOf(now),
    emailKept: emailKept(world.config),
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
  status.problems = checksOf(status).flatMap(({ ok, says, remedy }) => (ok ? [] : [inOne(says, remedy)]));
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

/** How it is, and what to do. */
export const inOne = (says: string, remedy: string | null): string => (remedy === null ? says : `${says} ${remedy}`);

/** "Monday 30 November 2026, 9:05 GMT". */
export function instantWithZone(instant: string, zone: string): string {
  const name = new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeZoneName: "short" })
    .formatToParts(new Date(instant))
    .find(({ type }) => type === "timeZoneName")?.value;
  return `${formatInstant(instant, zone)} ${name ?? zone}`;
}

/** "40 seconds", "3 minutes", "5 hours", "2 days": as long as that, not longer. */
function spanInWords(seconds: number): string {
  const units: [number, string][] = [
    [86_400, "day"],
    [3_600, "hour"],
    [60, "minute"],
  ];
  // From two of a unit on, so that "1 hour" is never said of nearly two.
  const [length, unit] = units.find(([each]) => seconds >= 2 * each) ?? [1, "second"];
  const count = Math.floor(seconds / length);
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** Everything that was looked at, in order. Dates are in the zone. */
export function checksOf(status: Status, zone = "UTC"): Check[] {
  if (!status.database)
    return [
      {
        name: "Database",
        ok: false,
        says: "The database does not answer.",
        remedy: "Check that it runs and can be reached.",
      },
    ];
  const now = Date.parse(status.at);
  const at = (instant: string): string => instantWithZone(instant, zone);
  const check = (name: string, wrong: { says: string; remedy: string } | null, well: string): Check =>
    wrong ? { name, ok: false, ...wrong } : { name, ok: true, says: well, remedy: null };
  const rounds = status.workers.map(({ rounds: { sweep } }) => (sweep ? Date.parse(sweep) : 0));
  const last = Math.max(0, ...rounds);
  const kinds = Object.keys(faultKinds) as FaultKindName[];
  const counted = kinds.flatMap((kind) => {
    const count = status.faults[kind] ?? 0;
    return count > 0 ? [`${lower(faultKinds[kind].label)}: ${count}`] : [];
  });
  const faults = Object.values(status.faults).reduce((sum, count) => sum + count, 0);
  const [due, urgent, skew] = [status.oldestDue ?? 0, status.oldestUrgent ?? 0, status.skew ?? 0];
  const { disk, held, lastBackup } = status;
  return [
    check("Database", null, "It answers."),
    check(
      "Schema",
      status.missingMigrations.length > 0
        ? {
            says: "The database is older than this version of Duly.",
            remedy: "Run the migrate command, or start Duly again.",
          }
        : null,
      "The database is of this version of Duly.",
    ),
    check(
      "In use",
      held
        ? {
            says: `No email leaves and no reminder falls due since ${at(held.since)}. ${held.why}.`,
            remedy: "Put it in use at the top of any page, or with: npm run duly -- release",
          }
        : null,
      status.emailKept
        ? `Reminders fall due. No email leaves: ${status.emailKept}.`
        : "Email leaves and reminders fall due.",
    ),
    check(
      "Redis",
      status.redis
        ? null
        : {
            says: "Redis does not answer, so what falls due is found seconds later.",
            remedy: "Check that it runs and that REDIS_URL is right.",
          },
      "It answers.",
    ),
    check(
      "Workers",
      now - last > ROUND_S * 1_000
        ? {
            says:
              last === 0
                ? "No worker has finished a round in the last day."
                : `No worker has finished a round since ${at(isoOf(last))}.`,
            remedy: "Start a worker.",
          }
        : null,
      `The last round ended on ${at(isoOf(last))}.`,
    ),
    check(
      "Oldest due",
      due > LATE_S
        ? { says: `A reminder or deadline is ${spanInWords(due)} late.`, remedy: "Check that a worker runs." }
        : null,
      "Nothing is late.",
    ),
    check(
      "Urgent notices",
      urgent > LATE_S
        ? {
            says: `An urgent email has waited for ${spanInWords(urgent)}.`,
            remedy: "Check that a worker runs and that the mail server can be reached.",
          }
        : null,
      "No urgent email has waited long.",
    ),
    check(
      "Failed work",
      faults > 0
        ? {
            says: `${faults} ${faults === 1 ? "thing has" : "things have"} failed and ${faults === 1 ? "waits" : "wait"} for a person (${listed(counted)}).`,
            remedy: "They are on the page Problems, and in: duly problems",
          }
        : null,
      "Nothing has failed.",
    ),
    check(
      "Clock",
      Math.abs(skew) > SKEW_S
        ? {
            says: `This machine’s clock and the database’s are ${spanInWords(Math.abs(skew))} apart.`,
            remedy: "Let both follow a time server.",
          }
        : null,
      "This machine’s clock agrees with the database’s.",
    ),
    check(
      "Disk",
      disk && disk.free < disk.total * MIN_FREE
        ? {
            says: `The disk of the data folder is nearly full: ${gigabytes(disk.free)} of ${gigabytes(disk.total)} are free.`,
            remedy: "Make room, or use a larger disk.",
          }
        : null,
      disk === null ? "It could not be measured." : `${gigabytes(disk.free)} are free for the data folder.`,
    ),
    check(
      "Last backup",
      lastBackup !== null && now - Date.parse(lastBackup) > BACKUP_DAYS * DAY_MS
        ? { says: `The last backup was made on ${at(lastBackup)}.`, remedy: "Make one: npm run duly -- backup DIR" }
        : null,
      lastBackup === null ? NO_BACKUP : `It was made on ${at(lastBackup)}.`,
    ),
  ];
}

const NO_BACKUP = "No backup has been made with “npm run duly -- backup DIR”.";
const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GB`;

/** What to do where no backup was ever made; a school that has just begun is no alarm for /statusz. */
export const firstBackup = (check: Check, status: Status): Check =>
  check.name === "Last backup" && status.database && status.lastBackup === null
    ? { ...check, ok: false, remedy: "Make one every night: npm run duly -- backup DIR" }
    : check;
