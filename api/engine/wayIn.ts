/** A way in for an administrator who is locked out: by whoever runs the server, and nobody else. */
import { Failure } from "../../schema/failure";
import { isoOf, marks, textOrNull } from "../store/database";
import { rootOrganisation } from "../store/organisations";
import { insertSignInLink, markLinkShown } from "../store/people";
import { linkUrl, secretOf } from "./oneTimeLink";
import { run, schoolNow, systemIdentity } from "./run";
import type { World } from "./world";
import { COMMAND_LINE } from "./securityLog";
import { closeLinks, insertAppointment, peopleChanged } from "./writePeople";

export interface Administrator {
  name: string;
  email: string | null;
  school: string;
}

const administering = (world: World): string[] =>
  world.registry.roles.filter(({ administers }) => administers).map(({ name }) => name);

export async function administrators(world: World): Promise<Administrator[]> {
  const roles = administering(world);
  if (!roles.length) return [];
  const today = isoOf(await schoolNow(world)).slice(0, 10);
  const rows = await world.db.query(
    `SELECT DISTINCT p.name, p.email, o.name AS school, p.name_folded FROM appointment a
     JOIN person p ON p.id = a.person AND p.active = 1 JOIN organisation o ON o.id = a.organisation
     WHERE a.role IN (${marks(roles.length)}) AND a.from_on <= ? AND (a.to_on IS NULL OR a.to_on >= ?)
     ORDER BY o.name, p.name_folded`,
    [...roles, today, today],
  );
  return rows.map((row) => ({
    name: String(row["name"]),
    email: textOrNull(row["email"]),
    school: String(row["school"]),
  }));
}

/**
 * A link by which the person of this address chooses a new password, within a day. `appoint`: they become an
 * administrator of the whole installation from today, where they are none.
 * @throws NOT_FOUND for an address nobody has, FORBIDDEN for one of somebody who does not administer.
 */
export async function wayIn(world: World, email: string, appoint: boolean): Promise<{ name: string; url: string }> {
  const root = await rootOrganisation(world.db);
  return run(world, systemIdentity(root, COMMAND_LINE), async (current) => {
    const { tx, today } = current;
    const [row] = await tx.query("SELECT id, name FROM person WHERE email = ? AND active = 1 FOR UPDATE", [
      email.trim().toLowerCase(),
    ]);
    if (!row) throw new Failure("NOT_FOUND", `Nobody who works here has the address ${email}.`);
    const person = String(row["id"]);
    const roles = administering(world);
    const [holds] = await tx.query(
      `SELECT 1 FROM appointment WHERE person = ? AND role IN (${marks(roles.length)}) AND from_on <= ?
       AND (to_on IS NULL OR to_on >= ?) LIMIT 1`,
      [person, ...roles, today, today],
    );
    const [role] = roles;
    if (!holds && !(appoint && role))
      throw new Failure(
        "FORBIDDEN",
        `${String(row["name"])} does not administer: add --appoint to make them an administrator.`,
      );
    if (!holds && role) {
      await insertAppointment(current, { person, role, from: today, to: null });
      await peopleChanged(current);
    }
    const id = current.newId();
    await closeLinks(current, person);
    const expiresAt = isoOf(current.now + 86_400_000);
    await insertSignInLink(tx, { id, person, madeBy: null, at: current.nowIso, expiresAt });
    await markLinkShown(tx, id);
    current.note({ kind: "linkMade", about: person, detail: { way: "shown" } });
    return { name: String(row["name"]), url: linkUrl(world.publicUrl, "welcome", secretOf(world.key, "welcome", id)) };
  });
}
