/** What a mutation answers is made from what it wrote: it must be what a reader finds a moment later. */
import type { RecordType } from "../../schema/definition";
import { type Answer, type Asker, newSchoolApi, type SchoolApi } from "./schoolApi";

const repair: RecordType = {
  name: "repair",
  plural: "repairs",
  label: "Repair",
  pluralLabel: "Repairs",
  reference: "REP-{year}-{n}",
  title: "{{ what }} {{ share }}",
  entries: { new: "open" },
  fields: {
    what: { kind: "text", label: "What", required: true },
    story: { kind: "longText", label: "Story" },
    share: { kind: "number", label: "Share", decimals: 2 },
    cost: { kind: "money", label: "Cost", default: 1_250 },
    urgent: { kind: "yesNo", label: "Urgent", default: false },
    doneOn: { kind: "date", label: "Done on", precision: true },
    seenAt: { kind: "dateTime", label: "Seen at" },
    tools: { kind: "list", label: "Tools", of: { name: { kind: "text", label: "Name" } } },
    risk: { kind: "riskGrid", label: "Risk" },
    keeper: { kind: "person", label: "Keeper" },
    helpers: { kind: "people", label: "Helpers" },
    policy: { kind: "link", label: "Policy", to: "policy" },
    report: { kind: "document", label: "Report" },
    secret: { kind: "text", label: "Secret", sensitive: true },
    price: { kind: "text", label: "Price", see: [{ field: "keeper" }] },
    away: { kind: "yesNo", label: "Put away", default: false },
  },
  states: { open: { label: "Open" }, done: { label: "Done", end: true } },
  actions: {
    finish: {
      label: "Finish",
      from: ["open"],
      to: "done",
      who: [{ anyone: true }],
      effects: [{ set: { share: 5, doneOn: { today: true }, keeper: { actor: true } } }],
    },
    putAway: { label: "Put away", from: ["open"], who: [{ anyone: true }], effects: [{ set: { away: true } }] },
  },
  settings: { most: { label: "The dearest that staff deal with", kind: "number", value: 2_000 } },
  grants: [
    {
      to: [{ role: "staff" }],
      may: ["see", "create", "edit"],
      when: { all: [{ eq: [{ field: "away" }, false] }, { le: [{ field: "cost" }, { setting: "most" }] }] },
    },
  ],
};

const EVERYTHING = `fragment Everything on Repair {
  id reference recordTitle version definitionVersion state createdAt updatedAt createdBy { id name email }
  what story share cost urgent doneOn seenAt tools risk { likelihood impact level } keeper { id name email } helpers { name }
  policy { recordTitle } report { number text } reportVersions { number } secret price away history { summary } }`;

let api: SchoolApi;
let head: Asker;
let administrator: Asker;

beforeAll(async () => {
  api = await newSchoolApi();
  administrator = await api.as("Harriet Stowting");
  await administrator("mutation ($json: JSON!) { publishDefinition(json: $json) { version } }", { json: repair });
  head = await api.as("Zoe King");
}, 60_000);
afterAll(() => api.close());

interface Repair {
  id: string;
  [name: string]: unknown;
}

/** The answer of a mutation, which must be what a query finds. */
async function found(answer: Answer): Promise<Repair> {
  expect(answer.errors).toEqual([]);
  const [left] = Object.values(answer.data) as Repair[];
  const read = await head(`query ($id: ID!) { repair(id: $id) { ...Everything } } ${EVERYTHING}`, { id: left?.id });
  expect(read.errors).toEqual([]);
  expect(left).toEqual(read.data["repair"]);
  return read.data["repair"] as Repair;
}

const create = (input: object): Promise<Answer> =>
  head(`mutation ($input: CreateRepairInput!) { createRepair(input: $input) { ...Everything } } ${EVERYTHING}`, {
    input,
  });

test("a mutation answers what a reader finds: of every kind of field, of defaults, and of what effects set", async () => {
  const [zoe, owen] = ["Zoe King", "Owen Pluckley"].map((name) => api.school.personId(name));
  const [policy] = await api.school.query("SELECT id FROM r_policy LIMIT 1");
  const made = await found(
    await create({
      what: "  Cafe\u0301 gate ",
      story: "One\r\ntwo",
      share: 1.5,
      doneOn: "2026-05",
      seenAt: "2026-10-25T01:30:00+01:00",
      tools: [{ name: "Hammer" }],
      risk: { likelihood: 2, impact: 3 },
      keeper: zoe,
      helpers: [owen, zoe],
      policy: policy?.["id"],
      report: "It hangs loose.",
      secret: "Under the mat",
      price: "Dear",
    }),
  );
  expect(made).toMatchObject({ what: "Café gate", cost: 1_250, urgent: false, price: "Dear", secret: "Under the mat" });
  const changed = await found(
    await head(
      `mutation ($id: ID!, $input: UpdateRepairInput!) {
        updateRepair(id: $id, expectedVersion: 1, input: $input) { ...Everything } } ${EVERYTHING}`,
      { id: made.id, input: { report: "Mended.", helpers: [], keeper: owen, story: null } },
    ),
  );
  expect(changed).toMatchObject({ version: 2, story: null, helpers: [], report: { number: 2 }, price: null });
  const finished = await found(
    await head(`mutation ($id: ID!) { finishRepair(id: $id) { ...Everything } } ${EVERYTHING}`, { id: made.id }),
  );
  expect(finished).toMatchObject({ state: "done", share: 5, keeper: { name: "Zoe King" }, price: "Dear" });
});

test("who may no longer see what they have done is told so, and nothing of it", async () => {
  const { id } = await found(await create({ what: "Ladder" }));
  const answer = await head("mutation ($id: ID!) { putAwayRepair(id: $id) { what } }", { id });
  expect(answer.errors[0]).toMatchObject({ path: ["putAwayRepair"], extensions: { code: "NOT_FOUND" } });
  expect(answer.text).not.toContain("Ladder");
  expect(await api.school.query("SELECT f_away FROM r_repair WHERE id = ?", [id])).toEqual([{ f_away: 1 }]);
});

test("a grant that reads a figure goes by the school's own, for who writes as for who reads", async () => {
  const { id } = await found(await create({ what: "Boiler", cost: 1_500 }));
  const update = `mutation ($id: ID!) { updateRepair(id: $id, expectedVersion: 1, input: { story: "Cold" }) { version } }`;
  const set = (value: number) =>
    administrator('mutation ($value: JSON!) { setSetting(type: "repair", name: "most", value: $value) { moved } }', {
      value,
    });
  expect((await set(1_400)).errors).toEqual([]);
  expect((await head("query ($id: ID!) { repair(id: $id) { id } }", { id })).data).toEqual({ repair: null });
  expect((await head(update, { id })).errors[0]?.extensions.code).toBe("NOT_FOUND");
  expect((await set(1_500)).errors).toEqual([]);
  expect((await head(update, { id })).data).toEqual({ updateRepair: { version: 2 } });
});
