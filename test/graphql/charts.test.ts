/** Charts of definitions over the API: by state, field or month, narrowed, for which role, and what they keep back. */
import type { RecordType } from "../../schema/definition";
import { publishDefinition } from "../../api/engine/publishDefinition";
import { systemIdentity } from "../../api/engine/run";
import { type Asker, newSchoolApi, type SchoolApi } from "./schoolApi";

const harbour: RecordType = {
  name: "harbour",
  plural: "harbours",
  label: "Harbour",
  pluralLabel: "Harbours",
  reference: "HAR-{n}",
  title: "{{ name }}",
  entries: { new: "open" },
  fields: { name: { kind: "text", label: "Name" } },
  states: { open: { label: "Open", resting: true } },
  actions: {},
  grants: [{ to: [{ role: "dsl" }], may: ["see", "create"] }],
};
const crossing: RecordType = {
  name: "crossing",
  plural: "crossings",
  label: "Crossing",
  pluralLabel: "Crossings",
  reference: "CRO-{n}",
  title: "{{ to }}",
  entries: { new: "planned" },
  fields: {
    to: { kind: "link", label: "To", to: "harbour" },
    on: { kind: "date", label: "On" },
    left: { kind: "dateTime", label: "Left at" },
    rough: { kind: "yesNo", label: "Rough" },
    skipper: { kind: "person", label: "Skipper" },
    deck: {
      kind: "choice",
      label: "Deck",
      options: ["upper", "lower"].map((value) => ({ value, label: value })),
    },
  },
  states: { planned: { label: "Planned" }, over: { label: "Over", end: true } },
  actions: { end: { label: "End", from: ["planned"], to: "over", who: [{ anyone: true }] } },
  tasks: { sail: { label: "Sail", opens: "planned", to: [{ role: "dsl" }], due: { after: "P1D" } } },
  grants: [
    { to: [{ role: "dsl" }], may: ["see", "create", "edit"] },
    { to: [{ role: "governor" }], may: ["see"], when: { eq: [{ field: "rough" }, true] } },
  ],
  charts: {
    where: { label: "Where do the rough ones go?", by: "to", where: { eq: [{ field: "rough" }, true] }, for: ["dsl"] },
    months: { label: "How many each month?", over: "on", for: ["governor"] },
    hours: { label: "How many left each month?", over: "left" },
  },
};
const whisper: RecordType = {
  ...crossing,
  name: "whisper",
  plural: "whispers",
  label: "Whisper",
  pluralLabel: "Whispers",
  reference: "WHI-{n}",
  confidential: true,
  grants: [
    { to: [{ role: "dsl" }], may: ["see", "create"], when: { all: [] } },
    { to: [{ role: "governor" }], may: ["count"] },
  ],
  charts: {
    months: { label: "How many each month?", over: "on", for: ["governor"] },
    rough: { label: "How many are rough?", by: "rough", where: { eq: [{ field: "rough" }, true] } },
    stages: { label: "How far are they?", by: "state" },
    decks: { label: "On which deck?", by: "deck" },
    skippers: { label: "Under whom?", by: "skipper" },
    harbours: { label: "Where to?", by: "to" },
  },
};

interface Chart {
  type: string;
  name: string;
  points: { value: string | null; label: string; count: number | null }[];
}
let api: SchoolApi;
let dsl: Asker;
let governor: Asker;
let administrator: Asker;

beforeAll(async () => {
  api = await newSchoolApi();
  const { school } = api;
  for (const json of [harbour, crossing, whisper])
    await publishDefinition(school.world, systemIdentity(school.organisation), { json });
  [dsl, governor, administrator] = [
    await api.as("Zoe King"),
    await api.as("Lindsey Glanville"),
    await api.as("Harriet Stowting"),
  ];
  const dover = await create(`createHarbour(input: { name: "Dover" })`);
  const calais = await create(`createHarbour(input: { name: "Calais" })`);
  const crossings = [
    `to: "${dover}", on: "2026-11-02", left: "2026-06-30T23:30:00Z", rough: true`,
    `to: "${dover}", on: "2026-10-31", left: "2026-06-30T22:30:00Z", rough: true`,
    `to: "${calais}", on: "2025-12-01", rough: false`,
    `to: "${calais}", on: "2025-11-30", rough: true`,
  ];
  for (const input of crossings) await create(`createCrossing(input: { ${input} })`);
  for (let n = 0; n < 9; n += 1)
    await create(
      `createWhisper(input: { on: "${n < 6 ? "2026-09-10" : "2026-11-10"}", rough: ${n < 3}, deck: "${n < 8 ? "lower" : "upper"}",
        skipper: "${school.personId("Owen Pluckley")}" })`,
    );
}, 60_000);
afterAll(() => api.close());

async function create(call: string): Promise<string> {
  const answer = await dsl(`mutation { made: ${call} { id } }`);
  if (answer.errors.length) throw new Error(answer.text);
  return (answer.data["made"] as { id: string }).id;
}

async function chartsOf(ask: Asker, type?: string): Promise<Chart[]> {
  const answer = await ask(
    "query C($type: String) { charts(type: $type) { type name points { value label count } } }",
    {
      type,
    },
  );
  if (answer.errors.length) throw new Error(answer.text);
  return answer.data["charts"] as Chart[];
}
const pointsOf = async (ask: Asker, type: string, name: string) =>
  (await chartsOf(ask, type)).find((chart) => chart.name === name)?.points;

test("a chart counts what it is narrowed to, and names the records it counts by", async () => {
  expect((await pointsOf(dsl, "crossing", "where"))?.map(({ label, count }) => [label, count]).sort()).toEqual([
    ["Calais", 1],
    ["Dover", 2],
  ]);
});

test("a trend is of the last twelve months, those without a record included, and an instant falls in the school's month", async () => {
  const months = await pointsOf(dsl, "crossing", "months");
  expect(months?.map(({ value }) => value).slice(-2)).toEqual(["2026-10", "2026-11"]);
  expect(months?.map(({ count }) => count)).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
  expect(months?.[0]).toMatchObject({ value: "2025-12", label: "December 2025" });
  const hours = await pointsOf(dsl, "crossing", "hours");
  expect(hours?.filter(({ count }) => count).map(({ value, count }) => [value, count])).toEqual([
    ["2026-06", 1],
    ["2026-07", 1],
  ]);
});

test("a chart counts what its reader may see, and names no record that is not theirs to see", async () => {
  expect((await pointsOf(governor, "crossing", "months"))?.map(({ count }) => count).slice(-2)).toEqual([1, 1]);
  expect((await pointsOf(governor, "crossing", "where"))?.map(({ label }) => label)).toEqual(
    Array<string>(2).fill("One not yours to see"),
  );
  expect(await chartsOf(administrator, "crossing")).toEqual([]);
});

test("each role's dashboard has the charts that the definitions give it", async () => {
  const ours = async (ask: Asker) =>
    (await chartsOf(ask))
      .filter(({ type }) => ["crossing", "whisper"].includes(type))
      .map(({ type, name }) => `${type}.${name}`);
  expect(await ours(dsl)).toEqual(["crossing.where"]);
  expect(await ours(governor)).toEqual(["crossing.months", "whisper.months"]);
  expect(await ours(administrator)).toEqual([]);
});

test("of confidential records who may count them is not told what is none from what is fewer than five", async () => {
  const charts = await chartsOf(governor, "whisper");
  expect(charts.map(({ name, points }) => [name, points.map(({ label, count }) => [label, count])])).toEqual([
    ["months", expect.any(Array)],
    [
      "rough",
      [
        ["No", null],
        ["Yes", null],
      ],
    ],
    [
      "stages",
      [
        ["Planned", 9],
        ["Over", null],
      ],
    ],
    [
      "decks",
      [
        ["upper", null],
        ["lower", 8],
        ["Not given", null],
      ],
    ],
  ]);
  const [months] = charts;
  expect(months?.points.map(({ count }) => count)).toEqual([...Array<null>(9).fill(null), 6, null, null]);
  expect(await chartsOf(administrator, "whisper")).toEqual([]);
});

test("whom or what confidential records are about is a chart only for who sees them", async () => {
  expect((await chartsOf(dsl, "whisper")).map(({ name }) => name)).toEqual(
    expect.arrayContaining(["skippers", "harbours"]),
  );
  expect(await pointsOf(dsl, "whisper", "skippers")).toMatchObject([{ label: "Owen Pluckley", count: 9 }]);
  const asked = await governor("{ whisperCounts(by: SKIPPER) { value count } }");
  expect(asked.errors.map(({ extensions }) => extensions.code)).toEqual(["FORBIDDEN"]);
});

test("registers say where their records stand and how many tasks are late, each to who may count it", async () => {
  await api.school.clock.to("2026-11-26T12:00:00.000Z");
  // A process notices within a second that the clock has moved.
  while (!(await dsl("{ me { today } }")).text.includes("2026-11-26"));
  const standing = async (ask: Asker) => {
    const { data } = await ask("{ standings { type states { value label count } overdue } }");
    return (data["standings"] as { type: string; states: unknown[]; overdue: number | null }[]).filter(({ type }) =>
      ["crossing", "whisper", "harbour"].includes(type),
    );
  };
  expect(await standing(dsl)).toEqual([
    { type: "crossing", states: [{ value: "planned", label: "Planned", count: 4 }], overdue: 4 },
    { type: "harbour", states: [{ value: "open", label: "Open", count: 2 }], overdue: 0 },
    { type: "whisper", states: [{ value: "planned", label: "Planned", count: 9 }], overdue: 9 },
  ]);
  const whispers = [
    { value: "planned", label: "Planned", count: 9 },
    { value: "over", label: "Over", count: null },
  ];
  expect(await standing(governor)).toEqual([
    { type: "crossing", states: [{ value: "planned", label: "Planned", count: 3 }], overdue: 3 },
    { type: "whisper", states: whispers, overdue: null },
  ]);
  expect(await standing(administrator)).toEqual([]);
});
