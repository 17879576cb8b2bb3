/** What the documentation for whoever runs Duly promises. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const running = read("docs/running.md");
const documented = new Set([...running.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, name]) => name));

/** Set by our own programs for each other, or by the machine. */
const internal = new Set([
  "DULY_TEST_SUMMARY",
  "NODE_ENV",
  "NODE_OPTIONS",
  "CI",
  "PATH",
  "INIT_CWD",
  "HOME",
  "USER",
  "CHROMIUM_PATH",
  "DULY_PATH_ONLY",
]);

test("every variable that a process reads is described, and no other", () => {
  const config = [...read("api/config.ts").matchAll(/(?:text|flag|url|number|flagOr|rate|months)\(\s*"([A-Z_]+)"/g)];
  const host = readdirSync(join(root, "api/host"))
    .filter((file) => file.endsWith(".mjs"))
    .flatMap((file) => [...read(`api/host/${file}`).matchAll(/\benv\.([A-Z][A-Z_]+)\b/g)]);
  const cli = [...read("api/cli.ts").matchAll(/env\["([A-Z_]+)"\]/g)];
  const names = new Set([...config, ...host, ...cli].map(([, name]) => name ?? ""));
  expect(names.size).toBeGreaterThan(15);
  expect([...names].filter((name) => !documented.has(name) && !internal.has(name)).sort()).toEqual([]);
  expect([...documented].filter((name) => name && !names.has(name)).sort()).toEqual([]);
});

test("every command that it names is one of the command line, and each of those is named", () => {
  const usage = [...read("api/cli.ts").matchAll(/^ {2}duly (\w+)/gm)].map(([, name]) => name);
  const text = `${running}\n${read("README.md")}`;
  const named = new Set([...text.matchAll(/duly -- (\w+)/g)].map(([, name]) => name));
  expect([...named].filter((name) => !usage.includes(name)).sort()).toEqual([]);
  expect(usage.filter((name) => !named.has(name)).sort()).toEqual([]);
});

test("every page of the documentation that another one links to is there", () => {
  for (const page of ["README.md", "ARCHITECTURE.md", "docs/running.md", "docs/journeys.md"]) {
    const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, to]) => to ?? "");
    for (const link of links)
      expect([page, link, existsSync(join(root, page, "..", link))]).toEqual([page, link, true]);
  }
});
