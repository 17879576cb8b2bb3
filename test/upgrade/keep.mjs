// node test/upgrade/keep.mjs DATABASE_URL KEY_FILE NAME: keeps the database of a running installation as
// databases/NAME.sql.gz, with its key beside it, for `upgrade.test.ts`. Run it in a checkout of the commit that made it.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import mysql from "mysql2/promise";

/** Rows of one INSERT. */
const TOGETHER = 200;

const [url, keyFile, name] = process.argv.slice(2);
if (!url || !keyFile || !name) throw new Error("Name the database, the file of its key, and what to call them.");
const db = await mysql.createConnection({ uri: url, timezone: "Z", dateStrings: true, supportBigNumbers: true });
const [tables] = await db.query(
  "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1",
);
const statements = [];
for (const { name: table } of tables) {
  const [[made]] = await db.query(`SHOW CREATE TABLE ${table}`);
  statements.push(made["Create Table"].replace(/ AUTO_INCREMENT=\d+/, ""));
  const [rows] = await db.query({ sql: `SELECT * FROM ${table}`, rowsAsArray: true });
  for (let at = 0; at < rows.length; at += TOGETHER)
    statements.push(mysql.format(`INSERT INTO ${table} VALUES ?`, [rows.slice(at, at + TOGETHER)]));
}
await db.end();
const folder = join(dirname(fileURLToPath(import.meta.url)), "databases");
writeFileSync(join(folder, `${name}.sql.gz`), gzipSync(`${statements.join(";\n")};\n`, { level: 9 }));
// As text: no binary file that nobody can read in a review.
writeFileSync(join(folder, `${name}.key`), `${readFileSync(keyFile).toString("hex")}\n`);
