/** A second school under the same trust, with somebody of every role: what they may not see is the first school's. */
import { hash } from "@node-rs/argon2";
import { ulid } from "ulid";
import { openDatabase } from "../api/store/database";
import { emailOf } from "./product";

export async function newSchoolBeside(databaseUrl: string): Promise<{ organisation: string; person: string }> {
  const db = openDatabase(databaseUrl, 2);
  try {
    const [root] = await db.query("SELECT id FROM organisation WHERE parent IS NULL");
    const [organisation, person] = [ulid(), ulid()];
    await db.execute(
      "INSERT INTO organisation (id, parent, name, kind, zone) VALUES (?, ?, 'Other School', 'school', 'Europe/London')",
      [organisation, String(root?.["id"])],
    );
    await db.execute(
      "INSERT INTO person (id, organisation, name, name_folded, email) VALUES (?, ?, 'Stella Otherschool', 'stella otherschool', ?)",
      [person, organisation, emailOf("Stella Otherschool")],
    );
    await db.execute("INSERT INTO credential (person, password_hash) VALUES (?, ?)", [
      person,
      await hash("a password for tests only"),
    ]);
    for (const role of await db.query("SELECT name FROM role"))
      await db.execute(
        "INSERT INTO appointment (id, organisation, person, role, from_on) VALUES (?, ?, ?, ?, '2020-01-01')",
        [ulid(), organisation, person, String(role["name"])],
      );
    await db.execute("UPDATE installation SET access_edition = access_edition + 1 WHERE id = 1");
    return { organisation, person };
  } finally {
    await db.close();
  }
}
