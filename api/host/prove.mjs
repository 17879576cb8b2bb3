// npm run prove -- NAME [arguments]: what takes longer than tests may. Each proof ends with a line "N passed, N failed".
import { spawn } from "node:child_process";
import { join } from "node:path";
import { bin, build, dataDir, installModules, requireNode, root } from "./prepare.mjs";
import { HostError, atEnd, main, processIdentity, stopProcess } from "./processes.mjs";
import { testDataDir, testEnvironment } from "./testing.mjs";

/** Each name has its program (`test/<folder>/prove.ts`) on the tests' servers; its arguments are those after its name. */
const proofs = {
  attack: "test/attack/prove.ts",
  definitions: "test/definitions/prove.ts",
  faults: "test/recovery/prove.ts",
};

await main(async () => {
  requireNode();
  const [name = "", ...args] = process.argv.slice(2);
  const program = Object.hasOwn(proofs, name) ? proofs[name] : undefined;
  if (!program)
    throw new HostError(
      `npm run prove -- NAME, where NAME is one of: ${Object.keys(proofs).join(", ") || "none yet"}.`,
    );
  await installModules();
  await build();
  const env = await testEnvironment({ dataDir: testDataDir(join(dataDir(), "test")), keep: false });
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", bin("tsx/dist/cli.mjs"), join(root, program), ...args],
    { cwd: root, env: { ...env, NODE_ENV: "test" }, stdio: "inherit" },
  );
  const identity = processIdentity(child.pid);
  atEnd(() => stopProcess(child.pid, { identity }));
  return new Promise((resolve) => child.once("close", (code) => resolve(code ?? 1)));
});
