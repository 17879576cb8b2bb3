/** What the columns of a list of people may be, and what a row then says of somebody. */
import type { PersonLine } from "./peoplePlan";
import type { SheetCell } from "./sheetRows";

const names = ["externalId", "name", "forename", "surname", "email", "roles", "from", "to"] as const;
export type PersonColumn = (typeof names)[number];

const RELATION = "relation ";
/** The column that names who is this to somebody, such as their line manager. */
export const relationColumn = (kind: string): string => `${RELATION}${kind}`;

export const isPeopleColumn = (name: string): boolean =>
  name.startsWith(RELATION) || names.some((each) => each === name);

const textOf = (cell: SheetCell | undefined): string =>
  cell === null || cell === undefined ? "" : String(cell).trim();

/** A blank cell says nothing. */
export function personLine(cells: readonly SheetCell[], columns: readonly (string | null)[]): PersonLine {
  const line: PersonLine = {};
  columns.forEach((name, at) => {
    const text = textOf(cells[at]);
    if (name === null || !text) return;
    if (name.startsWith(RELATION))
      line.relations = [...(line.relations ?? []), { kind: name.slice(RELATION.length), to: text }];
    else Object.assign(line, { [name]: text });
  });
  return line;
}
