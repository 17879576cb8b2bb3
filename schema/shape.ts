/**
 * Structural checks of JSON that anybody may send: what it may hold, and where it does not. Nothing here throws. A shape
 * states the type that it checks, so that the compiler holds the two against each other.
 */
import type { Problem } from "./failure";
import { shown } from "./parseValue";

/** Checks that a value is a `T`: adds what is wrong at `path` to `problems`. */
export interface Shape<T = unknown> {
  (value: unknown, path: string, problems: Problem[], depth: number): void;
  /** For the compiler alone: a shape of a wider type is as wrong as one of a narrower. */
  readonly is?: (value: T) => T;
}

/** Deeper than any definition, and far from the end of the stack. */
const DEEPEST = 40;
/** Enough to work through; more would only be the same slip again. */
const MOST = 100;
/** Parts of one list or one map: far beyond any definition, and few enough to compare every name with every other. */
const PARTS = 500;

/** All that is wrong with the shape, at most 100 problems. */
export function shapeProblems<T>(shape: Shape<T>, value: unknown): Problem[] {
  const problems: Problem[] = [];
  shape(value, "", problems, 0);
  return problems;
}

function say(problems: Problem[], path: string, message: string): void {
  if (problems.length < MOST) problems.push({ path, message });
}

/** "a.b" and "a[0]"; the root's parts stand alone. */
export const at = (path: string, part: string | number): string =>
  typeof part === "number" ? `${path}[${part}]` : path ? `${path}.${part}` : part;

const must =
  <T>(holds: (value: unknown) => boolean, what: string): Shape<T> =>
  (value, path, problems) => {
    if (!holds(value)) say(problems, path, `${shown(value)} stands where ${what} is needed.`);
  };

export const text = must<string>((value) => typeof value === "string", "a text");
export const filledText = must<string>(
  (value) => typeof value === "string" && value.trim() !== "",
  "a text that is not empty",
);
export const number = must<number>((value) => typeof value === "number" && Number.isFinite(value), "a number");
export const yesNo = must<boolean>((value) => typeof value === "boolean", "true or false");
export const isTrue = must<true>((value) => value === true, "true");
export const literal = must<string | number | boolean | null>(
  (value) => value === null || ["string", "boolean"].includes(typeof value) || Number.isFinite(value),
  "a text, a number, true, false or null",
);

export const word = <const W extends readonly (string | number)[]>(...words: W): Shape<W[number]> =>
  must((value) => words.some((one) => one === value), `one of ${words.join(", ")}`);

/** By a test of the value's own kind: the first whose test holds. */
export const either =
  <A, B>(test: (value: unknown) => boolean, then: Shape<A>, otherwise: Shape<B>): Shape<A | B> =>
  (...args) =>
    (test(args[0]) ? then : otherwise)(...args);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
export const isList = (value: unknown): value is unknown[] => Array.isArray(value);
export const isText = (value: unknown): value is string => typeof value === "string";

export const listOf =
  <T>(of: Shape<T>): Shape<T[]> =>
  (value, path, problems, depth) => {
    if (!isList(value)) return say(problems, path, `${shown(value)} stands where a list is needed.`);
    if (value.length > PARTS) return say(problems, path, `${value.length} parts are too many: ${PARTS} at most.`);
    value.forEach((part, i) => of(part, at(path, i), problems, depth + 1));
  };

export const pairOf =
  <A, B>(first: Shape<A>, second: Shape<B>): Shape<[A, B]> =>
  (value, path, problems, depth) => {
    if (!isList(value) || value.length !== 2) return say(problems, path, "Two values are needed here, in a list.");
    first(value[0], at(path, 0), problems, depth + 1);
    second(value[1], at(path, 1), problems, depth + 1);
  };

/** Names given freely, each with the same shape. */
export const mapOf =
  <T>(of: Shape<T>): Shape<Record<string, T>> =>
  (value, path, problems, depth) => {
    if (!isObject(value)) return say(problems, path, `${shown(value)} stands where named parts are needed.`);
    const parts = Object.entries(value);
    if (parts.length > PARTS) return say(problems, path, `${parts.length} parts are too many: ${PARTS} at most.`);
    for (const [name, part] of parts) of(part, at(path, name), problems, depth + 1);
  };

interface Optional<T> extends Shape<T> {
  readonly optional: true;
}

/** A part that may be left out. */
export const optional = <T>(of: Shape<T>): Optional<T> =>
  Object.assign(((...args) => of(...args)) as Shape<T>, { optional: true as const });

/** One shape for each property of `T`, marked as optional where the property is. */
export type Parts<T> = {
  [K in keyof T]-?: object extends Pick<T, K> ? Optional<Exclude<T[K], undefined>> : Shape<T[K]>;
};

/** Whatever it is of. */
type Check = (...args: Parameters<Shape>) => void;

/** Known keys only: a slip in a key would else be a rule that silently does not hold. */
export function object<T>(parts: Parts<NoInfer<T>>): Shape<T>;
export function object(parts: Record<string, Check>): Check {
  return (value, path, problems, depth) => {
    if (!isObject(value)) return say(problems, path, `${shown(value)} stands where named parts are needed.`);
    if (depth > DEEPEST) return say(problems, path, "This is nested too deeply.");
    for (const [name, part] of Object.entries(parts))
      if (value[name] === undefined && !("optional" in part)) say(problems, at(path, name), `“${name}” is missing.`);
    for (const [name, part] of Object.entries(value)) {
      const shape = Object.hasOwn(parts, name) ? parts[name] : undefined;
      if (!shape) say(problems, at(path, name), `There is no ${shown(name)} here.${meant(name, Object.keys(parts))}`);
      else if (part !== undefined) shape(part, at(path, name), problems, depth + 1);
    }
  };
}

/** A shape for each form of a union, by the key that tells it apart. */
export type Forms<M> = { [K in keyof M]-?: () => Shape<M[K]> };

/** The shapes of a table that has an entry for each form. */
export function shapesOf<M>(table: { [K in keyof M]: { shape: Shape<M[K]> } }): Forms<M> {
  const shapes: Partial<Forms<M>> = {};
  for (const tag of Object.keys(table) as (keyof M)[]) shapes[tag] = () => table[tag].shape;
  return shapes as Forms<M>;
}

/** An object told apart by which of the keys it has. */
export function keyed<M>(byKey: Forms<M>, what: string): Shape<M[keyof M]>;
export function keyed(byKey: Record<string, () => Check>, what: string): Check {
  return (value, path, problems, depth) => {
    if (!isObject(value)) return say(problems, path, `${shown(value)} stands where ${what} is needed.`);
    const key = Object.keys(value).find((name) => Object.hasOwn(byKey, name));
    if (key !== undefined) return byKey[key]?.()(value, path, problems, depth);
    const [first] = Object.keys(value);
    const hint = first === undefined ? "" : meant(first, Object.keys(byKey));
    say(problems, path, `This is not ${what}: it needs one of ${Object.keys(byKey).join(", ")}.${hint}`);
  };
}

/** " Did you mean “reviewBy”?", or nothing where no name is near. */
export function meant(name: string, names: string[]): string {
  const near = nearest(name, names);
  return near === undefined ? "" : ` Did you mean “${near}”?`;
}

/** A message without the hint of `meant`, which says more of the names that there are than of what is wrong. */
export const withoutHint = (message: string): string => message.replace(/ Did you mean “.*”\?$/, "");

/** The name that differs in the fewest letters, if in a third of them or less. */
export function nearest(name: string, names: string[]): string | undefined {
  if (name.length > 60) return undefined;
  const sought = name.toLowerCase();
  const [best] = names
    .map((candidate) => ({ candidate, distance: editDistance(sought, candidate.toLowerCase()) }))
    .filter(
      ({ candidate, distance }) => distance <= Math.max(1, Math.floor(Math.max(name.length, candidate.length) / 3)),
    )
    .sort((a, b) => a.distance - b.distance);
  return best?.candidate;
}

/** Letters put in, left out, changed, or swapped with their neighbour. */
function editDistance(a: string, b: string): number {
  let [before, row]: number[][] = [[], Array.from({ length: b.length + 1 }, (_, i) => i)];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (row?.[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before?.[j - 2] ?? Infinity) + 1 : Infinity;
      next.push(Math.min((row?.[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, changed, swapped));
    }
    [before, row] = [row, next];
  }
  return row?.[b.length] ?? 0;
}
