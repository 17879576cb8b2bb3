/** Signing in and out with a password, and API tokens. All of it runs on machine time: a moved school clock ends no session. */
import { randomBytes } from "node:crypto";
import { Failure, invalid } from "../../schema/failure";
import { type Database, isoOf, type Sql } from "../store/database";
import {
  bumpAccessEdition,
  type Credential,
  credentialOf,
  deleteSession,
  insertSession,
  type PersonRow,
} from "../store/people";
import { forgetName, type Gate, gateWait, namesTried, openGate, passGate } from "../store/signInGates";
import { hashOfSecret, type Identity, type Secret } from "./access";
import { isKnownDevice, knownDeviceCookie } from "./knownDevice";
import { networkOf } from "./network";
import { isPassword } from "./passwords";
import { keyedHash, logAlone, type Origin, securityActor, type SecurityEvent } from "./securityLog";

/** What these verbs need of the world. */
interface Door {
  db: Database;
  key: Buffer;
  machineNow(): number;
  timeAt(databaseNow: number): number;
  announce(kind: "access"): void;
}

const MINUTE_MS = 60_000;
/** A working day. */
export const SESSION_MS = 12 * 60 * MINUTE_MS;
/** In which different names tried from one address are counted. */
const WINDOW_MS = 15 * MINUTE_MS;
/** Failures of one account that cost nothing; then a second, two, four … up to a quarter of an hour. */
const ACCOUNT = { free: 5, longest: 900 };
/**
 * Different names that fail from one address within the window: a school is one address, on a Monday after the holidays
 * too. Beyond, one attempt at a time gets through, a minute apart at most.
 */
const NAMES = 30;
const ADDRESS = { free: 0, longest: 60 };

export interface SignedIn {
  person: PersonRow;
  secret: string;
  expiresAt: string;
  /** The new value of the known device's cookie. */
  knownDevice?: string;
}

/** The gate of an account's password, whoever tries it; on a device that the account knows, one of its own. */
const accountGate = (key: Buffer, account: string, device?: string): Gate => ({
  bucket: keyedHash(key, device ? `sign-in on ${device}` : "sign-in", account, 64),
  ...ACCOUNT,
});

export const addressOf = (email: string): string => email.trim().toLowerCase().normalize("NFC");

/**
 * Opens a session. Throws TOO_MANY_ATTEMPTS, or UNAUTHENTICATED with the same words and the same work for an unknown
 * address as for a wrong password. Attempts are counted before the password is looked at, so that many at once do not slip
 * through together. A device on which the account has signed in before has a count of its own: guesses from elsewhere
 * never lock the owner out.
 */
export async function signIn(
  door: Door,
  input: { email: string; password: string; address: string; knownDevice?: string | undefined },
): Promise<SignedIn> {
  const now = door.machineNow();
  const email = addressOf(input.email);
  const credential = email.length <= 191 ? await credentialOf(door.db, email) : undefined;
  const origin = { address: input.address, device: input.knownDevice?.slice(0, 22) };
  const account = credential && { person: credential.person.id, passwordHash: credential.passwordHash };
  const known = account !== undefined && isKnownDevice(door.key, input.knownDevice, account);
  const gate = accountGate(door.key, email, known ? origin.device : undefined);
  const from = keyedHash(door.key, "sign-in from", networkOf(input.address), 64);
  const name = keyedHash(door.key, "sign-in name", email, 64);
  if (!known) await mustPass(door, { gate, from, name, now, credential, origin });
  else if (!(await passGate(door.db, gate, now))) throw await tooMany(door, gate, now);
  if (!(await isPassword(credential?.passwordHash, input.password)) || !credential || !account) {
    await logAlone(door, failedBy(credential, "signInFailed"), origin);
    throw new Failure("UNAUTHENTICATED", "Wrong email or password.");
  }
  const session = await openSession(door, credential.person);
  await Promise.all([openGate(door.db, gate.bucket), forgetName(door.db, from, name)]);
  const { id, organisation } = credential.person;
  await logAlone(door, { kind: "signedIn", organisation, actor: { kind: "person", id } }, origin);
  return { ...session, knownDevice: knownDeviceCookie(door.key, input.knownDevice, account) };
}

interface Attempt {
  gate: Gate;
  from: string;
  name: string;
  now: number;
  credential: Credential | undefined;
  origin: Origin;
}

/** @throws TOO_MANY_ATTEMPTS. The first that is held back is logged; a flood of them is not. */
async function mustPass(door: Door, { gate, from, name, now, credential, origin }: Attempt): Promise<void> {
  const names = await namesTried(door.db, { address: from, name, most: NAMES }, now, now - WINDOW_MS);
  const gates = names > NAMES ? [{ bucket: from, ...ADDRESS }, gate] : [gate];
  for (const one of gates)
    if (!(await passGate(door.db, one, now))) {
      const note = { bucket: keyedHash(door.key, "held back", one.bucket, 64), free: 1, longest: 3_600 };
      if (await passGate(door.db, note, now)) await logAlone(door, failedBy(credential, "signInHeld"), origin);
      throw await tooMany(door, one, now);
    }
}

async function tooMany(door: Door, gate: Gate, now: number): Promise<Failure> {
  const seconds = await gateWait(door.db, gate, now);
  const wait = seconds <= 90 ? `${Math.max(1, seconds)} seconds` : `${Math.ceil(seconds / 60)} minutes`;
  return new Failure(
    "TOO_MANY_ATTEMPTS",
    `Too many attempts to sign in. Wait ${wait} and try again, or choose “Forgotten password” to get a link by email.`,
  );
}

const failedBy = (
  credential: Credential | undefined,
  kind: "signInFailed" | "signInHeld",
): SecurityEvent & { organisation: string | null; actor: { kind: "nobody" } } => ({
  kind,
  about: credential?.person.id ?? null,
  organisation: credential?.person.organisation ?? null,
  actor: { kind: "nobody" },
});

/** After a link or a new password: whoever was locked out may sign in. */
export async function forgetFailures(door: Pick<Door, "key"> & { db: Sql }, email: string): Promise<void> {
  await openGate(door.db, accountGate(door.key, addressOf(email)).bucket);
}

/** Asks for the password of somebody who is signed in, as slowly as at the door. @throws TOO_MANY_ATTEMPTS, INVALID_INPUT. */
export async function askPassword(door: Door, credential: Credential, password: string): Promise<void> {
  const gate = accountGate(door.key, `again ${credential.person.id}`);
  const now = door.machineNow();
  if (!(await passGate(door.db, gate, now))) throw await tooMany(door, gate, now);
  if (!(await isPassword(credential.passwordHash, password)))
    throw invalid([{ path: "old", message: "This is not your password." }]);
  await openGate(door.db, gate.bucket);
}

/** For somebody who has proved who they are. */
export async function openSession(door: Pick<Door, "db" | "machineNow">, person: PersonRow): Promise<SignedIn> {
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
export async function signOut(
  door: Door,
  secret: Secret,
  identity: Identity | null,
  origin?: Origin,
): Promise<boolean> {
  if (secret.kind !== "session") return false;
  const ended = await deleteSession(door.db, hashOfSecret(secret.value));
  if (ended) {
    await bumpAccessEdition(door.db);
    door.announce("access");
    if (identity) await logAlone(door, { kind: "signedOut", ...as(identity) }, origin);
  }
  return ended;
}

const as = (identity: Identity) => ({ organisation: identity.acting.id, actor: securityActor(identity.actor) });
