/** Whether the proof that an installation keeps of itself still holds: every record's history, and every seal over it, and the security log. */
import { verifyChain } from "../store/history";
import { tableName } from "../store/recordTable";
import { verifySecurityLog } from "../store/securityLog";
import { isSealIntact } from "./seal";
import type { World } from "./world";

export interface Verified {
  records: number;
  seals: number;
  /** One sentence each; at most `MOST_PROBLEMS`. */
  problems: string[];
}

const MOST_PROBLEMS = 1_000;
const PAGE = 500;

/** Reads all of it, page by page; `progress` hears how many records are done. */
export async function verifyAll(world: World, progress: (records: number) => void = () => {}): Promise<Verified> {
  const verified: Verified = { records: 0, seals: 0, problems: [] };
  const say = (problem: string): void =>
    void (verified.problems.length < MOST_PROBLEMS && verified.problems.push(problem));
  const words = { hash: "does not fit its hash", body: "was altered", gap: "is missing" };
  for (const type of world.registry.types.keys())
    for await (const { id, reference } of pages(world, `SELECT id, reference FROM ${tableName(type)}`)) {
      for (const { seq, problem } of await verifyChain(world.db, { type, id }))
        say(`${reference ?? id}: entry ${seq} of its history ${words[problem]}.`);
      if (++verified.records % PAGE === 0) progress(verified.records);
    }
  for await (const { id } of pages(world, "SELECT id, NULL AS reference FROM seal")) {
    verified.seals++;
    if (!(await isSealIntact(world, id))) say(`Seal ${id} does not fit the history that it covers.`);
  }
  const log = await verifySecurityLog(world.db, world.key);
  if (log.problem) say(log.problem);
  return verified;
}

async function* pages(world: World, select: string): AsyncGenerator<{ id: string; reference: string | null }> {
  for (let after = ""; ;) {
    const rows = await world.db.query(`${select} WHERE id > ? ORDER BY id LIMIT ${PAGE}`, [after]);
    for (const row of rows)
      yield { id: String(row["id"]), reference: row["reference"] === null ? null : String(row["reference"]) };
    const last = rows.at(-1);
    if (!last) return;
    after = String(last["id"]);
  }
}
