/** The leaders' look back at an incident: what is to be learnt from it. Seen by whoever may see the incident. */
import { field, recordType, role, setting } from "../../definition";
import { governors, headOrChair, leadership } from "./circles";
import { changes } from "./lesson";

export default recordType({
  name: "debrief",
  plural: "debriefs",
  label: "Debrief",
  pluralLabel: "Debriefs",
  icon: "people",
  group: "Incidents",
  help: "After every investigation leaders say what is to be learnt. Each lesson becomes a record with an owner and a day.",
  reference: "DEB-{n}",
  title: "Debrief of {{ incident }}",
  confidential: { from: "incident" },
  entries: { new: "due" },
  because: ["O80", "M9", "SM7"],
  fields: {
    incident: {
      kind: "link",
      to: "incident",
      label: "Incident",
      required: true,
      editable: false,
      because: ["M9", "SM7"],
    },
    heldOn: { kind: "date", label: "Held on", because: ["M9", "SM7"] },
    present: { kind: "people", label: "Present", because: ["M9", "SM7"] },
    reflection: {
      kind: "longText",
      label: "How it could happen, and how it was handled",
      help: "Were the rules known, clear and applied alike? Was it reported at once?",
      because: ["O74", "M8", "M9", "SM7"],
    },
    lessons: {
      kind: "list",
      label: "Lessons",
      of: {
        what: { kind: "text", label: "What is to change", required: true },
        change: { kind: "choice", label: "What kind of change", options: changes, required: true },
        policy: { kind: "link", to: "policy", label: "Which policy" },
        owner: { kind: "person", label: "Who sees to it", required: true },
        dueOn: { kind: "date", label: "By when" },
      },
      help: "Each without names: lessons are read by all leaders and the lead governor.",
      because: ["M9", "SM7"],
    },
    noLessons: { kind: "longText", label: "Why there is nothing to change", because: ["M9", "SM7"] },
  },
  states: {
    due: { label: "To be held", rag: "amber", help: "Leaders meet, then record what is to be learnt." },
    held: { label: "Held", rag: "green", end: true, help: "Its lessons have owners." },
  },
  actions: {
    hold: {
      label: "Record the debrief",
      from: ["due"],
      to: "held",
      who: [...leadership, role("chair"), role("viceChair")],
      form: ["heldOn", "present", "reflection", "lessons", "noLessons"],
      required: ["heldOn", "present", "reflection"],
      defaults: { heldOn: { today: true } },
      needs: {
        lessonsOrWhyNot: {
          must: {
            any: [{ ge: [{ size: { form: "lessons" } }, 1] }, { not: { empty: { form: "noLessons" } } }],
          },
          refusal:
            "Name at least one lesson, or say why there is nothing to change (Mobile policy, section 9; Social media policy, section 7).",
          because: ["O80", "M9", "SM7"],
        },
      },
      effects: [
        {
          create: {
            type: "lesson",
            each: { form: "lessons" },
            fields: {
              what: { entry: "what" },
              change: { entry: "change" },
              policy: { entry: "policy" },
              owner: { entry: "owner" },
              dueOn: { entry: "dueOn" },
              incident: field("incident"),
              subject: field("incident.subject"),
            },
          },
        },
        { send: { link: "incident", event: "debriefed" } },
      ],
      because: ["O80", "M9", "SM7"],
    },
  },
  tasks: {
    hold: {
      label: "Debrief on {{ incident }}",
      opens: "due",
      to: headOrChair,
      decides: true,
      tell: { template: "toHold" },
      due: { after: setting("within") },
      actions: ["hold"],
      because: ["O80", "M9", "SM7"],
    },
  },
  timers: {
    remind: {
      label: "Reminder of the debrief",
      anchor: { task: "hold", due: true },
      steps: [setting("remindBefore")],
      roll: "previousOpenDay",
      late: "collapse",
      notice: { to: [{ task: "hold" }, field("incident.lead")], template: "toHold" },
      because: ["O80", "M9", "SM7"],
    },
    late: {
      label: "The debrief is late",
      anchor: { task: "hold", due: true },
      steps: ["P1D"],
      repeat: setting("chaseEvery"),
      roll: "nextOpenDay",
      late: "collapse",
      notice: { to: [{ task: "hold" }, field("incident.lead")], template: "late" },
      because: ["O80", "M9", "SM7"],
    },
  },
  settings: {
    within: {
      label: "Leaders debrief within",
      kind: "offset",
      value: "10 school days",
      unit: "school days after the investigation ends",
      source: "Our own figure: the policies say after the investigation",
      date: "2026-11-24",
      because: ["O80", "O135", "M9", "SM7"],
    },
    remindBefore: {
      label: "They are reminded",
      kind: "offset",
      value: "-P3D",
      unit: "days before it is due",
      source: "Our own figure",
      date: "2026-11-24",
      because: ["O80", "M9", "SM7"],
    },
    chaseEvery: {
      label: "A late debrief is chased every",
      kind: "offset",
      value: "P1W",
      unit: "week",
      source: "Our own figure",
      date: "2026-11-24",
      because: ["O80", "M9", "SM7"],
    },
  },
  notices: {
    toHold: {
      subject: "Debrief to hold by {{ due | date }}: {{ reference }}",
      body: "An investigation has ended. Please hold the debrief **{{ reference }}** with the leaders, and record what is to be learnt.\n\n[Open it]({{ url }})\n\nThe incident cannot be closed without it.",
      because: ["O80", "M9", "SM7"],
    },
    late: {
      subject: "Debrief late since {{ due | date }}: {{ reference }}",
      body: "The debrief **{{ reference }}** has not been held. Its incident stays open until it is.\n\n[Open it]({{ url }})",
      because: ["O80", "M9", "SM7"],
    },
  },
  grants: [
    { to: leadership, may: ["edit"], because: ["M9", "SM7"] },
    { to: [...governors, ...leadership], may: ["count"], because: ["O74", "M8", "SM6"] },
  ],
  views: {
    toHold: {
      label: "To hold",
      columns: ["recordTitle", "state", "createdAt"],
      where: { eq: [field("state"), "due"] },
      sort: "createdAt",
      because: ["O80", "M9"],
    },
    all: { label: "All", columns: ["recordTitle", "state", "heldOn"], sort: "-createdAt" },
  },
  form: [
    { label: "Debrief", fields: ["incident", "heldOn", "present", "reflection"] },
    { label: "What is to be learnt", fields: ["lessons", "noLessons"] },
  ],
});
