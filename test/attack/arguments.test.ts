/** Every argument of the schema has a bound, and what is beyond it is refused with its path before anything runs. */
import {
  getNamedType,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";
import { type Bound, boundOf } from "../../api/graphql/bounds";
import { wholeSchema } from "../../api/graphql/recordSchema";
import { staticSchema } from "../../api/graphql/staticSchema";
import { type Asker, newSchoolApi, type SchoolApi } from "../graphql/schoolApi";

let school: SchoolApi;
let ask: Asker;
let office: Asker;
beforeAll(async () => {
  school = await newSchoolApi();
  ask = await school.as("Zoe King");
  office = await school.as("Edith Marlowe");
}, 60_000);
afterAll(() => school.close());

const isList = (type: GraphQLInputType): boolean => isListType(isNonNullType(type) ? type.ofType : type);

test("every argument and input field of the schema has a bound", () => {
  const schema = wholeSchema(staticSchema(), school.school.world.registry);
  const inputs: [string, GraphQLArgument | GraphQLInputField, Bound][] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (isInputObjectType(type))
      for (const field of Object.values(type.getFields()))
        inputs.push([`${type.name}.${field.name}`, field, boundOf(field)]);
    else if (isObjectType(type) && !type.name.startsWith("__"))
      for (const field of Object.values(type.getFields()))
        for (const arg of field.args)
          inputs.push([`${type.name}.${field.name}(${arg.name})`, arg, boundOf(arg, field)]);
  }
  expect(inputs.length).toBeGreaterThan(1_000);
  const unbounded = inputs.flatMap(([path, { name, type }, bound]) => {
    const inner = getNamedType(type);
    const isFilter = isInputObjectType(inner) && "and" in inner.getFields();
    const holds = {
      length: bound.length <= 1_000_000,
      items: !isList(type) || bound.items <= 10_000,
      depth: (inner.name !== "JSON" && !isInputObjectType(inner)) || bound.depth <= 40,
      nodes: (inner.name !== "JSON" && !isFilter) || bound.nodes <= 50_000,
      word: name !== "search" || bound.word <= 64,
    };
    return Object.entries(holds).flatMap(([what, is]) => (is ? [] : [`${path}: ${what}`]));
  });
  expect(unbounded).toEqual([]);
});

const deep = (levels: number): unknown => (levels ? { and: [deep(levels - 1)] } : {});
const nested = (levels: number): unknown => (levels ? { a: nested(levels - 1) } : 1);
const find =
  "query Q($f: PolicyFilter, $s: String, $n: Int) { policies(filter: $f, search: $s, first: $n) { totalCount } }";

test.each<[string, string, Record<string, unknown>, string]>([
  ["a text", "mutation M($t: String!) { createApiToken(label: $t) { id } }", { t: "x".repeat(10_001) }, "label"],
  ["an id", "query Q($i: ID!) { policy(id: $i) { id } }", { i: "x".repeat(101) }, "id"],
  ["a literal", `{ policy(id: "${"x".repeat(101)}") { id } }`, {}, "id"],
  [
    "a default",
    `query Q($i: ID = "${"x".repeat(101)}") { notices(record: $i) { totalCount: pageInfo { hasNextPage } } }`,
    {},
    "record",
  ],
  [
    "a variable in a literal",
    "query Q($t: String) { policies(filter: { or: [{ title: { eq: $t } }] }) { totalCount } }",
    { t: "x".repeat(10_001) },
    "filter.or[0].title.eq",
  ],
  ["a list", find, { f: { id: { in: Array(1_001).fill("x") } } }, "filter.id.in"],
  ["depth of a filter", find, { f: deep(9) }, "filter"],
  ["parts of a filter", find, { f: { or: Array(101).fill({}) } }, "filter"],
  ["parts of a filter, nested", find, { f: { or: Array(11).fill({ or: Array(11).fill({}) }) } }, "filter"],
  ["a word of a search", find, { s: `mobile ${"x".repeat(65)}` }, "search"],
  ["a number below none", find, { n: -1 }, "first"],
  ["depth of JSON", 'mutation M($v: JSON) { setPreference(name: "x", value: $v) }', { v: nested(13) }, "value"],
  [
    "values of JSON",
    'mutation M($v: JSON) { setPreference(name: "x", value: $v) }',
    { v: Array(100).fill(Array(100).fill(1)) },
    "value",
  ],
  [
    "a key of JSON",
    'mutation M($v: JSON) { setPreference(name: "x", value: $v) }',
    { v: { ["k".repeat(201)]: 1 } },
    "value",
  ],
  [
    "__proto__",
    'mutation M($v: JSON) { setPreference(name: "x", value: $v) }',
    { v: JSON.parse('{"__proto__":{"a":1}}') },
    "value",
  ],
  ["NUL", find, { s: "a\0b" }, "search"],
  ["half a character", find, { s: "a\ud800b" }, "search"],
])("too much of %s is INVALID_INPUT at its path", async (_what, query, variables, path) => {
  const { errors } = await ask(query, variables);
  expect(errors[0]?.extensions).toMatchObject({ code: "INVALID_INPUT" });
  expect(errors[0]?.extensions.problems?.[0]?.path).toMatch(new RegExp(`^${path.replace(/[[\].]/g, "\\$&")}`));
});

test("what is within its bound passes, an emoji too", async () => {
  expect((await ask(find, { f: deep(6), s: "mobile 😀", n: 5 })).errors).toEqual([]);
});

test("`constructor` is no field, no type, no action and no setting", async () => {
  const input = { constructor: "x", toString: 1 };
  const answers = [
    await ask('mutation M($i: JSON!) { reportOnDevice(type: "incident", input: $i) { reference } }', { i: input }),
    await ask('mutation M($i: JSON!) { completeTask(input: { id: "x", answers: $i }) { id } }', { i: input }),
    await office(
      'query Q($i: JSON!) { previewUpdate(type: "policy", id: "x", expectedVersion: 1, input: $i) { id } }',
      { i: input },
    ),
    ...(await Promise.all(
      [
        '{ chain(type: "constructor", id: "x") { nodes { id } } }',
        '{ definition(type: "constructor") { type } }',
        '{ charts(type: "constructor") { name } }',
        '{ settings(type: "__proto__") { name } }',
        '{ preference(name: "constructor") }',
        '{ savedViews(type: "toString") { id } }',
        'mutation { setSetting(type: "constructor", name: "constructor", value: 1) { name } }',
        'mutation { openSealed(type: "incident", id: "x", field: "constructor", reason: "x") { value } }',
      ].map((query) => office(query)),
    )),
  ];
  expect(answers.map(({ errors }) => errors[0]?.extensions.code ?? "none")).not.toContain("INTERNAL");
});

const CREATE = "mutation C($i: CreatePolicyInput!) { createPolicy(input: $i) { id version text { text } } }";
const UPDATE =
  "mutation U($id: ID!, $v: Int!, $i: UpdatePolicyInput!) { updatePolicy(id: $id, expectedVersion: $v, input: $i) { version title text { text } } }";

test("a text that is longer than is taken today can be read, and saved as it is", async () => {
  const owner = school.school.personId("Edith Marlowe");
  const made = await office(CREATE, { i: { title: "Long", owner, text: "Short." } });
  const { id, version } = made.data["createPolicy"] as { id: string; version: number };
  const long = "A sentence of a policy. ".repeat(25_000).trim();
  const { createHash } = await import("node:crypto");
  const hash = createHash("sha256").update(long).digest("hex");
  await school.school.query("UPDATE document_version SET text = ?, hash = ? WHERE record = ?", [long, hash, id]);
  const changed = await office(UPDATE, { id, v: version, i: { title: "Long one", text: long } });
  expect(changed.errors).toEqual([]);
  expect(changed.data["updatePolicy"]).toMatchObject({ title: "Long one", text: { text: long } });
  const longer = await office(UPDATE, { id, v: version + 1, i: { text: `${long} More.` } });
  expect(longer.errors[0]?.extensions).toMatchObject({ code: "INVALID_INPUT", problems: [{ path: "input.text" }] });
});
