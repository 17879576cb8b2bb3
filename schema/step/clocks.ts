/** The clocks of a record, as a step leaves them. */
import type { TimerRule } from "../definition";
import { dateCounted, taskCounted } from "../language/anchor";
import { clocksOf } from "../missing";
import type { TaskRow, TimerRow } from "../record";
import { deriveTimers, followsChanges } from "../timers";
import type { Decision } from "./decision";

/** Marks a timer in the change and in the facts that derivation reads. */
export function settle(d: Decision, timer: TimerRow, state: "fired" | "skipped" | "cancelled", outcome: string): void {
  const after: TimerRow = {
    ...timer,
    state,
    outcome: outcome.slice(0, 500),
    firedAt: state === "fired" ? d.now : null,
  };
  d.change.timers.push({ timer: after });
  d.facts.timers = clocksOf(d.facts, d.record).map((row) => (row.id === timer.id ? after : row));
}

/** Makes the record's clocks what they should be, and tells the history of those that moved. */
export function deriveClocks(d: Decision): void {
  const { newTimers, changes } = deriveTimers(d.type, d.record, d.facts, d.input.now, d.input.newId);
  d.change.newTimers.push(...newTimers);
  d.change.timers.push(...changes);
  leaveNothingDue(d);
  const moves = changes.filter(
    ({ movedFrom, timer }) =>
      movedFrom !== undefined && (d.input.event.kind === "rederive" || !followsChanges(d.type, timer.rule)),
  );
  if (moves.length && d.reason)
    d.note("moved", "timers", [], {
      summary: `${moves.length === 1 ? "A clock" : `${moves.length} clocks`} moved because ${d.reason}`,
      detail: {
        reason: d.reason,
        moves: moves.map(({ timer, movedFrom }) => ({
          rule: timer.rule,
          label: d.type.timers?.[timer.rule]?.label ?? timer.rule,
          step: timer.step,
          n: timer.n,
          from: movedFrom,
          to: timer.dueAt,
        })),
      },
    });
}

/** Whatever else firing did, the row that fired is not left due as it was: it would hold up the record for ever. */
function leaveNothingDue(d: Decision): void {
  const { event } = d.input;
  if (event.kind !== "timer" || d.change.timers.some(({ timer }) => timer.id === event.timer.id)) return;
  settle(d, event.timer, "cancelled", "Nothing in the definition asks for it any more.");
}

/** The day a timer reminds of: that of the task it is counted from or opens, or of the date it comes before. */
export function dueOfTimer(d: Decision, rule: TimerRule, timer: TimerRow): string | null {
  const counted = taskCounted(rule.anchor, timer.anchorValue);
  const isIts = (row: TaskRow) => (counted ? row.id === counted : row.rule === rule.task);
  const task = d.tasks.find((row) => row.state === "open" && isIts(row));
  if (task?.dueOn) return task.dueOn;
  const before = timer.step.startsWith("-") || timer.step === "P0D";
  return before ? dateCounted(timer.anchorValue) : null;
}
