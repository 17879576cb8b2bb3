/** What every resolver gets: the world, and who asks. Apollo copies it by its own properties, so it holds no private ones. */
import type { Identities, Identity, Secret } from "../engine/access";
import type { Editions } from "../engine/editions";
import { run, type Run } from "../engine/run";
import type { World } from "../engine/world";
import type { Loaders } from "./loaders";
import { Failure } from "../../schema/failure";

export interface Context {
  world: World;
  identities: Identities;
  editions: Editions;
  identity: Identity | null;
  secret: Secret | null;
  /** The client's address, for the sign-in throttle. */
  address: string;
  /** Set by signIn and signOut: the value of the Set-Cookie header. */
  reply: { cookie: string | null };
  loaders: Loaders;
}

/** Every operation but the public ones has an identity; the server has refused the rest before it ran. */
export function signedIn(context: Context): Identity {
  if (!context.identity) throw new Failure("UNAUTHENTICATED", "Sign in first.");
  return context.identity;
}

/** Runs a verb of the engine as whoever asks. */
export const perform = <T>(context: Context, verb: (run: Run) => Promise<T>): Promise<T> =>
  run(context.world, signedIn(context), verb);
