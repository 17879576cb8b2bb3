/** How an organisation mails and what a person has chosen; what kind of mail went, and when what it tells of is due. */
import type { MigrationInterface, QueryRunner } from "typeorm";

const name = "VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin";

const statements = [
  `ALTER TABLE organisation
    ADD COLUMN mail_pace ${name} NOT NULL DEFAULT 'digest',
    ADD COLUMN mail_days ${name} NOT NULL DEFAULT 'working',
    ADD COLUMN digest_at CHAR(5) NOT NULL DEFAULT '08:00',
    ADD COLUMN colour CHAR(7) NULL`,
  // Null: as the organisation does.
  `ALTER TABLE person
    ADD COLUMN mail_pace ${name} NULL,
    ADD COLUMN mail_from CHAR(5) NULL,
    ADD COLUMN mail_to CHAR(5) NULL,
    ADD COLUMN mail_optional TINYINT(1) NOT NULL DEFAULT 1`,
  `ALTER TABLE notice ADD COLUMN due_on DATE NULL`,
  // One digest for each person and day: the key holds whoever composes it.
  `ALTER TABLE mail
    MODIFY state ENUM('queued','sending','sent','kept','failed','replaced') NOT NULL,
    ADD COLUMN urgent TINYINT(1) NOT NULL DEFAULT 0,
    ADD COLUMN digest_on DATE NULL,
    ADD UNIQUE KEY digest (person, digest_on)`,
];

export class MailRules1700000000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
