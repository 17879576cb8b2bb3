/** A roster follows whatever it reads of a record that its own links to: whom it asks, whom it leaves out, which set it makes. */
import { createRecord } from "../../api/engine/createRecord";
import { fireDue } from "../../api/engine/fireDue";
import { publishTypes } from "../../api/engine/publishDefinition";
import { rederiveSome } from "../../api/engine/rederive";
import { systemIdentity } from "../../api/engine/run";
import { updateRecord } from "../../api/engine/updateRecord";
import { plainType } from "../plainType";
import { newSchool, type School } from "../school";

const common = plainType("troop", "TRO", {
  fields: {
    leader: { kind: "person", label: "Leader" },
    members: { kind: "people", label: "Members" },
    excused: { kind: "people", label: "Excused" },
    term: { kind: "text", label: "Term" },
  },
});
const camp = plainType("camp", "CAM", {
  fields: { troop: { kind: "link", label: "Troop", to: "troop" } },
  rosters: {
    asked: {
      label: "Asked",
      of: [{ field: "troop.leader" }, { field: "troop.members" }],
      except: [{ field: "troop.excused" }],
      per: { value: { field: "troop.term" }, field: "term" },
      ...{ type: "consent", link: "camp", person: "person", while: ["open"], left: "drop" },
    },
  },
});
const consent = plainType("consent", "CON", {
  fields: {
    camp: { kind: "link", label: "Camp", to: "camp" },
    person: { kind: "person", label: "Person" },
    term: { kind: "text", label: "Term" },
  },
  actions: { drop: { label: "Drop", from: ["open"], to: "shut", who: [{ system: true }] } },
});

let school: School;
beforeAll(async () => {
  school = await newSchool("2026-11-23T09:00:00.000Z");
  await publishTypes(school.world, systemIdentity(school.organisation), [common, consent, camp], { consent: "pack" });
}, 60_000);
afterAll(() => school.close());

const settle = async () => {
  while (await rederiveSome(school.world));
  await fireDue(school.world);
};
const make = (type: string, input: Record<string, unknown>) =>
  school.as("Zoe King", (run) => createRecord(run, { type, input })).then((record) => record.id);
const askedFor = async (of: string) =>
  (
    await school.query(
      `SELECT p.name, c.f_term AS term FROM r_consent c JOIN person p ON p.id = c.f_person
       WHERE c.f_camp = ? AND c.state = 'open' ORDER BY p.name, c.f_term`,
      [of],
    )
  ).map(({ name, term }) => `${String(name)} ${String(term)}`);

const [leader, one, two] = ["Idris Lympne", "Owen Pluckley", "Zoe King"] as const;
const changes: [field: string, value: (id: (name: string) => string) => unknown][] = [
  ["leader", (id) => id(two)],
  ["members", (id) => [id(one), id(two)]],
  ["excused", (id) => [id(one)]],
  ["term", () => "summer"],
];

test.each(changes)(
  "the roster of a camp follows %s of its troop as if the camp had been made afterwards",
  async (field, value) => {
    const id = (name: string) => school.personId(name);
    const troop = await make("troop", { leader: id(leader), members: [id(one)], term: "spring" });
    const before = await make("camp", { troop });
    await settle();
    expect(await askedFor(before)).toEqual([`${leader} spring`, `${one} spring`]);
    await school.as("Zoe King", (run) =>
      updateRecord(run, { type: "troop", id: troop, expectedVersion: 1, input: { [field]: value(id) } }),
    );
    await settle();
    const afterwards = await make("camp", { troop });
    await settle();
    expect(await askedFor(before)).toEqual(await askedFor(afterwards));
  },
);
