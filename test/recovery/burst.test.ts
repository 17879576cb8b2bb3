/** A thousand timers at one instant, a worker killed in the middle, Redis emptied, and people at work on the same records. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { act } from "../../api/engine/act";
import { create } from "../../api/engine/pipeline";
import { publishDefinition } from "../../api/engine/publishDefinition";
import { systemIdentity } from "../../api/engine/run";
import { updateRecord } from "../../api/engine/updateRecord";
import { verifyChain } from "../../api/store/history";
import type { RecordType } from "../../schema/definition";
import { newSchool, type School } from "../school";
import { freePort } from "../freePort";

const timers = 1_000;
const people = ["Zoe King", "Bea Wickhurst", "Owen Pluckley", "Tomas Elmstead"];

const alarm: RecordType = {
  name: "alarm",
  plural: "alarms",
  label: "Alarm",
  pluralLabel: "Alarms",
  reference: "ALA-{n}",
  title: "{{ place }}",
  entries: { new: "set" },
  fields: {
    place: { kind: "text", label: "Place", required: true },
    ringsAt: { kind: "dateTime", label: "Rings at" },
    remark: { kind: "text", label: "Remark" },
    keeper: { kind: "person", label: "Keeper" },
  },
  states: { set: { label: "Set" }, rung: { label: "Rung" } },
  actions: {
    ring: { label: "Ring", from: ["set"], to: "rung", who: [{ system: true }] },
    inspect: { label: "Inspect", from: ["set", "rung"], who: [{ role: "staff" }] },
    silence: { label: "Silence", from: ["rung"], to: "set", who: [{ role: "staff" }] },
  },
  tasks: { reset: { label: "Reset {{ place }}", to: [{ field: "keeper" }], while: ["rung"] } },
  timers: {
    ring: {
      label: "It rings",
      anchor: { field: "ringsAt" },
      steps: ["PT0M"],
      while: ["set"],
      event: "ring",
      task: "reset",
      notice: { to: [{ field: "keeper" }], template: "rings" },
    },
  },
  notices: { rings: { subject: "{{ place }} rings", body: "Please see to it." } },
  grants: [{ to: [{ role: "staff" }], may: ["see", "create", "edit"] }],
};

const folder = mkdtempSync(join(tmpdir(), "duly-burst-"));
const children: { process: ChildProcess; said: string[] }[] = [];
let redisUrl = "";
let school: School;

/** `command`, ended with the test at the latest; `said` collects what it prints. */
function start(command: string, args: string[], env: NodeJS.ProcessEnv = process.env) {
  const child = { process: spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] }), said: [] as string[] };
  for (const stream of [child.process.stdout, child.process.stderr])
    stream?.on("data", (chunk: Buffer) => child.said.push(chunk.toString("utf8")));
  children.push(child);
  return child;
}

async function until(what: string, holds: () => Promise<boolean>, everyMs = 100): Promise<void> {
  for (let left = 120_000; left > 0; left -= everyMs) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  throw new Error(`It never came about that ${what}. ${children.flatMap((child) => child.said).join("")}`);
}

const gone = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once("exit", () => resolve());
  });

const count = async (sql: string): Promise<number> => Number((await school.query(sql))[0]?.["n"]);
const standing = (state: string) =>
  count(`SELECT COUNT(*) AS n FROM timer WHERE type = 'alarm' AND state = '${state}'`);

beforeAll(async () => {
  const port = await freePort();
  redisUrl = `redis://127.0.0.1:${port}/0`;
  const options = `--port ${port} --bind 127.0.0.1 --save  --appendonly no --maxmemory-policy noeviction`;
  start("redis-server", [...options.split(" "), "--dir", folder]);
  const probe = new Redis(redisUrl, { retryStrategy: () => 100 });
  probe.on("error", () => undefined);
  await until("Redis answers", () => probe.ping().then(() => true));
  probe.disconnect();
  // A Redis of its own: emptying it must not empty another test's.
  process.env["TEST_REDIS_URL"] = redisUrl;
  school = await newSchool(new Date().toISOString());
  const engine = systemIdentity(school.organisation);
  await publishDefinition(school.world, engine, { json: alarm });
}, 120_000);

afterAll(async () => {
  await school?.close();
  for (const { process: child } of children) {
    child.kill("SIGKILL");
    await gone(child);
  }
  rmSync(folder, { recursive: true, force: true });
});

function startWorker() {
  const keyFile = join(folder, "key");
  writeFileSync(keyFile, school.world.key);
  // One process: the command of tsx would start another, and a kill reach only the first.
  return start(process.execPath, ["--import", "tsx", "workers/main.ts"], {
    PATH: process.env["PATH"],
    HOME: process.env["HOME"],
    DATABASE_URL: school.databaseUrl,
    REDIS_URL: redisUrl,
    PUBLIC_URL: "http://school.test",
    DULY_DATA: folder,
    DULY_KEY_FILE: keyFile,
    DULY_DEMO: "1",
    LOG_LEVEL: "error",
  });
}

async function setAlarms(ringsAt: string): Promise<string[]> {
  const ids: string[] = [];
  for (let from = 0; from < timers; from += 100)
    await school.as("Zoe King", async (run) => {
      for (let n = from; n < from + 100; n++) {
        const keeper = school.personId(people[n % people.length] ?? "");
        const made = await create(run, "alarm", run.organisation.id, { place: `Door ${n}`, ringsAt, keeper });
        ids.push(made.after.id);
      }
    });
  return ids;
}

/** What people do until told to stop: returns how often each record was changed by them, and what went wrong. */
function workOnAll(ids: string[]) {
  const done = new Map<string, { remarks: number; inspections: number }>(
    ids.map((id) => [id, { remarks: 0, inspections: 0 }]),
  );
  const errors: unknown[] = [];
  let stopped = false;
  const person = async (name: string, place: number): Promise<void> => {
    for (let n = 0; !stopped; n++) {
      // Each keeps to their own records, so that only timers come between a version read and its change.
      const id = ids[(n * 7 * people.length + place) % ids.length] ?? "";
      const own = done.get(id);
      try {
        if (n % 2) {
          await school.as(name, (run) => act(run, { type: "alarm", id, action: "inspect" }));
          if (own) own.inspections++;
        } else {
          const [row] = await school.query("SELECT version FROM r_alarm WHERE id = ?", [id]);
          const input = { remark: `${name}, ${n}` };
          const expectedVersion = Number(row?.["version"]);
          await school.as(name, (run) => updateRecord(run, { type: "alarm", id, expectedVersion, input }));
          if (own) own.remarks++;
        }
      } catch (error) {
        // Whoever is refused stops: one that never ends would fill the process instead of being told.
        errors.push(error);
        return;
      }
    }
  };
  const working = Promise.all(people.map((name, index) => person(name, index)));
  return {
    done,
    errors,
    total: () => [...done.values()].reduce((sum, own) => sum + own.remarks + own.inspections, 0),
    stop: () => {
      stopped = true;
      return working;
    },
  };
}

test("a killed worker and an emptied Redis lose and double nothing of a thousand timers that people work alongside", async () => {
  const ringsAt = new Date(Date.parse(await school.clock.now()) + 86_400_000).toISOString();
  const ids = await setAlarms(ringsAt);
  expect(await standing("waiting")).toBe(timers);
  const workers = [startWorker(), startWorker()];
  await until("both workers live", async () => (await school.world.queue.workersAlive()) === 2);

  const crowd = workOnAll(ids);
  await until("people are at work", async () => crowd.total() > 0);
  // School time passes the instant: a thousand are due at once.
  await school.world.db.execute("UPDATE installation SET clock_offset_ms = clock_offset_ms + 86400000 + 1000");
  school.world.wake([new Date(school.world.machineNow()).toISOString()]);
  await until("some have fired", async () => (await standing("fired")) > 0, 2);
  workers[0]?.process.kill("SIGKILL");
  const redis = new Redis(redisUrl);
  await redis.flushall();
  redis.disconnect();
  expect(await standing("fired")).toBeLessThan(timers);
  const before = crowd.total();
  await gone(workers[0]?.process as ChildProcess);
  await until("nothing waits any more", async () => (await standing("waiting")) === 0);
  await crowd.stop();

  expect(crowd.total()).toBeGreaterThan(before);
  expect(crowd.errors).toEqual([]);
  expect(await standing("fired")).toBe(timers);
  expect(await count("SELECT COUNT(*) AS n FROM timer WHERE type = 'alarm' AND attempts > 0")).toBe(0);
  expect(await count("SELECT COUNT(*) AS n FROM r_alarm WHERE state = 'rung'")).toBe(timers);
  const rows = await school.query(
    `SELECT r.id,
       (SELECT COUNT(*) FROM history h WHERE h.record = r.id AND h.kind = 'timer') AS rung,
       (SELECT COUNT(*) FROM history h WHERE h.record = r.id AND h.kind = 'updated') AS remarks,
       (SELECT COUNT(*) FROM history h WHERE h.record = r.id AND h.kind = 'action') AS inspections,
       (SELECT COUNT(*) FROM task t WHERE t.record = r.id) AS tasks,
       (SELECT COUNT(*) FROM notice n WHERE n.record = r.id AND n.person = r.f_keeper) AS notices
     FROM r_alarm r ORDER BY r.id`,
  );
  const found = rows.map((row) =>
    ["id", "rung", "tasks", "notices", "remarks", "inspections"].map((name) => String(row[name])).join(" "),
  );
  const wanted = ids.map((id) => `${id} 1 1 1 ${crowd.done.get(id)?.remarks} ${crowd.done.get(id)?.inspections}`);
  expect(found).toEqual(wanted.sort());
  for (const id of ids) expect(await verifyChain(school.world.db, { type: "alarm", id })).toEqual([]);
  expect(workers[1]?.said.join("")).not.toMatch(/Deadlock|could not be fired|failed as a whole/);
}, 300_000);
