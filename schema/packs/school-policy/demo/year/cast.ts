/** Who else is at the demo school in its year of data: more staff and families, and pupils. All of them are invented. */
import { type DemoPerson, demoPerson } from "../people";
import type { Random } from "./random";

export const head = "Zoe King";
export const deputy = "Callum Birchwood";
export const assistant = "Anselm Teynham";
export const manager = "Harriet Stowting";
export const office = "Bea Wickhurst";
export const clerk = "Edith Marlowe";
export const chair = "Rowan Ashdown";
export const viceChair = "Imogen Tarrant";
export const leadGovernor = "Lindsey Glanville";
export const caretaker = "Owen Pluckley";

export const morePeople: DemoPerson[] = [
  demoPerson(assistant, ["seniorLeader", "classTeacher", "staff"], head),
  demoPerson("Sorrel Wye", ["classTeacher", "staff"], deputy),
  demoPerson("Jonah Appledore", ["classTeacher", "staff"], deputy),
  demoPerson("Priya Tenterden", ["classTeacher", "staff"], assistant),
  demoPerson("Connie Stourmouth", ["staff"], assistant),
  demoPerson("Rafe Bilting", ["staff"], assistant),
  demoPerson("Nell Sheldwich", ["staff"], manager),
  demoPerson("Jude Fordwich", ["officeStaff", "staff"], manager),
  demoPerson("Maud Lenham", ["governor"]),
  demoPerson("Tamsin Selling", ["ptfaMember", "parent"]),
  demoPerson("Bram Patrixbourne", ["volunteer"]),
  demoPerson("Ines Nackington", ["regularVisitor"]),
  demoPerson("Marcus Challock", ["parent"]),
  demoPerson("Dilys Kennington", ["parent"]),
  demoPerson("Samir Boughton", ["parent"]),
  demoPerson("Freya Hothfield", ["parent"]),
];
/** On the list from the start, and appointed so many school days before today. */
export const starters = [
  { person: demoPerson("Esme Rolvenden", [], deputy), comes: 50, roles: ["classTeacher", "staff"] },
  { person: demoPerson("Dara Smarden", [], assistant), comes: 16, roles: ["staff"] },
];
/** Leaves in the course of the year. */
export const leaver = { name: "Priya Tenterden", goes: 62 };

export const teachers = [
  "Tomas Elmstead",
  "Yasmin Chilham",
  "Gwen Otterpool",
  "Idris Lympne",
  "Sorrel Wye",
  "Jonah Appledore",
];
/** Staff from the first day to the last. */
export const staff = [
  head,
  deputy,
  assistant,
  manager,
  office,
  "Jude Fordwich",
  ...teachers,
  caretaker,
  "Marta Saltwood",
  "Connie Stourmouth",
  "Rafe Bilting",
  "Nell Sheldwich",
];
export const parents = [
  "Petra Swingfield",
  "Leon Denton",
  "Ada Elham",
  "Tamsin Selling",
  "Marcus Challock",
  "Dilys Kennington",
  "Samir Boughton",
  "Freya Hothfield",
];

export interface Child {
  name: string;
  className: string;
  yearGroup: number;
  bornOn: string;
  parents: string[];
  consent: "given" | "refused" | "notAsked";
}

const classes = ["Acorn", "Beech", "Cedar", "Elder", "Hazel", "Maple", "Oak"];
const firstNames = [
  ...["Alba", "Barnaby", "Clementine", "Dexter", "Elodie", "Fergus", "Greta", "Hamish", "Isla", "Jasper", "Keziah"],
  ...["Lorcan", "Mabli", "Nico", "Odette", "Percy", "Quinn", "Rosalind", "Silas", "Thea", "Ulric", "Verity", "Wilf"],
  ...["Xanthe", "Yusuf", "Zelda", "Arlo", "Bettina", "Caspian", "Dulcie", "Ewan", "Flora"],
];
const surnames = [
  ...["Adisham", "Bekesbourne", "Chislet", "Dunkirk", "Eastry", "Faversham", "Goodnestone", "Harbledown", "Ickham"],
  ...["Kingsnorth", "Lyminge", "Monkton", "Newington", "Ospringe", "Petham", "Reculver", "Sturry", "Throwley"],
  ...["Upstreet", "Waltham", "Womenswold", "Wickhambreaux", "Bossingham", "Crundale"],
];

/** So many of each year's pupils as the registers come to name; those of the parents above are among them. */
export function children(random: Random, schoolYear: number): Child[] {
  const names = random.some(firstNames, firstNames.length);
  const families = random.some(surnames, surnames.length);
  return names.map((first, n) => {
    const yearGroup = n % classes.length;
    const parent = parents[n];
    const surname = parent ? (parent.split(" ")[1] ?? "") : (families[n % families.length] ?? "");
    // A year group is born from September of one year to August of the next.
    const born = new Date(Date.UTC(schoolYear - yearGroup - 5, 8 + random.within(0, 11), random.within(1, 28)));
    const consent = n % 9 === 4 ? "refused" : n % 9 === 7 ? "notAsked" : "given";
    return {
      name: `${first} ${surname}`,
      className: classes[yearGroup] ?? "",
      yearGroup,
      bornOn: born.toISOString().slice(0, 10),
      parents: parent ? [parent] : [],
      consent,
    };
  });
}
