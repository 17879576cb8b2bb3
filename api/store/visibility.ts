/**
 * The one visibility predicate of a record type, added by every read. What may not be seen is not found.
 * A confidential type opens to roles only where their grant says for which records (`when`); else by a party's grant.
 * One that is confidential from another asks that other's predicate of the record at the end of its link.
 */
import { covers, FARTHEST, isAlways, opensByRole, seeingChain } from "../../schema/access";
import type { Condition, Permission, RecordType } from "../../schema/definition";
import { columnName, inheritedBy } from "../../schema/fields";
import type { SqlValue } from "./database";
import { conditionSql, type RowScope } from "./conditionSql";
import type { Registry } from "./definitions";
import type { Looks } from "./looks";
import { tableName } from "./recordTable";

/** What a person may reach: the acting organisation first, then those below that a role of theirs reaches. */
export interface Access {
  person: string | null;
  /** The engine itself: sees everything. */
  system?: boolean;
  organisations: { id: string; roles: string[]; below?: string[] }[];
  acting: string;
}

/** What the conditions of a type's grants are bound to: they may read the type's settings. */
export type ScopeOf = (type: string) => RowScope;

/** Who reads, and when: what every predicate over records is made from and bound to. */
export interface Viewer {
  registry: Registry;
  access: Access;
  scopeOf: ScopeOf;
  /** Where what is read is noted; absent where the engine reads for itself. */
  looks?: Looks;
}

interface Part {
  /** Over a record table under this alias. */
  sql(alias: string): string;
  params(scopeOf: ScopeOf): SqlValue[];
}

export interface Visibility extends Part {
  /** Same key, same SQL text: the cache of compiled reads is keyed by it. */
  key: string;
}

const known = new WeakMap<Access, { registry: Registry; byType: Map<string, Visibility | "none"> }>();

/** The predicate of a viewer, worked out once for as long as access and definitions stand. `none`: nothing is found. */
export function visibilityFor({ registry, access }: Viewer, type: RecordType): Visibility | "none" {
  let own = known.get(access);
  if (own?.registry !== registry) known.set(access, (own = { registry, byType: new Map() }));
  let found = own.byType.get(type.name);
  if (found === undefined) {
    const part = seeing(registry, type, access, 0);
    // The text itself: two that look alike in any shorter key may bind other parameters.
    own.byType.set(type.name, (found = part ? { ...part, key: part.sql("seen") } : "none"));
  }
  return found;
}

function seeing(registry: Registry, type: RecordType, access: Access, far: number): Part | undefined {
  if (access.system) return { sql: () => "1 = 1", params: () => [] };
  const opened = inheritedBy(type) === undefined ? granted(type, access) : inherited(registry, type, access, far);
  return opened && all([opened, ...notBarred(type, access)]);
}

/** Seen through the record at the end of the link, in an organisation that the access reaches. */
function inherited(registry: Registry, type: RecordType, access: Access, far: number): Part | undefined {
  const name = inheritedBy(type) ?? "";
  const link = type.fields[name];
  const parent = link?.kind === "link" && far < FARTHEST ? registry.types.get(link.to)?.active.type : undefined;
  const above = parent && seeing(registry, parent, access, far + 1);
  if (!above) return undefined;
  return all([
    isIn(access.organisations.map(({ id }) => id)),
    {
      sql: (alias) => `EXISTS (SELECT 1 FROM ${tableName(parent.name)} ${alias}_from
        WHERE ${alias}_from.id = ${alias}.${columnName(name)} AND ${above.sql(`${alias}_from`)})`,
      params: (scopeOf) => above.params(scopeOf),
    },
  ]);
}

/** Opened by the type's own grants: through roles in each organisation the access reaches, or through the parties. */
function granted(type: RecordType, access: Access): Part | undefined {
  const byRole = openings(type, access);
  const whole = wholly(byRole);
  const parts = [...whole].map((organisation) => isIn([organisation]));
  for (const { organisation, when } of byRole)
    if (!whole.has(organisation)) parts.push(all([isIn([organisation]), ...conditionOf(type, when)]));
  const rest = access.organisations.flatMap(({ id }) => (whole.has(id) ? [] : [id]));
  if (rest.length)
    for (const { part, when } of ownParts(type, access))
      parts.push(all([isIn(rest), part, ...conditionOf(type, when)]));
  return parts.length ? joined(parts, "OR") : undefined;
}

interface Opening {
  organisation: string;
  when?: Condition;
}

/** Grants that apply through roles, in each organisation the access reaches. */
function openings(type: RecordType, access: Access, permission: Permission = "see"): Opening[] {
  const found: Opening[] = [];
  for (const grant of type.grants) {
    if (!covers(grant, permission) || !opensByRole(type, grant, permission)) continue;
    const anyone = grant.to.some((to) => "anyone" in to);
    const roles = grant.to.flatMap((to) => ("role" in to ? [to.role] : []));
    for (const { id, roles: held, below = [] } of access.organisations) {
      // Anyone: whoever holds something there, or above it where the grant reaches below.
      const here = (anyone && held.length > 0) || roles.some((role) => held.includes(role));
      const above =
        grant.reach === "below" && ((anyone && below.length > 0) || roles.some((role) => below.includes(role)));
      if (here || above) found.push({ organisation: id, ...(grant.when ? { when: grant.when } : {}) });
    }
  }
  return found;
}

/** Organisations all of whose records are opened. */
const wholly = (found: Opening[]): Set<string> =>
  new Set(found.flatMap(({ organisation, when }) => (when === undefined || isAlways(when) ? [organisation] : [])));

/** Organisations where a viewer's roles open every record of a type: nothing but a bar may keep one from them. */
export function wholeOrganisations(
  { registry, access }: Pick<Viewer, "registry" | "access">,
  type: RecordType,
): string[] {
  const root = seeingChain(type, (name) => registry.types.get(name)?.active.type).at(-1);
  return root && inheritedBy(root) === undefined ? [...wholly(openings(root, access))] : [];
}

/** Organisations where a viewer's roles may count all records of a type, though they may open none. */
export const countedOrganisations = ({ access }: Viewer, type: RecordType): string[] => [
  ...wholly(openings(type, access, "count")),
];

/** Organisations where a role of the viewer opens records of a type, all or some; for a type with grants of its own. */
export const openingOrganisations = ({ access }: Viewer, type: RecordType): Set<string> =>
  new Set(openings(type, access).map(({ organisation }) => organisation));

/** By which parts in a record of a type somebody may see it: fields that name them, having made it, holding a task. */
export function ownKinds({ grants }: RecordType): { fields: string[]; creator: boolean; tasks: string[] } {
  const to = grants.filter((grant) => covers(grant, "see")).flatMap((grant) => grant.to);
  const named = new Set(to.flatMap((one) => ("field" in one ? [one.field] : [])));
  return {
    fields: [...named].filter((name) => name !== "createdBy"),
    creator: named.has("createdBy"),
    tasks: [...new Set(to.flatMap((one) => ("task" in one ? [one.task] : [])))],
  };
}

/** By which parts in it a person sees a record: named by a field of it, or holding a task of it. */
const ownParts = (type: RecordType, { person }: Access): { part: Part; when: Condition | undefined }[] =>
  person === null
    ? []
    : type.grants
        .filter((grant) => covers(grant, "see"))
        .flatMap(({ to, when }) =>
          to.flatMap((one) => {
            if ("field" in one) return [{ part: isParty(one.field, person), when }];
            return "task" in one ? [{ part: isHolder(one.task, person), when }] : [];
          }),
        );

const isIn = (organisations: string[]): Part => ({
  sql: (alias) => oneOf(`${alias}.organisation`, organisations),
  params: () => organisations,
});

const isHolder = (task: string, person: string): Part => ({
  sql: (alias) => `EXISTS (SELECT 1 FROM task held JOIN task_holder holder ON holder.task = held.id
          WHERE held.record = ${alias}.id AND held.rule = ? AND held.state = 'open'
            AND holder.person = ? AND holder.open = 1)`,
  params: () => [task, person],
});

const isParty = (kind: string, person: string): Part =>
  kind === "createdBy"
    ? { sql: (alias) => `${alias}.created_by = ?`, params: () => [person] }
    : {
        sql: (alias) => `EXISTS (SELECT 1 FROM record_party party
          WHERE party.record = ${alias}.id AND party.person = ? AND party.kind = ?)`,
        params: () => [person, kind],
      };

function notBarred({ bars = [] }: RecordType, { person }: Access): Part[] {
  if (!bars.length) return [];
  return [
    {
      sql: (alias) => `NOT EXISTS (SELECT 1 FROM record_party bar
        WHERE bar.record = ${alias}.id AND bar.person = ? AND ${oneOf("bar.kind", bars)})`,
      params: () => [person ?? "", ...bars],
    },
  ];
}

function conditionOf(type: RecordType, when: Condition | undefined): Part[] {
  if (!when) return [];
  const compiled = conditionSql(type, when);
  return [{ sql: (alias) => compiled.sql(alias), params: (scopeOf) => compiled.params(scopeOf(type.name)) }];
}

const oneOf = (column: string, values: string[]): string =>
  values.length === 1 ? `${column} = ?` : `${column} IN (${values.map(() => "?").join(", ")})`;

const joined = (parts: Part[], word: "AND" | "OR"): Part => ({
  sql: (alias) => {
    const texts = parts.map((part) => part.sql(alias));
    return texts.length === 1 ? (texts[0] ?? "") : `(${texts.join(` ${word} `)})`;
  },
  params: (scopeOf) => parts.flatMap((part) => part.params(scopeOf)),
});
const all = (parts: Part[]): Part => joined(parts, "AND");
