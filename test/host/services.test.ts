import Redis from "ioredis";
import { createConnection } from "mysql2/promise";

const databaseUrl = process.env.TEST_DATABASE_URL ?? "";
const redisUrl = process.env.TEST_REDIS_URL ?? "";

describe("the servers a test run provides for itself", () => {
  test("the database compares text byte by byte, reads committed rows, commits durably, and speaks UTC", async () => {
    const database = await createConnection(databaseUrl);
    const [rows] = await database.query(
      `SELECT @@collation_server AS collation, @@tx_isolation AS isolation, @@time_zone AS zone,
              @@innodb_flush_log_at_trx_commit AS flush`,
    );
    await database.end();
    expect(rows).toEqual([{ collation: "utf8mb4_bin", isolation: "READ-COMMITTED", zone: "+00:00", flush: 1 }]);
  });

  test("nobody reaches the database without the password, whatever name they give", async () => {
    for (const user of ["root", "", "duly"]) {
      const url = new URL(databaseUrl);
      url.username = user;
      url.password = "";
      await expect(createConnection(url.href)).rejects.toThrow(/denied/);
    }
  });

  test("Redis evicts nothing, writes every second, and asks for the password", async () => {
    const redis = new Redis(redisUrl);
    const settings = await redis.config("GET", "maxmemory-policy", "appendonly", "appendfsync");
    redis.disconnect();
    expect(Object.fromEntries(pairs(settings))).toEqual({
      "maxmemory-policy": "noeviction",
      appendonly: "yes",
      appendfsync: "everysec",
    });

    const url = new URL(redisUrl);
    url.password = "";
    const stranger = new Redis(url.href, { maxRetriesPerRequest: 0 });
    stranger.on("error", () => {});
    await expect(stranger.ping()).rejects.toThrow(/NOAUTH/);
    stranger.disconnect();
  });
});

function pairs(flat: unknown): [string, string][] {
  const values = Array.isArray(flat) ? flat.map(String) : [];
  return values.flatMap((value, at) =>
    at % 2 === 0 ? [[value, values[at + 1] ?? ""] satisfies [string, string]] : [],
  );
}
