/**
 * What the school hands to others: the evidence for one policy, the evidence of a period, and what governors are told each
 * term. Governors see figures of what they may not read; no report of theirs names anybody but staff and governors.
 */
import { field, type Condition, type Figure, type Report, type ReportSection } from "../../definition";

const inPeriod = (name: string): Condition => ({
  all: [{ ge: [field(name), { period: "start" }] }, { le: [field(name), { period: "end" }] }],
});
const is = (...states: string[]): Condition => ({ in: [field("state"), states] });
const both = (...parts: Condition[]): Condition => ({ all: parts });
const late = (name: string, ...states: string[]): Condition =>
  both(is(...states), { lt: [field(name), { today: true }] });
const number = (label: string, where?: Condition): Figure => ({ label, ...(where && { where }) });
const daysBetween = (label: string, from: string, to: string): Figure => ({
  label,
  where: inPeriod(to),
  days: { from, to },
});

/** How a register of things to do stands; `on`: the day on which one was done. */
const doneOrDue = (on: string): Figure[] => [
  number("Done", both(is("done"), inPeriod(on))),
  number("In hand", is("toDo")),
  number("Overdue", late("dueOn", "toDo")),
];

const leaders = ["headteacher", "dsl", "deputyDsl", "seniorLeader"];
const governing = ["chair", "viceChair", "leadGovernor", "clerk"];
const inUse = ["ratified", "reviewDue", "inReview", "awaitingRatification"];
/** Granted once, whatever became of it. */
const granted = ["awaitingAgreement", "inForce", "suspended", "ended", "revoked"];
const open = ["reported", "investigating", "awaitingDebrief", "lessonsInHand"];

const answers: Figure[] = [
  number("Asked", { not: is("superseded") }),
  number("Agreed", is("agreed")),
  number("Not answered yet", is("asked", "asking")),
  number("Declined", is("declined", "refused")),
];

// -------------------------------------------------------------------------------------------------- of one policy

const policyEvidence: Report = {
  name: "policyEvidence",
  title: "Evidence pack of a policy",
  help: "For an inspector or a complaint: which words are in force and who ratified them, who agreed to them, and what followed from them.",
  who: [...leaders, ...governing, "businessManager"],
  subject: { record: "policy" },
  because: ["O1", "O2", "O6"],
  facts: [
    "versionLabel",
    "owner",
    "leadGovernor",
    "designatedSafeguardingLeads",
    "deputySafeguardingLeads",
    "text",
    "writtenOn",
    "agreedOn",
    "ratifiedOn",
    "meeting",
    "minuteReference",
    "governorsPresent",
    "quorumNeeded",
    "publishedOn",
    "reviewBy",
    "audience",
    "technology",
    "templateSource",
  ],
  decisions: [
    "openReview",
    "startReview",
    "submitForRatification",
    "sendBack",
    "ratify",
    "publish",
    "archive",
    "reinstate",
  ],
  sections: {
    meetings: {
      label: "Meetings that had it on their agenda",
      via: "governorsMeeting.agenda",
      columns: ["name", "heldOn", "state", "minutes"],
      sort: "-heldOn",
    },
    guidance: {
      label: "Guidance it relies on",
      via: "reliesOn",
      columns: ["name", "issuedBy", "edition", "checkedOn", "state"],
    },
    agreed: {
      label: "Who was asked to agree to it",
      via: "acknowledgement.policy",
      figures: { by: "campaign", of: answers },
    },
    answers: {
      label: "Each answer",
      help: "Version: the fingerprint of the words that were agreed to.",
      via: "acknowledgement.policy",
      columns: ["person", "campaign", "state", "answeredOn", "how", "wording"],
      sort: "-answeredOn",
    },
    exceptions: {
      label: "Exceptions from it",
      via: "exception.policy",
      columns: ["reference", "kind", "state", "startsOn", "until", "decidedBy", "decidedOn"],
      sort: "-startsOn",
    },
    lessons: {
      label: "Lessons that touch it",
      via: "lesson.policy",
      columns: ["what", "change", "owner", "dueOn", "state", "endedOn"],
      sort: "dueOn",
    },
    breaches: {
      label: "Incidents that these lessons came from",
      from: "lessons",
      via: "incident",
      columns: ["reference", "category", "severity", "state", "foundOn", "outcomeOn"],
    },
    actions: {
      label: "What was to be done about them",
      from: "lessons",
      via: "actionItem.lesson",
      columns: ["what", "owner", "dueOn", "state", "doneOn"],
      sort: "dueOn",
    },
    conflicts: {
      label: "Where its rules contradict others",
      via: "ruleConflict.policies",
      columns: ["summary", "sections", "state"],
    },
  },
};

// -------------------------------------------------------------------------------------------------- of a period

const periodEvidence: Report = {
  name: "periodEvidence",
  title: "Evidence pack of a period",
  help: "For an inspector: what was decided, agreed, checked, excepted, reported and put right in a term, a school year or between two days.",
  who: [...leaders, ...governing, "businessManager"],
  subject: { period: true },
  because: ["O6", "O74", "O75"],
  sections: {
    ratified: {
      label: "Policies ratified",
      type: "policy",
      where: inPeriod("ratifiedOn"),
      columns: ["title", "versionLabel", "ratifiedOn", "meeting", "minuteReference", "governorsPresent", "reviewBy"],
      sort: "ratifiedOn",
    },
    overdue: { label: "Policies whose review is overdue today", type: "policy", view: "overdue" },
    meetings: {
      label: "Meetings of the governors",
      type: "governorsMeeting",
      where: inPeriod("heldOn"),
      columns: ["name", "heldOn", "agenda", "state", "minutes"],
      sort: "heldOn",
    },
    agreed: {
      label: "Agreements given",
      type: "acknowledgement",
      where: inPeriod("answeredOn"),
      columns: ["policy", "person", "kind", "state", "answeredOn", "how"],
      sort: "answeredOn",
      figures: { of: [number("Agreed", is("agreed")), number("Declined", is("declined", "refused"))] },
    },
    checks: {
      label: "Spot checks",
      type: "spotCheck",
      where: inPeriod("dueOn"),
      columns: ["kind", "dueOn", "state", "checkedBy", "checkedOn", "place"],
      sort: "dueOn",
      figures: {
        by: "kind",
        of: [number("Done", is("done")), number("Missed", is("missed")), number("To be done", is("due"))],
      },
      because: ["O74", "M8", "SM6"],
    },
    filtering: {
      label: "Reviews of filtering and monitoring",
      type: "filteringReview",
      where: inPeriod("dueOn"),
      columns: ["dueOn", "state", "leader", "governor", "reviewedOn", "consistent"],
      sort: "dueOn",
    },
    signs: {
      label: "Checks of signs",
      type: "signCheck",
      where: inPeriod("checkedOn"),
      columns: ["reference", "checkedBy", "checkedOn", "state"],
      sort: "checkedOn",
    },
    exceptions: {
      label: "Exceptions decided",
      type: "exception",
      where: inPeriod("decidedOn"),
      columns: ["reference", "kind", "state", "startsOn", "until", "decidedBy", "decidedOn"],
      sort: "decidedOn",
      because: ["O50", "M3"],
    },
    breaches: {
      label: "Incidents found",
      type: "incident",
      where: inPeriod("foundOn"),
      columns: ["reference", "category", "severity", "state", "foundOn", "outcomeOn", "informedOn"],
      sort: "foundOn",
      because: ["O79", "M9"],
    },
    debriefs: {
      label: "Their debriefs",
      from: "breaches",
      via: "debrief.incident",
      columns: ["reference", "state", "heldOn", "present"],
    },
    searches: {
      label: "Searches",
      type: "pupilSearch",
      where: inPeriod("searchedOn"),
      columns: ["reference", "searchedOn", "searchedBy", "witness", "consent", "parentsToldOn", "state"],
      sort: "searchedOn",
    },
    confiscations: {
      label: "Things taken",
      type: "confiscation",
      where: inPeriod("takenOn"),
      columns: ["reference", "takenOn", "takenBy", "suspicion", "state", "releasedOn"],
      sort: "takenOn",
    },
    lessons: {
      label: "Lessons to be done by then, or seen through",
      type: "lesson",
      where: { any: [inPeriod("dueOn"), inPeriod("endedOn")] },
      columns: ["what", "change", "policy", "owner", "dueOn", "state", "endedOn"],
      sort: "dueOn",
      because: ["O80", "M9"],
    },
    actions: {
      label: "Actions to be done by then, or done",
      type: "actionItem",
      where: { any: [inPeriod("dueOn"), inPeriod("doneOn")] },
      columns: ["what", "origin", "owner", "dueOn", "state", "doneOn"],
      sort: "dueOn",
      figures: {
        of: [
          number("Done in time", both(is("done"), { le: [field("doneOn"), field("dueOn")] })),
          number("Done late", both(is("done"), { gt: [field("doneOn"), field("dueOn")] })),
          number("Overdue today", late("dueOn", "toDo")),
        ],
      },
      because: ["O75", "M8"],
    },
    training: {
      label: "Training and updates",
      type: "trainingSession",
      where: inPeriod("heldOn"),
      columns: ["topic", "heldOn", "attendees", "monitoringExplained"],
      sort: "heldOn",
      because: ["O76", "O94"],
    },
    curriculum: {
      label: "Taught to pupils",
      type: "curriculumUnit",
      where: inPeriod("taughtOn"),
      columns: ["topic", "yearGroup", "subject", "teacher", "taughtOn", "adviceCovered"],
      sort: "taughtOn",
      because: ["O43", "O126"],
    },
    conflicts: {
      label: "Rules that contradict each other, today",
      type: "ruleConflict",
      view: "notSettled",
      columns: ["summary", "policies", "sections", "state"],
    },
  },
};

// -------------------------------------------------------------------------------------------------- for governors

const policies: Record<string, ReportSection> = {
  policies: {
    label: "How do our policies stand?",
    type: "policy",
    figures: {
      of: [
        number("Ratified", inPeriod("ratifiedOn")),
        number("In use", is(...inUse)),
        number("Due for review", is("reviewDue")),
        number("Being reviewed or before the governors", is("inReview", "awaitingRatification")),
        number("Overdue", late("reviewBy", ...inUse)),
      ],
    },
    because: ["O6", "O7", "M8", "SM6"],
  },
  ratified: {
    label: "Policies ratified",
    type: "policy",
    where: inPeriod("ratifiedOn"),
    columns: ["title", "ratifiedOn", "meeting", "minuteReference", "governorsPresent", "reviewBy"],
    sort: "ratifiedOn",
  },
  due: {
    label: "Policies to be reviewed by the end of the period",
    type: "policy",
    where: both(is(...inUse), { le: [field("reviewBy"), { period: "end" }] }),
    columns: ["title", "state", "reviewBy", "owner", "leadGovernor"],
    sort: "reviewBy",
    because: ["O7", "M8", "SM6"],
  },
};

const incidents: Record<string, ReportSection> = {
  incidents: {
    label: "Incidents",
    type: "incident",
    figures: {
      of: [
        number("Found", inPeriod("foundOn")),
        number("Decided", inPeriod("outcomeOn")),
        number("Found to be no breach", both(is("noBreach"), inPeriod("foundOn"))),
        daysBetween("Days from finding out to the decision, on average", "foundOn", "outcomeOn"),
        number("Open", is(...open)),
      ],
    },
    because: ["O74", "O79", "M8", "M9", "SM6"],
  },
  categories: {
    label: "Which rules were broken?",
    type: "incident",
    figures: { by: "category", of: [number("Found", inPeriod("foundOn"))] },
    because: ["O74", "M8", "SM6"],
  },
  stages: {
    label: "How far have they come?",
    type: "incident",
    figures: { by: "state", of: [number("Today")] },
    because: ["O74", "M8", "SM6"],
  },
  debriefs: {
    label: "Debriefs",
    type: "debrief",
    figures: {
      of: [
        number("Held", inPeriod("heldOn")),
        daysBetween("Days from the decision to the debrief, on average", "createdAt", "heldOn"),
        number("Still to be held", is("due")),
      ],
    },
    because: ["O80", "M9", "SM7"],
  },
  lessons: {
    label: "Lessons",
    type: "lesson",
    figures: { of: doneOrDue("endedOn") },
    because: ["O80", "M9", "SM7"],
  },
  actions: {
    label: "The action plan",
    type: "actionItem",
    figures: { of: doneOrDue("doneOn") },
    because: ["O75", "M8", "SM6"],
  },
  late: {
    label: "Actions that are overdue today",
    type: "actionItem",
    where: late("dueOn", "toDo"),
    columns: ["reference", "origin", "owner", "dueOn"],
    sort: "dueOn",
  },
};

const prevention: Record<string, ReportSection> = {
  checks: {
    label: "Spot checks",
    type: "spotCheck",
    figures: {
      by: "kind",
      of: [
        number("Done", both(is("done"), inPeriod("dueOn"))),
        number("Missed", both(is("missed"), inPeriod("dueOn"))),
        number("To be done today", is("due")),
      ],
    },
    because: ["O74", "M8", "SM6"],
  },
  filtering: {
    label: "Reviews of filtering and monitoring",
    type: "filteringReview",
    where: inPeriod("dueOn"),
    columns: ["dueOn", "state", "leader", "governor", "reviewedOn", "consistent"],
    sort: "dueOn",
  },
  training: {
    label: "Training and updates held",
    type: "trainingSession",
    where: inPeriod("heldOn"),
    columns: ["topic", "heldOn", "monitoringExplained"],
    sort: "heldOn",
    because: ["O94", "SM3"],
  },
  curriculum: {
    label: "Taught to pupils",
    type: "curriculumUnit",
    figures: { by: "subject", of: [number("Taught", both(is("taught"), inPeriod("taughtOn")))] },
    because: ["O43", "O126"],
  },
  conflicts: {
    label: "Rules of ours that contradict each other",
    type: "ruleConflict",
    view: "notSettled",
    columns: ["summary", "policies", "state"],
    because: ["O136"],
  },
  meetings: {
    label: "Meetings planned",
    type: "governorsMeeting",
    where: is("planned", "papersOut"),
    columns: ["name", "heldOn", "papersOn", "agenda", "state"],
    sort: "heldOn",
  },
};

const termlyReport: Report = {
  name: "termlyReport",
  title: "Governors' termly report",
  help: "What the governing body is told each term, with the term before beside it. Numbers of confidential cases below five are not told.",
  who: [...leaders, ...governing, "governor"],
  subject: { period: true },
  names: "staff",
  because: ["O6", "O74"],
  sections: {
    ...policies,
    agreements: {
      label: "Who has agreed to what?",
      type: "acknowledgement",
      figures: { by: "campaign", of: answers },
      because: ["O29", "O76"],
    },
    exceptions: {
      label: "Exceptions",
      type: "exception",
      figures: {
        of: [
          number("Granted", both(is(...granted), inPeriod("decidedOn"))),
          number("Refused", both(is("refused"), inPeriod("decidedOn"))),
          number("Came to an end", inPeriod("endedOn")),
          number("In force", is("inForce")),
          number("Waiting for a decision", is("requested", "moreNeeded", "toDecide", "emergency", "emergencyOver")),
        ],
      },
      because: ["O50", "M3"],
    },
    exceptionKinds: {
      label: "What are exceptions for?",
      type: "exception",
      figures: { by: "kind", of: [number("Began", inPeriod("beganOn")), number("In force today", is("inForce"))] },
    },
    ...incidents,
    ...prevention,
  },
};

export const reports: Report[] = [termlyReport, policyEvidence, periodEvidence];
