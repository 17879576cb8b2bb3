/** The failure codes, shared by server, workers and admin. Anything else thrown is a bug. */
export const failures = {
  INVALID_INPUT: { expected: true, retry: false },
  UNAUTHENTICATED: { expected: true, retry: false },
  FORBIDDEN: { expected: true, retry: false },
  NOT_FOUND: { expected: true, retry: false },
  STALE: { expected: true, retry: false },
  WRONG_STATE: { expected: true, retry: false },
  BAD_DEFINITION: { expected: true, retry: false },
  TOO_COMPLEX: { expected: true, retry: false },
  TOO_MANY_ATTEMPTS: { expected: true, retry: false },
  UNAVAILABLE: { expected: true, retry: true },
  /** A change was sent and its answer lost: it may have been made. */
  OUTCOME_UNKNOWN: { expected: true, retry: false },
} as const;

export type FailureCode = keyof typeof failures;

/** One thing wrong: a path from the input ("input.reviewBy", "timers.remind.when.eq[0].field") and the remedy. */
export interface Problem {
  path: string;
  message: string;
}

export class Failure extends Error {
  /** The record's version as it stands, with STALE. */
  readonly current?: number;

  constructor(
    readonly code: FailureCode,
    message: string,
    readonly problems: Problem[] = [],
    options?: ErrorOptions & { current?: number },
  ) {
    super(message, options);
    this.name = "Failure";
    if (options?.current !== undefined) this.current = options.current;
  }
}

export const isBadDefinition = (error: unknown): boolean => error instanceof Failure && error.code === "BAD_DEFINITION";

export const invalid = (problems: Problem[]): Failure =>
  new Failure("INVALID_INPUT", problems.map((problem) => problem.message).join(" "), problems);

/** An event would break a rule of its record: trying it again does not help until somebody puts that right. */
export class RuleBroken extends Failure {
  constructor(problems: Problem[]) {
    super("INVALID_INPUT", problems.map(({ message }) => message).join(" "), problems);
    this.name = "RuleBroken";
  }
}
