/** A list of a hundred thousand records is read a page at a time: the database may touch few more rows than it shows. */
import { plainCalendar } from "../../schema/condition";
import type { Condition, RecordType } from "../../schema/definition";
import { publishDefinition } from "../../api/engine/publishDefinition";
import { systemIdentity } from "../../api/engine/run";
import { deleteSpentTimers } from "../../api/store/aged";
import { type Database, forCommands, openDatabase } from "../../api/store/database";
import { type ListArgs, readList, type SortKey } from "../../api/store/recordQuery";
import { tableName } from "../../api/store/recordTable";
import { readDueDates } from "../../api/store/dueDates";
import { countNotices, readMails, readNotices } from "../../api/store/noticeQuery";
import { cursorOf, type Page } from "../../api/store/visibleRecords";
import { searchRecords } from "../../api/store/searchQuery";
import type { Access, Viewer } from "../../api/store/visibility";
import { countTasks, countTimers, readTasks, readTimers } from "../../api/store/workQuery";
import { newSchool, type School } from "../school";

const loan: RecordType = {
  name: "loan",
  plural: "loans",
  label: "Loan",
  pluralLabel: "Loans",
  reference: "LOA-{n}",
  title: "{{ item }}",
  entries: { new: "lent" },
  fields: {
    item: { kind: "text", label: "Item" },
    code: { kind: "text", label: "Code", index: true },
    borrower: { kind: "person", label: "Borrower" },
    lentOn: { kind: "date", label: "Lent on" },
    backBy: { kind: "date", label: "Back by" },
    level: {
      kind: "choice",
      label: "Level",
      options: ["low", "mid", "high"].map((value) => ({ value, label: value })),
    },
    worth: { kind: "money", label: "Worth" },
    note: { kind: "text", label: "Note" },
  },
  states: { lent: { label: "Lent", resting: true }, back: { label: "Back", end: true } },
  actions: { giveBack: { label: "Give back", from: ["lent"], to: "back", who: [{ role: "clerk" }] } },
  grants: [
    { to: [{ role: "clerk" }], may: ["see"] },
    { to: [{ role: "staff" }], may: ["see"], when: { eq: [{ field: "state" }, "lent"] } },
    { to: [{ field: "borrower" }], may: ["see"] },
  ],
  views: { all: { label: "All", columns: ["item", "state", "borrower", "backBy", "worth"], sort: "backBy" } },
};

const digits = `(${Array.from({ length: 10 }, (_, d) => `SELECT ${d} AS d`).join(" UNION ALL ")})`;
/** 0 to 99,999. */
const numbers = `(SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d AS n
  FROM ${digits} a, ${digits} b, ${digits} c, ${digits} e, ${digits} f) numbers`;

let school: School;
/** One connection, so that its session's counters are those of our statements. */
let db: Database;
let clerk: Access;
let teacher: Access;

beforeAll(async () => {
  school = await newSchool();
  await publishDefinition(school.world, systemIdentity(school.organisation), { json: loan });
  db = openDatabase(school.databaseUrl, 1, undefined, forCommands);
  const access = (name: string) => school.as(name, (run) => Promise.resolve(run.identity.access));
  clerk = await access("Edith Marlowe");
  teacher = await access("Tomas Elmstead");
  const people = ["Edith Marlowe", "Tomas Elmstead", "Zoe King"].map(school.personId);
  const at = "2026-11-23 09:00:00.000";
  await db.execute(
    `INSERT INTO ${tableName("loan")} (id, organisation, reference, title, title_folded, state, entered, definition_version,
      version, created_at, updated_at, f_item, f_item_folded, f_code, f_code_folded, f_borrower, f_lent_on, f_back_by, f_level, f_worth)
     SELECT CONCAT('01J', LPAD(n, 23, '0')), ?, CONCAT('LOA-', n), CONCAT('Tablet ', n), CONCAT('tablet ', n),
      IF(n % 20 = 0, 'back', 'lent'), '{}', 1, 1, ? + INTERVAL n SECOND, ? + INTERVAL n SECOND,
      CONCAT('Tablet ', n), CONCAT('tablet ', n), CONCAT('C', n), CONCAT('c', n),
      IF(n % 1000 < 3, ELT(1 + n % 1000, ?, ?, ?), CONCAT('01P', LPAD(n % 700, 23, '0'))), DATE '2026-01-01' + INTERVAL n % 300 DAY,
      DATE '2026-01-01' + INTERVAL n % 700 DAY, ELT(1 + n % 3, 'low', 'mid', 'high'), n % 5000 FROM ${numbers}`,
    [school.organisation, at, at, people[0] ?? "", people[1] ?? "", people[2] ?? ""],
  );
  await db.execute(
    `INSERT INTO record_party (organisation, record, person, kind, type)
     SELECT organisation, id, f_borrower, 'borrower', 'loan' FROM ${tableName("loan")}`,
  );
  for (const word of ["'tablet'", "SUBSTR(reference, 5)", "LOWER(reference)"])
    await db.execute(
      `INSERT INTO record_word (record, word, organisation, type)
       SELECT id, ${word}, organisation, 'loan' FROM ${tableName("loan")}`,
    );
  await db.execute(
    `INSERT INTO task (id, organisation, type, record, rule, label, state, opened_at, due_on, who, decides, because, unassigned)
     SELECT CONCAT('01T', SUBSTR(id, 4)), organisation, 'loan', id, 'fetch', 'Fetch it', 'open', created_at,
      IF(f_worth = 7, NULL, f_back_by), '[]', 0, '', f_worth = 8 FROM ${tableName("loan")}`,
  );
  await db.execute(
    `INSERT INTO timer (id, organisation, type, record, rule, step, anchor_value, due_at, state, stamp)
     SELECT CONCAT('01M', SUBSTR(id, 4)), organisation, 'loan', id, 'remind', 'P0D', f_back_by,
      CONCAT(f_back_by, ' 08:00:00'), 'waiting', '' FROM ${tableName("loan")}`,
  );
  await db.execute(
    `INSERT INTO notice (id, organisation, type, record, cause, person, template, subject, body, created_at, send_at, outcome)
     SELECT CONCAT('01N', SUBSTR(id, 4)), organisation, 'loan', id, CONCAT('remind:', id), f_borrower, 'late', 'It is late', '',
      created_at, created_at, 'sent' FROM ${tableName("loan")}`,
  );
  await db.execute(
    `INSERT INTO mail (id, organisation, person, address, message_id, subject, text_body, html_body, state, next_at, created_at)
     SELECT CONCAT('01E', SUBSTR(id, 4)), organisation, f_borrower, NULL, id, 'It is late', '', '', 'sent', created_at, created_at
     FROM ${tableName("loan")}`,
  );
  for (const table of [tableName("loan"), "task", "timer", "notice", "mail", "record_party", "record_word"])
    await db.query(`ANALYZE TABLE ${table}`);
}, 240_000);
afterAll(async () => {
  await db?.close();
  await school.close();
});

const published = () => {
  const found = school.world.registry.types.get("loan")?.active;
  if (!found) throw new Error("The type is not published.");
  return found;
};

/** Rows that the storage engine handed out for `work`. */
async function rowsTouched<T>(work: () => Promise<T>): Promise<{ answer: T; touched: number }> {
  await db.execute("FLUSH STATUS");
  const answer = await work();
  const counters = await db.query("SHOW SESSION STATUS LIKE 'Handler_read%'");
  return { answer, touched: counters.reduce((sum, row) => sum + Number(row["Value"]), 0) };
}

const viewer = (access: Access): Viewer => ({
  registry: school.world.registry,
  access,
  scopeOf: () => ({ today: "2026-11-23", actor: access.person, settings: {}, calendar: plainCalendar }),
});

const list = (access: Access, args: Partial<ListArgs>) =>
  readList(db, viewer(access), published(), { fields: ["item"], people: [], first: 25, ...args });
const up = (field: string): SortKey[] => [{ field, desc: false }];
const down = (field: string): SortKey[] => [{ field, desc: true }];
const is = (field: string, value: string): Condition => ({ eq: [{ field }, value] });
const early: Condition = { lt: [{ field: "backBy" }, "2026-02-01"] };

/** Some hundred records of a person are read and sorted; everything else is read off an index. */
const FEW = 1_000;

const shapes: [string, () => [Access, Partial<ListArgs>]][] = [
  ["by title", () => [clerk, { sort: up("recordTitle") }]],
  ["by reference", () => [clerk, { sort: up("reference") }]],
  ["by the view's own sort", () => [clerk, { sort: up("backBy") }]],
  ["the other way round", () => [clerk, { sort: down("backBy") }]],
  ["by another column of the view", () => [clerk, { sort: down("worth") }]],
  ["newest first", () => [clerk, { sort: down("createdAt") }]],
  ["last changed first", () => [clerk, { sort: down("updatedAt") }]],
  ["by state", () => [clerk, { sort: up("state") }]],
  ["of one state by date", () => [clerk, { where: is("state", "back"), sort: up("backBy") }]],
  ["of one person", () => [clerk, { where: is("borrower", school.personId("Zoe King")), sort: up("recordTitle") }]],
  ["before a date", () => [clerk, { where: early, sort: up("backBy") }]],
  ["of one code", () => [clerk, { where: is("code", "C77777"), sort: up("recordTitle") }]],
  ["that shows only some states and one's own", () => [teacher, { sort: up("backBy") }]],
  ["of the same by title", () => [teacher, { sort: up("recordTitle") }]],
];

test.each(shapes)("a list %s reads no more than its pages", async (_, shape) => {
  const [access, args] = shape();
  const first = await rowsTouched(() => list(access, args));
  expect(first.answer.rows.length).toBeGreaterThan(0);
  expect(first.touched).toBeLessThan(FEW);
  const { endCursor, hasNextPage } = first.answer;
  if (!hasNextPage || endCursor === null) return;
  const next = await rowsTouched(() => list(access, { ...args, after: endCursor }));
  expect(next.answer.rows.length).toBeGreaterThan(0);
  expect(next.touched).toBeLessThan(FEW);
});

/** Sees a hundred loans, by being the borrower. */
const borrower = (): Access => ({
  person: school.personId("Zoe King"),
  organisations: [{ id: school.organisation, roles: ["governor"] }],
  acting: school.organisation,
});
const lenders: [string, () => Access][] = [
  ["who may see all", () => clerk],
  ["who may see some", () => teacher],
  ["who sees their own alone", borrower],
];
const april = { from: "2026-04-01", to: "2026-04-30" };
const instants = { from: "2026-04-01T00:00:00.000Z", to: "2026-05-01T00:00:00.000Z" };
const page = { first: 50 };
const work: [string, (access: Access, after: string | null) => Promise<Page<unknown>>][] = [
  ["open tasks", (as, after) => readTasks(db, viewer(as), { state: "open", ...page, after })],
  ["tasks of a month", (as, after) => readTasks(db, viewer(as), { state: "open", due: april, ...page, after })],
  ["tasks of a type", (as, after) => readTasks(db, viewer(as), { type: "loan", ...page, after })],
  ["waiting clocks", (as, after) => readTimers(db, viewer(as), { state: "waiting", ...page, after })],
  ["notices", (as, after) => readNotices(db, viewer(as), { ...page, after })],
  [
    "notices of one person",
    (as, after) => readNotices(db, viewer(as), { person: school.personId("Zoe King"), ...page, after }),
  ],
  ["emails", (as, after) => readMails(db, viewer(as), { ...page, after })],
  ["clocks of a month", (as, after) => readTimers(db, viewer(as), { state: "waiting", ...instants, ...page, after })],
  [
    "dates of a month",
    (as, after) => {
      const source = { type: loan, field: "backBy", states: ["lent", "back"] };
      return readDueDates(db, viewer(as), [source], { ...april, ...page, after });
    },
  ],
];

describe.each(lenders)("for somebody %s", (_, access) => {
  test.each(work)("a page of the %s reads no more than its rows", async (_name, read) => {
    const { answer, touched } = await rowsTouched(() => read(access(), null));
    expect(answer.nodes.length).toBeGreaterThan(0);
    expect(touched).toBeLessThan(4 * FEW);
    if (answer.endCursor === null || !answer.hasNextPage) return;
    const next = await rowsTouched(() => read(access(), answer.endCursor));
    expect(next.answer.nodes.length).toBeGreaterThan(0);
    expect(next.touched).toBeLessThan(4 * FEW);
  });

  test("a count of tasks, clocks and notices ends where it is told no further", async () => {
    const tasks = await rowsTouched(() => countTasks(db, viewer(access()), { state: "open" }));
    const clocks = await rowsTouched(() => countTimers(db, viewer(access()), { type: "loan", state: "waiting" }));
    const notices = await rowsTouched(() => countNotices(db, viewer(access()), {}));
    expect([tasks.answer, clocks.answer, notices.answer]).toEqual(
      access() === clerk || access() === teacher ? [1_001, 1_001, 1_001] : [100, 100, 100],
    );
    for (const { touched } of [tasks, clocks, notices]) expect(touched).toBeLessThan(10 * FEW);
  });
});

test("tasks without a day come last, and what nobody holds is found among all", async () => {
  const undated = await readTasks(db, viewer(clerk), { state: "open", first: 200, after: cursorOf("9999-12-31", "0") });
  expect(undated.nodes.map(({ dueOn }) => dueOn)).toEqual(Array.from({ length: 20 }, () => null));
  const { answer, touched } = await rowsTouched(() => readTasks(db, viewer(clerk), { unassigned: true, first: 50 }));
  expect(answer.nodes).toHaveLength(20);
  expect(touched).toBeLessThan(FEW);
});

test("the newest notices come first, page after page, each once", async () => {
  for (const [access, seen] of [
    [clerk, 100_000],
    [borrower(), 100],
  ] as const) {
    const ids: string[] = [];
    let after: string | null = null;
    do {
      const some: Page<{ id: string }> = await readNotices(db, viewer(access), { first: 40, after });
      ids.push(...some.nodes.map(({ id }) => id));
      after = some.hasNextPage ? some.endCursor : null;
    } while (after !== null && ids.length < 200);
    expect(ids).toEqual([...new Set(ids)].sort().reverse());
    expect(ids).toHaveLength(Math.min(seen, 200));
  }
});

test("a search finds every word, in any order, in title or reference", async () => {
  const titles = async (search: string) =>
    (await list(clerk, { search, sort: up("recordTitle") })).rows.map((row) => row.recordTitle);
  expect(await titles("77777 tab")).toEqual(["Tablet 77777"]);
  expect(await titles("TABLET loa-77777")).toEqual(["Tablet 77777"]);
  expect(await titles("tablet laptop")).toEqual([]);
  expect(await titles("&")).toEqual([]);
});

const searches: [string, string, string[]][] = [
  ["without a hit", "tablet laptop", []],
  ["of a word that nothing has", "zebra", []],
  ["of one record", "77777", ["Tablet 77777"]],
  ["by reference", "LOA-77777", ["Tablet 77777"]],
  ["for one of many that are alike", "tablet 7777", ["Tablet 7777", "Tablet 77770", "Tablet 77771"]],
  ["of a word that all have", "tab", ["Tablet 0", "Tablet 1", "Tablet 10"]],
];
test.each(searches)("a search %s reads few rows, and what is called so comes first", async (_, text, titles) => {
  for (const access of [clerk, teacher]) {
    const { answer, touched } = await rowsTouched(() => searchRecords(db, viewer(access), text, 3));
    const seen = access === clerk ? titles : titles.filter((title) => Number(title.slice(7)) % 20 > 0);
    expect(answer.map(({ recordTitle }) => recordTitle).filter((title) => titles.includes(title))).toEqual(seen);
    expect(touched).toBeLessThan(10 * FEW);
    const listed = await rowsTouched(() => list(access, { search: text, sort: up("recordTitle") }));
    expect(listed.answer.rows.length > 0).toBe(titles.length > 0);
    expect(listed.touched).toBeLessThan(10 * FEW);
  }
});

test("letting go of clocks that are spent reads a page at a time, whatever has fired since the first", async () => {
  await db.execute(
    "UPDATE timer SET state = IF(step = 'P0D' AND RIGHT(id, 3) = '777', 'cancelled', 'fired') WHERE type = 'loan'",
  );
  const [{ answer, touched }, next] = [
    await rowsTouched(() => deleteSpentTimers(db, "2100-01-01", "01MZ", "01M")),
    await rowsTouched(() => deleteSpentTimers(db, "2100-01-01", "01MZ", `01M${"99500".padStart(23, "0")}`)),
  ];
  expect([answer.cleared, next.answer.cleared]).toEqual([0, 1]);
  expect(touched + next.touched).toBeLessThan(2 * FEW + 100);
});
