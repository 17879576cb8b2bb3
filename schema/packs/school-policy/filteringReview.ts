/** The yearly review of filtering and monitoring: what is blocked and why, by a named leader and governor. */
import { field, recordType, role, setting } from "../../definition";
import { governors, leadership } from "./circles";

export default recordType({
  name: "filteringReview",
  plural: "filteringReviews",
  label: "Filtering review",
  pluralLabel: "Filtering reviews",
  icon: "shield",
  group: "Monitoring",
  help: "Whether filtering and monitoring do what they should, on every kind of device and for everybody.",
  reference: "FIL-{year}-{n}",
  title: "Filtering review, due {{ dueOn | date }}",
  entries: { new: "due" },
  because: ["O73", "O74", "O75", "O87", "M8", "SM-Gen", "SM6"],
  fields: {
    dueOn: {
      kind: "date",
      label: "Due on",
      required: true,
      default: { plus: [{ today: true }, setting("doneWithin")] },
      because: ["O73"],
    },
    leader: { kind: "person", label: "Leader", editable: false, because: ["O87"] },
    governor: { kind: "person", label: "Governor", editable: false, because: ["O87"] },
    blocked: { kind: "longText", label: "What is blocked, and why", editable: false, because: ["O87"] },
    socialMedia: {
      kind: "longText",
      label: "Social media: who can reach it on school equipment",
      editable: false,
      because: ["O87", "SM-Gen"],
    },
    consistent: {
      kind: "yesNo",
      label: "Is it the same everywhere and for everybody?",
      editable: false,
      because: ["O74", "M8"],
    },
    issues: {
      kind: "list",
      label: "Issues found",
      editable: false,
      of: {
        what: { kind: "text", label: "What is amiss", required: true, because: ["O75"] },
        owner: { kind: "person", label: "Who sees to it", required: true, because: ["O75"] },
      },
      because: ["O75", "M8"],
    },
    reviewedOn: { kind: "date", label: "Reviewed on", editable: false, because: ["O73"] },
  },
  states: {
    due: { label: "To be done", rag: "amber", help: "The safeguarding lead has the task." },
    done: { label: "Done", rag: "green", end: true, help: "Recorded; its issues are in the action plan." },
  },
  actions: {
    record: {
      label: "Record the review",
      from: ["due"],
      to: "done",
      who: leadership,
      form: ["leader", "governor", "blocked", "socialMedia", "consistent", "issues"],
      required: ["leader", "governor", "blocked", "socialMedia", "consistent"],
      when: { holds: [{ form: "governor" }, [role("governor")]] },
      refusal: "A governor takes part: name one (DfE, filtering and monitoring standard).",
      effects: [
        { set: { reviewedOn: { today: true } } },
        {
          create: {
            type: "actionItem",
            each: field("issues"),
            fields: { what: { entry: "what" }, owner: { entry: "owner" }, origin: field("reference") },
          },
        },
      ],
      because: ["O73", "O75", "O87", "M8", "SM-Gen"],
    },
  },
  tasks: {
    review: {
      label: "Review filtering and monitoring",
      opens: "due",
      to: [role("dsl")],
      due: { field: "dueOn" },
      tell: { template: "due" },
      actions: ["record"],
      because: ["O73", "O87", "M8"],
    },
  },
  timers: {
    late: {
      label: "The review is late",
      anchor: field("dueOn"),
      steps: ["P1D"],
      repeat: "P1W",
      roll: "nextOpenDay",
      while: ["due"],
      late: "collapse",
      notice: { to: [role("dsl"), role("leadGovernor")], template: "due" },
      because: ["O73"],
    },
  },
  duties: {
    yearly: {
      label: "Filtering is reviewed each academic year",
      every: setting("reviewEvery"),
      from: "2026-10-05",
      because: ["O73", "O87", "M8", "SM6"],
    },
  },
  settings: {
    reviewEvery: {
      label: "Filtering is reviewed every",
      kind: "offset",
      value: "1 academic year",
      unit: "academic year",
      source: "DfE filtering and monitoring standard: at least once a year",
      date: "2026-11-24",
      because: ["O73", "O87"],
    },
    doneWithin: {
      label: "The review is done within",
      kind: "offset",
      value: "P28D",
      unit: "days",
      source: "Our own figure",
      date: "2026-11-24",
      because: ["O73"],
    },
  },
  notices: {
    due: {
      subject: "Filtering review due by {{ dueOn | date }}",
      body: "Please review filtering and monitoring with a governor by {{ dueOn | date }}.\n\n[Open the review]({{ url }})",
      because: ["O73"],
    },
  },
  grants: [
    { to: leadership, may: ["see", "create", "edit"], because: ["O87"] },
    { to: governors, may: ["see"], because: ["O74"] },
  ],
  views: {
    all: { label: "All", columns: ["dueOn", "state", "reviewedOn", "consistent"], sort: "-dueOn", because: ["O74"] },
  },
  form: [
    {
      label: "Review",
      fields: ["dueOn", "leader", "governor", "blocked", "socialMedia", "consistent", "issues", "reviewedOn"],
    },
  ],
});
