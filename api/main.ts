/** The API process: GraphQL, health, metrics and the built back office on one port. */
import { resolve } from "node:path";
import { ConfigError, loadConfig } from "./config";
import { openWorld } from "./engine/world";
import { startApi } from "./graphql/server";
import { observeProcess } from "./metrics";

async function main(): Promise<void> {
  const config = loadConfig(process.env);
  // More connections than the database has cores to serve them only hold memory.
  const world = await openWorld(config, 10);
  observeProcess("api");
  const api = await startApi(world, config.port, {
    // The same from the sources and from the build.
    adminFolder: resolve("build/admin"),
    host: config.host,
    ...(config.metricsToken ? { metricsToken: config.metricsToken } : {}),
  });
  world.log.info({ host: config.host, port: api.port, schemaVersion: api.schemaVersion() }, "The API answers");

  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    api
      .close()
      .then(() => world.close())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          world.log.error({ err: error }, "The API did not stop cleanly");
          process.exit(1);
        },
      );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exit(1);
});
