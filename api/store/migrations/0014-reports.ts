/** Which reports were made as a file: of what, by whom, and the hash by which one can be told to be that very file. */
import type { MigrationInterface, QueryRunner } from "typeorm";

const id = "CHAR(26) CHARACTER SET ascii COLLATE ascii_bin";
const name = "VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin";
const hash = "CHAR(64) CHARACTER SET ascii COLLATE ascii_bin";

export class Reports1700000000014 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE report_made (
        id ${id} NOT NULL PRIMARY KEY, organisation ${id} NOT NULL, report ${name} NOT NULL, record ${id} NULL,
        from_on DATE NULL, to_on DATE NULL, format ${name} NOT NULL, names ${name} NOT NULL, person ${id} NOT NULL,
        at DATETIME(3) NOT NULL, hash ${hash} NOT NULL, size INT NOT NULL, KEY at (organisation, report, at, id)
      ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`,
    );
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
