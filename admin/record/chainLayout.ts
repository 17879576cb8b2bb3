/**
 * Where each record of a chain stands in its picture: the record itself, on the one side what it leads to by its own
 * links, on the other what leads to it; one column a step. Pure: the picture and the list are made from the same tree.
 */
import type { Chain, ChainEdge, ChainNode } from "../provider";

export interface Branch {
  node: ChainNode;
  /** The link by which it was reached, and whether the record above holds it. */
  by: { label: string; own: boolean } | undefined;
  children: Branch[];
}

const leadsTo = ({ from, to }: ChainEdge, id: string): string | undefined =>
  from === id ? to : to === id ? from : undefined;

/** Every record once, under the nearest record it is linked with. Undefined for a chain of nothing. */
export function treeOfChain({ nodes, edges }: Chain): Branch | undefined {
  const [first] = nodes;
  if (!first) return undefined;
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const root: Branch = { node: first, by: undefined, children: [] };
  const met = new Set([first.id]);
  for (let level = [root]; level.length > 0; level = level.flatMap(({ children }) => children))
    for (const branch of level)
      for (const edge of edges) {
        const id = leadsTo(edge, branch.node.id);
        const node = id === undefined || met.has(id) ? undefined : byId.get(id);
        if (!node) continue;
        met.add(node.id);
        branch.children.push({ node, by: { label: edge.label, own: edge.from === branch.node.id }, children: [] });
      }
  return root;
}

export const NODE = { width: 184, height: 108 };
const GAP = { across: 104, down: 20 };

export interface PlacedNode {
  node: ChainNode;
  x: number;
  y: number;
}

export interface PlacedEdge {
  edge: ChainEdge;
  path: string;
  /** Where its label stands, if there is room for one: between neighbouring columns. */
  at: { x: number; y: number } | undefined;
}

export interface ChainPicture {
  /** From left to right and down: the order in which the keyboard goes through them. */
  nodes: PlacedNode[];
  edges: PlacedEdge[];
  width: number;
  height: number;
}

export function pictureOf(chain: Chain): ChainPicture | undefined {
  const root = treeOfChain(chain);
  if (!root) return undefined;
  const columns = new Map<number, ChainNode[]>();
  const place = ({ node, children }: Branch, column: number) => {
    columns.set(column, [...(columns.get(column) ?? []), node]);
    for (const child of children)
      // Its own links lead to the left, to what was there before; the links of others come in from the right.
      place(child, column === 0 ? (child.by?.own ? -1 : 1) : column + Math.sign(column));
  };
  place(root, 0);
  const order = [...columns.keys()].sort((a, b) => a - b);
  const tallest = Math.max(...[...columns.values()].map((column) => column.length));
  const height = tallest * (NODE.height + GAP.down) - GAP.down;
  const nodes = order.flatMap((column, across) => {
    const stack = columns.get(column) ?? [];
    const top = (height - (stack.length * (NODE.height + GAP.down) - GAP.down)) / 2;
    return stack.map((node, down): PlacedNode => ({
      node,
      x: across * (NODE.width + GAP.across),
      y: top + down * (NODE.height + GAP.down),
    }));
  });
  const at = new Map(nodes.map((placed) => [placed.node.id, placed]));
  const edges = chain.edges.flatMap((edge): PlacedEdge[] => {
    const [from, to] = [at.get(edge.from), at.get(edge.to)];
    return from && to ? [{ edge, ...lineBetween(from, to) }] : [];
  });
  return { nodes, edges, width: order.length * (NODE.width + GAP.across) - GAP.across, height };
}

/** From side to side; between two of one column around their right sides. */
function lineBetween(from: PlacedNode, to: PlacedNode): Omit<PlacedEdge, "edge"> {
  const beside = from.x === to.x;
  const back = !beside && from.x > to.x;
  const x1 = from.x + (back ? 0 : NODE.width);
  const x2 = to.x + (back || beside ? NODE.width : 0);
  const [y1, y2] = [from.y + NODE.height / 2, to.y + NODE.height / 2];
  const bend = (back ? -1 : 1) * (beside ? GAP.across / 2 : Math.max(GAP.across / 2, Math.abs(x2 - x1) / 3));
  return {
    path: `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 + (beside ? bend : -bend)} ${y2} ${x2} ${y2}`,
    at: Math.abs(x2 - x1) === GAP.across ? { x: (x1 + x2) / 2, y: (y1 + y2) / 2 } : undefined,
  };
}
