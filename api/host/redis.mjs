// A Redis (or Valkey) server of our own: its data in one folder, on the loopback address only.
import { spawn } from "node:child_process";
import { closeSync, mkdirSync, readlinkSync, realpathSync, rmSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startLog } from "./logs.mjs";
import { findProgram } from "./packages.mjs";
import { HostError, commandLine, freePort, processIdentity, readText, stopProcess, writeText } from "./processes.mjs";

export const findRedis = (env) => findProgram(["redis-server", "valkey-server"], env);

/** Whether the Redis on the port is the one that knows our password, and ready. */
export function answers(port, password) {
  return new Promise((resolve) => {
    const socket = createConnection({ host: "127.0.0.1", port });
    let heard = "";
    const done = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(2_000, () => done(false));
    socket.once("error", () => done(false));
    socket.once("close", () => done(false));
    socket.write(`AUTH ${password}\r\nPING\r\n`);
    socket.on("data", (data) => {
      heard += data;
      if (heard.startsWith("-")) done(false);
      else if (heard.split("\r\n").length > 2) done(heard === "+OK\r\n+PONG\r\n");
    });
  });
}

/** `ours`: whether the server is up that was meant. Another one, of a copied folder, may have its port and password. */
async function untilItAnswers(state, alive, seconds, ours = () => true) {
  for (const deadline = Date.now() + seconds * 1_000; Date.now() < deadline && alive(); await sleep(50))
    if (ours() && (await answers(state.port, state.password))) return true;
  return false;
}

/** Redis rewrites its own command line to "redis-server 127.0.0.1:6379". */
function living(dir, port) {
  const pid = Number(readText(join(dir, "redis", "server.pid")));
  const isIt = /(redis|valkey)-server/.test(commandLine(pid)) && commandLine(pid).includes(`:${port}`);
  return isIt && worksIn(pid, join(dir, "redis")) ? pid : undefined;
}

/** Its folder tells it from that of a copy, whose files name the same process. Where that cannot be asked, the port must do. */
function worksIn(pid, folder) {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(folder);
  } catch {
    return process.platform !== "linux";
  }
}

// noeviction: a Redis that evicts loses queued work without an error.
const settings = (state, data) =>
  `bind 127.0.0.1
port ${state.port}
requirepass ${state.password}
dir "${data}"
pidfile "${join(data, "server.pid")}"
maxmemory-policy noeviction
appendonly yes
appendfsync everysec
save ""
`;

export async function startRedis(program, dir, state, save, log, { samePort = false, tries = 3 } = {}) {
  const pid = state.port ? living(dir, state.port) : undefined;
  if (pid !== undefined) {
    if (await untilItAnswers(state, () => living(dir, state.port) === pid, 30)) return handle(state, pid);
    await stopProcess(pid);
  }
  const data = join(dir, "redis");
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const next = {
    password: state.password,
    port: samePort ? state.port : ((await freePort(state.port)) ?? (await freePort())),
  };
  save(next);
  const pidFile = join(data, "server.pid");
  rmSync(pidFile, { force: true });
  const config = join(data, "redis.conf");
  writeText(config, settings(next, data));
  const out = startLog(join(dir, "redis.log"));
  const child = spawn(program, [config], { stdio: ["ignore", out, out], detached: true, cwd: data });
  closeSync(out);
  let problem;
  child.once("error", (error) => (problem = error.message));
  child.once("exit", (code, signal) => (problem = `it ended with ${signal ?? `code ${code}`}`));
  child.unref();
  const ours = () => Number(readText(pidFile)) === child.pid;
  if (await untilItAnswers(next, () => problem === undefined, 60, ours)) return handle(next, child.pid);
  if (problem !== undefined && !samePort && tries > 1)
    return startRedis(program, dir, { ...next, port: undefined }, save, log, { tries: tries - 1 });
  if (child.pid) await stopProcess(child.pid);
  const tail = (readText(join(dir, "redis.log")) ?? "").trim().split("\n").slice(-10).join("\n");
  throw new HostError(`Redis did not start (${problem ?? "no answer in a minute"}):\n${tail}`);
}

function handle(state, pid) {
  const identity = processIdentity(pid);
  return {
    isAlive: () => processIdentity(pid) === identity,
    url: `redis://:${state.password}@127.0.0.1:${state.port}/0`,
    stop: () => stopProcess(pid, { identity }),
  };
}
