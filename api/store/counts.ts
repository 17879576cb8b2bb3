/** What conditions count of other records, counted by the database: the rows themselves are never read. */
import { outerOf } from "../../schema/condition";
import type { Ask, Scope } from "../../schema/scope";
import { conditionSql } from "./conditionSql";
import type { Sql, SqlValue } from "./database";
import type { Registry } from "./definitions";
import { writeField } from "./records";
import { tableName } from "./recordTable";

/** How many there are, at most `ask.most`. */
export async function countAsked(
  sql: Sql,
  registry: Registry,
  { count: ask, scope }: { count: Ask; scope: Scope },
): Promise<number> {
  const found = reached(registry, ask, scope);
  if (!found) return 0;
  const { type, from, params } = found;
  const where = ask.related.where && conditionSql(type, ask.related.where);
  const row = {
    today: scope.today,
    actor: scope.actor,
    settings: scope.settings,
    calendar: scope.calendar,
    ...outerOf(scope),
  };
  const rows = await sql.query(
    `SELECT COUNT(*) AS n FROM (SELECT 1 ${from}${where ? ` AND ${where.sql("x")}` : ""} LIMIT ${ask.most}) AS found`,
    [...params, ...(where ? where.params(row) : [])],
  );
  return Number(rows[0]?.["n"]);
}

type Reached = { type: Parameters<typeof conditionSql>[0]; from: string; params: SqlValue[] };

/** The rows that a `Related` reaches, named `x`, before its `where`; undefined where their type is unknown. */
function reached(registry: Registry, { related, ids, values }: Ask, { record, type }: Scope): Reached | undefined {
  const active = (name: string) => registry.types.get(name)?.active.type;
  if ("via" in related) {
    const [source = "", field] = related.via.split(".");
    if (field !== undefined) {
      const from = active(source);
      return (
        from && {
          type: from,
          from: `FROM record_link l JOIN ${tableName(source)} x ON x.id = l.record
            WHERE l.organisation = ? AND l.target = ? AND l.type = ? AND l.field = ?`,
          params: [record?.organisation ?? "", ids[0] ?? "", source, field],
        }
      );
    }
    const link = type.fields[source];
    const to = link && "to" in link ? active(link.to) : undefined;
    const width = 2 ** Math.ceil(Math.log2(ids.length));
    // Rounded up, so that lists of any length share few statements.
    const filled = [...ids, ...Array.from({ length: width - ids.length }, () => ids[0] ?? "")];
    return (
      to && {
        type: to,
        from: `FROM ${tableName(to.name)} x WHERE x.id IN (${filled.map(() => "?").join(", ")})`,
        params: filled,
      }
    );
  }
  const wanted = active(related.type);
  if (!wanted) return undefined;
  const where = ["x.organisation = ?"];
  const params: SqlValue[] = [record?.organisation ?? ""];
  for (const [name, value] of Object.entries(values)) {
    const held = name === "state" ? { state: value as string } : writeField(wanted, "", name, value);
    for (const [column, sought] of Object.entries(held))
      if (wanted.fields[name]?.kind === "yesNo" && value === false) where.push(`COALESCE(x.${column}, 0) = 0`);
      else {
        where.push(`x.${column} = ?`);
        params.push(sought);
      }
  }
  return { type: wanted, from: `FROM ${tableName(wanted.name)} x WHERE ${where.join(" AND ")}`, params };
}
