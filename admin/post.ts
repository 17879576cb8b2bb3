/** A request to the API, and those that were sent ahead of the pages that ask. */
const ORGANISATION = "duly.organisation";

/** The organisation this browser acts in; undefined lets the server take the person's only one. */
export const actingOrganisation = (): string | undefined => localStorage.getItem(ORGANISATION) ?? undefined;
export const actIn = (organisation: string): void => localStorage.setItem(ORGANISATION, organisation);
export const forgetOrganisation = (): void => localStorage.removeItem(ORGANISATION);

let asker: string | undefined;

/**
 * For whom this page asks from now on, as a person's id. Somebody else may sign in meanwhile in another tab of the same
 * browser: the server then answers this page as if nobody were signed in, and does nothing in the other's name.
 */
export const askAs = (person: string | undefined): void => void (asker = person);

/** What each request of a page says of itself. */
export function pageHeaders(): Record<string, string> {
  const organisation = actingOrganisation();
  return {
    "x-duly": "1",
    ...(organisation && { "x-organisation": organisation }),
    ...(asker && { "x-duly-person": asker }),
  };
}

const ahead = new Map<string, Promise<Response>>();

interface Sending {
  schemaVersion?: string | undefined;
  signal?: AbortSignal | undefined;
  /** The secret of the one-time link that the page was opened by. */
  link?: string | undefined;
  /** Of a change: the same key again is the same change. */
  key?: string | undefined;
}

/** Takes the answer to what was sent ahead, once; else sends. Rejects as fetch does. */
export function post(
  query: string,
  variables: Record<string, unknown>,
  { schemaVersion, signal, link, key }: Sending = {},
): Promise<Response> {
  const body = JSON.stringify({ query, variables });
  const early = ahead.get(body);
  if (early) {
    ahead.delete(body);
    return early;
  }
  return fetch("/graphql", {
    method: "POST",
    credentials: "same-origin",
    signal: signal ?? null,
    headers: {
      ...pageHeaders(),
      "content-type": "application/json",
      "apollo-require-preflight": "1",
      ...(schemaVersion && { "x-schema-version": schemaVersion }),
      ...(key && { "x-idempotency-key": key }),
      ...(link && { "x-duly-link": link }),
    },
    body,
  });
}

/** Sends what a page will ask as it opens. What fails, fails for whoever asks. */
export function sendAhead(query: string, variables: Record<string, unknown> = {}): void {
  const sent = post(query, variables);
  sent.catch(() => undefined);
  ahead.set(JSON.stringify({ query, variables }), sent);
}

export const sentAhead = (): boolean => ahead.size > 0;

/** Somebody else asks from now on, or in another organisation. */
export const forgetAhead = (): void => ahead.clear();
