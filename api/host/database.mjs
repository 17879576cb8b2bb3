// A MariaDB (or MySQL) server of our own: its data in one folder, on the loopback address only.
import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  closeSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
} from "node:fs";
import { createConnection } from "node:net";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startLog } from "./logs.mjs";
import { findProgram } from "./packages.mjs";
import {
  HostError,
  commandLine,
  freePort,
  processIdentity,
  readText,
  run,
  stopProcess,
  writeText,
} from "./processes.mjs";

export function findDatabase(env) {
  const server = findProgram(["mariadbd", "mysqld"], env);
  if (!server) return undefined;
  // Beside the program, or where Debian keeps them.
  const prefix = join(dirname(realpathSync(server)), "..");
  const shares = ["share/mysql", "share/mariadb"].flatMap((share) => [join(prefix, share), join("/usr", share)]);
  return { server, share: shares.find((share) => existsSync(join(share, systemTables[0]))) };
}

// What mariadb-install-db feeds to the server, help texts and the sys schema apart. The script itself also needs
// my_print_defaults, which Debian packs with the client, and as root it changes the owner of a system file.
const systemTables = [
  "mysql_system_tables.sql",
  "mysql_performance_tables.sql",
  "mysql_system_tables_data.sql",
  "maria_add_gis_sp_bootstrap.sql",
];

/** Makes the data folder whole or not at all: it is prepared beside its place and renamed. */
async function initialise(programs, dir, log) {
  const data = join(dir, "mysql");
  for (const name of readdirSync(dir))
    if (name.startsWith("mysql.new-")) rmSync(join(dir, name), { recursive: true, force: true });
  if (existsSync(join(data, "mysql"))) return;
  // Without system tables there can be no accounts, but a folder or a tablespace may still hold somebody's rows.
  const left = existsSync(data) ? readdirSync(data, { withFileTypes: true }) : [];
  const valuable = left.filter((entry) => entry.isDirectory() || !/\.(sock|pid|err|log)$/.test(entry.name));
  if (valuable.length > 0)
    throw new HostError(
      `${data} is no complete database (it has no system tables) but holds ${valuable[0].name}: ` +
        `move it away, or choose another folder with DULY_DATA.`,
    );
  rmSync(data, { recursive: true, force: true });
  log("Preparing a database …");
  const fresh = join(dir, `mysql.new-${process.pid}`);
  mkdirSync(fresh, { mode: 0o700 });
  const server = ["--no-defaults", ...(process.getuid?.() === 0 ? ["--user=root"] : []), `--datadir=${fresh}`];
  const isMariaDb = /MariaDB/i.test((await run(programs.server, ["--no-defaults", "--version"])).output);
  if (isMariaDb && !programs.share)
    throw new HostError(`The files of ${programs.server} are incomplete: ${systemTables[0]} was not found.`);
  const made = isMariaDb
    ? await run(programs.server, [...server, "--bootstrap", "--log-warnings=0", "--max-allowed-packet=8M"], {
        input: [
          "CREATE DATABASE IF NOT EXISTS mysql;",
          "USE mysql;",
          "SET @auth_root_socket=NULL;",
          ...systemTables.map((name) => readFileSync(join(programs.share, name), "utf8")),
          "",
        ].join("\n"),
      })
    : await run(programs.server, [...server, "--initialize-insecure"]);
  if (made.code !== 0) throw new HostError(`The database could not be prepared in ${fresh}:\n${made.output.trim()}`);
  renameSync(fresh, data);
}

/** Run by the server before it accepts anybody, so no password-less account is ever reachable. */
function accounts(password) {
  const hosts = ["localhost", "127.0.0.1", "::1", hostname().toLowerCase()];
  const gone = hosts.flatMap((host) => [`''@'${host}'`, ...(host === "localhost" ? [] : [`'root'@'${host}'`])]);
  return [
    `DROP USER IF EXISTS ${gone.join(", ")};`,
    `ALTER USER 'root'@'localhost' IDENTIFIED BY '${password}';`,
    ...["127.0.0.1", "localhost"].flatMap((host) => [
      `CREATE USER IF NOT EXISTS 'duly'@'${host}' IDENTIFIED BY '${password}';`,
      `ALTER USER 'duly'@'${host}' IDENTIFIED BY '${password}';`,
      `GRANT ALL ON *.* TO 'duly'@'${host}';`,
    ]),
    "CREATE DATABASE IF NOT EXISTS duly CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;",
    "",
  ].join("\n");
}

/** The server's process if the one that was started on this folder still lives. */
function living(dir) {
  const pid = Number(readText(join(dir, "mysql", "server.pid")));
  return commandLine(pid).includes(`--datadir=${join(dir, "mysql")} `) ? pid : undefined;
}

/** Whether a MySQL server greets on the port. */
export function greets(port) {
  return new Promise((resolve) => {
    const socket = createConnection({ host: "127.0.0.1", port });
    const done = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(2_000, () => done(false));
    socket.once("error", () => done(false));
    socket.once("close", () => done(false));
    // Four bytes of packet header, then protocol version 10.
    socket.once("data", (data) => done(data[4] === 10));
  });
}

/** `ours`: whether the server is up that was meant. Another one may have taken the port just before it. */
async function untilItGreets(port, alive, seconds, ours = () => true) {
  for (const deadline = Date.now() + seconds * 1_000; Date.now() < deadline && alive(); await sleep(50))
    if (ours() && (await greets(port))) return true;
  return false;
}

/**
 * `state` holds port, socket folder and password from the run before; returns the state to keep, with `url` and `stop`.
 * `samePort`: those who use it know it by this port, so no other one will do.
 */
export async function startDatabase(programs, dir, state, save, log, { samePort = false, tries = 3 } = {}) {
  const pid = living(dir);
  if (pid !== undefined && state.port) {
    if (await untilItGreets(state.port, () => living(dir) === pid, 30)) return handle(dir, state, pid);
    await stopProcess(pid);
  } else if (pid !== undefined) await stopProcess(pid);

  await initialise(programs, dir, log);
  const data = join(dir, "mysql");
  const port = samePort ? state.port : ((await freePort(state.port)) ?? (await freePort()));
  // A socket's path may have 107 bytes at most.
  const inPlace = Buffer.byteLength(join(data, "server.sock")) <= 107;
  const socketDir = inPlace ? undefined : mkdtempSync(join(tmpdir(), "duly-"));
  const next = { password: state.password, port, socketDir };
  save(next);
  const pidFile = join(data, "server.pid");
  rmSync(pidFile, { force: true });
  const init = join(dir, "mysql.init.sql");
  writeText(init, accounts(next.password));
  // A server that starts removes the temporary tables it finds: in a folder it shared, those of others at work.
  const temporary = join(dir, "mysql.tmp");
  mkdirSync(temporary, { recursive: true, mode: 0o700 });
  const out = startLog(join(dir, "mysql.log"));
  const child = spawn(
    programs.server,
    [
      "--no-defaults",
      ...(process.getuid?.() === 0 ? ["--user=root"] : []),
      `--datadir=${data}`,
      `--tmpdir=${temporary}`,
      `--socket=${join(socketDir ?? data, "server.sock")}`,
      `--pid-file=${pidFile}`,
      `--init-file=${init}`,
      `--port=${port}`,
      "--bind-address=127.0.0.1",
      "--skip-name-resolve",
      "--local-infile=0",
      "--character-set-server=utf8mb4",
      "--collation-server=utf8mb4_bin",
      "--default-time-zone=+00:00",
      "--transaction-isolation=READ-COMMITTED",
      "--max-connections=300",
      "--max-allowed-packet=64M",
      "--innodb-buffer-pool-size=256M",
      "--innodb-flush-log-at-trx-commit=1",
      "--innodb-flush-method=fsync",
      "--skip-log-bin",
      "--performance-schema=OFF",
    ],
    // Its own process group: Ctrl-C goes to Duly, which stops its servers last.
    { stdio: ["ignore", out, out], detached: true },
  );
  closeSync(out);
  let problem;
  child.once("error", (error) => (problem = error.message));
  child.once("exit", (code, signal) => (problem = `it ended with ${signal ?? `code ${code}`}`));
  child.unref();
  const ours = () => Number(readText(pidFile)) === child.pid;
  const up = await untilItGreets(port, () => problem === undefined, 180, ours);
  rmSync(init, { force: true });
  if (up) return handle(dir, next, child.pid);
  if (problem !== undefined && !samePort && tries > 1 && (await greets(port)))
    return startDatabase(programs, dir, { ...next, port: undefined }, save, log, { tries: tries - 1 });
  if (child.pid) await stopProcess(child.pid);
  const tail = (readText(join(dir, "mysql.log")) ?? "").trim().split("\n").slice(-15).join("\n");
  throw new HostError(`The database server did not start (${problem ?? "no answer in three minutes"}):\n${tail}`);
}

function handle(dir, state, pid) {
  const identity = processIdentity(pid);
  return {
    isAlive: () => processIdentity(pid) === identity,
    url: `mysql://duly:${state.password}@127.0.0.1:${state.port}/duly`,
    async stop() {
      await stopProcess(pid, { identity, graceMs: 60_000 });
      if (state.socketDir) rmSync(state.socketDir, { recursive: true, force: true });
    },
  };
}
