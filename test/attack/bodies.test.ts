/** The bounds of a request's body, on each route that takes one, for whoever is known and whoever only says so. */
import { connect } from "node:net";
import { newSchoolApi, type SchoolApi, send } from "../graphql/schoolApi";
import { secretOf } from "../../api/engine/oneTimeLink";
import { newId } from "../../api/engine/world";

let school: SchoolApi;
let cookie: string;
beforeAll(async () => {
  school = await newSchoolApi({ limits: { signedBodyMs: 1_000, unsignedBodyMs: 300 } });
  cookie = await school.signIn("Zoe King");
}, 60_000);
afterAll(() => school.close());

const json = { "content-type": "application/json", "x-duly": "1" };
const QUERY = "{ me { roles } }";
/** A body of exactly so many bytes. */
const bodyOf = (bytes: number): string => JSON.stringify({ query: QUERY }).padEnd(bytes);
const post = (bytes: number, headers: Record<string, string> = {}) =>
  send(school.api.port, { headers: { ...json, ...headers }, body: bodyOf(bytes) });

const link = (key = school.school.world.key) => ({ "x-duly-link": secretOf(key, "guest", newId()) });
const device = async () => {
  const admin = await school.as("Harriet Stowting");
  const started = await admin('mutation { startSharedDevice(label: "Gate") { id } }');
  const found = /duly_device=[^;]+/.exec(String(started.headers["set-cookie"]))?.[0];
  return { cookie: found ?? `no device: ${started.text}` };
};

test("a stranger's body ends at 100 kB, whatever they say that they are", async () => {
  const strangers: Record<string, string>[] = [
    {},
    { cookie: `duly=${"x".repeat(43)}` },
    { cookie: `duly_device=${"x".repeat(43)}` },
    { authorization: "Bearer duly_nothing" },
    link(Buffer.alloc(32)),
    { "x-duly-link": "x" },
  ];
  for (const headers of strangers) {
    const over = await post(100_001, headers);
    expect([headers, over.status, over.errors[0]?.extensions.code]).toEqual([headers, 413, "INVALID_INPUT"]);
  }
  expect((await post(100_000)).status).toBe(200);
});

test("a session, a link and a device may send a megabyte, and no more", async () => {
  for (const headers of [{ cookie }, link(), await device()]) {
    expect([headers, (await post(1_000_000, headers)).status]).toEqual([headers, 200]);
    const over = await post(1_000_001, headers);
    expect([headers, over.status, over.errors[0]?.message]).toEqual([headers, 413, "The request is larger than 1 MB."]);
  }
  expect((await post(11_000_000, { cookie })).status).toBe(413);
});

test("a body that is nested without end is refused before it is read, whoever sends it and whatever is in its texts", async () => {
  const nested = (depth: number) =>
    `{"query":"{ letterhead { name } }","variables":{"a":${"[".repeat(depth)}${"]".repeat(depth)}}}`;
  const posted = (body: string, headers: Record<string, string>) =>
    send(school.api.port, { headers: { ...json, ...headers }, body });
  for (const headers of [{}, { cookie }] as Record<string, string>[]) {
    expect((await posted(nested(40_000), headers)).status).toBe(400);
    expect((await posted(nested(20), headers)).status).toBe(200);
  }
  const brackets = JSON.stringify({ query: "{ letterhead { name } }", variables: { a: `"${"[{\\".repeat(5_000)}` } });
  expect((await posted(brackets, {})).status).toBe(200);
});

/** Sends bytes and then nothing; what came back by the time that the server ended it. */
const sent = (text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(school.api.port, "127.0.0.1", () => socket.write(text));
    let got = "";
    socket.on("data", (part: Buffer) => {
      got += part.toString();
      // The rest of the body is awaited a little before the line is cut.
      if (got.includes("\r\n\r\n")) socket.end();
    });
    socket.on("close", () => resolve(got));
    socket.on("error", reject);
  });

test("a body that is never finished is dropped, chunked or not", async () => {
  const head = `POST /graphql HTTP/1.1\r\nhost: x\r\nx-duly: 1\r\ncontent-type: application/json\r\n`;
  expect(await sent(`${head}content-length: 50000\r\n\r\n{"query":"`)).toMatch(/^HTTP\/1.1 408[^]*UNAVAILABLE/);
  expect(await sent(`${head}transfer-encoding: chunked\r\n\r\n5\r\n{"que\r\n`)).toMatch(/^HTTP\/1.1 408/);
  expect(await sent(`${head}cookie: ${cookie}\r\ncontent-length: 5000\r\n\r\n{"query":"`)).toMatch(/^HTTP\/1.1 408/);
  expect((await post(200)).status).toBe(200);
});

test("a chunked body is counted as it comes", async () => {
  const head = `POST /graphql HTTP/1.1\r\nhost: x\r\nx-duly: 1\r\ncontent-type: application/json\r\n`;
  const chunk = `${(60_000).toString(16)}\r\n${" ".repeat(60_000)}\r\n`;
  expect(await sent(`${head}transfer-encoding: chunked\r\n\r\n${chunk}${chunk}`)).toMatch(/^HTTP\/1.1 413/);
});

test("sixty files at once are no more than fifty", async () => {
  const upload = (n: number) =>
    send(school.api.port, {
      path: `/files?name=note-${n}.txt`,
      headers: { "x-duly": "1", cookie, "content-type": "application/octet-stream" },
      body: `Note ${n}`,
    });
  const statuses = (await Promise.all(Array.from({ length: 60 }, (_, n) => upload(n)))).map(({ status }) => status);
  expect(statuses.filter((status) => status === 201).length).toBeLessThanOrEqual(50);
  expect(new Set(statuses)).toEqual(new Set([201, 429]));
});
