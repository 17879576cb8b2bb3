/**
 * The security log: who used which power over people and definitions, and who signed in. Append-only: each row holds the
 * SHA-256 of the row before it, and `security_head` the last one. Appointments are ended, never deleted, and say who made
 * and ended them.
 */
import type { MigrationInterface, QueryRunner } from "typeorm";

const id = "CHAR(26) CHARACTER SET ascii COLLATE ascii_bin";
const name = "VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin";
const hash = "CHAR(64) CHARACTER SET ascii COLLATE ascii_bin";
const short = "CHAR(16) CHARACTER SET ascii COLLATE ascii_bin";
const table = "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin";

const statements = [
  // `at` is machine time, `school_at` school time; address and device are keyed hashes of what they stand for.
  `CREATE TABLE IF NOT EXISTS security_log (
    seq BIGINT NOT NULL PRIMARY KEY,
    at DATETIME(3) NOT NULL,
    school_at DATETIME(3) NOT NULL,
    organisation ${id} NULL,
    actor_kind ${name} NOT NULL,
    actor ${id} NULL,
    via ${id} NULL,
    kind ${name} NOT NULL,
    about ${id} NULL,
    address ${short} NULL,
    device ${short} NULL,
    detail TEXT NOT NULL,
    previous_hash ${hash} NULL,
    hash ${hash} NOT NULL,
    KEY organisation (organisation, seq),
    KEY about (about, seq)
  ) ${table}`,
  // `seal` is an HMAC of the head under the installation's key: whoever has the database alone cannot write another chain.
  `CREATE TABLE IF NOT EXISTS security_head (
    id TINYINT NOT NULL PRIMARY KEY CHECK (id = 1), seq BIGINT NOT NULL, hash ${hash} NULL, seal ${hash} NULL
  ) ${table}`,
];

/** Added one by one, so that a run killed in its middle is done again. */
const columns = [
  ["made_by", `${id} NULL`],
  ["made_at", "DATETIME(3) NULL"],
  ["ended_by", `${id} NULL`],
  ["ended_at", "DATETIME(3) NULL"],
] as const;

export class SecurityLog1700000000024 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
    for (const [column, definition] of columns)
      if (!(await runner.hasColumn("appointment", column)))
        await runner.query(`ALTER TABLE appointment ADD COLUMN ${column} ${definition}`);
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
