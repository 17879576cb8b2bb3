/** Clocks and due dates that count from a record's creation, or from its last change. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { act } from "../../api/engine/act";
import { completeTask } from "../../api/engine/completeTask";
import { createRecord } from "../../api/engine/createRecord";
import { previewUpdate } from "../../api/engine/previewUpdate";
import { publishDefinition, publishTypes } from "../../api/engine/publishDefinition";
import { schoolNow, systemIdentity } from "../../api/engine/run";
import { setCalendar } from "../../api/engine/setCalendar";
import { setSetting } from "../../api/engine/setSetting";
import { simulate } from "../../api/engine/simulate";
import { updateRecord } from "../../api/engine/updateRecord";
import type { RecordType } from "../../schema/definition";
import { newSchool, type School } from "../school";

let school: School;
beforeAll(async () => {
  school = await newSchool("2026-11-23T09:00:00.000Z");
}, 60_000);
afterAll(() => school.close());

const input = (name: string): RecordType =>
  JSON.parse(readFileSync(join(__dirname, "../inputs/definitions", `${name}.json`), "utf8")) as RecordType;
const publish = (json: RecordType) => publishDefinition(school.world, systemIdentity(school.organisation), { json });
const make = async (type: string, values: Record<string, unknown>): Promise<string> =>
  (await school.as("Zoe King", (run) => createRecord(run, { type, input: values }))).id;
const change = (type: string, id: string, values: Record<string, unknown>) =>
  school.as("Zoe King", async (run) => {
    const [row] = await run.tx.query(`SELECT version FROM r_${type} WHERE id = ?`, [id]);
    return updateRecord(run, { type, id, expectedVersion: Number(row?.["version"]), input: values });
  });
/** The clocks of a record: "rule step state day and time". */
const clocks = async (record: string): Promise<string[]> =>
  (
    await school.query("SELECT rule, step, state, due_at FROM timer WHERE record = ? ORDER BY rule, due_at, id", [
      record,
    ])
  ).map((row) => [row["rule"], row["step"], row["state"], String(row["due_at"]).slice(0, 16)].map(String).join(" "));
const dueOn = async (record: string): Promise<unknown> =>
  (await school.query("SELECT due_on FROM task WHERE record = ? AND state = 'open'", [record]))[0]?.["due_on"];
const moves = async (record: string): Promise<number> =>
  (await school.query("SELECT id FROM history WHERE record = ? AND kind = 'moved'", [record])).length;

test("a month after a record was made it is told of, and its task is due the day it was made", async () => {
  await publish(input("f-createdAt-anchor"));
  const id = await make("cat", { what: "Tom" });
  expect(await clocks(id)).toEqual(["old P1M waiting 2026-12-23 08:00"]);
  expect(await dueOn(id)).toBe("2026-11-23");

  await school.clock.to("2026-11-25T09:00:00.000Z");
  await change("cat", id, { what: "Tom Kitten" });
  await school.as("Harriet Stowting", (run) =>
    setCalendar(run, {
      terms: run.organisation.calendar.terms,
      closures: [{ from: "2026-12-23", to: "2026-12-23", kind: "closure", name: "Closed" }],
    }),
  );
  expect(await clocks(id)).toEqual(["old P1M waiting 2026-12-23 08:00"]);
  expect(await moves(id)).toBe(0);

  const foreseen = await simulate(school.world, "2026-12-24T09:00:00.000Z");
  expect(foreseen.stopped).toBeNull();
  expect(foreseen.happens.filter(({ at }) => at.startsWith("2026-12-23T08:00"))).toContainEqual(
    expect.objectContaining({ kind: "notice" }),
  );
  await school.clock.to("2026-12-24T09:00:00.000Z");
  expect(await clocks(id)).toEqual(["old P1M fired 2026-12-23 08:00"]);
}, 60_000);

/** Left alone for some days it is told of, and again each week; for longer, it ends. */
const idle: RecordType = {
  ...{ name: "idle", plural: "idles", label: "Idle", pluralLabel: "Idles", reference: "IDLE-{n}" },
  title: "{{ what }}",
  entries: { new: "open" },
  fields: {
    what: { kind: "text", label: "What" },
    text: { kind: "document", label: "Text" },
    of: { kind: "link", label: "Of", to: "idle" },
  },
  states: { open: { label: "Open" }, done: { label: "Done", end: true } },
  actions: {
    remark: { label: "Remark", from: ["open"], who: [{ role: "staff" }] },
    end: { label: "Ends", from: ["open"], to: "done", who: [{ system: true }] },
  },
  settings: { patience: { label: "Patience", kind: "offset", value: "P10D" } },
  tasks: {
    look: { label: "Look", opens: "open", to: [{ role: "staff" }], due: { field: "updatedAt" }, quorum: 2 },
  },
  timers: {
    chase: {
      label: "Chased",
      anchor: { field: "updatedAt" },
      steps: [{ setting: "patience" }],
      repeat: "P1W",
      notice: { to: [{ role: "headteacher" }], template: "n" },
    },
    ends: { label: "Ends", anchor: { field: "updatedAt" }, steps: ["P40D"], event: "end" },
    task: {
      label: "Overdue",
      anchor: { task: "look", due: true },
      steps: ["P2D"],
      notice: { to: [{ task: "look" }], template: "n" },
    },
    parent: {
      label: "That one is quiet",
      anchor: { link: "of", field: "updatedAt" },
      steps: ["P60D"],
      notice: { to: [{ role: "headteacher" }], template: "n" },
    },
  },
  notices: { n: { subject: "Quiet", body: "{{ what }}" } },
  grants: [{ to: [{ role: "staff" }], may: ["see", "create", "edit"] }],
};
const own = async (id: string): Promise<string[]> => (await clocks(id)).filter((line) => line.includes(" waiting "));

test("what counts from the last change moves with each, and not when a clock only tells", async () => {
  await publish(idle);
  const id = await make("idle", { what: "First" });
  const [made] = await school.query("SELECT DATE(updated_at) AS day FROM r_idle WHERE id = ?", [id]);
  expect(made?.["day"]).toBe("2026-12-24");
  expect(await own(id)).toEqual([
    "chase P10D waiting 2027-01-03 08:00",
    "ends P40D waiting 2027-02-02 08:00",
    "task P2D waiting 2026-12-26 08:00",
  ]);

  await school.clock.to("2026-12-25T10:00:00.000Z");
  const asked = { type: "idle", id, expectedVersion: 1, input: { what: "Second" } };
  const foreseen = await school.as("Zoe King", ({ identity }) => previewUpdate(school.world, identity, asked));
  expect(foreseen.map(({ label, to }) => [label, to?.slice(0, 10)])).toEqual([
    ["Overdue", "2026-12-27"],
    ["Chased", "2027-01-04"],
    ["Ends", "2027-02-03"],
  ]);
  const moved = [
    "chase P10D waiting 2027-01-04 08:00",
    "ends P40D waiting 2027-02-03 08:00",
    "task P2D waiting 2026-12-27 08:00",
  ];
  await change("idle", id, { what: "Second" });
  expect(await own(id)).toEqual(moved);
  expect(await dueOn(id)).toBe("2026-12-25");

  // A text is a change too, and so is an action that changes no field, and one's part of a task.
  await school.clock.to("2026-12-26T00:30:00.000Z");
  await change("idle", id, { text: "Words" });
  expect((await own(id))[0]).toBe("chase P10D waiting 2027-01-05 08:00");
  await school.clock.to("2026-12-27T00:30:00.000Z");
  await school.as("Zoe King", (run) => act(run, { type: "idle", id, action: "remark" }));
  expect((await own(id))[0]).toBe("chase P10D waiting 2027-01-06 08:00");
  await school.clock.to("2026-12-28T00:30:00.000Z");
  const [task] = await school.query("SELECT id FROM task WHERE record = ?", [id]);
  await school.as("Zoe King", (run) => completeTask(run, { id: String(task?.["id"]) }));
  expect((await own(id))[0]).toBe("chase P10D waiting 2027-01-07 08:00");
  expect(await moves(id)).toBe(0);

  // A figure moves it, and that stands in the history; the record was not changed by it.
  await school.as("Harriet Stowting", (run) => setSetting(run, { type: "idle", name: "patience", value: "P12D" }));
  expect((await own(id))[0]).toBe("chase P12D waiting 2027-01-09 08:00");
  await school.clock.to("2027-01-20T09:00:00.000Z");
  expect((await clocks(id)).filter((line) => line.startsWith("chase P12D"))).toEqual([
    "chase P12D fired 2027-01-09 08:00",
    "chase P12D fired 2027-01-16 08:00",
    "chase P12D waiting 2027-01-23 08:00",
  ]);
  await school.clock.to("2027-02-07T09:00:00.000Z");
  const [row] = await school.query("SELECT state FROM r_idle WHERE id = ?", [id]);
  expect(row?.["state"]).toBe("done");
}, 60_000);

test("a clock of the day a task is due moves with it", async () => {
  const type: RecordType = {
    ...{ ...idle, name: "visit", plural: "visits", label: "Visit", pluralLabel: "Visits", reference: "VISIT-{n}" },
    fields: { what: { kind: "text", label: "What" }, on: { kind: "date", label: "On" } },
    timers: { task: { ...idle.timers!["task"]! } },
    tasks: { look: { ...idle.tasks!["look"]!, due: { field: "on" } } },
    settings: {},
  };
  await publish(type);
  const id = await make("visit", { what: "Visit", on: "2027-03-01" });
  await change("visit", id, { on: "2027-04-01" });
  expect(await own(id)).toEqual(["task P2D waiting 2027-04-03 07:00"]);
}, 60_000);

test("what counts from another record's last change is counted again before it rings", async () => {
  const above = await make("idle", { what: "Above" });
  const below = await make("idle", { what: "Below", of: above });
  expect(await own(below)).toContainEqual("parent P60D waiting 2027-04-08 07:00");
  await school.clock.to("2027-02-27T09:00:00.000Z");
  // Neither changes a field, and so the version stays.
  for (const id of [above, below])
    await school.as("Zoe King", (run) => act(run, { type: "idle", id, action: "remark" }));
  await school.clock.to("2027-03-29T09:00:00.000Z");
  for (const id of [above, below])
    await school.as("Zoe King", (run) => act(run, { type: "idle", id, action: "remark" }));
  await school.clock.to("2027-04-09T09:00:00.000Z");
  expect((await clocks(below)).filter((line) => line.startsWith("parent"))).toEqual([
    "parent P60D waiting 2027-05-28 07:00",
  ]);
}, 60_000);

test("a clock that counts from the first of eight linked dates has a stamp that fits", async () => {
  const links = ["a", "b", "c", "d", "e", "f", "g", "h"];
  const many: RecordType = {
    ...{ ...idle, name: "many", plural: "manies", label: "Many", pluralLabel: "Manies", reference: "MANY-{n}" },
    fields: Object.fromEntries(links.map((name) => [name, { kind: "link", label: name, to: "idle" }])),
    title: "Many",
    tasks: {},
    timers: {
      first: {
        label: "First",
        anchor: { earliestOf: links.map((link) => ({ link, field: "createdAt" })) },
        steps: ["P90D"],
        notice: { to: [{ role: "headteacher" }], template: "n" },
      },
    },
    notices: { n: { subject: "Quiet", body: "Quiet" } },
  };
  await publishTypes(school.world, systemIdentity(school.organisation), [many]);
  const ids: string[] = [];
  for (const what of links) ids.push(await make("idle", { what }));
  const id = await make("many", Object.fromEntries(links.map((name, i) => [name, ids[i]])));
  const stamp = async () =>
    String((await school.query("SELECT stamp FROM timer WHERE record = ?", [id]))[0]?.["stamp"]);
  const before = await stamp();
  expect(before.length).toBeLessThanOrEqual(191);
  await change("idle", ids[7] ?? "", { what: "Another" });
  await change("many", id, { a: null });
  expect(await stamp()).not.toBe(before);
  await school.clock.to("2027-07-10T09:00:00.000Z");
  expect((await clocks(id)).filter((line) => line.includes(" fired "))).toHaveLength(1);
}, 60_000);

test("a clock that counts from another record's date rings by that date, though it was empty or lay later", async () => {
  const plan: RecordType = {
    ...{ ...idle, name: "plan", plural: "plans", label: "Plan", pluralLabel: "Plans", reference: "PLAN-{n}" },
    fields: { what: { kind: "text", label: "What" }, on: { kind: "date", label: "On" } },
    ...{ tasks: {}, timers: {}, settings: {} },
  };
  const stage: RecordType = {
    ...{ ...plan, name: "stage", plural: "stages", label: "Stage", pluralLabel: "Stages", reference: "STAGE-{n}" },
    fields: { what: { kind: "text", label: "What" }, of: { kind: "link", label: "Of", to: "plan" } },
    timers: {
      near: {
        label: "Near",
        anchor: { link: "of", field: "on" },
        steps: ["-P2D"],
        notice: { to: [{ role: "headteacher" }], template: "n" },
      },
    },
  };
  await publishTypes(school.world, systemIdentity(school.organisation), [plan, stage]);
  const above = await make("plan", { what: "Above" });
  const stages: string[] = [];
  // More than one page of a job.
  for (let n = 0; n < 130; n++) stages.push(await make("stage", { what: `Stage ${n}`, of: above }));
  const [first = "", last = ""] = [stages[0], stages.at(-1)];
  expect(await clocks(first)).toEqual([]);
  const until = async (day: string) => {
    await change("plan", above, { on: day });
    await school.clock.to(new Date((await schoolNow(school.world)) + 60_000).toISOString());
  };
  await until("2027-09-30");
  for (const id of [first, last]) expect(await own(id)).toEqual(["near -P2D waiting 2027-09-28 07:00"]);
  await until("2027-08-30");
  for (const id of [first, last]) expect(await own(id)).toEqual(["near -P2D waiting 2027-08-28 07:00"]);
  expect(await moves(last)).toBe(1);
  await school.clock.to("2027-08-28T09:00:00.000Z");
  for (const id of [first, last]) expect(await clocks(id)).toContain("near -P2D fired 2027-08-28 07:00");
}, 120_000);
