/** States, actions, tasks and effects: everything named exists, and every state can be reached and left. */
import {
  askedIn,
  checkAssigned,
  checkCondition,
  mayBeEmpty,
  type Place,
  relatedType,
  typeOfValue,
} from "./checkCondition";
import { checkFinish, checkSomebody, opensIn } from "./checkHappens";
import { Checking, own } from "./checking";
import { checkField } from "./checkFields";
import { checkNotice, checkTemplateText } from "./checkNotices";
import { checkMade, checkSet, checkUnlike } from "./checkMade";
import { checkDays } from "./checkTimers";
import type { Action, Effect, Field, RecordType, Sending, TaskRule, Value } from "./definition";
import { at, meant } from "./shape";
import { isRestricted } from "./readings";
import { isKey } from "./sheetRows";
import { visitValue } from "./walk";
import { isEvent } from "./who";

export function checkWorkflow(checking: Checking): void {
  const { type } = checking;
  const states = Object.keys(type.states);
  checking.known("state", type.entries.new, states, "entries.new");
  if (type.entries.imported !== undefined) checking.known("state", type.entries.imported, states, "entries.imported");
  for (const [name, action] of Object.entries(type.actions)) checkAction(checking, action, at("actions", name));
  for (const [name, task] of Object.entries(type.tasks ?? {})) checkTask(checking, name, task, at("tasks", name));
  checkRoll(checking);
  checkReach(checking);
}

/** Its keys tell records apart, and people do what follows from the list; coming back asks nothing, for no row answers. */
function checkRoll(checking: Checking): void {
  const { roll, actions } = checking.type;
  if (!roll) return;
  if (!roll.keys.length) checking.say("roll.keys", "Say by which fields a row is known again.");
  checking.each(roll.keys, "roll.keys", (name, place) => {
    if (checking.fieldNamed(name, place) && !isKey(checking.type, name))
      checking.say(place, `Records cannot be told apart by “${name}”.`);
  });
  for (const part of ["leave", "back"] as const) {
    const name = roll[part];
    if (name === undefined || !checking.known("action", name, Object.keys(actions), at("roll", part))) continue;
    const action = actions[name];
    if (action && isEvent(action)) checking.say(at("roll", part), `${name} is an event: people do this.`);
    if (part === "back" && action?.required?.length)
      checking.say("roll.back", `${name} asks something, and no row of a list answers it.`);
  }
}

/** The questions of an action's form: fields of the record, and those asked for here alone. */
export const formOf = (type: RecordType, action: Action): Record<string, Field> =>
  Object.fromEntries(
    (action.form ?? []).flatMap((name) => {
      const from = [action.asks, type.fields].find((fields) => fields && Object.hasOwn(fields, name));
      const field = from?.[name];
      return field ? [[name, field] as const] : [];
    }),
  );

function checkAction(checking: Checking, action: Action, path: string): void {
  const { type } = checking;
  const form = formOf(type, action);
  if (!action.from.length) checking.say(at(path, "from"), "Say from which states this can be done.");
  checking.states(action.from, at(path, "from"));
  if (action.to !== undefined) checking.known("state", action.to, Object.keys(type.states), at(path, "to"));
  checkActors(checking, action, path);
  checkForm(checking, action, form, path);
  const guard: Place = { tier: "guard", type, form, sureAnswers: action.required ?? [], byItself: isEvent(action) };
  if (action.when) checkCondition(checking, action.when, guard, at(path, "when"));
  for (const [name, need] of Object.entries(action.needs ?? {}))
    checkCondition(checking, need.must, guard, at(at(at(path, "needs"), name), "must"));
  if (action.refusal && !action.when) checking.say(at(path, "refusal"), "Nothing is refused: there is no “when”.");
  for (const [name, value] of Object.entries(action.defaults ?? {})) {
    const place = at(at(path, "defaults"), name);
    const field = checking.known("question in the form", name, Object.keys(form), place) ? form[name] : undefined;
    if (!field) continue;
    checkAssigned(checking, field, value, guard, place);
    const later = action.form?.slice(action.form.indexOf(name)) ?? [];
    visitValue(value, {
      value: (part) => {
        if (typeof part === "object" && part !== null && "form" in part && later.includes(part.form))
          checking.say(
            place,
            `“${part.form}” is asked for after “${name}”: put it before, or take the default from elsewhere.`,
          );
      },
    });
  }
  checking.each(action.shows, at(path, "shows"), (name, place) => {
    const field = checking.fieldNamed(name, place);
    if (field?.kind === "document" || field?.sealed)
      checking.say(place, `${name} is read on a page of its own: it cannot stand above a form.`);
  });
  checking.each(action.separate, at(path, "separate"), (name, place) => checking.personField(name, place));
  if (action.ratifies !== undefined) {
    const field = checking.fieldNamed(action.ratifies, at(path, "ratifies"));
    if (field && field.kind !== "document") checking.say(at(path, "ratifies"), `${action.ratifies} is no document.`);
  }
  const needed = [...(action.when ? [action.when] : []), ...Object.values(action.needs ?? {}).map(({ must }) => must)];
  guard.asked = askedIn(needed, "all");
  action.effects?.forEach((effect, i) => checkEffect(checking, effect, guard, at(at(path, "effects"), i)));
}

function checkActors(checking: Checking, action: Action, path: string): void {
  if (!action.who?.length && !action.decides?.length) checking.say(path, "Say who may do this: “who” or “decides”.");
  if (action.who?.length && action.decides?.length)
    checking.say(at(path, "decides"), "Either anybody of “who” does it or the first of “decides”: say one.");
  action.who?.forEach((who, i) => checking.who(who, at(at(path, "who"), i)));
  action.decides?.forEach((who, i) => checking.who(who, at(at(path, "decides"), i), "persons"));
  checkSomebody(checking, action.who, { decides: false, apart: action.separate }, at(path, "who"));
  checkSomebody(checking, action.decides, { decides: true, apart: action.separate }, at(path, "decides"));
  if (action.who?.some((who) => "system" in who) && !isEvent(action))
    checking.say(at(path, "who"), "An event is sent by the system alone: make what people do an action of its own.");
  if (
    isEvent(action) &&
    (action.required?.length || Object.values(action.asks ?? {}).some((ask) => ask.required === true))
  )
    checking.say(at(path, "form"), "Nobody fills in a form for an event: a timer sends it.");
}

function checkForm(checking: Checking, action: Action, form: Record<string, Field>, path: string): void {
  const { type } = checking;
  const asked = [...Object.keys(type.fields), ...Object.keys(action.asks ?? {})];
  checking.each(action.form, at(path, "form"), (name, place) =>
    checking.known("field or question", name, asked, place),
  );
  checking.each(action.required, at(path, "required"), (name, place) => {
    if (!action.form?.includes(name))
      checking.say(place, `“${name}” is not asked for in the form.${meant(name, action.form ?? [])}`);
  });
  for (const [name, field] of Object.entries(action.asks ?? {})) {
    const place = at(at(path, "asks"), name);
    if (Object.hasOwn(type.fields, name))
      checking.say(place, `The record has a field “${name}”: name the question otherwise.`);
    if (!action.form?.includes(name)) checking.say(place, `“${name}” is not in the form, so nobody is asked.`);
    if (field.sealed)
      checking.say(at(place, "sealed"), "An answer is kept in the history: make it a field to seal it.");
    if (field.kind === "document")
      checking.say(at(place, "kind"), "A document belongs to the record: make it a field.");
    if (field.unique || field.index)
      checking.say(place, "An answer is kept in the history: it is neither unique nor indexed.");
    checkField(checking, field, place, form);
  }
}

function checkEffect(checking: Checking, effect: Effect, guard: Place, path: string): void {
  const { type } = checking;
  if ("set" in effect) {
    checkSet(checking, type, effect.set, guard, at(path, "set"));
    for (const [name, value] of Object.entries(effect.set)) {
      const place = at(at(path, "set"), name);
      const field = own(type.fields, name);
      if (field?.required !== true || !mayBeEmpty(checking, value, guard)) continue;
      if (!checking.problems.some((problem) => problem.path.startsWith(place)))
        checking.say(
          place,
          `${field.label} is required, and this may be empty: take it from what is always filled in, or ask in “when” that it is.`,
        );
    }
  } else if ("task" in effect) checking.known("task", effect.task, Object.keys(type.tasks ?? {}), at(path, "task"));
  else if ("notice" in effect) checkNotice(checking, effect.notice, at(path, "notice"));
  else if ("create" in effect) {
    const made = checking.typeNamed(effect.create.type, at(path, "create.type"));
    if (!made) return;
    const place = { ...guard };
    if (effect.create.each !== undefined)
      place.entry = entriesIn(checking, effect.create.each, place, at(path, "create.each"));
    if (effect.create.where) {
      checkCondition(checking, effect.create.where, place, at(path, "create.where"));
      place.asked = new Set([...(guard.asked ?? []), ...askedIn([effect.create.where], "all")]);
    }
    checkMade(checking, made, effect.create.fields, place, at(path, "create.fields"));
  } else checkSend(checking, effect.send, guard, at(path, "send"));
}

/** What stands in a list that records are made from. */
function entriesIn(checking: Checking, list: Value, place: Place, path: string): NonNullable<Place["entry"]> {
  const is = typeOfValue(checking, list, place, path);
  if (is.is === "list") return is.of;
  if (is.is === "entries" && typeof list === "object" && list !== null) {
    const field =
      "field" in list ? place.type.fields[list.field] : "form" in list ? place.form?.[list.form] : undefined;
    if (field?.kind === "list") return field.of;
  }
  if (is.is !== "unknown") checking.say(path, "Only a list has entries to make records from.");
  return {};
}

/** Whoever sees the record sees its tasks, each with its day. */
function checkDueDay(checking: Checking, name: string, path: string): void {
  checking.dateField(name, path);
  const field = own(checking.type.fields, name);
  if (field && isRestricted(field))
    checking.say(
      path,
      `Only some may see ${name}, and a task tells its day to whoever sees the record: let everybody see it, or count the days from when the task opens.`,
    );
}

function checkSend(
  checking: Checking,
  { link, event, where, with: answers }: Sending,
  place: Place,
  path: string,
): void {
  const target = relatedType(checking, link, at(path, "link"));
  if (!target) return;
  if (where) checkCondition(checking, where, { tier: "row", type: target, outer: checking.type }, at(path, "where"));
  if (!checking.known("event", event, Object.keys(target.actions), at(path, "event"))) return;
  const action = target.actions[event];
  if (!action) return;
  if (!isEvent(action)) checking.say(at(path, "event"), `${event} of ${target.name} is done by people, not sent.`);
  const asked = formOf(target, action);
  for (const [name, value] of Object.entries(answers ?? {})) {
    const there = at(at(path, "with"), name);
    const field = checking.known("question in the form", name, Object.keys(asked), there) ? asked[name] : undefined;
    if (!field) continue;
    checkAssigned(checking, field, value, place, there);
    if (!own(action.asks, name)) checkUnlike(checking, field, value, { ...place, byItself: true }, there);
  }
}

function checkTask(checking: Checking, name: string, task: TaskRule, path: string): void {
  const { type } = checking;
  checkTemplateText(checking, task.label, at(path, "label"));
  if (task.opens !== undefined) checking.known("state", task.opens, Object.keys(type.states), at(path, "opens"));
  else if (!isOpened(type, name))
    checking.say(path, "Nothing opens this task: name a state, or open it by a timer or an effect.");
  if (!task.to.length) checking.say(at(path, "to"), "Say who has this task.");
  task.to.forEach((who, i) => checking.named(who, at(at(path, "to"), i)));
  task.handOverTo?.forEach((who, i) => checking.who(who, at(at(path, "handOverTo"), i), "persons"));
  if (task.tell)
    checking.known("notice template", task.tell.template, Object.keys(type.notices ?? {}), at(path, "tell.template"));
  if (task.when) checkCondition(checking, task.when, { tier: "guard", type }, at(path, "when"));
  if (task.due && "after" in task.due) checkDays(checking, task.due.after, at(path, "due.after"));
  else if (task.due) checkDueDay(checking, task.due.field, at(path, "due.field"));
  checking.states(task.while, at(path, "while"));
  if (task.opens !== undefined && task.while && !task.while.includes(task.opens))
    checking.say(at(path, "while"), `It opens in ${task.opens}, which is not among these: it would close at once.`);
  if (typeof task.quorum === "number" && (!Number.isInteger(task.quorum) || task.quorum < 1))
    checking.say(at(path, "quorum"), `${task.quorum} is no number of persons.`);
  const lives = opensIn(type, name);
  checking.each(task.actions, at(path, "actions"), (action, place) => {
    if (!checking.known("action", action, Object.keys(type.actions), place)) return;
    if (!type.actions[action]?.from.some((state) => lives.includes(state)))
      checking.say(place, `${action} cannot be done in any state in which this task is open.`);
  });
  checkFinish(checking, name, task, path);
}

const isOpened = (type: RecordType, task: string): boolean =>
  Object.values(type.timers ?? {}).some((timer) => timer.task === task) ||
  Object.values(type.actions).some((action) =>
    action.effects?.some((effect) => "task" in effect && effect.task === task),
  );

function checkReach(checking: Checking): void {
  const { type } = checking;
  const actions = Object.values(type.actions);
  const reached = new Set([type.entries.new, ...(type.entries.imported === undefined ? [] : [type.entries.imported])]);
  for (const state of reached)
    for (const action of actions) if (action.to !== undefined && action.from.includes(state)) reached.add(action.to);
  for (const [name, state] of Object.entries(type.states)) {
    const path = at("states", name);
    if (!reached.has(name))
      checking.say(path, `The state “${name}” is never reached: no action leads to it from the start.`);
    const left = actions.some((action) => action.to !== undefined && action.to !== name && action.from.includes(name));
    if (!left && !state.end && !state.resting)
      checking.say(path, `The state “${name}” is never left: give it an action, or mark it as the end or as resting.`);
    if (state.end && state.resting) checking.say(path, `The state “${name}” is either the end or resting, not both.`);
  }
}
