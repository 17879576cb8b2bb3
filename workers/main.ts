/** The worker process. */
import { loadConfig } from "../api/config";
import { openWorld } from "../api/engine/world";
import { observeProcess } from "../api/metrics";
import { forWorkers } from "../api/store/database";
import { startWorkers } from "./startWorkers";

async function main(): Promise<void> {
  const world = await openWorld(loadConfig(process.env), 20, forWorkers);
  observeProcess(`worker-${process.pid}`);
  const workers = await startWorkers(world);
  world.log.info("The worker is ready");
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    workers
      .stop()
      .then(() => world.close())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          world.log.error({ err: error }, "The worker did not end well");
          process.exit(1);
        },
      );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
