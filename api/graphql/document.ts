/**
 * Which documents are read at all. Everything that follows (validation, measuring, compiling) takes time and memory that
 * grow with a document, and with pairs of its fields and fragments: so these are counted first, in one pass.
 */
import type { ApolloServerOptionsWithGateway } from "@apollo/server";
import { type DocumentNode, type FragmentDefinitionNode, Kind, parse, type SelectionSetNode } from "graphql";
import { Failure, invalid } from "../../schema/failure";
import { SizedCache } from "../sizedCache";

/** The longest document that is read: some five times our own longest. */
export const MAX_TOKENS = 2_000;
/** Characters: longer values go into variables. A stranger's operations are our own, of some hundred. */
const MAX_SIGNED = 50_000;
const MAX_UNSIGNED = 4_000;
const MAX_FRAGMENTS = 50;
const MAX_SPREADS = 500;
const MAX_OPERATIONS = 20;
/** Root fields of all operations of a document: each may ask the database. A page asks a dozen, a stranger one. */
const MAX_ROOT = { signed: 60, unsigned: 10 };
/** Levels of selections: an operation may be a dozen deep, with inline fragments between. */
const MAX_LEVELS = 30;
/** Fields that are in one selection under the name of another: each such pair is compared, and what is below them. */
const MAX_REPEATED = 200;

/** Bytes that a parsed document takes for each character of its text; measured at 63 with where its tokens stand. */
export const BYTES_PER_CHARACTER = 64;

interface Accepted {
  /** The root fields of all its operations. */
  asks: readonly string[];
  /** The variables that they declare. */
  variables: readonly string[];
  /** It had to be read: it is no document that has lately come twice. */
  isNew: boolean;
}

const accepted = new SizedCache<Accepted>(8 * 1024 * 1024, "repeated");
const NOTHING: Accepted = { asks: [], variables: [], isNew: true };

/** Looks at a request's document. What cannot be read passes, and is refused for itself. @throws INVALID_INPUT, TOO_COMPLEX. */
export function acceptDocument(body: unknown, signed: boolean): Accepted {
  const query = typeof body === "object" && body !== null && "query" in body ? body.query : undefined;
  if (typeof query !== "string") return NOTHING;
  const most = signed ? MAX_SIGNED : MAX_UNSIGNED;
  if (query.length > most)
    throw invalid([
      { path: "query", message: `A document can be up to ${most} characters. Send long values as variables.` },
    ]);
  const known = acceptedOf(query);
  const root = signed ? MAX_ROOT.signed : MAX_ROOT.unsigned;
  if (known.asks.length > root) throw tooMuch(`asks for more than ${root} things at once`);
  return known;
}

function acceptedOf(query: string): Accepted {
  const known = accepted.get(query);
  if (known) return known;
  let document: DocumentNode;
  try {
    document = parse(query, { maxTokens: MAX_TOKENS, noLocation: true });
  } catch {
    return NOTHING;
  }
  countParts(document);
  const read = {
    asks: document.definitions.flatMap((node) =>
      node.kind === Kind.OPERATION_DEFINITION ? rootFields(document, node.selectionSet) : [],
    ),
    variables: document.definitions.flatMap((node) =>
      node.kind === Kind.OPERATION_DEFINITION
        ? (node.variableDefinitions ?? []).map(({ variable }) => variable.name.value)
        : [],
    ),
  };
  accepted.set(query, { ...read, isNew: false }, 2 * query.length + 200);
  return { ...read, isNew: true };
}

/** What of a body is asked of: the rest is not kept while the operation runs. */
export function onlyAsked(body: unknown, variables: readonly string[]): Record<string, unknown> {
  const { query, operationName, variables: given } = (body ?? {}) as Record<string, unknown>;
  const isObject = typeof given === "object" && given !== null && !Array.isArray(given);
  return {
    query,
    ...(operationName !== undefined && { operationName }),
    ...(given !== undefined && {
      variables: isObject
        ? Object.fromEntries(
            variables
              .filter((name) => Object.hasOwn(given, name))
              .map((name) => [name, (given as Record<string, unknown>)[name]]),
          )
        : given,
    }),
  };
}

function countParts(document: DocumentNode): void {
  const counts = { operations: 0, fragments: 0, spreads: 0, repeated: 0 };
  const within = (set: SelectionSetNode, level: number, names: Set<string>): void => {
    if (level > MAX_LEVELS) throw tooMuch(`is nested more than ${MAX_LEVELS} levels deep`);
    for (const selection of set.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) counts.spreads++;
      // Its fields stand among those around it.
      else if (selection.kind === Kind.INLINE_FRAGMENT) within(selection.selectionSet, level + 1, names);
      else {
        const name = (selection.alias ?? selection.name).value;
        if (names.has(name)) counts.repeated++;
        names.add(name);
        if (selection.selectionSet) within(selection.selectionSet, level + 1, new Set());
      }
    }
  };
  for (const node of document.definitions) {
    if (node.kind === Kind.OPERATION_DEFINITION) counts.operations++;
    else if (node.kind === Kind.FRAGMENT_DEFINITION) counts.fragments++;
    if ("selectionSet" in node && node.selectionSet) within(node.selectionSet, 1, new Set());
  }
  if (counts.operations > MAX_OPERATIONS) throw tooMuch(`holds more than ${MAX_OPERATIONS} operations`);
  if (counts.fragments > MAX_FRAGMENTS) throw tooMuch(`holds more than ${MAX_FRAGMENTS} fragments`);
  if (counts.spreads > MAX_SPREADS) throw tooMuch(`uses fragments more than ${MAX_SPREADS} times`);
  if (counts.repeated > MAX_REPEATED) throw tooMuch(`asks for more than ${MAX_REPEATED} fields twice`);
}

const tooMuch = (what: string): Failure => new Failure("TOO_COMPLEX", `This document ${what}. Send several requests.`);

export function rootFields(document: DocumentNode, set: SelectionSetNode, seen = new Set<string>()): string[] {
  return set.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection.name.value];
    if (selection.kind === Kind.INLINE_FRAGMENT) return rootFields(document, selection.selectionSet, seen);
    if (seen.has(selection.name.value)) return [];
    seen.add(selection.name.value);
    const fragment = document.definitions.find(
      (each) => each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === selection.name.value,
    );
    return fragment?.kind === Kind.FRAGMENT_DEFINITION ? rootFields(document, fragment.selectionSet, seen) : [];
  });
}

/** How many fields a selection has with its fragments written out, as a compiler does. Of a valid document. */
export function expandedFields(document: DocumentNode, set: SelectionSetNode): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const known = new Map<string, number>();
  const count = (within: SelectionSetNode): number => {
    let fields = 0;
    for (const selection of within.selections) {
      if (selection.kind === Kind.FIELD) fields += 1 + (selection.selectionSet ? count(selection.selectionSet) : 0);
      else if (selection.kind === Kind.INLINE_FRAGMENT) fields += count(selection.selectionSet);
      else {
        const name = selection.name.value;
        const fragment = fragments.get(name);
        if (!known.has(name)) known.set(name, fragment ? count(fragment.selectionSet) : 0);
        fields += known.get(name) ?? 0;
      }
    }
    return fields;
  };
  return count(set);
}

/** Apollo's store of parsed documents, by what they hold: its own counts their JSON, a tenth of it. */
export function documentStore(): NonNullable<ApolloServerOptionsWithGateway<object>["documentStore"]> {
  const kept = new SizedCache<DocumentNode>(48 * 1024 * 1024, "repeated");
  return {
    get: (key) => Promise.resolve(kept.get(key)),
    set: (key, document) => {
      kept.set(key, document, 2_000 + BYTES_PER_CHARACTER * (document.loc?.end ?? MAX_SIGNED));
      return Promise.resolve();
    },
    delete: (key) => {
      kept.delete(key);
      return Promise.resolve();
    },
  };
}
