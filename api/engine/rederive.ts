/**
 * Living deadlines: when a calendar, a figure, a rule or who holds a role changes, everything computed from it follows.
 * A first page in the transaction of the change, soonest due first; a resumable job does the rest, page by page, and
 * what is due fires between its pages. Until then nothing fires on an old date: a timer with an old stamp is derived
 * again under its record's lock. Only records that hold something computed from the source are visited.
 */
import { calendar } from "../../schema/calendar";
import type { RecordType } from "../../schema/definition";
import type { Change } from "../../schema/record";
import { taskStates } from "../../schema/refusals";
import { runsIn } from "../../schema/timers";
import { isoOf, type Sql } from "../store/database";
import { sourcesOf } from "../store/facts";
import { awaitInForce } from "../store/held";
import {
  countLiving,
  countRecordsWith,
  endJob,
  type Job,
  type JobCursor,
  type JobView,
  livingRecords,
  nextJob,
  openJobs,
  queueJob,
  recordsWithTasks,
  saveJob,
  saveTotal,
  type StandingTimer,
  standingTimers,
} from "../store/rederiveJobs";
import { organisationsById, rootOrganisation, withBelow } from "../store/organisations";
import type { RecordKey } from "../store/records";
import { eachAlone, isDatabaseTrouble, isSlow, Restart, TooLarge } from "../store/trouble";
import { layDuties } from "./duties";
import { putAside } from "./faults";
import { changeInForce } from "./inForce";
import { beginning, countPointing, pointingAt } from "./linkedRecords";
import { lockSome } from "./lock";
import { apply, workOn } from "./pipeline";
import { run, type Run, systemIdentity } from "./run";
import type { World } from "./world";

/** Records derived again in one transaction. */
const pageOf = 100;
/** Rows and pages of them that one transaction looks through for those records. */
const scanned = 2_000;
const mostScans = 10;

/**
 * What changed. A calendar's reader is every clock; a figure's and a rule's all records of a type in a state where
 * something runs; who holds a role, open tasks, triggers and rosters; a date or a person of one record, those that link to it
 * and read that.
 */
export type SourceKind = "calendar" | "figure" | "rules" | "people" | "linked";

export interface Source {
  kind: Exclude<SourceKind, "linked">;
  /** The organisation whose source changed, with those below; null: all. */
  organisation: string | null;
  /** A record type, or all of them. */
  type: string | null;
  /** Completes "moved because …". */
  reason: string;
  /** School date from which it holds; today or before: now. */
  from?: string;
}

/** How many clocks a change has moved so far, and whether that is all of them. */
export interface Moved {
  moved: number;
  done: boolean;
}

/**
 * Moves the first page at once and leaves the rest to the job; all of it where it is `queued`, by whoever holds records
 * already: those of a page would be locked out of their order. @throws Restart where the page is too heavy.
 */
export async function rederive(run: Run, source: Source, { queued = false } = {}): Promise<Moved> {
  await changeInForce(run);
  await layDuties(run, source.type ?? undefined);
  const later = source.from !== undefined && source.from > run.today;
  let [moved, page]: [number, Page] = [0, { keys: [], cursor: beginning, done: false }];
  if (!later && !queued && !run.locks.later.page) {
    page = await nextPage(run, source, beginning);
    moved = await rederiveRecords(run, page.keys, source).catch((error: unknown) => {
      if (!(error instanceof TooLarge)) throw error;
      run.locks.later.page = true;
      throw new Restart("Its records are too heavy to be held together: they are left to the job.");
    });
  }
  const startsAt = later && source.from ? run.calendar.at(source.from, "00:00") : run.now;
  const job = {
    ...source,
    id: run.newId(),
    actor: run.actor.kind === "person" ? run.actor.id : null,
    moved,
    visited: page.keys.length,
    total: page.done ? page.keys.length : null,
    cursor: page.cursor,
    at: isoOf(startsAt),
    doneAt: page.done ? run.nowIso : null,
  };
  await queueJob(run.tx, job, run.nowIso);
  run.afterCommit(() => run.world.wake([run.nowIso], run.now - run.machineNow, run.request));
  return { moved, done: page.done };
}

async function rederiveRecords(
  run: Run,
  keys: RecordKey[],
  { kind, reason }: Pick<Job, "kind" | "reason">,
): Promise<number> {
  if (!keys.length) return 0;
  const event = { kind: "rederive" as const, reason, ...(kind === "rules" && { rules: true as const }) };
  const records = await lockSome(run, keys, { bounded: true });
  const changes = await apply(
    run,
    records.map((record) => workOn(run, record, event)),
  );
  return changes.reduce((sum, change) => sum + movedIn(change), 0);
}

/** A step that became another ("14 days before", now 21) ends one clock and sets one: to people, a clock that moved. */
function movedIn({ timers, newTimers }: Pick<Change, "timers" | "newTimers">): number {
  const moved = timers.filter(({ movedFrom }) => movedFrom !== undefined).length;
  const ended = timers.filter(({ timer }) => timer.state === "cancelled").length;
  const set = newTimers.filter(({ state }) => state === "waiting").length;
  return moved + Math.max(ended, set);
}

/**
 * Does a page of the oldest unfinished job. False where there is none. `at` as in `run`. Where a record fails, those of
 * its page are done one by one, and it is put aside. A job whose records cannot even be found is ended and told of.
 */
export async function rederiveSome(world: World, at?: number): Promise<boolean> {
  const root = await rootOrganisation(world.db);
  const inRun = <T>(work: (current: Run) => Promise<T>): Promise<T> => run(world, systemIdentity(root), work, at);
  // Known also where the transaction that took it fails.
  const taken: { job?: Job | undefined } = {};
  try {
    await inRun(async (current) => {
      // Held to the end of its page: another worker takes the next.
      const job = (taken.job = await nextJob(current.tx, current.nowIso));
      if (!job || job.total === null) return;
      const page = { job, ...(await nextPage(current, job, job.cursor)) };
      await endPage(current, page, { moved: await rederiveRecords(current, page.keys, job) });
    });
    if (!taken.job) return false;
    if (taken.job.total !== null) return true;
  } catch (error) {
    if (!taken.job || (isDatabaseTrouble(error) && !isSlow(error))) throw error;
    world.log.error({ err: error }, "A page of clocks could not be derived again: its records are taken one by one");
  }
  const { job } = taken;
  const { id, organisation, reason } = job;
  const carried = async <T>(work: (current: Run) => Promise<T>): Promise<T | undefined> => {
    try {
      return await inRun(work);
    } catch (error) {
      if (isDatabaseTrouble(error)) throw error;
      world.log.error({ err: error, job: id }, "A change of dates could not be carried through");
      const cause = "The records that a change reaches could not be found, so their dates are the old ones.";
      await putAside(world, { kind: "job", subject: id, ...(organisation !== null && { organisation }), cause });
      await inRun(({ tx, nowIso }) => endJob(tx, id, cause, nowIso));
      return undefined;
    }
  };
  if (job.total === null) {
    await carried((current) => begin(current, job));
    await countReached(world, inRun, job);
    return rederiveSome(world, at);
  }
  const found = await carried((current) => nextOfJob(current, id));
  // Another worker has it by now, or it has ended.
  if (!found) return true;
  let failed = 0;
  await eachAlone(
    found.keys,
    (key) => inRun((current) => rederiveRecord(current, key, reason)),
    async (key, error) => {
      failed++;
      world.log.error({ err: error, record: key.id }, "The clocks of a record could not be derived again");
      const about = { type: key.type, record: key.id };
      await putAside(world, { kind: "job", subject: key.id, about, cause: "Its clocks could not be counted again." });
    },
  );
  // Last, so that a process that is killed before leaves none of them unvisited: twice does no harm.
  const page = found;
  await inRun((current) => endPage(current, page, { moved: 0, failed }));
  return true;
}

/**
 * What may have been put down on an earlier day is in force from now on, as in the transaction of one that holds at once:
 * whoever went by what was before has saved their record by then, and it is found.
 */
async function begin(run: Run, { kind, type }: Job): Promise<void> {
  if (kind === "linked") await awaitInForce(run.tx);
  else await changeInForce(run);
  if (kind === "figure") await layDuties(run, type ?? undefined);
}

/** For the progress that people see: a job whose records cannot be counted goes on all the same. */
async function countReached(
  world: World,
  inRun: <T>(work: (current: Run) => Promise<T>) => Promise<T>,
  job: Job,
): Promise<void> {
  try {
    await inRun(async (current) => saveTotal(current.tx, job.id, await reachOf(current, job)));
  } catch (error) {
    world.log.warn({ err: error, job: job.id }, "The records that a change of dates reaches could not be counted");
    await saveTotal(world.db, job.id, -1);
  }
}

async function reachOf(run: Run, job: Job): Promise<number> {
  const organisations = job.organisation === null ? null : await withBelow(run.tx, job.organisation);
  let total = 0;
  if (job.kind === "linked") return countPointing(run, job);
  for (const phase of phasesOf(run, job))
    if (phase === tasks) total += await countRecordsWith(run.tx, "tasks", { organisations, type: job.type });
    else if (phase !== timers)
      total += await countLiving(run.tx, phase, stateParts(run, job.kind, phase), { organisations });
    // Elsewhere those with a clock are among the living ones of their types.
    else if (job.kind === "calendar")
      total += await countRecordsWith(run.tx, "timers", { organisations, type: job.type });
  return total;
}

interface JobPage extends Page {
  job: Job;
}

async function nextOfJob(run: Run, id: string): Promise<JobPage | undefined> {
  const job = await nextJob(run.tx, run.nowIso, id);
  return job && { job, ...(await nextPage(run, job, job.cursor)) };
}

const endPage = (
  run: Run,
  { job, keys, cursor, done }: JobPage,
  { moved, failed = 0 }: { moved: number; failed?: number },
): Promise<void> =>
  saveJob(run.tx, job, { cursor, moved, failed, visited: keys.length, doneAt: done ? run.nowIso : null });

/** One record's clocks, tasks and triggers, from what holds now, whatever changed. Returns how many clocks moved. */
export const rederiveRecord = (run: Run, key: RecordKey, reason: string): Promise<number> =>
  rederiveRecords(run, [key], { kind: "rules", reason });

/** The changes that are being carried through in an organisation and those below it, and the last ones that were. */
export const clockJobs = async (sql: Sql, organisation: string, nowIso: string): Promise<JobView[]> =>
  openJobs(sql, await withBelow(sql, organisation), nowIso);

// ------------------------------------------------------------------------------------------------------------ pages

interface Page {
  keys: RecordKey[];
  cursor: JobCursor;
  done: boolean;
}

type Asked = Pick<Job, "kind" | "organisation" | "type" | "target">;

/** The next records of a job, soonest due first, then those that only hold a task, a trigger or a roster. */
async function nextPage(run: Run, source: Asked, from: JobCursor): Promise<Page> {
  const organisations = source.organisation === null ? null : await withBelow(run.tx, source.organisation);
  const phases = phasesOf(run, source);
  let at = Math.max(0, phases.indexOf(from.phase));
  let cursor: JobCursor = phases[at] === from.phase ? from : { ...beginning, phase: phases[at] ?? "" };
  for (let scans = 0; scans < mostScans && at < phases.length; scans++) {
    const scan = await scanOf(run, source, organisations, cursor);
    cursor = scan.cursor;
    if (scan.ended) {
      at++;
      cursor = { ...beginning, phase: phases[at] ?? "#end" };
    }
    if (scan.keys.length) return { keys: scan.keys, cursor, done: at >= phases.length };
  }
  return { keys: [], cursor, done: at >= phases.length };
}

const [timers, tasks, pointing] = ["#timers", "#tasks", "#pointing"];

/** What is looked through, in order: rows of clocks, open tasks, then the tables of types. */
function phasesOf(run: Run, { kind, type }: Asked): string[] {
  const types = [...run.registry.types.keys()].filter((name) => type === null || name === type).sort();
  if (kind === "calendar") return [timers];
  if (kind === "linked") return [pointing];
  if (kind === "people") return [tasks, ...types.filter((name) => statesOf(run, name, ["triggers", "rosters"]).length)];
  return [timers, ...types.filter((name) => statesOf(run, name, all).length)];
}

interface Scan {
  keys: RecordKey[];
  cursor: JobCursor;
  ended: boolean;
}

async function scanOf(run: Run, source: Asked, organisations: string[] | null, cursor: JobCursor): Promise<Scan> {
  const within = (organisation: string) => organisations === null || organisations.includes(organisation);
  if (cursor.phase === pointing)
    return pageFrom(
      await pointingAt(run, source, cursor.id, scanned),
      () => true,
      (row) => ({ at: null, phase: pointing, id: row.id }),
    );
  if (cursor.phase === timers) {
    const rows = await standingTimers(run.tx, cursor, scanned);
    const current = await editionsOf(run, source.kind, rows);
    return pageFrom(
      rows,
      (row) =>
        row.ofRule &&
        within(row.organisation) &&
        (source.type === null || row.type === source.type) &&
        row.stamp.split(".")[source.kind === "calendar" ? 1 : 2] !== current.get(row.organisation),
      (row) => ({ at: row.dueAt, phase: timers, id: row.id }),
    );
  }
  const rows =
    cursor.phase === tasks
      ? await recordsWithTasks(run.tx, cursor.id, scanned)
      : await livingRecords(run.tx, cursor, scanned, {
          states: stateParts(run, source.kind, cursor.phase),
          // Those were visited, soonest first, before the tables.
          withoutTimers: source.kind !== "people",
        });
  return pageFrom(
    rows,
    (row) => row.wanted && within(row.organisation) && (source.type === null || row.type === source.type),
    (row) => ({ at: null, phase: cursor.phase, id: row.id }),
  );
}

/** The first records of these rows, with the place behind the last that was looked at. */
function pageFrom<R extends { type: string; record: string }>(
  rows: R[],
  wanted: (row: R) => boolean,
  place: (row: R) => JobCursor,
): Scan {
  const keys = new Map<string, RecordKey>();
  for (const row of rows) {
    if (!wanted(row)) continue;
    keys.set(row.record, { type: row.type, id: row.record });
    if (keys.size === pageOf && row !== rows.at(-1))
      return { keys: [...keys.values()], cursor: place(row), ended: false };
  }
  const last = rows.at(-1);
  return { keys: [...keys.values()], cursor: last ? place(last) : beginning, ended: rows.length < scanned };
}

/** The present edition of the source by organisation, as stamps hold it. None for rules: those are always followed. */
async function editionsOf(run: Run, kind: SourceKind, rows: StandingTimer[]): Promise<Map<string, string>> {
  if (kind === "rules") return new Map();
  const found = await organisationsById(run.tx, [...new Set(rows.map(({ organisation }) => organisation))]);
  const editions = new Map<string, string>();
  for (const one of found.values()) {
    const sources = await sourcesOf(run.tx, one, calendar(one.calendar).dateOf(run.now));
    editions.set(one.id, String(kind === "calendar" ? sources.calendar : sources.settings));
  }
  return editions;
}

/** States of a type in which a change of this kind finds something. */
const stateParts = (run: Run, kind: SourceKind, type: string): string[] =>
  statesOf(run, type, kind === "people" ? ["triggers", "rosters"] : all);

type Part = "timers" | "tasks" | "triggers" | "rosters";
const all: Part[] = ["timers", "tasks", "triggers", "rosters"];

/** States in which something of these parts runs, in any version of the type. */
function statesOf(run: Run, name: string, parts: Part[]): string[] {
  const versions = [...(run.registry.types.get(name)?.versions.values() ?? [])].map(({ type }) => type);
  return [...new Set(versions.flatMap((type) => parts.flatMap((part) => runningIn(type, part))))];
}

function runningIn(type: RecordType, part: Part): string[] {
  if (part === "timers") return Object.values(type.timers ?? {}).flatMap((rule) => runsIn(type, rule));
  // One that names no state lives where it was opened.
  if (part === "tasks")
    return Object.values(type.tasks ?? {}).flatMap((rule) => {
      const lives = taskStates(rule);
      return lives.length ? lives : Object.keys(type.states);
    });
  return Object.values(type[part] ?? {}).flatMap((one) => one.while);
}
