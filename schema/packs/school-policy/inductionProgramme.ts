/** What every new starter goes through: one induction each, for as long as the programme runs. */
import { recordType } from "../../definition";
import { governors, leadership, office } from "./circles";

export default recordType({
  name: "inductionProgramme",
  plural: "inductionProgrammes",
  label: "Induction programme",
  pluralLabel: "Induction programmes",
  icon: "school",
  group: "Training",
  help: "While it runs, everybody who joins is given an induction of their own.",
  reference: "IPR-{n}",
  title: "{{ name }}",
  entries: { new: "draft" },
  because: ["O93", "SM3"],
  fields: {
    name: { kind: "text", nameless: true, label: "Name", required: true, maxLength: 120, because: ["O93"] },
    audience: { kind: "roles", label: "For everybody who becomes", because: ["O92", "O93"] },
    topics: { kind: "longText", label: "What is gone through", required: true, because: ["O93"] },
  },
  states: {
    draft: { label: "Being prepared", rag: "grey", resting: true, help: "Nobody is given it yet." },
    running: { label: "Running", rag: "green", resting: true, help: "Every new starter gets one." },
    closed: { label: "Closed", rag: "grey", end: true, help: "Nobody new is given it." },
  },
  actions: {
    start: { label: "Start", from: ["draft"], to: "running", who: leadership, because: ["O93"] },
    close: { label: "Close", from: ["draft", "running"], to: "closed", who: leadership, because: ["O93"] },
  },
  rosters: {
    starters: {
      label: "New starters are inducted",
      of: [{ rolesIn: "audience" }],
      type: "induction",
      link: "programme",
      person: "starter",
      joiners: true,
      while: ["running"],
      left: "left",
      because: ["O93", "SM3"],
    },
  },
  grants: [
    { to: [...leadership, ...office], may: ["see", "create", "edit"], because: ["O93"] },
    { to: governors, may: ["see"], because: ["O93"] },
  ],
  views: { all: { label: "All", columns: ["name", "state"], sort: "name" } },
  form: [{ label: "Programme", fields: ["name", "audience", "topics"] }],
});
