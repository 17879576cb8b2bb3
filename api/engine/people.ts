/** People and what they hold. A change of holder needs one edit: open tasks and rights follow from it. */
import { formatDate } from "../../schema/dates";
import { parseDay } from "../../schema/epochDay";
import { markdown } from "../../schema/markdown";
import { Failure, invalid, type Problem } from "../../schema/failure";
import { type PersonDetails, readPerson } from "../../schema/person";
import { personOf } from "../../schema/who";
import { marks, textOrNull } from "../store/database";
import type { Concerned } from "../store/powerRequests";
import {
  type Ask,
  areLastObjectors,
  askPower,
  confirmingRoles,
  mustAsk,
  powersHeld,
  powersOf,
  refuseOneself,
  roleLabel,
  takesTwo,
} from "./power";
import { mailAtOnce } from "./putMail";
import { relationKinds } from "./relationKinds";
import { mustAdminister, type Run } from "./run";
import { mustBeOurs, mustBeOwn } from "./tenancy";
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

export interface PersonInput {
  name: string;
  email?: string | null;
  /** Where it is not named it stays. */
  externalId?: string | null;
}

/**
 * Enters a person, with the roles they hold from a date on (default today): they are found here by what they hold. Powerful
 * roles among them wait for a second person. @throws FORBIDDEN, INVALID_INPUT.
 */
export async function createPerson(
  run: Run,
  input: PersonInput & { roles?: string[] | null; from?: string | null },
): Promise<{ id: string }> {
  mustAdminister(run);
  const person = await readNew(run, input, "");
  const id = run.newId();
  await insertPerson(run, id, person);
  run.note({ kind: "personEntered", about: id });
  const terms = (input.roles ?? []).map((role) => ({ person: id, role, from: input.from ?? null }));
  const { dates } = await giveRoles(run, terms);
  await peopleChanged(run, dates);
  return { id };
}

/**
 * Renames, readdresses, or marks as left (`active: false`): their tasks then pass to whoever else holds them. Another
 * address, or coming back, waits for a second person where somebody holds a powerful role.
 */
export async function updatePerson(
  run: Run,
  input: PersonInput & { id: string; active?: boolean | null },
): Promise<{ id: string }> {
  mustAdminister(run);
  await mustBeOwn(run, [input.id]);
  const [row] = await run.tx.query("SELECT name, email, external_id, active FROM person WHERE id = ? FOR UPDATE", [
    input.id,
  ]);
  if (!row) throw new Failure("NOT_FOUND", "There is no such person here.");
  const [kept, email] = [textOrNull(row["external_id"]), textOrNull(row["email"])];
  const { externalId = kept } = input;
  const person = await readNew(run, { ...input, externalId }, input.id);
  const wasActive = Number(row["active"]) === 1;
  const active = input.active ?? wasActive;
  const roles = [...((await powersHeld(run, [input.id])).get(input.id) ?? [])];
  const asks: Ask[] = [];
  if (roles.length && (await mustAsk(run))) {
    if (person.email !== email)
      asks.push({
        deed: { kind: "address", person: input.id, email: person.email },
        sentence: `Change the email address of ${person.name} to ${person.email ?? "none"}`,
        roles,
      });
    if (active && !wasActive)
      asks.push({ deed: { kind: "return", person: input.id }, sentence: `Let ${person.name} sign in again`, roles });
    if (!active && wasActive && (await areLastObjectors(run, [{ person: input.id, from: run.today }])))
      asks.push({ deed: { kind: "leave", person: input.id }, sentence: `Mark ${person.name} as a leaver`, roles });
  }
  const waits = (kind: Ask["deed"]["kind"]): boolean => asks.some(({ deed }) => deed.kind === kind);
  const nowActive = waits("return") || waits("leave") ? wasActive : active;
  const address = waits("address") ? email : person.email;
  await writePerson(run, input.id, { ...person, email: address }, nowActive);
  if (person.name !== String(row["name"])) run.note({ kind: "nameChanged", about: input.id });
  if (address !== email) {
    run.note({ kind: "addressChanged", about: input.id, detail: { roles } });
    if (roles.length && email !== null && (await takesTwo(run)))
      await tellFormerAddress(run, { id: input.id, name: person.name, email });
  }
  if (nowActive !== wasActive)
    run.note({ kind: nowActive ? "personReturned" : "personLeft", about: input.id, detail: { roles } });
  if (!nowActive && input.active === false) {
    await closeSignIn(run, input.id);
    const held = await run.tx.query("SELECT role FROM appointment WHERE person = ?", [input.id]);
    await mustBeAdministered(
      run,
      held.map((row) => String(row["role"])),
    );
    if (wasActive && roles.length && (await takesTwo(run)))
      await tellEnded(run, { id: input.id, name: person.name, email }, "You have been marked as a leaver");
  }
  await askPower(run, asks);
  await peopleChanged(run);
  return { id: input.id };
}

interface Terms {
  person: string;
  role: string;
  from?: string | null;
  to?: string | null;
}

/**
 * Appoints a person to a role in the acting organisation, from a date (default today) to one or until further notice.
 * `id` is null where that waits for a second person. @throws FORBIDDEN for a powerful role to oneself.
 */
export async function appoint(run: Run, input: Terms): Promise<{ id: string | null }> {
  mustAdminister(run);
  await mustBeOurs(run, [input.person]);
  const { ids, dates } = await giveRoles(run, [input]);
  await peopleChanged(run, dates);
  return { id: ids[0] ?? null };
}

/** `dates`: from when on what was given holds, and no longer does. @throws INVALID_INPUT, FORBIDDEN. */
async function giveRoles(run: Run, all: Terms[]): Promise<{ ids: string[]; dates: string[] }> {
  const ids: string[] = [];
  const dates: string[] = [];
  const asks: Ask[] = [];
  for (const input of all) {
    const terms = { ...input, from: input.from ?? run.today, to: input.to ?? null };
    const name = await readTerms(run, terms);
    const ask = await powerAsked(run, { ...terms, name });
    if (ask) {
      asks.push(ask);
      continue;
    }
    ids.push(await insertAppointment(run, terms));
    dates.push(terms.from, ...(terms.to ? [dayAfter(run, terms.to)] : []));
  }
  await askPower(run, asks);
  return { ids, dates };
}

/** The request by which a powerful role is asked for; undefined where it is given at once. @throws FORBIDDEN. */
export async function powerAsked(
  run: Run,
  { person, name, role, from, to }: { person: string; name: string; role: string; from: string; to: string | null },
): Promise<Ask | undefined> {
  const powerful = powersOf(run.registry).has(role);
  if (!powerful || !(await takesTwo(run))) return undefined;
  const label = roleLabel(run.registry, role);
  refuseOneself(run, person, `the role ${label}`);
  if (!(await mustAsk(run))) return undefined;
  const until = to ? ` until ${formatDate(to)}` : "";
  return {
    deed: { kind: "role", person, role, from, to },
    sentence: `Give ${name} the role ${label}, from ${formatDate(from)}${until}`,
    roles: [role],
  };
}

/** Whose appointment it would be, by name. @throws INVALID_INPUT. */
async function readTerms(
  run: Run,
  input: { person: string; role: string; from: string; to: string | null },
): Promise<string> {
  const problems: Problem[] = [];
  if (!run.registry.roles.some((role) => role.name === input.role))
    problems.push({ path: "role", message: `There is no role “${input.role}”.` });
  const [person] = await run.tx.query("SELECT name FROM person WHERE id = ? AND active = 1", [input.person]);
  if (!person) problems.push({ path: "person", message: "There is no such person, or they have left." });
  problems.push(...dateProblems({ from: input.from, to: input.to }));
  if (problems.length) throw invalid(problems);
  return String(person?.["name"]);
}

/** Ends an appointment: `on` is its last day, default yesterday, so that it ends at once. */
export async function endAppointment(run: Run, input: { id: string; on?: string | null }): Promise<{ id: string }> {
  mustAdminister(run);
  const [row] = await run.tx.query(
    `SELECT a.role, a.person, p.name, p.email FROM appointment a JOIN person p ON p.id = a.person
     WHERE a.id = ? AND a.organisation = ? FOR UPDATE`,
    [input.id, run.organisation.id],
  );
  if (!row) throw new Failure("NOT_FOUND", "There is no such appointment.");
  const on = input.on ?? run.calendar.add(run.today, "-P1D").date;
  const problems = dateProblems({ from: on, to: null });
  if (problems.length) throw invalid([{ path: "on", message: problems[0]?.message ?? "" }]);
  const role = String(row["role"]);
  const person = { id: String(row["person"]), name: String(row["name"]), email: textOrNull(row["email"]) };
  const label = roleLabel(run.registry, role);
  const silenced = { person: person.id, from: dayAfter(run, on) };
  const objects = confirmingRoles(run.registry).includes(role);
  if (objects && (await mustAsk(run)) && (await areLastObjectors(run, [silenced]))) {
    const deed = { kind: "end", person: person.id, appointment: input.id, on } as const;
    const last = on < run.today ? "" : `: ${formatDate(on)} is its last day`;
    await askPower(run, [{ deed, sentence: `End the role ${label} of ${person.name}${last}`, roles: [role] }]);
    return { id: input.id };
  }
  await shortenAppointment(run, input.id, on);
  await mustBeAdministered(run, [role]);
  if (powersOf(run.registry).has(role) && (await takesTwo(run)))
    await tellEnded(run, person, `Your role ${label} ends`);
  await peopleChanged(run, [dayAfter(run, on)]);
  return { id: input.id };
}

/** Whoever reads the former address may be the only one who knows that it was not to change. */
async function tellFormerAddress(run: Run, person: { id: string; name: string; email: string }): Promise<void> {
  await mailAtOnce(run, person, {
    subject: `Your email address for Duly has changed`,
    body: [
      markdown`At ${run.organisation.name}, email from Duly and the links in it now go to another address of yours. This is the last to this one. If you did not expect it, tell an administrator or the headteacher at once.`,
    ],
    fixedAddress: true,
  });
}

/** Whoever loses power hears of it, and from whom. */
async function tellEnded(run: Run, person: Concerned, subject: string): Promise<void> {
  if (person.email === null || person.id === personOf(run.actor)) return;
  await mailAtOnce(run, person, {
    subject,
    body: [
      markdown`${run.actor.name} has entered this at ${run.organisation.name}: ${subject}. If it is a mistake, tell your headteacher or another administrator.`,
    ],
    fixedAddress: true,
  });
}

/**
 * Says who stands to a person as their line manager and the like, from today on; nobody where `other` is null.
 * @throws FORBIDDEN, NOT_FOUND, INVALID_INPUT for a relation that no definition asks for.
 */
export async function relate(
  run: Run,
  input: { person: string; kind: string; other: string | null },
): Promise<{ id: string }> {
  mustAdminister(run);
  const { person, kind, other } = input;
  const problems: Problem[] = [];
  if (!relationKinds(run.registry).includes(kind))
    problems.push({ path: "kind", message: `No definition asks who is the “${kind}” of somebody.` });
  if (other === person) problems.push({ path: "other", message: "Nobody is their own." });
  if (problems.length) throw invalid(problems);
  const ids = [person, ...(other === null ? [] : [other])];
  const found = await run.tx.query(
    `SELECT DISTINCT p.id FROM person p JOIN appointment a ON a.person = p.id AND a.organisation = ?
     WHERE p.id IN (${marks(ids.length)})`,
    [run.organisation.id, ...ids],
  );
  if (found.length < new Set(ids).size) throw new Failure("NOT_FOUND", "There is no such person here.");
  await mustBeOurs(run, ids);
  await setRelation(run, person, kind, other);
  await peopleChanged(run);
  return { id: person };
}

/** What was typed of a person. @throws INVALID_INPUT, also for what is another person's. */
async function readNew(run: Run, input: PersonInput, self: string): Promise<PersonDetails> {
  const { person, problems } = readPerson(input);
  if (problems.length) throw invalid(problems);
  if (person.email !== null) {
    const [taken] = await run.tx.query("SELECT id FROM person WHERE email = ? AND id <> ?", [person.email, self]);
    if (taken) problems.push({ path: "email", message: "Somebody else has this email address." });
  }
  if (person.externalId !== null) {
    const [taken] = await run.tx.query(
      "SELECT name FROM person WHERE organisation = ? AND external_id = ? AND id <> ?",
      [run.organisation.id, person.externalId, self],
    );
    if (taken) problems.push({ path: "externalId", message: `${String(taken["name"])} has this number.` });
  }
  if (problems.length) throw invalid(problems);
  return person;
}

function dateProblems(dates: { from: string; to: string | null }): Problem[] {
  const problems: Problem[] = [];
  for (const [path, date] of Object.entries(dates))
    if (date !== null && parseDay(date) === undefined) problems.push({ path, message: `“${date}” is not a date.` });
  if (!problems.length && dates.to !== null && dates.to < dates.from)
    problems.push({ path: "to", message: "It ends before it begins." });
  return problems;
}
