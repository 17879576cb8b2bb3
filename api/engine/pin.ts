/** The PIN by which somebody names themselves on a shared device. It opens nothing else, and nobody reads it again. */
import { Failure, invalid } from "../../schema/failure";
import { isoOf, type Sql } from "../store/database";
import { countTry, deletePin, forgetTries, pinOf, setPinHash } from "../store/sharedDevices";
import type { Identity } from "./access";
import { hashPassword, isPassword } from "./passwords";
import type { World } from "./world";

/** Wrong ones in a row until the PIN opens nothing any more: of 10,000, one in 2,000 is guessed so. */
export const MOST_TRIES = 5;

const orders = ["01234567890123456789", "98765432109876543210"];
const isPlain = (pin: string): boolean => /^(\d)\1*$/.test(pin) || orders.some((order) => order.includes(pin));

/** @throws INVALID_INPUT, and FORBIDDEN for a token: one's own page sets it. */
export async function setPin(world: World, identity: Identity, pin: string): Promise<void> {
  if (identity.actor.kind !== "person") throw new Failure("FORBIDDEN", "Sign in with a password to set a PIN.");
  const message = !/^\d{4,8}$/.test(pin)
    ? "A PIN is four to eight digits."
    : isPlain(pin)
      ? "That PIN would be guessed first: no row of one digit, and no digits in order."
      : undefined;
  if (message) throw invalid([{ path: "pin", message }]);
  await setPinHash(world.db, identity.person.id, await hashPassword(pin), isoOf(world.machineNow()));
}

export const clearPin = (world: World, identity: Identity): Promise<void> => deletePin(world.db, identity.person.id);

/** Each try is counted before it is looked at; the same work whether there is such a PIN or not. */
export async function tryPin(sql: Sql, person: string, pin: string): Promise<"right" | "wrong" | "locked"> {
  const known = await pinOf(sql, person);
  if (known && !(await countTry(sql, person, MOST_TRIES))) return "locked";
  if (!(await isPassword(known?.hash, pin))) return "wrong";
  await forgetTries(sql, person);
  return "right";
}
