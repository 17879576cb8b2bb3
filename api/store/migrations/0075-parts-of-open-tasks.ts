/** A part of a task is open as long as its task is: whoever has done theirs sees the record until then, as by its facts. */
import type { MigrationInterface, QueryRunner } from "typeorm";

export class PartsOfOpenTasks1700000000075 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `UPDATE task_holder h JOIN task t ON t.id = h.task SET h.open = 1
       WHERE t.state = 'open' AND h.open = 0 AND h.done_at IS NOT NULL`,
    );
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
