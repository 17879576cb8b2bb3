/** When each worker last finished a round of each of its loops: known without Redis, and to whoever asks any process. */
import type { MigrationInterface, QueryRunner } from "typeorm";

export class WorkerRounds1700000000039 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // `rounds`: JSON, instant (machine time) by the loop's name.
    await runner.query(`CREATE TABLE IF NOT EXISTS worker_round (
      worker VARCHAR(191) NOT NULL PRIMARY KEY, seen_at DATETIME(3) NOT NULL, rounds TEXT NOT NULL
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
