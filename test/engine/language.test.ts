/**
 * What definitions can say beyond a plain workflow: rules, needs, warnings, triggers, living audiences, events along
 * links, records made from lists, clocks that stand still. A club of kite flyers, which the engine has never heard of.
 */
import { act } from "../../api/engine/act";
import { createRecord } from "../../api/engine/createRecord";
import { appoint, createPerson, endAppointment } from "../../api/engine/people";
import { publishDefinition } from "../../api/engine/publishDefinition";
import { publishPack } from "../../api/engine/upgradePack";
import { systemIdentity } from "../../api/engine/run";
import { updateRecord } from "../../api/engine/updateRecord";
import { warnings } from "../../api/engine/availableActions";
import type { Input } from "../../api/engine/input";
import { loadRecords } from "../../api/store/records";
import type { RecordType } from "../../schema/definition";
import { Failure } from "../../schema/failure";
import type { RecordData } from "../../schema/record";
import { newSchool, type School } from "../school";

const office = { role: "officeStaff" };
const seeAll = { to: [{ anyone: true as const }], may: ["see" as const, "edit" as const, "create" as const] };

/** A day of flying: who takes part follows from a role, and everybody signs its rules afresh when they change. */
const meet: RecordType = {
  name: "kiteMeet",
  plural: "kiteMeets",
  label: "Meet",
  pluralLabel: "Meets",
  reference: "MEET-{year}-{n}",
  title: "{{ place }}",
  entries: { new: "planned" },
  fields: {
    place: { kind: "text", label: "Place", required: true },
    rules: { kind: "text", label: "Rules", required: true },
    invited: { kind: "roles", label: "Invited" },
    marshal: { kind: "person", label: "Marshal" },
    startsOn: { kind: "date", label: "Starts on" },
    latestOn: { kind: "date", label: "Latest day" },
    crowd: { kind: "number", label: "People expected" },
    faults: {
      kind: "list",
      label: "Faults",
      of: {
        what: { kind: "text", label: "What", required: true },
        days: { kind: "number", label: "Days" },
        mended: { kind: "yesNo", label: "Mended already" },
      },
    },
    crew: { kind: "people", label: "Crew" },
  },
  states: {
    planned: { label: "Planned" },
    open: { label: "Open" },
    weathered: { label: "Waiting for the wind" },
    over: { label: "Over", end: true },
    leaderless: { label: "Without a marshal" },
  },
  actions: {
    announce: {
      label: "Announce",
      from: ["planned", "leaderless"],
      to: "open",
      who: [office],
      form: ["marshal"],
      required: ["marshal"],
      needs: {
        marshal: {
          must: { holds: [{ form: "marshal" }, [{ role: "seniorLeader" }]] },
          refusal: "Only a senior leader can be the marshal.",
        },
        free: {
          must: { none: { type: "kiteMeet", match: { marshal: { form: "marshal" }, state: "open" } } },
          refusal: "This marshal leads another meet already.",
        },
      },
    },
    join: {
      label: "Join the crew",
      from: ["planned"],
      who: [{ anyone: true }],
      effects: [{ set: { crew: { added: [{ field: "crew" }, { actor: true }] } } }],
    },
    wait: { label: "Wait for the wind", from: ["open"], to: "weathered", who: [office] },
    goOn: { label: "Go on", from: ["weathered"], to: "open", who: [office] },
    changeRules: { label: "Change the rules", from: ["open"], who: [office], form: ["rules"], required: ["rules"] },
    marshalGone: { label: "The marshal has left", from: ["open"], to: "leaderless", who: [{ system: true }] },
    finish: {
      label: "Finish",
      from: ["open"],
      to: "over",
      who: [office],
      needs: {
        signed: {
          must: { none: { via: "kitePledge.meet", where: { eq: [{ field: "state" }, "asked"] } } },
          refusal: "Somebody has not signed yet.",
        },
      },
      effects: [
        {
          create: {
            type: "kiteRepair",
            each: { field: "faults" },
            where: { not: { eq: [{ entry: "mended" }, true] } },
            fields: { what: { entry: "what" }, meet: { self: true } },
          },
        },
        { send: { link: "kitePledge.meet", event: "thank", with: { thanks: { field: "place" } } } },
      ],
    },
  },
  tasks: {
    prepare: {
      label: "Prepare {{ place }}",
      opens: "open",
      to: [{ field: "marshal" }],
      tell: { template: "prepare", urgent: true },
      due: { field: "startsOn" },
    },
    fence: {
      label: "Put up a fence",
      opens: "open",
      to: [{ field: "marshal" }],
      when: { ge: [{ field: "crowd" }, 100] },
      while: ["open", "weathered"],
    },
  },
  timers: {
    nudge: {
      label: "Reminder to prepare",
      anchor: { task: "prepare", due: true },
      steps: ["-P2D"],
      at: "08:00",
      while: ["open"],
      notice: { to: [{ task: "prepare" }], template: "prepare" },
    },
    close: {
      label: "It closes",
      anchor: { earliestOf: [{ field: "startsOn" }, { field: "latestOn" }] },
      steps: ["P5D"],
      at: "12:00",
      while: ["open"],
      pausedWhile: ["weathered"],
      notice: { to: [office], template: "prepare" },
    },
  },
  notices: { prepare: { subject: "Prepare {{ place }}", body: "Marshal: {{ marshal }}." } },
  rules: {
    order: {
      must: {
        any: [
          { empty: { field: "latestOn" } },
          { empty: { field: "startsOn" } },
          { le: [{ field: "startsOn" }, { field: "latestOn" }] },
        ],
      },
      field: "startsOn",
      refusal: "It cannot start after its latest day: bring the start forward.",
    },
  },
  warnings: {
    crowded: {
      when: {
        exists: {
          type: "kiteMeet",
          match: { place: { field: "place" } },
          where: {
            all: [
              { ne: [{ field: "reference" }, { outer: "reference" }] },
              { eq: [{ field: "startsOn" }, { outer: "startsOn" }] },
            ],
          },
        },
      },
      message: "Another meet is at {{ place }} on that day.",
    },
  },
  triggers: {
    marshalGone: {
      when: { not: { holds: [{ field: "marshal" }, [{ role: "seniorLeader" }]] } },
      event: "marshalGone",
      while: ["open"],
    },
  },
  rosters: {
    pledges: {
      label: "Everybody invited signs the rules",
      of: [{ rolesIn: "invited" }],
      type: "kitePledge",
      link: "meet",
      person: "flyer",
      per: { value: { field: "rules" }, field: "rules" },
      while: ["open"],
      left: "notMeant",
    },
  },
  grants: [seeAll],
};

const pledge: RecordType = {
  name: "kitePledge",
  plural: "kitePledges",
  label: "Pledge",
  pluralLabel: "Pledges",
  reference: "PL-{year}-{n}",
  title: "{{ flyer }} at {{ meet }}",
  entries: { new: "asked" },
  fields: {
    meet: { kind: "link", to: "kiteMeet", label: "Meet", required: true },
    flyer: { kind: "person", label: "Flyer", required: true },
    rules: { kind: "text", label: "Rules signed" },
    thanks: { kind: "text", label: "Thanks" },
  },
  states: {
    asked: { label: "Asked" },
    signed: { label: "Signed", resting: true },
    lapsed: { label: "No longer meant", end: true },
  },
  actions: {
    sign: { label: "Sign", from: ["asked"], to: "signed", who: [{ field: "flyer" }, { field: "meet.marshal" }] },
    thank: { label: "Thank", from: ["asked", "signed"], who: [{ system: true }], form: ["thanks"] },
    notMeant: { label: "No longer meant", from: ["asked", "signed"], to: "lapsed", who: [{ system: true }] },
  },
  grants: [seeAll],
};

const repair: RecordType = {
  name: "kiteRepair",
  plural: "kiteRepairs",
  label: "Repair",
  pluralLabel: "Repairs",
  reference: "REP-{year}-{n}",
  title: "{{ what }}",
  entries: { new: "toDo" },
  fields: {
    what: { kind: "text", label: "What", required: true },
    meet: { kind: "link", to: "kiteMeet", label: "Meet" },
  },
  states: { toDo: { label: "To do" }, done: { label: "Done", end: true } },
  actions: { mend: { label: "Mend", from: ["toDo"], to: "done", who: [office] } },
  grants: [seeAll],
};

let school: School;
beforeAll(async () => {
  school = await newSchool("2026-11-23T09:00:00.000Z");
  const kites = { name: "kites", label: "Kites", roles: [], types: [meet, pledge, repair] };
  await publishPack(school.world, systemIdentity(school.organisation), kites);
});
afterAll(() => school.close());

const by = "Bea Wickhurst";
const make = (input: Input, type = "kiteMeet") =>
  school.as(by, (run) => createRecord(run, { type, input })).then(({ id }) => id);
const doing = (id: string, action: string, input: Input = {}, type = "kiteMeet", who = by) =>
  school.as(who, (run) => act(run, { type, id, action, input }));
const refusal = async (attempt: Promise<unknown>): Promise<string> => {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof Failure) return error.problems[0]?.message ?? error.message;
    throw error;
  }
  throw new Error("It was allowed.");
};
const read = async (type: string, id: string): Promise<RecordData> => {
  const [found] = await loadRecords(school.world.db, school.world.registry, [{ type, id }]);
  if (!found) throw new Error("It is gone.");
  return found;
};
const pledges = async (id: string) =>
  (await school.query("SELECT title, state FROM r_kite_pledge WHERE f_meet = ? ORDER BY title, state", [id])).map(
    (row) => `${String(row["title"])}: ${String(row["state"])}`,
  );
const callum = () => school.personId("Callum Birchwood");
const hoursLater = async (hours: number) =>
  school.clock.to(new Date(Date.parse(await school.clock.now()) + hours * 3_600_000).toISOString());

test("a rule is held whichever way the record is changed, and its sentence stands at the field", async () => {
  const wrong = { place: "Dunes", rules: "v1", startsOn: "2027-05-09", latestOn: "2027-05-01" };
  expect(await refusal(make(wrong))).toMatch(/bring the start forward/);
  const id = await make({ ...wrong, latestOn: "2027-05-20" });
  const edit = school.as(by, (run) =>
    updateRecord(run, { type: "kiteMeet", id, expectedVersion: 1, input: { latestOn: "2027-05-02" } }),
  );
  await expect(edit).rejects.toMatchObject({ problems: [{ path: "input.startsOn" }] });
});

test("an action says which of its needs is missing; one need looks up records by an answer", async () => {
  const first = await make({ place: "Beach", rules: "v1" });
  expect(await refusal(doing(first, "announce", { marshal: school.personId("Owen Pluckley") }))).toMatch(
    /senior leader/,
  );
  await doing(first, "announce", { marshal: callum() });
  const second = await make({ place: "Hill", rules: "v1" });
  expect(await refusal(doing(second, "announce", { marshal: callum() }))).toMatch(/leads another meet/);
  await doing(first, "finish");
  await doing(second, "announce", { marshal: callum() });
  await doing(second, "finish");
});

test("whoever joins is added to those who did, once", async () => {
  const id = await make({ place: "Pier", rules: "v1" });
  for (const who of ["Owen Pluckley", "Tomas Elmstead", "Owen Pluckley"]) await doing(id, "join", {}, "kiteMeet", who);
  expect((await read("kiteMeet", id)).fields["crew"]).toEqual(["Owen Pluckley", "Tomas Elmstead"].map(school.personId));
});

test("a warning compares the record with others, and refuses nothing", async () => {
  const id = await make({ place: "Cliff", rules: "v1", startsOn: "2027-06-01" });
  const seen = () => warnings(school.world, systemIdentity(school.organisation), "kiteMeet", id);
  expect(await seen()).toEqual([]);
  await make({ place: "Cliff", rules: "v1", startsOn: "2027-06-01" });
  expect((await seen()).map((one) => one.message)).toEqual(["Another meet is at Cliff on that day."]);
});

test("everybody of an audience gets a record; who joins later too, who leaves lapses, and new rules ask them all again", async () => {
  const id = await make({ place: "Meadow", rules: "v1", invited: ["volunteer"] });
  await doing(id, "announce", { marshal: callum() });
  await hoursLater(1);
  expect(await pledges(id)).toEqual(["Ada Elham at Meadow: asked", "Della Brabourne at Meadow: asked"]);
  const [ada] = await school.query("SELECT id FROM r_kite_pledge WHERE f_meet = ? AND title LIKE 'Ada%'", [id]);
  await doing(String(ada?.["id"]), "sign", {}, "kitePledge", "Ada Elham");

  const { id: newcomer } = await school.as("Harriet Stowting", (run) => createPerson(run, { name: "Wren Newcombe" }));
  await school.as("Harriet Stowting", (run) => appoint(run, { person: newcomer, role: "volunteer" }));
  await hoursLater(1);
  expect(await pledges(id)).toContain("Wren Newcombe at Meadow: asked");

  const [della] = await school.query("SELECT id FROM appointment WHERE person = ? AND role = 'volunteer'", [
    school.personId("Della Brabourne"),
  ]);
  await school.as("Harriet Stowting", (run) => endAppointment(run, { id: String(della?.["id"]) }));
  await hoursLater(1);
  expect(await pledges(id)).toContain("Della Brabourne at Meadow: lapsed");

  await doing(id, "changeRules", { rules: "v2" });
  await hoursLater(1);
  expect(await pledges(id)).toEqual([
    "Ada Elham at Meadow: asked",
    "Ada Elham at Meadow: lapsed",
    "Della Brabourne at Meadow: lapsed",
    "Wren Newcombe at Meadow: asked",
    "Wren Newcombe at Meadow: lapsed",
  ]);
  // A marshal of the linked meet may sign for somebody: a person reached along the link.
  const open = await school.query("SELECT id FROM r_kite_pledge WHERE f_meet = ? AND state = 'asked'", [id]);
  for (const row of open) await doing(String(row["id"]), "sign", {}, "kitePledge", "Callum Birchwood");

  await school.as(by, (run) =>
    updateRecord(run, {
      type: "kiteMeet",
      id,
      expectedVersion: 3,
      input: { faults: [{ what: "A torn sail" }, { what: "A lost line", days: 3 }, { what: "A knot", mended: true }] },
    }),
  );
  await doing(id, "finish");
  await hoursLater(1);
  const repairs = await school.query("SELECT title FROM r_kite_repair WHERE f_meet = ? ORDER BY title", [id]);
  expect(repairs.map((row) => row["title"])).toEqual(["A lost line", "A torn sail"]);
  const thanked = await school.query("SELECT f_thanks FROM r_kite_pledge WHERE f_meet = ? AND state = 'signed'", [id]);
  expect(thanked.map((row) => row["f_thanks"])).toEqual(["Meadow", "Meadow"]);
});

test("a parent does not finish while a child is open", async () => {
  const id = await make({ place: "Park", rules: "v1", invited: ["clerk"] });
  await doing(id, "announce", { marshal: callum() });
  await hoursLater(1);
  expect(await refusal(doing(id, "finish"))).toBe("Somebody has not signed yet.");
  const [asked] = await school.query("SELECT id FROM r_kite_pledge WHERE f_meet = ?", [id]);
  await doing(String(asked?.["id"]), "sign", {}, "kitePledge", "Edith Marlowe");
  await doing(id, "finish");
});

test("the holder is told as a task opens, and again before the day it is due", async () => {
  const now = await school.clock.now();
  const startsOn = new Date(Date.parse(now) + 9 * 86_400_000).toISOString().slice(0, 10);
  const id = await make({ place: "Lake", rules: "v1", startsOn });
  await doing(id, "announce", { marshal: callum() });
  const told = () => school.query("SELECT person, subject FROM notice WHERE record = ?", [id]);
  expect(await told()).toEqual([{ person: callum(), subject: "Prepare Lake" }]);
  const [timer] = await school.query("SELECT due_at FROM timer WHERE record = ? AND rule = 'nudge'", [id]);
  expect(String(timer?.["due_at"]).slice(0, 10)).toBe(
    new Date(Date.parse(startsOn) - 2 * 86_400_000).toISOString().slice(0, 10),
  );
  await hoursLater(9 * 24);
  expect((await told()).filter((row) => row["person"] === callum())).toHaveLength(2);
  await doing(id, "finish");
});

test("a task is open only while it is owed", async () => {
  const id = await make({ place: "Common", rules: "v1", crowd: 40 });
  const fences = async () =>
    (await school.query("SELECT state FROM task WHERE record = ? AND rule = 'fence' ORDER BY id", [id])).map(
      (row) => row["state"],
    );
  const crowdOf = async (crowd: number) => {
    const { version } = await read("kiteMeet", id);
    await school.as(by, (run) =>
      updateRecord(run, { type: "kiteMeet", id, expectedVersion: version, input: { crowd } }),
    );
    return fences();
  };
  await doing(id, "announce", { marshal: callum() });
  expect(await fences()).toEqual([]);
  expect(await crowdOf(400)).toEqual(["open"]);
  await doing(id, "wait");
  expect(await crowdOf(60)).toEqual(["cancelled"]);
  expect(await crowdOf(500)).toEqual(["cancelled", "open"]);
  await doing(id, "goOn");
  expect(await fences()).toEqual(["cancelled", "open"]);
  await doing(id, "finish");
});

test("a clock stands still while the record waits, and goes on from where it stood", async () => {
  const now = await school.clock.now();
  const day = (n: number) => new Date(Date.parse(now) + n * 86_400_000).toISOString().slice(0, 10);
  const id = await make({ place: "Moor", rules: "v1", startsOn: day(20), latestOn: day(30) });
  await doing(id, "announce", { marshal: callum() });
  const closes = async () => {
    const [row] = await school.query("SELECT due_at, state FROM timer WHERE record = ? AND rule = 'close'", [id]);
    return `${String(row?.["due_at"]).slice(0, 10)} ${String(row?.["state"])}`;
  };
  expect(await closes()).toBe(`${day(25)} waiting`);
  await school.as(by, (run) =>
    updateRecord(run, { type: "kiteMeet", id, expectedVersion: 2, input: { startsOn: day(40), latestOn: day(40) } }),
  );
  await school.as(by, (run) =>
    updateRecord(run, { type: "kiteMeet", id, expectedVersion: 3, input: { latestOn: null, startsOn: day(10) } }),
  );
  expect(await closes()).toBe(`${day(15)} waiting`);
  await school.clock.to(`${day(11)}T10:00:00Z`);
  await doing(id, "wait");
  expect(await closes()).toMatch(/cancelled$/);
  await school.clock.to(`${day(14)}T10:00:00Z`);
  await doing(id, "goOn");
  expect(await closes()).toBe(`${day(18)} waiting`);
  await doing(id, "finish");
});

test("a trigger answers when somebody no longer holds what the record needs", async () => {
  const id = await make({ place: "Field", rules: "v1" });
  await doing(id, "announce", { marshal: callum() });
  const [held] = await school.query("SELECT id FROM appointment WHERE person = ? AND role = 'seniorLeader'", [
    callum(),
  ]);
  await school.as("Harriet Stowting", (run) => endAppointment(run, { id: String(held?.["id"]) }));
  await hoursLater(1);
  expect((await read("kiteMeet", id)).state).toBe("leaderless");
});

test("an action may tell one person two things, and tells nobody one thing twice", async () => {
  const bell: RecordType = {
    ...{ name: "kiteBell", plural: "kiteBells", label: "Bell", pluralLabel: "Bells", reference: "BELL-{n}" },
    title: "{{ what }}",
    entries: { new: "hung" },
    fields: { what: { kind: "text", label: "What" }, ringer: { kind: "person", label: "Ringer" } },
    states: { hung: { label: "Hung", resting: true } },
    actions: {
      ring: {
        label: "Ring",
        from: ["hung"],
        who: [office],
        effects: [
          { notice: { to: [office], template: "rung" } },
          { notice: { to: [office], template: "rope" } },
          { notice: { to: [{ field: "ringer" }, office], template: "rung" } },
        ],
      },
    },
    notices: {
      rung: { subject: "The bell was rung", body: "{{ what }}" },
      rope: { subject: "Look at the rope", body: "{{ what }}" },
    },
    grants: [seeAll],
  };
  await publishDefinition(school.world, systemIdentity(school.organisation), { json: bell });
  const ringer = school.personId(by);
  const id = await make({ what: "Big", ringer }, "kiteBell");
  await school.as(by, (run) => act(run, { type: "kiteBell", id, action: "ring" }));
  const rows = await school.query("SELECT subject FROM notice WHERE record = ? AND person = ? ORDER BY subject", [
    id,
    ringer,
  ]);
  expect(rows.map(({ subject }) => subject)).toEqual(["Look at the rope", "The bell was rung"]);
});
