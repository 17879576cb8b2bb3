/**
 * A waiting row says itself what it is: a clock of a rule, or work that is due at once or on its day. Until now the latter
 * had a prefix before the name of their event, roster or duty.
 */
import type { MigrationInterface, QueryRunner } from "typeorm";

const kinds = { send: "event", roster: "roster", duty: "duty" };

export class TimerKinds1700000000074 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    if (!(await runner.hasColumn("timer", "kind")))
      await runner.query(
        "ALTER TABLE timer ADD COLUMN kind ENUM('rule','event','roster','duty') NOT NULL DEFAULT 'rule'",
      );
    // What was renamed has no prefix any more: begun again, it goes on.
    for (const [prefix, kind] of Object.entries(kinds))
      await runner.query("UPDATE timer SET kind = ?, rule = SUBSTRING(rule, ?) WHERE rule LIKE ?", [
        kind,
        prefix.length + 2,
        `${prefix}:%`,
      ]);
    await runner.query(
      "ALTER TABLE timer DROP KEY in_order, ADD KEY in_order (organisation, kind, state, type, due_at, id)",
    );
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
