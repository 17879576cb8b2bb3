/**
 * What is decided for a record follows what the step makes of it, whichever way its fields come to be as they are: a record
 * that was led somewhere stands as one that was made there.
 */
import { act } from "../../api/engine/act";
import { createRecord } from "../../api/engine/createRecord";
import { fireDue } from "../../api/engine/fireDue";
import type { Input } from "../../api/engine/input";
import { create } from "../../api/engine/pipeline";
import { publishTypes } from "../../api/engine/publishDefinition";
import { run, systemIdentity } from "../../api/engine/run";
import { updateRecord } from "../../api/engine/updateRecord";
import type { RecordType } from "../../schema/definition";
import type { RecordData } from "../../schema/record";
import { plainType } from "../plainType";
import { newSchool, type School } from "../school";

const everybody = [{ anyone: true as const }];
const byItself = [{ system: true as const }];
const office = [{ role: "officeStaff" }];

const type = (name: string, code: string, over: Partial<RecordType>): RecordType =>
  plainType(name, code, { notices: { told: { subject: "Told", body: "Told." } }, ...over });

const site = type("site", "SIT", {
  title: "{{ what }}",
  fields: {
    what: { kind: "text", label: "What" },
    opensOn: { kind: "date", label: "Opens on" },
    warden: { kind: "person", label: "Warden" },
    closed: { kind: "yesNo", label: "Closed" },
  },
});

const at = { kind: "link" as const, label: "At", to: "site" };
/** A visit to a site, by which its task, clock, title and history are found. */
const visit = (name: string, code: string, more: Partial<RecordType["fields"][string]> = {}): RecordType =>
  type(name, code, {
    title: "Visit to {{ at }}",
    fields: {
      next: { kind: "link", label: "Next", to: "site" },
      lead: { kind: "person", label: "Lead" },
      at: { ...at, ...more } as RecordType["fields"][string],
      before: { kind: "yesNo", label: "Before" },
    },
    rules: { open: { refusal: "This site is closed.", must: { not: { eq: [{ field: "at.closed" }, true] } } } },
    actions: {
      shut: { label: "Shut", from: ["open"], to: "shut", who: everybody },
      look: { label: "Look", from: ["open"], who: everybody },
      goOn: { label: "Go on", from: ["open"], who: everybody, effects: [{ set: { at: { field: "next" } } }] },
      choose: { label: "Choose", from: ["open"], who: everybody, form: ["at"] },
      take: { label: "Take", from: ["open"], who: everybody, form: ["at"], defaults: { at: { field: "next" } } },
      sent: { label: "Sent", from: ["open"], who: byItself, effects: [{ set: { at: { field: "next" } } }] },
      leave: { label: "Leave", from: ["open"], who: everybody, effects: [{ set: { at: null } }] },
      follow: {
        label: "Follow",
        from: ["open"],
        who: everybody,
        effects: [{ set: { at: { field: "next" } } }, { set: { lead: { field: "at.warden" } } }],
      },
    },
    triggers: { sent: { when: { eq: [{ field: "before" }, true] }, event: "sent", while: ["open"] } },
    tasks: { look: { label: "Look at {{ at }}", opens: "open", to: [{ field: "at.warden" }], actions: ["look"] } },
    timers: {
      soon: {
        label: "Soon",
        anchor: { link: "at", field: "opensOn" },
        steps: ["-P1D"],
        notice: { to: office, template: "told" },
      },
    },
  });

let school: School;
const who = "Zoe King";
const make = (name: string, input: Input) => school.as(who, (current) => createRecord(current, { type: name, input }));
const edit = ({ type: name, id, version }: RecordData, input: Input) =>
  school.as(who, (current) => updateRecord(current, { type: name, id, expectedVersion: version, input }));
const does = ({ type: name, id }: RecordData, action: string, input: Input = {}) =>
  school.as(who, (current) => act(current, { type: name, id, action, input }));

/** What hangs on a visit. */
async function hangs({ id, type: name }: RecordData) {
  const [record] = await school.query(`SELECT title FROM r_${name} WHERE id = ?`, [id]);
  const tasks = await school.query(
    `SELECT t.label, p.name FROM task t LEFT JOIN task_holder h ON h.task = t.id LEFT JOIN person p ON p.id = h.person
     WHERE t.record = ? AND t.state = 'open'`,
    [id],
  );
  const clocks = await school.query("SELECT due_at, anchor_value FROM timer WHERE record = ? AND state = 'waiting'", [
    id,
  ]);
  return {
    title: record?.["title"],
    holders: tasks.map((task) => task["name"]),
    clocks: clocks.map((clock) => [clock["due_at"], clock["anchor_value"]]),
  };
}

let [here, there, shut]: Record<"id", string>[] = [];

beforeAll(async () => {
  school = await newSchool("2026-11-23T09:00:00.000Z");
  const given = visit("drawn", "DRA", { default: { field: "next" } });
  await publishTypes(school.world, systemIdentity(school.organisation), [site, visit("visit", "VIS"), given], {
    consent: "pack",
  });
  const [harriet, zoe] = [school.personId("Harriet Stowting"), school.personId(who)];
  here = await make("site", { what: "Here", opensOn: "2027-01-10", warden: harriet });
  there = await make("site", { what: "There", opensOn: "2027-03-10", warden: zoe });
  shut = await make("site", { what: "Shut", opensOn: "2027-03-10", warden: zoe, closed: true });
}, 120_000);
afterAll(() => school.close());

const idOf = (one: { id: string } | undefined): string => one?.id ?? "";
/** Every way in which a visit comes to be at the site that it has as its next. */
const ways: Record<string, (next: string, from: string | null) => Promise<RecordData>> = {
  "an edit": async (next, from) => edit(await make("visit", { at: from, next }), { at: next }),
  "an effect": async (next, from) => does(await make("visit", { at: from, next }), "goOn"),
  "an answer": async (next, from) => does(await make("visit", { at: from, next }), "choose", { at: next }),
  "a trigger": async (next, from) => edit(await make("visit", { at: from, next }), { before: true }),
  "an action of another effect": async (next, from) => does(await make("visit", { at: from, next }), "follow"),
  "an action's default": async (next) => does(await make("visit", { next }), "take"),
  "a default": (next) => make("drawn", { next }),
  "a record that comes by itself": async (next) => {
    const { after } = await run(school.world, systemIdentity(school.organisation), (current) =>
      create(current, "drawn", school.organisation, { next }),
    );
    return after;
  },
};

describe.each(Object.entries(ways))("a visit led elsewhere by %s", (_way, lead) => {
  test.each(["from nowhere", "from another site"])("%s stands as one that was made there", async (start) => {
    const next = idOf(there);
    const led = await lead(next, start === "from nowhere" ? null : idOf(here));
    expect(led.fields["at"]).toBe(next);
    expect(await hangs(led)).toEqual(await hangs(await make("visit", { at: next, next })));
  });
  test("is refused where it may not be", async () => {
    const next = idOf(shut);
    const led = await lead(next, idOf(here)).catch((error: Error) => error);
    // Nobody waits for what a trigger does: it is left.
    if (!(led instanceof Error)) expect(led.fields["at"]).not.toBe(next);
  });
});

test("what hangs on a link ends with it", async () => {
  for (const leave of [(led: RecordData) => edit(led, { at: null }), (led: RecordData) => does(led, "leave")]) {
    const led = await leave(await make("visit", { at: idOf(here) }));
    expect(await hangs(led)).toEqual({ title: "Visit to", holders: [null], clocks: [] });
  }
});

test("an effect reads what the one before it has made", async () => {
  const led = await does(await make("visit", { at: idOf(here), next: idOf(there) }), "follow");
  expect(led.fields["lead"]).toBe(school.personId(who));
});

test("a rule and a trigger read a text's words as they will be", async () => {
  const paper = type("paper", "PAP", {
    fields: { text: { kind: "document", label: "Text" } },
    states: { open: { label: "Open" }, read: { label: "Read" }, shut: { label: "Shut", end: true } },
    rules: { done: { refusal: "There is a gap left.", must: { not: { phrase: { in: "text", of: ["to do"] } } } } },
    actions: {
      read: { label: "Read", from: ["open"], to: "read", who: byItself },
      shut: { label: "Shut", from: ["open", "read"], to: "shut", who: everybody },
    },
    triggers: { read: { when: { phrase: { in: "text", of: ["alarm"] } }, event: "read", while: ["open"] } },
  });
  await publishTypes(school.world, systemIdentity(school.organisation), [paper], { consent: "pack" });
  await expect(make("paper", { text: "A part to do" })).rejects.toThrow("There is a gap left.");
  expect((await make("paper", { text: "An alarm rings" })).state).toBe("read");
  const quiet = await make("paper", { text: "All quiet" });
  await expect(edit(quiet, { text: "A part TO DO" })).rejects.toThrow("There is a gap left.");
  const loud = await edit(quiet, { text: "The alarm rings" });
  expect(loud.state).toBe("read");
  expect((await edit(loud, { text: "Quiet again" })).state).toBe("read");
});

describe("an edit meets the record's tasks and clocks as they are", () => {
  const told = { to: office, template: "told" };
  const keep = type("keep", "KEE", {
    fields: {
      on: { kind: "date", label: "On" },
      note: { kind: "text", label: "Note" },
      keeper: { kind: "person", label: "Keeper" },
      walked: { kind: "text", label: "Walked", edit: [{ task: "walk" }] },
      sure: { kind: "text", label: "Sure" },
    },
    states: { open: { label: "Open" }, gone: { label: "Gone" }, shut: { label: "Shut", end: true } },
    rules: {
      sure: {
        refusal: "Only of what its keeper is walking.",
        must: { any: [{ empty: { field: "sure" } }, { holds: [{ field: "keeper" }, [{ task: "walk" }]] }] },
      },
    },
    actions: {
      walk: { label: "Walk", from: ["open"], who: everybody },
      go: { label: "Go", from: ["open"], to: "gone", who: byItself },
      shut: { label: "Shut", from: ["open", "gone"], to: "shut", who: everybody },
    },
    triggers: {
      go: {
        when: { all: [{ eq: [{ field: "note" }, "go"] }, { holds: [{ field: "keeper" }, [{ task: "walk" }]] }] },
        event: "go",
        while: ["open"],
      },
    },
    tasks: {
      walk: { label: "Walk", opens: "open", to: [{ field: "createdBy" }], due: { after: "P7D" }, actions: ["walk"] },
    },
    timers: {
      soon: { label: "Soon", anchor: { field: "on" }, steps: ["-P1D"], notice: told },
      late: { label: "Late", anchor: { task: "walk", due: true }, steps: ["P1D"], while: ["open"], notice: told },
    },
  });
  const clocks = (id: string) =>
    school.query("SELECT rule FROM timer WHERE record = ? AND state = 'waiting' ORDER BY rule", [id]);

  beforeAll(() => publishTypes(school.world, systemIdentity(school.organisation), [keep], { consent: "pack" }));

  test("a date that moves its clock leaves those of its tasks", async () => {
    const made = await make("keep", { on: "2027-01-10" });
    expect(await clocks(made.id)).toEqual([{ rule: "late" }, { rule: "soon" }]);
    await edit(made, { on: "2027-01-12" });
    expect(await clocks(made.id)).toEqual([{ rule: "late" }, { rule: "soon" }]);
  });
  test("whoever holds a task may change what is for them, and what a rule allows them", async () => {
    const made = await make("keep", { keeper: school.personId(who) });
    const walked = await edit(made, { walked: "twice" });
    expect((await edit(walked, { sure: "yes" })).fields).toMatchObject({ walked: "twice", sure: "yes" });
    const others = await make("keep", { keeper: school.personId("Harriet Stowting") });
    await expect(edit(others, { sure: "yes" })).rejects.toThrow("Only of what its keeper is walking.");
  });
  test("a trigger that asks who holds a task is pulled", async () => {
    const made = await make("keep", { keeper: school.personId(who) });
    expect((await edit(made, { note: "go" })).state).toBe("gone");
    const tasks = await school.query("SELECT state FROM task WHERE record = ?", [made.id]);
    expect(tasks).toEqual([{ state: "cancelled" }]);
    expect(await clocks(made.id)).toEqual([]);
  });
});

test("a list as long as one may be is asked about entry by entry, and answered at once", async () => {
  const piece = type("piece", "PIE", { fields: { code: { kind: "text", label: "Code", index: true } } });
  const same = { type: "piece", match: { code: { entry: "code" } } };
  const batch = type("batch", "BAT", {
    fields: { codes: { kind: "list", label: "Codes", of: { code: { kind: "text", label: "Code" } } } },
    actions: {
      shut: { label: "Shut", from: ["open"], to: "shut", who: everybody },
      again: {
        label: "Make again",
        from: ["open"],
        who: everybody,
        effects: [
          {
            create: {
              type: "piece",
              fields: { code: { entry: "code" } },
              each: { field: "codes" },
              where: { exists: same },
            },
          },
        ],
      },
    },
  });
  await publishTypes(school.world, systemIdentity(school.organisation), [piece, batch], { consent: "pack" });
  for (const code of ["c7", "c900"]) await make("piece", { code });
  const codes = Array.from({ length: 1_000 }, (_, n) => ({ code: `c${n}` }));
  await does(await make("batch", { codes }), "again");
  const found = await school.query("SELECT f_code AS code, COUNT(*) AS n FROM r_piece GROUP BY f_code ORDER BY f_code");
  expect(found).toEqual([
    { code: "c7", n: 2 },
    { code: "c900", n: 2 },
  ]);
});

describe("who is a party by a default", () => {
  const asked = (over: Partial<RecordType>, name: string, code: string) =>
    type(name, code, {
      fields: {
        what: { kind: "text", label: "What" },
        asker: { kind: "person", label: "Asker", default: { actor: true } },
      },
      ...over,
    });
  const holders = async (id: string) =>
    (
      await school.query(
        "SELECT p.name FROM task t JOIN task_holder h ON h.task = t.id JOIN person p ON p.id = h.person WHERE t.record = ?",
        [id],
      )
    ).map((row) => row["name"]);
  const told = async (id: string) =>
    (await school.query("SELECT p.name FROM notice n JOIN person p ON p.id = n.person WHERE n.record = ?", [id])).map(
      (row) => row["name"],
    );
  const to = [{ field: "createdBy" }, ...office];

  test("does not decide it", async () => {
    const request = asked(
      { tasks: { decide: { label: "Decide", opens: "open", to, decides: true } } },
      "request",
      "REQ",
    );
    const definition = { ...request, conflicts: ["asker"] };
    await publishTypes(school.world, systemIdentity(school.organisation), [definition], { consent: "pack" });
    const made = await make("request", { what: "Leave" });
    expect(made.fields["asker"]).toBe(school.personId(who));
    expect(await holders(made.id)).not.toContain(who);
    expect(await holders(made.id)).not.toEqual([]);
  });
  test("is given no task and told nothing where a bar keeps them out", async () => {
    const tasks = { look: { label: "Look", opens: "open", to, tell: { template: "told" } } };
    const complaint = { ...asked({ tasks }, "complaint", "CMP"), bars: ["asker"] };
    await publishTypes(school.world, systemIdentity(school.organisation), [complaint], { consent: "pack" });
    await make("complaint", { what: "Noise" }).catch(() => undefined);
    const [row] = await school.query("SELECT id FROM r_complaint");
    const id = String(row?.["id"]);
    await fireDue(school.world);
    expect(await holders(id)).not.toContain(who);
    expect(await told(id)).not.toContain(who);
  });
});
