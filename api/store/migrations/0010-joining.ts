/** How people come in: their number in the school's own system, and the links by which they choose a password. */
import type { MigrationInterface, QueryRunner } from "typeorm";

const id = "CHAR(26) CHARACTER SET ascii COLLATE ascii_bin";

export class Joining1700000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE person ADD COLUMN external_id VARCHAR(191) NULL");
    await runner.query("ALTER TABLE person ADD UNIQUE KEY external_id (organisation, external_id)");
    // The secret is an HMAC of the id under the installation's key: nothing here opens anything. School time.
    await runner.query(`CREATE TABLE sign_in_link (
      id ${id} NOT NULL PRIMARY KEY,
      person ${id} NOT NULL,
      made_by ${id} NULL,
      made_at DATETIME(3) NOT NULL,
      expires_at DATETIME(3) NOT NULL,
      used_at DATETIME(3) NULL,
      KEY person (person, id)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
    // Steps of getting ready that somebody said are done; the others are seen from what is there.
    await runner.query(`CREATE TABLE ready_step (
      organisation ${id} NOT NULL,
      step VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      person ${id} NOT NULL,
      at DATETIME(3) NOT NULL,
      PRIMARY KEY (organisation, step)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
