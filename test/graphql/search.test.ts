/**
 * What people type into a search: whatever it is, it finds what begins so among what they may see, in the list as in the
 * search over everything, and follows a record as it is renamed, handed over and given to another school.
 */
import { ulid } from "ulid";
import { publishDefinition } from "../../api/engine/publishDefinition";
import { systemIdentity } from "../../api/engine/run";
import { askedWords, wordsOf } from "../../schema/searchWords";
import type { RecordType } from "../../schema/definition";
import { newSchoolBeside } from "../besideSchool";
import { type Asker, newSchoolApi, type SchoolApi } from "./schoolApi";

const errand: RecordType = {
  name: "errand",
  plural: "errands",
  label: "Errand",
  pluralLabel: "Errands",
  reference: "ERR-{year}-{n}",
  title: "{{ what }}",
  entries: { new: "toDo" },
  fields: {
    what: { kind: "text", label: "What", required: true },
    runner: { kind: "person", label: "Runner", required: true, default: { actor: true } },
  },
  states: { toDo: { label: "To do", resting: true }, done: { label: "Done", end: true } },
  actions: { finish: { label: "Finish", from: ["toDo"], to: "done", who: [{ field: "runner" }] } },
  grants: [
    { to: [{ role: "headteacher" }], may: ["see", "create", "edit"] },
    { to: [{ role: "staff" }], may: ["create"] },
    { to: [{ field: "runner" }], may: ["see", "edit"] },
  ],
  views: { all: { label: "All", columns: ["what", "runner"] } },
};

const titles = [
  ...["Fetch the Laptops", "100% attendance_week", "Well being walk", "Head’s desk", "😀 party", "😀😀", "a", "Z"],
  ...["Ysgol Tŷ Gwyn", "Żółć i gęś", "ΣΊΣΥΦΟΣ", "مدرسة العربية", "學校政策", "हिन्दी पाठ", "naïve façade", "İstanbul"],
  ...[
    `long ${"y".repeat(64)}z`,
    "ý😀".repeat(20),
    "it's \\ 'quoted' \"--; DROP",
    "co-op & co",
    "fullwidth １２３",
    "- – -",
  ],
];
const searches = [
  ...[
    "%",
    "_",
    "\\",
    "'",
    '"',
    "-",
    "a",
    "A",
    "z",
    "y",
    "100%",
    "1_0",
    "week",
    "attendance",
    "attendance_w",
    "lap fet",
  ],
  ...[
    "😀",
    "😀 par",
    "ysgol ty",
    "ŻÓŁĆ",
    "σισυφος",
    "مدرسة",
    "العر",
    "學校",
    "政策",
    "हिन",
    "हिन्दी",
    "NAIVE",
    "facade",
    "istan",
  ],
  ...["y".repeat(63), "y".repeat(64), "ý😀".repeat(20), "x".repeat(64), "drop quoted", "co-op", "１２"],
  ...["__proto__", "constructor", "{{ what }}", "a b c d e f g h i j k", "e", "0", "err", "ERR-2026-3", "  ", "\t"],
  ...["well-being", "co-op party", "head's", "100%-week", "attendance-week", "2026-3", "fetch-the-laptops"],
];

let api: SchoolApi;
let head: Asker;
let teacher: Asker;
let stella: Asker;
const ids = new Map<string, string>();
const LIST =
  "query ($search: String) { errands(search: $search, first: 200) { totalCount nodes { id recordTitle reference } } }";
const SEARCH = "query ($text: String!) { search(text: $text, first: 20) { type hits { id recordTitle } } }";

async function create(ask: Asker, what: string, headers: Record<string, string> = {}): Promise<string> {
  const { data, text } = await ask(
    "mutation ($what: String!) { createErrand(input: { what: $what }) { id } }",
    { what },
    headers,
  );
  const { id } = (data["createErrand"] ?? {}) as { id?: string };
  if (!id) throw new Error(text);
  return id;
}
interface Line {
  id: string;
  recordTitle: string;
  reference: string;
}
async function listed(ask: Asker, search?: string): Promise<Line[]> {
  const { data, errors } = await ask(LIST, { search: search ?? null });
  expect(errors).toEqual([]);
  const { totalCount, nodes } = data["errands"] as { totalCount: number; nodes: Line[] };
  expect(totalCount).toBe(nodes.length);
  return nodes;
}
async function hits(ask: Asker, text: string): Promise<string[]> {
  const { data, errors } = await ask(SEARCH, { text });
  expect(errors).toEqual([]);
  return (data["search"] as { type: string; hits: Line[] }[])
    .filter(({ type }) => type === "errand")
    .flatMap((group) => group.hits.map(({ recordTitle }) => recordTitle));
}

beforeAll(async () => {
  api = await newSchoolApi({ demo: false });
  await publishDefinition(api.school.world, systemIdentity(api.school.organisation), { json: errand });
  const beside = await newSchoolBeside(api.school.databaseUrl);
  // Of two schools: head of the other, and of this.
  await api.school.query(
    "INSERT INTO appointment (id, organisation, person, role, from_on) VALUES (?, ?, ?, 'headteacher', '2020-01-01')",
    [ulid(), api.school.organisation, beside.person],
  );
  await api.school.query("UPDATE installation SET access_edition = access_edition + 1 WHERE id = 1");
  head = await api.as("Zoe King");
  teacher = await api.as("Tomas Elmstead");
  stella = await api.as("Stella Otherschool");
  for (const [n, what] of titles.entries()) ids.set(what, await create(n % 3 ? head : teacher, what));
  for (const what of ["Fetch the laptops there", "Elsewhere"])
    ids.set(what, await create(stella, what, { "x-organisation": beside.organisation }));
}, 120_000);
afterAll(() => api.close());

/** The same in memory, of what they may see. */
const meant = (lines: Line[], search: string): string[] => {
  const ways = askedWords(search);
  const found = (words: string[]) =>
    lines.filter(({ recordTitle, reference }) => {
      const own = wordsOf(recordTitle, reference);
      return words.every((word) => own.some((each) => each.startsWith(word)));
    });
  return [...new Set(ways === undefined ? lines : ways.flatMap(found))].map(({ id }) => id);
};

test.each([
  ["a head", () => head],
  ["who sees their own alone", () => teacher],
  ["a head of two schools", () => stella],
])(
  "whatever is looked for finds for %s what begins so",
  async (_, who) => {
    const all = await listed(who());
    expect(all.length).toBeGreaterThan(5);
    for (const search of searches) {
      const found = (await listed(who(), search)).map(({ id }) => id);
      expect([search, found.sort()]).toEqual([search, meant(all, search).sort()]);
      if (askedWords(search)) expect((await hits(who(), search)).length).toBe(Math.min(found.length, 20));
    }
  },
  120_000,
);

test("nothing that is unseen changes what a search shows, whatever it is called", async () => {
  for (const what of ["Well being at school", "Attendance, week 100", "Head and a desk"]) await create(teacher, what);
  const compound = searches.filter((search) => (askedWords(search)?.length ?? 0) > 1);
  const answers = async () => {
    const found: [string, string[], string[]][] = [];
    for (const search of compound)
      found.push([search, (await listed(teacher, search)).map(({ id }) => id), await hits(teacher, search)]);
    return found;
  };
  const before = await answers();
  for (const search of [...compound, "Well-being"]) await create(head, search);
  expect(await answers()).toEqual(before);
  expect((await listed(teacher, "well-being")).map(({ recordTitle }) => recordTitle)).toContain("Well being at school");
}, 120_000);

test("each title is found by its own words, or by none where it has none", async () => {
  for (const what of titles) {
    const words = wordsOf(what);
    const asked = words.length ? words.slice(0, 3).join(" ") : what;
    const found = (await listed(head, asked)).map(({ recordTitle }) => recordTitle);
    expect([what, found.includes(what)]).toEqual([what, words.length > 0]);
  }
});

test("what is written with a hyphen or in two words is found either way, and a reference by its middle", async () => {
  expect(await hits(head, "well-being")).toEqual(expect.arrayContaining(["Well-being", "Well being walk"]));
  expect(await hits(head, "head's")).toContain("Head’s desk");
  const [line] = (await listed(head)).filter(({ recordTitle }) => recordTitle === "Well being walk");
  const [, year = "", n = ""] = line?.reference.split("-") ?? [];
  expect(await hits(head, `${year}-${n}`)).toContain("Well being walk");
});

test("a word beyond 64 characters, a text beyond its bound, and what is no character are refused", async () => {
  for (const text of ["y".repeat(65), "ab ".repeat(400), "a\u0000b", "\ud800a"]) {
    expect((await head(SEARCH, { text })).errors[0]?.extensions.code).toBe("INVALID_INPUT");
    expect((await head(LIST, { search: text })).errors[0]?.extensions.code).toBe("INVALID_INPUT");
  }
});

test("a record is found by what it is called now, and by who may see it now", async () => {
  const id = ids.get("Fetch the Laptops") ?? "";
  expect(await hits(teacher, "laptops")).toEqual(["Fetch the Laptops"]);
  const update =
    "mutation ($id: ID!, $version: Int!, $input: UpdateErrandInput!) { updateErrand(id: $id, expectedVersion: $version, input: $input) { version } }";
  const changed = await head(update, { id, version: 1, input: { what: "Return the projectors" } });
  expect(changed.errors).toEqual([]);
  for (const ask of [head, teacher]) {
    expect(await hits(ask, "projectors")).toEqual(["Return the projectors"]);
    expect((await hits(ask, "laptops")).filter((title) => title === "Fetch the Laptops")).toEqual([]);
    expect((await listed(ask, "projec")).map((line) => line.id)).toEqual([id]);
  }
  const owen = api.school.personId("Owen Pluckley");
  expect((await head(update, { id, version: 2, input: { runner: owen } })).errors).toEqual([]);
  expect(await hits(teacher, "projectors")).toEqual([]);
  expect(await listed(teacher, "projectors")).toEqual([]);
  expect(await hits(await api.as("Owen Pluckley"), "projectors")).toEqual(["Return the projectors"]);
});
