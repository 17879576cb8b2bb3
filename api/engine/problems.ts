/** What failed for good and waits for a person: to be tried again, or left as it is. */
import { Failure } from "../../schema/failure";
import { codePoints } from "../../schema/text";
import type { Sql } from "../store/database";
import { countOpen, type Fault, faultById, readFaults, settleFaults } from "../store/faults";
import { reviveTimer, skipTimer } from "../store/deadTimers";
import { repeatJob } from "../store/rederiveJobs";
import { replanNotice, requeueMail } from "../store/mails";
import { withBelow } from "../store/organisations";
import { rederiveRecord } from "./rederive";
import { mustAdminister, type Run } from "./run";

const MOST_LISTED = 500;
const MOST_COUNTED = 1_000;
const LONGEST_REASON = 300;

/** Open faults of the acting organisation and those below it, newest first, at most 500. @throws FORBIDDEN. */
export async function problems(run: Run): Promise<Fault[]> {
  mustAdminister(run);
  return (await pageOfProblems(run.tx, run.organisation.id, { first: MOST_LISTED })).nodes;
}

/** The same by pages, for whoever is known to administer the organisation. */
export async function pageOfProblems(
  sql: Sql,
  organisation: string,
  { first, after }: { first: number; after?: string | null },
): Promise<{ nodes: Fault[]; hasNextPage: boolean }> {
  const most = Math.max(1, Math.min(first, MOST_LISTED));
  const organisations = await withBelow(sql, organisation);
  const found = await readFaults(sql, { organisations, first: most + 1, ...(after != null && { after }) });
  return { nodes: found.slice(0, most), hasNextPage: found.length > most };
}

/** How many there are, counted to 1,000. */
export async function countProblems(sql: Sql, organisation: string): Promise<{ count: number; more: boolean }> {
  const count = await countOpen(sql, await withBelow(sql, organisation), MOST_COUNTED + 1);
  return { count: Math.min(count, MOST_COUNTED), more: count > MOST_COUNTED };
}

/**
 * Has what failed tried once more; a new fault is made where it fails again. `repeated` is false for what comes round by
 * itself or cannot be repeated (a seal, an import): that is only settled. @throws FORBIDDEN, NOT_FOUND.
 */
export async function retryProblem(run: Run, input: { id: string }): Promise<{ fault: Fault; repeated: boolean }> {
  const fault = await openFault(run, input.id);
  const tx = run.tx;
  let repeated = true;
  // First, since what is tried at once may fail at once.
  await settle(run, fault, "done");
  if (fault.kind === "timer" || fault.kind === "duty" || fault.kind === "roster") await reviveTimer(tx, fault.subject);
  else if (fault.kind === "email") repeated = await requeueMail(tx, fault.subject);
  else if (fault.kind === "notice") repeated = await replanNotice(tx, fault.subject);
  else if ((fault.kind === "job" || fault.kind === "rule" || fault.kind === "member") && fault.about)
    await rederiveRecord(run, { type: fault.about.type, id: fault.about.record }, "it was tried again");
  else if (fault.kind === "job") repeated = await repeatJob(tx, fault.subject);
  else repeated = false;
  run.afterCommit(() => run.world.wake([run.nowIso], run.now - run.machineNow, run.request));
  return { fault, repeated };
}

/** Leaves it as it is, for good; the reason stands at the clock. @throws FORBIDDEN, NOT_FOUND, INVALID_INPUT. */
export async function skipProblem(run: Run, input: { id: string; reason: string }): Promise<Fault> {
  const reason = input.reason.trim();
  const wrong =
    reason === ""
      ? "Say why it is skipped."
      : codePoints(reason) > LONGEST_REASON
        ? `Say why in at most ${LONGEST_REASON} characters.`
        : undefined;
  if (wrong) throw new Failure("INVALID_INPUT", wrong, [{ path: "reason", message: wrong }]);
  const fault = await openFault(run, input.id);
  if (fault.kind === "timer" || fault.kind === "duty" || fault.kind === "roster")
    await skipTimer(run.tx, fault.subject, `Skipped by ${run.actor.name}: ${reason}`);
  await settle(run, fault, "skipped", reason);
  return fault;
}

async function openFault(run: Run, id: string): Promise<Fault> {
  mustAdminister(run);
  const fault = await faultById(run.tx, id, "FOR UPDATE");
  const mine = await withBelow(run.tx, run.organisation.id);
  if (!fault || fault.settledAt || !mine.includes(fault.organisation))
    throw new Failure("NOT_FOUND", "There is no such problem, or it is settled.");
  return fault;
}

const settle = (run: Run, fault: Fault, how: "done" | "skipped", why?: string): Promise<number> =>
  settleFaults(run.tx, fault.kind, [fault.subject], {
    how,
    ...(why !== undefined && { why }),
    by: run.actor.kind === "person" ? run.actor.id : null,
    at: run.nowIso,
  });
