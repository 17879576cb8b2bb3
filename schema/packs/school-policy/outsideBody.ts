/** Bodies outside the school that its policies name: whom to ring, and for what. */
import { field, recordType, role } from "../../definition";
import { governors, leadership, office } from "./circles";
import { lookedAgain } from "./lookedAgain";

const keepers = [...office, role("headteacher"), role("dsl"), role("deputyDsl")];

export default recordType({
  name: "outsideBody",
  plural: "outsideBodies",
  label: "Outside body",
  pluralLabel: "Outside bodies",
  icon: "phone",
  group: "People",
  help: "Police, the local authority's designated officer, exam bodies, advisers: how to reach each, checked once a year.",
  reference: "OUT-{n}",
  title: "{{ name }}",
  entries: { new: "current" },
  because: ["O42", "O53", "O84", "O133", "M5", "M6", "M9"],
  fields: {
    name: { kind: "text", label: "Name", required: true, index: true, maxLength: 160, because: ["O133"] },
    kind: {
      kind: "choice",
      label: "What it is",
      required: true,
      options: [
        { value: "lado", label: "Local authority designated officer" },
        { value: "police", label: "Police" },
        { value: "examBody", label: "Examining body" },
        { value: "safeguardingService", label: "Education safeguarding service" },
        { value: "templateAuthor", label: "Author of a policy template" },
        { value: "other", label: "Other agency" },
      ],
      because: ["O133"],
    },
    telephone: { kind: "text", label: "Telephone", maxLength: 60, because: ["O42", "O84"] },
    email: { kind: "text", label: "Email", maxLength: 160, because: ["O42", "O84"] },
    usedFor: { kind: "longText", label: "Asked about", because: ["O84", "M9"] },
    checkedOn: {
      kind: "date",
      label: "Details checked on",
      required: true,
      default: { today: true },
      help: "Bodies move and merge: the details are checked each year.",
      because: ["O84", "M9"],
    },
  },
  states: {
    current: { label: "In use", rag: "green", help: "Its details are kept right." },
    closed: { label: "No longer there", rag: "grey", end: true, help: "Kept, so that old records can name it." },
  },
  actions: {
    check: {
      label: "Confirm the details",
      from: ["current"],
      who: keepers,
      form: ["telephone", "email", "checkedOn"],
      needs: {
        again: lookedAgain("O133"),
      },
      defaults: { checkedOn: { today: true } },
      because: ["O84", "M9"],
    },
    close: {
      label: "Record that it has gone",
      from: ["current"],
      to: "closed",
      who: keepers,
      because: ["O84"],
    },
  },
  tasks: {
    check: {
      label: "Check how to reach {{ name }}",
      to: [role("officeStaff")],
      due: { after: "P14D" },
      actions: ["check", "close"],
      while: ["current"],
      because: ["O84", "M9"],
    },
  },
  timers: {
    recheck: {
      label: "Its details are due to be checked",
      anchor: field("checkedOn"),
      steps: [{ setting: "checkEvery" }],
      roll: "nextOpenDay",
      while: ["current"],
      late: "collapse",
      task: "check",
      because: ["O84", "M9"],
    },
  },
  settings: {
    checkEvery: {
      label: "Details of outside bodies are checked every",
      kind: "offset",
      value: "P1Y",
      unit: "year",
      source: "Our own figure: local services merge and move, as Kent's did in September 2024",
      date: "2026-11-24",
      because: ["O84"],
    },
  },
  grants: [
    { to: [...keepers], may: ["see", "create", "edit"], because: ["O84"] },
    { to: [...leadership, ...governors, role("staff")], may: ["see"], because: ["O78", "M9"] },
  ],
  views: {
    all: { label: "All", columns: ["name", "kind", "telephone", "checkedOn"], sort: "name" },
  },
  form: [{ label: "How to reach it", fields: ["name", "kind", "telephone", "email", "usedFor", "checkedOn"] }],
});
