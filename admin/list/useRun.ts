/** Does one thing after another and keeps what came of each: nothing is lost when one is refused, or the line drops. */
import { useEffect, useRef, useState } from "react";
import { messageOf } from "../Failure";
import { RequestFailure } from "../graphql";

export type Outcome<R> = { is: "waiting" } | { is: "done"; result: R } | { is: "refused"; why: string };

const waiting: Outcome<never> = { is: "waiting" };

/** These say nothing about the thing itself: it waits, and the run stops until somebody goes on. */
const halting = ["OFFLINE", "UNAVAILABLE", "UNAUTHENTICATED", "INTERNAL", "TOO_MANY_ATTEMPTS"];

export interface Running<R> {
  /** One for each thing; empty before the start. */
  outcomes: Outcome<R>[];
  running: boolean;
  /** Why it stopped before the end, where not by hand. */
  halted: string | undefined;
  start(): void;
  /** After the one under way. */
  stop(): void;
  /** With the first that still waits. */
  goOn(): void;
  /** Those at these places once more. */
  again(places: number[]): void;
}

export function useRun<T, R>(things: T[], work: (thing: T) => Promise<R>): Running<R> {
  const [outcomes, setOutcomes] = useState<Outcome<R>[]>([]);
  const [running, setRunning] = useState(false);
  const [halted, setHalted] = useState<string>();
  const stopped = useRef(false);
  useEffect(() => () => void (stopped.current = true), []);

  async function run(before: Outcome<R>[]) {
    stopped.current = false;
    setRunning(true);
    setHalted(undefined);
    const now = [...before];
    for (const [at, thing] of things.entries()) {
      if (now[at]?.is !== "waiting" || stopped.current) continue;
      try {
        now[at] = { is: "done", result: await work(thing) };
      } catch (failure) {
        if (failure instanceof RequestFailure && halting.includes(failure.code)) {
          setHalted(messageOf(failure));
          break;
        }
        now[at] = { is: "refused", why: reasonOf(failure) };
      }
      setOutcomes([...now]);
    }
    setRunning(false);
  }
  return {
    outcomes,
    running,
    halted,
    start() {
      const fresh = things.map(() => waiting);
      setOutcomes(fresh);
      void run(fresh);
    },
    stop: () => void (stopped.current = true),
    goOn: () => void run(outcomes),
    again: (places) => void run(outcomes.map((outcome, at) => (places.includes(at) ? waiting : outcome))),
  };
}

/** The sentences of the problems where there are any: they name fields and remedies. */
const reasonOf = (failure: unknown): string =>
  failure instanceof RequestFailure && failure.problems.length > 0
    ? failure.problems.map(({ message }) => message).join(" ")
    : messageOf(failure);
