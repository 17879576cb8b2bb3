/** Locks on records: one order for all, a deadlock begun again, and batches that take what nobody holds. */
import type { RecordType } from "../../schema/definition";
import { create } from "../../api/engine/pipeline";
import { fireBatch, fireDue } from "../../api/engine/fireDue";
import { publishDefinition } from "../../api/engine/publishDefinition";
import { systemIdentity } from "../../api/engine/run";
import type { World } from "../../api/engine/world";
import { type Database, databaseMetrics, type Row, type SqlValue, type Tx } from "../../api/store/database";
import { lockRecords, type RecordKey } from "../../api/store/records";
import { newSchool, type School } from "../school";
import { Trouble } from "../../api/store/trouble";

const bell: RecordType = {
  name: "bell",
  plural: "bells",
  label: "Bell",
  pluralLabel: "Bells",
  reference: "BEL-{n}",
  title: "{{ place }}",
  entries: { new: "quiet" },
  fields: {
    place: { kind: "text", label: "Place", required: true },
    ringsAt: { kind: "dateTime", label: "Rings at" },
    strokes: { kind: "number", label: "Strokes" },
  },
  states: { quiet: { label: "Quiet" }, rung: { label: "Rung", end: true } },
  actions: { ring: { label: "Ring", from: ["quiet"], to: "rung", who: [{ system: true }] } },
  timers: { ring: { label: "It rings", anchor: { field: "ringsAt" }, steps: ["PT0M"], event: "ring" } },
  grants: [{ to: [{ role: "staff" }], may: ["see", "create", "edit"] }],
};

let school: School;
let keys: RecordKey[];

beforeEach(async () => {
  school = await newSchool();
  await publishDefinition(school.world, systemIdentity(school.organisation), { json: bell });
  await fireDue(school.world);
  const ringsAt = "2026-11-25T10:00:00.000Z";
  keys = await school.as("Zoe King", async (run) => {
    const made: RecordKey[] = [];
    for (let n = 1; n <= 6; n++) {
      const { after } = await create(run, "bell", run.organisation.id, { place: `Tower ${n}`, ringsAt, strokes: 0 });
      made.push({ type: "bell", id: after.id });
    }
    return made;
  });
}, 60_000);
afterEach(() => school.close());

const strike = (tx: Tx, { id }: RecordKey) =>
  tx.execute("UPDATE r_bell SET f_strokes = f_strokes + 1 WHERE id = ?", [id]);
const strokes = async (): Promise<number[]> =>
  (await school.query("SELECT f_strokes FROM r_bell ORDER BY id")).map((row) => Number(row["f_strokes"]));
const rung = async (): Promise<string[]> =>
  (await school.query("SELECT id FROM r_bell WHERE state = 'rung' ORDER BY id")).map((row) => String(row["id"]));
const ids = (some: RecordKey[]): string[] => some.map(({ id }) => id);

/** Holds records in a transaction of its own while `work` runs. */
async function holding<T>(held: RecordKey[], work: () => Promise<T>): Promise<T> {
  return school.world.db.transaction(async (tx) => {
    await lockRecords(tx, school.world.registry, held);
    return work();
  });
}

test("two transactions that take records in opposite order deadlock; one begins again, and both are done", async () => {
  const [first, second] = keys as [RecordKey, RecordKey];
  const before = databaseMetrics.restarts;
  let arrived = 0;
  let open: () => void = () => undefined;
  const bothHoldOne = new Promise<void>((resolve) => (open = resolve));
  const take = (one: RecordKey, other: RecordKey) =>
    school.world.db.transaction(async (tx) => {
      await strike(tx, one);
      if (++arrived === 2) open();
      await bothHoldOne;
      await strike(tx, other);
    });
  await Promise.all([take(first, second), take(second, first)]);
  expect(databaseMetrics.restarts).toBeGreaterThan(before);
  expect((await strokes()).slice(0, 2)).toEqual([2, 2]);
});

test("a transaction that never gets through ends with what the database said, and changes nothing", async () => {
  const [first] = keys as [RecordKey];
  let tries = 0;
  const deadlock = new Trouble("deadlock");
  const hopeless = school.world.db.transaction(async (tx) => {
    tries++;
    await strike(tx, first);
    throw deadlock;
  }, 3);
  await expect(hopeless).rejects.toBe(deadlock);
  expect([tries, (await strokes())[0]]).toEqual([3, 0]);
});

test("three hundred transactions that name their records in any order never meet in a deadlock", async () => {
  const before = databaseMetrics.restarts;
  const turn = (n: number): RecordKey[] => [...keys.slice(n % 6), ...keys.slice(0, n % 6)];
  await Promise.all(
    Array.from({ length: 300 }, (_, n) =>
      school.world.db.transaction(async (tx) => {
        const named = n % 2 ? turn(n).reverse() : turn(n);
        for (const record of await lockRecords(tx, school.world.registry, named.slice(0, 4))) await strike(tx, record);
      }),
    ),
  );
  expect(databaseMetrics.restarts).toBe(before);
  expect((await strokes()).reduce((sum, each) => sum + each)).toBe(1_200);
}, 60_000);

test("a batch takes the records that nobody holds, and leaves the others where they are", async () => {
  await holding(keys.slice(1, 3), async () => {
    const taken = await school.world.db.transaction((tx) =>
      lockRecords(tx, school.world.registry, keys, { skipLocked: true }),
    );
    expect(ids(taken)).toEqual(ids([...keys.slice(0, 1), ...keys.slice(3)]));
  });
});

test("where another worker holds the first records that are due, a batch fires those behind them", async () => {
  const at = Date.parse("2026-11-25T10:00:00.000Z");
  await holding(keys.slice(0, 3), async () => {
    expect(await fireBatch(school.world, 3, at)).toMatchObject({ handled: 3, more: true });
    expect(await rung()).toEqual(ids(keys.slice(3)));
  });
  await fireDue(school.world, 3, at);
  expect(await rung()).toEqual(ids(keys));
});

test("what another worker fires between a look at the timers and their locks is not fired again", async () => {
  const at = Date.parse("2026-11-25T10:00:00.000Z");
  const { world } = school;
  let overtaken = false;
  const late = (tx: Tx): Tx => ({
    ...tx,
    async query<R extends Row>(sql: string, params?: SqlValue[]) {
      const rows = await tx.query<R>(sql, params);
      if (!overtaken && sql.includes("FROM timer WHERE state = 'waiting'")) {
        overtaken = true;
        await fireDue(world, 200, at);
      }
      return rows;
    },
  });
  const db: Database = {
    ...world.db,
    transaction: (work, tries) => world.db.transaction((tx) => work(late(tx)), tries),
  };
  const slow: World = { ...world, db };
  expect((await fireBatch(slow, 200, at)).handled).toBe(0);
  expect(overtaken).toBe(true);
  const fired = await school.query(
    "SELECT record, COUNT(*) AS n FROM history WHERE type = 'bell' AND kind = 'timer' GROUP BY record",
  );
  expect(fired.map((row) => Number(row["n"]))).toEqual([1, 1, 1, 1, 1, 1]);
});
