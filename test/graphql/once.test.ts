/** A change that carries a key happens once, however often and by whichever way it is sent. */
import type { GraphQLResolveInfo } from "graphql";
import { openWorld, type World } from "../../api/engine/world";
import type { Context } from "../../api/graphql/context";
import { wholeSchema } from "../../api/graphql/recordSchema";
import { staticSchema } from "../../api/graphql/staticSchema";
import { type Api, startApi } from "../../api/graphql/server";
import { forgetExpired } from "../../api/store/observe";
import { schoolPolicy } from "../../schema/packs/school-policy/pack";
import { addressOf, isStatement, startTcpProxy, type TcpProxy, throughProxy } from "../recovery/tcpProxy";
import { asker, type Asker, newSchoolApi, type SchoolApi } from "./schoolApi";
import { demoPassword } from "../school";
import { setTime } from "../time";

let here: SchoolApi;
let zoe: Asker;
let clerk: Asker;
let proxy: TcpProxy;
let world: World;
let api: Api;

const CREATE = "mutation ($input: CreatePolicyInput!) { createPolicy(input: $input) { id version title } }";
const UPDATE =
  "mutation ($id: ID!, $version: Int!, $input: UpdatePolicyInput!) { updatePolicy(id: $id, expectedVersion: $version, input: $input) { id version title } }";
let keys = 0;
const newKey = () => ({ "x-idempotency-key": `key-${keys++}` });
const input = (title: string) => ({ input: { title, owner: here.school.personId("Zoe King"), text: "We go far." } });
const called = async (title: string) =>
  Number((await here.school.query("SELECT COUNT(*) AS n FROM r_policy WHERE f_title = ?", [title]))[0]?.["n"]);

beforeAll(async () => {
  here = await newSchoolApi();
  zoe = await here.as("Zoe King");
  clerk = await here.as("Edith Marlowe");
  const { databaseUrl } = here.school;
  proxy = await startTcpProxy(addressOf(databaseUrl, 3306));
  world = await openWorld({ ...here.school.world.config, databaseUrl: throughProxy(databaseUrl, proxy) }, 3);
  setTime(world, () => here.school.world.machineNow());
  api = await startApi(world, 0, { adminFolder: "nowhere", host: "127.0.0.1" });
});
afterAll(async () => {
  await api?.close();
  await world?.close();
  await proxy?.close();
  await here?.close();
});

test("a double click on Create makes one record, and both are told of it", async () => {
  const key = newKey();
  const both = await Promise.all([1, 2, 3, 4].map(() => zoe(CREATE, input("Twice"), key)));
  expect(both.map(({ errors }) => errors)).toEqual([[], [], [], []]);
  expect(new Set(both.map(({ text }) => text)).size).toBe(1);
  expect(await called("Twice")).toBe(1);
  await zoe(CREATE, input("Twice"), newKey());
  expect(await called("Twice")).toBe(2);
});

test("the same key at two processes at once makes one record, and another's key of the same name another", async () => {
  const elsewhere = asker(api.port, { cookie: await here.signIn("Zoe King") });
  const key = newKey();
  const both = await Promise.all(
    Array.from({ length: 8 }, (_, i) => (i % 2 ? elsewhere : zoe)(CREATE, input("Two doors"), key)),
  );
  expect(both.map(({ errors }) => errors)).toEqual(Array.from({ length: 8 }, () => []));
  expect(new Set(both.map(({ text }) => text)).size).toBe(1);
  expect(await called("Two doors")).toBe(1);
  const others = await Promise.all([zoe, elsewhere].map((ask) => ask(CREATE, input("Two sentences"), key)));
  expect(others.map(({ errors }) => errors[0]?.extensions.code)).toEqual(["INVALID_INPUT", "INVALID_INPUT"]);
  expect((await clerk(CREATE, input("Two doors"), key)).errors).toEqual([]);
  expect(await called("Two doors")).toBe(2);
});

test("a change that would be stale or in the wrong state the second time is answered as the first time", async () => {
  const { createPolicy } = (await zoe(CREATE, input("Once"), newKey())).data as {
    createPolicy: { id: string; version: number };
  };
  const key = newKey();
  const variables = { id: createPolicy.id, version: createPolicy.version, input: { title: "Once more" } };
  const first = await zoe(UPDATE, variables, key);
  expect(first.errors).toEqual([]);
  expect((await zoe(UPDATE, variables, key)).text).toBe(first.text);
  const otherwise = { ...variables, input: { title: "Otherwise" } };
  expect((await zoe(UPDATE, otherwise, newKey())).errors[0]?.extensions.code).toBe("STALE");
});

test("what a person makes for themselves is made once: a token, a calendar link, a password", async () => {
  const callum = await here.as("Callum Birchwood");
  const twice = async (query: string, key = newKey()) => {
    const both = [await callum(query, {}, key), await callum(query, {}, key)];
    expect(both.map(({ errors }) => errors)).toEqual([[], []]);
    expect(both[0]?.text).toBe(both[1]?.text);
  };
  await twice('mutation { createApiToken(label: "Sheet") { id secret } }');
  expect((await callum("{ apiTokens { label } }")).data["apiTokens"]).toEqual([{ label: "Sheet" }]);
  await twice("mutation { makeCalendarFeed { url } }");
  await twice(`mutation { changePassword(old: "${demoPassword}", password: "seven green lanterns swing") }`);
  // Otherwise it is another change, and is refused.
  const other = `mutation { changePassword(old: "${demoPassword}", password: "eight blue lanterns swing") }`;
  expect((await callum(other, {}, newKey())).errors[0]?.extensions.problems?.[0]?.path).toBe("old");
});

test("a definition sent again after its answer was lost is in force, and no other version of it", async () => {
  const administrator = await here.as("Harriet Stowting");
  const { definitions } = (await administrator("{ definitions { type version json } }")).data as {
    definitions: { type: string; version: number; json: { label: string } }[];
  };
  const { json, version } = definitions.find(({ type }) => type === "socialChannel")!;
  const send = (more: { label: string }) =>
    administrator(
      "mutation P($json: JSON!, $v: Int) { publishDefinition(json: $json, expectedVersion: $v) { version } }",
      {
        json: { ...json, ...more },
        v: version,
      },
    );
  for (let n = 0; n < 2; n++)
    expect((await send({ label: "Channel" })).data).toEqual({ publishDefinition: { version: version + 1 } });
  expect((await send({ label: "Account" })).errors[0]?.extensions.code).toBe("STALE");
});

test("two changes in one request are each done once", async () => {
  const two = `mutation ($input: CreatePolicyInput!) {
    a: createPolicy(input: $input) { id } b: createPolicy(input: $input) { id } }`;
  const key = newKey();
  const first = await zoe(two, input("Two in one"), key);
  expect(first.errors).toEqual([]);
  expect((await zoe(two, input("Two in one"), key)).text).toBe(first.text);
  expect(await called("Two in one")).toBe(2);
});

test("the same key with something else is refused; another person's is another key; a bad one is said", async () => {
  const key = newKey();
  await zoe(CREATE, input("First"), key);
  const other = await zoe(CREATE, input("Second"), key);
  expect(other.errors[0]?.extensions).toMatchObject({
    code: "INVALID_INPUT",
    problems: [{ path: "x-idempotency-key" }],
  });
  expect(await called("Second")).toBe(0);
  expect((await clerk(CREATE, input("Second"), key)).errors).toEqual([]);
  for (const bad of ["", "x".repeat(65), "a b"])
    expect((await zoe(CREATE, input("Bad"), { "x-idempotency-key": bad })).errors[0]?.extensions.code).toBe(
      "INVALID_INPUT",
    );
  expect(await called("Bad")).toBe(0);
});

test("what was refused the first time is tried anew", async () => {
  const key = newKey();
  const wrong = { input: { ...input("Tried").input, owner: "nobody" } };
  expect((await zoe(CREATE, wrong, key)).errors).toHaveLength(1);
  expect((await zoe(CREATE, input("Tried"), key)).errors).toEqual([]);
});

test("after a COMMIT whose answer was lost, trying again finds what was done", async () => {
  const ask = asker(api.port, { cookie: await here.signIn("Zoe King") });
  let lost = false;
  proxy.onSend = (data) => {
    if (lost || !isStatement(data, "COMMIT")) return "pass";
    lost = true;
    return "cut answer";
  };
  const key = newKey();
  expect((await ask(CREATE, input("Lost"), key)).errors[0]?.extensions.code).toBe("OUTCOME_UNKNOWN");
  expect((await ask(CREATE, input("Lost"), key)).errors).toEqual([]);
  expect(await called("Lost")).toBe(1);
});

test("what is kept is sealed, and forgotten after a day", async () => {
  await zoe(CREATE, input("Kept in the dark"), newKey());
  const rows = await here.school.query("SELECT answer FROM answered");
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) expect(String(row["answer"])).not.toContain("Kept in the dark");
  await forgetExpired(here.school.world.db, here.school.world.machineNow() + 23 * 3_600_000);
  expect((await here.school.query("SELECT n FROM answered")).length).toBe(rows.length);
  await forgetExpired(here.school.world.db, here.school.world.machineNow() + 25 * 3_600_000);
  expect(await here.school.query("SELECT n FROM answered")).toEqual([]);
});

test("what was answered to somebody's rights is not given again once these are gone", async () => {
  const { school } = here;
  const administrator = await here.as("Harriet Stowting");
  const person = school.personId("Harriet Stowting");
  const links = `mutation { makeSignInLinks(people: ["${school.personId("Zoe King")}"]) { url mailedTo } }`;
  const key = newKey();
  expect((await administrator(links, {}, key)).errors).toEqual([]);
  await school.query("UPDATE appointment SET to_on = '2026-01-01' WHERE person = ? AND role <> 'staff'", [person]);
  await school.query("UPDATE installation SET access_edition = access_edition + 1");
  school.world.announce("access");
  for (let tries = 0; tries < 100; tries++) {
    if ((await administrator(links, {}, newKey())).errors[0]?.extensions.code === "FORBIDDEN") break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const again = await administrator(links, {}, key);
  expect(again.errors[0]?.extensions.code).toBe("INVALID_INPUT");
  expect(again.text).not.toContain("welcome");
});

test("each mutation has its own numbers of a key, also where those before it failed before they began", async () => {
  const registry = { edition: 0, packs: [], roles: schoolPolicy.roles, types: new Map() };
  const fields = Object.values(wholeSchema(staticSchema(), registry).getMutationType()?.getFields() ?? {});
  expect(fields.length).toBeGreaterThan(50);
  const context = { once: { request: "key", operation: "", field: -1, n: 0 } } as unknown as Context;
  const begins: number[] = [];
  for (const { resolve } of fields) {
    // Nobody asks and there is no world: each fails, before it has taken a number or after.
    await Promise.resolve()
      .then(() => resolve?.(undefined, {}, context, {} as GraphQLResolveInfo) as unknown)
      .catch(() => undefined);
    begins.push(Math.floor((context.once?.n ?? NaN) / 500));
  }
  expect(begins).toEqual(fields.map((_, i) => i));
});
