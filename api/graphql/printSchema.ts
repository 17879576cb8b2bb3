/** Prints the API of the school-policy pack to schema/schema.graphql; with --check, says whether that file is up to date. */
import { lexicographicSortSchema, printSchema } from "graphql";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { schoolPolicy } from "../../schema/packs/school-policy/pack";
import type { Registry, TypeVersions } from "../store/definitions";
import { wholeSchema } from "./recordSchema";
import { staticSchema } from "./staticSchema";

const file = join(__dirname, "../../schema/schema.graphql");

const types = schoolPolicy.types.map((type): [string, TypeVersions] => {
  const active = { type, version: 1, hash: "" };
  return [type.name, { active, versions: new Map([[1, active]]) }];
});
const registry: Registry = { edition: 0, packs: [], roles: schoolPolicy.roles, types: new Map(types) };
const text = `# The API of the school-policy pack, printed by api/graphql/printSchema.ts: a change of contract shows in review.\n\n${printSchema(
  lexicographicSortSchema(wholeSchema(staticSchema(), registry)),
)}\n`;

if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (readFileSync(file, "utf8") !== text) {
  process.stderr.write("schema/schema.graphql is out of date: run `npx tsx api/graphql/printSchema.ts`.\n");
  process.exitCode = 1;
}
