/** An event may carry what somebody wrote at length to another record. */
import type { MigrationInterface, QueryRunner } from "typeorm";

export class LongAnswers1700000000070 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE timer MODIFY send MEDIUMTEXT NULL");
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
