/** What a process holds open: the database, the published definitions, the queue, and where time comes from. */
import { randomBytes } from "node:crypto";
import type { Logger } from "pino";
import { monotonicFactory } from "ulid";
import type { Config } from "../config";
import { openLog } from "../logging";
import { machineNow } from "../machineClock";
import { onceAWhile } from "../onceAWhile";
import { openQueue, type Queue, type Touched } from "../queue";
import { type Database, forPeople, type Limits, openDatabase } from "../store/database";
import { loadRegistry, type Registry } from "../store/definitions";
import { keyFingerprint, readInstallation } from "../store/installation";
import { refuseNewer } from "../store/migrate";
import { refuseHalfRestored } from "../store/resume";
import { useSecretBox } from "../store/records";
import { secretBox } from "../store/secretBox";
import { Guesses } from "./guesses";
import { endIdleWorkers } from "./heavy/pool";
import { ViewLog } from "./viewLog";

export interface World {
  config: Config;
  db: Database;
  /** The definitions in force, replaced as a whole when another edition is published. */
  registry: Registry;
  key: Buffer;
  demo: boolean;
  publicUrl: string;
  log: Logger;
  queue: Queue;
  views: ViewLog;
  guesses: Guesses;
  machineNow(): number;
  /** The machine's time when the database's clock shows this, epoch ms: the same, but in the world of a test. */
  timeAt(databaseNow: number): number;
  /** Hints that something falls due, in school time, which is `offsetMs` ahead of the machine's. Never throws. */
  wake(dueAt: string[], offsetMs?: number, request?: string): void;
  announce(kind: "definitions" | "access"): void;
  /** Whoever looks at one of these records is told that it changed. Never throws. */
  changed(records: Touched[]): void;
  close(): Promise<void>;
}

/** Connects to MySQL and Redis and loads the definitions. The database must have been migrated. */
export async function openWorld(config: Config, connections = 20, limits: Limits = forPeople): Promise<World> {
  const log = openLog(config.logLevel);
  const db = openDatabase(config.databaseUrl, connections, undefined, limits);
  try {
    const [installation] = await db.query("SELECT key_id FROM installation WHERE id = 1");
    if (!installation) throw new Error("This database holds no installation yet: run the migrate command first.");
    useSecretBox(secretBox(config.key));
    const registry = await loadRegistry(db);
    await refuseHalfRestored(db);
    await refuseNewer(db, registry);
    const { keyFingerprint: made } = await readInstallation(db);
    if (made !== null && made !== keyFingerprint(config.key))
      throw new Error(
        "DULY_KEY_FILE names another key than the one this database was made with: put that one in its place.",
      );
    const redis = onceAWhile((error, times) => log.warn({ error, times }, "Redis"));
    const queue = openQueue(config.redisUrl, String(installation["key_id"]), (error) => redis(error.message));
    const views = new ViewLog(db, log, newId);
    const world: World = {
      config,
      db,
      registry,
      key: config.key,
      demo: config.demo,
      publicUrl: config.publicUrl,
      log,
      queue,
      views,
      guesses: new Guesses(),
      machineNow,
      timeAt: (databaseNow) => databaseNow,
      wake: (dueAt, offsetMs, request) => queue.wake(dueAt, offsetMs, request),
      changed: (records) => queue.tellChanges(records.map(({ type, id, version }) => ({ type, id, version }))),
      announce: (kind) => queue.publish(kind, kind === "definitions" ? world.registry.edition : 0),
      async close() {
        await endIdleWorkers();
        await queue.close();
        await db.close();
      },
    };
    return world;
  } catch (error) {
    await db.close();
    throw error;
  }
}

// By itself the library asks the system for every letter, which took a sixth of a burst of timers.
let entropy = randomBytes(4_096);
let spent = 0;

function randomShare(): number {
  if (spent === entropy.length) {
    entropy = randomBytes(entropy.length);
    spent = 0;
  }
  return (entropy[spent++] ?? 0) / 256;
}

const next = monotonicFactory(randomShare);

/** Of two made in one millisecond here the later sorts behind: what falls due at one instant fires as it was laid. */
export const newId = (): string => next();
