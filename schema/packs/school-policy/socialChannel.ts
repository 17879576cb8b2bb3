/** An official channel: opened only with an aim, an assessed risk and the headteacher's approval, and looked after. */
import { field, type Need, recordType, role, setting } from "../../definition";
import { headOrChair, leadership, office, safeguarding } from "./circles";

const keepers = [...office, ...leadership];
const rated = { not: { empty: field("risk") } };

const ahead = {
  must: { gt: [{ form: "reviewOn" }, { today: true }] },
  refusal: "Choose a day to come: on it the channel is looked at again.",
  because: ["O108", "SM-4off"],
} satisfies Need;

export default recordType({
  name: "socialChannel",
  plural: "socialChannels",
  label: "Official channel",
  pluralLabel: "Official channels",
  icon: "school",
  group: "Social media",
  help: "Every account that speaks for the school. What is not in this list is not official.",
  reference: "CHN-{n}",
  title: "{{ name }}",
  entries: { new: "proposed" },
  because: ["O107", "O108", "O109", "O110", "O111", "O112", "O113", "SM-4off"],
  fields: {
    name: {
      kind: "text",
      nameless: true,
      label: "Channel",
      required: true,
      maxLength: 120,
      help: "Such as PTFA page.",
      because: ["O107"],
    },
    service: { kind: "text", label: "Service and address", required: true, maxLength: 190, because: ["O107"] },
    aims: { kind: "longText", label: "Aims", required: true, because: ["O108"] },
    outcomes: { kind: "longText", label: "What should come of it", required: true, because: ["O108"] },
    audience: { kind: "longText", label: "For whom, and how the others hear of it", because: ["O117", "SM-4off"] },
    minimumAge: {
      kind: "number",
      label: "Least age of the service",
      min: 0,
      max: 21,
      default: 13,
      because: ["O127", "SM5"],
    },
    withPupils: { kind: "yesNo", label: "Are pupils active on it?", required: true, because: ["O115", "O116"] },
    parentsTold: { kind: "date", label: "Parents told on", because: ["O115"] },
    moderator: { kind: "person", label: "Who moderates what pupils post", because: ["O116"] },
    risk: { kind: "riskGrid", label: "Risk", help: "With what keeps it low.", because: ["O108"] },
    assessedBy: { kind: "person", label: "Assessed by", because: ["O108"] },
    schoolAddress: {
      kind: "text",
      label: "School email it is registered with",
      required: true,
      maxLength: 160,
      help: "An address of the school: never a private one, for PTFA members either.",
      because: ["O111"],
    },
    dedicated: {
      kind: "yesNo",
      label: "Is it an account of its own, for official purposes only?",
      required: true,
      because: ["O110"],
    },
    websiteLink: { kind: "text", label: "Linked from the website at", maxLength: 190, because: ["O109"] },
    protection: { kind: "longText", label: "How it is protected", required: true, because: ["O109"] },
    rulesItRunsUnder: { kind: "links", to: "policy", label: "Policies it runs under", because: ["O113"] },
    emergencyAccess: {
      kind: "longText",
      label: "Where leaders find the access details",
      sealed: true,
      see: leadership,
      tells: { to: leadership, template: "accessOpened", urgent: true },
      help: "Say where the sealed envelope or the entry in the password safe is. Never write a password here.",
      because: ["O112", "SM-4off"],
    },
    approvedOn: { kind: "date", label: "Approved on", editable: false, because: ["O108"] },
    reviewOn: { kind: "date", label: "Looked at again on", because: ["O108"] },
  },
  states: {
    proposed: { label: "Proposed", rag: "amber", help: "Not to be used yet." },
    open: { label: "Open", rag: "green", help: "In use, under its managers." },
    refused: { label: "Refused", rag: "grey", end: true, help: "It was not approved." },
    closed: { label: "Closed", rag: "grey", end: true, help: "The account is deleted or handed back." },
  },
  actions: {
    approve: {
      label: "Approve for use",
      from: ["proposed"],
      to: "open",
      decides: headOrChair,
      form: ["reviewOn"],
      defaults: { reviewOn: { plus: [{ today: true }, setting("reviewEvery")] } },
      needs: {
        ahead,
        assessed: {
          must: { all: [rated, { not: { empty: field("assessedBy") } }] },
          refusal: "Its risk has not been assessed: that comes before any use (Social media policy, official use).",
          because: ["O108", "SM-4off"],
        },
        notHigh: {
          must: { not: { eq: [field("risk.level"), "high"] } },
          refusal: "Its risk is high: say what would bring it down, or refuse it (Social media policy, official use).",
          because: ["O108"],
        },
        parents: {
          must: {
            any: [
              { eq: [field("withPupils"), false] },
              { all: [{ not: { empty: field("parentsTold") } }, { not: { empty: field("moderator") } }] },
            ],
          },
          refusal:
            "Pupils are active on it: parents are told first, and somebody moderates (Social media policy, official use).",
          because: ["O115", "O116"],
        },
      },
      effects: [{ set: { approvedOn: { today: true } } }],
      because: ["O108", "O134", "SM-4off"],
    },
    refuse: {
      label: "Refuse",
      from: ["proposed"],
      to: "refused",
      decides: headOrChair,
      form: ["why"],
      asks: { why: { kind: "longText", label: "Why it is refused", required: true } },
      because: ["O108"],
    },
    review: {
      label: "Record that it was looked at",
      from: ["open"],
      who: leadership,
      form: ["reviewOn", "stillServes"],
      asks: { stillServes: { kind: "longText", label: "Does it still serve its aims?", required: true } },
      required: ["stillServes"],
      needs: {
        ahead,
      },
      defaults: { reviewOn: { plus: [{ today: true }, setting("reviewEvery")] } },
      because: ["O108"],
    },
    close: {
      label: "Close",
      from: ["open"],
      to: "closed",
      who: leadership,
      effects: [{ send: { link: "channelManager.channel", event: "channelClosed" } }],
      because: ["O107"],
    },
  },
  tasks: {
    decide: {
      label: "Approve or refuse {{ name }}",
      opens: "proposed",
      to: headOrChair,
      decides: true,
      due: { after: "10 school days" },
      actions: ["approve", "refuse"],
      because: ["O108"],
    },
    review: {
      label: "See whether {{ name }} still serves its aims",
      to: [role("seniorLeader"), role("headteacher")],
      due: { after: "P14D" },
      actions: ["review", "close"],
      while: ["open"],
      because: ["O108"],
    },
  },
  timers: {
    review: {
      label: "It is looked at again",
      anchor: field("reviewOn"),
      steps: ["P0D"],
      roll: "nextOpenDay",
      while: ["open"],
      late: "collapse",
      task: "review",
      because: ["O108"],
    },
  },
  settings: {
    reviewEvery: {
      label: "A channel is looked at again every",
      kind: "offset",
      value: "P1Y",
      unit: "year",
      source: "Our own figure",
      date: "2026-11-24",
      because: ["O108"],
    },
  },
  notices: {
    accessOpened: {
      subject: "Opened: where the access to {{ name }} is kept",
      body: "**{{ by }}** opened where the access details of **{{ name }}** are kept: {{ reason }}\n\nIf you do not know why, ask them today.\n\n[See the channel]({{ url }})",
      because: ["O112", "SM-4off"],
    },
  },
  rules: {
    dedicated: {
      must: { eq: [field("dedicated"), true] },
      refusal:
        "An official channel is an account of its own, for official purposes only (Social media policy, official use).",
      field: "dedicated",
      because: ["O110"],
    },
  },
  conflicts: [],
  grants: [
    { to: keepers, may: ["see", "create", "edit"], because: ["O107"] },
    { to: [role("staff"), role("ptfaMember"), ...safeguarding, role("governor")], may: ["see"], because: ["O107"] },
    { to: [role("ptfaMember"), role("staff")], may: ["create"], because: ["O108"] },
  ],
  views: {
    open: {
      label: "Open",
      columns: ["name", "service", "reviewOn"],
      where: { eq: [field("state"), "open"] },
      sort: "name",
      because: ["O107"],
    },
    all: { label: "All", columns: ["name", "service", "state", "approvedOn"], sort: "name" },
  },
  form: [
    { label: "Channel", fields: ["name", "service", "schoolAddress", "dedicated", "websiteLink"] },
    {
      label: "Purpose",
      fields: ["aims", "outcomes", "audience", "minimumAge", "withPupils", "parentsTold", "moderator"],
    },
    {
      label: "Risk and protection",
      fields: ["risk", "assessedBy", "protection", "rulesItRunsUnder", "emergencyAccess"],
    },
    { label: "Approval", fields: ["approvedOn", "reviewOn"] },
  ],
});
