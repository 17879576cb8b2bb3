/** Each line of an import is done once: its verdict is kept in the transaction that did it, and answered when it is sent again. */
import { createHash } from "node:crypto";
import { canonicalJson } from "../../schema/text";
import { isoOf } from "../store/database";
import { claimLine, keepVerdict } from "../store/importVerdicts";
import type { Run } from "./run";

/** A name that a sender may give an import: a file's id, a UUID. */
export const isImportName = (text: string): boolean => /^[\w-]{8,64}$/.test(text);

/**
 * What was answered when this line of this import was done, else does it. Whatever refuses the line keeps nothing: it may
 * be sent again. `said` is all that decides what is done.
 */
export async function onceInImport<T>(
  run: Run,
  { name, line, said }: { name: string; line: number; said: unknown },
  work: () => Promise<T>,
): Promise<T> {
  const key = { person: run.identity.access.person ?? "", import: name, line };
  const digest = createHash("sha256").update(canonicalJson(said)).digest("hex");
  const before = await claimLine(run.tx, key, { digest, machineAt: isoOf(run.machineNow) });
  if (before !== undefined) return JSON.parse(before) as T;
  const done = await work();
  await keepVerdict(run.tx, key, JSON.stringify(done));
  return done;
}
