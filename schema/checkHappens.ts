/** What could never happen: a clock that never rings, a task that nobody can finish, a step that stands twice. */
import { namesPersons } from "./fields";
import { Checking, own } from "./checking";
import type { Anchor, OffsetText, RecordType, SettingRef, TaskRule, TimerRule, Who } from "./definition";
import { units } from "./language/units";
import { parseOffset } from "./offset";
import { at } from "./shape";
import { anchorsOf, isInstant } from "./language/anchor";
import { runsIn } from "./timers";
import { isEvent } from "./who";

/** States that a record in this one can come to, itself among them. */
function comesTo(type: RecordType, state: string): Set<string> {
  const reached = new Set([state]);
  for (const from of reached)
    for (const { from: states, to } of Object.values(type.actions))
      if (to !== undefined && states.includes(from)) reached.add(to);
  return reached;
}

/** States in which a task can be open: those it lives in, else those in which something opens it. */
export function opensIn(type: RecordType, name: string): string[] {
  const task = own(type.tasks, name);
  if (task?.while ?? task?.opens) return task?.while ?? [task?.opens ?? ""];
  const timers = Object.values(type.timers ?? {}).filter((timer) => timer.task === name);
  const actions = Object.values(type.actions).filter(({ effects }) =>
    effects?.some((effect) => "task" in effect && effect.task === name),
  );
  return [
    ...timers.flatMap((timer) => runsIn(type, timer)),
    ...actions.flatMap(({ from, to }) => (to === undefined ? from : [to])),
  ];
}

/** Why a timer never rings; undefined where it can. */
function neverRings(type: RecordType, timer: TimerRule): { path: string; message: string } | undefined {
  const running = runsIn(type, timer).filter((state) => !timer.pausedWhile?.includes(state));
  if (!running.length)
    return {
      path: "while",
      message: "It runs in no state, so it never comes: name one in “while” and not in “pausedWhile”.",
    };
  const meets = (part: Anchor): boolean => {
    if ("state" in part) return running.some((state) => comesTo(type, part.state).has(state));
    return !("task" in part) || opensIn(type, part.task).some((state) => running.includes(state));
  };
  const missed = anchorsOf(timer.anchor).find((part) => !meets(part));
  if (!missed) return undefined;
  const from = "state" in missed ? missed.state : "task" in missed ? missed.task : "";
  return {
    path: "anchor",
    message: `It never comes: it is counted from “${from}” and runs in ${running.join(", ")}, which never meet. Name another anchor, or in “while” a state that comes with it.`,
  };
}

export const countsHours = (offset: OffsetText): boolean =>
  units[parseOffset(offset)?.unit ?? "day"].byTheClock === true;

/** One text for steps that are the same: "P1W" is "P7D". */
function sizeOf(offset: OffsetText): string {
  const { n, unit } = parseOffset(offset) ?? { n: Number.NaN, unit: "day" as const };
  const { times, as } = units[unit].same ?? { times: 1, as: unit };
  return `${n * times} ${as}`;
}

/** Each step with its place, as the definition's own figures give it. */
function stepsOf({ type }: Checking, { steps }: TimerRule, path: string): [place: string, step: OffsetText][] {
  const given = (ref: SettingRef) => [own(type.settings, ref.setting)?.value ?? []].flat().map(String);
  if (!Array.isArray(steps)) return given(steps).map((step) => [path, step]);
  return steps.flatMap((step, i) =>
    (typeof step === "object" ? given(step) : [step]).map((one): [string, string] => [at(path, i), one]),
  );
}

export function checkRings(checking: Checking, timer: TimerRule, path: string): void {
  const never = neverRings(checking.type, timer);
  if (never) checking.say(at(path, never.path), never.message);
  const steps = stepsOf(checking, timer, at(path, "steps"));
  if (!steps.length) checking.say(at(path, "steps"), "There is no step: say at least one length of time.");
  const seen = new Map<string, OffsetText>();
  for (const [place, step] of steps) {
    const same = seen.get(sizeOf(step));
    if (same !== undefined)
      checking.say(
        place,
        `“${step}” stands here twice${same === step ? "" : `, as “${same}”`}: each step is one occurrence. Change one.`,
      );
    seen.set(sizeOf(step), step);
    if (countsHours(step) && !isInstant(timer.anchor, checking.type, (name) => checking.linkedType(name)))
      checking.say(
        place,
        `“${step}” counts hours, and the anchor is a day: count in days and say “at”, or name a date and time.`,
      );
  }
  const repeat =
    typeof timer.repeat === "object" ? own(checking.type.settings, timer.repeat.setting)?.value : timer.repeat;
  if (typeof repeat === "string" && countsHours(repeat) && !steps.every(([, step]) => countsHours(step)))
    checking.say(at(path, "repeat"), `“${repeat}” counts hours, and its steps count days: repeat in days or longer.`);
}

/** What makes a task, or what it asks for, nobody's. */
export function checkFinish(checking: Checking, name: string, task: TaskRule, path: string): void {
  const { type } = checking;
  const lives = opensIn(type, name);
  const asked = (task.actions ?? [])
    .flatMap((action) => own(type.actions, action) ?? [])
    .filter(({ from }) => from.some((state) => lives.includes(state)));
  if (asked.length && asked.every(isEvent))
    checking.say(
      at(path, "actions"),
      "Only events would complete this, and nobody sends them by hand: name an action that people do, or leave “actions” out.",
    );
  if (task.actions?.length && task.quorum !== undefined && task.quorum !== "any" && task.quorum !== 1)
    checking.say(
      at(path, "quorum"),
      "A task that an action completes is done once one person does it: leave “actions” out, and each holder ticks it off, or leave the quorum out.",
    );
  if (typeof task.quorum === "number" && task.quorum > mostHolders(type, task.to))
    checking.say(
      at(path, "quorum"),
      `${task.quorum} persons are asked for, and it has ${mostHolders(type, task.to)} at most: ask fewer, or name more in “to”.`,
    );
  if (task.to.some((who) => leadsTo(type, who, name)))
    checking.say(
      at(path, "to"),
      `It is held by whoever holds it, which is nobody: name a role, a field or another task.`,
    );
  checkSomebody(checking, task.to, { decides: task.decides ?? false }, at(path, "to"));
}

/** Infinity where a role, a group or a list of people says it. */
const mostHolders = (type: RecordType, to: Who[]): number =>
  new Set(
    to.map((who) =>
      "field" in who && (who.field === "createdBy" || own(type.fields, who.field)?.kind === "person")
        ? who.field
        : undefined,
    ),
  ).has(undefined)
    ? Infinity
    : to.length;

/** Does this name, through other tasks, the holders of that task? */
function leadsTo(type: RecordType, who: Who, task: string, seen: string[] = []): boolean {
  if (!("task" in who) || seen.includes(who.task)) return false;
  return (
    who.task === task || !!own(type.tasks, who.task)?.to.some((next) => leadsTo(type, next, task, [...seen, who.task]))
  );
}

/** Says so where each of these is somebody who is kept from it. */
export function checkSomebody(
  checking: Checking,
  who: Who[] | undefined,
  { decides, apart = [] }: { decides: boolean; apart?: string[] | undefined },
  path: string,
): void {
  const { type } = checking;
  const isPerson = (name: string) => namesPersons(own(type.fields, name));
  const kept = new Set([
    ...(type.bars ?? []),
    ...apart,
    ...(decides ? (type.conflicts ?? Object.keys(type.fields).filter(isPerson)) : []),
  ]);
  if (who?.length && who.every((one) => "field" in one && kept.has(one.field)))
    checking.say(
      path,
      "Each of these is a party that is kept from it, so nobody is left: name a role, or take the field out of what bars, conflicts or separates.",
    );
}
