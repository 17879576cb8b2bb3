/** What an answer may grow to, and what strangers take from those who are known. */
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Places } from "../../api/places";
import { demoPassword } from "../school";
import { asker, emailOf, newSchoolApi, type SchoolApi, send, SIGN_IN } from "../graphql/schoolApi";

const ME = "{ me { roles } }";
const LETTERHEAD = "{ letterhead { name } }";
let school: SchoolApi;
beforeAll(async () => {
  school = await newSchoolApi({
    demo: false,
    rates: { signed: { points: 10_000, seconds: 600 }, unsigned: { points: 200, seconds: 600 } },
  });
}, 60_000);
afterAll(() => school.close());

const aliases = (of: string, n: number): string => Array.from({ length: n }, (_, i) => `a${i}: ${of}`).join(" ");

test("one field under many names makes no answer larger than may be held", async () => {
  const teacher = await school.as("Tomas Elmstead");
  const definitions = await teacher(`{ definitions { ${aliases("json", 640)} } }`);
  expect(definitions.errors[0]?.extensions.code).toBe("TOO_COMPLEX");
  // One text, said often: a body is two thousand tokens at most.
  const head = await school.as("Zoe King");
  const input = { title: "Long", owner: school.school.personId("Zoe King"), text: "word ".repeat(90_000) };
  const made = await head("mutation C($input: CreatePolicyInput!) { createPolicy(input: $input) { id } }", { input });
  const { id } = made.data["createPolicy"] as { id: string };
  const often = await head(`{ policy(id: "${id}") { ${aliases("text { text }", 300)} } }`);
  expect(often.errors[0]?.extensions.code).toBe("TOO_COMPLEX");
  expect(often.errors[0]?.message).toMatch(/^The answer would be too large/);
  const once = await head(`{ policy(id: "${id}") { ${aliases("text { text }", 5)} } }`);
  expect(once.errors).toEqual([]);
});

test("what no answer could hold is not read to its end", async () => {
  const head = await school.as("Zoe King");
  for (let n = 0; n < 40; n++) {
    const input = { summary: `Bags ${n}`, oneRule: "Open", otherRule: "Shut" };
    const made = await head(
      "mutation C($input: CreateRuleConflictInput!) { createRuleConflict(input: $input) { id } }",
      { input },
    );
    expect(made.errors).toEqual([]);
  }
  const long = ["f_one_rule", "f_other_rule", "f_meanwhile", "f_settled_by"];
  await school.school.query(
    `UPDATE r_rule_conflict SET ${long.map((name) => `${name} = REPEAT('word ', 100000)`).join()}`,
  );
  const sent = async (): Promise<number> =>
    Number((await school.school.query("SHOW GLOBAL STATUS LIKE 'Bytes_sent'"))[0]?.["Value"]);
  const before = await sent();
  const all = await head("{ ruleConflicts(first: 200) { nodes { oneRule otherRule meanwhile settledBy } } }");
  expect(all.errors.map(({ extensions }) => extensions.code)).toEqual(["TOO_COMPLEX"]);
  const read = (await sent()) - before;
  expect(read).toBeGreaterThan(30_000_000);
  expect(read).toBeLessThan(60_000_000);
  // The others go on, and so do they.
  const some = await head("{ ruleConflicts(first: 4) { nodes { oneRule otherRule meanwhile settledBy } } }");
  expect(some.errors).toEqual([]);
});

test("whoever does not read their answers is given no more, and others are", async () => {
  const cookie = await school.signIn("Tomas Elmstead");
  const query = `{ definitions { ${aliases("json", 30)} } }`;
  const body = JSON.stringify({ query });
  const unread: Socket[] = [];
  try {
    for (let i = 0; i < 20; i++) {
      const socket = connect(school.api.port, "127.0.0.1");
      socket.on("error", () => undefined);
      socket.pause();
      socket.write(
        `POST /graphql HTTP/1.1\r\nhost: x\r\nx-duly: 1\r\ncookie: ${cookie}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
      unread.push(socket);
    }
    const teacher = asker(school.api.port, { cookie });
    let refused = false;
    for (let tries = 0; tries < 100 && !refused; tries++) {
      refused = (await teacher(ME)).status === 429;
      await sleep(100);
    }
    expect(refused).toBe(true);
    expect((await (await school.as("Zoe King"))(ME)).status).toBe(200);
  } finally {
    for (const socket of unread) socket.destroy();
  }
}, 60_000);

test("a device that somebody has signed in on is not shut out by what others at its address send, nor a session by guesses", async () => {
  const first = await school.anybody(SIGN_IN, { email: emailOf("Zoe King"), password: demoPassword });
  const cookies = first.headers["set-cookie"] as unknown as string[];
  const known = cookies.find((each) => each.startsWith("duly_known="))?.split(";")[0] ?? "";
  const session = await school.signIn("Edith Marlowe");
  for (let n = 0; n < 600 && (await school.anybody(LETTERHEAD)).status !== 429; n++);
  const { port } = school.api;
  const input = { email: emailOf("Zoe King"), password: demoPassword };
  expect((await school.anybody(SIGN_IN, input)).status).toBe(429);
  expect((await asker(port, { cookie: "duly_known=AAAAAAAAAAAAAAAAAAAAAA" })(SIGN_IN, input)).status).toBe(429);
  expect((await asker(port, { cookie: known })(SIGN_IN, input)).errors).toEqual([]);
  // Sessions that this process has not met yet are found among any number of guesses.
  const { api } = await school.second();
  for (let n = 0; n < 600 && (await asker(api.port, {})(LETTERHEAD)).status !== 429; n++);
  const places = new Places(50);
  const guesses = Array.from({ length: 600 }, async (_, i) => {
    await places.enter();
    await send(api.port, {
      headers: { "content-type": "application/json", "x-duly": "1", cookie: `duly=${String(i).padEnd(43, "x")}` },
      body: JSON.stringify({ query: ME }),
    }).catch(() => undefined);
    places.leave();
  });
  expect((await asker(api.port, { cookie: session })(ME)).data["me"]).not.toBeNull();
  await Promise.all(guesses);
}, 120_000);
