/** What begins on a later day begins on it: each of several days has its own, also for what was made or changed until then. */
import { createRecord } from "../../api/engine/createRecord";
import { fireDue } from "../../api/engine/fireDue";
import { appoint } from "../../api/engine/people";
import { publishDefinition } from "../../api/engine/publishDefinition";
import { rederiveSome } from "../../api/engine/rederive";
import { machineTime, systemIdentity } from "../../api/engine/run";
import { setSetting } from "../../api/engine/setSetting";
import { updateRecord } from "../../api/engine/updateRecord";
import { moveClock } from "../../api/store/clock";
import { plainType } from "../plainType";
import { newSchool, type School } from "../school";

const letting = plainType("letting", "LET", {
  fields: { endsOn: { kind: "date", label: "Ends on" } },
  states: { open: { label: "Open" }, over: { label: "Over", end: true } },
  actions: { close: { label: "Close", from: ["open"], to: "over", who: [{ anyone: true }] } },
  settings: {
    ahead: { label: "How long before", kind: "offset", value: "-P14D" },
    every: { label: "How often", kind: "offset", value: "P6M" },
  },
  tasks: { visit: { label: "Visit", opens: "open", to: [{ role: "viceChair" }] } },
  timers: {
    soon: {
      label: "Soon over",
      anchor: { field: "endsOn" },
      steps: [{ setting: "ahead" }],
      at: "09:00",
      notice: { to: [{ role: "officeStaff" }], template: "soon" },
    },
  },
  duties: { round: { label: "The round", every: { setting: "every" }, from: "2026-09-07" } },
  notices: { soon: { subject: "Soon over", body: "Please see to it." } },
});

let school: School;
beforeAll(async () => {
  school = await newSchool("2026-11-23T09:00:00.000Z");
  await publishDefinition(school.world, systemIdentity(school.organisation), { json: letting });
  while (await rederiveSome(school.world));
}, 120_000);
afterAll(() => school.close());

const make = async (endsOn: string) =>
  (await school.as("Zoe King", (run) => createRecord(run, { type: "letting", input: { endsOn } }))).id;
const figure = (name: string, value: string, from: string) =>
  school.as("Harriet Stowting", (run) => setSetting(run, { type: "letting", name, value, from }));
const viceChair = (name: string, from: string, to: string | null = null) =>
  school.as("Harriet Stowting", (run) => appoint(run, { person: school.personId(name), role: "viceChair", from, to }));
/** It is ten o'clock on a day, and nobody has done anything yet. */
const isTen = async (day: string) =>
  moveClock(school.world.db, Date.parse(`${day}T10:00:00.000Z`) - (await machineTime(school.world)));
/** A day comes, with the jobs that begin on it. */
async function comes(day: string): Promise<void> {
  await isTen(day);
  while (await rederiveSome(school.world));
}
const holders = async (record: string) =>
  (
    await school.query(
      `SELECT p.name FROM task t JOIN task_holder h ON h.task = t.id JOIN person p ON p.id = h.person
       WHERE t.record = ? ORDER BY p.name`,
      [record],
    )
  ).map((row) => row["name"]);
const clocks = async (record: string) =>
  (await school.query("SELECT step, state, DATE(due_at) AS day FROM timer WHERE record = ? ORDER BY id", [record])).map(
    ({ step, state, day }) => `${String(step)} ${String(state)} ${String(day)}`,
  );

test("of two who are appointed from different later days, each comes to hold a task on their day", async () => {
  const record = await make("2027-12-01");
  const before = await holders(record);
  await viceChair("Zoe King", "2026-11-24");
  await viceChair("Idris Lympne", "2026-11-25");
  await comes("2026-11-24");
  expect(await holders(record)).toEqual([...before, "Zoe King"].sort());
  await comes("2026-11-25");
  expect(await holders(record)).toEqual([...before, "Idris Lympne", "Zoe King"].sort());
});

test("a fixed term from a later day begins, and ends", async () => {
  const record = await make("2027-12-01");
  const before = await holders(record);
  await viceChair("Owen Pluckley", "2026-11-26", "2026-11-26");
  await comes("2026-11-26");
  expect(await holders(record)).toContain("Owen Pluckley");
  await comes("2026-11-27");
  expect(await holders(record)).toEqual(before);
});

test("of two figures from different later days, each moves the clocks on its day", async () => {
  const record = await make("2027-06-01");
  await figure("ahead", "-P21D", "2026-11-28");
  await figure("ahead", "-P28D", "2026-11-29");
  await comes("2026-11-28");
  expect(await clocks(record)).toEqual(["-P21D waiting 2027-05-11"]);
  await comes("2026-11-29");
  expect(await clocks(record)).toEqual(["-P28D waiting 2027-05-04"]);
});

test("a figure from a later day holds also for what was made and changed since it was put down", async () => {
  await figure("ahead", "-P14D", "2026-12-02");
  const made = await make("2027-03-01");
  const changed = await make("2027-03-15");
  await comes("2026-12-01");
  await school.as("Zoe King", (run) =>
    updateRecord(run, { type: "letting", id: changed, expectedVersion: 1, input: { endsOn: "2027-03-01" } }),
  );
  for (const record of [made, changed]) expect(await clocks(record)).toEqual(["-P28D waiting 2027-02-01"]);
  await comes("2026-12-02");
  for (const record of [made, changed]) expect(await clocks(record)).toEqual(["-P14D waiting 2027-02-15"]);
});

test("a duty keeps to a cadence from a later day, from that day on", async () => {
  const rounds = async () =>
    (
      await school.query(
        "SELECT DATE(due_at) AS day FROM timer WHERE type = 'letting' AND kind = 'duty' AND state = 'waiting'",
      )
    ).map((row) => row["day"]);
  await figure("every", "P1W", "2026-12-08");
  await comes("2026-12-07");
  expect(await rounds()).toEqual(["2027-03-08"]);
  await comes("2026-12-08");
  expect(await rounds()).toEqual(["2026-12-14"]);
});

test("on the day of a figure nothing fires by the one before, though its job has not got to it", async () => {
  await figure("ahead", "-P7D", "2026-12-10");
  const record = await make("2026-12-24");
  expect(await clocks(record)).toEqual(["-P14D waiting 2026-12-10"]);
  await isTen("2026-12-10");
  while (await fireDue(school.world));
  expect(await clocks(record)).toEqual(["-P7D waiting 2026-12-17"]);
});
