// What a fresh or changed checkout needs before anything runs: Node's version, node_modules, the build, a browser.
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { canInstall, findProgram, installPackages } from "./packages.mjs";
import { HostError, readText, run, withLock, writeText } from "./processes.mjs";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
export const dataDir = (env = process.env) => resolve(env.DULY_DATA || join(root, "var"));
/** A package's command as arguments for node, so that no shell or .bin link is needed. */
export const bin = (path) => join(root, "node_modules", path);

export function requireNode(version = process.versions.node) {
  const [major, minor] = version.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    throw new HostError(`Duly needs Node.js 20.19 or later (22 is recommended); this is ${version}.`);
}

/** `npm ci` where node_modules is absent or was installed from another package-lock.json. */
export async function installModules(log = console.log) {
  const lock = join(root, "package-lock.json");
  const installed = join(root, "node_modules/.package-lock.json");
  const stale = () => !existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs;
  // A checkout touches package-lock.json without changing it; what npm wrote down tells whether anything differs.
  if (!stale() || sameModules(lock, installed)) return;
  await withLock(join(root, "var"), async () => {
    if (!stale() || sameModules(lock, installed)) return;
    const began = Date.now();
    log("Installing packages (npm ci) …");
    const waiting = setInterval(() => log(`… still installing, ${seconds(began)}`), 20_000);
    const npm = findProgram(["npm"]);
    // NODE_ENV may be set by an outer npm, which may run for production only.
    const options = { cwd: root, env: { ...process.env, NODE_ENV: "" } };
    const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
    let { code, output } = await run(npm ?? "npm", ["ci", ...quiet], options);
    // A lock that lacks the builds for other systems is refused as a whole; `npm install` reads the same versions.
    if (code !== 0 && /EUSAGE/.test(output)) {
      log("package-lock.json is incomplete (see api/host/completeLock.mjs); trying npm install …");
      ({ code, output } = await run(npm ?? "npm", ["install", "--no-save", ...quiet], options));
    }
    clearInterval(waiting);
    if (code !== 0) throw new HostError(`npm ci failed:\n${output.trim()}`);
    log(`Packages installed in ${seconds(began)}.`);
  });
}

function sameModules(lock, installed) {
  if (!existsSync(installed)) return false;
  const versions = (path, all) =>
    Object.entries(JSON.parse(readFileSync(path, "utf8")).packages)
      .filter(([name, entry]) => name !== "" && (all || !entry.optional))
      .map(([name, entry]) => `${name}@${entry.version}`);
  const have = new Set(versions(installed, true));
  return versions(lock, false).every((entry) => have.has(entry));
}

export const seconds = (began) => `${((Date.now() - began) / 1_000).toFixed(1)} s`;

function files(folder, skip) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (skip.test(path)) return [];
    return entry.isDirectory() ? files(path, skip) : [path];
  });
}

const notBuilt = new RegExp(`\\.test\\.tsx?$|${["api", "host"].join(`\\${sep}`)}$|node_modules`);

function stampOf(folders, extra) {
  const hash = createHash("sha256");
  const all = [
    ...folders.flatMap((name) => files(join(root, name), notBuilt)),
    ...extra.map((name) => join(root, name)),
  ];
  for (const path of all.filter(existsSync).sort()) {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest("hex");
}

const parts = {
  server: {
    folders: ["schema", "api", "workers"],
    extra: ["tsconfig.json", "package-lock.json"],
    output: "build/api",
    make: buildServer,
  },
  admin: {
    folders: ["schema", "admin"],
    extra: ["tsconfig.json", "package-lock.json"],
    output: "build/admin",
    make: buildAdmin,
  },
};

/** Whether build/ holds this part ("server" or "admin") as its sources are now. */
export function isBuilt(name) {
  const { folders, extra, output } = parts[name];
  const stamps = JSON.parse(readText(join(root, "build/.stamp")) ?? "{}");
  return stamps[name] === stampOf(folders, extra) && existsSync(join(root, output));
}

/** Compiles the server into build/ and the back office into build/admin, each only if its sources changed. */
export async function build(log = console.log) {
  const target = join(root, "build");
  await withLock(target, async () => {
    const file = join(target, ".stamp");
    const stamps = JSON.parse(readText(file) ?? "{}");
    const changed = Object.entries(parts).filter(([name]) => !isBuilt(name));
    await Promise.all(
      changed.map(async ([name, part]) => {
        const began = Date.now();
        const stamp = stampOf(part.folders, part.extra);
        log(`Building the ${name} …`);
        await part.make();
        stamps[name] = stamp;
        log(`Built the ${name} in ${seconds(began)}.`);
      }),
    );
    if (changed.length > 0) writeText(file, JSON.stringify(stamps));
  });
}

async function buildServer() {
  // Compiled beside build/ (the same depth, for the source maps) and moved, so nothing deleted lives on in it.
  const fresh = join(root, "build.new");
  rmSync(fresh, { recursive: true, force: true });
  const tsc = [bin("typescript/bin/tsc"), "-p", "api/tsconfig.build.json", "--outDir", "build.new"];
  const { code, output } = await run(process.execPath, tsc, { cwd: root });
  if (code !== 0) throw new HostError(`The server does not compile:\n${output.trim()}`);
  for (const name of parts.server.folders) {
    for (const path of files(join(root, name), notBuilt)) {
      if (/\.(ts|tsx|mts|mjs|cjs)$|tsconfig.*\.json$/.test(path)) continue;
      const to = join(fresh, path.slice(root.length));
      mkdirSync(dirname(to), { recursive: true });
      copyFileSync(path, to);
    }
    rmSync(join(root, "build", name), { recursive: true, force: true });
    if (existsSync(join(fresh, name))) renameSync(join(fresh, name), join(root, "build", name));
  }
  rmSync(fresh, { recursive: true, force: true });
}

async function buildAdmin() {
  const { code, output } = await run(
    process.execPath,
    [bin("vite/bin/vite.js"), "build", "admin", "--logLevel", "warn"],
    {
      cwd: root,
      env: { ...process.env, NODE_ENV: "production" },
    },
  );
  if (code !== 0) throw new HostError(`The back office does not build:\n${output.trim()}`);
}

/** A Chromium for the browser tests: CHROMIUM_PATH, one of this machine, else installed. */
export async function findChromium({ env = process.env, log = console.log } = {}) {
  if (env.CHROMIUM_PATH) return env.CHROMIUM_PATH;
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const found = () => findProgram(names, env);
  if (!found() && canInstall({ env })) await installPackages(["chromium", "fonts-liberation"], { env, log });
  const mac = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
  const path = found() ?? (existsSync(mac) ? mac : undefined);
  if (path) return path;
  throw new HostError("The browser tests need Chromium: install it, or set CHROMIUM_PATH to a Chrome or Chromium.");
}
