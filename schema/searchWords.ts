/** The words by which a record is found, and those of a search: folded, without the signs around them. */
import { fold } from "./text";

/** In code points: a word of the table is no longer, and a longer one is found by its beginning. */
export const MAX_WORD = 64;
/** Of one record: more than any title says. */
const MAX_WORDS = 120;
/** Of one search. */
const MAX_ASKED = 8;

/** From the first letter or digit to the last. */
const WITHIN = /[\p{L}\p{N}](?:.*[\p{L}\p{N}])?/su;
const BETWEEN = /[^\p{L}\p{N}]+/u;

const cut = (word: string): string => (word.length <= MAX_WORD ? word : Array.from(word).slice(0, MAX_WORD).join(""));
const trimmed = (token: string): string => cut(WITHIN.exec(token)?.[0] ?? "");

/**
 * Of what stands between blanks ("anti-bullying", "head's", "pol-2026-12"): the whole, its parts, and the whole without
 * apostrophes.
 */
export function wordsOf(...texts: string[]): string[] {
  const words = new Set<string>();
  for (const token of texts.flatMap((text) => fold(text).split(" "))) {
    const whole = trimmed(token);
    if (!whole || words.size >= MAX_WORDS) continue;
    words.add(whole);
    if (!BETWEEN.test(whole)) continue;
    words.add(whole.replace(/['’]/g, ""));
    for (const part of whole.split(BETWEEN)) words.add(part);
  }
  return [...words];
}

/**
 * What somebody looks for, as the ways to read it, the likeliest first: each a list of words, all of which must begin a word;
 * what is found in any of them is found. The second, where there is one, takes apart what stands between blanks, so that "well-being" finds "Well being", and "2026-12"
 * the middle of a reference. Undefined where nothing is asked, empty where nothing can be found.
 */
export function askedWords(search = ""): string[][] | undefined {
  const asked = fold(search);
  if (!asked) return undefined;
  const wholes = few([...new Set(asked.split(" ").map(trimmed))]);
  const parts = few([...new Set(wholes.flatMap((word) => word.split(BETWEEN)))]);
  const isTakenApart = parts.some((part) => !wholes.includes(part));
  return [wholes, ...(isTakenApart ? [parts] : [])].filter((words) => words.length > 0);
}

const few = (words: string[]): string[] => words.filter(Boolean).slice(0, MAX_ASKED);
