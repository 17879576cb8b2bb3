/**
 * A school in memory: the pack's own definitions, decided by the same `step`, over facts read from maps instead of tables.
 * It stores what a step decides and fires what falls due, as the engine does, so that years pass in seconds.
 */
import { inheritedBy } from "../../schema/fields";
import { createHash } from "node:crypto";
import { calendar, type Calendar } from "../../schema/calendar";
import type { CalendarData } from "../../schema/calendarData";
import { isAmong, ownFigures, valueOf } from "../../schema/condition";
import type { Ask, Scope } from "../../schema/scope";
import type { Duty, Pack, RecordType, SettingRef } from "../../schema/definition";
import { factsRead } from "../../schema/factsRead";
import { personsIn } from "../../schema/language/who";
import { Missing, type Need } from "../../schema/missing";
import type {
  Actor,
  Change,
  Facts,
  Fields,
  NewText,
  RecordData,
  StepEvent,
  TaskRow,
  TimerKind,
  TimerRow,
} from "../../schema/record";
import { barred, personsOf } from "../../schema/who";
import { blankRecord, scopeOf } from "../../schema/step/decision";
import { step } from "../../schema/step/step";

export interface Member {
  id: string;
  name: string;
  roles: string[];
  lineManager?: string;
}

const system: Actor = { kind: "system", name: "Duly" };
const organisation = "school";
export const textOf = (text: string): NewText => {
  const hash = createHash("sha256").update(text).digest("hex");
  return { id: hash.slice(0, 26), hash, text };
};

export class MemorySchool {
  readonly records = new Map<string, RecordData>();
  private readonly byType = new Map<string, Map<string, RecordData>>();
  readonly timers = new Map<string, TimerRow[]>();
  readonly tasks = new Map<string, TaskRow[]>();
  readonly types: Map<string, RecordType>;
  readonly calendar: Calendar;
  /** Those of `timers` that wait. */
  private readonly waiting = new Map<string, TimerRow>();
  private readonly texts = new Map<string, string>();
  /** When each duty comes round next. */
  private readonly duties: { type: RecordType; duty: Duty; n: number; at: number }[] = [];
  private made = 0;

  constructor(
    pack: Pack,
    readonly members: Member[],
    private readonly data: CalendarData,
    public now: number,
  ) {
    this.calendar = calendar(data);
    this.types = new Map(pack.types.map((type) => [type.name, type]));
    for (const type of pack.types)
      for (const duty of Object.values(type.duties ?? {})) this.lay({ type, duty, n: 0, at: 0 });
  }

  get today(): string {
    return this.calendar.dateOf(this.now);
  }

  newId = (): string => `${String(++this.made).padStart(26, "0")}`;

  typeOf(record: RecordData): RecordType {
    const type = this.types.get(record.type);
    if (!type) throw new Error(`There is no type ${record.type}.`);
    return type;
  }

  /** Decides one event and keeps what it decided, with the records it makes. Throws what `step` refuses. */
  apply(type: RecordType, record: RecordData | undefined, event: StepEvent, actor: Actor): RecordData {
    const subject = record ?? this.draft(type, event, actor);
    const facts = this.facts(type, subject);
    const input = { type, record, event, facts, actor, now: this.now, definitionVersion: 1, newId: this.newId };
    const change = this.withFacts(facts, () => step(input));
    this.keep(change);
    for (const { type: name, fields } of change.creates) this.create(name, fields, actor);
    return change.after;
  }

  create(name: string, values: Fields, actor: Actor, texts: Record<string, NewText> = {}): RecordData {
    const type = this.types.get(name);
    if (!type) throw new Error(`There is no type ${name}.`);
    const id = this.newId();
    const event = {
      kind: "create" as const,
      entry: "new" as const,
      id,
      organisation,
      reference: `R-${id}`,
      values,
      texts,
    };
    return this.apply(type, undefined, event, actor);
  }

  /** Goes forward to an instant, firing on the way what falls due, each at its own. */
  advance(to: number): void {
    for (let due = this.nextDue(); due !== undefined && due.at <= to; due = this.nextDue()) {
      this.now = Math.max(this.now, due.at);
      due.fire();
    }
    this.now = to;
  }

  facts(type: RecordType, record: RecordData): Facts {
    const read = factsRead(type);
    const related: Facts["related"] = {};
    for (const via of read.sentTo) related[via] = this.pointingAt(record, via);
    const linked: Facts["linked"] = {};
    for (const id of [...read.links, ...read.titles].flatMap((name) => personsIn(record, name)))
      linked[id] = this.records.get(id) ?? null;
    const above = String(record.fields[inheritedBy(type) ?? ""] ?? "");
    return {
      calendar: this.data,
      sources: { calendar: 1, settings: "1" },
      settings: Object.fromEntries(Object.entries(type.settings ?? {}).map(([name, { value }]) => [name, value])),
      goLiveOn: null,
      school: {
        id: organisation,
        name: "A school in memory",
        mail: { pace: "digest", from: "07:30", to: "18:00", digestAt: "08:00", days: "working" },
      },
      publicUrl: "http://memory.test",
      names: Object.fromEntries(this.members.map(({ id, name }) => [id, name])),
      mailing: {},
      holders: this.holders(),
      linked,
      titles: {},
      related,
      counts: {},
      texts: {},
      timers: this.timers.get(record.id) ?? [],
      tasks: (this.tasks.get(record.id) ?? []).filter(({ state }) => state === "open"),
      barredAbove: { [above]: this.barredFrom(this.records.get(above)) },
    };
  }

  ofType(type: string): RecordData[] {
    return [...(this.byType.get(type)?.values() ?? [])];
  }

  private draft(type: RecordType, event: StepEvent, actor: Actor): RecordData {
    if (event.kind !== "create") throw new Error("Only a create has no record.");
    return { ...blankRecord({ type, event, now: this.now, actor, definitionVersion: 1 }), fields: event.values };
  }

  /** Everybody's: there are few. */
  private holders(): Facts["holders"] {
    const holders: Facts["holders"] = {};
    for (const { id, roles, lineManager } of this.members) {
      for (const role of roles) (holders[`role:${role}`] ??= []).push(id);
      if (lineManager) holders[`relation:lineManager:${id}`] = [lineManager];
    }
    return holders;
  }

  /** As the store does: supplies what turns out to be missing, and asks again. */
  withFacts<T>(facts: Facts, read: () => T): T {
    for (;;)
      try {
        return read();
      } catch (error) {
        if (!(error instanceof Missing)) throw error;
        for (const need of error.needs) this.supply(facts, need);
      }
  }

  private supply(facts: Facts, need: Need): void {
    if ("count" in need) {
      const { count: ask, scope } = need;
      const among = this.reached(ask, scope).filter((other) => isAmong(ask.related, this.typeOf(other), other, scope));
      facts.counts[ask.key] = Math.min(among.length, ask.most);
    } else if ("record" in need) facts.linked[need.record] = this.records.get(need.record) ?? null;
    else if ("titles" in need) for (const id of need.titles) facts.titles[id] = this.records.get(id)?.title ?? "";
    else if ("text" in need) facts.texts[need.text] = this.texts.get(need.text) ?? "";
    else if ("tasks" in need || "timers" in need || "pointing" in need) throw new Error("They are all there.");
    else if ("above" in need) facts.barredAbove[need.above] = this.barredFrom(this.records.get(need.above));
    else if ("tasksOf" in need)
      facts.tasksHere = (this.tasks.get(need.tasksOf) ?? [])
        .filter(({ openedAt }) => openedAt >= need.since)
        .map(({ rule }) => rule);
    else for (const key of need.keys) facts.holders[key] = [];
  }

  private reached({ related, ids, values }: Ask, { record }: Scope): RecordData[] {
    if (!("via" in related))
      return this.ofType(related.type).filter((other) =>
        Object.entries(values).every(
          ([name, value]) => (name === "state" ? other.state : other.fields[name]) === value,
        ),
      );
    if (related.via.includes(".")) return record ? this.pointingAt(record, related.via) : [];
    return ids.flatMap((id) => this.records.get(id) ?? []);
  }

  private pointingAt({ id }: RecordData, via: string): RecordData[] {
    const [source = "", name = ""] = via.split(".");
    return this.ofType(source).filter((other) => [other.fields[name] ?? []].flat().includes(id));
  }

  private barredFrom(record: RecordData | undefined): string[] {
    if (!record) return [];
    const type = this.typeOf(record);
    const above = String(record.fields[inheritedBy(type) ?? ""] ?? "");
    return [...barred(type, record, { barredAbove: { [above]: this.barredFrom(this.records.get(above)) } })];
  }

  protected keep(change: Change): void {
    const { after } = change;
    this.records.set(after.id, after);
    const own = this.byType.get(after.type) ?? new Map<string, RecordData>();
    this.byType.set(after.type, own.set(after.id, after));
    for (const { version } of change.documents) this.texts.set(version.id, version.text);
    const settled = new Map(change.timers.map(({ timer }) => [timer.id, timer]));
    const timers = (this.timers.get(after.id) ?? []).map((timer) => settled.get(timer.id) ?? timer);
    timers.push(...change.newTimers, ...change.rosters.map((name) => this.dueNow(after, "roster", name)));
    this.timers.set(after.id, timers);
    for (const timer of timers)
      if (timer.state === "waiting") this.waiting.set(timer.id, timer);
      else this.waiting.delete(timer.id);
    const tasks: TaskRow[] = (this.tasks.get(after.id) ?? []).concat(
      change.openTasks.map((task) => ({ ...task, doneBy: [] })),
    );
    for (const { id, state } of change.closeTasks) Object.assign(tasks.find((task) => task.id === id) ?? {}, { state });
    for (const { id, ...moved } of change.updateTasks) Object.assign(tasks.find((task) => task.id === id) ?? {}, moved);
    for (const { id, person } of change.taskParts) tasks.find((task) => task.id === id)?.doneBy.push(person);
    this.tasks.set(after.id, tasks);
    for (const { record, event, answers } of change.sends) {
      const target = this.records.get(record);
      if (!target) continue;
      const send = { event, cause: after.id, depth: 1, ...(answers ? { answers } : {}) };
      this.await({ ...this.dueNow(target, "event", event), send });
    }
  }

  private await(timer: TimerRow): void {
    this.timers.get(timer.record)?.push(timer);
    this.waiting.set(timer.id, timer);
  }

  private dueNow({ id: record, type }: RecordData, kind: TimerKind, rule: string): TimerRow {
    const id = this.newId();
    const dueAt = new Date(this.now).toISOString();
    const at = { step: "P0D", anchorValue: id, n: 0, dueAt, state: "waiting" as const, stamp: "", provisional: false };
    return { id, organisation, type, record, kind, rule, ...at, firedAt: null, outcome: null, depth: 0, send: null };
  }

  private nextDue(): { at: number; fire: () => void } | undefined {
    let first: TimerRow | undefined;
    for (const timer of this.waiting.values()) if (!first || timer.dueAt < first.dueAt) first = timer;
    const duty = this.duties.reduce<(typeof this.duties)[number] | undefined>(
      (soonest, one) => (soonest && soonest.at <= one.at ? soonest : one),
      undefined,
    );
    const timer = first;
    const at = timer ? Date.parse(timer.dueAt) : Infinity;
    if (duty && duty.at < at) return { at: duty.at, fire: () => this.doDuty(duty) };
    return timer && { at, fire: () => this.fireTimer(timer) };
  }

  private fireTimer(timer: TimerRow): void {
    const record = this.records.get(timer.record);
    if (!record) throw new Error("A timer has no record.");
    if (timer.kind === "roster") this.fillRoster(record, timer);
    else this.apply(this.typeOf(record), record, { kind: "timer", timer }, system);
    const now = this.timers.get(record.id)?.find(({ id }) => id === timer.id);
    if (now?.state === "waiting" && now.dueAt === timer.dueAt && now.stamp === timer.stamp)
      throw new Error(`The clock ${timer.rule} of ${record.type} fired and still waits.`);
  }

  private fillRoster(record: RecordData, timer: TimerRow): void {
    timer.state = "fired";
    this.waiting.delete(timer.id);
    const type = this.typeOf(record);
    const roster = type.rosters?.[timer.rule];
    // Nobody joins a school in memory.
    if (!roster?.while.includes(record.state) || roster.joiners) return;
    const facts = this.facts(type, record);
    const scope = scopeOf({ type, actor: system, now: this.now, facts }, record);
    const { away, set, members, values } = this.withFacts(facts, () => ({
      away: new Set(personsOf(roster.except ?? [], record, facts)),
      set: roster.per ? String(valueOf(roster.per.value, scope) ?? "") : "",
      members: personsOf(roster.of, record, facts),
      values: Object.fromEntries(
        Object.entries(roster.fields ?? {}).map(([name, value]) => [name, valueOf(value, scope)]),
      ),
    }));
    const own = this.ofType(roster.type).filter((one) => one.fields[roster.link] === record.id);
    const isOfSet = (one: RecordData): boolean => !roster.per || one.fields[roster.per.field] === set;
    for (const person of members.filter((one) => !away.has(one)))
      if (!own.some((one) => one.fields[roster.person] === person && isOfSet(one)))
        this.create(
          roster.type,
          {
            ...values,
            [roster.link]: record.id,
            [roster.person]: person,
            ...(roster.per ? { [roster.per.field]: set } : {}),
          },
          system,
        );
    const { left } = roster;
    for (const one of own)
      if (left !== undefined && !isOfSet(one) && !this.typeOf(one).states[one.state]?.end)
        this.await({ ...this.dueNow(one, "event", left), send: { event: left, cause: record.id, depth: 1 } });
  }

  private doDuty(due: (typeof this.duties)[number]): void {
    this.duties.splice(this.duties.indexOf(due), 1);
    const settings = ownFigures(due.type);
    const scope = { type: due.type, today: this.today, actor: null, settings, calendar: this.calendar };
    this.create(
      due.type.name,
      Object.fromEntries(Object.entries(due.duty.fields ?? {}).map(([name, value]) => [name, valueOf(value, scope)])),
      system,
    );
    this.lay({ ...due, n: due.n + 1 });
  }

  private lay({ type, duty, n }: (typeof this.duties)[number]): void {
    const figure = (value: string | SettingRef): string =>
      typeof value === "string" ? value : String(type.settings?.[value.setting]?.value);
    for (let later = n; later < n + 400; later++) {
      const { date } = this.calendar.add(figure(duty.from), figure(duty.every), later);
      if (date < this.today) continue;
      const at = this.calendar.at(this.calendar.roll(date, "nextOpenDay", "working"), figure(duty.at ?? "08:00"));
      this.duties.push({ type, duty, n: later, at });
      return;
    }
  }
}
