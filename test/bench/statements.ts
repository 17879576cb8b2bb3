/** The statements the limits `raw` and `hand` share: on the rows, columns and indexes that Duly itself uses. */
import mysql from "mysql2/promise";
import { ulid } from "ulid";
import { columnName } from "../../schema/fields";
import { tableName } from "../../api/store/recordTable";

const table = tableName("benchPolicy");
const [title, owner, reviewBy, text, note] = ["title", "owner", "reviewBy", "text", "note"].map((name) =>
  columnName(name),
);
const columns = `r.id, r.reference, r.${title} AS title, r.state, r.${reviewBy} AS reviewBy`;

export const oneSql = `SELECT ${columns}, r.${text} AS text, r.${owner} AS owner FROM ${table} r WHERE r.id = ? AND r.organisation = ?`;
export const listSql = `SELECT ${columns}, r.${owner} AS owner FROM ${table} r
  WHERE r.organisation = ? AND r.state = ? ORDER BY r.${reviewBy}, r.id LIMIT 25`;
export const countsSql = `SELECT state AS value, COUNT(*) AS count FROM ${table} WHERE organisation = ? GROUP BY state`;
/** The same reads with the owner's name joined. */
const joined = (sql: string): string =>
  sql.replace(
    `r.${owner} AS owner FROM ${table} r`,
    `p.id AS ownerId, p.name AS ownerName FROM ${table} r JOIN person p ON p.id = r.${owner}`,
  );
export const oneJoinedSql = joined(oneSql);
export const listJoinedSql = joined(listSql);

export const auditTables = [
  `CREATE TABLE bench_history (id CHAR(26) CHARACTER SET ascii NOT NULL PRIMARY KEY, record CHAR(26) CHARACTER SET ascii NOT NULL,
    at DATETIME(3) NOT NULL, actor CHAR(26) CHARACTER SET ascii NOT NULL, detail TEXT NOT NULL, KEY record (record, id))`,
  `CREATE TABLE bench_outbox (id CHAR(26) CHARACTER SET ascii NOT NULL PRIMARY KEY, topic VARCHAR(64) NOT NULL,
    body TEXT NOT NULL, created_at DATETIME(3) NOT NULL)`,
];

export const openPool = (): mysql.Pool =>
  mysql.createPool({
    uri: process.env["DATABASE_URL"],
    connectionLimit: 20,
    timezone: "Z",
    dateStrings: true,
    charset: "utf8mb4_bin",
  });

/** One field with one history and one outbox row. Returns the new version, undefined for an unknown policy. */
export async function audited(
  pool: mysql.Pool,
  input: { id: string; note: string; organisation: string; actor: string },
): Promise<number | undefined> {
  const connection = await pool.getConnection();
  try {
    await connection.query("START TRANSACTION");
    const [rows] = await connection.execute<mysql.RowDataPacket[]>(
      `SELECT version, ${note} AS note FROM ${table} WHERE id = ? AND organisation = ? FOR UPDATE`,
      [input.id, input.organisation],
    );
    const before = rows[0];
    if (!before) {
      await connection.query("ROLLBACK");
      return undefined;
    }
    const version = Number(before["version"]) + 1;
    const at = new Date().toISOString().slice(0, 23).replace("T", " ");
    await connection.execute(`UPDATE ${table} SET ${note} = ?, version = ?, updated_at = ? WHERE id = ?`, [
      input.note,
      version,
      at,
      input.id,
    ]);
    const detail = JSON.stringify({ note: [before["note"], input.note] });
    await connection.execute("INSERT INTO bench_history (id, record, at, actor, detail) VALUES (?, ?, ?, ?, ?)", [
      ulid(),
      input.id,
      at,
      input.actor,
      detail,
    ]);
    await connection.execute("INSERT INTO bench_outbox (id, topic, body, created_at) VALUES (?, 'changed', ?, ?)", [
      ulid(),
      JSON.stringify({ record: input.id, detail }),
      at,
    ]);
    await connection.query("COMMIT");
    return version;
  } catch (error) {
    await connection.query("ROLLBACK");
    throw error;
  } finally {
    connection.release();
  }
}
