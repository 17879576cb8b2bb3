import { buildSchema, getOperationAST, parse } from "graphql";
import { measure } from "./cost";

const schema = buildSchema(`
  type Query { one(id: ID!): Node many(first: Int = 25): NodeConnection! plain: [Node!]! }
  type Node { id: ID! next: Node parts(first: Int = 50): [Node!]! }
  type NodeConnection { nodes: [Node!]! totalCount: Int! }
`);
function of(query: string, variables: Record<string, unknown> = {}) {
  const document = parse(query);
  const operation = getOperationAST(document);
  if (!operation) throw new Error("no operation");
  const { cost, depth } = measure(schema, document, operation);
  return { cost: cost(variables), depth };
}

test("what stands under a connection counts as often as the connection is long", () => {
  const [five, ten] = [of("{ many(first: 5) { nodes { id } } }"), of("{ many(first: 10) { nodes { id } } }")];
  expect(ten.cost - five.cost).toBe(5);
  expect(of("{ many { nodes { id } } }").cost).toBe(of("{ many(first: 25) { nodes { id } } }").cost);
});

test("a length in a variable counts as given, or as its default", () => {
  const query = "query Q($n: Int = 40) { many(first: $n) { nodes { id } } }";
  expect(of(query).cost).toBe(of("{ many(first: 40) { nodes { id } } }").cost);
  expect(of(query, { n: 7 }).cost).toBe(of("{ many(first: 7) { nodes { id } } }").cost);
});

test("lists within lists multiply, aliases add, and a fragment costs wherever it is spread", () => {
  const one = of("{ many(first: 1) { nodes { parts(first: 30) { id } } } }").cost;
  expect(of("{ many(first: 100) { nodes { parts(first: 30) { id } } } }").cost).toBeGreaterThan(90 * (one - 13));
  expect(of("{ a: plain { id } b: plain { id } }").cost).toBe(2 * of("{ plain { id } }").cost);
  const spread = "fragment F on Node { id parts { id } }";
  expect(of(`{ a: one(id: 1) { ...F } b: one(id: 2) { ...F } } ${spread}`).cost).toBe(
    2 * of("{ one(id: 1) { id parts { id } } }").cost,
  );
});

test("fragments that double at each step are counted without being opened", () => {
  const steps = Array.from({ length: 60 }, (_, i) =>
    i < 59
      ? `fragment F${i} on Node { a: next { ...F${i + 1} } b: next { ...F${i + 1} } }`
      : `fragment F${i} on Node { id }`,
  );
  const { cost, depth } = of(`{ one(id: 1) { ...F0 } } ${steps.join(" ")}`);
  expect(cost).toBeGreaterThan(2 ** 50);
  expect(depth).toBe(61);
});

test("depth is counted through fragments", () => {
  expect(of("{ one(id: 1) { next { next { id } } } }").depth).toBe(4);
  expect(of("{ one(id: 1) { ...F } } fragment F on Node { next { ... on Node { next { id } } } }").depth).toBe(4);
});
