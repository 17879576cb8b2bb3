// npm run dev: api, worker and back office, each restarting or reloading on a change of its sources.
import { join } from "node:path";
import { bin, dataDir, installModules, requireNode, root } from "./prepare.mjs";
import { end, main } from "./processes.mjs";
import { choosePort, claim, productEnvironment, startProcess } from "./product.mjs";
import { startServices } from "./services.mjs";
import { migrate, signInLines } from "./signIn.mjs";

await main(async () => {
  requireNode();
  const dir = dataDir();
  const record = await claim(dir);
  await installModules();
  const services = await startServices({ dataDir: dir });
  const port = await choosePort();
  const api = `http://127.0.0.1:${port}`;
  // DULY_API tells Vite where to pass /graphql and the like.
  const env = { ...productEnvironment({ dir, services, port }), NODE_ENV: "development", DULY_API: api };
  const tsx = bin("tsx/dist/cli.mjs");
  const entry = await migrate([tsx, "api/migrate.ts"], env);

  const died = (sentence) => {
    console.error(sentence);
    void end(1);
  };
  const options = { env, cwd: root, died, show: (line) => line.trim() !== "" };
  const children = [
    startProcess("api   ", [tsx, "watch", "--clear-screen=false", "api/main.ts"], options),
    startProcess("worker", [tsx, "watch", "--clear-screen=false", "workers/main.ts"], options),
    startProcess("admin ", [bin("vite/bin/vite.js"), "admin", "--clearScreen", "false"], options),
  ];
  record(env, children);
  console.log(`API at ${api}; Vite prints the back office's address. Data in ${join(dir)}.`);
  for (const line of signInLines(entry, env)) console.log(line);
  await new Promise(() => {});
});
