/**
 * By what a pack meets each obligation of its sources. An element cites obligations in its `because` ("O22"), and each
 * kind of element can satisfy some letters: what holds (H) stands, what reminds (R) runs, what enforces (E) refuses, what
 * reports (P) is seen. `kinds` is the table of that; everything else is derived from it.
 *
 * Conduct that no system sees (`byAgreement`) is enforced by three things together, each citing the obligation: a section
 * of a text that people agree to (ModelText, with its audience), a category under which a breach of it is recorded (an
 * option of a choice field), and a question that a check asks (a field, answer or option whose label ends in a question
 * mark, or a setting of kind `texts` that holds only questions).
 */
import type { Because, Field, Letter, Obligation, Pack, RecordType } from "./definition";
import { at } from "./shape";

/** What coverage is derived from: a pack, or what is published of one. */
export type Covering = Pick<Pack, "obligations" | "roles" | "types" | "texts">;

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

export interface Covered {
  obligation: Obligation;
  elements: { letter: Letter; element: Element }[];
  /** What it still wants, in words, by letter. None: it is met. */
  missing: { letter: Letter; wants: string }[];
}

const wants: Record<Letter, string> = {
  H: "a field, document, record type, task, setting or text that holds it",
  R: "a timer, a duty, or a task with a due date",
  E: "a guard, a rule, a grant, a bar, a separation or a required answer",
  P: "a view or a chart",
};
const agreements: Record<Agreement, string> = {
  rule: "a section of a text that people agree to",
  category: "a category of breach (an option)",
  question: "a question of a check",
};

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
  of(type: RecordType): Entry[];
  facets?: Record<string, Facet>;
  agreement?(entry: Entry): Agreement | undefined;
}

const labelOf = (part: Part, otherwise: string): string => {
  const said = part["label"] ?? part["message"] ?? part["refusal"] ?? part["subject"];
  return typeof said === "string" ? said : otherwise;
};

function named<T extends { because?: Because }>(
  path: string,
  parts: Record<string, T> | undefined,
  sayLabel: (part: Part, name: string) => string = labelOf,
): Entry[] {
  return Object.entries(parts ?? {}).map(([name, each]) => ({
    path: at(path, name),
    part: each as Part,
    label: sayLabel(each as Part, name),
    because: each.because,
    remove: () => void delete parts?.[name],
  }));
}

function listed<T extends { because?: Because }>(
  path: string,
  parts: T[] | undefined,
  sayLabel: (part: T, place: string) => string = (part, place) => labelOf(part as Part, place),
): Entry[] {
  return (parts ?? []).map((each, i) => ({
    path: at(path, i),
    part: each as Part,
    label: sayLabel(each, at(path, i)),
    because: each.because,
    remove: () => void parts?.splice(i, 1),
  }));
}

/** Fields, and the columns of lists among them. */
function fieldsIn(path: string, fields: Record<string, Field> | undefined): Entry[] {
  return [
    ...named(path, fields),
    ...Object.entries(fields ?? {}).flatMap(([name, field]) =>
      field.kind === "list" ? fieldsIn(at(at(path, name), "of"), field.of) : [],
    ),
  ];
}

const optionsIn = (path: string, fields: Record<string, Field> | undefined): Entry[] =>
  fieldsIn(path, fields).flatMap(({ path: place, part }) =>
    listed(at(place, "options"), part["options"] as { because?: Because }[] | undefined),
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
  editable: enforces("condition of editing", { stands: (value) => value !== undefined && value !== true }),
  unique: enforces("uniqueness"),
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
    of: (type) => [
      { path: "", part: type as unknown as Part, label: type.pluralLabel, because: type.because, remove: () => {} },
    ],
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
  {
    kind: "grant",
    letters: ["E"],
    of: ({ grants }) =>
      listed(
        "grants",
        grants,
        ({ to, may }) => `${to.map((who) => Object.values(who)[0]).join(", ")}: ${may.join(", ")}`,
      ),
  },
  { kind: "bar", letters: ["E"], of: barsOf },
  { kind: "view", letters: ["P"], of: ({ views }) => named("views", views) },
];

/** A bar is cited by the field whose person it keeps away. */
function barsOf({ bars, fields }: RecordType): Entry[] {
  return (bars ?? []).map((name, i) => ({
    path: at("bars", i),
    part: {},
    label: fields[name]?.label ?? name,
    because: fields[name]?.because,
    remove: () => void bars?.splice(i, 1),
  }));
}

interface Found extends Element {
  remove: () => void;
}

function* found(pack: Covering): Generator<Found> {
  for (const type of pack.types)
    for (const kind of kinds)
      for (const entry of kind.of(type)) {
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
  for (const { name, label, because } of pack.roles)
    yield {
      path: `roles.${name}`,
      type: null,
      label,
      because: because ?? [],
      kind: "role",
      letters: ["H"],
      remove: () => {},
    };
  for (const text of pack.texts ?? [])
    for (const entry of listed(`texts.${text.name}`, text.sections, ({ heading }) => `${text.title}: ${heading}`)) {
      const { path, label, because = [], remove } = entry;
      yield { path, type: null, label, because, kind: "text", letters: ["H"], agreement: "rule", remove };
    }
}

/** Every element that cites something. */
export const elementsOf = (pack: Covering): Element[] =>
  [...found(pack)].map(({ remove: _, ...element }) => element).filter(({ because }) => because.length > 0);

const cites = (element: Element, { number }: Obligation): boolean => element.because.includes(`O${number}`);

const lettersFor = (element: Element, { byAgreement }: Obligation): Letter[] =>
  byAgreement && element.agreement && !element.letters.includes("E") ? [...element.letters, "E"] : element.letters;

/** Each obligation with what meets it and what it wants, in their order. */
export function coverage(pack: Covering): Covered[] {
  const all = elementsOf(pack);
  return (pack.obligations ?? []).map((obligation) => {
    const elements = all
      .filter((element) => cites(element, obligation))
      .flatMap((element) => lettersFor(element, obligation).map((letter) => ({ letter, element })))
      .filter(({ letter }) => obligation.letters.includes(letter));
    const missing = obligation.letters.flatMap((letter) => {
      const by = elements.filter((each) => each.letter === letter);
      if (letter === "E" && obligation.byAgreement)
        return Object.entries(agreements)
          .filter(([agreement]) => !by.some(({ element }) => element.agreement === agreement))
          .map(([, sentence]) => ({ letter, wants: sentence }));
      return by.length ? [] : [{ letter, wants: wants[letter] }];
    });
    return { obligation, elements, missing };
  });
}

/** The elements that enforce or remind, each with the numbers that a story must prove it by. */
export function provable(pack: Covering): { element: Element; numbers: number[] }[] {
  const proofs = new Map<Element, number[]>();
  for (const { obligation, elements } of coverage(pack))
    for (const { letter, element } of elements)
      if (letter === "E" || letter === "R") proofs.set(element, [...(proofs.get(element) ?? []), obligation.number]);
  return [...proofs].map(([element, numbers]) => ({ element, numbers: [...new Set(numbers)] }));
}

/** A copy of the pack without one element: the smallest change that takes it away. */
export function without<T extends Covering>(pack: T, path: string): T {
  const copy = structuredClone(pack);
  const element = [...found(copy)].find((each) => each.path === path);
  if (!element) throw new Error(`The pack has no element ${path}.`);
  element.remove();
  return copy;
}
