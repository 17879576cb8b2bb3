/** What people keep for themselves: lists as they like them, and how a page should look to them. */
import type { MigrationInterface, QueryRunner } from "typeorm";

const id = "CHAR(26) CHARACTER SET ascii COLLATE ascii_bin";
const name = "VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin";
const table = "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin";

export class SavedViews1700000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE saved_view (
      id ${id} NOT NULL PRIMARY KEY, organisation ${id} NOT NULL, type ${name} NOT NULL, person ${id} NOT NULL,
      shared TINYINT(1) NOT NULL DEFAULT 0, json TEXT NOT NULL, KEY of_type (organisation, type, person)
    ) ${table}`);
    await runner.query(`CREATE TABLE preference (
      organisation ${id} NOT NULL, person ${id} NOT NULL, name ${name} NOT NULL, json TEXT NOT NULL,
      PRIMARY KEY (person, organisation, name)
    ) ${table}`);
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
