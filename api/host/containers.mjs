// MariaDB and Redis from Docker, where this machine has neither but its Docker engine answers.
import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findProgram } from "./packages.mjs";
import { HostError, freePort, run } from "./processes.mjs";

/** The docker program if an engine answers it: a client without an engine is common. */
export async function findDocker(env) {
  const docker = findProgram(["docker"], env);
  return docker && (await run(docker, ["info"], { env, timeout: 15_000 })).code === 0 ? docker : undefined;
}

const kinds = {
  mysql: {
    image: "mariadb:10.11",
    port: 3306,
    volume: "/var/lib/mysql",
    env: { MARIADB_ROOT_PASSWORD: "", MARIADB_DATABASE: "duly" },
    args: () => ["--character-set-server=utf8mb4", "--collation-server=utf8mb4_bin", "--max-allowed-packet=64M"],
    url: ({ password, port }) => `mysql://root:${password}@127.0.0.1:${port}/duly`,
  },
  redis: {
    image: "redis:7",
    port: 6379,
    volume: "/data",
    env: {},
    args: (password) =>
      `redis-server --requirepass ${password} --maxmemory-policy noeviction --appendonly yes --save`
        .split(" ")
        .concat(""),
    url: ({ password, port }) => `redis://:${password}@127.0.0.1:${port}/0`,
  },
};

/** Starts (or takes over) the container of one kind; `ready(state)` says whether the server inside answers. */
export async function startContainer(docker, kind, dir, state, save, ready) {
  const { image, port: inside, volume, env, args, url } = kinds[kind];
  const name = `duly-${createHash("sha256").update(resolve(dir)).digest("hex").slice(0, 12)}-${kind}`;
  const handle = (at) => ({ url: url(at), stop: async () => void (await run(docker, ["stop", "--time", "60", name])) });
  const running = await run(docker, ["inspect", "--format", "{{.State.Running}}", name]);
  if (state.port && running.output.trim() === "true" && (await ready(state))) return handle(state);
  await run(docker, ["rm", "--force", name]);
  const next = { password: state.password, port: (await freePort(state.port)) ?? (await freePort()) };
  save(next);
  const data = join(dir, `${kind}-container`);
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const secrets = Object.entries(env).map(([key, value]) => [key, value || next.password]);
  const started = await run(
    docker,
    [
      ...["run", "--detach", "--rm", "--name", name, "--publish", `127.0.0.1:${next.port}:${inside}`],
      ...["--volume", `${data}:${volume}`],
      // Named without a value: the value comes from our environment and stays out of the process list.
      ...secrets.flatMap(([key]) => ["--env", key]),
      ...[image, ...args(next.password)],
    ],
    { env: { ...process.env, ...Object.fromEntries(secrets) } },
  );
  if (started.code !== 0) throw new HostError(`Docker could not start ${image}:\n${started.output.trim()}`);
  for (const deadline = Date.now() + 120_000; Date.now() < deadline; await sleep(200))
    if (await ready(next)) return handle(next);
  throw new HostError(`${image} did not answer within two minutes; see "docker logs ${name}".`);
}
