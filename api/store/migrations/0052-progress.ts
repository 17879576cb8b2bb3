/** A job that derives clocks again says how many records it reaches, how many of them failed, and why it could not go on; a problem keeps why it was left. */
import type { MigrationInterface, QueryRunner } from "typeorm";

const columns = [
  { table: "rederive", name: "total", as: "INT NULL" },
  { table: "rederive", name: "failed", as: "INT NOT NULL DEFAULT 0" },
  { table: "rederive", name: "cause", as: "VARCHAR(500) NULL" },
  { table: "fault", name: "why", as: "VARCHAR(500) NULL" },
];

export class Progress1700000000052 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const { table, name, as } of columns)
      if (!(await runner.hasColumn(table, name))) await runner.query(`ALTER TABLE ${table} ADD COLUMN ${name} ${as}`);
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
