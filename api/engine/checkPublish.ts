/**
 * What is wrong with record types that are to be published together: in them, and in what points at them (other types,
 * and the packs' reports) because of them. What is in force goes on, whatever a newer check thinks of it: a problem that
 * another type has already refuses nobody's publish, and is listed for the administrator (`definitionsToMend`).
 */
import { setImmediate } from "node:timers/promises";
import { checkDefinition, type CheckContext } from "../../schema/check";
import { reportProblems } from "../../schema/checkReports";
import type { RecordType } from "../../schema/definition";
import { recordTypeShape } from "../../schema/definitionShape";
import { Failure, type Problem } from "../../schema/failure";
import { at, shapeProblems, withoutHint } from "../../schema/shape";
import { type Registry, typesInForce } from "../store/definitions";

/** A problem, and the type in which it stands: "" for a report of a pack. */
export interface TypeProblem extends Problem {
  type: string;
}

/** The API's own objections to types that would be in force together. */
export type Objections = (types: RecordType[]) => TypeProblem[];

export const checkContext = (registry: Registry, name: string, types: RecordType[]): CheckContext => {
  const previous = registry.types.get(name)?.active.type;
  return { roles: registry.roles, types, ...(previous ? { previous } : {}) };
};

/** Tells problems apart; the hint at a near name may change with any other type. */
export const problemKey = ({ path, message }: Problem): string => `${path}\n${withoutHint(message)}`;

/** What a list of types, one after another, is found to have: other requests are answered in between. */
async function problemsOf(registry: Registry, names: string[], types: RecordType[]): Promise<TypeProblem[]> {
  const found: TypeProblem[] = [];
  for (const json of types) {
    if (!names.includes(json.name)) continue;
    const { problems } = checkDefinition(json, checkContext(registry, json.name, types));
    found.push(...problems.map((problem) => ({ ...problem, type: json.name })));
    await setImmediate();
  }
  return found;
}

const reportsWith = ({ packs, roles }: Registry, types: RecordType[]): TypeProblem[] =>
  packs
    .flatMap(({ reports }) => reportProblems(reports, { roles, types }))
    .map((problem) => ({ ...problem, type: "" }));

const inForce = new WeakMap<Registry, Promise<TypeProblem[]>>();

/** What today's checks say of the definitions in force, and of the packs' reports over them. */
function problemsInForce(registry: Registry): Promise<TypeProblem[]> {
  let found = inForce.get(registry);
  if (!found) {
    const types = typesInForce(registry);
    found = problemsOf(
      registry,
      types.map(({ name }) => name),
      types,
    ).then((problems) => [...problems, ...reportsWith(registry, types)]);
    inForce.set(registry, found);
  }
  return found;
}

/** Types in force that a publish of theirs would be refused for today: they run on as they are. */
export async function definitionsToMend(registry: Registry): Promise<{ type: RecordType; problems: Problem[] }[]> {
  const problems = await problemsInForce(registry);
  return typesInForce(registry).flatMap((type) => {
    const own = problems.filter((problem) => problem.type === type.name);
    return own.length ? [{ type, problems: own }] : [];
  });
}

/** Well-formed types, each with its name; else what is malformed. */
function wellFormed(jsons: unknown[]): { types: RecordType[]; problems: TypeProblem[] } {
  const problems = jsons.flatMap((json, i) =>
    shapeProblems(recordTypeShape, json).map((problem) => ({ ...problem, type: nameOf(json) ?? `definitions[${i}]` })),
  );
  const types = problems.length ? [] : (jsons as RecordType[]);
  const names = types.map(({ name }) => name);
  const twice = names.filter((name, i) => names.indexOf(name) !== i);
  return {
    types,
    problems: [...problems, ...twice.map((type) => ({ type, path: "name", message: "This type stands here twice." }))],
  };
}

const nameOf = (json: unknown): string | undefined =>
  typeof json === "object" && json !== null && "name" in json && typeof json.name === "string" ? json.name : undefined;

/**
 * Checks definitions from anywhere as one set, before anything is stored. `types` is given where nothing is wrong. Where
 * they have problems of their own, what others have because of them is not looked for yet. `lenient`: a problem that the
 * type has in force already is none, as where somebody changes one part of it by a choice and not by hand.
 */
export async function checkTogether(
  registry: Registry,
  jsons: unknown[],
  { objections = () => [], lenient = false }: { objections?: Objections; lenient?: boolean } = {},
): Promise<{ types?: RecordType[]; problems: TypeProblem[] }> {
  const { types: these, problems: malformed } = wellFormed(jsons);
  if (malformed.length) return { problems: malformed };
  const before = typesInForce(registry);
  const together = [...new Map([...before, ...these].map((type) => [type.name, type])).values()];
  const names = these.map(({ name }) => name);
  const keyOf = (problem: TypeProblem): string => `${problem.type}\n${problemKey(problem)}`;
  const own = await problemsOf(registry, names, together);
  if (own.length && !lenient) return { problems: own };
  const known = new Set((await problemsInForce(registry)).map(keyOf));
  const isNew = (problem: TypeProblem): boolean => !known.has(keyOf(problem));
  if (own.some(isNew)) return { problems: own.filter(isNew) };
  const others = before.filter(({ name }) => !names.includes(name));
  const found = await problemsOf(
    registry,
    others.map(({ name }) => name),
    together,
  );
  const caused = [...found, ...reportsWith(registry, together)].filter(isNew).map((problem) => {
    const label = others.find(({ name }) => name === problem.type)?.label;
    return label === undefined ? problem : { ...problem, message: `${label}: ${problem.message}` };
  });
  const problems = [...objections(these), ...caused];
  return problems.length ? { problems } : { types: these, problems: [] };
}

/** With the type's name at the head of each path, but for those of the one definition that was sent `alone`. */
export function asProblems(found: TypeProblem[], alone?: unknown): Problem[] {
  const own = alone === undefined ? undefined : (nameOf(alone) ?? "definitions[0]");
  return found.map(({ type, path, message }) => ({
    path: type === "" || type === own ? path : at(type, path),
    message,
  }));
}

/** Says the first few in the message: what logs and plain clients show. */
export function badDefinition(problems: Problem[]): Failure {
  const said = problems.slice(0, 5).map(({ path, message }) => (path ? `${path}: ${message}` : message));
  return new Failure(
    "BAD_DEFINITION",
    [`The definition has ${problems.length} problem(s).`, ...said].join("\n"),
    problems,
  );
}
