/** What records are called aloud: counted, or drawn where a count would tell too much. */
import { randomInt } from "node:crypto";
import type { RecordType } from "../../schema/definition";
import { applyTable } from "../../api/store/recordTable";
import { nextReferences } from "../../api/store/references";
import { sampleType } from "../arbitraries";
import { newDatabase, type TestDatabase } from "../database";

jest.mock("node:crypto", () => {
  const crypto = jest.requireActual<typeof import("node:crypto")>("node:crypto");
  return { ...crypto, randomInt: jest.fn(crypto.randomInt) };
});
const draw = randomInt as unknown as jest.Mock<number, [number, number]>;

const counted: RecordType = { ...sampleType, reference: "SAM-{year}-{n}" };
const drawn: RecordType = { ...counted, confidential: true };
const organisation = "01ORG000000000000000000000";

let database: TestDatabase;
beforeEach(async () => {
  database = await newDatabase();
  await applyTable(database.db, counted);
});
afterEach(() => database.drop());

const next = (type: RecordType, count: number, today = "2027-03-28") =>
  database.db.transaction(async (tx) => {
    const references = await nextReferences(tx, type, organisation, today, count);
    for (const [n, reference] of references.entries())
      await tx.execute(
        `INSERT INTO r_sample (id, organisation, reference, title, title_folded, state, entered, definition_version, version,
         created_at, updated_at) VALUES (?, ?, ?, '', '', 'open', '{}', 1, 1, NOW(), NOW())`,
        [`${reference}/${n}`.padEnd(26, "0"), organisation, reference],
      );
    return references;
  });

test("references are counted one by one and in batches, anew each year", async () => {
  expect(await next(counted, 1)).toEqual(["SAM-2027-0001"]);
  expect(await next(counted, 3)).toEqual(["SAM-2027-0002", "SAM-2027-0003", "SAM-2027-0004"]);
  expect(await next(counted, 2, "2028-01-01")).toEqual(["SAM-2028-0001", "SAM-2028-0002"]);
});

test("a pattern without a year is counted on from one year to the next", async () => {
  const plain: RecordType = { ...sampleType, reference: "SAM-{n}" };
  expect(await next(plain, 2)).toEqual(["SAM-0001", "SAM-0002"]);
  expect(await next(plain, 1, "2028-01-01")).toEqual(["SAM-0003"]);
});

test("those of a confidential type are five digits that say neither how many there are nor which came first", async () => {
  const references = [...(await next(drawn, 40)), ...(await next(drawn, 1))];
  expect(new Set(references).size).toBe(41);
  for (const reference of references) expect(reference).toMatch(/^SAM-2027-[1-9]\d{4}$/);
  expect(references).not.toEqual([...references].sort());
});

test("a number that is taken, or drawn twice at once, is drawn again; where they run out they get longer", async () => {
  const pool = [11111, 11111, 22222];
  draw.mockImplementation((from) => pool.shift() ?? from);
  expect(await next(drawn, 2)).toEqual(["SAM-2027-11111", "SAM-2027-22222"]);
  pool.push(22222, 33333);
  expect(await next(drawn, 1)).toEqual(["SAM-2027-33333"]);
  expect(await next(drawn, 1)).toEqual(["SAM-2027-10000"]);
  // From here on every draw of five digits is taken.
  expect(await next(drawn, 1)).toEqual(["SAM-2027-100000"]);
});

test("two who draw at once are not given the same number", async () => {
  let n = 0;
  draw.mockImplementation(() => 50_000 + Math.floor(n++ / 2));
  const both = await Promise.all([next(drawn, 1), next(drawn, 1)]);
  expect(new Set(both.flat()).size).toBe(2);
});
