/** What failed in the background is kept with its cause, and is one task for somebody, however much of it there is. */
import { act } from "../../api/engine/act";
import { putAside, tellOfFaults } from "../../api/engine/faults";
import { run, systemIdentity } from "../../api/engine/run";
import { allMetrics } from "../../api/metrics";
import { oldestUrgentWaiting, readFaults, settleFaults } from "../../api/store/faults";
import { newOffice, type Office } from "./office";
import { setTime } from "../time";

const morning = "2027-04-28T07:00:00.000Z";
let office: Office;

beforeEach(async () => {
  office = await newOffice();
  setTime(office.world, () => Date.parse(morning));
  const secretary = await office.person("Sol Reed", "sol@elm.example");
  await office.query(
    "INSERT INTO appointment (id, organisation, person, role, from_on) VALUES (?, ?, ?, 'secretary', '2027-01-01')",
    ["01APPOINTMENT0000000000001", office.organisation, secretary],
  );
});
afterEach(() => office.close());

const aside = (subject: string, kind: "email" | "timer" = "email") =>
  putAside(office.world, { organisation: office.organisation, kind, subject, cause: "It cannot be shown." });
const troubles = () => office.query("SELECT id, state, f_what AS what FROM r_trouble ORDER BY id");
const open = () => readFaults(office.world.db, { organisations: [office.organisation], first: 100 });

test("a hundred failures of a kind are one record with a task, and settling them all ends it", async () => {
  for (let i = 0; i < 100; i++) await aside(`mail ${i}`);
  await aside("timer 1", "timer");
  await Promise.all([tellOfFaults(office.world), tellOfFaults(office.world)]);
  await tellOfFaults(office.world);
  expect((await troubles()).map(({ what, state }) => [what, state])).toEqual([
    ["Some emails could not be sent.", "open"],
    ["Some reminders or deadlines could not be carried out.", "open"],
  ]);
  const [task] = await office.query("SELECT label, state FROM task WHERE type = 'trouble' ORDER BY id LIMIT 1");
  expect(task).toEqual({ label: "Look: Some emails could not be sent.", state: "open" });

  const subjects = Array.from({ length: 100 }, (_, i) => `mail ${i}`);
  await settleFaults(office.world.db, "email", subjects.slice(1), { how: "done", by: null, at: morning });
  await tellOfFaults(office.world);
  await office.fire(morning);
  expect((await troubles()).map(({ state }) => state)).toEqual(["open", "open"]);
  await settleFaults(office.world.db, "email", subjects, { how: "done", by: null, at: morning });
  for (let i = 0; i < 2; i++) await tellOfFaults(office.world);
  await office.fire(morning);
  expect((await troubles()).map(({ state }) => state)).toEqual(["over", "open"]);
  expect((await open()).map(({ subject }) => subject)).toEqual(["timer 1"]);

  // The next one is a new problem.
  await aside("mail 0");
  await tellOfFaults(office.world);
  expect((await troubles()).map(({ state }) => state)).toEqual(["over", "open", "open"]);
});

test("the same thing that fails again is counted, and is one fault", async () => {
  await aside("mail 1");
  await aside("mail 1");
  expect(await open()).toMatchObject([{ subject: "mail 1", times: 2, cause: "It cannot be shown.", settledAt: null }]);
  await settleFaults(office.world.db, "email", ["mail 1"], { how: "skipped", by: null, at: morning });
  await aside("mail 1");
  expect(await open()).toMatchObject([{ subject: "mail 1", times: 1 }]);
  const all = await readFaults(office.world.db, { organisations: [office.organisation], settled: true, first: 10 });
  expect(all.map(({ how }) => how)).toEqual([null, "skipped"]);
});

test("whoever leaves a problem at that has decided about what failed until then", async () => {
  await aside("mail 1");
  await tellOfFaults(office.world);
  const [{ id } = { id: "" }] = await troubles();
  const [secretary] = await office.query("SELECT id FROM person");
  const who = {
    ...systemIdentity(office.organisation),
    actor: { kind: "person" as const, id: String(secretary?.["id"]), name: "Sol Reed" },
  };
  await run(office.world, who, (current) => act(current, { type: "trouble", id: String(id), action: "leave" }));
  await tellOfFaults(office.world);
  expect(await open()).toEqual([]);
  expect(await troubles()).toHaveLength(1);
});

test("how long an urgent notice has been waiting is known, and is a figure of the metrics", async () => {
  const { db } = office.world;
  expect(await oldestUrgentWaiting(db, morning)).toBeNull();
  const ada = await office.person("Ada Brook", "ada@elm.example");
  const id = await office.licence("Music licence", "2027-05-28", { keeper: ada });
  const at = "2027-04-28T06:50:00.000Z";
  await office.act(id, "lend", at);
  expect(await oldestUrgentWaiting(db, morning)).toBeNull();
  await office.act(id, "lose", at);
  expect(await oldestUrgentWaiting(db, morning)).toBe(Date.parse(at));
  expect((await allMetrics(office.world)).body).toMatch(/^duly_urgent_waiting_seconds 600$/m);
  await aside("mail 1");
  expect((await allMetrics(office.world)).body).toMatch(/^duly_faults_open\{kind="email"\} 1$/m);
});
