/** Two servers of one database: what is published on one is answered by the other without a restart. */
import type { RecordType } from "../../schema/definition";
import { type Asker, newSchoolApi, type SchoolApi } from "./schoolApi";

let school: SchoolApi;
let administrator: Asker;

const trip: RecordType = {
  name: "schoolTrip",
  plural: "schoolTrips",
  label: "School trip",
  pluralLabel: "School trips",
  reference: "TRIP-{year}-{n}",
  title: "{{ destination }}",
  entries: { new: "planned" },
  fields: {
    destination: { kind: "text", label: "Destination", required: true },
    leader: { kind: "person", label: "Leader" },
    policy: { kind: "link", label: "Policy it follows", to: "policy" },
    risk: { kind: "riskGrid", label: "Risk" },
    size: { kind: "number", label: "Pupils" },
  },
  states: { planned: { label: "Planned" }, gone: { label: "Gone", end: true } },
  actions: { leave: { label: "Leave", from: ["planned"], to: "gone", who: [{ role: "staff" }], form: ["size"] } },
  grants: [{ to: [{ role: "staff" }], may: ["see", "create", "edit"] }],
};

const wider: RecordType = { ...trip, fields: { ...trip.fields, notes: { kind: "longText", label: "Notes" } } };

const PUBLISH = "mutation P($json: JSON!) { publishDefinition(json: $json) { type version schemaVersion } }";

beforeAll(async () => {
  school = await newSchoolApi();
  administrator = await school.as("Harriet Stowting");
}, 60_000);
afterAll(() => school.close());

test("a type nobody knew is published on one server and driven on the other at once", async () => {
  const other = await school.second();
  const there = other.ask(await school.signIn("Zoe King"));
  expect((await there("{ schoolTrips { totalCount } }")).errors).not.toEqual([]);

  const published = await administrator(PUBLISH, { json: trip });
  expect(published.errors).toEqual([]);
  const logged = await school.school.query(
    "SELECT address FROM security_log WHERE kind = 'definitionPublished' AND actor = ?",
    [school.school.personId("Harriet Stowting")],
  );
  expect(logged).toEqual([{ address: expect.stringMatching(/^[0-9a-f]{16}$/) as string }]);
  const { schemaVersion } = published.data["publishDefinition"] as { schemaVersion: number };
  expect(published.headers["x-schema-version"]).toBe(String(schemaVersion));

  const [policy] = ((await there("{ policies { nodes { id } } }")).data["policies"] as { nodes: { id: string }[] })
    .nodes;
  const made = await there(
    `mutation C($input: CreateSchoolTripInput!) { createSchoolTrip(input: $input) {
      id reference state policy { recordTitle state } risk { level } leader { name } } }`,
    {
      input: {
        destination: "Dover Castle",
        policy: policy?.id,
        leader: school.school.personId("Tomas Elmstead"),
        risk: { likelihood: 1, impact: 2 },
      },
    },
    { "x-schema-version": String(schemaVersion) },
  );
  expect(made.errors).toEqual([]);
  expect(made.data["createSchoolTrip"]).toMatchObject({
    state: "planned",
    policy: { state: "ratified" },
    risk: { level: "low" },
    leader: { name: "Tomas Elmstead" },
  });
  const { id } = made.data["createSchoolTrip"] as { id: string };
  const left = await there(`mutation { leaveSchoolTrip(id: "${id}", input: { size: 28 }) { state size } }`);
  expect(left.data["leaveSchoolTrip"]).toEqual({ state: "gone", size: 28 });
}, 30_000);

test("another server follows by itself within a moment", async () => {
  const other = await school.second();
  const there = other.ask(await school.signIn("Zoe King"));
  expect((await administrator(PUBLISH, { json: wider })).errors).toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  const answer = await there("{ schoolTrips(filter: { notes: { empty: true } }) { totalCount nodes { notes } } }");
  expect(answer.data).toEqual({ schoolTrips: { totalCount: 1, nodes: [{ notes: null }] } });
}, 30_000);

test("a definition the API cannot carry is refused before anything is stored, with its path", async () => {
  const clash = { ...trip, name: "task", plural: "errands", reference: "ERRAND-{n}" };
  const withField = { ...trip, fields: { ...wider.fields, permissions: { kind: "text", label: "Permissions" } } };
  for (const [json, path] of [
    [clash, "name"],
    [withField, "fields.permissions"],
  ] as const) {
    const refused = await administrator(PUBLISH, { json });
    expect(refused.errors[0]?.extensions.code).toBe("BAD_DEFINITION");
    expect(refused.errors[0]?.extensions.problems?.map((problem) => problem.path)).toContain(path);
    const checked = await administrator(
      "query C($json: JSON!) { checkDefinition(json: $json) { ok problems { path } } }",
      { json },
    );
    expect(checked.data["checkDefinition"]).toMatchObject({ ok: false });
  }
  const versions = await school.school.query("SELECT type FROM definition WHERE type = 'task'");
  expect(versions).toEqual([]);
});

test("publishing is for administrators", async () => {
  const head = await school.as("Zoe King");
  expect((await head(PUBLISH, { json: trip })).errors[0]?.extensions.code).toBe("FORBIDDEN");
});
