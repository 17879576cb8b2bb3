/** Ten thousand clocks due at one instant, and a hundred thousand that wait. */
import { randomBytes } from "node:crypto";
import { Queue } from "bullmq";
import { startWorkers } from "../../workers/startWorkers";
import { datetime, instant } from "../../api/store/database";
import { median, ratio, spread, verdict } from "./load";
import { plainQueue, type PlainJob } from "./plainQueue";
import { benchPolicy, patientPolicy } from "./policyType";
import { nextMessage, startScript } from "./processes";
import { type Bench, newBench, policyCount, table } from "./seed";

const kept = [table, "timer", "history", "history_body", "task", "task_holder", "notice"];

interface Drained {
  handled: number;
  ms: number;
}

async function snapshot(bench: Bench): Promise<void> {
  for (const name of kept) {
    await bench.world.db.execute(`CREATE TABLE kept_${name} LIKE ${name}`);
    await bench.world.db.execute(`INSERT INTO kept_${name} SELECT * FROM ${name}`);
  }
}

async function restore(bench: Bench): Promise<void> {
  for (const name of kept) {
    await bench.world.db.execute(`TRUNCATE TABLE ${name}`);
    await bench.world.db.execute(`INSERT INTO ${name} SELECT * FROM kept_${name}`);
  }
}

/** Counts what stands afterwards. @throws where an occurrence was lost or had its effect twice. */
async function countEffects(bench: Bench, who: string): Promise<void> {
  const one = async (sql: string): Promise<number> => Number((await bench.world.db.query(sql))[0]?.["n"]);
  const found = {
    moved: await one(`SELECT COUNT(*) AS n FROM ${table} WHERE state = 'reviewDue' AND version = 2`),
    fired: await one("SELECT COUNT(*) AS n FROM timer WHERE state = 'fired'"),
    history: await one("SELECT COUNT(*) AS n FROM history WHERE id NOT IN (SELECT id FROM kept_history)"),
    historyOf: await one(
      "SELECT COUNT(DISTINCT record) AS n FROM history WHERE id NOT IN (SELECT id FROM kept_history)",
    ),
    tasks: await one("SELECT COUNT(*) AS n FROM task"),
    tasksOf: await one("SELECT COUNT(DISTINCT record) AS n FROM task"),
    messages: await one("SELECT COUNT(*) AS n FROM notice"),
    messagesOf: await one("SELECT COUNT(DISTINCT record) AS n FROM notice"),
  };
  const wrong = Object.entries(found).filter(([name, count]) => count !== (name === "history" ? 2 : 1) * policyCount);
  if (wrong.length) throw new Error(`${who}: lost or doubled: ${JSON.stringify(Object.fromEntries(wrong))}`);
}

async function dulyFires(bench: Bench, at: number): Promise<Drained> {
  const { child } = await startScript<string>("fireChild.ts", bench.env);
  const drained = nextMessage<Drained>(child);
  child.send({ at });
  return drained;
}

async function plainFires(bench: Bench, at: string): Promise<Drained> {
  const prefix = `{duly-bench-${randomBytes(4).toString("hex")}}`;
  const connection = plainQueue.connection();
  const queue = new Queue<PlainJob>(plainQueue.name, { connection, prefix });
  const rows = await bench.world.db.query("SELECT id, record FROM timer WHERE state = 'waiting' ORDER BY id");
  const jobs = rows.map((row) => ({
    name: "fire",
    data: { timer: String(row["id"]), record: String(row["record"]), at },
    opts: { removeOnComplete: true },
  }));
  for (let from = 0; from < jobs.length; from += 1_000) await queue.addBulk(jobs.slice(from, from + 1_000));
  const { child } = await startScript<string>("plainChild.ts", { ...bench.env, BENCH_PREFIX: prefix });
  const drained = nextMessage<Drained>(child);
  child.send({ jobs: jobs.length });
  const result = await drained;
  await queue.obliterate({ force: true });
  await queue.close();
  connection.disconnect();
  return result;
}

/** The queue is filled before the plain worker's time begins; Duly's wake-up is not part of its time either. */
export async function benchBurst(rounds: number): Promise<string[]> {
  const bench = await newBench({ type: benchPolicy, stateOf: () => "ratified", reviewIn: () => 60 });
  try {
    const [row] = await bench.world.db.query(
      "SELECT MIN(due_at) AS first, MAX(due_at) AS last, COUNT(*) AS n FROM timer WHERE state = 'waiting'",
    );
    if (row?.["first"] !== row?.["last"] || Number(row?.["n"]) !== policyCount)
      throw new Error("The clocks are not due at one instant.");
    const at = Date.parse(instant(String(row?.["first"])));
    await snapshot(bench);
    const [duly, plain]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      for (const own of round % 2 ? [true, false] : [false, true]) {
        await restore(bench);
        const { ms } = own ? await dulyFires(bench, at) : await plainFires(bench, datetime(new Date(at).toISOString()));
        await countEffects(bench, own ? "Duly" : "BullMQ");
        (own ? duly : plain).push((policyCount * 1_000) / ms);
      }
    }
    const { value, text } = ratio(duly, plain);
    const perSecond = (rates: number[]) => `${median(rates).toFixed(0)}/s ± ${(spread(rates) * 100).toFixed(0)} %`;
    return [
      `10,000 timers due at one instant, each moving its record with history, task and message (none lost, none doubled)`,
      `  Duly ${perSecond(duly)} | BullMQ, a transaction per job ${perSecond(plain)} | ${text}, target ≥ 2: ${verdict(value, 2)}`,
    ];
  } finally {
    await bench.close();
  }
}

/** Counts the keys this installation holds in Redis with 100,000 timers waiting and a worker that has swept. */
export async function benchWaiting(): Promise<string[]> {
  const redis = plainQueue.connection();
  const own = async (prefix: string): Promise<number> => {
    let [cursor, count] = ["0", 0];
    do {
      const [next, keys] = await redis.scan(cursor, "MATCH", `${prefix.replace(/[{}]/g, "\\$&")}*`, "COUNT", 1_000);
      [cursor, count] = [next, count + keys.length];
    } while (cursor !== "0");
    return count;
  };
  const look = async (): Promise<{ keys: number; memory: number }> => ({
    keys: await redis.dbsize(),
    memory: Number(/used_memory:(\d+)/.exec(await redis.info("memory"))?.[1]),
  });
  const swept = async (bench: Bench): Promise<{ keys: number; memory: number; own: number }> => {
    const workers = await startWorkers(bench.world, { sweepEvery: 200 });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const seen = { ...(await look()), own: await own(bench.world.queue.prefix) };
    await workers.stop();
    return seen;
  };
  // The same installation with a worker, first with nothing that waits: what stands then is the worker's own.
  const bench = await newBench({ type: patientPolicy, stateOf: () => "ratified", reviewIn: () => 90 });
  try {
    const [row] = await bench.world.db.query("SELECT COUNT(*) AS n FROM timer WHERE state = 'waiting'");
    const full = await swept(bench);
    await bench.world.db.execute("DELETE FROM timer");
    const empty = await swept(bench);
    const added = full.own - empty.own;
    return [
      `${Number(row?.["n"]).toLocaleString("en")} waiting timers, a worker sweeping: ${added} keys of ours more in Redis than with none ` +
        `(target 0: ${added <= 0 ? "met" : "MISSED"}); all of Redis ${full.keys - empty.keys} keys, ` +
        `${((full.memory - empty.memory) / 1_024).toFixed(0)} kB`,
    ];
  } finally {
    redis.disconnect();
    await bench.close();
  }
}
