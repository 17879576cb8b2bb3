/** A pupil's phone for the day: handed in on arrival, given back on leaving. */
import { field, recordType, role, setting } from "../../definition";
import { leadership, office } from "./circles";

const keepers = [...office, role("classTeacher"), ...leadership];

export default recordType({
  name: "handIn",
  plural: "handIns",
  label: "Phone handed in",
  pluralLabel: "Phones handed in",
  icon: "phone",
  group: "Registers",
  help: "One entry a day for each phone: in on arrival, out on leaving. What is still here in the afternoon shows.",
  reference: "IN-{year}-{n}",
  title: "{{ pupil }}: {{ what }}",
  entries: { new: "held" },
  because: ["O44", "O45", "O46", "M6"],
  fields: {
    pupil: { kind: "link", to: "pupil", label: "Pupil", required: true, because: ["O45"] },
    what: { kind: "text", label: "Device", required: true, default: "Phone", maxLength: 80, because: ["O45"] },
    takenInBy: { kind: "person", label: "Taken in by", required: true, default: { actor: true }, because: ["O45"] },
    takenInOn: { kind: "date", label: "On", required: true, default: { today: true }, index: true, because: ["O45"] },
    switchedOff: {
      kind: "yesNo",
      label: "Is it switched off?",
      required: true,
      help: "It stays off from arrival until they have left, at events too.",
      because: ["O46", "M6"],
    },
    place: { kind: "text", label: "Where it is kept", maxLength: 80, because: ["O45"] },
    event: {
      kind: "text",
      label: "Event",
      maxLength: 80,
      help: "Such as the disco or a residential.",
      because: ["O46"],
    },
    givenBackBy: { kind: "person", label: "Given back by", editable: false, because: ["O45"] },
  },
  states: {
    held: { label: "With the school", rag: "blue", help: "Kept until they leave." },
    givenBack: { label: "Given back", rag: "green", end: true, help: "They have it again." },
  },
  actions: {
    giveBack: {
      label: "Give back",
      from: ["held"],
      to: "givenBack",
      who: keepers,
      effects: [{ set: { givenBackBy: { actor: true } } }],
      because: ["O45", "M6"],
    },
  },
  tasks: {
    stillHere: {
      label: "Still here: {{ what }} of {{ pupil }}",
      to: [role("officeStaff")],
      due: { after: "P0D" },
      actions: ["giveBack"],
      while: ["held"],
      because: ["O45", "M6"],
    },
  },
  timers: {
    stillHere: {
      label: "It was not collected",
      anchor: field("takenInOn"),
      steps: ["P0D"],
      at: setting("dayEnds"),
      while: ["held"],
      late: "collapse",
      task: "stillHere",
      because: ["O45", "M6"],
    },
  },
  settings: {
    dayEnds: {
      label: "Phones are collected by",
      kind: "time",
      value: "16:00",
      unit: "school time",
      source: "Our own figure",
      date: "2026-11-24",
      because: ["O45"],
    },
  },
  rules: {
    switchedOff: {
      must: { eq: [field("switchedOff"), true] },
      refusal:
        "It must be switched off before it is taken in: it stays off until they have left (Mobile policy, section 6).",
      field: "switchedOff",
      because: ["O46", "M6"],
    },
  },
  quick: {
    label: "Take in a phone",
    fields: ["pupil", "what", "switchedOff", "place"],
    then: "It stands in today's list until it is given back; at four o'clock the office sees what is still here.",
    because: ["O45"],
  },
  grants: [{ to: keepers, may: ["see", "create", "edit"], because: ["O45", "M6"] }],
  views: {
    held: {
      label: "Here now",
      columns: ["pupil", "what", "place", "takenInOn"],
      where: { eq: [field("state"), "held"] },
      sort: "takenInOn",
      because: ["O45"],
    },
    all: { label: "All", columns: ["pupil", "what", "takenInOn", "state", "event"], sort: "-createdAt" },
  },
  charts: {
    byMonth: {
      label: "How many phones come in, by month?",
      over: "takenInOn",
      for: ["officeStaff", "seniorLeader"],
      because: ["O45"],
    },
  },
  form: [
    { label: "Taken in", fields: ["pupil", "what", "switchedOff", "takenInOn", "takenInBy", "place", "event"] },
    { label: "Given back", fields: ["givenBackBy"] },
  ],
});
