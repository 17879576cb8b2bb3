/** @jest-environment ./admin/test/browserLike.cjs */
import { readSheet } from "read-excel-file/universal";
import { recordType } from "../../schema/definition";
import { kite } from "../test/kites";
import { recordOf } from "../test/memoryProvider";
import type { Cell } from "../../schema/cell";
import { cellOf } from "./cells";
import { csvOf, fileName, xlsxOf } from "./files";

const wording = { roles: [{ name: "chair", label: "Chair" }], zone: "Europe/London" };
const record = recordOf(kite, {
  recordTitle: "Drache, “rot”",
  reference: "KIT-2027-1",
  state: "flying",
  createdAt: "2027-07-01T08:30:00.000Z",
  values: { name: "Drache", wind: "gale", strings: 2, nextFlight: "2027-04", pilot: { id: "p2", name: "Ben Okafor" } },
});

test("a record is a row of words, numbers and dates, at the school's time", () => {
  const names = ["recordTitle", "state", "wind", "strings", "nextFlight", "pilot", "createdAt", "licence"];
  expect(names.map((name) => cellOf(kite, record, name, wording))).toEqual([
    "Drache, “rot”",
    "In the air",
    "A gale",
    2,
    "April 2027",
    "Ben Okafor",
    { date: "2027-07-01", time: "09:30" },
    null,
  ]);
});

test("rows of a list are told in words, without the ids they hold", () => {
  const crew = recordType({
    ...kite,
    fields: {
      crew: {
        kind: "list",
        label: "Crew",
        of: {
          who: { kind: "person", label: "Who" },
          part: { kind: "choice", label: "Part", options: [{ value: "reel", label: "Holds the reel" }] },
          since: { kind: "date", label: "Since" },
        },
      },
    },
  });
  const rows = [
    { who: "p2", part: "reel", since: "2027-02-01" },
    { who: "p1", part: null, since: "2027-03-01" },
  ];
  expect(cellOf(crew, recordOf(crew, { values: { crew: rows } }), "crew", wording)).toBe(
    "Holds the reel, 01/02/2027; 01/03/2027",
  );
});

test("a CSV opens in Excel as it was written, and what looks like a formula stays text", async () => {
  const hostile = ['=HYPERLINK("http://evil")', "+44 1227", "-1+1", "@SUM(A1)", "\tx"];
  const csv = await csvOf([["Name", "Day", "Sum"], ["é, “x”", { date: "2027-05-04" }, -12.5], hostile]);
  expect(csv.charCodeAt(0)).toBe(0xfeff);
  const lines = csv.slice(1).split("\r\n");
  expect(lines[1]).toBe('"é, “x”",04/05/2027,-12.5');
  expect(lines[2]).toBe(`"'=HYPERLINK(""http://evil"")","'+44 1227","'-1+1","'@SUM(A1)","'\tx"`);
});

test.each(["＝1+1", "＋1", "－1", "＠SUM(A1)", " =1+1", "\u00a0=1", "\u200b=1", "\ufeff＝1", "\n=1", "−1"])(
  "nor does %j begin a formula",
  async (text) => {
    const [line = ""] = (await csvOf([[text, "x"]])).slice(1).split(",x");
    expect(line.replace(/^"/, "").startsWith("'")).toBe(true);
  },
);

test("an XLSX holds real numbers and dates, and texts as they are", async () => {
  const rows: Cell[][] = [
    ["Name", "Day", "At", "Sum"],
    ["=1+1", { date: "2027-05-04" }, { date: "2027-05-04", time: "8:05" }, 3.5],
    [null, null, null, null],
  ];
  const back = await readSheet(await (await xlsxOf(rows, "A/B: c")).arrayBuffer());
  expect(back[1]).toEqual(["=1+1", new Date("2027-05-04T00:00:00Z"), new Date("2027-05-04T08:05:00Z"), 3.5]);
});

test("a file is named by what it holds and when", () => {
  expect(fileName("Kites For gales!", "2027-03-01", "csv")).toBe("kites-for-gales-2027-03-01.csv");
});
