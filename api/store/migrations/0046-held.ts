/** What transactions write to hold what their rules count: see `engine/held.ts`. Its rows mean nothing by themselves. */
import type { MigrationInterface, QueryRunner } from "typeorm";

export class Held1700000000046 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // One index alone: a second would lock in an order of its own.
    await runner.query(
      `CREATE TABLE IF NOT EXISTS held (
         what VARCHAR(191) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
         times BIGINT UNSIGNED NOT NULL
       ) ENGINE = InnoDB`,
    );
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
