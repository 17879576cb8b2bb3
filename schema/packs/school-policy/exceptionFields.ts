/** What is held of an exception: what is asked, for whom, how risky it is, what was decided, and who agreed to which words. */
import { field, role, type Condition, type Field, type Who } from "../../definition";
import { leadership } from "./circles";

/** Kinds that are about one pupil: a parent agrees to the terms, and the medical side is need-to-know. */
export const pupilKinds = ["pupilNeed", "pupilOccasional"];
const kitKinds = ["teachingTime", "remoteTeaching", "parentContact"];

export const isOneOf = (kinds: string[]): Condition => ({ in: [field("kind"), kinds] });
export const aboutPupil = isOneOf(pupilKinds);
const aboutPerson: Condition = { not: aboutPupil };

/** Until it is assessed, whoever asks may put their own words right. */
export const beingAsked = ["requested", "moreNeeded"];
const askable: Condition = { in: [field("state"), beingAsked] };
/** The terms are written before the decision; from then on they stand word for word. */
const undecided: Condition = {
  in: [field("state"), [...beingAsked, "toDecide", "emergency", "emergencyOver"]],
};

const deciders: Who[] = [...leadership, role("chair"), role("viceChair")];
/** Health and its reasons: the headteacher, the safeguarding lead and the people named, nobody else. */
const needToKnow: Who[] = [
  role("headteacher"),
  role("dsl"),
  field("requestedBy"),
  field("forWhom"),
  field("parents"),
  field("namedReaders"),
];
/** What one parent asks is not read by the other. */
const answering: Who[] = [...deciders, role("dsl"), field("questionBy")];
const adjusting: Condition = { eq: [field("adjustment"), true] };

const asked: Record<string, Field> = {
  kind: {
    kind: "choice",
    label: "What kind of exception",
    required: true,
    index: true,
    editable: askable,
    options: [
      { value: "area", label: "Use in a place where devices are not used", because: ["O22", "M3"] },
      { value: "teachingTime", label: "Own device in teaching time", because: ["O33", "M5"] },
      { value: "remoteTeaching", label: "Own device for teaching from afar", because: ["O39", "M5"] },
      { value: "parentContact", label: "Own device for contact with parents", because: ["O38", "M5"] },
      { value: "pupilNeed", label: "A pupil's device for a medical or other need", because: ["O49", "O50", "M6"] },
      { value: "pupilOccasional", label: "A pupil's occasional use", because: ["O48", "M6"] },
      { value: "pupilLesson", label: "Pupils' own devices in a lesson", because: ["M6"] },
      { value: "visitorDevice", label: "A visitor's device", because: ["O70", "O71", "M7"] },
      { value: "learningPlatform", label: "Social media or an app for learning", because: ["O89", "SM-Gen"] },
      { value: "relationship", label: "A relationship from before", because: ["O35", "O105", "M5", "SM4.2"] },
    ],
    because: ["O50", "M3"],
  },
  what: {
    kind: "text",
    label: "What is asked for",
    required: true,
    maxLength: 180,
    editable: askable,
    help: "Which device or service, and to do what. Say nothing of anybody's health here: there is a place for that below.",
    because: ["O50", "M3"],
  },
  why: {
    kind: "longText",
    label: "Why it is needed",
    required: true,
    editable: askable,
    help: "What would go wrong without it.",
    because: ["O22", "M3"],
  },
  requestedBy: {
    kind: "person",
    label: "Asked by",
    required: true,
    index: true,
    default: { actor: true },
    editable: false,
    help: "Whoever entered it. For somebody at the desk the office does.",
    because: ["O50", "M3"],
  },
  forWhom: {
    kind: "person",
    label: "For whom",
    index: true,
    visible: aboutPerson,
    required: aboutPerson,
    editable: askable,
    help: "The member of staff or the visitor who would use it, and who agrees to the terms.",
    because: ["O71", "M3"],
  },
  pupil: {
    kind: "link",
    to: "pupil",
    label: "Pupil",
    index: true,
    visible: aboutPupil,
    required: aboutPupil,
    editable: askable,
    because: ["O50", "M6"],
  },
  parents: {
    kind: "people",
    label: "Parents and carers",
    visible: aboutPupil,
    editable: false,
    help: "As the pupil's entry names them: one of them agrees to the terms.",
    because: ["O50", "M6"],
  },
  involved: {
    kind: "people",
    label: "Who else benefits or is involved",
    editable: undecided,
    help: "They neither assess nor decide it.",
    because: ["O50", "M3"],
  },
  policy: {
    kind: "link",
    to: "policy",
    label: "Policy it departs from",
    editable: askable,
    because: ["O50", "M3"],
  },
  place: {
    kind: "text",
    label: "Where",
    maxLength: 120,
    visible: isOneOf(["area", "teachingTime", "pupilLesson", "visitorDevice", ...pupilKinds]),
    editable: askable,
    because: ["O71", "M3", "M7"],
  },
  platform: {
    kind: "text",
    label: "Service or app",
    maxLength: 120,
    visible: isOneOf(["learningPlatform"]),
    required: isOneOf(["learningPlatform"]),
    editable: askable,
    because: ["O105", "SM-Gen"],
  },
  schoolKit: {
    kind: "yesNo",
    label: "Is the school's own equipment available for this?",
    visible: isOneOf(kitKinds),
    required: isOneOf(kitKinds),
    editable: askable,
    because: ["O50", "M5"],
  },
  exceptional: {
    kind: "longText",
    label: "What makes it exceptional",
    visible: isOneOf(["parentContact"]),
    editable: askable,
    help: "Parents are contacted on the school's equipment but for exceptional circumstances.",
    because: ["O50", "M5"],
  },
  startsOn: {
    kind: "date",
    label: "From",
    required: true,
    default: { today: true },
    editable: askable,
    because: ["O50", "M3"],
  },
  until: {
    kind: "date",
    label: "Until",
    index: true,
    editable: askable,
    help: "Its last day. It ends by itself.",
    because: ["O50", "M3"],
  },
  extends: { kind: "link", to: "exception", label: "Extends", editable: false, because: ["O50", "M3"] },
};

const health: Record<string, Field> = {
  adjustment: {
    kind: "yesNo",
    label: "Is it a reasonable adjustment for a disability?",
    editable: askable,
    help: "The Equality Act asks schools for those: say so, and why below.",
    because: ["O50", "M6"],
  },
  adjustmentReason: {
    kind: "longText",
    label: "Why it is one",
    sensitive: true,
    see: needToKnow,
    visible: adjusting,
    required: adjusting,
    editable: askable,
    because: ["O50", "M6"],
  },
  medicalDetail: {
    kind: "longText",
    label: "Medical detail",
    sensitive: true,
    see: needToKnow,
    visible: { any: [isOneOf(["pupilNeed"]), adjusting] },
    editable: askable,
    help: "Only what the decision needs. Read by the headteacher, the safeguarding lead and the people named here.",
    because: ["O50", "M6"],
  },
  carePlan: {
    kind: "text",
    label: "Where the care plan is held",
    maxLength: 120,
    visible: { any: [isOneOf(["pupilNeed"]), adjusting] },
    editable: askable,
    help: "System and reference. The plan itself stays there.",
    because: ["O50", "M6"],
  },
  namedReaders: {
    kind: "people",
    label: "Who else may read the medical detail",
    visible: { any: [isOneOf(["pupilNeed"]), adjusting] },
    editable: undecided,
    because: ["O50", "M6"],
  },
};

const risk: Record<string, Field> = {
  risk: {
    kind: "riskGrid",
    label: "Risk",
    editable: false,
    help: "With what makes it less: judge what is left.",
    because: ["O71", "M3", "M7"],
  },
  assessedBy: { kind: "person", label: "Assessed by", editable: false, because: ["O71", "M3"] },
  assessedOn: { kind: "date", label: "Assessed on", editable: false, because: ["O71", "M3"] },
  plan: {
    kind: "list",
    label: "What must be done to keep the risk low",
    of: {
      what: { kind: "text", label: "What", required: true, maxLength: 180 },
      owner: { kind: "person", label: "Owner", required: true },
      dueOn: { kind: "date", label: "By", required: true },
    },
    editable: undecided,
    help: "Each goes into the action plan as the exception begins. Name no child here.",
    because: ["O71", "M3"],
  },
};

const decision: Record<string, Field> = {
  discussedWith: {
    kind: "person",
    label: "Discussed with",
    editable: undecided,
    because: ["O35", "O105", "M5", "M6", "M7"],
  },
  discussedOn: { kind: "date", label: "Discussed on", editable: undecided, because: ["O35", "O105", "M6", "M7"] },
  advice: {
    kind: "longText",
    label: "Advice given",
    editable: undecided,
    edit: deciders,
    help: "What the safeguarding lead or headteacher advised, and where it stands if somebody outside was asked.",
    because: ["O35", "O105", "SM4.2"],
  },
  contactThrough: {
    kind: "choices",
    label: "Contact goes through",
    options: [
      { value: "workPhone", label: "A work phone number" },
      { value: "workEmail", label: "A work address" },
      { value: "alumni", label: "The school's alumni network", because: ["O106", "SM4.2"] },
      { value: "officialTool", label: "Another official tool", because: ["O106", "SM4.2"] },
      { value: "family", label: "Family life, out of school matters" },
    ],
    visible: isOneOf(["relationship", "parentContact"]),
    editable: undecided,
    help: "With pupils who have left: the alumni network or official tools only.",
    because: ["O105", "O106", "SM4.2"],
  },
  conditions: { kind: "longText", label: "Conditions", editable: false, because: ["O50", "O71", "M6", "M7"] },
  terms: {
    kind: "document",
    label: "Terms",
    editable: undecided,
    edit: deciders,
    help: "What may be used, where, when and for what; where a pupil is concerned also what follows on misuse.",
    because: ["O50", "O71", "M5", "M6", "M7"],
  },
  tell: {
    kind: "people",
    label: "Who must know",
    help: "Teachers, office and others who are told as it begins and ends.",
    edit: deciders,
    because: ["O50", "M6"],
  },
  decidedBy: { kind: "person", label: "Decided by", editable: false, because: ["O105", "M3"] },
  decidedOn: { kind: "date", label: "Decided on", editable: false, because: ["O105", "M3"] },
  reasons: { kind: "longText", label: "Reasons for the decision", editable: false, because: ["O105", "M3"] },
};

const agreement: Record<string, Field> = {
  agreed: { kind: "people", label: "Who has agreed to the terms", editable: false, because: ["O50", "M6"] },
  agreedOn: { kind: "date", label: "Agreed on", editable: false, because: ["O50", "M6"] },
  wording: {
    kind: "text",
    nameless: true,
    label: "Version agreed to",
    maxLength: 80,
    editable: false,
    help: "The fingerprint of the exact words.",
    because: ["O50", "M6"],
  },
  questionBy: { kind: "person", label: "Who has a question", editable: false, because: ["O50", "M6"] },
  question: {
    kind: "longText",
    label: "Question about the terms",
    see: answering,
    editable: false,
    because: ["O50", "M6"],
  },
  answer: { kind: "longText", label: "Answer to it", see: answering, editable: false, because: ["O50", "M6"] },
  signedPaper: { kind: "file", label: "Signed paper", editable: false, because: ["O50", "M6"] },
  witness: { kind: "person", label: "Witness of the signature", editable: false, because: ["O50", "M6"] },
  recordedBy: { kind: "person", label: "Signature recorded by", editable: false, because: ["O50", "M6"] },
};

const course: Record<string, Field> = {
  beganOn: { kind: "date", label: "Began on", index: true, editable: false, because: ["O50", "M3"] },
  followUpDueOn: {
    kind: "date",
    label: "Risk looked at again on",
    index: true,
    editable: false,
    because: ["O71", "M3"],
  },
  suspendedBecause: { kind: "longText", label: "Why it was suspended", editable: false, because: ["O71", "M3"] },
  endedOn: { kind: "date", label: "Ended on", editable: false, because: ["O50", "M3"] },
  endReason: { kind: "longText", label: "Why it ended", editable: false, because: ["O50", "M3"] },
  emergencyBy: { kind: "person", label: "Allowed at once by", editable: false, because: ["O50", "M5"] },
  emergencyOn: { kind: "date", label: "Allowed at once on", editable: false, because: ["O50", "M5"] },
  emergencyReason: { kind: "longText", label: "What could not wait", editable: false, because: ["O50", "M5"] },
  agreedOnTheSpot: {
    kind: "longText",
    label: "What was agreed on the spot, and with whom",
    editable: false,
    help: "The conditions they were told and said yes to. Where a pupil is concerned: with which parent.",
    because: ["O50", "M5", "M6"],
  },
  doneMeanwhile: {
    kind: "longText",
    label: "What was done under it meanwhile",
    editable: false,
    because: ["O50", "M5"],
  },
};

export const exceptionFields: Record<string, Field> = {
  ...asked,
  ...health,
  ...risk,
  ...decision,
  ...agreement,
  ...course,
};

export const exceptionForm = [
  { label: "What is asked", fields: Object.keys(asked) },
  { label: "Health and adjustments", fields: Object.keys(health) },
  { label: "Risk", fields: Object.keys(risk) },
  { label: "Decision", fields: Object.keys(decision) },
  { label: "Agreement", fields: Object.keys(agreement) },
  { label: "Course", fields: Object.keys(course) },
];
