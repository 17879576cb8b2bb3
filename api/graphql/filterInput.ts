/** The filters of the generated API: one input type per kind of value, and what each means as a condition. */
import {
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLString,
} from "graphql";
import type { Condition, Field, Literal, RecordType } from "../../schema/definition";
import { invalid, type Problem } from "../../schema/failure";
import { type FilterKind, filterOf, parse } from "../../schema/fields";
import { SEARCH } from "./bounds";
import { DateTime, PartialDateScalar } from "./scalars";

const listOf = (type: GraphQLInputType): GraphQLInputType => new GraphQLList(new GraphQLNonNull(type as never));

function filter(name: string, value: GraphQLInputType, operators: string[]): GraphQLInputObjectType {
  const type = (operator: string): GraphQLInputType =>
    operator === "empty"
      ? GraphQLBoolean
      : operator === "in"
        ? listOf(value)
        : operator === "contains"
          ? GraphQLString
          : value;
  return new GraphQLInputObjectType({
    name,
    fields: Object.fromEntries(
      operators.map((operator) => [
        operator,
        { type: type(operator), extensions: operator === "contains" ? { bound: SEARCH } : {} },
      ]),
    ),
  });
}

const order = ["eq", "ne", "in", "lt", "le", "gt", "ge", "empty"];

export const filterTypes: Record<FilterKind, GraphQLInputObjectType> = {
  text: filter("TextFilter", GraphQLString, ["eq", "ne", "in", "contains", "empty"]),
  number: filter("NumberFilter", GraphQLFloat, order),
  date: filter("DateFilter", PartialDateScalar, order),
  dateTime: filter("DateTimeFilter", DateTime, order),
  yesNo: filter("YesNoFilter", GraphQLBoolean, ["eq", "ne", "empty"]),
  choice: filter("ChoiceFilter", GraphQLString, ["eq", "ne", "in", "empty"]),
  list: filter("ListFilter", GraphQLString, ["includes", "empty"]),
  reference: filter("ReferenceFilter", GraphQLID, ["eq", "ne", "in", "empty"]),
};

export const idFilter = filter("IdFilter", GraphQLID, ["in"]);
/** Reference text as everybody writes it: "POL-2026-3". */
export const referenceText = filter("ReferenceTextFilter", GraphQLString, ["eq", "ne", "in"]);

export interface FilterInput {
  [name: string]: unknown;
}

/** How deep `and`, `or` and `not` may stand in one another. */
const DEEPEST = 8;

/**
 * The condition a filter means, and the ids it is limited to. A range of dates compares days: see the conditions.
 * @throws INVALID_INPUT with the path of every value that its field cannot have.
 */
export function readFilter(
  type: RecordType,
  input: FilterInput | null | undefined,
): { where?: Condition; ids?: string[] } {
  if (!input) return {};
  const problems: Problem[] = [];
  const { id, ...rest } = input;
  const conditions = conditionsOf(type, rest, "filter", problems, 0);
  if (problems.length) throw invalid(problems);
  const ids = (id as { in?: string[] | null } | null | undefined)?.in;
  return {
    ...(conditions.length ? { where: conditions.length === 1 ? conditions[0] : { all: conditions } } : {}),
    ...(ids ? { ids: ids.slice(0, 1000) } : {}),
  };
}

function conditionsOf(
  type: RecordType,
  input: FilterInput,
  path: string,
  problems: Problem[],
  depth: number,
): Condition[] {
  if (depth > DEEPEST) {
    problems.push({ path, message: "This filter is nested too deeply." });
    return [];
  }
  const nested = (part: unknown, at: string): Condition => ({
    all: conditionsOf(type, (part ?? {}) as FilterInput, at, problems, depth + 1),
  });
  return Object.entries(input).flatMap(([name, value]): Condition[] => {
    if (value === null || value === undefined) return [];
    const at = `${path}.${name}`;
    if (name === "and") return (value as unknown[]).map((part, i) => nested(part, `${at}[${i}]`));
    if (name === "or") return [{ any: (value as unknown[]).map((part, i) => nested(part, `${at}[${i}]`)) }];
    if (name === "not") return [{ not: nested(value, at) }];
    if (name === "id") {
      problems.push({ path: at, message: "Ids may be asked for at the top of a filter only." });
      return [];
    }
    const field = type.fields[name];
    return Object.entries(value as FilterInput).flatMap(([operator, operand]): Condition[] =>
      operand === null || operand === undefined
        ? []
        : [one(name, field, operator, operand, `${at}.${operator}`, problems)],
    );
  });
}

function one(
  name: string,
  field: Field | undefined,
  operator: string,
  operand: unknown,
  path: string,
  problems: Problem[],
): Condition {
  const self = { field: name };
  /** As the field would keep it; what every record has beside its fields is taken as it is. */
  const value = (raw: unknown): Literal => {
    if (!field || filterOf(field) === "list") return raw as Literal;
    const parsed = parse(field, raw);
    if ("value" in parsed) return parsed.value as Literal;
    problems.push({ path, message: `${field.label}: ${parsed.problem}` });
    return null;
  };
  switch (operator) {
    case "empty":
      return operand === true ? { empty: self } : { not: { empty: self } };
    case "contains":
      return { contains: [self, String(operand)] };
    case "includes":
      return { includes: [self, String(operand)] };
    case "in":
      return { in: [self, (operand as unknown[]).map(value)] };
    case "eq":
      return { eq: [self, value(operand)] };
    case "ne":
      return { ne: [self, value(operand)] };
    case "lt":
      return { lt: [self, value(operand)] };
    case "le":
      return { le: [self, value(operand)] };
    case "gt":
      return { gt: [self, value(operand)] };
    default:
      return { ge: [self, value(operand)] };
  }
}
