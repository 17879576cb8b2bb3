/**
 * What definitions mean. `step` is pure: a definition, a record, an event, facts, an actor and now give the change to
 * write. Throws Failure: FORBIDDEN, WRONG_STATE, INVALID_INPUT, STALE (another text was read), NOT_FOUND (no such action).
 */
import { calendar } from "./calendar";
import { evaluate, valueOf, type Scope, withNoes } from "./condition";
import { dueOn, parsePartialDate } from "./dates";
import type {
  Action,
  Creation,
  Effect,
  Effects,
  Field,
  NoticeRule,
  RecordType,
  Roster,
  Sending,
  SettingRef,
  TaskRule,
  TimerRule,
  Trigger,
  Value,
} from "./definition";
import { Failure, invalid, RuleBroken, type Problem } from "./failure";
import { filesIn, fitted, isEmpty, isFile, isSensitive, inheritedBy, namesPersons } from "./fields";
import type {
  Change,
  DocumentValue,
  Facts,
  Fields,
  FieldValue,
  FileBrief,
  NewText,
  RecordData,
  StepEvent,
  StepInput,
  TaskRow,
  TimerRow,
} from "./record";
import {
  holdersOf,
  isRequired,
  mayEditField,
  maySeeField,
  namesOf,
  refusalOf,
  requiredProblems,
  tasksInOrder,
  taskStates,
  unmetNeed,
} from "./refusals";
import { mailedAt } from "./mailing";
import { brokenRules, countsOthers, eventProblems, fieldsNamed, ruleProblem, ruleProblems } from "./rules";
import { canonicalJson, listed, lower, shorten } from "./text";
import { render, renderMarkdown, templateScope, titleOf } from "./templates";
import { shownDay } from "./templateValues";
import { dateCounted, dateIn, taskCounted } from "./language/anchor";
import { deriveTimers, followsChanges, movesTimers, pauses, runsIn, stampOf, whyNotNow } from "./timers";
import { fieldOfWho } from "./language/who";
import { barred, personOf, personsOf } from "./who";

/** Decides everything one event does to one record. */
export function step(input: StepInput): Change {
  const decision = new Decision(input);
  const { event } = input;
  switch (event.kind) {
    case "create":
      decision.create(event);
      break;
    case "update":
      decision.update(event);
      break;
    case "action":
      decision.act(event);
      break;
    case "timer":
      decision.fire(event.timer);
      break;
    case "task":
      decision.tick(event.task, event.comment);
      break;
    case "open":
      decision.open(event.field, event.reason);
      break;
    case "rederive":
      decision.reason = event.reason;
  }
  return decision.finish();
}

/** The scope conditions of a record are evaluated in. */
export const scopeOf = (
  input: Pick<StepInput, "type" | "actor" | "now"> & { facts: Pick<Facts, "calendar" | "settings"> & Partial<Facts> },
  record: RecordData,
): Scope => {
  const cal = calendar(input.facts.calendar);
  return {
    record,
    facts: input.facts,
    settings: input.facts.settings,
    type: input.type,
    today: cal.dateOf(input.now),
    actor: personOf(input.actor),
    calendar: cal,
  };
};

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

/** Thrown where an edit sets something going that its facts were not read for: whoever loads them loads all, and asks again. */
export class GoesFarther extends Error {
  constructor() {
    super("The edit sets something going.");
  }
}

/** A trigger's event that would break a rule; `began`: its condition holds since this step. */
interface Refused {
  event: string;
  why: string;
  began: boolean;
}

type Told = FieldValue | FileBrief | FileBrief[];

const ordinal = (visit: number): string => (visit > 1 ? ` (time ${visit})` : "");

class Decision {
  private readonly change: Change;
  private readonly facts: Facts;
  /** Why timers move, when they do. */
  reason = "";

  constructor(private readonly input: StepInput) {
    const { type, record, facts } = input;
    // The step works on its own copies: facts are shared by a whole batch.
    this.facts = { ...facts, tasks: [...facts.tasks], timers: [...facts.timers], texts: { ...facts.texts } };
    const after: RecordData = record
      ? { ...record, fields: { ...record.fields }, entered: { ...record.entered } }
      : blankRecord(input);
    this.change = {
      type,
      before: record,
      after,
      changed: [],
      history: [],
      timers: [],
      newTimers: [],
      openTasks: [],
      closeTasks: [],
      updateTasks: [],
      taskParts: [],
      notices: [],
      sends: [],
      creates: [],
      asked: [],
      refused: [],
      doubts: [],
      rosters: [],
      documents: [],
      inForce: [],
      attached: [],
    };
  }

  private get record(): RecordData {
    return this.change.after;
  }

  private get type(): RecordType {
    return this.input.type;
  }

  private get now(): string {
    return new Date(this.input.now).toISOString();
  }

  private scope(form?: Fields, { asks }: Pick<Action, "asks"> = {}): Scope {
    const own = scopeOf({ ...this.input, facts: this.facts }, this.record);
    return { ...own, ...(form ? { form } : {}), ...(asks ? { asks } : {}) };
  }

  // ------------------------------------------------------------------------------------------------------- events

  create(event: Extract<StepEvent, { kind: "create" }>): void {
    const state =
      event.entry === "imported" ? (this.type.entries.imported ?? this.type.entries.new) : this.type.entries.new;
    const scope = this.scope();
    this.attach(this.type.fields, event.values);
    for (const [name, field] of Object.entries(this.type.fields)) {
      const given = event.values[name] ?? (field.default === undefined ? null : valueOf(field.default, scope));
      this.record.fields[name] = fitted(field, given);
    }
    this.setTexts(event.texts);
    // Empty required fields of an import are findings for a person, not refusals.
    if (event.entry === "new") this.refuse(requiredProblems(this.type, this.record, this.scope(), "input"));
    this.change.changed = Object.keys(this.type.fields).filter((name) => !isEmpty(this.record.fields[name]));
    this.record.state = state;
    // What a paper says of itself is a finding too; what it would do to other records is refused.
    const broken = brokenRules(this.type, this.scope(), this.change.changed, true);
    const refusing = event.entry === "new" ? broken : broken.filter(({ must }) => countsOthers(must));
    this.refuseMade(refusing.map((rule) => ruleProblem(this.type, rule)));
    this.change.doubts = broken.map((rule) => ruleProblem(this.type, rule));
    if (event.entry === "imported") this.takeAsInForce(state);
    this.retitle();
    this.note(event.entry === "imported" ? "imported" : "created", `entry:${event.entry}`, this.type.because ?? [], {
      summary: event.origin ?? `${this.type.label} created`,
      detail: { values: this.changedValues() },
    });
    this.enter(state);
  }

  update(event: Extract<StepEvent, { kind: "update" }>): void {
    const scope = this.scope();
    const problems: Problem[] = [];
    for (const name of [...Object.keys(event.values), ...Object.keys(event.texts)]) {
      const field = this.type.fields[name];
      if (field && !mayEditField(field, scope, this.facts, this.record, this.input.actor))
        problems.push({ path: `input.${name}`, message: `${field.label} cannot be changed ${this.whileState()}.` });
    }
    this.refuse(problems);
    this.attach(this.type.fields, event.values);
    this.setFields(event.values);
    this.setTexts(event.texts);
    this.refuse(requiredProblems(this.type, this.record, this.scope(), "input", this.change.changed));
    if (!this.change.changed.length) return;
    this.refuse(ruleProblems(this.type, this.scope(), this.change.changed, false));
    const labels = this.change.changed.map((name) => this.type.fields[name]?.label ?? name);
    this.note("updated", "update", this.becauseOf(this.change.changed), {
      summary: `${listed(labels)} changed`,
      detail: { values: this.changedValues(), ...(event.reason ? { reason: event.reason } : {}) },
    });
    this.reason = `${listed(labels).toLowerCase()} changed`;
  }

  act(event: Extract<StepEvent, { kind: "action" }>): void {
    const action = this.type.actions[event.name];
    if (!action) throw new Failure("NOT_FOUND", `There is no action “${event.name}”.`);
    this.refuseAction(event.name, action);
    const answers = this.answersOf(action, event);
    const unmet = unmetNeed(action, this.scope(answers, action), "with answers");
    if (unmet) throw new Failure(unmet.code, unmet.message);
    if (action.ratifies) this.putInForce(action.ratifies, event.textHash);
    this.perform(event.name, action, answers, "action", event.texts, event.comment);
  }

  fire(timer: TimerRow): void {
    if (timer.send) {
      this.sendEvent(timer, timer.send.event, timer.send.answers);
      return;
    }
    const rule = this.type.timers?.[timer.rule];
    // Derived again by `finish`, which moves or cancels it.
    if (!rule || !runsIn(this.type, rule).includes(this.record.state)) {
      this.reason = "the rule changed";
      return;
    }
    if (timer.stamp !== stampOf(rule, this.record, this.facts)) {
      this.reason = "the rule, a figure or the calendar changed";
      return;
    }
    const occurrence = `${rule.label}: ${timer.n ? `time ${timer.n + 1}` : timer.step}`;
    const passed = whyNotNow(rule, timer, this.record, this.facts, this.input.now);
    if (passed !== undefined) {
      this.settle(timer, "skipped", passed);
      return;
    }
    if (rule.when && !evaluate(rule.when, this.scope())) {
      this.settle(timer, "skipped", "It was not needed: its condition did not hold.");
      return;
    }
    let outcome = "Done";
    if (rule.event) outcome = this.sendEvent(undefined, rule.event) ?? outcome;
    if (rule.task) this.openTask(rule.task);
    if (rule.notice) {
      const told = this.notify(rule.notice, {
        cause: `timer:${timer.id}`,
        because: rule.because ?? [],
        dueOn: this.dueOfTimer(rule, timer),
      });
      outcome = told.length ? `Told ${listed(told)}` : "Nobody holds it, so nobody was told";
    }
    this.settle(timer, "fired", outcome);
    this.note("timer", timer.rule, rule.because ?? [], {
      summary: `${rule.label}: ${outcome.charAt(0).toLowerCase()}${outcome.slice(1)}`,
      detail: { timer: timer.id, occurrence, dueAt: timer.dueAt },
    });
  }

  /** Ticks off a task that no action completes. */
  tick(id: string, comment?: string): void {
    const task = this.facts.tasks.find((row) => row.id === id && row.state === "open");
    if (!task) throw new Failure("WRONG_STATE", "This task is no longer open.");
    const person = personOf(this.input.actor);
    if (!person || !task.holders.includes(person))
      throw new Failure("FORBIDDEN", "This task is held by somebody else.");
    const rule = this.type.tasks?.[task.rule];
    if (rule?.actions?.length)
      throw new Failure(
        "WRONG_STATE",
        `This task is done by ${listed(
          rule.actions.map((name) => `“${this.type.actions[name]?.label ?? name}”`),
          "or",
        )}.`,
      );
    const done = new Set([...task.doneBy, person]);
    const needed = rule?.quorum === "all" ? task.holders.length : typeof rule?.quorum === "number" ? rule.quorum : 1;
    if (done.size >= needed) this.closeTask(task, "done", "Ticked off");
    else this.change.taskParts.push({ id, person });
    this.note("task", `task:${task.rule}`, rule?.because ?? [], {
      summary: `${task.label}: done`,
      detail: { task: id, ...(comment ? { comment } : {}) },
    });
  }

  /** Somebody reads what is sealed: the history says so, and those are told whom the field names. */
  open(name: string, reason: string): void {
    const field = this.type.fields[name];
    if (!field?.sealed) throw new Failure("NOT_FOUND", `There is no sealed field “${name}”.`);
    if (!maySeeField(field, this.record, this.facts, this.input.actor)) {
      const who = namesOf(personsOf(field.see ?? [], this.record, this.facts), this.facts);
      throw new Failure("FORBIDDEN", `${field.label} is opened by ${who}.`);
    }
    if (isEmpty(this.record.fields[name]))
      throw new Failure("WRONG_STATE", `Nothing is held under ${lower(field.label)}.`);
    const because = field.because ?? [];
    const opening = { by: this.input.actor.name, reason };
    const told = field.tells
      ? this.notify(field.tells, { cause: `opened:${this.input.newId()}`, because, dueOn: null }, opening)
      : [];
    this.note("opened", `open:${name}`, because, {
      summary: `${field.label} opened`,
      detail: { field: name, reason, told },
    });
  }

  // ------------------------------------------------------------------------------------------------- what they share

  /** Derives timers, seals the title and counts the version. */
  finish(): Change {
    const { change } = this;
    // Reading a sealed field changes nothing but the history.
    if (this.input.event.kind === "open") return this.count();
    this.pullTriggers();
    this.retitle();
    this.sayChanged();
    this.reviseTasks();
    this.fillRosters();
    // The engine does not even load the timers of an edit that cannot move one.
    if (this.facts.forEdit && !movesTimers(this.type, change.changed)) return this.count();
    const { newTimers, changes } = deriveTimers(this.type, this.record, this.facts, this.input.now, this.input.newId);
    change.newTimers.push(...newTimers);
    change.timers.push(...changes);
    this.leaveNothingDue();
    const moves = changes.filter(
      ({ movedFrom, timer }) =>
        movedFrom !== undefined && (this.input.event.kind === "rederive" || !followsChanges(this.type, timer.rule)),
    );
    if (moves.length && this.reason)
      this.note("moved", "timers", [], {
        summary: `${moves.length === 1 ? "A clock" : `${moves.length} clocks`} moved because ${this.reason}`,
        detail: {
          reason: this.reason,
          moves: moves.map(({ timer, movedFrom }) => ({
            rule: timer.rule,
            label: this.type.timers?.[timer.rule]?.label ?? timer.rule,
            step: timer.step,
            n: timer.n,
            from: movedFrom,
            to: timer.dueAt,
          })),
        },
      });
    return this.count();
  }

  /**
   * Last changed: when somebody last did something here, or a rule changed what it holds or its state. A clock that only
   * tells or opens a task is no change, or one that counts from the last change would set itself going again.
   */
  private sayChanged(): void {
    const { changed, before, history } = this.change;
    const done = history.some(({ kind }) => !["opened", "timer", "moved", "event"].includes(kind));
    if (done || changed.length || before?.state !== this.record.state) this.record.updatedAt = this.now;
  }

  /** Whatever else firing did, the row that fired is not left due as it was: it would hold up the record for ever. */
  private leaveNothingDue(): void {
    const { event } = this.input;
    if (event.kind !== "timer" || this.change.timers.some(({ timer }) => timer.id === event.timer.id)) return;
    this.settle(event.timer, "cancelled", "Nothing in the definition asks for it any more.");
  }

  /**
   * A trigger whose condition now holds, and whose event is accepted, sends it; what that changes is seen by the others, so
   * that a chain goes to its end. None is pulled twice in a step: those that set each other going end. Where one would break a
   * rule, whoever made its condition hold is refused; where nobody did, it is left and told of.
   */
  private pullTriggers(): void {
    const triggers = Object.values(this.type.triggers ?? {});
    const pulled = new Set<Trigger>();
    let refused: Refused[] = [];
    const pullOne = (): Trigger | undefined => {
      // What was refused before another was pulled is asked again.
      refused = [];
      return triggers.find((trigger) => !pulled.has(trigger) && this.pull(trigger, refused));
    };
    for (let done = pullOne(); done; done = pullOne()) pulled.add(done);
    this.change.asked = triggers.map(({ event }) => event);
    this.change.refused = refused.map(({ event, why }) => ({ event, why }));
    for (const { event, why, began } of refused) if (began) this.noteRefused(event, why);
  }

  /** Did its event happen? */
  private pull({ when, event, while: states }: Trigger, refused: Refused[]): boolean {
    if (!states.includes(this.record.state) || !evaluate(when, this.scope())) return false;
    const broken = this.tryEvent(event);
    if (broken === "done" || broken === "not accepted") return broken === "done";
    const { before } = this.change;
    const began = !before || !states.includes(before.state) || !evaluate(when, { ...this.scope(), record: before });
    if (this.input.actor.kind !== "system" && began) throw broken;
    refused.push({ event, why: broken.message, began });
    return false;
  }

  /** Sends an event to the record itself; where it would break a rule nothing of it is kept. */
  private tryEvent(event: string): "done" | "not accepted" | RuleBroken {
    this.needsAllFacts();
    const { change, record } = this;
    const kept = { fields: { ...record.fields }, changed: [...change.changed], attached: [...change.attached] };
    try {
      return this.sendEvent(undefined, event) === undefined ? "done" : "not accepted";
    } catch (error) {
      if (!(error instanceof RuleBroken)) throw error;
      record.fields = kept.fields;
      Object.assign(change, { changed: kept.changed, attached: kept.attached });
      return error;
    }
  }

  private needsAllFacts(): void {
    if (this.facts.forEdit) throw new GoesFarther();
  }

  private noteRefused(event: string, why: string): void {
    const label = this.type.actions[event]?.label ?? event;
    this.note("event", event, this.type.actions[event]?.because ?? [], {
      summary: `${label}: it did not happen. ${why}`,
      detail: { refused: true },
    });
  }

  /** Asks for the rosters that this step may have changed: a worker fills them, page by page. */
  private fillRosters(): void {
    const { before, after, changed } = this.change;
    const { kind } = this.input.event;
    for (const [name, roster] of Object.entries(this.type.rosters ?? {})) {
      const runs = roster.while.includes(after.state);
      const entered = before?.state !== after.state || !before;
      const reads = changed.some((field) => rosterReads(roster, field));
      if (runs && (entered || reads || kind === "rederive")) this.change.rosters.push(name);
    }
  }

  private count(): Change {
    const { change } = this;
    const stateChanged = change.before?.state !== this.record.state;
    if (change.before && (change.changed.length || stateChanged)) this.record.version++;
    // So that a later edit can tell what changed since the version it was read at.
    for (const entry of change.history) entry.detail["version"] = this.record.version;
    return change;
  }

  /** Open tasks follow the record: whether they are owed, their day where it is a field, their holders where one names them. */
  private reviseTasks(): void {
    const rules = tasksInOrder(this.type);
    for (const [name, rule] of rules) if (this.isOwedNow(rule)) this.openTask(name);
    for (const [name, rule] of rules)
      for (const task of this.facts.tasks.filter((row) => row.rule === name && row.state === "open"))
        this.reviseTask(rule, task);
  }

  private reviseTask(rule: TaskRule, task: TaskRow): void {
    if (!this.isOwed(rule)) return this.closeTask(task, "cancelled", "It is no longer needed.");
    const dueOn = rule.due && "field" in rule.due ? this.dueOf(rule) : task.dueOn;
    const holders = holdersOf(this.type, { to: task.to, decides: task.decides }, this.record, this.facts);
    if (dueOn === task.dueOn && canonicalJson([...holders].sort()) === canonicalJson([...task.principals].sort()))
      return;
    const opened = this.change.openTasks.find((open) => open.id === task.id);
    if (opened) Object.assign(opened, { dueOn, holders, principals: holders });
    else this.change.updateTasks.push({ id: task.id, dueOn, holders });
    // Clocks that count from the day it is due, and tasks that go to the same persons, are derived after this.
    const revised = { ...task, dueOn, principals: holders };
    this.facts.tasks = this.facts.tasks.map((row) => (row.id === task.id ? revised : row));
  }

  private isOwed({ when }: TaskRule, record = this.record): boolean {
    return !when || evaluate(when, { ...this.scope(), record });
  }

  /** Did its condition begin to hold, in a state that the task lives in? */
  private isOwedNow(rule: TaskRule): boolean {
    const { before, after } = this.change;
    if (!rule.when || rule.opens === undefined || !before) return false;
    const lives = [before, after].every(({ state }) => taskStates(rule).includes(state));
    return lives && !this.isOwed(rule, before) && this.isOwed(rule);
  }

  /** Refuses an action the actor may not do here, saying why. Guards are evaluated with the answers, later. */
  private refuseAction(name: string, action: Action): void {
    const refusal = refusalOf(this.input, this.record, name, this.facts);
    if (refusal) throw new Failure(refusal.code, refusal.message);
    if (action.ratifies && isEmpty(this.record.fields[action.ratifies]))
      throw new Failure("WRONG_STATE", "There is no text to ratify yet.");
  }

  private answersOf(action: Action, event: Extract<StepEvent, { kind: "action" }>): Fields {
    const answers: Fields = { ...event.answers };
    for (const name of action.form ?? []) {
      const given = action.defaults?.[name];
      if (isEmpty(answers[name]) && given !== undefined) answers[name] = valueOf(given, this.scope(answers, action));
    }
    const problems: Problem[] = [];
    for (const name of action.form ?? []) {
      const field = action.asks?.[name] ?? this.type.fields[name];
      const asked = action.required?.includes(name) || isRequired(action.asks?.[name], this.scope(answers, action));
      const anew = action.asks?.[name] !== undefined || action.defaults?.[name] === null;
      const missing = isEmpty(answers[name]) && !event.texts[name] && isEmpty(anew ? null : this.record.fields[name]);
      if (field && asked && missing)
        problems.push({ path: `input.${name}`, message: `${field.label} is needed to ${lower(action.label)}.` });
    }
    this.refuse(problems);
    return answers;
  }

  private perform(
    name: string,
    action: Action,
    answers: Fields,
    kind: "action" | "event",
    texts: Record<string, NewText> = {},
    comment?: string,
  ): void {
    const own = Object.fromEntries(
      Object.entries(answers).filter(([key]) => this.type.fields[key] && !action.asks?.[key]),
    );
    const asked = Object.fromEntries(Object.entries(answers).filter(([key]) => action.asks?.[key]));
    const before = { ...this.record, fields: { ...this.record.fields } };
    this.attach({ ...this.type.fields, ...action.asks }, answers);
    this.setFields(kind === "event" ? this.fitting(own) : own);
    this.setTexts(texts);
    const from = this.record.state;
    const to = action.to ?? from;
    for (const effect of action.effects ?? [])
      if ("set" in effect) this.setFields(this.fitting(valuesOf(effect.set, this.scope(answers, action))));
    const asItWillBe = { ...this.scope(answers, action), record: { ...this.record, state: to } };
    const { changed } = this.change;
    if (kind === "action") this.refuse(ruleProblems(this.type, asItWillBe, changed, to !== from));
    else {
      const broken = eventProblems(this.type, { ...asItWillBe, record: before }, asItWillBe, changed, to !== from);
      if (broken.length) throw new RuleBroken(broken);
    }
    const closing = this.facts.tasks.filter(
      (task) => task.state === "open" && this.type.tasks?.[task.rule]?.actions?.includes(name),
    );
    for (const task of closing) this.closeTask(task, "done", action.label);
    this.note(kind, name, action.because ?? [], {
      summary: to === from ? action.label : `${action.label}: now ${this.type.states[to]?.label.toLowerCase() ?? to}`,
      detail: {
        from,
        to,
        ...(this.change.changed.length ? { values: this.changedValues() } : {}),
        ...(Object.keys(asked).length ? { answers: this.toldAnswers(action, asked) } : {}),
        ...(action.ratifies ? { text: (this.record.fields[action.ratifies] as DocumentValue).inForce?.hash } : {}),
        ...(comment ? { comment } : {}),
      },
    });
    this.reason ||= this.change.changed.length
      ? `${listed(this.change.changed.map((key) => this.type.fields[key]?.label.toLowerCase() ?? key))} changed (${action.label.toLowerCase()})`
      : action.label.toLowerCase();
    if (action.to !== undefined) this.enter(action.to);
    for (const effect of action.effects ?? []) this.effect(effect, name, action, answers);
  }

  private effect(effect: Effect, name: string, action: Action, answers: Fields): void {
    if ("task" in effect) this.openTask(effect.task);
    else if ("notice" in effect)
      this.notify(effect.notice, {
        // An action may tell one person two things.
        cause: `${name}:${this.change.after.id}:${this.record.historySeq + this.change.history.length}:${effect.notice.template}`,
        because: action.because ?? [],
        dueOn: null,
      });
    else if ("create" in effect) this.createLinked(effect.create, this.scope(answers, action));
    else if ("send" in effect) this.send(effect.send, this.scope(answers, action));
    else wasSet(effect);
  }

  private createLinked(rule: Creation, scope: Scope): void {
    const { type, fields, each, where } = rule;
    const list = each === undefined ? [undefined] : valueOf(each, scope);
    for (const entry of Array.isArray(list) ? list : []) {
      const own = entry === undefined ? scope : { ...scope, entry };
      if (!where || evaluate(where, own)) this.change.creates.push({ type, fields: valuesOf(fields, own) });
    }
  }

  /** To the records of a link field, or to those that point here. */
  private send({ link, event, where, with: given }: Sending, scope: Scope): void {
    // Of the other type, whose fields are as the store gives them.
    const others = { ...scope, type: { ...this.type, fields: {} }, outer: withNoes(this.type, this.record), facts: {} };
    const [field, value] = [this.type.fields[link], this.record.fields[link]];
    const targets =
      field?.kind === "link" || field?.kind === "links"
        ? [value].flat().flatMap((id) => (typeof id === "string" ? [{ type: field.to, id }] : []))
        : (this.facts.related[link] ?? []).filter((record) => !where || evaluate(where, { ...others, record }));
    for (const { type, id } of targets)
      this.change.sends.push({ type, record: id, event, ...(given ? { answers: valuesOf(given, scope) } : {}) });
  }

  /** Returns why an event did nothing, if so. */
  private sendEvent(timer: TimerRow | undefined, event: string, answers: Fields = {}): string | undefined {
    const action = this.type.actions[event];
    const accepted =
      action?.from.includes(this.record.state) && !unmetNeed(action, this.scope(answers, action), "with answers");
    if (action && accepted)
      this.perform(event, action, this.answersOf(action, { kind: "action", name: event, answers, texts: {} }), "event");
    const outcome = accepted ? undefined : `It came ${this.whileState()}, where it changes nothing.`;
    if (timer) this.settle(timer, accepted ? "fired" : "skipped", outcome ?? "Done");
    return outcome;
  }

  /** Marks a timer in the change and in the facts that derivation reads. */
  private settle(timer: TimerRow, state: "fired" | "skipped" | "cancelled", outcome: string): void {
    const after: TimerRow = {
      ...timer,
      state,
      outcome: outcome.slice(0, 500),
      firedAt: state === "fired" ? this.now : null,
    };
    this.change.timers.push({ timer: after });
    this.facts.timers = this.facts.timers.map((row) => (row.id === timer.id ? after : row));
  }

  private enter(state: string): void {
    const visit = (this.record.entered[state]?.visit ?? 0) + 1;
    const left = this.record.entered[this.record.state];
    const entered = { ...this.record.entered };
    if (left && pauses(this.type, this.record.state))
      entered[this.record.state] = { ...left, spans: bounded([...(left.spans ?? []), [left.at, this.now]]) };
    entered[state] = { ...entered[state], at: this.now, visit };
    this.record.state = state;
    this.record.entered = entered;
    const label = this.type.states[state]?.label ?? state;
    for (const task of this.facts.tasks.filter((row) => row.state === "open"))
      if (!taskStates(this.type.tasks?.[task.rule]).includes(state))
        this.closeTask(task, "cancelled", `The record is now ${label.toLowerCase()}${ordinal(visit)}`);
    for (const [name, rule] of tasksInOrder(this.type)) if (rule.opens === state) this.openTask(name);
  }

  private openTask(name: string): void {
    this.needsAllFacts();
    const rule = this.type.tasks?.[name];
    if (!rule || this.facts.tasks.some((task) => task.rule === name && task.state === "open")) return;
    const lives = taskStates(rule);
    // Leaving the states it lives in would never cancel it. One that names none lives where it is opened.
    if (lives.length && !lives.includes(this.record.state)) return;
    if (!this.isOwed(rule)) return;
    this.retitle();
    const holders = holdersOf(this.type, rule, this.record, this.facts);
    const task = {
      id: this.input.newId(),
      organisation: this.record.organisation,
      type: this.type.name,
      record: this.record.id,
      rule: name,
      label: shorten(render(rule.label, templateScope(this.type, this.record, this.facts), this.record.title), 500),
      state: "open" as const,
      openedAt: this.now,
      dueOn: this.dueOf(rule),
      to: rule.to,
      decides: rule.decides ?? false,
      holders,
      principals: holders,
      because: rule.because ?? [],
    };
    this.change.openTasks.push(task);
    this.facts.tasks.push({ ...task, doneBy: [] });
    if (rule.tell)
      this.notify(
        { ...rule.tell, to: [{ task: name }] },
        { cause: `task:${task.id}`, because: task.because, dueOn: task.dueOn },
      );
  }

  /** The school's day of a date or an instant of the record, its creation and last change among them. */
  private dayIn(field: string): string | null {
    const value = dateIn(this.record, field);
    if (value === null) return null;
    return parsePartialDate(value) ? dueOn(value) : calendar(this.facts.calendar).dateOf(Date.parse(value));
  }

  private dueOf(rule: TaskRule): string | null {
    if (!rule.due) return null;
    const cal = calendar(this.facts.calendar);
    if ("field" in rule.due) return this.dayIn(rule.due.field);
    return cal.add(cal.dateOf(this.input.now), this.textOf(rule.due.after)).date;
  }

  /** The day a timer reminds of: that of the task it is counted from or opens, or of the date it comes before. */
  private dueOfTimer(rule: TimerRule, timer: TimerRow): string | null {
    const counted = taskCounted(rule.anchor, timer.anchorValue);
    const isIts = (row: TaskRow) => (counted ? row.id === counted : row.rule === rule.task);
    const task = this.facts.tasks.find((row) => row.state === "open" && isIts(row));
    if (task?.dueOn) return task.dueOn;
    const before = timer.step.startsWith("-") || timer.step === "P0D";
    return before ? dateCounted(timer.anchorValue) : null;
  }

  private closeTask(task: TaskRow, state: "done" | "cancelled", why: string): void {
    this.needsAllFacts();
    const opened = this.change.openTasks.findIndex((open) => open.id === task.id);
    // Opened and closed by one step: it was never there.
    if (opened >= 0) this.change.openTasks.splice(opened, 1);
    else this.change.closeTasks.push({ id: task.id, state, by: personOf(this.input.actor), why: why.slice(0, 500) });
    this.facts.tasks = this.facts.tasks.map((row) => (row.id === task.id ? { ...row, state } : row));
  }

  /** One notice per recipient. Returns their names. */
  private notify(
    rule: NoticeRule,
    about: { cause: string; because: string[]; dueOn: string | null },
    more: object = {},
  ): string[] {
    const template = this.type.notices?.[rule.template];
    if (!template) return [];
    this.retitle();
    const kept = barred(this.type, this.record, this.facts);
    // Who has done their part of a task sees it as long as it is open, and is told no more that it is to be done.
    const tasks = this.facts.tasks.map((task) => ({
      ...task,
      holders: task.holders.filter((person) => !task.doneBy.includes(person)),
    }));
    const persons = personsOf(rule.to, this.record, { ...this.facts, tasks }).filter((person) => !kept.has(person));
    // A field of the record goes before what every notice offers by the same name.
    const cal = calendar(this.facts.calendar);
    const due = about.dueOn ?? cal.dateOf(this.input.now);
    const scope = { due: shownDay(due), ...more, ...templateScope(this.type, this.record, this.facts) };
    const { school, mailing } = this.facts;
    const on = template.calendar ? this.dayIn(template.calendar.field) : null;
    for (const person of persons) {
      const own = { person: { name: this.facts.names[person] ?? "" }, ...scope };
      this.change.notices.push({
        id: this.input.newId(),
        organisation: this.record.organisation,
        type: this.type.name,
        record: this.record.id,
        ...about,
        person,
        template: rule.template,
        subject: shorten(render(template.subject, own) || this.record.reference, 500),
        body: renderMarkdown(template.body, own),
        sendAt: rule.urgent
          ? this.now
          : new Date(mailedAt(cal, this.input.now, school.mail, mailing[person])).toISOString(),
        urgent: rule.urgent ?? false,
        calendar:
          template.calendar && on !== null
            ? {
                on,
                summary: shorten(render(template.calendar.summary, own) || this.record.reference, 200),
                uid: `${this.record.id}.${template.calendar.field}`,
              }
            : null,
      });
    }
    return persons.map((person) => this.facts.names[person] ?? "somebody");
  }

  /** A record imported into a state that is reached by ratifying a text holds that text in force. */
  private takeAsInForce(state: string): void {
    for (const { to, ratifies } of Object.values(this.type.actions)) {
      const value = ratifies === undefined ? null : (this.record.fields[ratifies] as DocumentValue | null);
      if (to !== state || ratifies === undefined || !value || value.inForce) continue;
      this.change.inForce.push({ field: ratifies, version: value.latest.id });
      this.record.fields[ratifies] = { ...value, inForce: value.latest };
    }
  }

  private putInForce(name: string, textHash: string | undefined): void {
    const value = this.record.fields[name] as DocumentValue;
    if (!textHash)
      throw invalid([{ path: "input.textHash", message: "The text that was read must be named by its hash." }]);
    if (textHash !== value.latest.hash)
      throw new Failure("STALE", "The text has changed since you read it. Read it again, then decide.", [
        { path: "input.textHash", message: "This is the hash of another version." },
      ]);
    this.change.inForce.push({ field: name, version: value.latest.id });
    this.record.fields[name] = { ...value, inForce: value.latest };
    this.touch(name);
  }

  private setFields(values: Fields): void {
    for (const [name, value] of Object.entries(values)) {
      if (canonicalJson(this.record.fields[name] ?? null) === canonicalJson(value)) continue;
      this.record.fields[name] = value;
      this.touch(name);
    }
  }

  private setTexts(texts: Record<string, NewText>): void {
    for (const [field, text] of Object.entries(texts)) {
      const before = this.record.fields[field] as DocumentValue | null | undefined;
      if (before?.latest.hash === text.hash) continue;
      const version = { id: text.id, hash: text.hash, number: (before?.latest.number ?? 0) + 1 };
      this.record.fields[field] = { ...before, latest: version };
      this.facts.texts[version.id] = text.text;
      this.change.documents.push({ field, version: { ...version, text: text.text } });
      this.touch(field);
    }
  }

  private fitting(values: Fields): Fields {
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, fitted(this.type.fields[name], value)]),
    );
  }

  private touch(name: string): void {
    if (!this.change.changed.includes(name)) this.change.changed.push(name);
  }

  private retitle(): void {
    this.record.title = titleOf(this.type, this.record, this.facts);
  }

  private note(
    kind: Change["history"][number]["kind"],
    rule: string,
    because: string[],
    body: { summary: string; detail: Record<string, unknown> },
  ): void {
    const { actor } = this.input;
    const detail = actor.kind === "device" ? { ...body.detail, device: actor.device } : body.detail;
    this.change.history.push({ kind, rule, because, summary: body.summary, detail });
  }

  /** [from, to] by field. Sensitive values and texts are not repeated: a text is its hash. */
  private changedValues(): Record<string, [Told, Told]> {
    return Object.fromEntries(
      this.change.changed.map((name) => {
        const field = this.type.fields[name];
        const told = (value: FieldValue | undefined): Told =>
          field && isSensitive(field) ? "(kept confidential)" : this.told(field, value ?? null);
        return [name, [told(this.change.before?.fields[name]), told(this.record.fields[name])]];
      }),
    );
  }

  private toldAnswers({ asks }: Action, answers: Fields): Record<string, Told> {
    return Object.fromEntries(Object.entries(answers).map(([name, value]) => [name, this.told(asks?.[name], value)]));
  }

  /** A value as the history keeps it: files by name and hash, since they may be gone from the record when it is read. */
  private told(field: Field | undefined, value: FieldValue): Told {
    if (isEmpty(value) || !isFile(field)) return value;
    const known = "files" in this.input.event ? (this.input.event.files ?? []) : [];
    const files = filesIn(field, value).flatMap((id) => known.find((file) => file.id === id) ?? []);
    return field?.kind === "file" ? (files[0] ?? null) : files;
  }

  /** Files that were not in their field before come to belong to the record. */
  private attach(fields: Record<string, Field>, values: Fields): void {
    for (const [name, value] of Object.entries(values)) {
      const held = filesIn(fields[name], this.record.fields[name]);
      for (const file of filesIn(fields[name], value))
        if (!held.includes(file)) this.change.attached.push({ field: name, file });
    }
  }

  private becauseOf(names: string[]): string[] {
    return [...new Set(names.flatMap((name) => this.type.fields[name]?.because ?? []))].slice(0, 12);
  }

  private textOf(value: string | SettingRef): string {
    return typeof value === "string" ? value : String(this.facts.settings[value.setting]);
  }

  private whileState(): string {
    return `while it is ${this.type.states[this.record.state]?.label.toLowerCase() ?? this.record.state}`;
  }

  private refuse(problems: Problem[]): void {
    if (problems.length) throw invalid(problems);
  }

  /** A record that comes by itself and may not be as it is: trying again does not mend it. */
  private refuseMade(problems: Problem[]): void {
    if (problems.length && this.input.actor.kind === "system") throw new RuleBroken(problems);
    this.refuse(problems);
  }
}

/** Stays of which each stands by itself: what is older is kept as one, of their length. */
const MAX_SPANS = 200;

function bounded(spans: [string, string][]): [string, string][] {
  const [first, second] = spans;
  if (spans.length <= MAX_SPANS || !first || !second) return spans;
  const length = Date.parse(first[1]) - Date.parse(first[0]);
  return [[new Date(Date.parse(second[0]) - length).toISOString(), second[1]], ...spans.slice(2)];
}

/** A record before its first step: what its creation says of it, and no field yet. */
export function blankRecord({
  type,
  event,
  now,
  actor,
  definitionVersion,
}: Pick<StepInput, "type" | "event" | "now" | "actor" | "definitionVersion">): RecordData {
  if (event.kind !== "create") throw new Error("Only a create has no record.");
  const at = new Date(now).toISOString();
  return {
    id: event.id,
    type: type.name,
    organisation: event.organisation,
    reference: event.reference,
    title: "",
    state: "",
    entered: {},
    definitionVersion,
    version: 1,
    createdAt: at,
    updatedAt: at,
    createdBy: personOf(actor),
    historySeq: 0,
    historyHash: null,
    fields: {},
  };
}

/** For the compiler: the one form of effect that is there before the others, since they read what it sets. */
const wasSet = (_effect: Effects["set"]): void => undefined;

const valuesOf = (set: Record<string, Value>, scope: Scope): Fields =>
  Object.fromEntries(Object.entries(set).map(([name, value]) => [name, valueOf(value, scope)]));

/** Does a roster's audience, or the set it makes, depend on this field? */
const rosterReads = ({ of, except, per }: Roster, field: string): boolean =>
  [...of, ...(except ?? [])].some((who) => fieldOfWho(who) === field) ||
  (typeof per?.value === "object" &&
    per.value !== null &&
    "field" in per.value &&
    per.value.field.split(".")[0] === field);
