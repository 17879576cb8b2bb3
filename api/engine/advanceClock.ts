/**
 * The time machine. School time goes forward only: from one due instant to the next, each firing and sending with `now`
 * at its instant, in order. In demo mode it moves the school's own clock; `simulate` runs the same on a scratch copy.
 */
import { Failure, invalid } from "../../schema/failure";
import { datetime, instant, isoOf } from "../store/database";
import { clearClockTarget, moveClock, readClock, setClockTarget } from "../store/clock";
import { ifFree } from "../store/lease";
import { fireDue } from "./fireDue";
import { turnAbsences } from "./absence";
import { composeMails } from "./composeMails";
import { deliverMails } from "./deliverMails";
import type { MailTransport } from "./mailTransport";
import { rederiveSome } from "./rederive";
import { machineTime, schoolNow } from "./run";
import type { World } from "./world";

export interface ClockState {
  /** School time, ISO. */
  now: string;
  /** Where it is being moved to, while it is. */
  advancingTo: string | null;
}

export async function clockState(world: World): Promise<ClockState> {
  const { offsetMs, target, databaseNow } = await readClock(world.db);
  return { now: isoOf(world.timeAt(databaseNow) + offsetMs), advancingTo: target === null ? null : isoOf(target) };
}

const longest = 20 * 366 * 86_400_000;

/**
 * Asks for the clock to be moved: a worker does it, and `clockState` says how far it is. Demo mode only.
 * @throws FORBIDDEN outside demo mode, INVALID_INPUT for a time that is past or more than twenty years off.
 */
export async function requestAdvance(world: World, to: string): Promise<ClockState> {
  if (!world.demo) throw new Failure("FORBIDDEN", "The clock can be moved in demo mode only.");
  if ((await readClock(world.db)).held)
    throw new Failure(
      "WRONG_STATE",
      "This may be a copy of the database: its clock stands until the copy is put in use.",
    );
  const target = Date.parse(to);
  const { now } = await clockState(world);
  if (!(target > Date.parse(now)))
    throw invalid([{ path: "to", message: "The clock goes forward only: choose a later time." }]);
  if (target - Date.parse(now) > longest)
    throw invalid([{ path: "to", message: "Choose a time within the next twenty years." }]);
  await setClockTarget(world.db, target);
  world.queue.publish("clock", 0);
  world.wake([isoOf(await machineTime(world))]);
  return clockState(world);
}

/**
 * Moves the clock where that was asked for. False where it was not, or another worker is at it. A worker that is
 * `stopping` ends after the step at hand: the target stays, and the next one goes on from there.
 */
export async function advanceSome(
  world: World,
  transport: MailTransport,
  stopping: () => boolean = () => false,
): Promise<boolean> {
  if ((await readClock(world.db)).target === null) return false;
  return (await ifFree(world, "clock", (lost) => advance(world, transport, () => stopping() || lost()))) ?? false;
}

async function advance(world: World, transport: MailTransport, stopping: () => boolean): Promise<boolean> {
  const { target } = await readClock(world.db);
  if (target === null) return false;
  // Where it was stopped it has been said: the clock arrives all the same, and the workers see to the rest.
  await runForward(world, target, transport, stopping);
  if (stopping()) return false;
  await moveClock(world.db, target - (await machineTime(world)));
  await clearClockTarget(world.db, target);
  world.queue.publish("clock", 0);
  world.announce("access");
  return true;
}

export interface Forward {
  /** Occurrences handled. */
  handled: number;
  /** Why it ended before `until`; null where it did not. */
  stopped: string | null;
}

/** Rounds for a way of so many days: what needs more makes its own work. A quarter of an hour's chase takes a hundred. */
const mostRounds = (days: number): number => 5_000 + 500 * Math.ceil(days);

/**
 * Steps from due instant to due instant up to and including `until`, and moves school time along. Without a transport it
 * is a past that nobody is told of by mail: its notices are left to whoever asked. It always ends: what stays due although
 * its round did nothing is left behind, and the number of rounds has a bound.
 */
export async function runForward(
  world: World,
  until: number,
  transport: MailTransport | null,
  stopping: () => boolean = () => false,
): Promise<Forward> {
  let handled = 0;
  let last = -Infinity;
  /** What was due up to then did not get done: it is tried again by the workers' rounds. */
  let leftBehind: number | null = null;
  const rounds = mostRounds((until - (await schoolNow(world))) / 86_400_000);
  for (let round = 0; !stopping(); round++) {
    if (round >= rounds) {
      const stopped = `Things fell due without end: stopped after ${rounds} rounds, at ${isoOf(last)}.`;
      world.log.error({ handled }, stopped);
      return { handled, stopped };
    }
    const next = await nextDue(world, until, transport !== null, leftBehind);
    if (next === undefined) {
      // Somebody may go or come back on a day on which nothing falls due; what that tells of may.
      if ((await turnAbsences(world, until)) === 0) return { handled, stopped: null };
      continue;
    }
    const at = Math.max(next.at, last, Math.min(await schoolNow(world), until));
    last = at;
    await moveClock(world.db, at - (await machineTime(world)));
    let done = await turnAbsences(world, at);
    if (done > 0 || next.rederivesAt <= at) while (!stopping() && (await rederiveSome(world, at))) done++;
    const fired = await fireDue(world, undefined, at);
    handled += fired;
    done += fired;
    if (transport) {
      done += await composeMails(world, isoOf(at));
      done += await deliverMails(world, isoOf(at), transport);
    }
    leftBehind = done > 0 ? null : next.at;
  }
  return { handled, stopped: null };
}

/** The earliest instant (after one that was left behind) at which there is something to do, and the earliest job. */
async function nextDue(
  world: World,
  until: number,
  mailing: boolean,
  after: number | null,
): Promise<{ at: number; rederivesAt: number } | undefined> {
  const limit = datetime(isoOf(until));
  const machine = datetime(isoOf(await machineTime(world)));
  const from = after === null ? "1000-01-01 00:00:00.000" : datetime(isoOf(after));
  const mails = `SELECT MIN(send_at) FROM notice WHERE outcome = 'planned' AND send_at > ? AND send_at <= ?
     UNION ALL SELECT MIN(next_at) FROM mail WHERE state = 'queued' AND attempts > 0 AND next_at > ? AND next_at <= ?`;
  const [row] = await world.db.query(
    `SELECT MIN(at) AS at, (SELECT MIN(created_at) FROM rederive
        WHERE done_at IS NULL AND created_at > ? AND created_at <= ?) AS rederives_at
     FROM (
       SELECT MIN(due_at) AS at FROM timer
       WHERE state = 'waiting' AND due_at > ? AND due_at <= ? AND (retry_at IS NULL OR retry_at <= ?)
       ${mailing ? `UNION ALL ${mails}` : ""}
     ) AS due`,
    [from, limit, from, limit, machine, ...(mailing ? [from, limit, from, machine] : [])],
  );
  const epoch = (text: unknown): number => (typeof text === "string" ? Date.parse(instant(text)) : Infinity);
  const rederivesAt = epoch(row?.["rederives_at"]);
  const at = Math.min(epoch(row?.["at"]), rederivesAt);
  return at === Infinity ? undefined : { at, rederivesAt };
}
