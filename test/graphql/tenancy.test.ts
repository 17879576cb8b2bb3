/**
 * An administrator of one school tries every operation that names a person, an appointment or anything else by its id,
 * and every field of a record that holds people, on those of another: nothing is told and nothing changes. The schema is
 * enumerated, so that a new operation is covered without being listed here.
 */
import { ulid } from "ulid";
import { publishTypes } from "../../api/engine/publishDefinition";
import { readInput } from "../../api/engine/input";
import { type Identity, run, systemIdentity } from "../../api/engine/run";
import { Failure } from "../../schema/failure";
import type { RecordType } from "../../schema/definition";
import { pascal } from "../../schema/text";
import { newSchoolBeside } from "../besideSchool";
import { type Asker, newSchoolApi, type SchoolApi } from "./schoolApi";

let school: SchoolApi;
let stella: Asker;
let zoe: string;
/** Of a third school under the same trust, and who works there: neither above nor below Stella's. */
let sibling: string;
let beside: { organisation: string; person: string };

interface TypeRef {
  kind: string;
  name: string | null;
  ofType: TypeRef | null;
}
interface Input {
  name: string;
  type: TypeRef;
  defaultValue: string | null;
}
interface Operation {
  name: string;
  args: Input[];
  type: TypeRef;
}
interface TypeInfo {
  kind: string;
  name: string;
  inputFields: Input[] | null;
  enumValues: { name: string }[] | null;
}
let operations: { kind: "query" | "mutation"; field: Operation }[];
let types: Map<string, TypeInfo>;

const TYPE = "kind name ofType { kind name ofType { kind name ofType { kind name } } }";
const INTROSPECTION = `{ __schema { queryType { fields { name args { name defaultValue type { ${TYPE} } } type { ${TYPE} } } }
  mutationType { fields { name args { name defaultValue type { ${TYPE} } } type { ${TYPE} } } }
  types { kind name enumValues { name } inputFields { name defaultValue type { ${TYPE} } } } } }`;

const typesInForce = (): RecordType[] =>
  [...school.school.world.registry.types.values()].map(({ active }) => active.type);

beforeAll(async () => {
  school = await newSchoolApi({ demo: false });
  zoe = school.school.personId("Zoe King");
  beside = await newSchoolBeside(school.school.databaseUrl);
  sibling = ulid();
  const third = ulid();
  await school.school.query(
    "INSERT INTO organisation (id, parent, name, kind, zone) VALUES (?, ?, 'Third School', 'school', 'Europe/London')",
    [third, school.school.organisation],
  );
  await school.school.query(
    "INSERT INTO person (id, organisation, name, name_folded, email) VALUES (?, ?, 'Sid Sibling', 'sid sibling', 'sid@third.invalid')",
    [sibling, third],
  );
  await school.school.query(
    "INSERT INTO appointment (id, organisation, person, role, from_on) VALUES (?, ?, ?, 'classTeacher', '2020-01-01')",
    [ulid(), third, sibling],
  );
  stella = await school.as("Stella Otherschool");
  const { __schema } = (await stella(INTROSPECTION)).data as {
    __schema: { queryType: { fields: Operation[] }; mutationType: { fields: Operation[] }; types: TypeInfo[] };
  };
  operations = [
    ...__schema.queryType.fields.map((field) => ({ kind: "query" as const, field })),
    ...__schema.mutationType.fields.map((field) => ({ kind: "mutation" as const, field })),
  ];
  types = new Map(__schema.types.map((type) => [type.name, type]));
}, 120_000);
afterAll(() => school.close());

const named = (type: TypeRef): TypeRef => (type.ofType ? named(type.ofType) : type);

/** Does an id stand anywhere in these arguments? */
const takesId = (inputs: Input[], seen = new Set<string>()): boolean =>
  inputs.some(({ type }) => {
    const { kind, name } = named(type);
    if (name === "ID") return true;
    if (kind !== "INPUT_OBJECT" || !name || seen.has(name)) return false;
    seen.add(name);
    return takesId(types.get(name)?.inputFields ?? [], seen);
  });

type Ids = (operation: string, argument: string) => string;

/** Every argument is given, the optional ones too. */
function sample(operation: string, name: string, type: TypeRef, ids: Ids, deep = 0): string {
  if (type.kind === "NON_NULL" && type.ofType) return sample(operation, name, type.ofType, ids, deep);
  if (type.kind === "LIST" && type.ofType) return `[${sample(operation, name, type.ofType, ids, deep)}]`;
  const info = types.get(type.name ?? "");
  if (info?.kind === "ENUM") return info.enumValues?.[0]?.name ?? "null";
  if (info?.kind === "INPUT_OBJECT") {
    if (deep > 2) return "{}";
    const parts = (info.inputFields ?? []).map(
      (field) => `${field.name}: ${sample(operation, field.name, field.type, ids, deep + 1)}`,
    );
    return `{ ${parts.join(", ")} }`;
  }
  const samples: Record<string, string> = {
    ID: JSON.stringify(ids(operation, name)),
    Int: "1",
    Float: "1",
    Boolean: "false",
    DateTime: '"2040-01-01T00:00:00.000Z"',
    Date: '"2040-01-01"',
    PartialDate: '"2040-01-01"',
    JSON: "{}",
  };
  const words: Record<string, string> = {
    type: "policy",
    role: "clerk",
    kind: "lineManager",
    email: "other@nowhere.invalid",
  };
  return samples[type.name ?? ""] ?? JSON.stringify(words[name] ?? "Somebody Else");
}

function documentOf({ kind, field }: (typeof operations)[number], ids: Ids): string {
  const list = field.args.map(({ name, type }) => `${name}: ${sample(field.name, name, type, ids)}`).join(", ");
  const target = named(field.type);
  const leaf = target.kind === "SCALAR" || target.kind === "ENUM";
  return `${kind} { ${field.name}(${list}) ${leaf ? "" : target.name?.endsWith("Connection") ? "{ nodes { __typename } }" : "{ __typename }"} }`;
}

/** Everything that says who somebody of the first school is and what they may. */
async function stateOfPeople(): Promise<unknown> {
  const { organisation } = beside;
  const query = (sql: string, params?: string[]) => school.school.query(sql, params);
  return Promise.all([
    query("SELECT * FROM person WHERE organisation <> ? ORDER BY id", [organisation]),
    query("SELECT a.* FROM appointment a JOIN person p ON p.id = a.person WHERE p.organisation <> ? ORDER BY a.id", [
      organisation,
    ]),
    query("SELECT * FROM relation ORDER BY person, kind, other"),
    query("SELECT * FROM absence ORDER BY id"),
    query("SELECT c.* FROM credential c JOIN person p ON p.id = c.person WHERE p.organisation <> ? ORDER BY 1", [
      organisation,
    ]),
    query("SELECT * FROM sign_in_link ORDER BY id"),
    query("SELECT * FROM power_request ORDER BY id"),
    query("SELECT * FROM shared_device ORDER BY id"),
    query("SELECT * FROM pin ORDER BY person"),
  ]);
}

const REFUSALS = ["FORBIDDEN", "NOT_FOUND", "INVALID_INPUT", "WRONG_STATE", "UNAUTHENTICATED", "BAD_DEFINITION"];

test("every operation that takes an id, tried on people of another school: refused or empty, and nothing changes", async () => {
  const office = await school.as("Harriet Stowting");
  const absence = await office(
    `mutation { setAbsence(input: { person: "${zoe}", from: "2027-01-04", to: "2027-01-08", standIn: "${school.school.personId("Rowan Ashdown")}" }) { id } }`,
  );
  await office(`mutation { appoint(person: "${school.school.personId("Tomas Elmstead")}", role: "dsl") { id } }`);
  const [appointment] = await school.school.query("SELECT id FROM appointment WHERE person = ? LIMIT 1", [zoe]);
  const [task] = await school.school.query("SELECT id FROM task LIMIT 1");
  const [request] = await school.school.query("SELECT id FROM power_request LIMIT 1");
  expect(request).toBeDefined();
  const own: Record<string, unknown> = {
    endAppointment: appointment?.["id"],
    endAbsence: (absence.data["setAbsence"] as { id: string } | undefined)?.id,
    takeBackTask: task?.["id"],
    commentTask: task?.["id"],
    confirmPower: request?.["id"],
    stopPower: request?.["id"],
    seePower: request?.["id"],
  };
  const idsOf =
    (person: string): Ids =>
    (operation, argument) =>
      String(
        argument === "task" ? task?.["id"] : ((argument === "id" || argument === "ids") && own[operation]) || person,
      );
  const before = await stateOfPeople();
  const tried: string[] = [];
  const told: string[] = [];
  const generated = new Set(
    typesInForce().flatMap(({ name, plural, actions }) => [
      ...[name, plural, `${name}Counts`, `create${pascal(name)}`, `update${pascal(name)}`],
      ...Object.keys(actions).map((action) => `${action}${pascal(name)}`),
    ]),
  );
  for (const operation of operations) {
    if (generated.has(operation.field.name) || !takesId(operation.field.args)) continue;
    tried.push(operation.field.name);
    for (const person of [zoe, sibling]) {
      const { data, errors } = await stella(documentOf(operation, idsOf(person)));
      const refused = errors.some(({ extensions }) => REFUSALS.includes(extensions.code));
      const answer = data[operation.field.name];
      const empty =
        answer === null ||
        answer === undefined ||
        // Nothing was done.
        answer === false ||
        (Array.isArray(answer) && answer.length === 0) ||
        JSON.stringify(answer) === '{"nodes":[]}' ||
        // One of several: each says for itself that there is none.
        JSON.stringify(answer) === '[{"__typename":"PowerDecision"}]';
      if (!refused && !empty) told.push(`${operation.field.name}: ${JSON.stringify(answer)}`);
    }
  }
  // What is here said to be done does nothing to anybody: seen is noted for oneself alone.
  expect(told).toEqual(["seePower: true", "seePower: true"]);
  expect(tried).toEqual(
    expect.arrayContaining([
      "appoint",
      "endAppointment",
      "makeSignInLinks",
      "person",
      "personFile",
      "relate",
      "setAbsence",
      "updatePerson",
    ]),
  );
  expect(await stateOfPeople()).toEqual(before);
  const log = await stella(`{ securityLog(person: "${zoe}") { nodes { kind } } }`);
  expect(log.data).toEqual({ securityLog: { nodes: [] } });
});

test("no field of any record takes a person of another school, but for one above", async () => {
  const { world } = school.school;
  const roles = world.registry.roles.map(({ name }) => name);
  const identity: Identity = {
    actor: { kind: "person", id: beside.person, name: "Stella Otherschool" },
    access: {
      person: beside.person,
      organisations: [{ id: beside.organisation, roles, below: [] }],
      acting: beside.organisation,
    },
    administers: true,
  };
  const accepted: string[] = [];
  let tried = 0;
  const problemsOf = (type: RecordType, name: string, person: string): Promise<string[]> => {
    const value = type.fields[name]?.kind === "people" ? [person] : person;
    return run(world, identity, (current) => readInput(current, type.fields, { [name]: value })).then(
      () => [],
      (error: unknown) => (error instanceof Failure ? error.problems.map(({ path }) => path) : [String(error)]),
    );
  };
  for (const type of typesInForce())
    for (const [name, { kind }] of Object.entries(type.fields)) {
      if (kind !== "person" && kind !== "people") continue;
      tried++;
      if (!(await problemsOf(type, name, sibling)).includes(`input.${name}`)) accepted.push(`${type.name}.${name}`);
      for (const own of [beside.person, zoe]) expect(await problemsOf(type, name, own)).toEqual([]);
    }
  expect(accepted).toEqual([]);
  expect(tried).toBeGreaterThan(30);
});

test("what holds for all schools is for who administers all of them: definitions, choices after an upgrade, a copy", async () => {
  const [type] = typesInForce();
  const json = { ...type, label: "Renamed by another school" };
  const codes = [];
  for (const query of [
    "mutation ($json: JSON!) { publishDefinition(json: $json) { version } }",
    "mutation { releaseCopy(send: false) }",
    `mutation { settlePackClash(id: "${zoe}", take: OURS) }`,
  ])
    codes.push((await stella(query, query.includes("$json") ? { json } : {})).errors[0]?.extensions.code);
  expect(codes).toEqual(["FORBIDDEN", "FORBIDDEN", "FORBIDDEN"]);
  const { world, organisation } = school.school;
  const [published] = await publishTypes(world, systemIdentity(organisation), [type as RecordType]);
  expect(published?.waits).toBeUndefined();
});
