/** What is due, as a calendar: who sees what of it, and the link by which a calendar elsewhere follows it. */
import type { RecordType } from "../../schema/definition";
import { publishDefinition } from "../../api/engine/publishDefinition";
import { addDay, emptyCalendar } from "../../api/engine/calendarEntry";
import { systemIdentity } from "../../api/engine/run";
import { type Answer, type Asker, newSchoolApi, type SchoolApi, send } from "./schoolApi";

const voyage: RecordType = {
  name: "voyage",
  plural: "voyages",
  label: "Voyage",
  pluralLabel: "Voyages",
  reference: "VOY-{n}",
  title: "{{ name }}",
  entries: { new: "planned" },
  fields: {
    name: { kind: "text", label: "Name" },
    captain: { kind: "person", label: "Captain" },
    leavesOn: { kind: "date", label: "Leaves on" },
    paintBy: { kind: "date", precision: true, label: "Paint by" },
    paidOn: { kind: "date", label: "Paid on" },
  },
  states: { planned: { label: "Planned" }, over: { label: "Over", end: true } },
  actions: { end: { label: "End", from: ["planned"], to: "over", who: [{ anyone: true }] } },
  tasks: {
    load: { label: "Load {{ name }}", opens: "planned", to: [{ field: "captain" }], due: { field: "leavesOn" } },
  },
  timers: {
    pack: {
      label: "Pack",
      anchor: { field: "leavesOn" },
      steps: ["-P7D"],
      notice: { to: [{ field: "captain" }], template: "pack" },
    },
    paint: {
      label: "Paint",
      anchor: { field: "paintBy" },
      steps: ["-P7D"],
      // Counted from its day, not from today.
      when: { gt: [{ plus: [{ today: true }, "P1M"] }, { field: "paidOn" }] },
      notice: { to: [{ field: "captain" }], template: "pack" },
    },
  },
  notices: { pack: { subject: "Pack", body: "Pack." } },
  grants: [
    { to: [{ role: "dsl" }], may: ["see", "create", "edit"] },
    { to: [{ field: "captain" }], may: ["see"] },
  ],
};
const smuggling: RecordType = {
  ...voyage,
  name: "smuggling",
  plural: "smugglings",
  reference: "SMU-{n}",
  confidential: true,
};
smuggling.grants = [
  { to: [{ role: "dsl" }], may: ["see", "create"], when: { all: [] } },
  { to: [{ field: "captain" }], may: ["see"] },
];

interface Entry {
  id: string;
  kind: string;
  recordTitle: string;
  label: string;
  on: string;
  mine: boolean;
  field: string | null;
}
let api: SchoolApi;
let head: Asker;
let captain: Asker;
let teacher: Asker;
let made: Record<"swan" | "tern" | "night", string>;

beforeAll(async () => {
  api = await newSchoolApi();
  const { school } = api;
  for (const json of [voyage, smuggling])
    await publishDefinition(school.world, systemIdentity(school.organisation), { json });
  [head, captain, teacher] = [
    await api.as("Zoe King"),
    await api.as("Callum Birchwood"),
    await api.as("Tomas Elmstead"),
  ];
  const callum = school.personId("Callum Birchwood");
  made = {
    swan: await create(
      "voyage",
      `name: "Swan", captain: "${callum}", leavesOn: "2027-03-10", paintBy: "2027-04", paidOn: "2027-03-12"`,
    ),
    tern: await create("voyage", 'name: "Tern", leavesOn: "2027-03-11"'),
    night: await create("smuggling", `name: "Night", captain: "${callum}", leavesOn: "2027-03-12"`),
  };
}, 60_000);
afterAll(() => api.close());

async function create(type: "voyage" | "smuggling", input: string): Promise<string> {
  const name = type === "voyage" ? "createVoyage" : "createSmuggling";
  const answer = await head(`mutation { made: ${name}(input: { ${input} }) { id } }`);
  if (answer.errors.length) throw new Error(answer.text);
  return (answer.data["made"] as { id: string }).id;
}

async function due(ask: Asker, part = "", from = "2027-03-01", to = "2027-03-31"): Promise<Entry[]> {
  const { data } = await ask(
    `{ due(from: "${from}", to: "${to}"${part}) { entries { id kind type recordTitle label on mine field } } }`,
  );
  const { entries } = data["due"] as { entries: (Entry & { type: string })[] };
  return entries.filter(({ type }) => ["voyage", "smuggling"].includes(type));
}
const brief = ({ kind, label, on, mine }: Entry) => [on, kind, label, mine];

test("tasks and the dates that clocks are counted from are due, each to who may see them, and what is mine says so", async () => {
  // The date of a task is the task: it is not said twice. A month is due on its last day.
  expect((await due(captain)).map(brief)).toEqual([
    ["2027-03-10", "task", "Load Swan", true],
    ["2027-03-12", "task", "Load Night", true],
  ]);
  expect((await due(head)).map(brief)).toEqual([
    ["2027-03-10", "task", "Load Swan", false],
    ["2027-03-11", "task", "Load Tern", false],
    ["2027-03-12", "task", "Load Night", false],
  ]);
  expect((await due(captain, "", "2027-04-10", "2027-04-30")).map(brief)).toEqual([
    ["2027-04-30", "date", "Paint by", true],
  ]);
  expect(await due(captain, "", "2027-04-10", "2027-04-29")).toEqual([]);
  expect(await due(teacher)).toEqual([]);
});

test("fewer of a day than none is refused, and more than there may be are as many as may be", async () => {
  const most = (perDay: number) =>
    head(`{ due(from: "2027-03-01", to: "2027-04-30", perDay: ${perDay}) { entries { on } fullDays more } }`);
  expect((await most(-1)).errors[0]?.extensions).toMatchObject({
    code: "INVALID_INPUT",
    problems: [{ path: "perDay" }],
  });
  const all = (await most(2_000_000_000)).data["due"] as { entries: { on: string }[]; fullDays: string[] };
  expect(all).toMatchObject({ fullDays: [], more: false });
  const few = (await most(1)).data["due"] as typeof all;
  const days = all.entries.map(({ on }) => on);
  expect(few.entries.map(({ on }) => on)).toEqual([...new Set(days)]);
  expect(few.fullDays).toEqual([...new Set(days.filter((on, n) => days.indexOf(on) < n))]);
});

test("clocks are shown to who asks for them, but for those that would do nothing on their day, and one register alone", async () => {
  const clocks = (await due(head, ", clocks: true")).filter(({ kind }) => kind === "clock");
  expect(clocks.map(({ on, recordTitle, label }) => [on, recordTitle, label])).toEqual([
    ["2027-03-03", "Swan", "Pack, 7 days before"],
    ["2027-03-04", "Tern", "Pack, 7 days before"],
    ["2027-03-05", "Night", "Pack, 7 days before"],
  ]);
  const paint = () => due(head, ", clocks: true", "2027-04-01", "2027-04-29");
  expect((await paint()).map(({ on, label }) => [on, label])).toEqual([["2027-04-23", "Paint, 7 days before"]]);
  const pay = async (version: number, day: string) => {
    const change = `id: "${made.swan}", expectedVersion: ${version}, input: { paidOn: "${day}" }`;
    expect(await head(`mutation { updateVoyage(${change}) { id } }`)).toMatchObject({ errors: [] });
  };
  await pay(1, "2027-05-23");
  expect(await paint()).toEqual([]);
  const { data } = await head(`{ voyage(id: "${made.swan}") { timers { label holds } } }`);
  expect((data["voyage"] as { timers: unknown[] }).timers).toEqual([
    { label: "Pack", holds: true },
    { label: "Paint", holds: false },
  ]);
  await pay(2, "2027-03-12");
  expect((await due(head, ', type: "smuggling"')).map(({ recordTitle }) => recordTitle)).toEqual(["Night"]);
});

const preview = async (ask: Asker, id: string, input: object) => {
  const answer = await ask(
    `query ($id: ID!, $input: JSON!) { previewUpdate(type: "voyage", id: $id, expectedVersion: 1, input: $input) {
      label from to } }`,
    { id, input },
  );
  return answer.errors[0]?.extensions ?? answer.data["previewUpdate"];
};

test("before a date moves it is said which clocks would follow; nothing has moved then, and nobody is told who may not change it", async () => {
  // What stands on a date of the record says on which.
  expect((await due(head)).map(({ label, field }) => [label, field])).toContainEqual(["Load Tern", "leavesOn"]);
  expect(await preview(head, made.tern, { leavesOn: "2027-03-25" })).toEqual([
    { label: "Pack", from: "2027-03-04T08:00:00.000Z", to: "2027-03-18T08:00:00.000Z" },
  ]);
  expect(await preview(head, made.tern, { leavesOn: null })).toEqual([
    { label: "Pack", from: "2027-03-04T08:00:00.000Z", to: null },
  ]);
  expect(await preview(head, made.tern, { paidOn: "2027-03-25" })).toEqual([]);
  expect(await preview(head, made.tern, { leavesOn: "2027-02-30" })).toMatchObject({
    code: "INVALID_INPUT",
    problems: [{ path: "input.leavesOn" }],
  });
  expect(await preview(captain, made.swan, { leavesOn: "2027-03-25" })).toMatchObject({ code: "FORBIDDEN" });
  expect(await preview(teacher, made.swan, { leavesOn: "2027-03-25" })).toMatchObject({ code: "NOT_FOUND" });
  const { data } = await head(`{ voyage(id: "${made.tern}") { leavesOn version history(first: 5) { kind } } }`);
  expect(data["voyage"]).toMatchObject({ leavesOn: "2027-03-11", version: 1 });
});

const MAKE = "mutation Make($all: Boolean!) { makeCalendarFeed(everything: $all) { url } }";
async function link(ask: Asker, all: boolean): Promise<string> {
  const { data } = await ask(MAKE, { all });
  return (data["makeCalendarFeed"] as { url: string }).url.replace("http://school.test", "");
}
const follow = (path: string, method = "GET"): Promise<Answer> => send(api.api.port, { method, path });
/** RFC 5545 folds long lines. */
const events = (text: string) =>
  text
    .replace(/\r\n[ \t]/g, "")
    .split("BEGIN:VEVENT")
    .slice(1)
    .map((event) => Object.fromEntries(event.split("\r\n").map((line) => [line.split(/[:;]/)[0], line] as const)));

test("a calendar elsewhere follows what is mine by a link, as whole days, and reads nothing confidential", async () => {
  const path = await link(captain, false);
  const answer = await follow(path);
  expect([answer.status, answer.headers["content-type"]]).toEqual([200, "text/calendar; charset=utf-8"]);
  expect(answer.text).not.toContain("Night");
  expect(answer.text).not.toMatch(/smuggling/i);
  const ours = events(answer.text).filter((event) => /Swan|confidential/.test(event["SUMMARY"] ?? ""));
  expect(ours.map((event) => [event["DTSTART"], event["SUMMARY"]])).toEqual([
    ["DTSTART;VALUE=DATE:20270310", "SUMMARY:Load Swan"],
    ["DTSTART;VALUE=DATE:20270312", "SUMMARY:Something confidential is due"],
    ["DTSTART;VALUE=DATE:20270430", "SUMMARY:Paint by: Swan"],
  ]);
  expect(ours[2]?.["UID"]).toBe(`UID:${made.swan}.paintBy@duly.school.test`);
  const headsOwn = await follow(await link(head, false));
  const headsAll = await follow(await link(head, true));
  expect([headsOwn.text.includes("Tern"), headsAll.text.includes("Tern")]).toEqual([false, true]);
  expect((await follow(path, "HEAD")).text).toBe("");
});

test("an entry keeps its id when its day moves", async () => {
  const path = await link(captain, false);
  const [before] = events((await follow(path)).text).filter((event) => event["SUMMARY"]?.includes("Load Swan"));
  await head(
    `mutation { updateVoyage(id: "${made.swan}", expectedVersion: 1, input: { leavesOn: "2027-03-20" }) { id } }`,
  );
  const [after] = events((await follow(path)).text).filter((event) => event["SUMMARY"]?.includes("Load Swan"));
  expect([after?.["UID"], after?.["DTSTART"]]).toEqual([before?.["UID"], "DTSTART;VALUE=DATE:20270320"]);
});

test("the link is kept as a hash, and ends when it is withdrawn or another is made", async () => {
  const first = await link(captain, false);
  const secret = /calendars\/([\w-]+)\.ics/.exec(first)?.[1] ?? "";
  expect(secret).toHaveLength(43);
  const kept = JSON.stringify(await api.school.query("SELECT * FROM calendar_feed"));
  expect([kept.includes(secret), kept.includes('"secret_hash"')]).toEqual([false, true]);
  const second = await link(captain, true);
  expect([(await follow(first)).status, (await follow(second)).status]).toEqual([404, 200]);
  const { data } = await captain("{ calendarFeed { everything readAt } }");
  expect(data["calendarFeed"]).toEqual({ everything: true, readAt: expect.any(String) as string });
  await captain("mutation { withdrawCalendarFeed }");
  expect([(await follow(second)).status, (await captain("{ calendarFeed { readAt } }")).data["calendarFeed"]]).toEqual([
    404,
    null,
  ]);
});

test("a token makes no link that outlives it, and a link opens nothing but the calendar", async () => {
  const { data } = await captain('mutation { createApiToken(label: "Script") { secret } }');
  const { secret } = data["createApiToken"] as { secret: string };
  const lent: Asker = (query, variables) => api.anybody(query, variables, { authorization: `Bearer ${secret}` });
  expect((await lent(MAKE, { all: false })).errors[0]?.extensions.code).toBe("FORBIDDEN");
  const own = /calendars\/([\w-]+)\.ics/.exec(await link(captain, false))?.[1] ?? "";
  const asked = await api.anybody("{ voyages { nodes { id } } }", {}, { authorization: `Bearer ${own}` });
  expect(asked.errors[0]?.extensions.code).toBe("UNAUTHENTICATED");
});

test("whatever a school or a record is called, each line of a calendar is one of its own", () => {
  const calendar = emptyCalendar({ name: "Canterbury\r\nX-EVIL:1\nRoad", hours: 1 });
  addDay(
    calendar,
    { uid: "a", on: "2027-06-02", summary: "Bell \u0007\u001b and\r\nX-EVIL:2" },
    "2027-06-01T00:00:00Z",
  );
  const lines = calendar.toString().split("\r\n");
  expect(lines.filter((line) => /\p{Cc}/u.test(line) || line.startsWith("X-EVIL"))).toEqual([]);
  expect(lines).toContain("SUMMARY:Bell and X-EVIL:2");
});

test.each([
  ["St Mary's, Canterbury", "St Mary's\\, Canterbury"],
  ["Infants; Juniors", "Infants\\; Juniors"],
  ["East\\West", "East\\\\West"],
  ["A\\, B; C", "A\\\\\\, B\\; C"],
  ["One\nline, two", "One line\\, two"],
  ["Plain: 50% (north)", "Plain: 50% (north)"],
])("what RFC 5545 gives a meaning of its own is escaped in every text of a calendar: %j", (name, written) => {
  const calendar = emptyCalendar({ name, hours: 1 });
  addDay(calendar, { uid: "a", on: "2027-06-02", summary: name }, "2027-06-01T00:00:00Z");
  const lines = calendar.toString().split("\r\n");
  for (const property of ["NAME", "X-WR-CALNAME", "SUMMARY"]) expect(lines).toContain(`${property}:${written}`);
});

test("an entry stands on the school's day of an instant, of the record's creation too", async () => {
  const { world, organisation } = api.school;
  const ferry = (field: string): RecordType => ({
    ...voyage,
    name: `${field}Ferry`,
    plural: `${field}Ferries`,
    reference: `${field.slice(0, 3).toUpperCase()}-{n}`,
    fields: { ...voyage.fields, at: { kind: "dateTime", label: "At" } },
    actions: {
      ...voyage.actions,
      call: {
        label: "Call",
        from: ["planned"],
        who: [{ anyone: true }],
        effects: [{ notice: { to: [{ field: "captain" }], template: "pack" } }],
      },
    },
    notices: { pack: { subject: "Pack", body: "Pack.", calendar: { field, summary: "Sails" } } },
  });
  for (const [field, on] of [
    ["at", "2027-06-02"],
    ["createdAt", "2026-11-23"],
  ] as const) {
    const type = ferry(field);
    await publishDefinition(world, systemIdentity(organisation), { json: type });
    const Name = type.name.charAt(0).toUpperCase() + type.name.slice(1);
    const made = await head(`mutation M($i: Create${Name}Input!) { made: create${Name}(input: $i) { id } }`, {
      i: { name: "Ferry", captain: api.school.personId("Tomas Elmstead"), at: "2027-06-01T23:30:00Z" },
    });
    const { id } = made.data["made"] as { id: string };
    expect((await head(`mutation M($id: ID!) { call${Name}(id: $id) { id } }`, { id })).errors).toEqual([]);
    const [notice] = await api.school.query("SELECT event FROM notice WHERE record = ?", [id]);
    expect(JSON.parse(String(notice?.["event"]))).toMatchObject({ on });
  }
});
