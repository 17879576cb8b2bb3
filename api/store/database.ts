/**
 * The connection: TypeORM holds it and runs migrations, mysql2's prepared statements do the work. Every transaction
 * restarts from its start when the database chose it as the victim of a deadlock (1213), a lock wait ended (1205), or
 * it asks for it itself.
 */
import mysql from "mysql2/promise";
import type { SecretBox } from "./secretBox";

export type SqlValue = string | number | boolean | bigint | Buffer | null;
export type Row = Record<string, unknown>;

/** Anything statements can be sent to: a transaction, or the pool for reads outside one. */
export interface Sql {
  /** Rows of a SELECT. Instants come back as "YYYY-MM-DD HH:MM:SS.mmm" text in UTC: see `instant`. */
  query<R extends Row = Row>(sql: string, params?: SqlValue[]): Promise<R[]>;
  execute(sql: string, params?: SqlValue[]): Promise<{ affectedRows: number }>;
  /**
   * Rows of a SELECT by the text protocol, values escaped into the statement: for lists whose length varies, which
   * as prepared statements would fill the server's cache with shapes used once.
   */
  queryText<R extends Row = Row>(sql: string, params?: TextValue[]): Promise<R[]>;
  /** As `queryText`, for a statement that changes rows. */
  executeText(sql: string, params?: TextValue[]): Promise<{ affectedRows: number }>;
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
  /** A plain connection with text protocol, for DDL and multi-row work. The caller releases it. */
  connection(): Promise<mysql.PoolConnection>;
  close(): Promise<void>;
}

export interface DatabaseMetrics {
  restarts: number;
}

export const databaseMetrics: DatabaseMetrics = { restarts: 0 };

const restartable = new Set([1213, 1205]);

/** Thrown in a transaction that must begin again: it turned out to need more than it may still lock in order. */
export class Restart extends Error {}

/**
 * Where a statement failed, noted when it fails: mysql2 would note it before every statement, which takes a twentieth
 * of the time of a write.
 */
async function sent<T>(statement: Promise<T>): Promise<T> {
  try {
    return await statement;
  } catch (error) {
    if (error instanceof Error) Error.captureStackTrace(error);
    throw error;
  }
}

const isRestartable = (error: unknown): boolean =>
  error instanceof Restart ||
  (typeof error === "object" && error !== null && "errno" in error && restartable.has(Number(error.errno)));

/** A pool whose connections are READ COMMITTED and in UTC, and are told what else holds for their sessions. */
function openPool(url: string, connections: number, ...session: string[]): mysql.Pool {
  const pool = mysql.createPool({
    uri: url,
    connectionLimit: connections,
    timezone: "Z",
    dateStrings: true,
    charset: "utf8mb4_bin",
    supportBigNumbers: true,
    decimalNumbers: false,
    maxPreparedStatements: 500,
    enableKeepAlive: true,
    trace: false,
  });
  const set = ["SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED", "SET time_zone = '+00:00'", ...session];
  // Told before anything else is sent: statements queue in order.
  pool.pool.on("connection", (connection) => {
    for (const statement of set) connection.query(statement);
  });
  return pool;
}

/**
 * `connections` is the most it keeps open for transactions, and as many again for what is outside of them; `secrets`
 * holds the key of sensitive fields.
 */
export function openDatabase(url: string, connections = 20, secrets?: SecretBox): Database {
  const pool = openPool(url, connections);
  // Here the first statement begins a transaction: none is spent on saying so, one of eight where a field is changed.
  const transacting = openPool(url, connections, "SET SESSION autocommit = 0");

  const on = (target: mysql.Pool | mysql.PoolConnection): Sql => ({
    async query<R extends Row>(sql: string, params: SqlValue[] = []) {
      const [rows] = await sent(target.execute<mysql.RowDataPacket[]>(sql, params));
      return rows as unknown as R[];
    },
    async execute(sql: string, params: SqlValue[] = []) {
      const [result] = await sent(target.execute<mysql.ResultSetHeader>(sql, params));
      return { affectedRows: result.affectedRows };
    },
    async queryText<R extends Row>(sql: string, params: TextValue[] = []) {
      const [rows] = await sent(target.query<mysql.RowDataPacket[]>(sql, params));
      return rows as unknown as R[];
    },
    async executeText(sql: string, params: TextValue[] = []) {
      const [result] = await sent(target.query<mysql.ResultSetHeader>(sql, params));
      return { affectedRows: result.affectedRows };
    },
    secrets,
  });

  return {
    url,
    ...on(pool),
    async transaction<T>(work: (tx: Tx) => Promise<T>, tries = 8): Promise<T> {
      for (let attempt = 1; ; attempt++) {
        const connection = await transacting.getConnection();
        let broken = false;
        try {
          const result = await work({
            ...on(connection),
            inTransaction: true,
            bulk: async (sql, params) => void (await sent(connection.query(sql, params))),
          });
          await connection.query("COMMIT");
          return result;
        } catch (error) {
          await connection.query("ROLLBACK").catch(() => (broken = true));
          if (!isRestartable(error) || attempt >= tries) throw error;
          databaseMetrics.restarts++;
        } finally {
          if (broken) connection.destroy();
          else connection.release();
        }
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * 2 ** attempt));
      }
    },
    async snapshot<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
      const connection = await pool.getConnection();
      let broken = false;
      try {
        // Of the next transaction alone: the session stays READ COMMITTED.
        await connection.query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
        await connection.query("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
        return await work(on(connection));
      } finally {
        // Nothing was written: it only ends.
        await connection.query("ROLLBACK").catch(() => (broken = true));
        if (broken) connection.destroy();
        else connection.release();
      }
    },
    connection: () => pool.getConnection(),
    close: async () => void (await Promise.all([pool.end(), transacting.end()])),
  };
}

/** DATETIME(3) text in UTC → ISO instant text. The binary protocol leaves out milliseconds that are zero. */
export const instant = (text: string): string =>
  `${text.slice(0, 10)}T${text.length > 19 ? text.slice(11) : `${text.slice(11)}.000`}Z`;
/** ISO instant text → DATETIME(3) text in UTC. */
export const datetime = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 23)}`;
export const instantOrNull = (text: string | null): string | null => (text === null ? null : instant(text));
export const textOrNull = (value: unknown): string | null => (value === null ? null : String(value));
/** Epoch milliseconds → ISO instant text with milliseconds. */
export const isoOf = (epochMs: number): string => new Date(epochMs).toISOString();
/** `?, ?, ?` for a list. */
export const marks = (count: number): string => Array.from({ length: count }, () => "?").join(", ");
