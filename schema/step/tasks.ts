/** Tasks of a record: opened, closed, ticked off, and kept as the record would have them. */
import { calendar } from "../calendar";
import { evaluate } from "../condition";
import type { RecordType, TaskRule } from "../definition";
import { Failure } from "../failure";
import { inheritedBy, namesPersons } from "../fields";
import { fieldOfWho } from "../language/who";
import type { TaskRow } from "../record";
import { holdersOf, tasksInOrder, taskStates } from "../refusals";
import { fieldsNamed } from "../rules";
import { render, templateScope } from "../templates";
import { canonicalJson, listed, shorten } from "../text";
import { personOf } from "../who";
import type { Decision } from "./decision";
import { notify } from "./notices";

/** Whether a change of these fields can open or cancel a task, move its day or put it into other hands. */
export const movesTasks = (type: RecordType, changed: string[]): boolean =>
  changed.some((name) => {
    // Parties: a decision passes over them, and a bar keeps them from every task, here or above.
    if (namesPersons(type.fields[name]) || name === inheritedBy(type)) return true;
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
    label: shorten(render(rule.label, templateScope(d.type, d.record, d.facts), d.record.title), 500),
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

export function closeTask(d: Decision, task: TaskRow, state: "done" | "cancelled", why: string): void {
  d.goesOn = true;
  const opened = d.change.openTasks.findIndex((open) => open.id === task.id);
  // Opened and closed by one step: it was never there.
  if (opened >= 0) d.change.openTasks.splice(opened, 1);
  else d.change.closeTasks.push({ id: task.id, state, by: personOf(d.input.actor), why: why.slice(0, 500) });
  d.facts.tasks = d.tasks.map((row) => (row.id === task.id ? { ...row, state } : row));
}

/** Open tasks follow the record: whether they are owed, their day where it is a field, their holders where one names them. */
export function reviseTasks(d: Decision): void {
  const rules = tasksInOrder(d.type);
  for (const [name, rule] of rules) if (isOwedNow(d, rule)) openTask(d, name);
  for (const [name, rule] of rules)
    for (const task of d.tasks.filter((row) => row.rule === name && row.state === "open")) reviseTask(d, rule, task);
}

function reviseTask(d: Decision, rule: TaskRule, task: TaskRow): void {
  if (!isOwed(d, rule)) return closeTask(d, task, "cancelled", "It is no longer needed.");
  const dueOn = rule.due && "field" in rule.due ? dueOf(d, rule) : task.dueOn;
  const holders = holdersOf(d.type, { to: task.to, decides: task.decides }, d.record, d.facts);
  if (dueOn === task.dueOn && canonicalJson([...holders].sort()) === canonicalJson([...task.principals].sort())) return;
  const opened = d.change.openTasks.find((open) => open.id === task.id);
  if (opened) Object.assign(opened, { dueOn, holders, principals: holders });
  else d.change.updateTasks.push({ id: task.id, dueOn, holders });
  // Clocks that count from the day it is due, and tasks that go to the same persons, are derived after this.
  const revised = { ...task, dueOn, principals: holders };
  d.facts.tasks = d.tasks.map((row) => (row.id === task.id ? revised : row));
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
  if (rule?.actions?.length)
    throw new Failure(
      "WRONG_STATE",
      `This task is done by ${listed(
        rule.actions.map((name) => `“${d.type.actions[name]?.label ?? name}”`),
        "or",
      )}.`,
    );
  const done = new Set([...task.doneBy, person]);
  const needed = rule?.quorum === "all" ? task.holders.length : typeof rule?.quorum === "number" ? rule.quorum : 1;
  if (done.size >= needed) closeTask(d, task, "done", "Ticked off");
  else d.change.taskParts.push({ id, person });
  d.note("task", `task:${task.rule}`, rule?.because ?? [], {
    summary: `${task.label}: done`,
    detail: { task: id, ...(comment ? { comment } : {}) },
  });
}
