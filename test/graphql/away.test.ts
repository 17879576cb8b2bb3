/** What the API says while its database is away or silent: honestly, as GraphQL, and never for longer than it must. */
import { openWorld, type World } from "../../api/engine/world";
import { type Api, startApi } from "../../api/graphql/server";
import { forPeople } from "../../api/store/database";
import { addressOf, isStatement, startTcpProxy, type TcpProxy, throughProxy } from "../recovery/tcpProxy";
import { asker, type Asker, newSchoolApi, type SchoolApi, send } from "./schoolApi";
import { setTime } from "../time";

let here: SchoolApi;
let proxy: TcpProxy;
let world: World;
let api: Api;
let ask: Asker;
const LIST = "{ policies(first: 1) { nodes { id } } }";
const CREATE = "mutation ($input: CreatePolicyInput!) { createPolicy(input: $input) { id } }";
const input = () => ({ title: "Trips", owner: here.school.personId("Zoe King"), text: "We go far." });

beforeAll(async () => {
  here = await newSchoolApi();
  const { databaseUrl } = here.school;
  proxy = await startTcpProxy(addressOf(databaseUrl, 3306));
  world = await openWorld({ ...here.school.world.config, databaseUrl: throughProxy(databaseUrl, proxy) }, 3, {
    ...forPeople,
    statementMs: 3_000,
    connectionMs: 3_000,
  });
  setTime(world, () => here.school.world.machineNow());
  api = await startApi(world, 0, { adminFolder: "nowhere", host: "127.0.0.1" });
  ask = asker(api.port, { cookie: await here.signIn("Zoe King") });
});
afterEach(() => {
  proxy.line = "pass";
  proxy.onSend = undefined;
});
afterAll(async () => {
  await api?.close();
  await world?.close();
  await proxy?.close();
  await here?.close();
});

const ready = () => send(api.port, { method: "GET", path: "/readyz" });
const policies = async () => Number((await here.school.query("SELECT COUNT(*) AS n FROM r_policy"))[0]?.["n"]);

test.each([["refuse"], ["swallow"]] as const)(
  "a database that does “%s” is 503 as JSON, and the process is not ready",
  async (line) => {
    expect((await ask(LIST)).status).toBe(200);
    expect((await ready()).status).toBe(200);
    proxy.line = line;
    if (line === "refuse") proxy.cut();
    for (const query of [LIST, CREATE]) {
      const answer = await ask(query, query === CREATE ? { input: input() } : {});
      expect(answer).toMatchObject({ status: 503, errors: [{ extensions: { code: "UNAVAILABLE" } }] });
      expect(answer.headers["retry-after"]).toMatch(/^\d+$/);
      expect(answer.headers["content-type"]).toMatch(/^application\/json/);
    }
    expect(await ready()).toMatchObject({ status: 503, text: "missing: database\n" });
    proxy.line = "pass";
    proxy.silenceOpen();
    // What was silent is found out as it is used, at the latest by then.
    for (let tries = 0; (await ready()).status !== 200 || (await ask(LIST)).status !== 200; tries++)
      if (tries > 20) throw new Error("It did not come back.");
  },
);

test("one read that is never answered holds no other request", async () => {
  let lost = 0;
  // The one statement that every request waits for, on one connection.
  proxy.onSend = (data) => {
    if (lost || ![0x03, 0x16, 0x17].includes(data[4] ?? 0)) return "pass";
    lost++;
    return "lose";
  };
  const answers = await Promise.all(Array.from({ length: 8 }, () => ask(LIST)));
  expect(lost).toBe(1);
  for (const answer of answers) expect([200, 503]).toContain(answer.status);
  expect((await ask(LIST)).status).toBe(200);
});

test("a change whose COMMIT was not answered may have been made: nobody says that nothing was changed", async () => {
  const before = await policies();
  proxy.onSend = (data, wire) => (isStatement(data, "COMMIT") && !wire.silent ? "cut answer" : "pass");
  const answer = await ask(CREATE, { input: input() });
  expect(answer).toMatchObject({ status: 503, errors: [{ extensions: { code: "OUTCOME_UNKNOWN" } }] });
  expect(answer.errors[0]?.message).not.toContain("othing was changed");
  expect(answer.headers["retry-after"]).toBeUndefined();
  expect(await policies()).toBe(before + 1);
});

test("a line that breaks before COMMIT breaks no request", async () => {
  const before = await policies();
  let cut = false;
  proxy.onSend = (data) => {
    if (cut || !/INSERT INTO `?r_policy/.test(data.toString("latin1"))) return "pass";
    cut = true;
    return "cut";
  };
  expect((await ask(CREATE, { input: input() })).errors).toEqual([]);
  expect(cut).toBe(true);
  expect(await policies()).toBe(before + 1);
});
