/** A duty with no record to hang on: a termly check that creates its own records. */
import { publishDefinition } from "../../api/engine/publishDefinition";
import { systemIdentity } from "../../api/engine/run";
import type { RecordType } from "../../schema/definition";
import { newSchool, type School } from "../school";

let school: School;
beforeEach(async () => {
  school = await newSchool("2026-11-23T09:00:00.000Z");
});
afterEach(() => school.close());

const check: RecordType = {
  name: "boardCheck",
  plural: "boardChecks",
  label: "Sign check",
  pluralLabel: "Sign checks",
  reference: "SGN-{year}-{n}",
  title: "{{ what }}",
  entries: { new: "due" },
  fields: { what: { kind: "text", label: "What", required: true } },
  states: { due: { label: "Due" }, done: { label: "Done", end: true } },
  actions: { finish: { label: "Finish", from: ["due"], to: "done", who: [{ role: "officeStaff" }] } },
  tasks: { check: { label: "Check the signs", opens: "due", to: [{ role: "officeStaff" }], actions: ["finish"] } },
  duties: {
    monthly: {
      label: "Signs are checked every month",
      every: "P1M",
      from: "2026-09-15",
      at: "08:30",
      fields: { what: "Entrance signs" },
    },
  },
  grants: [{ to: [{ role: "officeStaff" }], may: ["see", "edit"] }],
};

test("each month brings one check with its task, the months before the school began bring none", async () => {
  await publishDefinition(school.world, systemIdentity(school.organisation), { json: check });
  await school.clock.to("2027-02-20");
  const made = await school.query("SELECT reference, created_at FROM r_board_check ORDER BY id");
  expect(made.map((row) => String(row["created_at"]).slice(0, 16))).toEqual([
    "2026-12-15 08:30",
    "2027-01-15 08:30",
    "2027-02-15 08:30",
  ]);
  const tasks = await school.query("SELECT id FROM task WHERE type = 'boardCheck' AND state = 'open'");
  expect(tasks).toHaveLength(3);
});

test("two record types whose duties have the same name and first day both have theirs", async () => {
  const publish = (json: RecordType) => publishDefinition(school.world, systemIdentity(school.organisation), { json });
  await publish(check);
  const lamps = { name: "lampCheck", plural: "lampChecks", label: "Lamp check", pluralLabel: "Lamp checks" };
  await publish({ ...check, ...lamps, reference: "LMP-{year}-{n}" });
  await school.clock.to("2026-12-20");
  for (const table of ["r_board_check", "r_lamp_check"])
    expect([table, (await school.query(`SELECT id FROM ${table}`)).length]).toEqual([table, 1]);
});
