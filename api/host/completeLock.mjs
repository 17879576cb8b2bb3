// node api/host/completeLock.mjs: lists in package-lock.json the builds for other systems that npm left out.
// npm leaves out what it could not look up (a registry mirror may hold one system's builds only), and `npm ci` then
// refuses the lock everywhere. Exact versions are known from the package that names them; only their hash is not.
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** Optional dependencies with no entry, as `[path in the lock, version]`; a range that is no exact version stays out. */
export function missingBuilds(lock) {
  const names = new Set(Object.keys(lock.packages).map((path) => path.replace(/^.*node_modules\//, "")));
  const missing = new Map();
  for (const entry of Object.values(lock.packages))
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {}))
      if (!names.has(name) && /^\d+\.\d+\.\d+/.test(version)) missing.set(`node_modules/${name}`, [version, entry]);
  return [...missing];
}

const systems = "aix android darwin freebsd linux netbsd openbsd openharmony sunos win32".split(" ");
const processors = "arm64 arm ia32 loong64 mips64el ppc64 riscv64 s390x x64 wasm32".split(" ");

/** What a package's name says about where it runs; "core-linux-arm-gnueabihf" is linux on arm with glibc. */
function where(name) {
  const words = name.split(/[/-]/);
  const os = systems.filter((system) => words.includes(system));
  const cpu = processors.filter((processor) => words.includes(processor));
  const libc = words.some((word) => word.startsWith("musl")) ? ["musl"] : ["glibc"];
  return {
    ...(cpu.length > 0 && { cpu }),
    ...(os[0] === "linux" && /gnu|musl/.test(name) && { libc }),
    ...(os.length > 0 && { os }),
  };
}

export function completeLock(lock) {
  for (const [path, [version, { dev }]] of missingBuilds(lock)) {
    const place = where(path);
    // Without a system or processor it would be installed here, from a name that cannot be looked up.
    if (place.cpu || place.os) lock.packages[path] = { version, ...(dev && { dev }), optional: true, ...place };
  }
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, "en"));
  return { ...lock, packages: Object.fromEntries(sorted) };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const path = join(resolve(process.argv[2] ?? "."), "package-lock.json");
  writeFileSync(path, `${JSON.stringify(completeLock(JSON.parse(readFileSync(path, "utf8"))), null, 2)}\n`);
}
