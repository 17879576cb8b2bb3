/** Whole workers: they drain what is due, say that they live, seal, and come through an outage of Redis. */
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { readiness } from "../../api/engine/health";
import { forgottenPassword } from "../../api/engine/signInLink";
import { isSealIntact, sealAll } from "../../api/engine/seal";
import { allMetrics } from "../../api/metrics";
import { smtpTransport } from "../../api/engine/mailTransport";
import { startWorkers, type Workers } from "../../workers/startWorkers";
import { each, every, oneAtATime } from "../../workers/loops";
import { type MailServer, startMailServer } from "./mailServer";
import { newOffice, type Office } from "./office";
import { setTime } from "../time";

let server: MailServer;
let office: Office;
const running: Workers[] = [];

beforeEach(async () => {
  server = await startMailServer();
  office = await newOffice({ SMTP_URL: server.url });
  // After the reminder's hour, while the digest still goes.
  const offset = Date.parse("2027-04-28T07:30:00.000Z") - Date.now();
  setTime(office.world, () => Date.now() + offset);
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((workers) => workers.stop()));
  await office.close();
  await server.close();
});

const start = async (sweepEvery = 100): Promise<void> => {
  running.push(await startWorkers(office.world, { sweepEvery, transport: smtpTransport(server.url) }));
};

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await sleep(20);
}

test("two workers on the same school fire and mail each reminder once, and count what they did", async () => {
  const people = await Promise.all(
    Array.from({ length: 20 }, (_, i) => office.person(`Person ${i}`, `person${i}@elm.example`)),
  );
  for (const [i, keeper] of people.entries()) await office.licence(`Licence ${i}`, "2027-05-28", { keeper });
  await start();
  await start();
  await until(async () => (await office.query("SELECT id FROM notice WHERE outcome = 'sent'")).length === 20);
  expect(server.delivered.map((mail) => mail.to[0]).sort()).toEqual(
    people.map((_, i) => `person${i}@elm.example`).sort(),
  );
  const { body } = await allMetrics(office.world);
  expect(body).toMatch(/^duly_timers_fired_total [1-9]/m);
  expect(body).toMatch(/^duly_mails_total\{outcome="sent"\} [1-9]/m);
  expect(body).toMatch(/^duly_oldest_due_age_seconds 0$/m);
});

test("a process is ready without Redis and without a worker", async () => {
  await start();
  await until(async () => (await office.world.queue.workersAlive()) > 0);
  await office.world.queue.close();
  expect(await readiness(office.world)).toEqual([]);
});

test("a process is not ready on a database that has not seen its migrations", async () => {
  await office.query("DELETE FROM migration ORDER BY id DESC LIMIT 1");
  expect(await readiness(office.world)).toEqual(["schema"]);
});

test("a hint wakes a worker long before its sweep", async () => {
  await start(3_600_000);
  const ada = await office.person("Ada Brook", "ada@elm.example");
  await until(async () => (await office.world.queue.workersAlive()) > 0);
  await sleep(200);
  await office.licence("Music licence", "2027-05-28", { keeper: ada });
  office.world.queue.wake([new Date().toISOString()]);
  await until(() => server.delivered.length === 1);
  expect(server.delivered[0]?.header("Subject")).toContain("Music licence");
});

test("an email that somebody asked for leaves at once, long before the sweep", async () => {
  await office.person("Ada Brook", "ada@elm.example");
  await start(3_600_000);
  await until(async () => (await office.world.queue.workersAlive()) > 0);
  await sleep(200);
  await forgottenPassword(office.world, { email: "ada@elm.example" }, { address: "127.0.0.1", device: undefined });
  await until(() => server.delivered.length === 1);
  expect(server.delivered[0]?.header("Subject")).toContain("Choose another password");
});

test("while the clock is being moved by another worker, nothing is fired or sent out of order", async () => {
  const ada = await office.person("Ada Brook", "ada@elm.example");
  await office.licence("Music licence", "2027-05-28", { keeper: ada });
  await office.query("UPDATE installation SET clock_target = '2028-01-01 00:00:00.000'");
  await office.query("INSERT INTO lease (name, holder, until) VALUES ('clock', 'somebody else', '2099-01-01')");
  await start(20);
  await until(async () => (await office.world.queue.workersAlive()) > 0);
  await sleep(200);
  expect(await office.query("SELECT id FROM timer WHERE state = 'fired'")).toEqual([]);
});

test("a worker told to stop while it moves the clock ends after the step at hand, and the next one goes on", async () => {
  const ada = await office.person("Ada Brook", "ada@elm.example");
  const days = Array.from({ length: 60 }, (_, i) => new Date(Date.UTC(2027, 6, 1 + i)).toISOString().slice(0, 10));
  for (const [i, day] of days.entries()) await office.licence(`Licence ${i}`, day, { keeper: ada });
  await office.query("UPDATE installation SET clock_target = '2028-01-01 00:00:00.000'");
  const fired = async () => (await office.query("SELECT id FROM timer WHERE state = 'fired'")).length;
  const target = async () => (await office.query("SELECT clock_target FROM installation"))[0]?.["clock_target"];
  await start();
  await until(async () => (await fired()) > 0);
  await Promise.all(running.splice(0).map((workers) => workers.stop()));
  expect(await fired()).toBeLessThan(days.length);
  expect(await target()).not.toBeNull();
  await start();
  await until(async () => (await target()) === null);
  expect(await fired()).toBe(days.length);
});

test("a worker told to end while the mail server hangs leaves its email to the next one, as if it had not been tried", async () => {
  const ada = await office.person("Ada Brook", "ada@elm.example");
  await office.licence("Music licence", "2027-05-28", { keeper: ada });
  const hanging = createServer((socket) => void socket.write("220 come in\r\n")).listen(0, "127.0.0.1");
  await once(hanging, "listening");
  const { port } = hanging.address() as AddressInfo;
  const stuck = await startWorkers(office.world, {
    sweepEvery: 100,
    transport: smtpTransport(`smtp://127.0.0.1:${port}`),
  });
  const mail = async () => (await office.query("SELECT state, attempts FROM mail"))[0];
  await until(async () => (await mail())?.["state"] === "sending");
  await stuck.stop();
  hanging.close();
  expect(await mail()).toEqual({ state: "queued", attempts: 0 });
  await start();
  await until(async () => (await mail())?.["state"] === "sent");
  expect(await mail()).toEqual({ state: "sent", attempts: 1 });
  expect(server.delivered).toHaveLength(1);
});

test("history is sealed once, however many seal it, and a changed row breaks its seal", async () => {
  const ada = await office.person("Ada Brook", "ada@elm.example");
  await office.licence("Music licence", "2027-05-28", { keeper: ada });
  await Promise.all([sealAll(office.world), sealAll(office.world), sealAll(office.world)]);
  expect(await office.query("SELECT id FROM history WHERE sealed IS NULL")).toEqual([]);
  const seals = await office.query("SELECT id FROM seal");
  expect(seals).toHaveLength(1);
  const seal = String(seals[0]?.["id"]);
  expect(await isSealIntact(office.world, seal)).toBe(true);
  await office.query("UPDATE history SET hash = REPEAT('0', 64) WHERE sealed = ? LIMIT 1", [seal]);
  expect(await isSealIntact(office.world, seal)).toBe(false);
});

test("a loop goes on after a failing round, and ends when told to", async () => {
  let rounds = 0;
  const loop = every(1, office.world.log, "Trying", () => {
    rounds++;
    return rounds === 1 ? Promise.reject(new Error("away")) : Promise.resolve();
  });
  await until(() => rounds > 2);
  await loop.stop();
  const then = rounds;
  await sleep(20);
  expect(rounds).toBe(then);
});

test("a part that fails keeps no other part from its work, and is still told", async () => {
  const done: string[] = [];
  const parts = each([() => Promise.reject(new Error("a broken job")), () => Promise.resolve(done.push("mail"))]);
  await expect(parts).rejects.toThrow("a broken job");
  expect(done).toEqual(["mail"]);
});

test("calls during a run share one run after it, so that none that came late is lost", async () => {
  let release: () => void = () => undefined;
  let runs = 0;
  const work = oneAtATime(() => {
    runs++;
    return new Promise<void>((resolve) => (release = resolve));
  });
  const first = work();
  const late = [work(), work(), work()];
  release();
  await first;
  await until(() => runs === 2);
  release();
  await Promise.all(late);
  expect(runs).toBe(2);
});
