/**
 * Random rows and row-tier conditions of one sample type, drawn alike by the property tests of memory and of SQL:
 * empty text, blanks at the ends, accents in both forms, emoji, and dates and instants around both clock changes.
 */
import fc from "fast-check";
import { type CalendarData, calendar } from "../schema/calendar";
import { checkCondition } from "../schema/checkCondition";
import { Checking } from "../schema/checking";
import type { Condition, Conditions, Expressions, Literal, RecordType, Setting, Value } from "../schema/definition";
import { pseudoFields } from "../schema/condition";
import { parse } from "../schema/fields";
import type { UnitName } from "../schema/language/units";
import type { Fields, FieldValue } from "../schema/record";

const persons = ["01JAN00000000000000000000A", "01JAN00000000000000000000B", "01JAN00000000000000000000C"];
const options = ["low", "medium", "high"].map((value) => ({ value, label: value }));

/** One field of each kind that the row tier can ask about. */
export const sampleType: RecordType = {
  name: "sample",
  plural: "samples",
  label: "Sample",
  pluralLabel: "Samples",
  reference: "S-{n}",
  title: "{{ name }}",
  entries: { new: "open" },
  fields: {
    name: { kind: "text", label: "Name", index: true },
    note: { kind: "text", label: "Note" },
    story: { kind: "longText", label: "Story" },
    places: { kind: "number", label: "Places" },
    share: { kind: "number", label: "Share", decimals: 2 },
    cost: { kind: "money", label: "Cost" },
    agreed: { kind: "yesNo", label: "Agreed" },
    paid: { kind: "yesNo", label: "Paid" },
    startsOn: { kind: "date", label: "Starts on" },
    reviewBy: { kind: "date", label: "Review by", precision: true },
    heldAt: { kind: "dateTime", label: "Held at" },
    level: { kind: "choice", label: "Level", options },
    levels: { kind: "choices", label: "Levels", options },
    owner: { kind: "person", label: "Owner" },
    team: { kind: "people", label: "Team" },
    lasts: { kind: "duration", label: "Lasts" },
    duty: { kind: "role", label: "Duty" },
    duties: { kind: "roles", label: "Duties" },
    like: { kind: "link", label: "Like", to: "sample" },
    others: { kind: "links", label: "Others", to: "sample" },
  },
  states: { open: { label: "Open" }, closed: { label: "Closed", end: true } },
  actions: { close: { label: "Close", from: ["open"], to: "closed", who: [{ anyone: true }] } },
  grants: [{ to: [{ anyone: true }], may: ["see", "create", "edit"] }],
  settings: {
    limit: { label: "Limit", kind: "number", value: 10 },
    share: { label: "Share", kind: "percent", value: 50 },
    word: { label: "Word", kind: "text", value: "a" },
    words: { label: "Words", kind: "texts", value: ["a", "b"] },
    from: { label: "From", kind: "date", value: "2023-10-31" },
    away: { label: "Away", kind: "offset", value: "P3D" },
    steps: { label: "Steps", kind: "offsets", value: ["P3D", "P1M"] },
    morning: { label: "Morning", kind: "time", value: "08:00" },
  },
};

const figuresByKind: Record<Setting["kind"], Record<string, Literal | Literal[]>> = {
  number: { limit: 100 },
  percent: { share: 10 },
  text: { word: "ab" },
  texts: { words: ["ab", "é"] },
  date: { from: "2027-03-28" },
  offset: { away: "5 school days" },
  offsets: { steps: ["P1Y"] },
  time: { morning: "10:00" },
};
/** What the school has set, each otherwise than the definition says. */
export const figures = Object.assign({}, ...Object.values(figuresByKind)) as Record<string, Literal | Literal[]>;

const schoolDays: CalendarData = {
  zone: "Europe/London",
  terms: [
    { name: "Autumn", from: "2023-09-04", to: "2023-12-20" },
    { name: "Spring", from: "2027-01-04", to: "2027-03-25" },
    { name: "Summer", from: "2027-04-12", to: "2027-07-21" },
    { name: "Autumn", from: "2027-09-02", to: "2027-12-17" },
  ],
  closures: [{ from: "2027-10-25", to: "2027-10-29", kind: "holiday", name: "Half-term" }],
};
export const schoolCalendar = calendar(schoolDays);

const text = fc.oneof(
  fc.constantFrom(
    "",
    " ",
    "a",
    "a ",
    " a",
    "A",
    "ab",
    "é",
    "e\u0301",
    "É",
    "é ",
    "😀",
    "🙂",
    "😀 a",
    "ß",
    "ss",
    "a'b",
    "a\\b",
  ),
  fc.constantFrom(
    "100%",
    "a_b",
    "%",
    "_",
    "10",
    "10.0",
    "2023",
    "2023-10-31",
    "null",
    "İ",
    "Σίσυφος",
    "日本",
    "a\u00a0",
  ),
  fc.string({ unit: "grapheme", maxLength: 12 }),
);
const places = fc.oneof(fc.constantFrom(0, -1, 1, 10, 100), fc.integer({ min: -1e9, max: 1e9 }));
const share = fc.oneof(
  fc.constantFrom(0, 0.1, 1.5, 2, -0.05, 10),
  fc.integer({ min: -10_000, max: 10_000 }).map((n) => n / 100),
);
const day = fc.constantFrom(
  ...["2027-03-27", "2027-03-28", "2027-03-29", "2027-10-30", "2027-10-31", "2027-11-01", "2024-02-29", "2023-10-31"],
  ...["2023-01-01", "2023-12-31", "2023-10-01", "2023-11-01"],
);
const partial = fc.oneof(
  day,
  fc.constantFrom("2023", "2023-10", "2023-11", "2027", "2027-03", "2027-10", "2024-02", "2022"),
);
const instant = fc.constantFrom(
  ...["2027-03-28T00:59:59.999Z", "2027-03-28T01:00:00.000Z", "2027-03-28T02:30:00.000Z", "2027-10-31T00:30:00.000Z"],
  ...["2027-10-31T01:00:00.000Z", "2027-10-31T01:30:00.000Z", "2027-10-31T01:30:00.001Z", "2023-01-01T00:00:00.000Z"],
);
const level = fc.constantFrom(...options.map((option) => option.value));
const person = fc.constantFrom(...persons);

const inputs: Record<string, fc.Arbitrary<unknown>> = {
  name: text,
  note: text,
  story: text,
  places,
  share,
  cost: places,
  agreed: fc.boolean(),
  paid: fc.boolean(),
  startsOn: day,
  reviewBy: partial,
  heldAt: instant,
  level,
  levels: fc.array(level, { maxLength: 3 }),
  owner: person,
  team: fc.array(person, { maxLength: 3 }),
  lasts: fc.constantFrom("P3D", "P1M", "5 school days"),
  duty: fc.constantFrom("head", "clerk"),
  duties: fc.array(fc.constantFrom("head", "clerk"), { maxLength: 2 }),
  like: person,
  others: fc.array(person, { maxLength: 2 }),
};

/** The values of one row, each parsed as the engine parses it; a quarter of them empty. */
export const fieldsArbitrary: fc.Arbitrary<Fields> = fc
  .record(Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, fc.option(input, { freq: 3 })])))
  .map((row) => Object.fromEntries(Object.entries(row).map(([name, input]) => [name, parsedValue(name, input)])));

export const stateArbitrary = fc.constantFrom("open", "closed");

function parsedValue(name: string, input: unknown): FieldValue {
  const field = sampleType.fields[name];
  const parsed = field ? parse(field, input) : { problem: `There is no field ${name}.` };
  if ("problem" in parsed) throw new Error(`${name}: ${parsed.problem}`);
  return parsed.value;
}

const field = (name: string): Value => ({ field: name });
const within = (values: fc.Arbitrary<Literal>) => fc.array(values, { minLength: 1, maxLength: 3 });
const equality = (a: Value, b: fc.Arbitrary<Value>): fc.Arbitrary<Condition> =>
  fc.oneof(
    b.map((value): Condition => ({ eq: [a, value] })),
    b.map((value): Condition => ({ ne: [a, value] })),
  );
const order = (a: Value, b: fc.Arbitrary<Value>): fc.Arbitrary<Condition> =>
  fc.oneof(
    equality(a, b),
    b.map((value): Condition => ({ lt: [a, value] })),
    b.map((value): Condition => ({ le: [a, value] })),
    b.map((value): Condition => ({ gt: [a, value] })),
    b.map((value): Condition => ({ ge: [a, value] })),
    // The constant on the left is as good.
    b.map((value): Condition => ({ lt: [value, a] })),
    b.map((value): Condition => ({ ge: [value, a] })),
  );
const today: Value = { today: true };
const soon = fc.constantFrom<Value>({ plus: [today, "P30D"] }, { plus: [today, "-P1M"] }, { plus: [today, "P1Y"] });

/** A single comparison or test over the sample's fields, its state, today and the actor. */
export const leafArbitrary: fc.Arbitrary<Condition> = fc.oneof(
  fc.constantFrom(...Object.keys(inputs)).map((name): Condition => ({ empty: field(name) })),
  fc.constantFrom("name", "note", "story").chain((name) =>
    fc.oneof(
      equality(field(name), text),
      within(text).map((values): Condition => ({ in: [field(name), values] })),
      text.map((part): Condition => ({ contains: [field(name), part] })),
    ),
  ),
  equality(field("name"), fc.constant(field("note"))),
  order(field("places"), fc.oneof(places, fc.constantFrom<Value>(field("cost"), { setting: "limit" }))),
  order(field("cost"), places),
  order(field("share"), share),
  fc.constantFrom<Condition>({ lt: [field("places"), field("share")] }, { ge: [field("share"), field("cost")] }),
  within(share).map((values): Condition => ({ in: [field("share"), values] })),
  equality(field("agreed"), fc.oneof(fc.boolean(), fc.constant<Value>(field("paid")))),
  within(fc.boolean()).map((values): Condition => ({ in: [field("paid"), values] })),
  order(field("startsOn"), fc.oneof(partial, soon, fc.constantFrom<Value>(today, field("reviewBy")))),
  order(field("reviewBy"), fc.oneof(partial, soon, fc.constantFrom<Value>(today, field("startsOn")))),
  within(partial).map((values): Condition => ({ in: [field("reviewBy"), values] })),
  order(field("heldAt"), instant),
  equality(field("level"), level),
  within(level).map((values): Condition => ({ in: [field("level"), values] })),
  level.map((value): Condition => ({ includes: [field("levels"), value] })),
  equality(field("owner"), fc.oneof(person, fc.constant<Value>({ actor: true }))),
  fc
    .oneof(person, fc.constant<Value>({ actor: true }))
    .map((value): Condition => ({ includes: [field("team"), value] })),
  equality(field("state"), stateArbitrary),
  within(stateArbitrary).map((values): Condition => ({ in: [field("state"), values] })),
);

const outer = (name: string): Value => ({ outer: name });
const sameKinds: readonly (readonly string[])[] = [
  ["name", "note"],
  ["places", "cost"],
  ["agreed", "paid"],
  ["startsOn", "reviewBy"],
  ["level"],
  ["owner"],
  ["heldAt"],
];

/** A comparison of a row with the record that asks, which a `Related` may make. */
export const outerLeafArbitrary: fc.Arbitrary<Condition> = fc.constantFrom(...sameKinds).chain((names) =>
  fc
    .tuple(fc.constantFrom(...names), fc.constantFrom(...names), fc.constantFrom("eq", "ne", "lt", "le", "gt", "ge"))
    .map(([a, b, how]) => ({ [how]: [field(a), outer(b)] }) as unknown as Condition)
    .filter((leaf) => ["places", "startsOn", "heldAt"].includes(names[0] ?? "") || "eq" in leaf || "ne" in leaf),
);

/** Conditions of the row tier, nested up to three deep, with empty `all` and `any` among them. */
export const rowConditionArbitrary: fc.Arbitrary<Condition> = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leafArbitrary,
    fc.array(tie("condition"), { maxLength: 3 }).map((all): Condition => ({ all })),
    fc.array(tie("condition"), { maxLength: 3 }).map((any): Condition => ({ any })),
    tie("condition").map((not): Condition => ({ not })),
  ),
})).condition;

/** What the row tier knows beside the row. Nobody signed in is an actor too. */
export const surroundingsArbitrary = fc.record({
  today: day,
  actor: fc.option(person),
  settings: fc.constant(figures),
  calendar: fc.constant(schoolCalendar),
});

// ------------------------------------------------------------------------------------- every form of the language

const offsetsByUnit: Record<UnitName, string> = {
  minute: "PT30M",
  hour: "PT1H",
  day: "-P1D",
  workingDay: "2 working days",
  schoolDay: "-3 school days",
  week: "P1W",
  month: "-P1M",
  halfTerm: "1 half-term",
  term: "1 term",
  academicYear: "-1 academic year",
  year: "P1Y",
};
const settingNames = Object.keys(sampleType.settings ?? {});
const named = [...Object.keys(sampleType.fields), ...pseudoFields];
const literals: Literal[] = [
  ...[null, true, false, 0, 1, 10, 1.5, "", "a", "A", "ab", "é", "10", "open", "low", "head", "P3D", "10:00"],
  ...["2023", "2023-10", "2023-10-31", "2027-03", "2027-03-28"],
  ...["2027-03-28T01:00:00.000Z", "2027-03-28T01:00:00Z", "2027-03-28T01:00Z", "2027-03-28T02:00:00+01:00"],
  ...["2027-10-31T01:30:00.001Z", "2027-10-31T01:30:00.0010Z"],
];

/** Values of every form: one that comes to the language and is missing here does not compile. */
const values: Record<keyof Expressions | "literal", Value[]> = {
  literal: literals,
  field: named.map((field) => ({ field })),
  form: [{ form: "name" }],
  setting: settingNames.map((setting) => ({ setting })),
  today: [{ today: true }],
  period: [{ period: "start" }, { period: "end" }],
  actor: [{ actor: true }],
  self: [{ self: true }],
  outer: named.map((outer) => ({ outer })),
  entry: [{ entry: true }],
  plus: [
    ...Object.values(offsetsByUnit).map((by): Value => ({ plus: [{ today: true }, by] })),
    ...["2023-10", { setting: "from" }].map((base): Value => ({ plus: [base, { setting: "away" }] })),
    { plus: [{ outer: "heldAt" }, "PT1H"] },
    { plus: [{ plus: [{ today: true }, "1 term"] }, "-2 working days"] },
  ],
  size: [{ size: { field: "team" } }],
  added: [{ added: [{ field: "team" }, { actor: true }] }],
  holders: [{ holders: { role: "head" } }],
};

type Pair = (a: Value, b: Value) => Condition[];
/** By whatever is asked of a pair of values; those of guards are refused in rows, and asked of other records elsewhere. */
const leaves: Record<Exclude<keyof Conditions, "all" | "any" | "not">, Pair> = {
  eq: (a, b) => [{ eq: [a, b] }],
  ne: (a, b) => [{ ne: [a, b] }],
  lt: (a, b) => [{ lt: [a, b] }],
  le: (a, b) => [{ le: [a, b] }],
  gt: (a, b) => [{ gt: [a, b] }],
  ge: (a, b) => [{ ge: [a, b] }],
  in: (a, b) => (isLiteral(b) ? [{ in: [a, [b]] }, { in: [a, [b, "2023-10", "a"]] }] : []),
  empty: (a) => [{ empty: a }],
  contains: (a, b) => (typeof b === "string" ? [{ contains: [a, b] }] : []),
  includes: (a, b) => [{ includes: [a, b] }],
  exists: (a, b) => [{ exists: { type: "sample", match: { name: a }, where: { eq: [a, b] } } }],
  none: (a, b) => [{ none: { type: "sample", match: { name: a }, where: { eq: [a, b] } } }],
  every: (a, b) => [{ every: { type: "sample", match: { name: a }, satisfies: { eq: [a, b] } } }],
  count: (a, b) => [{ count: { type: "sample", match: { name: a }, where: { eq: [a, b] } }, atLeast: 1 }],
  holds: (a) => [{ holds: [a, [{ role: "head" }]] }],
  phrase: () => [{ phrase: { in: "story", of: ["a"] } }],
};

const isLiteral = (value: Value): value is Literal => value === null || typeof value !== "object";

const roles = ["head", "clerk"].map((name) => ({ name, label: name, plural: name }));

/** Every condition over every pair of values that the check lets through for rows, and each of them negated. */
export function everyRowLeaf(): Condition[] {
  const all = Object.values(values).flat();
  const asked = Object.values(leaves).flatMap((leaf) => all.flatMap((a) => all.flatMap((b) => leaf(a, b))));
  const told = new Map(asked.map((condition) => [JSON.stringify(condition), condition]));
  // Asked beside it, so that “ne” is let through of what may be empty.
  const place = {
    ...({ tier: "row", type: sampleType, outer: sampleType, period: true } as const),
    asked: new Set(all.map((value) => JSON.stringify(value))),
  };
  return [...told.values()].filter((condition) => {
    const checking = new Checking(sampleType, { roles, types: [] });
    checkCondition(checking, condition, place, "");
    return checking.problems.length === 0;
  });
}
