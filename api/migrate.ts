/** The migrate command: brings the database up to date, publishes the pack, and loads the demo school where it is empty. */
import { formatDate } from "../schema/dates";
import { type Config, loadConfig } from "./config";
import { whenThere } from "./ending";
import { lastWords } from "./logging";
import { foundingUrl } from "./engine/founding";
import { publishPack } from "./engine/upgradePack";
import { settleIn } from "./engine/place";
import { systemIdentity } from "./engine/run";
import { openWorld, type World } from "./engine/world";
import { demoYear, ensureInstallation, loadDemo, loadDemoYear } from "./setUp";
import { readClock } from "./store/clock";
import { type Database, forCommands, openDatabase } from "./store/database";
import { underKeptLease } from "./store/lease";
import { migrate } from "./store/migrate";
import {
  begin,
  emptyDatabase,
  finish,
  groundStatements,
  holdsOnlyTheDemo,
  isUnfinished,
  refuseHalfRestored,
} from "./store/resume";
import { isDatabaseTrouble } from "./store/trouble";
import { openClashes } from "./store/packTypes";
import { rememberKey } from "./store/installation";
import { hasSchool, rootOrganisation } from "./store/organisations";
import { schoolPolicy } from "../schema/packs/school-policy/pack";

/** Roles shown to somebody who tries the demo, with the word for each. */
const shown: [role: string, label: string][] = [
  ["leadGovernor", "Lead governor"],
  ["chair", "Chair of governors"],
  ["headteacher", "Headteacher"],
  ["clerk", "Clerk"],
  ["administrator", "Business manager"],
  ["classTeacher", "Teacher"],
];

async function main(): Promise<void> {
  const config = loadConfig(process.env);
  const db = openDatabase(config.databaseUrl, 2, undefined, forCommands);
  await whenThere(async () => {
    for (const statement of groundStatements) await db.executeText(statement);
  }, isDatabaseTrouble);
  const waiting = () => process.stdout.write("Another process prepares this database: waiting for it …\n");
  const lost = () => {
    process.stderr.write("Another process has taken over preparing this database.\n");
    process.exit(1);
  };
  await underKeptLease({ db, timeAt: (databaseNow) => databaseNow }, "migrate", { waiting, lost }, () =>
    prepare(config, db),
  );
  await db.close();
}

async function prepare(config: Config, db: Database): Promise<void> {
  await refuseHalfRestored(db);
  await migrate(config.databaseUrl);
  await ensureInstallation(db, config.demo);
  // School time behind the machine's is that of a year which was not told to its end.
  if ((await isUnfinished(db, "demo")) || (await readClock(db)).offsetMs < 0) {
    if (!config.demo || !(await holdsOnlyTheDemo(db)))
      throw new Error("The demo school was set up only in part, and somebody works in it: restore a backup.");
    process.stdout.write("The demo school was set up only in part: it is begun anew.\n");
    await emptyDatabase(db);
    await migrate(config.databaseUrl);
    await ensureInstallation(db, config.demo);
  }
  const empty = !(await hasSchool(db));
  const world = await openWorld(config, 5, forCommands);
  try {
    await rememberKey(world.db, config.key);
    const held = await settleIn(world);
    if (held !== null)
      process.stdout.write(
        `${held}\nNo email is sent and no reminder falls due until you say that this is the one in use: npm run duly -- release\n`,
      );
    if (empty && config.demo) {
      await begin(db, "demo");
      await fillDemo(world);
      await finish(db, "demo");
    } else if (empty) process.stdout.write(`${JSON.stringify({ found: await foundingUrl(world) })}\n`);
    else await publishPack(world, systemIdentity(await rootOrganisation(world.db)), schoolPolicy);
    const clashes = (await openClashes(world.db)).length;
    if (clashes)
      process.stdout.write(
        `You and this version changed ${clashes} of the same things; yours are in use: see Settings, Changes in the new version.\n`,
      );
    if (config.demo) process.stdout.write(`${JSON.stringify({ signIn: await signIns(world.db) })}\n`);
  } finally {
    await world.close();
  }
}

async function fillDemo(world: World): Promise<void> {
  const { demoPassword = "", demoSeed } = world.config;
  if (demoSeed === undefined) return void (await loadDemo(world, demoPassword));
  process.stdout.write("Telling a year of the demo school, which takes a minute or two …\n");
  let months = 0;
  await loadDemoYear(world, demoPassword, demoYear(world, demoSeed), {
    month(month) {
      if (months++ % 3 === 0) process.stdout.write(`  … ${formatDate(month)}\n`);
    },
    // The story is written for any day to begin on; where one does not fit, less has happened.
    refused: (why) => world.log.warn(`The demo's year goes on without this: ${why}`),
  });
}

async function signIns(db: Database) {
  const rows = await db.query(
    `SELECT p.name, p.email, a.role FROM appointment a JOIN person p ON p.id = a.person AND p.active = 1
     JOIN credential c ON c.person = p.id WHERE a.to_on IS NULL ORDER BY a.id`,
  );
  return shown.flatMap(([role, label]) => {
    const row = rows.find((one) => one["role"] === role);
    return row ? [{ role: label, name: String(row["name"]), email: String(row["email"]) }] : [];
  });
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${lastWords(error)}\n`);
    process.exit(1);
  },
);
