/** A database of its own for each test that asks: the real migrations run once per process, and are copied from there. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mysql from "mysql2/promise";
import { type Database, openDatabase } from "../api/store/database";
import { migrate } from "../api/store/migrate";

export interface TestDatabase {
  url: string;
  db: Database;
  /** A folder of its own, for as long as the database lives, and in it the key of sensitive fields. */
  dir: string;
  keyFile: string;
  drop: () => Promise<void>;
}

function serverUrl(): URL {
  const url = process.env["TEST_DATABASE_URL"];
  if (!url) throw new Error("TEST_DATABASE_URL is missing: run the tests with `npm test`.");
  return new URL(url);
}

const named = (name: string): string => {
  const url = serverUrl();
  url.pathname = `/${name}`;
  return url.toString();
};

const freshName = (): string => `duly_test_${process.pid}_${randomBytes(5).toString("hex")}`;

let template: Promise<{ name: string; tables: string[] }> | undefined;

async function makeTemplate(): Promise<{ name: string; tables: string[] }> {
  const name = freshName();
  const server = await mysql.createConnection(serverUrl().toString());
  await server.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  await migrate(named(name));
  const [rows] = await server.query<mysql.RowDataPacket[]>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ?",
    [name],
  );
  await server.end();
  return { name, tables: rows.map((row) => String(row["name"])) };
}

/** An empty, migrated database. `connections` is the most its pool opens. */
export async function newDatabase(connections = 10): Promise<TestDatabase> {
  const made = await (template ??= makeTemplate());
  const name = freshName();
  const server = await mysql.createConnection(serverUrl().toString());
  await server.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  for (const table of made.tables) await server.query(`CREATE TABLE ${name}.${table} LIKE ${made.name}.${table}`);
  // So that the migrate command finds its work done.
  await server.query(`INSERT INTO ${name}.migration SELECT * FROM ${made.name}.migration`);
  await server.end();
  const db = openDatabase(named(name), connections);
  const dir = mkdtempSync(join(tmpdir(), "duly-test-"));
  const keyFile = join(dir, "key");
  writeFileSync(keyFile, randomBytes(32), { mode: 0o600 });
  return {
    url: named(name),
    db,
    dir,
    keyFile,
    async drop() {
      rmSync(dir, { recursive: true, force: true });
      await db.close().catch(() => undefined);
      const again = await mysql.createConnection(serverUrl().toString());
      await again.query(`DROP DATABASE IF EXISTS ${name}`);
      await again.end();
    },
  };
}

/** A database without a single table. */
export async function emptyDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = freshName();
  const say = async (sql: string): Promise<void> => {
    const server = await mysql.createConnection(serverUrl().toString());
    await server.query(sql);
    await server.end();
  };
  await say(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  return { url: named(name), drop: () => say(`DROP DATABASE IF EXISTS ${name}`) };
}
