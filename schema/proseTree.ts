/** Flat blocks as the tree a page and a PDF are made of: lists in lists, tables of rows, quotations of blocks. */
import type { Block } from "./prose";

/** A block and its place in the whole text. */
export interface Placed<B> {
  block: B;
  at: number;
}

export interface ListItem<B> {
  /** Absent where the text goes deeper without an item above: a part of a comparison may. */
  own: Placed<B> | undefined;
  at: number;
  children: ProseNode<B>[];
}

export type ProseNode<B> =
  | { kind: "block"; at: number; block: B }
  | { kind: "quote"; at: number; children: ProseNode<B>[] }
  | { kind: "table"; at: number; rows: Placed<B>[] }
  | { kind: "list"; at: number; numbered: boolean; items: ListItem<B>[] };

type Standing = Pick<Block, "kind" | "depth" | "quoted" | "number" | "head">;

export const treeOf = <B extends Standing>(blocks: B[]): ProseNode<B>[] =>
  nodes(
    blocks.map((block, at) => ({ block, at })),
    0,
    0,
  );

/** Consecutive entries that belong together. */
export function runsOf<T>(entries: T[], together: (first: T, next: T) => boolean): [T, ...T[]][] {
  const found: [T, ...T[]][] = [];
  for (const entry of entries) {
    const run = found.at(-1);
    if (run && together(run[0], entry)) run.push(entry);
    else found.push([entry]);
  }
  return found;
}

function nodes<B extends Standing>(blocks: Placed<B>[], depth: number, quoted: number): ProseNode<B>[] {
  const kindOf = ({ block }: Placed<B>) =>
    block.quoted > quoted ? "quote" : block.depth > depth ? "list" : block.kind;
  const grouped = runsOf(blocks, (first, next) => {
    const kind = kindOf(first);
    if (kind !== kindOf(next)) return false;
    return kind === "quote" || kind === "list" || (kind === "row" && next.block.head === undefined);
  });
  return grouped.flatMap((run): ProseNode<B>[] => {
    const [{ at, block }] = run;
    const kind = kindOf(run[0]);
    if (kind === "quote") return [{ kind, at, children: nodes(run, depth, quoted + 1) }];
    if (kind === "list") return lists(run, depth + 1, quoted);
    return kind === "row" ? [{ kind: "table", at, rows: run }] : [{ kind: "block", at, block }];
  });
}

function lists<B extends Standing>(run: Placed<B>[], depth: number, quoted: number): ProseNode<B>[] {
  const startsItem = ({ block }: Placed<B>) => block.kind === "item" && block.depth === depth;
  const items = runsOf(run, (_, next) => !startsItem(next));
  const numbered = ([{ block }]: [Placed<B>, ...Placed<B>[]]) => block.number !== undefined;
  return runsOf(items, (one, other) => numbered(one) === numbered(other)).map((list) => ({
    kind: "list",
    at: list[0][0].at,
    numbered: numbered(list[0]),
    items: list.map((item) => {
      const own = startsItem(item[0]) ? item[0] : undefined;
      return { own, at: item[0].at, children: nodes(own ? item.slice(1) : item, depth, quoted) };
    }),
  }));
}
