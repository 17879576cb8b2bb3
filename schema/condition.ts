/**
 * The one condition language, in memory. Two-valued: a comparison with an empty value is false, and `not` is plain
 * negation. The store compiles the row tier to SQL from `pushNot`'s form, with the same answers.
 */
import { compare, type Comparison, comparisons, same } from "./compare";
import { addToPartial, type DateAdder, parsePartialDate } from "./dates";
import type { Condition, Conditions, Field, Literal, RecordType, Related, SettingRef, Value } from "./definition";
import { dayOf, textOfDay } from "./epochDay";
import { isEmpty } from "./fields";
import { parseOffset } from "./offset";
import type { DocumentValue, Fields, Figures, FieldValue, RecordData, RiskGrid } from "./record";
import { canonicalJson, fold, normal } from "./text";
import { isOfSchool, units } from "./language/units";
import { linkedBy } from "./language/who";
import { Missing } from "./missing";
import { remembered } from "./remembered";
import type { Ask, Scope } from "./scope";
import { personsOf } from "./who";

export type Junction = { all: Condition[] } | { any: Condition[] } | { not: Condition };
/** A condition that holds no other of the same record. */
export type Leaf = Exclude<Condition, Junction>;
/** `not` stands around leaves alone: in SQL `(x IS NULL OR NOT (…))`. */
export type NormalCondition = { all: NormalCondition[] } | { any: NormalCondition[] } | { not: Leaf } | Leaf;

/** Never throws on a checked condition; `all: []` is true, `any: []` false. */
export function evaluate(condition: Condition, scope: Scope): boolean {
  if ("all" in condition) return condition.all.every((part) => evaluate(part, scope));
  if ("any" in condition) return condition.any.some((part) => evaluate(part, scope));
  if ("not" in condition) return !evaluate(condition.not, scope);
  return holds(condition, scope);
}

function holds(leaf: Leaf, scope: Scope): boolean {
  if ("count" in leaf) return isCounted(leaf, scope);
  if ("empty" in leaf) return isEmpty(valueGiven(leaf.empty, scope));
  if ("in" in leaf) {
    const [of, literals] = leaf.in;
    const value = valueOf(of, scope);
    return literals.some((literal) => compare("eq", value, besideOf(literal, of, scope)));
  }
  if ("contains" in leaf) return containsText(valueOf(leaf.contains[0], scope), leaf.contains[1]);
  if ("includes" in leaf) {
    const [list, entry] = [valueOf(leaf.includes[0], scope), valueOf(leaf.includes[1], scope)];
    return Array.isArray(list) && entry !== null && list.some((part) => typeof part === "string" && same(part, entry));
  }
  if ("phrase" in leaf) return hasPhrase(leaf.phrase, scope);
  if ("holds" in leaf) {
    const { record, facts } = scope;
    const given = [valueOf(leaf.holds[0], scope)].flat();
    if (!record || !facts || given.length === 0) return false;
    const among = personsOf(leaf.holds[1], record, facts);
    return given.every((person) => typeof person === "string" && among.includes(person));
  }
  if ("exists" in leaf) return counted(leaf.exists, 1, scope) > 0;
  if ("none" in leaf) return counted(leaf.none, 1, scope) === 0;
  if ("every" in leaf) return counted(exceptions(leaf.every), 1, scope) === 0;
  const { how, a, b } = sidesOf(leaf);
  return compare(how, besideOf(a, b, scope), besideOf(b, a, scope));
}

/** More than a type has records: what is counted further makes no difference. */
const MAX_COUNT = 1_000_000_000;

function isCounted({ count, atLeast, atMost }: Extract<Leaf, { count: unknown }>, scope: Scope): boolean {
  const [least, most] = [numberOf(atLeast, scope), numberOf(atMost, scope)];
  // Beyond what is asked it makes no difference. A school's figure may be 2.5: records come whole.
  const asked = Math.max(Math.ceil(least ?? 0), Math.floor(most ?? 0) + 1, 1);
  const found = counted(count, Math.min(asked, MAX_COUNT), scope);
  return (least === undefined || found >= least) && (most === undefined || found <= most);
}

export type Comparing = Conditions[Comparison];

export const compares = (condition: Condition): condition is Comparing => comparisons.some((how) => how in condition);

/** The two sides of a condition that compares. */
export function sidesOf(it: Comparing): { how: Comparison; a: Value; b: Value } {
  if ("eq" in it) return { how: "eq", a: it.eq[0], b: it.eq[1] };
  if ("ne" in it) return { how: "ne", a: it.ne[0], b: it.ne[1] };
  if ("lt" in it) return { how: "lt", a: it.lt[0], b: it.lt[1] };
  if ("le" in it) return { how: "le", a: it.le[0], b: it.le[1] };
  if ("gt" in it) return { how: "gt", a: it.gt[0], b: it.gt[1] };
  return { how: "ge", a: it.ge[0], b: it.ge[1] };
}

/** Empty is null, and an empty yes/no is *no*. */
export function valueOf(value: Value, scope: Scope): FieldValue {
  const given = valueGiven(value, scope);
  return given === null && isYesNo(value, scope) ? false : given;
}

const isYesNo = (value: Value, scope: Scope): boolean => kindOf(value, scope) === "yesNo";

/** The kind of the record's own field, or of the answer; undefined for any other value. */
function kindOf(value: Value, { type, asks }: Scope): Field["kind"] | undefined {
  if (value === null || typeof value !== "object") return undefined;
  if ("field" in value) return isInstantOfAll(value.field) ? "dateTime" : type.fields[value.field]?.kind;
  return "form" in value ? (asks?.[value.form] ?? type.fields[value.form])?.kind : undefined;
}

/** What is compared with an instant, as records hold instants: people write them with any offset and precision. */
function besideOf(value: Value, other: Value, scope: Scope): FieldValue {
  const found = valueOf(value, scope);
  const written = typeof found === "string" && typeof value === "string";
  return written && isInstant(other, scope) ? instantText(found) : found;
}

/** Of a field of another record only what it holds tells its kind. */
function isInstant(value: Value, scope: Scope): boolean {
  if (value === null || typeof value !== "object") return false;
  const far = "outer" in value || ("field" in value && value.field.includes("."));
  if (!far) return kindOf(value, scope) === "dateTime";
  const held = valueOf(value, scope);
  return typeof held === "string" && INSTANT.test(held);
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

export function instantText(written: string): string | null {
  const at = Date.parse(written);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

/** As it was given: a yes/no that nobody has answered is empty here. */
function valueGiven(value: Value, scope: Scope): FieldValue {
  if (value === null || typeof value !== "object") return literalValue(value);
  if ("field" in value) return fieldValue(value.field, scope);
  if ("form" in value) return answer(scope.form?.[value.form]);
  if ("setting" in value) return listOrLiteral(settingValue(value, scope));
  if ("today" in value) return scope.today;
  if ("period" in value) return scope.period?.[value.period === "start" ? "from" : "to"] ?? null;
  if ("actor" in value) return scope.actor;
  if ("self" in value) return scope.record?.id ?? null;
  if ("outer" in value) return ownValue(value.outer, scope.outer);
  if ("entry" in value) return entryValue(value.entry, scope.entry);
  if ("size" in value) return sizeOf(valueOf(value.size, scope));
  if ("added" in value) return added(valueOf(value.added[0], scope), valueOf(value.added[1], scope));
  if ("plus" in value) return plus(valueOf(value.plus[0], scope), value.plus[1], scope);
  const record = recordAsAnswered(scope);
  const holders = record && scope.facts ? personsOf([value.holders], record, scope.facts).length : 0;
  return Math.ceil((holders * (numberOf(value.percent, scope) ?? 100)) / 100);
}

/** Says nothing about a row: the store evaluates it once and binds it. */
export function isConstant(value: Value): boolean {
  if (value === null || typeof value !== "object") return true;
  if ("plus" in value) return isConstant(value.plus[0]);
  return ["setting", "today", "period", "actor", "outer"].some((name) => name in value);
}

/** Null for a name that is none of the type's settings. */
const settingValue = ({ setting }: SettingRef, { settings }: Scope): Literal | Literal[] => settings[setting] ?? null;

/** What a definition says itself, where no school has said otherwise. */
export const ownFigures = ({ settings = {} }: RecordType): Figures =>
  Object.fromEntries(Object.entries(settings).map(([name, { value }]) => [name, value]));

function numberOf(bound: number | SettingRef | undefined, scope: Scope): number | undefined {
  const value = typeof bound === "object" ? settingValue(bound, scope) : bound;
  return value === undefined || value === null ? undefined : Number(value);
}

const literalValue = (literal: Literal): FieldValue =>
  typeof literal === "string" ? normal(literal) || null : literal;
const answer = (value: FieldValue | undefined): FieldValue =>
  typeof value === "string" ? normal(value) || null : isEmpty(value) ? null : value;
const listOrLiteral = (value: Literal | Literal[]): FieldValue =>
  Array.isArray(value) ? value.map((part) => String(part)) : literalValue(value);
const added = (list: FieldValue, entry: FieldValue): FieldValue => {
  const entries = Array.isArray(list) ? list.map(String) : [];
  return entry === null || entries.includes(String(entry)) ? list : [...entries, String(entry)];
};
const sizeOf = (value: FieldValue): number => (Array.isArray(value) ? value.length : value === null ? 0 : 1);

function fieldValue(path: string, scope: Scope): FieldValue {
  const dot = path.indexOf(".");
  if (dot < 0) return ownValue(path, scope.record);
  const [first, rest] = [path.slice(0, dot), path.slice(dot + 1)];
  const part = partOf(ownValue(first, scope.record), rest);
  if (part !== undefined) return part;
  const linked = scope.record && scope.facts && linkedBy(first, scope.record, scope.facts);
  return linked ? linkedValue(rest, linked) : null;
}

/** A field of the record at the end of a link, or a part of it. */
function linkedValue(path: string, linked: RecordData): FieldValue {
  const dot = path.indexOf(".");
  if (dot < 0) return ownValue(path, linked);
  return partOf(ownValue(path.slice(0, dot), linked), path.slice(dot + 1)) ?? null;
}

/** Its empty yes/no fields as *no*: of a record that conditions of another type read. */
export function withNoes(type: RecordType | undefined, record: RecordData): RecordData {
  const empty = Object.keys(type?.fields ?? {}).filter(
    (name) => type?.fields[name]?.kind === "yesNo" && isEmpty(record.fields[name]),
  );
  if (!empty.length) return record;
  return { ...record, fields: { ...record.fields, ...Object.fromEntries(empty.map((name) => [name, false])) } };
}

/** A part of a value that has parts; undefined for one that has none. */
function partOf(value: FieldValue, part: string): FieldValue | undefined {
  if (isRisk(value)) return part in value ? (value[part as "level"] ?? null) : null;
  if (isDocument(value)) return (part === "inForce" ? value.inForce?.hash : value.latest.hash) ?? null;
  return undefined;
}

const isRisk = (value: FieldValue): value is RiskGrid =>
  typeof value === "object" && value !== null && "likelihood" in value;
const isDocument = (value: FieldValue): value is DocumentValue =>
  typeof value === "object" && value !== null && "latest" in value;

const entryValue = (name: string | true, entry: Scope["entry"]): FieldValue => {
  if (name === true) return typeof entry === "object" ? null : (entry ?? null);
  return typeof entry === "object" && entry !== null ? (entry[name] ?? null) : null;
};

function ownValue(name: string, record: RecordData | undefined): FieldValue {
  if (!record) return null;
  if (isPseudoField(name)) return record[name];
  const value = record.fields[name];
  return isEmpty(value) ? null : value;
}

/** What every record has beside its fields, as conditions name it. */
export const pseudoFields = ["state", "reference", "createdAt", "updatedAt", "createdBy"] as const;
export const isPseudoField = (name: string): name is (typeof pseudoFields)[number] =>
  pseudoFields.some((pseudo) => pseudo === name);

/** Of these, the instants. */
export const isInstantOfAll = (name: string): name is "createdAt" | "updatedAt" =>
  name === "createdAt" || name === "updatedAt";

/** Empty where either is, or where the sum leaves the calendar. */
function plus(base: FieldValue, by: string | SettingRef, scope: Scope): FieldValue {
  const offset = typeof by === "string" ? by : settingValue(by, scope);
  if (typeof base !== "string" || typeof offset !== "string") return null;
  const parsed = parseOffset(offset);
  if (!parsed) return null;
  try {
    if (parsePartialDate(base)) return addToPartial(base, offset, scope.calendar);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
  const { byTheClock, lengthMs } = units[parsed.unit];
  const at = byTheClock ? Date.parse(base) + parsed.n * lengthMs : Number.NaN;
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

/** For who has no school: days, weeks, months and years. Throws RangeError for other units. */
export const plainCalendar: DateAdder = {
  add(date, offset) {
    const { n, unit } = parseOffset(offset) ?? { n: 0, unit: "term" as const };
    if (isOfSchool(unit)) throw new RangeError(`Only a calendar can add ${offset}.`);
    return { date: textOfDay(dayOf(textOfDay(units[unit].days(dayOf(date), n)))) };
  },
};

function containsText(value: FieldValue, part: string): boolean {
  const sought = fold(part);
  return typeof value === "string" && sought !== "" && fold(value).includes(sought);
}

function hasPhrase({ in: name, of }: { in: string; of: string[] | SettingRef }, scope: Scope): boolean {
  const text = textIn(name, scope);
  const phrases = Array.isArray(of) ? of : settingValue(of, scope);
  if (typeof text !== "string" || !Array.isArray(phrases)) return false;
  const folded = fold(text);
  return phrases.some((phrase) => typeof phrase === "string" && phrase !== "" && folded.includes(fold(phrase)));
}

/** What a field says: of a document, the words of its latest version. @throws Missing. */
function textIn(name: string, scope: Scope): FieldValue {
  const value = fieldValue(name, scope);
  const texts = scope.facts?.texts;
  if (!isDocument(value) || !texts) return value;
  const text = texts[value.latest.id];
  if (text === undefined) throw new Missing([{ text: value.latest.id }]);
  return text;
}

/** What a `Related` reaches, whatever its `where`. */
export const relatedKey = (related: Related): string =>
  "via" in related ? related.via : `${related.type}=${canonicalJson(related.match)}`;

function counted(related: Related, most: number, scope: Scope): number {
  const ask = askOf(related, most, scope);
  if (!ask) return 0;
  const known = scope.facts?.counts?.[ask.key];
  if (known === undefined && scope.facts?.counts) throw new Missing([{ count: ask, scope }]);
  return known ?? 0;
}

/** Undefined where nothing can be reached: a link that is empty, or a value sought that is. */
export function askOf(related: Related, most: number, scope: Scope): Ask | undefined {
  const { text, outers, actor, day } = aboutRelated(related);
  const record = recordAsAnswered(scope);
  const ids: string[] = [];
  const values: Fields = {};
  if ("via" in related) {
    const own = related.via.includes(".") ? (record?.id ?? null) : ownValue(related.via, record);
    ids.push(...[own].flat().filter((id) => typeof id === "string"));
    if (!ids.length) return undefined;
  } else
    for (const [name, value] of Object.entries(related.match)) {
      const sought = valueOf(value, { ...scope, ...(record ? { record } : {}) });
      if (sought === null || typeof sought === "object") return undefined;
      values[name] = sought;
    }
  const outer = Object.fromEntries(outers.map((name) => [name, ownValue(name, record)]));
  const key = canonicalJson([text, most, ids, values, outer, actor ? scope.actor : null, day ? scope.today : null]);
  return { key, related, ids, values, most };
}

/** What a count depends on besides its record: who acts, and the day. */
interface AboutRelated {
  text: string;
  outers: string[];
  actor: boolean;
  day: boolean;
}

const aboutRelated = remembered((related: Related): AboutRelated => {
  const text = `${relatedKey(related)} ${canonicalJson(related.where ?? null)}`;
  const outers = new Set<string>();
  gatherOuters(related.where, outers);
  return { text, outers: [...outers], actor: text.includes('"actor"'), day: /"(today|period)"/.test(text) };
});

function gatherOuters(part: unknown, found: Set<string>): void {
  if (typeof part !== "object" || part === null) return;
  if ("outer" in part && typeof part.outer === "string") found.add(part.outer);
  for (const inner of Object.values(part)) gatherOuters(inner, found);
}

/** Those of an `every` that do not satisfy it. */
export const exceptions = remembered((every: Related & { satisfies: Condition }): Related => {
  const { satisfies, where, ...reached } = every;
  return { ...reached, where: { all: [...(where ? [where] : []), { not: satisfies }] } };
});

function recordAsAnswered({ record, planned }: Scope): RecordData | undefined {
  return record && planned ? { ...record, fields: { ...record.fields, ...planned } } : record;
}

/** The record that asks, for the conditions of those it reaches. */
export function outerOf(scope: Scope): { outer?: RecordData } {
  const record = recordAsAnswered(scope);
  return record ? { outer: withNoes(scope.type, record) } : {};
}

/**
 * Does the `where` of a `Related` hold of this record, which is of `type`? The store asks it of rows. `scope` is of the
 * record that asks.
 */
export const isAmong = ({ where }: Related, type: RecordType, record: RecordData, scope: Scope): boolean =>
  !where ||
  evaluate(where, {
    ...scope,
    type,
    record,
    ...outerOf(scope),
    // Links and counts of the record that asks are not those of the other: its conditions are of the row tier.
    facts: {},
  });

/** The same condition with every `not` at a leaf; `exists` and `none` become each other. */
export function pushNot(condition: Condition, negated = false): NormalCondition {
  if ("not" in condition) return pushNot(condition.not, !negated);
  if ("all" in condition || "any" in condition) {
    const parts = ("all" in condition ? condition.all : condition.any).map((part) => pushNot(part, negated));
    return "all" in condition === negated ? { any: parts } : { all: parts };
  }
  if (!negated) return condition;
  if ("exists" in condition) return { none: condition.exists };
  if ("none" in condition) return { exists: condition.none };
  return { not: condition };
}
