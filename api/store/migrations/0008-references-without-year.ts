/** References whose pattern names no year began anew each year, and so met those of the year before: they are counted on. */
import type { MigrationInterface, QueryRunner } from "typeorm";

export class ReferencesWithoutYear1700000000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Year nought counts through all years. Types whose pattern names the year never read it.
    await runner.query(`INSERT IGNORE INTO reference_counter (organisation, type, year, last)
      SELECT organisation, type, 0, MAX(last) FROM reference_counter GROUP BY organisation, type`);
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
