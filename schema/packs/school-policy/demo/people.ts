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
const person = (name: string, roles: string[], lineManager?: string): DemoPerson => ({
  name,
  email: at(name),
  roles,
  lineManager,
});

export const people: DemoPerson[] = [
  person("Zoe King", ["headteacher", "dsl", "authorisedSearcher", "staff"]),
  person("Lindsey Glanville", ["governor", "leadGovernor"]),
  person("Rowan Ashdown", ["governor", "chair"]),
  person("Imogen Tarrant", ["governor", "viceChair"]),
  person("Piers Hollowell", ["governor"]),
  person("Nadia Fenwright", ["governor"]),
  person("Edith Marlowe", ["clerk"]),
  person("Callum Birchwood", ["seniorLeader", "deputyDsl", "authorisedSearcher", "staff"], "Zoe King"),
  person("Harriet Stowting", ["businessManager", "officeStaff", "administrator", "staff"], "Zoe King"),
  person("Bea Wickhurst", ["officeStaff", "staff"], "Harriet Stowting"),
  person("Tomas Elmstead", ["classTeacher", "staff"], "Callum Birchwood"),
  person("Yasmin Chilham", ["classTeacher", "staff"], "Callum Birchwood"),
  person("Owen Pluckley", ["staff"], "Harriet Stowting"),
  person("Della Brabourne", ["ptfaMember", "volunteer"]),
  person("Gwen Otterpool", ["classTeacher", "staff"], "Callum Birchwood"),
  person("Idris Lympne", ["classTeacher", "staff"], "Callum Birchwood"),
  person("Marta Saltwood", ["staff"], "Callum Birchwood"),
  person("Felix Hythecroft", ["regularVisitor"]),
  person("Rosa Postling", ["contractor"]),
  person("Hugo Stelling", ["visitor"]),
  person("Petra Swingfield", ["parent"]),
  person("Leon Denton", ["parent"]),
  person("Ada Elham", ["parent", "volunteer"]),
];
