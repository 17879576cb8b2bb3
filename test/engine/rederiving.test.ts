/** Clocks that are derived again: what is due fires meanwhile, only what holds the source is visited, the rest is told. */
import { composeMails } from "../../api/engine/composeMails";
import { fireDue } from "../../api/engine/fireDue";
import { createMany } from "../../api/engine/pipeline";
import { publishDefinition } from "../../api/engine/publishDefinition";
import { clockJobs, rederiveSome } from "../../api/engine/rederive";
import { clockSkewMs, run, schoolNow, systemIdentity } from "../../api/engine/run";
import { setCalendar } from "../../api/engine/setCalendar";
import { setSetting } from "../../api/engine/setSetting";
import { newId, type World } from "../../api/engine/world";
import { sendEvents } from "../../api/store/change";
import { datetime, isoOf } from "../../api/store/database";
import type { RecordType } from "../../schema/definition";
import { startWorkers } from "../../workers/startWorkers";
import { newSchool, type School } from "../school";

const review: RecordType = {
  name: "survey",
  plural: "surveys",
  label: "Survey",
  pluralLabel: "Surveys",
  reference: "SUR-{n}",
  title: "{{ what }}",
  entries: { new: "open" },
  fields: {
    what: { kind: "text", label: "What", required: true },
    dueOn: { kind: "date", label: "Due on" },
  },
  states: { open: { label: "Open" }, closed: { label: "Closed", end: true } },
  actions: { close: { label: "Close", from: ["open"], to: "closed", who: [{ anyone: true }] } },
  settings: { ahead: { label: "How long before", kind: "offset", value: "-P14D" } },
  timers: {
    soon: {
      label: "Soon due",
      anchor: { field: "dueOn" },
      steps: [{ setting: "ahead" }],
      notice: { to: [{ role: "officeStaff" }], template: "soon" },
    },
  },
  notices: { soon: { subject: "{{ what }} is due soon", body: "Please see to it." } },
  grants: [{ to: [{ role: "staff" }], may: ["see", "create", "edit"] }],
};
const { settings: _settings, ...plain } = review;
const alarm: RecordType = {
  ...plain,
  name: "alarm",
  plural: "alarms",
  label: "Alarm",
  pluralLabel: "Alarms",
  reference: "ALA-{n}",
  fields: { what: { kind: "text", label: "What" }, dueAt: { kind: "dateTime", label: "Due at" } },
  timers: { rings: { ...review.timers!["soon"]!, anchor: { field: "dueAt" }, steps: ["PT0M"] } },
};
const inspection: RecordType = {
  ...review,
  name: "inspection",
  plural: "inspections",
  label: "Inspection",
  pluralLabel: "Inspections",
  reference: "INS-{n}",
  timers: { soon: { ...review.timers!["soon"]!, roll: "previousOpenDay" } },
};

let school: School;
const jobs = () => clockJobs(school.world.db, school.organisation, "2099-01-01T00:00:00.000Z");
beforeAll(async () => {
  school = await newSchool("2026-11-23T09:00:00.000Z");
  for (const json of [review, alarm, inspection])
    await publishDefinition(school.world, systemIdentity(school.organisation), { json });
  await fireDue(school.world);
  while (await rederiveSome(school.world));
}, 60_000);
afterAll(() => school.close());

const many = (type: string, count: number, values: (n: number) => Record<string, string>) =>
  school.as("Zoe King", async (run) =>
    (
      await createMany(
        run,
        type,
        run.organisation.id,
        Array.from({ length: count }, (_, n) => values(n)),
      )
    ).map(({ after }) => after.id),
  );
const soon = (n: number) => ({ what: `Survey ${n}`, dueOn: `2027-0${1 + (n % 9)}-15` });
const count = async (sql: string): Promise<number> =>
  Number((await school.query(`SELECT COUNT(*) AS n FROM ${sql}`))[0]?.["n"]);

test("while clocks follow a figure, what falls due fires after the page at hand", async () => {
  await many("survey", 450, soon);
  const [alarmId] = await many("alarm", 1, () => ({ what: "Fire", dueAt: "2027-03-01T10:00:00.000Z" }));
  await school.as("Harriet Stowting", (run) => setSetting(run, { type: "survey", name: "ahead", value: "-P21D" }));
  const { world } = school;
  /** What had become of the alarm by each page of the job. */
  const seen: string[] = [];
  const stateOf = async () =>
    String((await world.db.query("SELECT state FROM r_alarm WHERE id = ?", [alarmId ?? ""]))[0]?.["state"]);
  const db: World["db"] = {
    ...world.db,
    transaction: (work, tries) =>
      world.db.transaction(
        (tx) =>
          work({
            ...tx,
            async execute(sql, params) {
              if (sql.startsWith("UPDATE rederive SET source")) {
                seen.push(await stateOf());
                if (seen.length === 1)
                  await world.db.transaction((other) =>
                    sendEvents(
                      other,
                      { newId, nowIso: "2026-11-23T09:00:00.000Z" },
                      [{ organisation: school.organisation, type: "alarm", record: alarmId ?? "", event: "close" }],
                      { history: "", depth: 1 },
                    ),
                  );
              }
              return tx.execute(sql, params);
            },
          }),
        tries,
      ),
  };
  const workers = await startWorkers({ ...world, db }, { sweepEvery: 60_000 });
  while ((await count("rederive WHERE done_at IS NULL")) > 0) await new Promise((resolve) => setTimeout(resolve, 50));
  await workers.stop();
  expect(seen.length).toBeGreaterThanOrEqual(4);
  expect(seen.slice(0, 3)).toEqual(["open", "closed", "closed"]);
  expect(await count("timer WHERE type = 'survey' AND state = 'waiting' AND step = '-P21D'")).toBe(450);
  const [last] = await jobs();
  expect(last).toMatchObject({ reason: "the setting “How long before” changed", visited: 450, moved: 450 });
  expect(last?.doneAt).not.toBeNull();
}, 60_000);

test("a change visits only records that hold a clock or can, soonest due first, and answers after its first page", async () => {
  await school.world.db.execute("UPDATE r_survey SET state = 'closed' WHERE f_due_on > '2027-05-01'");
  await school.world.db.execute(
    "UPDATE timer t JOIN r_survey r ON r.id = t.record SET t.state = 'cancelled' WHERE r.state = 'closed'",
  );
  const holding = await count("timer WHERE state = 'waiting' AND kind = 'rule'");
  await school.as("Harriet Stowting", (run) =>
    setCalendar(run, {
      terms: run.organisation.calendar.terms,
      closures: [
        ...run.organisation.calendar.closures,
        { from: "2027-01-04", to: "2027-01-05", kind: "inset", name: "Training" },
      ],
    }),
  );
  const job = async () => (await jobs())[0];
  expect(await job()).toMatchObject({ visited: 100, doneAt: null });
  const current = "(SELECT calendar_edition FROM organisation LIMIT 1)";
  const [followed] = await school.query(
    `SELECT MAX(due_at) AS last FROM timer WHERE state = 'waiting' AND kind = 'rule'
     AND SUBSTRING_INDEX(SUBSTRING_INDEX(stamp, '.', 2), '.', -1) = ${current}`,
  );
  const [left] = await school.query(
    `SELECT MIN(due_at) AS first FROM timer WHERE state = 'waiting' AND kind = 'rule'
     AND SUBSTRING_INDEX(SUBSTRING_INDEX(stamp, '.', 2), '.', -1) <> ${current}`,
  );
  expect(String(followed?.["last"]) <= String(left?.["first"])).toBe(true);
  while (await rederiveSome(school.world));
  const done = await job();
  expect(done?.doneAt).not.toBeNull();
  expect(done?.visited).toBeLessThanOrEqual(holding);
  expect(await count("timer WHERE stamp <> '' AND state = 'waiting'")).toBe(
    await count(
      `timer WHERE stamp <> '' AND state = 'waiting' AND SUBSTRING_INDEX(SUBSTRING_INDEX(stamp, '.', 2), '.', -1) = ${current}`,
    ),
  );
});

test("one record whose clocks cannot be counted leaves the others' to be, and is put aside", async () => {
  const [bad] = await many("survey", 1, () => ({ what: "Bad", dueOn: "2027-01-20" }));
  await school.world.db.execute("UPDATE timer SET anchor_value = ?, step = ? WHERE record = ?", [
    "2027-01-20",
    "-P21D",
    bad ?? "",
  ]);
  const { world } = school;
  const db: World["db"] = {
    ...world.db,
    transaction: (work, tries) =>
      world.db.transaction(
        (tx) =>
          work({
            ...tx,
            execute: (sql, params) =>
              sql.startsWith("INSERT INTO timer") && params?.includes(bad ?? "")
                ? Promise.reject(new Error("bad"))
                : tx.execute(sql, params),
            bulk: (sql, params) =>
              sql.startsWith("INSERT INTO timer") && params.includes(bad ?? "")
                ? Promise.reject(new Error("bad"))
                : tx.bulk(sql, params),
          }),
        tries,
      ),
  };
  await school.world.db.execute("UPDATE organisation SET settings_edition = settings_edition + 1");
  await world.db.execute(
    `INSERT INTO rederive (id, source, organisation, type, reason, created_at) VALUES ('01JOB000000000000000000000', 'figure', NULL, 'survey', 'a test', '2026-11-01')`,
  );
  while (await rederiveSome({ ...world, db }));
  const edition = "(SELECT settings_edition FROM organisation LIMIT 1)";
  const old = await school.query(
    `SELECT record FROM timer WHERE type = 'survey' AND state = 'waiting' AND SUBSTRING_INDEX(SUBSTRING_INDEX(stamp, '.', 3), '.', -1) <> ${edition}`,
  );
  expect(old).toEqual([{ record: bad }]);
  expect(await school.query("SELECT kind, subject FROM fault WHERE open = 1")).toEqual([{ kind: "job", subject: bad }]);
});

test("a process whose clock is an hour ahead fires and mails nothing early, and says by how much it is ahead", async () => {
  const now = await schoolNow(school.world);
  const [id] = await many("alarm", 1, () => ({ what: "In half an hour", dueAt: isoOf(now + 30 * 60_000) }));
  await school.world.db.execute("UPDATE notice SET outcome = 'not needed' WHERE outcome = 'planned'");
  await school.world.db.execute(`UPDATE notice SET outcome = 'planned', mail = NULL, send_at = ? ORDER BY id LIMIT 1`, [
    datetime(isoOf(now + 30 * 60_000)),
  ]);
  const ahead: World = { ...school.world, machineNow: () => school.world.machineNow() + 3_600_000 };
  await fireDue(ahead);
  await composeMails(ahead, isoOf(await schoolNow(ahead)));
  expect(await count(`timer WHERE record = '${id ?? ""}' AND state = 'waiting'`)).toBe(1);
  expect(await count("notice WHERE outcome = 'planned'")).toBe(1);
  expect(Math.round((await clockSkewMs(ahead)) / 60_000)).toBe(60);
});

test("a figure that moves a step takes its clocks along: no row of the old step is left", async () => {
  const made = await many("survey", 5, (n) => ({ what: `Moved ${n}`, dueOn: "2027-06-15" }));
  const rows = () =>
    school.query(
      `SELECT id, step, state FROM timer WHERE record IN (${made.map(() => "?").join(", ")}) ORDER BY id`,
      made,
    );
  const before = await rows();
  for (const value of ["-P10D", "-P3D", "-P21D"]) {
    await run(school.world, systemIdentity(school.organisation), (current) =>
      setSetting(current, { type: "survey", name: "ahead", value, from: current.today }),
    );
    while (await rederiveSome(school.world));
    expect(await rows()).toEqual(before.map(({ id }) => ({ id, step: value, state: "waiting" })));
  }
});

test("a figure that moves a step within the days that fall to one is moved too, and it fires once", async () => {
  const [id = ""] = await many("inspection", 1, () => ({ what: "On a Monday", dueOn: "2027-06-14" }));
  const timers = () => school.query("SELECT step, state, DATE(due_at) AS day FROM timer WHERE record = ?", [id]);
  // Saturday and Sunday before are both Friday.
  for (const value of ["-P2D", "-P1D"]) {
    await run(school.world, systemIdentity(school.organisation), (current) =>
      setSetting(current, { type: "inspection", name: "ahead", value, from: current.today }),
    );
    while (await rederiveSome(school.world));
    expect(await timers()).toEqual([{ step: value, state: "waiting", day: "2027-06-11" }]);
  }
  await school.clock.to("2027-06-13");
  expect(await timers()).toEqual([{ step: "-P1D", state: "fired", day: "2027-06-11" }]);
  const told = await school.query("SELECT person, COUNT(*) AS n FROM notice WHERE record = ? GROUP BY person", [id]);
  expect(told.map((row) => Number(row["n"]))).toEqual(told.map(() => 1));
  expect(told.length).toBeGreaterThan(0);
});
