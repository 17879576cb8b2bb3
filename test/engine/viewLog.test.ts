/** Views on their way to the database: committed before `write` returns, one row a request, its index once in ten minutes. */
import pino from "pino";
import { type Asked, type Looker, ViewLog } from "../../api/engine/viewLog";
import { newId } from "../../api/engine/world";
import { Looks } from "../../api/store/looks";
import { newDatabase, type TestDatabase } from "../database";

let database: TestDatabase;
let said: { msg: string }[];
let views: ViewLog;

beforeAll(async () => void (database = await newDatabase()));
afterAll(() => database.drop());
beforeEach(async () => {
  said = [];
  views = new ViewLog(
    database.db,
    pino({}, { write: (line) => void said.push(JSON.parse(line) as { msg: string }) }),
    newId,
  );
  await database.db.execute("DELETE FROM view_request");
  await database.db.execute("DELETE FROM view_log");
});

const at = Date.parse("2026-11-23T09:04:00.000Z");
const looker = (minutes = 0): Looker => ({
  person: "01PER000000000000000000000",
  organisation: "01ORG000000000000000000000",
  actor: "person",
  at: at + minutes * 60_000,
});
const asked: Asked = { via: "graphql", operation: "Concerns", hash: null };
const record = (n: number): string => `01REC${String(n).padStart(21, "0")}`;
function looked(ids: string[], opened: string[] = []): Looks {
  const looks = new Looks();
  looks.byType.set("concern", new Set(ids));
  for (const id of opened) looks.opened.add(id);
  return looks;
}
const stored = async () => [
  (await database.db.query("SELECT id FROM view_request")).length,
  (await database.db.query("SELECT id FROM view_log")).length,
];

test("each request is a row; of a record within the same ten minutes one stands, also where two processes write it", async () => {
  const other = new ViewLog(database.db, pino({ level: "silent" }), newId);
  for (const minutes of [0, 3, 5]) await views.write(looked([record(1)]), looker(minutes), asked);
  await Promise.all([1, 2, 3].map((minutes) => other.write(looked([record(1), record(2)]), looker(minutes), asked)));
  expect(await stored()).toEqual([6, 2]);
  await views.write(looked([record(1)]), looker(6), asked);
  expect(await stored()).toEqual([7, 3]);
});

test("opening after listing says so of the same ten minutes, and listing after opening takes nothing back", async () => {
  const opened = async () => database.db.query("SELECT opened FROM view_log");
  await views.write(looked([record(1)]), looker(), asked);
  expect(await opened()).toEqual([{ opened: 0 }]);
  await views.write(looked([record(1)], [record(1)]), looker(1), asked);
  await views.write(looked([record(1)]), looker(2), asked);
  expect(await opened()).toEqual([{ opened: 1 }]);
});

test("two hundred requests at once of the same records are all written", async () => {
  const ids = Array.from({ length: 40 }, (_, n) => record(n));
  const all = Array.from({ length: 200 }, () => views.write(looked([...ids].reverse()), looker(), asked));
  await Promise.all(all);
  expect(await stored()).toEqual([200, 40]);
});

test("a report of twenty thousand records fits, and an operation's name of any length", async () => {
  const ids = Array.from({ length: 20_000 }, (_, n) => record(n));
  await views.write(looked(ids), looker(), { ...asked, operation: "é".repeat(1_000) });
  expect(await stored()).toEqual([1, 20_000]);
});

test("what cannot be written is refused and said in the log, with nothing of it", async () => {
  const closed = await newDatabase();
  const broken = new ViewLog(
    closed.db,
    pino({}, { write: (line) => void said.push(JSON.parse(line) as { msg: string }) }),
    newId,
  );
  await closed.drop();
  await expect(broken.write(looked([record(7)]), looker(), asked)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  expect(said).toMatchObject([{ msg: "Who reads could not be recorded: the answer is refused" }]);
});

test("nothing read, nothing written", async () => {
  await views.write(new Looks(), looker(), asked);
  expect(await stored()).toEqual([0, 0]);
});
