/**
 * The connections: TypeORM runs migrations, mysql2's prepared statements do the work. A transaction restarts from its
 * start when the database chose it as the victim of a deadlock (1213), its connection was lost before COMMIT was sent, or
 * it asks for it itself. Every statement has a limit: a connection that is silent past it is closed, since a failover or
 * a firewall that forgot it never says that it is gone.
 */
import mysql from "mysql2";
import { type Connection, createConnection } from "mysql2/promise";
import type { Duplex } from "node:stream";
import { elapsedMs } from "../machineClock";
import { Allowance, Asker, type Lines } from "./asker";
import type { SecretBox } from "./secretBox";
import { asTrouble, outcomeUnknown, Restart, TooLarge, Trouble } from "./trouble";

export type SqlValue = string | number | boolean | bigint | Buffer | null;
export type Row = Record<string, unknown>;

/** Anything statements can be sent to: a transaction, or the pool for reads outside one. */
export interface Sql {
  /**
   * Rows of a SELECT. Instants come back as "YYYY-MM-DD HH:MM:SS.mmm" text in UTC: see `instant`. @throws TooLarge where
   * more than `mostBytes` would come: whoever reads many rows as long as people write them takes fewer.
   */
  query<R extends Row = Row>(sql: string, params?: SqlValue[], mostBytes?: number): Promise<R[]>;
  execute(sql: string, params?: SqlValue[]): Promise<{ affectedRows: number }>;
  /**
   * Rows of a SELECT by the text protocol, values escaped into the statement: for lists whose length varies, which
   * as prepared statements would fill the server's cache with shapes used once.
   */
  queryText<R extends Row = Row>(sql: string, params?: TextValue[]): Promise<R[]>;
  /** As `queryText`, for a statement that changes rows. */
  executeText(sql: string, params?: TextValue[]): Promise<{ affectedRows: number }>;
  /** Whether this transaction has written to one of these tables: what it reads of them is not committed. */
  wrote?(...tables: string[]): boolean;
  /** Seals sensitive fields; undefined in a process that was given no key, which then cannot read or write any. */
  readonly secrets?: SecretBox;
}

/** A list is written `(a, b)` by `IN (?)`, a list of lists `(a, b), (c, d)` by `VALUES ?`. */
export type TextValue = SqlValue | SqlValue[] | SqlValue[][];

export interface Tx extends Sql {
  readonly inTransaction: true;
  /** A statement of changing length, sent as text with escaped values: it would only churn the prepared ones. */
  bulk(sql: string, params: SqlValue[]): Promise<void>;
}

export interface Database extends Sql {
  readonly url: string;
  /** Runs work in one READ COMMITTED transaction; restarted from its start on a deadlock, at most `tries` times. */
  transaction<T>(work: (tx: Tx) => Promise<T>, tries?: number): Promise<T>;
  /** Reads that all see the database as it is at the first of them. */
  snapshot<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** The same for somebody who may leave: what is being read for them, outside of transactions, then ends. */
  readsFor(): { asker: Asker; db: Database };
  /** For reads that many wait for: each is answered within `ms` or not at all. */
  within(ms: number): Sql;
  /** A connection of its own without limits of time, for DDL and copying. The caller ends it. */
  connection(): Promise<Connection>;
  close(): Promise<void>;
}

/** How long the statements of a process may take, and what they wait for. */
export interface Limits {
  /** A statement; the server ends it a little before, where it can. */
  statementMs: number;
  /** Waiting for a connection of the pool. */
  connectionMs: number;
  /** Waiting for rows that others hold. */
  lockSeconds: number;
  /** How often a transaction that waited in vain for a lock is begun. */
  lockTries: number;
  /** A transaction that nobody goes on with is ended by the server, where it can: a paused process holds no rows. */
  idleSeconds: number;
  /** Bytes that a transaction may read: what it reads is held until it ends, beside what others read. */
  transactionBytes: number;
}

/** A person waits a few seconds, once, and is then told. */
export const forPeople: Limits = {
  statementMs: 20_000,
  connectionMs: 8_000,
  lockSeconds: 3,
  lockTries: 1,
  idleSeconds: 15,
  // Records and what their rules read of others, each as much as a batch may be (records.ts).
  transactionBytes: 64_000_000,
};
/** A worker has more patience: nobody looks at it. */
export const forWorkers: Limits = {
  statementMs: 60_000,
  connectionMs: 20_000,
  lockSeconds: 10,
  lockTries: 2,
  idleSeconds: 15,
  transactionBytes: Infinity,
};
/** Setting up, and the command line: one long piece of work with nobody beside it. */
export const forCommands: Limits = {
  statementMs: 600_000,
  connectionMs: 60_000,
  lockSeconds: 30,
  lockTries: 3,
  idleSeconds: 120,
  transactionBytes: Infinity,
};

export interface DatabaseMetrics {
  restarts: number;
}

export const databaseMetrics: DatabaseMetrics = { restarts: 0 };

const CONNECT_MS = 5_000;
/** Connections that wait in the pool longer than this are asked whether they live before they are used. */
const ASK_AFTER_MS = 5_000;
const PING_MS = 2_000;
const CLOSE_IDLE_MS = 60_000;
/** More than this do not wait for a connection: they could not be served in time. */
const MAX_WAITING = 2_000;
/** A loop that stood still, or a process that was paused, hears the answer a moment after its clock has run out. */
const GRACE_MS = 250;
const LOST_TRIES = 3;

type Link = mysql.PoolConnection;
const streamOf = (link: Link): Duplex => (link as unknown as { stream: Duplex }).stream;
/** The server closes a connection after this answer, without the library noticing before the next statement. */
const PACKET_TOO_LARGE = 1153;

/** Which server a connection has come to: behind a proxy another one may have another's connection by the same number. */
const WHICH_SERVER = "SELECT @@hostname AS host, @@port AS port, @@server_id AS server";
const serverIn = (rows: unknown): string | undefined => {
  const [row] = rows as (Row | undefined)[];
  return row && [row["host"], row["port"], row["server"]].join(" ");
};

type Done = (error: unknown, result?: unknown) => void;

/** A pool whose connections are READ COMMITTED and in UTC, and are told what else holds for their sessions. */
class Links implements Lines<Link> {
  private readonly pool: mysql.Pool;
  private readonly idleSince = new WeakMap<Link, number>();
  private readonly closed = new WeakSet<Link>();
  private readonly ended = new WeakSet<Link>();
  private readonly servers = new WeakMap<Link, string>();
  /** What is read on a connection counts against each of these: of a request, a transaction, a statement. */
  private readonly allowances = new WeakMap<Link, Set<Allowance>>();
  /** When a connection was last found silent: those that waited then are as dead. */
  private suspectedAt = -Infinity;

  constructor(
    private readonly url: string,
    connections: number,
    private readonly limits: Limits,
    transacting: boolean,
  ) {
    this.pool = mysql.createPool({
      uri: url,
      connectionLimit: connections,
      queueLimit: MAX_WAITING,
      // Shorter than the wait for it: a connection that never comes about must make room for those who wait.
      connectTimeout: Math.min(CONNECT_MS, limits.connectionMs / 2),
      maxIdle: Math.max(1, connections - 1),
      idleTimeout: CLOSE_IDLE_MS,
      timezone: "Z",
      dateStrings: true,
      charset: "utf8mb4_bin",
      supportBigNumbers: true,
      decimalNumbers: false,
      maxPreparedStatements: 500,
      enableKeepAlive: true,
      keepAliveInitialDelay: 10_000,
    });
    const serverSeconds = Math.max(1, Math.round((limits.statementMs / 1_000) * 0.8));
    const set = [
      "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
      `SET time_zone = '+00:00', innodb_lock_wait_timeout = ${limits.lockSeconds}` +
        // Each server reads the comment that is meant for it.
        `/*M!100500 , max_statement_time = ${serverSeconds}${
          transacting ? `, idle_transaction_timeout = ${limits.idleSeconds}` : ""
        } */`,
      // Here the first statement begins a transaction: none is spent on saying so, one of eight where a field is changed.
      ...(transacting ? ["SET SESSION autocommit = 0"] : []),
    ];
    // Told before anything else is sent: statements queue in order.
    this.pool.on("connection", (link) => {
      // What happens to it is heard by whoever uses it; this keeps an error between two uses from ending the process.
      link.on("error", () => undefined);
      streamOf(link).on("data", (chunk: Buffer) => {
        for (const allowance of this.allowances.get(link) ?? []) allowance.bytes -= chunk.length;
        if (this.isSpent(link)) this.cut(link);
      });
      for (const statement of set) link.query(statement, () => undefined);
      link.query(WHICH_SERVER, (error, rows: unknown) => {
        const server = error ? undefined : serverIn(rows);
        if (server !== undefined) this.servers.set(link, server);
      });
    });
  }

  /** A connection that answered a moment ago, or now. @throws Trouble. */
  async take(): Promise<Link> {
    const until = elapsedMs() + this.limits.connectionMs;
    for (;;) {
      const link = await this.next(until - elapsedMs());
      const since = this.idleSince.get(link);
      if (since === undefined) return link;
      if (since > this.suspectedAt && elapsedMs() - since < ASK_AFTER_MS) return link;
      if (since > this.suspectedAt && (await this.answers(link))) return link;
      this.destroy(link);
    }
  }

  private next(waitMs: number): Promise<Link> {
    return new Promise((resolve, reject) => {
      let late = false;
      const timer = setTimeout(
        () => {
          late = true;
          reject(new Trouble("silent", new Error("No connection to the database came free in time.")));
        },
        Math.max(0, waitMs),
      );
      this.pool.getConnection((error, link) => {
        clearTimeout(timer);
        if (error) return reject(/Queue limit/.test(error.message) ? new Trouble("refusing", error) : asTrouble(error));
        if (late) return this.release(link);
        resolve(link);
      });
    });
  }

  private answers(link: Link): Promise<boolean> {
    return this.ask(link, PING_MS, (done) => link.ping(done)).then(
      () => true,
      () => false,
    );
  }

  isOpen(link: Link): boolean {
    return !this.closed.has(link) && !(link as unknown as { _fatalError?: unknown; _closing?: boolean })._closing;
  }

  release(link: Link): void {
    if (!this.isOpen(link)) return;
    // What ends its statement may come late, and would end the next one's.
    if (this.ended.has(link)) return this.destroy(link);
    this.idleSince.set(link, elapsedMs());
    link.release();
  }

  /** Ends the statement that runs on the connection, by another one; the connection is not used again. */
  endStatement(link: Link): void {
    if (this.ended.has(link) || !this.isOpen(link)) return;
    this.ended.add(link);
    this.toEnd.push({ id: link.threadId, server: this.servers.get(link) });
    this.ending ??= this.endThem().finally(() => (this.ending = undefined));
  }

  private readonly toEnd: { id: number; server: string | undefined }[] = [];
  private ending: Promise<void> | undefined;

  private async endThem(): Promise<void> {
    const connection = await createConnection({ uri: this.url, connectTimeout: CONNECT_MS }).catch(() => undefined);
    try {
      const answer = await connection?.query({ sql: WHICH_SERVER, timeout: CONNECT_MS }).catch(() => undefined);
      const here = answer && serverIn(answer[0]);
      for (let one = this.toEnd.shift(); one !== undefined; one = this.toEnd.shift())
        // One that has ended meanwhile is no error; one that cannot be ended, or not from here, ends at its server's own limit.
        if (here !== undefined && one.server === here)
          await connection?.query({ sql: `KILL QUERY ${one.id}`, timeout: CONNECT_MS }).catch(() => undefined);
    } finally {
      connection?.destroy();
    }
  }

  destroy(link: Link): void {
    if (this.closed.has(link)) return;
    this.closed.add(link);
    link.destroy();
    // The library only says goodbye, which a silent line never takes.
    streamOf(link).destroy();
  }

  /** Counts what comes by a connection until what is returned is called: past it the connection is cut. */
  count(link: Link, allowance: Allowance): () => void {
    const own = this.allowances.get(link) ?? new Set();
    this.allowances.set(link, own.add(allowance));
    return () => void own.delete(allowance);
  }

  private isSpent(link: Link): boolean {
    for (const { isSpent } of this.allowances.get(link) ?? []) if (isSpent) return true;
    return false;
  }

  /** With an error, so that whoever waits hears that nothing more comes. */
  private cut(link: Link): void {
    if (this.isOpen(link)) streamOf(link).destroy(new Error("More came than was to be read."));
  }

  /** Sends something on the connection, and closes it where no answer comes within `limitMs`. @throws Trouble. */
  ask<T>(link: Link, limitMs: number, send: (done: Done) => void, mostBytes?: number): Promise<T> {
    const uncount = mostBytes === undefined ? undefined : this.count(link, new Allowance(mostBytes));
    return new Promise<T>((resolve, reject) => {
      const silent = (): void => {
        this.suspectedAt = elapsedMs();
        this.destroy(link);
        reject(new Trouble("silent", new Error(`The database did not answer within ${limitMs} ms.`)));
      };
      let timer = setTimeout(() => (timer = setTimeout(silent, GRACE_MS)), limitMs);
      send((error, result) => {
        clearTimeout(timer);
        const isSpent = this.isSpent(link);
        uncount?.();
        if (!error) return resolve(result as T);
        if (isSpent) return reject(new TooLarge());
        // Where it failed, noted when it fails: before every statement it would take a twentieth of a write's time.
        if (error instanceof Error) Error.captureStackTrace(error);
        if ((error as { errno?: number }).errno === PACKET_TOO_LARGE) this.destroy(link);
        reject(asTrouble(error) as Error);
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      const hurry = setTimeout(resolve, PING_MS);
      this.pool.end(() => {
        clearTimeout(hurry);
        resolve();
      });
    });
  }
}

/** `connections` is the most it keeps open for transactions, and as many again for what is outside of them. */
export function openDatabase(url: string, connections = 20, secrets?: SecretBox, limits: Limits = forPeople): Database {
  const pool = new Links(url, connections, limits, false);
  const transacting = new Links(url, connections, limits, true);

  type Use = <T>(kind: "read" | "write", work: (link: Link) => Promise<T>) => Promise<T>;

  const statements = (links: Links, use: Use, limitMs = limits.statementMs): Sql => ({
    query: <R extends Row>(sql: string, params: SqlValue[] = [], mostBytes?: number) =>
      use("read", (link) => links.ask<R[]>(link, limitMs, (done) => link.execute(sql, params, done), mostBytes)),
    execute: (sql: string, params: SqlValue[] = []) =>
      use("write", (link) =>
        links.ask<{ affectedRows: number }>(link, limitMs, (done) => link.execute(sql, params, done)),
      ),
    queryText: <R extends Row>(sql: string, params: TextValue[] = []) =>
      use("read", (link) => links.ask<R[]>(link, limitMs, (done) => link.query(sql, params, done))),
    executeText: (sql: string, params: TextValue[] = []) =>
      use("write", (link) =>
        links.ask<{ affectedRows: number }>(link, limitMs, (done) => link.query(sql, params, done)),
      ),
    secrets,
  });
  const onLink = (links: Links, link: Link): Sql => statements(links, (_kind, work) => work(link));

  /** A read whose connection was lost is asked once more; a write may have been done. */
  const onPoolFor =
    (asker?: Asker<Link>): Use =>
    async (kind, work) => {
      for (let attempt = 1; ; attempt++) {
        const turn = asker?.places.enter();
        if (turn) await turn;
        const link = await pool.take().catch((error: unknown) => {
          asker?.places.leave();
          throw error;
        });
        const uncount = asker && pool.count(link, asker.allowance);
        try {
          return await (asker && kind === "read" ? asker.during(link, work) : work(link));
        } catch (error) {
          const lost = error instanceof Trouble && (error.kind === "away" || error.kind === "silent");
          if (lost && kind === "write") throw outcomeUnknown(error);
          if (!lost || error.kind === "silent" || attempt >= 2) throw error;
        } finally {
          uncount?.();
          pool.release(link);
          asker?.places.leave();
        }
      }
    };
  const onPool = onPoolFor();

  const snapshotFor =
    (asker?: Asker<Link>) =>
    async <T>(work: (sql: Sql) => Promise<T>): Promise<T> => {
      const link = await pool.take();
      const send = (sql: string): Promise<void> => pool.ask(link, limits.statementMs, (done) => link.query(sql, done));
      const use: Use = (kind, read) => (asker && kind === "read" ? asker.during(link, read) : read(link));
      const uncount = asker && pool.count(link, asker.allowance);
      try {
        // Of the next transaction alone: the session stays READ COMMITTED.
        await send("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
        await send("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
        return await work(statements(pool, use));
      } finally {
        uncount?.();
        // Nothing was written: it only ends.
        if (pool.isOpen(link)) await send("ROLLBACK").catch(() => pool.destroy(link));
        pool.release(link);
      }
    };

  const database: Database = {
    url,
    ...statements(pool, onPool),
    async transaction<T>(work: (tx: Tx) => Promise<T>, tries = 8): Promise<T> {
      let locked = 0;
      let lost = 0;
      for (let attempt = 1; ; attempt++) {
        const link = await transacting.take();
        const send = (sql: string, params: SqlValue[] = []): Promise<void> =>
          transacting.ask(link, limits.statementMs, (done) => link.query(sql, params, done));
        let committing = false;
        const allowance = new Allowance(limits.transactionBytes);
        const uncount = transacting.count(link, allowance);
        try {
          const result = await work({ ...onLink(transacting, link), inTransaction: true, bulk: send });
          uncount();
          if (allowance.isSpent) throw new TooLarge();
          if (!transacting.isOpen(link)) throw new Trouble("away");
          committing = true;
          await send("COMMIT");
          return result;
        } catch (error) {
          uncount();
          const kind = error instanceof Restart ? "restart" : error instanceof Trouble ? error.kind : undefined;
          if (committing && (kind === "away" || kind === "silent")) {
            transacting.destroy(link);
            throw outcomeUnknown(error);
          }
          if (transacting.isOpen(link)) await send("ROLLBACK").catch(() => transacting.destroy(link));
          const again =
            kind === "restart" ||
            kind === "deadlock" ||
            (kind === "locked" && ++locked < limits.lockTries) ||
            (kind === "away" && ++lost < LOST_TRIES);
          // Whatever it waited for came to be another each time.
          if (kind === "restart" && attempt >= tries) throw new Trouble("locked", error);
          if (!again || attempt >= tries) throw error instanceof TooLarge ? new TooLarge("change") : error;
          databaseMetrics.restarts++;
        } finally {
          transacting.release(link);
        }
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * 2 ** attempt));
      }
    },
    snapshot: snapshotFor(),
    readsFor() {
      const asker = new Asker<Link>(pool);
      const db = { ...database, ...statements(pool, onPoolFor(asker)), snapshot: snapshotFor(asker) };
      return { asker: asker as Asker, db };
    },
    within: (ms) => statements(pool, onPool, ms),
    connection: () =>
      createConnection({
        uri: url,
        connectTimeout: CONNECT_MS,
        timezone: "Z",
        dateStrings: true,
        charset: "utf8mb4_bin",
        enableKeepAlive: true,
        keepAliveInitialDelay: 10_000,
      }).catch((error: unknown) => {
        throw asTrouble(error) as Error;
      }),
    close: async () => void (await Promise.all([pool.close(), transacting.close()])),
  };
  return database;
}

/** DATETIME(3) text in UTC → ISO instant text. The binary protocol leaves out milliseconds that are zero. */
export const instant = (text: string): string =>
  `${text.slice(0, 10)}T${text.length > 19 ? text.slice(11) : `${text.slice(11)}.000`}Z`;
/** ISO instant text → DATETIME(3) text in UTC. */
const DELETED_AT_ONCE = 5_000;

/** Deletes all of these rows, some at a time, so that nobody waits for long. `rows`: a table and a condition. */
export async function deleteAll(sql: Sql, rows: string, params: SqlValue[]): Promise<void> {
  let deleted: number;
  do deleted = (await sql.execute(`DELETE FROM ${rows} LIMIT ${DELETED_AT_ONCE}`, params)).affectedRows;
  while (deleted === DELETED_AT_ONCE);
}

export const datetime = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 23)}`;
export const instantOrNull = (text: string | null): string | null => (text === null ? null : instant(text));
export const textOrNull = (value: unknown): string | null => (value === null ? null : String(value));
/** Epoch milliseconds → ISO instant text with milliseconds. */
export const isoOf = (epochMs: number): string => new Date(epochMs).toISOString();
/** `?, ?, ?` for a list; for an empty one `IN (NULL)`, which holds of nothing. `NOT IN` is left out where its list is empty. */
export const marks = (count: number): string => Array.from({ length: count }, () => "?").join(", ") || "NULL";
