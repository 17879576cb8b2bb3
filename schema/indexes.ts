/**
 * The indexes of a record type's table, besides its primary key: what lists sort by, what people and records are found
 * by. Each ends in the id, as every sort does, so that a page is read off it and nothing is sorted.
 */
import { deadlinesOf } from "./deadlines";
import type { Field, RecordType } from "./definition";
import { columnName, isSortable, sortSuffix, isSensitive } from "./fields";
import { INDEXED_LENGTH } from "./parseValue";
import { snake } from "./text";

export interface Index {
  name: string;
  unique?: boolean;
  /** As DDL writes them. */
  columns: string[];
}

const ofEveryType: Index[] = [
  { name: "reference", unique: true, columns: ["organisation", "reference"] },
  { name: "by_reference", columns: ["organisation", "reference", "id"] },
  { name: "by_title", columns: ["organisation", "title_folded", "id"] },
  { name: "by_created", columns: ["organisation", "created_at", "id"] },
  { name: "by_creator", columns: ["organisation", "created_by", "id"] },
  { name: "by_updated", columns: ["organisation", "updated_at", "id"] },
  { name: "in_state", columns: ["organisation", "state", "id"] },
];

/** Names that an index of a field may have. */
export const indexNames = (field: string): string[] => ["u_", "i_", "s_"].map((prefix) => `${prefix}${snake(field)}`);

export function indexesOf(type: RecordType): Index[] {
  const views = Object.values(type.views ?? {});
  const sorted = new Set(views.map((view) => (view.sort ?? "").replace(/^-/, "")));
  const shown = new Set(views.flatMap((view) => view.columns));
  // The calendar begins at a span of days.
  const deadlines = deadlinesOf(type);
  const indexes = [...ofEveryType];
  for (const [name, field] of Object.entries(type.fields)) {
    if (isSensitive(field)) continue;
    const column = columnName(name);
    // A field first made as TEXT may be indexed later: its index then takes as much of it as an indexed one may hold.
    const prefix = field.kind === "text" ? `(${INDEXED_LENGTH})` : "";
    if (field.unique)
      indexes.push({ name: `u_${snake(name)}`, unique: true, columns: ["organisation", `${column}${prefix}`] });
    const looked = field.kind === "person" || field.kind === "link";
    if (looked || (field.index && !isSortable(field)))
      indexes.push({ name: `i_${snake(name)}`, columns: ["organisation", column, "id"] });
    if (!isSortable(field) || !isNarrow(field)) continue;
    const by = `${columnName(name, sortSuffix(field))}${prefix}`;
    if (field.index || sorted.has(name))
      indexes.push({ name: `s_${snake(name)}`, columns: ["organisation", "state", by, "id"] });
    if (field.index || field.unique || sorted.has(name) || shown.has(name) || deadlines.has(name))
      indexes.push({ name: `i_${snake(name)}`, columns: ["organisation", by, "id"] });
  }
  return indexes;
}

/** An index of a part of a text gives no order: one that is not declared for it is kept as TEXT. */
const isNarrow = (field: Field): boolean => field.kind !== "text" || field.index === true || field.unique === true;
