/** What was said of a publish, beside who made it and when. */
import type { MigrationInterface, QueryRunner } from "typeorm";

export class PublishComments1700000000044 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    if (!(await runner.hasColumn("definition", "comment")))
      await runner.query("ALTER TABLE definition ADD COLUMN comment VARCHAR(500) NULL");
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
