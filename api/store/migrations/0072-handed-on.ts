/** A part that a stand-in hands on is told from one that its own holder handed over: it comes back with them. */
import type { MigrationInterface, QueryRunner } from "typeorm";

export class HandedOn1700000000072 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE task_holder MODIFY passed ENUM('handed over','away','handed on') NULL");
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
