import type { RecordType, Who } from "./definition";
import type { Facts, RecordData, TaskRow, TimerRow } from "./record";
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
  /** The rules of which a record, by its id, had a task opened or closed since this instant. */
  | { tasksOf: string; since: string }
  /** Who holds a role, or stands in a relation to somebody, by `holderKeys`. */
  | { holders: Who; keys: string[] }
  /** The open tasks, or the clocks, of a record by its id. */
  | { tasks: string }
  | { timers: string }
  /** The records whose field names this one, as `type.field`. */
  | { pointing: string; by: RecordType; to: RecordData }
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

/** The open tasks of the record that these facts are of; none where conditions of rows are asked. @throws Missing. */
export function openTasks({ tasks }: Partial<Facts>, { id }: Pick<RecordData, "id">): TaskRow[] {
  if (tasks === null) throw new Missing([{ tasks: id }]);
  return tasks ?? [];
}

/** Its clocks, in all states. @throws Missing. */
export function clocksOf({ timers }: Facts, { id }: Pick<RecordData, "id">): TimerRow[] {
  if (timers === null) throw new Missing([{ timers: id }]);
  return timers;
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
