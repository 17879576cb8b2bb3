/** The command line, `npm run duly -- COMMAND`: what each does stands in `usage`. */
import { readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { parseArgs } from "node:util";
import { checkPack } from "../schema/check";
import { coverage } from "../schema/coverage";
import { Failure } from "../schema/failure";
import { schoolPolicy } from "../schema/packs/school-policy/pack";
import { loadConfig } from "./config";
import { coverageReport } from "./coverageReport";
import { futureReport } from "./futureReport";
import { takeBounce } from "./engine/bounces";
import { importPolicies } from "./engine/importPolicies";
import { messagesOf } from "./engine/readBounce";
import { run, systemIdentity } from "./engine/run";
import { COMMAND_LINE } from "./engine/securityLog";
import { simulate } from "./engine/simulate";
import { openWorld, type World } from "./engine/world";
import { admin, backup, release, restore, showDoctor, showProblems, verify } from "./operations";
import { BackupProblem } from "./store/backup";
import { forCommands } from "./store/database";
import { organisationsById, rootOrganisation } from "./store/organisations";

const usage = `Usage:
  duly import FILE [--dry-run]   policies of a text, Markdown or DOCX document into the register
  duly simulate --until DATE     the calendar until then, if nobody does anything: what comes up, and who is told
  duly bounces [FILE …]          takes reports of email that came back, each as it arrived or in an mbox file, or from
                                 standard input: the office gets a task for an address that fails
  duly backup DIR                a backup into a new folder in DIR, while Duly runs; encrypted where DULY_BACKUP_PASSWORD is set
  duly restore FOLDER            such a backup into an empty database
  duly release [--send]          puts a restored or copied database in use; --send: also sends the email that waits in it
  duly doctor                    whether the installation does its work, and what to do where it does not
  duly problems                  what failed for good: reminders, duties, emails
  duly problems retry ID         tries one of them again
  duly problems skip ID --reason WHY
                                 leaves one of them as it is
  duly verify                    whether every record's history and every seal still hold
  duly admin [EMAIL] [--appoint] who administers; a way in for one of them; --appoint: makes that person an administrator
  duly check                     whether the pack's definitions are right, and which figures want checking
  duly coverage [--json]         by what the pack meets each obligation of its sources
  duly coverage --prove [--only O22,O80] [--element PLACE] [--afresh]
                                 takes out each element that enforces or reminds: a story must fail without it
`;

const print = (line = ""): void => void process.stdout.write(`${line}\n`);

async function importFile(world: World, file: string, dryRun: boolean): Promise<void> {
  const identity = systemIdentity(await rootOrganisation(world.db), COMMAND_LINE);
  const bytes = readFileSync(file);
  const { created, refused } = await importPolicies(world, identity, { fileName: basename(file), bytes, dryRun });
  for (const { title, problems } of refused)
    print(`Not imported: ${title}\n  ${problems.map(({ message }) => message).join(" ")}`);
  for (const policy of created) {
    print(`${dryRun ? "Would import" : "Imported"}: ${policy.title}`);
    print(policy.findings.length ? "  To confirm:" : "  Nothing to confirm.");
    for (const finding of policy.findings)
      print(`  - ${finding.line ? `line ${finding.line}: ` : ""}${finding.message}`);
  }
}

async function showFuture(world: World, until: string): Promise<void> {
  const date = /^\d{4}-\d\d-\d\d$/.test(until) ? `${until}T23:59:59Z` : until;
  if (Number.isNaN(Date.parse(date))) throw new Failure("INVALID_INPUT", `“${until}” is not a date: write 2027-07-31.`);
  const organisation = await rootOrganisation(world.db);
  const [future, facts] = [await simulate(world, date), await organisationsById(world.db, [organisation])];
  const terms = facts.get(organisation)?.calendar;
  if (terms) for (const line of futureReport(future, terms)) print(line);
  if (future.stopped) print(future.stopped);
}

async function takeBounces(world: World, files: string[]): Promise<void> {
  const identity = systemIdentity(await rootOrganisation(world.db), COMMAND_LINE);
  for (const file of files.length ? files : [0])
    for (const raw of messagesOf(readFileSync(file, "utf8")))
      print(await run(world, identity, (current) => takeBounce(current, raw)));
}

function check(): number {
  const problems = checkPack(schoolPolicy);
  for (const { path, message } of problems) print(`${path}: ${message}`);
  const figures = schoolPolicy.types.flatMap((type) =>
    Object.values(type.settings ?? {}).flatMap((setting) =>
      setting.verify
        ? [`${type.label}: ${setting.label}. ${setting.source ?? ""} (read ${setting.date ?? "never"})`]
        : [],
    ),
  );
  if (figures.length) print("Figures to verify at their source:");
  for (const figure of figures) print(`- ${figure}`);
  print(
    problems.length
      ? `${problems.length} problem(s).`
      : `The pack is right: ${schoolPolicy.types.length} record type(s).`,
  );
  return problems.length ? 1 : 0;
}

function cover(json: boolean): number {
  const covered = coverage(schoolPolicy);
  if (json) print(JSON.stringify(covered, undefined, 2));
  else for (const line of coverageReport(covered)) print(line);
  return covered.every(({ missing }) => missing.length === 0) ? 0 : 1;
}

async function withWorld<T>(work: (world: World) => Promise<T>): Promise<T> {
  const world = await openWorld({ ...loadConfig(process.env), logLevel: "error" }, 5, forCommands);
  try {
    return await work(world);
  } finally {
    await world.close();
  }
}

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      until: { type: "string" },
      "dry-run": { type: "boolean" },
      json: { type: "boolean" },
      send: { type: "boolean" },
      reason: { type: "string" },
      appoint: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  const [command, file, ...more] = positionals;
  if (values.help) return (print(usage), 0);
  if (command === "check") return check();
  if (command === "coverage") return cover(values.json ?? false);
  const password = process.env["DULY_BACKUP_PASSWORD"] || undefined;
  if (command === "restore" && file) await restore(loadConfig(process.env), resolve(file), password, print);
  else if (command === "backup" && file) await withWorld((world) => backup(world, resolve(file), password, print));
  else if (command === "release") return withWorld((world) => release(world, values.send ?? false, print));
  else if (command === "doctor")
    // What keeps Duly from opening its database is the first thing to be told.
    return withWorld((world) => showDoctor(world, print)).catch((error: unknown) => {
      print(`PROBLEM  Start: ${error instanceof Error ? error.message : String(error)}`);
      return 1;
    });
  else if (command === "problems")
    return withWorld((world) => showProblems(world, [file, ...more], values.reason ?? "", print));
  else if (command === "verify") return withWorld((world) => verify(world, print));
  else if (command === "admin") return withWorld((world) => admin(world, file, values.appoint ?? false, print));
  else if (command === "import" && file)
    await withWorld((world) => importFile(world, file, values["dry-run"] ?? false));
  else if (command === "bounces")
    await withWorld((world) => takeBounces(world, file === undefined ? [] : [file, ...more]));
  else if (command === "simulate" && values.until) {
    const { until } = values;
    await withWorld((world) => showFuture(world, until));
  } else {
    print(usage);
    return 2;
  }
  return 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const known =
      error instanceof Failure ||
      error instanceof BackupProblem ||
      code === "ENOENT" ||
      code.startsWith("ERR_PARSE_ARGS");
    process.stderr.write(
      `${error instanceof Error ? (known ? error.message : (error.stack ?? error.message)) : String(error)}\n`,
    );
    process.exit(1);
  },
);
