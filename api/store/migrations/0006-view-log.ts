/** Who opened which confidential record: one row for each person, record and ten minutes. Rows are only ever added. */
import type { MigrationInterface, QueryRunner } from "typeorm";

const id = "CHAR(26) CHARACTER SET ascii COLLATE ascii_bin";

export class ViewLog1700000000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // `slot` numbers the ten minutes since 1970, so that looking again within them adds nothing, whoever writes.
    await runner.query(`CREATE TABLE view_log (
      id ${id} NOT NULL PRIMARY KEY,
      organisation ${id} NOT NULL,
      record ${id} NOT NULL,
      person ${id} NOT NULL,
      slot INT NOT NULL,
      at DATETIME(3) NOT NULL,
      UNIQUE KEY once (record, slot, person),
      KEY newest (record, at, id)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
