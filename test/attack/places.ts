/**
 * Every place of the schema where a request may put something: each argument, and each field of each input once, with an
 * operation that reaches it. What an operation needs besides is harmless.
 */
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";
import { type Bound, boundOf } from "../../api/graphql/bounds";

/** From the argument down to the place: the names of input fields, each with whether it stands in a list. */
type Step = { field: string; list: boolean };

export interface Place {
  /** `Query.policies(filter).title.eq`: for people, and the order of the places. */
  name: string;
  argument: string;
  query: string;
  type: GraphQLInputType;
  bound: Bound;
  /** The variables with `value` at the place. */
  with(value: unknown): Record<string, unknown>;
}

type Field = GraphQLField<unknown, unknown>;

/** How an object of the API is reached: what stands before and after its fields, and the arguments on the way. */
interface Way {
  before: string;
  after: string;
  variables: { name: string; argument: GraphQLArgument; field: string }[];
  operation: "query" | "mutation";
}

/** An id that an argument of this field may hold. */
export type IdOf = (field: string, argument: string) => string;

export function placesOf(schema: GraphQLSchema, idOf: IdOf): Place[] {
  const seen = new Set<string>();
  const places: Place[] = [];
  for (const [type, way] of waysOf(schema))
    for (const field of Object.values(type.getFields()))
      for (const argument of field.args) {
        const bound = boundOf(argument, field);
        const name = `${type.name}.${field.name}(${argument.name})`;
        visit(argument.type, bound, [], name, (inner, innerBound, steps, innerName) => {
          places.push(placeAt({ way, field, argument, idOf }, inner, innerBound, steps, innerName));
        });
      }
  return places.sort((a, b) => (a.name < b.name ? -1 : 1));

  /** The place itself, and those within it that no other argument has led to. */
  function visit(
    type: GraphQLInputType,
    bound: Bound,
    steps: Step[],
    name: string,
    found: (type: GraphQLInputType, bound: Bound, steps: Step[], name: string) => void,
  ): void {
    found(type, bound, steps, name);
    const inner = getNamedType(type);
    if (!isInputObjectType(inner)) return;
    const list = isList(type);
    for (const field of Object.values(inner.getFields())) {
      const key = `${inner.name}.${field.name}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const within = getNamedType(field.type) === inner ? bound : boundOf(field);
      visit(field.type, within, [...steps, { field: field.name, list }], `${name}.${field.name}`, found);
    }
  }
}

const isList = (type: GraphQLInputType): boolean => isListType(isNonNullType(type) ? type.ofType : type);

function placeAt(
  at: { way: Way; field: Field; argument: GraphQLArgument; idOf: IdOf },
  type: GraphQLInputType,
  bound: Bound,
  steps: Step[],
  name: string,
): Place {
  const { way, field, argument, idOf } = at;
  const given = field.args
    .filter((each) => each === argument || isNonNullType(each.type))
    .map((each) => ({ name: each.name, argument: each, field: field.name }));
  const before = way.variables;
  const all = [...before, ...given];
  const declared = all.map(({ name: variable, argument: each }) => `$${variable}: ${String(each.type)}`).join(", ");
  const passed = given.map(({ name: variable }) => `${variable}: $${variable}`).join(", ");
  const query = `${way.operation} Q(${declared}) { ${way.before} ${field.name}(${passed})${leaf(field.type)} ${way.after} }`;
  return {
    name,
    argument: argument.name,
    query,
    type,
    bound,
    with: (value) =>
      Object.fromEntries(
        all.map((each) => [
          each.name,
          each.argument === argument && each.name === argument.name
            ? within(argument.type, steps, value, (id) => idOf(each.field, id))
            : harmless(each.argument.type, each.argument.name, (id) => idOf(each.field, id)),
        ]),
      ),
  };
}

/** A harmless value of the type, but for `value` where the steps lead. */
function within(type: GraphQLInputType, steps: Step[], value: unknown, id: (name: string) => string): unknown {
  const [step, ...rest] = steps;
  if (!step) return value;
  const input = getNamedType(type);
  if (!isInputObjectType(input)) throw new Error(`${String(type)} has no fields.`);
  const field = input.getFields()[step.field];
  if (!field) throw new Error(`${String(type)} has no ${step.field}.`);
  const object = { ...(harmless(input, "", id) as object), [step.field]: within(field.type, rest, value, id) };
  return step.list ? [object] : object;
}

function harmless(type: GraphQLInputType, name: string, id: (name: string) => string): unknown {
  if (isNonNullType(type)) return harmless(type.ofType as GraphQLInputType, name, id);
  if (isListType(type)) return [harmless(type.ofType as GraphQLInputType, name, id)];
  if (isInputObjectType(type)) {
    const needed = Object.values(type.getFields()).filter(
      (field) => isNonNullType(field.type) && field.defaultValue === undefined,
    );
    return Object.fromEntries(needed.map((field) => [field.name, harmless(field.type, field.name, id)]));
  }
  if (isEnumType(type)) return type.getValues()[0]?.name;
  switch (type.name) {
    case "Int":
    case "Float":
      return 1;
    case "Boolean":
      return true;
    case "ID":
      return id(name);
    case "Date":
      return "2027-01-04";
    case "DateTime":
      return "2027-01-04T09:00:00Z";
    case "JSON":
      return {};
    default:
      return "A word";
  }
}

/** What is asked of a field's value. */
function leaf(type: GraphQLOutputType): string {
  return isObjectType(getNamedType(type)) || isAbstractType(getNamedType(type)) ? " { __typename }" : "";
}

/** Each object that has fields with arguments, by the shortest way from a query or a mutation. */
function waysOf(schema: GraphQLSchema): [GraphQLObjectType, Way][] {
  const ways = new Map<GraphQLObjectType, Way>();
  const roots = [
    [schema.getQueryType(), "query"],
    [schema.getMutationType(), "mutation"],
  ] as const;
  let next: GraphQLObjectType[] = [];
  for (const [root, operation] of roots)
    if (root) {
      ways.set(root, { before: "", after: "", variables: [], operation });
      next.push(root);
    }
  while (next.length) {
    const found: GraphQLObjectType[] = [];
    for (const type of next) {
      const way = ways.get(type);
      for (const field of Object.values(type.getFields())) {
        const inner = getNamedType(field.type);
        const objects = isObjectType(inner) ? [inner] : isAbstractType(inner) ? schema.getPossibleTypes(inner) : [];
        for (const object of objects) {
          if (!way || ways.has(object)) continue;
          ways.set(object, through(way, field, object === inner ? "" : `... on ${object.name} { `));
          found.push(object);
        }
      }
    }
    next = found;
  }
  return [...ways].filter(([type]) => Object.values(type.getFields()).some(({ args }) => args.length > 0));
}

function through(way: Way, field: Field, fragment: string): Way {
  const level = way.variables.length;
  const needed = field.args
    .filter(({ type, defaultValue }) => isNonNullType(type) && defaultValue === undefined)
    .map((argument, i) => ({ name: `w${level + i}`, argument, field: field.name }));
  const passed = needed.length
    ? `(${needed.map(({ name, argument }) => `${argument.name}: $${name}`).join(", ")})`
    : "";
  return {
    ...way,
    before: `${way.before} ${field.name}${passed} { ${fragment}`,
    after: `${fragment ? "} " : ""}} ${way.after}`,
    variables: [...way.variables, ...needed],
  };
}
