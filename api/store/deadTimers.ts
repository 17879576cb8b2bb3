/** Rows of timers that failed at every try: see `engine/problems.ts`. */
import type { Sql } from "./database";

/** Waits again and is due at once, with one more try; a chain of causes that was stopped may go on as far again. Does nothing to a row that is not dead. */
export async function reviveTimer(sql: Sql, id: string): Promise<void> {
  await sql.execute(
    `UPDATE timer SET state = 'waiting', retry_at = NULL, attempts = GREATEST(attempts, 1) - 1, depth = 0,
       send = IF(send IS NULL, NULL, JSON_SET(send, '$.depth', 0))
     WHERE id = ? AND state = 'dead'`,
    [id],
  );
}

const OUTCOME_LENGTH = 500;

export async function skipTimer(sql: Sql, id: string, why: string): Promise<void> {
  await sql.execute("UPDATE timer SET state = 'skipped', outcome = ? WHERE id = ? AND state = 'dead'", [
    why.slice(0, OUTCOME_LENGTH),
    id,
  ]);
}
