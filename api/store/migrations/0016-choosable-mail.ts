/** Mail of which its reader may choose whether and when it comes says so in its head. */
import type { MigrationInterface, QueryRunner } from "typeorm";

export class ChoosableMail1700000000016 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE mail ADD COLUMN choosable TINYINT(1) NOT NULL DEFAULT 0 AFTER urgent");
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
