/** A look at the risk of an exception while it is in force: still low, or it is suspended until decided anew. */
import { field, recordType, role, setting, system, type Need } from "../../definition";
import { safeguarding } from "./circles";

const lookers = [field("exception.assessedBy"), ...safeguarding, role("headteacher")];
const done = { doneBy: { actor: true as const }, doneOn: { today: true as const } };
const notOwn: Need = {
  must: {
    all: [
      // A pupil's has nobody here: a comparison with nobody is false, and its negation holds.
      { not: { eq: [field("exception.forWhom"), { actor: true as const }] } },
      { not: { eq: [field("exception.requestedBy"), { actor: true as const }] } },
    ],
  },
  refusal: "Somebody else than who asked for it or uses it looks at its risk: ask the safeguarding lead.",
  because: ["M3"],
};

export default recordType({
  name: "riskFollowUp",
  plural: "riskFollowUps",
  label: "Look at the risk",
  pluralLabel: "Looks at risks",
  icon: "warning",
  group: "Exceptions",
  help: "While an exception is in force, its risk is looked at again at set intervals.",
  reference: "RISK-{year}-{n}",
  title: "{{ exception }}",
  confidential: { from: "exception" },
  entries: { new: "due" },
  because: ["O71", "M3", "M7"],
  fields: {
    exception: {
      kind: "link",
      to: "exception",
      label: "Exception",
      required: true,
      editable: false,
      because: ["O71", "M3"],
    },
    risk: {
      kind: "riskGrid",
      label: "Risk as it is now",
      editable: false,
      help: "With what makes it less: judge what is left.",
      because: ["O71", "M3"],
    },
    whatChanged: {
      kind: "longText",
      label: "What has changed",
      help: "And how the terms have been kept.",
      because: ["O71", "M3"],
    },
    doneBy: { kind: "person", label: "Done by", editable: false, because: ["O71", "M3"] },
    doneOn: { kind: "date", label: "Done on", editable: false, because: ["O71", "M3"] },
  },
  states: {
    due: { label: "Due", rag: "amber", help: "Whoever assessed the risk has the task." },
    low: { label: "Still low", rag: "green", end: true, help: "The exception goes on." },
    risen: { label: "No longer low", rag: "red", end: true, help: "The exception was suspended." },
    notNeeded: { label: "Not needed", rag: "grey", end: true, help: "The exception ended before." },
  },
  actions: {
    confirmLow: {
      label: "Confirm that it is still low",
      from: ["due"],
      to: "low",
      who: lookers,
      form: ["risk", "whatChanged"],
      required: ["risk"],
      needs: { notOwn },
      effects: [{ set: done }, { send: { link: "exception", event: "stillLow", with: { risk: field("risk") } } }],
      because: ["O71", "M3"],
    },
    sayRisen: {
      label: "Say that it is no longer low",
      help: "The exception is suspended at once, and the headteacher or the chair decides anew.",
      from: ["due"],
      to: "risen",
      who: lookers,
      form: ["risk", "whatChanged"],
      required: ["risk", "whatChanged"],
      effects: [
        { set: done },
        {
          send: {
            link: "exception",
            event: "suspend",
            with: { risk: field("risk"), suspendedBecause: field("whatChanged") },
          },
        },
      ],
      because: ["O71", "M3"],
    },
    noLongerNeeded: {
      label: "Not needed any more",
      from: ["due"],
      to: "notNeeded",
      who: [system],
      because: ["O71", "M3"],
    },
  },
  tasks: {
    look: {
      label: "Look at the risk again: {{ exception }}",
      help: "Is it still low? Say so, or say what has changed.",
      opens: "due",
      to: [field("exception.assessedBy"), role("dsl")],
      due: { after: setting("doneWithin") },
      tell: { template: "due" },
      actions: ["confirmLow", "sayRisen"],
      because: ["O71", "O135", "M3"],
    },
  },
  timers: {
    late: {
      label: "The look at the risk is late",
      anchor: { task: "look", due: true },
      steps: ["P1D"],
      repeat: setting("chaseEvery"),
      roll: "nextOpenDay",
      while: ["due"],
      late: "collapse",
      notice: { to: [{ task: "look" }, role("headteacher")], template: "late" },
      because: ["O135", "M3"],
    },
  },
  rules: {
    low: {
      must: { eq: [field("risk.level"), "low"] },
      in: ["low"],
      field: "risk",
      refusal:
        "This risk is not low, and only a low one goes on (Mobile policy, section 3): say that it is no longer low.",
      because: ["O22", "M3"],
    },
  },
  settings: {
    doneWithin: {
      label: "A look at the risk is done within",
      kind: "offset",
      value: "5 school days",
      unit: "school days",
      source: "Our own figure",
      date: "2026-11-24",
      because: ["O135", "M3"],
    },
    chaseEvery: {
      label: "A late one is chased every",
      kind: "offset",
      value: "P1W",
      unit: "week",
      source: "Our own figure",
      date: "2026-11-24",
      because: ["O135", "M3"],
    },
  },
  notices: {
    due: {
      subject: "Please look at the risk by {{ due | date }}: {{ exception }}",
      body: "The exception is in force, and its risk is looked at again from time to time. Is it still low?\n\n[Say how it is]({{ url }})\n\nIf it is not, the exception is suspended until it has been decided anew.",
      because: ["O71", "M3"],
    },
    late: {
      subject: "Still to be looked at: {{ exception }}",
      body: "The risk of this exception should have been looked at by now, and the exception is still in force.\n\n[Say how it is]({{ url }})",
      because: ["O71", "M3"],
    },
  },
  grants: [{ to: [...safeguarding, role("headteacher")], may: ["edit"], because: ["O71", "M3"] }],
  views: {
    due: {
      label: "Due",
      columns: ["recordTitle", "createdAt"],
      where: { eq: [field("state"), "due"] },
      sort: "createdAt",
      because: ["O71", "M3"],
    },
    all: { label: "All", columns: ["recordTitle", "state", "doneBy", "doneOn"], sort: "-createdAt" },
  },
  form: [
    { label: "Risk", fields: ["exception", "risk", "whatChanged"] },
    { label: "Done", fields: ["doneBy", "doneOn"] },
  ],
});
