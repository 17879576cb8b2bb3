/**
 * The time machine. School time goes forward only: from one due instant to the next, each firing and sending with `now`
 * at its instant, in order. In demo mode it moves the school's own clock; `simulate` runs the same on a scratch copy.
 */
import { Failure, invalid } from "../../schema/failure";
import { datetime, instant, isoOf } from "../store/database";
import { clearClockTarget, moveClock, readClock, setClockTarget } from "../store/clock";
import { acquireLease } from "../store/lease";
import { fireDue } from "./fireDue";
import { turnAbsences } from "./absence";
import { composeMails } from "./composeMails";
import { deliverMails } from "./deliverMails";
import type { MailTransport } from "./mailTransport";
import { rederiveSome } from "./rederive";
import { schoolNow } from "./run";
import type { World } from "./world";

export interface ClockState {
  /** School time, ISO. */
  now: string;
  /** Where it is being moved to, while it is. */
  advancingTo: string | null;
}

export async function clockState(world: World): Promise<ClockState> {
  const { offsetMs, target } = await readClock(world.db);
  return { now: isoOf(world.machineNow() + offsetMs), advancingTo: target === null ? null : isoOf(target) };
}

const longest = 20 * 366 * 86_400_000;

/**
 * Asks for the clock to be moved: a worker does it, and `clockState` says how far it is. Demo mode only.
 * @throws FORBIDDEN outside demo mode, INVALID_INPUT for a time that is past or more than twenty years off.
 */
export async function requestAdvance(world: World, to: string): Promise<ClockState> {
  if (!world.demo) throw new Failure("FORBIDDEN", "The clock can be moved in demo mode only.");
  const target = Date.parse(to);
  const { now } = await clockState(world);
  if (!(target > Date.parse(now)))
    throw invalid([{ path: "to", message: "The clock goes forward only: choose a later time." }]);
  if (target - Date.parse(now) > longest)
    throw invalid([{ path: "to", message: "Choose a time within the next twenty years." }]);
  await setClockTarget(world.db, target);
  world.queue.publish("clock", 0);
  world.wake([isoOf(world.machineNow())]);
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
  const release = await acquireLease(world, "clock", 60_000);
  if (!release) return false;
  try {
    const { target } = await readClock(world.db);
    if (target === null) return false;
    await runForward(world, target, transport, stopping);
    if (stopping()) return false;
    await moveClock(world.db, target - world.machineNow());
    await clearClockTarget(world.db, target);
    world.queue.publish("clock", 0);
    world.announce("access");
    return true;
  } finally {
    await release();
  }
}

/**
 * Steps from due instant to due instant up to and including `until`, and moves school time along. Without a transport it
 * is a past that nobody is told of by mail: its notices are left to whoever asked.
 */
export async function runForward(
  world: World,
  until: number,
  transport: MailTransport | null,
  stopping: () => boolean = () => false,
): Promise<number> {
  let total = 0;
  let last = -Infinity;
  let same = 0;
  while (!stopping()) {
    const next = await nextDue(world, until, transport !== null);
    if (next === undefined) {
      // Somebody may go or come back on a day on which nothing falls due; what that tells of may.
      if ((await turnAbsences(world, until)) === 0) return total;
      continue;
    }
    const at = Math.max(next.at, last, Math.min(await schoolNow(world), until));
    // An occurrence put aside stays due; it must not hold the clock.
    same = at === last ? same + 1 : 0;
    if (same > 50) return total;
    last = at;
    await moveClock(world.db, at - world.machineNow());
    const turned = await turnAbsences(world, at);
    if (turned > 0 || next.rederivesAt <= at) while (await rederiveSome(world, at));
    total += await fireDue(world, undefined, at);
    if (!transport) continue;
    await composeMails(world, isoOf(at));
    await deliverMails(world, isoOf(at), transport);
  }
  return total;
}

/** The earliest instant at which there is something to do, and from when on clocks wait to be derived again. */
async function nextDue(
  world: World,
  until: number,
  mailing: boolean,
): Promise<{ at: number; rederivesAt: number } | undefined> {
  const limit = datetime(isoOf(until));
  const machine = datetime(isoOf(world.machineNow()));
  const mails = `SELECT MIN(send_at) FROM notice WHERE outcome = 'planned' AND send_at <= ?
     UNION ALL SELECT MIN(next_at) FROM mail WHERE state = 'queued' AND attempts > 0 AND next_at <= ?`;
  const [row] = await world.db.query(
    `SELECT MIN(at) AS at, (SELECT MIN(created_at) FROM rederive WHERE done_at IS NULL AND created_at <= ?) AS rederives_at
     FROM (
       SELECT MIN(due_at) AS at FROM timer WHERE state = 'waiting' AND due_at <= ? AND (retry_at IS NULL OR retry_at <= ?)
       ${mailing ? `UNION ALL ${mails}` : ""}
     ) AS due`,
    [limit, limit, machine, ...(mailing ? [limit, machine] : [])],
  );
  const epoch = (text: unknown): number => (typeof text === "string" ? Date.parse(instant(text)) : Infinity);
  const rederivesAt = epoch(row?.["rederives_at"]);
  const at = Math.min(epoch(row?.["at"]), rederivesAt);
  return at === Infinity ? undefined : { at, rederivesAt };
}
