// npm run check [-- names]: everything that can be said without running the product. Prints what failed, and why.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { bin, installModules, requireNode, root, seconds } from "./prepare.mjs";
import { main, run } from "./processes.mjs";

const folders = ["schema", "api", "workers", "admin", "test"];
const tsc = bin("typescript/bin/tsc");
const checks = {
  format: [bin("prettier/bin/prettier.cjs"), "--check", "--log-level=warn", "."],
  lint: [bin("oxlint/bin/oxlint"), "--type-aware", "--deny-warnings"],
  types: [tsc, "--noEmit", "-p", "."],
  "types of admin": [tsc, "--noEmit", "-p", "admin"],
  imports: [bin("dependency-cruiser/bin/dependency-cruise.mjs"), "--config", ".dependency-cruiser.cjs", ...folders],
  unused: [bin("knip/bin/knip.js"), "--no-progress"],
  clock: ["api/host/sourceRules.mjs", "clock"],
  "pack names": ["api/host/sourceRules.mjs", "names"],
  strings: [bin("tsx/dist/cli.mjs"), "admin/i18n/strings.ts", "--check"],
  "schema.graphql": [bin("tsx/dist/cli.mjs"), "api/graphql/printSchema.ts", "--check"],
};

await main(async () => {
  requireNode();
  await installModules();
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !(name in checks));
  if (unknown.length > 0) {
    console.error(`No check is called ${unknown.join(", ")}; there are: ${Object.keys(checks).join(", ")}.`);
    return 1;
  }
  const failed = [];
  for (const [name, args] of Object.entries(checks)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const began = Date.now();
    const absent = args.find((arg) => /^api\/.*\.ts$/.test(arg) && !existsSync(join(root, arg)));
    const { code, output } = absent
      ? { code: 1, output: `${absent} is missing.` }
      : await run(process.execPath, args, { cwd: root });
    console.log(`${code === 0 ? "ok    " : "FAILED"}  ${name} (${seconds(began)})`);
    if (code === 0) continue;
    failed.push(name);
    console.log(`${output.trim().replace(/^/gm, "        ")}\n`);
  }
  console.log(failed.length === 0 ? "All checks passed." : `${failed.length} failed: ${failed.join(", ")}`);
  return failed.length === 0 ? 0 : 1;
});
