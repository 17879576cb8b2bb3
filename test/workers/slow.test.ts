/** One clock whose change takes longer than a statement may: it is put aside, and everybody else's fires. */
import { fireDue } from "../../api/engine/fireDue";
import { forWorkers, openDatabase } from "../../api/store/database";
import { newOffice, type Office } from "./office";

const firedAt = "2027-04-28T07:00:00.000Z";
const endsOn = "2027-05-28";
let office: Office;

beforeEach(async () => {
  office = await newOffice();
}, 120_000);
afterEach(() => office.close());

test("of five clocks the one that is too slow waits for its next try, and four fire", async () => {
  const keeper = await office.person("Ada", "ada@elm.example");
  for (const title of ["One", "Two", "Slow", "Four", "Five"]) await office.licence(title, endsOn, { keeper });
  await office.query(`CREATE TRIGGER slow BEFORE INSERT ON task FOR EACH ROW
    IF NEW.label = 'Renew Slow' THEN DO SLEEP(30); END IF`);
  const db = openDatabase(office.world.config.databaseUrl, 3, undefined, { ...forWorkers, statementMs: 2_000 });
  try {
    expect(await fireDue({ ...office.world, db }, undefined, Date.parse(firedAt))).toBe(5);
  } finally {
    await db.close();
  }
  const rows = await office.query(
    `SELECT r.f_title AS title, t.state, t.attempts FROM timer t JOIN r_licence r ON r.id = t.record ORDER BY t.id`,
  );
  expect(rows.map(({ title, state, attempts }) => [title, state, Number(attempts)])).toEqual([
    ["One", "fired", 0],
    ["Two", "fired", 0],
    ["Slow", "waiting", 1],
    ["Four", "fired", 0],
    ["Five", "fired", 0],
  ]);
}, 120_000);
