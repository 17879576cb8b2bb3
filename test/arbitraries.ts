/**
 * Random rows and row-tier conditions of one sample type, drawn alike by the property tests of memory and of SQL:
 * empty text, blanks at the ends, accents in both forms, emoji, and dates and instants around both clock changes.
 */
import fc from "fast-check";
import type { Condition, Literal, RecordType, Value } from "../schema/definition";
import { parse } from "../schema/fields";
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
  },
  states: { open: { label: "Open" }, closed: { label: "Closed", end: true } },
  actions: { close: { label: "Close", from: ["open"], to: "closed", who: [{ anyone: true }] } },
  grants: [{ to: [{ anyone: true }], may: ["see", "create", "edit"] }],
  settings: { limit: { label: "Limit", kind: "number", value: 10 } },
};

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
});
