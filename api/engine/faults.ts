/**
 * Faults are told to somebody: the type that says `faults` gets one open record for each school and kind of fault, so
 * that a thousand failed emails are one task. Level-triggered: it compares the open faults with the records, so that a
 * process killed between a failure and its record loses nothing.
 */
import type { RecordType } from "../../schema/definition";
import { type FaultKindName, faultKinds } from "../../schema/faultKinds";
import { sendEvents } from "../store/change";
import { isoOf } from "../store/database";
import {
  assignProblem,
  countOpenFaults,
  eventIsSent,
  hasOpenFaults,
  latestProblem,
  type NewFault,
  type Problem,
  problemsToSettle,
  recordFault,
  settleProblem,
  standsOutside,
} from "../store/faults";
import { ifFree } from "../store/lease";
import { rootOrganisation } from "../store/organisations";
import { create } from "./pipeline";
import { run, type Run, schoolNow, systemIdentity } from "./run";
import type { World } from "./world";

const reporting = ({ registry }: Pick<Run, "registry">): RecordType | undefined =>
  [...registry.types.values()].map(({ active }) => active.type).find(({ faults }) => faults);

const endsOf = (type: RecordType): string[] =>
  Object.entries(type.states).flatMap(([name, { end }]) => (end ? [name] : []));

/**
 * Records that something failed, in a statement of its own: the transaction that failed is rolled back. `at` (school
 * time) and `organisation` default to now and the root. Never throws: where the database is away the work fails again.
 */
export async function putAside(
  world: World,
  fault: Omit<NewFault, "at" | "organisation"> & { at?: string; organisation?: string },
): Promise<void> {
  try {
    await recordFault(world.db, {
      ...fault,
      organisation: fault.organisation ?? (await rootOrganisation(world.db)),
      at: fault.at ?? isoOf(await schoolNow(world)),
    });
  } catch (error) {
    world.log.error({ err: error, kind: fault.kind, subject: fault.subject }, "A fault could not be recorded");
  }
}

/** Opens a record for faults that nobody has a task for, and ends those whose faults are all settled. */
export async function tellOfFaults(world: World): Promise<void> {
  const type = reporting(world);
  if (!type) return;
  const untold = (await countOpenFaults(world.db)).filter(({ untold }) => untold > 0);
  const unsettled = await problemsToSettle(world.db, type);
  if (!untold.length && !unsettled.length) return;
  const inOwnTry = (organisation: string, verb: (run: Run) => Promise<void>): Promise<void> =>
    run(world, systemIdentity(organisation), verb).catch((error: unknown) =>
      world.log.error({ err: error, organisation }, "Nobody could be told of a fault"),
    );
  await ifFree(world, "faults", async () => {
    for (const { organisation, kind } of untold)
      await inOwnTry(organisation, (current) => openProblem(current, type, kind));
    for (const problem of unsettled) await inOwnTry(problem.organisation, (current) => settle(current, type, problem));
  });
}

async function openProblem(run: Run, type: RecordType, kind: FaultKindName): Promise<void> {
  const { what, settled } = type.faults ?? {};
  if (what === undefined || settled === undefined) return;
  const organisation = run.organisation.id;
  const latest = await latestProblem(run.tx, organisation, kind);
  const stands =
    latest !== undefined &&
    (await standsOutside(run.tx, type.name, latest, endsOf(type))) &&
    // One that is about to end would take this fault with it.
    !(await eventIsSent(run.tx, latest, settled));
  const problem = stands
    ? latest
    : (await create(run, type.name, organisation, { [what]: faultKinds[kind].says })).after.id;
  await assignProblem(run.tx, organisation, kind, problem);
}

async function settle(run: Run, type: RecordType, { id, ended }: Problem): Promise<void> {
  const event = type.faults?.settled;
  // Ended by a person while faults were open: they have left it at that.
  if (ended) return settleProblem(run.tx, id, { how: "skipped", by: null, at: run.nowIso });
  // It may have been given another fault since it was found without one.
  if (event === undefined || (await hasOpenFaults(run.tx, id)) || (await eventIsSent(run.tx, id, event))) return;
  const sent = { organisation: run.organisation.id, type: type.name, record: id, event };
  await sendEvents(run.tx, run, [sent], { history: id, depth: 1 });
  run.afterCommit(() => run.world.wake([run.nowIso], run.now - run.machineNow, run.request));
}
