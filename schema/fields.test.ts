import fc from "fast-check";
import { fieldsArbitrary, sampleType } from "../test/arbitraries";
import type { Field } from "./definition";
import {
  columnName,
  columns,
  fieldKinds,
  filterOf,
  fromColumns,
  isSortable,
  parse,
  parties,
  toColumns,
} from "./fields";
import { riskLevel } from "./parseValue";
import { canonicalJson, codePoints, fold, normal, snake } from "./text";

const options = [
  { value: "a", label: "A" },
  { value: "b", label: "B" },
];
const text: Field = { kind: "text", label: "Title" };
const id = "01JAN00000000000000000000A";

const everyKind: Field[] = [
  text,
  { kind: "longText", label: "Story" },
  { kind: "number", label: "Places" },
  { kind: "money", label: "Cost" },
  { kind: "yesNo", label: "Agreed" },
  { kind: "date", label: "Starts" },
  { kind: "dateTime", label: "Held" },
  { kind: "duration", label: "Every" },
  { kind: "choice", label: "Level", options },
  { kind: "choices", label: "Levels", options },
  { kind: "person", label: "Owner" },
  { kind: "people", label: "Team" },
  { kind: "role", label: "Role" },
  { kind: "roles", label: "Roles" },
  { kind: "link", label: "Policy", to: "policy" },
  { kind: "links", label: "Policies", to: "policy" },
  { kind: "document", label: "Text" },
  { kind: "file", label: "Photo" },
  { kind: "files", label: "Papers" },
  { kind: "riskGrid", label: "Risk" },
  { kind: "list", label: "Guests", of: { name: { ...text, required: true }, paid: { kind: "yesNo", label: "Paid" } } },
];

test("each kind is tried here", () => {
  expect(everyKind.map((field) => field.kind).sort()).toEqual(Object.keys(fieldKinds).sort());
});

describe("input that is refused", () => {
  const refused: [Field, unknown, string][] = [
    [{ kind: "date", label: "D" }, "2027-02-30", "30 February 2027 is not a date: February 2027 has 28 days."],
    [{ kind: "date", label: "D" }, "2027-13-01", "“2027-13-01” is not a date: months run from 01 to 12."],
    [
      { kind: "date", label: "D" },
      "31/10/2027",
      "“31/10/2027” is not a date: write year, month and day, such as 2027-05-31.",
    ],
    [{ kind: "date", label: "D" }, "2023-10", "October 2023 is a month: this needs a day, such as 2023-10-31."],
    [{ kind: "date", label: "D", precision: true }, "0998", "0998 is too long ago: years begin at 1000 here."],
    [{ kind: "number", label: "N" }, 1.5, "“1.5” is not a whole number. Round it."],
    [{ kind: "number", label: "N", decimals: 2 }, "1.505", "“1.505” has more than 2 decimals. Round it."],
    [{ kind: "number", label: "N" }, "ten", "“ten” is not a number."],
    [{ kind: "number", label: "N" }, 2 ** 53, "“9007199254740992” is too large a number."],
    [{ kind: "number", label: "N", min: 1 }, 0, "0 is too small: it must be 1 or more."],
    [{ kind: "money", label: "M" }, 12.5, "“12.5” is not an amount of money: give whole pence, 1250 for £12.50."],
    [{ kind: "yesNo", label: "Y" }, "yes", "“yes” is neither yes nor no."],
    [{ kind: "choice", label: "C", options }, "c", "“c” is not one of the choices: a, b."],
    [{ kind: "person", label: "P" }, "1", "“1” is not the id of a person."],
    [{ kind: "files", label: "F" }, [id, "photo.png"], "“photo.png” is not the id of a file."],
    [
      { kind: "riskGrid", label: "R", size: 3 },
      { likelihood: 4, impact: 1 },
      "Likelihood must be a whole number from 1 to 3.",
    ],
    [{ ...text, index: true }, "é".repeat(192), "This text has 192 characters; 191 are allowed. Shorten it."],
    [text, { toString: "x" }, '“{"toString":"x"}” is not a text.'],
    [
      { kind: "list", label: "L", of: { name: { ...text, required: true } } },
      [{ name: "a" }, {}],
      "Entry 2: Title is missing.",
    ],
    [{ kind: "list", label: "L", of: { name: text } }, [{ nome: "a" }], "Entry 1: There is no “nome” in this list."],
  ];
  test.each(refused)("%j does not take %j", (field, input, problem) => {
    expect(parse(field, input)).toEqual({ problem });
  });
  test("an instant needs its offset from UTC", () => {
    const parsed = parse({ kind: "dateTime", label: "D" }, "2027-05-04T08:00:00");
    expect(parsed).toEqual({ problem: expect.stringContaining("write it with its offset from UTC") });
  });
});

test("a text of half a megabyte passes, of whatever letters; a longer one does not", () => {
  const field: Field = { kind: "document", label: "Text" };
  expect(parse(field, "a".repeat(500_000))).toHaveProperty("value");
  expect(parse(field, "日".repeat(166_000))).toHaveProperty("value");
  expect(parse(field, "日".repeat(167_000))).toHaveProperty("problem");
});

test.each(everyKind)("an empty $kind is null, in and out", (field) => {
  for (const input of [null, undefined, ""]) expect(parse(field, input)).toEqual({ value: null });
  const written = toColumns(field, null);
  expect(Object.keys(written)).toEqual(columns(field).map(({ suffix }) => suffix));
  expect(fromColumns(field, written)).toBeNull();
});

test("decimals are kept as they stand, and written out in full", () => {
  const field: Field = { kind: "number", label: "N", decimals: 2 };
  expect(parse(field, 1.5)).toEqual({ value: "1.50" });
  expect(parse(field, "-0.0")).toEqual({ value: "0.00" });
  expect(parse(field, "9999999999999999.99")).toEqual({ value: "9999999999999999.99" });
  expect(parse(field, "99999999999999999")).toHaveProperty("problem");
});

test("choices come in the order of their options, people in their own, each once", () => {
  expect(parse({ kind: "choices", label: "C", options }, ["b", "a", "b"])).toEqual({ value: ["a", "b"] });
  const other = id.replace("A", "Z").replace(/A$/, "Z");
  expect(parse({ kind: "people", label: "P" }, [other, id, other])).toEqual({ value: [other, id] });
});

test("a risk knows its level", () => {
  const parsed = parse({ kind: "riskGrid", label: "R" }, { likelihood: 3, impact: 5, mitigations: " Lock it " });
  expect(parsed).toEqual({ value: { likelihood: 3, impact: 5, level: "high", mitigations: "Lock it" } });
  expect([
    riskLevel(1, 4),
    riskLevel(1, 5),
    riskLevel(3, 4),
    riskLevel(2, 1, 3),
    riskLevel(2, 2, 3),
    riskLevel(2, 3, 3),
  ]).toEqual(["low", "medium", "medium", "low", "medium", "high"]);
});

test("a month is stored as its last day", () => {
  const field: Field = { kind: "date", label: "D", precision: true };
  expect(toColumns(field, "2024-02")).toEqual({ "": "2024-02-29", _precision: "month" });
});

test("a list keeps its yes and no as numbers in the column only", () => {
  const field = everyKind.at(-1)!;
  const value = [
    { name: "Ada", paid: false },
    { name: "Bo", paid: null },
  ];
  expect(toColumns(field, value)).toEqual({ "": '[{"name":"Ada","paid":0},{"name":"Bo","paid":null}]' });
  expect(fromColumns(field, toColumns(field, value))).toEqual(value);
});

test("what SQL gives as text comes back as a number", () => {
  expect(fromColumns({ kind: "money", label: "M" }, { "": "9007199254740991" })).toBe(Number.MAX_SAFE_INTEGER);
  expect(fromColumns({ kind: "dateTime", label: "D" }, { "": "2027-05-04 07:00:00" })).toBe("2027-05-04T07:00:00.000Z");
});

test("whatever is written is read back", () => {
  fc.assert(
    fc.property(fieldsArbitrary, (row) => {
      for (const [name, field] of Object.entries(sampleType.fields)) {
        const value = row[name] ?? null;
        expect(fromColumns(field, toColumns(field, value))).toEqual(value);
        const secret: Field = { ...field, sensitive: true };
        expect(fromColumns(secret, toColumns(secret, value))).toEqual(value);
      }
    }),
  );
});

test("parsing a parsed value changes nothing", () => {
  fc.assert(
    fc.property(fieldsArbitrary, (row) => {
      for (const [name, field] of Object.entries(sampleType.fields))
        expect(parse(field, row[name])).toEqual({ value: row[name] });
    }),
  );
});

test.each(everyKind)("a sensitive $kind is one binary column, never filtered or sorted", (field) => {
  const secret = { ...field, sensitive: true };
  expect(columns(secret)).toEqual([{ suffix: "", ddl: "MEDIUMBLOB" }]);
  expect([filterOf(secret), isSortable(secret)]).toEqual([null, false]);
});

test("what nobody sees is not kept, and a text of one line has one", () => {
  const label = "Text";
  const given = "Ada\u202e nwo\u2066rB\u0000\u001b[2J\r\nBrook\rand\tco\u009f";
  expect(parse({ kind: "text", label }, given)).toEqual({ value: "Ada nworB[2J Brook and co" });
  expect(parse({ kind: "longText", label }, given)).toEqual({ value: "Ada nworB[2J\nBrook\nand\tco" });
  // Marks of direction that no text in Arabic or Hebrew can do without are.
  expect(parse({ kind: "text", label }, "\u200fשלום\u200e 1")).toEqual({ value: "\u200fשלום\u200e 1" });
});

test("folded text is the same folded again, and no longer than it was", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (value) => {
      expect(fold(fold(value))).toBe(fold(value));
      expect(codePoints(fold(value))).toBeLessThanOrEqual(codePoints(normal(value)));
    }),
  );
  expect(codePoints(fold("각"))).toBe(1);
  expect(fold("  Élan\t VITAL, Οδός ")).toBe("elan vital, οδοσ");
});

test("names of columns never meet, however the field is written", () => {
  expect([snake("reviewBy"), columnName("reviewBy", "_precision")]).toEqual(["review_by", "f_review_by_precision"]);
});

test("equal values give one canonical text", () => {
  expect(canonicalJson({ b: 1, a: { d: undefined, c: [2, null] } })).toBe('{"a":{"c":[2,null]},"b":1}');
});

test("everybody whom a person field names is a party", () => {
  const fields = { owner: id, team: [id, "01JAN00000000000000000000B"], name: "x" };
  expect(parties(sampleType, fields)).toEqual([
    { person: id, kind: "owner" },
    { person: id, kind: "team" },
    { person: "01JAN00000000000000000000B", kind: "team" },
  ]);
});
