/** Live: two API processes on one school, two people, and nobody learns of a record they may not see. */
import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "graphql-sse";
import { fireDue } from "../../api/engine/fireDue";
import { publishDefinition } from "../../api/engine/publishDefinition";
import { systemIdentity } from "../../api/engine/run";
import type { RecordType } from "../../schema/definition";
import { type Asker, newSchoolApi, type SchoolApi, send } from "./schoolApi";

const memo: RecordType = {
  name: "memo",
  plural: "memos",
  label: "Memo",
  pluralLabel: "Memos",
  reference: "MEM-{year}-{n}",
  title: "{{ words }}",
  entries: { new: "open" },
  confidential: true,
  fields: {
    words: { kind: "text", label: "Words", required: true },
    reader: { kind: "person", label: "Reader" },
  },
  states: { open: { label: "Open" }, read: { label: "Read", end: true } },
  actions: { read: { label: "Read", from: ["open"], to: "read", who: [{ anyone: true }] } },
  tasks: { readIt: { label: "Read {{ words }}", opens: "open", to: [{ field: "reader" }], actions: ["read"] } },
  grants: [
    { to: [{ field: "createdBy" }, { field: "reader" }], may: ["see", "edit"] },
    { to: [{ role: "staff" }], may: ["create"] },
  ],
};

interface Told {
  type: string;
  id: string;
  version: number;
}

let api: SchoolApi;
let other: Awaited<ReturnType<SchoolApi["second"]>>;
let head: Asker;
const listening: Listener[] = [];

interface Listener {
  told: Told[];
  /** How often all was to be asked for again. */
  all: number;
  ended: boolean;
  stop(): void;
}

beforeAll(async () => {
  api = await newSchoolApi();
  await publishDefinition(api.school.world, systemIdentity(api.school.organisation), { json: memo });
  await fireDue(api.school.world);
  other = await api.second();
  head = await api.as("Zoe King");
}, 60_000);
afterEach(() => listening.splice(0).forEach((one) => one.stop()));
afterAll(() => api.close());

/** Listens as this person on a process, and returns once the stream is open. */
async function listen(port: number, cookie: string): Promise<Listener> {
  const client = createClient({
    url: `http://127.0.0.1:${port}/live`,
    headers: { cookie, "x-duly": "1" },
    retryAttempts: 0,
  });
  const one: Listener = { told: [], all: 0, ended: false, stop: () => client.dispose() };
  listening.push(one);
  await new Promise<void>((resolve, reject) => {
    client.subscribe<{ changes: Told[] }>(
      { query: "subscription { changes { type id version } }" },
      {
        next({ data }) {
          one.told.push(...(data?.changes ?? []));
          if (data?.changes.length === 0) one.all++;
        },
        error: (error) => reject(error instanceof Error ? error : new Error(String(error))),
        complete: () => void (one.ended = true),
      },
      { connected: () => resolve() },
    );
  });
  return one;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(20);
}

async function write(words: string, reader: string, ask = head): Promise<string> {
  const input = { words, reader: api.school.personId(reader) };
  const answer = await ask("mutation M($input: CreateMemoInput!) { createMemo(input: $input) { id } }", { input });
  if (answer.errors.length) throw new Error(answer.text);
  return (answer.data["createMemo"] as { id: string }).id;
}

test("whoever may see a record is told of its change on another process, and nobody else", async () => {
  const tomas = await listen(other.api.port, await api.signIn("Tomas Elmstead"));
  const callum = await listen(other.api.port, await api.signIn("Callum Birchwood"));
  const forTomas = await write("Bring chalk", "Tomas Elmstead");
  await until(() => tomas.told.length > 0);
  expect(tomas.told).toEqual([{ type: "memo", id: forTomas, version: 1 }]);
  // What comes later has been told by then, and so has what came before.
  const forCallum = await write("Bring ink", "Callum Birchwood");
  await until(() => callum.told.length > 0);
  expect(callum.told).toEqual([{ type: "memo", id: forCallum, version: 1 }]);
  expect(tomas.told).toHaveLength(1);
});

test("who loses sight of a record is not told of what becomes of it", async () => {
  const tomas = await listen(other.api.port, await api.signIn("Tomas Elmstead"));
  const id = await write("Yours", "Tomas Elmstead");
  await until(() => tomas.told.length === 1);
  const callum = await listen(api.api.port, await api.signIn("Callum Birchwood"));
  await head(
    `mutation { updateMemo(id: "${id}", expectedVersion: 1, input: { reader: "${api.school.personId("Callum Birchwood")}" }) { id } }`,
  );
  await until(() => callum.told.length === 1);
  const next = await write("Yours again", "Tomas Elmstead");
  await until(() => tomas.told.length > 1);
  expect(tomas.told.map((each) => each.id)).toEqual([id, next]);
});

test("the session that ends takes its stream with it, and rights that move ask for everything again", async () => {
  const cookie = await api.signIn("Tomas Elmstead");
  const tomas = await listen(api.api.port, cookie);
  const administrator = await api.as("Harriet Stowting");
  await administrator(
    `mutation { appoint(person: "${api.school.personId("Tomas Elmstead")}", role: "authorisedSearcher") { id } }`,
  );
  await until(() => tomas.all > 0);
  const { port } = api.api;
  const body = JSON.stringify({ query: "mutation { signOut }" });
  await send(port, { headers: { "content-type": "application/json", "x-duly": "1", cookie }, body });
  await write("Too late", "Tomas Elmstead");
  await until(() => tomas.ended);
  expect(tomas.told).toEqual([]);
});

test("a stream is for whoever is signed in, from our own pages, for a subscription, and six at most", async () => {
  const cookie = await api.signIn("Yasmin Chilham");
  const ask = (headers: Record<string, string>, query: string) =>
    send(api.api.port, {
      path: "/live",
      headers: {
        "content-type": "application/json",
        accept: "text/event-stream",
        "content-length": String(JSON.stringify({ query }).length),
        ...headers,
      },
      body: JSON.stringify({ query }),
    });
  const query = "subscription { changes { id } }";
  expect((await ask({ "x-duly": "1" }, query)).status).toBe(401);
  expect((await ask({ cookie }, query)).status).toBe(403);
  expect((await ask({ cookie, "x-duly": "1" }, "{ me { organisation { name } } }")).text).toMatch(/Only subscriptions/);
  const elsewhere = await (await api.as("Yasmin Chilham"))(query);
  expect(elsewhere.errors[0]?.message).toMatch(/\/live/);
  for (let n = 0; n < 6; n++) await listen(api.api.port, cookie);
  await expect(listen(api.api.port, cookie)).rejects.toThrow(/429/);
});
