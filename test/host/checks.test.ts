import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const root = resolve(__dirname, "../..");
const cruiser = join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");

/** A small tree with the project's own rules, into which a test plants what the rules must refuse. */
describe("the checks refuse what they are there to refuse", () => {
  let tree: string;

  beforeEach(() => {
    tree = mkdtempSync(join(tmpdir(), "duly-checks-"));
    cpSync(join(root, ".dependency-cruiser.cjs"), join(tree, ".dependency-cruiser.cjs"));
    cpSync(join(root, ".oxlintrc.json"), join(tree, ".oxlintrc.json"));
    cpSync(join(root, "tsconfig.json"), join(tree, "tsconfig.json"));
    symlinkSync(join(root, "node_modules"), join(tree, "node_modules"));
    plant("package.json", "{}");
    plant("schema/record.ts", 'export const record = "record";\n');
    plant("schema/packs/school/visit.ts", 'export default recordType({\n  name: "visit",\n  plural: "visits",\n});\n');
    plant("api/store/rows.ts", 'import { record } from "../../schema/record";\nexport const rows = [record];\n');
    plant("api/engine/act.ts", 'import { rows } from "../store/rows";\nexport const act = () => rows;\n');
    plant("api/graphql/server.ts", 'import { act } from "../engine/act";\nexport const server = act;\n');
    plant("workers/main.ts", 'import { act } from "../api/engine/act";\nexport const done = act();\n');
    plant("admin/App.tsx", 'import { record } from "../schema/record";\nexport const App = () => <p>{record}</p>;\n');
  });
  afterEach(() => rmSync(tree, { recursive: true }));

  function plant(path: string, text: string): void {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  }

  function node(...args: string[]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: tree, encoding: "utf8" });
    return { status, output: stdout + stderr };
  }
  const imports = () =>
    node(cruiser, "--config", ".dependency-cruiser.cjs", "--output-type", "err", "schema", "api", "workers", "admin");
  const rule = (name: string) => node(join(root, "api/host/sourceRules.mjs"), name, tree);

  test("imports in the right direction pass", () => {
    expect(imports()).toMatchObject({ status: 0 });
  });

  test.each([
    ["schema-is-the-floor", "schema/record.ts", "../api/store/rows"],
    ["schema-does-no-io", "schema/record.ts", "node:fs"],
    ["admin-only-schema", "admin/App.tsx", "../api/engine/act"],
    ["api-below-workers", "api/graphql/server.ts", "../../workers/main"],
    ["store-is-lowest", "api/store/rows.ts", "../graphql/server"],
    ["engine-below-graphql", "api/engine/act.ts", "../graphql/server"],
    ["workers-without-graphql", "workers/main.ts", "../api/graphql/server"],
    ["resolvable", "workers/main.ts", "./nowhere"],
  ])("%s: %s may not import %s", (name, file, target) => {
    plant(file, `import * as wrong from "${target}";\nexport const use = wrong;\n`);
    const { status, output } = imports();
    expect(output).toContain(`${name}: ${file}`);
    expect(status).not.toBe(0);
  });

  test("a type alone is an import too", () => {
    plant("api/store/rows.ts", 'import type { act } from "../engine/act";\nexport type Row = typeof act;\n');
    expect(imports().output).toContain("store-is-lowest: api/store/rows.ts");
  });

  test("two files may not import each other", () => {
    plant("schema/record.ts", 'import { other } from "./other";\nexport const record = other;\n');
    plant("schema/other.ts", 'import { record } from "./record";\nexport const other = () => record;\n');
    const { status, output } = imports();
    expect(output).toContain("no-cycles: schema/");
    expect(status).not.toBe(0);
  });

  test("the clock is read in its one file only", () => {
    plant("api/machineClock.ts", "export const machineNow = () => Date.now();\n");
    plant("schema/day.ts", '// never Date.now()\nexport const day = (at: number) => new Date(at) + "http://";\n');
    expect(rule("clock")).toEqual({ status: 0, output: "" });

    for (const reading of ["new Date()", "Date.now()", "Temporal.Now.instant()", "performance.now()"]) {
      plant("api/engine/act.ts", `const text = "//"; export const act = () => ${reading};\n`);
      const { status, output } = rule("clock");
      expect(output).toContain("api/engine/act.ts:1: ");
      expect(status).toBe(1);
    }
  });

  test("no code names a record type of the pack", () => {
    plant(
      "api/engine/act.ts",
      '// a visit\nexport const act = (record: { type: string }) => record.type + "visitor";\n',
    );
    plant("admin/demo/records.ts", 'export const type = "visit";\n');
    expect(rule("names")).toEqual({ status: 0, output: "" });

    for (const line of [
      'type === "visit"',
      "list('visits')",
      "createVisit(input)",
      "gql`{ visits(first: 1) { id } }`",
    ]) {
      plant("api/engine/act.ts", `export const act = () => ${line};\n`);
      const { status, output } = rule("names");
      expect(output).toContain("api/engine/act.ts:1: ");
      expect(status).toBe(1);
    }
  });

  test("the linter knows types: promises are awaited, and nothing is any", () => {
    const lint = () => node(join(root, "node_modules/oxlint/bin/oxlint"), "--type-aware", "--deny-warnings", "api");
    expect(lint()).toMatchObject({ status: 0 });

    for (const [name, code] of [
      ["no-floating-promises", "export const act = () => { Promise.resolve(1); };"],
      ["no-misused-promises", "export const act = () => [1].forEach(async () => { await Promise.resolve(); });"],
      ["await-thenable", "export const act = async () => { await 1; };"],
      ["no-explicit-any", "export const act = (input: any): string => String(input);"],
      ["no-unused-vars", "const unused = 1; export const act = 2;"],
      ["ban-ts-comment", "// @ts-expect-error never\nexport const act: number = 'one';"],
      ["no-process-env", "export const act = process.env.HOME;"],
    ] as const) {
      plant("api/engine/act.ts", `${code}\n`);
      const { status, output } = lint();
      expect(output).toContain(name);
      expect(status).not.toBe(0);
    }
  });
});
