/** Records as heavy as people can make them, hundreds of them in one batch of the worker. */
import { act } from "../../api/engine/act";
import { createRecord } from "../../api/engine/createRecord";
import { publishTypes } from "../../api/engine/publishDefinition";
import { run, systemIdentity } from "../../api/engine/run";
import { setSetting } from "../../api/engine/setSetting";
import { lockSome } from "../../api/engine/lock";
import { TooLarge } from "../../api/store/trouble";
import type { Field, RecordType } from "../../schema/definition";
import { newSchool, type School } from "../school";

const COUNT = 40;
const texts = ["one", "two", "three", "four"];
const office = [{ role: "officeStaff" }];
const ledger: RecordType = {
  name: "ledger",
  plural: "ledgers",
  label: "Ledger",
  pluralLabel: "Ledgers",
  reference: "LED-{n}",
  title: "{{ reference }}",
  entries: { new: "open" },
  fields: {
    cabinet: { kind: "link", to: "cabinet", label: "Cabinet" },
    on: { kind: "date", label: "On" },
    toldOn: { kind: "date", label: "Told on" },
    ...Object.fromEntries(texts.map((name): [string, Field] => [name, { kind: "longText", label: name }])),
  },
  states: { open: { label: "Open" }, told: { label: "Told" } },
  actions: {
    tell: {
      label: "Tell",
      from: ["open"],
      to: "told",
      who: [{ system: true }],
      effects: [{ set: { toldOn: { today: true } } }],
    },
    moved: { label: "Moved", from: ["open", "told"], who: [{ system: true }] },
  },
  timers: {
    tell: { label: "Tell", anchor: { field: "on" }, steps: [{ setting: "after" }], at: "07:00", event: "tell" },
  },
  settings: { after: { label: "After", kind: "offset", value: "P0D" } },
  grants: [{ to: office, may: ["see", "create", "edit"] }],
};

/** What ledgers stand in: those with a date are told where it is moved. */
const cabinet: RecordType = {
  name: "cabinet",
  plural: "cabinets",
  label: "Cabinet",
  pluralLabel: "Cabinets",
  reference: "CAB-{n}",
  title: "{{ reference }}",
  entries: { new: "here" },
  fields: { room: { kind: "text", label: "Room" } },
  states: { here: { label: "Here" }, away: { label: "Away" } },
  actions: {
    move: {
      label: "Move",
      from: ["here"],
      to: "away",
      who: office,
      effects: [{ send: { link: "ledger.cabinet", event: "moved", where: { not: { empty: { field: "on" } } } } }],
    },
  },
  grants: [{ to: office, may: ["see", "create", "edit"] }],
};

let school: School;
let kept: string;
const ids: string[] = [];
beforeAll(async () => {
  school = await newSchool("2026-11-23T09:00:00.000Z");
  await publishTypes(school.world, systemIdentity(school.organisation), [ledger, cabinet], { consent: "pack" });
  ({ id: kept } = await school.as("Harriet Stowting", (current) =>
    createRecord(current, { type: "cabinet", input: { room: "Hall" } }),
  ));
  for (let n = 0; n < COUNT; n++)
    ids.push(
      (
        await school.as("Harriet Stowting", (current) =>
          createRecord(current, { type: "ledger", input: { on: "2026-11-25", cabinet: kept } }),
        )
      ).id,
    );
  // 2 MB each, of which a batch would hold 80 MB.
  await school.query(`UPDATE r_ledger SET ${texts.map((name) => `f_${name} = REPEAT('word ', 100000)`).join()}`);
}, 120_000);
afterAll(() => school.close());

const due = async () =>
  (await school.query("SELECT due_at, COUNT(*) AS n FROM timer WHERE type = 'ledger' GROUP BY due_at")).map(
    ({ due_at, n }) => [String(due_at).slice(0, 10), Number(n)],
  );

test("are not read in one, and each clock is moved and fires once all the same", async () => {
  const keys = ids.map((id) => ({ type: "ledger", id }));
  const lockAll = () =>
    run(school.world, systemIdentity(school.organisation), (current) => lockSome(current, keys, { bounded: true }));
  // More often than there are connections: each is cut, and another takes its place.
  for (let n = 0; n < 12; n++) await expect(lockAll()).rejects.toThrow(TooLarge);
  await school.as("Harriet Stowting", (current) =>
    setSetting(current, { type: "ledger", name: "after", value: "P1D" }),
  );
  await school.clock.to("2026-11-24T09:00:00Z");
  expect(await due()).toEqual([["2026-11-26", COUNT]]);
  await school.clock.to("2026-11-26T09:00:00Z");
  const told = await school.query("SELECT state, f_told_on AS day, version FROM r_ledger");
  expect(told).toEqual(Array.from({ length: COUNT }, () => ({ state: "told", day: "2026-11-26", version: 2 })));
  expect(await school.query("SELECT id FROM fault")).toEqual([]);
}, 120_000);

test("what points at a record is not read in full where it is told of it", async () => {
  const sent = async () => Number((await school.query("SHOW GLOBAL STATUS LIKE 'Bytes_sent'"))[0]?.["Value"] ?? 0);
  const before = await sent();
  await school.as("Harriet Stowting", (current) => act(current, { type: "cabinet", id: kept, action: "move" }));
  expect((await sent()) - before).toBeLessThan(5_000_000);
  const told = await school.query("SELECT COUNT(*) AS n FROM timer WHERE kind = 'event' AND rule = 'moved'");
  expect(Number(told[0]?.["n"])).toBe(COUNT);
});
