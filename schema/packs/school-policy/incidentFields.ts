/** What is held of an incident: the report, what triage made of it, who was told, and how it ended. */
import { field, type Condition, type Field, type Value } from "../../definition";
import {
  categories,
  concerned,
  examOutcomes,
  measures,
  offSiteTests,
  places,
  routes,
  severities,
} from "./incidentChoices";
import { tellingFields } from "./incidentTellings";

const untriaged: Condition = { eq: [field("state"), "reported"] };

/** Said of the record, or of the answers to a form that asks for the same. */
export const suspectsImage = (of: (name: string) => Value): Condition => ({
  any: [{ eq: [of("images"), true] }, { eq: [of("category"), "indecentImage"] }],
});

/** The questions of a report. */
const report: Record<string, Field> = {
  about: {
    kind: "choice",
    label: "Who is it about?",
    required: true,
    options: concerned,
    editable: untriaged,
    help: "What concerns the headteacher goes to the chair of governors.",
    because: ["O90", "SM-Gen"],
  },
  subject: {
    kind: "person",
    label: "Which grown-up, if you know",
    editable: untriaged,
    help: "They will never see this report, whatever their role.",
    because: ["O82", "M9", "SM7"],
  },
  pupils: {
    kind: "links",
    to: "pupil",
    label: "Which pupils, if you know",
    because: ["O79", "M9"],
  },
  summary: {
    kind: "text",
    label: "What happened, in a few words",
    required: true,
    maxLength: 120,
    help: "Without names: it is the title of the report.",
    because: ["O72", "O78", "M7", "M9"],
  },
  details: {
    kind: "longText",
    label: "What you saw or heard",
    sensitive: true,
    help: "Facts, in the words used. What a child told you about harm belongs in the school's safeguarding system.",
    because: ["O78", "M9"],
  },
  place: { kind: "choice", label: "Where was it?", options: places, because: ["O125", "SM5"] },
  images: {
    kind: "yesNo",
    label: "Might there be an indecent picture of a child?",
    required: true,
    editable: untriaged,
    help: "Do not look, do not copy, do not pass it on. Take the device to the safeguarding lead as it is.",
    because: ["O58", "M6.1"],
  },
  atRisk: {
    kind: "yesNo",
    label: "Is anybody at risk now?",
    required: true,
    editable: untriaged,
    help: "If so, find the safeguarding lead now. This report tells them as well.",
    because: ["O61", "M6.1"],
  },
  foundOn: {
    kind: "date",
    label: "Found out on",
    required: true,
    default: { today: true },
    editable: untriaged,
    help: "The clocks for the police and the local authority count from this day.",
    because: ["O66", "M6.1"],
  },
  reporter: {
    kind: "person",
    label: "Reported by",
    required: true,
    index: true,
    default: { actor: true },
    editable: untriaged,
    because: ["O78", "M9"],
  },
  toldBy: {
    kind: "text",
    label: "Who told you, if not yourself",
    maxLength: 120,
    help: "A parent on the phone, a neighbour.",
    because: ["O81", "M9"],
  },
  evidence: {
    kind: "files",
    label: "Pictures of screens, letters",
    visible: { not: suspectsImage(field) },
    editable: { not: suspectsImage(field) },
    help: "Never a picture that may be indecent: with one suspected, nothing can be attached.",
    because: ["O81", "M9"],
  },
};

const triage: Record<string, Field> = {
  category: {
    kind: "choice",
    label: "Category",
    options: categories,
    index: true,
    editable: false,
    help: "Which rule was broken, if it happened as reported.",
    because: ["O90", "SM-Gen"],
  },
  severity: { kind: "choice", label: "Severity", options: severities, editable: false, because: ["O81", "M9"] },
  routes: {
    kind: "choices",
    label: "Procedures that apply",
    options: routes,
    editable: false,
    because: ["O41", "O54", "O78", "O90", "O95", "O129", "M9", "SM7"],
  },
  offence: {
    kind: "yesNo",
    label: "May it be a crime?",
    editable: false,
    help: "If so, the police are told as soon as reasonably practicable.",
    because: ["O66", "M6.1"],
  },
  offSiteTests: {
    kind: "choices",
    label: "Why the school acts on it",
    options: offSiteTests,
    editable: false,
    help: "What pupils do out of school is for their parents, unless one of these is met.",
    because: ["O125", "SM5"],
  },
  lead: { kind: "person", label: "Led by", index: true, editable: false, because: ["O81", "M9"] },
  shareWith: {
    kind: "people",
    label: "Also to be read by",
    editable: false,
    help: "Only those who need it to do their part.",
    because: ["O81", "M9"],
  },
  contacts: {
    kind: "list",
    label: "Contacts and steps",
    of: {
      on: { kind: "date", label: "On", required: true },
      who: { kind: "text", label: "With whom", required: true },
      what: { kind: "text", label: "What was said or agreed", required: true },
    },
    editable: false,
    because: ["O81", "M9", "SM7"],
  },
  lastStepOn: { kind: "date", label: "Last step on", editable: false, index: true, because: ["O81", "M9"] },
};

/** Never what a child said: only where it is kept. */
const pointer: Record<string, Field> = {
  fileSystem: {
    kind: "text",
    label: "Kept in",
    editable: false,
    maxLength: 60,
    help: "The school's safeguarding system. What a child said or suffered is written there, not here.",
    because: ["O79", "O82", "M9"],
  },
  fileReference: {
    kind: "text",
    label: "Reference there",
    editable: false,
    maxLength: 60,
    because: ["O79", "O82", "M9"],
  },
  fileHolder: { kind: "text", label: "Held by", editable: false, maxLength: 120, because: ["O79", "M9"] },
};

const outcome: Record<string, Field> = {
  found: {
    kind: "longText",
    label: "What was found",
    sensitive: true,
    editable: false,
    because: ["O79", "M9"],
  },
  measures: {
    kind: "choices",
    label: "What follows",
    options: measures,
    editable: false,
    because: ["O79", "O88", "O96", "O131", "M9", "SM-Gen", "SM4.1", "SM5"],
  },
  examOutcome: {
    kind: "choice",
    label: "The examining body's decision",
    options: examOutcomes,
    editable: false,
    because: ["O53", "M6"],
  },
  outcomeOn: { kind: "date", label: "Decided on", editable: false, because: ["O79", "M9"] },
  outcomeBy: { kind: "person", label: "Decided by", editable: false, because: ["O79", "M9"] },
  noBreachWhy: { kind: "longText", label: "Why it is no breach", editable: false, because: ["O90", "O125", "SM5"] },
  informed: {
    kind: "choices",
    label: "Complaints procedure given to",
    options: [
      { value: "pupil", label: "The pupil", because: ["O83", "M9", "SM7"] },
      { value: "parents", label: "Parents or carers", because: ["O83", "M9", "SM7"] },
      { value: "staff", label: "Staff", because: ["O83", "M9", "SM7"] },
    ],
    editable: false,
    because: ["O83", "M9", "SM7"],
  },
  informedOn: { kind: "date", label: "Given on", editable: false, because: ["O83", "M9", "SM7"] },
  whistleblowing: {
    kind: "yesNo",
    label: "Whistleblowing procedure given",
    editable: false,
    because: ["O83", "M9", "SM7"],
  },
};

export const incidentFields: Record<string, Field> = {
  ...report,
  ...triage,
  ...pointer,
  ...tellingFields,
  ...outcome,
};

export const incidentForm = [
  { label: "The report", fields: Object.keys(report) },
  { label: "Triage", fields: Object.keys(triage) },
  { label: "Where the child-protection file is (never its content)", fields: Object.keys(pointer) },
  { label: "Who was told", fields: Object.keys(tellingFields) },
  { label: "Outcome", fields: Object.keys(outcome) },
];
