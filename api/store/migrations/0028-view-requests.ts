/**
 * One row for each request that read records whose readers are recorded; `view_log`, which held single openings, is
 * its index by record from now on. Each statement may be run again.
 */
import type { MigrationInterface, QueryRunner } from "typeorm";

const id = "CHAR(26) CHARACTER SET ascii COLLATE ascii_bin";

export class ViewRequests1700000000028 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // `seen`: { type: ids } as JSON; a type without ids was only asked about.
    await runner.query(`CREATE TABLE IF NOT EXISTS view_request (
      id ${id} NOT NULL PRIMARY KEY,
      organisation ${id} NOT NULL,
      person ${id} NOT NULL,
      actor VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      at DATETIME(3) NOT NULL,
      via VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      operation VARCHAR(191) NOT NULL,
      hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
      seen MEDIUMTEXT NULL,
      KEY of_person (person, at),
      KEY newest (organisation, at)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    if (!(await runner.hasColumn("view_log", "opened")))
      await runner.query("ALTER TABLE view_log ADD COLUMN opened TINYINT NOT NULL DEFAULT 1");
    if (!(await runner.hasColumn("view_log", "request")))
      await runner.query(`ALTER TABLE view_log ADD COLUMN request ${id} NULL`);
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
