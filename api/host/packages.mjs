// Finds programs on this machine, and installs Debian packages where that needs no question.
import { accessSync, constants, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { atEnd, run } from "./processes.mjs";

// Debian keeps servers in sbin, which is not on an ordinary user's PATH.
const serverFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/libexec", "/opt/homebrew/bin", "/usr/local/bin"];

/** The full path of the first of `names` found, or undefined. DULY_PATH_ONLY leaves the server folders out (for tests). */
export function findProgram(names, env = process.env) {
  const folders = (env.PATH ?? "").split(delimiter).filter(Boolean);
  for (const name of names)
    for (const folder of env.DULY_PATH_ONLY ? folders : [...folders, ...serverFolders]) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        continue;
      }
    }
  return undefined;
}

const mark = "# Written by Duly while it installs packages; safe to delete.";

/** Whether packages can be installed here without asking anybody: root, on Debian or one of its children. */
export function canInstall({ env = process.env, uid = process.getuid?.(), osRelease = "/etc/os-release" } = {}) {
  if (uid !== 0 || !findProgram(["apt-get"], env)) return false;
  return existsSync(osRelease) && /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync(osRelease, "utf8"));
}

/**
 * Installs Debian packages without a question and without starting their services: policy-rc.d answers 101 ("not
 * allowed") meanwhile, and what stood there before is put back, also after a signal or by the next run after a kill.
 */
export async function installPackages(packages, { log, env = process.env, policyFile = "/usr/sbin/policy-rc.d" } = {}) {
  const apt = findProgram(["apt-get"], env);
  const saved = `${policyFile}.before-duly`;
  const restore = () => {
    if (existsSync(policyFile) && readFileSync(policyFile, "utf8").includes(mark)) rmSync(policyFile);
    if (existsSync(saved)) renameSync(saved, policyFile);
  };
  restore();
  if (existsSync(policyFile)) renameSync(policyFile, saved);
  writeFileSync(policyFile, `#!/bin/sh\n${mark}\nexit 101\n`, { mode: 0o755 });
  // In its own process group, and waited for: Ctrl-C must not cut dpkg off in the middle of a package.
  const options = { env: { ...env, DEBIAN_FRONTEND: "noninteractive" }, detached: true };
  const work = (async () => {
    log(`Installing ${packages.join(", ")} with apt-get …`);
    const lock = ["-o", "DPkg::Lock::Timeout=300"];
    const update = await run(apt, [...lock, "-q", "update"], options);
    const install = await run(apt, [...lock, "-q", "-y", "--no-install-recommends", "install", ...packages], options);
    return install.code === 0 ? undefined : `${update.code === 0 ? "" : update.output}${install.output}`;
  })();
  const finish = atEnd(async () => {
    await work;
    restore();
  });
  const problem = await work;
  await finish();
  if (problem !== undefined) log(`apt-get could not install ${packages.join(", ")}:\n${problem.trim().slice(-2_000)}`);
  return problem === undefined;
}
