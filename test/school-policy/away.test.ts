/** The group `away`: who is absent is asked for nothing until they are back, and keeps what they have agreed to. */
import { agree, campaign, hourLater } from "./agreements";
import { type Story, story } from "./world";

let s: Story;
beforeAll(async () => {
  s = await story();
  await s.clock.to("2026-11-23T12:00:00Z");
}, 120_000);

const states = async (name: string) =>
  (
    await s.as("Zoe King").records<{ state: string }>("acknowledgement", "state", { person: { eq: s.person(name) } })
  ).map(({ state }) => state);
const leave = (name: string, from: string, to: string) =>
  s
    .as("Harriet Stowting")
    .ask<{ setAbsence: string }>("mutation ($input: AbsenceInput!) { setAbsence(input: $input) }", {
      input: { person: s.person(name), standIn: s.person("Zoe King"), from, to },
    });

test("O29: who is absent is not asked until they are back, early or on the day; nobody loses what they agreed to", async () => {
  await leave("Tomas Elmstead", "2026-11-20", "2026-12-04");
  await leave("Gwen Otterpool", "2026-11-20", "2027-03-31");
  await campaign(s, "monitoringNotice", { roles: ["classTeacher"], people: ["Gwen Otterpool"] });
  expect(await states("Tomas Elmstead")).toEqual([]);
  expect(await states("Gwen Otterpool")).toEqual([]);
  expect(await states("Yasmin Chilham")).toEqual(["asked"]);
  await agree(s, "Yasmin Chilham", "monitoringNotice");
  await leave("Yasmin Chilham", "2026-11-24", "2026-11-26");

  await s.clock.to("2026-12-03");
  expect(await states("Yasmin Chilham")).toEqual(["agreed"]);
  expect(await states("Tomas Elmstead")).toEqual([]);
  await s.clock.to("2026-12-05");
  expect(await states("Tomas Elmstead")).toEqual(["asked"]);

  const office = s.as("Harriet Stowting");
  const { absences } = await office.ask<{ absences: { id: string; person: { name: string } }[] }>(
    "{ absences { id person { name } } }",
  );
  const gwen = absences.find(({ person }) => person.name === "Gwen Otterpool");
  await office.ask("mutation ($id: ID!) { endAbsence(id: $id) }", { id: gwen?.id });
  await hourLater(s);
  expect(await states("Gwen Otterpool")).toEqual(["asked"]);
}, 120_000);
