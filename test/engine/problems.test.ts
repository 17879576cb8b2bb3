/** What failed for good: somebody is told, and it is tried again or left from the command line. */
import { tellOfFaults } from "../../api/engine/faults";
import { problems, retryProblem, skipProblem } from "../../api/engine/problems";
import { run, systemIdentity } from "../../api/engine/run";
import { showProblems } from "../../api/operations";
import { setTime } from "../time";
import { newOffice, type Office } from "../workers/office";

const firedAt = "2027-04-28T07:00:00.000Z";
let office: Office;
const lines: string[] = [];
const print = (line = ""): void => void lines.push(line);
const system = () => systemIdentity(office.organisation);

beforeEach(async () => {
  lines.length = 0;
  office = await newOffice();
  setTime(office.world, () => Date.parse(firedAt));
  const ada = await office.person("Ada Brook", "ada@elm.example");
  await office.licence("Music licence", "2027-05-28", { keeper: ada });
  await office.query(
    "CREATE TRIGGER poison BEFORE INSERT ON notice FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'",
  );
  for (let i = 0; i < 10; i++) {
    await office.query("UPDATE timer SET retry_at = NULL");
    await office.fire(firedAt);
  }
});
afterEach(() => office.close());
const clock = async () => (await office.query("SELECT state, outcome FROM timer ORDER BY due_at LIMIT 1"))[0];

test("a clock that fails at every try is listed, gives somebody a task, and fires when it is tried again", async () => {
  expect(await clock()).toMatchObject({ state: "dead" });
  await tellOfFaults(office.world);
  expect(await office.query("SELECT state FROM r_trouble")).toEqual([{ state: "open" }]);
  expect(await showProblems(office.world, [], "", print)).toBe(1);
  expect(lines.join("\n")).toMatch(/Reminder or deadline, since .*2027/);

  await office.query("DROP TRIGGER poison");
  const [fault] = await run(office.world, system(), problems);
  await showProblems(office.world, ["retry", fault?.id], "", print);
  await office.fire(firedAt);
  expect(await clock()).toMatchObject({ state: "fired" });
  expect(await showProblems(office.world, [], "", print)).toBe(0);
  await tellOfFaults(office.world);
  await office.fire(firedAt);
  expect(await office.query("SELECT state FROM r_trouble")).toEqual([{ state: "over" }]);
});

test("what fails again after it was tried again is a problem again", async () => {
  const [fault] = await run(office.world, system(), problems);
  await run(office.world, system(), (current) => retryProblem(current, { id: fault?.id ?? "" }));
  await office.fire(firedAt);
  expect(await clock()).toMatchObject({ state: "dead" });
  const [again] = await run(office.world, system(), problems);
  expect(again?.subject).toBe(fault?.subject);
  expect(again?.id).not.toBe(fault?.id);
});

test("somebody is told again of what fails again, even while the end of the first task is on its way", async () => {
  await tellOfFaults(office.world);
  const [fault] = await run(office.world, system(), problems);
  await run(office.world, system(), (current) => retryProblem(current, { id: fault?.id ?? "" }));
  await office.fire(firedAt);
  for (let round = 0; round < 3; round++) {
    await tellOfFaults(office.world);
    await office.query("DROP TRIGGER IF EXISTS poison");
    await office.fire(firedAt);
  }
  expect(await run(office.world, system(), problems)).toHaveLength(1);
  expect(await office.query("SELECT state FROM r_trouble WHERE state = 'open'")).toHaveLength(1);
});

test("a chain of events that was stopped goes on when it is tried again", async () => {
  await office.query("DROP TRIGGER poison");
  await office.query('UPDATE timer SET send = \'{"cause":"x","depth":21}\' WHERE state = \'dead\'');
  const [fault] = await run(office.world, system(), problems);
  await run(office.world, system(), (current) => retryProblem(current, { id: fault?.id ?? "" }));
  expect(await office.query("SELECT JSON_VALUE(send, '$.depth') AS depth FROM timer WHERE send IS NOT NULL")).toEqual([
    { depth: "0" },
  ]);
});

test("what is skipped stays so, with who and why; nobody else may, and nothing is done twice", async () => {
  const [fault] = await run(office.world, system(), problems);
  const id = fault?.id ?? "";
  const skip = (reason: string) => run(office.world, system(), (current) => skipProblem(current, { id, reason }));
  await expect(skip("  ")).rejects.toMatchObject({ code: "INVALID_INPUT" });
  await expect(
    run(office.world, { ...system(), administers: false }, (current) => retryProblem(current, { id })),
  ).rejects.toMatchObject({ code: "FORBIDDEN" });
  await skip("The licence was given up.");
  expect(await clock()).toEqual({ state: "skipped", outcome: "Skipped by Duly: The licence was given up." });
  await expect(skip("Again.")).rejects.toMatchObject({ code: "NOT_FOUND" });
});
