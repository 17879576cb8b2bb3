/**
 * A view's condition as the API's filter input. What the filter cannot say (a field compared with another field) is
 * left out, so that the filter lets through too much and never too little; `exact` then is false and the caller
 * evaluates the condition itself on what comes back.
 */
import { compares, isConstant, type Leaf, pushNot, sidesOf, type NormalCondition, valueOf } from "../schema/condition";
import type { Scope } from "../schema/scope";
import type { Condition, Value } from "../schema/definition";
import { filterOf } from "../schema/fields";
import type { FieldValue } from "../schema/record";

export type FilterInput = { [name: string]: unknown };

export interface Translated {
  /** Undefined lets everything through. */
  filter: FilterInput | undefined;
  exact: boolean;
}

const everything: Translated = { filter: undefined, exact: false };

export const translate = (condition: Condition, scope: Scope): Translated => part(pushNot(condition), scope);

function part(condition: NormalCondition, scope: Scope): Translated {
  if ("all" in condition) {
    const parts = condition.all.map((each) => part(each, scope));
    const filters = parts.flatMap(({ filter }) => (filter ? [filter] : []));
    const exact = parts.every((each) => each.exact);
    return { filter: filters.length > 1 ? { and: filters } : filters[0], exact };
  }
  if ("any" in condition) {
    const parts = condition.any.map((each) => part(each, scope));
    const filters = parts.flatMap(({ filter }) => (filter ? [filter] : []));
    if (filters.length < parts.length) return everything;
    return { filter: filters.length > 1 ? { or: filters } : filters[0], exact: parts.every((each) => each.exact) };
  }
  if ("not" in condition) {
    const inner = leaf(condition.not, scope);
    return inner ? { filter: { not: inner }, exact: true } : everything;
  }
  const filter = leaf(condition, scope);
  return filter ? { filter, exact: true } : everything;
}

function leaf(condition: Leaf, scope: Scope): FilterInput | undefined {
  const comparison = compares(condition) ? sidesOf(condition) : undefined;
  if (comparison) {
    const name = fieldOf(comparison.a);
    if (!name || !isConstant(comparison.b)) return undefined;
    return test(name, comparison.how, valueOf(comparison.b, scope), scope);
  }
  if ("in" in condition) return test(fieldOf(condition.in[0]), "in", condition.in[1] as FieldValue, scope);
  if ("empty" in condition) return test(fieldOf(condition.empty), "empty", true, scope);
  if ("contains" in condition) return test(fieldOf(condition.contains[0]), "contains", condition.contains[1], scope);
  if ("includes" in condition && isConstant(condition.includes[1]))
    return test(fieldOf(condition.includes[0]), "includes", valueOf(condition.includes[1], scope), scope);
  return undefined;
}

const fieldOf = (value: Value): string | undefined =>
  typeof value === "object" && value !== null && "field" in value ? value.field : undefined;

const operators: Record<string, readonly string[]> = {
  text: ["eq", "ne", "in", "contains", "empty"],
  choice: ["eq", "ne", "in", "empty"],
  number: ["eq", "ne", "lt", "le", "gt", "ge", "in", "empty"],
  date: ["eq", "ne", "lt", "le", "gt", "ge", "in", "empty"],
  dateTime: ["eq", "ne", "lt", "le", "gt", "ge", "empty"],
  yesNo: ["eq", "ne", "empty"],
  list: ["includes", "empty"],
  reference: ["eq", "ne", "in", "empty"],
};

/** What every record has, whatever its type. */
const pseudo: Record<string, readonly string[]> = {
  state: ["eq", "ne", "in"],
  reference: ["eq", "ne", "in"],
  createdAt: operators["dateTime"] ?? [],
  updatedAt: operators["dateTime"] ?? [],
  createdBy: operators["reference"] ?? [],
};

function test(name: string | undefined, operator: string, value: FieldValue, { type }: Scope): FilterInput | undefined {
  const own = name === undefined ? undefined : pseudo[name];
  if (name && own) return own.includes(operator) && value !== null ? { [name]: { [operator]: value } } : undefined;
  const field = name === undefined ? undefined : type.fields[name];
  const kind = field && filterOf(field);
  if (!name || !kind || value === null || !operators[kind]?.includes(operator)) return undefined;
  return { [name]: { [operator]: value } };
}
