/**
 * A process that is asked many distinct documents twice each, as somebody who is signed in. It ends with 0 where it lives.
 * Run with a small heap.
 */
import { parse } from "graphql";
import type { Context } from "../../api/graphql/context";
import { executeOperation } from "../../api/graphql/execute";
import { wholeSchema } from "../../api/graphql/recordSchema";
import { staticSchema } from "../../api/graphql/staticSchema";
import type { Registry, TypeVersions } from "../../api/store/definitions";
import { schoolPolicy } from "../../schema/packs/school-policy/pack";

const types = schoolPolicy.types.map((type): [string, TypeVersions] => {
  const active = { type, version: 1, hash: "" };
  return [type.name, { active, versions: new Map([[1, active]]) }];
});
const registry: Registry = { edition: 0, packs: [], roles: schoolPolicy.roles, types: new Map(types) };
const schema = wholeSchema(staticSchema(), registry);
// Who asks holds nothing: every field is refused as it runs, which is after it was compiled and kept.
const context = {
  identity: {},
  world: { demo: false, registry },
  loading: { loaders: null },
  spent: { cost: 0 },
} as unknown as Context;

const documents: ((n: number) => string)[] = [
  (n) => `{ ${Array.from({ length: 600 }, (_, i) => `x${n}_${i}: policies { totalCount }`).join(" ")} }`,
  (n) => {
    const names = Array.from({ length: 50 }, (_, i) => `...F${i}`);
    const fragments = names.map(
      (_, i) => `fragment F${i} on Policy { x${i}: owner { id name } ${names[i + 1] ?? ""} }`,
    );
    return `{ ${Array.from({ length: 40 }, (_, i) => `y${n}_${i}: policies { nodes { ...F0 } }`).join(" ")} } ${fragments.join(" ")}`;
  },
  (n) => `{ z${n}: policies { nodes { ${Array.from({ length: 90 }, (_, i) => `a${i}: title`).join(" ")} } } }`,
];

async function main(): Promise<void> {
  const most = Number(process.argv[2]);
  for (let n = 0; n < most; n++)
    for (const make of documents) {
      const text = make(n);
      const document = parse(text);
      for (let twice = 0; twice < 2; twice++)
        await executeOperation({ schema, document, hash: text, operationName: null, variables: {}, context });
    }
}

void main();
