/**
 * What hangs on a record that others link to: clocks of theirs count from its dates, their tasks and rosters go to the persons
 * it names, or pass over those it bars. They follow when it changes.
 */
import { inheritedBy } from "../../schema/fields";
import type { RecordType, Value, Who } from "../../schema/definition";
import type { Change } from "../../schema/record";
import { lower } from "../../schema/text";
import { anchorsOf, linkedDate } from "../../schema/language/anchor";
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
 * Queues what hangs on a field of these records that changed, seen from others that link to them: a clock whose date was
 * empty or lay later would never have rung, and a task would stay with whom the record named before. What counts from their
 * last change only ever moves on, and is seen to when it rings.
 */
export async function queueLinked(run: Run, changes: Change[]): Promise<void> {
  for (const { type, before, after, changed } of changes) {
    const read = before && hangingOn(run.registry, type.name);
    const [name] = read ? changed.filter((one) => read.has(one)) : [];
    if (name === undefined) continue;
    await queueJob(
      run.tx,
      {
        id: run.newId(),
        kind: "linked",
        organisation: null,
        type: type.name,
        target: after.id,
        reason: `“${type.fields[name]?.label ?? name}” of the ${lower(type.label)} it belongs to changed`,
        actor: run.actor.kind === "person" ? run.actor.id : null,
        moved: 0,
        visited: 0,
        total: null,
        cursor: beginning,
        at: run.nowIso,
        doneAt: null,
      },
      run.nowIso,
    );
    run.afterCommit(() => run.world.wake([run.nowIso], run.now - run.machineNow, run.request));
  }
}

/** By the field of a type: the links of others, in any version, by which a clock, a task or a roster of theirs hangs on it. */
function hangingOn({ types }: Registry, target: string): Map<string, LinkField[]> {
  const known = remembered.get(types) ?? new Map<string, Map<string, LinkField[]>>();
  remembered.set(types, known);
  let found = known.get(target);
  if (found) return found;
  known.set(target, (found = new Map()));
  const bars = types.get(target)?.active.type.bars ?? [];
  for (const [name, { versions }] of types)
    for (const { type } of versions.values())
      for (const { link, field } of [...datesRead(type), ...pathsRead(type), ...barsRead(type, bars)]) {
        const by = type.fields[link];
        if (by?.kind !== "link" || by.to !== target) continue;
        const fields = found.get(field) ?? [];
        if (!fields.some((other) => other.type === name && other.field === link))
          fields.push({ type: name, field: link });
        found.set(field, fields);
      }
  return found;
}

interface Read {
  link: string;
  field: string;
}

const datesRead = (type: RecordType): Read[] =>
  Object.values(type.timers ?? {}).flatMap(({ anchor }) =>
    anchorsOf(anchor)
      .flatMap((one) => linkedDate(one) ?? [])
      .filter(({ field }) => field !== "updatedAt"),
  );

/** By whom its tasks go to, and by whom its rosters ask, leave out, and tell one set of records from another. */
function pathsRead({ tasks = {}, rosters = {} }: RecordType): Read[] {
  const named = Object.values(tasks).flatMap(({ to }) => to);
  const asked = Object.values(rosters).flatMap(({ of, except = [], per }): (Who | Value)[] => [
    ...[...of, ...except],
    ...(per ? [per.value] : []),
  ]);
  return [...named, ...asked].flatMap((one) => {
    const path = typeof one === "object" && one !== null && "field" in one ? one.field : "";
    const [link = "", field] = path.split(".");
    return field === undefined ? [] : [{ link, field }];
  });
}

/** Whom a record bars holds no task of those that are confidential by it. */
function barsRead(type: RecordType, bars: string[]): Read[] {
  const link = type.tasks && inheritedBy(type);
  return link === undefined ? [] : bars.map((field) => ({ link, field }));
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
  const fields = [...hangingOn(run.registry, type ?? "").values()].flat();
  return pointingRecords(run.tx, { target: target ?? "", organisations, fields }, after, count);
}

export const countPointing = async (run: Run, job: Pointing): Promise<number> =>
  (await pointingAt(run, job, "", mostReached)).length;
