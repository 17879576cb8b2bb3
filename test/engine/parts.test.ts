/** Parts of a task that are done, and parts that somebody holds in another's place and then by a right of their own. */
import { endAbsence, setAbsence } from "../../api/engine/absence";
import { act } from "../../api/engine/act";
import { completeTask } from "../../api/engine/completeTask";
import { createRecord } from "../../api/engine/createRecord";
import { handOverTask } from "../../api/engine/handOver";
import { publishTypes } from "../../api/engine/publishDefinition";
import { viewerOf } from "../../api/engine/read/viewerOf";
import { systemIdentity } from "../../api/engine/run";
import { updateRecord } from "../../api/engine/updateRecord";
import { readList } from "../../api/store/recordQuery";
import { readTasks } from "../../api/store/workQuery";
import { plainType } from "../plainType";
import { newSchool, type School } from "../school";

const office = [{ role: "officeStaff" }];
const people = { kind: "people" as const, label: "People" };
/** Seen only by whoever is asked to agree, as long as they are asked, and by the office. */
const vote = plainType("vote", "VOT", {
  fields: { asked: people },
  actions: {
    remark: { label: "Remark", from: ["open"], who: [{ task: "agree" }] },
    shut: { label: "Shut", from: ["open"], to: "shut", who: office },
  },
  tasks: { agree: { label: "Agree", opens: "open", to: [{ field: "asked" }], quorum: "all" } },
  timers: {
    remind: {
      label: "Remind",
      anchor: { task: "agree" },
      steps: ["P2D"],
      at: "07:00",
      notice: { to: [{ task: "agree" }], template: "n" },
    },
  },
  notices: { n: { subject: "{{ reference }}", body: "Please agree." } },
  grants: [
    { to: office, may: ["see", "create", "edit"] },
    { to: [{ task: "agree" }], may: ["see"] },
  ],
});
const duo = plainType("duo", "DUO", {
  fields: { first: { kind: "person", label: "First" }, others: people, note: { kind: "text", label: "Note" } },
  actions: { shut: { label: "Shut", from: ["open"], to: "shut", who: office } },
  tasks: { look: { label: "Look", opens: "open", to: [{ field: "first" }, { field: "others" }] } },
});

let school: School;
const id = (name: string) => school.personId(name);
beforeAll(async () => {
  school = await newSchool("2026-11-23T09:00:00.000Z");
  await publishTypes(school.world, systemIdentity(school.organisation), [vote, duo], { consent: "pack" });
}, 60_000);
afterAll(() => school.close());

const make = (type: string, input: Record<string, unknown>) =>
  school.as("Harriet Stowting", (run) => createRecord(run, { type, input })).then((record) => record.id);
const edit = async (type: string, record: string, input: Record<string, unknown>) => {
  const [row] = await school.query(`SELECT version FROM r_${type} WHERE id = ?`, [record]);
  await school.as("Harriet Stowting", (run) =>
    updateRecord(run, { type, id: record, expectedVersion: Number(row?.["version"]), input }),
  );
};
const taskOf = async (record: string): Promise<string> =>
  String((await school.query("SELECT id FROM task WHERE record = ? AND state = 'open'", [record]))[0]?.["id"]);
const holders = async (record: string) =>
  (
    await school.query(
      `SELECT p.name, w.name AS whose FROM task t JOIN task_holder h ON h.task = t.id JOIN person p ON p.id = h.person
       LEFT JOIN person w ON w.id = h.instead_of WHERE t.record = ? AND t.state = 'open' ORDER BY p.name`,
      [record],
    )
  ).map(({ name, whose }) => [name, whose]);

/** What somebody sees by lists, by what they may do there, and among their work. */
const seenBy = (name: string, record: string) =>
  school.as(name, async (run) => {
    const viewer = await viewerOf(run, id(name), school.organisation);
    const published = run.registry.types.get("vote")?.active;
    if (!viewer || !published) throw new Error("Nobody reads.");
    const { rows } = await readList(run.tx, viewer, published, { fields: ["asked"], people: [], first: 50 });
    const work = await readTasks(run.tx, viewer, { type: "vote", holder: id(name), state: "open", first: 50 });
    const acted = await act(run, { type: "vote", id: record, action: "remark" }).then(
      () => true,
      () => false,
    );
    return {
      listed: rows.some((row) => row.id === record),
      acted,
      work: work.nodes.some((task) => task.record === record),
    };
  });

test("who has done their part sees the record as long as the task is open, and has it to do no more", async () => {
  const [one, other] = ["Owen Pluckley", "Idris Lympne"] as const;
  const record = await make("vote", { asked: [id(one), id(other)] });
  const task = await taskOf(record);
  expect(await seenBy(one, record)).toEqual({ listed: true, acted: true, work: true });
  await school.as(one, (run) => completeTask(run, { id: task }));
  expect(await seenBy(one, record)).toEqual({ listed: true, acted: true, work: false });
  expect(await seenBy(other, record)).toEqual({ listed: true, acted: true, work: true });
  await school.as(other, (run) => completeTask(run, { id: task }));
  expect(await seenBy(one, record)).toEqual({ listed: false, acted: false, work: false });
});

test("a reminder goes to who has not done their part: not as it is made, and not as it is mailed", async () => {
  const [before, between, never] = ["Owen Pluckley", "Idris Lympne", "Zoe King"] as const;
  const record = await make("vote", { asked: [id(before), id(between), id(never)] });
  const task = await taskOf(record);
  await school.as(before, (run) => completeTask(run, { id: task }));
  await school.clock.to("2026-11-25T07:20:00Z");
  await school.as(between, (run) => completeTask(run, { id: task }));
  await school.clock.to("2026-11-25T12:00:00Z");
  const told = await school.query(
    "SELECT p.name, n.outcome FROM notice n JOIN person p ON p.id = n.person WHERE n.record = ? ORDER BY p.name",
    [record],
  );
  expect(told).toEqual([
    { name: between, outcome: "not needed" },
    { name: never, outcome: "in mail" },
  ]);
}, 60_000);

const [away, other] = ["Zoe King", "Callum Birchwood"] as const;
const ways: Record<string, (task: string) => Promise<() => Promise<unknown>>> = {
  "stands in for somebody away": async () => {
    const absence = await school.as(away, (run) =>
      setAbsence(run, { standIn: id(other), from: "2026-11-23", to: "2026-12-20" }),
    );
    return () => school.as(away, (run) => endAbsence(run, { id: absence.id }));
  },
  "was handed it": async (task) => {
    await school.as(away, (run) => handOverTask(run, { task, to: id(other) }));
    return () => Promise.resolve();
  },
};

test.each(Object.entries(ways))(
  "who %s and is then named themselves keeps it, and so does the other",
  async (_way, pass) => {
    const record = await make("duo", { first: id(away) });
    const back = await pass(await taskOf(record));
    expect(await holders(record)).toEqual([[other, away]]);
    await edit("duo", record, { others: [id(other)] });
    await back();
    const both = [
      [other, null],
      [away, null],
    ];
    expect(await holders(record)).toEqual(both);
    await edit("duo", record, { note: "Nothing of it" });
    expect(await holders(record)).toEqual(both);
    await edit("duo", record, { others: [] });
    expect(await holders(record)).toEqual([[away, null]]);
  },
);
