/**
 * How much an argument may hold. Every text, id, JSON, list, number and filter has a bound by its type; one that needs
 * another says so where it is declared: `extensions.bound` of an argument or input field, or `extensions.bounds`, by
 * argument, of the field it belongs to. All of it is held before anything runs, in one walk that also says what the
 * inputs cost.
 */
import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLLeafType,
  type GraphQLSchema,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  type DocumentNode,
  type OperationDefinitionNode,
  TypeInfo,
  type ValueNode,
  valueFromASTUntyped,
  visit,
  visitWithTypeInfo,
} from "graphql";
import { parseDay } from "../../schema/epochDay";
import { Failure, invalid } from "../../schema/failure";
import { dateProblem, parseDateTime } from "../../schema/parseValue";

export interface Bound {
  /** UTF-16 units of a text; of each text in JSON. */
  length: number;
  /** Of a list; of each list in JSON. */
  items: number;
  /** Levels of JSON, or of objects: a filter, six times and, or and not, and what a field is compared with. */
  depth: number;
  /** Values in JSON, or objects in a filter. */
  nodes: number;
  /** UTF-16 units of each word, where a text is searched for. */
  word: number;
  /** Of a whole number. */
  min: number;
}

const INFINITE = Number.POSITIVE_INFINITY;
const text: Bound = { length: 10_000, items: 1_000, depth: 1, nodes: INFINITE, word: INFINITE, min: -(2 ** 31) };

/** What a search takes: longer words are in no title, and one of a megabyte kept the database busy. */
export const SEARCH: Partial<Bound> = { length: 1_000, word: 64 };
/** What fits into a request: fields of the kind say themselves how long a text may be, and let a stored one pass. */
export const LONG_TEXT: Partial<Bound> = { length: 1_000_000 };
/** Answers to a form, one of which may be a long text. */
export const ANSWERS: Partial<Bound> = { length: 1_000_000, depth: 6 };
/** A record type: some 3,000 values for the largest of ours. */
export const DEFINITION: Partial<Bound> = { length: 100_000, depth: 40, nodes: 50_000 };

/** What a value costs: three thousand people of a list, ten values each, are a tenth of what one request may cost. */
const VALUE = 0.2;
/** A key of an object that nobody means. */
const MAX_KEY = 200;

type Declared = { extensions: Readonly<Record<string, unknown>> };

const known = new WeakMap<GraphQLArgument | GraphQLInputField, Bound>();

/** What holds for an argument of a field, or for an input field. */
export function boundOf(input: GraphQLArgument | GraphQLInputField, field?: Declared | null): Bound {
  let bound = known.get(input);
  if (!bound) {
    const own = input.extensions["bound"] as Partial<Bound> | undefined;
    const bounds = field?.extensions["bounds"] as Record<string, Partial<Bound>> | undefined;
    bound = { ...byType(input), ...(own ?? bounds?.[input.name]) };
    known.set(input, bound);
  }
  return bound;
}

/** How many of a list, or how many to pass over. */
const counts = new Set(["first", "offset", "perDay"]);

function byType({ name, type }: { name: string; type: GraphQLInputType }): Bound {
  const inner = named(type);
  if (isInputObjectType(inner)) return isRecursive(inner) ? { ...text, depth: 8, nodes: 100 } : { ...text, depth: 8 };
  switch (inner.name) {
    case "String":
      return text;
    case "JSON":
      return { ...text, depth: 12, nodes: 10_000 };
    case "Int":
      return { ...text, length: 100, min: counts.has(name) ? 0 : text.min };
    default:
      // Ids, dates, the values of an enum.
      return { ...text, length: 100 };
  }
}

function named(type: GraphQLInputType): GraphQLInputObjectType | GraphQLLeafType {
  let inner = type;
  while (isNonNullType(inner) || isListType(inner)) inner = inner.ofType as GraphQLInputType;
  return inner as GraphQLInputObjectType | GraphQLLeafType;
}

const recursive = new WeakMap<GraphQLInputObjectType, boolean>();

/** A filter holds filters. */
function isRecursive(type: GraphQLInputObjectType): boolean {
  let known = recursive.get(type);
  if (known === undefined) {
    known = Object.values(type.getFields()).some((field) => named(field.type) === type);
    recursive.set(type, known);
  }
  return known;
}

/** An input of one operation: a literal, checked once, or a variable, checked with each request. */
interface Place {
  path: string;
  type: GraphQLInputType;
  bound: Bound;
  /** Objects it stands in already. */
  depth: number;
  value: { variable: string } | { literal: unknown };
}

export interface Inputs {
  /** Checks what is given. @returns what it costs. @throws INVALID_INPUT with the path of the argument. */
  check(variables: Record<string, unknown>): number;
  /** The path of the text that a column did not take: of its name, else the longest. Undefined where variables hold none. */
  place(variables: Record<string, unknown>, column: string): string | undefined;
}

/** Reads where an operation's document has inputs. @throws INVALID_INPUT for a literal of it. */
export function inputsOf(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): Inputs {
  const places: Place[] = [];
  const info = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(info, {
      Argument(node) {
        const argument = info.getArgument();
        if (argument) {
          const bound = boundOf(argument, info.getFieldDef());
          collect(node.value, { path: argument.name, type: argument.type, bound, depth: 0 }, places);
        }
        return false;
      },
    }),
  );
  const defaults = new Map(
    (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
      defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)]] : [],
    ),
  );
  let literals = 0;
  const given: { place: Place; name: string }[] = [];
  for (const place of places) {
    if ("variable" in place.value) given.push({ place, name: place.value.variable });
    else literals += costOf(place, place.value.literal);
  }
  // Kept with the operation: without what stood in its document.
  places.length = 0;
  return {
    check(variables) {
      let cost = literals;
      for (const { place, name } of given)
        cost += costOf(place, (Object.hasOwn(variables, name) ? variables[name] : undefined) ?? defaults.get(name));
      return cost;
    },
    place(variables, column) {
      const name = column.replace(/_folded$/, "").replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
      let found: { path: string; weight: number } | undefined;
      const look = (value: unknown, path: string, named: boolean): void => {
        if (typeof value === "string") {
          const weight = value.length + (named ? 1e9 : 0);
          if (!found || weight > found.weight) found = { path, weight };
        } else if (Array.isArray(value)) value.forEach((each, i) => look(each, `${path}[${i}]`, named));
        else if (typeof value === "object" && value !== null)
          for (const [key, inner] of Object.entries(value)) look(inner, `${path}.${key}`, key === name);
      };
      for (const { place, name: variable } of given) look(variables[variable], place.path, place.path === name);
      return found?.path;
    },
  };
}

/** Down to where variables stand: a literal without any is one place. */
function collect(node: ValueNode, at: Omit<Place, "value">, places: Place[]): void {
  if (node.kind === Kind.VARIABLE) {
    places.push({ ...at, value: { variable: node.name.value } });
    return;
  }
  // The literal itself, with nothing where a variable stands.
  places.push({ ...at, value: { literal: valueFromASTUntyped(node, {}) } });
  variablesIn(node, at, places);
}

function variablesIn(node: ValueNode, at: Omit<Place, "value">, places: Place[]): void {
  if (node.kind === Kind.VARIABLE) places.push({ ...at, value: { variable: node.name.value } });
  else if (node.kind === Kind.LIST) {
    const list = isNonNullType(at.type) ? (at.type.ofType as GraphQLInputType) : at.type;
    const type = isListType(list) ? (list.ofType as GraphQLInputType) : list;
    node.values.forEach((item, i) => variablesIn(item, { ...at, path: `${at.path}[${i}]`, type }, places));
  } else if (node.kind === Kind.OBJECT) {
    const inner = named(at.type);
    const depth = at.depth + 1;
    for (const { name, value } of node.fields) {
      const path = `${at.path}.${name.value}`;
      const field = isInputObjectType(inner) ? inner.getFields()[name.value] : undefined;
      // Within JSON a variable is JSON; what is no field of an input is refused when it is validated.
      if (field) variablesIn(value, { path, type: field.type, bound: insideOf(field, at.bound, inner), depth }, places);
      else if (!isInputObjectType(inner)) variablesIn(value, { ...at, path, depth }, places);
    }
  }
}

const insideOf = (field: GraphQLInputField, outer: Bound, parent: GraphQLInputObjectType | GraphQLLeafType): Bound =>
  named(field.type) === parent ? outer : boundOf(field);

/** @returns `VALUE` for each value, and one for each thousand units of a text. @throws INVALID_INPUT. */
function costOf(place: Place, value: unknown): number {
  const walk = new Walk(place.bound);
  walk.typed(value, place.type, place.bound, place.path, place.depth);
  return walk.cost;
}

class Walk {
  cost = 0;
  private objects = 0;
  private values = 0;

  constructor(private readonly outer: Bound) {}

  typed(value: unknown, type: GraphQLInputType, bound: Bound, path: string, depth: number): void {
    if (value === null || value === undefined) return;
    if (isNonNullType(type)) return this.typed(value, type.ofType as GraphQLInputType, bound, path, depth);
    if (isListType(type)) {
      const item = type.ofType as GraphQLInputType;
      if (!Array.isArray(value)) return this.typed(value, item, bound, path, depth);
      this.list(value, bound, path);
      for (let i = 0; i < value.length; i++) this.typed(value[i], item, bound, `${path}[${i}]`, depth);
      return;
    }
    if (isInputObjectType(type)) return this.object(value, type, bound, path, depth);
    if (type.name === "JSON") return this.json(value, bound, path, 1);
    this.cost += VALUE;
    if (type.name === "ID" && typeof value === "string" && !/^[\x20-\x7e]*$/.test(value))
      throw refused(path, "This is no id: ids hold letters and digits of ASCII.");
    if (typeof value === "string") {
      this.text(value, bound, path);
      // What stands in an input is read with all of it, and told with whatever else is wrong there.
      if (depth === 0) this.moment(value, type.name, path);
    } else if (typeof value === "number" && value < bound.min)
      throw refused(path, `Give a number from ${bound.min} on.`);
  }

  private object(value: unknown, type: GraphQLInputObjectType, bound: Bound, path: string, depth: number): void {
    if (typeof value !== "object" || Array.isArray(value)) return;
    this.cost += VALUE;
    if (depth >= bound.depth) throw refused(path, `This is nested too deeply: ${bound.depth} levels are allowed.`);
    if (isRecursive(type) && ++this.objects > this.outer.nodes)
      throw refused(path, `This filter has too many parts: ${this.outer.nodes} are allowed.`);
    const fields = type.getFields();
    for (const [name, inner] of Object.entries(value as object)) {
      const field = fields[name];
      if (field) this.typed(inner, field.type, insideOf(field, bound, type), `${path}.${name}`, depth + 1);
      else this.key(name, path);
    }
  }

  private json(value: unknown, bound: Bound, path: string, depth: number): void {
    this.cost += VALUE;
    if (++this.values > bound.nodes) throw refused(path, `This holds too many values: ${bound.nodes} are allowed.`);
    if (typeof value === "string") return this.text(value, bound, path);
    if (typeof value !== "object" || value === null) return;
    if (depth > bound.depth) throw refused(path, `This is nested too deeply: ${bound.depth} levels are allowed.`);
    if (Array.isArray(value)) {
      this.list(value, bound, path);
      for (let i = 0; i < value.length; i++) this.json(value[i], bound, `${path}[${i}]`, depth + 1);
      return;
    }
    for (const [name, inner] of Object.entries(value)) {
      this.key(name, path);
      this.json(inner, bound, `${path}.${name}`, depth + 1);
    }
  }

  private moment(value: string, type: string, path: string): void {
    if (type === "Date" && (parseDay(value) === undefined || value < "1000")) throw refused(path, dateProblem(value));
    const read = type === "DateTime" ? parseDateTime(value) : { value };
    if ("problem" in read) throw refused(path, read.problem);
  }

  private list(value: unknown[], bound: Bound, path: string): void {
    this.cost += VALUE;
    if (value.length > bound.items)
      throw refused(path, `This list has ${value.length} entries; ${bound.items} are allowed.`);
  }

  private key(name: string, path: string): void {
    if (name.length > MAX_KEY) throw refused(path, `A name in this is longer than ${MAX_KEY} characters.`);
    if (name === "__proto__") throw refused(path, "Nothing can be called __proto__.");
    this.characters(name, path);
  }

  private text(value: string, bound: Bound, path: string): void {
    this.cost += value.length / 1_000;
    if (value.length > bound.length)
      throw refused(path, `This text has ${value.length} characters; ${bound.length} are allowed. Shorten it.`);
    this.characters(value, path);
    if (bound.word < INFINITE && value.split(/\s+/).some((word) => word.length > bound.word))
      throw refused(path, `A word of a search can be up to ${bound.word} characters.`);
  }

  /** NUL, and halves of characters: no text has them, and a file or a database may end or change there. */
  private characters(value: string, path: string): void {
    if (/[\0\p{Surrogate}]/u.test(value)) throw refused(path, "This text holds a character that is none. Take it out.");
  }
}

const refused = (path: string, message: string): Failure => invalid([{ path, message }]);
