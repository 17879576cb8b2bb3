/**
 * What /readyz says: can this process serve a request? It needs its database, by the very connections that requests
 * take, and the tables that it was written for. Redis is disposable and workers are other processes: see status.ts.
 */
import { missingMigrations } from "../store/migrate";
import type { World } from "./world";

const LIMIT_MS = 2_000;

export type Missing = "database" | "schema";

/** What this process lacks, empty where it can serve. Never throws, and takes two seconds at most. */
export async function readiness({ db }: Pick<World, "db">): Promise<Missing[]> {
  const [database, schema] = await Promise.all([
    holds(
      Promise.all([
        db.within(LIMIT_MS).query("SELECT id FROM installation WHERE id = 1"),
        db.transaction((tx) => tx.query("SELECT id FROM installation WHERE id = 1"), 1),
      ]).then(([rows]) => rows.length === 1),
    ),
    holds(missingMigrations(db.within(LIMIT_MS)).then((names) => names.length === 0)),
  ]);
  if (!database) return ["database"];
  return schema ? [] : ["schema"];
}

/** Whether the answer is yes, and comes in time. */
export async function holds(answer: Promise<boolean>, limitMs = LIMIT_MS): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  try {
    return await Promise.race([answer.catch(() => false), tooLong]);
  } finally {
    clearTimeout(timer);
  }
}
