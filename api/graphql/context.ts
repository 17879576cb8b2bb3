/** What every resolver gets: the world, and who asks. Apollo copies it by its own properties, so it holds no private ones. */
import { Failure } from "../../schema/failure";
import type { Identities, Identity, Secret } from "../engine/access";
import type { Objections } from "../engine/checkPublish";
import type { Editions } from "../engine/editions";
import type { Reader } from "../engine/read/reader";
import { once } from "../engine/once";
import { isTaken } from "../store/answered";
import { run, type Run } from "../engine/run";
import { deviceIn } from "../engine/knownDevice";
import type { Origin } from "../engine/securityLog";
import type { SharedDevice } from "../engine/sharedDevice";
import type { World } from "../engine/world";
import type { Asker } from "../store/asker";
import { Loaders } from "./loaders";

export interface Context {
  world: World;
  identities: Identities;
  editions: Editions;
  identity: Identity | null;
  secret: Secret | null;
  /** A device that several people use: nobody is signed in on it. */
  device: SharedDevice | null;
  /** The id of the request: the client's own, or made for it. */
  request: string;
  /** The client's address, for the sign-in throttle. */
  address: string;
  /** What the cookie of a known device says; undefined where the browser has none. */
  knownDevice?: string | undefined;
  /** Set by signIn and signOut: the values of Set-Cookie headers. */
  reply: { cookies: string[] };
  /** Set by the executor: what the operation could cost. By the edge: whether its document had to be read. */
  spent: { cost: number; isNew: boolean };
  /** What stands against a definition from the side of the API. */
  objections: Objections;
  /** Null with the identity. */
  reader: Reader | null;
  /** With the reader: ends what is being read for somebody who has left. */
  asker: Asker | null;
  loading: { loaders: Loaders | null };
  /** The client's key of this request, the SHA-256 of what it asks, the root field it is at, and its next number. */
  once: { request: string; operation: string; field: number; n: number } | null;
}

/** Every operation but the public ones has an identity; the server has refused the rest before it ran. */
export function signedIn(context: Context): Identity {
  if (!context.identity) throw new Failure("UNAUTHENTICATED", "Sign in first.");
  return context.identity;
}

export function readerOf(context: Context): Reader {
  if (!context.reader) throw new Failure("UNAUTHENTICATED", "Sign in first.");
  return context.reader;
}

export function askerOf(context: Context): Asker {
  if (!context.asker) throw new Failure("UNAUTHENTICATED", "Sign in first.");
  return context.asker;
}

export function deviceOf({ device }: Context): SharedDevice {
  if (!device) throw new Failure("UNAUTHENTICATED", "This is no shared device, or no longer one. Sign in instead.");
  return device;
}

export function loadersOf(context: Context): Loaders {
  return (context.loading.loaders ??= new Loaders(readerOf(context)));
}

/** Numbers of a request's key that each of its root fields has: 60 of them stay within the column. */
const NUMBERS_OF_A_FIELD = 500;

/** A field that fails before its verb takes its numbers along: those after it keep theirs when the request comes again. */
export function nextField({ once: key }: Context): void {
  if (key) key.n = (key.field += 1) * NUMBERS_OF_A_FIELD;
}

/**
 * Runs a verb of the engine as whoever asks; where the request has a key, once for that key. What was loaded before it
 * may have changed by it.
 */
export async function perform<T>(context: Context, verb: (run: Run) => Promise<T>): Promise<T> {
  const looks = context.reader?.looks;
  const identity = signedIn(context);
  const looking = (current: Run): Promise<T> => verb({ ...current, request: context.request, ...(looks && { looks }) });
  const { once: key } = context;
  const person = context.identity?.person.id ?? "";
  const result = await run(
    context.world,
    identity,
    key ? once({ person, request: key.request, n: key.n++, operation: key.operation }, looking) : looking,
    undefined,
    originOf(context),
  );
  context.loading.loaders = null;
  return result;
}

/**
 * As `perform`, for a verb that is slow to prepare and would be refused the second time: nothing is prepared where it was
 * done with this key already.
 */
export async function performPrepared<T>(
  context: Context,
  prepare: () => Promise<(run: Run) => Promise<T>>,
): Promise<T> {
  const { once: key, world } = context;
  const { id: person } = signedIn(context).person;
  const done = key !== null && (await isTaken(world.db, { person, request: key.request, n: key.n }));
  const nothing = (): Promise<never> => Promise.reject(new Failure("WRONG_STATE", "This was done already."));
  return perform(context, done ? nothing : await prepare());
}

/** Where the request comes from, for the security log. */
export const originOf = ({ address, knownDevice }: Context): Origin => ({
  address,
  device: knownDevice && deviceIn(knownDevice),
});

/** For what only those who configure the acting organisation may read. @throws FORBIDDEN. */
export function mustAdministerHere(context: Context): void {
  if (!signedIn(context).administers) throw new Failure("FORBIDDEN", "This is for the school's administrators.");
}
