/**
 * How a viewer comes to see the records of a type: through a role, which may open any of them, or only by a part of their
 * own in each. The latter are few however many there are, so a read begins at them. What of them may be seen is judged after.
 */
import { FARTHEST, seeingChain } from "../../schema/access";
import type { RecordType } from "../../schema/definition";
import { columnName, inheritedBy } from "../../schema/fields";
import { marks, type SqlValue } from "./database";
import { tableName } from "./recordTable";
import { openingOrganisations, ownKinds, type Viewer } from "./visibility";

const parentOf = ({ registry }: Viewer, type: RecordType): RecordType | undefined => {
  const link = type.fields[inheritedBy(type) ?? ""];
  return link?.kind === "link" ? registry.types.get(link.to)?.active.type : undefined;
};

/** Whether a role of the viewer opens any record of a type in an organisation, be it under a condition. */
export function seesByRole(viewer: Viewer, type: RecordType, organisation: string): boolean {
  if (viewer.access.system) return true;
  const root = seeingChain(type, (name) => viewer.registry.types.get(name)?.active.type).at(-1);
  if (!root || inheritedBy(root) !== undefined) return false;
  const opened = openingOrganisations(viewer, root);
  // The record it inherits from may stand in another organisation.
  return root === type ? opened.has(organisation) : opened.size > 0;
}

/** The ids of the records that a viewer has a part of their own in, as a SELECT; undefined where there can be none. */
export function ownRecords(viewer: Viewer, type: RecordType, far = 0): { sql: string; params: SqlValue[] } | undefined {
  const { person, organisations } = viewer.access;
  if (person === null) return undefined;
  const ids = organisations.map(({ id }) => id);
  if (inheritedBy(type) !== undefined) {
    const parent = far < FARTHEST ? parentOf(viewer, type) : undefined;
    const above = parent && ownRecords(viewer, parent, far + 1);
    return (
      above && {
        sql: `SELECT child.id FROM (${above.sql}) above STRAIGHT_JOIN ${tableName(type.name)} child
        ON child.organisation IN (${marks(ids.length)}) AND child.${columnName(inheritedBy(type) ?? "")} = above.id`,
        params: [...above.params, ...ids],
      }
    );
  }
  const { fields, tasks, creator } = ownKinds(type);
  const parts: { sql: string; params: SqlValue[] }[] = [];
  if (fields.length)
    parts.push({
      sql: `SELECT record AS id FROM record_party WHERE person = ? AND kind IN (${marks(fields.length)}) AND type = ?`,
      params: [person, ...fields, type.name],
    });
  if (creator)
    parts.push({
      sql: `SELECT id FROM ${tableName(type.name)} WHERE organisation IN (${marks(ids.length)}) AND created_by = ?`,
      params: [...ids, person],
    });
  if (tasks.length)
    parts.push({
      sql: `SELECT held.record AS id FROM task_holder holder STRAIGHT_JOIN task held ON held.id = holder.task
        WHERE holder.organisation IN (${marks(ids.length)}) AND holder.person = ? AND holder.open = 1
          AND held.state = 'open' AND held.type = ? AND held.rule IN (${marks(tasks.length)})`,
      params: [...ids, person, type.name, ...tasks],
    });
  return parts.length
    ? { sql: parts.map(({ sql }) => sql).join(" UNION "), params: parts.flatMap(({ params }) => params) }
    : undefined;
}

/** The ids of the records of a type that name a person, seen or not, as a SELECT. */
export const recordsNaming = (person: string, type: RecordType): { sql: string; params: SqlValue[] } => ({
  sql: "SELECT DISTINCT record AS id FROM record_party WHERE person = ? AND type = ?",
  params: [person, type.name],
});
