/** Tasks and timers are listed in the order of their day, one range of an index for each organisation, state and type. */
import type { MigrationInterface, QueryRunner } from "typeorm";

export class InOrder1700000000048 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      "ALTER TABLE task ADD KEY in_order (organisation, state, unassigned, type, due_on, id), DROP KEY open_tasks",
    );
    await runner.query("ALTER TABLE timer ADD KEY in_order (organisation, state, type, due_at, id), DROP KEY upcoming");
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
