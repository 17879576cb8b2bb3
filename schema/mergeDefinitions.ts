/**
 * Three-way merge of a record type: what a pack said before (base), what is in force at the school (ours), and what the
 * pack says now (theirs). Where only one side changed something, its change is taken; where both changed the same thing
 * differently, ours stays and the clash is reported. Pure JSON in, pure JSON out: the result is checked by the caller.
 */
import type { RecordType } from "./definition";
import { canonicalJson } from "./text";

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** The same part changed by both sides. Undefined: the part does not exist there. */
export interface Clash {
  /** "timers.remind.steps"; "" is the whole type. */
  path: string;
  base: Json | undefined;
  ours: Json | undefined;
  theirs: Json | undefined;
}

/** Parts that are named: each name is merged for itself. `of` and `asks` hold fields, `needs` sentences, one level down. */
const MAPS = new Set([
  "fields",
  "states",
  "actions",
  "tasks",
  "timers",
  "duties",
  "settings",
  "notices",
  "rules",
  "warnings",
  "triggers",
  "rosters",
  "views",
  "charts",
  "of",
  "asks",
  "needs",
]);

/** Objects merged property by property. Others (conditions, values, anchors) mean something only as a whole. */
const OBJECTS = new Set(["entries", "quick", "guests", "bounces", "roll"]);

/** Lists whose order carries no rule: additions and removals of both sides are taken. */
const SETS = new Set([
  "from",
  "form",
  "shows",
  "required",
  "separate",
  "columns",
  "fields",
  "because",
  "while",
  "pausedWhile",
  "in",
  "actions",
  "keys",
  "bars",
  "conflicts",
  "for",
  "options",
  "grants",
]);

type Part = Json | undefined;
type Kind = "type" | "map" | "element" | "set" | "whole";

export function mergeDefinitions(
  base: RecordType | undefined,
  ours: RecordType,
  theirs: RecordType,
): { merged: RecordType; clashes: Clash[] } {
  const clashes: Clash[] = [];
  const merged = merge({ base: plain(base), ours: plain(ours), theirs: plain(theirs) }, "", "type", clashes);
  return { merged: merged as unknown as RecordType, clashes };
}

/** What stands at a path of a definition ("timers.remind"); undefined where nothing does. */
export function partAt(type: RecordType, path: string): Part {
  let part: Part = plain(type);
  for (const name of segments(path)) part = isObject(part) && Object.hasOwn(part, name) ? part[name] : undefined;
  return part;
}

/** The definition with another part at the path, or without it. Empty objects that this leaves are kept. */
export function withPart(type: RecordType, path: string, part: Part): RecordType {
  const names = segments(path);
  const put = (whole: Part, at: number): Part => {
    if (at === names.length) return part;
    const rest = isObject(whole) ? { ...whole } : {};
    const name = names[at] ?? "";
    const value = put(rest[name], at + 1);
    if (value === undefined) delete rest[name];
    else rest[name] = value;
    return rest;
  };
  return put(plain(type), 0) as unknown as RecordType;
}

/**
 * The smallest part that can stand for itself around the place of a problem: "timers.remind.when.eq[0]" lies in
 * "timers.remind", "grants[2].to" in "grants".
 */
export function elementAround(path: string): string {
  const [section = "", name] = path.split(".");
  if (section.includes("[")) return section.slice(0, section.indexOf("["));
  return name !== undefined && MAPS.has(section) ? `${section}.${name.split("[", 1)[0]}` : section;
}

const segments = (path: string): string[] => (path === "" ? [] : path.split("."));
const plain = (value: unknown): Part => (value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as Json));
const isObject = (value: Part): value is { [name: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const same = (a: Part, b: Part): boolean =>
  a === b || (a !== undefined && b !== undefined && canonicalJson(a) === canonicalJson(b));

interface Three {
  base: Part;
  ours: Part;
  theirs: Part;
}

function merge(three: Three, path: string, kind: Kind, clashes: Clash[]): Part {
  const { base, ours, theirs } = three;
  if (same(ours, theirs) || same(base, theirs)) return ours;
  // Records hold what their fields held: a field that a pack no longer has stays.
  if (theirs === undefined && /(^|\.)(fields|of)\.[^.]+$/.test(path)) return ours;
  if (same(base, ours)) return mergeKept(three, path, kind, clashes);
  if (
    kind !== "whole" &&
    kind !== "set" &&
    isObject(ours) &&
    isObject(theirs) &&
    (base === undefined || isObject(base))
  )
    return mergeObject({ base: base ?? {}, ours, theirs }, path, kind, clashes);
  if (kind === "set" && Array.isArray(ours) && Array.isArray(theirs) && (base === undefined || Array.isArray(base))) {
    const merged = mergeSet(base ?? [], ours, theirs);
    if (merged) return merged;
  }
  clashes.push({ path, ...three });
  return ours;
}

/** Ours did not change this: theirs is taken, but for fields that only we still have somewhere below. */
function mergeKept(three: Three, path: string, kind: Kind, clashes: Clash[]): Part {
  const { ours, theirs } = three;
  if (kind === "whole" || kind === "set" || !isObject(ours) || !isObject(theirs)) return theirs;
  return mergeObject({ base: ours, ours, theirs }, path, kind, clashes);
}

function mergeObject(
  three: { base: { [name: string]: Json }; ours: { [name: string]: Json }; theirs: { [name: string]: Json } },
  path: string,
  kind: Kind,
  clashes: Clash[],
): Json {
  // A null prototype, so that a part called "__proto__" is a part like any other.
  const merged = Object.create(null) as { [name: string]: Json };
  const own = (side: { [name: string]: Json }, name: string): Part =>
    Object.hasOwn(side, name) ? side[name] : undefined;
  for (const name of orderOf(Object.keys(three.base), Object.keys(three.ours), Object.keys(three.theirs))) {
    const at = path ? `${path}.${name}` : name;
    const parts = { base: own(three.base, name), ours: own(three.ours, name), theirs: own(three.theirs, name) };
    const part = merge(parts, at, kindOf(kind, name), clashes);
    if (part !== undefined) merged[name] = part;
  }
  return { ...merged };
}

function kindOf(parent: Kind, name: string): Kind {
  if (parent === "map") return "element";
  // `fields` of a view, a section or a rule is a list of names; `form` of a type a list of sections.
  if (parent === "type") {
    if (MAPS.has(name)) return "map";
    if (OBJECTS.has(name)) return "element";
    return SETS.has(name) ? "set" : "whole";
  }
  if (name === "of" || name === "asks" || name === "needs") return "map";
  return SETS.has(name) ? "set" : "whole";
}

/** By what an entry of a list is the same entry in another version: a text itself, an option's value, a section's label. */
function keyOf(entry: Json): string {
  if (!isObject(entry)) return canonicalJson(entry);
  const { value, label } = entry;
  return typeof value === "string"
    ? `value ${value}`
    : typeof label === "string"
      ? `label ${label}`
      : canonicalJson(entry);
}

/** Undefined where both sides changed one entry differently, or both replaced the same one. */
function mergeSet(base: Json[], ours: Json[], theirs: Json[]): Json[] | undefined {
  const [b, o, t] = [base, ours, theirs].map((list) => new Map(list.map((entry) => [keyOf(entry), entry])));
  if (!b || !o || !t || o.size !== ours.length || t.size !== theirs.length) return undefined;
  const gone = (side: Map<string, Json>) => [...b.keys()].filter((key) => !side.has(key));
  const added = (side: Map<string, Json>) => [...side.keys()].some((key) => !b.has(key));
  const named = [...b.values()].every((entry) => !isObject(entry) || keyOf(entry) !== canonicalJson(entry));
  if (!named && gone(o).some((key) => !t.has(key)) && added(o) && added(t)) return undefined;
  const merged: Json[] = [];
  for (const key of orderOf([...b.keys()], [...o.keys()], [...t.keys()])) {
    const [before, mine, pack] = [b.get(key), o.get(key), t.get(key)];
    const clashes: Clash[] = [];
    const entry =
      before !== undefined && (mine === undefined || pack === undefined)
        ? // Left out by one side: gone, unless the other changed it.
          same(before, mine ?? pack)
          ? undefined
          : clashes.push({ path: "", base: before, ours: mine, theirs: pack })
        : (merge({ base: before, ours: mine, theirs: pack }, "", "whole", clashes) ?? pack);
    if (clashes.length) return undefined;
    if (entry !== undefined) merged.push(entry as Json);
  }
  return merged;
}

/** Theirs in its order, and what only ours has behind what stands before it there; ours first where only we reordered. */
function orderOf(base: string[], ours: string[], theirs: string[]): string[] {
  const common = (list: string[], other: string[]) => list.filter((name) => other.includes(name));
  const moved = (list: string[]) => common(list, base).join("\n") !== common(base, list).join("\n");
  const [first, second] = moved(ours) && !moved(theirs) ? [ours, theirs] : [theirs, ours];
  const order = [...first];
  second.forEach((name, i) => {
    if (order.includes(name)) return;
    const before = second.slice(0, i).findLast((other) => order.includes(other));
    order.splice(before === undefined ? 0 : order.indexOf(before) + 1, 0, name);
  });
  return order;
}
