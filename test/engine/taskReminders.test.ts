/** Reminders of a task that is done before they are mailed, by every form of anchor that names one. */
import { act } from "../../api/engine/act";
import { createRecord } from "../../api/engine/createRecord";
import { publishTypes } from "../../api/engine/publishDefinition";
import { systemIdentity } from "../../api/engine/run";
import type { Anchor, RecordType, TimerRule } from "../../schema/definition";
import { newSchool, type School } from "../school";

/** What each counts from; all of it falls on 25 November. `needed`: of something else, so its notice stands. */
const counted: Record<string, [anchor: Anchor, step: "P0D" | "P2D", needed: boolean]> = {
  opened: [{ task: "look" }, "P2D", false],
  due: [{ task: "look", due: true }, "P0D", false],
  openedBeforeADate: [{ earliestOf: [{ field: "later" }, { task: "look" }] }, "P2D", false],
  dueBeforeADate: [{ earliestOf: [{ task: "look", due: true }, { field: "later" }] }, "P0D", false],
  dueBeforeALink: [
    {
      earliestOf: [
        { link: "of", field: "later" },
        { task: "look", due: true },
      ],
    },
    "P0D",
    false,
  ],
  dueBeforeAnother: [
    {
      earliestOf: [
        { task: "file", due: true },
        { task: "look", due: true },
      ],
    },
    "P0D",
    false,
  ],
  ofAnother: [{ task: "file" }, "P2D", true],
  aDateBeforeDue: [{ earliestOf: [{ field: "sooner" }, { task: "look", due: true }] }, "P0D", true],
  aLinkBeforeDue: [
    {
      earliestOf: [
        { link: "of", field: "sooner" },
        { task: "look", due: true },
      ],
    },
    "P0D",
    true,
  ],
};
const to = [{ role: "officeStaff" }];
const timers = Object.fromEntries(
  Object.entries(counted).map(([label, [anchor, step]]): [string, TimerRule] => [
    label,
    { label, anchor, steps: [step], at: "07:00", notice: { to, template: "n" } },
  ]),
);
const parcel: RecordType = {
  name: "parcel",
  plural: "parcels",
  label: "Parcel",
  pluralLabel: "Parcels",
  reference: "PAR-{n}",
  title: "{{ reference }}",
  entries: { new: "open" },
  fields: {
    sooner: { kind: "date", label: "Sooner" },
    later: { kind: "date", label: "Later" },
    of: { kind: "link", label: "Of", to: "parcel" },
  },
  states: { open: { label: "Open" }, shut: { label: "Shut", end: true } },
  actions: {
    look: { label: "Look", from: ["open"], who: to },
    file: { label: "File", from: ["open"], who: to },
    shut: { label: "Shut", from: ["open"], to: "shut", who: to },
  },
  tasks: {
    look: { label: "Look", opens: "open", to, due: { after: "P2D" }, actions: ["look"] },
    file: { label: "File", opens: "open", to, due: { after: "P3D" }, actions: ["file"] },
  },
  timers,
  notices: { n: { subject: "{{ reference }}", body: "Please see to it." } },
  grants: [{ to: [{ anyone: true }], may: ["see", "create", "edit"] }],
};

let school: School;
beforeAll(async () => {
  school = await newSchool("2026-11-23T09:00:00.000Z");
  await publishTypes(school.world, systemIdentity(school.organisation), [parcel], { consent: "pack" });
}, 60_000);
afterAll(() => school.close());

test("reminders name the day they remind of, and a task done at 07:20 is not mailed about at 08:00, whatever they count from", async () => {
  const make = (input: Record<string, unknown>) =>
    school.as("Harriet Stowting", (run) => createRecord(run, { type: "parcel", input }));
  const dates = { sooner: "2026-11-25", later: "2027-02-01" };
  const of = (await make(dates)).id;
  const { id, version } = await make({ ...dates, of });
  await school.clock.to("2026-11-25T07:20:00Z");
  const days = await school.query(
    "SELECT t.rule, n.due_on AS day FROM notice n JOIN timer t ON n.cause LIKE CONCAT('timer:', t.id, '%') WHERE n.record = ?",
    [id],
  );
  expect(Object.fromEntries(days.map(({ rule, day }) => [rule, day]))).toEqual(
    Object.fromEntries(Object.keys(counted).map((rule) => [rule, rule === "ofAnother" ? "2026-11-26" : "2026-11-25"])),
  );
  await school.as("Harriet Stowting", (run) =>
    act(run, { type: "parcel", id, action: "look", expectedVersion: version }),
  );
  const told = async () =>
    Object.fromEntries(
      (
        await school.query(
          `SELECT DISTINCT t.rule, n.outcome, n.outcome_why AS why FROM notice n
           JOIN timer t ON n.cause LIKE CONCAT('timer:', t.id, '%') WHERE n.record = ?`,
          [id],
        )
      ).map(({ rule, outcome, why }) => [rule, outcome === "not needed" ? why : outcome]),
    );
  expect(await told()).toEqual(Object.fromEntries(Object.keys(counted).map((rule) => [rule, "planned"])));
  await school.clock.to("2026-11-25T12:00:00Z");
  expect(await told()).toEqual(
    Object.fromEntries(
      Object.entries(counted).map(([rule, [, , needed]]) => [rule, needed ? "in mail" : "The task was done."]),
    ),
  );
}, 60_000);
