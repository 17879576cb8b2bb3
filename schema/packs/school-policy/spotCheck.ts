/** A look at whether the rules are kept: where, when, what was seen. Every issue found becomes an action. */
import { field, recordType, role, setting } from "../../definition";
import { governors, leadership } from "./circles";

export default recordType({
  name: "spotCheck",
  plural: "spotChecks",
  label: "Spot check",
  pluralLabel: "Spot checks",
  icon: "flag",
  group: "Monitoring",
  help: "Walk through, look, and answer the questions. What is amiss goes into the action plan by itself.",
  reference: "SPOT-{year}-{n}",
  title: "{{ kind }}, {{ dueOn | date }}",
  entries: { new: "due" },
  because: ["O73", "O74", "O75", "O76", "O77", "M8", "SM6"],
  fields: {
    kind: {
      kind: "choice",
      label: "What is checked",
      required: true,
      options: [
        { value: "walk", label: "Walk through the school" },
        { value: "browser", label: "Browsing on school devices" },
        { value: "online", label: "What is public online" },
      ],
      default: "walk",
      because: ["O73", "O76", "SM6"],
    },
    dueOn: {
      kind: "date",
      label: "Due on",
      required: true,
      default: { plus: [{ today: true }, setting("checkWithin")] },
      because: ["O73"],
    },
    place: { kind: "text", label: "Where", maxLength: 160, because: ["O77"] },
    checkedBy: { kind: "person", label: "Checked by", editable: false, because: ["O77"] },
    checkedOn: { kind: "date", label: "Checked on", editable: false, because: ["O77"] },
    asked: {
      kind: "choices",
      label: "What was looked at",
      options: [
        { value: "places", label: "Are devices kept out of places where children are?", because: ["O21", "M3"] },
        { value: "remote", label: "Is remote teaching on the school's equipment?", because: ["O26", "M4", "M5"] },
        { value: "ownPhone", label: "Do staff reach families by the school's lines only?", because: ["O34", "M5"] },
        { value: "pictures", label: "Are pictures of pupils taken with school equipment?", because: ["O36", "M5"] },
        { value: "lessons", label: "Do staff work with pupils on school equipment?", because: ["O37", "M5"] },
        { value: "pupilPhones", label: "Are pupils' phones out of use on site?", because: ["O44", "M6"] },
        { value: "handedIn", label: "Are phones handed in, and off until home time?", because: ["O46", "M6"] },
        { value: "visitors", label: "Do visitors keep phones away from children?", because: ["O67", "M7"] },
        {
          value: "staffSocial",
          label: "Is social media used only in the staff room, in breaks?",
          because: ["O91", "SM3"],
        },
        {
          value: "workInfo",
          label: "Is nothing about pupils or colleagues on private accounts?",
          because: ["O100", "SM4.1"],
        },
        {
          value: "friending",
          label: "Do staff stay clear of pupils and families on private accounts?",
          because: ["O102", "SM4.2"],
        },
        {
          value: "directMessages",
          label: "Are official channels free of private messages with pupils?",
          because: ["O122", "SM-4off"],
        },
        {
          value: "schoolHours",
          label: "Is social media out of use by pupils in school hours and on trips?",
          because: ["O124", "SM5"],
        },
        {
          value: "underAge",
          label: "Have pupils no accounts made for them under the age of the service?",
          because: ["O127", "SM5"],
        },
      ],
      because: ["O74", "O77", "SM6"],
    },
    seen: { kind: "longText", label: "What was seen", because: ["O77", "SM6"] },
    issues: {
      kind: "list",
      label: "Issues found",
      of: {
        what: { kind: "text", label: "What is amiss", required: true, because: ["O75"] },
        owner: { kind: "person", label: "Who sees to it", required: true, because: ["O75"] },
      },
      help: "Each becomes an action of the action plan.",
      because: ["O75", "M8", "SM6"],
    },
  },
  states: {
    due: { label: "To be done", rag: "amber", help: "A leader has the task." },
    done: { label: "Done", rag: "green", end: true, help: "Recorded; its issues are in the action plan." },
  },
  actions: {
    record: {
      label: "Record the check",
      from: ["due"],
      to: "done",
      who: leadership,
      form: ["place", "asked", "seen", "issues"],
      required: ["place", "asked", "seen"],
      effects: [
        { set: { checkedBy: { actor: true }, checkedOn: { today: true } } },
        {
          create: {
            type: "actionItem",
            each: field("issues"),
            fields: { what: { entry: "what" }, owner: { entry: "owner" }, origin: field("reference") },
          },
        },
      ],
      because: ["O73", "O75", "O77", "M8", "SM6"],
    },
  },
  tasks: {
    check: {
      label: "Spot check: {{ kind }}",
      opens: "due",
      to: [role("seniorLeader"), role("dsl")],
      due: { field: "dueOn" },
      tell: { template: "due" },
      actions: ["record"],
      because: ["O73", "O77", "M8", "SM6"],
    },
  },
  timers: {
    late: {
      label: "The check is late",
      anchor: field("dueOn"),
      steps: ["P1D"],
      repeat: "P1W",
      roll: "nextOpenDay",
      while: ["due"],
      late: "collapse",
      notice: { to: [role("seniorLeader"), role("dsl"), role("headteacher")], template: "due" },
      because: ["O73"],
    },
  },
  duties: {
    walk: {
      label: "A walk through the school each half-term",
      every: setting("checkEvery"),
      from: "2026-09-14",
      fields: { kind: "walk" },
      because: ["O73", "O135", "O77", "M8", "SM6"],
    },
    browser: {
      label: "A look at browsing on school devices",
      every: setting("browserEvery"),
      from: "2026-09-21",
      fields: { kind: "browser" },
      because: ["O73", "O135", "O76", "M8", "SM6"],
    },
  },
  settings: {
    checkWithin: {
      label: "A check is done within",
      kind: "offset",
      value: "P14D",
      unit: "days",
      source: "Our own figure",
      date: "2026-11-24",
      because: ["O73"],
    },
    checkEvery: {
      label: "Spot checks come every",
      kind: "offset",
      value: "1 half-term",
      unit: "half-term",
      source: "Our own figure for “regularly” in the Mobile policy, section 8",
      date: "2026-11-24",
      because: ["O73", "O135"],
    },
    browserEvery: {
      label: "Browsing is looked at every",
      kind: "offset",
      value: "P1M",
      unit: "month",
      source: "Our own figure for “regularly” in the Social media policy, section 6",
      date: "2026-11-24",
      because: ["O73", "O135"],
    },
  },
  notices: {
    due: {
      subject: "Spot check due by {{ dueOn | date }}: {{ kind }}",
      body: "{{ kind }}: please look, and record what you saw by {{ dueOn | date }}.\n\n[Open the check]({{ url }})\n\nThe policies ask for regular checks (Mobile policy, section 8; Social media policy, section 6).",
      because: ["O73"],
    },
  },
  grants: [
    { to: leadership, may: ["see", "create", "edit"], because: ["O77"] },
    { to: governors, may: ["see"], because: ["O74"] },
  ],
  views: {
    due: {
      label: "To be done",
      columns: ["kind", "dueOn", "createdAt"],
      where: { eq: [field("state"), "due"] },
      sort: "dueOn",
    },
    done: {
      label: "Done",
      columns: ["kind", "place", "checkedOn", "checkedBy", "seen"],
      where: { eq: [field("state"), "done"] },
      sort: "-checkedOn",
      because: ["O74"],
    },
  },
  charts: {
    byMonth: { label: "How often was it checked, by month?", over: "checkedOn", because: ["O74"] },
    byKind: { label: "What was checked?", by: "kind", because: ["O74"] },
  },
  form: [
    { label: "Check", fields: ["kind", "dueOn", "place", "asked"] },
    { label: "What was found", fields: ["seen", "issues", "checkedBy", "checkedOn"] },
  ],
});
