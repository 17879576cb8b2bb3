// npm start: from a fresh clone to a running Duly, without a question.
import { mkdirSync } from "node:fs";
import { join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { build, dataDir, installModules, requireNode, root, seconds } from "./prepare.mjs";
import { end, main } from "./processes.mjs";
import { choosePort, claim, leanHeap, productEnvironment, reachedAt, startProcess, untilReady } from "./product.mjs";
import { startServices } from "./services.mjs";
import { migrate, signInLines } from "./signIn.mjs";

// Node 20 warns about `require` of ES modules, which the product does on purpose.
const node = ["--disable-warning=ExperimentalWarning", "--enable-source-maps"];

async function start() {
  const began = Date.now();
  requireNode();
  const dir = dataDir();
  const record = await claim(dir);
  await installModules();
  const port = await choosePort();
  const [services] = await Promise.all([startServices({ dataDir: dir }), build()]);
  const env = { ...productEnvironment({ dir, services, port }), NODE_ENV: "production" };
  const entry = await migrate([...node, "build/api/migrate.js"], env);

  const logs = join(dir, "log");
  mkdirSync(logs, { recursive: true, mode: 0o700 });
  const died = (sentence) => {
    console.error(sentence);
    void end(1);
  };
  const children = [
    ["api", ...leanHeap, "build/api/main.js"],
    ["worker", "build/workers/main.js"],
  ].map(([name, ...args]) =>
    startProcess(name, [...node, ...args], {
      env,
      cwd: root,
      logFile: join(logs, `${name}.log`),
      died,
      restarted: () => record(env, children),
    }),
  );
  record(env, children);
  await untilReady(`http://${reachedAt(env.HOST)}:${port}/readyz`, { sleep });

  console.log(`\nDuly is ready at ${env.PUBLIC_URL} (${seconds(began)}).`);
  for (const line of signInLines(entry, env)) console.log(line);
  const below = relative(process.cwd(), dir) || ".";
  console.log(`\nData and logs are in ${below.startsWith("..") ? dir : below}. Ctrl-C stops everything.`);
  // Ends by a signal, or because a child died.
  await new Promise(() => {});
}

await main(start);
