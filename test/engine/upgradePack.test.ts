/** A pack's new version meets what a school has made of the old one. */
import { createRecord } from "../../api/engine/createRecord";
import { checkTogether } from "../../api/engine/checkPublish";
import { publishDefinition } from "../../api/engine/publishDefinition";
import { type Identity, systemIdentity } from "../../api/engine/run";
import { settleClash } from "../../api/engine/settleClash";
import { publishPack } from "../../api/engine/upgradePack";
import { openWorld, type World } from "../../api/engine/world";
import { openClashes } from "../../api/store/packTypes";
import type { Pack, RecordType } from "../../schema/definition";
import { setTime } from "../time";
import { newSchool, type School } from "../school";

const everybody = { to: [{ anyone: true as const }], may: ["see" as const, "edit" as const, "create" as const] };

const firstBoat: RecordType = {
  name: "boat",
  plural: "boats",
  label: "Boat",
  pluralLabel: "Boats",
  reference: "BOAT-{n}",
  title: "{{ name }}",
  entries: { new: "moored" },
  fields: {
    name: { kind: "text", label: "Name", required: true },
    checkedOn: { kind: "date", label: "Checked on" },
    sort: { kind: "choice", label: "Sort", options: [{ value: "punt", label: "Punt" }] },
  },
  states: { moored: { label: "Moored" }, sunk: { label: "Sunk", end: true } },
  actions: { sink: { label: "Sink", from: ["moored"], to: "sunk", who: [{ anyone: true }] } },
  settings: { notice: { label: "Notice", kind: "offset", value: "-P7D" } },
  timers: {
    check: {
      label: "Check",
      anchor: { field: "checkedOn" },
      steps: [{ setting: "notice" }],
      notice: { to: [{ role: "officeStaff" }], template: "check" },
    },
  },
  notices: { check: { subject: "Check the boat", body: "It is time." } },
  grants: [everybody],
};
const firstOar: RecordType = {
  name: "oar",
  plural: "oars",
  label: "Oar",
  pluralLabel: "Oars",
  reference: "OAR-{n}",
  title: "{{ reference }}",
  entries: { new: "whole" },
  fields: { boat: { kind: "link", to: "boat", label: "Boat" } },
  states: { whole: { label: "Whole" }, broken: { label: "Broken", end: true } },
  actions: {
    break: {
      label: "Break",
      from: ["whole"],
      to: "broken",
      who: [{ anyone: true }],
    },
  },
  grants: [everybody],
};

const firstSail: RecordType = {
  ...firstOar,
  name: "sail",
  plural: "sails",
  reference: "SAIL-{n}",
  label: "Our sail",
  pluralLabel: "Our sails",
};

const packOf = (...types: RecordType[]): Pack => ({ name: "boats", label: "Boats", roles: [], types });
const changed = (type: RecordType, change: (copy: RecordType) => void): RecordType => {
  const copy = structuredClone(type);
  change(copy);
  return copy;
};

let school: School;
let office: Identity;
let boat: RecordType;
let oar: RecordType;
let story = 0;

/** The same type under names of this story's own: all stories share one school. */
function own(type: RecordType): RecordType {
  const letter = String.fromCharCode(97 + story);
  const renamed = JSON.stringify(type).replace(/boat|oar|sail/gi, (name) => name + letter);
  return JSON.parse(renamed) as RecordType;
}

beforeAll(async () => {
  school = await newSchool();
  office = {
    ...systemIdentity(school.organisation),
    actor: { kind: "person", id: school.personId("Bea Wickhurst"), name: "Bea Wickhurst" },
  };
});
beforeEach(async () => {
  story++;
  boat = own(firstBoat);
  oar = own(firstOar);
  await start(boat, oar);
});
afterAll(() => school.close());

const start = (...types: RecordType[]) =>
  publishPack(school.world, systemIdentity(school.organisation), packOf(...types));
const schoolPublishes = (json: RecordType) => publishDefinition(school.world, office, { json });
const inForce = (name = boat.name): RecordType => {
  const found = school.world.registry.types.get(name)?.active.type;
  if (!found) throw new Error(`${name} is not published.`);
  return found;
};
const open = async () =>
  (await openClashes(school.world.db)).filter(({ type }) => [boat.name, oar.name, own(firstSail).name].includes(type));
const clashes = async () => (await open()).map(({ type, path, ours, theirs }) => ({ type, path, ours, theirs }));

test("a field, a label and a word that a school changed are there after every start, and after an upgrade", async () => {
  await schoolPublishes(
    changed(boat, ({ fields, notices }) => {
      fields["berth"] = { kind: "text", label: "Berth" };
      if (fields["name"]) fields["name"].label = "What it is called";
      if (notices?.["check"]) notices["check"].subject = "Look after the boat";
    }),
  );
  const mine = inForce();
  await start(boat, oar);
  expect(inForce()).toEqual(mine);

  await start(
    changed(boat, ({ fields, states, actions }) => {
      fields["length"] = { kind: "number", label: "Length" };
      states["lent"] = { label: "Lent" };
      actions["lend"] = { label: "Lend", from: ["moored"], to: "lent", who: [{ anyone: true }] };
      actions["return"] = { label: "Return", from: ["lent"], to: "moored", who: [{ anyone: true }] };
      states["moored"] = { label: "In harbour" };
    }),
    oar,
  );
  expect(inForce().fields).toEqual({ ...mine.fields, length: { kind: "number", label: "Length" } });
  expect(inForce().states).toMatchObject({ lent: { label: "Lent" }, moored: { label: "In harbour" } });
  expect(inForce().notices?.["check"]?.subject).toBe("Look after the boat");
  expect(await clashes()).toEqual([]);
});

test("options of both sides stand side by side", async () => {
  const withOption = (type: RecordType, value: string) =>
    changed(type, ({ fields }) => {
      const sort = fields["sort"];
      if (sort?.kind === "choice") sort.options.push({ value, label: value });
    });
  await schoolPublishes(withOption(boat, "raft"));
  await start(withOption(boat, "canoe"), oar);
  expect(inForce().fields["sort"]).toMatchObject({
    options: [{ value: "punt" }, { value: "raft" }, { value: "canoe" }],
  });
  expect(await clashes()).toEqual([]);
});

const relabelled = (label: string) =>
  changed(boat, ({ states }) => {
    states["moored"] = { label };
  });

test("where both changed the same word, the school's stays in force until somebody takes the pack's", async () => {
  await schoolPublishes(relabelled("Tied up"));
  await start(relabelled("In harbour"), oar);
  expect(inForce().states["moored"]?.label).toBe("Tied up");
  expect(await clashes()).toEqual([
    { type: boat.name, path: "states.moored.label", ours: "Tied up", theirs: "In harbour" },
  ]);
  await start(relabelled("In harbour"), oar);
  const [clash, ...more] = await open();
  expect(more).toEqual([]);
  await settleClash(school.world, office, { id: clash?.id ?? "", take: "theirs" });
  expect(inForce().states["moored"]?.label).toBe("In harbour");
  expect(await clashes()).toEqual([]);
  await expect(settleClash(school.world, office, { id: clash?.id ?? "", take: "ours" })).rejects.toMatchObject({
    code: "WRONG_STATE",
  });
});

test("what a school chose to keep is not asked again, until the pack changes it again", async () => {
  await schoolPublishes(relabelled("Tied up"));
  await start(relabelled("In harbour"), oar);
  const [clash] = await open();
  await settleClash(school.world, office, { id: clash?.id ?? "", take: "ours" });
  await start(relabelled("In harbour"), oar);
  expect(await clashes()).toEqual([]);
  expect(inForce().states["moored"]?.label).toBe("Tied up");
  await start(relabelled("At the quay"), oar);
  expect(await clashes()).toMatchObject([{ path: "states.moored.label", theirs: "At the quay" }]);
});

test("what the school's own part needs is not taken away by an upgrade: it starts, and the choice is listed", async () => {
  await schoolPublishes(
    changed(boat, ({ timers, settings }) => {
      if (settings) settings["early"] = { label: "Early", kind: "offset", value: "-P30D" };
      if (timers?.["check"]) timers["own"] = { ...timers["check"], label: "Own", steps: ["-P21D"] };
    }),
  );
  await start(
    changed(boat, (copy) => {
      copy.timers = {};
      copy.notices = {};
      copy.settings = {};
    }),
    oar,
  );
  expect(Object.keys(inForce().timers ?? {})).toContain("own");
  expect(inForce().notices).toHaveProperty("check");
  expect((await open()).map(({ type, reason }) => [type, reason !== null])).toContainEqual([boat.name, true]);
  expect((await checkTogether(school.world.registry, [inForce()])).problems).toEqual([]);
});

test("a type of the school that sends an event to the pack's keeps the pack's type as it was, if the event goes", async () => {
  await schoolPublishes(
    changed(oar, ({ actions }) => {
      if (actions["break"]) actions["break"].effects = [{ send: { link: boat.name, event: "leak" } }];
    }),
  ).catch(() => undefined);
  const leaking = changed(boat, ({ actions }) => {
    actions["leak"] = { label: "Leak", from: ["moored"], to: "sunk", who: [{ system: true }] };
  });
  await start(leaking, oar);
  await schoolPublishes(
    changed(oar, ({ actions }) => {
      if (actions["break"]) actions["break"].effects = [{ send: { link: boat.name, event: "leak" } }];
    }),
  );
  await start(boat, oar);
  expect(inForce().actions).toHaveProperty("leak");
  expect(await open()).toMatchObject([{ type: boat.name }]);
  expect((await checkTogether(school.world.registry, [inForce(oar.name)])).problems).toEqual([]);
});

test("a school's own type that is called as a new one of the pack stays the school's", async () => {
  const sail = own(firstSail);
  await schoolPublishes(sail);
  await start(boat, oar, { ...sail, help: "The pack's" });
  expect(inForce(sail.name)).not.toHaveProperty("help");
  expect(await open()).toMatchObject([{ type: sail.name, path: "" }]);
});

test("and stays so when the pack changes its own again: the two are nothing to each other", async () => {
  const sail = own(firstSail);
  await schoolPublishes(sail);
  await start(boat, oar, { ...sail, help: "The pack's" });
  const grown = changed({ ...sail, help: "The pack's" }, ({ fields }) => {
    fields["area"] = { kind: "number", label: "Area" };
  });
  await start(boat, oar, grown);
  expect(inForce(sail.name)).toEqual(sail);
});

test("a choice that a still newer version has overtaken is not offered any more", async () => {
  await schoolPublishes(relabelled("Tied up"));
  await start(relabelled("In harbour"), oar);
  await start(relabelled("At the quay"), oar);
  expect(await clashes()).toMatchObject([{ path: "states.moored.label", theirs: "At the quay" }]);
});

test("two who choose at once do not undo each other: the first choice stands", async () => {
  await schoolPublishes(relabelled("Tied up"));
  await start(relabelled("In harbour"), oar);
  const [clash] = await open();
  const choose = (take: "ours" | "theirs") => settleClash(school.world, office, { id: clash?.id ?? "", take });
  const [first, second] = await Promise.allSettled([choose("ours"), choose("theirs")]);
  const won = first.status === "fulfilled" ? "Tied up" : "In harbour";
  expect([first.status, second.status].sort()).toEqual(["fulfilled", "rejected"]);
  expect(inForce().states["moored"]?.label).toBe(won);
});

test("what a school publishes while the new version is being put in force is kept", async () => {
  const other = await openWorld(school.world.config, 3);
  setTime(other, () => school.world.machineNow());
  const { db } = school.world;
  let done = false;
  // Between the plan and its turn: as long as the tables take.
  const slow: World = {
    ...school.world,
    db: {
      ...db,
      async execute(sql, params) {
        if (!done && sql.startsWith("INSERT INTO lease") && params?.[0] === "publish") {
          done = true;
          const berth = changed(boat, ({ fields }) => {
            fields["berth"] = { kind: "text", label: "Berth" };
          });
          await publishDefinition(other, office, { json: berth });
        }
        return db.execute(sql, params);
      },
    },
  };
  const longer = changed(boat, ({ fields }) => {
    fields["length"] = { kind: "number", label: "Length" };
  });
  await publishPack(slow, systemIdentity(school.organisation), packOf(longer, oar));
  await start(longer, oar);
  expect(Object.keys(inForce().fields)).toEqual(expect.arrayContaining(["berth", "length"]));
  await other.close();
});

test("a value that is to be unique and is not keeps its field as it was", async () => {
  for (const name of ["Ark", "Ark"])
    await school.as("Bea Wickhurst", async (run) => {
      await createRecord(run, { type: boat.name, input: { name } });
    });
  await start(
    changed(boat, ({ fields }) => {
      fields["name"] = { kind: "text", label: "Name", required: true, unique: true };
      fields["length"] = { kind: "number", label: "Length" };
    }),
    oar,
  );
  expect(inForce().fields["name"]).not.toHaveProperty("unique");
  expect(await open()).toMatchObject([{ type: boat.name, reason: expect.stringContaining("same value") }]);
});

test("a definition for a newer engine is refused, and a database that holds one is not served", async () => {
  const { problems } = await checkTogether(school.world.registry, [{ ...boat, engine: 99 }]);
  expect(problems).toMatchObject([{ path: "engine" }]);
});
