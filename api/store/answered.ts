/** Answers by the key of the request that they were given to. Machine time; forgotten after a day. */
import { datetime, deleteAll, isoOf, type Sql, type Tx } from "./database";

export interface AnswerKey {
  /** Person id: nobody meets another's keys. */
  person: string;
  /** What the client calls its request: 64 characters at most. */
  request: string;
  /** Which of the request's changes. */
  n: number;
  /** SHA-256 of what was asked, hex. */
  operation: string;
}

export interface Answered {
  operation: string;
  /** Null where it was too large to be kept. */
  answer: Buffer | null;
}

/**
 * Takes the key for this transaction, waiting for one that holds it. Undefined where it is taken; else what was
 * answered the first time.
 */
export async function takeKey(tx: Tx, key: AnswerKey, machineNow: number): Promise<Answered | undefined> {
  const own = [key.person, key.request, key.n];
  const { affectedRows } = await tx.execute(
    "INSERT IGNORE INTO answered (person, request, n, operation, at) VALUES (?, ?, ?, ?, ?)",
    [...own, key.operation, datetime(isoOf(machineNow))],
  );
  if (affectedRows === 1) return undefined;
  const [row] = await tx.query(
    "SELECT operation, answer FROM answered WHERE person = ? AND request = ? AND n = ?",
    own,
  );
  return row && { operation: String(row["operation"]), answer: row["answer"] as Buffer | null };
}

/** Whether something was done by this key, as far as it is committed. */
export async function isTaken(sql: Sql, { person, request, n }: Omit<AnswerKey, "operation">): Promise<boolean> {
  const rows = await sql.query("SELECT 1 FROM answered WHERE person = ? AND request = ? AND n = ?", [
    person,
    request,
    n,
  ]);
  return rows.length > 0;
}

export async function keepAnswer(tx: Tx, { person, request, n }: AnswerKey, answer: Buffer): Promise<void> {
  await tx.execute("UPDATE answered SET answer = ? WHERE person = ? AND request = ? AND n = ?", [
    answer,
    person,
    request,
    n,
  ]);
}

export async function forgetAnswers(sql: Sql, before: number): Promise<void> {
  await deleteAll(sql, "answered WHERE at < ?", [datetime(isoOf(before))]);
}
