/** Tasks of a record: opened, closed, ticked off, and kept as the record would have them. */
import { calendar } from "../calendar";
import { templateNames } from "../checkTemplate";
import { evaluate } from "../condition";
import type { RecordType, TaskRule } from "../definition";
import { Failure } from "../failure";
import { inheritedBy, namesPersons } from "../fields";
import { fieldOfWho } from "../language/who";
import { Missing } from "../missing";
import type { TaskRow } from "../record";
import { holdersOf, tasksInOrder, taskStates } from "../refusals";
import { remembered } from "../remembered";
import { fieldsNamed } from "../rules";
import { render, templateScope } from "../templates";
import { canonicalJson, listed, shorten } from "../text";
import { personOf } from "../who";
import type { Decision } from "./decision";
import { notify } from "./notices";

/** The fields that tasks of the type are called by. */
const fieldsCalled = remembered(({ tasks = {}, title }: RecordType): Set<string> => {
  const labels = Object.values(tasks).flatMap(({ label }) => templateNames(label) ?? []);
  const ofTitle = labels.includes("recordTitle") ? (templateNames(title) ?? []) : [];
  return new Set([...labels, ...ofTitle].map((path) => path.split(".")[0] ?? ""));
});

/** Whether a change of these fields can open or cancel a task, rename it, move its day or put it into other hands. */
export const movesTasks = (type: RecordType, changed: string[]): boolean =>
  changed.some((name) => {
    // Parties: a decision passes over them, and a bar keeps them from every task, here or above.
    if (namesPersons(type.fields[name]) || name === inheritedBy(type) || fieldsCalled(type).has(name)) return true;
    return Object.values(type.tasks ?? {}).some(
      ({ to, due, when }) =>
        to.some((who) => fieldOfWho(who) === name) ||
        (due && "field" in due && (due.field === name || due.field === "updatedAt")) ||
        (when && fieldsNamed(when).includes(name)),
    );
  });

export function openTask(d: Decision, name: string): void {
  d.goesOn = true;
  const rule = d.type.tasks?.[name];
  if (!rule || d.tasks.some((task) => task.rule === name && task.state === "open")) return;
  const lives = taskStates(rule);
  // Leaving the states it lives in would never cancel it. One that names none lives where it is opened.
  if (lives.length && !lives.includes(d.record.state)) return;
  if (!isOwed(d, rule)) return;
  d.retitle();
  const holders = holdersOf(d.type, rule, d.record, d.facts);
  const task = {
    id: d.input.newId(),
    organisation: d.record.organisation,
    type: d.type.name,
    record: d.record.id,
    rule: name,
    label: labelOf(d, rule),
    state: "open" as const,
    openedAt: d.now,
    dueOn: dueOf(d, rule),
    to: rule.to,
    decides: rule.decides ?? false,
    holders,
    principals: holders,
    because: rule.because ?? [],
  };
  d.change.openTasks.push(task);
  d.tasks.push({ ...task, doneBy: [] });
  if (rule.tell)
    notify(
      d,
      { ...rule.tell, to: [{ task: name }] },
      { cause: `task:${task.id}`, because: task.because, dueOn: task.dueOn },
    );
}

export function closeTask(
  d: Decision,
  task: TaskRow,
  state: "done" | "cancelled",
  why: string,
  by = personOf(d.input.actor),
): void {
  d.goesOn = true;
  const opened = d.change.openTasks.findIndex((open) => open.id === task.id);
  // Opened and closed by one step: it was never there.
  if (opened >= 0) d.change.openTasks.splice(opened, 1);
  else d.change.closeTasks.push({ id: task.id, state, by, why: why.slice(0, 500) });
  d.facts.tasks = d.tasks.map((row) => (row.id === task.id ? { ...row, state } : row));
}

/**
 * Open tasks follow the definition and the record: whether they are owed, what they are called, their day where it is a field,
 * and their holders.
 */
export function reviseTasks(d: Decision): void {
  const rules = tasksInOrder(d.type);
  for (const task of d.tasks)
    if (task.state === "open" && !livesOn(d, task))
      closeTask(d, task, "cancelled", "The workflow no longer asks for it.");
  for (const [name, rule] of rules) if (isOwedNow(d, rule) || isNewHere(d, name, rule)) openTask(d, name);
  for (const [name, rule] of rules)
    for (const task of d.tasks.filter((row) => row.rule === name && row.state === "open")) reviseTask(d, rule, task);
}

function reviseTask(d: Decision, rule: TaskRule, task: TaskRow): void {
  if (!isOwed(d, rule)) return closeTask(d, task, "cancelled", "It is no longer needed.");
  const holders = holdersOf(d.type, rule, d.record, d.facts);
  if (leavesNoPart(rule, task, holders)) return closeAsDone(d, rule, task);
  const dueOn = rule.due && "after" in rule.due ? task.dueOn : dueOf(d, rule);
  const said = { label: labelOf(d, rule), dueOn, to: rule.to, decides: rule.decides ?? false };
  const asItWas = { label: task.label, dueOn: task.dueOn, to: task.to, decides: task.decides };
  const inOrder = (persons: string[]) => [...persons].sort();
  if (canonicalJson([said, inOrder(holders)]) === canonicalJson([asItWas, inOrder(task.principals)])) return;
  const opened = d.change.openTasks.find((open) => open.id === task.id);
  if (opened) Object.assign(opened, { ...said, holders, principals: holders });
  else d.change.updateTasks.push({ id: task.id, ...said, holders });
  // Clocks that count from the day it is due, and tasks that go to the same persons, are derived after this.
  const revised = { ...task, ...said, principals: holders };
  d.facts.tasks = d.tasks.map((row) => (row.id === task.id ? revised : row));
}

const followsRules = ({ input: { event } }: Decision): boolean => event.kind === "rederive" && event.rules === true;

/** Is there a rule for it, by which it lives in this state? One that names no state lives where it was opened. */
function livesOn(d: Decision, task: TaskRow): boolean {
  const rule = d.type.tasks?.[task.rule];
  const lives = taskStates(rule);
  return rule !== undefined && (!lives.length || lives.includes(d.record.state));
}

/**
 * Does the state that the record stands in open it by the rules of now, but did not by those of when it was entered? What was
 * opened, done or cancelled in this visit of the state stays as people left it.
 */
function isNewHere(d: Decision, name: string, rule: TaskRule): boolean {
  const { before, after } = d.change;
  const entered = before?.entered[after.state];
  if (!followsRules(d) || rule.opens !== after.state || !entered) return false;
  // What this step entered has opened its own.
  if (entered.visit !== after.entered[after.state]?.visit || !isOwed(d, rule)) return false;
  if (!d.facts.tasksHere) throw new Missing([{ tasksOf: after.id, since: entered.at }]);
  return !d.facts.tasksHere.includes(name);
}

/** Have all done their part whom it still takes? Whoever holds it in the place of one of them does it for both. */
function leavesNoPart(rule: TaskRule, { doneBy, holders, principals }: TaskRow, named: string[]): boolean {
  const holding = named.map((person) => holders[principals.indexOf(person)] ?? person);
  return doneBy.length > 0 && !rule.actions?.length && isMet(rule, holding, new Set(doneBy));
}

function isMet({ quorum }: TaskRule, holders: string[], done: Set<string>): boolean {
  if (quorum === "all") return holders.every((person) => done.has(person));
  return done.size >= (typeof quorum === "number" ? quorum : 1);
}

/** By nobody: whoever did a part of it stands beside that. */
function closeAsDone(d: Decision, rule: TaskRule, task: TaskRow): void {
  closeTask(d, task, "done", "Everybody it is for has done their part.", null);
  d.note("task", `task:${task.rule}`, rule.because ?? [], {
    summary: `${task.label}: done, as nobody it is for has a part left`,
    detail: { task: task.id },
  });
}

function isOwed(d: Decision, { when }: TaskRule, record = d.record): boolean {
  return !when || evaluate(when, { ...d.scope(), record });
}

/** Did its condition begin to hold, in a state that the task lives in? */
function isOwedNow(d: Decision, rule: TaskRule): boolean {
  const { before, after } = d.change;
  if (!rule.when || rule.opens === undefined || !before) return false;
  const lives = [before, after].every(({ state }) => taskStates(rule).includes(state));
  return lives && !isOwed(d, rule, before) && isOwed(d, rule);
}

const labelOf = (d: Decision, rule: TaskRule): string =>
  shorten(render(rule.label, templateScope(d.type, d.record, d.facts), d.record.title), 500);

function dueOf(d: Decision, rule: TaskRule): string | null {
  if (!rule.due) return null;
  const cal = calendar(d.facts.calendar);
  if ("field" in rule.due) return d.dayIn(rule.due.field);
  return cal.add(cal.dateOf(d.input.now), d.textOf(rule.due.after)).date;
}

/** Ticks off a task that no action completes. */
export function tick(d: Decision, id: string, comment?: string): void {
  const task = d.tasks.find((row) => row.id === id && row.state === "open");
  if (!task) throw new Failure("WRONG_STATE", "This task is no longer open.");
  const person = personOf(d.input.actor);
  if (!person || !task.holders.includes(person)) throw new Failure("FORBIDDEN", "This task is held by somebody else.");
  const rule = d.type.tasks?.[task.rule];
  if (!rule) throw new Failure("WRONG_STATE", "This task is no longer asked for.");
  if (task.doneBy.includes(person)) throw new Failure("WRONG_STATE", "You have done your part of it already.");
  if (rule.actions?.length)
    throw new Failure(
      "WRONG_STATE",
      `This task is done by ${listed(
        rule.actions.map((name) => `“${d.type.actions[name]?.label ?? name}”`),
        "or",
      )}.`,
    );
  const done = new Set([...task.doneBy, person]);
  if (isMet(rule, task.holders, done)) closeTask(d, task, "done", "Ticked off");
  else d.change.taskParts.push({ id, person });
  d.note("task", `task:${task.rule}`, rule.because ?? [], {
    summary: `${task.label}: done`,
    detail: { task: id, ...(comment ? { comment } : {}) },
  });
}
