/** The reports that were made as files. */
import { datetime, instant, marks, type Sql, textOrNull } from "./database";

export interface MadeReport {
  id: string;
  organisation: string;
  report: string;
  record: string | null;
  from: string | null;
  to: string | null;
  format: string;
  names: string;
  person: string;
  at: string;
  /** SHA-256 of the file, hex. */
  hash: string;
  /** Bytes. */
  size: number;
}

export async function insertMade(sql: Sql, made: MadeReport): Promise<void> {
  const { id, organisation, report, record, from, to, format, names, person, at, hash, size } = made;
  await sql.execute(
    `INSERT INTO report_made (id, organisation, report, record, from_on, to_on, format, names, person, at, hash, size)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [id, organisation, report, record, from, to, format, names, person, datetime(at), hash, size],
  );
}

/** Of these reports, newest first. */
export async function madeReports(
  sql: Sql,
  organisation: string,
  reports: string[],
  first: number,
): Promise<MadeReport[]> {
  if (!reports.length) return [];
  const rows = await sql.query(
    `SELECT * FROM report_made WHERE organisation = ? AND report IN (${marks(reports.length)})
     ORDER BY at DESC, id DESC LIMIT ${Math.trunc(first)}`,
    [organisation, ...reports],
  );
  return rows.map((row) => ({
    id: String(row["id"]),
    organisation: String(row["organisation"]),
    report: String(row["report"]),
    record: textOrNull(row["record"]),
    from: textOrNull(row["from_on"]),
    to: textOrNull(row["to_on"]),
    format: String(row["format"]),
    names: String(row["names"]),
    person: String(row["person"]),
    at: instant(String(row["at"])),
    hash: String(row["hash"]),
    size: Number(row["size"]),
  }));
}
