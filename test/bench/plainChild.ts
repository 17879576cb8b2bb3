/**
 * What one writes without an engine: a BullMQ worker, a job per timer, and per job one transaction that locks the
 * record, moves it, and writes history, task and message into the very tables Duly writes.
 */
import { Worker } from "bullmq";
import { ulid } from "ulid";
import { tableName } from "../../api/store/recordTable";
import { columnName } from "../../schema/fields";
import type { RowDataPacket } from "mysql2/promise";
import { openPlainPool, type PlainJob, plainQueue } from "./plainQueue";

type PlainRow = RowDataPacket & Record<string, string | number | null>;

const table = tableName("benchPolicy");
const [owner, title, reviewBy] = [columnName("owner"), columnName("title"), columnName("reviewBy")];
const pool = openPlainPool();
const hash = "0".repeat(64);
const salt = "0".repeat(32);

async function fire({ timer, record, at }: PlainJob): Promise<void> {
  const connection = await pool.getConnection();
  try {
    await connection.query("START TRANSACTION");
    const [rows] = await connection.execute<PlainRow[]>(`SELECT * FROM ${table} WHERE id = ? FOR UPDATE`, [record]);
    const [row] = rows;
    if (!row || row["state"] !== "ratified") return void (await connection.query("ROLLBACK"));
    const [task, seq] = [ulid(), Number(row["history_seq"]) + 2];
    const { organisation } = row;
    await connection.execute(
      `UPDATE ${table} SET state = 'reviewDue', version = version + 1, updated_at = ?, history_seq = ?, history_hash = ? WHERE id = ?`,
      [at, seq, hash, record],
    );
    // Two entries, as Duly keeps: that the clock went off, and what it did to the record.
    const entry = "(?, ?, 'benchPolicy', ?, ?, ?, ?, 'system', ?, ?, ?, ?, ?)";
    const [event, went] = [ulid(), ulid()];
    await connection.execute(
      `INSERT INTO history (id, organisation, type, record, seq, at, machine_at, actor_kind, kind, rule, content_hash, previous_hash, hash)
       VALUES ${entry}, ${entry}`,
      [
        ...[event, organisation, record, seq - 1, at, at, "event", "reviewDue", hash, row["history_hash"], hash],
        ...[went, organisation, record, seq, at, at, "timer", "openReview", hash, hash, hash],
      ],
    );
    await connection.execute(
      "INSERT INTO history_body (history, salt, summary, detail) VALUES (?, ?, ?, ?), (?, ?, ?, ?)",
      [
        ...[event, salt, "Review due: now review due", '{"from":"ratified","to":"reviewDue","version":2}'],
        ...[went, salt, "The review falls due: done", JSON.stringify({ timer, dueAt: at, version: 2 })],
      ],
    );
    await connection.execute("UPDATE timer SET state = 'fired', fired_at = ? WHERE id = ?", [at, timer]);
    await connection.execute(
      `INSERT INTO task (id, organisation, type, record, rule, label, state, opened_at, due_on, who)
       VALUES (?, ?, 'benchPolicy', ?, 'review', ?, 'open', ?, ?, ?)`,
      [task, organisation, record, `Review ${row[title]}`, at, row[reviewBy], '[{"field":"owner"}]'],
    );
    await connection.execute("INSERT INTO task_holder (task, person, organisation) VALUES (?, ?, ?)", [
      task,
      row[owner],
      organisation,
    ]);
    await connection.execute(
      `INSERT INTO notice (id, organisation, type, record, cause, person, template, subject, body, created_at, send_at, outcome)
       VALUES (?, ?, 'benchPolicy', ?, ?, ?, 'reviewDue', ?, ?, ?, ?, 'planned')`,
      [
        ulid(),
        organisation,
        record,
        `timer:${timer}`,
        row[owner],
        `Review ${row[title]}`,
        `${row[title]} is due for review on ${row[reviewBy]}: http://bench.test/policy/${record}`,
        at,
        at,
      ],
    );
    await connection.query("COMMIT");
  } catch (error) {
    await connection.query("ROLLBACK");
    throw error;
  } finally {
    connection.release();
  }
}

process.on("message", ({ jobs }: { jobs: number }) => {
  const began = performance.now();
  let done = 0;
  const worker = new Worker<PlainJob>(plainQueue.name, (job) => fire(job.data), {
    connection: plainQueue.connection(),
    prefix: plainQueue.prefix(),
    concurrency: 50,
  });
  worker.on("error", (error) => process.stderr.write(`${error.message}\n`));
  worker.on("failed", (_job, error) => process.stderr.write(`${error.message}\n`));
  worker.on("completed", () => {
    if (++done < jobs) return;
    const ms = performance.now() - began;
    void worker
      .close()
      .then(() => pool.end())
      .then(() => process.send?.({ handled: done, ms }, () => process.exit(0)));
  });
});
process.send?.("ready");
