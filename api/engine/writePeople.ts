/** What a change of people writes, for the verbs on one person and for whole lists of them. */
import { invalid } from "../../schema/failure";
import { dayBefore } from "../../schema/peoplePlan";
import type { PersonDetails } from "../../schema/person";
import { opensByRelation } from "../../schema/power";
import { fold } from "../../schema/text";
import { datetime, isoOf, marks, textOrNull } from "../store/database";
import { typesWithEarlierTasks } from "../store/definitions";
import { bumpAccessEdition } from "../store/people";
import { addressChanged } from "./bounces";
import { powersOf, refuseOneself } from "./power";
import { rederive, type Source } from "./rederive";
import type { Run } from "./run";

export async function insertPerson(run: Run, id: string, person: PersonDetails): Promise<void> {
  await run.tx.execute(
    "INSERT INTO person (id, organisation, name, name_folded, email, external_id) VALUES (?, ?, ?, ?, ?, ?)",
    [id, run.organisation.id, person.name, fold(person.name).slice(0, 191), person.email, person.externalId],
  );
}

export async function writePerson(run: Run, id: string, person: PersonDetails, active: boolean): Promise<void> {
  const [before] = await run.tx.query("SELECT email FROM person WHERE id = ?", [id]);
  await run.tx.execute(
    "UPDATE person SET name = ?, name_folded = ?, email = ?, external_id = ?, active = ? WHERE id = ?",
    [person.name, fold(person.name).slice(0, 191), person.email, person.externalId, active ? 1 : 0, id],
  );
  const email = textOrNull(before?.["email"]);
  if (person.email === email) return;
  // What was sent to the old address opens nothing any more.
  await closeLinks(run, id);
  if (person.email !== null) await addressChanged(run, id);
}

export async function insertAppointment(
  run: Run,
  held: { person: string; role: string; from: string; to: string | null },
): Promise<string> {
  const id = run.newId();
  await run.tx.execute(
    `INSERT INTO appointment (id, organisation, person, role, from_on, to_on, made_by, made_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      ...[id, run.organisation.id, held.person, held.role, held.from, held.to],
      ...[run.identity.access.person, datetime(isoOf(run.machineNow))],
    ],
  );
  run.note({ kind: "roleGiven", about: held.person, detail: { role: held.role, from: held.from, to: held.to } });
  // A link that somebody else was shown before must not open the new power.
  if (powersOf(run.registry).has(held.role)) await closeLinks(run, held.person, "shown");
  return id;
}

/**
 * `on` is its last day. One that then never takes effect is kept, ended before it began and before today: nothing holds
 * by it. Appointments are never deleted.
 */
export async function shortenAppointment(run: Run, id: string, on: string): Promise<void> {
  const [row] = await run.tx.query("SELECT person, role, from_on FROM appointment WHERE id = ?", [id]);
  if (!row) return;
  const never = String(row["from_on"]) > on;
  const yesterday = dayBefore(run.today);
  const last = never ? ([on, yesterday, dayBefore(String(row["from_on"]))].sort()[0] ?? on) : on;
  await run.tx.execute("UPDATE appointment SET to_on = ?, ended_by = ?, ended_at = ? WHERE id = ?", [
    last,
    run.identity.access.person,
    datetime(isoOf(run.machineNow)),
    id,
  ]);
  run.note({ kind: "roleEnded", about: String(row["person"]), detail: { role: String(row["role"]), on } });
}

/** From today on, instead of whoever it was. @throws FORBIDDEN where it would open confidential records to the actor. */
export async function setRelation(run: Run, person: string, kind: string, other: string | null): Promise<void> {
  if (other !== null && opensByRelation(typesWithEarlierTasks(run.registry), kind))
    refuseOneself(run, other, "this relation: it opens confidential records");
  run.note({ kind: "relationSet", about: person, detail: { relation: kind, other } });
  const key = [run.organisation.id, person, kind];
  const standing = "organisation = ? AND person = ? AND kind = ?";
  await run.tx.execute(`DELETE FROM relation WHERE ${standing} AND from_on >= ?`, [...key, run.today]);
  await run.tx.execute(`UPDATE relation SET to_on = ? WHERE ${standing} AND (to_on IS NULL OR to_on >= ?)`, [
    dayBefore(run.today),
    ...key,
    run.today,
  ]);
  if (other !== null)
    await run.tx.execute("INSERT INTO relation (organisation, person, kind, other, from_on) VALUES (?, ?, ?, ?, ?)", [
      ...key,
      other,
      run.today,
    ]);
}

/** Ends links that were not used; `shown`: only those that somebody else was shown. */
export async function closeLinks(run: Pick<Run, "tx">, person: string, which: "all" | "shown" = "all"): Promise<void> {
  const shown = which === "shown" ? " AND shown = 1" : "";
  await run.tx.execute(`DELETE FROM sign_in_link WHERE person = ? AND used_at IS NULL${shown}`, [person]);
}

/** Ends what is open, and every way in that was not used. */
export async function closeSignIn(run: Pick<Run, "tx">, person: string): Promise<void> {
  await run.tx.execute("DELETE FROM session WHERE person = ?", [person]);
  await run.tx.execute("DELETE FROM api_token WHERE person = ?", [person]);
  await closeLinks(run, person);
}

/**
 * Asked after roles have ended. @throws INVALID_INPUT where nobody is left who administers the school: nobody could mend
 * that. A school of a trust is administered from above as well.
 */
export async function mustBeAdministered(run: Run, ended: string[]): Promise<void> {
  const names = run.registry.roles.filter(({ administers }) => administers).map(({ name }) => name);
  if (run.organisation.parent !== null || !ended.some((role) => names.includes(role))) return;
  const [one] = await run.tx.query(
    `SELECT a.id FROM appointment a JOIN person p ON p.id = a.person AND p.active = 1
     WHERE a.organisation = ? AND a.role IN (${marks(names.length)}) AND a.from_on <= ? AND a.to_on IS NULL LIMIT 1`,
    [run.organisation.id, ...names, run.today],
  );
  if (!one)
    throw invalid([
      { path: "role", message: "Nobody would administer Duly any more: appoint somebody else as administrator first." },
    ]);
}

export const dayAfter = (run: Run, day: string): string => run.calendar.add(day, "P1D").date;

/** A new edition of who may do what; open tasks follow, now and on each of the dates that lie ahead. */
export async function peopleChanged(run: Run, dates: string[] = []): Promise<void> {
  await bumpAccessEdition(run.tx);
  run.accessEdition++;
  const source: Source = {
    kind: "people",
    organisation: run.organisation.id,
    type: null,
    reason: "who holds a role changed",
  };
  await rederive(run, source);
  for (const from of new Set(dates.filter((date) => date > run.today))) await rederive(run, { ...source, from });
  run.afterCommit(() => run.world.announce("access"));
}
