/** People and what they hold. A change of holder needs one edit: open tasks and rights follow from it. */
import { parseDay } from "../../schema/epochDay";
import { Failure, invalid, type Problem } from "../../schema/failure";
import { fold, normal } from "../../schema/text";
import type { Row } from "../store/database";
import { addressChanged } from "./bounces";
import { rederive } from "./rederive";
import { mustAdminister, type Run } from "./run";

export interface PersonInput {
  name: string;
  email?: string | null;
}

/** @throws FORBIDDEN, INVALID_INPUT. */
export async function createPerson(run: Run, input: PersonInput): Promise<{ id: string }> {
  mustAdminister(run);
  const person = readPerson(input);
  const id = run.newId();
  await refuseTakenEmail(run, person.email, id);
  await run.tx.execute("INSERT INTO person (id, organisation, name, name_folded, email) VALUES (?, ?, ?, ?, ?)", [
    id,
    run.organisation.id,
    person.name,
    fold(person.name).slice(0, 191),
    person.email,
  ]);
  await peopleChanged(run);
  return { id };
}

/** Renames, readdresses, or marks as left (`active: false`): their tasks then pass to whoever else holds them. */
export async function updatePerson(
  run: Run,
  input: PersonInput & { id: string; active?: boolean | null },
): Promise<{ id: string }> {
  mustAdminister(run);
  const [row] = await run.tx.query("SELECT active, email FROM person WHERE id = ? AND organisation = ? FOR UPDATE", [
    input.id,
    run.organisation.id,
  ]);
  if (!row) throw new Failure("NOT_FOUND", "There is no such person.");
  const person = readPerson(input);
  await refuseTakenEmail(run, person.email, input.id);
  await run.tx.execute("UPDATE person SET name = ?, name_folded = ?, email = ?, active = ? WHERE id = ?", [
    person.name,
    fold(person.name).slice(0, 191),
    person.email,
    (input.active ?? Number(row["active"]) === 1) ? 1 : 0,
    input.id,
  ]);
  if (person.email !== null && person.email !== row["email"]) await addressChanged(run, input.id);
  if (input.active === false) await run.tx.execute("DELETE FROM session WHERE person = ?", [input.id]);
  await peopleChanged(run);
  return { id: input.id };
}

/** Appoints a person to a role in the acting organisation, from a date (default today) to one or until further notice. */
export async function appoint(
  run: Run,
  input: { person: string; role: string; from?: string | null; to?: string | null },
): Promise<{ id: string }> {
  mustAdminister(run);
  const [from, to] = [input.from ?? run.today, input.to ?? null];
  const problems: Problem[] = [];
  if (!run.registry.roles.some((role) => role.name === input.role))
    problems.push({ path: "role", message: `There is no role “${input.role}”.` });
  const [person] = await run.tx.query("SELECT id FROM person WHERE id = ? AND active = 1", [input.person]);
  if (!person) problems.push({ path: "person", message: "There is no such person, or they have left." });
  problems.push(...dateProblems({ from, to }));
  if (problems.length) throw invalid(problems);
  const id = run.newId();
  await run.tx.execute(
    "INSERT INTO appointment (id, organisation, person, role, from_on, to_on) VALUES (?, ?, ?, ?, ?, ?)",
    [id, run.organisation.id, input.person, input.role, from, to],
  );
  await peopleChanged(run, from);
  if (to) await laterChange(run, to);
  return { id };
}

/** Ends an appointment: `on` is its last day, default yesterday, so that it ends at once. */
export async function endAppointment(run: Run, input: { id: string; on?: string | null }): Promise<{ id: string }> {
  mustAdminister(run);
  const row: Row | undefined = (
    await run.tx.query("SELECT from_on FROM appointment WHERE id = ? AND organisation = ? FOR UPDATE", [
      input.id,
      run.organisation.id,
    ])
  )[0];
  if (!row) throw new Failure("NOT_FOUND", "There is no such appointment.");
  const on = input.on ?? run.calendar.add(run.today, "-P1D").date;
  const problems = dateProblems({ from: on, to: null });
  if (problems.length) throw invalid([{ path: "on", message: problems[0]?.message ?? "" }]);
  // One that never took effect is taken back as a whole.
  if (on < String(row["from_on"])) await run.tx.execute("DELETE FROM appointment WHERE id = ?", [input.id]);
  else await run.tx.execute("UPDATE appointment SET to_on = ? WHERE id = ?", [on, input.id]);
  if (on >= run.today) await laterChange(run, on);
  await peopleChanged(run);
  return { id: input.id };
}

function readPerson(input: PersonInput): { name: string; email: string | null } {
  const name = normal(input.name);
  const email = input.email ? normal(input.email).toLowerCase() : null;
  const problems: Problem[] = [];
  if (!name) problems.push({ path: "name", message: "A person needs a name." });
  if (name.length > 191) problems.push({ path: "name", message: "The name is too long: 191 characters at most." });
  if (email && (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email) || email.length > 191))
    problems.push({ path: "email", message: `“${email}” is not an e-mail address.` });
  if (problems.length) throw invalid(problems);
  return { name, email };
}

async function refuseTakenEmail(run: Run, email: string | null, id: string): Promise<void> {
  if (email === null) return;
  const [taken] = await run.tx.query("SELECT id FROM person WHERE email = ? AND id <> ?", [email, id]);
  if (taken) throw invalid([{ path: "email", message: "Somebody else has this e-mail address." }]);
}

function dateProblems(dates: { from: string; to: string | null }): Problem[] {
  const problems: Problem[] = [];
  for (const [path, date] of Object.entries(dates))
    if (date !== null && parseDay(date) === undefined) problems.push({ path, message: `“${date}” is not a date.` });
  if (!problems.length && dates.to !== null && dates.to < dates.from)
    problems.push({ path: "to", message: "It ends before it begins." });
  return problems;
}

/** A new edition of who may do what; open tasks follow, now or on the date. */
async function peopleChanged(run: Run, from?: string): Promise<void> {
  await run.tx.execute("UPDATE installation SET access_edition = access_edition + 1 WHERE id = 1");
  run.accessEdition++;
  await rederive(run, {
    organisation: run.organisation.id,
    type: null,
    reason: "who holds a role changed",
    ...(from ? { from } : {}),
  });
  run.afterCommit(() => run.world.announce("access"));
}

const laterChange = (run: Run, lastDay: string) =>
  rederive(run, {
    organisation: run.organisation.id,
    type: null,
    reason: "who holds a role changed",
    from: run.calendar.add(lastDay, "P1D").date,
  });
