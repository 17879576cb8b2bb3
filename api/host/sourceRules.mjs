// Two rules that no linter says: who may read the machine's clock, and that no code knows the pack's record types.
import { readFileSync, readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";

const skipped = new Set(["node_modules", "build", "var"]);
const isTest = (path) => /\.test\.tsx?$/.test(path);

function sources(root, folder) {
  let entries = [];
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true, recursive: true });
  } catch {
    return [];
  }
  return entries
    .filter((entry) => entry.isFile() && /\.(ts|tsx|mts)$/.test(entry.name))
    .map((entry) =>
      relative(root, join(entry.parentPath ?? entry.path, entry.name))
        .split(sep)
        .join("/"),
    )
    .filter((path) => !path.split("/").some((part) => skipped.has(part)));
}

/** The code with its comments blanked out, lines kept; strings are matched first, so "https://" is no comment. */
const withoutComments = (code) =>
  code.replace(
    /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
    (all, text) => (text === undefined ? all.replace(/[^\n]/g, " ") : text),
  );

function findings(root, paths, pattern, sentence) {
  return paths.flatMap((path) =>
    withoutComments(readFileSync(join(root, path), "utf8"))
      .split("\n")
      .flatMap((line, at) => [...line.matchAll(pattern)].map((hit) => `${path}:${at + 1}: ${hit[0]}: ${sentence}`)),
  );
}

/** schema/ and api/ take the time as an argument, so that a moved clock moves everything. */
export function clockFindings(root) {
  const paths = ["schema", "api"]
    .flatMap((folder) => sources(root, folder))
    .filter((path) => path !== "api/machineClock.ts" && !isTest(path) && !path.startsWith("api/host/"));
  const clock = /\bnew Date\(\s*\)|\bDate\(\s*\)|\bDate\.now\b|\bTemporal\.Now\b|\bperformance\.now\b|\bhrtime\b/g;
  return findings(root, paths, clock, "time is an argument; machine time comes from api/machineClock.ts");
}

/** The record types of all packs, as `{ name, plural }`, read from the files that define them. */
export function packTypes(root) {
  return sources(root, "schema/packs").flatMap((path) => {
    const code = readFileSync(join(root, path), "utf8");
    if (isTest(path) || !/export default recordType\(/.test(code)) return [];
    const own = code.slice(code.search(/export default recordType\(/));
    const name = /^[ \t]+name: "(\w+)"/m.exec(own)?.[1];
    const plural = /^[ \t]+plural: "(\w+)"/m.exec(own)?.[1];
    return name ? [{ name, plural: plural ?? `${name}s` }] : [];
  });
}

/** A record type is data: a school's own type must work wherever the pack's do, so no code may name one. */
export function packNameFindings(root) {
  const paths = ["api", "workers", "admin"]
    .flatMap((folder) => sources(root, folder))
    .filter((path) => !isTest(path) && !/(^|\/)demo\//.test(path));
  const types = packTypes(root);
  if (types.length === 0) return ["schema/packs: no record type found, so the rule cannot be checked"];
  const upper = (word) => word[0].toUpperCase() + word.slice(1);
  const names = types.flatMap(({ name, plural }) => [name, plural]).join("|");
  const operations = types.flatMap(({ name, plural }) => [upper(name), upper(plural)]).join("|");
  const pattern = new RegExp(
    `(["'\`])(?:${names})\\1|\\b(?:create|update|delete|count)(?:${operations})\\b|[{\\s](?:${names})\\s*(?:\\(\\s*\\w+:|\\{\\s*nodes\\b)`,
    "g",
  );
  return findings(root, paths, pattern, "names a record type of the pack; ask the definitions instead");
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [rule, root = process.cwd()] = process.argv.slice(2);
  const found = rule === "clock" ? clockFindings(root) : packNameFindings(root);
  for (const line of found) console.log(line);
  process.exitCode = found.length > 0 ? 1 : 0;
}
