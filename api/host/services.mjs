// MySQL and Redis for whoever asks: given ones, else private ones under the data folder.
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { findDocker, startContainer } from "./containers.mjs";
import { findDatabase, greets, startDatabase } from "./database.mjs";
import { canInstall, installPackages } from "./packages.mjs";
import { HostError, atEnd, enter, livingUsers, readText, withLock, writeText } from "./processes.mjs";
import { answers, findRedis, startRedis } from "./redis.mjs";

const kinds = {
  mysql: { variable: "DATABASE_URL", packages: "mariadb-server-core", find: findDatabase, start: startDatabase },
  redis: { variable: "REDIS_URL", packages: "redis-server", find: findRedis, start: startRedis },
};
const ready = { mysql: (at) => greets(at.port), redis: (at) => answers(at.port, at.password) };

/**
 * Brings up what DATABASE_URL and REDIS_URL do not name: from programs on this machine, else installed, else from
 * Docker. Programs that use the same data folder share its servers, the last one to stop() ends them, and servers left
 * behind by a killed run are taken over. Everything is also stopped when this program ends in any way but SIGKILL.
 * With `keep: false` the last one out deletes the data as well.
 */
export async function startServices({ dataDir, log = console.log, env = process.env, keep = true }) {
  const dir = resolve(dataDir);
  const given = { mysql: env.DATABASE_URL, redis: env.REDIS_URL };
  const missing = Object.keys(kinds).filter((kind) => !given[kind]);
  if (missing.length === 0) return { databaseUrl: given.mysql, redisUrl: given.redis, stop: async () => {} };

  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const started = {};
  let seat;
  let stopping = false;
  let watching;
  const stop = atEnd(() => {
    stopping = true;
    clearInterval(watching);
    return withLock(dir, async () => {
      if (!seat || seat.leave()) return;
      await Promise.all(Object.values(started).map((server) => server.stop()));
      if (!keep)
        for (const name of readdirSync(dir))
          if (name !== "lock") rmSync(join(dir, name), { recursive: true, force: true });
    });
  });
  try {
    await withLock(dir, async () => {
      seat = enter(dir);
      const programs = await findPrograms(missing, env, log);
      const file = join(dir, "services.json");
      const state = JSON.parse(readText(file) ?? "{}");
      for (const kind of missing) state[kind] = { password: randomBytes(24).toString("hex"), ...state[kind] };
      const save = (kind) => (next) => {
        state[kind] = next;
        writeText(file, JSON.stringify(state));
      };
      const begin = async (kind, again = {}) => {
        const { docker, program } = programs[kind];
        started[kind] = docker
          ? await startContainer(docker, kind, dir, state[kind], save(kind), ready[kind])
          : await kinds[kind].start(program, dir, state[kind], save(kind), log, again);
      };
      for (const kind of missing) await begin(kind);
      // A container is looked after by Docker.
      const watched = missing.filter((kind) => !programs[kind].docker);
      const watch = watchOver({ dir, started, watched, begin, log, isStopping: () => stopping });
      watching = setInterval(() => void watch(), 1_000);
      watching.unref();
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { databaseUrl: given.mysql || started.mysql.url, redisUrl: given.redis || started.redis.url, stop };
}

/** Starts a server again that has ended by itself, later each time that it does so at once. */
function watchOver({ dir, started, watched, begin, log, isStopping }) {
  const tries = Object.fromEntries(watched.map((kind) => [kind, { inARow: 0, notBefore: 0 }]));
  let busy = false;
  return async () => {
    const gone = watched.filter((kind) => !started[kind].isAlive());
    for (const kind of watched)
      if (!gone.includes(kind) && Date.now() - tries[kind].notBefore > 60_000) tries[kind].inARow = 0;
    if (busy || isStopping() || gone.length === 0) return;
    busy = true;
    for (const kind of gone) {
      const own = tries[kind];
      if (own.inARow >= 10 || Date.now() < own.notBefore) continue;
      own.inARow += 1;
      own.notBefore = Date.now() + Math.min(500 * 2 ** own.inARow, 30_000);
      log(`${kind === "mysql" ? "The database" : "Redis"} has ended: it is started again.`);
      try {
        await withLock(dir, async () => isStopping() || (await begin(kind, { samePort: true })));
      } catch (error) {
        log(error.message);
        if (own.inARow >= 10) log("It ended ten times in a row: it is not started again.");
      }
    }
    busy = false;
  };
}

/** Whether a program is using this data folder's servers now. */
export const inUse = (dataDir) => livingUsers(resolve(dataDir)).length > 0;

async function findPrograms(missing, env, log) {
  const found = () => Object.fromEntries(missing.map((kind) => [kind, { program: kinds[kind].find(env) }]));
  let programs = found();
  const absent = () => missing.filter((kind) => !programs[kind].program);
  if (absent().length > 0 && canInstall({ env })) {
    await installPackages(
      absent().map((kind) => kinds[kind].packages),
      { log, env },
    );
    programs = found();
  }
  if (absent().length > 0) {
    const docker = await findDocker(env);
    const names = absent().map((kind) => (kind === "mysql" ? "MariaDB" : "Redis"));
    if (!docker)
      throw new HostError(
        `${names.join(" and ")} ${names.length > 1 ? "are" : "is"} missing on this machine: install ` +
          `${absent()
            .map((kind) => kinds[kind].packages)
            .join(" and ")} (as root on Debian or Ubuntu this happens by ` +
          `itself), or start Docker, or set ${absent()
            .map((kind) => kinds[kind].variable)
            .join(" and ")}.`,
      );
    for (const kind of absent()) programs[kind] = { docker };
  }
  return programs;
}
