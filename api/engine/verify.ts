/** Whether the proof that an installation keeps of itself still holds: every history, every seal, and the security log. */
import { textOrNull } from "../store/database";
import { verifyChain } from "../store/history";
import { tableName } from "../store/recordTable";
import { verifySecurityLog } from "../store/securityLog";
import { isSealIntact } from "./seal";
import type { World } from "./world";

export interface Verified {
  records: number;
  seals: number;
  /** Of the security log, as far as they hold. */
  entries: number;
  /** One sentence each; at most `MOST_PROBLEMS`. */
  problems: string[];
}

const MOST_PROBLEMS = 1_000;
const PAGE = 500;

/** Reads all of it, page by page; `progress` hears how many records are done. */
export async function verifyAll(world: World, progress: (records: number) => void = () => {}): Promise<Verified> {
  const verified: Verified = { records: 0, seals: 0, entries: 0, problems: [] };
  const say = (problem: string): void =>
    void (verified.problems.length < MOST_PROBLEMS && verified.problems.push(problem));
  const words = { hash: "does not fit its hash", body: "was altered", gap: "is missing" };
  for (const type of world.registry.types.keys())
    for await (const { id, reference, bare } of pages(
      world,
      `SELECT id, reference, history_seq = 0 AS bare FROM ${tableName(type)}`,
    )) {
      if (bare) say(`${reference ?? id}: it has no history.`);
      for (const { seq, problem } of await verifyChain(world.db, { type, id }))
        say(`${reference ?? id}: entry ${seq} of its history ${words[problem]}.`);
      if (++verified.records % PAGE === 0) progress(verified.records);
    }
  for await (const { id } of pages(world, "SELECT id, NULL AS reference, 0 AS bare FROM seal")) {
    verified.seals++;
    if (!(await isSealIntact(world, id))) say(`Seal ${id} does not fit the history that it covers.`);
  }
  const log = await verifySecurityLog(world.db, world.key);
  verified.entries = log.rows;
  if (log.problem) say(log.problem);
  return verified;
}

async function* pages(
  world: World,
  select: string,
): AsyncGenerator<{ id: string; reference: string | null; bare: boolean }> {
  for (let after = ""; ;) {
    const rows = await world.db.query(`${select} WHERE id > ? ORDER BY id LIMIT ${PAGE}`, [after]);
    for (const row of rows)
      yield { id: String(row["id"]), reference: textOrNull(row["reference"]), bare: Number(row["bare"]) === 1 };
    const last = rows.at(-1);
    if (!last) return;
    after = String(last["id"]);
  }
}
