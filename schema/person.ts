/** What a school says of a person, read the same from a form and from a sheet. */
import type { Problem } from "./failure";
import { codePoints, normal } from "./text";

export interface PersonDetails {
  name: string;
  /** Lower case; what they sign in with. */
  email: string | null;
  /** Their number in the school's own system: what a sheet from it is matched by. */
  externalId: string | null;
}

const LONGEST = 191;

/** One mailbox: nothing by which a mail server would read a list, a group, a comment or another address into it. */
const ADDRESS =
  /^[^\s@,;:<>()"[\]\\\p{Cc}\p{Cf}]+@[^\s@.,;:<>()"[\]\\\p{Cc}\p{Cf}]+(?:\.[^\s@.,;:<>()"[\]\\\p{Cc}\p{Cf}]+)+$/u;

export function readPerson(input: { name: string; email?: string | null; externalId?: string | null }): {
  person: PersonDetails;
  problems: Problem[];
} {
  const name = normal(input.name).replace(/\s+/g, " ");
  const email = input.email ? normal(input.email).toLowerCase() || null : null;
  const externalId = input.externalId ? normal(input.externalId) || null : null;
  const problems: Problem[] = [];
  if (!name) problems.push({ path: "name", message: "A person needs a name." });
  // As it was given: without what nobody sees it would be another's.
  if (email !== null && !ADDRESS.test(input.email?.trim() ?? ""))
    problems.push({ path: "email", message: `“${email}” is not an email address.` });
  for (const [path, label, text] of [
    ["name", "name", name],
    ["email", "email address", email],
    ["externalId", "number", externalId],
  ] as const)
    if (text !== null && codePoints(text) > LONGEST)
      problems.push({ path, message: `The ${label} is too long: ${LONGEST} characters at most.` });
  return { person: { name, email, externalId }, problems };
}
