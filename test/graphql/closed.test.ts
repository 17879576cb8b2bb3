/**
 * Every operation, static or generated, tried by those who may not: the schema itself is enumerated, so a new operation is
 * covered without being listed here. Public operations are the named list, and are tried too.
 */
import { publicOperations } from "../../api/graphql/publicOperations";
import { newSchoolBeside } from "../besideSchool";
import { type Person, type Product, startProduct } from "../product";

let product: Product;
let admin: Person;
let stranger: Person;

interface TypeRef {
  kind: string;
  name: string | null;
  ofType: TypeRef | null;
}
interface FieldInfo {
  name: string;
  args: { name: string; type: TypeRef; defaultValue: string | null }[];
  type: TypeRef;
}
interface TypeInfo {
  kind: string;
  name: string;
  inputFields: { name: string; type: TypeRef; defaultValue: string | null }[] | null;
  enumValues: { name: string }[] | null;
}
let operations: { kind: "query" | "mutation"; field: FieldInfo }[];
let types: Map<string, TypeInfo>;

const TYPE = "kind name ofType { kind name ofType { kind name ofType { kind name } } }";
const INTROSPECTION = `{ __schema { queryType { fields { name args { name defaultValue type { ${TYPE} } } type { ${TYPE} } } }
  mutationType { fields { name args { name defaultValue type { ${TYPE} } } type { ${TYPE} } } }
  types { kind name enumValues { name } inputFields { name defaultValue type { ${TYPE} } } } } }`;

beforeAll(async () => {
  product = await startProduct();
  admin = await product.signIn("Harriet Stowting");
  const { __schema } = await admin.ask<{
    __schema: { queryType: { fields: FieldInfo[] }; mutationType: { fields: FieldInfo[] }; types: TypeInfo[] };
  }>(INTROSPECTION);
  operations = [
    ...__schema.queryType.fields.map((field) => ({ kind: "query" as const, field })),
    ...__schema.mutationType.fields.map((field) => ({ kind: "mutation" as const, field })),
  ];
  types = new Map(__schema.types.map((type) => [type.name, type]));
  await newSchoolBeside(product.databaseUrl);
  stranger = await product.signIn("Stella Otherschool");
}, 120_000);
afterAll(() => product.close());

const isRequired = (type: TypeRef): boolean => type.kind === "NON_NULL";

/** Something of the right type for an argument: ids are those of a record, task or person of the demo school. */
function sample(name: string, type: TypeRef, ids: Record<string, string>): string {
  if (type.kind === "NON_NULL" && type.ofType) return sample(name, type.ofType, ids);
  if (type.kind === "LIST") return "[]";
  const info = types.get(type.name ?? "");
  if (info?.kind === "ENUM") return info.enumValues?.[0]?.name ?? "null";
  if (info?.kind === "INPUT_OBJECT")
    return `{ ${(info.inputFields ?? [])
      .filter((field) => isRequired(field.type))
      .map((field) => `${field.name}: ${sample(field.name, field.type, ids)}`)
      .join(", ")} }`;
  switch (type.name) {
    case "ID":
      return JSON.stringify(ids[name] ?? ids["id"]);
    case "Int":
    case "Float":
      return "1";
    case "Boolean":
      return "false";
    case "DateTime":
      return '"2040-01-01T00:00:00.000Z"';
    case "Date":
    case "PartialDate":
      return '"2040-01-01"';
    case "JSON":
      return "{}";
    default:
      return name === "type" ? '"policy"' : '"x"';
  }
}

const named = (type: TypeRef): TypeRef => (type.ofType ? named(type.ofType) : type);

function documentOf({ kind, field }: (typeof operations)[number], ids: Record<string, string>): string {
  const args = field.args.filter((arg) => isRequired(arg.type) && arg.defaultValue === null);
  const list = args.map((arg) => `${arg.name}: ${sample(arg.name, arg.type, ids)}`).join(", ");
  const target = named(field.type);
  const leaf = target.kind === "SCALAR" || target.kind === "ENUM";
  const selection = leaf
    ? ""
    : types.get(target.name ?? "")?.name.endsWith("Connection")
      ? "{ nodes { __typename } }"
      : "{ __typename }";
  return `${kind} { ${field.name}${list ? `(${list})` : ""} ${selection} }`;
}

const CODES = ["UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND", "INVALID_INPUT", "BAD_DEFINITION", "WRONG_STATE", "STALE"];

test("without signing in, everything but the named public operations is UNAUTHENTICATED", async () => {
  const nobody = product.anonymous();
  const open: string[] = [];
  for (const operation of operations) {
    const { data, errors } = await nobody.tell(documentOf(operation, { id: "0".repeat(26) }));
    // A wrong password is UNAUTHENTICATED too, in other words.
    if (errors?.[0]?.message !== "Sign in first.") open.push(operation.field.name);
    else expect([errors[0]?.extensions.code, data ?? {}]).toEqual(["UNAUTHENTICATED", {}]);
  }
  expect(open.sort()).toEqual([...publicOperations].sort());
});

test("from another organisation, no operation yields a row of this school, and existence does not show", async () => {
  const { policies } = await admin.ask<{
    policies: { nodes: { id: string; tasks: { id: string }[]; owner: { id: string } }[] };
  }>("{ policies(first: 1) { nodes { id tasks { id } owner { id } } } }");
  const [own] = policies.nodes;
  const ids = { id: own?.id ?? "", record: own?.id ?? "", person: own?.owner.id ?? "" };
  for (const operation of operations) {
    const name = operation.field.name;
    // It would end the stranger's own session.
    if (publicOperations.has(name) || name === "startSharedDevice") continue;
    const { data, errors } = await stranger.tell<Record<string, unknown>>(documentOf(operation, ids));
    const value = data?.[name];
    const code = errors?.[0]?.extensions.code;
    if (code !== undefined) expect([name, CODES.includes(code)]).toEqual([name, true]);
    const takesRecord = operation.field.args.some((arg) => arg.name === "id" && isRequired(arg.type));
    const recordish = /[pP]olic(y|ies)/.test(name);
    if (recordish && takesRecord) expect([name, value ?? null]).toEqual([name, null]);
    if (operation.kind === "mutation" && recordish && takesRecord)
      expect([name, code]).toEqual([name, code === "INVALID_INPUT" ? code : "NOT_FOUND"]);
    const nodes = (value as { nodes?: unknown[] } | null)?.nodes;
    if (recordish && nodes) expect([name, nodes]).toEqual([name, []]);
  }
});

test("the way in and out for files is closed as well", async () => {
  const [url] = product.urls;
  const post = (headers: Record<string, string>) =>
    fetch(`${url}/files?name=a.txt`, { method: "POST", headers, body: "Some text." });
  expect((await post({ "x-duly": "1" })).status).toBe(401);
  expect((await post({ authorization: "Bearer guessed" })).status).toBe(401);
  for (const method of ["GET", "HEAD"])
    expect((await fetch(`${url}/files/${"0".repeat(26)}`, { method })).status).toBe(401);
  for (const method of ["GET", "PUT", "DELETE", "PATCH"])
    expect((await fetch(`${url}/files?name=a.txt`, { method })).status).toBe(404);
});

/** What everybody may change: their own session, tokens and preferences, and in a demo the clock. */
const own = new Set([
  "signOut",
  "createApiToken",
  "setPreference",
  "setMyMail",
  "clearPin",
  "makeCalendarFeed",
  "withdrawCalendarFeed",
  "discardFile",
  "advanceClock",
]);

test("somebody whose role is not granted changes nothing", async () => {
  const teacher = await product.signIn("Della Brabourne");
  const { policies } = await admin.ask<{ policies: { nodes: { id: string }[] } }>(
    "{ policies(first: 1) { nodes { id } } }",
  );
  const ids = { id: policies.nodes[0]?.id ?? "" };
  for (const operation of operations.filter(({ kind }) => kind === "mutation")) {
    const name = operation.field.name;
    if (publicOperations.has(name) || own.has(name)) continue;
    const { data, errors } = await teacher.tell<Record<string, unknown>>(documentOf(operation, ids));
    expect([name, data?.[name] ?? null]).toEqual([name, null]);
    expect([name, CODES.includes(errors?.[0]?.extensions.code ?? "")]).toEqual([name, true]);
  }
});
