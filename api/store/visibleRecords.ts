/** What hangs on records – tasks, timers, notices, findings – is seen by those who may see the record, and by nobody else. */
import { Failure } from "../../schema/failure";
import { marks, type SqlValue } from "./database";
import { visibleSql } from "./recordQuery";
import type { HiddenClocks } from "./sight";
import type { Viewer } from "./visibility";

export interface Predicate {
  sql: string;
  params: SqlValue[];
}

/**
 * Over a table under this alias with the columns `type` and `record`; "none" where nothing can be seen. Of timers, also
 * `rule`: those `hidden` are left out.
 */
export function onVisibleRecords(
  viewer: Viewer,
  alias: string,
  types?: string | readonly string[] | null,
  hidden?: HiddenClocks,
): Predicate | "none" {
  const only = typeof types === "string" ? [types] : types;
  const branches: Predicate[] = [];
  for (const [name, { active }] of viewer.registry.types) {
    if (only && !only.includes(name)) continue;
    const seen = visibleSql(viewer, active, `${alias}.record`);
    if (seen === "none") continue;
    const rules = hidden?.get(name) ?? [];
    const shown = rules.length ? ` AND ${alias}.rule NOT IN (${marks(rules.length)})` : "";
    branches.push({ sql: `(${alias}.type = ?${shown} AND ${seen.sql})`, params: [name, ...rules, ...seen.params] });
  }
  if (branches.length === 0) return "none";
  return {
    sql: `(${branches.map((branch) => branch.sql).join(" OR ")})`,
    params: branches.flatMap((branch) => branch.params),
  };
}

/** Counts that are shown are exact up to this many; beyond, it is known only that there are more. */
export const COUNTED = 1_000;

export interface Page<T> {
  nodes: T[];
  hasNextPage: boolean;
  endCursor: string | null;
}

export interface PageArgs {
  first: number;
  after?: string | null;
}

export const emptyPage = <T>(): Page<T> => ({ nodes: [], hasNextPage: false, endCursor: null });

/** Two keys in one opaque text. */
export const cursorOf = (key: string, id: string): string => Buffer.from(`${key}|${id}`).toString("base64url");

/** Undefined for a cursor that is none of ours. */
export function readPageCursor(text: string): [key: string, id: string] | undefined {
  const plain = Buffer.from(text, "base64url").toString("utf8");
  const at = plain.lastIndexOf("|");
  const id = plain.slice(at + 1);
  return at >= 0 && /^[0-9A-Za-z.]{1,100}$/.test(id) ? [plain.slice(0, at), id] : undefined;
}

/** @throws INVALID_INPUT for a cursor that is none of ours. */
export function pageCursor(text: string): [key: string, id: string] {
  const cursor = readPageCursor(text);
  if (cursor) return cursor;
  throw new Failure("INVALID_INPUT", "This cursor belongs to another list.", [
    { path: "after", message: "Start again from the first page." },
  ]);
}

export const limitOf = (page: PageArgs): number => Math.min(Math.max(1, Math.trunc(page.first)), 200);
