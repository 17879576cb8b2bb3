/** A breach or concern, from the report to its last lesson. Only those who need to know see it; whom it is about never does. */
import {
  field,
  recordType,
  role,
  setting,
  system,
  type Condition,
  type Need,
  type SettingRef,
  type TimerRule,
  type Value,
} from "../../definition";
import { governors, headOrChair, leadership, ownReport, safeguarding } from "./circles";
import { kindsOfAccess } from "./incidentChoices";
import { incidentFields, incidentForm, suspectsImage } from "./incidentFields";
import { incidentNotices } from "./incidentNotices";
import { incidentSettings } from "./incidentSettings";
import {
  aboutAdult,
  aboutHead,
  actionsOfTellings,
  everybodyTold,
  handlers,
  lead,
  tasksOfTellings,
  tellingTasks,
} from "./incidentTellings";

const open = ["reported", "investigating", "awaitingDebrief", "lessonsInHand"];
const ended = ["noBreach", "closed"];

const answer = (name: string): Value => ({ form: name });
const either = (...any: Condition[]): Condition => ({ any });
const not = (condition: Condition): Condition => ({ not: condition });
const answered = (name: string, ...values: string[]): Condition => ({ in: [answer(name), values] });
const routed = (route: string): Condition => ({ includes: [answer("routes"), route] });

const adult = answered("about", "staff", "headteacher", "myself");
const suspected = suspectsImage(answer);
const endangers: Condition = either(suspected, { eq: [answer("atRisk"), true] }, answered("category", "harmful"));

/** What triage asks, and a change of category again. */
const judged = ["category", "severity", "routes", "offence", "offSiteTests", "about", "subject", "images", "atRisk"];
const asItStands = Object.fromEntries(judged.map((name) => [name, field(name)]));
const datesOfTelling = {
  ladoBy: { plus: [field("foundOn"), setting("ladoWithin")] },
  policeBy: { plus: [field("foundOn"), setting("policeWithin")] },
} satisfies Record<string, Value>;

const rightRoute: Record<string, Need> = {
  conduct: {
    must: either(not(adult), routed("codeOfConduct"), routed("allegations")),
    refusal:
      "What somebody who works here did goes by the code of conduct or the procedure for allegations: choose one (Mobile policy, section 5).",
    because: ["O41", "O90", "M5"],
  },
  allegation: {
    must: either(
      not(adult),
      routed("allegations"),
      not(
        either(
          endangers,
          { eq: [answer("offence"), true] },
          answered("category", "staffMisuse", "privatePhone", "privateAccount", "channelPrivate"),
        ),
      ),
    ),
    refusal:
      "This goes by the procedure for allegations, so that the local authority's officer is told: choose it (Mobile policy, section 5; Social media policy, section 3).",
    because: ["O41", "O42", "O95", "M5", "SM3"],
  },
  protection: {
    must: either(not(endangers), routed("childProtection"), routed("allegations")),
    refusal:
      "Somebody may be at risk: choose child protection, so that the safeguarding lead responds (Mobile policy, section 6.1).",
    because: ["O61", "O79", "O129", "O130", "M6.1", "SM5"],
  },
  offSite: {
    must: either(
      not({ eq: [field("place"), "offSite"] }),
      not(answered("about", "pupil")),
      not({ empty: answer("offSiteTests") }),
    ),
    refusal:
      "Say why the school acts on what a pupil did out of school, or end it as no breach: it is then for the parents (Social media policy, section 5).",
    because: ["O125", "SM5"],
  },
};

/** Nobody leads what is about themselves. */
const leaderApart = (subject: Value): Need => ({
  must: either({ empty: subject }, { ne: [subject, answer("lead")] }),
  refusal: "Nobody leads an incident that is about themselves: name somebody else.",
  because: ["O134", "M5"],
});

/** The head decides about grown-ups, or whoever stands next: the task says who. */
const byDecider: Need = {
  must: either(not(aboutAdult), { holds: [{ actor: true }, [{ task: "decide" }]] }),
  refusal:
    "It is about a grown-up: the headteacher decides once it is being looked into, or the chair of governors where it is about the headteacher.",
  because: ["O134", "M5"],
};

/** An open incident in which nobody records a step is asked about, the sooner the more serious it is. */
const goneQuiet = (severity: string, after: SettingRef): TimerRule => ({
  label: `Gone quiet (severity ${severity})`,
  anchor: field("lastStepOn"),
  steps: [after],
  repeat: after,
  roll: "nextOpenDay",
  when: { eq: [field("severity"), severity] },
  while: ["investigating", "awaitingDebrief", "lessonsInHand"],
  late: "collapse",
  notice: { to: [lead, role("headteacher")], template: "quiet" },
  because: ["O81", "M9"],
});

export default recordType({
  name: "incident",
  plural: "incidents",
  label: "Incident",
  pluralLabel: "Incidents",
  icon: "warning",
  group: "Incidents",
  help: "Every breach or concern. Everybody reports here at once; it goes to the safeguarding leads and the headteacher, or to the chair of governors where it is about the headteacher.",
  reference: "INC-{n}",
  title: "{{ summary }}",
  confidential: true,
  entries: { new: "reported" },
  because: ["O78", "O79", "O82", "O90", "M9", "SM-Gen", "SM7"],
  fields: incidentFields,
  bars: ["subject"],
  conflicts: ["subject"],

  states: {
    reported: { label: "Reported", rag: "red", help: "Waits for somebody to look at it." },
    investigating: { label: "Being looked into", rag: "amber", help: "Led by one person. Those who must be told are." },
    awaitingDebrief: {
      label: "Outcome recorded, debrief to come",
      rag: "amber",
      help: "Leaders meet to see what can be learnt.",
    },
    lessonsInHand: { label: "Lessons in hand", rag: "blue", help: "Closes once every lesson has been acted on." },
    closed: { label: "Closed", rag: "green", end: true, help: "Debriefed, with every lesson acted on." },
    noBreach: { label: "No breach", rag: "grey", end: true, help: "Ended with its reason." },
  },

  actions: {
    triage: {
      label: "Decide what follows",
      help: "Say which rule may be broken and which procedures apply. The clocks that these need start at once.",
      from: ["reported"],
      to: "investigating",
      who: [...safeguarding, ...headOrChair],
      form: [...judged, "lead", "shareWith"],
      required: ["category", "severity", "routes", "offence", "lead"],
      defaults: { ...asItStands, lead: { actor: true } },
      needs: { ...rightRoute, leaderApart: leaderApart(answer("subject")) },
      effects: [{ set: { lastStepOn: { today: true }, ...datesOfTelling } }],
      because: ["O41", "O54", "O78", "O90", "O95", "O129", "M6.1", "M9", "SM3", "SM5", "SM7"],
    },
    reconsider: {
      label: "Change the category or procedures",
      help: "When more is known. Clocks that this needs start at once; those no longer needed stop.",
      from: ["investigating"],
      who: handlers,
      form: judged,
      defaults: asItStands,
      needs: rightRoute,
      effects: [{ set: { lastStepOn: { today: true }, ...datesOfTelling } }],
      because: ["O90", "O129", "SM-Gen", "SM5"],
    },
    handOver: {
      label: "Hand over or share",
      from: ["investigating", "awaitingDebrief", "lessonsInHand"],
      who: handlers,
      form: ["lead", "shareWith"],
      required: ["lead"],
      defaults: { lead, shareWith: field("shareWith") },
      needs: { leaderApart: leaderApart(field("subject")) },
      effects: [{ set: { lastStepOn: { today: true } } }],
      because: ["O81", "M9"],
    },
    logStep: {
      label: "Log a contact or step",
      help: "With pupils, parents, staff or anybody who helps to put it right.",
      from: open,
      who: handlers,
      form: ["contacts"],
      required: ["contacts"],
      defaults: { contacts: field("contacts") },
      effects: [{ set: { lastStepOn: { today: true } } }],
      because: ["O81", "M9", "SM7"],
    },
    askAdvice: {
      label: "Ask for advice",
      help: "Of the education safeguarding service or another agency. The question is kept, and chased until answered.",
      from: open,
      who: handlers,
      form: ["body", "question"],
      asks: {
        body: { kind: "link", to: "outsideBody", label: "Whom", required: true, because: ["O84"] },
        question: { kind: "text", label: "About what", required: true, maxLength: 160, because: ["O84"] },
      },
      effects: [
        {
          create: {
            type: "adviceEntry",
            fields: {
              body: { form: "body" },
              about: { form: "question" },
              askedBy: { actor: true },
              incident: { self: true },
              subject: field("subject"),
            },
          },
        },
        { set: { lastStepOn: { today: true } } },
      ],
      because: ["O84", "M9", "SM7"],
    },
    ...actionsOfTellings,
    recordOutcome: {
      label: "Record the outcome",
      help: "Ends the investigation. A debrief is opened by it.",
      from: ["investigating"],
      to: "awaitingDebrief",
      who: [...handlers, { task: "decide" }],
      form: ["found", "measures", "examOutcome", "outcomeOn", "accessRemoved"],
      asks: {
        accessRemoved: {
          kind: "list",
          label: "Access removed",
          of: {
            access: { kind: "choice", label: "To what", options: kindsOfAccess, required: true },
            person: { kind: "person", label: "From which grown-up" },
            pupil: { kind: "link", to: "pupil", label: "From which pupil" },
            until: { kind: "date", label: "Until", required: true },
          },
          because: ["O88", "SM-Gen"],
        },
      },
      required: ["found", "measures", "outcomeOn"],
      defaults: { outcomeOn: { today: true } },
      needs: {
        ...everybodyTold,
        byDecider,
        examDecision: {
          must: either(not({ eq: [field("category"), "examDevice"] }), not({ empty: answer("examOutcome") })),
          refusal: "Record what the examining body decided (Mobile policy, section 6).",
          because: ["O53", "M6"],
        },
      },
      effects: [
        { set: { outcomeBy: { actor: true }, lastStepOn: { today: true } } },
        { create: { type: "debrief", fields: { incident: { self: true } } } },
        {
          create: {
            type: "accessRemoval",
            each: { form: "accessRemoved" },
            fields: {
              access: { entry: "access" },
              person: { entry: "person" },
              pupil: { entry: "pupil" },
              until: { entry: "until" },
              incident: { self: true },
            },
          },
        },
      ],
      because: ["O79", "O88", "O96", "O131", "M9", "SM-Gen", "SM4.1", "SM5"],
    },
    endAsNoBreach: {
      label: "End as no breach",
      from: ["reported", "investigating"],
      to: "noBreach",
      who: [...handlers, { task: "decide" }],
      form: ["noBreachWhy"],
      required: ["noBreachWhy"],
      needs: { ...everybodyTold, byDecider },
      because: ["O90", "O125", "SM-Gen", "SM5"],
    },
    giveInformation: {
      label: "Record the procedures given",
      help: "Whom you told how to complain, and staff how to blow the whistle.",
      from: ["awaitingDebrief", "lessonsInHand"],
      who: handlers,
      form: ["informed", "informedOn", "whistleblowing"],
      required: ["informed", "informedOn"],
      defaults: { informedOn: { today: true } },
      needs: {
        staffKnow: {
          must: either(not({ includes: [answer("informed"), "staff"] }), { eq: [answer("whistleblowing"), true] }),
          refusal: "Give staff the whistleblowing procedure as well (Mobile policy, section 9).",
          because: ["O83", "M9", "SM7"],
        },
      },
      effects: [{ set: { lastStepOn: { today: true } } }],
      because: ["O83", "M9", "SM7"],
    },
    debriefed: {
      label: "Leaders have debriefed",
      from: ["awaitingDebrief"],
      to: "lessonsInHand",
      who: [system],
      effects: [{ set: { lastStepOn: { today: true } } }],
      because: ["O80", "M9", "SM7"],
    },
    lessonClosed: {
      label: "A lesson is done",
      from: ["lessonsInHand"],
      who: [system],
      effects: [{ set: { lastStepOn: { today: true } } }, { notice: { to: [lead], template: "lessonClosed" } }],
      because: ["O80", "M9", "SM7"],
    },
    close: {
      label: "Close",
      help: "Once everybody has been informed and every lesson has been acted on.",
      from: ["lessonsInHand"],
      to: "closed",
      who: handlers,
      needs: {
        lessons: {
          must: { none: { via: "lesson.incident", where: { eq: [field("state"), "toDo"] } } },
          refusal: "A lesson of this incident is open: see it through, or drop it with a reason, then close.",
          because: ["O80", "M9", "SM7"],
        },
        informed: {
          must: not({ empty: field("informedOn") }),
          refusal: "Record first to whom the complaints procedure was given (Mobile policy, section 9).",
          because: ["O83", "M9", "SM7"],
        },
        advice: {
          must: { none: { via: "adviceEntry.incident", where: { eq: [field("state"), "asked"] } } },
          refusal: "Advice has been asked for and not answered: record the answer, then close.",
          because: ["O84", "M9", "SM7"],
        },
      },
      because: ["O80", "M9", "SM7"],
    },
    reopen: {
      label: "Open again",
      from: ended,
      to: "reported",
      who: headOrChair,
      form: ["whyAgain"],
      asks: { whyAgain: { kind: "longText", label: "What is new", required: true, because: ["O81"] } },
      because: ["O81", "M9"],
    },
  },

  tasks: {
    triage: {
      label: "Look at {{ reference }} and decide what follows",
      opens: "reported",
      when: not(aboutHead),
      to: [role("headteacher"), ...safeguarding],
      tell: { template: "reported", urgent: true },
      due: { after: setting("triageWithin") },
      actions: ["triage", "endAsNoBreach"],
      because: ["O58", "O72", "O78", "O101", "O130", "M6.1", "M7", "SM4.1"],
    },
    triageByChair: {
      label: "Look at {{ reference }} and decide what follows",
      opens: "reported",
      when: aboutHead,
      to: [role("chair"), role("viceChair")],
      tell: { template: "reported", urgent: true },
      due: { after: setting("triageWithin") },
      actions: ["triage", "endAsNoBreach"],
      because: ["O134", "M5"],
    },
    ...tasksOfTellings,
    investigate: {
      label: "Find out what happened in {{ reference }}",
      opens: "investigating",
      to: [lead],
      tell: { template: "leading" },
      due: { after: setting("investigateWithin") },
      actions: ["recordOutcome", "endAsNoBreach"],
      because: ["O81", "M9"],
    },
    decide: {
      label: "Decide on {{ reference }}",
      opens: "investigating",
      when: aboutAdult,
      to: headOrChair,
      decides: true,
      tell: { template: "deciding" },
      due: { after: setting("investigateWithin") },
      actions: ["recordOutcome", "endAsNoBreach"],
      because: ["O134", "M5"],
    },
    inform: {
      label: "Give the complaints procedure: {{ reference }}",
      help: "To the pupil, parents and staff concerned; to staff the whistleblowing procedure as well.",
      opens: "awaitingDebrief",
      while: ["awaitingDebrief", "lessonsInHand"],
      to: [lead],
      due: { after: setting("informWithin") },
      actions: ["giveInformation"],
      because: ["O83", "M9", "SM7"],
    },
    seeThrough: {
      label: "See the lessons of {{ reference }} through, then close it",
      opens: "lessonsInHand",
      to: [lead],
      due: { after: setting("lessonsWithin") },
      actions: ["close"],
      because: ["O80", "M9", "SM7"],
    },
  },

  timers: {
    notLookedAt: {
      label: "Nobody has looked at it",
      anchor: { state: "reported" },
      steps: [setting("triageChase")],
      repeat: setting("chaseAgain"),
      while: ["reported"],
      late: "collapse",
      notice: { to: [{ task: "triage" }, { task: "triageByChair" }], template: "waiting", urgent: true },
      because: ["O72", "O101", "M7", "SM4.1"],
    },
    leadNotTold: {
      label: "The safeguarding lead has not taken it",
      anchor: { task: "safeguarding" },
      steps: [setting("safeguardingChase")],
      repeat: setting("chaseAgain"),
      while: ["reported", "investigating"],
      late: "collapse",
      notice: { to: [{ task: "safeguarding" }, role("headteacher")], template: "waiting", urgent: true },
      because: ["O58", "O130", "M6.1", "SM5"],
    },
    policeNotTold: {
      label: "The police have not been told",
      anchor: { task: "police" },
      steps: [setting("policeChase")],
      repeat: setting("chaseAgain"),
      while: ["investigating"],
      late: "collapse",
      notice: { to: [{ task: "police" }, role("headteacher")], template: "tellingLate", urgent: true },
      because: ["O66", "M6.1"],
    },
    tellingLate: {
      label: "Somebody has not been told in time",
      anchor: { earliestOf: tellingTasks.map((task) => ({ task, due: true })) },
      steps: ["P1D"],
      repeat: "P1D",
      while: ["reported", "investigating"],
      late: "collapse",
      notice: {
        to: [...tellingTasks.map((task) => ({ task })), lead, role("headteacher")],
        template: "tellingLate",
        urgent: true,
      },
      because: ["O42", "O53", "O79", "O130", "M5", "M6", "M9", "SM5"],
    },
    quietHigh: goneQuiet("high", setting("quietHigh")),
    quietMedium: goneQuiet("medium", setting("quietMedium")),
    quietLow: goneQuiet("low", setting("quietLow")),
  },

  settings: incidentSettings,
  notices: incidentNotices,

  rules: {
    ownReport,
    noPicture: {
      must: either({ empty: field("evidence") }, not(suspectsImage(field))),
      refusal:
        "An indecent picture of a child may be involved: nothing can be attached. Take the file out without opening it, copy nothing, and bring the device to the safeguarding lead (Mobile policy, section 6.1).",
      field: "evidence",
      in: open,
      because: ["O58", "M6.1"],
    },
    headNamed: {
      must: either(not(aboutHead), not({ empty: field("subject") })),
      refusal: "Name the headteacher here, so that nothing of this reaches them.",
      field: "subject",
      in: open,
      because: ["O134", "M5"],
    },
    headSaid: {
      must: either(not({ holds: [field("subject"), [role("headteacher")]] }), aboutHead),
      refusal: "This is the headteacher: choose “The headteacher” as whom it is about, so that the chair leads.",
      field: "about",
      fields: ["about", "subject"],
      in: open,
      because: ["O134", "M5"],
    },
    headsOwn: {
      must: either(not({ eq: [field("about"), "myself"] }), not({ holds: [field("reporter"), [role("headteacher")]] })),
      refusal: "The headteacher's own case goes to the chair: choose “The headteacher” as whom it is about.",
      field: "about",
      in: ["reported"],
      because: ["O134", "SM4.1"],
    },
  },
  warnings: {
    doNotLook: {
      when: suspectsImage(field),
      message:
        "Do not look at the picture, do not copy it, do not pass it on. Nothing can be attached here. Keep the device switched off and safe for the safeguarding lead or the police.",
      in: open,
      because: ["O58", "M6.1"],
    },
    underAge: {
      when: { all: [{ eq: [field("category"), "underAge"] }, { empty: field("parentsAt") }] },
      message: "The parents above all should know of an account below a service's age.",
      in: ["investigating"],
      because: ["O132", "SM5"],
    },
  },

  grants: [
    { to: [{ anyone: true }], may: ["create"], because: ["O72", "O78", "O101", "M7", "M9", "SM4.1"] },
    { to: [{ field: "reporter" }], may: ["see"], because: ["O82", "M9"] },
    { to: [{ field: "reporter" }], may: ["edit"], when: { eq: [field("state"), "reported"] }, because: ["O78", "M9"] },
    { to: [{ field: "lead" }], may: ["see", "edit"], because: ["O82", "M9"] },
    { to: [{ field: "shareWith" }], may: ["see"], because: ["O82", "M9"] },
    { to: [role("headteacher")], may: ["see", "edit"], when: { all: [] }, because: ["O82", "M9"] },
    { to: safeguarding, may: ["see", "edit"], when: not(aboutHead), because: ["O17", "O82", "O130", "SM1"] },
    { to: [role("chair"), role("viceChair")], may: ["see", "edit"], when: aboutHead, because: ["O134", "M5"] },
    { to: [{ task: "decide" }, { task: "lado" }], may: ["see"], because: ["O17", "O41", "M5"] },
    { to: [...governors, ...leadership], may: ["count"], because: ["O74", "M8", "SM6"] },
  ],

  views: {
    open: {
      label: "Open",
      columns: ["reference", "recordTitle", "state", "severity", "category", "lead", "lastStepOn"],
      where: { in: [field("state"), open] },
      sort: "-createdAt",
      because: ["O79", "M9"],
    },
    toLookAt: {
      label: "To look at",
      columns: ["reference", "recordTitle", "about", "images", "atRisk", "createdAt"],
      where: { eq: [field("state"), "reported"] },
      sort: "createdAt",
      because: ["O72", "O101", "M7"],
    },
    quiet: {
      label: "Open and quiet for a week",
      columns: ["reference", "recordTitle", "state", "severity", "lead", "lastStepOn"],
      where: {
        all: [{ in: [field("state"), open] }, { lt: [field("lastStepOn"), { plus: [{ today: true }, "-P7D"] }] }],
      },
      sort: "lastStepOn",
      because: ["O81", "M9"],
    },
    byStage: {
      label: "By stage",
      columns: ["state", "reference", "recordTitle", "lead", "lastStepOn"],
      sort: "state",
      because: ["O80", "M9"],
    },
    byCategory: {
      label: "By category",
      columns: ["category", "reference", "recordTitle", "state", "foundOn"],
      sort: "category",
      because: ["O90", "SM-Gen"],
    },
    debriefs: {
      label: "Debrief or lessons to come",
      columns: ["reference", "recordTitle", "state", "outcomeOn", "lead"],
      where: { in: [field("state"), ["awaitingDebrief", "lessonsInHand"]] },
      sort: "outcomeOn",
      because: ["O80", "M9"],
    },
    all: { label: "All", columns: ["reference", "recordTitle", "state", "category", "foundOn"], sort: "-createdAt" },
  },
  charts: {
    byStage: {
      label: "How far have incidents come?",
      by: "state",
      for: ["headteacher", "dsl", "deputyDsl", "chair", "leadGovernor"],
      because: ["O74", "M8", "SM6"],
    },
    byCategory: {
      label: "Which rules are broken?",
      by: "category",
      for: ["dsl", "deputyDsl"],
      because: ["O74", "M8", "SM6"],
    },
    bySeverity: { label: "How serious are they?", by: "severity", because: ["O74", "M8", "SM6"] },
    byMonth: {
      label: "How many incidents are found each month?",
      over: "foundOn",
      for: ["headteacher", "dsl", "deputyDsl", "chair", "leadGovernor", "governor"],
      because: ["O74", "M8", "SM6"],
    },
  },

  quick: {
    label: "Report a breach or concern",
    fields: ["about", "subject", "pupils", "summary", "details", "place", "images", "atRisk"],
    then: "The safeguarding leads and the headteacher are told now (the chair of governors, where it is about the headteacher). One of them looks at it today and decides what follows: behaviour, child protection, the code of conduct or another procedure. You can see how far it is; whom it is about cannot. Keep the device as it is, and tell nobody else.",
    because: ["O58", "O72", "O78", "O101", "O123", "M6.1", "M7", "M9", "SM4.1", "SM-4off", "SM7"],
  },
  form: incidentForm,
});
