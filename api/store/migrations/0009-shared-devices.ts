/** Devices that several people report on, each naming themselves by a PIN; and what happened on each. Machine time. */
import type { MigrationInterface, QueryRunner } from "typeorm";

const id = "CHAR(26) CHARACTER SET ascii COLLATE ascii_bin";
const hash = "CHAR(64) CHARACTER SET ascii COLLATE ascii_bin";
const name = "VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin";
const table = "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin";

export class SharedDevices1700000000009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // `person` has named themselves there until `named_until`, or until their report is made.
    await runner.query(`CREATE TABLE shared_device (
      id ${id} NOT NULL PRIMARY KEY, organisation ${id} NOT NULL, secret_hash ${hash} NOT NULL,
      label VARCHAR(191) NOT NULL, started_by ${id} NOT NULL, started_at DATETIME(3) NOT NULL,
      revoked_by ${id} NULL, revoked_at DATETIME(3) NULL, person ${id} NULL, named_until DATETIME(3) NULL,
      UNIQUE KEY secret_hash (secret_hash), KEY here (organisation, id)
    ) ${table}`);
    await runner.query(`CREATE TABLE shared_device_use (
      id ${id} NOT NULL PRIMARY KEY, device ${id} NOT NULL, person ${id} NULL, at DATETIME(3) NOT NULL,
      what ${name} NOT NULL, type ${name} NULL, record ${id} NULL, KEY newest (device, id)
    ) ${table}`);
    // `tries`: wrong ones in a row. What it opens stays shut at the most that are borne, until its owner sets another.
    await runner.query(`CREATE TABLE pin (
      person ${id} NOT NULL PRIMARY KEY, pin_hash VARCHAR(191) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      set_at DATETIME(3) NOT NULL, tries SMALLINT NOT NULL DEFAULT 0
    ) ${table}`);
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
