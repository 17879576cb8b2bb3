/** What was answered to a change that carried a key, so that the same key again is answered alike and changes nothing. */
import type { MigrationInterface, QueryRunner } from "typeorm";

const ascii = "CHARACTER SET ascii COLLATE ascii_bin";

export class Answered1700000000038 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // `n` counts the changes of one request. `answer` is sealed by the installation's key. Machine time.
    await runner.query(`CREATE TABLE IF NOT EXISTS answered (
      person CHAR(26) ${ascii} NOT NULL, request VARCHAR(64) ${ascii} NOT NULL, n SMALLINT NOT NULL,
      operation CHAR(64) ${ascii} NOT NULL, answer MEDIUMBLOB NULL, at DATETIME(3) NOT NULL,
      PRIMARY KEY (person, request, n), KEY at (at)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
