/** What an action or an event does: its answers, its effects, and the state it leads to. */
import { evaluate, valueOf, withNoes } from "../condition";
import type { Scope } from "../scope";
import type { Action, Creation, Effect, Effects, Sending, Value } from "../definition";
import { Failure, RuleBroken, type Problem } from "../failure";
import { fitted, isEmpty } from "../fields";
import { linkedRecord, personsIn } from "../language/who";
import { forEachOf, Missing } from "../missing";
import type { DocumentValue, Fields, NewText, RecordData, StepEvent, TimerRow } from "../record";
import { isRequired, refusalOf, tasksInOrder, taskStates, unmetNeed } from "../refusals";
import { eventProblems, ruleProblems } from "../rules";
import { listed, lower } from "../text";
import { pauses } from "../timers";
import type { Decision } from "./decision";
import { settle } from "./clocks";
import { changedValues, toldAnswers } from "./history";
import { notify } from "./notices";
import { closeTask, openTask } from "./tasks";
import { attach, putInForce, setTexts } from "./texts";

export function act(d: Decision, event: Extract<StepEvent, { kind: "action" }>): void {
  const action = d.type.actions[event.name];
  if (!action) throw new Failure("NOT_FOUND", `There is no action “${event.name}”.`);
  refuseAction(d, event.name, action);
  const answers = answersOf(d, action, event);
  const unmet = unmetNeed(action, d.scope(answers, action), "with answers");
  if (unmet) throw new Failure(unmet.code, unmet.message);
  if (action.ratifies) putInForce(d, action.ratifies, event.textHash);
  perform(d, event.name, action, answers, "action", event.texts, event.comment);
}

/** Refuses an action the actor may not do here, saying why. Guards are evaluated with the answers, later. */
function refuseAction(d: Decision, name: string, action: Action): void {
  const refusal = refusalOf(d.input, d.record, name, d.facts);
  if (refusal) throw new Failure(refusal.code, refusal.message);
  if (action.ratifies && isEmpty(d.record.fields[action.ratifies]))
    throw new Failure("WRONG_STATE", "There is no text to ratify yet.");
}

function answersOf(d: Decision, action: Action, event: Extract<StepEvent, { kind: "action" }>): Fields {
  const answers: Fields = { ...event.answers };
  for (const name of action.form ?? []) {
    const given = action.defaults?.[name];
    if (isEmpty(answers[name]) && given !== undefined) answers[name] = valueOf(given, d.scope(answers, action));
  }
  const problems: Problem[] = [];
  for (const name of action.form ?? []) {
    const field = action.asks?.[name] ?? d.type.fields[name];
    const asked = action.required?.includes(name) || isRequired(action.asks?.[name], d.scope(answers, action));
    const anew = action.asks?.[name] !== undefined || action.defaults?.[name] === null;
    const missing = isEmpty(answers[name]) && !event.texts[name] && isEmpty(anew ? null : d.record.fields[name]);
    if (field && asked && missing)
      problems.push({ path: `input.${name}`, message: `${field.label} is needed to ${lower(action.label)}.` });
  }
  d.refuse(problems);
  return answers;
}

function perform(
  d: Decision,
  name: string,
  action: Action,
  answers: Fields,
  kind: "action" | "event",
  texts: Record<string, NewText> = {},
  comment?: string,
): void {
  const own = Object.fromEntries(Object.entries(answers).filter(([key]) => d.type.fields[key] && !action.asks?.[key]));
  const asked = Object.fromEntries(Object.entries(answers).filter(([key]) => action.asks?.[key]));
  const before = { ...d.record, fields: { ...d.record.fields } };
  attach(d, { ...d.type.fields, ...action.asks }, answers);
  d.setFields(kind === "event" ? fitting(d, own) : own);
  setTexts(d, texts);
  const from = d.record.state;
  const to = action.to ?? from;
  for (const effect of action.effects ?? [])
    if ("set" in effect) d.setFields(fitting(d, valuesOf(effect.set, d.scope(answers, action))));
  const asItWillBe = { ...d.scope(answers, action), record: { ...d.record, state: to } };
  const { changed } = d.change;
  if (kind === "action") d.refuse(ruleProblems(d.type, asItWillBe, changed, to !== from));
  else {
    const broken = eventProblems(d.type, { ...asItWillBe, record: before }, asItWillBe, changed, to !== from);
    if (broken.length) throw new RuleBroken(broken);
  }
  const closing = d.tasks.filter((task) => task.state === "open" && d.type.tasks?.[task.rule]?.actions?.includes(name));
  for (const task of closing) closeTask(d, task, "done", action.label);
  d.note(kind, name, action.because ?? [], {
    summary: to === from ? action.label : `${action.label}: now ${d.type.states[to]?.label.toLowerCase() ?? to}`,
    detail: {
      from,
      to,
      ...(d.change.changed.length ? { values: changedValues(d) } : {}),
      ...(Object.keys(asked).length ? { answers: toldAnswers(d, action, asked) } : {}),
      ...(action.ratifies ? { text: (d.record.fields[action.ratifies] as DocumentValue).inForce?.hash } : {}),
      ...(comment ? { comment } : {}),
    },
  });
  d.reason ||= d.change.changed.length
    ? `${listed(d.change.changed.map((key) => d.type.fields[key]?.label.toLowerCase() ?? key))} changed (${action.label.toLowerCase()})`
    : action.label.toLowerCase();
  if (action.to !== undefined) enter(d, action.to);
  for (const effect of action.effects ?? []) carryOut(d, effect, name, action, answers);
}

function carryOut(d: Decision, effect: Effect, name: string, action: Action, answers: Fields): void {
  if ("task" in effect) openTask(d, effect.task);
  else if ("notice" in effect)
    notify(d, effect.notice, {
      // An action may tell one person two things.
      cause: `${name}:${d.change.after.id}:${d.record.historySeq + d.change.history.length}:${effect.notice.template}`,
      because: action.because ?? [],
      dueOn: null,
    });
  else if ("create" in effect) createLinked(d, effect.create, d.scope(answers, action));
  else if ("send" in effect) send(d, effect.send, d.scope(answers, action));
  else wasSet(effect);
}

function createLinked(d: Decision, rule: Creation, scope: Scope): void {
  const { type, fields, each, where } = rule;
  const list = each === undefined ? [undefined] : valueOf(each, scope);
  const entries: Scope["entry"][] = Array.isArray(list) ? [...list] : [];
  forEachOf(entries, (entry) => {
    const own = entry === undefined ? scope : { ...scope, entry };
    if (!where || evaluate(where, own)) d.change.creates.push({ type, fields: valuesOf(fields, own) });
  });
}

/** To the records of a link field, or to those that point here. */
function send(d: Decision, { link, event, where, with: given }: Sending, scope: Scope): void {
  // Of the other type, whose fields are as the store gives them.
  const others = { ...scope, type: { ...d.type, fields: {} }, outer: withNoes(d.type, d.record), facts: {} };
  const meets = (record: RecordData | undefined): boolean =>
    !where || (record !== undefined && evaluate(where, { ...others, record }));
  const sendTo = (type: string, id: string): void =>
    void d.change.sends.push({ type, record: id, event, ...(given ? { answers: valuesOf(given, scope) } : {}) });
  const field = d.type.fields[link];
  if (field?.kind === "link" || field?.kind === "links")
    forEachOf(personsIn(d.record, link), (id) => {
      if (!where || meets(linkedRecord(id, link, d.record, d.facts))) sendTo(field.to, id);
    });
  else for (const record of pointing(d, link)) if (meets(record)) sendTo(record.type, record.id);
}

/** The records whose field, `type.field`, names this one. */
function pointing({ type, record, facts }: Decision, via: string): RecordData[] {
  const found = facts.related[via];
  if (!found) throw new Missing([{ pointing: via, by: type, to: record }]);
  return found;
}

/** Returns why an event did nothing, if so. */
export function sendEvent(
  d: Decision,
  timer: TimerRow | undefined,
  event: string,
  answers: Fields = {},
): string | undefined {
  const action = d.type.actions[event];
  const accepted =
    action?.from.includes(d.record.state) && !unmetNeed(action, d.scope(answers, action), "with answers");
  if (action && accepted)
    perform(d, event, action, answersOf(d, action, { kind: "action", name: event, answers, texts: {} }), "event");
  const outcome = accepted ? undefined : `It came ${d.whileState()}, where it changes nothing.`;
  if (timer) settle(d, timer, accepted ? "fired" : "skipped", outcome ?? "Done");
  return outcome;
}

export function enter(d: Decision, state: string): void {
  const visit = (d.record.entered[state]?.visit ?? 0) + 1;
  const left = d.record.entered[d.record.state];
  const entered = { ...d.record.entered };
  if (left && pauses(d.type, d.record.state))
    entered[d.record.state] = { ...left, spans: bounded([...(left.spans ?? []), [left.at, d.now]]) };
  entered[state] = { ...entered[state], at: d.now, visit };
  d.record.state = state;
  d.record.entered = entered;
  const label = d.type.states[state]?.label ?? state;
  for (const task of d.tasks.filter((row) => row.state === "open"))
    if (!taskStates(d.type.tasks?.[task.rule]).includes(state))
      closeTask(d, task, "cancelled", `The record is now ${label.toLowerCase()}${ordinal(visit)}`);
  for (const [name, rule] of tasksInOrder(d.type)) if (rule.opens === state) openTask(d, name);
}

function fitting(d: Decision, values: Fields): Fields {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fitted(d.type.fields[name], value)]));
}

const ordinal = (visit: number): string => (visit > 1 ? ` (time ${visit})` : "");

/** Stays of which each stands by itself: what is older is kept as one, of their length. */
const MAX_SPANS = 200;

function bounded(spans: [string, string][]): [string, string][] {
  const [first, second] = spans;
  if (spans.length <= MAX_SPANS || !first || !second) return spans;
  const length = Date.parse(first[1]) - Date.parse(first[0]);
  return [[new Date(Date.parse(second[0]) - length).toISOString(), second[1]], ...spans.slice(2)];
}

/** For the compiler: the one form of effect that is there before the others, since they read what it sets. */
const wasSet = (_effect: Effects["set"]): void => undefined;

const valuesOf = (set: Record<string, Value>, scope: Scope): Fields =>
  Object.fromEntries(Object.entries(set).map(([name, value]) => [name, valueOf(value, scope)]));
