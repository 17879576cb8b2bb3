/** Notes which tables a transaction writes to: what it then reads of them is not committed, and belongs into no cache. */
import type { Tx } from "./database";

const target = /^\s*(?:INSERT\s+(?:IGNORE\s+)?INTO|REPLACE\s+INTO|UPDATE|DELETE\s+FROM)\s+`?(\w+)/i;
/** Statements are few and come again and again; those of changing length are looked at by their beginning. */
const tables = new Map<string, string>();

function tableOf(sql: string): string {
  const start = sql.slice(0, 120);
  let table = tables.get(start);
  if (table === undefined) {
    table = target.exec(start)?.[1]?.toLowerCase() ?? "";
    if (tables.size > 5_000) tables.clear();
    tables.set(start, table);
  }
  return table;
}

/** The transaction, which from now on knows what it has written. */
export function watched(tx: Tx): Tx {
  const written = new Set<string>();
  const note = (sql: string): void => void written.add(tableOf(sql));
  return {
    ...tx,
    execute(sql, params) {
      note(sql);
      return tx.execute(sql, params);
    },
    executeText(sql, params) {
      note(sql);
      return tx.executeText(sql, params);
    },
    bulk(sql, params) {
      note(sql);
      return tx.bulk(sql, params);
    },
    wrote: (...some) => some.some((table) => written.has(table)),
  };
}
