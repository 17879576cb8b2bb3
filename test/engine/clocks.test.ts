/** Clocks that fail, whose rule is gone, or that make each other: they stop nothing but themselves, and are told. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fireBatch, fireDue } from "../../api/engine/fireDue";
import { runForward } from "../../api/engine/advanceClock";
import { keepTransport } from "../../api/engine/mailTransport";
import { createRecord } from "../../api/engine/createRecord";
import { create } from "../../api/engine/pipeline";
import { publishDefinition, publishTypes } from "../../api/engine/publishDefinition";
import { systemIdentity } from "../../api/engine/run";
import { setSetting } from "../../api/engine/setSetting";
import { simulate } from "../../api/engine/simulate";
import { setCalendar } from "../../api/engine/setCalendar";
import type { RecordType } from "../../schema/definition";
import { newSchool, type School } from "../school";

let school: School;
beforeEach(async () => {
  school = await newSchool("2026-11-23T09:00:00.000Z");
}, 60_000);
afterEach(() => school.close());

const input = (name: string): RecordType =>
  JSON.parse(readFileSync(join(__dirname, "../inputs/definitions", `${name}.json`), "utf8")) as RecordType;

const publish = (json: RecordType, inFlight: "STAY" | "MOVE" = "STAY") =>
  publishDefinition(school.world, systemIdentity(school.organisation), { json, inFlight });
/** As an earlier Duly let it through: what is in force goes on, though its like is refused today. */
const putInForce = (...types: RecordType[]) => publishTypes(school.world, systemIdentity(school.organisation), types);
const make = async (type: string, values: Record<string, unknown>): Promise<string> =>
  (await school.as("Zoe King", (run) => createRecord(run, { type, input: values }))).id;
const clocksOf = (record: string) =>
  school.query("SELECT rule, step, state, outcome, due_at, attempts FROM timer WHERE record = ? ORDER BY rule, step", [
    record,
  ]);
const states = async (record: string) =>
  (await clocksOf(record)).map(({ rule, step, state }) => [rule, step, state].map(String).join(" "));

/** A record that rings at an instant, and then makes one of another type, which may fail. */
const bell: RecordType = {
  name: "bell",
  plural: "bells",
  label: "Bell",
  pluralLabel: "Bells",
  reference: "BEL-{n}",
  title: "{{ place }}",
  entries: { new: "quiet" },
  fields: {
    place: { kind: "text", label: "Place" },
    ringsAt: { kind: "dateTime", label: "Rings at" },
  },
  states: { quiet: { label: "Quiet" }, rung: { label: "Rung", end: true } },
  actions: {
    ring: {
      label: "Ring",
      from: ["quiet"],
      to: "rung",
      who: [{ system: true }],
      effects: [{ create: { type: "echo", fields: { of: { field: "place" } } } }],
    },
  },
  timers: { ring: { label: "It rings", anchor: { field: "ringsAt" }, steps: ["PT0M"], event: "ring" } },
  grants: [{ to: [{ role: "staff" }], may: ["see", "create", "edit"] }],
};
const echo: RecordType = {
  ...bell,
  name: "echo",
  plural: "echoes",
  label: "Echo",
  pluralLabel: "Echoes",
  reference: "ECH-{n}",
  title: "{{ of }}",
  fields: { of: { kind: "text", label: "Of what", required: true } },
  actions: { hush: { label: "Hush", from: ["quiet"], to: "rung", who: [{ anyone: true }] } },
  timers: {},
};

const ringsAt = "2026-11-25T10:00:00.000Z";
const at = Date.parse(ringsAt);

test.each(["MOVE", "STAY"] as const)("a reminder that a publish drops (%s) silences no other", async (inFlight) => {
  await publish(input("f-ghost-timer-v1"));
  const id = await make("ghost", { what: "Two reminders" });
  await publish(input("f-ghost-timer-v2"), inFlight);
  await school.clock.to("2026-11-24T09:00:00.000Z");
  expect(await states(id)).toEqual([`first PT1M ${inFlight === "MOVE" ? "cancelled" : "fired"}`, "second PT2M fired"]);
});

test("what an earlier edition left behind ends when it comes up: the rest fires, and looking ahead ends too", async () => {
  await publish(input("f-ghost-timer-v2"));
  const id = await make("ghost", { what: "Left behind" });
  // As commits before this one left it: a row whose rule nothing names, the oldest of its record.
  for (const [row, record, step] of [
    ["01GHOST0000000000000000001", id, "PT1M"],
    ["01GHOST0000000000000000002", "01NOSUCHRECORD000000000000", "PT1M"],
  ])
    await school.world.db.execute(
      `INSERT INTO timer (id, organisation, type, record, rule, step, anchor_value, due_at, state, stamp)
       VALUES (?, ?, 'ghost', ?, 'first', ?, 'open#1', '2026-11-23 09:00:30.000', 'waiting', '1.1.1')`,
      [row ?? "", school.organisation, record ?? "", step ?? ""],
    );
  expect((await simulate(school.world, "2026-11-24T09:00:00.000Z")).stopped).toBeNull();
  await school.clock.to("2026-11-24T09:00:00.000Z");
  expect(await states(id)).toEqual(["first PT1M cancelled", "second PT2M fired"]);
  expect(await states("01NOSUCHRECORD000000000000")).toEqual(["first PT1M cancelled"]);
});

test("of twenty that fall due together the one that fails is put aside, with its cause at its own row", async () => {
  await publish(echo);
  await putInForce(bell);
  const ids: string[] = [];
  for (let n = 0; n < 20; n++)
    ids.push(
      (
        await school.as("Zoe King", (run) =>
          create(run, "bell", run.organisation.id, { place: n === 13 ? null : `Tower ${n}`, ringsAt }),
        )
      ).after.id,
    );
  await fireDue(school.world, undefined, at);
  const rows = await school.query("SELECT record, state, attempts, outcome FROM timer WHERE rule = 'ring' ORDER BY id");
  expect(rows.filter((row) => row["state"] === "fired")).toHaveLength(19);
  expect(rows.find((row) => row["state"] !== "fired")).toMatchObject({
    record: ids[13],
    state: "waiting",
    attempts: 1,
    outcome: expect.stringContaining("Of what") as string,
  });
});

test("a record that cannot even be read, since its key is gone, holds nobody else's clocks back", async () => {
  await publish(echo);
  const note = { kind: "text" as const, label: "Note", sensitive: true };
  await putInForce({ ...bell, fields: { ...bell.fields, note } });
  const ring = (place: string) =>
    school.as("Zoe King", (run) => create(run, "bell", run.organisation.id, { place, ringsAt, note: "Kept" }));
  const [broken, whole] = [await ring("Broken"), await ring("Whole")];
  await school.world.db.execute("UPDATE r_bell SET f_note = ? WHERE id = ?", ["x".repeat(60), broken.after.id]);
  await fireDue(school.world, undefined, at);
  expect(await states(whole.after.id)).toEqual(["ring PT0M fired"]);
  expect(await clocksOf(broken.after.id)).toMatchObject([{ state: "waiting", attempts: 1 }]);
});

test("rows that cannot be taken, more than a batch holds, keep nobody else's from firing", async () => {
  await publish(echo);
  await putInForce(bell);
  const free = await school.as("Zoe King", (run) =>
    create(run, "bell", run.organisation.id, { place: "Free", ringsAt }),
  );
  const held = await school.as("Zoe King", (run) =>
    create(run, "bell", run.organisation.id, { place: "Held", ringsAt }),
  );
  // A hundred older rows of one record that somebody holds.
  for (let n = 0; n < 100; n++)
    await school.world.db.execute(
      `INSERT INTO timer (id, organisation, type, record, kind, rule, step, anchor_value, due_at, state, stamp, send)
       VALUES (?, ?, 'bell', ?, 'event', 'nothing', 'P0D', ?, '2026-11-24 09:00:00.000', 'waiting', '', ?)`,
      [
        `00SENT${String(n).padStart(20, "0")}`,
        school.organisation,
        held.after.id,
        String(n),
        JSON.stringify({ event: "nothing", cause: "", depth: 1 }),
      ],
    );
  await school.world.db.transaction(async (tx) => {
    await tx.query("SELECT id FROM r_bell WHERE id = ? FOR UPDATE", [held.after.id]);
    await fireBatch(school.world, 4, at);
  });
  expect(await states(free.after.id)).toEqual(["ring PT0M fired"]);
});

test("a duty that cannot make its record holds no clock back, fails under its own name, and comes again", async () => {
  // In force from before the check refused it.
  const { duties, ...without } = input("f-duty-required");
  await publish({ ...without, fields: { what: without.fields["what"]! } });
  await publish({ ...without, fields: { what: without.fields["what"]! }, duties: duties! });
  await school.world.db.execute("UPDATE definition SET json = ? WHERE type = 'badDuty' AND state = 'active'", [
    JSON.stringify(input("f-duty-required")),
  ]);
  await publish(echo);
  await putInForce(bell);
  const registry = school.world.registry.types.get("badDuty")!;
  registry.active.type.fields["owner"] = input("f-duty-required").fields["owner"]!;
  const due = "2027-05-04T09:00:00.000Z";
  const rung = await school.as("Zoe King", (run) =>
    create(run, "bell", run.organisation.id, { place: "Tower", ringsAt: due }),
  );
  await school.clock.to("2027-05-04T12:00:00.000Z");
  expect(await states(rung.after.id)).toEqual(["ring PT0M fired"]);
  const duty = async () =>
    (await school.query(
      "SELECT state, attempts, outcome FROM timer WHERE kind = 'duty' AND rule = 'weekly' ORDER BY n",
    )) as {
      state: string;
      attempts: number;
      outcome: string | null;
    }[];
  expect(await duty()).toMatchObject([
    { state: "waiting", attempts: 1, outcome: expect.stringContaining("Owner") as string },
  ]);
  // Given up in the end, and the next week's stands.
  for (let tries = 0; tries < 10; tries++) {
    await school.world.db.execute(
      "UPDATE timer SET retry_at = NULL WHERE kind = 'duty' AND rule = 'weekly' AND state = 'waiting'",
    );
    await fireDue(school.world);
  }
  expect((await duty()).map(({ state }) => state)).toEqual(["dead", "waiting"]);
});

test("trouble that is the database's counts against no record", async () => {
  await publish(echo);
  await putInForce(bell);
  const { after } = await school.as("Zoe King", (run) =>
    create(run, "bell", run.organisation.id, { place: "Tower", ringsAt }),
  );
  const { db } = school.world;
  for (const error of [
    Object.assign(new Error("Too many connections"), { errno: 1040, code: "ER_CON_COUNT_ERROR" }),
    Object.assign(new Error("read-only"), { errno: 1290, code: "ER_OPTION_PREVENTS_STATEMENT" }),
    Object.assign(new Error("disk full"), { errno: 1021, code: "ER_DISK_FULL" }),
    Object.assign(new Error("lost"), { code: "PROTOCOL_CONNECTION_LOST", fatal: true }),
  ]) {
    const failing: typeof db = {
      ...db,
      transaction: (work, tries) =>
        db.transaction(
          (tx) =>
            work({
              ...tx,
              execute: (sql, params) =>
                sql.startsWith("INSERT INTO history") ? Promise.reject(error) : tx.execute(sql, params),
              bulk: (sql, params) =>
                sql.startsWith("INSERT INTO history") ? Promise.reject(error) : tx.bulk(sql, params),
            }),
          tries,
        ),
    };
    for (let round = 0; round < 12; round++)
      await expect(fireDue({ ...school.world, db: failing }, undefined, at)).rejects.toBe(error);
  }
  expect(await clocksOf(after.id)).toMatchObject([{ state: "waiting", attempts: 0, outcome: null }]);
  await fireDue(school.world, undefined, at);
  expect(await states(after.id)).toEqual(["ring PT0M fired"]);
});

test("a ladder whose figures became equal does no harm", async () => {
  const { timers, ...rest } = input("f-phantom-setting");
  await putInForce({
    ...rest,
    settings: {
      one: { label: "One", kind: "offset", value: "P3D" },
      other: { label: "Other", kind: "offset", value: "P5D" },
    },
    timers: { a: { ...timers!["a"]!, steps: [{ setting: "one" }, { setting: "other" }, { setting: "one" }] } },
  });
  const id = await make("phantom", { what: "Equal" });
  expect(await states(id)).toEqual(["a P3D waiting", "a P5D waiting"]);
  // As `setSetting` let it through before it was refused there.
  await school.world.db.execute(
    "INSERT INTO setting_value (organisation, type, name, from_on, value, changed_at) VALUES (?, 'phantom', 'other', '2026-11-01', '\"P3D\"', '2026-11-01')",
    [school.organisation],
  );
  await school.world.db.execute("UPDATE organisation SET settings_edition = settings_edition + 1");
  const again = await make("phantom", { what: "Equal from the beginning" });
  expect(await states(again)).toEqual(["a P3D waiting"]);
  await school.clock.to("2026-11-27T09:00:00.000Z");
  expect(await states(id)).toEqual(["a P3D fired", "a P5D cancelled"]);
});

test("a reminder that fell together with another comes back when the calendar moves them apart again", async () => {
  await publish(input("f-skip-is-final"));
  await fireDue(school.world);
  const id = await make("rolling", { what: "Rolls", on: "2026-12-05" });
  const both = ["a P0D skipped", "a P1D waiting"];
  expect(await states(id)).toEqual(both);
  const terms = (closed: string | null) =>
    school.as("Harriet Stowting", (run) =>
      setCalendar(run, {
        terms: [{ name: "Autumn", from: "2026-09-01", to: "2026-12-18" }],
        closures: closed ? [{ from: closed, to: "2026-12-07", kind: "closure", name: "Closed" }] : [],
      }),
    );
  await school.as("Zoe King", async (run) => {
    await run.tx.execute("UPDATE r_rolling SET f_on = '2026-12-03' WHERE id = ?", [id]);
  });
  await school.world.db.execute("UPDATE timer SET anchor_value = '2026-12-03' WHERE record = ?", [id]);
  await terms("2026-12-03");
  expect(await states(id)).toEqual(both);
  await terms(null);
  expect(await states(id)).toEqual(["a P0D waiting", "a P1D waiting"]);
  await school.clock.to("2026-12-10");
  expect(await states(id)).toEqual(["a P0D fired", "a P1D fired"]);
});

test("what makes its like without end is stopped, shown, and does not hold the clock", async () => {
  await publish(input("f-self-reproducing"));
  await make("rabbit", { what: "The first" });
  await publish(echo);
  await putInForce(bell);
  const rung = await school.as("Zoe King", (run) =>
    create(run, "bell", run.organisation.id, { place: "Tower", ringsAt }),
  );
  const { stopped } = await runForward(school.world, at + 3_600_000, keepTransport());
  expect(stopped).toBeNull();
  expect(await states(rung.after.id)).toEqual(["ring PT0M fired"]);
  const [rabbits] = await school.query("SELECT COUNT(*) AS n FROM r_rabbit");
  expect(Number(rabbits?.["n"])).toBeLessThan(25);
  const dead = await school.query("SELECT outcome FROM timer WHERE type = 'rabbit' AND state = 'dead'");
  expect(dead).toEqual([{ outcome: expect.stringContaining("stopped here") as string }]);
});

test("two clocks without a wait that send a record to and fro are stopped and told; a repeat each five minutes is not", async () => {
  const pong: RecordType = {
    name: "pong",
    plural: "pongs",
    label: "Pong",
    pluralLabel: "Pongs",
    reference: "PONG-{n}",
    title: "{{ what }}",
    entries: { new: "a" },
    fields: { what: { kind: "text", label: "What" } },
    states: { a: { label: "A" }, b: { label: "B" }, z: { label: "Z", end: true } },
    actions: {
      finish: { label: "Finish", from: ["a"], to: "z", who: [{ anyone: true }] },
      ab: { label: "To B", from: ["a"], to: "b", who: [{ system: true }] },
      ba: { label: "To A", from: ["b"], to: "a", who: [{ system: true }] },
    },
    timers: {
      there: { label: "There", anchor: { state: "a" }, steps: ["PT0M"], while: ["a"], event: "ab" },
      back: { label: "Back", anchor: { state: "b" }, steps: ["PT0M"], while: ["b"], event: "ba" },
    },
    grants: [{ to: [{ role: "staff" }], may: ["see", "create", "edit"] }],
  };
  await publish(pong);
  const id = await make("pong", { what: "Ball" });
  const at = Date.parse(await school.clock.now());
  const { stopped } = await runForward(school.world, at + 3_600_000, keepTransport());
  expect(stopped).toBeNull();
  expect(await school.query("SELECT state FROM timer WHERE record = ? AND state = 'dead'", [id])).toHaveLength(1);
  expect(await school.query("SELECT kind FROM fault WHERE record = ?", [id])).toEqual([{ kind: "timer" }]);

  const { back: _, ...only } = pong.timers ?? {};
  const tick: RecordType = {
    ...pong,
    name: "tick",
    plural: "ticks",
    label: "Tick",
    pluralLabel: "Ticks",
    reference: "TICK-{n}",
    notices: { tick: { subject: "Tick", body: "Tick." } },
    timers: {
      ...only,
      there: {
        label: "There",
        anchor: { state: "a" },
        steps: ["PT5M"],
        repeat: "PT5M",
        while: ["a"],
        roll: "none",
        notice: { to: [{ role: "headteacher" }], template: "tick" },
      },
    },
    actions: {
      finish: { label: "Finish", from: ["a"], to: "z", who: [{ anyone: true }] },
      turn: { label: "Turn", from: ["a"], to: "b", who: [{ anyone: true }] },
      end: { label: "End", from: ["b"], to: "z", who: [{ anyone: true }] },
    },
  };
  await publish(tick);
  const ticking = await make("tick", { what: "Clock" });
  await runForward(school.world, at + 3 * 3_600_000 + 3_600_000, keepTransport());
  expect(await school.query("SELECT state FROM timer WHERE record = ? AND state = 'dead'", [ticking])).toEqual([]);
  expect(
    (await school.query("SELECT state FROM timer WHERE record = ? AND state = 'fired'", [ticking])).length,
  ).toBeGreaterThan(20);
});

test("a figure may follow another at once: nothing is told twice for it", async () => {
  await publish(input("f-phantom-setting"));
  const id = await make("phantom", { what: "Follows" });
  await school.as("Harriet Stowting", (run) =>
    setSetting(run, { type: "phantom", name: "list", value: ["P3D", "P4D"] }),
  );
  await school.clock.to("2026-11-30");
  expect(await states(id)).toEqual(["a P3D fired", "a P4D fired"]);
});
