/** The link by which a person's calendar elsewhere follows what is due: one each, its secret kept as SHA-256. */
import type { MigrationInterface, QueryRunner } from "typeorm";

const ascii = "CHARACTER SET ascii COLLATE ascii_bin";

export class CalendarFeeds1700000000013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE calendar_feed (
        person CHAR(26) ${ascii} NOT NULL PRIMARY KEY, secret_hash CHAR(64) ${ascii} NOT NULL,
        everything TINYINT(1) NOT NULL, created_at DATETIME(3) NOT NULL, read_at DATETIME(3) NULL,
        UNIQUE KEY secret_hash (secret_hash)
      ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`,
    );
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
