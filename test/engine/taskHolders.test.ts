/** Who holds an open task follows what its rule reads: of its own record, and of a record that it links to. */
import { act } from "../../api/engine/act";
import { createRecord } from "../../api/engine/createRecord";
import { createMany } from "../../api/engine/pipeline";
import { publishTypes } from "../../api/engine/publishDefinition";
import { rederiveSome } from "../../api/engine/rederive";
import { systemIdentity } from "../../api/engine/run";
import { updateRecord } from "../../api/engine/updateRecord";
import type { Action, RecordType, TaskRule } from "../../schema/definition";
import { newSchool, type School } from "../school";

const anyone = [{ anyone: true as const }];
const common = {
  entries: { new: "open" },
  states: { open: { label: "Open" }, shut: { label: "Shut", end: true } },
  grants: [{ to: anyone, may: ["see" as const, "create" as const, "edit" as const] }],
};
const wagon: RecordType = {
  ...common,
  ...{ name: "wagon", plural: "wagons", label: "Wagon", pluralLabel: "Wagons", reference: "WAG-{n}" },
  title: "{{ reference }}",
  fields: {
    boss: { kind: "person", label: "Boss" },
    crew: { kind: "people", label: "Crew" },
    loadedOn: { kind: "date", label: "Loaded on" },
  },
  actions: { shut: { label: "Shut", from: ["open"], to: "shut", who: anyone } },
};
const staff = [{ role: "officeStaff" }];
const van: RecordType = {
  ...wagon,
  ...{ name: "van", plural: "vans", label: "Van", pluralLabel: "Vans", reference: "VAN-{n}", confidential: true },
  fields: { subject: { kind: "person", label: "Subject" } },
  bars: ["subject"],
  grants: [{ to: staff, may: ["see", "create", "edit"], when: { all: [] } }],
};
/** One task for every form of rule that finds its persons by the record. */
const rules: Record<string, Pick<TaskRule, "to" | "decides">> = {
  asAnother: { to: [{ task: "person" }] },
  person: { to: [{ field: "who" }] },
  people: { to: [{ field: "crew" }] },
  ofALink: { to: [{ field: "of.boss" }] },
  peopleOfALink: { to: [{ field: "of.crew" }] },
  roles: { to: [{ rolesIn: "audience" }] },
  relation: { to: [{ relation: "lineManager", of: "who" }] },
  decides: { to: [{ field: "of.boss" }, { rolesIn: "audience" }], decides: true },
};
const fields: RecordType["fields"] = {
  who: { kind: "person", label: "Who" },
  crew: { kind: "people", label: "Crew" },
  of: { kind: "link", label: "Of", to: "wagon" },
  next: { kind: "roles", label: "Next audience" },
  audience: { kind: "roles", label: "Audience", default: { field: "next" } },
};
const look: Action = { label: "Look", from: ["open"], who: anyone };
const stay: RecordType = {
  ...common,
  ...{ name: "stay", plural: "stays", label: "Stay", pluralLabel: "Stays", reference: "STY-{n}" },
  title: "{{ reference }}",
  fields,
  actions: {
    look,
    answer: { ...look, label: "Answer", form: ["who", "crew", "of", "audience"] },
    passOn: { ...look, label: "Pass on", form: ["of"], who: [{ field: "of.boss" }] },
    takeOver: {
      ...look,
      label: "Take over",
      effects: [{ set: { who: { actor: true }, audience: { field: "next" } } }],
    },
  },
  tasks: Object.fromEntries(
    Object.entries(rules).map(([name, rule]): [string, TaskRule] => [
      name,
      { ...rule, label: name, opens: "open", actions: ["look"] },
    ]),
  ),
};
/** Confidential by its van: whom that bars holds nothing here. */
const secret: RecordType = {
  ...stay,
  ...{ name: "secret", plural: "secrets", label: "Secret", pluralLabel: "Secrets", reference: "SEC-{n}" },
  confidential: { from: "of" },
  fields: { ...fields, of: { kind: "link", label: "Of", to: "van", required: true } },
  grants: [{ to: staff, may: ["see", "create", "edit"] }],
  tasks: { look: { label: "Look", to: [{ rolesIn: "audience" }], opens: "open", actions: ["look"] } },
};

let school: School;
const id = (name: string) => school.personId(name);
beforeAll(async () => {
  school = await newSchool("2026-11-23T09:00:00.000Z");
  await publishTypes(school.world, systemIdentity(school.organisation), [wagon, van, stay, secret], {
    consent: "pack",
  });
  for (const [person, other] of [
    ["Idris Lympne", "Zoe King"],
    ["Owen Pluckley", "Callum Birchwood"],
    ["Harriet Stowting", "Nadia Fenwright"],
  ] as const) {
    await school.query("DELETE FROM relation WHERE person = ?", [id(person)]);
    await school.query(
      "INSERT INTO relation (organisation, person, kind, other, from_on) VALUES (?, ?, 'lineManager', ?, '2020-01-01')",
      [school.organisation, id(person), id(other)],
    );
  }
}, 60_000);
afterAll(() => school.close());

const office = <T>(verb: Parameters<typeof school.as<T>>[1]) => school.as("Harriet Stowting", verb);
const make = (type: string, input: Record<string, unknown>) =>
  office((run) => createRecord(run, { type, input })).then((record) => record.id);
const versionOf = async (type: string, record: string): Promise<number> =>
  Number((await school.query(`SELECT version FROM r_${type} WHERE id = ?`, [record]))[0]?.["version"]);
const edit = async (type: string, record: string, input: Record<string, unknown>) => {
  const expectedVersion = await versionOf(type, record);
  await office((run) => updateRecord(run, { type, id: record, expectedVersion, input }));
};
const doing = async (record: string, action: string, input: Record<string, unknown> = {}) => {
  const expectedVersion = await versionOf("stay", record);
  await office((run) => act(run, { type: "stay", id: record, action, expectedVersion, input }));
};
async function holders(record: string): Promise<Record<string, string[]>> {
  const rows = await school.query(
    `SELECT t.rule, p.name FROM task t JOIN task_holder h ON h.task = t.id JOIN person p ON p.id = h.person
     WHERE t.record = ? AND t.state = 'open' ORDER BY p.name`,
    [record],
  );
  const found: Record<string, string[]> = {};
  for (const row of rows) (found[String(row["rule"])] ??= []).push(String(row["name"]));
  return found;
}
const one = async () => ({
  who: id("Idris Lympne"),
  crew: [id("Idris Lympne")],
  of: await make("wagon", { boss: id("Idris Lympne"), crew: [id("Zoe King")] }),
  audience: ["headteacher"],
});
const other = async () => ({
  who: id("Owen Pluckley"),
  crew: [id("Owen Pluckley"), id("Zoe King")],
  of: await make("wagon", { boss: id("Callum Birchwood"), crew: [id("Owen Pluckley")] }),
  audience: ["dsl", "clerk"],
});

test("after an edit, and after an action that asks the same, they are whom a record made so has", async () => {
  const values = await other();
  const expected = await holders(await make("stay", values));
  expect(Object.keys(expected).sort()).toEqual(Object.keys(rules).sort());
  const [edited, acted] = [await make("stay", await one()), await make("stay", await one())];
  expect(await holders(edited)).not.toEqual(expected);
  await edit("stay", edited, values);
  expect(await holders(edited)).toEqual(expected);
  await doing(acted, "answer", values);
  expect(await holders(acted)).toEqual(expected);
  // One field at a time, so that none of them is revised for another's sake.
  const alone = await make("stay", await one());
  for (const [name, value] of Object.entries(values)) await edit("stay", alone, { [name]: value });
  expect(await holders(alone)).toEqual(expected);
});

test("what an action sets, and what a field is by default, count as well", async () => {
  const { audience: _, ...rest } = await one();
  const made = await make("stay", { ...rest, next: ["dsl"] });
  const dsl = (await holders(await make("stay", { audience: ["dsl"] })))["roles"];
  expect((await holders(made))["roles"]).toEqual(dsl);
  await edit("stay", made, { audience: ["clerk"] });
  await doing(made, "takeOver");
  expect(await holders(made)).toMatchObject({
    person: ["Harriet Stowting"],
    relation: ["Nadia Fenwright"],
    roles: dsl,
  });
});

test("a change of the persons of a record reaches the tasks of all that link to it, page by page", async () => {
  const { of, ...rest } = await one();
  await office((run) =>
    createMany(
      run,
      "stay",
      run.organisation.id,
      Array.from({ length: 230 }, () => ({ ...rest, of })),
    ),
  );
  const count = async (rule: string, name: string) =>
    Number(
      (
        await school.query(
          `SELECT COUNT(*) AS n FROM task t JOIN task_holder h ON h.task = t.id JOIN record_link l ON l.record = t.record
           WHERE l.target = ? AND l.field = 'of' AND t.rule = ? AND t.state = 'open' AND h.person = ?`,
          [of, rule, id(name)],
        )
      )[0]?.["n"],
    );
  while (await rederiveSome(school.world));
  expect(await count("ofALink", "Idris Lympne")).toBe(230);
  await edit("wagon", of, { boss: id("Owen Pluckley") });
  let pages = 0;
  while (await rederiveSome(school.world)) pages++;
  expect(pages).toBeGreaterThanOrEqual(3);
  expect(await count("ofALink", "Idris Lympne")).toBe(0);
  expect(await count("ofALink", "Owen Pluckley")).toBe(230);
  await edit("wagon", of, { crew: [id("Callum Birchwood")] });
  while (await rederiveSome(school.world));
  expect(await count("peopleOfALink", "Callum Birchwood")).toBe(230);
  await edit("wagon", of, { loadedOn: "2026-12-01" });
  expect(await rederiveSome(school.world)).toBe(false);
}, 60_000);

test("whom a record comes to bar loses the tasks of those that are confidential by it, and gets them back", async () => {
  const headteachers = (await holders(await make("stay", { audience: ["headteacher"] })))["roles"] ?? [];
  const [head = ""] = headteachers;
  const [of, barring] = [await make("van", {}), await make("van", { subject: id(head) })];
  const record = await make("secret", { of, audience: ["headteacher"] });
  const left = headteachers.filter((name) => name !== head);
  expect((await holders(record))["look"]).toEqual(headteachers);
  await edit("van", of, { subject: id(head) });
  while (await rederiveSome(school.world));
  expect((await holders(record))["look"] ?? []).toEqual(left);
  await edit("van", of, { subject: null });
  while (await rederiveSome(school.world));
  expect((await holders(record))["look"]).toEqual(headteachers);
  await edit("secret", record, { of: barring });
  expect((await holders(record))["look"] ?? []).toEqual(left);
});

test("whose an action is follows from the record as it is, not from what they answer", async () => {
  const boss = (name: string) => make("wagon", { boss: id(name) });
  const [mine, theirs] = [await boss("Owen Pluckley"), await boss("Idris Lympne")];
  const passOn = async (person: string, record: string, of: string) => {
    const expectedVersion = await versionOf("stay", record);
    return school.as(person, (run) =>
      act(run, { type: "stay", id: record, action: "passOn", expectedVersion, input: { of } }),
    );
  };
  const refused = { code: "FORBIDDEN" };
  // By naming a record of their own, also where none was named.
  await expect(passOn("Owen Pluckley", await make("stay", { of: theirs }), mine)).rejects.toMatchObject(refused);
  await expect(passOn("Owen Pluckley", await make("stay", {}), mine)).rejects.toMatchObject(refused);
  await passOn("Idris Lympne", await make("stay", { of: theirs }), mine);
});
