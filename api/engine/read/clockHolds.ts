import { evaluate } from "../../../schema/condition";
import { scopeOf } from "../../../schema/step/decision";
import { withFacts } from "../../store/facts";
import type { TimerView } from "../../store/workQuery";
import type { Met } from "./factsOf";
import type { Reader } from "./reader";

/**
 * Whether a clock would do anything on its day, if its record stood then as it stands now. Where its condition does not hold
 * it waits all the same, since that is asked again as it falls due.
 */
export async function clockHolds(
  { db }: Pick<Reader, "db">,
  { type, record, facts, source }: Met,
  { rule, dueAt }: Pick<TimerView, "rule" | "dueAt">,
): Promise<boolean> {
  const when = type.timers?.[rule]?.when;
  if (!when) return true;
  const actor = { kind: "system", name: "Duly" } as const;
  const scope = scopeOf({ type, actor, now: Date.parse(dueAt), facts }, record);
  return withFacts(db, source, facts, () => evaluate(when, scope));
}
