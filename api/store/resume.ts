/**
 * What was begun and not ended: a migration, or the telling of the demo's year. A process that was killed in the middle
 * leaves its row, by which the next start knows to go on.
 */
import type { MigrationInterface, QueryRunner } from "typeorm";
import type { Database, Sql } from "./database";

const ascii = "CHARACTER SET ascii COLLATE ascii_bin";
const table = "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin";

/** Needed before the first migration: the lease by which one process migrates, and what was begun. */
export const groundStatements = [
  `CREATE TABLE IF NOT EXISTS lease (name VARCHAR(64) ${ascii} NOT NULL PRIMARY KEY,
    holder CHAR(26) ${ascii} NOT NULL, until DATETIME(3) NOT NULL) ${table}`,
  `CREATE TABLE IF NOT EXISTS unfinished (what VARCHAR(191) ${ascii} NOT NULL PRIMARY KEY) ${table}`,
];

export const begin = async (sql: Sql, what: string): Promise<void> =>
  void (await sql.execute("INSERT IGNORE INTO unfinished (what) VALUES (?)", [what]));

export const finish = async (sql: Sql, what: string): Promise<void> =>
  void (await sql.execute("DELETE FROM unfinished WHERE what = ?", [what]));

export const isUnfinished = async (sql: Sql, what: string): Promise<boolean> =>
  (await sql.query("SELECT what FROM unfinished WHERE what = ?", [what])).length > 0;

/** @throws where a restore was begun and not ended: what is there may be a part only, and is not held yet. */
export async function refuseHalfRestored(sql: Sql): Promise<void> {
  if (await isUnfinished(sql, RESTORE))
    throw new Error("A restore into this database was not finished: run duly restore again.");
}

export const RESTORE = "restore";

/** Table, column, key, constraint or primary key that is there already; a key to be dropped that is gone. */
const doneBefore = new Set([1050, 1060, 1061, 1826, 1068, 1091]);

type Migration = new () => MigrationInterface;

/**
 * The migration, which may be run again after it was killed in its middle: DDL commits itself, so what was done stays
 * done, and only then is it passed over. In any other database a table that is there already is an error as before.
 * `done` hears each statement once it has been carried out.
 */
export function resumable(Each: Migration, done: (statement: string) => void = () => undefined): Migration {
  return class implements MigrationInterface {
    // By this TypeORM knows which have run.
    name = Each.name;

    async up(runner: QueryRunner): Promise<void> {
      const rows = (await runner.query("SELECT what FROM unfinished WHERE what = ?", [Each.name])) as unknown[];
      const resumed = rows.length > 0;
      if (!resumed) await runner.query("INSERT INTO unfinished (what) VALUES (?)", [Each.name]);
      const query = async (...args: Parameters<QueryRunner["query"]>): Promise<unknown> => {
        try {
          const answer: unknown = await runner.query(...args);
          done(`${Each.name}: ${args[0]}`);
          return answer;
        } catch (error) {
          const { errno } =
            (error as { driverError?: { errno?: number } }).driverError ?? (error as { errno?: number });
          if (resumed && doneBefore.has(Number(errno))) return undefined;
          throw error;
        }
      };
      await new Each().up(Object.create(runner, { query: { value: query } }) as QueryRunner);
    }

    async down(): Promise<void> {
      throw new Error("Migrations go forward only: restore a backup to go back.");
    }
  };
}

/** An installation made as a demo, in which every address is one of the demo's, to which no mail is sent. */
export async function holdsOnlyTheDemo(sql: Sql): Promise<boolean> {
  const [row] = await sql.query(
    `SELECT i.demo, (SELECT COUNT(*) FROM person WHERE email IS NOT NULL AND email NOT LIKE '%.invalid') AS others
     FROM installation i WHERE i.id = 1`,
  );
  return Number(row?.["demo"]) === 1 && Number(row?.["others"]) === 0;
}

const ownTables = (db: Database) =>
  db.query(
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' AND table_name NOT IN ('lease', 'unfinished')`,
  );

/** Whether there is any table but those that a start stands on. */
export const holdsTables = async (db: Database): Promise<boolean> => (await ownTables(db)).length > 0;

/** Drops every table but those that a start stands on. */
export async function emptyDatabase(db: Database): Promise<void> {
  const rows = await ownTables(db);
  const connection = await db.connection();
  try {
    for (const row of rows) await connection.query(`DROP TABLE IF EXISTS \`${String(row["name"])}\``);
  } finally {
    await connection.end();
  }
}
