/**
 * Who must be told of an incident, when, and how it is known that they were: one entry each. An entry makes the task and
 * its day, the action that records who was told, when and under which reference, and what the outcome waits for.
 */
import {
  field,
  setting,
  type Action,
  type Because,
  type Condition,
  type Field,
  type Need,
  type NoticeTemplate,
  type TaskRule,
  type Who,
} from "../../definition";
import { capital } from "../../text";
import { headOrChair, safeguarding } from "./circles";

export const aboutHead: Condition = { eq: [field("about"), "headteacher"] };
/** Whoever is not a pupil or a stranger: what they may have done is decided by the headteacher, or the chair. */
export const aboutAdult: Condition = { in: [field("about"), ["staff", "headteacher", "myself"]] };

export const lead = field("lead");
/** Whoever may see an incident and holds one of these handles it: the chair sees only what concerns the headteacher. */
export const handlers: Who[] = [lead, ...safeguarding, ...headOrChair];

interface Telling {
  /** "Tell the police" */
  label: string;
  /** "the police" */
  whom: string;
  help?: string;
  needed: Condition;
  to: Who[];
  decides?: boolean;
  opens?: string;
  due: NonNullable<TaskRule["due"]>;
  fields: Record<string, Field>;
  /** Those without which it is not recorded. Default all. */
  required?: string[];
  /** What shows that they were told. */
  told: Condition;
  needs?: Record<string, Need>;
  source: string;
  because: Because;
}

const isOn = (name: string, value: string): Condition => ({ includes: [field(name), value] });
const filled = (name: string): Condition => ({ not: { empty: field(name) } });

/** The police and the parents are several. */
const areMany = (whom: string): boolean => /police|parents/.test(whom);
const whenToWhom = (name: string, whom: string, because: Because): Record<string, Field> => ({
  [`${name}At`]: {
    kind: "dateTime",
    label: `When ${whom} ${areMany(whom) ? "were" : "was"} told`,
    editable: false,
    because,
  },
  [`${name}Contact`]: { kind: "text", label: `Who of ${whom}`, maxLength: 120, editable: false, because },
});
const reference = (name: string, because: Because): Record<string, Field> => ({
  [`${name}Reference`]: { kind: "text", label: "Their reference", maxLength: 80, editable: false, because },
});

const mobile5: Because = ["O42", "M5"];
const tellings = {
  safeguarding: {
    label: "Tell the safeguarding lead",
    whom: "the safeguarding lead",
    help: "Who of the safeguarding leads has it, since when, and where the child's file is. Never the file's content.",
    needed: {
      all: [
        { not: aboutHead },
        {
          any: [
            { eq: [field("images"), true] },
            { eq: [field("atRisk"), true] },
            isOn("routes", "childProtection"),
            isOn("routes", "onlineSafety"),
          ],
        },
      ],
    },
    to: safeguarding,
    opens: "reported",
    due: { after: setting("safeguardingWithin") },
    fields: {
      safeguardingAt: {
        kind: "dateTime",
        label: "When the safeguarding lead was told",
        editable: false,
        because: ["O130", "SM5"],
      },
      safeguardingBy: {
        kind: "person",
        label: "Which safeguarding lead has it",
        editable: false,
        because: ["O130", "SM5"],
      },
    },
    required: ["safeguardingAt", "safeguardingBy", "fileReference"],
    told: filled("safeguardingAt"),
    needs: {
      isLead: {
        must: { holds: [{ form: "safeguardingBy" }, safeguarding] },
        refusal: "Name a safeguarding lead or a deputy: they respond (Social media policy, section 5).",
        because: ["O130", "SM5"],
      },
    },
    source: "Mobile policy, section 6.1; Social media policy, section 5",
    because: ["O58", "O130", "M6.1", "SM5"],
  },
  lado: {
    label: "Tell the local authority's officer",
    whom: "the local authority's designated officer",
    help: "Before anybody is asked about it. Their reference shows that they know.",
    needed: isOn("routes", "allegations"),
    to: headOrChair,
    decides: true,
    due: { field: "ladoBy" },
    fields: {
      ladoBy: { kind: "date", label: "Local authority to be told by", editable: false, because: mobile5 },
      ...whenToWhom("lado", "the local authority", mobile5),
      ...reference("lado", mobile5),
    },
    required: ["ladoAt", "ladoContact", "ladoReference"],
    told: filled("ladoAt"),
    source: "Mobile policy, section 5; local procedures: one working day",
    because: mobile5,
  },
  police: {
    label: "Tell the police",
    whom: "the police",
    needed: { eq: [field("offence"), true] },
    to: [lead],
    due: { field: "policeBy" },
    fields: {
      policeBy: { kind: "date", label: "Police to be told by", editable: false, because: ["O66", "M6.1"] },
      ...whenToWhom("police", "the police", mobile5),
      ...reference("police", mobile5),
    },
    required: ["policeAt", "policeContact", "policeReference"],
    told: filled("policeAt"),
    source: "Mobile policy, sections 5 and 6.1",
    because: ["O42", "O66", "M5", "M6.1"],
  },
  head: {
    label: "Tell the headteacher",
    whom: "the headteacher",
    needed: { all: [{ not: aboutHead }, { any: [aboutAdult, { eq: [field("severity"), "high"] }] }] },
    to: [lead],
    due: { after: setting("headWithin") },
    fields: whenToWhom("head", "the headteacher", ["O81", "M9"]),
    required: ["headAt"],
    told: filled("headAt"),
    source: "Mobile policy, sections 7 and 9",
    because: ["O72", "O101", "M7", "SM4.1"],
  },
  examBody: {
    label: "Tell the examining body",
    whom: "the examining body",
    needed: { eq: [field("category"), "examDevice"] },
    to: [lead],
    due: { after: setting("examBodyWithin") },
    fields: {
      ...whenToWhom("examBody", "the examining body", ["O53", "M6"]),
      ...reference("examBody", ["O53", "M6"]),
    },
    required: ["examBodyAt", "examBodyContact", "examBodyReference"],
    told: filled("examBodyAt"),
    source: "Mobile policy, section 6",
    because: ["O53", "M6"],
  },
  parents: {
    label: "Tell the parents",
    whom: "the parents",
    help: "Or say why not: where it would put the child at greater risk.",
    needed: { eq: [field("about"), "pupil"] },
    to: [lead],
    due: { after: setting("parentsWithin") },
    fields: {
      ...whenToWhom("parents", "the parents", ["O79", "O132", "M9", "SM5"]),
      parentsWhyNot: {
        kind: "longText",
        label: "Why the parents are not told",
        editable: false,
        because: ["O79", "O132", "M9", "SM5"],
      },
    },
    required: [],
    told: { any: [filled("parentsAt"), filled("parentsWhyNot")] },
    needs: {
      toldOrWhyNot: {
        must: { any: [{ not: { empty: { form: "parentsAt" } } }, { not: { empty: { form: "parentsWhyNot" } } }] },
        refusal: "Say when the parents were told, or why they are not.",
        because: ["O79", "O132", "M9", "SM5"],
      },
    },
    source: "Mobile policy, section 9; Social media policy, section 5",
    because: ["O79", "O132", "M9", "SM5"],
  },
} satisfies Record<string, Telling>;

const entries = Object.entries(tellings) as [keyof typeof tellings, Telling][];
const made = <T>(make: (telling: Telling, name: string) => [string, T]): Record<string, T> =>
  Object.fromEntries(entries.map(([name, telling]) => make(telling, name)));
const actionOf = (name: string): string => `${name}Told`;

export const tellingFields: Record<string, Field> = Object.assign({}, ...entries.map(([, { fields }]) => fields));

/** Names of the tasks, each called as its entry. */
export const tellingTasks = entries.map(([name]) => name);

export const tasksOfTellings: Record<string, TaskRule> = made((telling, name) => [
  name,
  {
    label: `${telling.label}: {{ reference }}`,
    ...(telling.help ? { help: telling.help } : {}),
    opens: telling.opens ?? "investigating",
    while: ["reported", "investigating"],
    when: { all: [telling.needed, { not: telling.told }] },
    to: telling.to,
    ...(telling.decides ? { decides: true } : {}),
    tell: { template: name, urgent: true },
    due: telling.due,
    actions: [actionOf(name)],
    because: telling.because,
  },
]);

export const actionsOfTellings: Record<string, Action> = made((telling, name) => {
  const form = Object.keys(telling.fields).filter((field) => field !== "ladoBy" && field !== "policeBy");
  const pointer = name === "safeguarding" ? ["fileSystem", "fileReference", "fileHolder"] : [];
  return [
    actionOf(name),
    {
      label: `Record that ${telling.whom} ${areMany(telling.whom) ? "know" : "knows"}`,
      ...(telling.help ? { help: telling.help } : {}),
      from: ["reported", "investigating"],
      who: [...handlers, { task: name }],
      form: [...form, ...pointer],
      required: telling.required ?? form,
      ...(telling.needs ? { needs: telling.needs } : {}),
      effects: [{ set: { lastStepOn: { today: true } } }],
      because: telling.because,
    },
  ];
});

/** What stands in the way of ending an investigation: whoever must be told and was not. */
export const everybodyTold: Record<string, Need> = made((telling, name) => [
  name,
  {
    must: { any: [{ not: telling.needed }, telling.told] },
    refusal: `${capital(telling.whom)} must be told first: record when, whom and their reference (${telling.source}).`,
    because: telling.because,
  },
]);

export const noticesOfTellings: Record<string, NoticeTemplate> = made((telling, name) => [
  name,
  {
    subject: `${telling.label} about {{ reference }}`,
    body: [
      `${telling.label} about **{{ reference }}** by {{ due | date }}.`,
      "[Open it, and record when and whom you told]({{ url }})",
      `Why: ${telling.source}. Until it is recorded, no outcome can be.`,
    ].join("\n\n"),
    because: telling.because,
  },
]);
