/**
 * Uploaded files, in chunks of a row each, so that neither side ever holds a whole one. A file belongs to nobody's record
 * until a mutation names it; then it stays with that record, also once its field names it no more: the history does.
 */
import type { MigrationInterface, QueryRunner } from "typeorm";

const id = "CHAR(26) CHARACTER SET ascii COLLATE ascii_bin";
const name = "VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin";
const table = "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin";

const statements = [
  // No hash: it is still arriving, or the upload broke off.
  `CREATE TABLE file (
    id ${id} NOT NULL PRIMARY KEY,
    organisation ${id} NOT NULL,
    uploader ${id} NOT NULL,
    name VARCHAR(191) NOT NULL,
    media_type VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
    size INT NOT NULL DEFAULT 0,
    hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    created_at DATETIME(3) NOT NULL,
    machine_at DATETIME(3) NOT NULL,
    type ${name} NULL,
    record ${id} NULL,
    field ${name} NULL,
    KEY record (record, machine_at),
    KEY uploader (uploader, record)
  ) ${table}`,
  `CREATE TABLE file_chunk (
    file ${id} NOT NULL, n INT NOT NULL, bytes MEDIUMBLOB NOT NULL, PRIMARY KEY (file, n)
  ) ${table}`,
];

export class Files1700000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
