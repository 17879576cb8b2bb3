/**
 * Keeps what is shown up to date: told by the server which records changed, the page asks for what it shows of them. Where
 * nothing tells, it asks from time to time; a page that nobody looks at does neither.
 */
import type { Query, QueryClient } from "@tanstack/react-query";
import { pageHeaders } from "./post";

export interface Changed {
  type: string;
  id: string;
}

/** What is shown of records, by the first part of its query's key; the second part is the type, the third the id. */
const ofRecord = new Set(["record", "chain", "guests"]);
const ofType = new Set(["records", "count"]);
const ofAny = new Set([
  ...["my-tasks", "my-waiting", "my-requests", "due", "charts", "standings", "next-timer"],
  // What fails is told by a record too.
  ...["problems", "problem-count"],
]);

/** Does what this query shows hang on one of these records? Of an empty list, on any record. */
export function isTouched([kind, type, id]: readonly unknown[], changed: Changed[]): boolean {
  if (typeof kind !== "string") return false;
  if (ofRecord.has(kind)) return changed.length === 0 || changed.some((each) => each.id === id);
  if (ofType.has(kind)) return changed.length === 0 || changed.some((each) => each.type === type);
  // A demo's clock, which anybody may have moved.
  if (kind === "clock") return changed.length === 0;
  return ofAny.has(kind);
}

const SUBSCRIBE = "subscription Changes { changes { type id version } }";
/** Milliseconds between asking while nobody tells, and while somebody does: what they say may be lost. */
const alone = 30_000;
const told = 5 * 60_000;
/** So that everybody who is told of one change does not ask at once. */
const spread = 700;
const longestWait = 60_000;

/** Until the returned function is called. */
export function keepLive(client: QueryClient): () => void {
  let listening = false;
  let askedAt = Date.now();
  let end: () => void = () => undefined;
  let gathered: Changed[] | undefined;
  let all = false;

  const ask = (changed: Changed[]) => {
    askedAt = Date.now();
    const predicate = ({ queryKey }: Query) => isTouched(queryKey, changed);
    void client.invalidateQueries({ predicate, refetchType: "active" });
  };
  const hear = (changed: Changed[]) => {
    all ||= changed.length === 0;
    if (gathered) return void gathered.push(...changed);
    gathered = [...changed];
    setTimeout(() => {
      ask(all ? [] : (gathered ?? []));
      gathered = undefined;
      all = false;
    }, Math.random() * spread);
  };
  const begin = async (): Promise<void> => {
    end();
    let stopped = false;
    let dispose: () => void = () => undefined;
    let again: ReturnType<typeof setTimeout> | undefined;
    end = () => {
      stopped = true;
      listening = false;
      clearTimeout(again);
      dispose();
    };
    // Only where somebody is signed in and looks: not part of the first load.
    const { createClient } = await import("graphql-sse");
    if (stopped) return;
    const stream = createClient({
      url: "/live",
      credentials: "same-origin",
      headers: pageHeaders(),
      retryAttempts: Infinity,
      // Further and further apart, and not all at the same moment.
      retry: (tries) => {
        listening = false;
        const wait = Math.min(1_000 * 2 ** tries, longestWait) * (0.5 + Math.random() / 2);
        return new Promise((resolve) => setTimeout(resolve, wait));
      },
    });
    const unsubscribe = stream.subscribe<{ changes: Changed[] }>(
      { query: SUBSCRIBE },
      {
        next: ({ data }) => {
          listening = true;
          if (data) hear(data.changes);
        },
        error: () => (listening = false),
        // The server has ended it: it restarts, or the session is over. Asking goes on meanwhile.
        complete: () => {
          listening = false;
          if (!stopped) again = setTimeout(() => void begin(), (0.5 + Math.random()) * alone);
        },
      },
      {
        connected: (reconnected) => {
          listening = true;
          if (reconnected) ask([]);
        },
      },
    );
    dispose = () => {
      unsubscribe();
      stream.dispose();
    };
  };

  const look = () => {
    end();
    if (document.visibilityState === "hidden") return;
    if (Date.now() - askedAt > alone) ask([]);
    void begin();
  };
  const asking = setInterval(() => {
    if (document.visibilityState !== "hidden" && Date.now() - askedAt > (listening ? told : alone)) ask([]);
  }, alone / 3);
  document.addEventListener("visibilitychange", look);
  look();
  return () => {
    document.removeEventListener("visibilitychange", look);
    clearInterval(asking);
    end();
  };
}
