/** Eight at once into the one place that is left: a rule that counts lets one through, whatever it counts and by whichever way. */
import type { Condition, RecordType } from "../../schema/definition";
import { act } from "../../api/engine/act";
import { createRecord } from "../../api/engine/createRecord";
import { fireDue } from "../../api/engine/fireDue";
import { publishDefinition } from "../../api/engine/publishDefinition";
import type { Run } from "../../api/engine/run";
import { systemIdentity } from "../../api/engine/run";
import { updateRecord } from "../../api/engine/updateRecord";
import { newSchool, type School } from "../school";

const everybody = [{ anyone: true }] as const;
const others: Condition = { ne: [{ field: "reference" }, { outer: "reference" }] };
const refusal = "It is full.";

/** A room for two, and who sits in it: by a link, whose rule counts along it, and by a day, which it looks up. */
const room: RecordType = {
  name: "hall",
  plural: "halls",
  label: "Hall",
  pluralLabel: "Halls",
  reference: "HAL-{n}",
  title: "{{ topic }}",
  entries: { new: "open" },
  fields: { topic: { kind: "text", label: "Topic" }, full: { kind: "yesNo", label: "Full" } },
  states: { open: { label: "Open" }, shut: { label: "Shut", end: true } },
  actions: {
    shut: {
      label: "Shut",
      from: ["open"],
      to: "shut",
      who: [...everybody],
      when: { count: { via: "seat.hall", where: { eq: [{ field: "state" }, "taken"] } }, atMost: 0 },
      refusal: "Somebody sits there.",
    },
  },
  grants: [{ to: [...everybody], may: ["see", "create", "edit"] }],
};
const seat: RecordType = {
  ...room,
  name: "seat",
  plural: "seats",
  label: "Seat",
  pluralLabel: "Seats",
  reference: "SEA-{n}",
  entries: { new: "asked" },
  fields: {
    topic: { kind: "text", label: "Topic" },
    hall: { kind: "link", label: "Hall", to: "hall" },
    on: { kind: "date", label: "On" },
    at: { kind: "dateTime", label: "At" },
  },
  states: { asked: { label: "Asked" }, taken: { label: "Taken" }, left: { label: "Left", end: true } },
  actions: {
    take: { label: "Take", from: ["asked"], to: "taken", who: [...everybody] },
    leave: { label: "Leave", from: ["taken"], to: "left", who: [...everybody] },
    isTaken: { label: "Is taken", from: ["asked"], to: "taken", who: [{ system: true }] },
  },
  timers: { at: { label: "At", anchor: { field: "at" }, steps: ["PT0M"], event: "isTaken", while: ["asked"] } },
  rules: {
    oneADay: {
      must: { count: { type: "seat", match: { on: { field: "on" }, state: "taken" }, where: others }, atMost: 1 },
      in: ["taken"],
      field: "on",
      refusal,
    },
    twoInAHall: {
      must: { count: { type: "seat", match: { hall: { field: "hall" }, state: "taken" }, where: others }, atMost: 1 },
      in: ["taken"],
      field: "hall",
      refusal,
    },
    openHall: {
      must: {
        any: [{ empty: { field: "hall" } }, { exists: { via: "hall", where: { eq: [{ field: "state" }, "open"] } } }],
      },
      fields: ["hall"],
      field: "hall",
      refusal: "The hall is shut.",
    },
  },
};

let school: School;
beforeAll(async () => {
  school = await newSchool();
  const { when: _when, refusal: _refusal, ...unguarded } = room.actions["shut"]!;
  for (const json of [{ ...room, actions: { shut: unguarded } }, seat, room])
    await publishDefinition(school.world, systemIdentity(school.organisation), { json });
  await fireDue(school.world);
}, 120_000);
afterAll(() => school.close());

const zoe = <T>(verb: (run: Run) => Promise<T>) => school.as("Zoe King", verb);
const make = (type: string, input: Record<string, unknown>) => zoe((run) => createRecord(run, { type, input }));
const perform = (type: string, id: string, action: string) => zoe((run) => act(run, { type, id, action }));
const deadlocks = async (): Promise<number> =>
  Number((await school.query("SHOW GLOBAL STATUS LIKE 'Innodb_deadlocks'"))[0]?.["Value"] ?? 0);

async function outcomes(works: Promise<unknown>[]): Promise<Map<string, number>> {
  const told = new Map<string, number>();
  for (const one of await Promise.allSettled(works)) {
    const said = one.status === "fulfilled" ? "done" : (one.reason as Error).message;
    told.set(said, (told.get(said) ?? 0) + 1);
  }
  return told;
}

const seeds = Array.from({ length: 12 }, (_, n) => n);
/** A day of its own for each seed. */
const dayOf = (seed: number): string => new Date(Date.UTC(2027, 0, 1 + seed)).toISOString().slice(0, 10);

test("eight at once into the last place of a day: one gets it, by an action, and by an edit", async () => {
  const before = await deadlocks();
  for (const seed of seeds) {
    const on = dayOf(seed);
    const first = await make("seat", { on });
    await perform("seat", first.id, "take");
    const eight = await Promise.all(Array.from({ length: 8 }, () => make("seat", { on })));
    expect(await outcomes(eight.map(({ id }) => perform("seat", id, "take")))).toEqual(
      new Map([
        ["done", 1],
        [refusal, 7],
      ]),
    );
    // Eight who sit on days of their own come to one that has one place.
    const moved = dayOf(100 + seed);
    const sitting = await Promise.all(
      Array.from({ length: 8 }, async (_, n) => {
        const { id } = await make("seat", { on: dayOf(1000 + seed * 8 + n) });
        await perform("seat", id, "take");
        return id;
      }),
    );
    await perform("seat", (await make("seat", { on: moved })).id, "take");
    const change = (id: string) =>
      zoe((run) => updateRecord(run, { type: "seat", id, expectedVersion: 2, input: { on: moved } }));
    expect(await outcomes(sitting.map(change))).toEqual(
      new Map([
        ["done", 1],
        [refusal, 7],
      ]),
    );
  }
  const full = await school.query("SELECT f_on FROM r_seat WHERE state = 'taken' GROUP BY f_on HAVING COUNT(*) > 2");
  expect(full).toEqual([]);
  expect((await deadlocks()) - before).toBe(0);
}, 120_000);

test("eight at once into the last place of a hall, some made and taken by timers, while others would shut it", async () => {
  const before = await deadlocks();
  for (const seed of seeds) {
    const hall = (await make("hall", { topic: `Hall ${seed}` })).id;
    const at = new Date(Date.parse(await school.clock.now()) - 1_000).toISOString();
    const asked = await Promise.all(Array.from({ length: 6 }, () => make("seat", { hall })));
    const clocks = await Promise.all(Array.from({ length: 4 }, () => make("seat", { hall, at })));
    await Promise.allSettled([
      ...asked.map(({ id }) => perform("seat", id, "take")),
      fireDue(school.world),
      perform("hall", hall, "shut"),
      fireDue(school.world),
    ]);
    await fireDue(school.world);
    const [row] = await school.query(
      `SELECT h.state, (SELECT COUNT(*) FROM r_seat s WHERE s.f_hall = h.id AND s.state = 'taken') AS taken
       FROM r_hall h WHERE h.id = ?`,
      [hall],
    );
    expect(clocks).toHaveLength(4);
    // Shut and empty, or open and full: never both, never more than two.
    if (row?.["state"] === "open") expect(Number(row["taken"])).toBe(2);
    else expect([seed, Number(row?.["taken"]) <= 2]).toEqual([seed, true]);
  }
  expect((await deadlocks()) - before).toBe(0);
}, 120_000);

test("what is counted are all of them, however many, and none is read", async () => {
  const on = "2028-02-01";
  const [one] = await school.query("SELECT * FROM r_seat LIMIT 1");
  const columns = Object.keys(one ?? {});
  const values = columns.map(
    (name) =>
      ({
        id: "CONCAT('01LOAD', LPAD(seq, 20, '0'))",
        reference: "CONCAT('L-', seq)",
        f_on: "'2028-02-01'",
        state: "'taken'",
      })[name] ?? `s.${name}`,
  );
  await school.query(
    `INSERT INTO r_seat (${columns.join(", ")}) SELECT ${values.join(", ")} FROM r_seat s, seq_1_to_3000 WHERE s.id = ?`,
    [String(one?.["id"])],
  );
  const json: RecordType = {
    ...seat,
    rules: {
      many: {
        must: {
          count: { type: "seat", match: { on: { field: "on" }, state: "taken" } },
          atLeast: 2_900,
          atMost: 3_000,
        },
        in: ["taken"],
        refusal,
      },
    },
  };
  await publishDefinition(school.world, systemIdentity(school.organisation), { json, inFlight: "MOVE" });
  const [two, three] = [await make("seat", { on }), await make("seat", { on })];
  await perform("seat", two.id, "take");
  await expect(perform("seat", three.id, "take")).rejects.toThrow(refusal);
}, 60_000);
