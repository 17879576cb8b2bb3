/**
 * What an operation could cost, worked out before it runs: every field counts one, what is read from the database by
 * itself counts ten, and everything under a list counts as often as the list may be long. Aliases are fields.
 */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLField,
  type GraphQLSchema,
  isAbstractType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type GraphQLOutputType,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";

export const MAX_COST = 50_000;
export const MAX_DEPTH = 12;
/** How long a list without `first` is taken to be. */
const LIST = 10;
const READ = 10;
/** A field says that it costs more: `extensions.cost`. */
const costOf = (field: GraphQLField<unknown, unknown> | undefined): number => {
  const cost = field?.extensions.cost;
  return typeof cost === "number" ? cost : 0;
};

type Times = { value: number } | { variable: string; otherwise: number };

interface Part {
  own: number;
  times: Times;
  /** `nodes` of a connection: as long as the connection's `first`, which stands one level up. */
  parts: (Part | FragmentDefinitionNode)[];
}

export interface Measure {
  depth: number;
  /** The figure for these variables; Infinity where counting itself would be too much. */
  cost: (variables: Record<string, unknown>) => number;
}

/** Measures one operation of a valid document. */
export function measure(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): Measure {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const fragmentParts = new Map<FragmentDefinitionNode, { depth: number; parts: (Part | FragmentDefinitionNode)[] }>();
  const root = schema.getRootType(operation.operation);
  const defaults = new Map<string, number>();
  for (const { variable, defaultValue } of operation.variableDefinitions ?? [])
    if (defaultValue?.kind === Kind.INT) defaults.set(variable.name.value, Number(defaultValue.value));

  function select(
    set: SelectionSetNode | undefined,
    parentName: string,
    connection: Times | undefined,
    isRoot: boolean,
  ): { depth: number; parts: (Part | FragmentDefinitionNode)[] } {
    let depth = 0;
    const parts: (Part | FragmentDefinitionNode)[] = [];
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) {
        const found = field(selection, parentName, connection, isRoot);
        depth = Math.max(depth, found.depth);
        parts.push(found.part);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const found = select(
          selection.selectionSet,
          selection.typeCondition?.name.value ?? parentName,
          connection,
          isRoot,
        );
        depth = Math.max(depth, found.depth);
        parts.push(...found.parts);
      } else {
        const fragment = fragments.get(selection.name.value);
        if (!fragment) continue;
        let found = fragmentParts.get(fragment);
        if (!found) {
          found = select(fragment.selectionSet, fragment.typeCondition.name.value, connection, isRoot);
          fragmentParts.set(fragment, found);
        }
        depth = Math.max(depth, found.depth);
        parts.push(fragment);
      }
    }
    return { depth, parts };
  }

  function field(node: FieldNode, parentName: string, connection: Times | undefined, isRoot: boolean) {
    const name = node.name.value;
    const one: Times = { value: 1 };
    // graphql-js bounds how deep introspection may go.
    if (name.startsWith("__"))
      return { depth: 1, part: { own: node.selectionSet ? 500 : 0, times: one, parts: [] } satisfies Part };
    const parent = schema.getType(parentName);
    const definition = isObjectType(parent) ? parent.getFields()[name] : undefined;
    const type = definition?.type;
    const named = type && getNamedType(type);
    const isConnection = named?.name.endsWith("Connection") === true;
    const first = firstOf(node, definition, defaults);
    const isNodes = connection !== undefined && name === "nodes";
    const times: Times = isNodes ? connection : isListOf(type) ? (first ?? { value: LIST }) : one;
    const below = select(
      node.selectionSet,
      named && (isObjectType(named) || isAbstractType(named)) ? named.name : "",
      isConnection ? (first ?? { value: LIST }) : undefined,
      false,
    );
    const reads = isRoot || (definition !== undefined && definition.args.length > 0);
    const part: Part = { own: 1 + (reads ? READ : 0) + costOf(definition), times, parts: below.parts };
    return { depth: below.depth + 1, part };
  }

  const top = select(operation.selectionSet, root?.name ?? "", undefined, true);
  return {
    depth: top.depth,
    cost(variables) {
      const counted = new Map<FragmentDefinitionNode, number>();
      const of = (part: Part | FragmentDefinitionNode): number => {
        if (!("own" in part)) {
          let cost = counted.get(part);
          if (cost === undefined) {
            cost = sum(fragmentParts.get(part)?.parts ?? []);
            counted.set(part, cost);
          }
          return cost;
        }
        return part.own + timesOf(part.times, variables) * sum(part.parts);
      };
      const sum = (parts: (Part | FragmentDefinitionNode)[]): number =>
        parts.reduce((total, part) => total + of(part), 0);
      return sum(top.parts);
    },
  };
}

function firstOf(
  node: FieldNode,
  field: GraphQLField<unknown, unknown> | undefined,
  defaults: ReadonlyMap<string, number>,
): Times | undefined {
  const argument = field?.args.find((each) => each.name === "first");
  if (!argument) return undefined;
  const otherwise = typeof argument.defaultValue === "number" ? argument.defaultValue : LIST;
  const given = node.arguments?.find((each) => each.name.value === "first")?.value;
  if (given?.kind === Kind.INT) return { value: Math.max(0, Number(given.value)) };
  if (given?.kind === Kind.VARIABLE)
    return { variable: given.name.value, otherwise: defaults.get(given.name.value) ?? otherwise };
  return { value: otherwise };
}

function timesOf(times: Times, variables: Record<string, unknown>): number {
  if ("value" in times) return times.value;
  const given = variables[times.variable];
  return typeof given === "number" && given >= 0 ? given : times.otherwise;
}

function isListOf(type: GraphQLOutputType | undefined): boolean {
  if (!type) return false;
  return isListType(isNonNullType(type) ? type.ofType : type);
}
