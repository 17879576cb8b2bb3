/** Somebody who missed a session reads what was shared, and says so. */
import { field, recordType, setting, system } from "../../definition";
import { leadership, office } from "./circles";

export default recordType({
  name: "trainingAttendance",
  plural: "trainingAttendances",
  label: "Catching up",
  pluralLabel: "Catching up on training",
  icon: "school",
  group: "Training",
  help: "For everybody who missed a session.",
  reference: "CTU-{year}-{n}",
  title: "{{ session }}: {{ learner }}",
  entries: { new: "toRead" },
  because: ["O94", "SM3"],
  fields: {
    session: {
      kind: "link",
      to: "trainingSession",
      label: "Session",
      required: true,
      editable: false,
      because: ["O94"],
    },
    learner: { kind: "person", label: "Who", required: true, editable: false, because: ["O94"] },
    readOn: { kind: "date", label: "Caught up on", editable: false, because: ["O94"] },
  },
  states: {
    toRead: { label: "To catch up", rag: "amber", help: "What was shared waits to be read." },
    read: { label: "Caught up", rag: "green", end: true, help: "They have read what was shared." },
    notNeeded: {
      label: "No longer needed",
      rag: "grey",
      end: true,
      help: "They have left, or a later session took its place.",
    },
  },
  actions: {
    read: {
      label: "I have read what was shared",
      from: ["toRead"],
      to: "read",
      who: [field("learner")],
      effects: [{ set: { readOn: { today: true } } }],
      because: ["O94", "SM3"],
    },
    notNeeded: { label: "No longer needed", from: ["toRead"], to: "notNeeded", who: [system], because: ["O94"] },
  },
  tasks: {
    read: {
      label: "Catch up on {{ session }}",
      opens: "toRead",
      to: [field("learner")],
      due: { after: setting("within") },
      tell: { template: "missed" },
      actions: ["read"],
      because: ["O94", "SM3"],
    },
  },
  settings: {
    within: {
      label: "Who missed it catches up within",
      kind: "offset",
      value: "10 school days",
      unit: "school days",
      source: "Our own figure",
      date: "2026-11-24",
      because: ["O94"],
    },
  },
  notices: {
    missed: {
      subject: "You missed: {{ session }}",
      body: "Please read what was shared.\n\n[Read it, and say so]({{ url }})",
      because: ["O94"],
    },
  },
  grants: [{ to: [{ field: "learner" }, ...leadership, ...office], may: ["see"], because: ["O94"] }],
  views: {
    all: { label: "All", columns: ["learner", "session", "state", "readOn"], sort: "-createdAt", because: ["O94"] },
  },
  form: [{ label: "Catching up", fields: ["session", "learner", "readOn"] }],
});
