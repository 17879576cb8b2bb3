/** What somebody who runs an installation should know: each finding is well or says what to do. */
import { statfs } from "node:fs/promises";
import { keyFingerprint, readInstallation } from "../store/installation";
import { migrations } from "../store/migrate";
import { clockOfDatabase, oldestDue } from "../store/observe";
import { countOpenFaults } from "../store/faults";
import { schoolNow } from "./run";
import type { World } from "./world";

export interface Check {
  name: string;
  ok: boolean;
  /** A sentence: how it is, or what to do. */
  says: string;
}

/** Firing goes by the database's clock: a process that is further off would be early or late. Milliseconds. */
const MOST_SKEW_MS = 5_000;
/** What a database needs to go on writing for a good while. Bytes. */
const LEAST_FREE = 2 * 2 ** 30;
/** A clock is fired within a minute; one this late says that no worker works. Milliseconds. */
const LATE_MS = 15 * 60_000;
const BACKUP_AGE_MS = 8 * 24 * 60 * 60_000;

/** Never throws: a check that cannot be made is a finding. */
export async function doctor(world: World): Promise<Check[]> {
  const installation = await readInstallation(world.db);
  return Promise.all([
    check("Database", async () => {
      const [row] = await world.db.query("SELECT VERSION() AS version");
      return [true, `It answers: ${String(row?.["version"])}.`];
    }),
    check("Schema", async () => {
      const rows = await world.db.query("SELECT COUNT(*) AS n FROM migration");
      const [done, all] = [Number(rows[0]?.["n"]), migrations.length];
      return [
        done === all,
        done === all ? `All ${all} migrations are done.` : `${all - done} migrations are to be done: start Duly once.`,
      ];
    }),
    check("Key", async () => {
      const known = installation.keyFingerprint;
      const mine = keyFingerprint(world.config.key);
      const words = `Its fingerprint begins with ${mine.slice(0, 12)}. Keep a copy of the key file apart from the backups.`;
      return [known === null || known === mine, words];
    }),
    check("In use", async () =>
      installation.heldSince === null
        ? [true, "Email leaves and reminders fall due."]
        : [
            false,
            `Held since ${installation.heldSince}: ${installation.heldWhy ?? ""}. To put it in use: duly release`,
          ],
    ),
    check("Clock", async () => {
      const skew = world.machineNow() - (await clockOfDatabase(world.db));
      const words = `This machine is ${Math.abs(skew)} ms ${skew < 0 ? "behind" : "ahead of"} the database.`;
      return [Math.abs(skew) <= MOST_SKEW_MS, words];
    }),
    check("Redis", async () => {
      await world.queue.ping();
      await world.queue.assertNoEviction();
      return [true, "It answers, and evicts nothing."];
    }),
    check("Workers", async () => {
      const alive = await world.queue.workersAlive();
      return [
        alive > 0,
        alive > 0 ? `${alive} at work.` : "None has said that it is at work: reminders and email wait.",
      ];
    }),
    check("Oldest due", async () => {
      const due = await oldestDue(world.db);
      if (due === null) return [true, "Nothing waits."];
      const late = (await schoolNow(world)) - due;
      return [
        late < LATE_MS,
        late <= 0 ? "Nothing is late." : `The oldest reminder is ${Math.ceil(late / 60_000)} min late.`,
      ];
    }),
    check("Failed work", async () => {
      const faults = await countOpenFaults(world.db);
      const counted = faults.map(({ kind, count }) => `${kind} ${count}`);
      const words = counted.length ? `Waiting for somebody: ${counted.join(", ")}.` : "Nothing waits for somebody.";
      return [counted.length === 0, words];
    }),
    check("Disk", async () => {
      const { bavail, bsize } = await statfs(world.config.dataDir);
      const free = bavail * bsize;
      return [free >= LEAST_FREE, `${(free / 2 ** 30).toFixed(1)} GB are free in ${world.config.dataDir}.`];
    }),
    check("Last backup", async () => {
      const last = installation.lastBackupAt;
      if (last === null) return [false, "There is none yet: duly backup DIR"];
      const age = world.machineNow() - Date.parse(last);
      return [age < BACKUP_AGE_MS, `It was made at ${last}.`];
    }),
  ]);
}

async function check(name: string, look: () => Promise<[ok: boolean, says: string]>): Promise<Check> {
  try {
    const [ok, says] = await look();
    return { name, ok, says };
  } catch (error) {
    return { name, ok: false, says: error instanceof Error ? error.message : String(error) };
  }
}
