/** A timer knows how long a chain of causes it goes on with; a job that derives clocks again says how far it is. */
import type { MigrationInterface, QueryRunner } from "typeorm";

const columns = [
  { table: "timer", name: "depth", as: "SMALLINT NOT NULL DEFAULT 0" },
  { table: "rederive", name: "source", as: "VARCHAR(16) NOT NULL DEFAULT ''" },
  { table: "rederive", name: "cursor_at", as: "DATETIME(3) NULL" },
  { table: "rederive", name: "visited", as: "INT NOT NULL DEFAULT 0" },
];

export class ChainsOfCauses1700000000034 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const { table, name, as } of columns)
      if (!(await runner.hasColumn(table, name))) await runner.query(`ALTER TABLE ${table} ADD COLUMN ${name} ${as}`);
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
