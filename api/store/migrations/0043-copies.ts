/** A database knows where it lives, so that a copy of it is recognised; and which key it was made with. */
import type { MigrationInterface, QueryRunner } from "typeorm";

const hash = "CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL";
const columns = [
  { name: "place", as: "VARCHAR(500) NULL" },
  { name: "held_since", as: "DATETIME(3) NULL" },
  // The last notice or email there was when it was held: what comes later is of the copy alone.
  { name: "held_mark", as: "CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NULL" },
  // The instant of a release that was begun, school time: a release that was killed goes on with it.
  { name: "release_at", as: "DATETIME(3) NULL" },
  { name: "held_why", as: "VARCHAR(300) NULL" },
  { name: "key_fingerprint", as: hash },
  { name: "last_backup_at", as: "DATETIME(3) NULL" },
];

export class Copies1700000000043 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const { name, as } of columns)
      if (!(await runner.hasColumn("installation", name)))
        await runner.query(`ALTER TABLE installation ADD COLUMN ${name} ${as}`);
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}
