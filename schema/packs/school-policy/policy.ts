/** A policy and its yearly review: written, reviewed, ratified by the governing body, and due again a year on. */
import { field, recordType, role, setting, system, type Condition } from "../../definition";
import { leadership } from "./circles";
import { policyFields } from "./policyFields";
import { policyNotices } from "./policyNotices";

const owner = field("owner");
const decidedByChair = [role("chair"), role("viceChair")];
/** Where both are parties to it, another governor records what the governing body has decided. */
const ratifiers = [...decidedByChair, role("governor")];

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
  icon: "document",
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
    reviewAsked: {
      label: "Something asks for a review",
      help: "New guidance, a lesson or a change elsewhere: the review opens by itself, with its reason.",
      from: ["ratified", "reviewDue", "inReview"],
      to: "inReview",
      who: [system],
      form: ["reviewTrigger", "reviewReason"],
      effects: [{ notice: { to: [owner, field("leadGovernor")], template: "reviewAsked" } }],
      because: ["O8", "O12", "M8", "SM6"],
    },
    linkedChanged: {
      label: "A linked policy changed",
      from: [...inUse, "draft"],
      who: [system],
      form: ["changedBeside"],
      asks: { changedBeside: { kind: "text", label: "Which policy changed" } },
      effects: [{ notice: { to: [owner], template: "linkedChanged" } }],
      because: ["O13", "M2", "SM2"],
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
      form: ["writtenOn", "keepWording"],
      asks: {
        keepWording: {
          kind: "longText",
          label: "Why wording of the template stays",
          help: "Only where the check below finds wording that is meant to stand.",
          because: ["O14"],
        },
      },
      defaults: { writtenOn: { today: true } },
      needs: {
        noTemplateText: {
          must: {
            any: [
              { not: { phrase: { in: "text", of: setting("templateWording") } } },
              { not: { empty: { form: "keepWording" } } },
            ],
          },
          refusal:
            "The text still holds wording of its template (see the setting Wording of templates): put the school's own in its place, or say why it stays.",
          because: ["O14", "M1", "M7", "SM1", "SM5"],
        },
      },
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
      decides: ratifiers,
      // `present` is asked for and kept in the history: as a field of the record it would make each governor present a
      // party to the policy, and so bar the chair from deciding on it the year after.
      form: ["meeting", "heldAt", "ratifiedOn", "minuteReference", "present", "agreedOn", "reviewBy"],
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
        // Of the last time: never those of this decision.
        meeting: null,
        heldAt: null,
        minuteReference: null,
        ratifiedOn: { today: true },
        agreedOn: { form: "ratifiedOn" },
        reviewBy: { plus: [{ form: "ratifiedOn" }, setting("reviewEvery")] },
      },
      when: {
        ge: [{ size: { form: "present" } }, { holders: role("governor"), percent: setting("quorum") }],
      },
      refusal:
        "Too few governors were present: a decision needs the quorum of the governing body (its setting Quorum; School Governance Regulations 2013, regulation 14).",
      needs: {
        governorsAlone: {
          must: { holds: [{ form: "present" }, [role("governor")]] },
          refusal:
            "Only governors count towards the quorum (School Governance Regulations 2013, regulation 14): leave out everybody else who was there.",
          because: ["O6"],
        },
        datesAgree: {
          must: {
            all: [
              { not: { gt: [field("writtenOn"), { form: "ratifiedOn" }] } },
              { not: { gt: [{ form: "agreedOn" }, { form: "ratifiedOn" }] } },
              { gt: [{ form: "reviewBy" }, { form: "ratifiedOn" }] },
            ],
          },
          refusal:
            "These dates contradict each other: a policy is written, then agreed, then ratified, and its next review comes after that.",
          because: ["O3"],
        },
      },
      ratifies: "text",
      effects: [
        { send: { link: "policy.related", event: "linkedChanged", with: { changedBeside: field("title") } } },
        { send: { link: "agreementCampaign.policy", event: "newVersion" } },
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
    publish: {
      label: "Record that it is published",
      help: "Families and staff can read the version in force.",
      from: inUse,
      who: [owner, role("clerk"), role("officeStaff"), role("headteacher")],
      form: ["publishedOn", "where"],
      asks: { where: { kind: "text", label: "Where it can be read", required: true, maxLength: 190 } },
      defaults: { publishedOn: { today: true } },
      when: { not: { lt: [{ form: "publishedOn" }, field("ratifiedOn")] } },
      refusal: "It cannot have been published before it was ratified: correct one of the two dates.",
      because: ["O2", "O3"],
    },
    creditTemplate: {
      label: "Record that its author was told",
      from: inUse,
      who: [owner, role("officeStaff"), role("headteacher")],
      form: ["templateToldOn"],
      required: ["templateToldOn"],
      defaults: { templateToldOn: { today: true } },
      because: ["O9"],
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
    publish: {
      label: "Publish {{ title }}",
      help: "Put the version in force where families and staff read it.",
      to: [role("officeStaff")],
      due: { after: setting("publishWithin") },
      actions: ["publish"],
      while: inUse,
      because: ["O2"],
    },
    creditTemplate: {
      label: "Tell {{ templateSource }} that its template is used",
      to: [role("officeStaff")],
      due: { after: "P14D" },
      actions: ["creditTemplate"],
      while: inUse,
      because: ["O9"],
    },
    finishDraft: {
      label: "Finish the draft of {{ title }}",
      help: "Begin its first review when the text is ready to be looked at by others.",
      opens: "draft",
      to: [owner],
      handOverTo: leadership,
      due: { after: setting("draftWithin") },
      actions: ["startReview", "archive"],
      because: ["O1", "O18"],
    },
    review: {
      label: "Review {{ title }}",
      help: "Start the review when you begin. Then check the text, its guidance and its links, and submit it.",
      opens: "reviewDue",
      to: [owner],
      handOverTo: leadership,
      due: { field: "reviewBy" },
      actions: ["startReview", "openReview"],
      because: ["O7", "M8", "SM6"],
    },
    finishReview: {
      label: "Finish the review of {{ title }}",
      help: "Submit it for ratification when the text is ready.",
      opens: "inReview",
      to: [owner],
      handOverTo: leadership,
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
      to: ratifiers,
      decides: true,
      due: { field: "reviewBy" },
      actions: ["ratify", "sendBack"],
      because: ["O6"],
    },
  },

  timers: {
    publish: {
      label: "It should be published",
      anchor: field("ratifiedOn"),
      steps: [setting("publishWithin")],
      at: setting("morning"),
      roll: "nextOpenDay",
      while: inUse,
      when: { any: [{ empty: field("publishedOn") }, { lt: [field("publishedOn"), field("ratifiedOn")] }] },
      late: { skipAfter: "P30D" },
      task: "publish",
      because: ["O2"],
    },
    creditTemplate: {
      label: "The author of its template should be told",
      anchor: field("ratifiedOn"),
      steps: ["P7D"],
      at: setting("morning"),
      roll: "nextOpenDay",
      while: inUse,
      when: { all: [{ not: { empty: field("templateSource") } }, { empty: field("templateToldOn") }] },
      late: { skipAfter: "P30D" },
      task: "creditTemplate",
      because: ["O9"],
    },
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
    draftWithin: {
      label: "A draft is finished within",
      kind: "offset",
      value: "P60D",
      unit: "days",
      source: ours,
      date: "2026-11-24",
      because: ["O18"],
    },
    publishWithin: {
      label: "A ratified policy is published within",
      kind: "offset",
      value: "P5D",
      unit: "days",
      source: ours,
      date: "2026-11-24",
      because: ["O2"],
    },
    templateWording: {
      label: "Wording of templates",
      kind: "texts",
      value: [
        "written by pupils",
        "the pupils community",
        "pupils recognises",
        "amend staff roles",
        "insert name",
        "are in to inform",
        "as appropriate to the setting",
      ],
      unit: "phrases that should not be left in a text",
      source: "What was left standing in our own two policies of 2022",
      date: "2026-11-24",
      because: ["O14"],
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

  warnings: {
    publishedFirst: {
      // What was written anew since, or ratified since, has only not been published yet.
      when: {
        all: [
          { lt: [field("publishedOn"), field("writtenOn")] },
          { not: { lt: [field("publishedOn"), field("ratifiedOn")] } },
        ],
      },
      in: ["ratified", "reviewDue", "archived"],
      message: "It says it was published before it was written: one of the two dates is wrong.",
      because: ["O3"],
    },
    publishedBeforeRatified: {
      when: { lt: [field("publishedOn"), field("ratifiedOn")] },
      message: "The version in force was ratified after the last time it was published: publish it again.",
      in: inUse,
      because: ["O3"],
    },
    guidanceMovedOn: {
      when: { exists: { via: "reliesOn", where: { gt: [field("publishedOn"), { outer: "ratifiedOn" }] } } },
      message: "Guidance it relies on has a newer edition than this policy knows.",
      in: inUse,
      because: ["O12"],
    },
    noMeeting: {
      when: {
        all: [
          { ge: [field("reviewBy"), { today: true }] },
          {
            none: {
              type: "governorsMeeting",
              match: { state: "planned" },
              where: {
                all: [{ ge: [field("heldOn"), { today: true }] }, { le: [field("heldOn"), { outer: "reviewBy" }] }],
              },
            },
          },
        ],
      },
      message: "No meeting of the governors is planned before its review date.",
      in: inUse,
      because: ["O6", "O7"],
    },
    rulesConflict: {
      when: { exists: { via: "ruleConflict.policies", where: { in: [field("state"), ["open", "decided"]] } } },
      message: "Two of its rules contradict each other: see the conflicts that name it.",
      because: ["O136"],
    },
  },

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
    { label: "Links and guidance", fields: ["linkedPolicies", "related", "guidance", "reliesOn"] },
    { label: "Origin", fields: ["authorship", "templateSource", "licence", "templateToldOn"] },
    {
      label: "Review and decision",
      fields: [
        "reviewTrigger",
        "reviewReason",
        "meeting",
        "heldAt",
        "minuteReference",
        "governorsPresent",
        "quorumNeeded",
      ],
    },
  ],
});
