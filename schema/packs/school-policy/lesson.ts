/** What leaders learnt from an incident, until it has changed something: a policy, what is taught, or what people do. */
import { field, recordType, role, setting, type Condition, type Option } from "../../definition";
import { headOrChair, leadership } from "./circles";

export const changes: Option[] = [
  { value: "policy", label: "A policy", because: ["O8", "O80", "M8", "M9", "SM7"] },
  { value: "curriculum", label: "What is taught", because: ["O80", "O126", "M9", "SM5", "SM7"] },
  { value: "training", label: "Training of staff", because: ["O80", "O94", "M9", "SM3", "SM7"] },
  { value: "practice", label: "What people do", because: ["O80", "M9", "SM7"] },
];

const isChange = (change: string): Condition => ({ eq: [field("change"), change] });

export default recordType({
  name: "lesson",
  plural: "lessons",
  label: "Lesson",
  pluralLabel: "Lessons learnt",
  icon: "school",
  group: "Incidents",
  help: "What is to change after an incident, without names. Each has an owner, and closes only once something has changed.",
  reference: "LES-{year}-{n}",
  title: "{{ what }}",
  entries: { new: "toDo" },
  because: ["O80", "M9", "SM7"],
  bars: ["subject"],
  conflicts: ["subject"],
  fields: {
    what: {
      kind: "text",
      nameless: true,
      label: "What is to change",
      required: true,
      maxLength: 180,
      help: "Without names: all leaders and the lead governor read it.",
      because: ["M9", "SM7"],
    },
    change: {
      kind: "choice",
      label: "What kind of change",
      required: true,
      options: changes,
      editable: { empty: field("reviewAskedOn") },
      because: ["M9", "SM7"],
    },
    policy: {
      kind: "link",
      to: "policy",
      label: "Which policy",
      editable: { empty: field("reviewAskedOn") },
      because: ["O8", "M8", "M9", "SM7"],
    },
    curriculum: {
      kind: "longText",
      label: "What is taught now",
      help: "In which year groups, and where the plan says so.",
      because: ["O126", "M9", "SM5"],
    },
    curriculumUnit: {
      kind: "link",
      to: "curriculumUnit",
      label: "Taught in",
      visible: isChange("curriculum"),
      because: ["O43", "O126", "M9", "SM5"],
    },
    owner: {
      kind: "person",
      label: "Who sees to it",
      required: true,
      default: { actor: true },
      because: ["M9", "SM7"],
    },
    dueOn: {
      kind: "date",
      label: "By when",
      required: true,
      default: { plus: [{ today: true }, setting("usualTime")] },
      because: ["M9", "SM7"],
    },
    incident: {
      kind: "link",
      to: "incident",
      label: "From the incident",
      help: "Shown to those who may see it.",
      because: ["M9", "SM7"],
    },
    subject: {
      kind: "person",
      label: "Not to be read by",
      editable: false,
      see: [role("headteacher"), role("dsl"), role("chair")],
      help: "Whom the incident was about.",
      because: ["O134", "M5"],
    },
    reviewAskedOn: { kind: "date", label: "Review asked on", editable: false, because: ["M8", "M9", "SM7"] },
    result: { kind: "longText", label: "What has changed", editable: false, because: ["M9", "SM7"] },
    endedOn: { kind: "date", label: "Ended on", editable: false, because: ["M9", "SM7"] },
  },
  states: {
    toDo: { label: "In hand", rag: "amber", help: "Its owner sees to the change." },
    done: { label: "Acted on", rag: "green", end: true, help: "Something has changed, and it is recorded what." },
    dropped: { label: "Dropped", rag: "grey", end: true, help: "Decided against, with the reason." },
  },
  actions: {
    planActions: {
      label: "Add actions",
      help: "Each goes into the action plan with its owner and day.",
      from: ["toDo"],
      who: [field("owner"), ...leadership],
      form: ["actions"],
      asks: {
        actions: {
          kind: "list",
          label: "Actions",
          required: true,
          of: {
            what: { kind: "text", label: "What is to be done", required: true },
            owner: { kind: "person", label: "By whom", required: true },
            dueOn: { kind: "date", label: "By when", required: true },
          },
          because: ["M8", "M9"],
        },
      },
      effects: [
        {
          create: {
            type: "actionItem",
            each: { form: "actions" },
            fields: {
              what: { entry: "what" },
              owner: { entry: "owner" },
              dueOn: { entry: "dueOn" },
              origin: field("reference"),
              lesson: { self: true },
            },
          },
        },
      ],
      because: ["O75", "M9", "SM7"],
    },
    askReview: {
      label: "Ask for a review of the policy",
      help: "Its review opens now, with this lesson as the reason.",
      from: ["toDo"],
      who: [field("owner"), ...leadership],
      form: ["policy"],
      required: ["policy"],
      defaults: { policy: field("policy") },
      needs: {
        inForce: {
          must: {
            exists: { via: "policy", where: { in: [field("state"), ["ratified", "reviewDue", "inReview"]] } },
          },
          refusal:
            "Choose a policy that is in force or in review: one that waits for the governors is decided first, a draft is still being written.",
          because: ["O8", "M8"],
        },
      },
      effects: [
        { set: { change: "policy", reviewAskedOn: { today: true } } },
        {
          send: {
            link: "policy",
            event: "reviewAsked",
            with: { reviewTrigger: "concern", reviewReason: field("what") },
          },
        },
      ],
      because: ["O8", "M8", "M9", "SM7"],
    },
    finish: {
      label: "Record what has changed",
      from: ["toDo"],
      to: "done",
      who: [field("owner"), ...leadership],
      form: ["result", "curriculum", "curriculumUnit"],
      required: ["result"],
      defaults: { curriculum: field("curriculum"), curriculumUnit: field("curriculumUnit") },
      needs: {
        actionsDone: {
          must: { none: { via: "actionItem.lesson", where: { eq: [field("state"), "toDo"] } } },
          refusal: "An action of this lesson is open: finish or drop it first.",
          because: ["O80", "M9", "SM7"],
        },
        policyRatified: {
          must: {
            any: [
              { not: isChange("policy") },
              {
                all: [
                  { eq: [field("policy.state"), "ratified"] },
                  { ge: [field("policy.ratifiedOn"), field("reviewAskedOn")] },
                ],
              },
            ],
          },
          refusal:
            "The policy is to change: ask for its review, and close this once the governing body has ratified it since.",
          because: ["O80", "M9", "SM7"],
        },
        taught: {
          must: {
            any: [
              { not: isChange("curriculum") },
              { not: { empty: { form: "curriculum" } } },
              { not: { empty: { form: "curriculumUnit" } } },
            ],
          },
          refusal: "Say what is taught now and in which year groups, or name the unit that teaches it.",
          because: ["O80", "M9", "SM7"],
        },
        acted: {
          must: {
            any: [
              { in: [field("change"), ["policy", "curriculum"]] },
              { exists: { via: "actionItem.lesson", where: { eq: [field("state"), "done"] } } },
            ],
          },
          refusal: "Nothing has been done for it yet: add an action and finish it.",
          because: ["O80", "M9", "SM7"],
        },
      },
      effects: [{ set: { endedOn: { today: true } } }, { send: { link: "incident", event: "lessonClosed" } }],
      because: ["O80", "M9", "SM7"],
    },
    drop: {
      label: "Drop",
      help: "Decides against it. Its incident can then be closed.",
      from: ["toDo"],
      to: "dropped",
      decides: headOrChair,
      form: ["result"],
      required: ["result"],
      effects: [{ set: { endedOn: { today: true } } }, { send: { link: "incident", event: "lessonClosed" } }],
      because: ["O134", "M9", "SM7"],
    },
  },
  tasks: {
    carryOut: {
      label: "See to it: {{ what }}",
      opens: "toDo",
      to: [field("owner")],
      tell: { template: "given" },
      due: { field: "dueOn" },
      actions: ["finish", "drop"],
      because: ["O80", "M9", "SM7"],
    },
  },
  timers: {
    remind: {
      label: "Reminder of the lesson",
      anchor: field("dueOn"),
      steps: [setting("remindBefore")],
      roll: "previousOpenDay",
      late: "collapse",
      notice: { to: [field("owner")], template: "given" },
      because: ["O80", "M9", "SM7"],
    },
    late: {
      label: "The lesson is late",
      anchor: field("dueOn"),
      steps: ["P1D"],
      repeat: setting("chaseEvery"),
      roll: "nextOpenDay",
      late: "collapse",
      notice: { to: [field("owner"), role("headteacher")], template: "late" },
      because: ["O80", "M9", "SM7"],
    },
  },
  settings: {
    usualTime: {
      label: "A lesson is seen through within",
      kind: "offset",
      value: "P8W",
      unit: "weeks",
      source: "Our own figure",
      date: "2026-11-24",
      because: ["O80", "M9", "SM7"],
    },
    remindBefore: {
      label: "Its owner is reminded",
      kind: "offset",
      value: "-P7D",
      unit: "days before it is due",
      source: "Our own figure",
      date: "2026-11-24",
      because: ["O80", "M9", "SM7"],
    },
    chaseEvery: {
      label: "A late lesson is chased every",
      kind: "offset",
      value: "P1W",
      unit: "week",
      source: "Our own figure",
      date: "2026-11-24",
      because: ["O80", "M9", "SM7"],
    },
  },
  notices: {
    given: {
      subject: "Yours to see to by {{ dueOn | date }}: {{ reference }}",
      body: "{{ what }}\n\nPlease see to it by **{{ dueOn | date }}**: add actions, ask for the review of a policy, or say what is taught now.\n\n[Open it]({{ url }})",
      because: ["O80", "M9", "SM7"],
    },
    late: {
      subject: "Late since {{ dueOn | date }}: {{ reference }}",
      body: "{{ what }}\n\n{{ owner }} has it, and nothing is recorded as changed. Its incident stays open until then.\n\n[Open it]({{ url }})",
      because: ["O80", "M9", "SM7"],
    },
  },
  rules: {
    incidentOpen: {
      must: {
        any: [{ empty: field("incident") }, { not: { in: [field("incident.state"), ["closed", "noBreach"]] } }],
      },
      refusal: "That incident is closed: open it again first.",
      field: "incident",
      fields: ["incident"],
      in: ["toDo"],
      because: ["O80", "M9", "SM7"],
    },
  },
  grants: [
    { to: leadership, may: ["see", "create", "edit"], because: ["M9", "SM7"] },
    { to: [{ field: "owner" }], may: ["see", "edit"], because: ["M9", "SM7"] },
    { to: [role("leadGovernor"), role("chair"), role("viceChair")], may: ["see"], because: ["M9", "SM7"] },
  ],
  views: {
    inHand: {
      label: "In hand",
      columns: ["what", "change", "owner", "dueOn", "policy"],
      where: { eq: [field("state"), "toDo"] },
      sort: "dueOn",
      because: ["O80", "M9"],
    },
    late: {
      label: "Late",
      columns: ["what", "owner", "dueOn"],
      where: { all: [{ eq: [field("state"), "toDo"] }, { lt: [field("dueOn"), { today: true }] }] },
      sort: "dueOn",
      because: ["O80", "M9"],
    },
    all: { label: "All", columns: ["what", "state", "change", "owner", "endedOn"], sort: "-createdAt" },
  },
  charts: {
    byStage: {
      label: "How many lessons have been acted on?",
      by: "state",
      for: ["headteacher", "chair", "leadGovernor"],
      because: ["O74", "M8", "SM6"],
    },
    byChange: { label: "What do we change?", by: "change", because: ["O74", "M8", "SM6"] },
  },
  form: [
    { label: "The lesson", fields: ["what", "change", "policy", "owner", "dueOn", "incident", "subject"] },
    { label: "What came of it", fields: ["reviewAskedOn", "curriculum", "curriculumUnit", "result", "endedOn"] },
  ],
});
