/** Tasks in other hands: who may hold them, what comes back, and what everybody is told. */
import { fireDue } from "../../api/engine/fireDue";
import { publishDefinition } from "../../api/engine/publishDefinition";
import { systemIdentity } from "../../api/engine/run";
import { partsOf } from "../../api/store/handOver";
import type { RecordType } from "../../schema/definition";
import { type Answer, type Asker, newSchoolApi, type SchoolApi } from "./schoolApi";

const errand: RecordType = {
  name: "errand",
  plural: "errands",
  label: "Errand",
  pluralLabel: "Errands",
  reference: "ERR-{year}-{n}",
  title: "{{ what }}",
  entries: { new: "asked" },
  fields: {
    what: { kind: "text", label: "What", required: true },
    carrier: { kind: "person", label: "Who carries it" },
    helper: { kind: "person", label: "Who helps" },
    against: { kind: "person", label: "Against whom" },
  },
  states: {
    asked: { label: "Asked" },
    joint: { label: "Joint", resting: true },
    contested: { label: "Contested" },
    over: { label: "Over", end: true },
  },
  actions: {
    fetch: { label: "Fetched", from: ["asked"], who: [{ field: "carrier" }] },
    share: { label: "Share", from: ["asked"], to: "joint", who: [{ anyone: true }] },
    contest: { label: "Contest", from: ["asked"], to: "contested", who: [{ anyone: true }] },
    settle: {
      label: "Settle",
      from: ["contested"],
      to: "over",
      decides: [{ role: "headteacher" }, { role: "chair" }, { role: "viceChair" }],
    },
  },
  tasks: {
    walk: { label: "Walk for {{ what }}", opens: "asked", to: [{ field: "carrier" }] },
    fetchIt: {
      label: "Fetch {{ what }}",
      opens: "asked",
      to: [{ field: "carrier" }],
      actions: ["fetch"],
      handOverTo: [{ role: "officeStaff" }],
    },
    lift: { label: "Lift {{ what }}", opens: "joint", to: [{ field: "carrier" }, { field: "helper" }] },
    decide: {
      label: "Settle {{ what }}",
      opens: "contested",
      to: [{ role: "headteacher" }, { role: "chair" }, { role: "viceChair" }],
      decides: true,
      actions: ["settle"],
    },
  },
  conflicts: ["against"],
  grants: [
    { to: [{ role: "staff" }, { role: "officeStaff" }, { role: "headteacher" }], may: ["see", "create", "edit"] },
    { to: [{ role: "chair" }, { role: "viceChair" }], may: ["see"] },
  ],
};

let api: SchoolApi;
let tomas: Asker;
let callum: Asker;
let head: Asker;
const officeName = "Bea Wickhurst";

beforeAll(async () => {
  api = await newSchoolApi();
  const { school } = api;
  await publishDefinition(school.world, systemIdentity(school.organisation), { json: errand });
  await fireDue(school.world);
  [tomas, callum, head] = [await api.as("Tomas Elmstead"), await api.as("Callum Birchwood"), await api.as("Zoe King")];
}, 60_000);
afterAll(() => api.close());

interface Shown {
  id: string;
  label: string;
  record: string;
  holders: { name: string }[];
  passed: { from: { name: string }; away: boolean }[];
}

const id = (name: string): string => api.school.personId(name);
const problem = (answer: Answer) => answer.errors[0]?.extensions.problems?.[0];

async function ask(what: string, more: Record<string, string> = {}): Promise<string> {
  const input = { what, carrier: id("Tomas Elmstead"), ...more };
  const answer = await head("mutation E($input: CreateErrandInput!) { createErrand(input: $input) { id } }", { input });
  if (answer.errors.length) throw new Error(answer.text);
  return (answer.data["createErrand"] as { id: string }).id;
}

const shown = "id label record holders { name } passed { from { name } away }";
async function listOf(asker: Asker, list: "myTasks" | "myWaiting", record: string): Promise<Shown[]> {
  const answer = await asker(`{ ${list}(first: 200) { nodes { ${shown} } } }`);
  return (answer.data[list] as { nodes: Shown[] }).nodes.filter((task) => task.record === record);
}
const task = async (asker: Asker, record: string, label: RegExp): Promise<Shown> => {
  const found = (await listOf(asker, "myTasks", record)).find((each) => label.test(each.label));
  if (!found) throw new Error(`No task like ${label.source}.`);
  return found;
};
const labels = async (asker: Asker, record: string, list: "myTasks" | "myWaiting" = "myTasks"): Promise<string[]> =>
  (await listOf(asker, list, record)).map(({ label }) => label.replace(/ .*/, "")).sort();
const handOver = (asker: Asker, task: string, to: string, comment?: string): Promise<Answer> =>
  asker("mutation H($input: HandOverTaskInput!) { handOverTask(input: $input) { holders { name } } }", {
    input: { id: task, to: id(to), comment },
  });
const history = async (record: string): Promise<{ summary: string; detail: { comment?: string } }[]> =>
  (
    (await head(`{ errand(id: "${record}") { history(first: 50) { summary detail } } }`)).data["errand"] as {
      history: { summary: string; detail: { comment?: string } }[];
    }
  ).history;
const subjectsTo = async (name: string, record: string): Promise<string[]> =>
  (
    await api.school.query("SELECT subject FROM notice WHERE person = ? AND record = ? ORDER BY id", [id(name), record])
  ).map((row) => String(row["subject"]));

test("a task handed over is the other's, waits for whoever gave it, is told and remembered, and can be taken back", async () => {
  const record = await ask("chalk");
  const walk = await task(tomas, record, /^Walk/);
  await handOver(tomas, walk.id, "Callum Birchwood", "I teach until four.\n# Thanks");
  expect(await labels(callum, record)).toEqual(["Walk"]);
  expect(await labels(tomas, record)).toEqual(["Fetch"]);
  expect(await listOf(tomas, "myWaiting", record)).toMatchObject([
    {
      label: "Walk for chalk",
      holders: [{ name: "Callum Birchwood" }],
      passed: [{ from: { name: "Tomas Elmstead" } }],
    },
  ]);
  expect((await history(record))[0]).toMatchObject({
    summary: "Walk for chalk: handed over to Callum Birchwood",
    detail: { comment: "I teach until four.\n# Thanks" },
  });
  expect(await subjectsTo("Callum Birchwood", record)).toEqual(["Handed over to you: Walk for chalk"]);

  await tomas(`mutation { takeBackTask(id: "${walk.id}") { id } }`);
  expect(await labels(tomas, record)).toEqual(["Fetch", "Walk"]);
  await handOver(tomas, walk.id, "Callum Birchwood");
  await handOver(callum, walk.id, "Tomas Elmstead");
  expect(await labels(callum, record)).toEqual([]);
  expect(await task(tomas, record, /^Walk/)).toMatchObject({ passed: [] });
});

test("only who holds a task hands it over, and only to somebody who may do it, sees it, and does not hold it yet", async () => {
  const record = await ask("ink", { against: id("Rowan Ashdown") });
  const [walk, fetch] = [await task(tomas, record, /^Walk/), await task(tomas, record, /^Fetch/)];
  expect((await handOver(callum, walk.id, "Callum Birchwood")).errors[0]?.extensions.code).toBe("FORBIDDEN");
  expect(problem(await handOver(tomas, walk.id, "Tomas Elmstead"))).toMatchObject({
    message: expect.stringMatching(/holds it already/),
  });
  expect(problem(await handOver(tomas, walk.id, "Edith Marlowe"))).toMatchObject({
    path: "to",
    message: expect.stringMatching(/Edith Marlowe may not see this record/),
  });
  expect(problem(await handOver(tomas, fetch.id, "Callum Birchwood"))).toMatchObject({
    message: expect.stringMatching(/^Callum Birchwood may not do this. It may go to /),
  });
});

test("whoever a task was handed to does its action in the other's place, and a change of the record leaves it with them", async () => {
  const record = await ask("paper");
  const fetch = await task(tomas, record, /^Fetch/);
  const office = await api.as(officeName);
  const doIt = `mutation { fetchErrand(id: "${record}") { state } }`;
  expect((await office(doIt)).errors[0]?.extensions.code).toBe("FORBIDDEN");
  expect((await handOver(tomas, fetch.id, officeName)).errors).toEqual([]);
  await head(`mutation { updateErrand(id: "${record}", expectedVersion: 1, input: { what: "much paper" }) { id } }`);
  expect(await labels(office, record)).toEqual(["Fetch"]);
  expect((await office(doIt)).data["fetchErrand"]).toEqual({ state: "asked" });
  expect(await labels(office, record)).toEqual([]);
});

test("a new carrier of the record gets what was handed over by the one before", async () => {
  const record = await ask("glue");
  await handOver(tomas, (await task(tomas, record, /^Walk/)).id, "Callum Birchwood");
  await head(
    `mutation { updateErrand(id: "${record}", expectedVersion: 1, input: { carrier: "${id(officeName)}" }) { id } }`,
  );
  expect(await labels(callum, record)).toEqual([]);
  expect(await labels(await api.as(officeName), record)).toEqual(["Fetch", "Walk"]);
});

test("a decision goes to nobody but those who decide, and not to a party", async () => {
  const record = await ask("the roof", { against: id("Rowan Ashdown") });
  await tomas(`mutation { contestErrand(id: "${record}") { state } }`);
  const decide = await task(head, record, /^Settle/);
  expect(problem(await handOver(head, decide.id, "Callum Birchwood"))).toMatchObject({
    message: expect.stringMatching(/^Callum Birchwood may not do this/),
  });
  expect(problem(await handOver(head, decide.id, "Rowan Ashdown"))).toMatchObject({
    message: "Rowan Ashdown is a party to this errand: somebody else must decide it.",
  });
});

test("while somebody is away their tasks, old and new, are with the stand-in who may hold them, and come back", async () => {
  const before = await ask("pens");
  await tomas(
    `mutation { setAbsence(input: { standIn: "${id("Callum Birchwood")}", from: "2026-11-23", to: "2026-11-27" }) }`,
  );
  const meanwhile = await ask("books");
  for (const record of [before, meanwhile]) expect(await labels(callum, record)).toEqual(["Fetch", "Walk"]);
  expect(await labels(tomas, meanwhile)).toEqual([]);
  expect(await labels(tomas, meanwhile, "myWaiting")).toEqual(["Fetch", "Walk"]);
  expect((await history(before))[0]?.summary).toMatch(
    /: with Callum Birchwood while Tomas Elmstead is away until 27 November 2026$/,
  );
  expect(await subjectsTo("Callum Birchwood", meanwhile)).toContain("For Tomas Elmstead, who is away: Walk for books");
  expect((await callum(`mutation { fetchErrand(id: "${before}") { state } }`)).errors).toEqual([]);

  await api.school.clock.to("2026-11-28");
  expect(await labels(callum, meanwhile)).toEqual([]);
  expect(await labels(tomas, meanwhile)).toEqual(["Fetch", "Walk"]);
  expect(await labels(tomas, before)).toEqual(["Walk"]);
  expect((await tomas("{ myAbsences { id } }")).data["myAbsences"]).toEqual([]);
});

test("what was handed over to somebody who goes away is back with whose it is, or with whoever stands in for them", async () => {
  const away = async (asker: Asker, standIn: string): Promise<string> => {
    const input = `standIn: "${id(standIn)}", from: "2026-11-28", to: "2026-11-30"`;
    const answer = await asker(`mutation { setAbsence(input: { ${input} }) }`);
    expect(answer.errors).toEqual([]);
    return `mutation { endAbsence(id: "${String(answer.data["setAbsence"])}") }`;
  };
  const record = await ask("paint");
  const walk = await task(tomas, record, /^Walk/);
  await handOver(tomas, walk.id, "Callum Birchwood");
  const endOfCallums = await away(callum, "Zoe King");
  expect(await task(tomas, record, /^Walk/)).toMatchObject({ passed: [] });
  expect((await history(record))[0]?.summary).toBe(
    "Walk for paint: back with Tomas Elmstead, as Callum Birchwood is away until 30 November 2026",
  );
  expect(await subjectsTo("Tomas Elmstead", record)).toContain("Back with you: Walk for paint");
  expect(problem(await handOver(tomas, walk.id, "Callum Birchwood"))).toEqual({
    path: "to",
    message: "Callum Birchwood is away until 30 November 2026.",
  });
  await callum(endOfCallums);

  await handOver(tomas, walk.id, "Callum Birchwood");
  const endOfTomass = await away(tomas, "Zoe King");
  expect(await labels(callum, record)).toEqual(["Walk"]);
  const endAgain = await away(callum, "Zoe King");
  expect(await labels(head, record)).toEqual(["Fetch", "Walk"]);
  await callum(endAgain);
  await tomas(endOfTomass);
  expect(await labels(tomas, record)).toEqual(["Fetch", "Walk"]);
});

test("what a stand-in may not hold stays: a decision, and what they may not see; who comes back early has it at once", async () => {
  const record = await ask("the hall");
  await tomas(`mutation { contestErrand(id: "${record}") { state } }`);
  const made = await head(
    `mutation { setAbsence(input: { standIn: "${id("Callum Birchwood")}", from: "2026-11-28", to: "2027-01-08" }) }`,
  );
  expect(await labels(head, record)).toEqual(["Settle"]);
  await head(`mutation { endAbsence(id: "${String(made.data["setAbsence"])}") }`);

  const walk = await ask("nails");
  const absence = await tomas(
    `mutation { setAbsence(input: { standIn: "${id("Callum Birchwood")}", from: "2026-11-28", to: "2027-01-08" }) }`,
  );
  expect(await labels(callum, walk)).toEqual(["Fetch", "Walk"]);
  await tomas(`mutation { endAbsence(id: "${String(absence.data["setAbsence"])}") }`);
  expect(await labels(tomas, walk)).toEqual(["Fetch", "Walk"]);
});

test("an absence names a stand-in who is there, and is one's own unless an administrator enters it", async () => {
  const away = (asker: Asker, input: string) => asker(`mutation { setAbsence(input: { ${input} }) }`);
  const dates = 'from: "2027-02-01", to: "2027-02-05"';
  const other = `person: "${id("Tomas Elmstead")}", standIn: "${id("Zoe King")}"`;
  expect((await away(callum, `${other}, ${dates}`)).errors[0]?.extensions.code).toBe("FORBIDDEN");
  const administrator = await api.as("Harriet Stowting");
  expect((await away(administrator, `${other}, ${dates}`)).errors).toEqual([]);
  expect(problem(await away(callum, `standIn: "${id("Callum Birchwood")}", ${dates}`))).toMatchObject({
    path: "standIn",
  });
  expect(problem(await away(callum, `standIn: "${id("Tomas Elmstead")}", ${dates}`))).toMatchObject({
    path: "standIn",
    message: "Tomas Elmstead is away until 5 February 2027 then.",
  });
  expect(
    problem(await away(tomas, `standIn: "${id("Zoe King")}", from: "2027-02-05", to: "2027-02-06"`)),
  ).toMatchObject({ path: "from" });
  expect(
    problem(await away(callum, `standIn: "${id("Zoe King")}", from: "2027-02-05", to: "2027-02-01"`)),
  ).toMatchObject({ path: "to" });
  expect((await administrator("{ absences { begun person { name } } }")).data["absences"]).toEqual([
    { begun: false, person: { name: "Tomas Elmstead" } },
  ]);
});

test("nobody is away on days on which they stand in for somebody, whoever asks first", async () => {
  const away = (asker: Asker, standIn: string, from: string, to: string) =>
    asker(`mutation { setAbsence(input: { standIn: "${id(standIn)}", from: "${from}", to: "${to}" }) }`);
  const both = await Promise.all([
    away(tomas, "Callum Birchwood", "2027-03-01", "2027-03-03"),
    away(callum, "Tomas Elmstead", "2027-03-02", "2027-03-04"),
  ]);
  expect(both.filter(({ errors }) => errors.length === 0)).toHaveLength(1);
  // Tomas is away from 1 to 5 February, and the head stands in.
  expect(problem(await away(head, "Callum Birchwood", "2027-02-04", "2027-02-10"))).toMatchObject({
    path: "from",
    message: expect.stringContaining("the tasks of Tomas Elmstead") as string,
  });
});

test("who has handed their part on gets no other's of the same task, and everything comes back", async () => {
  const record = await ask("the gate", { helper: id("Callum Birchwood") });
  await tomas(`mutation { shareErrand(id: "${record}") { state } }`);
  const lift = await task(tomas, record, /^Lift/);
  expect((await handOver(tomas, lift.id, officeName)).errors).toEqual([]);
  expect(problem(await handOver(callum, lift.id, "Tomas Elmstead"))).toEqual({
    path: "to",
    message: "Tomas Elmstead has handed on their own part of it: nobody holds two.",
  });
  expect((await tomas(`mutation { takeBackTask(id: "${lift.id}") { id } }`)).errors).toEqual([]);
  expect(await labels(tomas, record)).toEqual(["Lift"]);
});

/** As it was written before that was refused: `each` row is who holds whose part. */
async function holdersAre(task: string, each: [holder: string, insteadOf: string | null, done?: boolean][]) {
  await api.school.query("DELETE FROM task_holder WHERE task = ?", [task]);
  for (const [holder, insteadOf, done] of each)
    await api.school.query(
      `INSERT INTO task_holder (task, person, organisation, open, instead_of, passed, done_at)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      [
        ...[task, id(holder), api.school.organisation, done ? 0 : 1, insteadOf && id(insteadOf)],
        ...[insteadOf && "handed over", done ? "2026-11-20 09:00:00.000" : null],
      ],
    );
}
const heldAs = async (task: string): Promise<string[]> =>
  (
    await api.school.query(
      `SELECT p.name, i.name AS whose FROM task_holder h JOIN person p ON p.id = h.person
       LEFT JOIN person i ON i.id = h.instead_of WHERE h.task = ? ORDER BY p.name`,
      [task],
    )
  ).map(({ name, whose }) => [name, whose].filter(Boolean).join(" for "));

test("parts that crossed before that was refused are taken back, each to whose it is", async () => {
  const record = await ask("the shed");
  const walk = (await task(tomas, record, /^Walk/)).id;
  const back = async (asker: Asker) =>
    expect((await asker(`mutation { takeBackTask(id: "${walk}") { id } }`)).errors).toEqual([]);
  // Tomas holds the part of Callum, and takes his own back from the head.
  await holdersAre(walk, [
    ["Zoe King", "Tomas Elmstead"],
    ["Tomas Elmstead", "Callum Birchwood"],
  ]);
  await back(tomas);
  expect(await heldAs(walk)).toEqual(["Callum Birchwood", "Tomas Elmstead"]);
  // All three hold another's, round in a circle.
  await holdersAre(walk, [
    ["Zoe King", "Tomas Elmstead"],
    ["Tomas Elmstead", "Callum Birchwood"],
    ["Callum Birchwood", "Zoe King"],
  ]);
  await back(tomas);
  expect(await heldAs(walk)).toEqual(["Callum Birchwood", "Tomas Elmstead", "Zoe King"]);
  // What he did in another's place stays done.
  await holdersAre(walk, [
    ["Zoe King", "Tomas Elmstead"],
    ["Tomas Elmstead", "Callum Birchwood", true],
  ]);
  await back(tomas);
  expect(await heldAs(walk)).toEqual(["Tomas Elmstead for Callum Birchwood"]);
});

test("the absence of whoever took a part over, and of whoever shares the task, fails at no crossing", async () => {
  const record = await ask("the loft");
  const walk = (await task(tomas, record, /^Walk/)).id;
  const absent = async (asker: Asker, standIn: string): Promise<void> => {
    const made = await asker(
      `mutation { setAbsence(input: { standIn: "${id(standIn)}", from: "2026-11-28", to: "2026-11-29" }) }`,
    );
    expect(made.errors).toEqual([]);
    await asker(`mutation { endAbsence(id: "${String(made.data["setAbsence"])}") }`);
  };
  // The stand-in has handed their own part on: the absent person's stays.
  await holdersAre(walk, [
    [officeName, "Callum Birchwood"],
    ["Tomas Elmstead", null],
  ]);
  await absent(tomas, "Callum Birchwood");
  expect(await heldAs(walk)).toEqual([`${officeName} for Callum Birchwood`, "Tomas Elmstead"]);
  await holdersAre(walk, [
    ["Zoe King", "Tomas Elmstead"],
    ["Tomas Elmstead", "Callum Birchwood"],
  ]);
  await absent(head, officeName);
  expect(await heldAs(walk)).toEqual(["Callum Birchwood", "Tomas Elmstead"]);
});

test("what a stand-in hands on is back with whose it is when they are, through however many hands; what they gave themself is not", async () => {
  const record = await ask("the stage");
  const [walk, fetch] = [await task(tomas, record, /^Walk/), await task(tomas, record, /^Fetch/)];
  expect((await handOver(tomas, fetch.id, officeName)).errors).toEqual([]);
  const made = await tomas(
    `mutation { setAbsence(input: { standIn: "${id("Callum Birchwood")}", from: "2026-11-28", to: "2027-01-08" }) }`,
  );
  expect((await handOver(callum, walk.id, officeName)).errors).toEqual([]);
  const office = await api.as(officeName);
  expect(await task(office, record, /^Walk/)).toMatchObject({
    passed: [{ from: { name: "Tomas Elmstead" }, away: true }],
  });
  expect(
    (
      await api.school.query("SELECT body FROM notice WHERE record = ? AND person = ? AND subject LIKE '%Walk%'", [
        record,
        id(officeName),
      ])
    )[0]?.["body"],
  ).toMatch(/Tomas Elmstead is away: what is not done when they are back goes back to them/);
  expect((await handOver(office, walk.id, "Zoe King")).errors).toEqual([]);
  await tomas(`mutation { endAbsence(id: "${String(made.data["setAbsence"])}") }`);
  expect(await labels(tomas, record)).toEqual(["Walk"]);
  expect(await labels(head, record)).toEqual([]);
  expect(await labels(office, record)).toEqual(["Fetch"]);
  expect(await subjectsTo("Zoe King", record)).toContain("Back with Tomas Elmstead: Walk for the stage");
});

test("parts are found to the last, a page after another", async () => {
  await ask("a kite");
  await ask("a drum");
  const { db } = api.school.world;
  const all = await partsOf(db, id("Tomas Elmstead"), "own");
  expect(all.length).toBeGreaterThan(1);
  expect(await partsOf(db, id("Tomas Elmstead"), "own", all[0])).toEqual(all.slice(1));
  expect(await partsOf(db, id("Tomas Elmstead"), "own", all.at(-1))).toEqual([]);
});

test("while somebody else holds its record a task is there, and whoever does something with it is asked to try again", async () => {
  const record = await ask("ropes");
  const walk = await task(tomas, record, /^Walk/);
  const input = (more: string) => `(input: { id: "${walk.id}"${more} }) { id }`;
  const answers = await api.school.world.db.transaction(async (tx) => {
    await tx.query("SELECT id FROM r_errand WHERE id = ? FOR UPDATE", [record]);
    return Promise.all([
      tomas(`mutation { completeTask${input("")} }`),
      tomas(`mutation { handOverTask${input(`, to: "${id("Callum Birchwood")}"`)} }`),
      tomas(`mutation { commentTask(id: "${walk.id}", comment: "Soon") { id } }`),
    ]);
  });
  expect(answers.map(({ errors }) => errors[0]?.extensions.code)).toEqual(Array(3).fill("UNAVAILABLE"));
});

test("a comment reaches whoever holds the task, and stands in the history", async () => {
  const record = await ask("rope");
  const walk = await task(tomas, record, /^Walk/);
  await callum('mutation C($id: ID!) { commentTask(id: $id, comment: "The long one, please.") { id } }', {
    id: walk.id,
  });
  expect((await history(record))[0]?.detail.comment).toBe("The long one, please.");
  expect(await subjectsTo("Tomas Elmstead", record)).toEqual(["Callum Birchwood wrote about: Walk for rope"]);
});

test("what I asked for is what I made and is not over, and nobody else's", async () => {
  const [going, over] = [await ask("a lamp"), await ask("a stool")];
  await head(`mutation { contestErrand(id: "${over}") { state } }`);
  await head(`mutation { settleErrand(id: "${over}") { state } }`);
  const requests = async (asker: Asker) =>
    (await asker("{ myRequests(first: 100) { type id recordTitle state } }")).data["myRequests"] as { id: string }[];
  expect(await requests(head)).toContainEqual({ type: "errand", id: going, recordTitle: "a lamp", state: "asked" });
  expect((await requests(head)).map((each) => each.id)).not.toContain(over);
  expect((await requests(tomas)).map((each) => each.id)).not.toContain(going);
});
