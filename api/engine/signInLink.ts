/**
 * One-time links by which people choose a password: the first one, or another when it is forgotten. Opening a link
 * changes nothing, choosing a password ends it. Links end by school time.
 */
import { Failure, invalid } from "../../schema/failure";
import { markdown } from "../../schema/markdown";
import { datetime, instant, isoOf, marks, type Row, type Sql, textOrNull } from "../store/database";
import {
  bumpAccessEdition,
  credentialOf,
  endOtherSessions,
  insertSignInLink,
  markLinkShown,
  personByAddress,
  setPassword,
} from "../store/people";
import { rootOrganisation } from "../store/organisations";
import { passGate } from "../store/signInGates";
import { approvedLink, decidePower } from "../store/powerRequests";
import { idIn, opens } from "./oneTimeLink";
import { type Ask, askPower, powersHeld, takesTwo, waitsUntil } from "./power";
import { type Handed, handLink } from "./putMail";
import { mustAdminister, run, type Run, schoolNow, systemIdentity } from "./run";
import type { Identity, Secret } from "./access";
import { hashOfSecret } from "./access";
import { mailsLeave, whyNotNow } from "./deliverMails";
import { knownDeviceCookie } from "./knownDevice";
import { networkOf } from "./network";
import { hashPassword, passwordProblem } from "./passwords";
import { keyedHash, type Origin } from "./securityLog";
import { addressOf, askPassword, forgetFailures, openSession, type SignedIn } from "./signIn";
import type { World } from "./world";
import { mustBeOwn } from "./tenancy";
import { closeLinks, closeSignIn } from "./writePeople";

const DAYS = 14;
/** As many as a list of people holds. */
const MOST_LINKS = 3_000;
/** Of a link that somebody asked for at the sign-in. */
const OWN_HOURS = 24;
const ended =
  "This link has been used, or has ended. Choose “Forgotten password” at the sign-in, or ask your school’s administrator for another.";

/** Both of `Handed` are null where it could not be made. */
export interface MadeLink extends Handed {
  person: { id: string; name: string; email: string | null };
  problem: string | null;
}

/**
 * A link for each, which ends those before it. It goes by email where email leaves, so that nobody but the person holds it;
 * else it is given to whoever asks, once. For somebody with a powerful role it waits for a second person.
 * @throws FORBIDDEN, NOT_FOUND, INVALID_INPUT where more are asked for than go at once.
 */
export async function makeSignInLinks(run: Run, people: string[]): Promise<MadeLink[]> {
  mustAdminister(run);
  const ids = [...new Set(people)];
  if (!ids.length) return [];
  if (ids.length > MOST_LINKS)
    throw invalid([{ path: "people", message: `Choose ${MOST_LINKS.toLocaleString("en-GB")} people at most.` }]);
  await mustBeOwn(run, ids);
  const rows = await run.tx.query(
    `SELECT p.id, p.name, p.email, p.active FROM person p WHERE p.id IN (${marks(ids.length)}) ORDER BY p.name_folded, p.id`,
    ids,
  );
  const powers = await powersHeld(run, ids);
  const two = powers.size > 0 && (await takesTwo(run));
  const made: MadeLink[] = [];
  const asks: Ask[] = [];
  for (const row of rows) {
    const roles = two ? [...(powers.get(String(row["id"])) ?? [])] : [];
    const ask = roles.length && !problemOf(row) ? await linkAsked(run, row, roles) : undefined;
    if (ask) asks.push(ask);
    else made.push(await makeLink(run, row));
  }
  for (const request of await askPower(run, asks)) {
    const row = rows.find((each) => each["id"] === request.person);
    if (row) made.push({ person: holderOf(row), url: null, mailedTo: null, problem: waitsUntil(run, request) });
  }
  return made;
}

/**
 * The request by which a link for this holder is asked for; undefined where it has been confirmed. Where no email leaves,
 * whoever asked is shown the link: they ask once more after it was confirmed, and that uses the permission up.
 */
async function linkAsked(run: Run, row: Row, roles: string[]): Promise<Ask | undefined> {
  if (run.approved !== undefined) return undefined;
  const person = String(row["id"]);
  const approved = await approvedLink(run.tx, run.identity.access.person ?? "", person);
  if (approved) {
    await decidePower(run.tx, approved.id, { state: "done", by: approved.decidedBy, at: isoOf(run.machineNow) });
    return undefined;
  }
  const { name, email } = holderOf(row);
  return { deed: { kind: "link", person, email }, sentence: `Make a sign-in link for ${name} (${email})`, roles };
}

const holderOf = (row: Row) => ({ id: String(row["id"]), name: String(row["name"]), email: textOrNull(row["email"]) });

function problemOf(row: Row): string | null {
  if (row["email"] === null) return "They have no email address: they sign in with it.";
  return Number(row["active"]) === 1 ? null : "They have left.";
}

async function makeLink(run: Run, row: Row): Promise<MadeLink> {
  const person = holderOf(row);
  const problem = problemOf(row);
  if (problem) return { person, url: null, mailedTo: null, problem };
  const id = run.newId();
  await closeLinks(run, person.id);
  const expiresAt = isoOf(run.now + DAYS * 86_400_000);
  await insertSignInLink(run.tx, {
    id,
    person: person.id,
    madeBy: run.identity.access.person,
    at: run.nowIso,
    expiresAt,
  });
  const { name: school } = run.organisation;
  const handed = await handLink(run, person, { page: "welcome", id }, (url) => ({
    subject: `Your way into Duly at ${school}`,
    body: [
      markdown`${run.actor.name} invites you to Duly, where ${school} keeps what its policies ask for.`,
      markdown`[Choose your password](${url})`,
      markdown`You then sign in with ${person.email ?? ""}. The link works once, for ${DAYS} days. If you did not expect it, leave it alone: it changes nothing by itself.`,
    ],
  }));
  if (handed.url !== null) await markLinkShown(run.tx, id);
  run.note({ kind: "linkMade", about: person.id, detail: { way: handed.url === null ? "email" : "shown" } });
  return { person, ...handed, problem: null };
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
    `SELECT l.id, l.former, l.person, l.expires_at, p.name, p.email, p.organisation, o.name AS school
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
export async function choosePassword(
  world: World,
  input: { secret: string; password: string; knownDevice?: string | undefined },
  origin?: Origin,
): Promise<SignedIn> {
  const holder = await linkHolder(world, input.secret);
  if (!holder) throw new Failure("NOT_FOUND", ended);
  const problem = passwordProblem(input.password, [holder.name, holder.email]);
  if (problem) throw invalid([{ path: "password", message: problem }]);
  // Outside the transaction: it is meant to be slow.
  const hash = await hashPassword(input.password);
  const root = await rootOrganisation(world.db);
  await run(
    world,
    systemIdentity(root),
    async (current) => {
      const { tx } = current;
      const row = await openLink(world, tx, input.secret, "FOR UPDATE");
      if (!row) throw new Failure("NOT_FOUND", ended);
      const id = String(row["person"]);
      await setPassword(tx, id, hash);
      await tx.execute("UPDATE sign_in_link SET used_at = ? WHERE id = ?", [
        datetime(current.nowIso),
        String(row["id"]),
      ]);
      await closeSignIn({ tx }, id);
      await bumpAccessEdition(tx);
      await forgetFailures({ db: tx, key: world.key }, holder.email);
      const organisation = String(row["organisation"]);
      current.note({ kind: "passwordChosen", organisation, actor: { kind: "person", id } });
      current.afterCommit(() => world.announce("access"));
    },
    undefined,
    origin,
  );
  const credential = await credentialOf(world.db, holder.email);
  if (!credential) throw new Failure("NOT_FOUND", ended);
  const { person } = credential;
  const account = { person: person.id, passwordHash: credential.passwordHash };
  const knownDevice = knownDeviceCookie(world.key, input.knownDevice, account);
  return { ...(await openSession(world, person)), knownDevice };
}

const ANSWER_MS = 600;
/** Links that one account may be sent, and accounts that one network may ask for: a few at once, then ever more slowly. */
const ASKED = { free: 3, longest: 3_600 };
const ASKED_FROM = { free: 10, longest: 900 };

/**
 * Mails a link to choose another password to whoever has this address, if anybody. It answers alike, and after the same
 * time, whoever asks for whom; and it needs nobody's consent, since it goes to the person's own address alone. False where
 * no email leaves.
 */
export async function forgottenPassword(world: World, input: { email: string }, origin: Origin): Promise<boolean> {
  const answered = new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
  await Promise.all([mailOwnLink(world, addressOf(input.email), origin), answered]);
  return mailsLeave(world.db, world.config);
}

async function mailOwnLink(world: World, email: string, origin: Origin): Promise<void> {
  const now = world.machineNow();
  const gates = [
    { bucket: keyedHash(world.key, "forgotten from", networkOf(origin.address), 64), ...ASKED_FROM },
    { bucket: keyedHash(world.key, "forgotten", email, 64), ...ASKED },
  ];
  for (const gate of gates) if (!(await passGate(world.db, gate, now))) return;
  const person = email.length > 0 && email.length <= 191 ? await personByAddress(world.db, email) : undefined;
  if (!person) return;
  const mails = !(await whyNotNow(world.db, world.config, email));
  const nobody = { kind: "nobody" as const };
  await run(
    world,
    systemIdentity(person.organisation),
    async (current) => {
      current.note({ kind: "passwordForgotten", about: person.id, actor: nobody, detail: { mailed: mails } });
      // A link that cannot leave would be of use to nobody.
      if (!mails) return;
      const id = current.newId();
      const expiresAt = isoOf(current.now + OWN_HOURS * 3_600_000);
      await insertSignInLink(current.tx, { id, person: person.id, madeBy: null, at: current.nowIso, expiresAt });
      const { name: school } = current.organisation;
      await handLink(current, person, { page: "welcome", id }, (url) => ({
        subject: `Choose another password for Duly at ${school}`,
        body: [
          markdown`
Somebody, probably you, chose “Forgotten password” on the sign-in page.
          `,
          markdown`[Choose another password](${url})`,
          markdown`The link works once, for ${OWN_HOURS} hours. If it was not you, do nothing: your password stays as it is.`,
        ],
      }));
    },
    undefined,
    origin,
  );
}

/**
 * Another password for who is signed in, by the old one: the verb that sets it, once the old one was right. It ends their other sessions and unused links.
 * @throws FORBIDDEN for a token, INVALID_INPUT (`old`, `password`), TOO_MANY_ATTEMPTS.
 */
export async function changePassword(
  world: World,
  identity: Identity,
  secret: Secret | null,
  input: { old: string; password: string; knownDevice?: string | undefined },
): Promise<(run: Run) => Promise<{ knownDevice: string }>> {
  const { email, id: person } = identity.person;
  if (identity.actor.kind !== "person" || secret?.kind !== "session")
    throw new Failure("FORBIDDEN", "Sign in yourself to change your password.");
  const credential = email === null ? undefined : await credentialOf(world.db, email);
  if (!credential || credential.person.id !== person) throw new Failure("FORBIDDEN", "You have no password to change.");
  await askPassword(world, credential, input.old);
  const same = input.old === input.password ? "Choose a password other than the one you have." : undefined;
  const problem = same ?? passwordProblem(input.password, [identity.person.name, email ?? ""]);
  if (problem) throw invalid([{ path: "password", message: problem }]);
  const hash = await hashPassword(input.password);
  return async (current) => {
    await setPassword(current.tx, person, hash);
    await endOtherSessions(current.tx, person, hashOfSecret(secret.value));
    await closeLinks(current, person);
    await bumpAccessEdition(current.tx);
    current.note({ kind: "passwordChanged" });
    await forgetFailures({ db: current.tx, key: world.key }, email ?? "");
    current.afterCommit(() => world.announce("access"));
    return { knownDevice: knownDeviceCookie(world.key, input.knownDevice, { person, passwordHash: hash }) };
  };
}
