/** Tokens by which a script acts as the person who made them. */
import { randomBytes } from "node:crypto";
import { Failure, invalid } from "../../schema/failure";
import { codePoints } from "../../schema/text";
import { isoOf } from "../store/database";
import { bumpAccessEdition, deleteToken, insertToken, MAX_TOKENS, tokensOf } from "../store/people";
import { hashOfSecret } from "./access";
import type { Run } from "./run";

/** `expiresOn`: an ISO date, on which the token no longer works. @throws INVALID_INPUT, FORBIDDEN. */
export async function createApiToken(
  run: Run,
  input: { label: string; expiresOn?: string | null },
): Promise<{ id: string; secret: string }> {
  const label = input.label.normalize("NFC").trim();
  if (label === "" || codePoints(label) > 191)
    throw invalid([{ path: "label", message: "Give the token a name of at most 191 characters." }]);
  const expiresAt = input.expiresOn ? `${input.expiresOn}T00:00:00.000Z` : null;
  if (expiresAt !== null && !(Date.parse(expiresAt) > run.machineNow))
    throw invalid([{ path: "expiresOn", message: "The day on which the token ends must lie ahead." }]);
  // A token cannot make another: what one lends must end with it.
  if (run.actor.kind !== "person") throw new Failure("FORBIDDEN", "Sign in with a password to make a token.");
  const standing = await tokensOf(run.tx, run.actor.id);
  if (standing.length >= MAX_TOKENS)
    throw new Failure("WRONG_STATE", `You have ${MAX_TOKENS} tokens. Revoke one that is not used any more first.`);
  const id = run.newId();
  const secret = `duly_${randomBytes(32).toString("base64url")}`;
  await insertToken(run.tx, {
    id,
    secretHash: hashOfSecret(secret),
    person: run.actor.id,
    label,
    createdAt: isoOf(run.machineNow),
    expiresAt,
  });
  run.note({ kind: "tokenMade", detail: { token: id } });
  return { id, secret };
}

/** @throws NOT_FOUND for a token that is not the person's own. */
export async function revokeApiToken(run: Run, id: string): Promise<boolean> {
  if (!(await deleteToken(run.tx, id, run.identity.access.person ?? "")))
    throw new Failure("NOT_FOUND", "You have no such token.");
  await bumpAccessEdition(run.tx);
  run.afterCommit(() => run.world.announce("access"));
  run.note({ kind: "tokenRevoked", detail: { token: id } });
  return true;
}
