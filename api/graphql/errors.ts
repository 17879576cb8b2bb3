/** The edge where failures become errors of the API: expected ones with their code, the rest masked, logged and counted. */
import { type ExecutionResult, GraphQLError, type GraphQLFormattedError } from "graphql";
import type { Logger } from "pino";
import { ulid } from "ulid";
import { Failure, failures, type Problem } from "../../schema/failure";
import { wordsBeforeValues } from "../logging";
import { onceAWhile } from "../onceAWhile";
import { Trouble } from "../store/trouble";

export interface ErrorCounter {
  inc(labels: { code: string }): void;
}

/** The failure at the bottom of what was thrown, through whatever wrapped it. */
function failureIn(error: unknown): Failure | undefined {
  for (let each = error, depth = 0; each && depth < 6; depth++) {
    if (each instanceof Failure) return each;
    each = each instanceof GraphQLError ? each.originalError : undefined;
  }
  return undefined;
}

/** What the library itself refuses: the client's mistakes, said in our codes. */
const INPUT = new Set(["BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED", "BAD_REQUEST"]);
const OTHERS = new Set(["OPERATION_RESOLUTION_FAILURE", "PERSISTED_QUERY_NOT_FOUND", "PERSISTED_QUERY_NOT_SUPPORTED"]);

/** Says in the log what people are only told the outcome of: once a while, since it meets every request. */
export function troubleLog(log: Logger): (failure: Failure) => void {
  const say = onceAWhile((what, times) => log.warn({ what, times }, "The database did not serve a request"));
  return (failure) => {
    const trouble = failure.code === "OUTCOME_UNKNOWN" ? failure.cause : failure;
    if (!(trouble instanceof Trouble)) return;
    const { code, message } = (trouble.cause ?? {}) as { code?: string; message?: string };
    say([failure.code, trouble.kind, code ?? wordsBeforeValues(message ?? "")].filter(Boolean).join(" "));
  };
}

const requests = new WeakMap<GraphQLError, string>();

/** Notes by which request its errors came, for `formatErrors`, which is told nothing of it. */
export function markRequest<R extends ExecutionResult | Promise<ExecutionResult>>(request: string, result: R): R {
  if (result instanceof Promise) return result.then((known: ExecutionResult) => markRequest(request, known)) as R;
  for (const error of (result as ExecutionResult).errors ?? []) requests.set(error, request);
  return result;
}

export function formatErrors(log: Logger, counter: ErrorCounter, trouble = troubleLog(log)) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const where = {
      ...(formatted.path ? { path: formatted.path } : {}),
      ...(formatted.locations ? { locations: formatted.locations } : {}),
    };
    const failure = failureIn(error);
    if (failure && failures[failure.code].expected) {
      counter.inc({ code: failure.code });
      trouble(failure);
      const current = failure.current === undefined ? {} : { current: failure.current };
      return {
        message: failure.message,
        ...where,
        extensions: { code: failure.code, problems: failure.problems, ...current },
      };
    }
    const code = String(formatted.extensions?.["code"] ?? "");
    if (INPUT.has(code) || isCoercion(error)) {
      counter.inc({ code: "INVALID_INPUT" });
      const problems = [problemOf(formatted.message)];
      return { message: formatted.message, ...where, extensions: { code: "INVALID_INPUT", reason: code, problems } };
    }
    if (OTHERS.has(code)) return { message: formatted.message, ...where, extensions: { code } };
    const id = (error instanceof GraphQLError ? requests.get(error) : undefined) ?? ulid();
    counter.inc({ code: "INTERNAL" });
    log.error(
      { request: id, err: error instanceof GraphQLError ? (error.originalError ?? error) : error },
      "A request failed",
    );
    return {
      message: `Something went wrong on the server. If it happens again, quote ${id}.`,
      ...where,
      extensions: { code: "INTERNAL", id },
    };
  };
}

/** A variable of the wrong shape: graphql-jit and graphql-js throw it without a path of the answer; below it may stand what a scalar said. */
const isCoercion = (error: unknown): boolean =>
  error instanceof GraphQLError &&
  (error.originalError === undefined || error.originalError instanceof GraphQLError) &&
  error.message.startsWith("Variable ");

/** 'Variable "$input" got invalid value 3 at "input.title"; …' → its path. */
function problemOf(message: string): Problem {
  const path = /^Variable "\$([^"]+)"(?: got invalid value .*? at "([^"]+)")?/s.exec(message);
  return { path: path?.[2] ?? path?.[1] ?? "", message };
}
