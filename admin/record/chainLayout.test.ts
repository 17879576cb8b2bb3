import type { Chain, ChainNode } from "../provider";
import { pictureOf, treeOfChain } from "./chainLayout";

const node = (id: string): ChainNode => ({
  id,
  type: "kite",
  reference: id,
  title: id,
  state: "packed",
  label: "Kite",
});
const edge = (from: string, label: string, to: string) => ({ from, to, field: label, label });

/** A case as it grows: each later record names the earlier, and at the end a rule is named that was there before. */
const chain: Chain = {
  nodes: ["tear", "pilot", "look", "lesson", "rule"].map(node),
  edges: [
    edge("tear", "flown by", "pilot"),
    edge("look", "looks into", "tear"),
    edge("lesson", "learnt from", "look"),
    edge("lesson", "changes", "rule"),
    edge("look", "under", "rule"),
  ],
  more: false,
};

test("every record stands once in the list, under the nearest it is linked with", () => {
  const root = treeOfChain(chain);
  expect(root?.children.map(({ node: { id }, by }) => [id, by])).toEqual([
    ["pilot", { label: "flown by", own: true }],
    ["look", { label: "looks into", own: false }],
  ]);
  expect(root?.children[1]?.children.map(({ node: { id } }) => id)).toEqual(["lesson", "rule"]);
  expect(treeOfChain({ nodes: [], edges: [], more: false })).toBeUndefined();
});

test("in the picture what a record names is on its left, what names it on its right, and nothing lies on another", () => {
  const picture = pictureOf(chain);
  const at = Object.fromEntries((picture?.nodes ?? []).map(({ node: { id }, x, y }) => [id, { x, y }]));
  const order = ["pilot", "tear", "look", "lesson"].map((id) => at[id]?.x ?? -1);
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(new Set(Object.values(at).map(({ x, y }) => `${x} ${y}`)).size).toBe(5);
  expect(picture?.edges).toHaveLength(5);
  for (const { x, y } of Object.values(at)) {
    expect(x).toBeLessThan(picture?.width ?? 0);
    expect(y).toBeGreaterThanOrEqual(0);
  }
});
