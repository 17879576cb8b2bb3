/** The worker process. */
import { loadConfig } from "../api/config";
import { endOnSignal, whenThere } from "../api/ending";
import { settleIn } from "../api/engine/place";
import { openWorld } from "../api/engine/world";
import { lastWords, logWhatEndsIt } from "../api/logging";
import { observeProcess } from "../api/metrics";
import { forWorkers } from "../api/store/database";
import { isDatabaseTrouble } from "../api/store/trouble";
import { startWorkers } from "./startWorkers";

async function main(): Promise<void> {
  const config = loadConfig(process.env);
  const world = await whenThere(() => openWorld(config, 20, forWorkers), isDatabaseTrouble);
  logWhatEndsIt(world.log);
  observeProcess(`worker-${process.pid}`);
  const held = await settleIn(world);
  if (held !== null) world.log.warn(`Nothing fires and no email leaves until this copy is put in use. ${held}`);
  const workers = await startWorkers(world);
  world.log.info("The worker is ready");
  endOnSignal(world.log, () => workers.stop().then(() => world.close()));
}

main().catch((error: unknown) => {
  process.stderr.write(`${lastWords(error)}\n`);
  process.exit(1);
});
