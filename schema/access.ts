/** What grants allow, in memory: the same rule as the store's visibility predicate. */
import { evaluate } from "./condition";
import type { Scope } from "./scope";
import type { Grant, Permission, RecordType } from "./definition";
import { parties, inheritedBy } from "./fields";
import type { RecordData } from "./record";

/** What a person holds in one organisation, and above it in roles that reach below. */
export interface Held {
  id: string;
  roles: string[];
  below?: string[];
}

/** A record to be judged; `from` is the one its confidentiality comes from, where its type says so. */
export interface Judged {
  type: RecordType;
  record: RecordData;
  scope: Scope;
  /** Open tasks of the record that the asking person holds, by rule: for grants that name a task. */
  tasks?: string[];
  from?: Judged;
}

/** Is it recorded who opens one of these? */
export const keepsViews = ({ confidential, logged }: RecordType): boolean => logged === true || !!confidential;

/** Most links from a record to the one whose own grants say who sees it: each is a subquery of every read. */
export const FARTHEST = 3;

/**
 * The types that say, one through another, who sees the records of a type: itself first, the one with grants of its
 * own last. Ends early at a type that is unknown, and goes one too far where it is too long or a circle.
 */
export function seeingChain(type: RecordType, typeNamed: (name: string) => RecordType | undefined): RecordType[] {
  const chain = [type];
  for (let last = type; chain.length <= FARTHEST + 1;) {
    const link = last.fields[inheritedBy(last) ?? ""];
    const next = link?.kind === "link" ? typeNamed(link.to) : undefined;
    if (!next) break;
    chain.push((last = next));
  }
  return chain;
}

/** Whether a grant covers a permission: who may edit may see. */
export const covers = (grant: Grant, permission: Permission): boolean =>
  grant.may.includes(permission) || (permission === "see" && grant.may.includes("edit"));

/** A condition that holds for every record, said so that a role may open all of a confidential type. */
export const isAlways = (when: Grant["when"]): boolean => when !== undefined && "all" in when && !when.all.length;

/** Does what a grant opens hang on the tasks of the record? */
export const asksTasks = ({ grants }: RecordType): boolean => grants.some(({ to }) => to.some((one) => "task" in one));

/** Does a grant's role count by itself? Alone it opens nothing confidential to reading or changing. */
export const opensByRole = (type: RecordType, grant: Grant, permission: Permission): boolean =>
  type.confidential !== true || grant.when !== undefined || permission === "create" || permission === "count";

/** May this person do this with the record? Bars beat every grant, its own and those of the records it inherits from. */
export function isGranted({ type, record, scope, tasks, from }: Judged, permission: Permission, held: Held[]): boolean {
  const own = parties(type, record.fields).flatMap(({ person, kind }) => (person === scope.actor ? [kind] : []));
  if (own.some((kind) => type.bars?.includes(kind))) return false;
  const there = held.find(({ id }) => id === record.organisation);
  if (!there) return false;
  if (inheritedBy(type) !== undefined) {
    if (!from || !isGranted(from, "see", held)) return false;
    if (permission === "see") return true;
  }
  if (record.createdBy !== null && record.createdBy === scope.actor) own.push("createdBy");
  return type.grants.some((grant) => {
    if (!covers(grant, permission)) return false;
    const byPart = grant.to.some(
      (to) => ("field" in to && own.includes(to.field)) || ("task" in to && tasks?.includes(to.task)),
    );
    const byRole = grant.to.some(
      (to) =>
        ("anyone" in to && (there.roles.length > 0 || (grant.reach === "below" && !!there.below?.length))) ||
        ("role" in to &&
          (there.roles.includes(to.role) || (grant.reach === "below" && there.below?.includes(to.role)))),
    );
    const opens = byPart || (byRole && opensByRole(type, grant, permission));
    return opens && (!grant.when || evaluate(grant.when, { ...scope, type, record }));
  });
}

/** May this person do this with some record of the type, so that a page or a button is worth showing? */
export function mayAtAll(
  type: RecordType,
  permission: Permission,
  held: Held[],
  typeNamed: (name: string) => RecordType | undefined,
): boolean {
  const some = (one: RecordType, wanted: Permission): boolean =>
    one.grants.some(
      (grant) =>
        covers(grant, wanted) &&
        grant.to.some(
          (to) =>
            !("role" in to) || held.some(({ roles, below }) => roles.includes(to.role) || below?.includes(to.role)),
        ),
    );
  if (inheritedBy(type) === undefined) return some(type, permission);
  const root = seeingChain(type, typeNamed).at(-1);
  return !!root && some(root, "see") && (permission === "see" || some(type, permission));
}
