/**
 * What has been kept long enough: the bodies of emails and notices, what a request looked at, and clocks that nothing asks
 * for any more. Who, when and what about stays, with the SHA-256 of what went. Read by pages in the order of their ids,
 * from a cursor; what belongs to a record that is not over is passed by. Several workers may come by the same: the first
 * writes the hash.
 */
import { createHash } from "node:crypto";
import { marks, type Row, type Sql, type SqlValue } from "./database";
import type { Registry } from "./definitions";
import { tableName } from "./recordTable";

export const AGED_PAGE = 500;

/** How far a round has come: null once nothing older is left. */
export interface Swept {
  cleared: number;
  cursor: string | null;
}

const sha256 = (...texts: unknown[]): string =>
  createHash("sha256")
    .update(texts.map((text) => String(text ?? "")).join("\n"))
    .digest("hex");

const text = (row: Row, name: string): string => String(row[name]);

interface Of {
  type: string;
  record: string;
}

/** Of these records, those whose state ends them. One of a type that is unknown is not over. */
async function overOnes(sql: Sql, { types }: Registry, found: Of[]): Promise<Set<string>> {
  const byType = new Map<string, Set<string>>();
  for (const { type, record } of found) byType.set(type, (byType.get(type) ?? new Set()).add(record));
  const over = new Set<string>();
  for (const [name, ids] of byType) {
    const states = types.get(name)?.active.type.states;
    if (!states) continue;
    const rows = await sql.queryText(`SELECT id, state FROM ${tableName(name)} WHERE id IN (?)`, [[...ids]]);
    for (const row of rows) if (states[text(row, "state")]?.end) over.add(text(row, "id"));
  }
  return over;
}

/** Rows of a page that are old enough, and where the next page begins. */
function page(rows: Row[], before: string): { old: Row[]; cursor: string | null } {
  const old = rows.filter((row) => text(row, "at") < before);
  const last = rows.at(-1);
  // Ids are in the order of their time: behind a whole page of newer ones there is nothing older.
  return { old, cursor: rows.length < AGED_PAGE || !last || !old.length ? null : text(last, "id") };
}

/** `before` as the columns write it: "2024-11-23 09:00:00". */
export async function clearMailBodies(sql: Sql, registry: Registry, before: string, after: string): Promise<Swept> {
  const rows = await sql.query(
    `SELECT id, created_at AS at, state, body_hash FROM mail WHERE id > ? ORDER BY id LIMIT ${AGED_PAGE}`,
    [after],
  );
  const { old, cursor } = page(rows, before);
  const ids = old
    .filter((row) => row["body_hash"] === null && ["sent", "kept", "failed"].includes(text(row, "state")))
    .map((row) => text(row, "id"));
  if (!ids.length) return { cleared: 0, cursor };
  const about = await sql.queryText("SELECT mail, type, record FROM notice WHERE mail IN (?)", [ids]);
  const over = await overOnes(sql, registry, about.map(ofRow));
  const failing = await sql.queryText("SELECT subject FROM fault WHERE open = 1 AND subject IN (?)", [ids]);
  const kept = new Set([
    ...about.filter((row) => !over.has(text(row, "record"))).map((row) => text(row, "mail")),
    // Somebody may still send it again.
    ...failing.map((row) => text(row, "subject")),
  ]);
  const clearing = ids.filter((id) => !kept.has(id));
  const bodies = clearing.length
    ? await sql.queryText("SELECT id, text_body, html_body FROM mail WHERE id IN (?)", [clearing])
    : [];
  for (const row of bodies)
    await sql.execute(
      `UPDATE mail SET text_body = '', html_body = '', slots = NULL, calendar = NULL, body_hash = ?
       WHERE id = ? AND body_hash IS NULL AND state IN ('sent', 'kept', 'failed')`,
      [sha256(row["text_body"], row["html_body"]), text(row, "id")],
    );
  return { cleared: bodies.length, cursor };
}

const ofRow = (row: Row): Of => ({ type: text(row, "type"), record: text(row, "record") });

export async function clearNoticeBodies(sql: Sql, registry: Registry, before: string, after: string): Promise<Swept> {
  const rows = await sql.query(
    `SELECT id, created_at AS at, type, record, outcome, body_hash FROM notice WHERE id > ? ORDER BY id LIMIT ${AGED_PAGE}`,
    [after],
  );
  const { old, cursor } = page(rows, before);
  const settled = old.filter(
    (row) => row["body_hash"] === null && !["planned", "in mail"].includes(text(row, "outcome")),
  );
  const over = await overOnes(sql, registry, settled.map(ofRow));
  const clearing = settled.filter((row) => over.has(text(row, "record"))).map((row) => text(row, "id"));
  const bodies = clearing.length
    ? await sql.queryText("SELECT id, subject, body FROM notice WHERE id IN (?)", [clearing])
    : [];
  for (const row of bodies)
    await sql.execute("UPDATE notice SET body = '', event = NULL, body_hash = ? WHERE id = ? AND body_hash IS NULL", [
      sha256(row["subject"], row["body"]),
      text(row, "id"),
    ]);
  return { cleared: bodies.length, cursor };
}

/** Which records one request read. Who looked at a record stays in `view_log`, and that they asked, and what, here. */
export async function clearSeen(sql: Sql, before: string, after: string): Promise<Swept> {
  const rows = await sql.query(`SELECT id, at, seen FROM view_request WHERE id > ? ORDER BY id LIMIT ${AGED_PAGE}`, [
    after,
  ]);
  const { old, cursor } = page(rows, before);
  const clearing = old.filter((row) => row["seen"] !== null);
  for (const row of clearing)
    await sql.execute("UPDATE view_request SET seen = NULL, seen_hash = ? WHERE id = ? AND seen_hash IS NULL", [
      sha256(row["seen"]),
      text(row, "id"),
    ]);
  return { cleared: clearing.length, cursor };
}

/**
 * Clocks that were cancelled, and those of a single use (an event sent, a roster filled) that have fired. A clock of a rule
 * that has fired stays: by it the same occurrence never fires twice. `before`: an id of that time.
 */
export async function deleteSpentTimers(sql: Sql, before: string, after: string): Promise<Swept> {
  // Not by their state: those that stay are more with every year.
  const rows = await sql.query(
    `SELECT id, state, rule FROM timer WHERE id > ? AND id < ? ORDER BY id LIMIT ${AGED_PAGE}`,
    [after, before],
  );
  const spent = rows.filter(
    (row) => row["state"] === "cancelled" || (row["state"] === "fired" && /^(send|roster):/.test(text(row, "rule"))),
  );
  if (spent.length)
    await sql.execute(
      `DELETE FROM timer WHERE id IN (${marks(spent.length)}) AND state IN ('cancelled', 'fired')`,
      spent.map((row): SqlValue => text(row, "id")),
    );
  const last = rows.at(-1);
  return { cleared: spent.length, cursor: last && rows.length === AGED_PAGE ? text(last, "id") : null };
}
