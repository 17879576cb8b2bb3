/** A daily chase rolls over the days on which nobody is there, and goes on afterwards: once a day, as long as it is owed. */
import { type Pack, type RecordType, recordType } from "../../schema/definition";
import { calendarData } from "../../schema/packs/school-policy/demo/calendar";
import type { Change } from "../../schema/record";
import { MemorySchool } from "./memorySchool";

const kiln = recordType({
  name: "kiln",
  plural: "kilns",
  label: "Kiln",
  pluralLabel: "Kilns",
  reference: "KLN-{n}",
  title: "{{ reference }}",
  entries: { new: "hot" },
  fields: {},
  states: { hot: { label: "Hot" }, cold: { label: "Cold", end: true } },
  actions: { cool: { label: "Cool it", from: ["hot"], to: "cold", who: [{ role: "potter" }] } },
  tasks: {
    cool: { label: "Cool it", opens: "hot", to: [{ role: "potter" }], due: { after: "P1D" }, actions: ["cool"] },
  },
  timers: {
    late: {
      label: "Still hot",
      anchor: { task: "cool", due: true },
      steps: ["P1D"],
      repeat: "P1D",
      roll: "nextOpenDay",
      while: ["hot"],
      late: "collapse",
      notice: { to: [{ task: "cool" }], template: "stillHot" },
    },
  },
  notices: { stillHot: { subject: "Hot since {{ due | date }}", body: "Cool it, please." } },
  grants: [{ to: [{ role: "potter" }], may: ["see", "create"] }],
});
const packOf = (type: RecordType): Pack => ({
  ...{ name: "pottery", label: "Pottery" },
  roles: [{ name: "potter", label: "Potter" }],
  types: [type],
});

const potter = { id: "P1".padEnd(26, "X"), name: "Ada Clay", roles: ["potter"] };

class Pottery extends MemorySchool {
  readonly subjects = new Set<string>();

  protected override keep(change: Change): void {
    super.keep(change);
    for (const { subject } of change.notices) this.subjects.add(subject);
  }
}

const begins = Date.parse("2026-12-16T09:00:00Z");

/** The kiln is hot: when somebody was told so, by the sixth of January. */
function chasesOf(type: RecordType) {
  const school = new Pottery(packOf(type), [potter], calendarData, begins);
  const { id } = school.create("kiln", {}, { kind: "person", id: potter.id, name: potter.name });
  school.advance(Date.parse("2027-01-06T12:00:00Z"));
  const fired = (school.timers.get(id) ?? []).filter(({ state }) => state === "fired");
  return { days: fired.map(({ dueAt }) => dueAt.slice(5, 10)), subjects: [...school.subjects] };
}

test("over a weekend, Christmas and the bank holidays somebody is chased on each open day, and on each but once", () => {
  const { days, subjects } = chasesOf(kiln);
  expect(days).toEqual("12-18 12-21 12-22 12-23 12-24 12-29 12-30 12-31 01-04 01-05 01-06".split(" "));
  // Each says since when it is late, not when the chase was due.
  expect(subjects).toEqual(["Hot since 17 December 2026"]);
});

test("a school that sets the days between two chases to none is told once, not without end", () => {
  const late = { ...kiln.timers!["late"]!, repeat: { setting: "every" } };
  const settings = { every: { label: "Days between two chases", kind: "offset" as const, value: "P0D" } };
  expect(chasesOf({ ...kiln, settings, timers: { late } }).days).toEqual(["12-18"]);
});
