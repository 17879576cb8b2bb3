/** What became of each row of an import, by the name that its sender gave the import: asked again, it is answered and not done again. */
import type { MigrationInterface, QueryRunner } from "typeorm";

export class ImportVerdicts1700000000022 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE IF NOT EXISTS import_verdict (
      person CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      import VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      line INT NOT NULL,
      digest CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      verdict MEDIUMBLOB NULL,
      machine_at DATETIME(3) NOT NULL,
      PRIMARY KEY (person, import, line),
      KEY machine_at (machine_at)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
