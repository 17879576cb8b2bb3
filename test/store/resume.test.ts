/** Migrations that are killed in their middle, after any of their statements, and begun by two at once. */
import { randomBytes } from "node:crypto";
import mysql from "mysql2/promise";
import { openDatabase } from "../../api/store/database";
import { underKeptLease } from "../../api/store/lease";
import { migrate } from "../../api/store/migrate";

const server = new URL(process.env["TEST_DATABASE_URL"] ?? "");
const names: string[] = [];

async function newUrl(): Promise<string> {
  const name = `duly_test_${process.pid}_${randomBytes(5).toString("hex")}`;
  const connection = await mysql.createConnection(server.toString());
  await connection.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  await connection.end();
  names.push(name);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.toString();
}

async function schemaOf(url: string): Promise<unknown> {
  const db = openDatabase(url, 1);
  const columns = await db.query(
    `SELECT table_name AS t, column_name AS c, column_type AS k, is_nullable AS n, column_default AS d
     FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position`,
  );
  const keys = await db.query(
    `SELECT table_name AS t, index_name AS i, seq_in_index AS s, column_name AS c, non_unique AS n
     FROM information_schema.statistics WHERE table_schema = DATABASE() ORDER BY table_name, index_name, seq_in_index`,
  );
  const migrations = (await db.query("SELECT name FROM migration")).map((row) => String(row["name"])).sort();
  const unfinished = await db.query("SELECT what FROM unfinished");
  await db.close();
  return { columns, keys, migrations, unfinished };
}

afterAll(async () => {
  const connection = await mysql.createConnection(server.toString());
  for (const name of names) await connection.query(`DROP DATABASE IF EXISTS ${name}`);
  await connection.end();
});

test("killed after each statement of every migration, the next start goes on to the same tables", async () => {
  const [whole, broken] = [await newUrl(), await newUrl()];
  await migrate(whole);
  const killed = new Set<string>();
  for (let ended = false; !ended;) {
    ended = await migrate(broken, (statement) => {
      if (killed.has(statement)) return;
      killed.add(statement);
      throw new Error("killed");
    }).then(
      () => true,
      (error: Error) => {
        if (error.message !== "killed") throw error;
        return false;
      },
    );
  }
  expect(killed.size).toBeGreaterThan(50);
  expect(await schemaOf(broken)).toEqual(await schemaOf(whole));
}, 180_000);

test("a table of somebody else's in the way is an error as before", async () => {
  const url = await newUrl();
  const db = openDatabase(url, 1);
  await db.execute("CREATE TABLE person (something INT)");
  await db.close();
  await expect(migrate(url)).rejects.toThrow(/exists/);
});

test("two who prepare one database at once do it one after the other, and a killed one is waited for only so long", async () => {
  const url = await newUrl();
  await migrate(url);
  const db = openDatabase(url, 2);
  let now = 1_000_000;
  const world = { db, timeAt: () => now };
  const order: string[] = [];
  let waited = 0;
  const by = (name: string) =>
    underKeptLease(world, "migrate", { waiting: () => waited++, lost: () => order.push("lost") }, async () => {
      order.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 50));
      order.push(`${name} ends`);
    });
  await Promise.all([by("one"), by("two")]);
  expect(
    order.filter((_, i) => i % 2 === 0).every((each, i) => order[2 * i + 1] === each.replace("begins", "ends")),
  ).toBe(true);
  expect(waited).toBe(1);
  await db.execute("INSERT INTO lease (name, holder, until) VALUES ('migrate', 'killed', '1970-01-01 00:17:00')");
  const next = by("three");
  await new Promise((resolve) => setTimeout(resolve, 100));
  now += 60_000;
  await next;
  expect(order.at(-1)).toBe("three ends");
  await db.close();
});
