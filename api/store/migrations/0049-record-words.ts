/**
 * The words by which records are found, of those that there are: page by page, in the order of their ids, so that one
 * that was killed goes on after the last that it wrote.
 */
import type { MigrationInterface, QueryRunner } from "typeorm";
import { insertWords } from "../recordWords";
import { tableName } from "../recordTable";

const id = "CHAR(26) CHARACTER SET ascii COLLATE ascii_bin";
const name = "VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin";
const PAGE = 2_000;

interface Row {
  id: string;
  organisation: string;
  title: string;
  reference: string;
}

export class RecordWords1700000000049 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE IF NOT EXISTS record_word (
      record ${id} NOT NULL, word VARCHAR(64) NOT NULL, organisation ${id} NOT NULL, type ${name} NOT NULL,
      PRIMARY KEY (record, word), KEY by_word (organisation, type, word, record)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    const types = (await runner.query("SELECT DISTINCT type FROM definition")) as { type: string }[];
    for (const { type } of types) if (await runner.hasTable(tableName(type))) await fill(runner, type);
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}

async function fill(runner: QueryRunner, type: string): Promise<void> {
  const executeText = async (sql: string, params: unknown[] = []) => {
    await runner.query(sql, params);
    return { affectedRows: 0 };
  };
  const [last] = (await runner.query("SELECT MAX(record) AS id FROM record_word WHERE type = ?", [type])) as {
    id: string | null;
  }[];
  // The last one may have some of its words only.
  for (let from = last?.id ?? "", first = true; ; first = false) {
    const rows = (await runner.query(
      `SELECT id, organisation, title, reference FROM ${tableName(type)}
       WHERE id ${first ? ">=" : ">"} ? ORDER BY id LIMIT ${PAGE}`,
      [from],
    )) as Row[];
    await insertWords(
      { executeText },
      rows.map((row) => ({ ...row, type })),
    );
    const end = rows.at(-1);
    if (!end || rows.length < PAGE) return;
    from = end.id;
  }
}
