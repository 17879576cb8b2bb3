/**
 * What has been kept long enough: the bodies of emails and notices, what a request looked at, and clocks that nothing asks
 * for any more. Who, when and what about stays, with the SHA-256 of what went. Read by pages in the order of their ids,
 * from a cursor; the text of what belongs to a record that is not over is passed by. Several workers may come by the same: the first
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

/** States of an email that nothing sends any more, unless somebody tries it again. */
const SETTLED = ["sent", "kept", "failed", "replaced"];

/** Of these emails or notices, those that somebody may still have sent again. */
async function failingOnes(sql: Sql, ids: string[]): Promise<Set<string>> {
  const rows = ids.length
    ? await sql.queryText("SELECT subject FROM fault WHERE open = 1 AND subject IN (?)", [ids])
    : [];
  return new Set(rows.map((row) => text(row, "subject")));
}

/** `before` as the columns write it: "2024-11-23 09:00:00". */
export async function clearMailBodies(sql: Sql, registry: Registry, before: string, after: string): Promise<Swept> {
  const rows = await sql.query(
    `SELECT id, created_at AS at, state, body_hash FROM mail WHERE id > ? ORDER BY id LIMIT ${AGED_PAGE}`,
    [after],
  );
  const { old, cursor } = page(rows, before);
  const ids = old
    .filter((row) => row["body_hash"] === null && SETTLED.includes(text(row, "state")))
    .map((row) => text(row, "id"));
  if (!ids.length) return { cleared: 0, cursor };
  const about = await sql.queryText("SELECT mail, type, record FROM notice WHERE mail IN (?)", [ids]);
  const over = await overOnes(sql, registry, about.map(ofRow));
  const going = new Set(about.filter((row) => !over.has(text(row, "record"))).map((row) => text(row, "mail")));
  const failing = await failingOnes(sql, ids);
  const clearing = ids.filter((id) => !going.has(id) && !failing.has(id));
  const bodies = clearing.length
    ? await sql.queryText("SELECT id, text_body, html_body FROM mail WHERE id IN (?)", [clearing])
    : [];
  for (const row of bodies)
    await sql.execute(
      `UPDATE mail SET text_body = '', html_body = '', slots = NULL, calendar = NULL, body_hash = ?
       WHERE id = ? AND body_hash IS NULL AND state IN (${marks(SETTLED.length)})`,
      [sha256(row["text_body"], row["html_body"]), text(row, "id"), ...SETTLED],
    );
  return { cleared: bodies.length, cursor };
}

const ofRow = (row: Row): Of => ({ type: text(row, "type"), record: text(row, "record") });

export async function clearNoticeBodies(sql: Sql, registry: Registry, before: string, after: string): Promise<Swept> {
  const rows = await sql.query(
    `SELECT n.id, n.created_at AS at, n.type, n.record, n.outcome, n.body_hash, n.mail, m.state FROM notice n
     LEFT JOIN mail m ON m.id = n.mail WHERE n.id > ? ORDER BY n.id LIMIT ${AGED_PAGE}`,
    [after],
  );
  const { old, cursor } = page(rows, before);
  // The notices of an email that was kept stay "in mail".
  const isSettled = (row: Row): boolean =>
    row["outcome"] === "in mail" ? SETTLED.includes(text(row, "state")) : row["outcome"] !== "planned";
  const settled = old.filter((row) => row["body_hash"] === null && isSettled(row));
  const over = await overOnes(sql, registry, settled.map(ofRow));
  const done = settled.filter((row) => over.has(text(row, "record")));
  const failing = await failingOnes(
    sql,
    done.flatMap((row) => [text(row, "id"), ...(row["mail"] === null ? [] : [text(row, "mail")])]),
  );
  const clearing = done
    .filter((row) => !failing.has(text(row, "id")) && !failing.has(text(row, "mail")))
    .map((row) => text(row, "id"));
  const bodies = clearing.length
    ? await sql.queryText("SELECT id, subject, body, outcome FROM notice WHERE id IN (?)", [clearing])
    : [];
  for (const row of bodies)
    await sql.execute(
      `UPDATE notice SET body = '', event = NULL, body_hash = ?
       WHERE id = ? AND body_hash IS NULL AND outcome = ? AND outcome <> 'planned'`,
      [sha256(row["subject"], row["body"]), text(row, "id"), text(row, "outcome")],
    );
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
 * Clocks that were cancelled, and those of a single use (an event sent, a roster filled) that have fired, whether their
 * record is over or not. A clock of a rule that has fired stays: by it the same occurrence never fires twice. `before`: as
 * the columns write it, against when it fired, or else the day for which it stood; `beforeId`: an id of that time.
 */
export async function deleteSpentTimers(sql: Sql, before: string, beforeId: string, after: string): Promise<Swept> {
  // Not by their state: those that stay are more with every year.
  const rows = await sql.query(
    `SELECT id, state, kind, COALESCE(fired_at, due_at) AS at FROM timer WHERE id > ? AND id < ? ORDER BY id LIMIT ${AGED_PAGE}`,
    [after, beforeId],
  );
  const spent = rows.filter(
    (row) =>
      text(row, "at") < before &&
      (row["state"] === "cancelled" || (row["state"] === "fired" && ["event", "roster"].includes(text(row, "kind")))),
  );
  if (spent.length)
    await sql.execute(
      `DELETE FROM timer WHERE id IN (${marks(spent.length)}) AND state IN ('cancelled', 'fired')`,
      spent.map((row): SqlValue => text(row, "id")),
    );
  const last = rows.at(-1);
  return { cleared: spent.length, cursor: last && rows.length === AGED_PAGE ? text(last, "id") : null };
}
