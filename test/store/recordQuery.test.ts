/** Reading records page by page, and only those that may be seen. */
import { plainCalendar } from "../../schema/condition";
import type { Condition, RecordType } from "../../schema/definition";
import type { Fields } from "../../schema/record";
import { createRecord } from "../../api/engine/createRecord";
import { fireDue } from "../../api/engine/fireDue";
import { create } from "../../api/engine/pipeline";
import { publishDefinition } from "../../api/engine/publishDefinition";
import { systemIdentity } from "../../api/engine/run";
import { readByIds, readCount, readCounts, readList, type ListArgs, type SortKey } from "../../api/store/recordQuery";
import type { Access } from "../../api/store/visibility";
import { newSchool, type School } from "../school";

const levels = ["low", "mid", "high"];
const visit: RecordType = {
  name: "visit",
  plural: "visits",
  label: "Visit",
  pluralLabel: "Visits",
  reference: "VIS-{n}",
  title: "{{ topic }}",
  entries: { new: "planned" },
  fields: {
    topic: { kind: "text", label: "Topic", index: true },
    people: { kind: "number", label: "People" },
    share: { kind: "number", label: "Share", decimals: 2 },
    cost: { kind: "money", label: "Cost" },
    agreed: { kind: "yesNo", label: "Agreed" },
    day: { kind: "date", label: "Day", precision: true },
    startsAt: { kind: "dateTime", label: "Starts at" },
    level: { kind: "choice", label: "Level", options: levels.map((value) => ({ value, label: value })) },
    visitor: { kind: "person", label: "Visitor" },
  },
  states: { planned: { label: "Planned", resting: true } },
  actions: {},
  grants: [{ to: [{ role: "staff" }], may: ["see", "create", "edit"] }],
  bars: ["visitor"],
};
const talk: RecordType = {
  ...visit,
  name: "talk",
  plural: "talks",
  label: "Talk",
  pluralLabel: "Talks",
  reference: "TAL-{n}",
  confidential: true,
  grants: [{ to: [{ role: "staff" }, { field: "visitor" }], may: ["see", "create", "edit"] }],
  bars: [],
};

const rows = 90;
const pick = <T>(list: T[], n: number): T => list[n % list.length] as T;
/** Few values, so that there are many ties; empty ones, blanks at the end, accents, and values that differ at the end. */
const valuesOf = (n: number): Fields => ({
  topic: pick(["a", "A", "é", "e", "a b", "a  b", "Ω", null], n * 5),
  people: pick([null, 0, -3, 7, 9_007_199_254_740_991, 9_007_199_254_740_990], n * 7),
  share: pick(["0.10", "0.1", "-2.50", null, "90071992547409.91", "90071992547409.92"], n * 11),
  cost: pick([null, 1, 100, 250], n * 3),
  agreed: pick([true, false, null], n * 2),
  day: pick(["2027", "2027-03", "2027-03-28", "2027-12-31", null], n * 3),
  startsAt: pick(["2027-03-28T00:59:59.999Z", "2027-03-28T01:00:00.000Z", "2027-03-28T01:00:00.001Z", null], n),
  level: pick([...levels, null], n * 3),
});

let school: School;
let everyone: string[];
const today = "2026-11-23";

beforeAll(async () => {
  school = await newSchool("2026-11-23T09:00:00.000Z");
  for (const json of [visit, talk])
    await publishDefinition(school.world, systemIdentity(school.organisation), { json });
  await fireDue(school.world);
  everyone = await school.as("Bea Wickhurst", async (run) => {
    const made: string[] = [];
    for (let n = 0; n < rows; n++) made.push((await create(run, "visit", run.organisation.id, valuesOf(n))).after.id);
    return made.sort();
  });
}, 60_000);
afterAll(() => school.close());

const published = (type: string) => {
  const found = school.world.registry.types.get(type)?.active;
  if (!found) throw new Error(`${type} is not published.`);
  return found;
};
const accessOf = (name: string): Promise<Access> => school.as(name, (run) => Promise.resolve(run.identity.access));
const viewer = (access: Access) => ({
  registry: school.world.registry,
  access,
  scopeOf: () => ({ today, actor: access.person, settings: {}, calendar: plainCalendar }),
});

interface Query {
  type?: string;
  sort?: SortKey[];
  where?: Condition;
  first?: number;
  after?: string;
  offset?: number;
  search?: string;
}
const list = (access: Access, { type = "visit", first = 200, ...more }: Query = {}) =>
  readList(school.world.db, viewer(access), published(type), {
    fields: [],
    people: [],
    first,
    ...more,
  } as ListArgs);
const count = (access: Access, { type = "visit", ...more }: Query = {}) =>
  readCount(school.world.db, viewer(access), published(type), more);

/** All pages, one after another. */
async function pages(access: Access, query: Query): Promise<string[]> {
  const found: string[] = [];
  for (let after: string | undefined; ;) {
    const page = await list(access, { ...query, ...(after === undefined ? {} : { after }) });
    found.push(...page.rows.map((row) => row.id));
    if (!page.hasNextPage) return found;
    if (found.length > 2 * rows) throw new Error("The pages have no end.");
    after = page.endCursor ?? undefined;
  }
}

const sortable = [
  "title",
  "reference",
  "state",
  "createdAt",
  "topic",
  "people",
  "share",
  "cost",
  "agreed",
  "day",
  "startsAt",
  "level",
];
const sorts: [string, SortKey[]][] = [
  ...sortable.flatMap((field) => [false, true].map((desc): SortKey[] => [{ field, desc }])),
  ...sortable.slice(4).flatMap((field, n): SortKey[][] => [
    [
      { field, desc: false },
      { field: pick(sortable, n + 7), desc: true },
    ],
    [
      { field: pick(sortable, n + 6), desc: true },
      { field, desc: false },
      { field: "level", desc: true },
    ],
  ]),
].map((sort) => [sort.map(({ field, desc }) => `${field} ${desc ? "down" : "up"}`).join(", "), sort]);

test.each(sorts)("by %s, the pages together are the list: no row lost, none twice", async (_name, sort) => {
  const access = await accessOf("Bea Wickhurst");
  const whole = (await list(access, { sort })).rows.map((row) => row.id);
  expect([...whole].sort()).toEqual(everyone);
  expect(await pages(access, { sort, first: 7 })).toEqual(whole);
  expect(await pages(access, { sort, first: 1 })).toEqual(whole);
});

test("a filtered list, its pages and its count agree, also where a value is empty", async () => {
  const access = await accessOf("Bea Wickhurst");
  const filters: Condition[] = [
    { empty: { field: "people" } },
    { not: { eq: [{ field: "level" }, "low"] } },
    { any: [{ ge: [{ field: "day" }, "2027-03-28"] }, { contains: [{ field: "topic" }, "E"] }] },
  ];
  for (const where of filters) {
    const found = await pages(access, { where, sort: [{ field: "day", desc: true }], first: 4 });
    expect(new Set(found).size).toBe(found.length);
    expect(await count(access, { where })).toBe(found.length);
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThan(rows);
  }
  const byLevel = await readCounts(school.world.db, viewer(access), published("visit"), { by: "level" });
  expect(byLevel.reduce((sum, each) => sum + each.count, 0)).toBe(rows);
  expect(byLevel.map(({ value }) => value)).toEqual([null, "high", "low", "mid"]);
});

test("a page by number holds what the pages before it leave", async () => {
  const access = await accessOf("Bea Wickhurst");
  const sort = [{ field: "cost", desc: false }];
  const whole = (await list(access, { sort })).rows.map((row) => row.id);
  expect((await list(access, { sort, first: 10, offset: 35 })).rows.map((row) => row.id)).toEqual(whole.slice(35, 45));
  expect(await list(access, { sort, first: 10, offset: 85 })).toMatchObject({ hasNextPage: false });
});

test("a cursor of another list, or one that somebody wrote, is refused and says where to begin", async () => {
  const access = await accessOf("Bea Wickhurst");
  const { endCursor } = await list(access, { sort: [{ field: "cost", desc: false }], first: 5 });
  const refused = { code: "INVALID_INPUT", problems: [{ path: "after" }] };
  const cursor = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  for (const [after, sort] of [
    [endCursor ?? "", [{ field: "cost", desc: true }]],
    [endCursor ?? "", [{ field: "people", desc: false }]],
    ["nonsense", [{ field: "cost", desc: false }]],
    ["", [{ field: "cost", desc: false }]],
    [cursor(["cost", [{ a: 1 }], everyone[0]]), [{ field: "cost", desc: false }]],
    [cursor(["cost", [[1, 2]], everyone[0]]), [{ field: "cost", desc: false }]],
    [cursor(["cost", [], everyone[0]]), [{ field: "cost", desc: false }]],
    [cursor(["cost", [1], 7]), [{ field: "cost", desc: false }]],
  ] as [string, SortKey[]][])
    await expect(list(access, { sort, after })).rejects.toMatchObject(refused);
});

test("what cannot be sorted by is refused", async () => {
  const access = await accessOf("Bea Wickhurst");
  for (const field of ["nothing", "id; DROP TABLE r_visit", "constructor"])
    await expect(list(access, { sort: [{ field, desc: false }] })).rejects.toMatchObject({
      code: "INVALID_INPUT",
      problems: [{ path: "sort" }],
    });
});

test("staff read the policies that are in force, and no draft; those who write them read both", async () => {
  const { id } = await school.as("Edith Marlowe", (run) =>
    createRecord(run, { type: "policy", input: { title: "Allergy Policy", owner: school.personId("Zoe King") } }),
  );
  const [staff, clerk] = [await accessOf("Owen Pluckley"), await accessOf("Edith Marlowe")];
  const titles = async (access: Access) =>
    (await list(access, { type: "policy" })).rows.map((row) => row.recordTitle.split(" ")[0]);
  expect(await titles(clerk)).toEqual(["Allergy", "Mobile", "Social"]);
  expect(await titles(staff)).toEqual(["Mobile", "Social"]);
  expect([await count(staff, { type: "policy" }), await count(clerk, { type: "policy" })]).toEqual([2, 3]);
  expect(await count(staff, { type: "policy", search: "allergy" })).toBe(0);
  const asked = { fields: [], people: [] };
  const byId = (access: Access) => readByIds(school.world.db, viewer(access), published("policy"), asked, [id]);
  expect([await byId(staff), (await byId(clerk)).length]).toEqual([[], 1]);
  const states = await readCounts(school.world.db, viewer(staff), published("policy"), { by: "state" });
  expect(states).toEqual([{ value: "reviewDue", count: 2 }]);
});

test("whom a field bars does not see the record, whatever role they hold; their colleagues do", async () => {
  const visitor = school.personId("Owen Pluckley");
  const { id } = await school.as("Bea Wickhurst", (run) =>
    createRecord(run, { type: "visit", input: { topic: "barred", visitor } }),
  );
  const where: Condition = { eq: [{ field: "topic" }, "barred"] };
  const [barred, colleague] = [await accessOf("Owen Pluckley"), await accessOf("Tomas Elmstead")];
  expect(await pages(colleague, { where })).toEqual([id]);
  expect([await pages(barred, { where }), await count(barred, { where }), await count(barred)]).toEqual([[], 0, rows]);
  await school.world.db.execute("DELETE FROM record_party WHERE record = ?", [id]);
  await school.world.db.execute("DELETE FROM r_visit WHERE id = ?", [id]);
});

test("a role alone opens nothing confidential; the person it is about reads their own", async () => {
  const visitor = school.personId("Owen Pluckley");
  const own = await school.as("Owen Pluckley", (run) =>
    createRecord(run, { type: "talk", input: { topic: "mine", visitor } }),
  );
  await school.as("Owen Pluckley", (run) => create(run, "talk", run.organisation.id, { topic: "of nobody" }));
  expect(await pages(await accessOf("Owen Pluckley"), { type: "talk" })).toEqual([own.id]);
  expect(await pages(await accessOf("Tomas Elmstead"), { type: "talk" })).toEqual([]);
});

test("another organisation sees nothing, with any role, and neither does somebody without one", async () => {
  const other = "01AAAAAAAAAAAAAAAAAAAAAAAA";
  const roles = school.world.registry.roles.map((role) => role.name);
  const person = school.personId("Owen Pluckley");
  const strangers: Access[] = [
    { person, organisations: [{ id: other, roles, below: roles }], acting: other },
    { person, organisations: [{ id: school.organisation, roles: [] }], acting: school.organisation },
    // A role held above reaches only where the grant says so.
    { person, organisations: [{ id: school.organisation, roles: [], below: roles }], acting: school.organisation },
    { person: null, organisations: [], acting: other },
  ];
  for (const access of strangers)
    for (const type of ["visit", "policy"]) {
      expect([await pages(access, { type }), await count(access, { type })]).toEqual([[], 0]);
      const [one] = await school.query(`SELECT id FROM r_${type} LIMIT 1`);
      const found = readByIds(school.world.db, viewer(access), published(type), { fields: [], people: [] }, [
        String(one?.["id"]),
      ]);
      expect(await found).toEqual([]);
    }
});
