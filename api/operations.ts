/** The commands for whoever runs an installation: backup, restore, release, doctor, verify, admin. */
import { administrators, wayIn } from "./engine/wayIn";
import { doctor } from "./engine/doctor";
import { releaseHold } from "./engine/place";
import { countProblems, problems, retryProblem, skipProblem } from "./engine/problems";
import { inOne, instantWithZone } from "./engine/status";
import { run, systemIdentity } from "./engine/run";
import { verifyAll } from "./engine/verify";
import type { World } from "./engine/world";
import type { Config } from "./config";
import { Failure } from "../schema/failure";
import { faultKinds } from "../schema/faultKinds";
import { readBackup, restoreBackup, writeBackup } from "./store/backup";
import { keyFingerprint, readInstallation, rememberBackup } from "./store/installation";
import { rootOrganisation } from "./store/organisations";
import { migrations } from "./store/migrate";
import { machineNow } from "./machineClock";

type Print = (line?: string) => void;

/** Says each table that takes a while. */
const progressOn =
  (print: Print) =>
  (table: string, rows: number): void => {
    if (rows >= MANY_ROWS) print(`  ${table}: ${rows} rows`);
  };
const MANY_ROWS = 50_000;

export async function backup(world: World, into: string, password: string | undefined, print: Print): Promise<void> {
  const { folder, manifest } = await writeBackup({
    url: world.config.databaseUrl,
    into,
    machineNow: world.machineNow(),
    keyFingerprint: keyFingerprint(world.key),
    ...(password !== undefined && { password }),
    progress: progressOn(print),
  });
  await rememberBackup(world.db, world.machineNow());
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
  print(
    `Backed up ${manifest.tables.length} tables with ${rows} rows to ${folder}${password === undefined ? "" : ", encrypted"}.`,
  );
  print(
    "The key is not in it. Keep a copy of the key file apart from it: without the key no sensitive field can be read.",
  );
  print(`The key's fingerprint begins with ${manifest.keyFingerprint.slice(0, 12)}.`);
}

/** Into the empty database that DATABASE_URL names. It is held until `release`. */
export async function restore(
  config: Config,
  folder: string,
  password: string | undefined,
  print: Print,
): Promise<void> {
  const { manifest, key } = await readBackup(folder, password);
  const known = new Set(migrations.map(({ name }) => name));
  if (manifest.migrations.some((name) => !known.has(name)))
    throw new Failure(
      "INVALID_INPUT",
      "This backup was made by a newer version of Duly: restore it with that version.",
    );
  if (manifest.keyFingerprint !== keyFingerprint(config.key))
    throw new Failure(
      "INVALID_INPUT",
      `This backup belongs to the key whose fingerprint begins with ${manifest.keyFingerprint.slice(0, 12)}, and DULY_KEY_FILE ` +
        "names another one (a start or a command makes a new key in a new folder): put that key in its place first.",
    );
  await restoreBackup({
    ...{ url: config.databaseUrl, folder, manifest, machineNow: machineNow() },
    ...(key && { key }),
    progress: progressOn(print),
  });
  print(`Restored ${manifest.tables.length} tables of ${instantWithZone(manifest.madeAt, "UTC")}.`);
  print("Start Duly and look at it. No email is sent and no reminder falls due until you put it in use: duly release");
}

export async function release(world: World, send: boolean, print: Print): Promise<number> {
  const { heldSince } = await readInstallation(world.db);
  if (heldSince === null) {
    print("This database is in use already.");
    return 0;
  }
  await releaseHold(world, { send });
  print(
    send
      ? `It is in use. Any email that waited will be sent while Duly runs${world.config.smtpUrl ? "" : ", once SMTP_URL is set"}.`
      : "It is in use. Any email that waited is kept and not sent.",
  );
  return 0;
}

export async function showDoctor(world: World, print: Print): Promise<number> {
  const checks = await doctor(world);
  for (const { name, ok, says, remedy } of checks)
    print(`${ok ? "ok     " : "PROBLEM"}  ${name}: ${inOne(says, remedy)}`);
  const bad = checks.filter(({ ok }) => !ok).length;
  print(
    bad
      ? `${bad} of ${checks.length} ${bad === 1 ? "needs" : "need"} somebody.`
      : `All ${checks.length} checks are well.`,
  );
  return bad ? 1 : 0;
}

export async function verify(world: World, print: Print): Promise<number> {
  const { records, seals, entries, problems } = await verifyAll(world);
  for (const problem of problems) print(problem);
  const what = `${records} records' histories, ${seals} ${seals === 1 ? "seal" : "seals"} and ${entries} entries of the security log`;
  print(`${what}: ${problems.length ? `${problems.length} problems.` : "all hold."}`);
  return problems.length ? 1 : 0;
}

/** Without an address, who administers; with one, a link by which that person chooses a new password. */
export async function admin(world: World, email: string | undefined, appoint: boolean, print: Print): Promise<number> {
  if (email === undefined) {
    const found = await administrators(world);
    for (const each of found) print(`${each.name}  ${each.email ?? "no email address"}  ${each.school}`);
    print(
      found.length
        ? "A way in for one of them: duly admin EMAIL"
        : "Nobody administers. Somebody who is to: duly admin EMAIL --appoint",
    );
    return 0;
  }
  const { name, url } = await wayIn(world, email, appoint);
  if (appoint) print(`${name} is an administrator.`);
  print(`${name} chooses a password here, once, within a day, while Duly runs at ${world.publicUrl}:`);
  print(url);
  return 0;
}

/** What failed for good, or one of them tried again or skipped. */
export async function showProblems(
  world: World,
  [verb, id]: (string | undefined)[],
  reason: string,
  print: Print,
): Promise<number> {
  const identity = systemIdentity(await rootOrganisation(world.db), "The command line");
  if (verb === "retry" && id) {
    const { fault, repeated } = await run(world, identity, (current) => retryProblem(current, { id }));
    print(
      `${repeated ? "It will be tried again" : "Settled; it cannot be tried again"}: ${faultKinds[fault.kind].label}.`,
    );
    return 0;
  }
  if (verb === "skip" && id) {
    const fault = await run(world, identity, (current) => skipProblem(current, { id, reason }));
    print(`Skipped: ${faultKinds[fault.kind].label}.`);
    return 0;
  }
  if (verb !== undefined) throw new Failure("INVALID_INPUT", "Write retry ID, or skip ID --reason WHY.");
  const { found, zone, total } = await run(world, identity, async (current) => ({
    found: await problems(current),
    total: await countProblems(current.tx, current.organisation.id),
    zone: current.organisation.calendar.zone,
  }));
  for (const { id: fault, kind, cause, happenedAt, times } of found)
    print(
      `${fault}  ${faultKinds[kind].label}, since ${instantWithZone(happenedAt, zone)}${times > 1 ? `, ${times} times` : ""}: ${cause}`,
    );
  if (found.length < total.count) print(`The ${found.length} newest of ${total.count}${total.more ? " or more" : ""}.`);
  print(
    found.length
      ? `To try one again: duly problems retry ID. To leave one: duly problems skip ID --reason WHY`
      : "Nothing has failed.",
  );
  return found.length ? 1 : 0;
}
