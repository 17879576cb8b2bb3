/** Signs and information for visitors, checked each term: what is missing goes into the action plan by itself. */
import { field, recordType, role, setting } from "../../definition";
import { governors, leadership, office } from "./circles";

export default recordType({
  name: "signCheck",
  plural: "signChecks",
  label: "Check of signs",
  pluralLabel: "Checks of signs",
  icon: "flag",
  group: "Visitors",
  help: "Each term somebody walks round and sees whether visitors are told about devices wherever they should be.",
  reference: "SIGN-{year}-{n}",
  title: "Check of signs, {{ reference }}",
  entries: { new: "due" },
  because: ["O67", "O68", "M7"],
  fields: {
    places: {
      kind: "list",
      label: "Places looked at",
      of: {
        place: { kind: "text", label: "Place", required: true, maxLength: 80 },
        missing: { kind: "text", label: "What is missing", maxLength: 150 },
      },
      editable: false,
      help: "Each place, with what is missing there; leave that empty where sign and information are in order.",
      because: ["O68", "M7"],
    },
    visitorUse: {
      kind: "choice",
      label: "Was a visitor seen using a device where children are?",
      options: [
        { value: "no", label: "No" },
        { value: "spokenTo", label: "Yes, and somebody spoke to them" },
        { value: "reported", label: "Yes, and it was reported" },
      ],
      editable: false,
      because: ["O67", "M7"],
    },
    mender: {
      kind: "person",
      label: "Who puts right what is missing",
      editable: false,
      because: ["O68", "M7"],
    },
    checkedBy: { kind: "person", label: "Checked by", editable: false, because: ["O68", "M7"] },
    checkedOn: { kind: "date", label: "Checked on", editable: false, because: ["O68", "M7"] },
    notes: { kind: "longText", label: "Anything else", because: ["O68", "M7"] },
  },
  states: {
    due: { label: "Due", rag: "amber", help: "The office has the task." },
    done: { label: "Done", rag: "green", end: true, help: "What was missing is in the action plan." },
  },
  actions: {
    finish: {
      label: "Record the check",
      help: "What is missing goes into the action plan.",
      from: ["due"],
      to: "done",
      who: [...office, ...leadership],
      form: ["places", "visitorUse", "mender", "notes"],
      required: ["places", "visitorUse", "mender"],
      defaults: { mender: { actor: true } },
      effects: [
        { set: { checkedBy: { actor: true }, checkedOn: { today: true } } },
        {
          create: {
            type: "actionItem",
            each: field("places"),
            where: { not: { empty: { entry: "missing" } } },
            fields: {
              what: { entry: "missing" },
              detail: { entry: "place" },
              origin: field("reference"),
              owner: field("mender"),
            },
          },
        },
      ],
      because: ["O68", "M7"],
    },
  },
  tasks: {
    check: {
      label: "Check the signs for visitors",
      help: "Walk round: entrance, reception, playground gates, staff room and wherever else the school says. See whether sign and leaflet are there.",
      opens: "due",
      to: [role("officeStaff")],
      due: { after: setting("doneWithin") },
      tell: { template: "due" },
      actions: ["finish"],
      because: ["O68", "M7"],
    },
  },
  timers: {
    late: {
      label: "The check is late",
      anchor: { task: "check", due: true },
      steps: ["P1D"],
      repeat: setting("chaseEvery"),
      roll: "nextOpenDay",
      while: ["due"],
      late: "collapse",
      notice: { to: [{ task: "check" }, role("businessManager")], template: "late" },
      because: ["O68", "M7"],
    },
  },
  duties: {
    termly: {
      label: "Signs are checked",
      every: setting("every"),
      from: setting("first"),
      because: ["O68", "M7"],
    },
  },
  settings: {
    every: {
      label: "Signs are checked every",
      kind: "offset",
      value: "1 term",
      unit: "term",
      source: "Our own figure: the policy asks for signs and sets no interval",
      date: "2026-11-24",
      because: ["O68", "M7"],
    },
    first: {
      label: "For the first time on",
      kind: "date",
      value: "2026-09-07",
      unit: "date",
      source: "Our own figure: the first full week of the school year",
      date: "2026-11-24",
      because: ["O68", "M7"],
    },
    doneWithin: {
      label: "A check is done within",
      kind: "offset",
      value: "10 school days",
      unit: "school days",
      source: "Our own figure",
      date: "2026-11-24",
      because: ["O68", "M7"],
    },
    chaseEvery: {
      label: "A late check is chased every",
      kind: "offset",
      value: "P1W",
      unit: "week",
      source: "Our own figure",
      date: "2026-11-24",
      because: ["O68", "M7"],
    },
  },
  notices: {
    due: {
      subject: "Please check the signs for visitors by {{ due | date }}",
      body: "It is time to walk round and see whether visitors are told about devices wherever they should be.\n\n[Record what you find]({{ url }})\n\nWhat is missing goes into the action plan by itself.",
      because: ["O68", "M7"],
    },
    late: {
      subject: "Late: the check of signs for visitors",
      body: "The check of signs that was due has not been recorded.\n\n[Record it]({{ url }})",
      because: ["O68", "M7"],
    },
  },
  grants: [
    { to: [...office, ...leadership], may: ["see", "create", "edit"], because: ["O68", "M7"] },
    { to: [...governors], may: ["see"], because: ["O68", "M7"] },
  ],
  views: {
    due: {
      label: "Due",
      columns: ["recordTitle", "createdAt"],
      where: { eq: [field("state"), "due"] },
      sort: "createdAt",
      because: ["O68", "M7"],
    },
    all: {
      label: "All",
      columns: ["recordTitle", "state", "checkedBy", "checkedOn", "visitorUse"],
      sort: "-createdAt",
      because: ["O67", "O68", "M7"],
    },
  },
  charts: {
    visitorUse: {
      label: "Are visitors seen using devices where children are?",
      by: "visitorUse",
      because: ["O67", "M7"],
    },
  },
  form: [
    { label: "Check", fields: ["places", "visitorUse", "mender", "notes"] },
    { label: "Done", fields: ["checkedBy", "checkedOn"] },
  ],
});
