/** A process of the pool: one job at a time, and what comes of it. It ends with whoever started it. */
import { setPriority } from "node:os";
import { Failure } from "../../../schema/failure";
import { jobs } from "./jobs";
import type { Answer, JobName } from "./pool";

async function answerOf({ job, input }: { job: JobName; input: unknown }): Promise<Answer> {
  try {
    return { result: await (jobs[job] as (input: unknown) => unknown)(input) };
  } catch (error) {
    if (error instanceof Failure) {
      const { code, message, problems } = error;
      return { failure: { code, message, problems } };
    }
    // Recursion over what is nested too deep, and a string or buffer larger than there can be.
    if (error instanceof RangeError) return { exhausted: error.message };
    return { fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

// Whoever waits for a page goes first.
setPriority(19);

process.on("message", (task: { job: JobName; input: unknown }) => {
  void answerOf(task).then((answer) => process.send?.(answer));
});
process.on("disconnect", () => process.exit());

process.send?.("ready");
