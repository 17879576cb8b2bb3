import { useState } from "react";
import type { Problem } from "../schema/failure";
import { messageOf } from "./Failure";
import { RequestFailure } from "./graphql";

/** By field where the server named any; else its one sentence. */
const problemsOf = (failure: unknown): Problem[] =>
  failure instanceof RequestFailure && failure.problems.length > 0
    ? failure.problems
    : [{ path: "", message: messageOf(failure) }];

/** What is wrong with a form. `attempt` grows each time anything is, so that its summary takes the focus again. */
export function useProblems() {
  const [problems, setProblems] = useState<Problem[]>([]);
  const [attempt, setAttempt] = useState(0);
  const fail = (found: Problem[]) => {
    setProblems(found);
    setAttempt((n) => n + 1);
  };
  return {
    problems,
    attempt,
    fail,
    failed: (failure: unknown) => fail(problemsOf(failure)),
    clear: () => setProblems([]),
  };
}
