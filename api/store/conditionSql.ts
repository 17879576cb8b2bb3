/** Row conditions as SQL, with the same answer as `evaluate`: a property test draws rows and conditions at random. */
import { parsePartialDate } from "../../schema/dates";
import {
  evaluate,
  instantText,
  isConstant,
  isPseudoField,
  type NormalCondition,
  pushNot,
  sidesOf,
  type Leaf,
  valueOf,
} from "../../schema/condition";
import type { Scope } from "../../schema/scope";
import type { Condition, Conditions, Reaching, RecordType, Value } from "../../schema/definition";
import { columnName, isSensitive } from "../../schema/fields";
import type { FieldValue } from "../../schema/record";
import { fold, snake } from "../../schema/text";
import { datetime, type SqlValue } from "./database";

/** What a row condition is bound to when it runs. */
export type RowScope = Pick<Scope, "today" | "actor" | "settings" | "calendar" | "period" | "outer">;

export interface CompiledCondition {
  sql(alias: string): string;
  params(scope: RowScope): SqlValue[];
}

type Part = { sql: string; bind: ((scope: RowScope) => SqlValue)[] };

const compiled = new WeakMap<RecordType, Map<string, CompiledCondition>>();

/** Compiles a checked row-tier condition; the text is kept per type. Throws for one of another tier. */
export function conditionSql(type: RecordType, condition: Condition): CompiledCondition {
  const key = JSON.stringify(condition);
  const known = compiled.get(type) ?? new Map<string, CompiledCondition>();
  compiled.set(type, known);
  let found = known.get(key);
  if (!found) {
    const part = compile(type, pushNot(condition));
    found = {
      sql: (alias) => part.sql.replaceAll("§", alias),
      params: (scope) => part.bind.map((bind) => bind(scope)),
    };
    if (known.size > 500) known.clear();
    known.set(key, found);
  }
  return found;
}

function compile(type: RecordType, condition: NormalCondition): Part {
  if ("all" in condition)
    return join(
      condition.all.map((one) => compile(type, one)),
      "AND",
      "1 = 1",
    );
  if ("any" in condition)
    return join(
      condition.any.map((one) => compile(type, one)),
      "OR",
      "1 = 0",
    );
  if ("not" in condition) {
    const part = leaf(type, condition.not);
    return { sql: `NOT COALESCE(${part.sql}, 0)`, bind: part.bind };
  }
  return leaf(type, condition);
}

const join = (parts: Part[], word: string, none: string): Part =>
  parts.length
    ? { sql: `(${parts.map((part) => part.sql).join(` ${word} `)})`, bind: parts.flatMap((part) => part.bind) }
    : { sql: none, bind: [] };

interface Operand {
  kind: "text" | "number" | "yesNo" | "date" | "dateTime" | "list" | "constant";
  column?: string;
  /** Where an empty one has a value of its own: the column that says whether it was given. */
  given?: string;
  precision?: string;
  /** Of an indexed text: the column that its index is made of. */
  folded?: string;
  value?: Value;
}

const pseudoColumns: Record<string, Operand> = {
  state: { kind: "text", column: "§.state" },
  reference: { kind: "text", column: "§.reference" },
  createdBy: { kind: "text", column: "§.created_by" },
  createdAt: { kind: "dateTime", column: "§.created_at" },
  updatedAt: { kind: "dateTime", column: "§.updated_at" },
};

function operand(type: RecordType, value: Value): Operand {
  if (isConstant(value)) return { kind: "constant", value };
  if (value === null || typeof value !== "object" || !("field" in value))
    throw new Error("A row condition names fields of the record and constants only.");
  const name = value.field;
  if (isPseudoField(name)) return pseudoColumns[name] ?? { kind: "text", column: `§.${snake(name)}` };
  const field = type.fields[name];
  if (!field || isSensitive(field)) throw new Error(`A row condition cannot read “${name}”.`);
  const column = `§.${columnName(name)}`;
  switch (field.kind) {
    case "number":
    case "money":
      return { kind: "number", column };
    case "yesNo":
      return { kind: "yesNo", column: `COALESCE(${column}, 0)`, given: column };
    case "date":
      return { kind: "date", column, ...(field.precision ? { precision: `§.${columnName(name, "_precision")}` } : {}) };
    case "dateTime":
      return { kind: "dateTime", column };
    case "choices":
    case "people":
    case "links":
    case "list":
      return { kind: "list", column };
    case "text":
      return { kind: "text", column, ...(field.index ? { folded: `§.${columnName(name, "_folded")}` } : {}) };
    default:
      return { kind: "text", column };
  }
}

const evaluateConstant =
  (type: RecordType, value: Value) =>
  (scope: RowScope): FieldValue =>
    valueOf(value, { ...scope, type });

/** What it compares, where it compares anything. */
function operandsOf(condition: Leaf): Value[] {
  if (isOfGuards(condition)) throw new Error("This condition cannot be asked of rows.");
  if ("in" in condition) return [condition.in[0]];
  if ("empty" in condition) return [condition.empty];
  if ("contains" in condition) return [condition.contains[0]];
  if ("includes" in condition) return condition.includes;
  const { a, b } = sidesOf(condition);
  return [a, b];
}

function leaf(type: RecordType, condition: Leaf): Part {
  // The same for every row: worked out once, by the one who says what conditions mean.
  if (operandsOf(condition).every(isConstant))
    return { sql: "(? = 1)", bind: [(scope) => (evaluate(condition, { ...scope, type }) ? 1 : 0)] };
  if ("in" in condition) {
    const [value, list] = condition.in;
    return join(
      list.map((one) => compared(type, "eq", value, one)),
      "OR",
      "1 = 0",
    );
  }
  if ("empty" in condition) {
    const one = operand(type, condition.empty);
    return { sql: `(${one.given ?? one.column} IS NULL)`, bind: [] };
  }
  if ("contains" in condition) {
    const [value, text] = condition.contains;
    if (value === null || typeof value !== "object" || !("field" in value))
      throw new Error("Only a field can be searched.");
    const column = `§.${columnName(value.field, "_folded")}`;
    if (!fold(text)) return { sql: "1 = 0", bind: [] };
    return { sql: `(INSTR(${column}, ?) > 0)`, bind: [() => fold(text)] };
  }
  if ("includes" in condition) {
    const [list, entry] = condition.includes;
    const one = operand(type, list);
    const constant = evaluateConstant(type, entry);
    return {
      sql: `(JSON_CONTAINS(${one.column}, ?) = 1)`,
      bind: [(scope) => JSON.stringify(constant(scope))],
    };
  }
  if (isOfGuards(condition)) return { sql: "1 = 0", bind: [] };
  const { how, a, b } = sidesOf(condition);
  return compared(type, how, a, b);
}

type OfGuards = Reaching | Conditions["holds" | "phrase"];
const isOfGuards = (leaf: Leaf): leaf is OfGuards =>
  ["exists", "none", "every", "count", "holds", "phrase"].some((name) => name in leaf);

type How = "eq" | "ne" | "lt" | "le" | "gt" | "ge";
const signs: Record<How, string> = { eq: "=", ne: "<>", lt: "<", le: "<=", gt: ">", ge: ">=" };

function compared(type: RecordType, how: How, a: Value, b: Value): Part {
  const [left, right] = [operand(type, a), operand(type, b)];
  const kind = left.kind === "constant" ? right.kind : left.kind;
  if (kind === "date") return compareDates(type, how, left, right);
  const one = (side: Operand): Part => {
    if (side.column) return { sql: side.column, bind: [] };
    const constant = evaluateConstant(type, side.value ?? null);
    return { sql: "?", bind: [(scope) => sqlOf(constant(scope), kind)] };
  };
  const [x, y] = [one(left), one(right)];
  const { folded } = left;
  // Equal texts are equal folded, and that is what the index holds.
  if (how === "eq" && folded && right.kind === "constant") {
    const text = evaluateConstant(type, right.value ?? null);
    const foldedText = (scope: RowScope): SqlValue => {
      const value = text(scope);
      return typeof value === "string" ? fold(value) : null;
    };
    return { sql: `(${x.sql} = ? AND ${folded} = ?)`, bind: [...y.bind, foldedText] };
  }
  return { sql: `(${x.sql} ${signs[how]} ${y.sql})`, bind: [...x.bind, ...y.bind] };
}

function sqlOf(value: FieldValue, kind: Operand["kind"]): SqlValue {
  if (value === null) return null;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (kind === "dateTime" && typeof value === "string") {
    const at = instantText(value);
    return at && datetime(at);
  }
  if (typeof value === "number" || typeof value === "string") return value;
  return JSON.stringify(value);
}

/** First and last day of a side: a date with a precision spans several days. */
function compareDates(type: RecordType, how: How, left: Operand, right: Operand): Part {
  const bound = (side: Operand, end: "first" | "last"): Part => {
    if (side.column) {
      if (end === "last" || !side.precision) return { sql: side.column, bind: [] };
      return {
        sql: `(CASE ${side.precision} WHEN 'month' THEN DATE_FORMAT(${side.column}, '%Y-%m-01')
          WHEN 'year' THEN DATE_FORMAT(${side.column}, '%Y-01-01') ELSE ${side.column} END)`,
        bind: [],
      };
    }
    const constant = evaluateConstant(type, side.value ?? null);
    return {
      sql: "CAST(? AS DATE)",
      bind: [
        (scope) => {
          const value = constant(scope);
          const parsed = typeof value === "string" ? parsePartialDate(value) : undefined;
          return parsed ? parsed[end] : null;
        },
      ],
    };
  };
  const compare = (x: Part, sign: string, y: Part): Part => ({
    sql: `(${x.sql} ${sign} ${y.sql})`,
    bind: [...x.bind, ...y.bind],
  });
  const both = (x: Part, word: string, y: Part): Part => ({
    sql: `(${x.sql} ${word} ${y.sql})`,
    bind: [...x.bind, ...y.bind],
  });
  const before = (x: Operand, y: Operand) => compare(bound(x, "last"), "<", bound(y, "first"));
  const noLater = (x: Operand, y: Operand) => compare(bound(x, "last"), "<=", bound(y, "first"));
  const ends = (sign: string, word: string) =>
    both(
      compare(bound(left, "first"), sign, bound(right, "first")),
      word,
      compare(bound(left, "last"), sign, bound(right, "last")),
    );
  switch (how) {
    case "lt":
      return before(left, right);
    case "gt":
      return before(right, left);
    case "le":
      return both(noLater(left, right), "OR", ends("=", "AND"));
    case "ge":
      return both(noLater(right, left), "OR", ends("=", "AND"));
    case "eq":
      return ends("=", "AND");
    case "ne":
      return ends("<>", "OR");
  }
}
