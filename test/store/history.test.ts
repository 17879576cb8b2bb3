/** The history of a record is a chain that shows where anybody touched it, and a seal shows it of the whole school. */
import { updateRecord } from "../../api/engine/updateRecord";
import { isSealIntact, sealAll } from "../../api/engine/seal";
import { loadRecords } from "../../api/store/records";
import { newId } from "../../api/engine/world";
import { merkleRoot, readHistory, sealHistory, verifyChain } from "../../api/store/history";
import type { SqlValue } from "../../api/store/database";
import { newSchool, type School } from "../school";

let school: School;
let id: string;
let other: string;

beforeEach(async () => {
  school = await newSchool();
  const rows = await school.query("SELECT id FROM r_policy ORDER BY title");
  [id, other] = rows.map((row) => String(row["id"])) as [string, string];
  for (const reviewBy of ["2027-02-01", "2027-03-01", "2027-04-01"]) {
    const [record] = await loadRecords(school.world.db, school.world.registry, [{ type: "policy", id }]);
    await school.as("Edith Marlowe", (run) =>
      updateRecord(run, { type: "policy", id, expectedVersion: record?.version ?? 0, input: { reviewBy } }),
    );
  }
}, 60_000);
afterEach(() => school.close());

const problems = () => verifyChain(school.world.db, { type: "policy", id });
const sql = (text: string, params: SqlValue[] = []) => school.world.db.execute(text, params);
const lastSeq = async (): Promise<number> =>
  (await readHistory(school.world.db, id, { limit: 1, detail: "whole" }))[0]?.seq ?? 0;

test("a chain that nobody touched has no problem, and names its rows one after another", async () => {
  expect(await problems()).toEqual([]);
  const rows = await readHistory(school.world.db, id, { limit: 200, detail: "whole" });
  expect(rows.map((row) => row.seq)).toEqual(rows.map((_, index) => rows.length - index));
});

test.each([
  ["the instant", "at = at - INTERVAL 1 DAY"],
  ["who did it", "actor = NULL"],
  ["what kind of change it was", "kind = 'imported'"],
  ["the rule", "rule = 'another'"],
  ["the obligations", "because = 'O99'"],
  ["the organisation", "organisation = '01AAAAAAAAAAAAAAAAAAAAAAAA'"],
  ["the cause", "cause = '01AAAAAAAAAAAAAAAAAAAAAAAA'"],
])("a row in which %s was altered is named", async (_what, set) => {
  await sql(`UPDATE history SET ${set} WHERE record = ? AND seq = 2`, [id]);
  expect(await problems()).toContainEqual({ seq: 2, problem: "hash" });
});

test("a body that was altered is named, in its sentence or its details", async () => {
  const body = (seq: number, set: string) =>
    sql(`UPDATE history_body b JOIN history h ON h.id = b.history SET ${set} WHERE h.record = ? AND h.seq = ${seq}`, [
      id,
    ]);
  await body(2, "b.summary = CONCAT(b.summary, '.')");
  await body(3, "b.detail = REPLACE(b.detail, 'version', 'edition')");
  expect(await problems()).toEqual([
    { seq: 2, problem: "body" },
    { seq: 3, problem: "body" },
  ]);
});

test("a row taken out of the middle is missed, and so is the first", async () => {
  await sql("DELETE FROM history WHERE record = ? AND seq = 2", [id]);
  expect(await problems()).toContainEqual({ seq: 3, problem: "gap" });
  await sql("DELETE FROM history WHERE record = ? AND seq = 1", [id]);
  expect(await problems()).toContainEqual({ seq: 3, problem: "hash" });
});

test("the newest rows taken away are missed, since the record remembers its last link", async () => {
  const last = await lastSeq();
  await sql("DELETE FROM history WHERE record = ? AND seq = ?", [id, last]);
  expect(await problems()).toEqual([{ seq: last, problem: "gap" }]);
});

test("a whole history taken away is missed", async () => {
  await sql("DELETE FROM history WHERE record = ?", [id]);
  expect(await problems()).toEqual([{ seq: 1, problem: "gap" }]);
});

test("the newest row put in the place of another is noticed, though it fits those before it", async () => {
  await sql("UPDATE r_policy SET history_hash = ? WHERE id = ?", ["0".repeat(64), id]);
  expect(await problems()).toEqual([{ seq: await lastSeq(), problem: "hash" }]);
});

test("an altered row does not pass by being hashed again on its own", async () => {
  const [third] = await school.query("SELECT hash FROM history WHERE record = ? AND seq = 3", [other]);
  await sql("UPDATE history SET hash = ? WHERE record = ? AND seq = 2", [String(third?.["hash"]), id]);
  const found = await problems();
  expect(found).toContainEqual({ seq: 2, problem: "hash" });
  expect(found).toContainEqual({ seq: 3, problem: "hash" });
});

test("a body may be erased: the chain holds, the sentence is gone, and the record still changes", async () => {
  await sql("DELETE b FROM history_body b JOIN history h ON h.id = b.history WHERE h.record = ? AND h.seq <= 3", [id]);
  expect(await problems()).toEqual([]);
  const erased = (await readHistory(school.world.db, id, { limit: 200, detail: "whole" })).filter(
    (row) => row.seq <= 3,
  );
  expect(erased.map((row) => [row.summary, row.detail])).toEqual([
    [null, null],
    [null, null],
    [null, null],
  ]);
  const [record] = await loadRecords(school.world.db, school.world.registry, [{ type: "policy", id }]);
  await school.as("Edith Marlowe", (run) =>
    updateRecord(run, {
      type: "policy",
      id,
      expectedVersion: record?.version ?? 0,
      input: { reviewBy: "2027-05-01" },
    }),
  );
  expect(await problems()).toEqual([]);
});

test("a seal covers each row once, and stands until a row under it is changed, taken out or put in", async () => {
  const [before] = await school.query("SELECT COUNT(*) AS n FROM history");
  expect(await sealAll(school.world)).toBe(Number(before?.["n"]));
  expect(await sealAll(school.world)).toBe(0);
  const [row] = await school.query("SELECT id, count FROM seal");
  const seal = String(row?.["id"]);
  expect(await isSealIntact(school.world, seal)).toBe(true);

  const [own] = await school.query("SELECT hash FROM history WHERE record = ? AND seq = 2", [id]);
  const set = (hash: string) => sql("UPDATE history SET hash = ? WHERE record = ? AND seq = 2", [hash, id]);
  await set("0".repeat(64));
  expect(await isSealIntact(school.world, seal)).toBe(false);
  await set(String(own?.["hash"]));
  expect(await isSealIntact(school.world, seal)).toBe(true);

  await sql("UPDATE history SET sealed = NULL WHERE record = ? AND seq = 2", [id]);
  expect(await isSealIntact(school.world, seal)).toBe(false);
});

test("processes that seal at once, as one does that stood still and lost its lease, cover no row twice", async () => {
  const [before] = await school.query("SELECT COUNT(*) AS n FROM history WHERE sealed IS NULL");
  const now = await school.clock.now();
  const seal = () => school.world.db.transaction((tx) => sealHistory(tx, school.organisation, now, newId(), () => "x"));
  const counts = await Promise.all(Array.from({ length: 6 }, seal));
  expect(counts.filter((n) => n > 0)).toEqual([Number(before?.["n"])]);
  expect(await school.query("SELECT count FROM seal")).toEqual([{ count: Number(before?.["n"]) }]);
});

test("a seal made over altered rows by somebody without the key is not taken for ours", async () => {
  await sealAll(school.world);
  const [row] = await school.query("SELECT id FROM seal");
  const seal = String(row?.["id"]);
  await sql("UPDATE history SET hash = ? WHERE record = ? AND seq = 2", ["0".repeat(64), id]);
  const hashes = await school.query("SELECT hash FROM history WHERE sealed = ? ORDER BY id", [seal]);
  await sql("UPDATE seal SET root = ? WHERE id = ?", [merkleRoot(hashes.map((one) => String(one["hash"]))), seal]);
  expect(await isSealIntact(school.world, seal)).toBe(false);
});

test("what comes later has a seal of its own, tied to the one before", async () => {
  await sealAll(school.world);
  const [record] = await loadRecords(school.world.db, school.world.registry, [{ type: "policy", id }]);
  await school.as("Edith Marlowe", (run) =>
    updateRecord(run, {
      type: "policy",
      id,
      expectedVersion: record?.version ?? 0,
      input: { reviewBy: "2027-06-01" },
    }),
  );
  expect(await sealAll(school.world)).toBeGreaterThan(0);
  const seals = await school.query("SELECT id, previous, root FROM seal ORDER BY id");
  expect(seals[1]?.["previous"]).toBe(seals[0]?.["id"]);
  expect(await isSealIntact(school.world, String(seals[1]?.["id"]))).toBe(true);
  await sql("UPDATE seal SET root = ? WHERE id = ?", ["0".repeat(64), String(seals[0]?.["id"])]);
  expect(await isSealIntact(school.world, String(seals[1]?.["id"]))).toBe(false);
});
