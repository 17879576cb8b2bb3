/** How much one may ask for: a session, a token, a link or a device by itself, and an address for what nobody signed. */
import { createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { type Asker, asker, newSchoolApi, type SchoolApi, send } from "../graphql/schoolApi";
import { acceptDocument, onlyAsked } from "../../api/graphql/document";
import { Allowance, HeldBytes, Refusals, Turns } from "../../api/graphql/rates";
import { openQueue, type Queue } from "../../api/queue";
import { spendBytes } from "../../api/engine/uploadPace";
import { newId } from "../../api/engine/world";

const ME = "{ me { roles } }";
const LETTERHEAD = "{ letterhead { name } }";
const json = { "content-type": "application/json", "x-duly": "1" };

let school: SchoolApi;
beforeAll(async () => {
  school = await newSchoolApi({
    rates: {
      signed: { points: 100, seconds: 600 },
      unsigned: { points: 150, seconds: 600 },
      atOnce: 4,
      waiting: 20,
    },
  });
}, 60_000);
afterAll(() => school.close());

/** Asks until it is refused. @returns that answer. */
async function flood(ask: () => ReturnType<Asker>, most = 400): Promise<Awaited<ReturnType<Asker>>> {
  for (let n = 0; n < most; n++) {
    const answer = await ask();
    if (answer.status === 429) return answer;
  }
  throw new Error(`${most} requests were answered.`);
}

const isRefused = (answer: Awaited<ReturnType<Asker>>): void => {
  expect(answer.status).toBe(429);
  expect(answer.errors[0]?.extensions.code).toBe("TOO_MANY_ATTEMPTS");
  expect(answer.errors[0]?.message).toMatch(/^Too many requests\. Wait (a second|\d+ seconds) and try again\.$/);
  expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
};

test("while one session floods, its person's other session, others and strangers at the same address are answered", async () => {
  const flooding = await school.as("Zoe King");
  const same = await school.as("Zoe King");
  const other = await school.as("Edith Marlowe");
  isRefused(await flood(() => flooding(ME)));
  for (const ask of [same, other, school.anybody]) expect((await ask(LETTERHEAD)).status).toBe(200);
  isRefused(await flooding(ME));
  const upload = await send(school.api.port, {
    path: "/files?name=a.txt",
    headers: { "x-duly": "1", cookie: await school.signIn("Edith Marlowe") },
    body: "A note.",
  });
  expect(upload.status).toBe(201);
});

test("what an operation could cost counts", async () => {
  const ask = await school.as("Edith Marlowe");
  const costly = "{ policies(first: 100) { nodes { id title history(first: 10) { id seq } } } }";
  let answered = 0;
  await flood(() => (answered++, ask(costly)));
  expect(answered).toBeLessThan(70);
});

test("a token is counted by itself, and by all processes together", async () => {
  const ask = await school.as("Edith Marlowe");
  const made = await ask('mutation { createApiToken(label: "Sheet") { secret } }');
  const { secret } = made.data["createApiToken"] as { secret: string };
  const bearer = { authorization: `Bearer ${secret}` };
  const { api } = await school.second();
  const turns = [asker(school.api.port, bearer), asker(api.port, bearer)];
  let n = 0;
  isRefused(await flood(() => turns[n++ % 2]!(ME), 160));
  expect((await ask(ME)).status).toBe(200);
});

test("more at once than run together wait for their turn, and beyond those are refused", async () => {
  const ask = await school.as("Edith Marlowe");
  const other = await school.as("Zoe King");
  const answers = Promise.all(Array.from({ length: 60 }, () => ask(ME)));
  expect((await other(ME)).status).toBe(200);
  const statuses = (await answers).map(({ status }) => status);
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(24);
  expect(new Set([...statuses, 429])).toEqual(new Set([200, 429]));
});

test("bodies that wait are counted as they came, and what no operation asks for is not kept", async () => {
  const held = new HeldBytes({ signed: { all: 10, own: 6 }, unsigned: { all: 5, own: 3 } });
  expect([held.take("a", "signed", 6), held.take("a", "signed", 1), held.take("b", "signed", 5)]).toEqual([
    true,
    false,
    false,
  ]);
  expect([held.take("c", "unsigned", 3), held.take("c", "unsigned", 1), held.take("d", "unsigned", 3)]).toEqual([
    true,
    false,
    false,
  ]);
  // What strangers hold is no part of what those who are signed in may.
  expect([held.take("d", "unsigned", 2), held.take("b", "signed", 4)]).toEqual([true, true]);
  held.give("a", "signed", 6);
  expect(held.take("b", "signed", 2)).toBe(true);

  const body = { query: "query Q($a: ID!) { x }", variables: { a: "1", junk: ["x"] }, extensions: { junk: 1 } };
  const { variables } = acceptDocument(body, true);
  expect(onlyAsked(body, variables)).toEqual({ query: body.query, variables: { a: "1" } });
  expect(onlyAsked("none", [])).toEqual({ query: undefined });

  const ask = await school.as("Edith Marlowe");
  const junk = Array.from({ length: 200_000 }, () => ({}));
  const answers = Promise.all(Array.from({ length: 40 }, () => ask(ME, { junk })));
  const other = await school.as("Bea Wickhurst");
  expect((await other(ME)).status).toBe(200);
  const statuses = (await answers).map(({ status }) => status);
  expect(new Set([...statuses, 200, 429])).toEqual(new Set([200, 429]));
});

test("guesses and whatever is unsigned are counted for the address, where those who are known go on", async () => {
  const known = await school.as("Edith Marlowe");
  await known(ME);
  const cookie = await school.signIn("Zoe King");
  const guess = asker(school.api.port, { authorization: `Bearer duly_${"x".repeat(43)}` });
  isRefused(await flood(() => guess(ME)));
  isRefused(await school.anybody(LETTERHEAD));
  expect((await known(ME)).status).toBe(200);
  // Not remembered by this process yet.
  expect((await asker(school.api.port, { cookie })(ME)).status).toBe(200);
  const crest = await send(school.api.port, { method: "GET", path: `/crests/${"0".repeat(64)}` });
  expect([crest.status, Number(crest.headers["retry-after"]) > 0]).toEqual([429, true]);
  const late = await send(school.api.port, { headers: json, body: JSON.stringify({ query: ME }).padEnd(90_000) });
  isRefused(late);
});

/** One that accepts and never answers. */
async function silentRedis(): Promise<{ url: string; close: () => void }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => void sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

test("without Redis, and with one that is silent, a process counts by itself", async () => {
  const silent = await silentRedis();
  const queues: Queue[] = [];
  try {
    for (const url of ["redis://127.0.0.1:1", silent.url]) {
      const queue = openQueue(url, newId(), () => undefined);
      queues.push(queue);
      const own = new Allowance(queue, "test", { points: 10, seconds: 60 }, (key) => key);
      let waits = 0;
      for (let n = 0; n < 100 && waits === 0; n++) {
        waits = own.spend("one");
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      expect(waits).toBeGreaterThan(0);
      expect(own.spend("other")).toBe(0);
    }
  } finally {
    silent.close();
    for (const queue of queues) await queue.close();
  }
});

test("a turn is handed on, and whoever spends much has one at a time, and rests while there are others", async () => {
  let now = 0;
  const turns = new Turns(2, 3, () => now);
  const full = () => new Error("full");
  const enter = (key: string, points = 1) => turns.enter(key, points, full);
  expect([enter("a"), enter("a"), enter("b")]).toEqual([undefined, undefined, undefined]);
  const [third, fourth] = [enter("a"), enter("a")];
  let begun = 0;
  for (const turn of [third, fourth]) void turn?.then(() => begun++);
  turns.leave("a", 10);
  await third;
  expect(begun).toBe(1);
  // It has spent much: the line goes on when the last has left, after as long as that took.
  turns.leave("a", 10, { points: 40 });
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(begun).toBe(1);
  turns.leave("a", 10);
  await fourth;
  expect(begun).toBe(2);
  const fifth = enter("a");
  expect([enter("a"), enter("a")].every((turn) => turn instanceof Promise)).toBe(true);
  expect(() => enter("a")).toThrow("full");
  expect(enter("b")).toBeUndefined();
  // Some seconds later it is as before.
  now += 60_000;
  turns.leave("a", 10);
  await fifth;
  expect(begun).toBe(2);
});

test("an address that goes on asking is told no more slowly, and others are not", async () => {
  const refusals = new Refusals(() => 0);
  const order: string[] = [];
  const ask = (address: string) => refusals.slowly(address).then(() => void order.push(address));
  for (let n = 0; n < 19; n++) await ask("a");
  const slow = ask("a");
  await ask("b");
  expect(order.at(-1)).toBe("b");
  await slow;
  expect(order.at(-1)).toBe("a");
});

test("rests that were begun together are one rest, as long as the longest", async () => {
  jest.useFakeTimers();
  try {
    let now = 0;
    const pass = async (ms: number): Promise<void> => {
      now += ms;
      await jest.advanceTimersByTimeAsync(ms);
    };
    const turns = new Turns(2, 10, () => now);
    const full = () => new Error("full");
    for (const key of ["flood", "flood", "other"]) void turns.enter(key, 20, full);
    let begun = 0;
    for (let i = 0; i < 3; i++) void turns.enter("flood", 1, full)?.then(() => begun++);
    turns.leave("flood", 100);
    await pass(200);
    turns.leave("flood", 100);
    await pass(200);
    // The first rest would have ended by now, the second has not.
    expect(begun).toBe(0);
    await pass(200);
    expect(begun).toBe(1);
  } finally {
    jest.useRealTimers();
  }
});

test("of one person's files a few megabytes are stored as they come, and more of them in a time of their own", () => {
  const million = (person: string, at: number): number => spendBytes(person, 1_000_000, at);
  expect([1, 2, 3, 4].map(() => million("a", 0))).toEqual([0, 0, 0, 0]);
  expect([million("a", 0), million("a", 0), million("b", 0)]).toEqual([1_000, 2_000, 0]);
  expect(million("a", 60_000)).toBe(0);
});
