/**
 * Edits of definitions at random, as somebody makes them who means well, slips, or tries what happens. An edit is plain
 * data, so that it can be printed, and done again without the others of its seed.
 */
import type { RecordType } from "../../schema/definition";
import type { Random } from "../../schema/packs/school-policy/demo/year/random";

type Json = unknown;
type Key = string | number;
type Parts = Record<string, Json>;

export type Edit = { type: string; path: Key[] } & (
  | { op: "set"; value: Json }
  | { op: "drop" }
  /** Beside it, under another name or as the next element. */
  | { op: "copy"; name: string }
  /** `everywhere`: also where the type, or another of the set, names it. */
  | { op: "rename"; name: string; everywhere: boolean }
  | { op: "swap"; with: Key }
);

const isParts = (value: Json): value is Parts => typeof value === "object" && value !== null && !Array.isArray(value);

// ------------------------------------------------------------------------------------------------------- carry out

function parentOf(root: Json, path: Key[]): { parent: Json; last: Key } | undefined {
  let parent = root;
  for (const key of path.slice(0, -1)) {
    if (typeof parent !== "object" || parent === null) return undefined;
    parent = (parent as Parts)[key];
  }
  const last = path.at(-1);
  return typeof parent === "object" && parent !== null && last !== undefined ? { parent, last } : undefined;
}

/** With own properties only: "__proto__" is a name like others here. */
function put(parts: Parts, name: string, value: Json): void {
  Object.defineProperty(parts, name, { value, enumerable: true, configurable: true, writable: true });
}

/** In place of another, where it stood. */
function renamed(parts: Parts, from: string, to: string): Parts {
  const made: Parts = {};
  for (const [name, value] of Object.entries(parts)) put(made, name === from ? to : name, value);
  return made;
}

function everywhere(value: Json, from: string, to: string): Json {
  if (value === from) return to;
  if (typeof value === "string")
    return value.startsWith(`${from}.`)
      ? to + value.slice(from.length)
      : value.endsWith(`.${from}`)
        ? value.slice(0, -from.length) + to
        : value.replaceAll(new RegExp(`\\b${from.replaceAll(/\W/g, "\\$&")}\\b(?=[^{}]*}})`, "g"), () => to);
  if (Array.isArray(value)) return value.map((each) => everywhere(each, from, to));
  if (!isParts(value)) return value;
  const made: Parts = {};
  for (const [name, each] of Object.entries(value)) put(made, name === from ? to : name, everywhere(each, from, to));
  return made;
}

/** The types after the edits; those given are not changed. An edit whose place is gone does nothing. */
export function edited(types: RecordType[], edits: Edit[]): RecordType[] {
  const about = new Set(edits.map(({ type }) => type));
  let made: Json[] = types.map((type) => (about.has(type.name) ? structuredClone(type) : type));
  for (const edit of edits) {
    const index = types.findIndex(({ name }) => name === edit.type);
    const root = made[index];
    const place = parentOf(root, edit.path);
    if (!place) continue;
    const { parent, last } = place;
    if (edit.op === "set") {
      if (Array.isArray(parent)) parent[Number(last)] = structuredClone(edit.value);
      else put(parent as Parts, String(last), structuredClone(edit.value));
    } else if (edit.op === "drop") {
      if (Array.isArray(parent)) parent.splice(Number(last), 1);
      else delete (parent as Parts)[last];
    } else if (edit.op === "copy") {
      const copy = structuredClone((parent as Parts)[last]);
      if (Array.isArray(parent)) parent.splice(Number(last), 0, copy);
      else put(parent as Parts, edit.name, copy);
    } else if (edit.op === "swap") {
      const parts = parent as Parts;
      const [one, other] = [parts[last], parts[edit.with]];
      put(parts, String(last), other);
      put(parts, String(edit.with), one);
    } else if (isParts(parent)) {
      const grand = parentOf(root, edit.path.slice(0, -1));
      if (grand) (grand.parent as Parts)[grand.last] = renamed(parent, String(last), edit.name);
      if (edit.everywhere)
        made = made.map((each, i) =>
          about.has(types[i]?.name ?? "") ? everywhere(each, String(last), edit.name) : each,
        );
    }
  }
  return made as RecordType[];
}

export function inWords(edit: Edit): string {
  const path = `${edit.type}.${edit.path.join(".")}`;
  const short = (value: Json): string => {
    const text = JSON.stringify(value) ?? "undefined";
    return text.length > 300 ? `${text.slice(0, 300)}…` : text;
  };
  switch (edit.op) {
    case "set":
      return `${path} = ${short(edit.value)}`;
    case "drop":
      return `without ${path}`;
    case "copy":
      return `${path} twice, as ${short(edit.name)}`;
    case "rename":
      return `${path} is called ${short(edit.name)}${edit.everywhere ? " everywhere" : ""}`;
    case "swap":
      return `${path} and ${edit.with} change places`;
  }
}

// ------------------------------------------------------------------------------------------------------- vocabulary

/** Parts whose own parts are named by whoever wrote them. */
const maps = new Set([
  ...["fields", "states", "actions", "tasks", "timers", "duties", "settings", "notices", "rules", "warnings"],
  ...["triggers", "rosters", "views", "charts", "asks", "needs", "of", "defaults", "set", "with", "match"],
]);
const conditions = new Set(["when", "must", "where", "visible", "not", "satisfies", "all[]", "any[]"]);

/** What stands at a place, whatever it is named: "timers.*", "steps[]", "condition", "label". */
function positionOf(path: Key[], value: Json): string {
  const last = path.at(-1) ?? "";
  const before = path.at(-2);
  const name = typeof last === "number" ? `${String(before)}[]` : maps.has(String(before)) ? `${before}.*` : last;
  if (conditions.has(name)) return "condition";
  return ["required", "editable"].includes(name) && isParts(value) ? "condition" : name;
}

function visit(value: Json, path: Key[], see: (path: Key[], value: Json) => void): void {
  if (path.length) see(path, value);
  if (Array.isArray(value)) value.forEach((each, i) => visit(each, [...path, i], see));
  else if (isParts(value)) for (const [name, each] of Object.entries(value)) visit(each, [...path, name], see);
}

const offsets = [
  ...["P0D", "-P1D", "P1D", "-P0D", "PT1M", "PT0M", "-PT2H", "PT36H", "P1W", "P10000Y", "-P10000Y", "P99999999999D"],
  ...["P1M", "-P14D", "1 school day", "2 working days", "-3 school days", "1 term", "-1 half-term", "P1Y", "PT1S", "x"],
  ...["0 school days", "400 terms", "P3650D", "-P3650D", "1 academic year"],
];
const templates = [
  ...["", " ", "{{ nothing }}", "{{ title }}", "{{ recordTitle }} {{ due }}", "{% if state == 'x' %}a{% endif %}"],
  ...[
    "{{ reference | upcase }}",
    "{{ person.name }}",
    "{{ school }} {{ url }}",
    "{% for x in (1..9) %}{{ x }}{% endfor %}",
  ],
  ...[
    "{{ a.b.c }}",
    "{{ constructor }}",
    "{{",
    "{{ '",
    `${"long ".repeat(300)}`,
    "<b>&amp;</b> \u0000",
    "{{ state }} 🐎",
  ],
  ...[
    "{{ createdAt }}",
    "{{ updatedAt }}",
    "{{ createdBy }}",
    "{% raw %}{{ x }}{% endraw %}",
    "{{ due | date: '%Y' }}",
  ],
];
const names = [
  ...[
    "x".repeat(64),
    `a${"B".repeat(40)}`,
    "constructor",
    "__proto__",
    "toString",
    "id",
    "state",
    "Ärger",
    "a b",
    "",
    "1a",
  ],
  ...[
    "type",
    "order",
    "select",
    "updatedAt",
    "version",
    "naïve",
    "a-b",
    "abcdefghijklmnopqrstuvwxyzabcdefghij",
    "other",
  ],
];
const numbers = [0, -1, 1, 2, 3, 1e9, 1.5, 2 ** 53, -0.5, 100, 64, 500];
const fieldKinds = [
  ...["text", "longText", "number", "money", "yesNo", "date", "dateTime", "duration", "choice", "choices", "person"],
  ...["people", "role", "roles", "link", "links", "document", "file", "files", "riskGrid", "list"],
];
const comparisons = ["eq", "ne", "lt", "le", "gt", "ge", "includes", "contains", "in"];

/** Parts that somebody may add, by where: beside those that the pack itself uses there. */
const additions: Record<string, [name: string, values: Json[]][]> = {
  "fields.*": [
    ...(["required", "unique", "index", "sensitive", "sealed", "precision", "editable", "nameless"] as const).map(
      (name): [string, Json[]] => [name, [true, false]],
    ),
    ["maxLength", [0, 1, 10, 191, 192, 5_000, -1]],
    ["min", [0, -5, 10, 1e12]],
    ["max", [0, -5, 10, 1e12]],
    ["decimals", [0, 1, 4, 10, 30, -1]],
    ["default", [null, "", 0, true, "x", { today: true }, { actor: true }, { plus: [{ today: true }, "P1M"] }, []]],
    ["see", [[], [{ role: "headteacher" }], [{ field: "createdBy" }], [{ anyone: true }], [{ system: true }]]],
    ["edit", [[], [{ role: "headteacher" }], [{ field: "createdBy" }], [{ system: true }], [{ task: "review" }]]],
  ],
  "timers.*": [
    ["repeat", ["P1D", "P1W", "PT1H", "PT1M", "1 school day", "1 term", "P1M", "P1Y"]],
    ["quiet", ["P0D", "P14D", "P1Y", "PT1H"]],
    ["late", ["fire", "collapse", { skipAfter: "P1D" }, { skipAfter: "P0D" }, { skipAfter: "PT1H" }]],
    ["at", ["00:00", "23:59", "08:00", "24:00", "1:30", "02:30"]],
    ["roll", ["nextOpenDay", "previousOpenDay", "none"]],
    ["open", ["school", "working"]],
    [
      "anchor",
      [
        { field: "createdAt" },
        { field: "updatedAt" },
        { earliestOf: [{ field: "createdAt" }, { field: "updatedAt" }] },
      ],
    ],
    ["while", [[]]],
    ["pausedWhile", [[]]],
  ],
  "tasks.*": [
    ["quorum", ["any", "all", 1, 2, 0, 1_000, 1.5]],
    ["decides", [true]],
    [
      "due",
      [
        { field: "createdAt" },
        { field: "updatedAt" },
        { after: "P0D" },
        { after: "2 school days" },
        { after: "P9999Y" },
      ],
    ],
    ["actions", [[]]],
    [
      "to",
      [[], [{ anyone: true }], [{ group: "away" }], [{ field: "createdBy" }], [{ role: "headteacher", at: "parent" }]],
    ],
    ["while", [[]]],
    ["handOverTo", [[], [{ anyone: true }], [{ role: "staff" }]]],
  ],
  "actions.*": [
    ["who", [[], [{ system: true }], [{ anyone: true }], [{ role: "staff" }], [{ field: "createdBy" }]]],
    ["decides", [[], [{ role: "headteacher" }, { role: "chair" }]]],
    ["defaults", [{}]],
    ["required", [[]]],
    ["form", [[]]],
    ["effects", [[]]],
    ["separate", [[]]],
  ],
  "states.*": [
    ["end", [true, false]],
    ["resting", [true]],
  ],
  "notices.*": [["optional", [true]]],
  "duties.*": [
    ["every", ["P1D", "P0D", "-P1M", "PT1H", "1 term", "1 school day"]],
    ["from", ["2026-01-01", "1900-01-01", "2099-12-31", "2027-02-29", "x"]],
    ["at", ["00:00", "25:00"]],
    ["fields", [{}]],
  ],
  "settings.*": [
    ["value", ["P0D", "-P1D", "P10000Y", 0, -1, 1e300, "x", "", [], ["P1D", "P1D"], "00:00", "2027-02-29"]],
  ],
  "rosters.*": [
    ["joiners", [true]],
    ["except", [[], [{ group: "away" }]]],
  ],
  "grants[]": [
    ["reach", ["below", "here"]],
    ["may", [["see"], ["create"], ["edit"], ["count"], []]],
    ["when", [{ all: [] }, { any: [] }, { not: { all: [] } }, { empty: { field: "createdBy" } }]],
  ],
  "": [
    ["confidential", [true, false]],
    ["logged", [true]],
    ["reference", ["X{n}", "{n}", "POL-{year}-{n}", "AAAAAAAAAAAAAAAAAAAAA{n}", "é-{n}", "X", "{year}{n}"]],
    ["engine", [0, 1, 2, 99]],
    ["grants", [[], [{ to: [{ anyone: true }], may: ["see", "create", "edit", "count"] }]]],
    ["bars", [[], ["createdBy"]]],
    ["conflicts", [[], ["createdBy"]]],
    ["entries", []],
  ],
};

/** Everything that stands in the pack, by its place, so that parts of one type may stand in another. */
export class Vocabulary {
  private readonly byPosition = new Map<string, Json[]>();
  private readonly keys = new Map<string, Set<string>>();

  constructor(types: RecordType[]) {
    for (const type of types)
      visit(type, [], (path, value) => {
        const position = positionOf(path, value);
        const known = this.byPosition.get(position) ?? [];
        if (known.length < 2_000) known.push(value);
        this.byPosition.set(position, known);
        if (!isParts(value) || maps.has(String(path.at(-1)))) return;
        const keys = this.keys.get(position) ?? new Set();
        for (const key of Object.keys(value)) keys.add(key);
        this.keys.set(position, keys);
      });
  }

  like(position: string, random: Random): Json {
    const known = this.byPosition.get(position);
    return known ? structuredClone(random.oneOf(known)) : undefined;
  }

  keysOf(position: string): string[] {
    return [...(this.keys.get(position) ?? [])];
  }
}

/** Names of the type, for a part that came from another: most of what it names is there then. */
function atHome(value: Json, type: RecordType, random: Random): Json {
  const some = (parts: Json, name: string): string => {
    const own = isParts(parts) ? Object.keys(parts) : [];
    return own.length && !own.includes(name) && random.happens(0.9) ? random.oneOf(own) : name;
  };
  const walk = (each: Json, key: string): Json => {
    if (typeof each === "string") {
      const own = homes[key];
      return own ? some(type[own], each) : each;
    }
    if (Array.isArray(each)) return each.map((one) => walk(one, key));
    if (!isParts(each)) return each;
    const made: Parts = {};
    for (const [name, one] of Object.entries(each))
      put(made, key === "set" ? some(type.fields, name) : name, walk(one, name));
    return made;
  };
  return walk(value, "");
}

const homes: Record<string, keyof RecordType> = {
  ...{ field: "fields", of: "fields", link: "fields", rolesIn: "fields", person: "fields", form: "fields" },
  ...{ setting: "settings", template: "notices", task: "tasks", event: "actions", actions: "actions" },
  ...{ from: "states", to: "states", while: "states", pausedWhile: "states", in: "states", opens: "states" },
  ...{ state: "states", columns: "fields", fields: "fields", separate: "fields", shows: "fields" },
};

// ----------------------------------------------------------------------------------------------------------- chance

const sections: (keyof RecordType)[] = [
  ...(["fields", "fields", "fields", "states", "actions", "actions", "actions", "actions", "tasks", "tasks"] as const),
  ...(["timers", "timers", "timers", "timers", "duties", "duties", "settings", "notices", "rules", "rules"] as const),
  ...(["warnings", "triggers", "triggers", "triggers", "rosters", "rosters", "rosters", "grants", "views"] as const),
  ...(["charts", "form", "quick", "guests", "entries", "title", "reference", "roll", "confidential"] as const),
];

/** Words for people, and colours: nothing goes by them. */
const unseen = new Set(["help", "because", "refusal", "source", "unit", "date", "verify", "rag", "icon"]);

/** One edit of a type as it stands by now. */
export function someEdit(type: RecordType, types: RecordType[], words: Vocabulary, random: Random): Edit {
  const about = { type: type.name };
  // Now and then the type's own parts; else somewhere below one of its sections, all kinds alike.
  if (random.happens(0.06)) return { ...about, ...addition([], type, type, types, words, random) };
  const section = random.oneOf(sections.filter((name) => type[name] !== undefined));
  const nodes: { path: Key[]; value: Json }[] = [];
  visit(type[section], [section], (path, value) => {
    // Words for people change nothing, unless they are templates.
    if (path.some((key) => unseen.has(String(key)))) return;
    nodes.push({ path, value });
  });
  if (!nodes.length) return { ...about, path: [section], op: "drop" };
  // Of a long list of fields the one that is changed is chosen first, so that what is nested is not all that changes.
  const { path, value } = random.happens(0.5)
    ? random.oneOf(nodes)
    : random.oneOf(nodes.filter(({ path: each }) => each.length <= 3));
  return { ...about, ...changeOf(path, value, type, types, words, random) };
}

type Change = Edit extends infer E ? (E extends Edit ? Omit<E, "type"> : never) : never;

function changeOf(
  path: Key[],
  value: Json,
  type: RecordType,
  types: RecordType[],
  words: Vocabulary,
  random: Random,
): Change {
  const position = positionOf(path, value);
  const last = path.at(-1) ?? "";
  const set = (to: Json): Change => ({ path, op: "set", value: to });
  const named = maps.has(String(path.at(-2))) && typeof last === "string";
  const place = parentOf(type, path);
  const beside = place && isParts(place.parent) ? Object.keys(place.parent).filter((key) => key !== last) : [];
  const roll = random.next();
  if (named && roll < 0.5) {
    const other = random.happens(0.3) ? random.oneOf(names) : `${String(last)}Two`;
    if (roll < 0.15) return { path, op: "drop" };
    if (roll < 0.28) return { path, op: "copy", name: other };
    if (roll < 0.4) return { path, op: "rename", name: other, everywhere: random.happens(0.6) };
    if (beside.length) return { path, op: "swap", with: random.oneOf(beside) };
  }
  if (typeof last === "number" && roll < 0.35) {
    const length = Array.isArray(place?.parent) ? place.parent.length : 1;
    if (roll < 0.15) return { path, op: "drop" };
    if (roll < 0.22) return { path, op: "copy", name: "" };
    return { path, op: "swap", with: random.within(0, length - 1) };
  }
  if (!named && typeof last === "string" && roll < 0.12) return { path, op: "drop" };
  if (position === "kind" && path[0] === "fields") return set(random.oneOf(fieldKinds));
  if (typeof value === "boolean" && roll < 0.7) return set(!value);
  if (typeof value === "number") return set(random.oneOf(numbers));
  if (typeof value === "string") {
    if (/^-?P|^\d+ /.test(value)) return set(random.oneOf(offsets));
    if (/^\d\d:\d\d$/.test(value)) return set(random.oneOf(["00:00", "23:59", "24:00", "02:30", "8:00", ""]));
    if (["title", "subject", "body", "message", "summary", "label"].includes(String(last))) {
      const template = random.oneOf(templates);
      return set(random.happens(0.5) ? `${value} ${template}` : template);
    }
    const own = homes[String(typeof last === "number" ? path.at(-2) : last)];
    if (own && random.happens(0.7)) {
      const all = [...Object.keys(type[own] ?? {}), ...(own === "fields" ? pseudo : [])];
      if (all.length) return set(random.oneOf(all));
    }
  }
  if (isParts(value) && position === "condition" && random.happens(0.5)) return set(otherCondition(value, random));
  if (isParts(value) && random.happens(0.5)) return addition(path, value, type, types, words, random);
  const like = words.like(position, random);
  return like === undefined ? { path, op: "drop" } : set(atHome(like, type, random));
}

const pseudo = ["state", "reference", "createdAt", "updatedAt", "createdBy"];

function otherCondition(value: Parts, random: Random): Json {
  const operator = Object.keys(value).find((key) => comparisons.includes(key));
  if (operator === undefined || random.happens(0.3))
    return random.oneOf<Json>([{ not: value }, { all: [] }, { any: [] }, { all: [value, { not: value }] }]);
  const other = random.oneOf(comparisons);
  const pair = value[operator] as Json[];
  if (random.happens(0.3)) return { [operator]: [pair[1], pair[0]] };
  if (random.happens(0.2))
    return {
      [operator]: [pair[0], random.oneOf<Json>([null, "", 0, true, { today: true }, { actor: true }, { self: true }])],
    };
  return { [other]: other === "in" ? [pair[0], [pair[1]]] : pair };
}

/** A part that was not there, or stood otherwise. */
function addition(
  path: Key[],
  value: object,
  type: RecordType,
  types: RecordType[],
  words: Vocabulary,
  random: Random,
): Change {
  const position = path.length ? positionOf(path, value) : "";
  const listed = additions[position];
  if (listed && random.happens(0.6)) {
    const [name, values] = random.oneOf(listed);
    if (values.length) return { path: [...path, name], op: "set", value: random.oneOf(values) };
  }
  const name = path.length ? words.keysOf(position) : Object.keys(random.oneOf(types));
  if (!name.length) return { path, op: "drop" };
  const key = random.oneOf(name);
  if (["name", "label", "group", "imports", ...unseen].includes(key)) return { path, op: "drop" };
  const target = [...path, key];
  // A whole section of another type, or one more of its parts.
  if (!path.length) {
    const from: Json = random.oneOf(types)[key as keyof RecordType];
    if (isParts(from) && Object.keys(from).length && maps.has(key)) {
      const part = random.oneOf(Object.keys(from));
      return { path: [key, part], op: "set", value: atHome(from[part], type, random) };
    }
    return from === undefined
      ? { path: [key], op: "drop" }
      : { path: [key], op: "set", value: atHome(from, type, random) };
  }
  const like = words.like(positionOf(target, undefined), random);
  return like === undefined ? { path, op: "drop" } : { path: target, op: "set", value: atHome(like, type, random) };
}

/** Types that are edited together: one, or two of which one names the other. */
export function someTypes(types: RecordType[], random: Random): RecordType[] {
  const first = random.oneOf(types);
  if (random.happens(0.7)) return [first];
  const said = JSON.stringify(first);
  const near = types.filter(({ name }) => name !== first.name && said.includes(JSON.stringify(name)));
  return near.length ? [first, random.oneOf(near)] : [first];
}
