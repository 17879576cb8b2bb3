/** A list of people from the school's own system: which column is what, and what its words for roles are. */
import { type PersonColumn, relationColumn } from "../../schema/peopleColumns";
import { letters } from "../../schema/sheetRows";
import { t } from "../i18n/t";
import type { RelationItem, RoleInfo } from "../provider";

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
  ] as const satisfies { name: PersonColumn; label: string }[];

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
  ...relations.map(({ kind, label }) => ({ name: relationColumn(kind), label })),
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

/** The role that is called like the word. */
export const roleCalled = (word: string, roles: RoleInfo[]): string | undefined =>
  roles.find(({ label }) => letters(label) === letters(word))?.name;
