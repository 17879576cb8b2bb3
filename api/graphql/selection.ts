/** What an operation asks of a record, as a shape the store compiles: worked out once per place in a document. */
import { isSensitive } from "../../schema/fields";
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLResolveInfo,
  Kind,
  type SelectionSetNode,
} from "graphql";
import type { RecordType } from "../../schema/definition";
import { type Asked, isOnDemand } from "../store/recordQuery";

type Fragments = { readonly [name: string]: FragmentDefinitionNode };

/** The fields selected under these nodes, fragments opened. Conditions by variables are ignored: it may be too much. */
export function subfields(nodes: readonly FieldNode[], fragments: Fragments): FieldNode[] {
  const found: FieldNode[] = [];
  const open = (set: SelectionSetNode | undefined, seen: Set<string>): void => {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) found.push(selection);
      else if (selection.kind === Kind.INLINE_FRAGMENT) open(selection.selectionSet, seen);
      else if (!seen.has(selection.name.value)) {
        seen.add(selection.name.value);
        open(fragments[selection.name.value]?.selectionSet, seen);
      }
    }
  };
  for (const node of nodes) open(node.selectionSet, new Set());
  return found;
}

/** Whether one of these fields is selected under the one that is resolved. */
export const asksFor = ({ fieldNodes, fragments }: GraphQLResolveInfo, ...names: string[]): boolean =>
  subfields(fieldNodes, fragments).some(({ name }) => names.includes(name.value));

const shapes = new WeakMap<FieldNode, Map<RecordType, Asked>>();

/** The shape of the records under these nodes. */
export function askedOf(type: RecordType, nodes: readonly FieldNode[], info: GraphQLResolveInfo): Asked {
  const [first] = nodes;
  // A node of a fragment may stand beside others elsewhere: only a lone one always means the same.
  if (!first || nodes.length > 1) return shape(type, nodes, info.fragments);
  let known = shapes.get(first);
  if (!known) shapes.set(first, (known = new Map()));
  let asked = known.get(type);
  if (!asked) known.set(type, (asked = shape(type, nodes, info.fragments)));
  return asked;
}

function shape(type: RecordType, nodes: readonly FieldNode[], fragments: Fragments): Asked {
  const fields = new Set<string>();
  const people = new Set<string>();
  for (const node of subfields(nodes, fragments)) {
    const name = node.name.value;
    const field = type.fields[name] ? name : documentOf(type, name);
    if (name === "createdBy") people.add(name);
    else if (isOnDemand(name)) fields.add(name);
    else if (field === undefined) continue;
    // A sensitive column is sealed: no join can read it.
    else if (type.fields[field]?.kind === "person" && !isSensitive(type.fields[field])) people.add(field);
    else fields.add(field);
  }
  // Sorted, so that the order in which a client asks makes no other statement.
  return { fields: [...fields].sort(), people: [...people].sort() };
}

export const versionsName = (field: string): string => `${field}Versions`;
export const inForceName = (field: string): string => `${field}InForce`;

function documentOf(type: RecordType, name: string): string | undefined {
  const field = name.endsWith("Versions")
    ? name.slice(0, -8)
    : name.endsWith("InForce")
      ? name.slice(0, -7)
      : undefined;
  return field !== undefined && type.fields[field]?.kind === "document" ? field : undefined;
}
