/** Notices are listed newest first, one range of an index for each organisation and type. */
import type { MigrationInterface, QueryRunner } from "typeorm";

export class NoticesInOrder1700000000050 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE notice ADD KEY in_order (organisation, type, created_at, id)");
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
