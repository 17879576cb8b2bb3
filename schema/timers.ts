/**
 * Living deadlines: every timer of a record is a function of its dates, the rules, the settings and the calendar.
 * `deriveTimers` compares what should stand with what stands, and says what to create, move, cancel or skip.
 * An occurrence is a step for one value of the anchor (and the n of a repeat), and never fires twice.
 */
import { calendar } from "./calendar";
import type { OffsetText, RecordType, SettingRef, TimerRule } from "./definition";
import { dayOf, textOfDay } from "./epochDay";
import { type AnchorPoint, anchorPoint, anchorsOf, isMovedBy, linkedDate } from "./language/anchor";
import { units } from "./language/units";
import { linkedBy } from "./language/who";
import { clocksOf } from "./missing";
import { parseOffset } from "./offset";
import type { Facts, RecordData, TimerChange, TimerRow } from "./record";

/** How far ahead a repeat is looked for before it is given up as unending. */
const mostRepeats = 2_400;

export const isSetting = (value: unknown): value is SettingRef =>
  typeof value === "object" && value !== null && "setting" in value;

const text = (value: string | SettingRef, facts: Facts): string =>
  isSetting(value) ? String(facts.settings[value.setting]) : value;

/** The outcome of a step that fell together with the next. It waits: when the two part again, it stands again. */
export const mergedOutcome = "It falls on the same day as the next step.";
const isMerged = (row: TimerRow): boolean => row.state === "skipped" && row.outcome === mergedOutcome;

/** The steps of a rule as offset texts, each once: a single setting may hold the whole list. */
export function stepsOf(rule: TimerRule, facts: Facts): OffsetText[] {
  const steps = isSetting(rule.steps) ? facts.settings[rule.steps.setting] : rule.steps;
  const list = Array.isArray(steps) ? steps : [steps];
  return [...new Set(list.map((step) => (isSetting(step) ? String(facts.settings[step.setting]) : String(step))))];
}

/** The states a rule runs in. Default: all but resting and end states. */
export const runsIn = (type: RecordType, rule: TimerRule): string[] =>
  rule.while ??
  Object.entries(type.states)
    .filter(([, state]) => !state.end && !state.resting)
    .map(([name]) => name);

/** States in which a clock of the type stands still: how long a record stays in them is kept. */
export const pauses = (type: RecordType, state: string): boolean =>
  Object.values(type.timers ?? {}).some((rule) => rule.pausedWhile?.includes(state));

/** The point a rule is counted from, moved on by whatever time its clock stood still: by days where it is a date. */
function pointOf(rule: TimerRule, record: RecordData, facts: Facts): AnchorPoint | undefined {
  const point = anchorPoint(rule.anchor, record, facts);
  if (!point) return undefined;
  const cal = calendar(facts.calendar);
  const since = point.at ?? cal.at(point.date, "00:00");
  let [days, ms] = [0, 0];
  for (const [from, to] of (rule.pausedWhile ?? []).flatMap((state) => record.entered[state]?.spans ?? [])) {
    const [began, ended] = [Math.max(since, Date.parse(from)), Date.parse(to)];
    if (ended <= began) continue;
    ms += ended - began;
    days += dayOf(cal.dateOf(ended)) - dayOf(cal.dateOf(began));
  }
  if (!ms) return point;
  const moved = { ...point, date: textOfDay(dayOf(point.date) + days) };
  return point.at === undefined ? moved : { ...moved, at: point.at + ms };
}

interface Instant {
  at: number;
  provisional: boolean;
}

/** When a step (its n-th repeat) falls due. Hours and minutes count from the anchor's instant, the rest from its date. */
function instantOf(rule: TimerRule, point: AnchorPoint, step: OffsetText, n: number, facts: Facts): Instant {
  const cal = calendar(facts.calendar);
  const offset = parseOffset(step);
  const clock = rule.at ?? (facts.settings["morning"] === undefined ? "08:00" : { setting: "morning" });
  if (point.at !== undefined && offset && units[offset.unit].byTheClock) {
    const first = cal.addInstant(point.at, step);
    if (n === 0 || rule.repeat === undefined) return first;
    return cal.addInstant(first.at, text(rule.repeat, facts), n);
  }
  const first = cal.add(point.date, step);
  const raw = n === 0 || rule.repeat === undefined ? first : cal.add(first.date, text(rule.repeat, facts), n);
  // A reminder before a date never rolls past it.
  const limits = offset && offset.n < 0 ? { notAfter: point.date } : {};
  const date = cal.roll(raw.date, rule.roll ?? "none", rule.open ?? "working", limits);
  return { at: cal.at(date, text(clock, facts)), provisional: raw.provisional || first.provisional };
}

/** The versions a timer is computed from: with another stamp it is derived again before it may fire. */
export function stampOf(rule: TimerRule, record: RecordData, facts: Facts): string {
  const base = `${record.definitionVersion}.${facts.sources.calendar}.${facts.sources.settings}`;
  const linked = anchorsOf(rule.anchor).flatMap((one) => {
    const read = linkedDate(one);
    const linked = read && linkedBy(read.link, record, facts);
    // Something may be done to a record, and change none of its fields.
    return linked ? `${linked.id}@${read.field === "updatedAt" ? linked.updatedAt : linked.version}` : [];
  });
  const stamp = [base, ...linked].join(".");
  return stamp.length <= STAMP_LENGTH ? stamp : `${base}.${hashOf(stamp)}`;
}

/** Characters that the column takes: six links and more do not fit. */
const STAMP_LENGTH = 191;

/** 64 bits of FNV-1a, hex: tells two states of the same links apart. */
function hashOf(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i++) hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n);
  return hash.toString(16);
}

export interface Derived {
  newTimers: TimerRow[];
  changes: TimerChange[];
}

interface Wanted {
  step: OffsetText;
  n: number;
  at: number;
  provisional: boolean;
  /** Set where the occurrence is not to fire: why. */
  skip?: string;
}

/**
 * What should stand for a record, against what stands (`facts.timers`, all states). `now` in epoch ms. Pure; `newId`
 * makes ids for new rows.
 */
export function deriveTimers(
  type: RecordType,
  record: RecordData,
  facts: Facts,
  now: number,
  newId: () => string,
): Derived {
  const derived: Derived = { newTimers: [], changes: [] };
  for (const [name, rule] of Object.entries(type.timers ?? {})) {
    const rows = clocksOf(facts, record).filter((timer) => timer.kind === "rule" && timer.rule === name);
    const paused = rule.pausedWhile?.includes(record.state) ?? false;
    const runs = runsIn(type, rule).includes(record.state) && !paused;
    const point = runs ? pointOf(rule, record, facts) : undefined;
    const wanted = point ? wantedOf(rule, point, rows, facts, now) : [];
    const stamp = stampOf(rule, record, facts);
    const kept = new Set<string>();
    // A figure that moves a step takes its row along: what stood for it would lie there for ever.
    const steps = new Set(point ? stepsOf(rule, facts) : []);
    const isFreed = (row: TimerRow): boolean =>
      row.state === "waiting" && row.n === 0 && !steps.has(row.step as OffsetText) && !kept.has(row.id);
    for (const want of wanted) {
      const exact = rows.find((row) => row.step === want.step && row.n === want.n && row.anchorValue === point?.value);
      // A waiting row of the same step for an older date moves along, so that the page can say from when to when.
      const row =
        exact ??
        rows.find(
          (other) => other.state === "waiting" && other.step === want.step && other.n === want.n && !kept.has(other.id),
        ) ??
        (want.n === 0 ? rows.find(isFreed) : undefined);
      const dueAt = new Date(want.at).toISOString();
      if (!row) {
        derived.newTimers.push({
          id: newId(),
          organisation: record.organisation,
          type: type.name,
          record: record.id,
          kind: "rule",
          rule: name,
          step: want.step,
          anchorValue: point?.value ?? "",
          n: want.n,
          dueAt,
          state: want.skip ? "skipped" : "waiting",
          stamp,
          provisional: want.provisional,
          firedAt: null,
          outcome: want.skip ?? null,
          depth: 0,
          send: null,
        });
        continue;
      }
      kept.add(row.id);
      const after: TimerRow = {
        ...row,
        step: want.step,
        anchorValue: point?.value ?? "",
        dueAt,
        stamp,
        provisional: want.provisional,
        state: want.skip ? "skipped" : "waiting",
        outcome: want.skip ?? null,
      };
      const moved = row.state === "waiting" && row.dueAt !== dueAt;
      const isOther = row.step !== after.step || row.anchorValue !== after.anchorValue;
      if (moved || isOther || row.state !== after.state || row.stamp !== stamp)
        derived.changes.push({ timer: after, ...(moved && !want.skip ? { movedFrom: row.dueAt } : {}) });
    }
    const why = paused
      ? `Its clock stands still while ${type.states[record.state]?.label.toLowerCase()}.`
      : !runs
        ? `It does not run while ${type.states[record.state]?.label.toLowerCase()}.`
        : "Its date is gone.";
    for (const row of rows)
      if (row.state === "waiting" && !kept.has(row.id))
        derived.changes.push({ timer: { ...row, state: "cancelled", outcome: why } });
  }
  for (const row of clocksOf(facts, record))
    if (row.state === "waiting" && row.kind === "rule" && !type.timers?.[row.rule])
      derived.changes.push({ timer: { ...row, state: "cancelled", outcome: "Its rule is gone." } });
  return derived;
}

/** The occurrences of a rule for one anchor value that are not yet handled, with those that are not to fire marked. */
function wantedOf(rule: TimerRule, point: AnchorPoint, rows: TimerRow[], facts: Facts, now: number): Wanted[] {
  const handled = (step: string, n: number) =>
    rows.some(
      (row) =>
        row.anchorValue === point.value &&
        row.step === step &&
        row.n === n &&
        (row.state === "fired" || (row.state === "skipped" && !isMerged(row)) || row.state === "dead"),
    );
  /** Fell together with the next step, and its own day has come since: what was said then stands for both. */
  const mergedAway = (step: string, at: number) =>
    at <= now && rows.some((row) => isMerged(row) && row.anchorValue === point.value && row.step === step);
  const cal = calendar(facts.calendar);
  const goLive = facts.goLiveOn === null ? -Infinity : cal.at(facts.goLiveOn, "00:00");
  const all = stepsOf(rule, facts)
    .map((step) => ({ step, n: 0, ...instantOf(rule, point, step, 0, facts) }))
    .sort((a, b) => a.at - b.at)
    // Nothing fires before the school goes live: what falls due till then waits for that day, and comes to one.
    .map((one) => (now < goLive && one.at < goLive && rule.repeat === undefined ? { ...one, at: goLive } : one));
  const last = all.at(-1);
  const wanted: Wanted[] = [];
  const past = all.filter((one) => one.at <= now);
  const latestPast = past.at(-1);
  for (const [index, one] of all.entries()) {
    if (handled(one.step, 0) || mergedAway(one.step, one.at)) continue;
    const next = all[index + 1];
    const beforeGoLive = one.at < goLive;
    const behind = () => (one === last ? followingRepeat(rule, point, { ...one, n: 0 }, facts) : latestPast?.at);
    const tooLate = whyTooLate(rule, one.at, behind, now);
    let skip: string | undefined;
    if (next && next.at === one.at) skip = mergedOutcome;
    else if (beforeGoLive && rule.repeat !== undefined) skip = "It fell due before the school went live.";
    else if (beforeGoLive && one.at <= now && one !== latestPast) skip = collapsedOutcome;
    else if (tooLate !== undefined) skip = tooLate;
    else if (isQuiet(rule, one.step, one.at, rows, facts)) skip = "It was sent shortly before, for the earlier date.";
    wanted.push({ ...one, ...(skip ? { skip } : {}) });
  }
  if (rule.repeat !== undefined && last) {
    const open = wanted.find((one) => one.step === last.step && !one.skip);
    if (!open) wanted.push(...nextRepeat(rule, point, last.step, rows, facts, now, goLive));
  }
  return wanted;
}

const collapsedOutcome = "Its time was already past: one notice stands for all that were missed.";

/** What fires so soon after it fell due is on time: workers have a round to make. */
const punctualMs = 600_000;

/** Why what fell due at `at` is not done any more. `behind`: when another of its rule fell due that says the same. */
function whyTooLate(
  { late }: TimerRule,
  at: number,
  behind: () => number | undefined,
  now: number,
): string | undefined {
  if (typeof late === "object" && now - at > Math.max(durationMs(late.skipAfter), punctualMs))
    return "It was found too late to be of use.";
  if (late !== "collapse" || at > now) return undefined;
  const next = behind() ?? at;
  return at < next && next <= now ? collapsedOutcome : undefined;
}

/** When the first repeat after this occurrence falls due that does not come to one with it. */
function followingRepeat(
  rule: TimerRule,
  point: AnchorPoint,
  { step, n, at }: Pick<Wanted, "step" | "n" | "at">,
  facts: Facts,
): number | undefined {
  if (rule.repeat === undefined) return undefined;
  for (let later = n + 1; later <= n + mostRepeats; later++) {
    const next = instantOf(rule, point, step, later, facts);
    if (next.at > at) return next.at;
  }
  return undefined;
}

/**
 * Why a row that is due is not to fire now, by the same rules as it was derived by: what it waited for may have been long
 * ago, while nothing fired.
 */
export function whyNotNow(
  rule: TimerRule,
  timer: TimerRow,
  record: RecordData,
  facts: Facts,
  now: number,
): string | undefined {
  const point = pointOf(rule, record, facts);
  if (point?.value !== timer.anchorValue) return undefined;
  const rows = clocksOf(facts, record).filter((row) => row.kind === "rule" && row.rule === timer.rule);
  return wantedOf(rule, point, rows, facts, now).find(({ step, n }) => step === timer.step && n === timer.n)?.skip;
}

/** The next repeat, and those that stood for one that is not done any more. */
function nextRepeat(
  rule: TimerRule,
  point: AnchorPoint,
  step: OffsetText,
  rows: TimerRow[],
  facts: Facts,
  now: number,
  goLive: number,
): Wanted[] {
  const done = rows.filter(
    (row) =>
      row.anchorValue === point.value &&
      row.step === step &&
      row.state !== "waiting" &&
      row.state !== "cancelled" &&
      !isMerged(row),
  );
  let n = Math.max(0, ...done.map((row) => row.n)) + 1;
  let found = instantOf(rule, point, step, n, facts);
  const lastDone = Math.max(...done.map((row) => Date.parse(row.dueAt)));
  // Those that roll onto one open day, a weekend's or a holiday's, come to one.
  const isOver = (at: number): boolean => at <= lastDone || at < goLive;
  const tooLate = (one: Pick<Wanted, "n" | "at">) =>
    whyTooLate(rule, one.at, () => followingRepeat(rule, point, { step, ...one }, facts), now);
  for (let tries = 0; tries < mostRepeats; tries++) {
    if (!isOver(found.at) && tooLate({ n, at: found.at }) === undefined) break;
    n++;
    found = instantOf(rule, point, step, n, facts);
  }
  const passed = rows
    .filter((row) => row.state === "waiting" && row.anchorValue === point.value && row.step === step)
    .filter((row) => row.n > 0 && row.n < n)
    .flatMap((row): Wanted[] => {
      const one = { step, n: row.n, ...instantOf(rule, point, step, row.n, facts) };
      const skip = isOver(one.at) ? undefined : tooLate(one);
      return skip === undefined ? [] : [{ ...one, skip }];
    });
  // One that stands still, a setting of no days, is over: it would be due again at once, for ever.
  return found.at > lastDone ? [...passed, { step, n, ...found }] : passed;
}

/** "Unless that step last fired within `quiet` of the new instant." */
function isQuiet(rule: TimerRule, step: OffsetText, at: number, rows: TimerRow[], facts: Facts): boolean {
  // An event that was not sent, or a task that did not open, would be lost; a reminder not repeated is only kind.
  const onlyTells = rule.event === undefined && rule.task === undefined;
  const quiet = durationMs(text(rule.quiet ?? (onlyTells ? "P14D" : "P0D"), facts));
  return rows.some(
    (row) =>
      row.step === step &&
      row.state === "fired" &&
      row.firedAt !== null &&
      Math.abs(Date.parse(row.firedAt) - at) < quiet,
  );
}

/** A tolerance as a length of time: about, where months and open days differ. */
export function durationMs(offset: OffsetText): number {
  const parsed = parseOffset(offset);
  return parsed ? Math.abs(parsed.n) * units[parsed.unit].lengthMs : 0;
}

/** Can a change of these fields move a timer, or ask for one? */
export const movesTimers = (type: RecordType, changed: string[]): boolean =>
  Object.values(type.timers ?? {}).some(({ anchor }) => changed.some((field) => isMovedBy(anchor, field, type)));

/** Does each change of a record move a clock of this rule? Its history does not say so each time. */
export function followsChanges(type: RecordType, name: string): boolean {
  const anchor = type.timers?.[name]?.anchor;
  return anchor !== undefined && isMovedBy(anchor, "updatedAt", type);
}

/** Elapsed time that takes a generation off a chain of causes: a chase every ten minutes may go on for ever. */
const generationMs = 600_000;

/** The depth of what is set `waitMs` ahead by something of this depth: one more, and one less for each ten minutes. */
export const nextDepth = (depth: number, waitMs: number): number =>
  Math.max(0, depth + 1 - Math.floor(Math.max(0, waitMs) / generationMs));
