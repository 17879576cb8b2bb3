// npm run duly -- ARGS: the command line, on the running Duly's servers or on servers brought up for it.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { bin, dataDir, installModules, isBuilt, requireNode, root } from "./prepare.mjs";
import { atEnd, main, processIdentity, stopProcess } from "./processes.mjs";
import { productEnvironment, runningEnvironment } from "./product.mjs";
import { startServices } from "./services.mjs";

/** Of the running Duly, or with servers brought up for it. */
async function environment(log) {
  const dir = dataDir();
  const running = runningEnvironment(dir);
  if (running) return { ...running, ...process.env, DATABASE_URL: running.DATABASE_URL, REDIS_URL: running.REDIS_URL };
  const services = await startServices({ dataDir: dir, log });
  return productEnvironment({ dir, services, port: process.env.PORT || 4400 });
}

/** These read the pack alone. */
const ofThePack = ["check", "coverage"];

await main(async () => {
  requireNode();
  // What the command prints is its result; what we have to say goes beside it.
  const log = console.error;
  await installModules(log);
  const env = ofThePack.includes(process.argv[2]) ? process.env : await environment(log);
  const program = isBuilt("server")
    ? [join(root, "build/api/cli.js")]
    : [bin("tsx/dist/cli.mjs"), join(root, "api/cli.ts")];
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", "--enable-source-maps", ...program, ...process.argv.slice(2)],
    // npm moves to the package; file names are meant from where the person stands.
    { cwd: process.env.INIT_CWD || process.cwd(), env, stdio: "inherit" },
  );
  const identity = processIdentity(child.pid);
  atEnd(() => stopProcess(child.pid, { identity }));
  return new Promise((resolve) => child.once("close", (code) => resolve(code ?? 1)));
});
