import { Failure, failures, type Problem } from "../../schema/failure";
import type { World } from "./world";

/**
 * Why one item of many was not done, for whoever sent them: what refused it, or, of a fault of ours or the machine's, that
 * it may be sent again. The others of its batch go on. `what` names the item in the log.
 */
export function problemsOfItem({ log }: Pick<World, "log">, error: unknown, what: string): Problem[] {
  if (error instanceof Failure && failures[error.code].expected)
    return error.problems.length ? error.problems : [{ path: "", message: error.message }];
  log.error({ err: error }, `${what} could not be done`);
  return [{ path: "", message: "Something went wrong on the server. Nothing of this was stored: send it again." }];
}
