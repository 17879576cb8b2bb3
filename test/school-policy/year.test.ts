/** The year of data that the demo school starts with: told from a seed, true by the engine, and believable. */
import { createHash } from "node:crypto";
import { calendar } from "../../schema/calendar";
import { calendarData } from "../../schema/packs/school-policy/demo/calendar";
import { people } from "../../schema/packs/school-policy/demo/people";
import { yearBefore } from "../../schema/packs/school-policy/demo/year/year";
import { schoolPolicy } from "../../schema/packs/school-policy/pack";
import { simulate } from "../../api/engine/simulate";
import { futureReport } from "../../api/futureReport";
import { loadDemoYear } from "../../api/setUp";
import { tableName } from "../../api/store/recordTable";
import { demoPassword, newSchool, type School } from "../school";

const founded = "2026-11-24T09:00:00.000Z";
const year = yearBefore("2026-11-24", 1);
const told = (moves = year.moves, of = year, on = founded) =>
  newSchool(on, (world) => loadDemoYear(world, demoPassword, { ...of, moves }));

let s: School;
beforeAll(async () => {
  s = await told();
}, 120_000);
afterAll(() => s.close());

const countOf = async (sql: string): Promise<number> => Number((await s.query(sql))[0]?.["n"]);

/** What happened until an instant, without ids, references and the salts of the chain. */
async function digest(school: School, until: string): Promise<string> {
  const rows = await school.query(
    `SELECT h.at, h.type, h.rule, b.summary, b.detail FROM history h JOIN history_body b ON b.history = h.id WHERE h.at < ?`,
    [until],
  );
  const lines = rows.map((row) =>
    JSON.stringify(row)
      .replace(/\b[0-9A-HJKMNP-TV-Z]{26}\b/g, "")
      .replace(/-\d{4,}\b/g, ""),
  );
  expect(lines.length).toBeGreaterThan(400);
  return createHash("sha256").update(lines.sort().join("\n")).digest("hex");
}

test("the same seed and day give the same year, move by move; another seed gives another", () => {
  expect(yearBefore("2026-11-24", 1)).toEqual(year);
  expect(yearBefore("2026-11-24", 2)).not.toEqual(year);
});

test("every move lies on a school day of the year, between breakfast and evening, whenever the demo begins", () => {
  const cal = calendar(calendarData);
  for (const today of ["2026-11-24", "2026-08-12", "2027-01-04", "2028-02-29", "2029-06-15"])
    for (const { at } of yearBefore(today, 1).moves) {
      const [day, time] = [cal.dateOf(Date.parse(at)), cal.timeOf(Date.parse(at))];
      expect([day, day < today, cal.isSchoolDay(day)]).toEqual([day, true, true]);
      expect(time >= "07:00" && time < "21:00").toBe(true);
    }
});

test("about forty people take part, and their addresses can receive no mail", () => {
  const all = [...people, ...year.people];
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  expect(all.length).toBeGreaterThanOrEqual(38);
  for (const { email } of all) expect(email).toMatch(/^[a-z.]+@canterburyroad\.invalid$/);
});

test("the same moves make the same records with the same history, to the millisecond", async () => {
  const first = year.moves.slice(0, 300);
  const until = first.at(-1)?.at.replace("T", " ").replace("Z", "") ?? "";
  const again = await told(first);
  expect(await digest(again, until)).toBe(await digest(s, until));
  await again.close();
}, 120_000);

test("every register is in use", async () => {
  const least: Record<string, number> = {
    policy: 14,
    guidanceSource: 5,
    governorsMeeting: 9,
    ruleConflict: 2,
    agreementCampaign: 6,
    acknowledgement: 80,
    schoolDevice: 24,
    deviceLoan: 14,
    workNumber: 12,
    handIn: 70,
    confiscation: 7,
    pupilSearch: 3,
    callHome: 25,
    socialChannel: 3,
    channelManager: 4,
    socialPost: 25,
    personalContact: 4,
    spotCheck: 10,
    filteringReview: 2,
    inductionProgramme: 1,
    induction: 2,
    trainingSession: 5,
    trainingAttendance: 12,
    curriculumUnit: 12,
    incident: 12,
    debrief: 8,
    lesson: 7,
    accessRemoval: 1,
    pupil: 30,
    outsideBody: 5,
    adviceEntry: 3,
    actionItem: 12,
    exception: 13,
    riskFollowUp: 6,
    signCheck: 6,
  };
  const counts: Record<string, number> = {};
  for (const { name } of schoolPolicy.types)
    counts[name] = await countOf(`SELECT COUNT(*) AS n FROM ${tableName(name)}`);
  expect(Object.entries(counts).filter(([name, n]) => n < (least[name] ?? 0))).toEqual([]);
});

test("there is an incident at every stage, debriefs held and to be held, lessons acted on and in hand", async () => {
  for (const name of ["incident", "debrief", "lesson"]) {
    const states = (await s.query(`SELECT DISTINCT state FROM ${tableName(name)}`)).map((row) => String(row["state"]));
    const all = Object.keys(schoolPolicy.types.find((type) => type.name === name)?.states ?? {});
    expect([name, all.filter((state) => !states.includes(state) && state !== "dropped")]).toEqual([name, []]);
  }
  const asked = await s.query("SELECT DISTINCT state FROM r_exception");
  expect(asked.map((row) => String(row["state"])).sort()).toEqual(
    [
      ...["requested", "toDecide", "awaitingAgreement", "inForce", "suspended"],
      ...["refused", "withdrawn", "ended"],
    ].sort(),
  );
});

test("on whatever day the demo begins, a policy waits for the governors", async () => {
  const later = yearBefore("2026-11-29", 1);
  const school = await told(later.moves, later, "2026-11-29T09:00:00.000Z");
  expect(await school.query("SELECT title FROM r_policy WHERE state = 'awaitingRatification'")).toHaveLength(1);
  await school.close();
}, 120_000);

test("some things are late, most are not, and nothing of the past was mailed", async () => {
  const late = await countOf("SELECT COUNT(*) AS n FROM task WHERE state = 'open' AND due_on < '2026-11-24'");
  const open = await countOf("SELECT COUNT(*) AS n FROM task WHERE state = 'open'");
  expect(late).toBeGreaterThanOrEqual(5);
  expect(late).toBeLessThan(open / 2);
  expect(await s.query("SELECT id FROM mail")).toEqual([]);
  expect(await s.query("SELECT DISTINCT outcome FROM notice WHERE send_at <= '2026-11-24 09:00:00'")).toEqual([
    { outcome: "not needed" },
  ]);
  expect((await s.clock.now()).slice(0, 10)).toBe("2026-11-24");
});

test("every clock has fired as it should, and whatever is not over waits for somebody or for a day", async () => {
  expect(await s.query("SELECT rule, outcome FROM timer WHERE state = 'dead' OR attempts > 0")).toEqual([]);
  expect(
    await countOf("SELECT COUNT(*) AS n FROM timer WHERE state = 'waiting' AND due_at < '2026-11-24 09:00:00'"),
  ).toBe(0);
  for (const { name, states } of schoolPolicy.types) {
    const busy = Object.keys(states).filter((state) => !states[state]?.end && !states[state]?.resting);
    const forgotten = await s.query(
      `SELECT r.reference, r.state, r.title FROM ${tableName(name)} r WHERE r.state IN (${["'-'", ...busy.map((state) => `'${state}'`)].join(", ")})
       AND NOT EXISTS (SELECT 1 FROM task t WHERE t.record = r.id AND t.state = 'open')
       AND NOT EXISTS (SELECT 1 FROM timer c WHERE c.record = r.id AND c.state = 'waiting')`,
    );
    expect(forgotten).toEqual([]);
  }
});

test("the school year ahead is told month by month, and nobody gets more than one digest a day beside the urgent", async () => {
  const future = await simulate(s.world, "2027-07-23T22:59:59Z");
  const digests = new Map<string, number>();
  for (const { at, to, urgent } of future.mails)
    if (!urgent) digests.set(`${to} ${at.slice(0, 10)}`, (digests.get(`${to} ${at.slice(0, 10)}`) ?? 0) + 1);
  expect([...digests].filter(([, count]) => count > 1)).toEqual([]);
  expect(digests.size).toBeGreaterThan(100);

  const report = futureReport(future, calendarData);
  const months = report.filter((line) => /^[A-Z]+ \d{4}$/.test(line));
  expect(months[0]).toBe("NOVEMBER 2026");
  expect(months.at(-1)).toBe("JULY 2027");
  expect(months).toHaveLength(9);
  const said = report.join("\n");
  expect(said).toContain("Week of 4 January 2027, Term 3, 2026–27");
  expect(said).toMatch(
    /To do: Spot check: Walk through the school {2}→ {2}Anselm Teynham, Callum Birchwood and Zoe King/,
  );
  expect(said).toMatch(/Mail: .*Online Safety Policy.* {2}→ {2}.*Lindsey Glanville/);
  expect(report.at(-2)).toMatch(/nobody gets more than 1 a day/);
}, 120_000);
