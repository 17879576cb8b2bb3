/** Those outside the staff: whom they find, and who finds them. A record shows the name of whom it names. */
import type { RecordType } from "../../schema/definition";
import { publishDefinition } from "../../api/engine/publishDefinition";
import { systemIdentity } from "../../api/engine/run";
import { type Asker, emailOf, newSchoolApi, type SchoolApi } from "./schoolApi";

const parcel: RecordType = {
  name: "parcel",
  plural: "parcels",
  label: "Parcel",
  pluralLabel: "Parcels",
  reference: "PAR-{n}",
  title: "For {{ receiver }}",
  entries: { new: "waiting" },
  fields: { receiver: { kind: "person", label: "For", required: true } },
  states: { waiting: { label: "Waiting", resting: true } },
  actions: {},
  grants: [{ to: [{ anyone: true }], may: ["see", "create"] }],
};

let api: SchoolApi;
let parent: Asker;
let caretaker: Asker;
let office: Asker;
beforeAll(async () => {
  api = await newSchoolApi();
  await publishDefinition(api.school.world, systemIdentity(api.school.organisation), { json: parcel });
  [parent, caretaker, office] = (await Promise.all(
    ["Petra Swingfield", "Owen Pluckley", "Bea Wickhurst"].map((name) => api.as(name)),
  )) as [Asker, Asker, Asker];
  for (const name of ["Petra Swingfield", "Tomas Elmstead"])
    await caretaker(`mutation { createParcel(input: { receiver: "${api.school.personId(name)}" }) { id } }`);
}, 60_000);
afterAll(() => api.close());

const person = (ask: Asker, name: string) => ask(`{ person(id: "${api.school.personId(name)}") { name } }`);
const named = (ask: Asker, search: string) =>
  ask(`{ people(search: "${search}") { nodes { name email } totalCount } }`);
const receivers = async (ask: Asker): Promise<Record<string, string | null>> => {
  const { data } = await ask("{ parcels { nodes { receiver { name email } } } }");
  const { nodes } = data["parcels"] as { nodes: { receiver: { name: string; email: string | null } }[] };
  return Object.fromEntries(nodes.map(({ receiver }) => [receiver.name, receiver.email]));
};

test("a parent finds nobody by name but themselves, and of others reads the name that a record shows", async () => {
  expect((await parent("{ people { nodes { name } totalCount } }")).data["people"]).toEqual({
    nodes: [{ name: "Petra Swingfield" }],
    totalCount: 1,
  });
  expect((await person(parent, "Tomas Elmstead")).data).toEqual({ person: null });
  expect((await person(parent, "Leon Denton")).data).toEqual({ person: null });
  const { data } = await parent("{ appointments { person { name } role { name } } }");
  expect(data["appointments"]).toEqual([{ person: { name: "Petra Swingfield" }, role: { name: "parent" } }]);
  expect(await receivers(parent)).toEqual({
    "Petra Swingfield": emailOf("Petra Swingfield"),
    "Tomas Elmstead": null,
  });
});

test("the staff find each other, and a parent only where a record names them, without the address", async () => {
  expect((await named(caretaker, "elmstead")).data["people"]).toEqual({
    nodes: [{ name: "Tomas Elmstead", email: emailOf("Tomas Elmstead") }],
    totalCount: 1,
  });
  expect((await named(caretaker, "swingfield")).data["people"]).toEqual({ nodes: [], totalCount: 0 });
  expect((await person(caretaker, "Petra Swingfield")).data).toEqual({ person: null });
  expect((await caretaker('{ appointments(role: "parent") { id } }')).data).toEqual({ appointments: [] });
  expect(await receivers(caretaker)).toEqual({
    "Petra Swingfield": null,
    "Tomas Elmstead": emailOf("Tomas Elmstead"),
  });
  // A parent who helps out is found for that, and as no more than that.
  const { data } = await caretaker(
    `{ appointments(person: "${api.school.personId("Ada Elham")}") { role { name } } people(search: "elham") { totalCount } }`,
  );
  expect(data).toEqual({ appointments: [{ role: { name: "volunteer" } }], people: { totalCount: 1 } });
});

test("who meets those outside finds them, with their address", async () => {
  expect((await named(office, "swingfield")).data["people"]).toEqual({
    nodes: [{ name: "Petra Swingfield", email: emailOf("Petra Swingfield") }],
    totalCount: 1,
  });
  expect((await person(office, "Petra Swingfield")).data).toEqual({ person: { name: "Petra Swingfield" } });
  expect((await receivers(office))["Petra Swingfield"]).toBe(emailOf("Petra Swingfield"));
});
