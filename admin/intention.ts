/**
 * The key that says "this is the same change": what is sent again because the first try ended in doubt, and what a
 * double click sends twice, carries the key of the first, so that the server does it once.
 */

/** A second click comes within this of the first one's answer, ms. What is sent again later is meant again. */
const DOUBLE_CLICK_MS = 1_000;
/** The server forgets keys after a day, ms. */
const FORGOTTEN_MS = 20 * 60 * 60 * 1_000;

/** By a digest of what was sent: it may hold a password or a child's case, and the page keeps keys for hours. */
const keys = new Map<string, string>();

const randomWords = (n: number): Uint32Array => crypto.getRandomValues(new Uint32Array(n));
const seeds = randomWords(4);

/** 128 bits, told apart by seeds of this page's own: two changes that met would be one. Not for secrets at rest. */
function digestOf(text: string): string {
  const h = Uint32Array.from(seeds);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    for (let i = 0; i < 4; i++)
      h[i] = Math.imul((h[i] ?? 0) ^ (code + ((h[(i + 3) & 3] ?? 0) >>> 15)), multipliers[i] ?? 1);
  }
  return Array.from(h, (word) => (word ^ (word >>> 16)).toString(36)).join(" ");
}
const multipliers = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f];

/** As crypto.randomUUID, which a page over plain HTTP does not have. */
const newKey = (): string => Array.from(randomWords(4), (word) => word.toString(16).padStart(8, "0")).join("");

/** What follows from how a change ended: `done` it was made or refused; `doubt` it may have been made. */
export type Ended = "made" | "refused" | "doubt";

export interface Intention {
  key: string;
  ended(how: Ended): void;
}

/** The intention to send this, said by all that is sent. */
export function intentionTo(sent: string): Intention {
  const digest = digestOf(sent);
  const key = keys.get(digest) ?? newKey();
  keys.set(digest, key);
  const forget = (): void => {
    if (keys.get(digest) === key) keys.delete(digest);
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
