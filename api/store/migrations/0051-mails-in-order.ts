/** Emails of an organisation are listed newest first, read off an index. */
import type { MigrationInterface, QueryRunner } from "typeorm";

export class MailsInOrder1700000000051 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE mail ADD KEY newest (organisation, created_at, id)");
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
