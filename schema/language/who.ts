/**
 * The forms of `Who`. Everything that the language says of a form stands in its entry, and the compiler asks for an entry
 * for each; `api/store/facts.ts` and `readRecord.ts` have a table of their own for what only the database knows.
 */
import type { Checker } from "./checker";
import { groups, relations, type RecordType, type Who, type Whos } from "../definition";
import { Missing, openTasks } from "../missing";
import type { Facts, RecordData } from "../record";
import { at, isTrue, keyed, object, optional, type Shape, shapesOf, text, word } from "../shape";
import { spaced } from "../text";
import { pathLabel } from "./paths";

/** `compared`: persons are only left out, or asked for whether somebody is one of them. */
export type WhoPlace = "anyone" | "persons" | "compared";

interface WhoForm<W> {
  shape: Shape<W>;
  check(who: W, path: string, checking: Checker, place: WhoPlace): void;
  /** The field of the record by which it finds its persons: they are others once that changes. */
  readsField(who: W): string | undefined;
  /**
   * The keys by which facts hold its persons: a role, or a person and a relation, never the field that names them, so that
   * the same facts serve the record before a step and after it. Null where the database is not asked for them.
   */
  keys: ((who: W, record: RecordData) => string[]) | null;
  /** Ids of the persons whom the record or its tasks name, where facts hold them by no key. */
  named?(who: W, record: RecordData, facts: Partial<Facts>): string[];
  says(who: W, type: RecordType): string;
}

const forms: { [K in keyof Whos]: WhoForm<Whos[K]> } = {
  role: {
    shape: object({ role: text, at: optional(word("here", "parent")) }),
    check: ({ role }, path, checking) => checking.role(role, at(path, "role")),
    readsField: () => undefined,
    keys: (who) => [`role:${who.role}${who.at === "parent" ? "@parent" : ""}`],
    says: ({ role }) => `holders of the role ${spaced(role)}`,
  },
  field: {
    shape: object({ field: text }),
    check: ({ field }, path, checking) => checking.personPath(field, at(path, "field")),
    readsField: ({ field }) => field.split(".")[0],
    keys: null,
    named({ field }, record, facts) {
      const [first = "", rest] = field.split(".");
      const linked = rest === undefined ? record : linkedBy(first, record, facts);
      return linked ? personsIn(linked, rest ?? first) : [];
    },
    says: ({ field }, type) => pathLabel(field, type),
  },
  relation: {
    shape: object({ relation: text, of: text }),
    check({ relation, of }, path, checking) {
      checking.known("relation", relation, relations, at(path, "relation"));
      checking.personField(of, at(path, "of"));
    },
    readsField: ({ of }) => of,
    keys: ({ relation, of }, record) => personsIn(record, of).map((person) => `relation:${relation}:${person}`),
    says: ({ relation, of }, type) => `${spaced(relation)} of ${pathLabel(of, type)}`,
  },
  group: {
    shape: object({ group: text }),
    check({ group }, path, checking, place) {
      checking.known("group", group, groups, at(path, "group"));
      if (place !== "compared")
        checking.say(
          path,
          "A group holds people of all schools: it can only be left out, or asked whether somebody is in it.",
        );
    },
    readsField: () => undefined,
    keys: ({ group }) => [`group:${group}`],
    says: ({ group }) => `members of ${spaced(group)}`,
  },
  rolesIn: {
    shape: object({ rolesIn: text }),
    check({ rolesIn }, path, checking) {
      const field = checking.fieldNamed(rolesIn, at(path, "rolesIn"));
      if (field && field.kind !== "roles")
        checking.say(at(path, "rolesIn"), `${rolesIn} holds no roles, but ${field.kind}.`);
    },
    readsField: ({ rolesIn }) => rolesIn,
    keys: ({ rolesIn }, record) => [record.fields[rolesIn] ?? []].flat().map((role) => `role:${String(role)}`),
    says: ({ rolesIn }, type) => `holders of ${pathLabel(rolesIn, type)}`,
  },
  task: {
    shape: object({ task: text }),
    check: ({ task }, path, checking) =>
      void checking.known("task", task, Object.keys(checking.type.tasks ?? {}), at(path, "task")),
    readsField: () => undefined,
    keys: null,
    named: ({ task }, record, facts) =>
      openTasks(facts, record)
        .filter(({ rule, state }) => rule === task && state === "open")
        .flatMap(({ holders }) => holders),
    says: ({ task }) => `holders of the task ${spaced(task)}`,
  },
  anyone: {
    shape: object({ anyone: isTrue }),
    check: (_who, path, checking, place) => personsOnly(path, checking, place),
    readsField: () => undefined,
    keys: null,
    says: () => "everybody",
  },
  system: {
    shape: object({ system: isTrue }),
    check: (_who, path, checking, place) => personsOnly(path, checking, place),
    readsField: () => undefined,
    keys: null,
    says: () => "everybody",
  },
};

const personsOnly = (path: string, checking: Checker, place: WhoPlace): void => {
  if (place !== "anyone") checking.say(path, "Name persons here: a role, a field or a relation.");
};

const tags = Object.keys(forms) as (keyof Whos)[];
/** The key that tells a form from the others. What no shape lets through names nobody. */
const whoTag = (who: Who): keyof Whos => tags.find((tag) => tag in who) ?? "system";
const formOf = (who: Who): Omit<WhoForm<Who>, "shape"> => forms[whoTag(who)] as Omit<WhoForm<Who>, "shape">;

/** A function for each form, which the compiler asks for. */
export type ByWho<Args extends unknown[], Result> = { [K in keyof Whos]: (who: Whos[K], ...args: Args) => Result };
/** Calls the function of the form that `who` has. */
export const forWho = <Args extends unknown[], Result>(table: ByWho<Args, Result>, who: Who, ...args: Args): Result =>
  (table[whoTag(who)] as (who: Who, ...args: Args) => Result)(who, ...args);

export const whoShape = keyed(shapesOf<Whos>(forms), "somebody");
export const checkWho = (who: Who, path: string, checking: Checker, place: WhoPlace): void =>
  formOf(who).check(who, path, checking, place);
export const fieldOfWho = (who: Who): string | undefined => formOf(who).readsField(who);
export const isHeldByKey = (who: Who): boolean => formOf(who).keys !== null;
export const holderKeys = (who: Who, record: RecordData): string[] => formOf(who).keys?.(who, record) ?? [];
export const saysWho = (who: Who, type: RecordType): string => formOf(who).says(who, type);

/** Person ids, by what facts hold and what the record and its tasks name. @throws Missing. */
export function holdersOf(who: Who, record: RecordData, facts: Partial<Facts>): string[] {
  const form = formOf(who);
  if (form.named) return form.named(who, record, facts);
  const keys = form.keys?.(who, record) ?? [];
  const { holders } = facts;
  if (!holders) return [];
  const missing = keys.filter((key) => holders[key] === undefined);
  if (missing.length) throw new Missing([{ holders: who, keys: missing }]);
  return keys.flatMap((key) => holders[key] ?? []);
}

/** Person ids a field holds; `createdBy` counts as one. */
export function personsIn(record: RecordData, field: string): string[] {
  const value = field === "createdBy" ? record.createdBy : record.fields[field];
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === "string") : [];
}

/** The record that a link of this one leads to; undefined for none. @throws Missing. */
export function linkedBy(field: string, record: RecordData, { linked }: Partial<Facts>): RecordData | undefined {
  const id = record.fields[field];
  return typeof id === "string" && linked ? linkedRecord(id, field, record, { linked }) : undefined;
}

/** One of those that a link, or links, of this record lead to; undefined where it is not there. @throws Missing. */
export function linkedRecord(
  id: string,
  field: string,
  record: RecordData,
  { linked }: Pick<Facts, "linked">,
): RecordData | undefined {
  if (linked[id] === undefined) throw new Missing([{ record: id, type: record.type, link: field }]);
  return linked[id] ?? undefined;
}
