/** Who is away, and whose tasks are in other hands. A holder's row keeps whom it is `instead_of`. */
import { datetime, marks, type Row, type Sql, type SqlValue, textOrNull, type Tx } from "./database";

export interface AbsenceRow {
  id: string;
  organisation: string;
  person: string;
  standIn: string;
  /** ISO dates, both included. */
  from: string;
  to: string;
  state: "planned" | "on" | "over";
}

const columns = "id, organisation, person, stand_in, from_on, to_on, state";

const absenceOf = (row: Row): AbsenceRow => ({
  id: String(row["id"]),
  organisation: String(row["organisation"]),
  person: String(row["person"]),
  standIn: String(row["stand_in"]),
  from: String(row["from_on"]),
  to: String(row["to_on"]),
  state: row["state"] as AbsenceRow["state"],
});

export async function insertAbsence(tx: Tx, absence: AbsenceRow, by: string | null, at: string): Promise<void> {
  const { id, organisation, person, standIn, from, to, state } = absence;
  await tx.execute(`INSERT INTO absence (${columns}, created_by, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, [
    id,
    organisation,
    person,
    standIn,
    from,
    to,
    state,
    by,
    datetime(at),
  ]);
}

export async function lockAbsence(tx: Tx, id: string): Promise<AbsenceRow | undefined> {
  const [row] = await tx.query(`SELECT ${columns} FROM absence WHERE id = ? FOR UPDATE`, [id]);
  return row && absenceOf(row);
}

const turns = "((state = 'on' AND to_on < ?) OR (state = 'planned' AND from_on <= ?))";

/** Those that begin or are over by this date and have not been dealt with, endings first. Reads without locks. */
export async function turningAbsences(sql: Sql, today: string): Promise<{ id: string; organisation: string }[]> {
  const rows = await sql.query(
    `SELECT id, organisation FROM absence WHERE ${turns} ORDER BY state = 'planned', id LIMIT 1000`,
    [today, today],
  );
  return rows.map((row) => ({ id: String(row["id"]), organisation: String(row["organisation"]) }));
}

/** One of those, unless another process has it or has dealt with it. */
export async function lockTurning(tx: Tx, id: string, today: string): Promise<AbsenceRow | undefined> {
  const [row] = await tx.query(
    `SELECT ${columns} FROM absence WHERE id = ? AND ${turns} LIMIT 1 FOR UPDATE SKIP LOCKED`,
    [id, today, today],
  );
  return row && absenceOf(row);
}

export async function saveAbsence(tx: Tx, { id, to, state }: Pick<AbsenceRow, "id" | "to" | "state">): Promise<void> {
  await tx.execute("UPDATE absence SET to_on = ?, state = ? WHERE id = ?", [to, state, id]);
}

export const deleteAbsence = (tx: Tx, id: string) => tx.execute("DELETE FROM absence WHERE id = ?", [id]);

/** Those of these people that are planned or on, soonest first. */
export async function absencesOf(sql: Sql, persons: string[]): Promise<AbsenceRow[]> {
  const rows = await sql.query(
    `SELECT ${columns} FROM absence WHERE state <> 'over' AND person IN (${marks(persons.length)}) ORDER BY from_on, id`,
    persons,
  );
  return rows.map(absenceOf);
}

/** Those during which this person stands in for another. */
export async function stoodInBy(sql: Sql, person: string): Promise<AbsenceRow[]> {
  const rows = await sql.query(
    `SELECT ${columns} FROM absence WHERE state <> 'over' AND stand_in = ? ORDER BY from_on, id`,
    [person],
  );
  return rows.map(absenceOf);
}

/** Of a whole organisation, planned or on. */
export async function absencesIn(sql: Sql, organisation: string): Promise<AbsenceRow[]> {
  const rows = await sql.query(
    `SELECT ${columns} FROM absence WHERE state <> 'over' AND organisation = ? ORDER BY from_on, id LIMIT 500`,
    [organisation],
  );
  return rows.map(absenceOf);
}

/** Who is away now. */
export async function awayNow(sql: Sql): Promise<Map<string, AbsenceRow>> {
  const rows = await sql.query(`SELECT ${columns} FROM absence WHERE state = 'on'`);
  return new Map(rows.map((row) => [String(row["person"]), absenceOf(row)]));
}

/** The group `away`: who is absent on this day, at whichever school it was entered. */
export async function awayOn(sql: Sql, day: string): Promise<string[]> {
  const rows = await sql.query(
    "SELECT DISTINCT person FROM absence WHERE state <> 'over' AND from_on <= ? AND to_on >= ? ORDER BY person",
    [day, day],
  );
  return rows.map(({ person }) => String(person));
}

export interface OpenPart {
  task: string;
  type: string;
  record: string;
}

/** How many parts one look finds: their records are locked and held together, and may be large. */
const MAX_PARTS = 50;

/**
 * What a person holds themself, what others hold in their place while they are away, and what they took over from others:
 * from whoever stands in for somebody as well.
 */
export type PartsOf = keyof typeof partsWhere;

const partsWhere = {
  own: "h.person = ? AND h.instead_of IS NULL",
  passed: "h.instead_of = ? AND h.passed IN ('away', 'handed on')",
  "taken over": "h.person = ? AND h.passed IN ('handed over', 'handed on')",
};

/** Parts of open tasks, those behind `after`. */
export async function partsOf(
  sql: Sql,
  person: string,
  whose: PartsOf,
  after: Pick<OpenPart, "record" | "task"> = { record: "", task: "" },
): Promise<OpenPart[]> {
  const rows = await sql.query(
    `SELECT t.id, t.type, t.record FROM task_holder h JOIN task t ON t.id = h.task
     WHERE ${partsWhere[whose]} AND h.open = 1 AND h.done_at IS NULL AND t.state = 'open' AND (t.record, t.id) > (?, ?)
     ORDER BY t.record, t.id LIMIT ${MAX_PARTS}`,
    [person, after.record, after.task],
  );
  return rows.map((row) => ({ task: String(row["id"]), type: String(row["type"]), record: String(row["record"]) }));
}

/**
 * How a part left whose it is: by their own hand, as they are away, or as they are away and then by the stand-in's hand
 * and those after it.
 */
export type Passed = "handed over" | "away" | "handed on";

/** Puts a holder's part into other hands. */
export async function passPart(
  tx: Tx,
  part: { task: string; from: string; to: string; passed: Exclude<Passed, "handed on"> },
): Promise<void> {
  await tx.execute(
    `UPDATE task_holder SET instead_of = COALESCE(instead_of, person), person = ?,
       passed = IF(passed IN ('away', 'handed on'), 'handed on', ?)
     WHERE task = ? AND person = ? AND done_at IS NULL`,
    [part.to, part.passed, part.task, part.from],
  );
}

/**
 * Gives back what another holds of a task in a person's place. Where that person holds the part of somebody else by now,
 * this goes back as well, and so on: a task has one row for each holder. (`refusalToHold` lets nobody hold two; rows from
 * before it did may stand so.) Who has done such a part keeps that alone.
 */
export async function returnPart(tx: Tx, person: string, task: string): Promise<void> {
  const rows = await tx.query(
    "SELECT organisation, person, instead_of, done_at FROM task_holder WHERE task = ? FOR UPDATE",
    [task],
  );
  const returning: string[] = [];
  for (let whose: string | null = person; whose !== null && !returning.includes(whose);) {
    if (!rows.some((row) => row["instead_of"] === whose && row["done_at"] === null)) break;
    returning.push(whose);
    whose = textOrNull(rows.find((row) => row["person"] === whose)?.["instead_of"] ?? null);
  }
  if (!returning.length) return;
  await tx.execute(
    `DELETE FROM task_holder WHERE task = ? AND done_at IS NULL AND instead_of IN (${marks(returning.length)})`,
    [task, ...returning],
  );
  for (const each of returning)
    await tx.execute(
      "INSERT INTO task_holder (task, person, organisation, open) VALUES (?, ?, ?, 1) ON DUPLICATE KEY UPDATE task = VALUES(task)",
      [task, each, String(rows[0]?.["organisation"])],
    );
}

export interface PassedPart {
  task: string;
  from: string;
  to: string;
  passed: Passed;
}

/** Of tasks already seen. */
export async function passedParts(sql: Sql, tasks: readonly string[]): Promise<PassedPart[]> {
  const params: SqlValue[] = [...tasks];
  const rows = await sql.query(
    `SELECT task, instead_of, person, passed FROM task_holder
     WHERE instead_of IS NOT NULL AND task IN (${marks(tasks.length)})`,
    params,
  );
  return rows.map((row) => ({
    task: String(row["task"]),
    from: String(row["instead_of"]),
    to: String(row["person"]),
    passed: row["passed"] as PassedPart["passed"],
  }));
}
