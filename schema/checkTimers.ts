/** Timers, duties and settings: dates to count from, lengths of time that can be read, events that are accepted. */
import { checkCondition, offsetProblem } from "./checkCondition";
import { checkRings, countsHours } from "./checkHappens";
import { Checking, own } from "./checking";
import { checkMade } from "./checkMade";
import { checkNotice } from "./checkNotices";
import type { Literal, OffsetText, Setting, SettingRef, TimerRule } from "./definition";
import { parseDay } from "./epochDay";
import { isFar, parseOffset } from "./offset";
import { shown } from "./parseValue";
import { checkAnchor } from "./language/anchor";
import { at } from "./shape";
import { runsIn } from "./timers";
import { isEvent } from "./who";
import { isTime } from "./zone";

export function checkTimers(checking: Checking): void {
  const { type } = checking;
  for (const [name, timer] of Object.entries(type.timers ?? {})) checkTimer(checking, timer, at("timers", name));
  for (const [name, duty] of Object.entries(type.duties ?? {})) {
    const path = at("duties", name);
    checkDays(checking, duty.every, at(path, "every"));
    checkFirst(checking, duty.from, at(path, "from"));
    checkTime(checking, duty.at, at(path, "at"));
    checkMade(checking, type, duty.fields ?? {}, { tier: "guard", type, noRecord: true }, at(path, "fields"));
  }
  for (const [name, setting] of Object.entries(type.settings ?? {}))
    checkSetting(checking, setting, at("settings", name));
}

/** A duty looks for its next day from the first one on, so that one too far back or ahead never comes. */
const [EARLIEST, LATEST] = ["2000-01-01", "2100-01-01"];

function checkFirst(checking: Checking, from: string | SettingRef, path: string): void {
  const day = typeof from === "object" ? checking.setting(from, ["date"], path)?.value : from;
  if (typeof day !== "string") return;
  if (parseDay(day) === undefined) {
    if (typeof from === "string") checking.say(path, dayProblem(day));
  } else if (day < EARLIEST || day > LATEST)
    checking.say(path, `${shown(day)} is too far off: a duty begins between 2000 and 2100.`);
}

/** A length of time forward, of whole days: what is due on a day. */
export function checkDays(checking: Checking, offset: OffsetText | SettingRef, path: string): void {
  checkOffset(checking, offset, path, "after");
  const found = typeof offset === "object" ? own(checking.type.settings, offset.setting)?.value : offset;
  if (typeof found === "string" && countsHours(found))
    checking.say(path, `${shown(found)} counts hours, and this falls on a day: count in days or longer.`);
}

function checkTimer(checking: Checking, timer: TimerRule, path: string): void {
  checkAnchor(timer.anchor, at(path, "anchor"), checking);
  checking.states(timer.pausedWhile, at(path, "pausedWhile"));
  if (!Array.isArray(timer.steps)) checking.setting(timer.steps, ["offsets", "offset"], at(path, "steps"));
  else timer.steps.forEach((step, i) => checkOffset(checking, step, at(at(path, "steps"), i)));
  checkOffset(checking, timer.repeat, at(path, "repeat"), "after");
  checkOffset(checking, timer.quiet, at(path, "quiet"), "after");
  if (typeof timer.late === "object") checkOffset(checking, timer.late.skipAfter, at(path, "late.skipAfter"), "after");
  checkTime(checking, timer.at, at(path, "at"));
  checking.states(timer.while, at(path, "while"));
  if (timer.when) checkCondition(checking, timer.when, { tier: "guard", type: checking.type }, at(path, "when"));
  if (timer.event === undefined && !timer.notice && timer.task === undefined)
    checking.say(path, "This timer does nothing: give it an event, a notice or a task.");
  checkRings(checking, timer, path);
  if (timer.notice) checkNotice(checking, timer.notice, at(path, "notice"));
  if (timer.task !== undefined)
    checking.known("task", timer.task, Object.keys(checking.type.tasks ?? {}), at(path, "task"));
  checkEvent(checking, timer, path);
}

function checkEvent(checking: Checking, timer: TimerRule, path: string): void {
  const { type } = checking;
  const { event } = timer;
  const place = at(path, "event");
  if (event === undefined || !checking.known("event", event, Object.keys(type.actions), place)) return;
  const action = type.actions[event];
  if (!action) return;
  if (!isEvent(action)) checking.say(place, `${event} is done by people: an event has “who”: [{ "system": true }].`);
  const running = runsIn(type, timer);
  if (!action.from.some((state) => running.includes(state)))
    checking.say(
      place,
      `No state accepts ${event} while this timer runs: it runs in ${running.join(", ") || "no state"}, and ${event} goes from ${action.from.join(", ") || "no state"}.`,
    );
}

/** `direction` "after" refuses what lies before, or at once: a repeat of nothing would never end. */
export function checkOffset(
  checking: Checking,
  offset: OffsetText | SettingRef | undefined,
  path: string,
  direction?: "after",
): void {
  if (offset === undefined) return;
  const found = typeof offset === "object" ? checking.setting(offset, ["offset"], path)?.value : offset;
  if (typeof found !== "string") return;
  const parsed = parseOffset(found);
  if (!parsed || isFar(parsed))
    return typeof offset === "string" ? checking.say(path, offsetProblem(found)) : undefined;
  const least = path.endsWith(".quiet") || path.endsWith(".after") || path.endsWith(".skipAfter") ? 0 : 1;
  if (direction && parsed.n < least)
    checking.say(path, `${shown(found)} goes back or stands still: it must go forward.`);
}

function checkTime(checking: Checking, time: string | SettingRef | undefined, path: string): void {
  if (typeof time === "object") checking.setting(time, ["time"], path);
  else if (time !== undefined && !isTime(time)) checking.say(path, timeProblem(time));
}

const dayProblem = (day: unknown) => `${shown(day)} is not a date: write year, month and day, such as 2026-09-07.`;
const timeProblem = (time: unknown) => `${shown(time)} is not a time of day: write 08:00.`;

function checkSetting(checking: Checking, setting: Setting, path: string): void {
  const { value, kind } = setting;
  const many = kind === "offsets" || kind === "texts";
  const place = at(path, "value");
  if (many !== Array.isArray(value))
    return checking.say(
      place,
      many ? `A setting of ${kind} holds a list.` : `A setting of kind ${kind} holds one value.`,
    );
  for (const [i, part] of (Array.isArray(value) ? value : [value]).entries()) {
    const problem = settingProblem(kind, part);
    if (problem) checking.say(many ? at(place, i) : place, problem);
  }
}

function isOffset(text: string): boolean {
  const parsed = parseOffset(text);
  return parsed !== undefined && !isFar(parsed);
}

/** Why a value does not fit the kind of a setting (one of its values, where it holds a list); undefined where it does. */
export function settingProblem(kind: Setting["kind"], value: Literal): string | undefined {
  switch (kind) {
    case "offset":
    case "offsets":
      return typeof value === "string" && isOffset(value) ? undefined : offsetProblem(String(value));
    case "time":
      return typeof value === "string" && isTime(value) ? undefined : timeProblem(value);
    case "number":
      return typeof value === "number" && Number.isFinite(value) ? undefined : `${shown(value)} is not a number.`;
    case "percent":
      if (typeof value === "number" && value >= 0 && value <= 100) return undefined;
      return `${shown(value)} is not a percentage: from 0 to 100.`;
    case "date":
      if (typeof value === "string" && parseDay(value) !== undefined) return undefined;
      return dayProblem(value);
    default:
      return typeof value === "string" && value.trim() ? undefined : `${shown(value)} is not a text.`;
  }
}
