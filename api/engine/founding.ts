/** The first hour of a school of its own: a link for whoever runs the server, and by it a school with an administrator. */
import { ulid } from "ulid";
import type { Pack, Role } from "../../schema/definition";
import { Failure, invalid, type Problem } from "../../schema/failure";
import { readPerson } from "../../schema/person";
import { fold, normal } from "../../schema/text";
import { isZone } from "../../schema/zone";
import { datetime, isoOf, type Sql, type Tx } from "../store/database";
import { hasSchool } from "../store/organisations";
import { credentialOf, setPassword } from "../store/people";
import { dateIn } from "./access";
import { linkUrl, opens, secretOf } from "./oneTimeLink";
import { publishPack } from "./upgradePack";
import { schoolNow, systemIdentity } from "./run";
import { hashPassword, passwordProblem } from "./passwords";
import { type Origin, writeEvents } from "./securityLog";
import { openSession, type SignedIn } from "./signIn";
import type { World } from "./world";

export interface NewSchool {
  name: string;
  zone: string;
  goLiveOn: string;
}

/** The first organisation of an installation. */
export async function insertSchool(tx: Tx, input: NewSchool): Promise<string> {
  const id = ulid();
  await tx.execute(
    "INSERT INTO organisation (id, parent, name, kind, zone, go_live_on) VALUES (?, NULL, ?, 'school', ?, ?)",
    [id, input.name, input.zone, input.goLiveOn],
  );
  return id;
}

/** Where an installation that holds no school is given one: shown to whoever runs the server, and ended by its use. */
export const foundingUrl = async (world: World): Promise<string> =>
  linkUrl(world.publicUrl, "found", secretOf(world.key, "found", await installationId(world.db)));

async function installationId(sql: Sql): Promise<string> {
  const [row] = await sql.query("SELECT key_id FROM installation WHERE id = 1");
  return String(row?.["key_id"]);
}

/** Whether there is a school, and whether this secret may found one. */
export async function founding(world: World, secret?: string | null): Promise<{ founded: boolean; open: boolean }> {
  const founded = await hasSchool(world.db);
  // The one that was shown before each page had MACs of its own stands until it is used.
  const link = { id: await installationId(world.db), former: true };
  const open = !founded && Boolean(secret) && opens(world.key, "found", link, secret ?? "");
  return { founded, open };
}

export interface FoundInput {
  secret: string;
  school: string;
  zone: string;
  name: string;
  email: string;
  password: string;
  /** What they are beside administrator. */
  roles: string[];
}

/** Roles that somebody of the staff can hold. */
export const rolesOfStaff = (pack: Pack): Role[] =>
  pack.roles.filter(({ outside, administers }) => !outside && !administers);

/** Long enough to get ready in; the school names its own day then. */
const DAYS_TO_LIVE = 28;

/**
 * A school, its first administrator signed in, and the pack published. It goes live four weeks on, so that nothing is
 * mailed before it is ready. @throws NOT_FOUND for a wrong link or a second school, INVALID_INPUT.
 */
export async function foundSchool(world: World, pack: Pack, input: FoundInput, origin?: Origin): Promise<SignedIn> {
  const gone = "This link founds no school: there is one already, or the link is not whole.";
  if (!(await founding(world, input.secret)).open) throw new Failure("NOT_FOUND", gone);
  const school = normal(input.school);
  const { person, problems } = readPerson(input);
  problems.push(...foundingProblems(pack, input, school, person));
  if (problems.length) throw invalid(problems);
  const hash = await hashPassword(input.password);
  const now = await schoolNow(world);
  const today = dateIn(input.zone, now);
  const goLiveOn = dateIn(input.zone, now + DAYS_TO_LIVE * 86_400_000);
  const administrators = pack.roles.filter(({ administers }) => administers).map(({ name }) => name);
  const organisation = await world.db.transaction(async (tx) => {
    await tx.query("SELECT id FROM installation WHERE id = 1 FOR UPDATE");
    if (await hasSchool(tx)) throw new Failure("NOT_FOUND", gone);
    const id = await insertSchool(tx, { name: school, zone: input.zone, goLiveOn });
    const self = ulid();
    await tx.execute("INSERT INTO person (id, organisation, name, name_folded, email) VALUES (?, ?, ?, ?, ?)", [
      self,
      id,
      person.name,
      fold(person.name),
      person.email,
    ]);
    await setPassword(tx, self, hash);
    const machineNow = world.machineNow();
    const roles = [...new Set([...administrators, ...input.roles])];
    for (const role of roles)
      await tx.execute(
        `INSERT INTO appointment (id, organisation, person, role, from_on, made_by, made_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
        [ulid(), id, self, role, today, self, datetime(isoOf(machineNow))],
      );
    // Whoever founds a school is given all they ask for, and it is said.
    await writeEvents(tx, world, { machineNow, now, organisation: id, actor: { kind: "person", id: self }, origin }, [
      { kind: "schoolFounded" },
      ...roles.map((role) => ({ kind: "roleGiven" as const, about: self, detail: { role, from: today, to: null } })),
    ]);
    return id;
  });
  // A start that comes to nothing here is made up for by the next: migrate publishes for a school that is there.
  await publishPack(world, systemIdentity(organisation), pack);
  world.announce("access");
  const credential = await credentialOf(world.db, person.email ?? "");
  if (!credential) throw new Error("The administrator who was just entered is not there.");
  return openSession(world, credential.person);
}

function foundingProblems(
  pack: Pack,
  input: FoundInput,
  school: string,
  person: { name: string; email: string | null },
): Problem[] {
  const problems: Problem[] = [];
  if (!school || school.length > 191)
    problems.push({ path: "school", message: "Give the school its name, in at most 191 characters." });
  if (!isZone(input.zone)) problems.push({ path: "zone", message: `There is no time zone “${input.zone}”.` });
  if (person.email === null) problems.push({ path: "email", message: "Give your email address: you sign in with it." });
  const known = new Set(rolesOfStaff(pack).map(({ name }) => name));
  for (const role of input.roles)
    if (!known.has(role)) problems.push({ path: "roles", message: `There is no role “${role}”.` });
  const weak = passwordProblem(input.password, [person.name, person.email ?? "", school]);
  if (weak) problems.push({ path: "password", message: weak });
  return problems;
}
