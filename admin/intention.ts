/**
 * The key that says "this is the same change": what is sent again because the first try ended in doubt, and what a
 * double click sends twice, carries the key of the first, so that the server does it once.
 */

/** A second click comes within this of the first one's answer, ms. What is sent again later is meant again. */
const DOUBLE_CLICK_MS = 1_000;
/** The server forgets keys after a day, ms. */
const FORGOTTEN_MS = 20 * 60 * 60 * 1_000;

const keys = new Map<string, string>();

/** What follows from how a change ended: `done` it was made or refused; `doubt` it may have been made. */
export type Ended = "made" | "refused" | "doubt";

export interface Intention {
  key: string;
  ended(how: Ended): void;
}

/** The intention to send this, said by all that is sent. */
export function intentionTo(sent: string): Intention {
  const key = keys.get(sent) ?? crypto.randomUUID();
  keys.set(sent, key);
  const forget = (): void => {
    if (keys.get(sent) === key) keys.delete(sent);
  };
  return {
    key,
    ended(how) {
      if (how === "refused") return forget();
      setTimeout(forget, how === "made" ? DOUBLE_CLICK_MS : FORGOTTEN_MS);
    },
  };
}

export const isChange = (query: string): boolean => /^\s*mutation\b/.test(query);
