/** Signs for visitors: checked each term, and what is missing is an action by itself. */
import { refused, type Story, story } from "./world";

let s: Story;
beforeAll(async () => {
  s = await story();
  await s.clock.to("2026-11-23T12:00:00Z");
}, 120_000);

const checks = (fields: string) =>
  s.as("Bea Wickhurst").records<{ id: string; createdAt: string }>("signCheck", fields);

test("O67 O68: signs are checked each term, what is missing at a place becomes an action, and visitors' use is asked about", async () => {
  expect(await checks("id")).toEqual([]);
  await s.clock.to("2027-01-18T12:00:00Z");
  const [due] = await checks("id");
  const id = due?.id ?? "";
  expect(await s.tasksOf("Bea Wickhurst", id)).toMatchObject([{ rule: "check", dueOn: "2027-01-25" }]);

  const places = [
    { place: "Main entrance", missing: null },
    { place: "Playground gate", missing: "The sign has fallen down" },
    { place: "Staff room", missing: "No leaflets left" },
  ];
  const office = s.as("Bea Wickhurst");
  expect(await refused(office.act("signCheck", id, "finish", { visitorUse: "no" }))).toMatchObject({
    problems: [{ path: "input.places" }],
  });
  expect(await refused(office.act("signCheck", id, "finish", { places }))).toMatchObject({
    problems: [{ path: "input.visitorUse" }],
  });
  const found = { places, visitorUse: "spokenTo", mender: s.person("Owen Pluckley") };
  expect(await office.act("signCheck", id, "finish", found)).toBe("done");
  const { reference } = await s.record<{ reference: string }>("signCheck", id, "reference");
  const actions = await s
    .as("Owen Pluckley")
    .records("actionItem", "what detail owner { name }", { origin: { contains: reference } });
  expect(actions).toHaveLength(2);
  expect(actions).toContainEqual({
    what: "The sign has fallen down",
    detail: "Playground gate",
    owner: { name: "Owen Pluckley" },
  });
});

test("O68: a check that nobody does is chased, and the next term brings the next", async () => {
  const before = (await checks("id")).length;
  await s.clock.to("2027-05-20");
  const [due] = await s.as("Bea Wickhurst").records<{ id: string }>("signCheck", "id", { state: { eq: "due" } });
  expect(await checks("id")).toHaveLength(before + 1);
  expect((await s.noticesOf("Harriet Stowting", due?.id)).map(({ subject }) => subject)).toContain(
    "Late: the check of signs for visitors",
  );
});
