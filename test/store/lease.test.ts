/** Work that takes longer than a lease keeps it: nobody else begins the same meanwhile. */
import { ifFree, withLease } from "../../api/store/lease";
import { newDatabase, type TestDatabase } from "../database";

let database: TestDatabase;
let ahead = 0;
const here = () => ({ db: database.db, timeAt: (databaseNow: number) => databaseNow + ahead });
/** Long enough for one renewal. */
const renewed = () => new Promise((resolve) => setTimeout(resolve, 6_500));

beforeAll(async () => {
  database = await newDatabase();
}, 120_000);
afterAll(() => database.drop());

test.each([["withLease"], ["ifFree"]] as const)(
  "%s: a minute's work is not overtaken, and what is killed is waited for no longer than twenty seconds",
  async (how) => {
    let overtaken = false;
    const other = () => ifFree(here(), how, () => Promise.resolve(true));
    const work = async () => {
      for (let some = 0; some < 3; some++) {
        ahead += 15_000;
        await renewed();
        overtaken ||= (await other()) === true;
      }
      return "done";
    };
    expect(await (how === "withLease" ? withLease(here(), how, work) : ifFree(here(), how, work))).toBe("done");
    expect(overtaken).toBe(false);
    expect(await other()).toBe(true);
    await database.db.execute("INSERT INTO lease (name, holder, until) VALUES (?, 'killed', ?)", [
      how,
      new Date(Date.now() + ahead + 19_000).toISOString().replace("T", " ").slice(0, 23),
    ]);
    expect(await other()).toBeUndefined();
    ahead += 20_000;
    expect(await other()).toBe(true);
  },
  60_000,
);
