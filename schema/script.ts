/**
 * A stretch of a school's life as plain data: what its people did, move by move. It is replayed through the engine
 * (api/engine/replay.ts), so that records, tasks, clocks and history are what the rules made of it, and not a drawing.
 */
import type { Literal } from "./definition";

/**
 * `{ $person: name }` is a person; `{ $record: name }` a record by the name that the move which made it gave it, and
 * `{ $found: sought }` one that the script did not make. `{ $file: { name, text } }` is a file that they send with it.
 */
export type Told = Literal | Told[] | { [name: string]: Told };
export type Values = Record<string, Told>;

/**
 * A record nobody in the script made, since the engine did: the oldest of a type that holds these values, in one of
 * these states. `ifAny`: where there is none, nothing is done.
 */
export interface Sought {
  type: string;
  holding: Values;
  in?: string[];
  ifAny?: true;
}

export type Target = string | Sought;

export type Deed =
  | { create: string; as: string; values: Values }
  | { update: Target; values: Values }
  | { act: string; on: Target; answers: Values }
  /** Ticks off the open task of this rule. */
  | { tick: string; on: Target }
  | { appoint: string; roles: string[] }
  /** Whatever they held ends with this day. */
  | { leave: string };

export interface Move {
  /** ISO instant, school time. */
  at: string;
  /** Name of who does it. */
  by: string;
  deed: Deed;
}

export const person = (name: string): Told => ({ $person: name });
export const record = (name: string): Told => ({ $record: name });
export const theOne = ({ type, holding }: Sought): Told => ({ $found: { type, holding } });
export const file = (name: string, text: string): Told => ({ $file: { name, text } });
