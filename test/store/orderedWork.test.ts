/** Work in the order of its day: however many ranges it is merged from, and however much of it is unseen. */
import { plainCalendar } from "../../schema/condition";
import type { Row, Sql } from "../../api/store/database";
import {
  countByType,
  countInOrder,
  noticeOrder,
  type Order,
  readInOrder,
  taskOrder,
  timerOrder,
  type Wanted,
} from "../../api/store/orderedWork";
import { cursorOf } from "../../api/store/visibleRecords";
import type { Viewer } from "../../api/store/visibility";
import { newSchool, type School } from "../school";

let school: School;
beforeAll(async () => {
  school = await newSchool();
}, 60_000);
afterAll(() => school.close());

async function viewerOf(name: string): Promise<Viewer> {
  const access = await school.as(name, (run) => Promise.resolve(run.identity.access));
  const { registry } = school.world;
  return {
    registry,
    access,
    scopeOf: () => ({ today: "2026-11-23", actor: access.person, settings: {}, calendar: plainCalendar }),
  };
}

const asked: [string, Order, Wanted][] = [
  ["tasks", taskOrder, { equal: {} }],
  ["open tasks before a day", taskOrder, { equal: { state: "open" }, before: "2027-01-01" }],
  ["clocks", timerOrder, { equal: {} }],
  ["notices", noticeOrder, { equal: {} }],
];

describe.each(["Zoe King", "Tomas Elmstead", "Edith Marlowe"])("for %s", (name) => {
  test.each(asked)(
    "%s are the same from one statement and from many, each of a bounded size",
    async (_, order, wanted) => {
      const viewer = await viewerOf(name);
      const { db } = school.world;
      const read = async (mostRanges: number) => {
        const few: Order = { ...order, mostRanges };
        let most = 0;
        const sql: Sql = {
          ...db,
          queryText: (text, params) => {
            // A range with days and without is read twice.
            if (text.includes("every_range")) most = Math.max(most, text.split("AS k FROM ").length - 1);
            return db.queryText(text, params);
          },
        };
        const pages: string[][] = [];
        for (let after: string | null = null; ;) {
          const rows: Row[] = await readInOrder(sql, viewer, few, "t.id, t.type", wanted, { first: 7, after });
          pages.push(rows.map((row) => `${String(row["k"])} ${String(row["type"])} ${String(row["id"])}`));
          const last = rows[6];
          if (rows.length < 8 || !last || pages.length > 30) break;
          after = cursorOf(String(last["k"]), String(last["id"]));
        }
        const counts = [...(await countByType(sql, viewer, few, wanted))].sort();
        expect(most).toBeLessThanOrEqual(2 * mostRanges);
        return { pages, counts, count: await countInOrder(sql, viewer, few, wanted) };
      };
      const whole = await read(10_000);
      for (const mostRanges of [1, 2, 5]) expect(await read(mostRanges)).toEqual(whole);
    },
  );
});

test("what is unseen is passed by in batches that grow, so that few statements read much of it", async () => {
  const viewer = await viewerOf("Zoe King");
  const ALL = 200_000;
  const statements = async (work: (sql: Sql) => Promise<unknown>): Promise<number> => {
    let [sent, read] = [0, 0];
    const queryText = (text: string): Promise<Row[]> => {
      if (!text.includes("every_range"))
        return Promise.resolve([{ organisation: school.organisation, state: "open", unassigned: 0, type: "policy" }]);
      sent++;
      const size = Math.min(Number(/LIMIT (\d+)/.exec(text)?.[1]), ALL - read);
      read += size;
      if (text.includes("AS examined")) return Promise.resolve([{ examined: size, n: 0, last: `2026-01-01|${read}` }]);
      return Promise.resolve(Array.from({ length: size }, (_, n) => ({ k: "2026-01-01", id: String(n), seen: 0 })));
    };
    await work({ ...school.world.db, queryText: queryText as Sql["queryText"] });
    return sent;
  };
  for (const first of [1, 50, 200])
    expect(
      await statements((sql) => readInOrder(sql, viewer, taskOrder, "t.id", { equal: {} }, { first })),
    ).toBeLessThan(ALL / 8_000 + 15);
  expect(await statements((sql) => countInOrder(sql, viewer, taskOrder, { equal: {} }))).toBeLessThan(ALL / 8_000 + 15);
});
