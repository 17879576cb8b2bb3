/** What a transaction reads is held until it ends: it has a bound, however many statements it is read by. */
import { type Database, forPeople, openDatabase } from "../../api/store/database";
import { TooLarge } from "../../api/store/trouble";
import { newSchool, type School } from "../school";

let school: School;
let db: Database;
beforeAll(async () => {
  school = await newSchool();
  db = openDatabase(school.databaseUrl, 1, undefined, { ...forPeople, transactionBytes: 1_000_000 });
}, 60_000);
afterAll(async () => {
  await db.close();
  await school.close();
});

const reading = (times: number, mostBytes?: number) =>
  db.transaction(async (tx) => {
    await tx.execute("UPDATE installation SET definition_edition = definition_edition + 1");
    for (let n = 0; n < times; n++) await tx.query("SELECT REPEAT('x', 300000) AS text", [], mostBytes);
  });
const edition = async () =>
  Number((await db.query("SELECT definition_edition FROM installation"))[0]?.["definition_edition"]);

test("beyond it nothing is changed, and whoever comes next has a bound of their own", async () => {
  const before = await edition();
  for (let n = 0; n < 5; n++) await reading(3);
  expect(await edition()).toBe(before + 5);
  for (let n = 0; n < 3; n++) {
    const refused = await reading(4).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(TooLarge);
    expect(refused).toMatchObject({
      code: "TOO_COMPLEX",
      message: expect.stringContaining("Nothing was changed") as string,
    });
    await reading(3);
  }
  expect(await edition()).toBe(before + 8);
});

test("a statement has its own bound beside it", async () => {
  const before = await edition();
  await expect(reading(1, 200_000)).rejects.toThrow(TooLarge);
  await reading(3, 400_000);
  expect(await edition()).toBe(before + 1);
});

test("what is read for somebody counts over all they ask, and for nobody else", async () => {
  const { asker, db: theirs } = db.readsFor();
  asker.allowance.bytes = 1_000_000;
  const read = () => theirs.query("SELECT REPEAT('x', 300000) AS text");
  for (let n = 0; n < 3; n++) await read();
  await expect(read()).rejects.toThrow(TooLarge);
  await expect(theirs.snapshot((sql) => sql.query("SELECT 1"))).rejects.toThrow(TooLarge);
  await expect(db.query("SELECT REPEAT('x', 2000000) AS text")).resolves.toHaveLength(1);
});
