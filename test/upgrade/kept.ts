/** A kept database of an earlier commit, restored on the test's server. */
import { readdirSync, readFileSync, rmSync, writeFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import mysql from "mysql2/promise";
import { loadConfig } from "../../api/config";
import { openWorld, type World } from "../../api/engine/world";
import { migrate } from "../../api/store/migrate";
import { randomBytes } from "node:crypto";
import { setTime } from "../time";

const folder = join(__dirname, "databases");

/** The commits whose databases are kept, by name of their file. */
export const kept = readdirSync(folder)
  .filter((file) => file.endsWith(".sql.gz"))
  .map((file) => file.slice(0, -".sql.gz".length));

export interface Kept {
  /** Statements on the restored database, before and after the upgrade. */
  query: <R = Record<string, unknown>>(sql: string) => Promise<R[]>;
  /** Migrates and opens it with today's program, at the machine time at which it was kept plus `laterMs`. */
  open(laterMs?: number): Promise<World>;
  drop(): Promise<void>;
}

export async function restore(name: string): Promise<Kept> {
  const server = new URL(process.env["TEST_DATABASE_URL"] ?? "");
  const database = `duly_test_${process.pid}_${randomBytes(5).toString("hex")}`;
  const connection = await mysql.createConnection({
    uri: server.href,
    multipleStatements: true,
    timezone: "Z",
    dateStrings: true,
    charset: "utf8mb4_bin",
  });
  await connection.query(`CREATE DATABASE ${database} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin; USE ${database}`);
  await connection.query(gunzipSync(readFileSync(join(folder, `${name}.sql.gz`))).toString("utf8"));
  const dir = mkdtempSync(join(tmpdir(), "duly-kept-"));
  const keyFile = join(dir, "key");
  writeFileSync(keyFile, readFileSync(join(folder, `${name}.key`)), { mode: 0o600 });
  server.pathname = `/${database}`;
  const config = loadConfig({
    DATABASE_URL: server.href,
    REDIS_URL: process.env["TEST_REDIS_URL"],
    PORT: "0",
    PUBLIC_URL: "http://school.test",
    DULY_DATA: "./var/test",
    DULY_DEMO: "1",
    DULY_DEMO_PASSWORD: "a password for tests only",
    DULY_KEY_FILE: keyFile,
    LOG_LEVEL: "silent",
  });
  const query = async <R>(sql: string): Promise<R[]> => (await connection.query<(R & mysql.RowDataPacket)[]>(sql))[0];
  const [last] = await query<{ at: string }>("SELECT MAX(at) AS at FROM history");
  const keptAt = Date.parse(`${last?.at.replace(" ", "T")}Z`);
  return {
    query,
    async open(laterMs = 60_000) {
      await migrate(config.databaseUrl);
      const world = await openWorld(config, 5);
      const offset = keptAt + laterMs - Date.now();
      setTime(world, () => Date.now() + offset);
      return world;
    },
    async drop() {
      rmSync(dir, { recursive: true, force: true });
      await connection.query(`DROP DATABASE ${database}`);
      await connection.end();
    },
  };
}
