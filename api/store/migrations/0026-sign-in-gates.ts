/** Failed sign-ins: one row for each account (or device of it, or address) with its delay, and the names tried from an address. */
import type { MigrationInterface, QueryRunner } from "typeorm";

const key = "CHAR(64) CHARACTER SET ascii COLLATE ascii_bin";
const table = "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin";

const statements = [
  // Machine time. Keys are keyed hashes: neither names nor addresses are kept.
  `CREATE TABLE IF NOT EXISTS sign_in_gate (
    bucket ${key} NOT NULL PRIMARY KEY, failures INT NOT NULL, last_at DATETIME(3) NOT NULL, KEY last_at (last_at)
  ) ${table}`,
  `CREATE TABLE IF NOT EXISTS sign_in_name (
    address ${key} NOT NULL, name ${key} NOT NULL, last_at DATETIME(3) NOT NULL,
    PRIMARY KEY (address, name), KEY last_at (last_at)
  ) ${table}`,
];

export class SignInGates1700000000026 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
