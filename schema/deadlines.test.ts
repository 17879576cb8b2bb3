import { deadlinesOf } from "./deadlines";
import { recordType } from "./definition";

const date = (label: string) => ({ kind: "date" as const, label });
const kite = recordType({
  name: "kite",
  plural: "kites",
  label: "Kite",
  pluralLabel: "Kites",
  reference: "KIT-{n}",
  title: "{{ reference }}",
  entries: { new: "packed" },
  fields: {
    mendBy: date("Mend by"),
    landOn: date("Lands on"),
    lastFlown: date("Last flown"),
    soldOn: date("Sold on"),
    checkBy: date("Check by"),
  },
  states: { packed: { label: "Packed" }, flying: { label: "In the air" }, lost: { label: "Lost", end: true } },
  actions: {},
  tasks: { check: { label: "Check it", to: [{ anyone: true }], due: { field: "checkBy" } } },
  timers: {
    mend: { label: "Mend it", anchor: { field: "mendBy" }, steps: { setting: "reminders" } },
    land: { label: "It lands", anchor: { field: "landOn" }, steps: ["P0D"], while: ["flying"] },
    still: { label: "Not flown for long", anchor: { field: "lastFlown" }, steps: ["P30D", { setting: "muchLater" }] },
    check: { label: "Not checked", anchor: { field: "checkBy" }, steps: ["P1D"] },
  },
  settings: {
    reminders: { label: "Reminders", kind: "offsets", value: ["-P7D", "P1D"] },
    muchLater: { label: "Much later", kind: "offset", value: "P1Y" },
  },
  grants: [],
});

test("something is due on a date that a clock announces or goes off on, or a task is due on; not on one it only counts from", () => {
  expect(Object.fromEntries([...deadlinesOf(kite)].map(([field, states]) => [field, [...states]]))).toEqual({
    mendBy: ["packed", "flying"],
    landOn: ["flying"],
    checkBy: ["packed", "flying"],
  });
});
