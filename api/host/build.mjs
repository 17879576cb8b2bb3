// npm run build: the server into build/, the back office into build/admin.
import { installModules, build, requireNode } from "./prepare.mjs";
import { main } from "./processes.mjs";

await main(async () => {
  requireNode();
  await installModules();
  await build();
});
