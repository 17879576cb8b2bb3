/**
 * The table of a record type, made and extended by additive DDL from its definition. Nothing is ever dropped. DDL
 * commits what is open and a waiting ALTER blocks readers, so it waits two seconds at most and tries again.
 */
import type { RecordType } from "../../schema/definition";
import { type Index, indexesOf } from "../../schema/indexes";
import { INDEXED_LENGTH } from "../../schema/parseValue";
import { allColumns, tableName } from "../../schema/tableLimits";
import { fold } from "../../schema/text";
import type { Database } from "./database";

export { tableName };

/** The title as lists sort and find it. */
export const foldedTitle = (title: string): string => fold(title).slice(0, INDEXED_LENGTH);

const indexDdl = ({ name, unique, columns }: Index): string =>
  `${unique ? "UNIQUE " : ""}KEY ${name} (${columns.join(", ")})`;

/** The statements that bring a table from what exists (null: no table) to what the definition needs. */
export function tableStatements(
  type: RecordType,
  existing: { columns: Set<string>; indexes: Set<string> } | null,
): string[] {
  const table = tableName(type.name);
  if (!existing) {
    const lines = [
      ...allColumns(type).map(([name, ddl]) => `${name} ${ddl}`),
      "PRIMARY KEY (id)",
      ...indexesOf(type).map(indexDdl),
    ];
    return [
      `CREATE TABLE IF NOT EXISTS ${table} (\n  ${lines.join(",\n  ")}\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`,
    ];
  }
  const added = [
    ...allColumns(type)
      .filter(([name]) => !existing.columns.has(name))
      .map(([name, ddl]) => `ADD COLUMN ${name} ${ddl}`),
    ...indexesOf(type)
      .filter(({ name }) => !existing.indexes.has(name))
      .map((index) => `ADD ${indexDdl(index)}`),
  ];
  return added.length ? [`ALTER TABLE ${table} ${added.join(", ")}`] : [];
}

const ddlTries = 15;
/** Lock waits, deadlocks, and what another process added between our look and our statement (column, index). */
const lookAgain = new Set([1205, 1213, 1060, 1061]);

/** Idempotent. Throws what the server says when a lock is never free. */
export async function applyTable(db: Database, type: RecordType): Promise<void> {
  const connection = await db.connection();
  try {
    await connection.query("SET lock_wait_timeout = 2");
    for (let attempt = 1; ; attempt++) {
      try {
        const table = tableName(type.name);
        const [columnRows] = await connection.query<{ name: string }[] & never[]>(
          "SELECT column_name AS name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?",
          [table],
        );
        const [indexRows] = await connection.query<{ name: string }[] & never[]>(
          "SELECT DISTINCT index_name AS name FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = ?",
          [table],
        );
        const names = (rows: { name: string }[]) => new Set(rows.map((row) => row.name));
        const existing = columnRows.length ? { columns: names(columnRows), indexes: names(indexRows) } : null;
        for (const statement of tableStatements(type, existing)) await connection.query(statement);
        return;
      } catch (error) {
        const code = (error as { errno?: number }).errno ?? 0;
        if (!lookAgain.has(code) || attempt >= ddlTries) throw error;
      }
    }
  } finally {
    await connection.end().catch(() => undefined);
  }
}
