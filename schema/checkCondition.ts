/** Type-checks conditions and values against a record type: what they name exists, compares, and belongs to the tier. */
import { Checking, own } from "./checking";
import {
  compares,
  isConstant,
  isPseudoField,
  type Leaf,
  type NormalCondition,
  pseudoFields,
  pushNot,
  sidesOf,
} from "./condition";
import type {
  Condition,
  Field,
  Literal,
  Reaching,
  RecordType,
  Related,
  SettingRef,
  Tier,
  Value,
  Who,
} from "./definition";
import { isFile, isSensitive, lendsItself } from "./fields";
import { isOfSchool, units } from "./language/units";
import { isFar, parseOffset } from "./offset";
import { shown } from "./parseValue";
import { at, meant } from "./shape";
import {
  assignmentProblem,
  comparisonProblem,
  literalProblem,
  typeNames,
  typeOfField,
  typeOfPseudoField,
  typeOfSetting,
  unknown,
  type ValueType,
} from "./valueType";

/** Where a condition stands: what it may reach. */
export interface Place {
  tier: Tier;
  /** Whose fields it names: the checked type's, or those of a type at the end of a link. */
  type: RecordType;
  /** Answers that may be named. Absent: none. */
  form?: Record<string, Field>;
  /** Those of them that are always given, whatever their field says. */
  sureAnswers?: string[];
  /** Inside a `Related`: the type of the record that asks. */
  outer?: RecordType;
  /** In a section of a report of a period. */
  period?: boolean;
  /** Inside `create.each`: the columns of an entry, or what a plain entry is. */
  entry?: Record<string, Field> | ValueType;
  /** There is no record yet: a duty makes the first. */
  noRecord?: boolean;
  /** Sent by timers and records: nobody acts. */
  byItself?: boolean;
  /** Values that the conditions around this one have asked about with “empty”, as JSON. */
  asked?: Set<string>;
}

const tierNames: Record<Tier, string> = {
  form: "a form, which the browser works out,",
  row: "a condition on rows, which the database works out,",
  guard: "a guard",
};
const riskParts: Record<string, ValueType> = {
  likelihood: { is: "number", decimals: 0 },
  impact: { is: "number", decimals: 0 },
  level: { is: "choice", options: ["low", "medium", "high"] },
  mitigations: { is: "text" },
};

/** Hashes of versions: two texts are the same version where these are equal. */
const documentParts: Record<string, ValueType> = { latest: { is: "text" }, inForce: { is: "text" } };

export function checkCondition(checking: Checking, condition: Condition, place: Place, path: string): void {
  const part = (inner: Condition, ...keys: (string | number)[]) =>
    checkCondition(checking, inner, place, keys.reduce(at, path));
  if ("all" in condition || "any" in condition) return checkJunction(checking, condition, place, path);
  if ("not" in condition) return part(condition.not, "not");
  if (compares(condition)) {
    const sides = sidesOf(condition);
    return checkComparison(checking, sides, place, at(path, sides.how));
  }
  if ("empty" in condition) {
    if (!asksIfHeld(condition.empty, place)) typeOfValue(checking, condition.empty, place, at(path, "empty"));
    return;
  }
  if ("in" in condition) return checkIn(checking, condition.in, place, at(path, "in"));
  if ("contains" in condition) return checkContains(checking, condition.contains, place, at(path, "contains"));
  if ("includes" in condition) return checkIncludes(checking, condition.includes, place, at(path, "includes"));
  const [key = ""] = Object.keys(condition);
  if (place.tier !== "guard")
    return checking.say(at(path, key), `“${key}” cannot stand in ${tierNames[place.tier]} only in a guard.`);
  if ("phrase" in condition) return checkPhrase(checking, condition.phrase, place, at(path, "phrase"));
  if ("holds" in condition) return checkHolds(checking, condition.holds, place, at(path, "holds"));
  checkRelatedCondition(checking, condition, place, path);
}

function checkJunction(
  checking: Checking,
  condition: { all: Condition[] } | { any: Condition[] },
  place: Place,
  path: string,
): void {
  const [how, parts] = "all" in condition ? (["all", condition.all] as const) : (["any", condition.any] as const);
  if (how === "any" && !parts.length) checking.say(at(path, how), "Nothing stands here, so this never holds.");
  if (how === "all" && contradicts(parts)) checking.say(at(path, how), "These contradict each other: it never holds.");
  const inner = { ...place, asked: new Set([...(place.asked ?? []), ...askedIn(parts, how)]) };
  parts.forEach((part, i) => checkCondition(checking, part, inner, at(at(path, how), i)));
}

/** “all” goes on only where a value is held, “any” only where the parts that ask for an empty one have said no. */
export function askedIn(parts: Condition[], how: "all" | "any"): Set<string> {
  return new Set(
    parts.flatMap((part): string[] => {
      if (how === "all" && "all" in part) return [...askedIn(part.all, how)];
      // A comparison holds of what is there.
      const sides = how === "all" && compares(part) ? sidesOf(part) : undefined;
      if (sides && sides.how !== "ne") return [sides.a, sides.b].map((side) => JSON.stringify(side));
      const leaf = how === "any" ? part : "not" in part ? part.not : undefined;
      return leaf && "empty" in leaf ? [JSON.stringify(leaf.empty)] : [];
    }),
  );
}

const signs = { eq: ["="], ne: ["<", ">"], lt: ["<"], le: ["<", "="], gt: [">"], ge: [">", "="] };
const turned: Record<string, string> = { "<": ">", ">": "<", "=": "=" };

/** Do these exclude each other? Sees only what is said of the very same two values, and of one value and fixed ones. */
function contradicts(parts: Condition[]): boolean {
  const flat = (one: NormalCondition): (Leaf | { not: Leaf })[] => {
    if ("all" in one) return one.all.flatMap(flat);
    return "any" in one ? [] : [one];
  };
  const leaves = parts.flatMap((part) => flat(pushNot(part)));
  const said = new Set(leaves.map((leaf) => JSON.stringify(leaf)));
  if (leaves.some((leaf) => said.has(JSON.stringify({ not: leaf })))) return true;
  const [outcomes, fixed] = [new Map<string, string[]>(), new Map<string, string>()];
  for (const leaf of leaves) {
    if (!compares(leaf)) continue;
    const sides = sidesOf(leaf);
    const [a, b] = [JSON.stringify(sides.a), JSON.stringify(sides.b)];
    const sign = a < b ? signs[sides.how] : signs[sides.how].map((one) => turned[one] ?? one);
    const pair = a < b ? `${a} ${b}` : `${b} ${a}`;
    const left = (outcomes.get(pair) ?? ["<", "=", ">"]).filter((one) => sign.includes(one));
    if (!left.length) return true;
    outcomes.set(pair, left);
    if (sides.how !== "eq" || (typeof sides.b === "object") === (typeof sides.a === "object")) continue;
    const [value, literal] = typeof sides.b === "object" ? [b, a] : [a, b];
    if (fixed.has(value) && fixed.get(value) !== literal) return true;
    fixed.set(value, literal);
  }
  return false;
}

/** Can this be empty where a record is as its definition wants it? */
export function mayBeEmpty(checking: Checking, value: Value, place: Place): boolean {
  if (value === null) return true;
  if (typeof value !== "object") return false;
  if (place.asked?.has(JSON.stringify(value))) return false;
  if ("actor" in value) return place.byItself === true;
  if ("plus" in value) return mayBeEmpty(checking, value.plus[0], place);
  if ("form" in value) return !place.sureAnswers?.includes(value.form) && !isSure(own(place.form, value.form));
  if ("entry" in value) return value.entry !== true && !isSure(own(place.entry as Record<string, Field>, value.entry));
  if (!("field" in value) && !("outer" in value)) return false;
  const [name, type] = "field" in value ? [value.field, place.type] : [value.outer, place.outer ?? place.type];
  const [first = "", ...rest] = name.split(".");
  if (isPseudoField(first)) return first === "createdBy";
  if ("field" in value && place.sureAnswers?.includes(name)) return false;
  const field = own(type.fields, first);
  if (!isSure(field) || !rest.length) return !isSure(field);
  const linked = field?.kind === "link" ? checking.linkedType(field.to) : undefined;
  return !linked || mayBeEmpty(checking, { field: rest.join(".") }, { tier: "guard", type: linked });
}

/** Always filled in: an empty yes or no is a no. */
const isSure = (field: Field | undefined): boolean =>
  field?.kind === "yesNo" || (field?.required === true && !field.visible);

/** Whether a sealed field holds anything may be asked, where the question does not become SQL. */
const asksIfHeld = (value: Value, { tier, type }: Place): boolean =>
  tier !== "row" &&
  typeof value === "object" &&
  value !== null &&
  "field" in value &&
  type.fields[value.field]?.sealed === true;

/** What a field holds, where it may be asked. */
function typeOfHeld(checking: Checking, name: string, field: Field, path: string): ValueType {
  if (!field.sealed) return typeOfField(field);
  checking.say(path, `${name} is sealed: “empty” asks whether it is held, and nothing asks what it says.`);
  return unknown;
}

function checkComparison(
  checking: Checking,
  { how, a, b }: ReturnType<typeof sidesOf>,
  place: Place,
  path: string,
): void {
  const [first, second] = [typeOfValue(checking, a, place, at(path, 0)), typeOfValue(checking, b, place, at(path, 1))];
  const problem = comparisonProblem(how, first, second) ?? roleProblem(checking, first, second);
  if (problem) checking.say(path, problem);
  else if (how === "ne")
    for (const side of [a, b])
      if (mayBeEmpty(checking, side, place))
        checking.say(
          path,
          `${shown(nameOf(side))} may be empty, and then “ne” does not hold. Write “not” around “eq” where empty counts as different; else ask beside it, in one “all”, that it is not empty.`,
        );
}

const nameOf = (value: Value): string =>
  typeof value === "object" && value !== null ? String(Object.values(value)[0]) : String(value);

/** A fixed role is one that there is. */
function roleProblem(checking: Checking, ...types: ValueType[]): string | undefined {
  const role = types.some(({ is }) => is === "role") && types.find((type) => type.is === "literal");
  return role && role.is === "literal" ? noSuchRole(checking, role.value) : undefined;
}

const noSuchRole = (checking: Checking, name: Literal): string | undefined =>
  typeof name !== "string" || checking.roleNames.includes(name)
    ? undefined
    : `There is no role ${shown(name)}.${meant(name, checking.roleNames)}`;

function checkIn(
  checking: Checking,
  [value, literals]: [Value, (string | number | boolean | null)[]],
  place: Place,
  path: string,
) {
  const type = typeOfValue(checking, value, place, at(path, 0));
  if (!literals.length) checking.say(at(path, 1), "Nothing is in an empty list: name at least one value.");
  if (type.is === "unknown") return;
  literals.forEach((literal, i) => {
    const fixed: ValueType = { is: "literal", value: literal };
    const problem = comparisonProblem("eq", type, fixed) ?? roleProblem(checking, type, fixed);
    if (problem) checking.say(at(at(path, 1), i), problem);
  });
}

function checkContains(checking: Checking, [value, part]: [Value, string], place: Place, path: string): void {
  const type = typeOfValue(checking, value, place, at(path, 0));
  if (!part.trim()) checking.say(at(path, 1), "No text contains nothing: give what to look for.");
  if (type.is === "unknown") return;
  const isField = typeof value === "object" && value !== null && "field" in value && !isPseudoField(value.field);
  if (type.is !== "text" || (place.tier === "row" && !isField))
    checking.say(at(path, 0), `“contains” looks into a text field, and this is ${typeNames[type.is]}.`);
}

function checkIncludes(checking: Checking, [list, entry]: [Value, Value], place: Place, path: string): void {
  const type = typeOfValue(checking, list, place, at(path, 0));
  const entryType = typeOfValue(checking, entry, place, at(path, 1));
  if (type.is === "unknown") return;
  if (type.is !== "list")
    return checking.say(
      at(path, 0),
      `“includes” looks into choices, people or links, and this is ${typeNames[type.is]}.`,
    );
  const problem =
    entryType.is === "literal" && entryType.value !== null
      ? (literalProblem(type.of, entryType.value) ?? roleProblem(checking, type.of, entryType))
      : comparisonProblem("eq", type.of, entryType);
  if (problem) checking.say(at(path, 1), problem);
  if (place.tier === "row" && !isConstant(entry))
    checking.say(
      at(path, 1),
      `In ${tierNames.row} only a fixed value, today or the actor can be looked for in a list.`,
    );
}

function checkPhrase(
  checking: Checking,
  { in: name, of }: { in: string; of: string[] | SettingRef },
  place: Place,
  path: string,
): void {
  const field = checking.fieldNamed(name, at(path, "in"), place.type);
  if (field && !lendsItself(field, "searched")) checking.say(at(path, "in"), `${name} is no text but ${field.kind}.`);
  else if (field) typeOfHeld(checking, name, field, at(path, "in"));
  if (!Array.isArray(of)) checking.setting(of, ["texts"], at(path, "of"));
  else if (!of.length) checking.say(at(path, "of"), "Name at least one phrase.");
}

function checkHolds(checking: Checking, [person, who]: [Value, Who[]], place: Place, path: string): void {
  const type = typeOfValue(checking, person, place, at(path, 0));
  const of = type.is === "list" ? type.of : type;
  if (of.is !== "unknown" && of.is !== "person")
    checking.say(at(path, 0), `“holds” asks about a person, and this is ${typeNames[type.is]}.`);
  if (!who.length) checking.say(at(path, 1), "Nobody is one of nobody: name at least one role or field.");
  who.forEach((one, i) => checking.who(one, at(at(path, 1), i), "compared"));
}

function checkRelatedCondition(checking: Checking, condition: Reaching, place: Place, path: string): void {
  if ("exists" in condition) return void checkRelated(checking, condition.exists, place, at(path, "exists"));
  if ("none" in condition) return void checkRelated(checking, condition.none, place, at(path, "none"));
  if ("every" in condition) {
    const type = checkRelated(checking, condition.every, place, at(path, "every"));
    const inner = at(at(path, "every"), "satisfies");
    if (type) checkCondition(checking, condition.every.satisfies, { tier: "row", type, outer: place.type }, inner);
    return;
  }
  checkRelated(checking, condition.count, place, at(path, "count"));
  const { atLeast, atMost } = condition;
  if (atLeast === undefined && atMost === undefined) checking.say(path, "Say how many: atLeast, atMost or both.");
  const [least, most] = (["atLeast", "atMost"] as const).map((name) => {
    const bound = condition[name];
    const found = typeof bound === "object" ? checking.setting(bound, ["number"], at(path, name))?.value : bound;
    if (typeof found !== "number") return undefined;
    if (!Number.isInteger(found) || found < 0) checking.say(at(path, name), `${found} is no number of records.`);
    return found;
  });
  if (least !== undefined && most !== undefined && least > most)
    checking.say(path, `At least ${least} and at most ${most}: it never holds.`);
}

/** The type of the records that are reached. */
function checkRelated(checking: Checking, related: Related, place: Place, path: string): RecordType | undefined {
  const type =
    "via" in related
      ? relatedType(checking, related.via, at(path, "via"))
      : checking.typeNamed(related.type, at(path, "type"));
  if (type && "match" in related) checkMatch(checking, type, related.match, place, at(path, "match"));
  if (type && related.where)
    checkCondition(checking, related.where, { tier: "row", type, outer: place.type }, at(path, "where"));
  return type;
}

function checkMatch(
  checking: Checking,
  type: RecordType,
  match: Record<string, Value>,
  place: Place,
  path: string,
): void {
  if (!Object.keys(match).length) checking.say(path, "Say which records: at least one field or the state.");
  for (const [name, value] of Object.entries(match)) {
    const field = name === "state" ? undefined : checking.fieldNamed(name, at(path, name), type);
    if (field && (!lendsItself(field, "matched") || isSensitive(field))) {
      checking.say(at(path, name), `Records cannot be looked up by ${name}, which is ${field.kind}.`);
      continue;
    }
    if (name !== "state" && !field) continue;
    const is = typeOfPath(checking, name, { tier: "row", type }, at(path, name));
    const given = typeOfValue(checking, value, place, at(path, name));
    const problem = comparisonProblem("eq", is, given) ?? roleProblem(checking, is, given);
    if (problem) checking.say(at(path, name), problem);
  }
}

export function relatedType(checking: Checking, via: string, path: string): RecordType | undefined {
  const [first = "", second] = via.split(".");
  if (second === undefined) {
    const field = checking.fieldNamed(first, path);
    if (!field) return undefined;
    if (field.kind === "link" || field.kind === "links") return checking.linkedType(field.to);
    checking.say(path, `${first} is no link but ${field.kind}.`);
    return undefined;
  }
  const other = checking.typeNamed(first, path);
  const field = other && checking.fieldNamed(second, path, other);
  if (!field) return undefined;
  if ((field.kind === "link" || field.kind === "links") && field.to === checking.type.name) return other;
  checking.say(path, `${via} does not link to ${checking.type.name}.`);
  return undefined;
}

/** Checks what a value names, and says what it gives; `unknown` once a problem has been said. */
export function typeOfValue(checking: Checking, value: Value, place: Place, path: string): ValueType {
  if (value === null || typeof value !== "object") return { is: "literal", value };
  if ("field" in value) return typeOfPath(checking, value.field, place, at(path, "field"));
  if ("form" in value) return typeOfAnswer(checking, value.form, place, at(path, "form"));
  if ("setting" in value) {
    const setting = checking.setting(
      value,
      ["offset", "time", "number", "percent", "text", "date", "offsets", "texts"],
      path,
    );
    return setting ? typeOfSetting(setting) : unknown;
  }
  if ("today" in value) return { is: "date", partial: false };
  if ("period" in value) {
    if (place.period) return { is: "date", partial: false };
    checking.say(at(path, "period"), "There is no period here: “period” stands in a report of a period.");
    return unknown;
  }
  if ("actor" in value) return { is: "person" };
  if ("outer" in value) {
    if (place.outer) return typeOfPath(checking, value.outer, { tier: "form", type: place.outer }, at(path, "outer"));
    checking.say(
      at(path, "outer"),
      "There is no outer record here: “outer” stands inside exists, none, every or count.",
    );
    return unknown;
  }
  if ("entry" in value) return typeOfEntry(checking, value.entry, place, at(path, "entry"));
  if ("plus" in value) return typeOfSum(checking, value.plus, place, at(path, "plus"));
  if (place.tier === "row" || (place.tier === "form" && ("holders" in value || "self" in value))) {
    const [key = ""] = Object.keys(value);
    checking.say(at(path, key), `“${key}” cannot stand in ${tierNames[place.tier]} only in a guard.`);
    return unknown;
  }
  if ("self" in value && place.noRecord) {
    checking.say(at(path, "self"), "There is no record here yet to name.");
    return unknown;
  }
  if ("self" in value) return { is: "link", to: place.type.name };
  if ("added" in value) return typeOfAdded(checking, value.added, place, at(path, "added"));
  if ("size" in value) {
    const type = typeOfValue(checking, value.size, place, at(path, "size"));
    if (!["unknown", "list", "entries", "files"].includes(type.is))
      checking.say(at(path, "size"), `Only a list has a size, and this is ${typeNames[type.is]}.`);
  } else {
    checking.who(value.holders, at(path, "holders"), "persons");
    const { percent } = value;
    const share =
      typeof percent === "object"
        ? checking.setting(percent, ["percent", "number"], at(path, "percent"))?.value
        : percent;
    if (typeof share === "number" && !(share >= 0 && share <= 100))
      checking.say(at(path, "percent"), `${share} is not a percentage: from 0 to 100.`);
  }
  return { is: "number", decimals: 0 };
}

function typeOfAdded(checking: Checking, [list, entry]: [Value, Value], place: Place, path: string): ValueType {
  const type = typeOfValue(checking, list, place, at(path, 0));
  const entryType = typeOfValue(checking, entry, place, at(path, 1));
  if (type.is === "unknown") return type;
  const problem =
    type.is === "list" ? comparisonProblem("eq", type.of, entryType) : `${typeNames[type.is]} takes no entries.`;
  if (problem) checking.say(path, problem);
  return problem ? unknown : type;
}

function typeOfEntry(checking: Checking, name: string | true, { entry }: Place, path: string): ValueType {
  if (!entry) {
    checking.say(path, "There is no entry here: “entry” stands in what is created for each of a list.");
    return unknown;
  }
  // A field could be called "is", but only a value's type has text there.
  const plain = typeof entry["is"] === "string";
  if (name === true) {
    if (plain) return entry as ValueType;
    checking.say(path, "This list has columns: name one of them.");
    return unknown;
  }
  const columns = plain ? {} : (entry as Record<string, Field>);
  if (!checking.known("column", name, Object.keys(columns), path)) return unknown;
  const field = columns[name];
  return field ? typeOfField(field) : unknown;
}

function typeOfPath(checking: Checking, name: string, place: Place, path: string): ValueType {
  if (place.noRecord) {
    checking.say(path, "There is no record here yet to read from.");
    return unknown;
  }
  const pseudo = typeOfPseudoField(name, place.type);
  if (pseudo) return pseudo;
  const [first = "", second, ...more] = name.split(".");
  if (!checking.known("field", first, [...Object.keys(place.type.fields), ...pseudoFields], path)) return unknown;
  const field = place.type.fields[first];
  if (!field) return unknown;
  if (second !== undefined) return typeBeyond(checking, field, [second, ...more], place, path);
  if (place.tier === "row") {
    if (isSensitive(field)) {
      checking.say(path, `${first} is sensitive and held encrypted: rows cannot be found by it.`);
      return unknown;
    }
    if (isFile(field)) {
      checking.say(path, `${first} holds ${typeNames[typeOfField(field).is]}: rows cannot be found by it.`);
      return unknown;
    }
  }
  return typeOfHeld(checking, first, field, path);
}

/** The second half of "risk.level", "text.inForce" or "policy.reviewBy". */
function typeBeyond(checking: Checking, field: Field, rest: string[], place: Place, path: string): ValueType {
  const [part = ""] = rest;
  const parts = field.kind === "riskGrid" ? riskParts : field.kind === "document" ? documentParts : undefined;
  if (!parts && field.kind !== "link") {
    checking.say(path, `${field.label} is no link: only a link, a risk or a document has parts.`);
    return unknown;
  }
  const beyond = field.kind === "link" ? checking.linkedType(field.to)?.fields[part] : undefined;
  if (rest.length > (beyond && beyond.kind !== "link" ? 2 : 1)) {
    checking.say(path, "Only one link can be followed.");
    return unknown;
  }
  if (place.tier === "row" || (place.tier === "form" && field.kind === "link")) {
    checking.say(
      path,
      `${shown(part)} lies beyond the record's own fields, and ${tierNames[place.tier]} sees no further.`,
    );
    return unknown;
  }
  if (parts) return checking.known("part of it", part, Object.keys(parts), path) ? (parts[part] ?? unknown) : unknown;
  const type = field.kind === "link" ? checking.linkedType(field.to) : undefined;
  return type ? typeOfPath(checking, rest.join("."), { tier: "guard", type }, path) : unknown;
}

function typeOfAnswer(checking: Checking, name: string, place: Place, path: string): ValueType {
  if (!place.form) {
    checking.say(path, "No form is filled in here.");
    return unknown;
  }
  if (!checking.known("answer", name, Object.keys(place.form), path)) return unknown;
  const field = place.form[name];
  return field ? typeOfHeld(checking, name, field, path) : unknown;
}

function typeOfSum(
  checking: Checking,
  [base, by]: [Value, string | SettingRef],
  place: Place,
  path: string,
): ValueType {
  const type = typeOfValue(checking, base, place, at(path, 0));
  const setting = typeof by === "string" ? undefined : checking.setting(by, ["offset"], at(path, 1));
  const offset = typeof by === "string" ? by : setting?.value;
  const parsed = typeof offset === "string" ? parseOffset(offset) : undefined;
  if (typeof by === "string" && (!parsed || isFar(parsed))) checking.say(at(path, 1), offsetProblem(by));
  if (place.tier === "row" && !isConstant(base)) {
    checking.say(
      at(path, 0),
      `In ${tierNames.row} time is added to today or a fixed date, not to a field: turn the sum round.`,
    );
    return unknown;
  }
  if (type.is === "unknown") return unknown;
  const literalDate = type.is === "literal" && !literalProblem({ is: "date", partial: true }, type.value);
  if (type.is !== "date" && type.is !== "dateTime" && !literalDate) {
    checking.say(at(path, 0), `Time can be added to a date, and this is ${typeNames[type.is]}.`);
    return unknown;
  }
  if (parsed && (type.is === "dateTime") !== (units[parsed.unit].byTheClock === true))
    checking.say(at(path, 1), "Hours and minutes are added to a date and time, days and longer to a date.");
  if (parsed && place.tier === "form" && isOfSchool(parsed.unit))
    checking.say(
      at(path, 1),
      `The school's calendar is not known in ${tierNames.form} so count in days, weeks, months or years.`,
    );
  return type.is === "dateTime"
    ? type
    : { is: "date", partial: type.is === "date" ? type.partial : String(base).length < 10 };
}

export const offsetProblem = (text: string): string =>
  parseOffset(text)
    ? `${shown(text)} is longer than a hundred years.`
    : `${shown(text)} is not a length of time: write -P30D, P1Y, PT2H or “2 school days”.`;

/** Checks a value that is to be set on a field. */
export function checkAssigned(checking: Checking, field: Field, value: Value, place: Place, path: string): void {
  const given = typeOfValue(checking, value, place, path);
  const role = field.kind === "role" || field.kind === "roles";
  const problem =
    assignmentProblem(field, given) ?? (role && given.is === "literal" ? noSuchRole(checking, given.value) : undefined);
  if (problem) checking.say(path, problem);
}
