/**
 * Tasks and timers are listed in the order of their day, one range of an index for each organisation, state and type.
 * Of what is let go of after its age, its hash stays.
 */
import type { MigrationInterface, QueryRunner } from "typeorm";

const kept = [
  ["mail", "body_hash"],
  ["notice", "body_hash"],
  ["view_request", "seen_hash"],
] as const;

export class InOrder1700000000048 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      "ALTER TABLE task ADD KEY in_order (organisation, state, unassigned, type, due_on, id), DROP KEY open_tasks",
    );
    await runner.query("ALTER TABLE timer ADD KEY in_order (organisation, state, type, due_at, id), DROP KEY upcoming");
    for (const [table, column] of kept)
      if (!(await runner.hasColumn(table, column)))
        await runner.query(
          `ALTER TABLE ${table} ADD COLUMN ${column} CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL`,
        );
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
