import { marks, type Sql, type TextValue } from "./database";

export interface LinkRow {
  from: string;
  fromType: string;
  field: string;
  to: string;
  toType: string;
}

const columns = "l.record, l.type, l.field, l.target, l.target_type";

/** Links that lead away from some records, and links that lead to others; the newest `limit` of each. One statement. */
export async function linksAround(
  sql: Sql,
  organisations: string[],
  awayFrom: string[],
  leadingTo: string[],
  limit: number,
): Promise<LinkRow[]> {
  const parts: string[] = [];
  const params: TextValue[] = [];
  const add = (where: string, values: string[]) => {
    parts.push(
      `(SELECT ${columns} FROM record_link l WHERE ${where} ORDER BY l.record DESC, l.position LIMIT ${limit})`,
    );
    params.push(...values);
  };
  if (awayFrom.length) add(`l.record IN (${marks(awayFrom.length)})`, awayFrom);
  if (leadingTo.length && organisations.length)
    add(`l.organisation IN (${marks(organisations.length)}) AND l.target IN (${marks(leadingTo.length)})`, [
      ...organisations,
      ...leadingTo,
    ]);
  if (!parts.length) return [];
  const rows = await sql.queryText(parts.join(" UNION ALL "), params);
  return rows.map((row) => ({
    from: String(row["record"]),
    fromType: String(row["type"]),
    field: String(row["field"]),
    to: String(row["target"]),
    toType: String(row["target_type"]),
  }));
}
