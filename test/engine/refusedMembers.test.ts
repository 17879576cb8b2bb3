/** A roster of which one member's record is refused: the others are served, and somebody is told of the one. */
import { act } from "../../api/engine/act";
import { createRecord } from "../../api/engine/createRecord";
import { fireDue } from "../../api/engine/fireDue";
import type { Input } from "../../api/engine/input";
import { endAppointment } from "../../api/engine/people";
import { problems, retryProblem } from "../../api/engine/problems";
import { run, type Run, systemIdentity } from "../../api/engine/run";
import { publishPack } from "../../api/engine/upgradePack";
import { bumpAccessEdition } from "../../api/store/people";
import type { RecordType } from "../../schema/definition";
import { newSchool, type School } from "../school";

const anyone = [{ anyone: true as const }];
const grants: RecordType["grants"] = [{ to: anyone, may: ["see", "edit", "create"] }];
const meetOf = (name: string, type: string): RecordType => ({
  name,
  plural: `${name}s`,
  label: "Meet",
  pluralLabel: "Meets",
  reference: `${name.toUpperCase().slice(0, 4)}-{n}`,
  title: "{{ rules }}",
  entries: { new: "planned" },
  fields: {
    rules: { kind: "text", label: "Rules", required: true },
    invited: { kind: "roles", label: "Invited" },
  },
  states: { planned: { label: "Planned" }, open: { label: "Open" }, over: { label: "Over", end: true } },
  actions: {
    announce: { label: "Announce", from: ["planned"], to: "open", who: anyone },
    finish: { label: "Finish", from: ["open"], to: "over", who: anyone },
  },
  rosters: {
    pledges: {
      label: "Everybody invited signs",
      of: [{ rolesIn: "invited" }],
      type,
      link: "meet",
      person: "flyer",
      per: { value: { field: "rules" }, field: "rules" },
      while: ["open"],
    },
  },
  grants,
});
const pledgeOf = (name: string, meet: string, rule: boolean): RecordType => ({
  name,
  plural: `${name}s`,
  label: "Pledge",
  pluralLabel: "Pledges",
  reference: `P${name.toUpperCase().slice(0, 4)}-{n}`,
  title: "{{ flyer }}",
  entries: { new: "asked" },
  fields: {
    meet: { kind: "link", to: meet, label: "Meet" },
    flyer: { kind: "person", label: "Flyer", required: true },
    rules: { kind: "text", label: "Rules signed" },
  },
  states: {
    asked: { label: "Asked" },
    signed: { label: "Signed", resting: true },
    lapsed: { label: "Gone", end: true },
  },
  actions: {
    sign: { label: "Sign", from: ["asked"], to: "signed", who: anyone },
    lapse: { label: "Lapse", from: ["asked", "signed"], to: "lapsed", who: anyone },
  },
  ...(rule && {
    rules: {
      once: {
        must: { count: { type: name, match: { flyer: { field: "flyer" }, state: "signed" } }, atMost: 0 },
        in: ["asked"],
        refusal: "A flyer signs for one meet at a time.",
      },
    },
  }),
  grants,
});

let school: School;
const by = "Bea Wickhurst";
beforeAll(async () => {
  school = await newSchool("2026-11-23T09:00:00.000Z");
  const types = [
    meetOf("meet", "pledge"),
    pledgeOf("pledge", "meet", true),
    meetOf("rally", "ticket"),
    pledgeOf("ticket", "rally", false),
  ];
  await publishPack(school.world, systemIdentity(school.organisation), {
    name: "kites",
    label: "Kites",
    roles: [],
    types,
  });
}, 60_000);
afterAll(() => school.close());

const make = async (type: string, input: Input): Promise<string> =>
  (await school.as(by, (current) => createRecord(current, { type, input }))).id;
const doing = (type: string, id: string, action: string) =>
  school.as(by, (current) => act(current, { type, id, action }));
const asSystem = <T>(verb: (current: Run) => Promise<T>) =>
  run(school.world, systemIdentity(school.organisation), verb);
const open = async () => (await asSystem(problems)).filter(({ kind }) => ["member", "roster"].includes(kind));
const asked = async (type: string, meet: string) =>
  (await school.query(`SELECT title FROM r_${type} WHERE f_meet = ? ORDER BY title`, [meet])).map(({ title }) => title);
const rows = (record: string) => school.query("SELECT state FROM timer WHERE record = ? AND kind = 'roster'", [record]);
const fire = () => fireDue(school.world);

/** Ada has signed elsewhere; a meet to which she and Della are invited is announced. */
async function announced(): Promise<{ elsewhere: string; meet: string; ada: string }> {
  const ada = school.personId("Ada Elham");
  const elsewhere = await make("pledge", { flyer: ada });
  await doing("pledge", elsewhere, "sign");
  const meet = await make("meet", { rules: "v1", invited: ["volunteer"] });
  await doing("meet", meet, "announce");
  await fire();
  return { elsewhere, meet, ada };
}

test("who breaks a rule is put aside by name and the others are served; once it is put right, they are served too", async () => {
  const { elsewhere, meet, ada } = await announced();
  expect(await asked("pledge", meet)).toEqual(["Della Brabourne"]);
  expect(await rows(meet)).toEqual([{ state: "fired" }]);
  const [fault, ...others] = await open();
  expect(others).toEqual([]);
  expect(fault).toMatchObject({ kind: "member", about: { type: "meet", record: meet }, times: 1 });
  expect(fault?.subject).toContain(ada);
  expect(fault?.cause).toContain("A flyer signs for one meet at a time.");
  expect(fault?.cause).not.toContain("Ada");

  // Tried again while it still holds, it is a problem again.
  await asSystem((current) => retryProblem(current, { id: fault?.id ?? "" }));
  await fire();
  const [again] = await open();
  expect(again?.subject).toBe(fault?.subject);

  await doing("pledge", elsewhere, "lapse");
  await asSystem((current) => retryProblem(current, { id: again?.id ?? "" }));
  await fire();
  expect(await asked("pledge", meet)).toEqual(["Ada Elham", "Della Brabourne"]);
  expect(await open()).toEqual([]);
});

test("the next filling tries whoever was refused again, and settles what is served", async () => {
  const { elsewhere, meet } = await announced();
  await doing("pledge", elsewhere, "lapse");
  const [della] = await school.query("SELECT id FROM appointment WHERE person = ? AND role = 'volunteer'", [
    school.personId("Della Brabourne"),
  ]);
  await school.as("Harriet Stowting", (current) => endAppointment(current, { id: String(della?.["id"]) }));
  await school.clock.to("2026-11-23T10:00:00Z");
  expect(await asked("pledge", meet)).toContain("Ada Elham");
  expect(await open()).toEqual([]);
});

test("it settles once the member no longer belongs, or the roster is no longer kept up", async () => {
  const { meet, ada } = await announced();
  const other = await make("meet", { rules: "v2", invited: ["volunteer"] });
  await doing("meet", other, "announce");
  await fire();
  expect(await open()).toHaveLength(2);
  await doing("meet", other, "finish");
  expect((await open()).map(({ about }) => about?.record)).toEqual([meet]);
  const [held] = await school.query("SELECT id FROM appointment WHERE person = ? AND role = 'volunteer'", [ada]);
  await school.as("Harriet Stowting", (current) => endAppointment(current, { id: String(held?.["id"]) }));
  await school.clock.to("2026-11-23T10:00:00Z");
  expect(await open()).toEqual([]);
});

test("what the database refuses of one member is put aside as well, on each page of a large audience", async () => {
  await school.query("ALTER TABLE r_ticket ADD UNIQUE KEY u_flyer (f_flyer)");
  const names = Array.from({ length: 230 }, (_, n) => String(n).padStart(3, "0"));
  for (const n of names) {
    const id = `01ZZZZZZZZZZZZZZZZZZZZZ${n}`;
    await school.query("INSERT INTO person (id, organisation, name, name_folded, active) VALUES (?, ?, ?, ?, 1)", [
      id,
      school.organisation,
      `Flyer ${n}`,
      `flyer ${n}`,
    ]);
    await school.query(
      "INSERT INTO appointment (id, organisation, person, role, from_on) VALUES (?, ?, ?, 'volunteer', '2026-01-01')",
      [id, school.organisation, id],
    );
  }
  // Who holds a role is remembered until people change.
  await asSystem((current) => bumpAccessEdition(current.tx));
  const taken = ["004", "120", "229"];
  for (const n of taken) await make("ticket", { flyer: `01ZZZZZZZZZZZZZZZZZZZZZ${n}` });
  const rally = await make("rally", { rules: "v1", invited: ["volunteer"] });
  await doing("rally", rally, "announce");
  for (let round = 0; round < 4; round++) await fire();
  const served = (await asked("ticket", rally)).filter((title) => String(title).startsWith("Flyer"));
  expect(served).toEqual(names.filter((n) => !taken.includes(n)).map((n) => `Flyer ${n}`));
  expect(await rows(rally)).toEqual([{ state: "fired" }]);
  const faults = await open();
  expect(faults.map(({ kind, times, subject }) => [kind, times, subject.slice(-3)]).sort()).toEqual(
    taken.map((n) => ["member", 1, n]),
  );
}, 120_000);
