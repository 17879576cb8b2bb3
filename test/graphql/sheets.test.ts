/** A sheet is uploaded, looked into by its uploader alone, and imported by its file: range by range, and never twice. */
import { type Asker, newSchoolApi, type SchoolApi, sendFile } from "./schoolApi";
import { cell, hostileSheets, row, xlsxOf } from "../hostileFiles";

let school: SchoolApi;
let head: Asker;
let cookie: string;

beforeAll(async () => {
  school = await newSchoolApi();
  head = await school.as("Zoe King");
  cookie = await school.signIn("Zoe King");
}, 60_000);
afterAll(() => school.close());

const upload = (bytes: Buffer | string, name = "policies.csv") => sendFile(school.api.port, cookie, name, bytes);

const SHEET = "query S($input: SheetInput!) { sheet(input: $input) { name sheets headers samples rows } }";
const ROWS =
  "query R($input: SheetInput!, $offset: Int!, $first: Int!) { sheetRows(input: $input, offset: $offset, first: $first) { line cells } }";
const WORDS =
  "query W($input: SheetInput!, $column: Int!) { sheetWords(input: $input, column: $column) { word rows } }";
const IMPORT = `mutation I($input: ImportSheetInput!) { importSheet(input: $input) {
  line named verdict id repeats changes { label before after } problems { path message } } }`;
const DISCARD = "mutation D($file: ID!) { discardFile(file: $file) }";

interface Became {
  line: number;
  named: string;
  verdict: string;
  id: string | null;
  repeats: number | null;
  problems: { path: string; message: string }[];
}
const columns = ["title", "owner", "reviewBy", null];
const plan = { columns, key: ["title"], existing: "LEAVE", offset: 0, first: 25, dryRun: false };
const ask = (file: string, input: object = {}, as = head) =>
  as(IMPORT, { input: { sheet: { file, type: "policy" }, ...plan, ...input } });
async function sent(file: string, input: object = {}, as = head): Promise<Became[]> {
  const answer = await ask(file, input, as);
  expect(answer.errors).toEqual([]);
  return answer.data["importSheet"] as Became[];
}
const verdicts = (became: Became[]): string[] => became.map(({ line, verdict }) => `${line} ${verdict}`);
const titled = async (title: string) => {
  const { data } = await head("query L($t: String!) { policies(filter: { title: { eq: $t } }) { totalCount } }", {
    t: title,
  });
  return (data["policies"] as { totalCount: number }).totalCount;
};
/** The code of what is refused, and its sentence. */
const refusal = async (answer: ReturnType<Asker>) => {
  const [error] = (await answer).errors;
  return [error?.extensions.code, error?.extensions.problems?.[0]?.message ?? error?.message];
};

const csv = (...lines: string[]): string => ["Title;Owner;Next review;Notes", ...lines].join("\r\n");
const kite = csv(
  "Uniform;Zoe King;31/07/2027;a",
  "",
  "Lone working;lindsey.glanville@canterburyroad.invalid;October 2027;",
  "Uniform;Zoe King;;again",
  'Trips;"Nobody\nKnown";31/13/2027;b',
);

test("the first line, samples, rows and words are told; then ranges of it are judged and imported, each line once", async () => {
  const file = await upload(kite);
  const sheet = { file, type: "policy" };
  expect((await head(SHEET, { input: sheet })).data["sheet"]).toEqual({
    name: null,
    sheets: [],
    headers: ["Title", "Owner", "Next review", "Notes"],
    samples: [
      ["Uniform", "Lone working", "Trips"],
      ["Zoe King", "lindsey.glanville@canterburyroad.invalid", "Nobody\nKnown"],
      ["31/07/2027", "October 2027", "31/13/2027"],
      ["a", "again", "b"],
    ],
    rows: 4,
  });
  expect((await head(ROWS, { input: sheet, offset: 1, first: 2 })).data["sheetRows"]).toEqual([
    { line: 4, cells: ["Lone working", "lindsey.glanville@canterburyroad.invalid", "October 2027"] },
    { line: 5, cells: ["Uniform", "Zoe King", "", "again"] },
  ]);
  expect((await head(WORDS, { input: sheet, column: 0 })).data["sheetWords"]).toEqual([
    { word: "Uniform", rows: 2 },
    { word: "Lone working", rows: 1 },
    { word: "Trips", rows: 1 },
  ]);

  const dry = await sent(file, { dryRun: true });
  expect(verdicts(dry)).toEqual(["2 CREATED", "4 CREATED", "5 REPEATED", "6 REFUSED"]);
  expect(dry[2]).toMatchObject({ named: "Uniform", repeats: 2, id: null });
  expect(dry[3]?.problems.map(({ path }) => path)).toEqual(["owner", "reviewBy"]);
  expect(await titled("Uniform")).toBe(0);

  expect(verdicts(await sent(file, { first: 1 }))).toEqual(["2 CREATED"]);
  // An answer that was lost is asked for again: the same range twice at once, and with what had been done before.
  const [one, other] = await Promise.all([sent(file), sent(file)]);
  expect(one).toEqual(other);
  expect(verdicts(one)).toEqual(["2 CREATED", "4 CREATED", "5 REPEATED", "6 REFUSED"]);
  expect([await titled("Uniform"), await titled("Lone working")]).toEqual([1, 1]);
  // The repeat is known in a range that does not hold what it repeats.
  expect(verdicts(await sent(file, { offset: 2, first: 1 }))).toEqual(["5 REPEATED"]);
  expect(await sent(file, { offset: 4 })).toEqual([]);

  // Another upload of the same file finds what is there.
  expect(verdicts(await sent(await upload(kite), { existing: "UPDATE" }))).toEqual([
    "2 UNCHANGED",
    "4 UNCHANGED",
    "5 REPEATED",
    "6 REFUSED",
  ]);
});

test("another process goes on with it, from the file alone", async () => {
  const file = await upload(csv("Bells;Zoe King;;", "Whistles;Zoe King;;"));
  expect(verdicts(await sent(file, { first: 1 }))).toEqual(["2 CREATED"]);
  const second = await school.second();
  const answer = await ask(file, {}, second.ask(cookie));
  expect(verdicts(answer.data["importSheet"] as Became[])).toEqual(["2 CREATED", "3 CREATED"]);
  expect([await titled("Bells"), await titled("Whistles")]).toEqual([1, 1]);
});

test("it is for whoever uploaded it, and for those who may import; given up, it is gone", async () => {
  const file = await upload(csv("Lanterns;Zoe King;;"));
  const clerk = await school.as("Edith Marlowe");
  const notTheirs = ["INVALID_INPUT", "There is no such file, or it is not yours. Upload it again."];
  const input = { file, type: "policy" };
  expect(await refusal(clerk(SHEET, { input }))).toEqual(notTheirs);
  expect(await refusal(clerk(ROWS, { input, offset: 0, first: 1 }))).toEqual(notTheirs);
  expect(await refusal(clerk(WORDS, { input, column: 0 }))).toEqual(notTheirs);
  expect(await refusal(ask(file, {}, clerk))).toEqual(notTheirs);
  expect((await clerk(DISCARD, { file })).data["discardFile"]).toBe(false);

  const people = "This is for the school's administrators.";
  expect(await refusal(head(SHEET, { input: { file } }))).toEqual(["FORBIDDEN", people]);
  expect((await refusal(head(SHEET, { input: { file, type: "kite" } })))[0]).toBe("NOT_FOUND");
  const teacher = await school.as("Tomas Elmstead");
  const own = await school.upload("Tomas Elmstead", "own.csv", csv("Lanterns;Zoe King;;"));
  const mayNot = ["FORBIDDEN", "You may not import policies."];
  expect(await refusal(teacher(SHEET, { input: { file: own, type: "policy" } }))).toEqual(mayNot);
  expect(await refusal(ask(own, {}, teacher))).toEqual(mayNot);
  expect(await titled("Lanterns")).toBe(0);

  // Read before: what is kept of it goes with it.
  await sent(file, { dryRun: true });
  expect((await head(DISCARD, { file })).data["discardFile"]).toBe(true);
  expect((await head(DISCARD, { file })).data["discardFile"]).toBe(false);
  expect(await refusal(ask(file))).toEqual(notTheirs);
});

test("what cannot be a plan is refused as a whole, by the place of what is wrong", async () => {
  const file = await upload(csv("Lanterns;Zoe King;;"));
  const path = async (input: object) =>
    (await ask(file, input)).errors[0]?.extensions.problems?.map((each) => each.path);
  expect(await path({ key: [] })).toEqual(["key"]);
  expect(await path({ key: ["__proto__"] })).toEqual(["key"]);
  expect(await path({ columns: ["title", "title"] })).toEqual(["columns"]);
  expect(await path({ columns: [...columns, null, null] })).toEqual(["columns"]);
  expect(await path({ first: 101 })).toEqual(["first"]);
  expect(await path({ first: 0 })).toEqual(["first"]);
  const odd = await sent(file, { columns: ["title", "constructor", "__proto__"], dryRun: true });
  expect(odd[0]?.problems.map((each) => each.path)).toEqual(["constructor", "__proto__"]);
});

test("one of several sheets may be chosen, and a hidden one may not", async () => {
  const bytes = await xlsxOf([
    { name: "Old", state: "hidden", rows: row(1, cell("A1", "Title")) + row(2, cell("A2", "Gone")) },
    { name: "Now", rows: row(1, cell("A1", "Title")) + row(2, cell("A2", "Here")) },
    { name: "Later", rows: row(1, cell("A1", "Title")) + row(7, cell("A7", "Then")) },
  ]);
  const file = await upload(bytes, "policies.xlsx");
  const of = async (sheet?: string) => (await head(SHEET, { input: { file, sheet, type: "policy" } })).data["sheet"];
  expect(await of()).toMatchObject({ name: "Now", sheets: ["Now", "Later"], samples: [["Here"]] });
  expect(await of("Later")).toMatchObject({ name: "Later", samples: [["Then"]] });
  const later = await sent(file, {
    ...{ sheet: { file, type: "policy", sheet: "Later" }, columns: ["title"], dryRun: true },
  });
  expect(later).toMatchObject([{ line: 7, named: "Then" }]);
  expect((await refusal(head(SHEET, { input: { file, sheet: "Old", type: "policy" } })))[1]).toContain(
    "no sheet “Old”",
  );
});

const zeros = Buffer.concat([Buffer.from("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "latin1"), Buffer.alloc(1_000)]);
test.each<[string, string, Buffer | string, RegExp]>([
  ["an empty file", "a.csv", "", /“a.csv” is empty/],
  ["an old or encrypted workbook", "a.xls", zeros, /is an older Office file, or has a password/],
  ["UTF-16", "a.csv", Buffer.from("\uFEFFTitle\tOwner\r\n", "utf16le"), /in an encoding that few programs read/],
  ["a document under a sheet's name", "a.csv", "%PDF-1.7 …", /neither a CSV nor an XLSX/],
  ["a picture under a sheet's name", "a.xlsx", Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), /neither a CSV nor an XLSX/],
  [
    "a ZIP of something else",
    "a.xlsx",
    Buffer.from("PK\x05\x06" + "\0".repeat(18), "latin1"),
    /is of a kind|not taken/,
  ],
])("%s is refused in words", async (_, name, bytes, says) => {
  const file = await upload(bytes, name).catch((error: Error) => error);
  const [, message] =
    file instanceof Error ? ["", file.message] : await refusal(head(SHEET, { input: { file, type: "policy" } }));
  expect(message).toMatch(says);
});

test("each hostile sheet is answered with a sentence or read, and the process lives on", async () => {
  const became: Record<string, unknown> = {};
  for (const [what, { make, csv: isCsv }] of Object.entries(hostileSheets)) {
    const bytes = await make();
    if (bytes.length > 5_000_000) continue;
    const file = await upload(bytes, isCsv ? "a.csv" : "a.xlsx").catch((error: Error) => error.message.slice(0, 11));
    if (file.startsWith("a.")) continue;
    const answer = await head(SHEET, { input: { file, type: "policy" } });
    const [error] = answer.errors;
    if (error?.extensions.code !== "INVALID_INPUT" && !answer.data["sheet"]) became[what] = answer.text;
    await head(DISCARD, { file });
  }
  expect(became).toEqual({});
  expect((await head("{ me { person { name } } }")).data["me"]).toEqual({ person: { name: "Zoe King" } });
}, 240_000);

test("sixty uploads that are given up fill no quota", async () => {
  for (let n = 0; n < 60; n++) await head(DISCARD, { file: await upload(csv("Lanterns;Zoe King;;")) });
  expect(await upload(csv("Lanterns;Zoe King;;"))).toMatch(/^\w{26}$/);
});
