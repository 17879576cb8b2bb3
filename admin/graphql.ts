/**
 * The one way to the API. Every request is a POST to /graphql on our own origin, with the organisation the person acts
 * in and the schema version this page was made from; a failure comes back as a `RequestFailure` with its code.
 */
import type { FailureCode, Problem } from "../schema/failure";
import { t } from "./i18n/t";
import { intentionTo, isChange } from "./intention";
import { actingOrganisation, post } from "./post";

export type RequestFailureCode = FailureCode | "OFFLINE" | "INTERNAL";

export class RequestFailure extends Error {
  /** react-admin reads an HTTP status from errors. */
  readonly status: number;
  constructor(
    readonly code: RequestFailureCode,
    message: string,
    readonly problems: Problem[] = [],
    /** The record's version as the server has it, where the code is STALE. */
    readonly current?: number,
  ) {
    super(message);
    this.name = "RequestFailure";
    this.status = code === "UNAUTHENTICATED" ? 401 : code === "FORBIDDEN" ? 403 : code === "NOT_FOUND" ? 404 : 500;
  }
}

let schemaVersion: string | undefined;
/** Said when somebody published a definition: the screens are made anew. */
export const SCHEMA_CHANGED = "duly:schema-changed";
/** Said when the session has ended: the shell asks to sign in again, over the page as it stands. */
export const SIGNED_OUT = "duly:signed-out";

function follow(version: string | null): void {
  if (!version || version === schemaVersion) return;
  const known = schemaVersion !== undefined;
  schemaVersion = version;
  if (known) window.dispatchEvent(new Event(SCHEMA_CHANGED));
}

/** Somebody else changed it since it was read. */
export const isStale = (failure: unknown): failure is RequestFailure =>
  failure instanceof RequestFailure && failure.code === "STALE";

interface Answer<T> {
  data?: T | null;
  errors?: {
    message: string;
    extensions?: { code?: string; problems?: Problem[]; current?: number };
  }[];
}

export const offline = () => t`Duly cannot be reached. Check your connection and try again; nothing you typed is lost.`;
const internal = () => t`Something went wrong on our side. Try again in a moment; nothing is done twice.`;

const codes: Record<string, RequestFailureCode> = {
  INVALID_INPUT: "INVALID_INPUT",
  BAD_USER_INPUT: "INVALID_INPUT",
  UNAUTHENTICATED: "UNAUTHENTICATED",
  FORBIDDEN: "FORBIDDEN",
  NOT_FOUND: "NOT_FOUND",
  STALE: "STALE",
  WRONG_STATE: "WRONG_STATE",
  BAD_DEFINITION: "BAD_DEFINITION",
  TOO_COMPLEX: "TOO_COMPLEX",
  TOO_MANY_ATTEMPTS: "TOO_MANY_ATTEMPTS",
  UNAVAILABLE: "UNAVAILABLE",
  OUTCOME_UNKNOWN: "OUTCOME_UNKNOWN",
};

/** After these a change may have been made: trying again must not make it twice. */
const inDoubt: ReadonlySet<string> = new Set(["OFFLINE", "INTERNAL", "UNAVAILABLE", "OUTCOME_UNKNOWN"]);

/**
 * @throws RequestFailure with the code of the API, OFFLINE where nothing answered, INTERNAL for a fault of the server.
 */
export async function graphql<T>(
  query: string,
  variables: Record<string, unknown> = {},
  signal?: AbortSignal,
  link?: string,
): Promise<T> {
  if (!isChange(query)) return send(query, variables, { signal, link });
  const intention = intentionTo(JSON.stringify([query, variables, actingOrganisation() ?? "", link ?? ""]));
  try {
    const data = await send<T>(query, variables, { signal, link, key: intention.key });
    intention.ended("made");
    return data;
  } catch (failure) {
    intention.ended(failure instanceof RequestFailure && !inDoubt.has(failure.code) ? "refused" : "doubt");
    throw failure;
  }
}

interface Sent {
  signal: AbortSignal | undefined;
  link: string | undefined;
  key?: string;
}

async function send<T>(query: string, variables: Record<string, unknown>, sent: Sent): Promise<T> {
  let response: Response;
  try {
    response = await post(query, variables, { schemaVersion, ...sent });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new RequestFailure("OFFLINE", offline());
  }
  follow(response.headers.get("x-schema-version"));
  const answer = (await response.json().catch(() => ({}))) as Answer<T>;
  const error = answer.errors?.[0];
  if (error) throw failureOf(error);
  if (!answer.data) throw new RequestFailure(response.status >= 500 ? "UNAVAILABLE" : "INTERNAL", internal());
  return answer.data;
}

function failureOf(error: NonNullable<Answer<unknown>["errors"]>[number]): RequestFailure {
  const { code, problems, current } = error.extensions ?? {};
  const known = code === undefined ? undefined : codes[code];
  if (known === "UNAUTHENTICATED") window.dispatchEvent(new Event(SIGNED_OUT));
  return known
    ? new RequestFailure(known, error.message, problems, current)
    : new RequestFailure("INTERNAL", code?.startsWith("GRAPHQL_") ? `${internal()} (${error.message})` : internal());
}
