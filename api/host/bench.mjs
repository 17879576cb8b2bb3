// npm run bench: how long starting takes, then the benchmark on servers with their data on disk.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { bin, build, dataDir, installModules, requireNode, root } from "./prepare.mjs";
import { HostError, atEnd, main, processIdentity, stopProcess } from "./processes.mjs";
import { leanHeap } from "./product.mjs";
import { testEnvironment } from "./testing.mjs";

/** Seconds from `npm start` to its "ready", on the data in `dir`. */
async function timeStart(dir) {
  const began = performance.now();
  const env = { ...process.env, DULY_DATA: dir, DATABASE_URL: "", REDIS_URL: "", PORT: "", SMTP_URL: "" };
  const child = spawn(process.execPath, ["api/host/start.mjs"], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  const identity = processIdentity(child.pid);
  const stop = atEnd(() => stopProcess(child.pid, { identity, graceMs: 90_000 }));
  const lines = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (!line.startsWith("Duly is ready")) continue;
    const took = (performance.now() - began) / 1_000;
    await stop();
    return took;
  }
  throw new HostError(`npm start ended before it was ready:\n${lines.slice(-20).join("\n")}`);
}

await main(async () => {
  requireNode();
  await installModules();
  const args = process.argv.slice(2);
  if (!args.includes("--no-start")) {
    const dir = mkdtempSync(join(tmpdir(), "duly-bench-"));
    atEnd(() => rmSync(dir, { recursive: true, force: true }));
    rmSync(join(root, "build/.stamp"), { force: true });
    const first = await timeStart(dir);
    const later = [await timeStart(dir), await timeStart(dir), await timeStart(dir)].sort((a, b) => a - b);
    console.log("npm start, from the command to ready:");
    console.log(`  first (packages installed, nothing built, no data)  ${first.toFixed(1)} s`);
    console.log(`  later (median of three)                             ${later[1].toFixed(1)} s\n`);
  }
  await build();
  const env = await testEnvironment({ dataDir: join(dataDir(), "bench"), keep: true });
  const rest = args.filter((arg) => arg !== "--no-start");
  const child = spawn(process.execPath, [bin("tsx/dist/cli.mjs"), "test/bench/main.ts", ...rest], {
    cwd: root,
    env: { ...env, NODE_ENV: "production", BENCH_API_FLAGS: leanHeap.join(" ") },
    stdio: "inherit",
  });
  const identity = processIdentity(child.pid);
  atEnd(() => stopProcess(child.pid, { identity }));
  return new Promise((resolve) => child.once("close", (code) => resolve(code ?? 1)));
});
