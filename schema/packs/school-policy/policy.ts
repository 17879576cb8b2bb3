/** A policy and its yearly review: written, reviewed, ratified by the governing body, and due again a year on. */
import { field, recordType, role, setting, system, type Condition } from "../../definition";
import { policyFields } from "./policyFields";
import { policyNotices } from "./policyNotices";

const owner = field("owner");
const decidedByChair = [role("chair"), role("viceChair")];

/** Ratified once and not withdrawn: some version is in force, also while the next one is being written. */
const inUse = ["ratified", "reviewDue", "inReview", "awaitingRatification"];
const inForce: Condition = { all: [{ in: [field("state"), inUse] }, { not: { empty: field("ratifiedOn") } }] };
const overdue: Condition = { all: [{ in: [field("state"), inUse] }, { lt: [field("reviewBy"), { today: true }] }] };

const annualReview = "The policies' key details and their sections on monitoring and review: at least annually";
const ours = "Our own figure: the policies ask for a yearly review and leave the reminders to the school";

export default recordType({
  name: "policy",
  plural: "policies",
  label: "Policy",
  pluralLabel: "Policies",
  icon: "policy",
  group: "Policies",
  help: "Every policy of the school, with the text in force, when it is due for review, and who answers for it.",
  reference: "POL-{year}-{n}",
  title: "{{ title }}",
  entries: { new: "draft", imported: "ratified" },
  imports: "policyDocument",
  because: ["O1", "O2", "O6", "O7", "O8"],
  fields: policyFields,

  states: {
    draft: { label: "Draft", rag: "grey", help: "Being written for the first time. It binds nobody yet." },
    inReview: { label: "In review", rag: "blue", help: "Its owner is checking and changing the text." },
    awaitingRatification: { label: "Awaiting ratification", rag: "blue", help: "With the governing body to decide." },
    ratified: { label: "Ratified", rag: "green", help: "In force, and not yet due for review." },
    reviewDue: { label: "Review due", rag: "amber", help: "In force. Its review should begin." },
    archived: { label: "Archived", rag: "grey", end: true, help: "No longer in use. Kept to be read." },
  },

  actions: {
    openReview: {
      label: "Open a review early",
      help: "When something has happened that the policy should answer to. Bring the review date forward if it cannot wait.",
      from: ["ratified", "reviewDue"],
      to: "inReview",
      who: [owner, role("dsl"), role("headteacher")],
      form: ["reviewTrigger", "reviewReason", "reviewBy"],
      required: ["reviewTrigger", "reviewReason"],
      because: ["O8", "M8", "SM6"],
    },
    reviewDue: {
      label: "Review due",
      from: ["ratified"],
      to: "reviewDue",
      who: [system],
      because: ["O7", "M8", "SM6"],
    },
    startReview: {
      label: "Start the review",
      from: ["draft", "reviewDue"],
      to: "inReview",
      who: [owner, role("dsl"), role("headteacher")],
      because: ["O7", "M8", "SM6"],
    },
    submitForRatification: {
      label: "Submit for ratification",
      help: "The text is closed to changes until the governing body has decided.",
      from: ["inReview"],
      to: "awaitingRatification",
      who: [owner, role("headteacher")],
      form: ["writtenOn"],
      defaults: { writtenOn: { today: true } },
      effects: [{ notice: { to: [...decidedByChair, role("clerk")], template: "readyToRatify" } }],
      because: ["O6"],
    },
    sendBack: {
      label: "Send back",
      help: "Returns it to its owner with what should change.",
      from: ["awaitingRatification"],
      to: "inReview",
      who: [...decidedByChair, role("clerk")],
      form: ["whatToChange"],
      asks: { whatToChange: { kind: "longText", label: "What should change", required: true } },
      required: ["whatToChange"],
      because: ["O6"],
    },
    ratify: {
      label: "Ratify",
      help: "Records the governing body's decision and puts the text you read in force, word for word.",
      from: ["awaitingRatification"],
      to: "ratified",
      decides: decidedByChair,
      // `present` is asked for and kept in the history: as a field of the record it would make each governor present a
      // party to the policy, and so bar the chair from deciding on it the year after.
      form: ["meeting", "ratifiedOn", "minuteReference", "present", "agreedOn", "reviewBy"],
      asks: {
        present: {
          kind: "people",
          label: "Governors present",
          required: true,
          help: "Those who took part in the decision.",
          because: ["O6"],
        },
      },
      required: ["meeting", "ratifiedOn", "minuteReference", "present", "reviewBy"],
      defaults: {
        ratifiedOn: { today: true },
        agreedOn: { form: "ratifiedOn" },
        reviewBy: { plus: [{ form: "ratifiedOn" }, setting("reviewEvery")] },
      },
      when: {
        ge: [{ size: { form: "present" } }, { holders: role("governor"), percent: setting("quorum") }],
      },
      refusal:
        "Too few governors were present: a decision needs the quorum of the governing body (its setting Quorum; School Governance Regulations 2013, regulation 14).",
      ratifies: "text",
      effects: [
        {
          set: {
            governorsPresent: { size: { form: "present" } },
            quorumNeeded: { holders: role("governor"), percent: setting("quorum") },
            reviewTrigger: null,
            reviewReason: null,
          },
        },
      ],
      because: ["O6", "O7"],
    },
    archive: {
      label: "Archive",
      help: "It is no longer in use. Its reminders stop.",
      from: ["draft", ...inUse],
      to: "archived",
      who: [role("headteacher"), role("clerk")],
      form: ["endsOn", "why"],
      asks: { why: { kind: "longText", label: "Why it is no longer needed", required: true } },
      required: ["endsOn", "why"],
      defaults: { endsOn: { today: true } },
      because: ["O2"],
    },
    reinstate: {
      label: "Bring back",
      help: "It returns as a draft, and is in force again once it has been ratified.",
      from: ["archived"],
      to: "draft",
      who: [role("headteacher"), role("clerk")],
      effects: [{ set: { endsOn: null } }],
      because: ["O2"],
    },
  },

  tasks: {
    review: {
      label: "Review {{ title }}",
      help: "Start the review when you begin. Then check the text, its guidance and its links, and submit it.",
      opens: "reviewDue",
      to: [owner],
      due: { field: "reviewBy" },
      actions: ["startReview", "openReview"],
      because: ["O7", "M8", "SM6"],
    },
    finishReview: {
      label: "Finish the review of {{ title }}",
      help: "Submit it for ratification when the text is ready.",
      opens: "inReview",
      to: [owner],
      due: { field: "reviewBy" },
      actions: ["submitForRatification"],
      because: ["O7", "M8", "SM6"],
    },
    putOnAgenda: {
      label: "Put {{ title }} on the governors' agenda",
      opens: "awaitingRatification",
      to: [role("clerk")],
      due: { field: "reviewBy" },
      because: ["O6"],
    },
    ratify: {
      label: "Ratify {{ title }}",
      help: "Read the text, then ratify it or send it back.",
      opens: "awaitingRatification",
      to: decidedByChair,
      decides: true,
      due: { field: "reviewBy" },
      actions: ["ratify", "sendBack"],
      because: ["O6"],
    },
  },

  timers: {
    openReview: {
      label: "The review falls due",
      anchor: field("reviewBy"),
      steps: [setting("reviewOpens")],
      at: setting("morning"),
      roll: "previousOpenDay",
      while: ["ratified"],
      late: "fire",
      event: "reviewDue",
      because: ["O7", "M8", "SM6"],
    },
    remind: {
      label: "Reminder of the review",
      anchor: field("reviewBy"),
      steps: setting("reminders"),
      at: setting("morning"),
      roll: "previousOpenDay",
      while: inUse,
      late: "collapse",
      quiet: setting("quiet"),
      notice: { to: [field("leadGovernor"), owner], template: "reviewDue" },
      because: ["O7", "M8", "SM6"],
    },
    escalate: {
      label: "The review is overdue",
      anchor: field("reviewBy"),
      steps: [setting("escalateAfter")],
      repeat: setting("escalateEvery"),
      at: setting("morning"),
      roll: "nextOpenDay",
      while: inUse,
      late: "collapse",
      quiet: setting("quiet"),
      notice: { to: [role("chair"), role("clerk")], template: "reviewOverdue" },
      because: ["O7", "M8", "SM6"],
    },
  },

  settings: {
    reviewEvery: {
      label: "A policy is reviewed every",
      kind: "offset",
      value: "P1Y",
      unit: "year",
      source: annualReview,
      date: "2026-11-23",
      because: ["O7", "M8", "SM6"],
    },
    reviewOpens: {
      label: "The review opens",
      kind: "offset",
      value: "-P60D",
      unit: "days before the review date",
      source: ours,
      date: "2026-11-23",
      help: "Then the policy becomes due for review and its owner has the task.",
      because: ["O7"],
    },
    reminders: {
      label: "Reminders go out",
      kind: "offsets",
      value: ["-P60D", "-P30D", "-P14D", "-P7D", "P0D"],
      unit: "days before the review date",
      source: ours,
      date: "2026-11-23",
      because: ["O7"],
    },
    morning: {
      label: "Time of day",
      kind: "time",
      value: "08:00",
      unit: "school time",
      source: ours,
      date: "2026-11-23",
      because: ["O7"],
    },
    quiet: {
      label: "A reminder is not repeated within",
      kind: "offset",
      value: "P14D",
      unit: "days of the same reminder for an earlier date",
      source: ours,
      date: "2026-11-23",
      help: "A review date moved by a few days does not bring the same reminder again.",
      because: ["O7"],
    },
    escalateAfter: {
      label: "The chair and the clerk are told",
      kind: "offset",
      value: "P7D",
      unit: "days after the review date",
      source: ours,
      date: "2026-11-23",
      because: ["O7"],
    },
    escalateEvery: {
      label: "And again every",
      kind: "offset",
      value: "P1M",
      unit: "month until the review is ratified",
      source: ours,
      date: "2026-11-23",
      because: ["O7"],
    },
    quorum: {
      label: "Quorum",
      kind: "percent",
      value: 50,
      unit: "per cent of the governors in post, rounded up",
      source: "School Governance (Roles, Procedures and Allowances) (England) Regulations 2013, regulation 14",
      date: "2026-11-23",
      verify: true,
      help: "From memory of the regulations: compare with them, or with your trust's articles, before relying on it.",
      because: ["O6"],
    },
  },

  notices: policyNotices,

  grants: [
    {
      to: [
        { role: "governor" },
        { role: "chair" },
        { role: "viceChair" },
        { role: "leadGovernor" },
        { role: "headteacher" },
        { role: "dsl" },
        { role: "deputyDsl" },
        { role: "seniorLeader" },
        { role: "businessManager" },
        { role: "clerk" },
        { role: "officeStaff" },
        { field: "owner" },
        { field: "leadGovernor" },
      ],
      may: ["see"],
      because: ["O6", "O18"],
    },
    { to: [{ role: "staff" }], may: ["see"], when: inForce, because: ["O15", "M1", "SM1"] },
    {
      to: [{ field: "owner" }, { role: "clerk" }, { role: "officeStaff" }, { role: "headteacher" }],
      may: ["edit"],
      because: ["O18"],
    },
    { to: [{ role: "clerk" }, { role: "officeStaff" }, { role: "headteacher" }], may: ["create"], because: ["O1"] },
  ],

  views: {
    all: { label: "All", columns: ["title", "state", "reviewBy", "owner", "leadGovernor"], sort: "reviewBy" },
    overdue: {
      label: "Overdue",
      columns: ["title", "state", "reviewBy", "owner", "leadGovernor"],
      where: overdue,
      sort: "reviewBy",
    },
    dueThisTerm: {
      label: "Due within a term",
      columns: ["title", "state", "reviewBy", "owner", "leadGovernor"],
      // Row conditions know no school calendar, so a term is thirteen weeks here.
      where: {
        all: [
          { in: [field("state"), inUse] },
          { ge: [field("reviewBy"), { today: true }] },
          { le: [field("reviewBy"), { plus: [{ today: true }, "P13W"] }] },
        ],
      },
      sort: "reviewBy",
    },
    inReview: {
      label: "In review",
      columns: ["title", "state", "reviewBy", "owner", "reviewTrigger"],
      where: { in: [field("state"), ["inReview", "awaitingRatification"]] },
      sort: "reviewBy",
    },
    notPublished: {
      label: "Ratified, not published since",
      columns: ["title", "ratifiedOn", "publishedOn", "owner"],
      where: {
        all: [inForce, { any: [{ empty: field("publishedOn") }, { lt: [field("publishedOn"), field("ratifiedOn")] }] }],
      },
      sort: "ratifiedOn",
    },
  },

  form: [
    {
      label: "Key details",
      fields: [
        "title",
        "versionLabel",
        "owner",
        "leadGovernor",
        "designatedSafeguardingLeads",
        "deputySafeguardingLeads",
      ],
    },
    { label: "Dates", fields: ["reviewBy", "writtenOn", "agreedOn", "ratifiedOn", "publishedOn", "endsOn"] },
    { label: "Text", fields: ["text"] },
    { label: "Scope", fields: ["audience", "technology"] },
    { label: "Links and guidance", fields: ["linkedPolicies", "related", "guidance"] },
    { label: "Origin", fields: ["authorship", "templateSource", "licence"] },
    {
      label: "Review and decision",
      fields: ["reviewTrigger", "reviewReason", "meeting", "minuteReference", "governorsPresent", "quorumNeeded"],
    },
  ],
});
