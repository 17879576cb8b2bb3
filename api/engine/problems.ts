/** What failed for good and waits for a person: to be tried again, or left as it is. */
import { Failure } from "../../schema/failure";
import { type Fault, faultById, readFaults, settleFaults } from "../store/faults";
import { reviveTimer, skipTimer } from "../store/deadTimers";
import { replanNotice, requeueMail } from "../store/mails";
import { mustAdminister, type Run } from "./run";

const MOST_LISTED = 500;

/** Open faults of the acting organisation, newest first, at most 500. @throws FORBIDDEN. */
export function problems(run: Run): Promise<Fault[]> {
  mustAdminister(run);
  return readFaults(run.tx, { organisations: [run.organisation.id], first: MOST_LISTED });
}

/**
 * Has what failed tried once more; a fault is made anew where it fails again. What nothing can repeat (an import) is only settled.
 * @throws FORBIDDEN, NOT_FOUND.
 */
export async function retryProblem(run: Run, input: { id: string }): Promise<Fault> {
  const fault = await openFault(run, input.id);
  const tx = run.tx;
  if (fault.kind === "timer" || fault.kind === "duty" || fault.kind === "roster") await reviveTimer(tx, fault.subject);
  else if (fault.kind === "email") await requeueMail(tx, fault.subject);
  else if (fault.kind === "notice") await replanNotice(tx, fault.subject);
  await settle(run, fault, "done");
  run.afterCommit(() => run.world.wake([run.nowIso], run.now - run.machineNow));
  return fault;
}

/** Leaves it as it is, for good; the reason stands at the clock. @throws FORBIDDEN, NOT_FOUND, INVALID_INPUT. */
export async function skipProblem(run: Run, input: { id: string; reason: string }): Promise<Fault> {
  const reason = input.reason.trim();
  if (!reason) throw new Failure("INVALID_INPUT", "Say why it is skipped.", [{ path: "reason", message: "Say why." }]);
  const fault = await openFault(run, input.id);
  if (fault.kind === "timer" || fault.kind === "duty" || fault.kind === "roster")
    await skipTimer(run.tx, fault.subject, `Skipped by ${run.actor.name}: ${reason}`);
  await settle(run, fault, "skipped");
  return fault;
}

async function openFault(run: Run, id: string): Promise<Fault> {
  mustAdminister(run);
  const fault = await faultById(run.tx, id, "FOR UPDATE");
  if (!fault || fault.settledAt || fault.organisation !== run.organisation.id)
    throw new Failure("NOT_FOUND", "There is no such problem, or it is settled.");
  return fault;
}

const settle = (run: Run, fault: Fault, how: "done" | "skipped"): Promise<number> =>
  settleFaults(run.tx, fault.kind, [fault.subject], {
    how,
    by: run.actor.kind === "person" ? run.actor.id : null,
    at: run.nowIso,
  });
