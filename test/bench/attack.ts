/**
 * What a flood costs everybody else: one built API at its own limits, people who work at it, and somebody who sends what
 * is worst as fast as it is answered. What the others wait is said as a ratio to what they wait in quiet, in the same run.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { docxOf, hostileDocuments, paragraph } from "../hostileFiles";
import { emailOf, send, SIGN_IN } from "../graphql/schoolApi";
import { demoPassword, newSchool, type School } from "../school";
import { residentMb, startDuly } from "./processes";

const QUIET_MS = 6_000;
const FLOOD_MS = 8_000;
/** How many the flooder sends at once. */
const LANES = 16;
/** Each of the others asks so often, as people at a page do. */
const EVERY_MS = 250;
const WITHIN = 2;

const OTHERS = ["Zoe King", "Bea Wickhurst", "Yasmin Chilham", "Edith Marlowe"];
const FLOODER = "Harriet Stowting";
const MY_WORK =
  "{ myTasks(first: 25) { totalCount nodes { id label dueOn recordTitle } } myRequests(first: 20) { id } }";

interface Ground {
  port: number;
  /** The session of whoever floods. */
  cookie: string;
}

interface Flood {
  name: string;
  /** Sends one. @returns the status of its answer. */
  one(ground: Ground, n: number): Promise<number>;
  before?(ground: Ground): Promise<void>;
}

const json = { "content-type": "application/json", "x-duly": "1" };
const graphql = async (
  { port }: Ground,
  query: string,
  variables: Record<string, unknown>,
  headers: Record<string, string> = {},
): Promise<number> =>
  (await send(port, { headers: { ...json, ...headers }, body: JSON.stringify({ query, variables }) })).status;
const signed = (ground: Ground, query: string, variables: Record<string, unknown> = {}): Promise<number> =>
  graphql(ground, query, variables, { cookie: ground.cookie });
const upload = async (
  { port, cookie }: Ground,
  name: string,
  body: Buffer,
): Promise<{ status: number; text: string }> =>
  send(port, { path: `/files?name=${name}`, headers: { "x-duly": "1", cookie }, body });

const distinct = (n: number, fields: number): string =>
  `{ ${Array.from({ length: fields }, (_, i) => `a${n}_${i}: letterhead { name }`).join(" ")} }`;
const deep = `{"query":"{ me { roles } }","variables":${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}}`;
const find =
  "query Q($f: PolicyFilter, $s: String) { policies(filter: $f, search: $s, first: 200) { totalCount nodes { id } } }";
const long = Buffer.alloc(19_000_000, "a");
let bomb: Buffer = Buffer.alloc(0);
let letter: Buffer = Buffer.alloc(0);

const floods: Flood[] = [
  { name: "strangers' documents, each another", one: (g, n) => graphql(g, distinct(n, 40), {}) },
  {
    name: "strangers' guesses at passwords",
    one: (g, n) => graphql(g, SIGN_IN, { email: `nobody${n}@nowhere.invalid`, password: "a guess" }),
  },
  {
    name: "strangers' bodies of a megabyte",
    one: async ({ port }) => (await send(port, { headers: json, body: Buffer.alloc(1_000_000, " ") })).status,
  },
  { name: "strangers' bodies that never end", one: ({ port }) => unfinished(port) },
  {
    name: "links that are none",
    one: (g, n) =>
      graphql(g, "query Q($s: String!) { guestPage(secret: $s) { __typename } }", { s: `01ARZ3NDEKTSV4RRFFQ69G${n}` }),
  },
  { name: "one person's documents, each another", one: (g, n) => signed(g, distinct(n, 150)) },
  {
    name: "one person's longest lists",
    one: (g) =>
      signed(g, "{ policies(first: 100) { nodes { id history(first: 10) { id summary } tasks { id label } } } }"),
  },
  {
    name: "one person's widest filters",
    one: (g) =>
      signed(g, find, { f: { or: Array.from({ length: 90 }, (_, i) => ({ title: { contains: `word ${i}` } })) } }),
  },
  {
    name: "one person's searches",
    one: (g, n) =>
      signed(g, find, { s: Array.from({ length: 15 }, (_, i) => `${n % 10}${i}`.padEnd(64, "z")).join(" ") }),
  },
  {
    name: "one person's deep JSON",
    one: async ({ port, cookie }) => (await send(port, { headers: { ...json, cookie }, body: deep })).status,
  },
  {
    name: "one person's files of 19 MB",
    one: async (g) => (await upload(g, "long.txt", long)).status,
  },
  {
    name: "one person's document of a hundred thousand paragraphs",
    before: async () => void (bomb = (await hostileDocuments["a hundred thousand paragraphs"]?.()) ?? bomb),
    one: (g) => importing(g, bomb),
  },
  {
    name: "one person's ordinary documents",
    before: async () => void (letter = await docxOf(paragraph("Phones stay in bags. ".repeat(40)).repeat(200))),
    one: (g) => importing(g, letter),
  },
];

async function importing(ground: Ground, bytes: Buffer): Promise<number> {
  const { status, text } = await upload(ground, "policy.docx", bytes);
  if (status !== 201) return status;
  const { id } = JSON.parse(text) as { id: string };
  return signed(ground, "mutation M($f: ID!) { importPolicies(file: $f, dryRun: true) { __typename } }", { f: id });
}

/** Opened, begun and left, until the server lets go of it. */
function unfinished(port: number): Promise<number> {
  return new Promise((resolve) => {
    const socket: Socket = createConnection(port, "127.0.0.1", () =>
      socket.write(
        'POST /graphql HTTP/1.1\r\nhost: x\r\nx-duly: 1\r\ncontent-type: application/json\r\ncontent-length: 90000\r\n\r\n{"query":"',
      ),
    );
    let first = "";
    socket.on("data", (chunk) => (first ||= chunk.toString("latin1")));
    socket.on("close", () => resolve(Number(first.slice(9, 12)) || 0));
    socket.on("error", () => socket.destroy());
    setTimeout(() => socket.destroy(), FLOOD_MS).unref();
  });
}

const percentile = (values: number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? NaN;

/** What the others wait for their page, ms each, for so long. */
async function others(port: number, cookies: string[], forMs: number): Promise<{ waits: number[]; refused: number }> {
  const waits: number[] = [];
  let refused = 0;
  const end = performance.now() + forMs;
  await Promise.all(
    cookies.map(async (cookie, i) => {
      await sleep((i * EVERY_MS) / cookies.length);
      const asked: Promise<void>[] = [];
      while (performance.now() < end) {
        const began = performance.now();
        asked.push(
          send(port, { headers: { ...json, cookie }, body: JSON.stringify({ query: MY_WORK }) }).then(({ status }) => {
            waits.push(performance.now() - began);
            if (status !== 200) refused++;
          }),
        );
        await sleep(EVERY_MS);
      }
      await Promise.all(asked);
    }),
  );
  return { waits, refused };
}

async function signIn(port: number, name: string): Promise<string> {
  const body = JSON.stringify({ query: SIGN_IN, variables: { email: emailOf(name), password: demoPassword } });
  const { headers, text } = await send(port, { headers: json, body });
  const cookie = /^duly=[^;]+/.exec(String(headers["set-cookie"]))?.[0];
  if (!cookie) throw new Error(`${name} could not sign in: ${text}`);
  return cookie;
}

/** Floods in turn, each from a server that was just started: what the one before spent does not count. */
export async function benchAttack(): Promise<string[]> {
  const school = await newSchool();
  const folder = mkdtempSync(join(tmpdir(), "duly-bench-"));
  const beat = () => void school.world.queue.heartbeat("bench").catch(() => undefined);
  const redis = new Redis(process.env["TEST_REDIS_URL"] ?? "");
  const beating = setInterval(beat, 4_000);
  try {
    const lines: string[] = [];
    const sessions = new Map<string, string>();
    for (const flood of floods) {
      // What one flood spent of its limits does not spare the next.
      await redis.flushdb();
      beat();
      lines.push(...(await measure(school, folder, sessions, flood)));
    }
    return lines;
  } finally {
    clearInterval(beating);
    redis.disconnect();
    await school.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(school: School, folder: string, sessions: Map<string, string>, flood: Flood): Promise<string[]> {
  const keyFile = join(folder, "key");
  writeFileSync(keyFile, school.world.config.key);
  const api = await startDuly({
    ...process.env,
    DATABASE_URL: school.databaseUrl,
    REDIS_URL: process.env["TEST_REDIS_URL"],
    DULY_DATA: folder,
    DULY_DEMO: "0",
    DULY_KEY_FILE: keyFile,
    SMTP_URL: "",
    LOG_LEVEL: "fatal",
    NODE_ENV: "production",
  });
  try {
    // Once: after the guesses at passwords this address has to wait.
    for (const name of [FLOODER, ...OTHERS]) if (!sessions.has(name)) sessions.set(name, await signIn(api.port, name));
    const cookies = OTHERS.map((name) => sessions.get(name) ?? "");
    const ground: Ground = { port: api.port, cookie: sessions.get(FLOODER) ?? "" };
    await flood.before?.(ground);
    await others(api.port, cookies, 2_000);
    const quiet = await others(api.port, cookies, QUIET_MS);
    const resting = residentMb(api.child.pid);
    const statuses = new Map<number, number>();
    let flooding = true;
    let n = 0;
    const lanes = Array.from({ length: LANES }, async () => {
      while (flooding) {
        const status = await flood.one(ground, n++).catch(() => 0);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    });
    const loud = await others(api.port, cookies, FLOOD_MS);
    flooding = false;
    await Promise.all(lanes);
    const [before, during] = [percentile(quiet.waits, 0.95), percentile(loud.waits, 0.95)];
    const ratio = during / before;
    const answers = [...statuses]
      .sort(([a], [b]) => a - b)
      .map(([status, times]) => `${times} × ${status || "dropped"}`);
    return [
      flood.name,
      `  others' p95 ${before.toFixed(0)} ms in quiet, ${during.toFixed(0)} ms under the flood: × ${ratio.toFixed(2)}, target ≤ ${WITHIN}: ${ratio <= WITHIN ? "met" : "MISSED"}; ${loud.refused} of ${loud.waits.length} of theirs refused`,
      `  answers ${answers.join(", ")}; ${resting.toFixed(0)} MB before, ${residentMb(api.child.pid, "VmHWM").toFixed(0)} MB at most`,
    ];
  } finally {
    await api.stop();
  }
}
