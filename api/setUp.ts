/** Brings a database to where Duly can run on it: tables, the pack's definitions, and a school on an empty one. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Temporal } from "temporal-polyfill";
import type { Pack } from "../schema/definition";
import { fold } from "../schema/text";
import answers from "../schema/packs/school-policy/demo/answers.json";
import { calendarData as demoCalendar } from "../schema/packs/school-policy/demo/calendar";
import { type DemoPerson as Person, people, school } from "../schema/packs/school-policy/demo/people";
import { type Year, yearBefore } from "../schema/packs/school-policy/demo/year/year";
import { schoolPolicy } from "../schema/packs/school-policy/pack";
import { runForward } from "./engine/advanceClock";
import { dateIn } from "./engine/access";
import { answerFinding } from "./engine/answerFinding";
import { insertSchool } from "./engine/founding";
import { importPolicies } from "./engine/importPolicies";
import { publishPack } from "./engine/upgradePack";
import { replay } from "./engine/replay";
import { type Identity, run, schoolNow, systemIdentity } from "./engine/run";
import { hashPassword } from "./engine/passwords";
import { newId, type World } from "./engine/world";
import { beginClock, moveClock } from "./store/clock";
import { type Database, isoOf, type Tx } from "./store/database";
import { keepNotices } from "./store/mails";
import { rootOrganisation } from "./store/organisations";
import { setPassword } from "./store/people";

/** The installation's own row: which keys and queues are its own. Idempotent. */
export async function ensureInstallation(db: Database, demo: boolean): Promise<void> {
  await db.execute("INSERT IGNORE INTO installation (id, key_id, demo) VALUES (1, ?, ?)", [newId(), demo ? 1 : 0]);
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
export async function loadDemo(
  world: World,
  password: string,
  pack: Pack = schoolPolicy,
  more: Person[] = [],
): Promise<DemoPerson[]> {
  const today = dateIn(school.zone, await schoolNow(world));
  // The terms stand before the pack is published: its duties are counted in them.
  const organisation = await world.db.transaction(async (tx) => {
    const id = await insertSchool(tx, { name: school.name, zone: school.zone, goLiveOn: today });
    await enterCalendar(tx, id);
    return id;
  });
  await publishPack(world, systemIdentity(organisation), pack);
  const secret = await hashPassword(password);
  const members = await world.db.transaction((tx) =>
    enterPeople(tx, organisation, today, secret, [...people, ...more]),
  );
  await importDemoPolicies(world, organisation, members);
  return members;
}

/**
 * The demo school with a year behind it: school time begins a year back, and its people do what they did, through the
 * engine, until the present. `month` hears of each month, `refused` of what its day did not allow, which is then left out.
 * Nobody is mailed about the past.
 */
export async function loadDemoYear(
  world: World,
  password: string,
  { from, people: more, moves }: Year,
  { month: tell, refused }: { month?: (month: string) => void; refused?: (why: string) => void } = {},
): Promise<DemoPerson[]> {
  const now = world.machineNow();
  // The machine's time stands meanwhile, so that the year is the same to the millisecond; nobody waits to be woken.
  const unheard = () => undefined;
  const still: World = {
    ...world,
    machineNow: () => now,
    timeAt: () => now,
    wake: unheard,
    announce: unheard,
    changed: unheard,
  };
  await beginClock(world.db, instantIn(school.zone, from, "07:00") - now);
  const members = await loadDemo(still, password, schoolPolicy, more);
  const byName = new Map(members.map((person) => [person.name, person.id]));
  let month = "";
  await replay(still, await rootOrganisation(world.db), byName, moves, {
    move({ at }) {
      if (at.slice(0, 7) !== month) tell?.((month = at.slice(0, 7)));
    },
    ...(refused && { refused }),
  });
  await runForward(still, now, null);
  await keepNotices(world.db, isoOf(now), "It is of the year before this demo was set up: nobody was mailed.");
  await moveClock(world.db, 0);
  world.registry = still.registry;
  return members;
}

/** The same seed gives the same year, told up to this morning. */
export const demoYear = (world: World, seed: number): Year => yearBefore(dateIn(school.zone, world.machineNow()), seed);

const instantIn = (timeZone: string, date: string, plainTime: string): number =>
  Temporal.PlainDate.from(date).toZonedDateTime({ timeZone, plainTime }).epochMilliseconds;

async function enterCalendar(tx: Tx, organisation: string): Promise<void> {
  for (const term of demoCalendar.terms)
    await tx.execute("INSERT INTO term (organisation, id, name, from_on, to_on) VALUES (?, ?, ?, ?, ?)", [
      organisation,
      newId(),
      term.name,
      term.from,
      term.to,
    ]);
  for (const closure of demoCalendar.closures)
    await tx.execute("INSERT INTO closure (organisation, id, kind, name, from_on, to_on) VALUES (?, ?, ?, ?, ?, ?)", [
      organisation,
      newId(),
      closure.kind,
      closure.name,
      closure.from,
      closure.to,
    ]);
}

async function enterPeople(
  tx: Tx,
  organisation: string,
  today: string,
  secret: string,
  all: Person[],
): Promise<DemoPerson[]> {
  // In the order of the list, so that whoever is listed by id is listed alike in every demo.
  const members = all.map((person) => ({ ...person, id: newId() }));
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
        [newId(), organisation, person.id, role],
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
  const { created, refused } = await importPolicies(world, identity, { fileName: demoFile, bytes });
  for (const { title, problems } of refused)
    throw new Error(`The demo's ${title} was refused: ${problems.map(({ message }) => message).join(" ")}`);
  await run(world, identity, async (current) => {
    const known: Record<string, string> = answers.answers;
    for (const { id } of created) {
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
