/** Tasks in other hands: handed over, or with whoever stands in for somebody who is away. */
import type { MigrationInterface, QueryRunner } from "typeorm";

const id = "CHAR(26) CHARACTER SET ascii COLLATE ascii_bin";

const statements = [
  // `instead_of`: who would hold it by its rule, and holds it again when it comes back.
  `ALTER TABLE task_holder
    ADD COLUMN instead_of ${id} NULL,
    ADD COLUMN passed ENUM('handed over','away') NULL,
    ADD KEY instead_of (instead_of)`,
  `CREATE TABLE absence (
    id ${id} NOT NULL PRIMARY KEY, organisation ${id} NOT NULL, person ${id} NOT NULL, stand_in ${id} NOT NULL,
    from_on DATE NOT NULL, to_on DATE NOT NULL, state ENUM('planned','on','over') NOT NULL,
    created_by ${id} NULL, created_at DATETIME(3) NOT NULL,
    KEY person (person, from_on), KEY to_turn (state, from_on)
  ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`,
];

export class HandOver1700000000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
