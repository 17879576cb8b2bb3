/** The crest of a school, small enough to be held whole; its hash is part of its address. */
import type { MigrationInterface, QueryRunner } from "typeorm";

const ascii = "CHARACTER SET ascii COLLATE ascii_bin";

export class Crest1700000000015 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE crest (
        organisation CHAR(26) ${ascii} NOT NULL PRIMARY KEY, hash CHAR(64) ${ascii} NOT NULL,
        media_type VARCHAR(32) ${ascii} NOT NULL, bytes MEDIUMBLOB NOT NULL, KEY hash (hash)
      ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`,
    );
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
