/** Row conditions asked of MariaDB and of memory: over random rows, the same rows answer yes to both. */
import fc from "fast-check";
import { evaluate } from "../../schema/condition";
import type { Condition } from "../../schema/definition";
import type { Fields, RecordData } from "../../schema/record";
import { conditionSql } from "../../api/store/conditionSql";
import type { SqlValue } from "../../api/store/database";
import { writeField } from "../../api/store/records";
import { applyTable, tableName } from "../../api/store/recordTable";
import {
  fieldsArbitrary,
  rowConditionArbitrary,
  sampleType,
  stateArbitrary,
  surroundingsArbitrary,
} from "../arbitraries";
import { newDatabase, type TestDatabase } from "../database";

const idOf = (n: number): string => `01ROW${String(n).padStart(21, "0")}`;
const at = "2027-03-28T01:00:00.000Z";

const recordOf = (n: number, state: string, fields: Fields): RecordData => ({
  id: idOf(n),
  type: sampleType.name,
  organisation: idOf(0),
  reference: `S-${n}`,
  title: "",
  state,
  entered: {},
  definitionVersion: 1,
  version: 1,
  createdAt: at,
  updatedAt: at,
  createdBy: null,
  historySeq: 0,
  historyHash: null,
  fields,
});

let database: TestDatabase;
let records: RecordData[];

beforeAll(async () => {
  database = await newDatabase();
  await applyTable(database.db, sampleType);
  const drawn = fc.sample(fc.tuple(stateArbitrary, fieldsArbitrary), { numRuns: 250, seed: 20270328 });
  records = drawn.map(([state, fields], n) => recordOf(n + 1, state, fields));
  for (const record of records) {
    const values: Record<string, SqlValue> = {
      id: record.id,
      organisation: record.organisation,
      reference: record.reference,
      title: "",
      title_folded: "",
      state: record.state,
      entered: "{}",
      definition_version: 1,
      version: 1,
      created_at: "2027-03-28 01:00:00.000",
      updated_at: "2027-03-28 01:00:00.000",
    };
    for (const name of Object.keys(sampleType.fields))
      Object.assign(values, writeField(sampleType, record.id, name, record.fields[name] ?? null));
    const columns = Object.keys(values);
    await database.db.execute(
      `INSERT INTO ${tableName(sampleType.name)} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
      Object.values(values),
    );
  }
}, 60_000);

afterAll(() => database.drop());

async function inSql(condition: Condition, scope: { today: string; actor: string | null }): Promise<string[]> {
  const compiled = conditionSql(sampleType, condition);
  const rows = await database.db.queryText(
    `SELECT r.id FROM ${tableName(sampleType.name)} r WHERE ${compiled.sql("r")} ORDER BY r.id`,
    compiled.params(scope),
  );
  return rows.map((row) => String(row["id"]));
}

test("a row condition finds the same rows in SQL as in memory, with empty values, blanks, accents, emoji and partial dates", async () => {
  await fc.assert(
    fc.asyncProperty(rowConditionArbitrary, surroundingsArbitrary, async (condition, scope) => {
      const inMemory = records.filter((record) => evaluate(condition, { record, type: sampleType, ...scope }));
      expect(await inSql(condition, scope)).toEqual(inMemory.map((record) => record.id));
    }),
    { numRuns: 400 },
  );
}, 120_000);
