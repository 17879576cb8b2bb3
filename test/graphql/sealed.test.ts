/** Sealed fields: held encrypted, read only by opening them with a reason, which the history and others are told. */
import type { RecordType } from "../../schema/definition";
import { fireDue } from "../../api/engine/fireDue";
import { publishDefinition } from "../../api/engine/publishDefinition";
import { systemIdentity } from "../../api/engine/run";
import { type Asker, newSchoolApi, type SchoolApi } from "./schoolApi";

const SECRET = "Grey envelope, office safe, shelf 2";

const account: RecordType = {
  name: "account",
  plural: "accounts",
  label: "Account",
  pluralLabel: "Accounts",
  reference: "ACT-{n}",
  title: "{{ name }}",
  entries: { new: "used" },
  fields: {
    name: { kind: "text", label: "Name", required: true },
    keeper: { kind: "person", label: "Keeper" },
    pointer: {
      kind: "longText",
      label: "Where the details are",
      sealed: true,
      see: [{ role: "headteacher" }, { field: "keeper" }],
      tells: { to: [{ role: "administrator" }, { field: "keeper" }], template: "opened", urgent: true },
      because: ["SM3"],
    },
  },
  states: { used: { label: "Used" }, closed: { label: "Closed", end: true } },
  actions: {
    move: {
      label: "Move the details",
      from: ["used"],
      who: [{ anyone: true }],
      form: ["pointer"],
      required: ["pointer"],
    },
    close: {
      label: "Close",
      from: ["used"],
      to: "closed",
      who: [{ anyone: true }],
      when: { not: { empty: { field: "pointer" } } },
      refusal: "Say first where the details are.",
    },
  },
  notices: { opened: { subject: "{{ recordTitle }} was opened", body: "By {{ by }}: {{ reason }}" } },
  grants: [{ to: [{ role: "staff" }], may: ["see", "create", "edit"] }],
};

let api: SchoolApi;
let head: Asker;
let keeper: Asker;
let teacher: Asker;
let id: string;

beforeAll(async () => {
  api = await newSchoolApi();
  const { school } = api;
  await publishDefinition(school.world, systemIdentity(school.organisation), { json: account });
  await fireDue(school.world);
  head = await api.as("Zoe King");
  keeper = await api.as("Bea Wickhurst");
  teacher = await api.as("Tomas Elmstead");
}, 60_000);
afterAll(() => api.close());

const make = async (pointer: string | null): Promise<{ id: string; text: string }> => {
  const answer = await teacher(
    `mutation M($input: CreateAccountInput!) { made: createAccount(input: $input) { id pointer } }`,
    { input: { name: "School page", keeper: api.school.personId("Bea Wickhurst"), pointer } },
  );
  return { id: (answer.data["made"] as { id: string }).id, text: answer.text };
};
const open = (ask: Asker, reason = "The page was taken over", field = "pointer") =>
  ask(
    'mutation O($id: ID!, $field: String!, $reason: String!) { openSealed(type: "account", id: $id, field: $field, reason: $reason) { value told { name } } }',
    { id, field, reason },
  );
const codeOf = (answer: { errors: { extensions: { code: string } }[] }) => answer.errors[0]?.extensions.code;

test("whether one is held is all that anybody reads, whoever they are and wherever they look", async () => {
  const made = await make(SECRET);
  id = made.id;
  const everything = `{ account(id: "${id}") { pointer history { summary detail } notices { body } tasks { label }
      availableActions { name allowed form } permissions { fields opens } }
    accounts { nodes { pointer recordTitle } } search(text: "page") { hits { recordTitle } } }`;
  const read = [made.text];
  for (const ask of [head, keeper, teacher]) {
    const answer = await ask(everything);
    expect(answer.errors).toEqual([]);
    expect(answer.data).toMatchObject({
      account: { pointer: true, permissions: { opens: ask === teacher ? [] : ["pointer"] } },
      accounts: { nodes: [{ pointer: true }] },
    });
    read.push(answer.text);
  }
  const renamed = await teacher(
    `mutation { updateAccount(id: "${id}", expectedVersion: 1, input: { name: "The page" }) { pointer } }`,
  );
  expect(renamed.data).toEqual({ updateAccount: { pointer: true } });
  expect(read.join()).not.toContain("envelope");
  const dump = await api.school.query(
    "SELECT (SELECT GROUP_CONCAT(f_pointer) FROM r_account) AS held, (SELECT GROUP_CONCAT(detail) FROM history_body) AS history",
  );
  expect(JSON.stringify(dump)).not.toContain("envelope");
});

test("whom it names opens it, the history keeps the reason, and those it tells are told", async () => {
  const told = [{ name: "Bea Wickhurst" }, { name: "Harriet Stowting" }];
  for (const ask of [head, keeper]) {
    const { value, told: who } = (await open(ask)).data["openSealed"] as { value: string; told: { name: string }[] };
    expect(value).toBe(SECRET);
    expect(who.sort((a, b) => a.name.localeCompare(b.name))).toEqual(told);
  }
  const { data } = await teacher(
    `{ account(id: "${id}") { version history(first: 2) { kind summary because detail actor { name } } } }`,
  );
  expect(data["account"]).toMatchObject({
    version: 2,
    history: [{ actor: { name: "Bea Wickhurst" } }, { actor: { name: "Zoe King" } }].map((entry) => ({
      ...entry,
      kind: "opened",
      summary: "Where the details are opened",
      because: ["SM3"],
    })),
  });
  const sent = await api.school.query(
    "SELECT p.name, n.subject, n.body FROM notice n JOIN person p ON p.id = n.person WHERE n.record = ? AND n.body LIKE 'By Zoe%' ORDER BY p.name",
    [id],
  );
  expect(sent).toEqual(
    ["Bea Wickhurst", "Harriet Stowting"].map((name) => ({
      name,
      subject: "The page was opened",
      body: "By Zoe King: The page was taken over",
    })),
  );
});

test("nobody else opens it, nor anybody without a reason; and what is refused leaves no trace", async () => {
  const entries = async () => (await api.school.query("SELECT id FROM history WHERE record = ?", [id])).length;
  const before = await entries();
  const refused = await open(teacher);
  expect(refused.errors[0]).toMatchObject({
    message: "Where the details are is opened by Zoe King or Bea Wickhurst.",
    extensions: { code: "FORBIDDEN" },
  });
  expect(codeOf(await open(await api.as("Lindsey Glanville")))).toBe("NOT_FOUND");
  for (const reason of ["", "  ", "x".repeat(501)])
    expect((await open(head, reason)).errors[0]?.extensions).toMatchObject({
      code: "INVALID_INPUT",
      problems: [{ path: "reason" }],
    });
  expect(codeOf(await open(head, "Curious", "name"))).toBe("NOT_FOUND");
  expect(codeOf(await open(head, "Curious", "constructor"))).toBe("NOT_FOUND");
  expect(await entries()).toBe(before);
});

test("an action writes it, a guard knows whether it is held, and what stood there before is gone", async () => {
  const { id: empty } = await make(null);
  const close = (which: string) => teacher(`mutation { closeAccount(id: "${which}") { state } }`);
  expect((await close(empty)).errors[0]?.message).toBe("Say first where the details are.");
  const moved = await teacher(
    `mutation { moveAccount(id: "${empty}", input: { pointer: "With the chair" }) { pointer history { detail } } }`,
  );
  expect([moved.data["moveAccount"], moved.text.includes("chair")]).toEqual([
    expect.objectContaining({ pointer: true }),
    false,
  ]);
  id = empty;
  expect((await open(head)).data).toMatchObject({ openSealed: { value: "With the chair" } });
  expect((await close(empty)).data).toEqual({ closeAccount: { state: "closed" } });
  const cleared = await teacher(
    `mutation { updateAccount(id: "${empty}", expectedVersion: 3, input: { pointer: null }) { pointer } }`,
  );
  expect(cleared.data).toEqual({ updateAccount: { pointer: false } });
  expect(codeOf(await open(head))).toBe("WRONG_STATE");
});
