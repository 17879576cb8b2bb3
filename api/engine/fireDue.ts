/**
 * Fires what is due: a batch of records at a time, decided purely, written in bulk, committed once. Hint and sweep both
 * end here, and running it twice is harmless: the row says whether its occurrence has been handled.
 */
import { Failure, isBadDefinition, RuleBroken } from "../../schema/failure";
import type { RecordData, TimerRow } from "../../schema/record";
import { datetime, isoOf, type Tx } from "../store/database";
import { readTimer } from "../store/facts";
import { recordFault } from "../store/faults";
import { noteHistory } from "../store/change";
import { existingRecords } from "../store/records";
import { eachAlone, isDatabaseTrouble, isSlow } from "../store/trouble";
import { fireDuty, layDuties } from "./duties";
import { rootOrganisation } from "../store/organisations";
import { holdFree, lockFree, lockSome } from "./lock";
import { pinnedType } from "./pinned";
import { changeContext } from "./changeContext";
import { type Aside, apply, deepestCause, holdingFor, type Work, workOn } from "./pipeline";
import { putMemberAside } from "./refusedMembers";
import { fillRoster, MembersRefused } from "./rosters";
import { run, type Run, systemIdentity } from "./run";
import type { World } from "./world";

export interface Fired {
  /** Occurrences handled: fired, skipped, moved or put aside. */
  handled: number;
  /** There may be more: ask again. */
  more: boolean;
}

/** Records per batch: at 200 a burst spent two fifths of its time waiting for the database. */
const batchOf = 500;
const mostTries = 8;
/** Pages of due rows that a batch looks through for records that nobody holds. */
const mostPages = 20;
/** Batches that one call drains: what would go on beyond it makes its own work, and waits for the next call. */
const mostBatches = 2_000;

/** What a transaction took on, known also where it fails as a whole. */
interface Batch {
  /** The rows it fires together. */
  taken: TimerRow[];
  /** Rows whose step failed: the others of the batch were fired. */
  aside: Aside[];
  /** Duties and rosters: each makes records in a transaction of its own. */
  apart: TimerRow[];
}

const newBatch = (): Batch => ({ taken: [], aside: [], apart: [] });

/** Fires one batch of at most `limit` records. `at` is school time, epoch ms, while the clock is being advanced. */
export async function fireBatch(world: World, limit = batchOf, at?: number): Promise<Fired> {
  const root = await rootOrganisation(world.db);
  const batch = newBatch();
  const fired: Fired = { handled: 0, more: true };
  try {
    Object.assign(fired, await run(world, systemIdentity(root), (current) => fireSome(current, limit, batch), at));
    for (const { work, error } of batch.aside)
      if (work.event.kind === "timer") await setAside(world, work.event.timer, error);
  } catch (error) {
    if (!batch.taken.length || (isDatabaseTrouble(error) && !isSlow(error))) throw error;
    world.log.error({ err: error }, "A batch of timers failed as a whole: it is halved until the failing one is found");
    fired.handled = isSlow(error)
      ? await fireSingly(world, root, batch.taken, at)
      : await fireHalves(world, root, batch.taken, error, at);
  }
  for (const timer of batch.apart) fired.handled += await fireApart(world, root, timer, at);
  return fired;
}

/** Drains what is due. Returns the number of occurrences handled. */
export async function fireDue(world: World, limit = batchOf, at?: number): Promise<number> {
  let total = 0;
  for (let batches = 0; batches < mostBatches; batches++) {
    const { handled, more } = await fireBatch(world, limit, at);
    total += handled;
    if (!more || handled === 0) return total;
  }
  world.log.error({ handled: total }, "Timers fell due without end: the rest waits for the next round");
  return total;
}

/** Those that are due, after the last of `page`, in the order in which they fire. */
async function dueRows(run: Run, count: number, page: TimerRow[]): Promise<TimerRow[]> {
  const last = page.at(-1);
  const [now, machine] = [datetime(run.nowIso), datetime(isoOf(run.machineNow))];
  const standing = "SELECT * FROM timer WHERE state = 'waiting' AND (retry_at IS NULL OR retry_at <= ?)";
  const ending = `ORDER BY due_at, id LIMIT ${Math.trunc(count)}`;
  // Each half is one range of the index; as one condition it would be read from its beginning again.
  const rows = last
    ? [
        ...(await run.tx.query(`${standing} AND due_at = ? AND id > ? ${ending}`, [
          machine,
          datetime(last.dueAt),
          last.id,
        ])),
        ...(await run.tx.query(`${standing} AND due_at > ? AND due_at <= ? ${ending}`, [
          machine,
          datetime(last.dueAt),
          now,
        ])),
      ]
    : await run.tx.query(`${standing} AND due_at <= ? ${ending}`, [machine, now]);
  return rows.slice(0, count).map(readTimer);
}

/** Fires the oldest row of up to `limit` records that nobody else holds. What cannot be taken is read past. */
async function fireSome(run: Run, limit: number, batch: Batch): Promise<Fired> {
  Object.assign(batch, newBatch());
  const first = new Map<string, TimerRow>();
  const locked: RecordData[] = [];
  let [page, rows, more]: [TimerRow[], number, boolean] = [[], 0, true];
  for (let pages = 0; pages < mostPages && locked.length < limit && more; pages++) {
    page = await dueRows(run, limit * 2, page);
    rows += page.length;
    more = page.length === limit * 2;
    const fresh: TimerRow[] = [];
    for (const timer of page) {
      if (timer.kind === "duty") batch.apart.push(timer);
      else if (!first.has(timer.record)) {
        first.set(timer.record, timer);
        fresh.push(timer);
      }
    }
    // Nobody waits for a lock that is skipped, so each page may be taken out of the order of ids.
    for (let from = 0; from < fresh.length && locked.length < limit;) {
      const some = fresh.slice(from, from + limit - locked.length);
      from += some.length;
      // Known before they are read: a record that cannot be read is found among them as one that cannot be written is.
      batch.taken.push(...some);
      const taken = await lockFree(
        run,
        some.map(({ type, record }) => ({ type, id: record })),
      );
      locked.push(...(await freeToFire(run, taken, first)));
      if (taken.length < some.length) await cancelOrphans(run, some, taken);
    }
  }
  const handled = await fireLocked(
    run,
    locked,
    locked.flatMap(({ id }) => first.get(id) ?? []),
    batch,
  );
  return { handled, more: more || rows > handled + batch.apart.length };
}

/** Of records that are locked, those of which nobody else holds what their change would have to hold. */
async function freeToFire(run: Run, locked: RecordData[], timers: Map<string, TimerRow>): Promise<RecordData[]> {
  const works: { record: RecordData; names: string[] }[] = [];
  for (const record of locked) {
    const timer = timers.get(record.id);
    const holding = timer && (await holdingFor(run, workOn(run, record, { kind: "timer", timer })));
    works.push({ record, names: holding?.names ?? [] });
  }
  return (await holdFree(run, works)).map(({ record }) => record);
}

/** Fires these rows of records that are locked, where they are still due. */
async function fireLocked(run: Run, locked: RecordData[], timers: TimerRow[], batch: Batch): Promise<number> {
  const records = new Map(locked.map((record) => [record.id, record]));
  const still = await stillDue(run, timers);
  const works: { work: Work; timer: TimerRow }[] = [];
  for (const timer of still) {
    const record = records.get(timer.record);
    if (!record) continue;
    if (timer.kind === "roster") batch.apart.push(timer);
    else works.push({ work: workOn(run, record, { kind: "timer", timer }), timer });
  }
  batch.taken = works.map(({ timer }) => timer);
  const looping = works.filter(({ timer }) => depthOf(timer) > deepestCause);
  for (const { timer } of looping) await kill(run, timer, loopStopped);
  // A cause is written with each change of its own; the rest share their statements.
  const plain = new Map<number, Work[]>();
  for (const { work, timer } of works)
    if (!timer.send && depthOf(timer) <= deepestCause)
      plain.set(timer.depth, [...(plain.get(timer.depth) ?? []), work]);
  for (const [depth, some] of plain) await apply(run, some, { aside: batch.aside, cause: { history: null, depth } });
  for (const { work, timer } of works)
    if (timer.send && depthOf(timer) <= deepestCause)
      await apply(run, [work], { aside: batch.aside, cause: { history: timer.send.cause, depth: timer.send.depth } });
  return works.length;
}

const loopStopped = "A chain of events never ended: it was stopped here.";
const depthOf = ({ send, depth }: TimerRow): number => send?.depth ?? depth;

/** Read again under the records' locks: whoever held them may have moved, fired or cancelled the timer. */
async function stillDue(run: Run, timers: TimerRow[]): Promise<TimerRow[]> {
  if (!timers.length) return [];
  const rows = await run.tx.query(
    `SELECT * FROM timer WHERE id IN (${timers.map(() => "?").join(", ")}) AND state = 'waiting' AND due_at <= ?`,
    [...timers.map((timer) => timer.id), datetime(run.nowIso)],
  );
  const found = new Map(rows.map((row) => [String(row["id"]), readTimer(row)]));
  return timers.flatMap(({ id }) => found.get(id) ?? []);
}

/** Rows of records that could not be locked because they are not there: nothing would ever fire them. */
async function cancelOrphans(run: Run, timers: TimerRow[], locked: RecordData[]): Promise<void> {
  const held = new Set(locked.map(({ id }) => id));
  const left = timers.filter(({ record }) => !held.has(record));
  const there = new Set(
    await existingRecords(
      run.tx,
      left.flatMap(({ type, record }) => (run.registry.types.has(type) ? [{ type, id: record }] : [])),
    ),
  );
  for (const { id, record } of left)
    if (!there.has(record))
      await run.tx.execute("UPDATE timer SET state = 'cancelled', outcome = ? WHERE id = ? AND state = 'waiting'", [
        "Its record is gone.",
        id,
      ]);
}

async function kill(run: Pick<Run, "tx" | "nowIso">, timer: TimerRow, why: string): Promise<void> {
  await run.tx.execute("UPDATE timer SET state = 'dead', outcome = ?, retry_at = NULL WHERE id = ?", [why, timer.id]);
  await tellOfDead(run.tx, timer, why, run.nowIso);
}

/** A dead row waits for a person: see `engine/problems.ts`. `cause` holds nobody's data: it is read without the record. */
const tellOfDead = (tx: Tx, timer: TimerRow, cause: string, at: string): Promise<void> =>
  recordFault(tx, {
    organisation: timer.organisation,
    kind: timer.kind === "duty" || timer.kind === "roster" ? timer.kind : "timer",
    subject: timer.id,
    ...(timer.kind === "duty" ? {} : { about: { type: timer.type, record: timer.record } }),
    cause,
    at,
  });

/** Fires rows of which one or more fail as they are written, by halves: each failing one is put aside by its own id. */
async function fireHalves(
  world: World,
  root: string,
  timers: TimerRow[],
  error: unknown,
  at: number | undefined,
): Promise<number> {
  const [only] = timers;
  if (only && timers.length === 1) {
    await setAside(world, only, error);
    return 1;
  }
  let handled = 0;
  const middle = Math.ceil(timers.length / 2);
  for (const half of [timers.slice(0, middle), timers.slice(middle)]) {
    try {
      handled += await fireTogether(world, root, half, at);
    } catch (why) {
      if (isDatabaseTrouble(why)) throw why;
      handled += await fireHalves(world, root, half, why, at);
    }
  }
  return handled;
}

/** In one transaction; those whose step fails are put aside. */
async function fireTogether(world: World, root: string, timers: TimerRow[], at: number | undefined): Promise<number> {
  const batch = newBatch();
  const handled = await run(
    world,
    systemIdentity(root),
    async (current) => {
      Object.assign(batch, newBatch());
      const keys = timers.map(({ type, record }) => ({ type, id: record }));
      const byRecord = new Map(timers.map((timer) => [timer.record, timer]));
      return fireLocked(current, await freeToFire(current, await lockFree(current, keys), byRecord), timers, batch);
    },
    at,
  );
  for (const { work, error } of batch.aside)
    if (work.event.kind === "timer") await setAside(world, work.event.timer, error);
  return handled;
}

/** Fires rows one by one, since something of theirs took longer than a statement may: that one is put aside, and tried again later. */
async function fireSingly(world: World, root: string, timers: TimerRow[], at: number | undefined): Promise<number> {
  let handled = 0;
  await eachAlone(
    timers,
    async (timer) => void (handled += await fireTogether(world, root, [timer], at)),
    async (timer, error) => {
      await setAside(world, timer, error);
      handled++;
    },
  );
  return handled;
}

/** A duty or a page of a roster, in a transaction of its own. Returns 1 where something was done, or put aside. */
async function fireApart(world: World, root: string, timer: TimerRow, at: number | undefined): Promise<number> {
  try {
    if (timer.kind === "roster") return await fireRoster(world, root, timer, at);
    return await run(world, systemIdentity(root), async (current) => ((await fireDuty(current, timer)) ? 1 : 0), at);
  } catch (error) {
    if (isDatabaseTrouble(error)) throw error;
    await setAside(world, timer, error);
    return 1;
  }
}

/**
 * A page of a roster. Where one of its members is refused, each has a transaction of their own, who is refused is put aside
 * by name, and the row goes on to its end here, since only this firing knows whom it has tried: another starts from those
 * who have no record, and tries them again.
 */
async function fireRoster(world: World, root: string, timer: TimerRow, at: number | undefined): Promise<number> {
  const without = new Set<string>();
  /** Undefined where the row is not to be had: somebody else holds its record, or has fired it. */
  const withRow = <T>(verb: (current: Run, record: RecordData, due: TimerRow) => Promise<T>): Promise<T | undefined> =>
    run(
      world,
      systemIdentity(root),
      async (current) => {
        const [record] = await lockFree(current, [{ type: timer.type, id: timer.record }]);
        const [due] = record ? await stillDue(current, [timer]) : [];
        return record && due ? verb(current, record, due) : undefined;
      },
      at,
    );
  const fill = (only?: string): Promise<boolean | undefined> =>
    withRow((current, record, due) => fillRoster(current, record, due, { without, ...(only && { only }) }));
  for (let handled = 0; ; handled = 1)
    try {
      const more = await fill();
      if (more === undefined) return handled;
      if (!more || !without.size) return 1;
    } catch (refused) {
      if (!(refused instanceof MembersRefused)) throw refused;
      for (const person of refused.persons)
        try {
          if ((await fill(person)) === undefined) return handled;
        } catch (error) {
          if (!(error instanceof MembersRefused)) throw error;
          world.log.error({ err: error.cause, timer: timer.id, person }, "A member of a roster was refused");
          await withRow((current, record) => putMemberAside(current, record, timer.rule, person, error.cause));
          without.add(person);
        }
    }
}

const refusedBecause = (error: Failure): string =>
  error instanceof RuleBroken
    ? "A rule of its record forbids it: the record says which. Put that right, then try again."
    : "Its record refused it each time: the record says why.";

/** Puts a failed occurrence aside: later tries are spaced out, its due time stays, and in the end a person is shown it. */
async function setAside(world: World, timer: TimerRow, error: unknown): Promise<void> {
  const why = error instanceof Failure ? error.message : "Something unexpected went wrong.";
  world.log.error({ err: error, timer: timer.id }, "A timer could not be fired");
  try {
    await noteFailure(world, timer, error, why);
  } catch (failure) {
    if (isDatabaseTrouble(failure)) throw failure;
    // What follows from it must not keep it in everybody's way.
    world.log.error(
      { err: failure, timer: timer.id },
      "A timer that could not be fired was put aside without what follows",
    );
    await noteFailure(world, timer, error, why, { alone: true });
  }
}

async function noteFailure(
  world: World,
  timer: TimerRow,
  error: unknown,
  why: string,
  { alone = false } = {},
): Promise<void> {
  const broken = error instanceof RuleBroken && !alone ? error : undefined;
  await run(world, systemIdentity(timer.organisation), async (current) => {
    const { tx, nowIso: at, machineNow } = current;
    const [record] = broken ? await lockSome(current, [{ type: timer.type, id: timer.record }]) : [];
    const [row] = await tx.query("SELECT attempts FROM timer WHERE id = ? AND state = 'waiting' FOR UPDATE", [
      timer.id,
    ]);
    if (!row) return;
    const attempts = Math.min(Number(row["attempts"]) + 1, isSlow(error) ? mostTries - 1 : mostTries);
    // Trying again mends no definition, and a rule holds until somebody puts right what it is about.
    // What was only slow never dies of it.
    const dead = !isSlow(error) && (attempts >= mostTries || error instanceof RuleBroken || isBadDefinition(error));
    await tx.execute("UPDATE timer SET attempts = ?, retry_at = ?, outcome = ?, state = ? WHERE id = ?", [
      attempts,
      dead ? null : datetime(isoOf(machineNow + 30_000 * 2 ** attempts)),
      why.slice(0, 500),
      dead ? "dead" : "waiting",
      timer.id,
    ]);
    if (!dead) return;
    // The row keeps the sentence itself, which may quote the record.
    await tellOfDead(tx, timer, error instanceof Failure ? refusedBecause(error) : why, at);
    if (record && broken) await noteRefusal(current, record, timer, broken.message);
    // One occurrence of a duty that came to nothing must not be its last.
    if (timer.kind === "duty" && !alone) await layDuties(current, timer.type);
  });
}

/** Whoever looks at the record reads which rule it was. */
async function noteRefusal(current: Run, record: RecordData, timer: TimerRow, why: string): Promise<void> {
  const type = pinnedType(current.registry, record);
  const event = timer.send?.event ?? type.timers?.[timer.rule]?.event ?? timer.rule;
  const what = type.actions[event];
  await noteHistory(current.tx, changeContext(current), record, {
    kind: "event",
    rule: event,
    because: what?.because ?? [],
    summary: `${what?.label ?? event}: it did not happen. ${why}`,
    detail: { refused: true, timer: timer.id },
  });
}
