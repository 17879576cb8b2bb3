/** What the register holds of a policy. `imports` names a value of policyDocument.ts, which fills it from a document. */
import { field, type Condition, type Field } from "../../definition";

/** The wording may move only while it is being worked on: what was ratified, or is before the governors, stays as read. */
const beingWritten: Condition = { in: [field("state"), ["draft", "inReview"]] };

export const reviewTriggers = [
  { value: "concern", label: "A concern was raised" },
  { value: "nationalGuidance", label: "National guidance changed" },
  { value: "localGuidance", label: "Local guidance or procedures changed" },
  { value: "localConcern", label: "A concern in our area" },
  { value: "infrastructure", label: "Our technology changed" },
];

export const audiences = [
  { value: "pupils", label: "Pupils" },
  { value: "parents", label: "Parents and carers" },
  { value: "governors", label: "Governors" },
  { value: "leaders", label: "Leadership team" },
  { value: "teachers", label: "Teachers" },
  { value: "supportStaff", label: "Support staff" },
  { value: "contractors", label: "Contractors" },
  { value: "visitors", label: "Visitors" },
  { value: "volunteers", label: "Volunteers" },
  { value: "others", label: "Others who work for the school" },
];

export const technologies = [
  { value: "phones", label: "Mobile phones" },
  { value: "tablets", label: "Tablets" },
  { value: "eReaders", label: "E-readers" },
  { value: "consoles", label: "Games consoles" },
  { value: "wearables", label: "Wearables that communicate or record" },
  { value: "blogs", label: "Blogs" },
  { value: "wikis", label: "Wikis" },
  { value: "socialNetworks", label: "Social networks" },
  { value: "forums", label: "Forums and bulletin boards" },
  { value: "gaming", label: "Online games" },
  { value: "apps", label: "Apps" },
  { value: "mediaSharing", label: "Photo and video sharing" },
  { value: "chatRooms", label: "Chat rooms" },
  { value: "messengers", label: "Instant messengers" },
];

const identity: Record<string, Field> = {
  title: {
    kind: "text",
    nameless: true,
    label: "Title",
    required: true,
    index: true,
    maxLength: 180,
    help: "What everybody calls the policy.",
    imports: "title",
    because: ["O1"],
  },
  versionLabel: {
    kind: "text",
    nameless: true,
    label: "Version",
    maxLength: 40,
    help: "As it stands on the cover, such as 1 or 2.1.",
    imports: "version",
    because: ["O1"],
  },
  owner: {
    kind: "person",
    label: "Owner",
    required: true,
    index: true,
    help: "Who keeps this policy up to date and carries out its review.",
    imports: "owner",
    because: ["O17", "O18", "M1", "SM1"],
  },
  leadGovernor: {
    kind: "person",
    label: "Lead governor",
    index: true,
    help: "The governor with lead responsibility. Reminders of the review go here as well as to the owner.",
    imports: "leadGovernor",
    because: ["O5"],
  },
  designatedSafeguardingLeads: {
    kind: "people",
    label: "Designated safeguarding leads",
    help: "One or more. The headteacher may be one of them.",
    imports: "dsl",
    because: ["O4", "O17"],
  },
  deputySafeguardingLeads: {
    kind: "people",
    label: "Deputy safeguarding leads",
    help: "Who stands in when the safeguarding lead is away.",
    imports: "deputyDsl",
    because: ["O4", "M6.1"],
  },
};

const dates: Record<string, Field> = {
  writtenOn: {
    kind: "date",
    precision: true,
    label: "Written or updated",
    help: "When the present wording was finished. A month is enough.",
    imports: "writtenOn",
    because: ["O2"],
  },
  agreedOn: {
    kind: "date",
    precision: true,
    label: "Agreed",
    help: "When the governing body, or those it delegated this to, agreed the wording.",
    imports: "agreedOn",
    because: ["O2"],
  },
  ratifiedOn: {
    kind: "date",
    precision: true,
    label: "Ratified",
    index: true,
    help: "When the governing body ratified it. Filled by ratifying.",
    imports: "ratifiedOn",
    because: ["O2", "O6"],
  },
  publishedOn: {
    kind: "date",
    precision: true,
    label: "Published",
    help: "When families and staff could first read it. It should not be before the policy was ratified.",
    imports: "publishedOn",
    because: ["O2", "O3"],
  },
  reviewBy: {
    kind: "date",
    precision: true,
    label: "Next review",
    index: true,
    help: "The review must be ratified by then. A month counts to its last day. Every reminder is counted from this date.",
    imports: "reviewBy",
    because: ["O2", "O7", "M8", "SM6"],
  },
  endsOn: {
    kind: "date",
    precision: true,
    label: "No longer in use from",
    help: "Filled when the policy is archived.",
    imports: "endsOn",
    because: ["O2"],
  },
};

const wording: Record<string, Field> = {
  text: {
    kind: "document",
    label: "Text",
    ratifiedOn: "ratifiedOn",
    editable: beingWritten,
    help: "The wording. Each saved change is a version of its own; ratifying puts one exact version in force.",
    imports: "text",
    because: ["O1", "O10"],
  },
  authorship: {
    kind: "longText",
    label: "Who wrote it",
    help: "Who wrote it, how staff and pupils were involved, and whose specialist advice was taken.",
    imports: "authorship",
    because: ["O11", "M1", "SM1"],
  },
  audience: {
    kind: "choices",
    label: "Who it applies to",
    options: audiences,
    imports: "audience",
    because: ["O15", "M1", "SM1"],
  },
  technology: {
    kind: "choices",
    label: "What it covers",
    options: technologies,
    imports: "technology",
    because: ["O16", "M1", "SM1"],
  },
};

const references: Record<string, Field> = {
  linkedPolicies: {
    kind: "list",
    label: "Linked policies, as the text names them",
    of: { name: { kind: "text", label: "Name", required: true } },
    imports: "linkedPolicies",
    because: ["O13", "M2", "SM2"],
  },
  related: {
    kind: "links",
    to: "policy",
    label: "Linked policies in this register",
    help: "Those of the named policies that are kept here.",
    because: ["O13", "M2", "SM2"],
  },
  guidance: {
    kind: "list",
    label: "Guidance it relies on",
    of: {
      title: { kind: "text", label: "Title", required: true },
      edition: { kind: "number", label: "Edition", min: 1900, max: 2200, help: "The year on its cover." },
      body: { kind: "text", label: "Issued by" },
    },
    help: "With the year of the edition used, so that an outdated one shows.",
    imports: "guidance",
    because: ["O12", "M1", "SM1"],
  },
  reliesOn: {
    kind: "links",
    to: "guidanceSource",
    label: "Guidance in our register",
    help: "A new edition of any of these opens the review of this policy.",
    because: ["O8", "O12", "M8", "SM6"],
  },
  templateSource: {
    kind: "text",
    nameless: true,
    label: "Template from",
    maxLength: 190,
    help: "Whose template the wording builds on, if any.",
    imports: "templateSource",
    because: ["O9"],
  },
  licence: {
    kind: "longText",
    label: "Terms of the template",
    help: "What its author asks for: credit, no sale, being told that it is used.",
    imports: "licence",
    because: ["O9"],
  },
};

const decision: Record<string, Field> = {
  templateToldOn: {
    kind: "date",
    label: "Its author was told on",
    help: "Terms of a template may ask that its author is told that it is used.",
    because: ["O9"],
  },
  heldAt: {
    kind: "link",
    to: "governorsMeeting",
    label: "Meeting in our calendar",
    help: "Several policies may be ratified in one meeting and one minute.",
    because: ["O6"],
  },
};

const review: Record<string, Field> = {
  reviewTrigger: {
    kind: "choice",
    label: "What led to the review",
    options: reviewTriggers,
    help: "Empty for the yearly review.",
    because: ["O8", "M8", "SM6"],
  },
  reviewReason: {
    kind: "longText",
    label: "Why now",
    help: "What happened, or what changed, in a sentence or two.",
    because: ["O8", "M8", "SM6"],
  },
  meeting: {
    kind: "text",
    nameless: true,
    label: "Meeting",
    maxLength: 190,
    help: "The meeting that ratified it, such as Full governing body, autumn term.",
    because: ["O6"],
  },
  minuteReference: {
    kind: "text",
    nameless: true,
    label: "Minute",
    maxLength: 80,
    help: "Where the decision stands in the minutes.",
    because: ["O6"],
  },
  governorsPresent: {
    kind: "number",
    label: "Governors present",
    min: 0,
    editable: false,
    help: "How many governors took part in the decision. Their names are in the timeline.",
    because: ["O6"],
  },
  quorumNeeded: {
    kind: "number",
    label: "Quorum then",
    min: 0,
    editable: false,
    help: "How many had to be present that day.",
    because: ["O6"],
  },
};

export const policyFields: Record<string, Field> = {
  ...identity,
  ...dates,
  ...wording,
  ...references,
  ...decision,
  ...review,
};
