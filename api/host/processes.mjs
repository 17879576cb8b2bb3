// Processes, ports and locks for the scripts that run before `npm install`: Node built-ins only.
import { spawn, spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A sentence for the person at the terminal: printed without a stack. */
export class HostError extends Error {}

/** What tells one process from a later one with the same number (its start time), or undefined when it is gone. */
export function processIdentity(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  try {
    // After the command's closing bracket: field 3 is the state, field 22 the start time in ticks.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    if (process.platform === "linux") return undefined;
  }
  const ps = spawnSync("ps", ["-p", String(pid), "-o", "lstart="], { encoding: "utf8" });
  return ps.status === 0 ? ps.stdout.trim() || undefined : undefined;
}

/** The command line of a living process, or "". */
export function commandLine(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    if (process.platform === "linux") return "";
  }
  const ps = spawnSync("ps", ["-p", String(pid), "-o", "command="], { encoding: "utf8" });
  return ps.status === 0 ? ps.stdout : "";
}

/** Asks a process to stop, waits, then kills it. A process that is gone, or whose number was reused, is left alone. */
export async function stopProcess(pid, { identity = processIdentity(pid), graceMs = 20_000 } = {}) {
  const alive = () => identity !== undefined && processIdentity(pid) === identity;
  for (const [signal, wait] of [
    ["SIGTERM", graceMs],
    ["SIGKILL", 5_000],
  ]) {
    if (!alive()) return;
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    for (const end = Date.now() + wait; Date.now() < end && alive();) await sleep(30);
  }
}

/** The ports that the system gives to outgoing connections: RFC 6335's where it does not say. */
export function outgoingPorts() {
  const [first, last] = (readText("/proc/sys/net/ipv4/ip_local_port_range") ?? "49152 65535").trim().split(/\s+/);
  return { first: Number(first), last: Number(last) };
}

/**
 * A port nobody listens on now, on the loopback address; undefined where `wanted` is taken. None of those that outgoing
 * connections get: whoever asks a server that is away for its port may be given that very port, and is then connected
 * with itself, so that the server cannot come back.
 */
export async function freePort(wanted = 0) {
  const { first, last } = outgoingPorts();
  if (wanted >= first && wanted <= last) return undefined;
  const below = first > LOWEST_PORT + 1_000 ? randomInt(LOWEST_PORT, first) : 0;
  const free = await new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen(wanted || below, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
  return free === undefined && wanted === 0 ? freePort() : free;
}

/** Below it are ports of well-known services. */
const LOWEST_PORT = 12_000;

/** Runs a command to its end, `input` on its stdin; resolves with `{ code, output }` and never rejects. */
export function run(command, args, { log, input = "", ...options } = {}) {
  return new Promise((resolve) => {
    let output = "";
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], ...options });
    // A command that ends before it has read everything is judged by its code.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    const take = (chunk) => {
      output += chunk;
      log?.(String(chunk).trimEnd());
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", (error) => resolve({ code: 127, output: `${output}${error.message}` }));
    child.on("close", (code, signal) => resolve({ code: code ?? (signal ? 1 : 0), output }));
  });
}

const endings = [];
let ending;

/** Runs `task` once, last registered first, when this program ends: by itself, by a signal or by an error. */
export function atEnd(task) {
  if (endings.length === 0) listenForTheEnd();
  endings.push(task);
  return async () => {
    const at = endings.indexOf(task);
    if (at >= 0) endings.splice(at, 1);
    await task();
  };
}

/** Ends this program with everything it started. */
export function end(code) {
  ending ??= (async () => {
    for (let task = endings.pop(); task; task = endings.pop()) {
      try {
        await task();
      } catch (error) {
        console.error(error);
        code ||= 1;
      }
    }
    process.exit(code);
  })();
  return ending;
}

function listenForTheEnd() {
  // Ctrl-C reaches us twice (the terminal and npm both send it), so the handlers stay installed while ending.
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ])
    process.on(signal, () => {
      // At once: ending in order takes seconds, and silence looks as if nothing had been heard.
      if (!ending && signal === "SIGINT") console.error("\nStopping …");
      void end(code);
    });
  const fail = (error) => {
    console.error(error instanceof HostError ? error.message : error);
    void end(1);
  };
  process.on("uncaughtException", fail);
  process.on("unhandledRejection", fail);
}

/** Runs a script's body: its result is the exit code; a HostError becomes one sentence. */
export async function main(body) {
  let code = 1;
  try {
    code = (await body()) ?? 0;
  } catch (error) {
    // What was told to stop fails, which is no news.
    if (!ending) console.error(error instanceof HostError ? error.message : error);
  }
  await end(code);
}

/** Milliseconds since a file was written; 0 where it is gone. */
function ageOf(path) {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

/** Holds `dir`/lock while `body` runs; a lock left by a process that is gone is broken. */
export async function withLock(dir, body) {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const path = join(dir, "lock");
  const mine = `${process.pid} ${processIdentity(process.pid)}`;
  for (const deadline = Date.now() + 300_000; ; await sleep(100)) {
    try {
      const file = openSync(path, "wx", 0o600);
      writeSync(file, mine);
      closeSync(file);
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    const holder = readText(path) ?? "";
    const [pid, identity] = holder.split(" ");
    // Empty: whoever made it was killed before it wrote its name.
    const left = holder === "" ? ageOf(path) > 5_000 : processIdentity(Number(pid)) !== identity;
    if (left) {
      // Moved aside rather than deleted: if another process broke the lock first, its new one is put back.
      const aside = `${path}.${process.pid}`;
      try {
        renameSync(path, aside);
        if (readText(aside) !== holder) renameSync(aside, path);
        else rmSync(aside);
      } catch {
        continue;
      }
    } else if (Date.now() > deadline) throw new HostError(`${path} is held by process ${pid} for five minutes now.`);
  }
  try {
    return await body();
  } finally {
    if (readText(path) === mine) rmSync(path, { force: true });
  }
}

/** Marks this process as a user of `dir`; `leave()` says whether others are left. Call both under the lock. */
export function enter(dir) {
  const users = join(dir, "users");
  mkdirSync(users, { recursive: true, mode: 0o700 });
  const mine = join(users, String(process.pid));
  writeText(mine, processIdentity(process.pid) ?? "");
  return {
    leave() {
      rmSync(mine, { force: true });
      return livingUsers(dir).length > 0;
    },
  };
}

export function livingUsers(dir) {
  let names = [];
  try {
    names = readdirSync(join(dir, "users"));
  } catch {
    return [];
  }
  return names.filter((name) => {
    const path = join(dir, "users", name);
    if (processIdentity(Number(name)) === readText(path)) return true;
    rmSync(path, { force: true });
    return false;
  });
}

export function readText(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** Writes a private file whole or not at all. */
export function writeText(path, text) {
  const fresh = `${path}.${process.pid}.new`;
  const file = openSync(fresh, "w", 0o600);
  writeSync(file, text);
  closeSync(file);
  renameSync(fresh, path);
}
