/** The plain worker's queue, shared by who fills it and who empties it. */
import mysql from "mysql2/promise";
import { Redis } from "ioredis";

export interface PlainJob {
  timer: string;
  record: string;
  /** DATETIME(3) text. */
  at: string;
}

export const plainQueue = {
  name: "plain",
  prefix: (): string => process.env["BENCH_PREFIX"] ?? "{duly-bench}",
  connection: (): Redis => new Redis(process.env["TEST_REDIS_URL"] ?? "", { maxRetriesPerRequest: null }),
};

/** As many connections as jobs at a time. */
export const openPlainPool = (): mysql.Pool =>
  mysql.createPool({
    uri: process.env["DATABASE_URL"],
    connectionLimit: 50,
    timezone: "Z",
    dateStrings: true,
    charset: "utf8mb4_bin",
  });
