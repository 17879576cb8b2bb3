import type { Role } from "./definition";
import { describeChange, type KnownPerson, type PersonLine, planPeople, type PlanOptions } from "./peoplePlan";

const roles: Role[] = [
  { name: "baker", label: "Baker" },
  { name: "crew", label: "Crew" },
  { name: "steward", label: "Steward" },
  { name: "guest", label: "Guest", outside: true },
];
let ids = 0;
const options = (part: Partial<PlanOptions> = {}): PlanOptions => ({
  roles,
  roleWords: [{ word: "Oven hand", roles: ["baker"] }],
  everybody: ["crew"],
  decides: ["baker", "crew"],
  today: "2027-08-20",
  from: "2027-09-01",
  missing: "KEEP",
  staying: [],
  newId: () => `new${++ids}`,
  ...part,
});
const held = (role: string, to: string | null = null) => ({ id: `held-${role}`, role, from: "2020-09-01", to });
const ada: KnownPerson = {
  id: "ada",
  name: "Ada Shah",
  email: "ada@mill.example",
  externalId: "17",
  active: true,
  appointments: [held("baker"), held("crew"), held("steward")],
  elsewhere: false,
  relations: {},
};
const plan = (lines: PersonLine[], known = [ada], part: Partial<PlanOptions> = {}) =>
  planPeople(lines, known, options(part));
const said = (lines: PersonLine[], known = [ada], part: Partial<PlanOptions> = {}) =>
  plan(lines, known, part).lines.map(({ verdict, changes, problems, notes }) => ({
    verdict,
    says: [
      ...changes.map((change) => describeChange(change, roles)),
      ...problems.map(({ message }) => message),
      ...notes,
    ],
  }));

test("somebody new joins with what the list's words mean, from their first day", () => {
  const line = {
    externalId: "18",
    surname: "Okafor",
    forename: "Ben",
    email: "BEN@mill.example",
    roles: "Oven hand",
    from: "06/09/2027",
  };
  expect(said([line])).toEqual([
    {
      verdict: "JOINS",
      says: [
        "Email address: “ben@mill.example”",
        "Number: “18”",
        "Baker from 6 September 2027",
        "Crew from 6 September 2027",
      ],
    },
  ]);
});

test("a row that says what is known changes nothing, and a blank cell says nothing", () => {
  expect(said([{ externalId: "17", name: "Shah, Ada", roles: "Baker" }])).toEqual([{ verdict: "UNCHANGED", says: [] }]);
  expect(said([{ externalId: "17", email: "", roles: " " }])).toEqual([{ verdict: "UNCHANGED", says: [] }]);
});

test("a changed row names what changes, and takes away only roles that the list decides upon", () => {
  const line = { externalId: "17", name: "Ada Shah-Bell", email: "ada.bell@mill.example", roles: "Crew" };
  expect(said([line])).toEqual([
    {
      verdict: "CHANGES",
      says: [
        "Name: “Ada Shah-Bell” instead of “Ada Shah”",
        "Email address: “ada.bell@mill.example” instead of “ada@mill.example”",
        "No longer Baker after 31 August 2027",
      ],
    },
  ]);
});

test("somebody known by address alone is given their number; two people in one row are told apart by nobody", () => {
  const cho = { ...ada, id: "cho", name: "Cho Lin", email: "cho@mill.example", externalId: null };
  expect(said([{ externalId: "40", email: "cho@mill.example" }], [ada, cho])[0]).toEqual({
    verdict: "CHANGES",
    says: ["Number: “40”"],
  });
  expect(said([{ externalId: "17", email: "cho@mill.example" }], [ada, cho])[0]).toEqual({
    verdict: "REFUSED",
    says: ["The number is Ada Shah’s here and the email address Cho Lin’s: mend one of them."],
  });
});

test("what cannot be read is refused with its remedy, and a second row of one person too", () => {
  expect(
    said([
      { name: "Nobody Known" },
      { externalId: "9", name: "Dai", roles: "Miller", to: "31/13/2027" },
      { externalId: "17" },
      { email: "ada@mill.example" },
    ]),
  ).toEqual([
    { verdict: "REFUSED", says: ["It has neither a number nor an email address: it could not be found again."] },
    {
      verdict: "REFUSED",
      says: [
        expect.stringContaining("Last day: “31/13/2027” is not a date"),
        "“Miller” is no role here: say what it means.",
      ],
    },
    { verdict: "UNCHANGED", says: [] },
    { verdict: "REFUSED", says: ["The same person as in line 4, which counts."] },
  ]);
});

test("whoever has a last day leaves on it, and whoever left before is not entered", () => {
  expect(said([{ externalId: "17", to: "31/08/2027" }])[0]).toEqual({
    verdict: "LEAVES",
    says: [
      "No longer Baker after 31 August 2027",
      "No longer Crew after 31 August 2027",
      "No longer Steward after 31 August 2027",
    ],
  });
  expect(said([{ externalId: "3", name: "Old Hand", to: "31/08/2019" }])[0]?.verdict).toBe("PASSED");
});

test("where the list names everybody, whoever is missing leaves every role but those of outsiders", () => {
  const cho = {
    ...ada,
    id: "cho",
    name: "Cho Lin",
    email: null,
    externalId: "40",
    appointments: [held("crew"), held("guest")],
  };
  const bea = { ...ada, id: "bea", name: "Bea", email: null, externalId: "41", appointments: [held("steward")] };
  const leavers = (part: Partial<PlanOptions> = {}) =>
    plan([{ externalId: "17" }], [ada, cho, bea], { missing: "LEAVE", ...part }).leavers.map(({ name, changes }) => ({
      name,
      says: changes.map((change) => describeChange(change, roles)),
    }));
  // Bea holds nothing that the list decides upon.
  expect(leavers()).toEqual([{ name: "Cho Lin", says: ["No longer Crew after 31 August 2027"] }]);
  expect(leavers({ staying: ["cho"] })).toEqual([]);
  const gone = { ...cho, appointments: [held("crew")] };
  expect(
    plan([{ externalId: "17" }], [ada, gone], { missing: "LEAVE", from: "2027-08-20" }).leavers[0]?.changes.map(
      (change) => describeChange(change, roles),
    ),
  ).toEqual(["No longer Crew after 19 August 2027", "Can no longer sign in"]);
});

test("somebody who left comes back", () => {
  const left = { ...ada, active: false, appointments: [held("baker", "2026-08-31")] };
  expect(said([{ externalId: "17", roles: "Baker" }], [left])[0]).toEqual({
    verdict: "RETURNS",
    says: ["Is here again", "Baker from 1 September 2027", "Crew from 1 September 2027"],
  });
});

test("a relation names somebody of the same list, or of those known; an unknown name is noted and the row stands", () => {
  const lines: PersonLine[] = [
    { externalId: "18", name: "Ben Okafor", roles: "Baker", relations: [{ kind: "lineManager", to: "Lin, Cho" }] },
    { externalId: "19", name: "Cho Lin", roles: "Baker", relations: [{ kind: "lineManager", to: "17" }] },
    { externalId: "20", name: "Dai", roles: "Baker", relations: [{ kind: "lineManager", to: "Zed" }] },
    { externalId: "21", name: "Eve", roles: "Baker", relations: [{ kind: "lineManager", to: "18" }] },
  ];
  const planned = plan(lines).lines;
  expect(planned.map(({ changes }) => changes.flatMap((each) => (each.kind === "relation" ? [each.to] : [])))).toEqual([
    [planned[1]?.id],
    ["ada"],
    [],
    [planned[0]?.id],
  ]);
  expect(planned[2]?.notes).toEqual(["Line manager: nobody here is called “Zed”; left as it is."]);
});
