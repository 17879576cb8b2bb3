// npm test [-- jest arguments]: provides MariaDB, Redis, Chromium and the build, runs Jest, closes with the counts.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { bin, build, dataDir, installModules, requireNode, root, seconds } from "./prepare.mjs";
import { HostError, atEnd, main, processIdentity, readText, stopProcess } from "./processes.mjs";
import { testDataDir, testEnvironment } from "./testing.mjs";

/** Only tests that run the product as built need it built; naming others spares the wait. */
const needsBuild = (args) => {
  const named = args.filter((arg, at) => !arg.startsWith("-") && !/^(-t|--\w+)$/.test(args[at - 1] ?? ""));
  return (
    named.length === 0 || named.some((name) => !/^(schema|api|admin|test\/(attack|school-policy|host))\b/.test(name))
  );
};

const nodeOptions = [process.env.NODE_OPTIONS, `--require ${JSON.stringify(join(root, "api/host/endQuickly.cjs"))}`]
  .filter(Boolean)
  .join(" ");

async function test(args) {
  const began = Date.now();
  requireNode();
  await installModules();
  if (needsBuild(args)) await build();
  const env = await testEnvironment({ dataDir: testDataDir(join(dataDir(), "test")), keep: false });
  const scratch = mkdtempSync(join(tmpdir(), "duly-test-"));
  atEnd(() => rmSync(scratch, { recursive: true, force: true }));
  const summaryFile = join(scratch, "summary.json");

  const jest = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", bin("jest/bin/jest.js"), ...args], {
    cwd: root,
    env: { ...env, DULY_TEST_SUMMARY: summaryFile, NODE_ENV: "test", NODE_OPTIONS: nodeOptions },
    stdio: ["ignore", "inherit", "inherit"],
    detached: true,
  });
  const identity = processIdentity(jest.pid);
  const ended = new Promise((resolve) => jest.once("close", (code) => resolve(code ?? 1)));
  atEnd(() => stopProcess(jest.pid, { identity, graceMs: 5_000 }));

  // After its last test Jest waits for whatever a test left open; that is a fault of the test, not a reason to hang.
  let left = false;
  const guard = (async () => {
    while (readText(summaryFile) === undefined) await sleep(500, undefined, { ref: false });
    await sleep(30_000, undefined, { ref: false });
    left = true;
    await stopProcess(jest.pid, { identity, graceMs: 2_000 });
  })();
  const code = await Promise.race([ended, guard.then(() => 1)]);

  const { passed, failed, skipped } = JSON.parse(readText(summaryFile) ?? '{"passed":0,"failed":1,"skipped":[]}');
  if (left) console.log("A test left something open: Jest had to be stopped half a minute after its last test.");
  if (skipped.length > 0 && !args.some((arg) => arg.startsWith("-t") || arg.startsWith("--testNamePattern")))
    console.log(`${skipped.length} skipped:\n${skipped.map((name) => `  ${name}`).join("\n")}`);
  const failures = failed === 0 && code !== 0 ? 1 : failed;
  console.log(`\nTests took ${seconds(began)}, with everything they need.`);
  console.log(`${passed} passed, ${failures} failed`);
  return failures === 0 ? 0 : 1;
}

await main(async () => {
  try {
    return await test(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof HostError ? error.message : error);
    console.log("0 passed, 1 failed");
    return 1;
  }
});
