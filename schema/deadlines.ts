import type { RecordType, TimerRule } from "./definition";
import { parseOffset } from "./offset";
import { anchorsOf } from "./language/anchor";
import { isSetting, runsIn } from "./timers";

/**
 * The dates of a record that something is due on, each with the states in which one of its clocks runs: a clock goes
 * off on the day or ahead of it, or a task is due then. A date that clocks only count on from (a last step) is none.
 */
export function deadlinesOf(type: RecordType): Map<string, Set<string>> {
  const running = new Map<string, Set<string>>();
  const due = new Set<string>();
  for (const task of Object.values(type.tasks ?? {})) if (task.due && "field" in task.due) due.add(task.due.field);
  for (const rule of Object.values(type.timers ?? {}))
    for (const anchor of anchorsOf(rule.anchor))
      if ("field" in anchor && !("link" in anchor) && type.fields[anchor.field]?.kind === "date") {
        running.set(anchor.field, new Set([...(running.get(anchor.field) ?? []), ...runsIn(type, rule)]));
        if (isAwaited(type, rule)) due.add(anchor.field);
      }
  return new Map([...running].filter(([field]) => due.has(field)));
}

/** By the figures as the definition has them: a school changes how long before, not whether. */
function isAwaited(type: RecordType, { steps }: TimerRule): boolean {
  const figure = (step: unknown) => (isSetting(step) ? type.settings?.[step.setting]?.value : step);
  return [figure(steps)].flat().some((step) => (parseOffset(String(figure(step)))?.n ?? 0) <= 0);
}
