/**
 * What a step has decided so far: the change, over its own copy of the facts. Each part of a step writes to it, in a module of
 * its own, and reads what the parts before have written.
 */
import { calendar } from "../calendar";
import type { Scope } from "../scope";
import { dueOn, parsePartialDate } from "../dates";
import type { Action, RecordType, SettingRef } from "../definition";
import { invalid, RuleBroken, type Problem } from "../failure";
import { dateIn } from "../language/anchor";
import { openTasks } from "../missing";
import type { Change, Facts, Fields, RecordData, StepInput, TaskRow } from "../record";
import { titleOf } from "../templates";
import { canonicalJson } from "../text";
import { personOf } from "../who";

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

export class Decision {
  readonly change: Change;
  readonly facts: Facts;

  /** Why timers move, when they do. */
  reason = "";
  /** An edit has set something going: what follows from that is looked at as after any other event. */
  goesOn = false;

  constructor(readonly input: StepInput) {
    const { type, record, facts } = input;
    // The step works on its own copies: facts are shared by a whole batch.
    this.facts = { ...facts, tasks: facts.tasks && [...facts.tasks], texts: { ...facts.texts } };
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

  get record(): RecordData {
    return this.change.after;
  }

  get type(): RecordType {
    return this.input.type;
  }

  get tasks(): TaskRow[] {
    return openTasks(this.facts, this.record);
  }

  get now(): string {
    return new Date(this.input.now).toISOString();
  }

  scope(form?: Fields, { asks }: Pick<Action, "asks"> = {}): Scope {
    const own = scopeOf({ ...this.input, facts: this.facts }, this.record);
    return { ...own, ...(form ? { form } : {}), ...(asks ? { asks } : {}) };
  }

  /** The school's day of a date or an instant of the record, its creation and last change among them. */
  dayIn(field: string): string | null {
    const value = dateIn(this.record, field);
    if (value === null) return null;
    return parsePartialDate(value) ? dueOn(value) : calendar(this.facts.calendar).dateOf(Date.parse(value));
  }

  setFields(values: Fields): void {
    for (const [name, value] of Object.entries(values)) {
      if (canonicalJson(this.record.fields[name] ?? null) === canonicalJson(value)) continue;
      this.record.fields[name] = value;
      this.touch(name);
    }
  }

  touch(name: string): void {
    if (!this.change.changed.includes(name)) this.change.changed.push(name);
  }

  retitle(): void {
    this.record.title = titleOf(this.type, this.record, this.facts);
  }

  note(
    kind: Change["history"][number]["kind"],
    rule: string,
    because: string[],
    body: { summary: string; detail: Record<string, unknown> },
  ): void {
    const { actor } = this.input;
    const detail = actor.kind === "device" ? { ...body.detail, device: actor.device } : body.detail;
    this.change.history.push({ kind, rule, because, summary: body.summary, detail });
  }

  textOf(value: string | SettingRef): string {
    return typeof value === "string" ? value : String(this.facts.settings[value.setting]);
  }

  whileState(): string {
    return `while it is ${this.type.states[this.record.state]?.label.toLowerCase() ?? this.record.state}`;
  }

  refuse(problems: Problem[]): void {
    if (problems.length) throw invalid(problems);
  }

  /** A record that comes by itself and may not be as it is: trying again does not mend it. */
  refuseMade(problems: Problem[]): void {
    if (problems.length && this.input.actor.kind === "system") throw new RuleBroken(problems);
    this.refuse(problems);
  }
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
