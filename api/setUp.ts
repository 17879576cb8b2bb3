/** Brings a database to where Duly can run on it: tables, the pack's definitions, and a school on an empty one. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Temporal } from "temporal-polyfill";
import { ulid } from "ulid";
import type { Pack } from "../schema/definition";
import { fold } from "../schema/text";
import answers from "../schema/packs/school-policy/demo/answers.json";
import { calendarData as demoCalendar } from "../schema/packs/school-policy/demo/calendar";
import { people, school } from "../schema/packs/school-policy/demo/people";
import { schoolPolicy } from "../schema/packs/school-policy/pack";
import { answerFinding } from "./engine/answerFinding";
import { insertSchool } from "./engine/founding";
import { importPolicies } from "./engine/importPolicies";
import { publishPack } from "./engine/publishDefinition";
import { type Identity, run, systemIdentity } from "./engine/run";
import { hashPassword } from "./engine/signIn";
import type { World } from "./engine/world";
import { type Database, type Tx } from "./store/database";
import { setPassword } from "./store/people";

/** The installation's own row: which keys and queues are its own. Idempotent. */
export async function ensureInstallation(db: Database, demo: boolean): Promise<void> {
  await db.execute("INSERT IGNORE INTO installation (id, key_id, demo) VALUES (1, ?, ?)", [ulid(), demo ? 1 : 0]);
}

export interface DemoPerson {
  id: string;
  name: string;
  email: string;
  roles: string[];
}

const demoFile = "policies.md";

/**
 * The demo school: its calendar, its people with one password, and its policies through the importer, whose findings
 * are answered from a file and shown as such. Goes live today: nothing of the past is mailed.
 */
export async function loadDemo(world: World, password: string, pack: Pack = schoolPolicy): Promise<DemoPerson[]> {
  const now = world.machineNow();
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(school.zone).toPlainDate().toString();
  // The terms stand before the pack is published: its duties are counted in them.
  const organisation = await world.db.transaction(async (tx) => {
    const id = await insertSchool(tx, { name: school.name, zone: school.zone, goLiveOn: today });
    await enterCalendar(tx, id);
    return id;
  });
  await publishPack(world, systemIdentity(organisation), pack);
  const secret = await hashPassword(password);
  const members = await world.db.transaction((tx) => enterPeople(tx, organisation, today, secret));
  await importDemoPolicies(world, organisation, members);
  return members;
}

async function enterCalendar(tx: Tx, organisation: string): Promise<void> {
  for (const term of demoCalendar.terms)
    await tx.execute("INSERT INTO term (organisation, id, name, from_on, to_on) VALUES (?, ?, ?, ?, ?)", [
      organisation,
      ulid(),
      term.name,
      term.from,
      term.to,
    ]);
  for (const closure of demoCalendar.closures)
    await tx.execute("INSERT INTO closure (organisation, id, kind, name, from_on, to_on) VALUES (?, ?, ?, ?, ?, ?)", [
      organisation,
      ulid(),
      closure.kind,
      closure.name,
      closure.from,
      closure.to,
    ]);
}

async function enterPeople(tx: Tx, organisation: string, today: string, secret: string): Promise<DemoPerson[]> {
  const members = people.map((person) => ({ ...person, id: ulid() }));
  const ids = new Map(members.map((person) => [person.name, person.id]));
  for (const person of members) {
    await tx.execute("INSERT INTO person (id, organisation, name, name_folded, email) VALUES (?, ?, ?, ?, ?)", [
      person.id,
      organisation,
      person.name,
      fold(person.name),
      person.email,
    ]);
    await setPassword(tx, person.id, secret);
    for (const role of person.roles)
      await tx.execute(
        "INSERT INTO appointment (id, organisation, person, role, from_on) VALUES (?, ?, ?, ?, '2022-09-01')",
        [ulid(), organisation, person.id, role],
      );
    const manager = person.lineManager && ids.get(person.lineManager);
    if (manager)
      await tx.execute(
        "INSERT INTO relation (organisation, person, kind, other, from_on) VALUES (?, ?, 'lineManager', ?, ?)",
        [organisation, person.id, manager, today],
      );
  }
  return members;
}

async function importDemoPolicies(world: World, organisation: string, members: DemoPerson[]): Promise<void> {
  const bytes = readFileSync(join(sourceRoot(), "schema/packs/school-policy/demo", demoFile));
  const clerk = members.find((person) => person.name === answers.answeredBy);
  if (!clerk) throw new Error("The demo's answers name nobody of the demo school.");
  const identity: Identity = {
    ...systemIdentity(organisation),
    actor: { kind: "person", id: clerk.id, name: clerk.name },
  };
  await run(world, identity, async (current) => {
    const imported = await importPolicies(current, { fileName: demoFile, bytes });
    const known: Record<string, string> = answers.answers;
    for (const { id } of imported) {
      const findings = await current.tx.query("SELECT id, code FROM finding WHERE record = ? ORDER BY id", [id]);
      for (const finding of findings) {
        const answer = known[String(finding["code"])];
        if (answer)
          await answerFinding(current, {
            id: String(finding["id"]),
            answer,
            origin: "A reading of the import was answered, from the answers that come with the demo",
          });
      }
    }
  });
}

/** The checkout or image: sources and demo documents stand beside what was built of them. */
export const sourceRoot = (): string => {
  const here = __dirname;
  return here.includes(`${join("build", "api")}`) ? join(here, "..", "..") : join(here, "..");
};
