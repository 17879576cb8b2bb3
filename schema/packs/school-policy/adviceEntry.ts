/** A call or letter to an outside body: whom, when, what was advised. The contact log of incidents and decisions. */
import { field, recordType, role } from "../../definition";
import { leadership } from "./circles";

export default recordType({
  name: "adviceEntry",
  plural: "adviceEntries",
  label: "Advice asked",
  pluralLabel: "Advice asked",
  icon: "phone",
  group: "Incidents",
  help: "Each time somebody outside was asked, told or answered. Leave names of children out: point to the school's file.",
  reference: "ADV-{n}",
  title: "{{ body }}: {{ about }}",
  confidential: true,
  bars: ["subject"],
  entries: { new: "asked" },
  because: ["O81", "O84", "M9", "SM7"],
  fields: {
    body: { kind: "link", to: "outsideBody", label: "Whom", required: true, because: ["O84"] },
    about: { kind: "text", label: "About", required: true, maxLength: 160, because: ["O84"] },
    askedBy: { kind: "person", label: "Asked by", required: true, default: { actor: true }, because: ["O84"] },
    askedAt: { kind: "dateTime", label: "When", because: ["O42", "O84"] },
    theirReference: { kind: "text", label: "Their reference", maxLength: 80, because: ["O42"] },
    advice: { kind: "longText", label: "What they advised", because: ["O84"] },
    answeredOn: { kind: "date", label: "Answered on", because: ["O84"] },
    incident: {
      kind: "link",
      to: "incident",
      label: "In the incident",
      help: "It cannot be closed while this waits for an answer.",
      because: ["O84", "M9"],
    },
    subject: {
      kind: "person",
      label: "Which grown-up it is about",
      help: "They will never see this.",
      because: ["O82", "M9"],
    },
    shareWith: { kind: "people", label: "Also to be read by", because: ["O82"] },
  },
  states: {
    asked: { label: "Waiting for an answer", rag: "amber", help: "They have been asked or told." },
    answered: { label: "Answered", rag: "green", end: true, help: "What they advised is recorded." },
  },
  actions: {
    answer: {
      label: "Record the answer",
      from: ["asked"],
      to: "answered",
      who: [field("askedBy"), ...leadership],
      form: ["advice", "answeredOn", "theirReference"],
      required: ["advice", "answeredOn"],
      defaults: { answeredOn: { today: true } },
      because: ["O84", "M9", "SM7"],
    },
  },
  tasks: {
    chase: {
      label: "Hear from {{ body }} about {{ about }}",
      opens: "asked",
      to: [field("askedBy")],
      due: { after: { setting: "chaseAfter" } },
      actions: ["answer"],
      because: ["O84", "M9"],
    },
  },
  settings: {
    chaseAfter: {
      label: "An answer is chased after",
      kind: "offset",
      value: "2 working days",
      unit: "working days",
      source: "Our own figure",
      date: "2026-11-24",
      because: ["O84"],
    },
  },
  rules: {
    somebodyElse: {
      must: { not: { eq: [field("askedBy"), field("subject")] } },
      refusal: "Whoever it is about would never see the answer: let somebody else ask.",
      field: "askedBy",
      because: ["O82", "M9"],
    },
  },
  grants: [
    { to: [{ field: "askedBy" }], may: ["see", "edit"], because: ["O82"] },
    { to: [{ field: "shareWith" }], may: ["see"], because: ["O82"] },
    {
      to: [role("headteacher"), role("dsl"), role("deputyDsl")],
      may: ["see", "create", "edit"],
      when: { in: [field("state"), ["asked", "answered"]] },
      because: ["O82", "O84"],
    },
    { to: [role("seniorLeader"), role("chair"), role("viceChair")], may: ["create"], because: ["O84"] },
  ],
  views: {
    waiting: {
      label: "Waiting for an answer",
      columns: ["recordTitle", "askedBy", "askedAt"],
      where: { eq: [field("state"), "asked"] },
      sort: "askedAt",
    },
    all: { label: "All", columns: ["recordTitle", "state", "askedBy", "answeredOn"], sort: "-createdAt" },
  },
  form: [
    { label: "The question", fields: ["body", "about", "askedBy", "askedAt", "incident", "subject", "shareWith"] },
    { label: "The answer", fields: ["advice", "answeredOn", "theirReference"] },
  ],
});
