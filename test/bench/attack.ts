/**
 * What a flood costs everybody else: one built API at its own limits, people who work at it, and somebody who sends what
 * is worst as fast as it is answered. What the others wait is said as a ratio to what they wait in quiet, in the same run.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { emailOf, send, SIGN_IN } from "../graphql/schoolApi";
import { demoPassword, newSchool, type School } from "../school";
import { type Flood, floods, json } from "./floods";
import { nextMessage, residentMb, startDuly, startScript } from "./processes";

/** Long enough that one slow second is no twentieth of them. */
const MEASURED_MS = 16_000;
/** Each of the others asks so often, as people at a page do. */
const EVERY_MS = 250;
const WITHIN = 2;

const OTHERS = ["Zoe King", "Bea Wickhurst", "Yasmin Chilham", "Edith Marlowe"];
const FLOODER = "Harriet Stowting";
const MY_WORK =
  "{ myTasks(first: 25) { totalCount nodes { id label dueOn recordTitle } } myRequests(first: 20) { id } }";

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

/** As many at once as the flood may make it: each connection reads a statement for the first time once. */
async function warm(port: number, cookies: string[]): Promise<void> {
  const body = JSON.stringify({ query: MY_WORK });
  for (let round = 0; round < 5; round++)
    await Promise.all(
      cookies.flatMap((cookie) => Array.from({ length: 8 }, () => send(port, { headers: { ...json, cookie }, body }))),
    );
}

async function signIn(port: number, name: string): Promise<string> {
  const body = JSON.stringify({ query: SIGN_IN, variables: { email: emailOf(name), password: demoPassword } });
  const { headers, text } = await send(port, { headers: json, body });
  const cookie = /^duly=[^;]+/.exec(String(headers["set-cookie"]))?.[0];
  if (!cookie) throw new Error(`${name} could not sign in: ${text}`);
  return cookie;
}

/** Floods in turn, each from a server that was just started: what the one before spent does not count. */
export async function benchAttack(print: (lines: string[]) => void, only = ""): Promise<void> {
  const school = await newSchool();
  const folder = mkdtempSync(join(tmpdir(), "duly-bench-"));
  const beat = () => void school.world.queue.heartbeat("bench").catch(() => undefined);
  const redis = new Redis(process.env["TEST_REDIS_URL"] ?? "");
  const beating = setInterval(beat, 4_000);
  try {
    const sessions = new Map<string, string>();
    // `only`: those whose names contain it.
    for (const flood of floods.filter(({ name }) => name.includes(only))) {
      // What one flood spent of its limits does not spare the next.
      await redis.flushdb();
      beat();
      print(await measure(school, folder, sessions, flood));
    }
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
    const { child } = await startScript("flooder.ts", {
      ...process.env,
      FLOOD: flood.name,
      FLOOD_PORT: String(api.port),
      FLOOD_COOKIE: sessions.get(FLOODER) ?? "",
    });
    await warm(api.port, cookies);
    await others(api.port, cookies, 2_000);
    const quiet = await others(api.port, cookies, MEASURED_MS);
    const resting = residentMb(api.child.pid);
    child.send("go");
    const loud = await others(api.port, cookies, MEASURED_MS);
    const answered = nextMessage<[number, number][]>(child);
    child.send("stop");
    const statuses = await answered;
    const [before, during] = [percentile(quiet.waits, 0.95), percentile(loud.waits, 0.95)];
    const ratio = during / before;
    const answers = statuses.sort(([a], [b]) => a - b).map(([status, times]) => `${times} × ${status || "dropped"}`);
    return [
      flood.name,
      `  others' p95 ${before.toFixed(0)} ms in quiet, ${during.toFixed(0)} ms under the flood: × ${ratio.toFixed(2)}, target ≤ ${WITHIN}: ${ratio <= WITHIN ? "met" : "MISSED"}; ${loud.refused} of ${loud.waits.length} of theirs refused`,
      `  answers ${answers.join(", ")}; ${resting.toFixed(0)} MB before, ${residentMb(api.child.pid, "VmHWM").toFixed(0)} MB at most`,
    ];
  } finally {
    await api.stop();
  }
}
