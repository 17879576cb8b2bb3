import { useState } from "react";
import { messageOf } from "./Failure";

/** One thing that somebody asks for: whether it is under way, and in a sentence what went wrong with it. */
export function useDoing() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const doing = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      await work();
    } catch (failure) {
      setProblem(messageOf(failure));
    } finally {
      setBusy(false);
    }
  };
  /** `fail`: for what is wrong before anything is asked of the server. */
  return { busy, problem, doing, fail: setProblem };
}
