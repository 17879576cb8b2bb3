/** One absence, or one school's seal, that cannot be done holds no other. */
import { endAbsence, turnAbsences } from "../../api/engine/absence";
import { run, systemIdentity } from "../../api/engine/run";
import { sealAll } from "../../api/engine/seal";
import { insertAbsence } from "../../api/store/handOver";
import { readFaults } from "../../api/store/faults";
import { newOffice, type Office } from "../workers/office";
import { setTime } from "../time";

const morning = "2027-04-28T07:00:00.000Z";
let office: Office;

beforeEach(async () => {
  office = await newOffice();
  setTime(office.world, () => Date.parse(morning));
});
afterEach(() => office.close());

const kinds = async () =>
  (await readFaults(office.world.db, { organisations: [office.organisation], first: 10 })).map(({ kind }) => kind);

test("an absence that cannot begin is a fault, and the others begin", async () => {
  const [ada, ben, cy] = [
    await office.person("Ada", "ada@elm.example"),
    await office.person("Ben", "ben@elm.example"),
    await office.person("Cy", "cy@elm.example"),
  ];
  const days = { from: "2027-04-28", to: "2027-04-29", organisation: office.organisation, state: "planned" as const };
  for (const [i, person] of [ada, ben].entries())
    await office.world.db.transaction((tx) =>
      insertAbsence(tx, { id: `01ABSENCE000000000000000${i}A`, person, standIn: cy, ...days }, null, morning),
    );
  await office.query(`CREATE TRIGGER poison BEFORE UPDATE ON absence FOR EACH ROW
    IF NEW.person = '${ada}' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'; END IF`);
  expect(await turnAbsences(office.world)).toBe(1);
  expect(await office.query("SELECT state FROM absence ORDER BY id")).toEqual([{ state: "planned" }, { state: "on" }]);
  expect(await kinds()).toEqual(["absence"]);
  await office.query("DROP TRIGGER poison");
  expect(await turnAbsences(office.world)).toBe(1);
  expect(await kinds()).toEqual([]);
});

test("the fault of an absence that another process holds stays open, and ends with what the person does themself", async () => {
  const [ada, cy] = [await office.person("Ada", "ada@elm.example"), await office.person("Cy", "cy@elm.example")];
  const days = { from: "2027-04-28", to: "2027-04-29", organisation: office.organisation, state: "planned" as const };
  const absence = "01ABSENCE0000000000000000A";
  await office.world.db.transaction((tx) =>
    insertAbsence(tx, { id: absence, person: ada, standIn: cy, ...days }, null, morning),
  );
  await office.query(`CREATE TRIGGER poison BEFORE UPDATE ON absence FOR EACH ROW
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'`);
  await turnAbsences(office.world);
  expect(await kinds()).toEqual(["absence"]);
  await office.world.db.transaction(async (tx) => {
    await tx.query("SELECT id FROM absence FOR UPDATE");
    expect(await turnAbsences(office.world)).toBe(0);
    expect(await kinds()).toEqual(["absence"]);
  });
  await run(office.world, systemIdentity(office.organisation), (current) => endAbsence(current, { id: absence }));
  expect(await kinds()).toEqual([]);
});

test("a school whose history cannot be sealed is a fault, and the next one's is sealed", async () => {
  const ada = await office.person("Ada", "ada@elm.example");
  await office.licence("Music licence", "2027-05-28", { keeper: ada });
  await office.query(`INSERT INTO organisation (id, name, kind, zone, go_live_on)
    SELECT '00000000000000000000000000', 'First', kind, zone, go_live_on FROM organisation`);
  await office.query(`CREATE TRIGGER poison BEFORE INSERT ON seal FOR EACH ROW
    IF NEW.organisation = '${office.organisation}' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'; END IF`);
  expect(await sealAll(office.world)).toBe(0);
  expect(await kinds()).toEqual(["seal"]);
  await office.query("DROP TRIGGER poison");
  expect(await sealAll(office.world)).toBeGreaterThan(0);
  expect(await kinds()).toEqual([]);
});
