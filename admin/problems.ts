import { type SubmitEvent, useState } from "react";
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

/**
 * A form that is sent once at a time: what it lacks is said before anything is sent, and what was refused beside it. What
 * `send` deals with itself it does not throw. `busy` while it is on its way.
 */
export function useSending(
  lacking: (form: HTMLFormElement) => Problem[],
  send: (form: HTMLFormElement) => Promise<void>,
) {
  const { problems, attempt, fail, failed, clear } = useProblems();
  const [busy, setBusy] = useState(false);
  async function deliver(form: HTMLFormElement): Promise<void> {
    const found = lacking(form);
    if (found.length > 0) return fail(found);
    setBusy(true);
    clear();
    try {
      await send(form);
    } catch (failure) {
      failed(failure);
    } finally {
      setBusy(false);
    }
  }
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    void deliver(event.currentTarget);
  };
  return { problems, attempt, fail, failed, busy, submit };
}
