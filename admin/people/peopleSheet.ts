/** A list of people from the school's own system: which column is what, and what its words for roles are. */
import type { PersonLine } from "../../schema/peoplePlan";
import { letters, type SheetCell } from "../../schema/sheetRows";
import { t } from "../i18n/t";
import type { RelationItem, RoleInfo } from "../provider";
import type { Sheet } from "../sheet/readFile";

export interface PeopleColumn {
  name: string;
  label: string;
}

const columns = () =>
  [
    { name: "externalId", label: t`Number in your school’s system` },
    { name: "name", label: t`Full name` },
    { name: "forename", label: t`Forename` },
    { name: "surname", label: t`Surname` },
    { name: "email", label: t`Email address` },
    { name: "roles", label: t`Role or job` },
    { name: "from", label: t`First day at the school` },
    { name: "to", label: t`Last day at the school` },
  ] as const;

const RELATION = "relation ";

/** What schools' systems call them, letters only. */
const headings: Record<string, string[]> = {
  externalId: [
    "id",
    "staffid",
    "personid",
    "staffcode",
    "staffnumber",
    "employeenumber",
    "number",
    "uniqueid",
    "externalid",
  ],
  name: ["name", "fullname", "staffname", "staffmember"],
  forename: ["forename", "firstname", "givenname", "preferredforename", "legalforename"],
  surname: ["surname", "lastname", "familyname", "preferredsurname", "legalsurname"],
  email: ["email", "emailaddress", "workemail", "schoolemail", "mainemail"],
  roles: ["role", "roles", "job", "jobtitle", "post", "position", "roleorjob"],
  from: ["startdate", "start", "firstday", "dateofemployment", "employmentstart", "joined"],
  to: ["enddate", "leavingdate", "lastday", "dateofleaving", "employmentend", "left"],
};

export const peopleColumns = (relations: RelationItem[]): PeopleColumn[] => [
  ...columns(),
  ...relations.map(({ kind, label }) => ({ name: `${RELATION}${kind}`, label })),
];

/** The column that each heading is, null for none: as it was matched the last time, else by what it is called. */
export function matchPeople(
  headers: string[],
  known: PeopleColumn[],
  before: Record<string, string | null>,
): (string | null)[] {
  const taken = new Set<string>();
  return headers.map((header) => {
    const word = letters(header);
    const kept = before[header];
    const found =
      kept === undefined
        ? known.find(({ name, label }) => word !== "" && (letters(label) === word || headings[name]?.includes(word)))
            ?.name
        : known.find(({ name }) => name === kept)?.name;
    if (found === undefined || taken.has(found)) return null;
    taken.add(found);
    return found;
  });
}

const textOf = (cell: SheetCell | undefined): string =>
  cell === null || cell === undefined ? "" : String(cell).trim();

export function linesOf(sheet: Sheet, fields: (string | null)[]): PersonLine[] {
  return sheet.rows.map((row) => {
    const line: PersonLine = {};
    fields.forEach((name, at) => {
      const text = textOf(row[at]);
      if (name === null || !text) return;
      if (name.startsWith(RELATION))
        line.relations = [...(line.relations ?? []), { kind: name.slice(RELATION.length), to: text }];
      else Object.assign(line, { [name]: text });
    });
    return line;
  });
}

/** The words of the column of roles, the most frequent first. */
export function wordsIn(lines: PersonLine[]): { word: string; people: number }[] {
  const counts = new Map<string, number>();
  for (const { roles } of lines) if (roles) counts.set(roles, (counts.get(roles) ?? 0) + 1);
  return [...counts].map(([word, people]) => ({ word, people })).sort((a, b) => b.people - a.people);
}

/** The role that is called like the word. */
export const roleCalled = (word: string, roles: RoleInfo[]): string | undefined =>
  roles.find(({ label }) => letters(label) === letters(word))?.name;
