/** The demo school's people. All but the two that its policies name are invented; `.invalid` can receive no mail. */
export interface DemoPerson {
  name: string;
  email: string;
  roles: string[];
  /** Name of the line manager. */
  lineManager?: string;
}

export const school = { name: "Canterbury Road Primary School", shortName: "Canterbury Road", zone: "Europe/London" };

const at = (name: string): string => `${name.toLowerCase().replace(/[^a-z]+/g, ".")}@canterburyroad.invalid`;
export const demoPerson = (name: string, roles: string[], lineManager?: string): DemoPerson => ({
  name,
  email: at(name),
  roles,
  lineManager,
});

export const people: DemoPerson[] = [
  demoPerson("Zoe King", ["headteacher", "dsl", "authorisedSearcher", "staff"]),
  demoPerson("Lindsey Glanville", ["governor", "leadGovernor"]),
  demoPerson("Rowan Ashdown", ["governor", "chair"]),
  demoPerson("Imogen Tarrant", ["governor", "viceChair"]),
  demoPerson("Piers Hollowell", ["governor"]),
  demoPerson("Nadia Fenwright", ["governor"]),
  demoPerson("Edith Marlowe", ["clerk"]),
  demoPerson("Callum Birchwood", ["seniorLeader", "deputyDsl", "authorisedSearcher", "staff"], "Zoe King"),
  demoPerson("Harriet Stowting", ["businessManager", "officeStaff", "administrator", "staff"], "Zoe King"),
  demoPerson("Bea Wickhurst", ["officeStaff", "staff"], "Harriet Stowting"),
  demoPerson("Tomas Elmstead", ["classTeacher", "staff"], "Callum Birchwood"),
  demoPerson("Yasmin Chilham", ["classTeacher", "staff"], "Callum Birchwood"),
  demoPerson("Owen Pluckley", ["staff"], "Harriet Stowting"),
  demoPerson("Della Brabourne", ["ptfaMember", "volunteer"]),
  demoPerson("Gwen Otterpool", ["classTeacher", "staff"], "Callum Birchwood"),
  demoPerson("Idris Lympne", ["classTeacher", "staff"], "Callum Birchwood"),
  demoPerson("Marta Saltwood", ["staff"], "Callum Birchwood"),
  demoPerson("Felix Hythecroft", ["regularVisitor"]),
  demoPerson("Rosa Postling", ["contractor"]),
  demoPerson("Hugo Stelling", ["visitor"]),
  demoPerson("Petra Swingfield", ["parent"]),
  demoPerson("Leon Denton", ["parent"]),
  demoPerson("Ada Elham", ["parent", "volunteer"]),
];
