/** What a school sets and when it is open count wherever a definition asks: charts, grants, lists, duties, what is sent. */
import { act } from "../../api/engine/act";
import { createRecord } from "../../api/engine/createRecord";
import { publishTypes } from "../../api/engine/publishDefinition";
import { systemIdentity } from "../../api/engine/run";
import { setSetting } from "../../api/engine/setSetting";
import type { Condition, RecordType, Value } from "../../schema/definition";
import { newSchoolApi, type SchoolApi } from "./schoolApi";

const everybody = [{ anyone: true as const }];
const base = (name: string, over: Partial<RecordType>): RecordType => ({
  ...{ name, plural: `${name}s`, label: name, pluralLabel: `${name}s`, title: "{{ reference }}" },
  reference: `${name.toUpperCase()}-{n}`,
  entries: { new: "open" },
  fields: { height: { kind: "number", label: "Height" }, day: { kind: "date", label: "Day" } },
  settings: {
    least: { label: "Least", kind: "number", value: 10 },
    within: { label: "Within", kind: "offset", value: "P10D" },
    kinds: { label: "Kinds", kind: "texts", value: ["oak"] },
  },
  states: { open: { label: "Open" }, shut: { label: "Shut", end: true } },
  actions: { shut: { label: "Shut", from: ["open"], to: "shut", who: everybody } },
  grants: [{ to: everybody, may: ["see", "create", "edit"] }],
  ...over,
});

// Thursday; the Monday and Tuesday after are the first two working days on.
const now = "2026-11-26T09:00:00.000Z";
const soon: Value = { plus: [{ today: true }, "2 working days"] };
const tall: Condition = { ge: [{ field: "height" }, { setting: "least" }] };

let api: SchoolApi;
beforeAll(async () => {
  api = await newSchoolApi({ startsAt: now });
}, 120_000);
afterAll(() => api.close());

const publish = (...types: RecordType[]) =>
  publishTypes(api.school.world, systemIdentity(api.school.organisation), types, { consent: "pack" });
const make = (type: string, input: Record<string, unknown>) =>
  api.school.as("Zoe King", (run) => createRecord(run, { type, input }));
const set = (type: string, name: string, value: string | number | string[]) =>
  api.school.as("Harriet Stowting", (run) => setSetting(run, { type, name, value }));
const ask = async <T>(query: string): Promise<T> => {
  const { data, errors } = await (await api.as("Zoe King"))(query);
  expect(errors).toEqual([]);
  return data as T;
};

test("a chart counts by the school's figure, and by its working days", async () => {
  await publish(
    base("tree", {
      charts: {
        tall: { label: "Tall", by: "state", where: tall },
        soon: { label: "Soon", by: "state", where: { le: [{ field: "day" }, soon] } },
      },
    }),
  );
  await make("tree", { height: 5, day: "2026-11-30" });
  await make("tree", { height: 5, day: "2026-12-02" });
  await make("tree", { height: 1, day: "2026-12-02" });
  await set("tree", "least", 3);
  const counts = async () => {
    const { charts } = await ask<{ charts: { name: string; points: { count: number }[] }[] }>(
      `{ charts(type: "tree") { name points { count } } }`,
    );
    return Object.fromEntries(charts.map(({ name, points }) => [name, points[0]?.count ?? 0]));
  };
  expect(await counts()).toEqual({ tall: 2, soon: 1 });
  await set("tree", "least", 1);
  expect(await counts()).toEqual({ tall: 3, soon: 1 });
});

test("a grant by working days, a figure or a list of words opens the same in a list and by itself", async () => {
  const cases: [string, Condition][] = [
    ["bush", { ge: [{ field: "day" }, soon] }],
    ["herb", tall],
    ["moss", { includes: [{ setting: "kinds" }, "elm"] }],
  ];
  for (const [name, when] of cases) {
    await publish(
      base(name, {
        grants: [
          { to: everybody, may: ["create"] },
          { to: everybody, may: ["see"], when },
        ],
      }),
    );
    await make(name, { height: 5, day: "2026-11-27" });
    const { id } = await make(name, { height: 20, day: "2026-12-10" });
    await set(name, "kinds", ["elm", "ash"]);
    await set(name, "least", 15);
    const found = await ask<{ list: { nodes: { id: string }[] } }>(`{ list: ${name}s { nodes { id } } }`);
    const ids = found.list.nodes.map((node) => node.id);
    expect([name, ids.includes(id), ids.length]).toEqual([name, true, name === "moss" ? 2 : 1]);
    const alone = await ask<{ one: { id: string } | null }>(`{ one: ${name}(id: "${id}") { id } }`);
    expect([name, alone.one?.id]).toEqual([name, id]);
  }
});

test("what is sent reaches those that the school's figure chooses", async () => {
  const system = [{ system: true as const }];
  await publish(
    base("wood", {
      actions: {
        ring: {
          ...{ label: "Ring", from: ["open"], who: everybody },
          effects: [{ send: { link: "bird.wood", event: "wake", where: tall } }],
        },
        shut: { label: "Shut", from: ["open"], to: "shut", who: everybody },
      },
    }),
    base("bird", {
      fields: { wood: { kind: "link", label: "Wood", to: "wood" }, height: { kind: "number", label: "Height" } },
      states: { open: { label: "Open" }, awake: { label: "Awake", end: true } },
      actions: { wake: { label: "Wake", from: ["open"], to: "awake", who: system } },
    }),
  );
  const wood = await make("wood", {});
  for (const height of [2, 5]) await make("bird", { wood: wood.id, height });
  await set("wood", "least", 3);
  await api.school.as("Zoe King", (run) => act(run, { type: "wood", id: wood.id, action: "ring", input: {} }));
  await api.school.clock.to("2026-11-26T12:00:00Z");
  const birds = await api.school.query("SELECT f_height AS height, state FROM r_bird ORDER BY f_height");
  expect(birds.map(({ height, state }) => [Number(height), state])).toEqual([
    [2, "open"],
    [5, "awake"],
  ]);
});

test("a duty fills in the school's figures and counts its working days", async () => {
  await publish(
    base("walk", {
      duties: {
        count: {
          ...{ label: "Count", every: "P1M", from: "2026-12-01" },
          fields: { height: { setting: "least" }, day: { plus: [{ today: true }, { setting: "within" }] } },
        },
        walk: { label: "Walk", every: "P1M", from: "2026-12-02", fields: { day: soon } },
      },
    }),
  );
  await set("walk", "least", 3);
  await set("walk", "within", "P20D");
  await api.school.clock.to("2026-12-02T12:00:00Z");
  const made = await api.school.query("SELECT f_height AS height, f_day AS day FROM r_walk ORDER BY id");
  expect(made.map(({ height, day }) => [height === null ? null : Number(height), String(day).slice(0, 10)])).toEqual([
    [3, "2026-12-21"],
    [null, "2026-12-04"],
  ]);
});
