/** A person's records are found by the person alone: what nobody's rights name was read whole for every list. */
import type { MigrationInterface, QueryRunner } from "typeorm";

export class PartiesByPerson1700000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE record_party DROP KEY person, ADD KEY person (person, kind, record)");
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
