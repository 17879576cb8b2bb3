/**
 * The one way a record changes: facts for the whole batch, a pure step for each, everything written in bulk. The
 * records are locked by the caller, in id order, in the same transaction.
 */
import type { Ask, Scope } from "../../schema/scope";
import { blankRecord } from "../../schema/step/decision";
import { step } from "../../schema/step/step";
import { movesTasks } from "../../schema/step/tasks";
import { movesTimers } from "../../schema/timers";
import type { Change, Facts, Fields, FileBrief, RecordData, StepEvent } from "../../schema/record";
import type { RecordType } from "../../schema/definition";
import { type ChangeContext, saveChanges } from "../store/change";
import { loadFacts, settingsOf, type Subject, withFacts } from "../store/facts";
import { Restart, Trouble } from "../store/trouble";
import { openFaultsOf, recordFault, settleFaults } from "../store/faults";
import { nextReferences } from "../store/references";
import { Failure } from "../../schema/failure";
import { changeContext } from "./changeContext";
import { factsRequest } from "./factsRequest";
import { passToStandIns } from "./standIns";
import { apart, heldByAsk, heldByChange, type Holding, holdingOf } from "./held";
import { keepInForce } from "./inForce";
import { queueLinked } from "./linkedRecords";
import { holdRows } from "./lock";
import { activeType, pinnedType } from "./pinned";
import { settleLeft } from "./refusedMembers";
import type { Run } from "./run";
import { personOf } from "../../schema/who";

/** A chain of causes longer than this is a loop: it is set aside and shown. */
export const deepestCause = 20;

export interface Work {
  type: RecordType;
  /** Undefined for a create. */
  record: RecordData | undefined;
  event: StepEvent;
  definitionVersion: number;
}

/** A record whose step failed, put aside so that it does not take its batch down. */
export interface Aside {
  work: Work;
  error: unknown;
}

export const workOn = (run: Run, record: RecordData, event: StepEvent): Work => ({
  type: pinnedType(run.registry, record),
  record,
  event,
  definitionVersion: record.definitionVersion,
});

/**
 * Decides and writes. With `aside`, a failing step is collected there instead of thrown. Linked records that a change
 * creates go through the same pipeline, in the same transaction. Records of which one counts what another changes are
 * decided one after the other.
 */
export async function apply(run: Run, works: Work[], options: ApplyOptions = {}): Promise<Change[]> {
  if (!works.length) return [];
  await keepInForce(run);
  const holdings = [];
  for (const work of works) holdings.push(await holdingFor(run, work));
  // Counted only once it is held.
  await holdRows(
    run,
    holdings.flatMap(({ names }) => names),
  );
  const changes: Change[] = [];
  for (const group of apart(works, holdings)) changes.push(...(await applyGroup(run, group, options)));
  return changes;
}

interface ApplyOptions {
  aside?: Aside[];
  cause?: ChangeContext["cause"];
}

/** What an event must hold before it is decided, as far as can be told. */
export async function holdingFor(run: Run, work: Work): Promise<Holding> {
  const { type, record: before, event } = work;
  const planned = plannedBy(event).planned ?? {};
  const record = before ?? { ...draftOf(run, work), state: entryState(type, event) };
  const own = Object.fromEntries(Object.entries(planned).filter(([name]) => type.fields[name]));
  const after = { ...record, state: stateAfter(work) ?? record.state, fields: { ...record.fields, ...own } };
  const settings = await settingsOf(run.tx, run.organisation, type, run.today);
  return holdingOf(
    run.registry,
    { type, before, after, event },
    { today: run.today, actor: personOf(run.actor), settings, calendar: run.calendar, form: planned },
  );
}

const entryState = ({ entries }: RecordType, event: StepEvent): string =>
  event.kind === "create" && event.entry === "imported" ? (entries.imported ?? entries.new) : entries.new;

function stateAfter({ type, event }: Work): string | undefined {
  if (event.kind === "action") return type.actions[event.name]?.to;
  if (event.kind !== "timer") return undefined;
  const name = event.timer.send?.event ?? type.timers?.[event.timer.rule]?.event;
  return name === undefined ? undefined : type.actions[name]?.to;
}

/** Most edits set nothing going: where none of these can, by the names of their fields, less is read for them. */
async function factsFor(run: Run, works: Work[], subjects: Subject[]): Promise<Map<string, Facts>> {
  const edited = works.flatMap(({ type, event }) => (event.kind === "update" ? [{ type, names: namesIn(event) }] : []));
  const forEdit = edited.length === works.length;
  const made = works.every(({ record }) => !record);
  const timers = forEdit ? edited.some(({ type, names }) => movesTimers(type, names)) : !made;
  const facts = await loadFacts(
    run.tx,
    {
      ...factsRequest(run),
      purpose: forEdit ? "edit" : "step",
      timers,
      tasks: forEdit ? edited.some(({ type, names }) => movesTasks(type, names)) : !made,
      // What clocks are derived from is read under the record's lock: a calendar may have changed while it was waited for.
      ...(timers || works.some((work) => !work.record) ? {} : { organisation: run.organisation }),
    },
    subjects,
  );
  // A record that is made has none yet.
  if (made) for (const own of facts.values()) Object.assign(own, { timers: [], tasks: [] });
  return facts;
}

async function applyGroup(run: Run, works: Work[], options: ApplyOptions): Promise<Change[]> {
  const changes: Change[] = [];
  const subjects = works.map((work) => ({
    type: work.type,
    record: work.record ?? draftOf(run, work),
    ...plannedBy(work.event),
  }));
  const facts = await factsFor(run, works, subjects);
  for (const [index, work] of works.entries()) {
    const subject = subjects[index];
    const own = subject && facts.get(subject.record.id);
    if (!own) throw new Error("Facts are missing for a record of this batch.");
    try {
      changes.push(await decide(run, work, own));
    } catch (error) {
      if (!options.aside || error instanceof Restart || error instanceof Trouble) throw error;
      options.aside.push({ work, error });
    }
  }
  await holdRows(
    run,
    changes.flatMap((change) => heldByChange(run.registry, change)),
  );
  const { historyIds } = await saveChanges(
    run.tx,
    { ...changeContext(run), ...(options.cause ? { cause: options.cause } : {}) },
    changes,
  );
  await passToStandIns(run, changes);
  await tellOfRefused(run, changes);
  await settleRefused(run, works, changes);
  await settleLeft(run, works, changes);
  await queueLinked(run, changes);
  for (const [index, change] of changes.entries()) {
    const cause = { history: historyIds[index] ?? "", depth: (options.cause?.depth ?? 0) + 1 };
    if (change.creates.length && cause.depth > deepestCause)
      throw new Failure("BAD_DEFINITION", "Records that make each other never end: the chain was stopped here.");
    for (const created of change.creates)
      await create(run, created.type, change.after.organisation, created.fields, { cause });
  }
  const due = changes.flatMap((change) => [
    ...change.newTimers.filter((timer) => timer.state === "waiting").map((timer) => timer.dueAt),
    ...change.timers.filter(({ timer }) => timer.state === "waiting").map(({ timer }) => timer.dueAt),
    ...change.notices.map((notice) => notice.sendAt),
    ...(change.sends.length || change.rosters.length ? [run.nowIso] : []),
  ]);
  run.afterCommit(() => run.world.changed(changes.map(({ after }) => after)));
  if (due.length) run.afterCommit(() => run.world.wake(due, run.now - run.machineNow, run.request));
  return changes;
}

/** A step, and the facts that it turns out to ask for: what may be refused for a count is held before it is counted. */
async function decide(run: Run, { type, record, event, definitionVersion }: Work, facts: Facts): Promise<Change> {
  const { actor, now, newId } = run;
  const hold = (counted: { count: Ask; scope: Scope }[]) =>
    holdRows(
      run,
      counted.flatMap(({ count, scope }) => heldByAsk(run.registry, count, scope)),
    );
  const input = { type, record, event, facts, actor, now, definitionVersion, newId };
  return withFacts(run.tx, { ...factsRequest(run), type }, facts, () => step(input), hold);
}

/** What a rule kept from happening by itself waits for somebody who puts that right. */
async function tellOfRefused(run: Run, changes: Change[]): Promise<void> {
  for (const { after, refused } of changes)
    for (const { event } of refused)
      await recordFault(run.tx, {
        organisation: after.organisation,
        kind: "rule",
        subject: `${after.id}:${event}`,
        about: { type: after.type, record: after.id },
        cause: `A rule forbids what should follow (${event}): the record says which. Put that right, then try again.`,
        at: run.nowIso,
      });
}

/** What was refused before and is not refused now has happened, or nothing asks for it any more. */
async function settleRefused(run: Run, works: Work[], changes: Change[]): Promise<void> {
  const settled = changes
    .filter(({ before }) => before)
    .flatMap(({ after: { id }, asked, refused }) =>
      asked.filter((event) => !refused.some((still) => still.event === event)).map((event) => `${id}:${event}`),
    );
  // A definition may have dropped what was refused.
  const again = works.flatMap(({ record, event }) => (record && event.kind === "rederive" ? [record] : []));
  for (const { subject, record } of await openFaultsOf(run.tx, "rule", again)) {
    const change = changes.find(({ after }) => after.id === record);
    const events = Object.values(change?.type.triggers ?? {}).map(({ event }) => `${record}:${event}`);
    if (change && !events.includes(subject)) settled.push(subject);
  }
  await settleFaults(run.tx, "rule", settled, { how: "done", by: null, at: run.nowIso });
}

/** Does one event to one record that the caller has locked, and returns the record as that leaves it. */
export async function applyTo(run: Run, record: RecordData, event: StepEvent): Promise<RecordData> {
  const [change] = await apply(run, [workOn(run, record, event)]);
  if (!change) throw new Error("Nothing was decided.");
  return change.after;
}

/** What facts are loaded for as it will be. */
function plannedBy(event: StepEvent): { planned?: Fields } {
  if (event.kind === "update") return { planned: event.values };
  if (event.kind === "action") return { planned: event.answers };
  return event.kind === "timer" && event.timer.send?.answers ? { planned: event.timer.send.answers } : {};
}

const namesIn = ({ values, texts }: Extract<StepEvent, { kind: "update" }>): string[] => [
  ...Object.keys(values),
  ...Object.keys(texts),
];

/** What facts are loaded for before a record exists: its values, in its organisation. */
function draftOf(run: Run, { event, type, definitionVersion }: Work): RecordData {
  if (event.kind !== "create") throw new Error("Only a create has no record.");
  const blank = blankRecord({ type, event, now: run.now, actor: run.actor, definitionVersion });
  return { ...blank, fields: event.values };
}

export interface CreateOptions {
  entry?: "new" | "imported";
  texts?: Extract<StepEvent, { kind: "create" }>["texts"];
  files?: FileBrief[];
  origin?: string;
  cause?: ChangeContext["cause"];
}

/** Makes a record of the active version. Who may is asked by the verb. */
export async function create(
  run: Run,
  typeName: string,
  organisation: string,
  values: Fields,
  options: CreateOptions = {},
): Promise<Change> {
  const [change] = await createMany(run, typeName, organisation, [values], options);
  if (!change) throw new Error("Nothing was created.");
  return change;
}

/** Makes several records of one type at once: facts loaded together, everything written in bulk. */
export async function createMany(
  run: Run,
  typeName: string,
  organisation: string,
  each: Fields[],
  { entry = "new", texts = {}, files = [], origin, cause }: CreateOptions = {},
): Promise<Change[]> {
  const { active } = activeType(run.registry, typeName);
  const references = await nextReferences(run.tx, active.type, organisation, run.today, each.length);
  const works = each.map((values, index): Work => ({
    type: active.type,
    record: undefined,
    definitionVersion: active.version,
    event: {
      kind: "create",
      entry,
      id: run.newId(),
      organisation,
      reference: references[index] ?? "",
      values,
      texts,
      files,
      ...(origin ? { origin } : {}),
    },
  }));
  return apply(run, works, cause ? { cause } : {});
}
