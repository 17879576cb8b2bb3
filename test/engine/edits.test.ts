/** What an edit sets going: all of what a record that was made so would have. */
import { createRecord } from "../../api/engine/createRecord";
import { publishDefinition } from "../../api/engine/publishDefinition";
import { systemIdentity } from "../../api/engine/run";
import { updateRecord } from "../../api/engine/updateRecord";
import type { RecordType } from "../../schema/definition";
import type { Failure } from "../../schema/failure";
import { newSchool, type School } from "../school";

const everybody = [{ anyone: true as const }];
const office = [{ role: "officeStaff" }];
const system = [{ system: true as const }];
let school: School;
let made = 0;

/** A request that is sent off by its trigger once it is agreed, with what a case adds. */
const request = (over: Partial<RecordType> = {}): RecordType => {
  const name = `request${made}`;
  return {
    name,
    plural: `${name}s`,
    label: name,
    pluralLabel: `${name}s`,
    reference: `RQ${String.fromCharCode(65 + made++)}-{n}`,
    title: "{{ what }}",
    entries: { new: "asked" },
    fields: {
      what: { kind: "text", label: "What" },
      agreed: { kind: "yesNo", label: "Agreed" },
      wanted: { kind: "yesNo", label: "Wanted" },
      stock: { kind: "link", label: "Stock", to: "stock" },
    },
    states: { asked: { label: "Asked" }, away: { label: "Away" }, back: { label: "Back", end: true } },
    actions: {
      return: { label: "Return", from: ["asked", "away"], to: "back", who: everybody },
      sendOff: { label: "Send off", from: ["asked"], to: "away", who: system },
    },
    notices: { chase: { subject: "Chase", body: "Please." } },
    triggers: { agreed: { when: { eq: [{ field: "agreed" }, true] }, event: "sendOff", while: ["asked"] } },
    grants: [{ to: everybody, may: ["see", "create", "edit"] }],
    ...over,
  };
};
const publish = (json: RecordType) => publishDefinition(school.world, systemIdentity(school.organisation), { json });
const make = async (type: string, input: Record<string, unknown>): Promise<string> =>
  (await school.as("Zoe King", (run) => createRecord(run, { type, input }))).id;
const edit = (type: string, id: string, input: Record<string, unknown>) =>
  school.as("Zoe King", async (run) => {
    const [row] = await run.tx.query(`SELECT version FROM r_${type} WHERE id = ?`, [id]);
    return updateRecord(run, { type, id, expectedVersion: Number(row?.["version"]), input });
  });
const stands = async (type: string, id: string) => ({
  state: (await school.query(`SELECT state FROM r_${type} WHERE id = ?`, [id]))[0]?.["state"],
  tasks: await school.query("SELECT rule FROM task WHERE record = ? AND state = 'open' ORDER BY rule", [id]),
  clocks: await school.query(
    "SELECT kind, rule, step, due_at FROM timer WHERE record = ? AND state = 'waiting' ORDER BY rule",
    [id],
  ),
});

beforeAll(async () => {
  school = await newSchool("2026-11-23T09:00:00.000Z");
  const { actions, ...stock } = request({ triggers: {}, notices: {} });
  await publish({
    ...stock,
    name: "stock",
    plural: "stocks",
    fields: { what: { kind: "text", label: "What" }, enough: { kind: "yesNo", label: "Enough" } },
    states: { asked: { label: "Asked" }, back: { label: "Back", end: true } },
    actions: { return: { ...actions["return"]!, from: ["asked"] } },
  });
}, 90_000);
afterAll(() => school.close());

const chase = (anchor: { state: string } | { task: string }) => ({
  chase: { label: "Chase", anchor, steps: ["P2D"], notice: { to: office, template: "chase" } },
});
const task = (opens: string, more = {}) => ({ label: "Look", to: office, opens, actions: ["look"], ...more });
const look = (from: string[]) => ({ look: { label: "Look", from, who: office } });
const base = request().actions;

const cases: Record<string, { type: Partial<RecordType>; edit: Record<string, unknown> }> = {
  "a clock of the state that it leads to": { type: { timers: chase({ state: "away" }) }, edit: { agreed: true } },
  "no clock of the state that is left": {
    type: { timers: { chase: { ...chase({ state: "asked" }).chase, while: ["asked"] } } },
    edit: { agreed: true },
  },
  "no task of the state that is left, and one of the state that it leads to": {
    type: {
      actions: { ...base, ...look(["asked", "away"]) },
      tasks: { before: task("asked"), after: task("away") },
    },
    edit: { agreed: true },
  },
  "one task, where its event opens one that is open": {
    type: {
      actions: { ...base, ...look(["asked", "away"]), sendOff: { ...base["sendOff"]!, effects: [{ task: "look" }] } },
      tasks: { look: task("asked", { while: ["asked", "away"] }) },
    },
    edit: { agreed: true },
  },
  "an event that needs something of a linked record": {
    type: {
      actions: {
        ...base,
        sendOff: {
          ...base["sendOff"]!,
          needs: { enough: { must: { eq: [{ field: "stock.enough" }, true] }, refusal: "There is not enough." } },
        },
      },
    },
    edit: { agreed: true },
  },
  "a task that is wanted now, with its clock": {
    type: {
      actions: { ...base, ...look(["asked"]) },
      tasks: { look: task("asked", { when: { eq: [{ field: "wanted" }, true] } }) },
      timers: chase({ task: "look" }),
    },
    edit: { wanted: true },
  },
  "the second trigger, where the first one's event is not accepted": {
    type: {
      actions: {
        ...base,
        never: { label: "Never", from: ["asked"], to: "back", who: system, when: { eq: [{ field: "what" }, "never"] } },
      },
      triggers: {
        first: { when: { eq: [{ field: "agreed" }, true] }, event: "never", while: ["asked"] },
        second: { when: { eq: [{ field: "wanted" }, true] }, event: "sendOff", while: ["asked"] },
      },
    },
    edit: { agreed: true, wanted: true },
  },
};

test.each(Object.entries(cases))("an edit leaves %s", async (_, { type: over, edit: values }) => {
  const type = request(over);
  await publish(type);
  const stock = await make("stock", { what: "Cups", enough: true });
  const edited = await make(type.name, { what: "A", stock });
  await edit(type.name, edited, values);
  const [now, asMade] = [
    await stands(type.name, edited),
    await stands(type.name, await make(type.name, { what: "A", stock, ...values })),
  ];
  expect(now).toEqual(asMade);
  expect(now).not.toEqual(await stands(type.name, await make(type.name, { what: "A", stock })));
});

test("an edit whose trigger sends an event to other records reaches them", async () => {
  const hub = request();
  await publish(hub);
  const spoke = request({
    fields: { what: { kind: "text", label: "What" }, hub: { kind: "link", label: "Hub", to: hub.name } },
    triggers: {},
  });
  await publish(spoke);
  await publish({
    ...hub,
    actions: {
      ...base,
      sendOff: { ...base["sendOff"]!, effects: [{ send: { link: `${spoke.name}.hub`, event: "sendOff" } }] },
    },
  });
  const first = await make(hub.name, { what: "H" });
  const near = await make(spoke.name, { what: "S", hub: first });
  await edit(hub.name, first, { agreed: true });
  await school.clock.to("2026-11-24T12:00:00.000Z");
  expect((await stands(spoke.name, near)).state).toBe("away");
});

test("an edit is refused where it makes a field required that stands empty, and not where that was so before", async () => {
  const isOther = { eq: [{ field: "sort" as const }, "other"] as [{ field: string }, string] };
  const sorted = request({
    fields: {
      what: { kind: "text", label: "What" },
      sort: { kind: "text", label: "Sort" },
      other: { kind: "text", label: "Which other", required: isOther },
      why: { kind: "text", label: "Why", required: true, visible: isOther },
    },
    triggers: {},
  });
  const { required: _required, ...free } = sorted.fields["other"]!;
  await publish({ ...sorted, fields: { ...sorted.fields, other: free, why: { ...free, label: "Why" } } });
  const before = await make(sorted.name, { what: "A", sort: "other" });
  await publish(sorted);
  const id = await make(sorted.name, { what: "B", sort: "club" });
  const problems = (of: string, input: Record<string, unknown>) =>
    edit(sorted.name, of, input).then(
      () => [],
      (error: Failure) => error.problems.map(({ path }) => path),
    );
  expect(await problems(id, { sort: "other" })).toEqual(["input.other", "input.why"]);
  expect(await problems(id, { sort: "other", other: "C" })).toEqual(["input.why"]);
  expect(await problems(id, { sort: "other", other: "C", why: "D" })).toEqual([]);
  expect(await problems(before, { what: "E" })).toEqual([]);
  expect(await problems(before, { other: "F" })).toEqual([]);
});
