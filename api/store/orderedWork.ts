/**
 * Tasks, timers and notices in the order of their day. What an organisation has of one state and type is one range of one index
 * (`in_order`); a page is merged from the ranges, and only the rows that it comes to are asked whether their record may
 * be seen. Of a type whose records a viewer sees only by a part of their own, their own records are the beginning.
 */
import { marks, type Row, type Sql, type SqlValue } from "./database";
import { ownRecords, recordsNaming, seesByRole } from "./ownRecords";
import { COUNTED, limitOf, onVisibleRecords, type PageArgs, pageCursor } from "./visibleRecords";
import { type HiddenClocks, hiddenClocks } from "./sight";
import { type Viewer, visibilityFor } from "./visibility";

interface Statement {
  sql: string;
  params: SqlValue[];
}

export interface Order {
  table: "task" | "timer" | "notice";
  /** The columns by which the ranges of `in_order` differ, between the organisation and the type: what each may be. */
  between: Record<string, readonly (string | number)[]>;
  /** The column that rows are in order of. */
  day: string;
  /** The index that finds the rows of a record. */
  byRecord: string;
  /** What a row without a day is sorted as, after the others; undefined where every row has one. */
  undated?: string;
  newestFirst?: true;
  /** Rules whose rows are not shown to a viewer. */
  hides?: (viewer: Viewer) => HiddenClocks;
  /** How many ranges one statement merges; of more, several are sent, each for some of them. `MAX_RANGES` unless said. */
  mostRanges?: number;
}

/** A statement of more would take longer to plan than to run: a trust has schools times types times states. */
const MAX_RANGES = 100;

export const taskOrder: Order = {
  table: "task",
  between: { state: ["open", "done", "cancelled"], unassigned: [0, 1] },
  day: "due_on",
  byRecord: "record",
  undated: "9999-12-31",
};
export const timerOrder: Order = {
  table: "timer",
  // Inner work is nobody's clock.
  between: { kind: ["rule"], state: ["waiting", "fired", "cancelled", "skipped", "dead"] },
  day: "due_at",
  byRecord: "occurrence",
  hides: hiddenClocks,
};
export const noticeOrder: Order = {
  table: "notice",
  between: {},
  day: "created_at",
  byRecord: "record",
  newestFirst: true,
};

const direction = ({ newestFirst }: Order): string => (newestFirst ? " DESC" : "");
const inOrder = (order: Order, ...columns: string[]): string =>
  columns.map((column) => `${column}${direction(order)}`).join(", ");

export interface Wanted {
  /** Column to value; null or undefined for any. */
  equal: Record<string, SqlValue | undefined>;
  /** Of the day; a row without one is in none. */
  from?: string | undefined;
  to?: string | undefined;
  before?: string | undefined;
  /** Only on records that name this person. */
  naming?: string | undefined;
}

/** A batch of candidates is this many rows at most: unseen ones cost no more memory than that. */
const MAX_BATCH = 8_000;

/** A page of the rows whose records may be seen, each with its sort key as `k`; one more tells of a next page. */
export async function readInOrder(
  sql: Sql,
  viewer: Viewer,
  order: Order,
  columns: string,
  wanted: Wanted,
  page: PageArgs,
): Promise<Row[]> {
  const room = limitOf(page) + 1;
  const after = page.after ? pageCursor(page.after) : undefined;
  const parts = await rangesOf(sql, viewer, order, wanted);
  const found: Row[] = [];
  for (const ranges of parts) found.push(...(await readPart(sql, order, columns, wanted, ranges, after, room)));
  return parts.length > 1 ? sorted(order, found).slice(0, room) : found;
}

async function readPart(
  sql: Sql,
  order: Order,
  columns: string,
  wanted: Wanted,
  ranges: Ranges,
  from: [string, string] | undefined,
  room: number,
): Promise<Row[]> {
  const found: Row[] = [];
  let after = from;
  for (let size = room, examined = 0; ;) {
    const batch = candidates(order, wanted, ranges, after, size);
    const rows = await sql.queryText(
      `SELECT ${columns}, c.k AS k, ${ranges.seen.sql} AS seen
       FROM (${batch.sql}) c STRAIGHT_JOIN ${order.table} t ON t.id = c.id ORDER BY ${inOrder(order, "c.k", "c.id")}`,
      [...ranges.seen.params, ...batch.params],
    );
    for (const row of rows) if (Number(row["seen"]) === 1 && found.length < room) found.push(row);
    const last = rows.at(-1);
    if (found.length >= room || rows.length < size || !last) return found;
    after = [String(last["k"]), String(last["id"])];
    examined += rows.length;
    size = nextSize(size, room - found.length, found.length, examined);
  }
}

/** As the statements sort: by the sort key and the id, both plain text. */
function sorted({ newestFirst }: Order, rows: Row[]): Row[] {
  const up = newestFirst ? -1 : 1;
  return rows
    .map((row) => ({ row, by: `${String(row["k"])}|${String(row["id"])}` }))
    .sort((a, b) => (a.by < b.by ? -up : up))
    .map(({ row }) => row);
}

/** So many that as many are seen as are missing, if it goes on as it began; where few are seen, twice as many at least. */
function nextSize(size: number, missing: number, seen: number, examined: number): number {
  const estimate = 16 + Math.ceil((missing * examined * 1.25) / Math.max(seen, examined / 4));
  return Math.min(seen * 4 < examined ? Math.max(estimate, 2 * size) : estimate, MAX_BATCH);
}

/** How many there are whose records may be seen, `COUNTED` + 1 at most. */
export async function countInOrder(sql: Sql, viewer: Viewer, order: Order, wanted: Wanted): Promise<number> {
  let counted = 0;
  for (const ranges of await rangesOf(sql, viewer, order, wanted))
    if (counted <= COUNTED) counted += await countPart(sql, order, wanted, ranges);
  return Math.min(counted, COUNTED + 1);
}

async function countPart(sql: Sql, order: Order, wanted: Wanted, ranges: Ranges): Promise<number> {
  let counted = 0;
  let after: [string, string] | undefined;
  for (let size = COUNTED + 1, examined = 0; ;) {
    const batch = candidates(order, wanted, ranges, after, size);
    const [row] = await sql.queryText(
      `SELECT COUNT(*) AS examined, COALESCE(SUM(x.seen), 0) AS n, ${order.newestFirst ? "MIN" : "MAX"}(CONCAT(x.k, '|', x.id)) AS last
       FROM (SELECT c.k, c.id, ${ranges.seen.sql} AS seen
             FROM (${batch.sql}) c STRAIGHT_JOIN ${order.table} t ON t.id = c.id) x`,
      [...ranges.seen.params, ...batch.params],
    );
    counted += Number(row?.["n"] ?? 0);
    const read = Number(row?.["examined"] ?? 0);
    if (counted > COUNTED || read < size) return counted;
    const [k = "", id = ""] = String(row?.["last"]).split("|");
    after = [k, id];
    examined += read;
    size = nextSize(size, COUNTED + 1 - counted, counted, examined);
  }
}

/** More than there are. */
const EVERY = 1_000_000_000;

/** How many there are of each type whose records may be seen: exact, so all that are wanted are read. */
export async function countByType(
  sql: Sql,
  viewer: Viewer,
  order: Order,
  wanted: Wanted,
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const ranges of await rangesOf(sql, viewer, order, wanted)) {
    const batch = candidates(order, wanted, ranges, undefined, EVERY);
    const rows = await sql.queryText(
      `SELECT t.type, COUNT(*) AS n FROM (${batch.sql}) c STRAIGHT_JOIN ${order.table} t ON t.id = c.id
       WHERE ${ranges.seen.sql} GROUP BY t.type`,
      [...batch.params, ...ranges.seen.params],
    );
    for (const row of rows) counts.set(String(row["type"]), (counts.get(String(row["type"])) ?? 0) + Number(row["n"]));
  }
  return counts;
}

interface Ranges {
  /** Read off the index: each of these combinations of values. */
  groups: SqlValue[][];
  /** Of the types seen by parts of one's own: the ids of the records. */
  own: { type: string; organisations: string[]; ids: Statement }[];
  /** Of a row `t`. */
  seen: Statement;
}

const groupsOf = ({ between }: Order): string[] => ["organisation", ...Object.keys(between), "type"];

/** Each combination of the values that are wanted. */
const combinations = ({ between }: Order, { equal }: Wanted): Record<string, string | number>[] =>
  Object.entries(between).reduce<Record<string, string | number>[]>(
    (rows, [column, values]) =>
      rows.flatMap((row) =>
        values
          .filter((value) => equal[column] === undefined || String(equal[column]) === String(value))
          .map((value) => ({ ...row, [column]: value })),
      ),
    [{}],
  );

/**
 * Which ranges hold anything: one look into the index for each. (A GROUP BY of its columns is planned as a scan of all of
 * it where the server guesses that there are many groups.) In parts of as many as one statement merges; none where there
 * is nothing.
 */
async function rangesOf(sql: Sql, viewer: Viewer, order: Order, wanted: Wanted): Promise<Ranges[]> {
  const { access, registry } = viewer;
  const { equal, naming } = wanted;
  const organisations = access.organisations.map(({ id }) => id);
  const types = [...registry.types.values()].flatMap(({ active: { type } }) =>
    (equal["type"] === undefined || equal["type"] === type.name) && visibilityFor(viewer, type) !== "none"
      ? [type]
      : [],
  );
  const looks = combinations(order, wanted);
  if (!types.length || !looks.length) return [];
  const [first, ...others] = types.map(({ name }) => `_ascii'${name}' COLLATE ascii_bin`);
  const named = [`SELECT ${first} AS type`, ...others.map((name) => `SELECT ${name}`)].join(" UNION ALL ");
  const within = access.system ? "1 = 1" : `o.id IN (${marks(organisations.length)})`;
  const there = await sql.queryText(
    looks
      .map((look) => {
        const values = Object.entries(look).map(([column, value]) => ({
          column,
          literal: typeof value === "number" ? String(value) : `'${value}'`,
        }));
        const shown = values.map(({ column, literal }) => `${literal} AS ${column}, `).join("");
        const met = values.map(({ column, literal }) => `t.${column} = ${literal} AND `).join("");
        return `SELECT o.id AS organisation, ${shown}d.type FROM organisation o CROSS JOIN (${named}) d
          WHERE ${within} AND (SELECT 1 FROM ${order.table} t FORCE INDEX (in_order)
            WHERE t.organisation = o.id AND ${met}t.type = d.type LIMIT 1) = 1`;
      })
      .join(" UNION ALL "),
    looks.flatMap(() => (access.system ? [] : organisations)),
  );
  const groups: SqlValue[][] = [];
  const ownIn = new Map<string, Set<string>>();
  for (const row of there) {
    const type = registry.types.get(String(row["type"]))?.active.type;
    if (!type) continue;
    const organisation = String(row["organisation"]);
    if (naming === undefined && seesByRole(viewer, type, organisation))
      groups.push(groupsOf(order).map((column) => row[column] as SqlValue));
    else ownIn.set(type.name, (ownIn.get(type.name) ?? new Set()).add(organisation));
  }
  const own = [...ownIn].flatMap(([name, within]) => {
    const type = registry.types.get(name)?.active.type;
    const ids = type && (naming === undefined ? ownRecords(viewer, type) : recordsNaming(naming, type));
    return ids ? [{ type: name, organisations: [...within], ids }] : [];
  });
  // Those of a type together: what of it may be seen is then asked in few statements.
  groups.sort((a, b) => (String(a.at(-1)) < String(b.at(-1)) ? -1 : 1));
  const most = order.mostRanges ?? MAX_RANGES;
  const parts: Omit<Ranges, "seen">[] = [];
  for (let at = 0; at < groups.length; at += most) parts.push({ groups: groups.slice(at, at + most), own: [] });
  for (let at = 0; at < own.length; at += most) {
    const some = own.slice(at, at + most);
    const last = parts.at(-1);
    if (last && last.groups.length + some.length <= most) last.own = some;
    else parts.push({ groups: [], own: some });
  }
  return parts.flatMap((part) => {
    const found = new Set([...part.groups.map((group) => String(group.at(-1))), ...part.own.map(({ type }) => type)]);
    const seen = onVisibleRecords(viewer, "t", [...found], order.hides?.(viewer));
    return seen === "none" ? [] : [{ ...part, seen }];
  });
}

/** The next `size` rows by day and id after a cursor, as `id` and `k`, whether they may be seen or not. */
function candidates(
  order: Order,
  wanted: Wanted,
  ranges: Ranges,
  after: [string, string] | undefined,
  size: number,
): Statement {
  const day = `t.${order.day}`;
  const branches: Statement[] = [];
  const add = (from: string, k: string, parts: string[], params: SqlValue[]): void => {
    const by = inOrder(order, ...(k === day ? [day] : []), "t.id");
    branches.push({
      sql: `(SELECT t.id, ${k} AS k FROM ${from} WHERE ${parts.join(" AND ")} ORDER BY ${by} LIMIT ${size})`,
      params,
    });
  };
  const bounds = boundsOf(day, wanted);
  const isPast = order.undated !== undefined && after !== undefined && after[0] >= order.undated;
  const each = (from: string, parts: string[], params: SqlValue[]): void => {
    if (!isPast) {
      const seek = after ? seekAfter(order, after) : { sql: `${day} IS NOT NULL`, params: [] };
      add(from, day, [...parts, ...bounds.parts, seek.sql], [...params, ...bounds.params, ...seek.params]);
    }
    if (order.undated === undefined || bounds.parts.length) return;
    const seek = isPast ? { parts: ["t.id > ?"], params: [after[1]] } : { parts: [], params: [] };
    add(from, `'${order.undated}'`, [...parts, `${day} IS NULL`, ...seek.parts], [...params, ...seek.params]);
  };
  for (const group of ranges.groups)
    each(
      `${order.table} t`,
      groupsOf(order).map((column) => `t.${column} = ?`),
      group,
    );
  for (const { type, organisations, ids } of ranges.own) {
    const equal = Object.entries(wanted.equal).filter(([, value]) => value !== undefined) as [string, SqlValue][];
    each(
      `(${ids.sql}) own STRAIGHT_JOIN ${order.table} t FORCE INDEX (${order.byRecord}) ON t.record = own.id`,
      [`t.organisation IN (${marks(organisations.length)})`, "t.type = ?", ...equal.map(([name]) => `t.${name} = ?`)],
      [...ids.params, ...organisations, type, ...equal.map(([, value]) => value)],
    );
  }
  return {
    sql: `SELECT id, k FROM (${branches.map(({ sql }) => sql).join(" UNION ALL ")}) every_range
      ORDER BY ${inOrder(order, "k", "id")} LIMIT ${size}`,
    params: branches.flatMap(({ params }) => params),
  };
}

function boundsOf(day: string, { from, to, before }: Wanted): { parts: string[]; params: SqlValue[] } {
  const given = [
    { sql: `${day} >= ?`, value: from },
    { sql: `${day} <= ?`, value: to },
    { sql: `${day} < ?`, value: before },
  ].flatMap(({ sql, value }) => (value === undefined ? [] : [{ sql, value }]));
  return { parts: given.map(({ sql }) => sql), params: given.map(({ value }) => value) };
}

/** The first condition is a range of the index; the second leaves out what came before on the same day. */
const seekAfter = ({ day, newestFirst }: Order, [k, id]: [string, string]): Statement => {
  const beyond = newestFirst ? "<" : ">";
  return {
    sql: `t.${day} ${beyond}= ? AND (t.${day} ${beyond} ? OR t.id ${beyond} ?)`,
    params: [k, k, id],
  };
};
