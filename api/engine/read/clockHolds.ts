import { evaluate } from "../../../schema/condition";
import { scopeOf } from "../../../schema/workflow";
import type { TimerView } from "../../store/workQuery";
import type { Met } from "./factsOf";

/**
 * Whether a clock would do anything on its day, if its record stood then as it stands now. Where its condition does not hold
 * it waits all the same, since that is asked again as it falls due.
 */
export function clockHolds({ type, record, facts }: Met, { rule, dueAt }: Pick<TimerView, "rule" | "dueAt">): boolean {
  const when = type.timers?.[rule]?.when;
  const actor = { kind: "system", name: "Duly" } as const;
  return !when || evaluate(when, scopeOf({ type, actor, now: Date.parse(dueAt), facts }, record));
}
