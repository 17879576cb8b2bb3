/**
 * The elements of a pack that may cite an obligation of its sources, and what each is worth: `kinds` is the table.
 */
import type { Because, Field, Letter, Option, Pack, RecordType, Report, Role } from "./definition";
import { at } from "./shape";

/** What elements are found in: a pack, or what is published of one. */
export type Covering = Pick<Pack, "obligations" | "roles" | "types" | "texts" | "reports">;

/** What an element is of conduct that no system sees: see coverage.ts. */
export type Agreement = "rule" | "category" | "question";

export interface Element {
  kind: string;
  /** Its place: "exception.actions.grant.when". */
  path: string;
  /** The record type it belongs to, if any. */
  type: string | null;
  label: string;
  because: Because;
  letters: Letter[];
  agreement?: Agreement;
}

type Part = Record<string, unknown>;

interface Entry {
  path: string;
  part: Part;
  label: string;
  because: Because | undefined;
  /** Takes it out of the definition it was found in. */
  remove: () => void;
}

/** A property whose presence satisfies letters of its own, beside those of the element that has it. */
interface Facet {
  kind: string;
  letters: Letter[];
  stands?: (value: unknown) => boolean;
  remove?: (owner: Part) => void;
}

interface Kind {
  kind: string;
  letters: Letter[];
  of(type: RecordType, roles: Role[]): Entry[];
  facets?: Record<string, Facet>;
  agreement?(entry: Entry): Agreement | undefined;
}

/** What a person would call it: its label, or else the sentence that it says, without what a template would fill in. */
const labelOf = (part: Part): string | undefined => {
  const said = part["label"] ?? part["message"] ?? part["refusal"] ?? part["subject"];
  return typeof said === "string" ? said.replace(/\{\{[^{}]*\}\}/g, "…") : undefined;
};

type Cites = { because?: Because };

const entryOf = (path: string, each: Cites, remove: () => void): Entry => {
  const part = each as Part;
  return { path, part, label: labelOf(part) ?? path, because: each.because, remove };
};

const named = (path: string, parts: Record<string, Cites> | undefined): Entry[] =>
  Object.entries(parts ?? {}).map(([name, each]) => entryOf(at(path, name), each, () => void delete parts?.[name]));

const listed = (path: string, parts: Cites[] | undefined): Entry[] =>
  (parts ?? []).map((each, i) => entryOf(at(path, i), each, () => void parts?.splice(i, 1)));

/** Fields, and the columns of lists among them. */
function fieldsIn(path: string, fields: Record<string, Field> | undefined): Entry[] {
  return [
    ...named(path, fields),
    ...Object.entries(fields ?? {}).flatMap(([name, field]) =>
      field.kind === "list" ? fieldsIn(at(at(path, name), "of"), field.of) : [],
    ),
  ];
}

/** By their values, which stay when another option is put before them. */
const optionsIn = (path: string, fields: Record<string, Field> | undefined): Entry[] =>
  fieldsIn(path, fields).flatMap(({ path: place, part }) =>
    listed("", part["options"] as Option[] | undefined).map((entry) => ({
      ...entry,
      path: `${place}.options.${String(entry.part["value"])}`,
    })),
  );

/** The forms of actions that ask what no field holds. */
const asksOf = ({ actions }: RecordType): [string, Record<string, Field> | undefined][] =>
  Object.entries(actions).map(([name, action]) => [`actions.${name}.asks`, action.asks]);

const enforces = (kind: string, more: Omit<Facet, "kind" | "letters"> = {}): Facet => ({
  kind,
  letters: ["E"],
  ...more,
});

const fieldFacets: Record<string, Facet> = {
  required: enforces("required answer"),
  visible: enforces("condition of showing"),
  // What is never edited is written by actions, which have guards of their own.
  editable: enforces("condition of editing", { stands: (value) => typeof value === "object" }),
  unique: enforces("uniqueness"),
  sealed: enforces("reading only by opening"),
  see: enforces("who may see it"),
  edit: enforces("who may change it"),
};

const isQuestion = (text: unknown): boolean => typeof text === "string" && text.trimEnd().endsWith("?");
const asks = ({ label }: Entry): Agreement | undefined => (isQuestion(label) ? "question" : undefined);

/** Every kind of element that may cite an obligation. One line makes a new one count, show and be proved. */
const kinds: Kind[] = [
  {
    kind: "record type",
    letters: ["H"],
    of: (type) => [{ ...entryOf("", type, () => {}), label: type.pluralLabel }],
    facets: { confidential: enforces("need to know") },
  },
  {
    kind: "field",
    letters: ["H"],
    of: ({ fields }) => fieldsIn("fields", fields),
    facets: fieldFacets,
    agreement: asks,
  },
  {
    kind: "option",
    letters: ["H"],
    of: (type) => [
      ...optionsIn("fields", type.fields),
      ...asksOf(type).flatMap(([path, fields]) => optionsIn(path, fields)),
    ],
    agreement: ({ label }) => (isQuestion(label) ? "question" : "category"),
  },
  {
    kind: "action",
    letters: ["H"],
    of: ({ actions }) => named("actions", actions),
    facets: {
      when: enforces("guard", {
        remove: (action) => {
          delete action["when"];
          delete action["refusal"];
        },
      }),
      separate: enforces("separation"),
      decides: enforces("decision", {
        // Then any of them may, whoever it concerns.
        remove: (action) => {
          action["who"] = action["decides"];
          delete action["decides"];
        },
      }),
      required: enforces("required form", {
        remove: (action) => {
          delete action["required"];
          for (const ask of Object.values((action["asks"] ?? {}) as Record<string, Field>)) delete ask.required;
        },
      }),
      ratifies: enforces("exact text"),
    },
  },
  {
    kind: "guard",
    letters: ["E"],
    of: ({ actions }) =>
      Object.entries(actions).flatMap(([name, action]) =>
        named(`actions.${name}.needs`, action.needs).map((need) => ({
          ...need,
          because: need.because ?? action.because,
        })),
      ),
  },
  {
    kind: "answer",
    letters: ["H"],
    of: (type) => asksOf(type).flatMap(([path, fields]) => fieldsIn(path, fields)),
    facets: fieldFacets,
    agreement: asks,
  },
  {
    kind: "task",
    letters: ["H"],
    of: ({ tasks }) => named("tasks", tasks),
    facets: { due: { kind: "due date of a task", letters: ["R"] } },
  },
  { kind: "timer", letters: ["R"], of: ({ timers }) => named("timers", timers) },
  { kind: "duty", letters: ["R"], of: ({ duties }) => named("duties", duties) },
  {
    kind: "setting",
    letters: ["H"],
    of: ({ settings }) => named("settings", settings),
    agreement: ({ part: { kind, value } }) =>
      kind === "texts" && Array.isArray(value) && value.length && value.every(isQuestion) ? "question" : undefined,
  },
  { kind: "notice", letters: ["H"], of: ({ notices }) => named("notices", notices) },
  { kind: "rule", letters: ["E"], of: ({ rules }) => named("rules", rules) },
  { kind: "warning", letters: ["E"], of: ({ warnings }) => named("warnings", warnings) },
  { kind: "trigger", letters: ["R"], of: ({ triggers }) => named("triggers", triggers) },
  { kind: "roster", letters: ["R"], of: ({ rosters }) => named("rosters", rosters) },
  {
    kind: "grant",
    letters: ["E"],
    of: (type, roles) =>
      listed("grants", type.grants).map((entry, i) => ({ ...entry, label: describeGrant(type, i, roles) })),
  },
  { kind: "bar", letters: ["E"], of: barsOf },
  { kind: "view", letters: ["P"], of: ({ views }) => named("views", views) },
  { kind: "chart", letters: ["P"], of: ({ charts }) => named("charts", charts) },
  {
    kind: "page for guests",
    letters: ["H"],
    of: (type) => (type.guests ? [entryOf("guests", type.guests, () => void delete type.guests)] : []),
  },
  {
    kind: "quick report",
    letters: ["H"],
    of: (type) => (type.quick ? [entryOf("quick", type.quick, () => void delete type.quick)] : []),
  },
];

/** "Clerk to the governors, Owner: see, edit" */
function describeGrant({ grants, fields, tasks }: RecordType, i: number, roles: Role[]): string {
  const { to = [], may = [] } = grants[i] ?? {};
  const names = to.map((who) => {
    if ("role" in who) return roles.find(({ name }) => name === who.role)?.label ?? who.role;
    if ("task" in who) return `Who is to ${labelOf((tasks?.[who.task] ?? {}) as Part) ?? who.task}`;
    return "field" in who ? (fields[who.field]?.label ?? "Its author") : "Anyone";
  });
  return `${names.join(", ")}: ${may.join(", ")}`;
}

/** A bar is cited by the field whose person it keeps away. */
function barsOf({ bars, fields }: RecordType): Entry[] {
  return (bars ?? []).map((name, i) => ({
    ...entryOf(at("bars", i), { because: fields[name]?.because }, () => void bars?.splice(i, 1)),
    label: fields[name]?.label ?? name,
  }));
}

interface Found extends Element {
  remove: () => void;
}

function* found(pack: Covering): Generator<Found> {
  for (const type of pack.types)
    for (const kind of kinds)
      for (const entry of kind.of(type, pack.roles)) {
        if (!entry.because?.length) continue;
        const path = entry.path ? `${type.name}.${entry.path}` : type.name;
        const { label, because } = entry;
        const agreement = kind.agreement?.(entry);
        const element = { path, type: type.name, label, because };
        yield {
          ...element,
          kind: kind.kind,
          letters: kind.letters,
          ...(agreement && { agreement }),
          remove: entry.remove,
        };
        for (const [name, facet] of Object.entries(kind.facets ?? {})) {
          const value = entry.part[name];
          if (!(facet.stands ?? Boolean)(value)) continue;
          const remove = () => (facet.remove ? facet.remove(entry.part) : void delete entry.part[name]);
          yield { ...element, path: at(path, name), kind: facet.kind, letters: facet.letters, remove };
        }
      }
  for (const role of pack.roles)
    if (role.because?.length) {
      const { path, label, remove } = entryOf(`roles.${role.name}`, role, () => {});
      yield { path, type: null, label, because: role.because, kind: "role", letters: ["H"], remove };
    }
  for (const text of pack.texts ?? [])
    for (const { path, part, because, remove } of listed(`texts.${text.name}`, text.sections)) {
      if (!because?.length) continue;
      const label = `${text.title}: ${String(part["heading"])}`;
      yield { path, type: null, label, because, kind: "text", letters: ["H"], agreement: "rule", remove };
    }
  yield* reportsIn(pack);
}

function* reportsIn({ reports = [] }: Covering): Generator<Found> {
  const element = { type: null, letters: ["P"] as Letter[] };
  for (const { part, because, remove } of listed("reports", reports)) {
    const { name, title, sections } = part as unknown as Report;
    if (because?.length) yield { ...element, path: `reports.${name}`, label: title, because, kind: "report", remove };
    for (const section of named(`reports.${name}.sections`, sections))
      if (section.because?.length)
        yield {
          ...element,
          ...section,
          label: `${title}: ${section.label}`,
          because: section.because,
          kind: "section of a report",
        };
  }
}

/** Every element that cites something. */
export const elementsOf = (pack: Covering): Element[] => [...found(pack)].map(({ remove: _, ...element }) => element);

/** A copy of the pack without one element: the smallest change that takes it away. */
export function without<T extends Covering>(pack: T, path: string): T {
  const copy = structuredClone(pack);
  const element = [...found(copy)].find((each) => each.path === path);
  if (!element) throw new Error(`The pack has no element ${path}.`);
  element.remove();
  return copy;
}
