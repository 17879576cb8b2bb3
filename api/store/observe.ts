/** What is read about the store itself: for metrics, readiness and the workers' rounds. */
import { forgetAnswers } from "./answered";
import { forgetWorkersBefore } from "./workerRounds";
import { datetime, deleteAll, instant, isoOf, type Sql } from "./database";
import { forgetSignIns } from "./signInGates";

const epoch = (text: unknown): number => Date.parse(instant(String(text)));

/** The database's clock, epoch ms: the one statement that asks it, to show the skew. */
export async function clockOfDatabase(sql: Sql): Promise<number> {
  const [row] = await sql.query("SELECT CAST(UTC_TIMESTAMP(3) AS CHAR) AS at");
  return epoch(row?.["at"]);
}

/** When the next waiting timer is or was due, epoch ms; null where none waits. */
export async function oldestDue(sql: Sql): Promise<number | null> {
  const [row] = await sql.query("SELECT MIN(due_at) AS due_at FROM timer WHERE state = 'waiting'");
  return row?.["due_at"] ? epoch(row["due_at"]) : null;
}

/** The distinct instants, ISO, at which timers fire or notices go out after `from` and until `to` (school time, epoch ms). */
export async function dueBetween(sql: Sql, from: number, to: number): Promise<string[]> {
  const [after, until] = [datetime(isoOf(from)), datetime(isoOf(to))];
  const rows = await sql.query(
    `SELECT DISTINCT due_at AS at FROM timer WHERE state = 'waiting' AND due_at > ? AND due_at <= ?
     UNION SELECT DISTINCT send_at FROM notice WHERE outcome = 'planned' AND send_at > ? AND send_at <= ? LIMIT 1000`,
    [after, until, after, until],
  );
  return rows.map((row) => instant(String(row["at"])));
}

/** Is something due, whose notices belong into the same mail, and not yet fired? Both instants are ISO. */
export async function clocksToFire(sql: Sql, nowIso: string, machineIso: string): Promise<boolean> {
  const rows = await sql.query(
    `SELECT 1 FROM timer WHERE state = 'waiting' AND due_at <= ? AND (retry_at IS NULL OR retry_at <= ?) LIMIT 1`,
    [datetime(nowIso), datetime(machineIso)],
  );
  return rows.length > 0;
}

/** Deletes sessions, tokens and sign-in attempts that are over. `machine` is machine time, epoch ms. */
export async function forgetExpired(sql: Sql, machine: number): Promise<void> {
  const dayAgo = datetime(isoOf(machine - 86_400_000));
  await deleteAll(sql, "session WHERE expires_at < ?", [datetime(isoOf(machine))]);
  await deleteAll(sql, "api_token WHERE expires_at < ?", [dayAgo]);
  await forgetAnswers(sql, machine - 86_400_000);
  await forgetWorkersBefore(sql, machine - 86_400_000);
  await deleteAll(sql, "sign_in_attempt WHERE at < ?", [dayAgo]);
  await forgetSignIns(sql, machine);
}
