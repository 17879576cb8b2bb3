/** Clocks that count from a date of another record, to which theirs links: they follow when that date changes. */
import type { Change } from "../../schema/record";
import { lower } from "../../schema/text";
import { anchorsOf } from "../../schema/timers";
import type { Registry } from "../store/definitions";
import { rootOrganisation, withBelow } from "../store/organisations";
import {
  type Job,
  type JobCursor,
  type LinkField,
  pointingRecords,
  queueJob,
  type VisitedRow,
} from "../store/rederiveJobs";
import type { Run } from "./run";

/** Where a job begins. */
export const beginning: JobCursor = { at: null, phase: "", id: "" };

/**
 * Queues the clocks that count from a date of these records, seen from others that link to them: one that was empty or lay
 * later would never have rung. What counts from their last change only ever moves on, and is seen to when it rings.
 */
export async function queueLinked(run: Run, changes: Change[]): Promise<void> {
  for (const { type, before, after, changed } of changes) {
    const from = before && countedFrom(run.registry, type.name);
    if (!from || !changed.some((name) => from.has(name))) continue;
    await queueJob(run.tx, {
      id: run.newId(),
      kind: "linked",
      organisation: null,
      type: type.name,
      target: after.id,
      reason: `a date of the ${lower(type.label)} it belongs to changed`,
      actor: run.actor.kind === "person" ? run.actor.id : null,
      moved: 0,
      visited: 0,
      total: null,
      cursor: beginning,
      at: run.nowIso,
      doneAt: null,
    });
    run.afterCommit(() => run.world.wake([run.nowIso], run.now - run.machineNow, run.request));
  }
}

/** By the date of a type: the fields of others, in any version, by which a clock counts from it. */
function countedFrom({ types }: Registry, target: string): Map<string, LinkField[]> {
  const known = remembered.get(types) ?? new Map<string, Map<string, LinkField[]>>();
  remembered.set(types, known);
  let found = known.get(target);
  if (found) return found;
  known.set(target, (found = new Map()));
  for (const [name, { versions }] of types)
    for (const { type } of versions.values())
      for (const { anchor } of Object.values(type.timers ?? {}))
        for (const one of anchorsOf(anchor)) {
          const by = "link" in one ? type.fields[one.link] : undefined;
          if (!("link" in one) || by?.kind !== "link" || by.to !== target || one.field === "updatedAt") continue;
          const fields = found.get(one.field) ?? [];
          if (!fields.some(({ type: other, field }) => other === name && field === one.link))
            fields.push({ type: name, field: one.link });
          found.set(one.field, fields);
        }
  return found;
}

const remembered = new WeakMap<Registry["types"], Map<string, Map<string, LinkField[]>>>();

type Pointing = Pick<Job, "type" | "target">;

/** Counted no further. */
const mostReached = 10_000;

export async function pointingAt(
  run: Run,
  { type, target }: Pointing,
  after: string,
  count: number,
): Promise<VisitedRow[]> {
  const organisations = await withBelow(run.tx, await rootOrganisation(run.tx));
  const fields = [...countedFrom(run.registry, type ?? "").values()].flat();
  return pointingRecords(run.tx, { target: target ?? "", organisations, fields }, after, count);
}

export const countPointing = async (run: Run, job: Pointing): Promise<number> =>
  (await pointingAt(run, job, "", mostReached)).length;
