/** Bad input gets a clear error with its path and code, and nothing is stored. */
import { type Person, type Product, startProduct } from "../product";

let product: Product;
let clerk: Person;
let admin: Person;
beforeAll(async () => {
  product = await startProduct({ worker: false });
  [clerk, admin] = [await product.signIn("Edith Marlowe"), await product.signIn("Harriet Stowting")];
}, 120_000);
afterAll(() => product.close());

const policy = async () => {
  const { policies } = await clerk.ask<{
    policies: { nodes: { id: string; version: number; owner: { id: string } }[]; totalCount: number };
  }>("{ policies(first: 1) { totalCount nodes { id version owner { id } } } }");
  const [first] = policies.nodes;
  if (!first) throw new Error("No policy.");
  return { ...first, total: policies.totalCount };
};
const UPDATE = `mutation ($id: ID!, $version: Int!, $input: UpdatePolicyInput!) { updatePolicy(id: $id, expectedVersion: $version, input: $input) { version } }`;
const CREATE = "mutation ($input: CreatePolicyInput!) { createPolicy(input: $input) { id } }";

const definition = (change: Record<string, unknown>): unknown => ({
  name: "vase",
  plural: "vases",
  label: "Vase",
  pluralLabel: "Vases",
  reference: "V-{n}",
  title: "{{ name }}",
  entries: { new: "whole" },
  fields: { name: { kind: "text", label: "Name", required: true }, soldOn: { kind: "date", label: "Sold on" } },
  states: { whole: { label: "Whole" }, broken: { label: "Broken", end: true } },
  actions: { drop: { label: "Drop", from: ["whole"], to: "broken", who: [{ anyone: true }] } },
  grants: [{ to: [{ anyone: true }], may: ["see", "create", "edit"] }],
  ...change,
});

test.each([
  [
    "an unknown field in a condition",
    { grants: [{ to: [{ anyone: true }], may: ["see"], when: { eq: [{ field: "nmae" }, "x"] } }] },
    /^grants\[0\]\.when/,
  ],
  [
    "a state nothing reaches",
    {
      states: { whole: { label: "Whole" }, broken: { label: "Broken", end: true }, lost: { label: "Lost", end: true } },
    },
    /^states\.lost/,
  ],
  [
    "a timer whose event no state accepts",
    { timers: { sold: { label: "Sold", anchor: { field: "soldOn" }, steps: ["P0D"], event: "sell" } } },
    /^timers\.sold/,
  ],
])("a definition with %s is refused at its path, and nothing is published", async (_what, change, path) => {
  const { errors } = await admin.tell("mutation ($json: JSON!) { publishDefinition(json: $json) { version } }", {
    json: definition(change),
  });
  expect(errors?.[0]?.extensions.code).toBe("BAD_DEFINITION");
  expect(errors?.[0]?.extensions.problems?.map((problem) => problem.path).join(" ")).toMatch(path);
  const { definitions } = await admin.ask<{ definitions: { type: string }[] }>("{ definitions { type } }");
  expect(definitions.map(({ type }) => type)).not.toContain("vase");
});

test("a form with a wrong type, a missing required field, a date that is none, and a stale version", async () => {
  const { id, version, owner, total } = await policy();
  const wrongType = await clerk.tell(UPDATE, { id, version, input: { title: { not: "text" } } });
  expect(wrongType.errors?.length).toBeGreaterThan(0);
  const missing = await clerk.tell(CREATE, { input: { owner: owner.id } });
  expect(missing.errors?.[0]?.extensions.code).toBe("INVALID_INPUT");
  expect(missing.errors?.[0]?.extensions.problems?.map(({ path }) => path)).toContain("input.title");
  const noDate = await clerk.tell(UPDATE, { id, version, input: { reviewBy: "2027-02-30" } });
  expect(noDate.errors?.[0]?.extensions).toMatchObject({
    code: "INVALID_INPUT",
    problems: [{ path: "input.reviewBy" }],
  });
  await clerk.ask(UPDATE, { id, version, input: { versionLabel: "2" } });
  const stale = await clerk.tell(UPDATE, { id, version, input: { versionLabel: "3" } });
  expect(stale.errors?.[0]?.extensions).toMatchObject({ code: "STALE", problems: [{ path: "input.versionLabel" }] });
  expect((await policy()).total).toBe(total);
});

test("a long text is kept whole", async () => {
  const { owner } = await policy();
  const text = "A long sentence about devices. ".repeat(16_000);
  const { createPolicy } = await clerk.ask<{ createPolicy: { id: string } }>(CREATE, {
    input: { title: "Long policy", owner: owner.id, text },
  });
  const { policy: kept } = await clerk.ask<{ policy: { text: { text: string } } }>(
    "query ($id: ID!) { policy(id: $id) { text { text } } }",
    { id: createPolicy.id },
  );
  expect(kept.text.text).toHaveLength(text.trim().length);
});

test("an empty and a binary file are refused, and nothing is imported", async () => {
  const { total } = await policy();
  const empty = (await (await clerk.upload("p.txt", Buffer.from("  \n"))).json()) as { id: string };
  const { errors } = await clerk.tell("mutation ($file: ID!) { importPolicies(file: $file) { created { id } } }", {
    file: empty.id,
  });
  expect(errors?.[0]?.extensions).toMatchObject({ code: "INVALID_INPUT", problems: [{ path: "file" }] });
  expect((await clerk.upload("p.txt", Buffer.from([0, 1, 2, 3, 0, 255, 254]))).status).toBe(415);
  expect((await policy()).total).toBe(total);
});
