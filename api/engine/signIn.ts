/** Signing in and out with a password, and API tokens. All of it runs on machine time: a moved school clock ends no session. */
import { hash, verify } from "@node-rs/argon2";
import { createHash, randomBytes } from "node:crypto";
import { ulid } from "ulid";
import { Failure, invalid } from "../../schema/failure";
import { codePoints } from "../../schema/text";
import { type Database, isoOf } from "../store/database";
import {
  bumpAccessEdition,
  countAttempt,
  credentialOf,
  deleteSession,
  deleteToken,
  forgetAttempt,
  forgetAttempts,
  insertSession,
  insertToken,
  type PersonRow,
} from "../store/people";
import { hashOfSecret, type Identity, type Secret } from "./access";

/** What these verbs need of the world. */
interface Door {
  db: Database;
  machineNow(): number;
  announce(kind: "access"): void;
}

const MINUTE_MS = 60_000;
/** A working day. */
export const SESSION_MS = 12 * 60 * MINUTE_MS;
const WINDOW_MS = 15 * MINUTE_MS;
/** Wrong passwords within the window. An address may be a whole school behind one router. */
const PER_EMAIL = 10;
const PER_ADDRESS = 60;
/** Argon2 is asked to read no more than this: a password is never a way to keep the processor busy. */
export const PASSWORD_LENGTH = 1_000;

/** Argon2id with the library's parameters (19 MiB, two passes), which are OWASP's. */
export const hashPassword = (password: string): Promise<string> => hash(password.normalize("NFC"));

let nobody: Promise<string> | undefined;

export interface SignedIn {
  person: PersonRow;
  secret: string;
  expiresAt: string;
}

/**
 * Opens a session. Throws TOO_MANY_ATTEMPTS, or UNAUTHENTICATED with the same words and the same work for an unknown
 * address as for a wrong password.
 */
export async function signIn(
  door: Door,
  input: { email: string; password: string; address: string },
): Promise<SignedIn> {
  const now = door.machineNow();
  const email = input.email.trim().toLowerCase().normalize("NFC");
  const id = ulid(now);
  const buckets = [
    { bucket: `email:${createHash("sha256").update(email).digest("hex")}`, most: PER_EMAIL },
    { bucket: `address:${input.address}`.slice(0, 191), most: PER_ADDRESS },
  ];
  // Counted before the password is looked at, so that many tries at once do not slip through together.
  const counts = await Promise.all(
    buckets.map(({ bucket }) => countAttempt(door.db, { bucket, id, at: isoOf(now), since: isoOf(now - WINDOW_MS) })),
  );
  if (counts.some((count, i) => count > (buckets[i]?.most ?? 0))) {
    // A refused try does not lengthen the wait.
    await Promise.all(buckets.map(({ bucket }) => forgetAttempt(door.db, bucket, id)));
    throw new Failure("TOO_MANY_ATTEMPTS", "Too many attempts to sign in. Wait a quarter of an hour and try again.");
  }
  const credential = email.length <= 191 ? await credentialOf(door.db, email) : undefined;
  nobody ??= hashPassword(randomBytes(16).toString("hex"));
  const fits = input.password.length <= PASSWORD_LENGTH;
  const right = await verify(credential?.passwordHash ?? (await nobody), fits ? input.password.normalize("NFC") : "");
  if (!credential || !right || !fits)
    throw new Failure("UNAUTHENTICATED", "That e-mail address and password do not belong together.");

  const session = await openSession(door, credential.person);
  await Promise.all([
    forgetAttempts(door.db, buckets[0]?.bucket ?? ""),
    forgetAttempt(door.db, buckets[1]?.bucket ?? "", id),
  ]);
  return session;
}

/** For somebody who has proved who they are. */
export async function openSession(door: Omit<Door, "announce">, person: PersonRow): Promise<SignedIn> {
  const now = door.machineNow();
  const secret = randomBytes(32).toString("base64url");
  const expiresAt = isoOf(now + SESSION_MS);
  await insertSession(door.db, {
    secretHash: hashOfSecret(secret),
    person: person.id,
    createdAt: isoOf(now),
    expiresAt,
  });
  return { person, secret, expiresAt };
}

/** Ends the session everywhere; other processes drop what they remember of it. */
export async function signOut(door: Door, secret: Secret): Promise<boolean> {
  if (secret.kind !== "session") return false;
  const ended = await deleteSession(door.db, hashOfSecret(secret.value));
  if (ended) {
    await bumpAccessEdition(door.db);
    door.announce("access");
  }
  return ended;
}

/** `expiresOn`: an ISO date, on which the token no longer works. Throws INVALID_INPUT. */
export async function createApiToken(
  door: Door,
  identity: Identity,
  input: { label: string; expiresOn?: string | null },
): Promise<{ id: string; secret: string }> {
  const label = input.label.normalize("NFC").trim();
  if (label === "" || codePoints(label) > 191)
    throw invalid([{ path: "label", message: "Give the token a name of at most 191 characters." }]);
  const now = door.machineNow();
  const expiresAt = input.expiresOn ? `${input.expiresOn}T00:00:00.000Z` : null;
  if (expiresAt !== null && !(Date.parse(expiresAt) > now))
    throw invalid([{ path: "expiresOn", message: "The day on which the token ends must lie ahead." }]);
  // A token cannot make another: what one lends must end with it.
  if (identity.actor.kind === "token") throw new Failure("FORBIDDEN", "Sign in with a password to make a token.");
  const id = ulid(now);
  const secret = `duly_${randomBytes(32).toString("base64url")}`;
  await insertToken(door.db, {
    id,
    secretHash: hashOfSecret(secret),
    person: identity.person.id,
    label,
    createdAt: isoOf(now),
    expiresAt,
  });
  return { id, secret };
}

/** Throws NOT_FOUND for a token that is not the person's own. */
export async function revokeApiToken(door: Door, identity: Identity, id: string): Promise<boolean> {
  if (!(await deleteToken(door.db, id, identity.person.id))) throw new Failure("NOT_FOUND", "You have no such token.");
  await bumpAccessEdition(door.db);
  door.announce("access");
  return true;
}
