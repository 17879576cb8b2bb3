/** Whose people these are: every verb about a person asks here before it does anything. */
import { Failure } from "../../schema/failure";
import { marks } from "../store/database";
import { withAbove, withBelow } from "../store/organisations";
import { personsOfOrganisations } from "../store/people";
import type { Run } from "./run";

/** The organisations whose people the actor may manage: the acting one, others in which they administer, and those below. */
export async function administeredBy(run: Run): Promise<string[]> {
  const roots = [run.organisation.id];
  const roles = run.registry.roles.filter(({ administers }) => administers).map(({ name }) => name);
  const { person } = run.identity.access;
  if (person !== null && roles.length)
    for (const row of await run.tx.query(
      `SELECT DISTINCT organisation FROM appointment WHERE person = ? AND record IS NULL
       AND role IN (${marks(roles.length)}) AND from_on <= ? AND (to_on IS NULL OR to_on >= ?)`,
      [person, ...roles, run.today, run.today],
    ))
      roots.push(String(row["organisation"]));
  return [...new Set((await Promise.all(roots.map((root) => withBelow(run.tx, root)))).flat())];
}

const none = () => new Failure("NOT_FOUND", "There is no such person here.");

/**
 * What belongs to the person as a whole (name, address, ways in, leaving) is for those who administer their own school.
 * @throws NOT_FOUND for anybody else's, as for nobody.
 */
export async function mustBeOwn(run: Run, persons: string[]): Promise<void> {
  await mustBelong(run, persons, "home");
}

/** Roles and relations here: of those whose school it is, or who hold something in it. @throws NOT_FOUND. */
export async function mustBeOurs(run: Run, persons: string[]): Promise<void> {
  await mustBelong(run, persons, "any");
}

async function mustBelong(run: Run, persons: string[], by: "home" | "any"): Promise<void> {
  const ids = [...new Set(persons)];
  if (!ids.length || run.identity.access.system) return;
  const found = await personsOfOrganisations(run.tx, ids, await administeredBy(run), by, run.today);
  if (ids.some((id) => !found.has(id))) throw none();
}

/**
 * Of persons whom a record names: those who are not of its organisation, one above it or one below it, by home or by
 * anything they hold or held there.
 */
export async function strangersTo(run: Run, persons: string[], organisation: string): Promise<Set<string>> {
  const rows = await run.tx.query(`SELECT id FROM person WHERE organisation = ? AND id IN (${marks(persons.length)})`, [
    organisation,
    ...persons,
  ]);
  const strangers = new Set(persons);
  for (const row of rows) strangers.delete(String(row["id"]));
  // Nearly always all are of the school itself.
  if (!strangers.size) return strangers;
  const line = [...(await withBelow(run.tx, organisation)), ...(await withAbove(run.tx, organisation))];
  for (const id of await personsOfOrganisations(run.tx, [...strangers], line, "ever", run.today)) strangers.delete(id);
  return strangers;
}
