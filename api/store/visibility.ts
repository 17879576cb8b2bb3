/**
 * The one visibility predicate of a record type, added by every read. What may not be seen is not found.
 * A confidential type opens to roles only where their grant says for which records (`when`); else by a party's grant.
 */
import type { Condition, Grant, Permission, RecordType } from "../../schema/definition";
import type { SqlValue } from "./database";
import { conditionSql, type RowScope } from "./conditionSql";

/** What a person may reach: the acting organisation first, then those below that a role of theirs reaches. */
export interface Access {
  person: string | null;
  /** The engine itself: sees everything. */
  system?: boolean;
  organisations: { id: string; roles: string[]; below?: string[] }[];
  acting: string;
}

export interface Visibility {
  /** Same key, same SQL text: the cache of compiled reads is keyed by it. */
  key: string;
  /** Over a record table under this alias. */
  sql(alias: string): string;
  params(scope: RowScope): SqlValue[];
}

export const grantedRoles = (grant: Grant): string[] => grant.to.flatMap((to) => ("role" in to ? [to.role] : []));

/** Does a grant's role count here? Roles alone never open a confidential type. */
const opensByRole = (type: RecordType, grant: Grant): boolean => !type.confidential || grant.when !== undefined;

interface Opening {
  organisation: string;
  when?: Condition;
}

/** Grants that apply through roles, in each organisation the access reaches. */
function openings(type: RecordType, access: Access, permission: Permission): Opening[] {
  const found: Opening[] = [];
  for (const grant of type.grants) {
    if (!grant.may.includes(permission) && !(permission === "see" && grant.may.includes("edit"))) continue;
    const anyone = grant.to.some((to) => "anyone" in to);
    const roles = grantedRoles(grant);
    for (const { id, roles: held, below = [] } of access.organisations) {
      // Anyone: whoever holds something there, or above it where the grant reaches below.
      const here = (anyone && held.length > 0) || roles.some((role) => held.includes(role));
      const inherited =
        grant.reach === "below" && ((anyone && below.length > 0) || roles.some((role) => below.includes(role)));
      if ((here || inherited) && opensByRole(type, grant))
        found.push({ organisation: id, ...(grant.when ? { when: grant.when } : {}) });
    }
  }
  return found;
}

/** Person fields through which a party sees the record. */
const partyKinds = (type: RecordType, permission: Permission): { kind: string; when?: Condition }[] =>
  type.grants
    .filter((grant) => grant.may.includes(permission) || (permission === "see" && grant.may.includes("edit")))
    .flatMap((grant) =>
      grant.to.flatMap((to) =>
        "field" in to ? [{ kind: to.field, ...(grant.when ? { when: grant.when } : {}) }] : [],
      ),
    );

/** The predicate for reading (or editing) records of a type. `none` where nothing could ever be found. */
export function visibilityOf(type: RecordType, access: Access, permission: Permission = "see"): Visibility | "none" {
  if (access.system) return { key: "system", sql: () => "1 = 1", params: () => [] };
  const byRole = openings(type, access, permission);
  const byParty = access.person === null ? [] : partyKinds(type, permission);
  if (!byRole.length && !byParty.length) return "none";
  const bars = type.bars ?? [];
  const person = access.person ?? "";
  const parts: { sql: (alias: string) => string; params: (scope: RowScope) => SqlValue[] }[] = [];
  const condition = (when: Condition | undefined) => {
    const compiled = when && conditionSql(type, when);
    return {
      sql: (alias: string) => (compiled ? ` AND ${compiled.sql(alias)}` : ""),
      params: (scope: RowScope) => (compiled ? compiled.params(scope) : []),
    };
  };
  const plain = new Set(byRole.filter((opening) => !opening.when).map((opening) => opening.organisation));
  for (const organisation of plain)
    parts.push({ sql: (alias) => `${alias}.organisation = ?`, params: () => [organisation] });
  for (const { organisation, when } of byRole) {
    if (plain.has(organisation)) continue;
    const also = condition(when);
    parts.push({
      sql: (alias) => `(${alias}.organisation = ?${also.sql(alias)})`,
      params: (scope) => [organisation, ...also.params(scope)],
    });
  }
  const uncovered = access.organisations.filter(({ id }) => !plain.has(id));
  if (uncovered.length)
    for (const { kind, when } of byParty) {
      const also = condition(when);
      parts.push({
        sql: (alias) =>
          `(${alias}.organisation IN (${uncovered.map(() => "?").join(", ")}) AND EXISTS (SELECT 1 FROM record_party party
            WHERE party.record = ${alias}.id AND party.person = ? AND party.kind = ?)${also.sql(alias)})`,
        params: (scope) => [...uncovered.map(({ id }) => id), person, kind, ...also.params(scope)],
      });
    }
  const barSql = (alias: string) =>
    bars.length
      ? ` AND NOT EXISTS (SELECT 1 FROM record_party bar WHERE bar.record = ${alias}.id AND bar.person = ?
          AND bar.kind IN (${bars.map(() => "?").join(", ")}))`
      : "";
  const sql = (alias: string): string =>
    `${parts.length === 1 ? parts[0]?.sql(alias) : `(${parts.map((part) => part.sql(alias)).join(" OR ")})`}${barSql(alias)}`;
  return {
    // The text itself: two that look alike in any shorter key may bind other parameters.
    key: sql("seen"),
    sql,
    params: (scope) => [...parts.flatMap((part) => part.params(scope)), ...(bars.length ? [person, ...bars] : [])],
  };
}
