// Running the product's own processes: their environment, their output, and who runs on which data folder.
import { spawn } from "node:child_process";
import { randomBytes, randomInt } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { openLog } from "./logs.mjs";
import { HostError, atEnd, processIdentity, readText, stopProcess, withLock, writeText } from "./processes.mjs";

/**
 * For the API process. Where V8 may use gigabytes it lets garbage grow to four times what lives before it clears it
 * away, where it may use one to less than twice: some 150 MB under load instead of 230. docker/ says the same.
 */
export const leanHeap = ["--max-old-space-size=1024"];

/** A secret of this data folder, made once. */
function keep(path, make) {
  if (!existsSync(path)) writeText(path, make());
  return path;
}

/** Eight syllables, 49 bits: easy to read aloud and type. */
function readablePassword() {
  const pick = (letters) => letters[randomInt(letters.length)];
  const syllable = () => pick("bdfghjklmnprstvz") + pick("aeiou");
  return Array.from({ length: 4 }, () => syllable() + syllable()).join("-");
}

/** What api, worker and migrate are given; whatever the caller's environment sets wins. */
export function productEnvironment({ dir, services, port, env = process.env }) {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const demo = env.DULY_DEMO || "1";
  const password = () => readText(keep(join(dir, "demo-password"), readablePassword)).trim();
  return {
    ...env,
    DATABASE_URL: services.databaseUrl,
    REDIS_URL: services.redisUrl,
    PORT: String(port),
    PUBLIC_URL: env.PUBLIC_URL || `http://localhost:${port}`,
    DULY_DATA: dir,
    // A private server's database goes where its folder goes.
    ...(env.DATABASE_URL || env.DULY_PLACE ? {} : { DULY_PLACE: dir }),
    DULY_DEMO: demo,
    DULY_KEY_FILE: env.DULY_KEY_FILE || keep(join(dir, "key"), () => randomBytes(32)),
    ...(demo === "0" ? {} : { DULY_DEMO_PASSWORD: env.DULY_DEMO_PASSWORD || password() }),
    // 0: the demo school begins today, without a year behind it.
    ...(demo === "0" ? {} : { DULY_DEMO_SEED: env.DULY_DEMO_SEED || "1" }),
  };
}

/** Whether a server may listen on the port, where Duly will and on the loopback address. */
async function isFree(port, host = "127.0.0.1") {
  for (const address of new Set([host, "127.0.0.1"])) {
    const free = await new Promise((resolve) => {
      const server = createServer();
      server.once("error", () => resolve(false));
      server.listen({ port, host: address }, () => server.close(() => resolve(true)));
    });
    if (!free) return false;
  }
  return true;
}

/** The address by which this machine reaches a server that listens on `host`. */
export function reachedAt(host = "127.0.0.1") {
  if (["", "0.0.0.0", "::"].includes(host)) return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

/** PORT if it is set, else the first free port from 4400 on. */
export async function choosePort(env = process.env) {
  if (env.PORT) {
    if (await isFree(Number(env.PORT), env.HOST || undefined)) return Number(env.PORT);
    throw new HostError(`Port ${env.PORT} is taken: set PORT to another, or unset it to let Duly choose.`);
  }
  for (let port = 4400; port < 4500; port += 1) if (await isFree(port, env.HOST || undefined)) return port;
  throw new HostError("No port between 4400 and 4499 is free: set PORT.");
}

const runFile = (dir) => join(dir, "run.json");
const sameProcess = ({ pid, identity }) => identity !== undefined && processIdentity(pid) === identity;

/** The environment of the Duly that runs on this data folder now, or undefined. */
export function runningEnvironment(dir) {
  const run = JSON.parse(readText(runFile(dir)) ?? "{}");
  return run.owner && sameProcess(run.owner) ? run.env : undefined;
}

/**
 * Makes this process the one Duly of the data folder, ending what a killed one left behind.
 * @returns `record(env, children)`, which writes down what runs, for `npm run duly` and for the next start.
 */
export async function claim(dir) {
  const owner = { pid: process.pid, identity: processIdentity(process.pid) };
  await withLock(dir, async () => {
    const before = JSON.parse(readText(runFile(dir)) ?? "{}");
    if (before.owner && sameProcess(before.owner))
      throw new HostError(
        `Duly already runs on this data (${dir})${before.env ? ` at ${before.env.PUBLIC_URL}` : ""}: ` +
          "stop it first, or set DULY_DATA to another folder for a second copy.",
      );
    await Promise.all((before.children ?? []).map((child) => stopProcess(child.pid, child)));
    writeText(runFile(dir), JSON.stringify({ owner }));
  });
  atEnd(() => writeText(runFile(dir), "{}"));
  return (env, children) => {
    const names = [
      "DATABASE_URL",
      "REDIS_URL",
      "PORT",
      "PUBLIC_URL",
      "DULY_DATA",
      "DULY_PLACE",
      "DULY_DEMO",
      "DULY_KEY_FILE",
    ];
    const shared = Object.fromEntries(
      [...names, "DULY_DEMO_PASSWORD", "SMTP_URL", "SMTP_ALLOW", "MAIL_FROM", "MAIL_BOUNCES"].flatMap((name) =>
        env[name] ? [[name, env[name]]] : [],
      ),
    );
    writeText(runFile(dir), JSON.stringify({ owner, env: shared, children }));
  };
}

/**
 * Starts a long-running process of the product. Its lines go to `logFile` and, unless they are routine log entries, to
 * the terminal. It has its own process group, so that Ctrl-C reaches only us and we end things in order. With `restarted`
 * it is started again when it ends, later each time, and that is called; what ends at once ten times in a row has `died`.
 */
export function startProcess(name, args, options) {
  const { died, restarted } = options;
  const child = {};
  let stopping = false;
  let inARow = 0;
  const begin = () => {
    const began = Date.now();
    const { pid, identity, log } = spawnProcess(name, args, {
      ...options,
      ended(why) {
        if (stopping) return;
        const sentence = `${name} has ended (${why}).${log ? ` Its log: ${log}` : ""}`;
        inARow = Date.now() - began > LIVED_MS ? 1 : inARow + 1;
        if (!restarted) return died(sentence);
        if (inARow >= MOST_RESTARTS)
          return died(`${sentence} It ended ${inARow} times in a row, each time at once: it is not started again.`);
        const pauseMs = Math.min(500 * 2 ** (inARow - 1), 15_000);
        console.error(`${sentence} It is started again in ${pauseMs / 1_000} s.`);
        setTimeout(() => stopping || (begin(), restarted()), pauseMs);
      },
    });
    Object.assign(child, { pid, identity });
  };
  begin();
  atEnd(() => {
    stopping = true;
    return stopProcess(child.pid, { identity: child.identity, graceMs: 15_000 });
  });
  return child;
}

/** A process that lived so long did not end at once. */
const LIVED_MS = 10_000;
const MOST_RESTARTS = 10;

function spawnProcess(name, args, { env, cwd, logFile, show = worthShowing, ended }) {
  const log = logFile && openLog(logFile);
  const child = spawn(process.execPath, args, { env, cwd, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const identity = processIdentity(child.pid);
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on("line", (line) => {
      log?.write(line);
      if (show(line)) console.log(`${name} | ${line}`);
    });
  child.once("error", (error) => ended(`it could not be started: ${error.message}`));
  child.once("close", (code, signal) => {
    log?.close();
    if (child.pid !== undefined) ended(signal ?? `code ${code}`);
  });
  return { pid: child.pid, identity, log: logFile };
}

/** Routine lines are JSON of pino; from level 50 (error) on, and whatever is no JSON, a person should see them. */
function worthShowing(line) {
  try {
    return JSON.parse(line).level >= 50;
  } catch {
    return line.trim() !== "";
  }
}

/**
 * Waits until GET `url` answers 200, and says every minute why it does not yet: a small or busy machine takes its time.
 * The last answer is in the error.
 */
export async function untilReady(url, { timeoutMs = 900_000, sayEveryMs = 60_000, say = console.log, sleep }) {
  let last = "no answer";
  const began = Date.now();
  for (let said = began; Date.now() < began + timeoutMs; await sleep(100)) {
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) });
      const body = await answer.text();
      if (answer.ok) return;
      last = `${answer.status} ${body.trim().slice(0, 500)}`;
    } catch (error) {
      last = error.cause?.message ?? error.message;
    }
    if (Date.now() - said < sayEveryMs) continue;
    said = Date.now();
    say(`Still starting after ${Math.round((said - began) / 1_000)} s (${last}) …`);
  }
  throw new HostError(`${url} was not ready within ${timeoutMs / 60_000} minutes: ${last}`);
}
