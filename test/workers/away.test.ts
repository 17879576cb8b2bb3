/** A worker without a Redis that it can use does its work all the same, says so once, and ends when it is told to. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pino from "pino";
import { installationStatus } from "../../api/engine/status";
import { smtpTransport } from "../../api/engine/mailTransport";
import { startWorkers } from "../../workers/startWorkers";
import { type MailServer, startMailServer } from "./mailServer";
import { newOffice, type Office } from "./office";
import { setTime } from "../time";
import { freePort } from "../freePort";

let mail: MailServer;
const closing: (() => unknown)[] = [];

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await sleep(20);
}

async function redis(policy: string) {
  const [port, dir] = [await freePort(), mkdtempSync(join(tmpdir(), "duly-redis-"))];
  const options = `--port ${port} --bind 127.0.0.1 --save  --appendonly no --maxmemory-policy ${policy} --dir ${dir}`;
  const child = spawn(process.env["TEST_REDIS_SERVER"] || "redis-server", options.split(" "), { stdio: "ignore" });
  closing.push(() => {
    child.kill("SIGKILL");
    rmSync(dir, { recursive: true, force: true });
  });
  return { url: `redis://127.0.0.1:${port}/0`, child };
}

async function newWorker(redisUrl: string): Promise<{ office: Office; lines: string[]; stop: () => Promise<void> }> {
  mail = await startMailServer();
  const office = await newOffice({ SMTP_URL: mail.url, REDIS_URL: redisUrl });
  const lines: string[] = [];
  office.world.log = pino({ level: "warn" }, { write: (line: string) => void lines.push(line) });
  const offset = Date.parse("2027-04-28T07:30:00.000Z") - Date.now();
  setTime(office.world, () => Date.now() + offset);
  const workers = await startWorkers(office.world, { sweepEvery: 100, transport: smtpTransport(mail.url) });
  closing.unshift(
    () => mail.close(),
    () => office.close(),
  );
  return { office, lines, stop: () => workers.stop() };
}

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

test.each(["away", "evicting"])(
  "a worker whose Redis is %s fires and mails by its sweep, and says so once",
  async (kind) => {
    const url = kind === "away" ? `redis://127.0.0.1:${await freePort()}/0` : (await redis("allkeys-lru")).url;
    const { office, lines, stop } = await newWorker(url);
    const ada = await office.person("Ada Brook", "ada@elm.example");
    await office.licence("Music licence", "2027-05-28", { keeper: ada });
    await until(() => mail.delivered.length === 1);
    await sleep(1_000);
    await stop();
    expect(lines.length).toBeLessThan(20);
  },
);

test("a frozen Redis does not keep a worker from ending", async () => {
  const { url, child } = await redis("noeviction");
  const { office, stop } = await newWorker(url);
  await until(async () => (await office.world.queue.workersAlive().catch(() => 0)) > 0);
  child.kill("SIGSTOP");
  await stop();
  await office.world.queue.close();
});

test("the status says when each worker last came round, and what must be seen to", async () => {
  const { url } = await redis("noeviction");
  const { office, stop } = await newWorker(url);
  await until(async () => (await installationStatus(office.world)).workers.length > 0);
  await until(async () => (await installationStatus(office.world)).workers[0]?.rounds["sweep"] !== undefined);
  const status = await installationStatus(office.world);
  expect(status).toMatchObject({ database: true, redis: true, missingMigrations: [], oldestDue: null, faults: {} });
  // The test's clock is not the database's.
  expect(status.problems).toEqual([expect.stringContaining("apart")]);
  await stop();
  expect((await installationStatus(office.world)).problems[0]).toContain("No worker has finished a round");
  const stopped = office.world.machineNow();
  setTime(office.world, () => stopped + 600_000);
  await office.query("INSERT INTO worker_round VALUES ('paused', ?, ?)", [
    new Date(stopped).toISOString().slice(0, 23).replace("T", " "),
    JSON.stringify({ sweep: new Date(stopped).toISOString() }),
  ]);
  expect((await installationStatus(office.world)).problems[0]).toContain("No worker has finished a round since");
});
