/** People and what they hold. A change of holder needs one edit: open tasks and rights follow from it. */
import { parseDay } from "../../schema/epochDay";
import { Failure, invalid, type Problem } from "../../schema/failure";
import { type PersonDetails, readPerson } from "../../schema/person";
import { marks, textOrNull } from "../store/database";
import { relationKinds } from "./relationKinds";
import { mustAdminister, type Run } from "./run";
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
 * Enters a person, with the roles they hold from a date on (default today): they are found here by what they hold.
 * @throws FORBIDDEN, INVALID_INPUT.
 */
export async function createPerson(
  run: Run,
  input: PersonInput & { roles?: string[] | null; from?: string | null },
): Promise<{ id: string }> {
  mustAdminister(run);
  const person = await readNew(run, input, "");
  const id = run.newId();
  await insertPerson(run, id, person);
  const dates: string[] = [];
  for (const role of input.roles ?? [])
    dates.push(...(await enterAppointment(run, { person: id, role, from: input.from ?? null })).dates);
  await peopleChanged(run, dates);
  return { id };
}

/** Renames, readdresses, or marks as left (`active: false`): their tasks then pass to whoever else holds them. */
export async function updatePerson(
  run: Run,
  input: PersonInput & { id: string; active?: boolean | null },
): Promise<{ id: string }> {
  mustAdminister(run);
  const [row] = await run.tx.query(
    "SELECT external_id, active FROM person WHERE id = ? AND organisation = ? FOR UPDATE",
    [input.id, run.organisation.id],
  );
  if (!row) throw new Failure("NOT_FOUND", "There is no such person.");
  const kept = textOrNull(row["external_id"]);
  const { externalId = kept } = input;
  const person = await readNew(run, { ...input, externalId }, input.id);
  await writePerson(run, input.id, person, input.active ?? Number(row["active"]) === 1);
  if (input.active === false) {
    await closeSignIn(run, input.id);
    const held = await run.tx.query("SELECT role FROM appointment WHERE person = ?", [input.id]);
    await mustBeAdministered(
      run,
      held.map((row) => String(row["role"])),
    );
  }
  await peopleChanged(run);
  return { id: input.id };
}

/** Appoints a person to a role in the acting organisation, from a date (default today) to one or until further notice. */
export async function appoint(
  run: Run,
  input: { person: string; role: string; from?: string | null; to?: string | null },
): Promise<{ id: string }> {
  mustAdminister(run);
  const { id, dates } = await enterAppointment(run, input);
  await peopleChanged(run, dates);
  return { id };
}

/** `dates`: from when on it holds, and no longer does. @throws INVALID_INPUT. */
async function enterAppointment(
  run: Run,
  input: { person: string; role: string; from?: string | null; to?: string | null },
): Promise<{ id: string; dates: string[] }> {
  const [from, to] = [input.from ?? run.today, input.to ?? null];
  const problems: Problem[] = [];
  if (!run.registry.roles.some((role) => role.name === input.role))
    problems.push({ path: "role", message: `There is no role “${input.role}”.` });
  const [person] = await run.tx.query("SELECT id FROM person WHERE id = ? AND active = 1", [input.person]);
  if (!person) problems.push({ path: "person", message: "There is no such person, or they have left." });
  problems.push(...dateProblems({ from, to }));
  if (problems.length) throw invalid(problems);
  const id = await insertAppointment(run, { person: input.person, role: input.role, from, to });
  return { id, dates: [from, ...(to ? [dayAfter(run, to)] : [])] };
}

/** Ends an appointment: `on` is its last day, default yesterday, so that it ends at once. */
export async function endAppointment(run: Run, input: { id: string; on?: string | null }): Promise<{ id: string }> {
  mustAdminister(run);
  const [row] = await run.tx.query("SELECT role FROM appointment WHERE id = ? AND organisation = ? FOR UPDATE", [
    input.id,
    run.organisation.id,
  ]);
  if (!row) throw new Failure("NOT_FOUND", "There is no such appointment.");
  const on = input.on ?? run.calendar.add(run.today, "-P1D").date;
  const problems = dateProblems({ from: on, to: null });
  if (problems.length) throw invalid([{ path: "on", message: problems[0]?.message ?? "" }]);
  await shortenAppointment(run, input.id, on);
  await mustBeAdministered(run, [String(row["role"])]);
  await peopleChanged(run, [dayAfter(run, on)]);
  return { id: input.id };
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
  if (found.length < ids.length) throw new Failure("NOT_FOUND", "There is no such person here.");
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
    if (taken) problems.push({ path: "email", message: "Somebody else has this e-mail address." });
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
