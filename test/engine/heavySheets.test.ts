/** Sheets as schools keep them, and sheets made to hurt: read in a process of its own, or refused with a sentence. */
import type { ReadSheet } from "../../api/engine/heavy/readSheet";
import type { NumberedRow } from "../../api/engine/heavy/sheetTable";
import { bounds, endIdleWorkers, heavily } from "../../api/engine/heavy/pool";
import { Failure } from "../../schema/failure";

import writeExcelFile from "write-excel-file/node";
import { cell, hostileSheets, row, xlsxOf } from "../hostileFiles";

const read = (bytes: Uint8Array, kind: "csv" | "xlsx" = "csv", sheet: string | null = null) =>
  heavily("sheet", { bytes, kind, sheet }, "Zoe");
const text = (csv: string, encoding: BufferEncoding = "utf8") => read(Buffer.from(csv, encoding));
const rowsOf = ({ json, starts }: ReadSheet): NumberedRow[] =>
  starts.flatMap((from, n) => JSON.parse(Buffer.from(json.subarray(from, starts[n + 1])).toString()) as NumberedRow[]);

const { sheet } = bounds;
// Whatever else the machine does.
const patient = { ...sheet, seconds: 50 };
beforeEach(() => void (bounds.sheet = patient));
afterAll(async () => {
  bounds.sheet = sheet;
  await endIdleWorkers();
});

test.each(Object.entries(hostileSheets))("%s: read, or refused in words, and the next is read", async (_, hostile) => {
  const bytes = await hostile.make();
  const became = await read(bytes, hostile.csv ? "csv" : "xlsx").then(
    ({ rows }) => rows,
    (error: unknown) => {
      if (!(error instanceof Failure)) throw error;
      expect(error.code).toBe("INVALID_INPUT");
      expect(error.problems).toEqual([{ path: "file", message: error.message }]);
      return error.message;
    },
  );
  if (hostile.says) expect(became).toMatch(hostile.says);
  else expect(became).toBe(1);
  expect((await text("Kite\nDragon")).rows).toBe(1);
});

test("a job that takes too long is ended, and says what to do", async () => {
  bounds.sheet = { ...sheet, seconds: 0.001 };
  const rows = Array.from({ length: 19_000 }, (_, n) => `Kite ${n},${n}`).join("\n");
  await expect(text(`Kite,Strings\n${rows}`)).rejects.toThrow(/too large or too complicated/);
});

test.each<[string, string, BufferEncoding]>([
  ["commas", "Kite,Wind\nDragon,Über\n", "utf8"],
  ["semicolons", "Kite;Wind\nDragon;Über\n", "utf8"],
  ["tabs", "Kite\tWind\nDragon\tÜber\n", "utf8"],
  ["a separator that it declares itself", "sep=|\r\nKite|Wind\r\nDragon|Über\r\n", "utf8"],
  ["a byte order mark", "\uFEFFKite,Wind\r\nDragon,Über\r\n", "utf8"],
  ["line ends of an old Mac", "Kite,Wind\rDragon,Über\r", "utf8"],
  ["the letters of an older Windows", "Kite,Wind\r\nDragon,Über\r\n", "latin1"],
])("a CSV with %s", async (_, csv, encoding) => {
  const found = await text(csv, encoding);
  expect(found).toMatchObject({
    name: null,
    sheets: [],
    headers: ["Kite", "Wind"],
    rows: 1,
    samples: [["Dragon"], ["Über"]],
  });
  expect(rowsOf(found)).toEqual([[2, ["Dragon", "Über"]]]);
});

test("a row has the number that a spreadsheet shows, past empty rows and cells of several lines", async () => {
  const found = await text('Kite,Wind\n\nDragon,"strong\nor ""calm"""\n,\nBox,,extra\n');
  expect(rowsOf(found)).toEqual([
    [3, ["Dragon", 'strong\nor "calm"']],
    [5, ["Box", "", "extra"]],
  ]);
  expect(found.headers).toEqual(["Kite", "Wind", ""]);
  const excel = await read(await xlsxOf(row(2, cell("A2", "Kite")) + row(5, cell("A5", "Dragon"))), "xlsx");
  expect(rowsOf(excel)).toEqual([[5, ["Dragon"]]]);
});

test("an XLSX: dates, numbers, yes and no, formulas, errors, merged cells, and only the first sheet that is not hidden", async () => {
  const cells = [
    cell("A2", "  Drag&amp;on "),
    `<c r="B2" s="1"><v>46600</v></c>`,
    `<c r="C2"><v>46600.5</v></c>`,
    `<c r="D2" t="b"><v>1</v></c>`,
    `<c r="E2"><f>1+1</f><v>2</v></c>`,
    `<c r="F2" t="e"><f>1/0</f><v>#DIV/0!</v></c>`,
    `<c r="G2" s="1"><v>1e300</v></c>`,
    `<c r="H2" s="1"><v>46600.33680555</v></c>`,
    cell("I2", "a_x0000_b_xD800_"),
  ];
  const head = row(1, ..."ABCDEFGHI".split("").map((letter) => cell(`${letter}1`, letter)));
  const bytes = await xlsxOf([
    { name: "Old", state: "hidden", rows: row(1, cell("A1", "no")) + row(2, cell("A2", "no")) },
    {
      name: "Kites &amp; more",
      rows: head + row(2, ...cells),
      rest: `<mergeCells><mergeCell ref="A2:A3"/></mergeCells>`,
    },
    { name: "Winds", rows: row(1, cell("A1", "Wind")) + row(2, cell("A2", "Gale")) },
    { name: "Secret", state: "veryHidden", rows: "" },
  ]);
  const found = await read(bytes, "xlsx");
  expect(found).toMatchObject({ name: "Kites & more", sheets: ["Kites & more", "Winds"], rows: 1 });
  expect(rowsOf(found)).toEqual([
    [2, ["Drag&on", "2027-08-01", 46600.5, true, 2, "#DIV/0!", "########", "2027-08-01 08:05", "a\uFFFDb\uFFFD"]],
  ]);
  expect(rowsOf(await read(bytes, "xlsx", "Winds"))).toEqual([[2, ["Gale"]]]);
  await expect(read(bytes, "xlsx", "Old")).rejects.toThrow("There is no sheet “Old” in this file.");
});

test("what a library wrote, with its shared texts and formats of dates, is read as it was written", async () => {
  const day = { value: new Date("2027-07-31T00:00:00Z"), type: Date, format: "dd/mm/yyyy" };
  const moment = { value: new Date("2027-07-31T08:05:00Z"), type: Date, format: "dd/mm/yyyy hh:mm" };
  const money = { value: 12.5, type: Number, format: '"days" #,##0.00 [Red]' };
  const rows = [["Kite", "Day", "At", "Sum"].map((value) => ({ value })), [{ value: " =1+1" }, day, moment, money]];
  const bytes = await writeExcelFile(rows, { sheet: "Kites" }).toBuffer();
  expect(rowsOf(await read(bytes, "xlsx"))).toEqual([[2, ["=1+1", "2027-07-31", "2027-07-31 08:05", 12.5]]]);
});

test("twenty thousand rows are read within seconds, in blocks", async () => {
  const rows = Array.from({ length: 20_000 }, (_, n) => `Kite ${n},${n % 7},31/07/2027,"A long wind, that blows"`);
  const found = await text(["Kite,Strings,Next,Wind", ...rows].join("\n"));
  expect(found).toMatchObject({ rows: 20_000 });
  expect(found.starts).toHaveLength(800);
  await expect(text(["Kite", ...rows, "One more"].join("\n"))).rejects.toThrow("more than 20,000 rows");
});
