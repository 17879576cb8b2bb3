/** What a password must be, and how it is kept. */
import { hash, verify } from "@node-rs/argon2";
import { dictionary } from "@zxcvbn-ts/language-common";
import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import { Places } from "../places";
import { isCommonPassword } from "../../schema/commonPasswords";
import { codePoints, fold } from "../../schema/text";

/** Argon2 is asked to read no more than this: a password is never a way to keep the processor busy. */
export const PASSWORD_LENGTH = 1_000;
const SHORTEST = 10;

/** Hashing keeps a processor busy and is meant to: one stays for everything else. */
const AT_ONCE = Math.max(1, availableParallelism() - 1);
const places = new Places(AT_ONCE);

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  await places.enter();
  try {
    return await work();
  } finally {
    places.leave();
  }
}

/** Argon2id with the library's parameters (19 MiB, two passes), which are OWASP's. */
export const hashPassword = (password: string): Promise<string> => inTurn(() => hash(password.normalize("NFC")));

let nobody: Promise<string> | undefined;

/** The same work whether there is such an account or not. */
export async function isPassword(passwordHash: string | undefined, password: string): Promise<boolean> {
  nobody ??= hashPassword(randomBytes(16).toString("hex"));
  const fits = password.length <= PASSWORD_LENGTH;
  const known = passwordHash ?? (await nobody);
  const right = await inTurn(() => verify(known, fits ? password.normalize("NFC") : ""));
  return right && fits && passwordHash !== undefined;
}

let common: ReadonlySet<string> | undefined;

/** What is wrong with a password, as a sentence. Length is what counts; no mixture of signs is asked for. */
export function passwordProblem(password: string, about: string[]): string | undefined {
  if (password.length > PASSWORD_LENGTH) return "This password is too long.";
  if (codePoints(password) < SHORTEST)
    return `Use at least ${SHORTEST} characters: three or four words are easy to remember.`;
  const plain = fold(password);
  if (new Set(plain).size < 4) return "Use more different characters.";
  if (about.some((word) => fold(word) === plain)) return "Choose something other than your own name or address.";
  common ??= new Set(dictionary["passwords-common"]);
  if (isCommonPassword(password, common))
    return "This is one of the passwords that are guessed first. Use three or four words that do not belong together.";
  return undefined;
}
