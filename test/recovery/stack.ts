/**
 * An installation as a school runs it, that can be broken anywhere: its own MariaDB and Redis, two API processes and two
 * workers of the built product, a mail server, and a proxy in each line between them.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { execFile } from "node:child_process";
import mysql from "mysql2/promise";
import { loadConfig } from "../../api/config";
import { systemIdentity } from "../../api/engine/run";
import { hashPassword } from "../../api/engine/passwords";
import { publishPack } from "../../api/engine/upgradePack";
import { newId, openWorld } from "../../api/engine/world";
import { ensureInstallation } from "../../api/setUp";
import { type Database, forCommands, openDatabase } from "../../api/store/database";
import { migrate } from "../../api/store/migrate";
import { Trouble } from "../../api/store/trouble";
import { setPassword } from "../../api/store/people";
import { openPostbox, type Postbox } from "./postbox";
import { office } from "./office";
import { addressOf, startTcpProxy, type TcpProxy, throughProxy } from "./tcpProxy";
import { freePort } from "../freePort";

const root = resolve(__dirname, "../..");
const password = "a password for tests only";

/** A process of the product, started again by the harness as whoever runs it would. */
export interface Process {
  name: string;
  kind: "api" | "worker";
  /** Of an API. */
  url: string;
  database: TcpProxy;
  redis: TcpProxy;
  clockFile: string;
  child: ChildProcess | undefined;
  /** Set while the harness itself ends or holds it. */
  meant: boolean;
  said: string[];
}

export interface Person {
  id: string;
  email: string;
  cookie: string;
}

export interface Stack {
  processes: Process[];
  postbox: Postbox;
  /** Of all workers. */
  mailLine: TcpProxy;
  /** A way in that no fault touches, as the server's own user. Its reads and writes wait for a server that is away. */
  db: Database;
  folder: string;
  /** Where the database lies. */
  disk: string;
  organisation: string;
  admin: Person;
  keepers: Person[];
  databaseUser: string;
  redisUrl: string;
  /** The disk the database lies on can be filled. */
  hasOwnDisk: boolean;
  /** `down`: not to be started again until it is. */
  database: { pid: () => number; down(): void; start(): Promise<void>; gone(): Promise<void> };
  redis: { child: () => ChildProcess; start(): Promise<void> };
  start(one: Process): Promise<void>;
  /** Ends all processes of the product and starts them again with this bug in them. */
  plant(bug: string | undefined): Promise<void>;
  env: NodeJS.ProcessEnv;
  /** Statements as the database's own root: settings of the server. */
  asRoot(sql: string): Promise<void>;
  close(): Promise<void>;
}

export const ended = (child: ChildProcess): Promise<void> =>
  new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) done();
    else child.once("exit", () => done());
  });

/** @throws what it waited for in vain. */
export async function until(what: string, holds: () => Promise<boolean> | boolean, seconds = 120): Promise<void> {
  for (const end = Date.now() + seconds * 1_000; ;) {
    if (await Promise.resolve(holds()).catch(() => false)) return;
    if (Date.now() > end) throw new Error(`It never came about that ${what}.`);
    await sleep(100);
  }
}

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** A disk of its own, small enough to be filled; without the right to mount one the folder lies on the common disk. */
function diskAt(folder: string): boolean {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=480m,mode=700", "tmpfs", folder], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function patient(db: Database): Database {
  const waiting =
    <A extends unknown[], R>(ask: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      for (let left = 120; ; left--)
        try {
          return await ask(...args);
        } catch (error) {
          if (left === 0 || !(error instanceof Trouble && error.kind === "away")) throw error;
          await sleep(500);
        }
    };
  return Object.assign(Object.create(db) as Database, {
    query: waiting(db.query.bind(db)),
    execute: waiting(db.execute.bind(db)),
  });
}

/** `hurry`: the product's pauses and limits are shortened, so that a schedule takes seconds. */
export async function startStack({ hurry = false }: { hurry?: boolean } = {}): Promise<Stack> {
  const folder = mkdtempSync(join(tmpdir(), "duly-recovery-"));
  const disk = mkdtempSync(join(tmpdir(), "duly-recovery-disk-"));
  const hasOwnDisk = diskAt(disk);
  const closing: (() => Promise<unknown> | void)[] = [
    () => rmSync(folder, { recursive: true, force: true }),
    () => {
      if (hasOwnDisk) execFileSync("umount", ["--lazy", disk]);
      rmSync(disk, { recursive: true, force: true });
    },
  ];
  const close = async (): Promise<void> => {
    for (const end of closing.splice(0).reverse()) await Promise.resolve(end()).catch(() => undefined);
  };
  try {
    // ---------------------------------------------------------------------------------------------------- servers
    let [databaseUrl, databasePid, databasePort] = ["", 0, 0];
    const startServer = async (tries = 5): Promise<void> => {
      const started = promisify(execFile)(process.execPath, [
        join(__dirname, "database.mjs"),
        disk,
        ...(databasePort ? [String(databasePort)] : []),
      ]);
      // Its port may serve an outgoing connection of anybody's for a while.
      const found = await started.catch((error: unknown) => {
        if (tries <= 1) throw error;
        return null;
      });
      if (!found) return sleep(3_000).then(() => startServer(tries - 1));
      const { stdout } = found;
      const told = JSON.parse(stdout) as { url: string; pid: number; port: number };
      [databaseUrl, databasePid, databasePort] = [told.url, told.pid, told.port];
    };
    await startServer();
    // MariaDB ends by itself where a rollback finds no room on the disk: it is started again, as `npm start` does.
    let [down, starting] = [false, Promise.resolve()];
    const keeper = setInterval(() => {
      if (down || alive(databasePid)) return;
      down = true;
      starting = startServer().then(
        () => void (down = false),
        (error: unknown) => console.error("The database could not be started again:", error),
      );
    }, 300);
    closing.push(async () => {
      clearInterval(keeper);
      down = true;
      await starting;
      if (!alive(databasePid)) return;
      process.kill(databasePid, "SIGCONT");
      process.kill(databasePid, "SIGKILL");
      await until("the database has ended", () => !alive(databasePid), 20);
    });
    const asRoot = async (sql: string): Promise<void> => {
      const server = await mysql.createConnection({
        socketPath: join(disk, "mysql", "server.sock"),
        user: "root",
        password: decodeURIComponent(new URL(databaseUrl).password),
        multipleStatements: true,
      });
      try {
        await server.query(sql);
      } finally {
        await server.end();
      }
    };
    // The product may do less than the server's own user: a server that is read-only is so for it.
    const databaseUser = "product";
    await asRoot(
      `CREATE USER ${databaseUser}@'127.0.0.1' IDENTIFIED BY '${password}'; GRANT ALL ON duly.* TO ${databaseUser}@'127.0.0.1'`,
    );
    const redisPort = await freePort();
    const redisUrl = `redis://127.0.0.1:${redisPort}/0`;
    let redis: ChildProcess | undefined;
    const startRedis = async (): Promise<void> => {
      const options = `--port ${redisPort} --bind 127.0.0.1 --save  --appendonly no --maxmemory-policy noeviction`;
      redis = spawn(process.env["TEST_REDIS_SERVER"] || "redis-server", [...options.split(" "), "--dir", folder], {
        stdio: "ignore",
      });
      redis.on("error", () => undefined);
    };
    await startRedis();
    closing.push(async () => {
      redis?.kill("SIGKILL");
      if (redis) await ended(redis);
    });
    const postbox = await openPostbox();
    closing.push(() => postbox.close());
    const mailLine = await startTcpProxy({ host: "127.0.0.1", port: postbox.port });
    closing.push(() => mailLine.close());

    // ----------------------------------------------------------------------------------------------------- school
    await migrate(databaseUrl);
    const db = patient(openDatabase(databaseUrl, 4, undefined, { ...forCommands, lockSeconds: 20 }));
    closing.push(() => db.close());
    await ensureInstallation(db, true);
    const keyFile = join(folder, "key");
    writeFileSync(keyFile, randomBytes(32), { mode: 0o600 });
    const organisation = newId();
    await db.execute(
      `INSERT INTO organisation (id, name, kind, zone, bank_holidays, go_live_on, send_from, send_to, mail_days, digest_at)
       VALUES (?, 'Elm School', 'school', 'UTC', 'none', '2026-01-01', '07:30', '18:00', 'all', '08:00')`,
      [organisation],
    );
    const emails = ["admin", "ada", "bea", "cyd", "dan"].map((name) => `${name}@elm.example`);
    const env: NodeJS.ProcessEnv = {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      TZ: "UTC",
      NODE_ENV: "production",
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      SMTP_URL: `smtp://127.0.0.1:${mailLine.port}`,
      SMTP_ALLOW: emails.join(","),
      PUBLIC_URL: "http://127.0.0.1:4400",
      DULY_DATA: folder,
      DULY_DEMO: "1",
      DULY_KEY_FILE: keyFile,
      LOG_LEVEL: "error",
    };
    const world = await openWorld(loadConfig({ ...env, LOG_LEVEL: "silent", PORT: "0" }), 4);
    const people: Person[] = [];
    try {
      await publishPack(world, systemIdentity(organisation), office());
      const hash = await hashPassword(password);
      for (const [i, email] of emails.entries()) {
        const id = newId();
        const [name] = email.split("@");
        await db.execute("INSERT INTO person (id, organisation, name, name_folded, email) VALUES (?, ?, ?, ?, ?)", [
          id,
          organisation,
          String(name),
          String(name),
          email,
        ]);
        await db.transaction((tx) => setPassword(tx, id, hash));
        await db.execute(
          "INSERT INTO appointment (id, organisation, person, role, from_on) VALUES (?, ?, ?, ?, '2020-01-01')",
          [newId(), organisation, id, i === 0 ? "head" : "staff"],
        );
        people.push({ id, email, cookie: "" });
      }
      await db.execute("UPDATE installation SET access_edition = access_edition + 1 WHERE id = 1");
    } finally {
      await world.close();
    }

    // -------------------------------------------------------------------------------------------------- processes
    let bug: string | undefined;
    const own = new URL(databaseUrl);
    [own.username, own.password] = [databaseUser, encodeURIComponent(password)];
    const processes: Process[] = [];
    for (const name of ["api 0", "api 1", "worker 0", "worker 1"]) {
      const kind = name.startsWith("api") ? "api" : "worker";
      const database = await startTcpProxy(addressOf(databaseUrl, 3306));
      const redisLine = await startTcpProxy(addressOf(redisUrl, 6379));
      closing.push(
        () => database.close(),
        () => redisLine.close(),
      );
      processes.push({
        name,
        kind,
        url: kind === "api" ? `http://127.0.0.1:${await freePort()}` : "",
        database,
        redis: redisLine,
        clockFile: join(folder, `${name.replace(" ", "-")}.clock`),
        child: undefined,
        meant: false,
        said: [],
      });
    }
    const stopped = async (one: Process): Promise<void> => {
      if (!one.child) return;
      one.meant = true;
      one.child.kill("SIGCONT");
      one.child.kill("SIGKILL");
      await ended(one.child);
    };
    closing.push(() => Promise.all(processes.map(stopped)));
    const start = async (one: Process): Promise<void> => {
      const child = spawn(
        process.execPath,
        [
          "--require",
          join(__dirname, "preload.cjs"),
          join(root, "build", one.kind === "api" ? "api/main.js" : "workers/main.js"),
        ],
        {
          env: {
            ...env,
            DATABASE_URL: throughProxy(own.toString(), one.database),
            REDIS_URL: throughProxy(redisUrl, one.redis),
            PORT: one.kind === "api" ? new URL(one.url).port : "0",
            RECOVERY_CLOCK: one.clockFile,
            ...(hurry && { RECOVERY_HURRY: "1" }),
            ...(bug && { RECOVERY_BUG: bug }),
          },
          stdio: ["ignore", "pipe", "pipe"],
        },
      );
      one.child = child;
      one.meant = false;
      for (const stream of [child.stdout, child.stderr])
        stream?.on("data", (data: Buffer) => {
          one.said.push(data.toString("utf8"));
          if (one.said.length > 500) one.said.splice(0, 250);
        });
    };
    // Four of them begin at once, each with seconds of work, and tests run beside them.
    const ready = async (one: Process): Promise<void> => {
      const ends = () => one.child?.exitCode !== null || one.child.signalCode !== null;
      const answers = async () => one.kind === "worker" || (await fetch(`${one.url}/readyz`)).ok;
      await until(`${one.name} is ready`, async () => ends() || (await answers()), 300);
      if (ends()) throw new Error(`${one.name} ended at its start: ${one.said.slice(-5).join("").slice(-1_000)}`);
    };
    const stack: Stack = {
      processes,
      postbox,
      mailLine,
      db,
      folder,
      disk,
      organisation,
      admin: people[0] as Person,
      keepers: people.slice(1),
      databaseUser,
      redisUrl,
      hasOwnDisk,
      database: {
        pid: () => databasePid,
        down: () => void (down = true),
        start: async () => {
          await startServer();
          down = false;
        },
        gone: () => until("the database has ended", () => !alive(databasePid), 90),
      },
      redis: { child: () => redis as ChildProcess, start: startRedis },
      start,
      async plant(planted) {
        bug = planted;
        await Promise.all(processes.map(stopped));
        await Promise.all(processes.map(start));
        await Promise.all(processes.map(ready));
      },
      env,
      asRoot,
      close,
    };
    await stack.plant(undefined);
    for (const [i, person] of people.entries()) person.cookie = await signIn(processes[i % 2]?.url ?? "", person.email);
    return stack;
  } catch (error) {
    await close();
    throw error;
  }
}

async function signIn(url: string, email: string): Promise<string> {
  const query =
    "mutation ($email: String!, $password: String!) { signIn(email: $email, password: $password) { __typename } }";
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-duly": "1" },
    body: JSON.stringify({ query, variables: { email, password } }),
  });
  const cookie = response.headers.getSetCookie()[0]?.split(";")[0];
  if (!cookie) throw new Error(`${email} could not sign in: ${await response.text()}`);
  return cookie;
}
