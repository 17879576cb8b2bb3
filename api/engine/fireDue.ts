/**
 * Fires what is due: a batch of records at a time, decided purely, written in bulk, committed once. Hint and sweep both
 * end here, and running it twice is harmless: the row says whether its occurrence has been handled.
 */
import { Failure } from "../../schema/failure";
import type { TimerRow } from "../../schema/record";
import { datetime, isoOf, type Tx } from "../store/database";
import { readTimer } from "../store/facts";
import { fireDuties, isDuty } from "./duties";
import { rootOrganisation } from "../store/organisations";
import { lockFree } from "./lock";
import { type Aside, apply, deepestCause, type Work, workOn } from "./pipeline";
import { fillRoster, isRoster } from "./rosters";
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

/** Fires one batch of at most `limit` records. `at` is school time, epoch ms, while the clock is being advanced. */
export async function fireBatch(world: World, limit = batchOf, at?: number): Promise<Fired> {
  const root = await rootOrganisation(world.db);
  const aside: Aside[] = [];
  let fired: Fired;
  try {
    fired = await run(world, systemIdentity(root), (current) => fireSome(current, limit, aside), at);
  } catch (error) {
    if (limit === 1) throw error;
    world.log.error({ err: error }, "A batch of timers failed as a whole: its records are fired one by one");
    return fireAlone(world, limit, at);
  }
  for (const { work, error } of aside) await setAside(world, work, error);
  return fired;
}

/** Drains what is due. Returns the number of occurrences handled. */
export async function fireDue(world: World, limit = batchOf, at?: number): Promise<number> {
  let total = 0;
  for (;;) {
    const { handled, more } = await fireBatch(world, limit, at);
    total += handled;
    if (!more || handled === 0) return total;
  }
}

const dueRows = async (run: Pick<Run, "tx" | "now" | "machineNow">, limit: number): Promise<TimerRow[]> =>
  (
    await run.tx.query(
      `SELECT * FROM timer WHERE state = 'waiting' AND due_at <= ? AND (retry_at IS NULL OR retry_at <= ?)
       ORDER BY due_at, id LIMIT ${Math.trunc(limit)}`,
      [datetime(isoOf(run.now)), datetime(isoOf(run.machineNow))],
    )
  ).map(readTimer);

async function fireSome(run: Run, limit: number, aside: Aside[]): Promise<Fired> {
  aside.length = 0;
  // Twice the batch, so that records another worker holds do not leave this one idle.
  const found = await dueRows(run, limit * 2);
  const duties = await fireDuties(run, found.filter(isDuty).slice(0, 20));
  const candidates = found.filter((timer) => !isDuty(timer));
  const first = new Map<string, TimerRow>();
  for (const timer of candidates) if (!first.has(timer.record)) first.set(timer.record, timer);
  if (!first.size) return { handled: duties, more: duties > 0 };
  const keys = [...first.values()].map(({ type, record }) => ({ type, id: record }));
  const locked = await lockFree(run, keys.slice(0, limit));
  // Nobody waits for a lock that is skipped, so these may be taken out of the order of ids.
  const room = limit - locked.length;
  if (room && keys.length > limit) locked.push(...(await lockFree(run, keys.slice(limit, limit + room))));
  const still = await stillDue(
    run,
    locked.flatMap(({ id }) => first.get(id) ?? []),
  );
  const works: Work[] = [];
  for (const record of locked) {
    const timer = first.get(record.id);
    const fresh = timer && still.get(timer.id);
    if (fresh) works.push(workOn(run, record, { kind: "timer", timer: fresh }));
  }
  const looping = works.filter(({ event }) => event.kind === "timer" && (event.timer.send?.depth ?? 0) > deepestCause);
  for (const { event } of looping)
    if (event.kind === "timer")
      await kill(run.tx, event.timer.id, "A chain of events never ended: it was stopped here.");
  const rosters = works.filter(({ event }) => event.kind === "timer" && isRoster(event.timer));
  for (const { record, event } of rosters)
    if (record && event.kind === "timer") await fillRoster(run, record, event.timer);
  const sent = works.filter((work) => !looping.includes(work) && !rosters.includes(work));
  // A cause is written with each change of its own; the rest share a statement each.
  const plain = sent.filter(({ event }) => event.kind === "timer" && !event.timer.send);
  if (plain.length) await apply(run, plain, { aside });
  for (const work of sent)
    if (work.event.kind === "timer" && work.event.timer.send) {
      const { cause, depth } = work.event.timer.send;
      await apply(run, [work], { aside, cause: { history: cause, depth } });
    }
  return {
    handled: works.length - aside.length + duties,
    more: rosters.length > 0 || candidates.length > works.length || candidates.length === limit * 2,
  };
}

/** Read again under the records' locks: whoever held them may have moved, fired or cancelled the timer. */
async function stillDue(run: Run, timers: TimerRow[]): Promise<Map<string, TimerRow>> {
  if (!timers.length) return new Map();
  const rows = await run.tx.query(
    `SELECT * FROM timer WHERE id IN (${timers.map(() => "?").join(", ")}) AND state = 'waiting' AND due_at <= ?`,
    [...timers.map((timer) => timer.id), datetime(isoOf(run.now))],
  );
  return new Map(rows.map((row) => [String(row["id"]), readTimer(row)]));
}

const kill = (tx: Tx, timer: string, why: string) =>
  tx.execute("UPDATE timer SET state = 'dead', outcome = ? WHERE id = ?", [why, timer]);

/** Puts a failed occurrence aside: later tries are spaced out, its due time stays, and in the end a person is shown it. */
async function setAside(world: World, { event }: Work, error: unknown): Promise<void> {
  if (event.kind !== "timer") return;
  const why = error instanceof Failure ? error.message : "Something unexpected went wrong.";
  world.log.error({ err: error, timer: event.timer.id }, "A timer could not be fired");
  const now = world.machineNow();
  await world.db.transaction(async (tx) => {
    const [row] = await tx.query("SELECT attempts FROM timer WHERE id = ? AND state = 'waiting' FOR UPDATE", [
      event.timer.id,
    ]);
    if (!row) return;
    const attempts = Number(row["attempts"]) + 1;
    await tx.execute("UPDATE timer SET attempts = ?, retry_at = ?, outcome = ?, state = ? WHERE id = ?", [
      attempts,
      datetime(isoOf(now + 30_000 * 2 ** attempts)),
      why.slice(0, 500),
      attempts >= mostTries ? "dead" : "waiting",
      event.timer.id,
    ]);
  });
}

async function fireAlone(world: World, limit: number, at?: number): Promise<Fired> {
  let handled = 0;
  for (let i = 0; i < limit; i++) {
    const root = await rootOrganisation(world.db);
    const aside: Aside[] = [];
    let next: Work | undefined;
    try {
      const fired = await run(
        world,
        systemIdentity(root),
        async (current) => {
          const [timer] = await dueRows(current, 1);
          if (timer)
            next = {
              type: {} as Work["type"],
              record: undefined,
              definitionVersion: 0,
              event: { kind: "timer", timer },
            };
          return fireSome(current, 1, aside);
        },
        at,
      );
      for (const { work, error } of aside) await setAside(world, work, error);
      if (!fired.handled && !aside.length) break;
      handled++;
    } catch (error) {
      if (!next) throw error;
      await setAside(world, next, error);
    }
  }
  return { handled, more: handled > 0 };
}
