/** The people of an open sheet, by what each column says of them. */
import { invalid } from "../../../schema/failure";
import { isPeopleColumn, personLine } from "../../../schema/peopleColumns";
import type { PersonLine } from "../../../schema/peoplePlan";
import { MOST_LINES } from "../importPeople";
import { mustBeColumns } from "../importSheet";
import { allRows, type OpenSheet } from "./openSheet";

/** Of a cell: what a request may send of each. */
const LONGEST = 10_000;

/**
 * With the number of each row as the spreadsheet shows it.
 * @throws INVALID_INPUT for columns that cannot be so, too many people, and a cell that is too long to be of one.
 */
export async function peopleInSheet(
  sheet: OpenSheet,
  columns: (string | null)[],
): Promise<{ line: number; person: PersonLine }[]> {
  mustBeColumns(sheet, columns);
  const odd = columns.find((name) => name !== null && !isPeopleColumn(name));
  if (odd) throw invalid([{ path: "columns", message: `A list of people has no column “${odd}”.` }]);
  if (sheet.rows > MOST_LINES)
    throw refused(
      `This file has ${sheet.rows.toLocaleString("en-GB")} people; ${MOST_LINES.toLocaleString("en-GB")} are the most. Split it into several files.`,
    );
  const people: { line: number; person: PersonLine }[] = [];
  for await (const [line, cells] of allRows(sheet)) {
    const long = cells.findIndex((cell, at) => (columns[at] ?? null) !== null && String(cell ?? "").length > LONGEST);
    if (long >= 0)
      throw refused(
        `Line ${line} has more than ${LONGEST.toLocaleString("en-GB")} characters under “${sheet.headers[long] ?? ""}”. Shorten it.`,
      );
    people.push({ line, person: personLine(cells, columns) });
  }
  return people;
}

const refused = (message: string): Error => invalid([{ path: "file", message }]);
