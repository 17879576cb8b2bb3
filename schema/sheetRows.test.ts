import type { Field, RecordType } from "./definition";
import { guessKey, importColumns, matchColumns, readCell, repeatsIn } from "./sheetRows";

const words = { roles: [{ name: "chair", label: "Chair of governors" }], zone: "Europe/London" };
const read = (field: Partial<Field> & Pick<Field, "kind">, cell: string | number | boolean) =>
  readCell({ label: "L", ...field } as Field, cell, words);
const levels = {
  options: [
    { value: "hi", label: "High" },
    { value: "lo", label: "Low risk" },
  ],
};

test.each([
  ["31/07/2027", "2027-07-31"],
  ["1/2/27", "2027-02-01"],
  ["1.2.2027", "2027-02-01"],
  ["2027-07-31", "2027-07-31"],
  ["2027-07-31 00:00", "2027-07-31"],
  ["4 May 2027", "2027-05-04"],
  ["Tuesday 4th May 2027", "2027-05-04"],
  ["4-Sep-2027", "2027-09-04"],
])("the day %s", (text, date) => {
  expect(read({ kind: "date" }, text)).toEqual({ value: date });
});

test("a month stands only where a field takes one, and the month never comes first", () => {
  expect(read({ kind: "date", precision: true }, "October 2027")).toEqual({ value: "2027-10" });
  expect(read({ kind: "date" }, "October 2027")).toMatchObject({ problem: expect.stringContaining("needs a day") });
  expect(read({ kind: "date" }, "07/31/2027")).toEqual({
    problem: "“07/31/2027” is not a date: write day, month and year, such as 31/07/2027.",
  });
  expect(read({ kind: "date" }, "30/02/2027")).toHaveProperty("problem");
});

test("a time is the school's, on either side of the clock change", () => {
  expect(read({ kind: "dateTime" }, "01/07/2027 08:30")).toEqual({ value: "2027-07-01T07:30:00.000Z" });
  expect(read({ kind: "dateTime" }, "2027-01-05 8:05")).toEqual({ value: "2027-01-05T08:05:00.000Z" });
  expect(read({ kind: "dateTime" }, "01/07/2027 25:00")).toHaveProperty("problem");
});

test.each([
  ["money", "£1,250.50", 125_050],
  ["money", 12.5, 1_250],
  ["money", "-3", -300],
  ["number", "1,250", "1250"],
  ["yesNo", "Y", true],
  ["yesNo", false, false],
] as const)("%s from %s", (kind, cell, value) => {
  expect(read({ kind }, cell)).toEqual({ value });
});

test("choices and roles by their labels, whatever their case; several with semicolons between", () => {
  expect(read({ kind: "choice", ...levels }, "LOW RISK")).toEqual({ value: "lo" });
  expect(read({ kind: "choice", ...levels }, "medium")).toEqual({
    problem: "“medium” is not one of the choices: High, Low risk.",
  });
  expect(read({ kind: "choices", ...levels }, "low risk; High")).toEqual({ value: ["lo", "hi"] });
  expect(read({ kind: "role" }, "chair of governors")).toEqual({ value: "chair" });
});

test("people and links are names, to be looked up where they are known", () => {
  expect(read({ kind: "person" }, " Ada Shah ")).toEqual({ names: ["Ada Shah"] });
  expect(read({ kind: "people" }, "Ada Shah; ben@school.invalid;")).toEqual({
    names: ["Ada Shah", "ben@school.invalid"],
  });
  expect(read({ kind: "file" }, "x.pdf")).toHaveProperty("problem");
});

const type = {
  name: "tablet",
  label: "Tablet",
  title: "{{ model }}",
  fields: {
    model: { kind: "text", label: "Model", required: true },
    serial: { kind: "text", label: "Serial number", unique: true },
    boughtOn: { kind: "date", label: "Bought on" },
    tags: { kind: "choices", label: "Tags", options: [] },
    photo: { kind: "file", label: "Photo" },
    total: { kind: "number", label: "Total", editable: false },
  },
} as unknown as RecordType;

test("columns are matched by label, name or as the last time, each field once", () => {
  expect(matchColumns(type, ["Tablet", "serial NUMBER", "boughtOn", "Bought on", "Colour", "Total"])).toEqual([
    "model",
    "serial",
    "boughtOn",
    null,
    null,
    null,
  ]);
  expect(matchColumns(type, ["Serial", "Bought", "Mod", "Serial no."])).toEqual(["serial", "boughtOn", null, null]);
  expect(matchColumns(type, ["Bought", "Bought on"])).toEqual([null, "boughtOn"]);
  const before = { Colour: "model", Tablet: null };
  expect(matchColumns(type, ["Tablet", "Colour", "Reference"], before)).toEqual([null, "model", "reference"]);
  expect(importColumns(type).map(({ name }) => name)).toEqual(["model", "serial", "boughtOn", "tags", "reference"]);
  const needed = (model: object) =>
    importColumns({ ...type, fields: { model } } as unknown as RecordType).map(({ required }) => required);
  expect(needed({ ...type.fields["model"], default: "Old" })).toEqual([false, false]);
  expect(needed({ ...type.fields["model"] })).toEqual([true, false]);
});

test("the key is what is unique, else the reference, else the title, else everything that can be asked for", () => {
  expect(guessKey(type, ["model", "serial", "reference"])).toEqual(["serial"]);
  expect(guessKey(type, ["model", "reference"])).toEqual(["reference"]);
  expect(guessKey(type, ["boughtOn", "model"])).toEqual(["model"]);
  expect(guessKey(type, ["boughtOn", "tags"])).toEqual(["boughtOn"]);
});

test("a row that repeats an earlier one is found before anything is sent", () => {
  const rows = [{ serial: "A1" }, { serial: "B2" }, { serial: " A1 " }, { serial: "" }, { serial: null }];
  const repeats = repeatsIn(["serial"]);
  expect(rows.map((row, at) => repeats(at + 2, row))).toEqual([undefined, undefined, 2, undefined, undefined]);
});
