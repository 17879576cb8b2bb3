/** An email that tells somebody of their own account stays with the address it was written to; others follow their reader. */
import type { MigrationInterface, QueryRunner } from "typeorm";

export class FixedAddresses1700000000073 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE mail ADD COLUMN IF NOT EXISTS fixed_address TINYINT(1) NOT NULL DEFAULT 0");
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
