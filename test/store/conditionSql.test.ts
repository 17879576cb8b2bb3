/** Row conditions asked of MariaDB and of memory: over random rows, the same rows answer yes to both. */
import fc from "fast-check";
import { askOf, evaluate, isAmong } from "../../schema/condition";
import type { Condition, Literal, Related } from "../../schema/definition";
import type { Fields, RecordData } from "../../schema/record";
import { conditionSql, type RowScope } from "../../api/store/conditionSql";
import { countAsked } from "../../api/store/counts";
import type { Registry } from "../../api/store/definitions";
import type { SqlValue } from "../../api/store/database";
import { writeField } from "../../api/store/records";
import { applyTable, tableName } from "../../api/store/recordTable";
import {
  everyRowLeaf,
  fieldsArbitrary,
  figures,
  outerLeafArbitrary,
  rowConditionArbitrary,
  sampleType,
  schoolCalendar,
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

async function inSql(condition: Condition, scope: RowScope): Promise<string[]> {
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

test("each condition over each pair of values that the check lets through is answered alike by SQL and by memory", async () => {
  const scope = {
    today: "2027-03-28",
    actor: "01JAN00000000000000000000A",
    settings: figures,
    calendar: schoolCalendar,
    period: { from: "2023-10-01", to: "2027-03-28" },
    outer: records[7] as RecordData,
  };
  const few = records.slice(0, 40);
  const differing: unknown[] = [];
  const leaves = everyRowLeaf();
  for (let at = 0; at < leaves.length; at += 40) {
    const group = leaves.slice(at, at + 40).flatMap((leaf): Condition[] => [leaf, { not: leaf }]);
    const compiled = group.map((condition) => conditionSql(sampleType, condition));
    const rows = await database.db.queryText(
      `SELECT ${compiled.map((one, n) => `(${one.sql("r")}) AS c${n}`).join(", ")}
       FROM ${tableName(sampleType.name)} r ORDER BY r.id LIMIT ${few.length}`,
      compiled.flatMap((one) => one.params(scope)),
    );
    for (const [n, condition] of group.entries()) {
      const inSql = rows.map((row) => Number(row[`c${n}`] ?? 0) === 1);
      const inMemory = few.map((record) => evaluate(condition, { record, type: sampleType, ...scope }));
      if (inSql.join() !== inMemory.join()) differing.push(condition);
    }
  }
  expect(leaves.length).toBeGreaterThan(1_000);
  expect(differing).toEqual([]);
}, 240_000);

test("what is counted of other records is as many in SQL as in memory, by link, by what they hold, and beside the record that asks", async () => {
  const registry = { types: new Map([[sampleType.name, { active: { type: sampleType } }]]) } as unknown as Registry;
  const lookups: Related[] = ["agreed", "paid", "level", "owner", "name", "startsOn"].map((name) => ({
    type: sampleType.name,
    match: { [name]: { field: name } },
  }));
  lookups.push({ type: sampleType.name, match: { state: { field: "state" }, paid: { field: "agreed" } } });
  const wheres = fc.option(fc.oneof(outerLeafArbitrary, fc.tuple(outerLeafArbitrary, rowConditionArbitrary).map(both)));
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...lookups),
      wheres,
      fc.constantFrom(1, 3, 1_000),
      fc.nat(records.length - 1),
      surroundingsArbitrary,
      async (lookup, where, most, at, surroundings) => {
        const related: Related = where ? { ...lookup, where } : lookup;
        const scope = { type: sampleType, record: records[at] as RecordData, ...surroundings };
        const ask = askOf(related, most, scope);
        if (!ask) return;
        const match = Object.entries(ask.values);
        const among = records.filter(
          (record) =>
            match.every(([name, sought]) => {
              const condition: Condition = { eq: [{ field: name }, sought as Literal] };
              return evaluate(condition, { record, type: sampleType, ...surroundings });
            }) && isAmong(related, sampleType, record, scope),
        );
        const counted = await countAsked(database.db, registry, { count: ask, scope });
        expect(counted).toBe(Math.min(most, among.length));
      },
    ),
    { numRuns: 400 },
  );
}, 120_000);

const both = (all: Condition[]): Condition => ({ all });
