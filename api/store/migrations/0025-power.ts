/**
 * Requests that a second person confirms, or that take effect after a delay: powerful roles, definitions that open a
 * confidential type, addresses and sign-in links of those who hold such a role.
 */
import type { MigrationInterface, QueryRunner } from "typeorm";

const id = "CHAR(26) CHARACTER SET ascii COLLATE ascii_bin";
const name = "VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin";
const hash = "CHAR(64) CHARACTER SET ascii COLLATE ascii_bin";
const table = "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin";

const statements = [
  // Machine time throughout: a moved school clock shortens no delay. `deed` is what is done once it takes effect.
  `CREATE TABLE IF NOT EXISTS power_request (
    id ${id} NOT NULL PRIMARY KEY,
    organisation ${id} NOT NULL,
    batch ${id} NOT NULL,
    kind ${name} NOT NULL,
    person ${id} NULL,
    roles TEXT NOT NULL,
    sentence VARCHAR(1000) NOT NULL,
    deed MEDIUMTEXT NOT NULL,
    fingerprint ${hash} NOT NULL,
    asked_by ${id} NOT NULL,
    asked_at DATETIME(3) NOT NULL,
    effective_at DATETIME(3) NOT NULL,
    state ENUM('waiting','approved','done','stopped','failed') NOT NULL,
    decided_by ${id} NULL,
    decided_at DATETIME(3) NULL,
    why VARCHAR(1000) NULL,
    attempts SMALLINT NOT NULL DEFAULT 0,
    retry_at DATETIME(3) NULL,
    KEY waiting (state, effective_at),
    KEY organisation (organisation, state, id),
    KEY person (person, state),
    KEY fingerprint (fingerprint, state)
  ) ${table}`,
  // Whom a request concerns, and which state of it they have seen: the banner at sign-in.
  `CREATE TABLE IF NOT EXISTS power_concern (
    request ${id} NOT NULL, person ${id} NOT NULL, seen ${name} NOT NULL DEFAULT '',
    PRIMARY KEY (request, person), KEY person (person, request)
  ) ${table}`,
];

const columns = [
  // Hours until an unanswered request takes effect.
  ["organisation", "power_delay_hours", "SMALLINT NOT NULL DEFAULT 24"],
  // It was live once: a later day to go live does not make it new again.
  ["organisation", "was_live", "TINYINT(1) NOT NULL DEFAULT 0"],
  // The link was shown to whoever made it, instead of being mailed to its person.
  ["sign_in_link", "shown", "TINYINT(1) NOT NULL DEFAULT 0"],
] as const;

export class Power1700000000025 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
    for (const [owner, column, definition] of columns)
      if (!(await runner.hasColumn(owner, column)))
        await runner.query(`ALTER TABLE ${owner} ADD COLUMN ${column} ${definition}`);
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
