/** What a clock does as it falls due. */
import { evaluate } from "../condition";
import type { TimerRow } from "../record";
import { listed } from "../text";
import { runsIn, stampOf, whyNotNow } from "../timers";
import type { Decision } from "./decision";
import { sendEvent } from "./actions";
import { dueOfTimer, settle } from "./clocks";
import { notify } from "./notices";
import { openTask } from "./tasks";

export function fire(d: Decision, timer: TimerRow): void {
  if (timer.send) {
    sendEvent(d, timer, timer.send.event, timer.send.answers);
    return;
  }
  const rule = d.type.timers?.[timer.rule];
  // Derived again by `finish`, which moves or cancels it.
  if (!rule || !runsIn(d.type, rule).includes(d.record.state)) {
    d.reason = "the rule changed";
    return;
  }
  if (timer.stamp !== stampOf(rule, d.record, d.facts)) {
    d.reason = "the rule, a figure or the calendar changed";
    return;
  }
  const occurrence = `${rule.label}: ${timer.n ? `time ${timer.n + 1}` : timer.step}`;
  const passed = whyNotNow(rule, timer, d.record, d.facts, d.input.now);
  if (passed !== undefined) {
    settle(d, timer, "skipped", passed);
    return;
  }
  if (rule.when && !evaluate(rule.when, d.scope())) {
    settle(d, timer, "skipped", "It was not needed: its condition did not hold.");
    return;
  }
  let outcome = "Done";
  if (rule.event) outcome = sendEvent(d, undefined, rule.event) ?? outcome;
  if (rule.task) openTask(d, rule.task);
  if (rule.notice) {
    const told = notify(d, rule.notice, {
      cause: `timer:${timer.id}`,
      because: rule.because ?? [],
      dueOn: dueOfTimer(d, rule, timer),
    });
    outcome = told.length ? `Told ${listed(told)}` : "Nobody holds it, so nobody was told";
  }
  settle(d, timer, "fired", outcome);
  d.note("timer", timer.rule, rule.because ?? [], {
    summary: `${rule.label}: ${outcome.charAt(0).toLowerCase()}${outcome.slice(1)}`,
    detail: { timer: timer.id, occurrence, dueAt: timer.dueAt },
  });
}
