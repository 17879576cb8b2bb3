/** Links by which people without an account read one record's page and answer it. */
import type { MigrationInterface, QueryRunner } from "typeorm";

const id = "CHAR(26) CHARACTER SET ascii COLLATE ascii_bin";

export class GuestLinks1700000000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The secret is an HMAC of the id under the installation's key. School time. `made_by` is null where a mail carries it.
    await runner.query(`CREATE TABLE guest_link (
      id ${id} NOT NULL PRIMARY KEY,
      organisation ${id} NOT NULL,
      person ${id} NOT NULL,
      type VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      record ${id} NOT NULL,
      made_by ${id} NULL,
      made_at DATETIME(3) NOT NULL,
      expires_at DATETIME(3) NOT NULL,
      used_at DATETIME(3) NULL,
      used_for VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
      revoked_at DATETIME(3) NULL,
      KEY record (record, id)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
