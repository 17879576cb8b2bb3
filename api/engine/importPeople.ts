/**
 * A list of people from the school's own system becomes persons, roles and relations: planned as a whole, shown, and
 * done in one transaction once somebody has confirmed the very plan they saw.
 */
import { createHash } from "node:crypto";
import { Failure, invalid, type Problem } from "../../schema/failure";
import { parseDay } from "../../schema/epochDay";
import {
  type Change,
  describeChange,
  type HeldRole,
  type KnownPerson,
  type LineVerdict,
  type PersonLine,
  type PlannedPerson,
  planPeople,
} from "../../schema/peoplePlan";
import { readPerson } from "../../schema/person";
import { canonicalJson } from "../../schema/text";
import { type Row, textOrNull } from "../store/database";
import { relationKinds } from "./relationKinds";
import { powerAsked } from "./people";
import {
  type Ask,
  areLastObjectors,
  askPower,
  confirmingRoles,
  powersHeld,
  roleLabel,
  type Silenced,
  takesTwo,
} from "./power";
import { mustAdminister, type Run } from "./run";
import { administeredBy } from "./tenancy";
import {
  closeSignIn,
  dayAfter,
  insertAppointment,
  insertPerson,
  mustBeAdministered,
  peopleChanged,
  setRelation,
  shortenAppointment,
  writePerson,
} from "./writePeople";

export const MOST_LINES = 3_000;

export interface ImportPeopleInput {
  lines: PersonLine[];
  roleWords: { word: string; roles: string[] }[];
  everybody: string[];
  decides: string[];
  /** First day of what changes; default today. */
  from?: string | null;
  missing: "KEEP" | "LEAVE";
  staying: string[];
  /** What a dry run answered: anything else is refused as stale. Without it nothing is written. */
  confirm?: string | null;
}

export interface PersonVerdict {
  /** Null for somebody who is not entered, or not yet. */
  id: string | null;
  name: string;
  /** Sentences. */
  changes: string[];
}

export interface LineResult extends PersonVerdict {
  verdict: LineVerdict;
  problems: Problem[];
  notes: string[];
}

export interface PeopleImport {
  /** Names this very plan. */
  digest: string;
  done: boolean;
  /** Changes that take a second person: they are asked for, and wait. */
  waiting: number;
  lines: LineResult[];
  leavers: PersonVerdict[];
}

/** @throws FORBIDDEN, INVALID_INPUT, STALE where people have changed since the plan that is confirmed was shown. */
export async function importPeople(run: Run, input: ImportPeopleInput): Promise<PeopleImport> {
  mustAdminister(run);
  refuseOddOptions(run, input);
  // One list at a time: two would each plan without the other.
  await run.tx.query("SELECT id FROM organisation WHERE id = ? FOR UPDATE", [run.organisation.id]);
  const { roles } = run.registry;
  const { known, taken } = await knownPeople(run);
  const plan = planPeople(input.lines, known, {
    ...input,
    taken,
    roles,
    today: run.today,
    from: input.from ?? run.today,
    newId: run.newId,
  });
  const changing = [...plan.lines, ...plan.leavers].filter(({ changes }) => changes.length);
  const byId = new Map(known.map((person) => [person.id, person]));
  const { asks, now } = await splitByPower(run, changing, byId);
  const atOnce = new Set(now.flatMap(({ changes }) => changes));
  const view = ({ id, name, known: already, changes }: PlannedPerson): PersonVerdict => ({
    id: already ? id : null,
    name,
    changes: changes.map((change) => {
      const words = describeChange(change, roles);
      return atOnce.has(change) ? words : `${words} (waits for a second person)`;
    }),
  });
  const lines = plan.lines.map((line) => ({
    ...view(line),
    verdict: line.verdict,
    problems: line.problems,
    notes: line.notes,
  }));
  const leavers = plan.leavers.map(view);
  const digest = createHash("sha256").update(canonicalJson({ lines, leavers })).digest("hex");
  const waiting = asks.length;
  if (!input.confirm) return { digest, done: false, waiting, lines, leavers };
  if (input.confirm !== digest)
    throw new Failure("STALE", "People have changed since you looked: see once more what the file would do.");

  for (const person of now) await writeDetails(run, person, byId.get(person.id));
  for (const person of now) for (const change of person.changes) await writeRole(run, person.id, change);
  run.note({ kind: "peopleImported", detail: { lines: lines.length, changed: changing.length, waiting } });
  await askPower(run, asks);
  const all = now.flatMap(({ changes }) => changes);
  const ends = all.filter((change) => change.kind === "ends");
  await mustBeAdministered(
    run,
    ends.map(({ role }) => role),
  );
  const begins = all.filter((change) => change.kind === "begins");
  await peopleChanged(run, [
    ...begins.flatMap(({ from, to }) => [from, ...(to ? [dayAfter(run, to)] : [])]),
    ...ends.map(({ on }) => dayAfter(run, on)),
  ]);
  const entered = new Map(plan.lines.map(({ id, verdict }, at) => [at, verdict === "JOINS" ? id : null]));
  return {
    digest,
    done: true,
    waiting,
    lines: lines.map((line, at) => ({ ...line, id: line.id ?? entered.get(at) ?? null })),
    leavers,
  };
}

function refuseOddOptions(run: Run, input: ImportPeopleInput): void {
  const problems: Problem[] = [];
  if (input.lines.length > MOST_LINES)
    problems.push({ path: "lines", message: `Send ${MOST_LINES.toLocaleString("en-GB")} people at most.` });
  if (input.from && parseDay(input.from) === undefined)
    problems.push({ path: "from", message: `“${input.from}” is not a date.` });
  const roles = new Set(run.registry.roles.map(({ name }) => name));
  for (const [path, names] of [
    ["everybody", input.everybody],
    ["decides", input.decides],
    ["roleWords", input.roleWords.flatMap((each) => each.roles)],
  ] as const)
    for (const name of names) if (!roles.has(name)) problems.push({ path, message: `There is no role “${name}”.` });
  const kinds = relationKinds(run.registry);
  for (const kind of new Set(input.lines.flatMap(({ relations }) => (relations ?? []).map((each) => each.kind))))
    if (!kinds.includes(kind))
      problems.push({ path: "lines", message: `No definition asks who is the “${kind}” of somebody.` });
  if (problems.length) throw invalid(problems);
}

/** Those of this organisation and whoever holds a role here; of everybody else, the addresses that are taken. */
async function knownPeople(run: Run): Promise<{ known: KnownPerson[]; taken: Set<string> }> {
  const here = run.organisation.id;
  const administered = new Set(await administeredBy(run));
  const people = await run.tx.query(
    "SELECT id, organisation, name, email, external_id, active FROM person ORDER BY id FOR UPDATE",
  );
  const held = await run.tx.query(
    "SELECT id, organisation, person, role, from_on, to_on FROM appointment WHERE record IS NULL ORDER BY from_on, id",
  );
  const relations = await run.tx.query(
    `SELECT person, kind, other FROM relation
     WHERE organisation = ? AND from_on <= ? AND (to_on IS NULL OR to_on >= ?) ORDER BY from_on`,
    [here, run.today, run.today],
  );
  const by = (rows: Row[]): Map<string, Row[]> => {
    const groups = new Map<string, Row[]>();
    for (const row of rows) groups.set(String(row["person"]), [...(groups.get(String(row["person"])) ?? []), row]);
    return groups;
  };
  const [heldBy, relatedBy] = [by(held), by(relations)];
  const taken = new Set<string>();
  const known = people.flatMap((row): KnownPerson[] => {
    const id = String(row["id"]);
    const roles = heldBy.get(id) ?? [];
    const own = run.identity.access.system === true || administered.has(String(row["organisation"]));
    if (!own && !roles.some((one) => one["organisation"] === here)) {
      if (row["email"] !== null) taken.add(String(row["email"]));
      return [];
    }
    const person = {
      id,
      name: String(row["name"]),
      email: textOrNull(row["email"]),
      // A number means what the system of that school means by it.
      externalId: row["external_id"] === null || row["organisation"] !== here ? null : String(row["external_id"]),
      active: Number(row["active"]) === 1,
      appointments: roles.filter((one) => one["organisation"] === here).map(heldRole),
      elsewhere: roles.some((one) => one["organisation"] !== here && isOpen(one, run.today)),
      relations: Object.fromEntries(
        (relatedBy.get(id) ?? []).map((one) => [String(one["kind"]), String(one["other"])]),
      ),
    };
    return [own ? person : { ...person, visits: true }];
  });
  return { known, taken };
}

/**
 * What is done now, and what waits for a second person: powerful roles, and another address or the return of whoever
 * holds one. All of it is one list to confirm. @throws FORBIDDEN where the list gives the importer power.
 */
async function splitByPower(
  run: Run,
  changing: PlannedPerson[],
  byId: Map<string, KnownPerson>,
): Promise<{ asks: Ask[]; now: PlannedPerson[] }> {
  if (!(await takesTwo(run))) return { asks: [], now: changing };
  const powers = await powersHeld(
    run,
    changing.filter(({ known }) => known).map(({ id }) => id),
  );
  // A list that ends everybody who might object to what it asks for.
  const silencing = await areLastObjectors(
    run,
    changing.flatMap(({ id, changes }) => changes.flatMap((change) => silencedBy(run, id, change) ?? [])),
  );
  const asks: Ask[] = [];
  const now: PlannedPerson[] = [];
  for (const planned of changing) {
    const { id, name } = planned;
    const roles = [...(powers.get(id) ?? [])];
    const kept: Change[] = [];
    for (const change of planned.changes) {
      const ask =
        change.kind === "begins"
          ? await powerAsked(run, { person: id, name, ...change })
          : silencing && silencedBy(run, id, change)
            ? endAsked(run, id, name, change)
            : roles.length && byId.has(id)
              ? detailAsked(id, name, change, roles)
              : undefined;
      if (ask) asks.push(ask);
      else kept.push(change);
    }
    now.push({ ...planned, changes: kept });
  }
  return { asks, now };
}

/** Whose right to confirm and stop requests the change takes, and from when on. */
function silencedBy(run: Run, person: string, change: Change): Silenced | undefined {
  if (change.kind === "active") return change.after ? undefined : { person, from: run.today };
  if (change.kind !== "ends" || !confirmingRoles(run.registry).includes(change.role)) return undefined;
  return { person, from: dayAfter(run, change.on) };
}

function endAsked(run: Run, person: string, name: string, change: Change): Ask | undefined {
  if (change.kind === "active")
    return { deed: { kind: "leave", person }, sentence: `Mark ${name} as a leaver`, roles: [] };
  if (change.kind !== "ends") return undefined;
  const { appointment, on, role } = change;
  return {
    deed: { kind: "end", person, appointment, on },
    sentence: `End the role ${roleLabel(run.registry, role)} of ${name}`,
    roles: [role],
  };
}

function detailAsked(id: string, name: string, change: Change, roles: string[]): Ask | undefined {
  if (change.kind === "email")
    return {
      deed: { kind: "address", person: id, email: change.after },
      sentence: `Change the email address of ${name} to ${change.after}`,
      roles,
    };
  if (change.kind === "active" && change.after)
    return { deed: { kind: "return", person: id }, sentence: `Let ${name} sign in again`, roles };
  return undefined;
}

const isOpen = (row: Row, today: string): boolean => row["to_on"] === null || String(row["to_on"]) >= today;

const heldRole = (row: Row): HeldRole => ({
  id: String(row["id"]),
  role: String(row["role"]),
  from: String(row["from_on"]),
  to: textOrNull(row["to_on"]),
});

async function writeDetails(run: Run, planned: PlannedPerson, known: KnownPerson | undefined): Promise<void> {
  const text = (kind: "name" | "email" | "externalId"): string | null =>
    planned.changes.flatMap((change) => (change.kind === kind ? [change.after] : []))[0] ?? known?.[kind] ?? null;
  const { person } = readPerson({
    name: text("name") ?? planned.name,
    email: text("email"),
    externalId: text("externalId"),
  });
  if (!known) {
    await insertPerson(run, planned.id, person);
    return run.note({ kind: "personEntered", about: planned.id });
  }
  const active = planned.changes.find((change) => change.kind === "active");
  if (!active && !planned.changes.some(({ kind }) => ["name", "email", "externalId"].includes(kind))) return;
  await writePerson(run, planned.id, person, active?.after ?? known.active);
  if (planned.changes.some(({ kind }) => kind === "name")) run.note({ kind: "nameChanged", about: planned.id });
  if (planned.changes.some(({ kind }) => kind === "email")) run.note({ kind: "addressChanged", about: planned.id });
  if (active) run.note({ kind: active.after ? "personReturned" : "personLeft", about: planned.id });
  if (active && !active.after) await closeSignIn(run, planned.id);
}

/** Once everybody is there whom a relation may name. */
async function writeRole(run: Run, person: string, change: Change): Promise<void> {
  if (change.kind === "begins") await insertAppointment(run, { person, ...change });
  else if (change.kind === "ends") await shortenAppointment(run, change.appointment, change.on);
  else if (change.kind === "relation") await setRelation(run, person, change.relation, change.to);
}
