/**
 * Executes an operation: refused if it is closed to whoever asks or costs too much, compiled by graphql-jit when it is
 * seen for the second time (compiling takes longer than interpreting once), and kept with its schema.
 */
import {
  type DocumentNode,
  execute as interpret,
  type ExecutionResult,
  getNamedType,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
  isInputObjectType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  typeFromAST,
  type VariableDefinitionNode,
} from "graphql";
import { type CompiledQuery, compileQuery, isCompiledQuery } from "graphql-jit";
import { Failure } from "../../schema/failure";
import { TooLarge, Unfit } from "../store/trouble";
import { recordLooks } from "../engine/read/reader";
import type { Context } from "./context";
import { type Inputs, inputsOf } from "./bounds";
import { MAX_COST, MAX_DEPTH, measure, type Measure } from "./cost";
import { machineNow } from "../machineClock";
import { operationsCompiled } from "../metrics";
import { BYTES_PER_CHARACTER, expandedFields, rootFields } from "./document";
import { ALONE_COST, aloneOperations, publicOperations } from "./publicOperations";
import { Json } from "./scalars";
import { SizedCache } from "../sizedCache";

interface Prepared {
  measure: Measure;
  inputs: Inputs;
  /**
   * Variables that graphql-js coerces itself: graphql-jit writes out the type of each, and of a filter, which holds
   * filters, until its stack overflows, which stops the process for ten seconds.
   */
  objects: VariableDefinitionNode[];
  /** As the operation calls itself, else its root fields. */
  name: string;
  /** A mutation. */
  changes: boolean;
  /** Names of the root fields. */
  asks: ReadonlySet<string>;
  /** The first of them that must be the only one. */
  alone: string | undefined;
  rootFields: number;
  uses: number;
  /** Fields with all fragments written out. */
  fields: number;
  /** Bytes it is taken to hold. */
  size: number;
  /** Null where graphql-jit cannot compile it. */
  compiled?: CompiledQuery | null;
}

/** Bytes of what is kept of operations: a hundred of our largest, compiled. */
const KEPT_BYTES = 96 * 1024 * 1024;
/** What graphql-jit makes of a field: 3 to 5 kB were measured. */
const COMPILED_BYTES_PER_FIELD = 5_000;
/** Compiling takes a millisecond or two for each field, in which nobody is answered: more than this is interpreted. */
const MAX_COMPILED_FIELDS = 600;
const prepared = new WeakMap<GraphQLSchema, SizedCache<Prepared>>();

/** Compiling may take a tenth of a process's time, and two seconds at once after a rest (a publish, a start). */
const compiling = { spareMs: 2_000, at: 0 };

function mayCompile(): boolean {
  const now = machineNow();
  compiling.spareMs = Math.min(2_000, compiling.spareMs + (now - compiling.at) / 10);
  compiling.at = now;
  return compiling.spareMs > 0;
}

export interface Operation {
  schema: GraphQLSchema;
  document: DocumentNode;
  /** SHA-256 of the text. */
  hash: string;
  operationName: string | null | undefined;
  variables: Record<string, unknown> | undefined;
  context: Context;
}

export function executeOperation(operation: Operation): ExecutionResult | Promise<ExecutionResult> {
  const { schema, document, variables = {}, context } = operation;
  const node = getOperationAST(document, operation.operationName);
  if (!node) return { errors: [new GraphQLError("Name the one operation of the document that is to run.")] };
  if (node.operation === OperationTypeNode.SUBSCRIPTION)
    return {
      errors: [refused(new Failure("INVALID_INPUT", "Subscriptions are served at /live, as server-sent events."))],
    };
  let known: Prepared;
  try {
    known = prepare(operation, node);
    const refusal = refuse(known, variables, context);
    if (refusal) return { errors: [refusal] };
  } catch (error) {
    if (error instanceof Failure) return { errors: [refused(error)] };
    throw error;
  }
  if (known.changes) context.asker?.seeThrough();
  if (known.compiled === undefined && ++known.uses > 1 && context.identity && mayCompile()) {
    const began = machineNow();
    known.compiled = known.fields > MAX_COMPILED_FIELDS ? null : compile(operation, node, known.objects);
    compiling.spareMs -= machineNow() - began;
    operationsCompiled.inc({ outcome: known.compiled ? "compiled" : "interpreted" });
    if (known.compiled) {
      known.size += known.fields * COMPILED_BYTES_PER_FIELD;
      keep(operation, known);
    }
  }
  if (known.compiled) {
    const objects = known.objects.length ? getVariableValues(schema, known.objects, variables) : undefined;
    if (objects?.errors) return { errors: objects.errors };
    const result = known.compiled.query(undefined, context, objects ? { ...variables, ...objects.coerced } : variables);
    if (result instanceof Promise)
      return result.then(withRealErrors).then((answer) => recorded(operation, known, answer));
    return recorded(operation, known, withRealErrors(result));
  }
  const result = interpret({
    schema,
    document,
    contextValue: context,
    variableValues: variables,
    operationName: operation.operationName,
  });
  return result instanceof Promise
    ? result.then((answer) => recorded(operation, known, answer))
    : recorded(operation, known, result);
}

/** Characters of an answer, without its punctuation. A list of two hundred long texts is asked for in several. */
const MAX_ANSWER = 10_000_000;
/** By `cost.ts`: what costs no more cannot be as large as that. */
const SMALL_COST = 15;

/** Counted only until it is larger. One text or definition may stand in an answer many times. */
function isLargerThan(most: number, answer: unknown): boolean {
  let left = most;
  const waiting: unknown[] = [answer];
  for (let part = waiting.pop(); left > 0 && part !== undefined; part = waiting.pop()) {
    left -= 4;
    if (typeof part === "string") left -= part.length;
    else if (Array.isArray(part)) for (const each of part) waiting.push(each ?? null);
    else if (typeof part === "object" && part !== null)
      for (const [name, value] of Object.entries(part)) {
        left -= name.length;
        waiting.push(value ?? null);
      }
  }
  return left <= 0;
}

/** The answer, once it is recorded who reads it: nothing of it without. */
function recorded(
  { context: { reader, spent }, hash, variables = {} }: Operation,
  { name: operation, inputs, changes }: Prepared,
  result: ExecutionResult,
): ExecutionResult | Promise<ExecutionResult> {
  const tooLarge = () => ({ errors: [refused(new TooLarge(changes ? "answerOfChange" : "answer"))] });
  for (const { originalError: failure } of result.errors ?? []) {
    if (failure instanceof TooLarge && failure.of === "answer") return tooLarge();
    if (failure instanceof Unfit && !failure.problems.length)
      failure.problems.push({
        path: inputs.place(variables, failure.column) ?? failure.column,
        message: failure.message,
      });
  }
  if (spent.cost > SMALL_COST && isLargerThan(MAX_ANSWER, result.data)) return tooLarge();
  if (!reader || reader.looks.empty) return result;
  return recordLooks(reader, { via: "graphql", operation, hash }).then(
    () => result,
    (failure: unknown) => {
      if (failure instanceof Failure) return { errors: [refused(failure)] };
      throw failure;
    },
  );
}

/** graphql-jit's errors have no `extensions`, which Apollo reads of each. */
function withRealErrors(result: ExecutionResult): ExecutionResult {
  if (!result.errors) return result;
  const errors = result.errors.map(
    ({ message, path, originalError }) =>
      new GraphQLError(message, { path: path ?? null, originalError: originalError ?? null }),
  );
  return { ...result, errors };
}

const keyOf = ({ hash, operationName }: Operation): string => (operationName ? `${hash} ${operationName}` : hash);

function keep(operation: Operation, known: Prepared): boolean {
  let cache = prepared.get(operation.schema);
  if (!cache) prepared.set(operation.schema, (cache = new SizedCache(KEPT_BYTES, "repeated")));
  return cache.set(keyOf(operation), known, known.size);
}

function prepare(operation: Operation, node: OperationDefinitionNode): Prepared {
  const { schema, document } = operation;
  const kept = prepared.get(schema)?.get(keyOf(operation));
  if (kept) return kept;
  const fields = rootFields(document, node.selectionSet);
  const known: Prepared = {
    measure: measure(schema, document, node),
    inputs: inputsOf(schema, document, node),
    objects: (node.variableDefinitions ?? []).filter(({ type }) => {
      const found = typeFromAST(schema, type);
      return found && isInputObjectType(getNamedType(found));
    }),
    name: node.name?.value ?? fields.join(" "),
    changes: node.operation === OperationTypeNode.MUTATION,
    asks: new Set(fields),
    alone: fields.find((name) => aloneOperations.has(name)),
    rootFields: fields.length,
    uses: 0,
    fields: expandedFields(document, node.selectionSet),
    size: 2_000 + BYTES_PER_CHARACTER * (document.loc?.end ?? 0),
  };
  // What is kept has come before.
  if (keep(operation, known)) known.uses++;
  return known;
}

function refuse(known: Prepared, variables: Record<string, unknown>, context: Context): GraphQLError | undefined {
  const closed = context.identity ? undefined : firstClosed(known.asks, context.world.demo);
  if (closed) return refused(new Failure("UNAUTHENTICATED", "Sign in first."), closed);
  const { alone } = known;
  if (alone && known.rootFields > 1)
    return refused(new Failure("TOO_COMPLEX", `"${alone}" must be the only field of its operation.`), alone);
  if (known.measure.depth > MAX_DEPTH)
    return refused(
      new Failure("TOO_COMPLEX", `This is nested ${known.measure.depth} levels deep; the limit is ${MAX_DEPTH}.`),
    );
  const cost = known.measure.cost(variables) + known.inputs.check(variables) + (alone ? ALONE_COST : 0);
  context.spent.cost = cost;
  if (cost > MAX_COST)
    return refused(
      new Failure(
        "TOO_COMPLEX",
        `This could cost ${Math.round(cost)}; the limit is ${MAX_COST}. Ask for fewer records at once or fewer fields of each.`,
      ),
    );
  return undefined;
}

/** The first of these that needs signing in. */
export function firstClosed(asks: Iterable<string>, demo: boolean): string | undefined {
  for (const name of asks)
    if (!publicOperations.has(name) && name !== "__typename" && !(demo && name.startsWith("__"))) return name;
  return undefined;
}

const refused = (failure: Failure, field?: string): GraphQLError =>
  new GraphQLError(failure.message, { originalError: failure, ...(field ? { path: [field] } : {}) });

/** Takes these variables as they come: they have been coerced. */
function compile(
  { schema, document, operationName }: Operation,
  node: OperationDefinitionNode,
  objects: VariableDefinitionNode[],
): CompiledQuery | null {
  const anything = { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: Json.name } } as const;
  const variableDefinitions = node.variableDefinitions?.map((each) =>
    objects.includes(each) ? { kind: each.kind, variable: each.variable, type: anything } : each,
  );
  const definitions = document.definitions.map((each) => (each === node ? { ...node, variableDefinitions } : each));
  try {
    const compiled = compileQuery(schema, { ...document, definitions }, operationName ?? undefined, {
      disablingCapturingStackErrors: true,
    });
    return isCompiledQuery(compiled) ? compiled : null;
  } catch {
    return null;
  }
}
