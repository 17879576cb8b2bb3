/** A record whose long text was edited many times: each entry of its history quotes a megabyte. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { importRows } from "../../api/engine/importRows";
import { previewUpdate } from "../../api/engine/previewUpdate";
import { updateRecord } from "../../api/engine/updateRecord";
import type { Tx } from "../../api/store/database";
import { type Asker, newSchoolApi, type SchoolApi } from "./schoolApi";

const EDITS = 60;
const TEXTS = ["word ".repeat(100_000), "name ".repeat(100_000)];
interface Entry {
  seq: number;
  summary: string;
  isShortened: boolean;
  detail: { values: Record<string, [string, string]> };
}

/** As the page of a record asks, and for what is earlier. */
const HISTORY = "id seq at kind rule because summary detail isShortened actor { kind name }";
const PAGE = `query Record($id: ID!) { record: ruleConflict(id: $id) { id oneRule otherRule history(first: 50) { ${HISTORY} } } }`;
const EARLIER = `query Earlier($id: ID!, $before: Int!) { record: ruleConflict(id: $id) { history(first: 50, before: $before) { ${HISTORY} } } }`;

let school: SchoolApi;
let head: Asker;
let id: string;
beforeAll(async () => {
  school = await newSchoolApi({ demo: false });
  head = await school.as("Zoe King");
  const input = { summary: "Bags", oneRule: "Open", otherRule: "Shut" };
  const made = await head("mutation C($input: CreateRuleConflictInput!) { createRuleConflict(input: $input) { id } }", {
    input,
  });
  ({ id } = made.data["createRuleConflict"] as { id: string });
  for (let n = 0; n < EDITS; n++) await edit(n + 1, { oneRule: TEXTS[n % 2] });
}, 120_000);
afterAll(() => school.close());

const edit = (expectedVersion: number, input: Record<string, unknown>) =>
  school.school.as("Zoe King", (run) => updateRecord(run, { type: "ruleConflict", id, expectedVersion, input }));

async function bytesOf(work: () => Promise<unknown>): Promise<number> {
  const sent = async () =>
    Number((await school.school.query("SHOW GLOBAL STATUS LIKE 'Bytes_sent'"))[0]?.["Value"] ?? 0);
  const before = await sent();
  await work();
  return (await sent()) - before;
}

async function historyOf(query: string, variables: object): Promise<Entry[]> {
  const answer = await head(query, { id, ...variables });
  expect(answer.errors).toEqual([]);
  return (answer.data["record"] as { history: Entry[] }).history;
}

test("its page is read, and goes on where each part of its history ended", async () => {
  const found = await historyOf(PAGE, {});
  const { length } = found;
  expect(length).toBeGreaterThan(5);
  for (let last = found.at(-1); last && last.seq > 1; last = found.at(-1))
    found.push(...(await historyOf(EARLIER, { before: last.seq })));
  expect(found.map(({ seq }) => seq)).toEqual(Array.from({ length: EDITS + 1 }, (_, at) => EDITS + 1 - at));
  expect(JSON.stringify(found).length).toBeLessThan(1_000_000);
}, 60_000);

test("what is shortened for reading says so, and is read in full where that is asked for", async () => {
  const one =
    "query One($id: ID!, $seq: Int!, $whole: Boolean) { record: ruleConflict(id: $id) { history(first: 2, before: $seq, whole: $whole) { seq isShortened detail } } }";
  const [short] = await historyOf(one, { seq: EDITS + 2 });
  expect(short).toMatchObject({ seq: EDITS + 1, isShortened: true });
  expect(short?.detail.values["oneRule"]?.[1]).toMatch(/^name name .{100,2000}…$/);
  const [whole] = await historyOf(one, { seq: EDITS + 2, whole: true });
  expect(whole).toMatchObject({ seq: EDITS + 1, isShortened: false });
  expect(whole?.detail.values["oneRule"]?.map((text) => text.length)).toEqual(TEXTS.map(({ length }) => length - 1));
});

test("what its entries tell is not read where nobody asks for it", async () => {
  const query =
    "query Q($id: ID!) { record: ruleConflict(id: $id) { history(first: 50) { seq summary actor { name } } } }";
  const read = await bytesOf(async () => expect(await historyOf(query, {})).toHaveLength(50));
  expect(read).toBeLessThan(1_000_000);
});

test("an old version is compared with what came since without reading its texts", async () => {
  const { world } = school.school;
  const preview = (input: Record<string, unknown>) =>
    school.school.as("Zoe King", ({ identity }) =>
      previewUpdate(world, identity, { type: "ruleConflict", id, expectedVersion: 1, input }),
    );
  const stale = () => expect(preview({ oneRule: "Open or shut" })).rejects.toMatchObject({ code: "STALE" });
  expect(await bytesOf(stale)).toBeLessThan(5_000_000);
  // What nobody else has touched since is saved.
  await expect(preview({ otherRule: "Closed" })).resolves.toEqual([]);
  await school.school.query(
    "DELETE b FROM history_body b JOIN history h ON h.id = b.history WHERE h.record = ? AND h.seq = 30",
    [id],
  );
  await stale();
});

test("what changes would do is worked out one after another, however many a query asks for", async () => {
  const { db } = school.school.world;
  const transaction = db.transaction.bind(db);
  let [running, most] = [0, 0];
  db.transaction = <T>(work: (tx: Tx) => Promise<T>, tries?: number) => {
    most = Math.max(most, (running += 1));
    return transaction(work, tries).finally(() => running--);
  };
  const preview = `previewUpdate(type: "ruleConflict", id: "${id}", expectedVersion: 1, input: { otherRule: "Other" }) { label }`;
  const answer = await head(`{ ${Array.from({ length: 6 }, (_, n) => `a${n}: ${preview}`).join(" ")} }`);
  db.transaction = transaction;
  expect(Object.values(answer.data)).toEqual(Array(6).fill([]));
  expect(most).toBe(1);
});

test("an import keeps no long texts of the rows that it has done", async () => {
  const count = 20;
  const made = "mutation C($input: CreateRuleConflictInput!) { createRuleConflict(input: $input) { id } }";
  for (let n = 0; n < count; n++)
    await head(made, { input: { summary: `Coats ${n}`, oneRule: "Open", otherRule: "Shut" } });
  const texts = ["one_rule", "other_rule", "meanwhile", "settled_by"].map(
    (name) => `f_${name} = REPEAT('word ', 100000)`,
  );
  await school.school.query(`UPDATE r_rule_conflict SET ${texts.join()} WHERE f_summary LIKE 'Coats%'`);
  const rows = Array.from({ length: count }, (_, n) => ({
    ...{ summary: `Coats ${n}`, oneRule: "1", otherRule: "2", meanwhile: "3", settledBy: "4" },
  }));
  const input = { type: "ruleConflict", rows, key: ["summary"], existing: "UPDATE", dryRun: true } as const;
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const held = () => (collect(), process.memoryUsage().heapUsed);
  const before = held();
  const verdicts = await school.school.as("Zoe King", ({ identity }) =>
    importRows(school.school.world, identity, { ...input, rows, key: [...input.key] }),
  );
  const after = held();
  expect(verdicts.map(({ verdict }) => verdict)).toEqual(rows.map(() => "UPDATED"));
  expect(after - before).toBeLessThan(10_000_000);
  const answer = await head(
    "mutation I($input: ImportRowsInput!) { importRows(input: $input) { verdict changes { before after } } }",
    { input },
  );
  expect(answer.errors).toEqual([]);
  const [{ changes } = { changes: [] }] = answer.data["importRows"] as {
    changes: { before: string; after: string }[];
  }[];
  expect(changes).toHaveLength(4);
  expect(changes[0]?.before).toMatch(/^word word .*…$/);
}, 60_000);
