/** Who is a joiner of a roster: by what they held before, and hold now. */
import { act } from "../../api/engine/act";
import { createRecord } from "../../api/engine/createRecord";
import { appoint } from "../../api/engine/people";
import { newId } from "../../api/engine/world";
import { newSchool, type School } from "../school";

let school: School;
beforeAll(async () => {
  school = await newSchool("2026-11-23T09:00:00.000Z");
}, 60_000);
afterAll(() => school.close());

type Held = [role: "volunteer" | "governor", from: string, to: string | null];
/** The programme is for both roles and runs since 23 November; it is asked on the 26th. */
const pasts: Record<string, { held: Held[]; joins: boolean }> = {
  "never before": { held: [["volunteer", "2026-11-25", null]], joins: true },
  "years ago": {
    held: [
      ["volunteer", "2015-09-01", "2016-07-20"],
      ["volunteer", "2026-11-25", null],
    ],
    joins: true,
  },
  "by mistake, ended before it began": {
    held: [
      ["volunteer", "2026-11-20", "2026-11-19"],
      ["volunteer", "2026-11-25", null],
    ],
    joins: true,
  },
  "in another of the roles, years ago": {
    held: [
      ["governor", "2015-09-01", "2016-07-20"],
      ["volunteer", "2026-11-25", null],
    ],
    joins: true,
  },
  "with a day between": {
    held: [
      ["volunteer", "2026-09-01", "2026-11-23"],
      ["volunteer", "2026-11-25", null],
    ],
    joins: true,
  },
  "renewed from the day after": {
    held: [
      ["volunteer", "2026-09-01", "2026-11-24"],
      ["volunteer", "2026-11-25", null],
    ],
    joins: false,
  },
  "from one of the roles to the other": {
    held: [
      ["governor", "2026-09-01", "2026-11-24"],
      ["volunteer", "2026-11-25", null],
    ],
    joins: false,
  },
  "a second of the roles, and the first goes on": {
    held: [
      ["governor", "2026-09-01", null],
      ["volunteer", "2026-11-25", null],
    ],
    joins: false,
  },
  "all along, beside a short one": {
    held: [
      ["volunteer", "2020-09-01", null],
      ["volunteer", "2021-01-01", "2021-02-01"],
    ],
    joins: false,
  },
  "since, and ended since": { held: [["volunteer", "2026-11-24", "2026-11-25"]], joins: false },
};

test("who comes back to a role joins it anew; who holds it without a gap does not", async () => {
  const free = await school.query(
    `SELECT id, name FROM person WHERE active = 1
       AND id NOT IN (SELECT person FROM appointment WHERE role IN ('volunteer', 'governor')) ORDER BY id`,
  );
  const cases = Object.entries(pasts);
  expect(free.length).toBeGreaterThan(cases.length);
  const [trigger = "", ...persons] = free.map(({ id }) => String(id));
  for (const [index, [, { held }]] of cases.entries())
    for (const [role, from, to] of held)
      await school.world.db.execute(
        "INSERT INTO appointment (id, organisation, person, role, from_on, to_on) VALUES (?, ?, ?, ?, ?, ?)",
        [newId(), school.organisation, persons[index] ?? "", role, from, to],
      );
  const input = { name: "For new ones", audience: ["volunteer", "governor"], topics: "Everything." };
  const { id, version } = await school.as("Zoe King", (run) =>
    createRecord(run, { type: "inductionProgramme", input }),
  );
  await school.as("Zoe King", (run) =>
    act(run, { type: "inductionProgramme", id, action: "start", expectedVersion: version }),
  );
  await school.clock.to("2026-11-26T09:00:00Z");
  await school.as("Harriet Stowting", (run) => appoint(run, { person: trigger, role: "volunteer" }));
  await school.clock.to("2026-11-26T12:00:00Z");
  const inducted = (await school.query("SELECT f_starter AS person FROM r_induction")).map((row) => row["person"]);
  expect(inducted).toContain(trigger);
  expect(Object.fromEntries(cases.map(([name], index) => [name, inducted.includes(persons[index] ?? "")]))).toEqual(
    Object.fromEntries(cases.map(([name, { joins }]) => [name, joins])),
  );
}, 60_000);
