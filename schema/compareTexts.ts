/**
 * What changed between two texts, as the later one's blocks with the removed parts left in. Blocks that stand in both
 * are found first; among the rest, those that say nearly the same are taken for one block whose words changed.
 */
import { diffArrays } from "diff";
import { type Block, type Run, sameStyle } from "./prose";

export type Change = "added" | "removed";

export interface Part extends Run {
  change?: Change;
}

export interface ComparedBlock extends Omit<Block, "cells"> {
  cells: Part[][];
  /** Absent: as it was. "layout": the same words, set differently. */
  change?: Change | "changed" | "layout";
}

/** Below this share of common words, two blocks are two: a removed one and an added one. */
const ALIKE = 0.45;
/** Pairs of blocks looked at in one stretch; a longer stretch is a rewrite, and read as such. */
const MOST_PAIRS = 200_000;

export function compareTexts(before: Block[], after: Block[]): ComparedBlock[] {
  const key = ({ kind, cells }: Block) => JSON.stringify([kind, cells]);
  const found: ComparedBlock[] = [];
  let [old, now] = [0, 0];
  let removed: Block[] = [];
  for (const { value, removed: gone, added } of diffArrays(before.map(key), after.map(key))) {
    if (gone) {
      removed = before.slice(old, old + value.length);
      old += value.length;
      continue;
    }
    const here = after.slice(now, now + value.length);
    now += value.length;
    if (added) found.push(...stretch(removed, here));
    else {
      found.push(...stretch(removed, []));
      found.push(...here.map((block, at) => unchanged(before[old + at] ?? block, block)));
      old += value.length;
    }
    removed = [];
  }
  return [...found, ...stretch(removed, [])];
}

const sameLayout = (a: Block, b: Block): boolean =>
  a.kind === b.kind && a.depth === b.depth && a.quoted === b.quoted && a.level === b.level && a.ticked === b.ticked;

const unchanged = (before: Block, after: Block): ComparedBlock =>
  sameLayout(before, after) ? after : { ...after, change: "layout" };

const whole =
  (change: Change) =>
  (block: Block): ComparedBlock => ({ ...block, change });

function stretch(removed: Block[], added: Block[]): ComparedBlock[] {
  const found: ComparedBlock[] = [];
  let [old, now] = [0, 0];
  for (const [from, to] of [...alike(removed, added), [removed.length, added.length] as const]) {
    found.push(...removed.slice(old, from).map(whole("removed")), ...added.slice(now, to).map(whole("added")));
    const [a, b] = [removed[from], added[to]];
    if (a && b) found.push(changed(a, b));
    [old, now] = [from + 1, to + 1];
  }
  return found;
}

/** Pairs of blocks that are one block changed, in order: those that together share the most words. */
function alike(removed: Block[], added: Block[]): [number, number][] {
  if (removed.length === 0 || added.length === 0 || removed.length * added.length > MOST_PAIRS) return [];
  const [a, b] = [removed.map(bagOf), added.map(bagOf)];
  const width = added.length + 1;
  const best = new Float64Array((removed.length + 1) * width);
  const score = (i: number, j: number): number => {
    const [one, other] = [removed[i], added[j]];
    const fits = one && other && one.cells.length === other.cells.length;
    const share = fits ? commonShare(a[i] ?? none, b[j] ?? none) : 0;
    return share >= ALIKE ? share : 0;
  };
  const scores = new Float64Array(removed.length * added.length);
  for (let i = removed.length - 1; i >= 0; i -= 1)
    for (let j = added.length - 1; j >= 0; j -= 1) {
      const own = (scores[i * added.length + j] = score(i, j));
      const paired = own > 0 ? own + (best[(i + 1) * width + j + 1] ?? 0) : 0;
      best[i * width + j] = Math.max(paired, best[(i + 1) * width + j] ?? 0, best[i * width + j + 1] ?? 0);
    }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < removed.length && j < added.length;) {
    const here = best[i * width + j] ?? 0;
    const own = scores[i * added.length + j] ?? 0;
    if (own > 0 && here === own + (best[(i + 1) * width + j + 1] ?? 0)) pairs.push([i++, j++]);
    else if (here === (best[(i + 1) * width + j] ?? 0)) i += 1;
    else j += 1;
  }
  return pairs;
}

interface Bag {
  size: number;
  counts: Map<string, number>;
}
const none: Bag = { size: 0, counts: new Map() };

function bagOf({ cells }: Block): Bag {
  const all = cells.flat().flatMap(({ text }) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
  const counts = new Map<string, number>();
  for (const word of all) counts.set(word, (counts.get(word) ?? 0) + 1);
  return { size: all.length, counts };
}

/** Of all words of both, how many they share: 1 is the same words. */
function commonShare(a: Bag, b: Bag): number {
  const all = a.size + b.size;
  let common = 0;
  for (const [word, n] of a.counts) common += Math.min(n, b.counts.get(word) ?? 0);
  return all === 0 ? 0 : (2 * common) / all;
}

function changed(before: Block, after: Block): ComparedBlock {
  const cells = after.cells.map((cell, at) => changedWords(before.cells[at] ?? [], cell));
  return { ...after, cells, change: cells.flat().some(({ change }) => change) ? "changed" : "layout" };
}

const words = (runs: Run[]): Run[] =>
  runs.flatMap((run) =>
    (run.text.match(/\s+|[\p{L}\p{N}]+(?:['’.-][\p{L}\p{N}]+)*|[^\s\p{L}\p{N}]/gu) ?? []).map((text) => ({
      ...run,
      text,
    })),
  );

const sameWord = (a: Run, b: Run): boolean => a.text === b.text && sameStyle(a, b);

function changedWords(before: Run[], after: Run[]): Part[] {
  const steps = diffArrays(words(before), words(after), { comparator: sameWord });
  const found: Part[] = [];
  let [removed, added]: [Run[], Run[]] = [[], []];
  steps.forEach((step, at) => {
    if (step.removed) removed.push(...step.value);
    else if (step.added) added.push(...step.value);
    // A lone space between two changed words belongs to the change: "the old phrase", not three words struck apart.
    else if (removed.length + added.length > 0 && at < steps.length - 1 && step.value.every(isSpace)) {
      removed.push(...step.value);
      added.push(...step.value);
    } else {
      found.push(...exchange(removed, added), ...joined(step.value));
      [removed, added] = [[], []];
    }
  });
  return [...found, ...exchange(removed, added)];
}

/** A space that ends both sides stays out of it. */
function exchange(removed: Run[], added: Run[]): Part[] {
  const [last, other] = [removed.at(-1), added.at(-1)];
  if (last && other && isSpace(last) && sameWord(last, other))
    return [...exchange(removed.slice(0, -1), added.slice(0, -1)), other];
  return [...joined(removed, "removed"), ...joined(added, "added")];
}

const isSpace = ({ text }: Run): boolean => !text.trim();

function joined(runs: Run[], change?: Change): Part[] {
  const found: Part[] = [];
  for (const run of runs) {
    const last = found.at(-1);
    if (last && sameStyle(last, run)) last.text += run.text;
    else found.push({ ...run, ...(change && { change }) });
  }
  return found;
}
