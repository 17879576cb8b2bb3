// npm run duly -- ARGS: the command line, on the running Duly's servers or on servers brought up for it.
// What the pack says of itself needs none, nor does help; proving takes the tests' own, since that is done by stories.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { bin, dataDir, installModules, isBuilt, requireNode, root } from "./prepare.mjs";
import { atEnd, main, processIdentity, stopProcess } from "./processes.mjs";
import { productEnvironment, runningEnvironment } from "./product.mjs";
import { startServices } from "./services.mjs";
import { testDataDir, testEnvironment } from "./testing.mjs";

const schoolCommands = [
  "import",
  "simulate",
  "bounces",
  "backup",
  "restore",
  "release",
  "doctor",
  "problems",
  "verify",
  "admin",
];

/** Of the running Duly, or with servers brought up for it. */
async function environment(log) {
  const dir = dataDir();
  const running = runningEnvironment(dir);
  if (running) return { ...running, ...process.env, DATABASE_URL: running.DATABASE_URL, REDIS_URL: running.REDIS_URL };
  const services = await startServices({ dataDir: dir, log });
  return productEnvironment({ dir, services, port: process.env.PORT || 4400 });
}

async function proofEnvironment(log) {
  const dir = dataDir();
  return { ...(await testEnvironment({ dataDir: testDataDir(join(dir, "test")), keep: false, log })), DULY_DATA: dir };
}

await main(async () => {
  requireNode();
  // What the command prints is its result; what we have to say goes beside it.
  const log = console.error;
  await installModules(log);
  const args = process.argv.slice(2);
  const proving = args[0] === "coverage" && args.includes("--prove");
  const asksHelp = args.includes("--help") || args.includes("-h");
  const ofASchool = schoolCommands.includes(args[0]) && !asksHelp;
  const env = proving ? await proofEnvironment(log) : ofASchool ? await environment(log) : process.env;
  const source = (file) => [bin("tsx/dist/cli.mjs"), join(root, file)];
  const program = proving
    ? source("test/prove/main.ts")
    : isBuilt("server")
      ? [join(root, "build/api/cli.js")]
      : source("api/cli.ts");
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", "--enable-source-maps", ...program, ...args],
    // npm moves to the package; file names are meant from where the person stands.
    { cwd: proving ? root : process.env.INIT_CWD || process.cwd(), env, stdio: "inherit" },
  );
  const identity = processIdentity(child.pid);
  atEnd(() => stopProcess(child.pid, { identity }));
  return new Promise((resolve) => child.once("close", (code) => resolve(code ?? 1)));
});
