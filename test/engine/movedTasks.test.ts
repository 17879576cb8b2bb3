/** Open tasks follow a definition that is published with what is under way, and what people have done stays done. */
import { act } from "../../api/engine/act";
import { completeTask } from "../../api/engine/completeTask";
import { createRecord } from "../../api/engine/createRecord";
import { endAppointment } from "../../api/engine/people";
import { publishDefinition } from "../../api/engine/publishDefinition";
import { rederiveSome } from "../../api/engine/rederive";
import { systemIdentity } from "../../api/engine/run";
import type { RecordType, TaskRule } from "../../schema/definition";
import { plainType } from "../plainType";
import { newSchool, type School } from "../school";

const anyone = [{ anyone: true as const }];
const head = [{ role: "headteacher" }];
const decide: TaskRule = { label: "Decide", opens: "asked", to: head, actions: ["agree"] };
const hearing = plainType("hearing", "HEA", {
  entries: { new: "asked" },
  states: { asked: { label: "Asked" }, halted: { label: "Halted" }, agreed: { label: "Agreed", end: true } },
  actions: {
    agree: { label: "Agree", from: ["asked"], to: "agreed", who: head },
    halt: { label: "Halt", from: ["asked"], to: "halted", who: anyone },
    goOn: { label: "Go on", from: ["halted"], to: "asked", who: anyone },
    look: { label: "Look", from: ["asked"], who: anyone, effects: [{ task: "note" }] },
  },
  tasks: {
    decide,
    tidy: { label: "Tidy", opens: "asked", while: ["asked", "halted"], to: [{ role: "officeStaff" }] },
    note: { label: "Note", to: [{ role: "officeStaff" }] },
  },
  timers: {
    chase: {
      label: "Chase",
      ...{ anchor: { task: "decide" }, steps: ["P3D"], repeat: "P3D", at: "09:00", while: ["asked"] },
      notice: { to: [{ task: "decide" }], template: "chase" },
    },
  },
  notices: { chase: { subject: "Decide", body: "Please." } },
});

let school: School;
const publish = async (json: RecordType) => {
  await publishDefinition(school.world, systemIdentity(school.organisation), { json, inFlight: "MOVE" });
  while (await rederiveSome(school.world));
};
beforeAll(async () => {
  school = await newSchool("2026-11-23T09:00:00.000Z");
}, 60_000);
afterAll(() => school.close());

/** A type of its own, with one record of it that has been begun. */
async function begun(name: string, more: Partial<RecordType> = {}) {
  const type: RecordType = { ...hearing, name, plural: `${name}s`, label: name, pluralLabel: `${name}s`, ...more };
  type.reference = `${name.toUpperCase()}-{n}`;
  await publish(type);
  const { id } = await school.as("Zoe King", (run) => createRecord(run, { type: name, input: {} }));
  const does = async (action: string) => {
    const [row] = await school.query(`SELECT version FROM r_${name} WHERE id = ?`, [id]);
    const about = { type: name, id, action, expectedVersion: Number(row?.["version"]), input: {} };
    await school.as("Zoe King", (run) => act(run, about));
  };
  const taskOf = async (rule: string) => {
    const found = await school.query("SELECT id FROM task WHERE record = ? AND rule = ? ORDER BY id DESC", [id, rule]);
    return String(found[0]?.["id"]);
  };
  const tick = async (rule: string, by: string) => {
    const task = await taskOf(rule);
    await school.as(by, (run) => completeTask(run, { id: task }));
  };
  return { id, type, does, tick };
}
const tasksOf = async (record: string): Promise<string[]> =>
  (
    await school.query(
      `SELECT t.rule, t.state, GROUP_CONCAT(p.name ORDER BY p.name) AS held FROM task t
       LEFT JOIN task_holder h ON h.task = t.id LEFT JOIN person p ON p.id = h.person
       WHERE t.record = ? GROUP BY t.id ORDER BY t.rule, t.id`,
      [record],
    )
  ).map((row) => `${String(row["rule"])} ${String(row["state"])}: ${String(row["held"])}`);
const holding = async (role: string): Promise<string> =>
  String(
    (
      await school.query(
        "SELECT GROUP_CONCAT(DISTINCT p.name ORDER BY p.name) AS held FROM appointment a JOIN person p ON p.id = a.person WHERE a.role = ?",
        [role],
      )
    )[0]?.["held"],
  );

test("a task and its action go to whom the rule names now", async () => {
  const { id, type } = await begun("letting");
  const { agree } = type.actions;
  const chair = [{ role: "chair" }];
  if (!agree) throw new Error("The action is gone.");
  await publish({
    ...type,
    actions: { ...type.actions, agree: { ...agree, who: chair } },
    tasks: { ...type.tasks, decide: { ...decide, label: "Decide now", to: chair } },
  });
  expect(await tasksOf(id)).toContain(`decide open: ${await holding("chair")}`);
  expect(await school.query("SELECT label, who FROM task WHERE record = ? AND rule = 'decide'", [id])).toEqual([
    { label: "Decide now", who: JSON.stringify(chair) },
  ]);
});

test("a renamed task takes its clock along", async () => {
  const { id, type } = await begun("review");
  const { chase } = type.timers ?? {};
  const { decide: _gone, ...others } = type.tasks ?? {};
  if (!chase) throw new Error("The clock is gone.");
  const anchored = { anchor: { task: "decision" }, notice: { to: [{ task: "decision" }], template: "chase" } };
  await publish({
    ...type,
    tasks: { ...others, decision: decide },
    timers: { chase: { ...chase, ...anchored } },
  });
  const heads = await holding("headteacher");
  expect(await tasksOf(id)).toEqual(expect.arrayContaining([`decide cancelled: ${heads}`, `decision open: ${heads}`]));
  expect(await school.query("SELECT rule FROM timer WHERE record = ? AND state = 'waiting'", [id])).toEqual([
    { rule: "chase" },
  ]);
});

test("a new task is opened, once, and what was done in this visit of the state is not opened anew", async () => {
  const { id, type, does, tick } = await begun("appeal");
  // The task is older than the visit of the state that it is done in.
  await school.clock.to("2026-11-24T09:00:00.000Z");
  await does("halt");
  await school.clock.to("2026-11-25T09:00:00.000Z");
  await does("goOn");
  await tick("tidy", "Harriet Stowting");
  const extra: TaskRule = { label: "Extra", opens: "asked", to: head };
  for (const label of ["Extra", "Extra again"])
    await publish({ ...type, tasks: { ...type.tasks, extra: { ...extra, label } } });
  const states = (await tasksOf(id)).map((line) => line.split(":")[0]);
  expect(states).toEqual(["decide cancelled", "decide open", "extra open", "tidy done"]);
});

test("a task that names no state is cancelled with its rule, where nothing else runs", async () => {
  const { note } = hearing.tasks ?? {};
  if (!note) throw new Error("The task is gone.");
  const { id, type, does } = await begun("visit", { tasks: { note }, timers: {}, notices: {} });
  await does("look");
  const { look: _gone, ...actions } = type.actions;
  await publish({ ...type, tasks: {}, actions });
  expect(await tasksOf(id)).toEqual([expect.stringMatching(/^note cancelled: /)]);
});

test("a task that all must do is done once the last with a part to do is no longer named", async () => {
  const both = [{ role: "chair" }, { role: "headteacher" }];
  const { note } = hearing.tasks ?? {};
  if (!note) throw new Error("The task is gone.");
  const read: TaskRule = { label: "Read", opens: "asked", to: both, quorum: "all" };
  const { id, tick } = await begun("reading", { tasks: { note, read }, timers: {}, notices: {} });
  const [chair, heads] = [await holding("chair"), await holding("headteacher")];
  await tick("read", heads);
  await expect(tick("read", heads)).rejects.toThrow("You have done your part of it already.");
  const [appointment] = await school.query(
    "SELECT a.id FROM appointment a JOIN person p ON p.id = a.person WHERE a.role = 'chair' AND p.name = ?",
    [chair],
  );
  await school.as("Harriet Stowting", (run) => endAppointment(run, { id: String(appointment?.["id"]), on: run.today }));
  await school.clock.to("2026-12-07T09:00:00.000Z");
  while (await rederiveSome(school.world));
  expect((await tasksOf(id)).map((line) => line.split(":")[0])).toEqual(["read done"]);
});
