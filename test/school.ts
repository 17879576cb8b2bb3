/** The test's world: a demo school of its own, with its own clock and nobody else's data. */
import { loadConfig } from "../api/config";
import { runForward } from "../api/engine/advanceClock";
import { fireDue } from "../api/engine/fireDue";
import { keepTransport, type MailTransport } from "../api/engine/mailTransport";
import { rederiveSome } from "../api/engine/rederive";
import { type Identity, machineTime, run, type Run, schoolNow } from "../api/engine/run";
import { openWorld, type World } from "../api/engine/world";
import { type DemoPerson, ensureInstallation, loadDemo } from "../api/setUp";
import { moveClock } from "../api/store/clock";
import { isoOf, openDatabase, type Row } from "../api/store/database";
import { without } from "../schema/elements";
import { schoolPolicy } from "../schema/packs/school-policy/pack";
import { newDatabase } from "./database";

export const demoPassword = "a password for tests only";

export interface School {
  world: World;
  organisation: string;
  databaseUrl: string;
  /** Runs a verb as a person of the demo school, in that person's rights. */
  as<T>(name: string, verb: (run: Run) => Promise<T>): Promise<T>;
  personId: (name: string) => string;
  query(sql: string, params?: (string | number | null)[]): Promise<Row[]>;
  clock: {
    /** Moves school time to an instant ("2027-08-02T12:00:00Z") or date (its end), firing and mailing on the way. */
    to(when: string, transport?: MailTransport): Promise<void>;
    now(): Promise<string>;
  };
  close(): Promise<void>;
}

/** The demo school on the pack; for `duly coverage --prove` on the pack without one of its elements. */
async function found(world: World): Promise<DemoPerson[]> {
  const path = process.env["DULY_PACK_WITHOUT"];
  if (!path) return loadDemo(world, demoPassword);
  try {
    return await loadDemo(world, demoPassword, without(schoolPolicy, path));
  } catch (cause) {
    throw new Error(`No school could be founded without ${path}: ${String(cause)}`, { cause });
  }
}

/** An installation without a school, whose machine time starts at `startsAt` (ISO) and goes on from there. */
export async function newInstallation(
  startsAt: string,
  demo = true,
): Promise<{ world: World; url: string; drop: () => Promise<void> }> {
  const { url, keyFile, drop } = await newDatabase();
  const config = loadConfig({
    DATABASE_URL: url,
    REDIS_URL: process.env["TEST_REDIS_URL"],
    PORT: "0",
    PUBLIC_URL: "http://school.test",
    DULY_DATA: "./var/test",
    DULY_DEMO: demo ? "1" : "0",
    DULY_DEMO_PASSWORD: demoPassword,
    DULY_KEY_FILE: keyFile,
    LOG_LEVEL: "silent",
    // One test asks for more in a minute than a person does.
    RATE_LIMIT: "1000000",
    RATE_LIMIT_UNSIGNED: "1000000",
  });
  const db = openDatabase(url, 1);
  await ensureInstallation(db, demo);
  await db.close();
  const world = await openWorld(config, 10);
  const offset = Date.parse(startsAt) - Date.now();
  world.machineNow = () => Date.now() + offset;
  world.timeAt = (databaseNow) => databaseNow + offset;
  return { world, url, drop };
}

/** Moves school time to an instant or the end of a date, firing and mailing on the way. */
export async function moveTo(world: World, when: string, transport = keepTransport()): Promise<void> {
  const until = Date.parse(when.length === 10 ? `${when}T23:59:59.000Z` : when);
  while (await rederiveSome(world));
  await fireDue(world);
  await runForward(world, until, transport);
  await moveClock(world.db, until - (await machineTime(world)));
}

/** `startsAt` is the school's time when it is founded, ISO; `load` fills it. */
export async function newSchool(startsAt = "2026-11-23T09:00:00.000Z", load = found): Promise<School> {
  const { world, url, drop } = await newInstallation(startsAt);
  const members = await load(world);
  const [root] = await world.db.query("SELECT id FROM organisation WHERE parent IS NULL");
  const organisation = String(root?.["id"]);
  const personId = (name: string): string => {
    const found = members.find((person) => person.name === name);
    if (!found) throw new Error(`Nobody of the demo school is called ${name}.`);
    return found.id;
  };
  const identity = async (name: string): Promise<Identity> => {
    const id = personId(name);
    const rows = await world.db.query(
      "SELECT DISTINCT role FROM appointment WHERE person = ? AND organisation = ? AND (to_on IS NULL OR to_on >= CURRENT_DATE)",
      [id, organisation],
    );
    const roles = rows.map((row) => String(row["role"]));
    return {
      actor: { kind: "person", id, name },
      access: { person: id, organisations: [{ id: organisation, roles }], acting: organisation },
      administers: world.registry.roles.some((role) => role.administers && roles.includes(role.name)),
    };
  };
  return {
    world,
    organisation,
    databaseUrl: url,
    as: async (name, verb) => run(world, await identity(name), verb),
    personId,
    query: (sql, params = []) => world.db.query(sql, params),
    clock: {
      to: (when, transport) => moveTo(world, when, transport),
      now: async () => isoOf(await schoolNow(world)),
    },
    async close() {
      await world.close();
      await drop();
    },
  };
}
