/** Two rules of the policies that cannot both be kept: said openly, until the governors or the next review settle it. */
import { field, recordType, role } from "../../definition";
import { governors, leadership, office } from "./circles";

export default recordType({
  name: "ruleConflict",
  plural: "ruleConflicts",
  label: "Conflict between rules",
  pluralLabel: "Conflicts between rules",
  icon: "warning",
  group: "Policies",
  help: "Where the policies say two things, people will do either. Name it here; until it is settled the decision below holds.",
  reference: "CON-{n}",
  title: "{{ summary }}",
  entries: { new: "open" },
  because: ["O136", "M3", "M6", "M9", "SM-4off", "SM7"],
  fields: {
    summary: {
      kind: "text",
      nameless: true,
      label: "In a sentence",
      required: true,
      maxLength: 180,
      because: ["O136"],
    },
    policies: { kind: "links", to: "policy", label: "Policies", because: ["O136"] },
    oneRule: { kind: "longText", label: "One rule says", required: true, because: ["O136"] },
    otherRule: { kind: "longText", label: "The other says", required: true, because: ["O136"] },
    sections: { kind: "text", nameless: true, label: "Sections", maxLength: 120, because: ["O136"] },
    meanwhile: {
      kind: "longText",
      label: "Until it is settled",
      help: "Which of the two holds for now.",
      because: ["O136"],
    },
    settledBy: { kind: "longText", label: "How it was settled", because: ["O136"] },
  },
  states: {
    open: { label: "Open", rag: "red", help: "Both rules stand, and nobody has said which holds." },
    decided: { label: "Decided for now", rag: "amber", resting: true, help: "One holds until the texts are changed." },
    settled: { label: "Settled", rag: "green", end: true, help: "The texts agree." },
  },
  actions: {
    decideForNow: {
      label: "Say which holds for now",
      from: ["open"],
      to: "decided",
      decides: [role("headteacher"), role("chair"), role("viceChair")],
      form: ["meanwhile"],
      required: ["meanwhile"],
      because: ["O136"],
    },
    settle: {
      label: "Record that the texts agree",
      from: ["open", "decided"],
      to: "settled",
      who: [role("headteacher"), role("chair"), role("clerk")],
      form: ["settledBy"],
      required: ["settledBy"],
      because: ["O136"],
    },
  },
  tasks: {
    decide: {
      label: "Say which rule holds: {{ summary }}",
      opens: "open",
      to: [role("headteacher")],
      due: { after: { setting: "decideWithin" } },
      actions: ["decideForNow", "settle"],
      because: ["O136"],
    },
  },
  settings: {
    decideWithin: {
      label: "A conflict is decided within",
      kind: "offset",
      value: "10 school days",
      unit: "school days",
      source: "Our own figure",
      date: "2026-11-24",
      because: ["O136"],
    },
  },
  grants: [
    { to: [...leadership, role("clerk"), ...office], may: ["see", "create", "edit"], because: ["O136"] },
    { to: [...governors, role("staff")], may: ["see"], because: ["O136"] },
  ],
  views: {
    notSettled: {
      label: "Not settled",
      columns: ["summary", "sections", "state", "meanwhile"],
      where: { in: [field("state"), ["open", "decided"]] },
      sort: "-createdAt",
      because: ["O136"],
    },
    all: { label: "All", columns: ["summary", "sections", "state"], sort: "-createdAt", because: ["O136"] },
  },
  charts: { byState: { label: "How many conflicts are open?", by: "state", because: ["O136"] } },
  form: [
    { label: "The conflict", fields: ["summary", "policies", "oneRule", "otherRule", "sections"] },
    { label: "What holds", fields: ["meanwhile", "settledBy"] },
  ],
});
