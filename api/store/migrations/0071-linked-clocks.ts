/** A job may derive the clocks of the records that link to one whose date has changed. */
import type { MigrationInterface, QueryRunner } from "typeorm";

const id = "CHAR(26) CHARACTER SET ascii COLLATE ascii_bin";

export class LinkedClocks1700000000071 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    if (!(await runner.hasColumn("rederive", "target")))
      await runner.query(`ALTER TABLE rederive ADD COLUMN target ${id} NULL`);
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
