/** An exception to what the policies say: asked for, assessed, decided, agreed to, in force for a time, and over. */
import { field, recordType, role, setting } from "../../definition";
import { governors, leadership, office, safeguarding } from "./circles";
import { emergencies, everybodyAgreed, holders, holding, itsDayHasCome, requester } from "./exceptionBasics";
import { exceptionTasks, exceptionTimers } from "./exceptionClocks";
import { agreement, course } from "./exceptionCourse";
import { inAnEmergency, untilDecided } from "./exceptionDecision";
import { beingAsked, exceptionFields, exceptionForm } from "./exceptionFields";
import { exceptionNotices } from "./exceptionNotices";
import { exceptionRules, exceptionWarnings } from "./exceptionRules";
import { exceptionSettings } from "./exceptionSettings";

export default recordType({
  name: "exception",
  plural: "exceptions",
  label: "Exception",
  pluralLabel: "Exceptions",
  icon: "decision",
  group: "Exceptions",
  help: "Anybody may ask to be let off a rule. Its risk is assessed, the headteacher decides, the terms are agreed to, and then it holds for a time.",
  reference: "EXC-{year}-{n}",
  title: "{{ kind }}: {{ forWhom }}{{ pupil }}",
  confidential: true,
  entries: { new: "requested" },
  because: ["O35", "O50", "O71", "O105", "M3", "M5", "M6", "M7", "SM-Gen", "SM4.2"],
  fields: exceptionFields,

  states: {
    requested: { label: "Asked for", rag: "amber", help: "Its risk is being assessed. It is not in force." },
    moreNeeded: { label: "More is needed", rag: "amber", help: "Whoever asked has a question to answer." },
    toDecide: { label: "To be decided", rag: "amber", help: "Assessed. It is not in force." },
    awaitingAgreement: {
      label: "Terms to be agreed",
      rag: "amber",
      help: "Granted, and not in force before the terms are agreed to and its first day has come.",
    },
    inForce: { label: "In force", rag: "green", help: "It may be used as the terms say." },
    suspended: { label: "Suspended", rag: "red", help: "Its risk has risen. It is not in force until decided anew." },
    emergency: { label: "Allowed in an emergency", rag: "red", help: "In force for a day at most. To be decided." },
    emergencyOver: { label: "Emergency to be decided", rag: "red", help: "Its day is over. It is not in force." },
    refused: { label: "Refused", rag: "grey", end: true, help: "The reasons are on the record." },
    withdrawn: { label: "Withdrawn", rag: "grey", end: true, help: "No longer asked for." },
    ended: { label: "Ended", rag: "grey", end: true, help: "Its time is over." },
    revoked: { label: "Revoked", rag: "grey", end: true, help: "Ended before its time. The reason is on the record." },
  },

  actions: { ...untilDecided, ...inAnEmergency, ...agreement, ...course },
  tasks: exceptionTasks,
  timers: exceptionTimers,
  triggers: {
    begin: {
      when: { all: [everybodyAgreed, itsDayHasCome] },
      event: "begin",
      while: ["awaitingAgreement"],
      because: ["O51", "M6"],
    },
  },

  rules: exceptionRules,
  warnings: exceptionWarnings,
  settings: exceptionSettings,
  notices: exceptionNotices,
  guests: {
    to: ["forWhom", "parents"],
    by: [role("headteacher"), ...office],
    text: "terms",
    shows: ["question", "answer"],
    actions: ["agree", "ask", "decline"],
    within: setting("linkLasts"),
    because: ["O50", "O51", "M6"],
  },

  conflicts: ["requestedBy", "forWhom", "involved", "parents"],
  grants: [
    { to: [...governors, ...leadership], may: ["count"], because: ["O74", "M8", "SM6"] },
    { to: [{ anyone: true }], may: ["create"], because: ["O22", "M3"] },
    { to: [requester, ...holders], may: ["see"], because: ["O50", "M3", "M6"] },
    { to: [field("createdBy")], may: ["see"], when: { in: [field("state"), beingAsked] }, because: ["O50", "M3"] },
    { to: [requester], may: ["edit"], when: { in: [field("state"), beingAsked] }, because: ["O50", "M3"] },
    {
      to: [role("headteacher"), ...safeguarding],
      may: ["see", "edit"],
      when: { all: [] },
      because: ["O35", "O105", "M3", "SM4.2"],
    },
    {
      to: [role("seniorLeader")],
      may: ["see", "edit"],
      when: { in: [field("state"), ["requested", "toDecide", ...emergencies]] },
      because: ["O50", "M5"],
    },
    {
      to: [{ task: "decide" }, { task: "decideEmergency" }, { task: "decideSuspended" }, { task: "reply" }],
      may: ["see", "edit"],
      because: ["O134", "M3", "M5"],
    },
    {
      to: [field("assessedBy"), field("decidedBy"), field("emergencyBy"), field("recordedBy")],
      may: ["see"],
      because: ["O50", "O105", "M3"],
    },
    {
      to: [field("tell"), field("namedReaders")],
      may: ["see"],
      when: { in: [field("state"), ["emergency", ...holding, "ended", "revoked"]] },
      because: ["O50", "M6"],
    },
    {
      to: [...office],
      may: ["see"],
      when: { eq: [field("state"), "awaitingAgreement"] },
      because: ["O50", "M6"],
    },
  ],

  views: {
    toDecide: {
      label: "To decide",
      columns: ["recordTitle", "state", "what", "requestedBy", "startsOn"],
      where: { in: [field("state"), ["toDecide", ...emergencies, "suspended"]] },
      sort: "startsOn",
      because: ["O22", "O134", "M3"],
    },
    asked: {
      label: "Asked for",
      columns: ["recordTitle", "state", "what", "requestedBy", "createdAt"],
      where: { in: [field("state"), [...beingAsked, "awaitingAgreement"]] },
      sort: "createdAt",
      because: ["O22", "M3"],
    },
    inForce: {
      label: "In force",
      columns: ["recordTitle", "kind", "beganOn", "until", "followUpDueOn"],
      where: { in: [field("state"), ["inForce", "emergency"]] },
      sort: "until",
      because: ["O50", "O71", "M3"],
    },
    ending: {
      label: "Ending soon",
      columns: ["recordTitle", "kind", "until", "requestedBy"],
      where: {
        all: [
          { in: [field("state"), holding] },
          { le: [field("until"), { plus: [{ today: true }, setting("endingWithin")] }] },
        ],
      },
      sort: "until",
      because: ["O135", "M3"],
    },
    lookAgain: {
      label: "Risk to be looked at",
      columns: ["recordTitle", "kind", "followUpDueOn", "assessedBy"],
      where: {
        all: [
          { eq: [field("state"), "inForce"] },
          { le: [field("followUpDueOn"), { plus: [{ today: true }, setting("followUpSoon")] }] },
        ],
      },
      sort: "followUpDueOn",
      because: ["O71", "O135", "M3"],
    },
    refused: {
      label: "Refused and revoked",
      columns: ["recordTitle", "kind", "state", "decidedBy", "decidedOn"],
      where: { in: [field("state"), ["refused", "revoked"]] },
      sort: "-decidedOn",
      because: ["O22", "M3"],
    },
    all: { label: "All", columns: ["recordTitle", "state", "kind", "requestedBy", "until"], sort: "-createdAt" },
  },
  charts: {
    byKind: { label: "What are exceptions asked for?", by: "kind", because: ["O22", "M3"] },
    byState: { label: "Where do exceptions stand?", by: "state", because: ["O22", "M3"] },
    inForce: {
      label: "Which exceptions are in force?",
      by: "kind",
      where: { eq: [field("state"), "inForce"] },
      for: ["headteacher", "dsl", "chair", "leadGovernor"],
      because: ["O22", "M3"],
    },
    overTime: {
      label: "How many exceptions began in each month?",
      over: "beganOn",
      for: ["headteacher", "seniorLeader"],
      because: ["O22", "M3"],
    },
  },
  form: exceptionForm,
});
