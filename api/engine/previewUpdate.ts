/** What a change of a record would do to its clocks: it is made as it would be, and rolled back. */
import { describeOffset } from "../../schema/offset";
import type { Looks } from "../store/looks";
import { timersOfRecords, type TimerView } from "../store/workQuery";
import type { Input } from "./input";
import { pinnedType } from "./pinned";
import { type Identity, rehearse, type Run } from "./run";
import { updateRecord } from "./updateRecord";
import type { World } from "./world";

/** Of one clock: from when to when it would move; `from` null where it would begin, `to` null where it would end. */
export interface ClockChange {
  label: string;
  stepInWords: string;
  from: string | null;
  to: string | null;
}

/** Soonest first. @throws NOT_FOUND, FORBIDDEN, INVALID_INPUT, STALE, as the change itself would. */
export function previewUpdate(
  world: World,
  identity: Identity,
  input: { type: string; id: string; expectedVersion: number; input: Input },
  looks?: Looks,
): Promise<ClockChange[]> {
  return rehearse(world, identity, async (run) => {
    const before = await waitingOn(run, input.id);
    const record = await updateRecord({ ...run, ...(looks && { looks }) }, input);
    const after = await waitingOn(run, input.id);
    const rules = pinnedType(run.registry, record).timers ?? {};
    return [...new Map([...before, ...after]).values()]
      .map(({ id, rule, step }) => ({
        ...{ label: rules[rule]?.label ?? rule, stepInWords: describeOffset(step) },
        ...{ from: before.get(id)?.dueAt ?? null, to: after.get(id)?.dueAt ?? null },
      }))
      .filter(({ from, to }) => from !== to)
      .sort((a, b) => when(a).localeCompare(when(b)));
  });
}

async function waitingOn({ tx, registry, identity }: Run, record: string): Promise<Map<string, TimerView>> {
  const timers = await timersOfRecords(tx, { registry, access: identity.access }, [record]);
  return new Map(timers.filter(({ state }) => state === "waiting").map((timer) => [timer.id, timer]));
}

const when = ({ from, to }: ClockChange): string => to ?? from ?? "";
