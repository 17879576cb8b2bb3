/** The contestants' processes: each started with this Node, each ended by its own handle. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { request } from "node:http";
import { freePort } from "../freePort";

const root = join(__dirname, "..", "..");

export interface Contestant {
  child: ChildProcess;
  port: number;
  stop(): Promise<void>;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), 5_000);
  await once(child, "exit");
  clearTimeout(late);
}

/** A file of this folder, run by tsx; `first` is the first message it sends. */
export async function startScript<T>(file: string, env: NodeJS.ProcessEnv): Promise<{ child: ChildProcess; first: T }> {
  const child = spawn(process.execPath, [...profiling(file), "--import", "tsx", join(__dirname, file)], {
    cwd: root,
    env,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const first = await nextMessage<T>(child);
  return { child, first };
}

/** `BENCH_PROFILE` names a folder for CPU profiles: one below it for each contestant. */
function profiling(name: string): string[] {
  const folder = process.env["BENCH_PROFILE"];
  return folder ? ["--cpu-prof", `--cpu-prof-dir=${join(folder, name)}`] : [];
}

/** @throws when the process ends before it says anything. */
export function nextMessage<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error("A process of the benchmark ended before its answer."));
    child.once("exit", ended);
    child.once("message", (message) => {
      child.off("exit", ended);
      resolve(message as T);
    });
  });
}

export async function startLimit(file: string, env: NodeJS.ProcessEnv): Promise<Contestant> {
  const { child, first } = await startScript<{ port: number }>(file, env);
  return { child, port: first.port, stop: () => stop(child) };
}

const status = (port: number, path: string): Promise<number> =>
  new Promise((resolve) => {
    const sent = request({ host: "127.0.0.1", port, path, agent: false }, (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode ?? 0));
    });
    sent.on("error", () => resolve(0));
    sent.end();
  });

/** The API as `npm start` runs it: built, in production mode, with its flags. `readyMs` is from its start to the first 200 of /readyz. */
export async function startDuly(env: NodeJS.ProcessEnv): Promise<Contestant & { readyMs: number }> {
  const port = await freePort();
  const began = performance.now();
  const flags = (process.env["BENCH_API_FLAGS"] ?? "").split(" ").filter(Boolean);
  const child = spawn(process.execPath, [...flags, ...profiling("duly"), "build/api/main.js"], {
    cwd: root,
    env: { ...env, PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}` },
    stdio: ["ignore", "ignore", "inherit"],
  });
  while ((await status(port, "/readyz")) !== 200) {
    if (child.exitCode !== null) throw new Error("The API ended before it was ready.");
    if (performance.now() - began > 30_000) {
      await stop(child);
      throw new Error("The API was not ready within 30 seconds.");
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { child, port, readyMs: performance.now() - began, stop: () => stop(child) };
}

/** Resident memory in MB, from /proc; NaN where there is none. */
export function residentMb(pid: number | undefined, line: "VmRSS" | "VmHWM" = "VmRSS"): number {
  try {
    const found = new RegExp(`^${line}:\\s+(\\d+) kB`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return Number(found?.[1]) / 1_024;
  } catch {
    return NaN;
  }
}
