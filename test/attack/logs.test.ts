/** What is written of failures: where and by which request, never what people entered. */
import { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { Queue as BullQueue } from "bullmq";
import { newId } from "../../api/engine/world";
import { errorForLog, openLog } from "../../api/logging";
import { openQueue } from "../../api/queue";
import { type Asker, newSchoolApi, type SchoolApi } from "../graphql/schoolApi";

let school: SchoolApi;
let office: Asker;
let written = "";
beforeAll(async () => {
  const to = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written += chunk.toString();
      done();
    },
  });
  school = await newSchoolApi({ log: openLog("trace", to) });
  office = await school.as("Edith Marlowe");
}, 60_000);
afterAll(() => school.close());

const ALLEGATION = "Billy Bramling was hit by ";
const CREATE = "mutation C($i: CreatePolicyInput!) { createPolicy(input: $i) { id } }";

test("a statement that fails is logged by its code, with the request's id, and without a word of what it held", async () => {
  const owner = school.school.personId("Edith Marlowe");
  await school.school.query("RENAME TABLE document_version TO document_version_gone");
  const text = ALLEGATION.repeat(10_000).trim();
  const answer = await office(
    CREATE,
    { i: { title: "Secret title", owner, text } },
    { "x-request-id": "from-proxy.1" },
  );
  await school.school.query("RENAME TABLE document_version_gone TO document_version");
  expect(answer.errors[0]?.extensions).toMatchObject({
    code: "INTERNAL",
    id: "from-proxy.1",
    requestId: "from-proxy.1",
  });
  expect(answer.headers["x-request-id"]).toBe("from-proxy.1");
  expect(written).toContain('"request":"from-proxy.1"');
  expect(written).toContain("ER_NO_SUCH_TABLE");
  expect(written).toMatch(/at .*(change|database)\.ts/);
  for (const word of ["Billy", "Secret title", "INSERT", "document_version"]) expect(written).not.toContain(word);
  expect(written.length).toBeLessThan(20_000);
});

test("each request has an id, and one that is none is not taken over", async () => {
  for (const given of ["", "x".repeat(65), "a b", "<script>"]) {
    const answer = await office("{ nothing }", {}, given ? { "x-request-id": given } : {});
    expect(answer.headers["x-request-id"]).toMatch(/^[0-9A-Z]{26}$/);
    expect(answer.errors[0]?.extensions).toMatchObject({ requestId: answer.headers["x-request-id"] });
  }
  const stranger = await school.anybody("{ policies(first: 1) { totalCount } }", {}, { "x-request-id": "abc" });
  expect([stranger.headers["x-request-id"], stranger.errors[0]?.extensions]).toMatchObject([
    "abc",
    { code: "UNAUTHENTICATED", requestId: "abc" },
  ]);
});

test("what its column does not take is refused at its path", async () => {
  await school.school.query("ALTER TABLE api_token MODIFY label VARCHAR(5) NOT NULL");
  const answer = await office("mutation M($l: String!) { createApiToken(label: $l) { id } }", {
    l: "longer than that",
  });
  expect(answer.errors[0]?.extensions).toMatchObject({ code: "INVALID_INPUT", problems: [{ path: "label" }] });
});

test.each<[string, Error]>([
  ["a parser's", new SyntaxError(`Unexpected token 'B', "${ALLEGATION}" is not valid JSON`)],
  ["a date's", new RangeError(`Cannot parse: ${ALLEGATION}`)],
  [
    "a mail server's",
    Object.assign(new Error(`Refused: 550 <${ALLEGATION}>`), { response: ALLEGATION, rejected: [ALLEGATION] }),
  ],
  ["one with lines like places", new Error(`Wrong: \n    at ${ALLEGATION}\n    at x`)],
  [
    "a database's",
    Object.assign(new Error(ALLEGATION), {
      sql: ALLEGATION,
      sqlMessage: ALLEGATION,
      code: "ER_DUP_ENTRY",
      errno: 1062,
    }),
  ],
  [
    "one beneath another",
    new Error("Outer", {
      cause: Object.assign(new Error(ALLEGATION), { query: ALLEGATION, parameters: [ALLEGATION] }),
    }),
  ],
])("%s error names nobody", (_whose, error) => {
  const said = JSON.stringify(errorForLog(error));
  expect(said).not.toContain("Billy");
  expect(said).toContain(error.name);
});

test("a wake-up says which request asked for it first", async () => {
  const url = process.env["TEST_REDIS_URL"] ?? "";
  const queue = openQueue(url, newId(), () => undefined);
  const at = new URL(url);
  const connection = { host: at.hostname, port: Number(at.port), password: at.password };
  const bull = new BullQueue("due", { connection, prefix: queue.prefix });
  try {
    const isUp = () =>
      queue.ping().then(
        () => true,
        () => false,
      );
    // A moment between two tries: a connection opens only while nothing else runs.
    while (!(await isUp())) await sleep(20);
    queue.wake([new Date(queue.machineNow() + 60_000).toISOString()], 0, "one");
    let jobs = await bull.getDelayed();
    for (; !jobs.length; await sleep(20)) jobs = await bull.getDelayed();
    expect(jobs.map(({ data }) => data as unknown)).toEqual([{ request: "one" }]);
  } finally {
    await bull.close();
    await queue.close();
  }
});
