/** References people say aloud: "POL-2026-0012", counted per organisation and year; of confidential types, drawn. */
import { randomInt } from "node:crypto";
import type { RecordType } from "../../schema/definition";
import { marks, type Tx } from "./database";
import { tableName } from "./recordTable";

/**
 * References for this many new records, none used before. The counter's row is held until the transaction ends, so that
 * nobody else is given the same ones meanwhile.
 */
export async function nextReferences(
  tx: Tx,
  type: RecordType,
  organisation: string,
  today: string,
  count: number,
): Promise<string[]> {
  const year = today.slice(0, 4);
  // A pattern that names no year is counted on through all of them.
  const counter = type.reference.includes("{year}") ? Number(year) : 0;
  await tx.execute(
    `INSERT INTO reference_counter (organisation, type, year, last) VALUES (?, ?, ?, LAST_INSERT_ID(?))
     ON DUPLICATE KEY UPDATE last = LAST_INSERT_ID(last + ?)`,
    [organisation, type.name, counter, count, count],
  );
  const referenceOf = (n: number): string =>
    type.reference.replaceAll("{year}", year).replaceAll("{n}", String(n).padStart(4, "0"));
  if (type.confidential) return drawReferences(tx, type, organisation, count, referenceOf);
  const [row] = await tx.query("SELECT LAST_INSERT_ID() AS n");
  return Array.from({ length: count }, (_, index) => referenceOf(Number(row?.["n"]) - count + 1 + index));
}

const fewestDigits = 5;
const drawsPerLength = 5;

/** Numbers nobody has: how many confidential records there are, and which came first, must not show. */
async function drawReferences(
  tx: Tx,
  type: RecordType,
  organisation: string,
  count: number,
  referenceOf: (n: number) => string,
): Promise<string[]> {
  const drawn = new Set<string>();
  for (let draws = 0; drawn.size < count; draws++) {
    // Where so many are taken that some were missing five times, they are running out, and get longer.
    const digits = fewestDigits + Math.floor(draws / drawsPerLength);
    const some = Array.from({ length: count - drawn.size }, () =>
      referenceOf(randomInt(10 ** (digits - 1), 10 ** digits)),
    );
    const taken = await tx.query(
      `SELECT reference FROM ${tableName(type.name)} WHERE organisation = ? AND reference IN (${marks(some.length)})`,
      [organisation, ...some],
    );
    const known = new Set(taken.map((row) => String(row["reference"])));
    for (const reference of some) if (!known.has(reference)) drawn.add(reference);
  }
  return [...drawn];
}
