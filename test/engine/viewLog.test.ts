/** Views on their way to the database: nothing of them is lost without a word, whatever the database does. */
import pino from "pino";
import { mostWaiting, ViewLog } from "../../api/engine/viewLog";
import { newId } from "../../api/engine/world";
import type { Sql } from "../../api/store/database";
import type { View } from "../../api/store/viewLog";
import { newDatabase, type TestDatabase } from "../database";

let database: TestDatabase;
let broken: boolean;
let said: { msg: string; views?: View[] }[];
let views: ViewLog;

beforeEach(async () => {
  database = await newDatabase();
  [broken, said] = [false, []];
  const sql: Sql = {
    ...database.db,
    executeText: (...args) =>
      broken ? Promise.reject(new Error("The disk is full")) : database.db.executeText(...args),
  };
  views = new ViewLog(sql, pino({}, { write: (line) => void said.push(JSON.parse(line) as { msg: string }) }));
});
afterEach(() => database.drop());

const at = Date.parse("2026-11-23T09:04:00.000Z");
const view = (record: number, minutes = 0): View => ({
  id: newId(),
  organisation: "01ORG000000000000000000000",
  record: `01REC${String(record).padStart(21, "0")}`,
  person: "01PER000000000000000000000",
  at: at + minutes * 60_000,
});
const stored = async () => (await database.db.query("SELECT record, at FROM view_log ORDER BY at, record")).length;

test("looks within the same ten minutes are one row, also where two processes write them", async () => {
  const other = new ViewLog(database.db, pino({ level: "silent" }));
  for (const minutes of [0, 3, 5, 7]) views.note(view(1, minutes));
  other.note(view(1, 1));
  await Promise.all([views.drain(), other.drain()]);
  views.note(view(1, 4));
  expect(views.waiting).toBe(0);
  views.note(view(1, 6));
  await views.drain();
  expect(await stored()).toBe(2);
});

test("a view that the database does not take is kept, said, and written when it can be", async () => {
  broken = true;
  views.note(view(1));
  await until(() => said.length > 0);
  expect(said[0]?.msg).toBe("Views could not be recorded: they are kept and tried again");
  expect([views.waiting, await stored()]).toEqual([1, 0]);
  broken = false;
  await until(() => views.waiting === 0);
  expect(await stored()).toBe(1);
});

test("what cannot be written before the end stands in the log of the process", async () => {
  broken = true;
  views.note(view(7));
  await views.drain();
  expect(said.at(-1)).toMatchObject({ views: [{ record: view(7).record }] });
});

test("where nothing is taken any more, nothing is opened unrecorded", async () => {
  broken = true;
  for (let n = 0; n < mostWaiting; n++) views.note(view(n));
  expect(() => views.note(view(mostWaiting))).toThrow("so it cannot be opened");
  broken = false;
  while (views.waiting) await views.drain();
  expect(await stored()).toBe(mostWaiting);
  views.note(view(mostWaiting));
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}
