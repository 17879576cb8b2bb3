/** A worker process of Duly, from what is built: on "go" it fires everything due at the instant it is given. */
import { join } from "node:path";

const built = join(__dirname, "..", "..", "build");
const { openWorld } = require(join(built, "api/engine/world.js")) as typeof import("../../api/engine/world");
const { fireDue } = require(join(built, "api/engine/fireDue.js")) as typeof import("../../api/engine/fireDue");
const { loadConfig } = require(join(built, "api/config.js")) as typeof import("../../api/config");

async function main(): Promise<void> {
  const world = await openWorld(loadConfig(process.env));
  process.on("message", ({ at }: { at: number }) => {
    const began = performance.now();
    fireDue(world, undefined, at)
      .then(async (handled) => {
        const ms = performance.now() - began;
        await world.close();
        process.send?.({ handled, ms }, () => process.exit(0));
      })
      .catch((error: unknown) => {
        process.stderr.write(`${String(error)}\n`);
        process.exit(1);
      });
  });
  process.send?.("ready");
}

void main();
