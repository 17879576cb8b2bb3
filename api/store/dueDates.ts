/** The days that fields of records say, of many types in one statement: each a range of the field's own index. */
import type { RecordType } from "../../schema/definition";
import { columnName } from "../../schema/fields";
import { marks, type Sql, type SqlValue } from "./database";
import { noteRows } from "./looks";
import { tableName } from "./recordTable";
import { cursorOf, limitOf, type Page, type PageArgs, pageCursor } from "./visibleRecords";
import { type Viewer, visibilityFor } from "./visibility";

export interface DueDate {
  type: string;
  record: string;
  recordTitle: string;
  field: string;
  /** The last day of a date that is a month or a year. */
  on: string;
}

export interface DateSource {
  type: RecordType;
  field: string;
  /** Only of records in one of these. */
  states: string[];
}

/** Dates, both included. `naming`: only of records that name this person. */
export interface DateArgs extends PageArgs {
  from: string;
  to: string;
  naming?: string | undefined;
}

/** Of records that may be seen, soonest first; whether the fields may be is the caller's to know. */
export async function readDueDates(
  sql: Sql,
  viewer: Viewer,
  sources: DateSource[],
  args: DateArgs,
): Promise<Page<DueDate>> {
  const limit = limitOf(args);
  const after = args.after ? pageCursor(args.after) : undefined;
  const organisations = viewer.access.organisations.map(({ id }) => id);
  const within = viewer.access.system ? "1 = 1" : `r.organisation IN (${marks(organisations.length)})`;
  const parts: string[] = [];
  const params: SqlValue[] = [];
  for (const { type, field, states } of sources) {
    const visibility = visibilityFor(viewer, type);
    if (visibility === "none" || !states.length) continue;
    const day = `r.${columnName(field)}`;
    // A record may have several days: the id of the entry is both.
    const id = `CONCAT(r.id, '.${field}')`;
    const seek = after ? ` AND (${day} > ? OR ${id} > ?)` : "";
    const naming = args.naming === undefined ? "" : " AND r.id IN (SELECT record FROM record_party WHERE person = ?)";
    parts.push(`(SELECT '${type.name}' AS type, '${field}' AS field, r.id AS record, r.title, ${day} AS k, ${id} AS id
      FROM ${tableName(type.name)} r
      WHERE ${within} AND ${day} BETWEEN ? AND ?${seek} AND r.state IN (${marks(states.length)})${naming}
        AND ${visibility.sql("r")} ORDER BY ${day}, r.id LIMIT ${limit + 1})`);
    params.push(...(viewer.access.system ? [] : organisations));
    params.push(after && after[0] > args.from ? after[0] : args.from, args.to, ...(after ?? []), ...states);
    params.push(...(args.naming === undefined ? [] : [args.naming]), ...visibility.params(viewer.scopeOf));
  }
  if (!parts.length) return { nodes: [], hasNextPage: false, endCursor: null };
  const rows = await sql.queryText(
    `SELECT * FROM (${parts.join(" UNION ALL ")}) every_date ORDER BY k, id LIMIT ${limit + 1}`,
    params,
  );
  const nodes = rows.slice(0, limit).map((row): DueDate & { id: string } => ({
    id: String(row["id"]),
    type: String(row["type"]),
    record: String(row["record"]),
    recordTitle: String(row["title"]),
    field: String(row["field"]),
    on: String(row["k"]),
  }));
  noteRows(viewer, nodes);
  const last = nodes.at(-1);
  return {
    nodes,
    hasNextPage: rows.length > limit,
    endCursor: last ? cursorOf(last.on, last.id) : null,
  };
}
