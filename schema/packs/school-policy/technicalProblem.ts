/** Work in the background that failed: whoever runs the school's Duly tries it again or decides against it. */
import { recordType, role, setting, system } from "../../definition";

const keepers = [role("administrator"), role("businessManager")];

export default recordType({
  name: "technicalProblem",
  plural: "technicalProblems",
  label: "Technical problem",
  pluralLabel: "Technical problems",
  icon: "warning",
  group: "School",
  help: "Something Duly does by itself failed. Each problem stands for everything of its kind that failed since it was opened.",
  reference: "PRB-{year}-{n}",
  title: "{{ what }}",
  entries: { new: "open" },
  because: ["O18"],
  fields: {
    what: { kind: "text", label: "What failed", required: true, editable: false, maxLength: 191, because: ["O18"] },
  },
  states: {
    open: { label: "To be looked at", rag: "red" },
    settled: { label: "Settled", rag: "green", end: true },
  },
  actions: {
    leave: {
      label: "Leave it at that",
      help: "Nothing more is done here about what failed until now. Tell the people concerned some other way.",
      from: ["open"],
      to: "settled",
      who: keepers,
      because: ["O18"],
    },
    allSettled: {
      label: "Everything that failed was settled",
      from: ["open"],
      to: "settled",
      who: [system],
      because: ["O18"],
    },
  },
  tasks: {
    look: {
      label: "Look at a technical problem: {{ what }}",
      help: "Ask whoever runs your Duly: the command “duly problems” lists what failed and why, and tries each again or skips it. This task ends by itself once all of it is settled.",
      opens: "open",
      to: keepers,
      tell: { template: "failed" },
      due: { after: setting("lookWithin") },
      actions: ["leave", "allSettled"],
      because: ["O18"],
    },
  },
  settings: {
    lookWithin: {
      label: "A technical problem is looked at within",
      kind: "offset",
      value: "1 school days",
      unit: "school days",
      source: "Our own figure",
      date: "2026-11-30",
      because: ["O18"],
    },
  },
  notices: {
    failed: {
      subject: "{{ what }}",
      body: "{{ what }}\n\n[Open the technical problem]({{ url }})\n\nUntil somebody looks, people may not know what they should.",
      because: ["O18"],
    },
  },
  faults: { what: "what", settled: "allSettled" },
  conflicts: [],
  grants: [{ to: keepers, may: ["see"], because: ["O18"] }],
  views: {
    open: {
      label: "Open",
      columns: ["what", "state", "createdAt"],
      where: { eq: [{ field: "state" }, "open"] },
      sort: "-createdAt",
    },
    all: { label: "All", columns: ["what", "state", "createdAt"], sort: "-createdAt" },
  },
  form: [{ label: "Problem", fields: ["what"] }],
});
