/** Work that failed and waits for a person: emails, notices, timers, duties, imports, jobs. */
import type { MigrationInterface, QueryRunner } from "typeorm";

const id = "CHAR(26) CHARACTER SET ascii COLLATE ascii_bin";
const name = "VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin";

export class Faults1700000000017 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // `open` is 1 until it is settled and NULL after, so that the key allows one open fault for each thing that failed.
    // `problem` is the record that gives somebody a task for it. Times are school time.
    await runner.query(`CREATE TABLE IF NOT EXISTS fault (
      id ${id} NOT NULL PRIMARY KEY,
      organisation ${id} NOT NULL,
      kind ${name} NOT NULL,
      subject VARCHAR(191) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      type ${name} NULL,
      record ${id} NULL,
      cause VARCHAR(500) NOT NULL,
      happened_at DATETIME(3) NOT NULL,
      last_at DATETIME(3) NOT NULL,
      times INT NOT NULL DEFAULT 1,
      problem ${id} NULL,
      open TINYINT(1) NULL DEFAULT 1,
      settled_at DATETIME(3) NULL,
      settled_by ${id} NULL,
      how ${name} NULL,
      UNIQUE KEY one_open (kind, subject, open),
      KEY of_school (open, organisation, kind, id),
      KEY of_kind (organisation, kind, id),
      KEY problem (problem, open)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
