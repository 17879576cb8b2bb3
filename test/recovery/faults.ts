/** The kinds of fault: what a school's machines, lines, servers and people do to an installation. */
import { spawn } from "node:child_process";
import { rmSync, statfsSync, writeFileSync, openSync, writeSync, closeSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import mysql from "mysql2/promise";
import type { Random } from "./random";
import type { Manner } from "./postbox";
import { ended, type Process, type Stack } from "./stack";
import { isStatement, type TcpProxy, type Wire } from "./tcpProxy";

/** What a fault may reach for. */
export interface Ground {
  stack: Stack;
  random: Random;
  /** Ids of records of this schedule. */
  records: () => string[];
  /** Tells of what is wrong besides lost, doubled and early. */
  complain: (what: string) => void;
  change: { calendar(): Promise<void>; setting(): Promise<void>; publish(): Promise<void> };
}

/** Undoes it. */
type End = () => Promise<void> | void;

export interface Fault {
  kind: string;
  /** One at a time of those on the same. */
  on: string;
  /** Seconds. */
  longest: number;
  /** Whether a sender may not learn what became of its email. */
  excuses?: true;
  begin(ground: Ground): Promise<End | void> | End | void;
}

const workersOf = ({ processes }: Stack): Process[] => processes.filter(({ kind }) => kind === "worker");
const apisOf = ({ processes }: Stack): Process[] => processes.filter(({ kind }) => kind === "api");
const one = ({ stack, random }: Ground, kind: Process["kind"]): Process =>
  random.pick(stack.processes.filter((process) => process.kind === kind));

/** The bound of `endOnSignal`, and some. */
const END_SECONDS = 20;

async function kill(ground: Ground, victims: Process[], signal: NodeJS.Signals): Promise<End> {
  const ending = victims.map(async (victim) => {
    victim.meant = true;
    victim.child?.kill(signal);
    if (!victim.child) return;
    const late = sleep(END_SECONDS * 1_000, "late" as const, { ref: false });
    if ((await Promise.race([ended(victim.child), late])) === "late") {
      ground.complain(`${victim.name} did not end when it was told to`);
      victim.child.kill("SIGKILL");
      await ended(victim.child);
    }
  });
  return async () => {
    await Promise.all(ending);
    await Promise.all(victims.map((victim) => ground.stack.start(victim)));
  };
}

function pause({ stack }: Ground, victim: Process): End {
  victim.child?.kill("SIGSTOP");
  const aged = ageLeases(stack).catch(() => undefined);
  return async () => {
    await aged;
    victim.child?.kill("SIGCONT");
  };
}

/** Minutes pass: whoever holds a lease and says nothing has lost it. */
export async function ageLeases({ db }: Stack): Promise<void> {
  await db.execute("UPDATE mail SET lease_until = lease_until - INTERVAL 11 MINUTE WHERE state = 'sending'");
  await db.execute("UPDATE lease SET until = until - INTERVAL 11 MINUTE");
}

const passAgain =
  (...lines: TcpProxy[]): End =>
  () => {
    for (const line of lines) {
      line.onSend = undefined;
      // TCP delivers everything in order or nothing: a connection of which something was lost stays silent.
      if (line.line === "swallow") line.silenceOpen();
      line.line = "pass";
    }
  };

function everySoOften(ms: number, work: () => void): End {
  const timer = setInterval(work, ms);
  return () => clearInterval(timer);
}

/** Of what is sent, some is lost on its way there or back. */
function unreliable({ random }: Ground, line: TcpProxy, statement: string | undefined, share: number): End {
  line.onSend = (data) => {
    if (statement !== undefined && !isStatement(data, statement)) return "pass";
    if (random.next() > share) return "pass";
    return random.pick(["lose", "lose answer", "cut", "cut answer"] as const);
  };
  return passAgain(line);
}

function signalDatabase({ stack }: Ground, signal: NodeJS.Signals): void {
  try {
    process.kill(stack.database.pid(), signal);
  } catch {
    // It has ended already.
  }
}

async function endDatabase(ground: Ground, signal: NodeJS.Signals): Promise<End> {
  ground.stack.database.down();
  signalDatabase(ground, signal);
  return async () => {
    await ground.stack.database.gone();
    await ground.stack.database.start();
  };
}

/** A connection of the server's own user that outlives what it does to the others. */
async function serverSetting(ground: Ground, begin: string, end: string): Promise<End> {
  const { stack } = ground;
  const server = await mysql.createConnection({ uri: stack.db.url, multipleStatements: true });
  server.on("error", () => undefined);
  await server.query(begin);
  return async () => {
    await server.query(end).catch(() => stack.asRoot(end));
    await server.end().catch(() => server.destroy());
  };
}

const killConnections = async ({ stack }: Ground): Promise<void> => {
  const rows = await stack.db.query("SELECT id FROM information_schema.processlist WHERE user = ?", [
    stack.databaseUser,
  ]);
  for (const { id } of rows) await stack.db.queryText(`KILL ${Number(id)}`).catch(() => undefined);
};

/** Fills the disk on which the database lies; where it has none of its own, each insert is told that there is no room. */
async function fillDisk({ stack }: Ground, folder: string): Promise<End> {
  if (!stack.hasOwnDisk) {
    const tables = ["history", "timer", "notice", "mail", "r_alarm", "task"];
    for (const table of tables)
      await stack.asRoot(
        `CREATE OR REPLACE TRIGGER full_${table} BEFORE INSERT ON duly.${table} FOR EACH ROW
         SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1114, MESSAGE_TEXT = 'The table is full'`,
      );
    return async () => {
      for (const table of tables) await stack.asRoot(`DROP TRIGGER IF EXISTS duly.full_${table}`);
    };
  }
  const ballast = join(folder, "ballast");
  const fill = (): void => {
    const file = openSync(ballast, "a");
    try {
      for (const block = Buffer.alloc(1 << 20); ;) writeSync(file, block);
    } catch {
      // Full.
    } finally {
      closeSync(file);
    }
  };
  fill();
  const again = everySoOften(200, () => {
    const { bavail, bsize } = statfsSync(folder);
    if (bavail * bsize > 1 << 20) fill();
  });
  return async () => {
    await again();
    rmSync(ballast, { force: true });
  };
}

async function holdRows(ground: Ground): Promise<End> {
  const { stack, random, records } = ground;
  const server = await mysql.createConnection({ uri: stack.db.url });
  server.on("error", () => undefined);
  const ids = Array.from({ length: 12 }, () => random.pick(records()));
  await server.beginTransaction();
  await server.query("SELECT id FROM r_alarm WHERE id IN (?) ORDER BY id FOR UPDATE", [ids]);
  await server.query("SELECT id FROM timer WHERE record IN (?) FOR UPDATE", [ids.slice(0, 3)]);
  return async () => {
    await server.rollback().catch(() => undefined);
    await server.end().catch(() => server.destroy());
  };
}

/** Somebody who locks the same rows the other way round. */
function provokeDeadlocks(ground: Ground): End {
  const { stack, random, records } = ground;
  let stop = false;
  const turn = async (): Promise<void> => {
    while (!stop) {
      const server = await mysql.createConnection({ uri: stack.db.url });
      server.on("error", () => undefined);
      try {
        const ids = Array.from({ length: 6 }, () => random.pick(records()))
          .sort()
          .reverse();
        await server.beginTransaction();
        for (const id of ids) {
          await server.query("UPDATE timer SET provisional = provisional WHERE record = ?", [id]);
          await server.query("SELECT id FROM r_alarm WHERE id = ? FOR UPDATE", [id]);
          await sleep(5);
        }
        await server.rollback();
      } catch {
        // Its own deadlocks, and a server that is away.
      } finally {
        server.destroy();
      }
      await sleep(20);
    }
  };
  const turns = Promise.all([turn(), turn()].map((done) => done.catch(() => undefined)));
  return async () => {
    stop = true;
    await turns;
  };
}

function shiftClock(victim: Process, ms: number): End {
  const set = (shift: number): void => {
    writeFileSync(victim.clockFile, String(shift));
    victim.child?.kill("SIGUSR2");
  };
  set(ms);
  return () => set(0);
}

function mannered({ stack }: Ground, manner: Manner): End {
  stack.postbox.manner = manner;
  return () => {
    stack.postbox.manner = "take";
  };
}

/** The product's own queues, by their prefix in its Redis. */
async function withQueues(ground: Ground, work: (queue: Queue) => Promise<unknown>): Promise<void> {
  const [row] = await ground.stack.db.query("SELECT key_id FROM installation WHERE id = 1");
  const connection = new Redis(ground.stack.redisUrl, { maxRetriesPerRequest: 1, retryStrategy: () => null });
  connection.on("error", () => undefined);
  for (const name of ["due", "mail"]) {
    const queue = new Queue(name, { connection, prefix: `{duly-${String(row?.["key_id"])}}`, skipMetasUpdate: true });
    queue.on("error", () => undefined);
    await work(queue).catch(() => undefined);
    await queue.close().catch(() => undefined);
  }
  connection.disconnect();
}

function flood(ground: Ground): End {
  let stop = false;
  const big = JSON.stringify({ query: `{ me { person { name } } } # ${"x".repeat(300_000)}` });
  const turn = async (n: number): Promise<void> => {
    const { url } = apisOf(ground.stack)[n % 2] ?? { url: "" };
    while (!stop) {
      await fetch(`${url}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-duly": "1" },
        body: n % 3 === 0 ? big : JSON.stringify({ query: `{ a${Math.floor(n)}: __typename }` }),
        signal: AbortSignal.timeout(5_000),
      })
        .then((response) => response.arrayBuffer())
        .catch(() => undefined);
      await sleep(10);
    }
  };
  const turns = Promise.all(Array.from({ length: 20 }, (_, n) => turn(n)));
  return async () => {
    stop = true;
    await turns;
  };
}

let backups = 0;
function backUp({ stack }: Ground): End {
  const to = join(stack.folder, `backup-${backups++}`);
  mkdirSync(to);
  const child = spawn(process.execPath, [join(process.cwd(), "build/api/cli.js"), "backup", to], {
    env: stack.env,
    stdio: "ignore",
  });
  return async () => {
    await ended(child);
    rmSync(to, { recursive: true, force: true });
  };
}

const redisSignal = ({ stack }: Ground, signal: NodeJS.Signals): void => void stack.redis.child().kill(signal);

export const faults: Fault[] = [
  // Processes.
  {
    kind: "a worker is killed",
    on: "workers",
    longest: 6,
    excuses: true,
    begin: (g) => kill(g, [one(g, "worker")], "SIGKILL"),
  },
  {
    kind: "both workers are killed",
    on: "workers",
    longest: 6,
    excuses: true,
    begin: (g) => kill(g, workersOf(g.stack), "SIGKILL"),
  },
  { kind: "a worker is told to end", on: "workers", longest: 6, begin: (g) => kill(g, [one(g, "worker")], "SIGTERM") },
  {
    kind: "both workers are told to end",
    on: "workers",
    longest: 6,
    begin: (g) => kill(g, workersOf(g.stack), "SIGTERM"),
  },
  {
    kind: "a worker is paused past its leases",
    on: "workers",
    longest: 8,
    excuses: true,
    begin: (g) => pause(g, one(g, "worker")),
  },
  {
    kind: "both workers are paused past their leases",
    on: "workers",
    longest: 8,
    excuses: true,
    begin: (g) => {
      const ends = workersOf(g.stack).map((worker) => pause(g, worker));
      return async () => void (await Promise.all(ends.map(async (end) => end())));
    },
  },
  { kind: "an API process is killed", on: "apis", longest: 6, begin: (g) => kill(g, [one(g, "api")], "SIGKILL") },
  { kind: "an API process is told to end", on: "apis", longest: 6, begin: (g) => kill(g, [one(g, "api")], "SIGTERM") },
  {
    kind: "an API process is paused",
    on: "apis",
    longest: 8,
    begin: (g) => {
      const victim = one(g, "api");
      victim.child?.kill("SIGSTOP");
      return () => void victim.child?.kill("SIGCONT");
    },
  },
  {
    kind: "a worker's clock runs an hour ahead",
    on: "workers",
    longest: 8,
    begin: (g) => shiftClock(one(g, "worker"), 3_600_000),
  },
  {
    kind: "a worker's clock runs an hour behind",
    on: "workers",
    longest: 8,
    begin: (g) => shiftClock(one(g, "worker"), -3_600_000),
  },
  { kind: "an API's clock runs ahead", on: "apis", longest: 8, begin: (g) => shiftClock(one(g, "api"), 600_000) },
  // Lines.
  {
    kind: "a worker's connections to the database fall silent",
    on: "lines",
    longest: 6,
    excuses: true,
    begin: (g) => one(g, "worker").database.silenceOpen(),
  },
  {
    kind: "nothing passes between a worker and the database",
    on: "lines",
    longest: 6,
    excuses: true,
    begin: (g) => {
      const { database } = one(g, "worker");
      database.line = "swallow";
      return passAgain(database);
    },
  },
  {
    kind: "an API's connections to the database fall silent",
    on: "lines",
    longest: 6,
    begin: (g) => one(g, "api").database.silenceOpen(),
  },
  {
    kind: "the database's answers are lost",
    on: "lines",
    longest: 5,
    excuses: true,
    begin: (g) => unreliable(g, one(g, g.random.pick(["api", "worker"])).database, undefined, 0.02),
  },
  {
    kind: "a worker's COMMITs and their answers are lost",
    on: "lines",
    longest: 5,
    excuses: true,
    begin: (g) => unreliable(g, one(g, "worker").database, "COMMIT", 0.4),
  },
  {
    kind: "both workers' COMMITs and their answers are lost",
    on: "lines",
    longest: 5,
    excuses: true,
    begin: (g) => {
      const ends = workersOf(g.stack).map(({ database }) => unreliable(g, database, "COMMIT", 0.4));
      return async () => void (await Promise.all(ends.map(async (end) => end())));
    },
  },
  {
    kind: "an API's COMMITs and their answers are lost",
    on: "lines",
    longest: 5,
    begin: (g) => unreliable(g, one(g, "api").database, "COMMIT", 0.3),
  },
  {
    kind: "connections to the database are reset",
    on: "lines",
    longest: 5,
    excuses: true,
    begin: (g) => everySoOften(250, () => g.random.pick(g.stack.processes).database.cut()),
  },
  {
    kind: "the workers' connections are reset as they COMMIT emails",
    on: "lines",
    longest: 6,
    excuses: true,
    begin: (g) => {
      const lines = workersOf(g.stack).map(({ database }) => database);
      const composing = new WeakSet<Wire>();
      for (const line of lines)
        line.onSend = (data, wire) => {
          if (data.includes("SET outcome = 'in mail'")) composing.add(wire);
          if (!isStatement(data, "COMMIT") || !composing.delete(wire)) return "pass";
          return g.random.pick(["cut", "cut", "cut answer", "pass"] as const);
        };
      return passAgain(...lines);
    },
  },
  {
    kind: "Redis falls silent",
    on: "redis",
    longest: 8,
    begin: (g) => {
      g.stack.processes.forEach(({ redis }) => redis.silenceOpen());
    },
  },
  // The database.
  {
    kind: "the database is killed",
    on: "database",
    longest: 5,
    excuses: true,
    begin: (g) => endDatabase(g, "SIGKILL"),
  },
  {
    kind: "the database is restarted",
    on: "database",
    longest: 5,
    excuses: true,
    begin: (g) => endDatabase(g, "SIGTERM"),
  },
  {
    kind: "the database stands still",
    on: "database",
    longest: 8,
    excuses: true,
    begin: (g) => {
      signalDatabase(g, "SIGSTOP");
      return () => signalDatabase(g, "SIGCONT");
    },
  },
  {
    kind: "the disk of the database is full",
    on: "database",
    longest: 6,
    excuses: true,
    begin: (g) => fillDisk(g, g.stack.disk),
  },
  {
    kind: "the database is read-only",
    on: "database",
    longest: 6,
    excuses: true,
    begin: (g) => serverSetting(g, "SET GLOBAL read_only = 1", "SET GLOBAL read_only = 0"),
  },
  {
    kind: "the database takes no more connections",
    on: "database",
    longest: 6,
    excuses: true,
    begin: async (g) => {
      const end = await serverSetting(g, "SET GLOBAL max_connections = 10", "SET GLOBAL max_connections = 300");
      await killConnections(g);
      return end;
    },
  },
  { kind: "a stranger holds rows", on: "database", longest: 8, begin: holdRows },
  { kind: "a stranger provokes deadlocks", on: "database", longest: 6, begin: provokeDeadlocks },
  // Redis and its jobs.
  {
    kind: "Redis is killed",
    on: "redis",
    longest: 6,
    begin: async (g) => {
      redisSignal(g, "SIGKILL");
      await ended(g.stack.redis.child());
      return () => g.stack.redis.start();
    },
  },
  {
    kind: "Redis stands still",
    on: "redis",
    longest: 8,
    begin: (g) => {
      redisSignal(g, "SIGSTOP");
      return () => redisSignal(g, "SIGCONT");
    },
  },
  {
    kind: "Redis is emptied again and again",
    on: "redis",
    longest: 8,
    begin: (g) => {
      const redis = new Redis(g.stack.redisUrl, { maxRetriesPerRequest: 1 });
      redis.on("error", () => undefined);
      const end = everySoOften(300, () => void redis.flushall().catch(() => undefined));
      return async () => {
        await end();
        redis.disconnect();
      };
    },
  },
  {
    kind: "Redis is away",
    on: "redis",
    longest: 10,
    begin: (g) => {
      const lines = g.stack.processes.map(({ redis }) => redis);
      for (const line of lines) {
        line.line = "refuse";
        line.cut();
      }
      return passAgain(...lines);
    },
  },
  {
    kind: "wake-ups come many times over",
    on: "redis",
    longest: 5,
    begin: (g) => {
      let n = 0;
      return everySoOften(
        100,
        () =>
          void withQueues(g, (queue) =>
            queue.addBulk(
              Array.from({ length: 10 }, () => ({ name: queue.name, data: {}, opts: { jobId: `again-${n++}` } })),
            ),
          ),
      );
    },
  },
  {
    kind: "wake-ups are lost",
    on: "redis",
    longest: 6,
    begin: (g) => everySoOften(400, () => void withQueues(g, (queue) => queue.obliterate({ force: true }))),
  },
  {
    kind: "wake-ups are held up",
    on: "redis",
    longest: 8,
    begin: async (g) => {
      await withQueues(g, (queue) => queue.pause());
      return () => withQueues(g, (queue) => queue.resume());
    },
  },
  // The mail server.
  { kind: "the mail server is too busy", on: "mail", longest: 6, begin: (g) => mannered(g, "refuse") },
  { kind: "the mail server takes an email and hangs up", on: "mail", longest: 6, begin: (g) => mannered(g, "drop") },
  { kind: "the mail server loses an email and hangs up", on: "mail", longest: 6, begin: (g) => mannered(g, "lose") },
  { kind: "the mail server is slow", on: "mail", longest: 6, begin: (g) => mannered(g, "slow") },
  {
    kind: "the mail server is away",
    on: "mail",
    longest: 8,
    excuses: true,
    begin: ({ stack: { mailLine } }) => {
      mailLine.line = "refuse";
      mailLine.cut();
      return passAgain(mailLine);
    },
  },
  {
    kind: "the mail server falls silent",
    on: "mail",
    longest: 8,
    excuses: true,
    begin: ({ stack: { mailLine } }) => {
      mailLine.line = "swallow";
      return passAgain(mailLine);
    },
  },
  // What people and administrators do.
  { kind: "the calendar changes", on: "sources", longest: 1, begin: ({ change }) => change.calendar() },
  { kind: "a setting changes", on: "sources", longest: 1, begin: ({ change }) => change.setting() },
  { kind: "a definition is published", on: "sources", longest: 1, begin: ({ change }) => change.publish() },
  { kind: "a backup is made", on: "backup", longest: 4, begin: backUp },
  { kind: "strangers flood the API", on: "flood", longest: 6, begin: flood },
];
