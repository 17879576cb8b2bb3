import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "../..");

interface Lock {
  packages: Record<string, { version?: string; os?: string[]; cpu?: string[]; optionalDependencies?: object }>;
}

function missing(lock: Lock): string[] {
  const names = new Set(Object.keys(lock.packages).map((path) => path.replace(/^.*node_modules\//, "")));
  const optional = Object.values(lock.packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
  return optional.filter((name) => !names.has(name));
}

const readLock = (path: string): Lock => JSON.parse(readFileSync(path, "utf8"));

describe("package-lock.json", () => {
  test("lists the builds for every system; if not, run node api/host/completeLock.mjs, or npm ci refuses it", () => {
    expect(missing(readLock(join(root, "package-lock.json")))).toEqual([]);
  });

  test("gets back a build that npm left out, marked for its system", () => {
    const folder = mkdtempSync(join(tmpdir(), "duly-lock-"));
    const path = join(folder, "package-lock.json");
    copyFileSync(join(root, "package-lock.json"), path);
    const lock = readLock(path);
    const build = "node_modules/@swc/core-darwin-arm64";
    const before = lock.packages[build];
    delete lock.packages[build];
    writeFileSync(path, JSON.stringify(lock));
    expect(missing(lock)).toEqual(["@swc/core-darwin-arm64"]);

    expect(spawnSync(process.execPath, [join(root, "api/host/completeLock.mjs"), folder]).status).toBe(0);
    const after = readLock(path);
    rmSync(folder, { recursive: true });
    expect(missing(after)).toEqual([]);
    expect(after.packages[build]).toMatchObject({ version: before?.version, os: ["darwin"], cpu: ["arm64"] });
    expect(Object.keys(after.packages)).toHaveLength(Object.keys(lock.packages).length + 1);
  });
});
