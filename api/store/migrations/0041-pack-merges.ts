/**
 * What a pack last said of each of its types, as the base of the next merge; and where its new version and the school
 * both changed the same part.
 */
import type { MigrationInterface, QueryRunner } from "typeorm";

const id = "CHAR(26) CHARACTER SET ascii COLLATE ascii_bin";
const name = "VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin";
const hash = "CHAR(64) CHARACTER SET ascii COLLATE ascii_bin";
const table = "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin";

export class PackMerges1700000000041 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE IF NOT EXISTS pack_type (
      type ${name} NOT NULL PRIMARY KEY, json LONGTEXT NOT NULL
    ) ${table}`);
    // Versions without a publisher came with the pack: the newest is what it said last.
    await runner.query(`INSERT IGNORE INTO pack_type (type, json)
      SELECT d.type, d.json FROM definition d
      JOIN (SELECT type, MAX(version) AS version FROM definition
            WHERE published_by IS NULL AND state <> 'preparing' GROUP BY type) last
        ON last.type = d.type AND last.version = d.version`);
    await runner.query(`CREATE TABLE IF NOT EXISTS pack_clash (
      id ${id} NOT NULL PRIMARY KEY, type ${name} NOT NULL, path VARCHAR(500) NOT NULL,
      base LONGTEXT NULL, ours LONGTEXT NULL, theirs LONGTEXT NULL, reason VARCHAR(1000) NULL,
      fingerprint ${hash} NOT NULL, made_at DATETIME(3) NOT NULL, settled_at DATETIME(3) NULL,
      settled_by ${id} NULL, outcome ENUM('theirs', 'ours', 'gone') NULL, UNIQUE KEY fingerprint (fingerprint)
    ) ${table}`);
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
