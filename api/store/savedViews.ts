/** Saved views and preferences: what a person keeps in one organisation. */
import type { View } from "../../schema/definition";
import type { Row, Sql } from "./database";

export interface SavedViewRow {
  id: string;
  type: string;
  /** Whose it is. */
  person: string;
  /** Shown to everybody of the organisation. */
  shared: boolean;
  view: View;
}

const rowOf = (row: Row): SavedViewRow => ({
  id: String(row["id"]),
  type: String(row["type"]),
  person: String(row["person"]),
  shared: Number(row["shared"]) === 1,
  view: JSON.parse(String(row["json"])) as View,
});

const COLUMNS = "id, type, person, shared, json";

/** The person's own and those shared with everybody, oldest first. */
export async function savedViewsOf(
  sql: Sql,
  organisation: string,
  type: string,
  person: string,
): Promise<SavedViewRow[]> {
  const rows = await sql.query(
    `SELECT ${COLUMNS} FROM saved_view WHERE organisation = ? AND type = ? AND (person = ? OR shared = 1) ORDER BY id`,
    [organisation, type, person],
  );
  return rows.map(rowOf);
}

export async function savedViewById(sql: Sql, organisation: string, id: string): Promise<SavedViewRow | undefined> {
  const rows = await sql.query(`SELECT ${COLUMNS} FROM saved_view WHERE id = ? AND organisation = ?`, [
    id,
    organisation,
  ]);
  return rows[0] && rowOf(rows[0]);
}

export async function putSavedView(sql: Sql, organisation: string, row: SavedViewRow): Promise<void> {
  await sql.execute(
    `INSERT INTO saved_view (id, organisation, type, person, shared, json) VALUES (?, ?, ?, ?, ?, ?)
     ON DUPLICATE KEY UPDATE shared = VALUES(shared), json = VALUES(json)`,
    [row.id, organisation, row.type, row.person, row.shared ? 1 : 0, JSON.stringify(row.view)],
  );
}

export async function deleteSavedView(sql: Sql, id: string): Promise<void> {
  await sql.execute("DELETE FROM saved_view WHERE id = ?", [id]);
}

/** Whose preference, and which. */
export interface PreferenceKey {
  organisation: string;
  person: string;
  name: string;
}

/** Null where nothing was kept. */
export async function preferenceOf(sql: Sql, { organisation, person, name }: PreferenceKey): Promise<unknown> {
  const rows = await sql.query("SELECT json FROM preference WHERE person = ? AND organisation = ? AND name = ?", [
    person,
    organisation,
    name,
  ]);
  return rows[0] ? (JSON.parse(String(rows[0]["json"])) as unknown) : null;
}

export async function putPreference(sql: Sql, { organisation, person, name }: PreferenceKey, value: unknown) {
  await sql.execute(
    `INSERT INTO preference (organisation, person, name, json) VALUES (?, ?, ?, ?)
     ON DUPLICATE KEY UPDATE json = VALUES(json)`,
    [organisation, person, name, JSON.stringify(value)],
  );
}
