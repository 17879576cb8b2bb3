/** One new starter's induction: complete only once social media and safe use were gone through with them. */
import { field, recordType, role, setting, system } from "../../definition";
import { leadership, office } from "./circles";

const lineManager = { relation: "lineManager", of: "starter" };

export default recordType({
  name: "induction",
  plural: "inductions",
  label: "Induction",
  pluralLabel: "Inductions",
  icon: "school",
  group: "Training",
  help: "Who was inducted, by whom, and that social media was part of it.",
  reference: "IND-{year}-{n}",
  title: "Induction of {{ starter }}",
  entries: { new: "toDo" },
  because: ["O92", "O93", "SM3"],
  fields: {
    programme: {
      kind: "link",
      to: "inductionProgramme",
      label: "Programme",
      editable: false,
      because: ["O93"],
    },
    starter: { kind: "person", label: "New starter", editable: false, because: ["O93"] },
    inductedBy: { kind: "person", label: "Gone through with", editable: false, because: ["O93"] },
    socialMedia: {
      kind: "yesNo",
      label: "Was safe and professional use of social media gone through?",
      editable: false,
      because: ["O93", "SM3"],
    },
    doneOn: { kind: "date", label: "Completed on", editable: false, because: ["O93"] },
  },
  states: {
    toDo: { label: "To be done", rag: "amber", help: "Their line manager has the task." },
    done: { label: "Done", rag: "green", end: true, help: "They know the rules." },
    left: { label: "No longer needed", rag: "grey", end: true, help: "They have left." },
  },
  actions: {
    complete: {
      label: "Record the induction",
      from: ["toDo"],
      to: "done",
      who: [lineManager, ...leadership],
      separate: ["starter"],
      form: ["socialMedia", "inductedBy"],
      required: ["socialMedia", "inductedBy"],
      defaults: { inductedBy: { actor: true } },
      when: { eq: [{ form: "socialMedia" }, true] },
      refusal: "An induction is complete once social media was gone through (Social media policy, section 3).",
      effects: [{ set: { doneOn: { today: true } } }],
      because: ["O93", "SM3"],
    },
    left: { label: "They have left", from: ["toDo"], to: "left", who: [system], because: ["O93"] },
  },
  tasks: {
    induct: {
      label: "Induct {{ starter }}",
      opens: "toDo",
      to: [lineManager, role("headteacher")],
      decides: true,
      due: { after: setting("within") },
      tell: { template: "induct" },
      actions: ["complete"],
      because: ["O93", "SM3"],
    },
  },
  timers: {
    late: {
      label: "The induction is late",
      anchor: { task: "induct", due: true },
      steps: ["P1D"],
      repeat: "P1W",
      roll: "nextOpenDay",
      while: ["toDo"],
      late: "collapse",
      notice: { to: [{ task: "induct" }, role("headteacher")], template: "induct" },
      because: ["O93"],
    },
  },
  settings: {
    within: {
      label: "A new starter is inducted within",
      kind: "offset",
      value: "10 school days",
      unit: "school days",
      source: "Our own figure",
      date: "2026-11-24",
      because: ["O93"],
    },
  },
  notices: {
    induct: {
      subject: "Induct {{ starter }}",
      body: "**{{ starter }}** is new. Please go through the programme with them, social media included.\n\n[Record it]({{ url }})",
      because: ["O93"],
    },
  },
  conflicts: ["starter"],
  grants: [{ to: [...leadership, ...office, { field: "starter" }], may: ["see"], because: ["O93"] }],
  views: {
    toDo: {
      label: "To be done",
      columns: ["starter", "programme", "createdAt"],
      where: { eq: [field("state"), "toDo"] },
      sort: "createdAt",
      because: ["O93"],
    },
    all: { label: "All", columns: ["starter", "state", "doneOn", "inductedBy"], sort: "-createdAt" },
  },
  form: [{ label: "Induction", fields: ["programme", "starter", "socialMedia", "inductedBy", "doneOn"] }],
});
