/** Why something is refused, and who holds a task: asked by `step` and by whoever shows what may happen next. */
import { evaluate } from "./condition";
import type { Scope } from "./scope";
import type { Action, Field, RecordType, TaskRule, Who } from "./definition";
import type { Problem } from "./failure";
import { isEmpty } from "./fields";
import { openTasks } from "./missing";
import type { Actor, Facts, RecordData, StepInput } from "./record";
import { listed, lower } from "./text";
import { personsIn } from "./language/who";
import { fieldsNamed } from "./rules";
import { conditionNames } from "./walk";
import { barred, conflicted, deciders, isEvent, personOf, personsOf, withHolders } from "./who";

export const isRequired = (field: Field | undefined, scope: Scope): boolean =>
  field?.required === true || (typeof field?.required === "object" && evaluate(field.required, scope));

const isVisible = (field: Field, scope: Scope): boolean => !field.visible || evaluate(field.visible, scope);

const isWanted = (field: Field, scope: Scope): boolean => isVisible(field, scope) && isRequired(field, scope);

/**
 * Required fields that stand empty. An edit is refused only for those that it changed, and those that were not required
 * before it.
 */
export function requiredProblems(
  type: RecordType,
  record: RecordData,
  scope: Scope,
  path: string,
  edit?: { before: RecordData; changed: string[] },
): Problem[] {
  const isDue = (name: string, field: Field, { before, changed }: NonNullable<typeof edit>): boolean => {
    if (changed.includes(name)) return true;
    const asked = [field.required, field.visible].flatMap((when) =>
      typeof when === "object" ? fieldsNamed(when) : [],
    );
    return asked.some((one) => changed.includes(one)) && !isWanted(field, { ...scope, record: before });
  };
  return Object.entries(type.fields)
    .filter(([name, field]) => {
      if (!isEmpty(record.fields[name]) || (edit && !isDue(name, field, edit))) return false;
      return isWanted(field, scope);
    })
    .map(([name, field]) => ({ path: `${path}.${name}`, message: `${field.label} must be filled in.` }));
}

/** May this actor change this field now? Grants to edit the record are asked before. */
export function mayEditField(field: Field, scope: Scope, facts: Facts, record: RecordData, actor: Actor): boolean {
  if (field.editable === false) return false;
  if (typeof field.editable === "object" && !evaluate(field.editable, scope)) return false;
  if (!field.edit || actor.kind === "system") return true;
  const person = personOf(actor);
  return person !== null && personsOf(field.edit, record, facts).includes(person);
}

/** Does `see` name this actor? Of a sealed field: may they open what it holds? */
export function maySeeField(field: Field, record: RecordData, facts: Facts, actor: Actor): boolean {
  const person = personOf(actor);
  return person !== null && personsOf(field.see ?? [], record, facts).includes(person);
}

/** Of a field that only some may see: is this actor one of them? */
export const seesField = (field: Field, record: RecordData, facts: Facts, actor: Actor): boolean =>
  !field.see ||
  actor.kind === "system" ||
  (personOf(actor) !== null && field.see.some((who) => "anyone" in who)) ||
  maySeeField(field, record, facts, actor);

/** A refusal names nobody whom only a field tells that is hidden from whoever is refused. */
const toldTo = (type: RecordType, actor: Actor, record: RecordData, facts: Facts, rules: Who[]): Who[] =>
  rules.filter((who) => {
    const field = "field" in who ? type.fields[who.field.split(".")[0] ?? ""] : undefined;
    return !field || seesField(field, record, facts, actor);
  });

/** The states a task lives in. */
export const taskStates = (rule: TaskRule | undefined): string[] => rule?.while ?? (rule?.opens ? [rule.opens] : []);

/** A type's task rules by name, each after those whose holders it is given to. */
export function tasksInOrder({ tasks = {} }: RecordType): [name: string, rule: TaskRule][] {
  const placed = new Map<string, TaskRule>();
  const place = (name: string, passed: readonly string[]): void => {
    const rule = tasks[name];
    if (!rule || placed.has(name) || passed.includes(name)) return;
    for (const who of rule.to) if ("task" in who) place(who.task, [...passed, name]);
    placed.set(name, rule);
  };
  for (const name of Object.keys(tasks)) place(name, []);
  return [...placed];
}

/**
 * Whom a task's rule names now: follows the roles, passes over the conflicted where it decides, never the barred. Of another
 * task it is whom that one's rule names: who stands in there, or was handed it, does so for that task alone.
 */
export function holdersOf(
  type: RecordType,
  rule: Pick<TaskRule, "to" | "decides">,
  record: RecordData,
  asLoaded: Facts,
): string[] {
  const facts = withHolders(asLoaded, record, rule.to, ({ principals }) => principals);
  if (rule.decides) return deciders(rule.to, type, record, facts).persons;
  const kept = barred(type, record, facts);
  return personsOf(rule.to, record, facts).filter((person) => !kept.has(person));
}

/** Who may, for somebody who may not. */
export const namesOf = (persons: string[], facts: Facts): string =>
  listed(
    persons.map((id) => facts.names[id] ?? "somebody"),
    "or",
  ) || "nobody at present: ask the clerk";

export interface Refusal {
  code: "WRONG_STATE" | "FORBIDDEN";
  message: string;
}

/** Why an action does not fit the state the record is in. */
export function stateRefusal(type: RecordType, record: RecordData, action: Action): Refusal | undefined {
  if (action.from.includes(record.state)) return undefined;
  const states = listed(
    action.from.map((state) => `“${type.states[state]?.label ?? state}”`),
    "or",
  );
  return { code: "WRONG_STATE", message: `${action.label} is possible from ${states} only.` };
}

/** Why this actor may not do an action on a record now, or undefined. Guards that read answers are not asked here. */
export function refusalOf(
  input: Pick<StepInput, "type" | "actor" | "now">,
  record: RecordData,
  name: string,
  facts: Facts,
): Refusal | undefined {
  const { type, actor } = input;
  const action = type.actions[name];
  if (!action) return { code: "FORBIDDEN", message: `There is no action “${name}”.` };
  const misplaced = stateRefusal(type, record, action);
  if (misplaced) return misplaced;
  if (actor.kind === "system") return undefined;
  if (isEvent(action))
    return { code: "FORBIDDEN", message: `${action.label} comes by itself: nobody does it by hand.` };
  const person = personOf(actor) ?? "";
  /** Holds the task that this completes in somebody's place: that they may was asked as it came to them. */
  const standsInFor = (action: string): boolean =>
    !barred(type, record, facts).has(person) &&
    openTasks(facts, record).some(
      ({ rule, state, holders, principals }) =>
        state === "open" &&
        type.tasks?.[rule]?.actions?.includes(action) &&
        holders.includes(person) &&
        !principals.includes(person),
    );
  const named = (action.separate ?? []).find((field) => personsIn(record, field).includes(person));
  if (named)
    return {
      code: "FORBIDDEN",
      message: `${action.label} must be done by somebody else than ${lower(type.fields[named]?.label ?? "who asked")}.`,
    };
  if (action.decides) {
    const { persons } = deciders(action.decides, type, record, facts);
    if (persons.includes(person)) return undefined;
    const party = conflicted(type, record).has(person);
    if (!party && standsInFor(name)) return undefined;
    const told = deciders(toldTo(type, actor, record, facts, action.decides), type, record, facts).persons;
    const who = namesOf(
      persons.filter((each) => told.includes(each)),
      facts,
    );
    return {
      code: "FORBIDDEN",
      message: party
        ? `You are a party to this ${type.label.toLowerCase()}, so ${persons.length ? who : "somebody else"} decides.`
        : `${action.label} is decided by ${who}.`,
    };
  }
  if (!action.who || action.who.some((who) => "anyone" in who)) return undefined;
  const persons = personsOf(action.who, record, facts);
  if (persons.includes(person) || standsInFor(name)) return undefined;
  return {
    code: "FORBIDDEN",
    message: `${action.label} is for ${namesOf(personsOf(toldTo(type, actor, record, facts, action.who), record, facts), facts)}.`,
  };
}

/**
 * The first thing an action needs that does not hold. "before answers": as far as can be told without them, so that a
 * button can be refused before its form is filled in.
 */
export function unmetNeed(action: Action, scope: Scope, when: "before answers" | "with answers"): Refusal | undefined {
  const plain = action.refusal ?? `${action.label} is not possible: its conditions are not met.`;
  const needs = [...(action.when ? [{ must: action.when, refusal: plain }] : []), ...Object.values(action.needs ?? {})];
  const { form, type } = scope;
  const own = Object.entries(form ?? {}).filter(([name]) => type.fields[name] && !action.asks?.[name]);
  const asked = own.length ? { ...scope, planned: Object.fromEntries(own) } : scope;
  const broken = needs.find(({ must }) => {
    const parts = "all" in must ? must.all : [must];
    return parts.some((part) => (when === "with answers" || !conditionNames(part, "form")) && !evaluate(part, asked));
  });
  return broken && { code: "FORBIDDEN", message: broken.refusal };
}
