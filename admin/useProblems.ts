import { useState } from "react";
import { type FieldProblem, messageOf } from "./Failure";
import { RequestFailure } from "./graphql";

/** What is wrong with a form, each problem at its control. `attempt` grows with each failure: see `ErrorSummary`. */
export function useProblems() {
  const [problems, setProblems] = useState<FieldProblem[]>([]);
  const [attempt, setAttempt] = useState(0);
  return {
    problems,
    attempt,
    problemOf: (control: string) => problems.find((each) => each.control === control)?.message,
    fail: (found: FieldProblem[]): void => {
      setProblems(found);
      setAttempt((n) => n + 1);
    },
    clear: () => setProblems([]),
  };
}

/** The API's problems, each at the control of its path; what names no field of the form belongs to none. */
export function problemsIn(failure: unknown, controlOf: (path: string) => string | undefined): FieldProblem[] {
  if (!(failure instanceof RequestFailure) || failure.problems.length === 0) return [{ message: messageOf(failure) }];
  return failure.problems.map(({ path, message }) => {
    const control = controlOf(path);
    return { message, ...(control && { control }) };
  });
}
