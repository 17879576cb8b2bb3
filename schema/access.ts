/** What grants allow, in memory: the same rule as the store's visibility predicate. */
import { evaluate, type Scope } from "./condition";
import type { Grant, Permission, RecordType } from "./definition";
import type { Party, RecordData } from "./record";

/** What a person holds in one organisation, and above it in roles that reach below. */
export interface Held {
  id: string;
  roles: string[];
  below?: string[];
}

const covers = (grant: Grant, permission: Permission): boolean =>
  grant.may.includes(permission) || (permission === "see" && grant.may.includes("edit"));

/** May this person do this with the record? Bars beat every grant. */
export function isGranted(
  type: RecordType,
  record: RecordData,
  permission: Permission,
  held: Held[],
  parties: Party[],
  scope: Scope,
): boolean {
  const person = scope.actor;
  const own = parties.filter((party) => party.person === person).map((party) => party.kind);
  if (own.some((kind) => type.bars?.includes(kind))) return false;
  const there = held.find(({ id }) => id === record.organisation);
  if (!there) return false;
  return type.grants.some((grant) => {
    if (!covers(grant, permission)) return false;
    const byParty = grant.to.some((to) => "field" in to && own.includes(to.field));
    const byRole = grant.to.some(
      (to) =>
        ("anyone" in to && (there.roles.length > 0 || (grant.reach === "below" && !!there.below?.length))) ||
        ("role" in to &&
          (there.roles.includes(to.role) || (grant.reach === "below" && there.below?.includes(to.role)))),
    );
    const opens = byParty || (byRole && (!type.confidential || grant.when !== undefined));
    return opens && (!grant.when || evaluate(grant.when, { ...scope, record }));
  });
}

/** May this person do this with some record of the type, so that a page or a button is worth showing? */
export const mayAtAll = (type: RecordType, permission: Permission, held: Held[]): boolean =>
  type.grants.some(
    (grant) =>
      covers(grant, permission) &&
      grant.to.some(
        (to) => !("role" in to) || held.some(({ roles, below }) => roles.includes(to.role) || below?.includes(to.role)),
      ),
  );
