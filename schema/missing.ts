import type { Who } from "./definition";

/** A fact by what identifies it, and whatever else it takes to load it. */
export type Need =
  /** A record by its id; its type is the one that this link of another type leads to. */
  | { record: string; type: string; link: string }
  /** What a record is called, by its id. */
  | { title: string; type: string }
  /** A version of a text by its id. */
  | { text: string }
  /** The persons barred from the record above, by its id, that the confidentiality of records of a type comes from. */
  | { above: string; type: string }
  /** Who holds a role, or stands in a relation to somebody, by `holderKeys`. */
  | { holders: Who; keys: string[] };

/**
 * Thrown where a fact is missing. Facts are held by what identifies them and never by the field that leads to them, so that
 * the same facts serve a record before, during and after a step, wherever that leads it. What is loaded for a batch before it
 * is decided is the guess that saves time: whoever has loaded it loads what turns out to be missing, and asks again.
 */
export class Missing extends Error {
  constructor(readonly need: Need) {
    super("A fact is missing.");
  }
}
