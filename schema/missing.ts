import type { Who } from "./definition";
import type { Ask, Scope } from "./scope";

/** A fact by what identifies it, and whatever else it takes to load it. */
export type Need =
  /** A record by its id; its type is the one that this link of another type leads to. */
  | { record: string; type: string; link: string }
  /** What records of a type are called, by their ids. */
  | { titles: string[]; type: string }
  /** A version of a text by its id. */
  | { text: string }
  /** The persons barred from the record above, by its id, that the confidentiality of records of a type comes from. */
  | { above: string; type: string }
  /** Who holds a role, or stands in a relation to somebody, by `holderKeys`. */
  | { holders: Who; keys: string[] }
  /** How many records there are of what a condition asks, which is evaluated in this scope. */
  | { count: Ask; scope: Scope };

/**
 * Thrown where a fact is missing. Facts are held by what identifies them and never by the field that leads to them, so that
 * the same facts serve a record before, during and after a step, wherever that leads it. What is loaded for a batch before it
 * is decided is the guess that saves time: whoever has loaded it loads what turns out to be missing, and asks again.
 */
export class Missing extends Error {
  constructor(readonly needs: Need[]) {
    super("A fact is missing.");
  }
}

/**
 * Does the same for each of a list that people make as long as they like, and then throws what was missing for any of them: it
 * is loaded together, where asking for one after the other would do everything anew for each. @throws Missing.
 */
export function forEachOf<T>(list: readonly T[], work: (each: T) => void): void {
  const needs: Need[] = [];
  for (const each of list)
    try {
      work(each);
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
      needs.push(...error.needs);
    }
  if (needs.length) throw new Missing(needs);
}
