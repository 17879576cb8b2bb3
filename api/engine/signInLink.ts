/**
 * One-time links by which people choose a password: the first one, or another when it is forgotten. Opening a link
 * changes nothing, choosing a password ends it. Links end by school time.
 */
import { Failure, invalid } from "../../schema/failure";
import { markdown } from "../../schema/markdown";
import { codePoints, fold } from "../../schema/text";
import { datetime, instant, isoOf, marks, type Row, type Sql, textOrNull } from "../store/database";
import { bumpAccessEdition, credentialOf, setPassword } from "../store/people";
import { idIn, opens } from "./oneTimeLink";
import { type Handed, handLink } from "./putMail";
import { mustAdminister, type Run, schoolNow } from "./run";
import { hashPassword, openSession, PASSWORD_LENGTH, type SignedIn } from "./signIn";
import type { World } from "./world";
import { closeSignIn } from "./writePeople";

const DAYS = 14;
const SHORTEST = 10;
const ended = "This link has been used, or has ended. Ask your school’s administrator for another.";

/** Both of `Handed` are null where it could not be made. */
export interface MadeLink extends Handed {
  person: { id: string; name: string; email: string | null };
  problem: string | null;
}

/**
 * A link for each, which ends those before it. It goes by mail where mail leaves, so that nobody but the person holds it;
 * else it is given to whoever asks, once. @throws FORBIDDEN.
 */
export async function makeSignInLinks(run: Run, people: string[]): Promise<MadeLink[]> {
  mustAdminister(run);
  if (!people.length) return [];
  const rows = await run.tx.query(
    `SELECT DISTINCT p.id, p.name, p.email, p.active FROM person p
     JOIN appointment a ON a.person = p.id AND a.organisation = ? WHERE p.id IN (${marks(people.length)})
     ORDER BY p.name_folded, p.id`,
    [run.organisation.id, ...people],
  );
  const made: MadeLink[] = [];
  for (const row of rows) made.push(await makeLink(run, row));
  return made;
}

async function makeLink(run: Run, row: Row): Promise<MadeLink> {
  const email = textOrNull(row["email"]);
  const person = { id: String(row["id"]), name: String(row["name"]), email };
  const none = { person, url: null, mailedTo: null };
  if (email === null) return { ...none, problem: "They have no e-mail address: they sign in with it." };
  if (Number(row["active"]) !== 1) return { ...none, problem: "They have left." };
  const id = await insertSignInLink(run, person.id, DAYS);
  const { name: school } = run.organisation;
  const handed = await handLink(run, person, { page: "welcome", id }, (url) => ({
    subject: `Your way into Duly at ${school}`,
    body: [
      markdown`${run.actor.name} invites you to Duly, where ${school} keeps what its policies ask for.`,
      markdown`[Choose your password](${url})`,
      markdown`You then sign in with ${email}. The link works once, for ${DAYS} days. If you did not expect it, leave it alone: it changes nothing by itself.`,
    ],
  }));
  return { person, ...handed, problem: null };
}

/** Ends those of the person that are unused, and returns the id of another. */
export async function insertSignInLink(run: Run, person: string, days: number): Promise<string> {
  const id = run.newId();
  await run.tx.execute("DELETE FROM sign_in_link WHERE person = ? AND used_at IS NULL", [person]);
  await run.tx.execute(
    "INSERT INTO sign_in_link (id, person, made_by, made_at, expires_at, former) VALUES (?, ?, ?, ?, ?, 0)",
    [id, person, run.identity.access.person, datetime(run.nowIso), datetime(isoOf(run.now + days * 86_400_000))],
  );
  return id;
}

export interface LinkHolder {
  name: string;
  email: string;
  school: string;
}

/** Whose link it is; undefined for one that has ended or never was. */
export async function linkHolder(world: World, secret: string): Promise<LinkHolder | undefined> {
  const row = await openLink(world, world.db, secret);
  return row && { name: String(row["name"]), email: String(row["email"]), school: String(row["school"]) };
}

async function openLink(world: World, sql: Sql, secret: string, lock = ""): Promise<Row | undefined> {
  const id = idIn(secret);
  const [row] = await sql.query(
    `SELECT l.id, l.former, l.person, l.expires_at, p.name, p.email, o.name AS school
     FROM sign_in_link l JOIN person p ON p.id = l.person AND p.active = 1 AND p.email IS NOT NULL
     JOIN organisation o ON o.id = p.organisation WHERE l.id = ? AND l.used_at IS NULL ${lock}`,
    [id],
  );
  if (!row || !opens(world.key, "welcome", { id, former: Number(row["former"]) === 1 }, secret)) return undefined;
  return Date.parse(instant(String(row["expires_at"]))) > (await schoolNow(world)) ? row : undefined;
}

/**
 * Sets the password, ends the link and every session there was, and signs in.
 * @throws NOT_FOUND for a link that has ended, INVALID_INPUT (path `password`).
 */
export async function choosePassword(world: World, input: { secret: string; password: string }): Promise<SignedIn> {
  const holder = await linkHolder(world, input.secret);
  if (!holder) throw new Failure("NOT_FOUND", ended);
  const problem = passwordProblem(input.password, [holder.name, holder.email]);
  if (problem) throw invalid([{ path: "password", message: problem }]);
  // Outside the transaction: it is meant to be slow.
  const hash = await hashPassword(input.password);
  await world.db.transaction(async (tx) => {
    const row = await openLink(world, tx, input.secret, "FOR UPDATE");
    if (!row) throw new Failure("NOT_FOUND", ended);
    const person = String(row["person"]);
    await setPassword(tx, person, hash);
    await tx.execute("UPDATE sign_in_link SET used_at = ? WHERE id = ?", [
      datetime(isoOf(await schoolNow(world))),
      String(row["id"]),
    ]);
    await closeSignIn({ tx }, person);
    await bumpAccessEdition(tx);
  });
  world.announce("access");
  const credential = await credentialOf(world.db, holder.email);
  if (!credential) throw new Failure("NOT_FOUND", ended);
  return openSession(world, credential.person);
}

/** What is wrong with a password, as a sentence. Length is what counts; no mixture of signs is asked for. */
export function passwordProblem(password: string, about: string[]): string | undefined {
  if (password.length > PASSWORD_LENGTH) return "This password is too long.";
  if (codePoints(password) < SHORTEST)
    return `Use at least ${SHORTEST} characters: three or four words are easy to remember.`;
  const plain = fold(password);
  if (new Set(plain).size < 4) return "Use more different characters.";
  if (about.some((word) => fold(word) === plain)) return "Choose something other than your own name or address.";
  return undefined;
}
