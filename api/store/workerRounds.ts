/** What workers say of themselves: a row each, with when each of their loops last came round. Machine time, ISO. */
import { datetime, instant, isoOf, type Sql } from "./database";

export interface WorkerRounds {
  worker: string;
  seenAt: string;
  /** The last round that ended well, by the name of its loop. */
  rounds: Record<string, string>;
}

export async function noteRounds(sql: Sql, worker: string, rounds: Record<string, string>, now: number): Promise<void> {
  await sql.execute(
    `INSERT INTO worker_round (worker, seen_at, rounds) VALUES (?, ?, ?)
     ON DUPLICATE KEY UPDATE seen_at = VALUES(seen_at), rounds = VALUES(rounds)`,
    [worker.slice(0, 191), datetime(isoOf(now)), JSON.stringify(rounds)],
  );
}

/** A worker that ends in order is no longer missed. */
export async function forgetWorker(sql: Sql, worker: string): Promise<void> {
  await sql.execute("DELETE FROM worker_round WHERE worker = ?", [worker.slice(0, 191)]);
}

/** Those that were seen since, the latest first. */
export async function workersSince(sql: Sql, since: number): Promise<WorkerRounds[]> {
  const rows = await sql.query(
    "SELECT worker, seen_at, rounds FROM worker_round WHERE seen_at >= ? ORDER BY seen_at DESC LIMIT 100",
    [datetime(isoOf(since))],
  );
  return rows.map((row) => ({
    worker: String(row["worker"]),
    seenAt: instant(String(row["seen_at"])),
    rounds: JSON.parse(String(row["rounds"])) as Record<string, string>,
  }));
}

export async function forgetWorkersBefore(sql: Sql, before: number): Promise<void> {
  await sql.execute("DELETE FROM worker_round WHERE seen_at < ?", [datetime(isoOf(before))]);
}
