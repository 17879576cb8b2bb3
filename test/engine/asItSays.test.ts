/** What a definition or a calendar says holds wherever it may be said: a `where` of what is sent, a school's own closures. */
import { act } from "../../api/engine/act";
import { createRecord } from "../../api/engine/createRecord";
import { publishDefinition } from "../../api/engine/publishDefinition";
import { run, systemIdentity, type Identity } from "../../api/engine/run";
import { setCalendar } from "../../api/engine/setCalendar";
import { organisationsById } from "../../api/store/organisations";
import { newSchoolBeside } from "../besideSchool";
import type { Effect } from "../../schema/definition";
import { plainType } from "../plainType";
import { newSchool, type School } from "../school";

const anyone = [{ anyone: true as const }];
const system = [{ system: true as const }];
const hall = plainType("hall", "HAL", {
  title: "{{ what }}",
  states: { open: { label: "Open" }, rung: { label: "Rung", end: true } },
  actions: { ring: { label: "Ring", from: ["open"], to: "rung", who: system } },
});
const ring = (link: string): Effect => ({
  send: { link, event: "ring", where: { eq: [{ field: "what" }, { outer: "wanted" }] } },
});
const letting = plainType("letting", "LET", {
  fields: {
    wanted: { kind: "text", label: "Wanted" },
    one: { kind: "link", label: "One", to: "hall" },
    several: { kind: "links", label: "Several", to: "hall" },
  },
  states: { open: { label: "Open" }, over: { label: "Over", end: true } },
  actions: {
    call: { label: "Call", from: ["open"], who: anyone, effects: [ring("one"), ring("several")] },
    close: { label: "Close", from: ["open"], to: "over", who: anyone },
  },
});
const licence = plainType("permit", "PER", {
  fields: { endsOn: { kind: "date", label: "Ends on" }, firm: { kind: "yesNo", label: "Firm" } },
  states: { open: { label: "Open" }, lapsed: { label: "Lapsed" }, held: { label: "Held", end: true } },
  actions: {
    lapse: { label: "Lapse", from: ["open"], to: "lapsed", who: system },
    hold: { label: "Hold", from: ["lapsed"], to: "held", who: system },
    settle: { label: "Settle", from: ["lapsed"], to: "held", who: anyone },
  },
  triggers: { firm: { when: { eq: [{ field: "firm" }, true] }, event: "hold", while: ["lapsed"] } },
  timers: {
    ends: {
      label: "Ends",
      anchor: { field: "endsOn" },
      steps: ["P0D"],
      at: "20:00",
      while: ["open"],
      event: "lapse",
      notice: { to: [{ role: "headteacher" }], template: "lapsed" },
    },
  },
  notices: { lapsed: { subject: "It has lapsed", body: "It has lapsed." } },
});

let school: School;
beforeAll(async () => {
  school = await newSchool("2026-11-23T09:00:00.000Z");
  for (const json of [hall, letting, licence])
    await publishDefinition(school.world, systemIdentity(school.organisation), { json });
}, 90_000);
afterAll(() => school.close());
const make = async (type: string, input: Record<string, unknown>): Promise<string> =>
  (await school.as("Zoe King", (at) => createRecord(at, { type, input }))).id;
const does = (type: string, id: string, action: string) =>
  school.as("Zoe King", (at) => act(at, { type, id, action, input: {} }));
const stateOf = async (type: string, id: string) =>
  (await school.query(`SELECT state FROM r_${type} WHERE id = ?`, [id]))[0]?.["state"];

test("an event is sent along a link, or several, to those alone that its condition holds of", async () => {
  const halls: Record<string, string> = {};
  for (const what of ["red", "blue", "near red", "near blue"])
    halls[what] = await make("hall", { what: what.replace("near ", "") });
  const id = await make("letting", {
    wanted: "red",
    one: halls["near blue"],
    several: [halls["red"], halls["blue"], halls["near red"]],
  });
  await does("letting", id, "call");
  await school.clock.to("2026-11-23T12:00:00.000Z");
  const states: Record<string, unknown> = {};
  for (const [what, hallId] of Object.entries(halls)) states[what] = await stateOf("hall", hallId);
  expect(states).toEqual({ red: "rung", blue: "open", "near red": "rung", "near blue": "open" });
});

test("what a timer's event did is told, wherever a trigger led on at once; not once somebody has seen to it", async () => {
  const [left, led, settled] = [
    await make("permit", { endsOn: "2026-11-24" }),
    await make("permit", { endsOn: "2026-11-24", firm: true }),
    await make("permit", { endsOn: "2026-11-24" }),
  ];
  await school.clock.to("2026-11-24T22:00:00.000Z");
  await does("permit", settled, "settle");
  await school.clock.to("2026-11-25T12:00:00.000Z");
  const outcomes = await school.query("SELECT record, outcome FROM notice WHERE record IN (?, ?, ?)", [
    left,
    led,
    settled,
  ]);
  const by = Object.fromEntries(outcomes.map((row) => [String(row["record"]), String(row["outcome"])]));
  expect(await stateOf("permit", led)).toBe("held");
  expect([by[left], by[led], by[settled]]).toEqual([by[left], by[left], "not needed"]);
  expect(by[left]).not.toBe("not needed");
});

test("a school that keeps its trust's terms is closed on its trust's days and on its own", async () => {
  const other = await newSchoolBeside(school.databaseUrl);
  const stella: Identity = {
    actor: { kind: "person", id: other.person, name: "Stella Otherschool" },
    access: {
      person: other.person,
      organisations: [{ id: other.organisation, roles: [] }],
      acting: other.organisation,
    },
    administers: true,
  };
  const training = { from: "2026-12-02", to: "2026-12-03", kind: "inset" as const, name: "Training" };
  const calendar = () =>
    run(school.world, stella, async (at) => {
      const found = await organisationsById(at.tx, [school.organisation, other.organisation]);
      return [school.organisation, other.organisation].map((id) => found.get(id)?.calendar);
    });
  const [trust, before] = await calendar();
  expect(before).toEqual(trust);
  await run(school.world, stella, (at) => setCalendar(at, { terms: [], closures: [training] }));
  const [same, after] = await calendar();
  expect(same).toEqual(trust);
  expect(after?.terms).toEqual(trust?.terms);
  expect(new Set(after?.closures)).toEqual(new Set([...(trust?.closures ?? []), training]));
  const own = { name: "Ours", from: "2026-09-01", to: "2026-12-18" };
  await run(school.world, stella, (at) => setCalendar(at, { terms: [own], closures: [training] }));
  expect((await calendar())[1]).toMatchObject({ terms: [own], closures: [training] });
});
