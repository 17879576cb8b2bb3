/** The API process: GraphQL, health, metrics and the built back office on one port. */
import { resolve } from "node:path";
import { ConfigError, loadConfig } from "./config";
import { endOnSignal, whenThere } from "./ending";
import { openWorld } from "./engine/world";
import { startApi } from "./graphql/server";
import { lastWords, logWhatEndsIt } from "./logging";
import { observeProcess } from "./metrics";
import { isDatabaseTrouble } from "./store/trouble";

/** How long a balancer has to see that this process is not ready any more, before its port closes. */
const DRAIN_MS = 1_000;

async function main(): Promise<void> {
  const config = loadConfig(process.env);
  // More connections than the database has cores to serve them only hold memory.
  const world = await whenThere(() => openWorld(config, 10), isDatabaseTrouble);
  logWhatEndsIt(world.log);
  observeProcess("api");
  const api = await startApi(world, config.port, {
    // The same from the sources and from the build.
    adminFolder: resolve("build/admin"),
    host: config.host,
    drainMs: config.production ? DRAIN_MS : 0,
    ...(config.metricsToken ? { metricsToken: config.metricsToken } : {}),
  });
  world.log.info({ host: config.host, port: api.port, schemaVersion: api.schemaVersion() }, "The API answers");

  endOnSignal(world.log, () => api.close().then(() => world.close()));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : lastWords(error)}\n`);
  process.exit(1);
});
