/** The migrate command: brings the database up to date, publishes the pack, and loads the demo school where it is empty. */
import { loadConfig } from "./config";
import { foundingUrl } from "./engine/founding";
import { publishPack } from "./engine/publishDefinition";
import { systemIdentity } from "./engine/run";
import { openWorld } from "./engine/world";
import { ensureInstallation, loadDemo } from "./setUp";
import { openDatabase } from "./store/database";
import { migrate } from "./store/migrate";
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
  await migrate(config.databaseUrl);
  const db = openDatabase(config.databaseUrl, 2);
  await ensureInstallation(db, config.demo);
  const empty = !(await hasSchool(db));
  await db.close();
  const world = await openWorld(config, 5);
  try {
    if (empty && config.demo) await loadDemo(world, config.demoPassword ?? "");
    else if (empty) process.stdout.write(`${JSON.stringify({ found: await foundingUrl(world) })}\n`);
    else await publishPack(world, systemIdentity(await rootOrganisation(world.db)), schoolPolicy);
    if (config.demo) process.stdout.write(`${JSON.stringify({ signIn: await signIns(world.db) })}\n`);
  } finally {
    await world.close();
  }
}

async function signIns(db: Awaited<ReturnType<typeof openWorld>>["db"]) {
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
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
