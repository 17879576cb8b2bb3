/** What stands against a definition from the side of the API: the candidate schema is built and validated before a publish. */
import { validateSchema } from "graphql";
import type { RecordType } from "../../schema/definition";
import type { Problem } from "../../schema/failure";
import { pascal } from "../../schema/text";
import type { Objections, TypeProblem } from "../engine/checkPublish";
import type { World } from "../engine/world";
import { type Registry, type TypeVersions, typesInForce } from "../store/definitions";
import { wholeSchema } from "./recordSchema";
import { staticSchema } from "./staticSchema";

/** Names every record of the API has, beside those the checker reserves. */
const taken = new Set(["permissions", "definitionVersion", "and", "or", "not", "textHash", "comment"]);

/** A publish asks this last: names that would meet in the API, and whatever graphql-js finds wrong with the result. */
export const objectionsOf =
  (world: Pick<World, "registry">): Objections =>
  (types: RecordType[]): TypeProblem[] => {
    const names = types.flatMap((type) =>
      nameProblems(type, types, world.registry).map((problem) => ({ ...problem, type: type.name })),
    );
    if (names.length) return names;
    const [first] = types;
    return first ? candidateProblems(types, world.registry).map((problem) => ({ ...problem, type: first.name })) : [];
  };

function nameProblems(type: RecordType, beside: RecordType[], registry: Registry): Problem[] {
  const problems: Problem[] = [];
  const say = (path: string, name: string): void =>
    void problems.push({ path, message: `The API has “${name}” already: choose another name.` });
  for (const name of Object.keys(type.fields)) {
    if (taken.has(name)) say(`fields.${name}`, name);
    for (const ending of ["InForce", "Versions"])
      if (name.endsWith(ending) && type.fields[name.slice(0, -ending.length)]?.kind === "document")
        say(`fields.${name}`, name);
  }
  for (const [action, { asks }] of Object.entries(type.actions))
    if (asks && "textHash" in asks) say(`actions.${action}.asks.textHash`, "textHash");
  const others = [...new Map([...typesInForce(registry), ...beside].map((each) => [each.name, each])).values()].filter(
    (each) => each.name !== type.name,
  );
  const base = staticSchema();
  const roots = new Set([
    ...Object.keys(base.getQueryType()?.getFields() ?? {}),
    ...Object.keys(base.getMutationType()?.getFields() ?? {}),
    ...others.flatMap(rootNames),
  ]);
  const types = new Set([...Object.keys(base.getTypeMap()), ...others.flatMap(typeNames)]);
  for (const name of rootNames(type)) if (roots.has(name)) say(pathOf(type, name), name);
  for (const name of typeNames(type)) if (types.has(name)) say(pathOf(type, name), name);
  return problems;
}

const rootNames = (type: RecordType): string[] => [
  type.name,
  type.plural,
  `${type.name}Counts`,
  `create${pascal(type.name)}`,
  `update${pascal(type.name)}`,
  ...Object.keys(type.actions).map((name) => `${name}${pascal(type.name)}`),
];

const typeNames = (type: RecordType): string[] => {
  const Name = pascal(type.name);
  const endings = ["", "State", "StateFilter", "Filter", "Sort", "GroupBy", "Connection"];
  return [
    ...endings.map((ending) => `${Name}${ending}`),
    ...["create", "update", ...Object.keys(type.actions)].map((verb) => `${pascal(verb)}${Name}Input`),
  ];
};

/** The part of the definition a name comes from. */
function pathOf(type: RecordType, name: string): string {
  const action = Object.keys(type.actions).find((each) =>
    name.toLowerCase().startsWith(`${each}${type.name}`.toLowerCase()),
  );
  return action ? `actions.${action}` : name === type.plural ? "plural" : "name";
}

/** Builds the schema that would be served and says what is wrong with it. */
export function candidateProblems(types: RecordType[], registry: Registry): Problem[] {
  const candidates = types.map((type): [string, TypeVersions] => {
    const candidate = { type, version: Number.MAX_SAFE_INTEGER, hash: "" };
    const known = registry.types.get(type.name)?.versions ?? [];
    return [type.name, { active: candidate, versions: new Map([...known, [candidate.version, candidate]]) }];
  });
  try {
    const schema = wholeSchema(staticSchema(), { ...registry, types: new Map([...registry.types, ...candidates]) });
    return validateSchema(schema).map((error) => ({ path: "", message: error.message }));
  } catch (error) {
    return [{ path: "", message: error instanceof Error ? error.message : String(error) }];
  }
}
