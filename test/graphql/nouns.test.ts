/** The static nouns, each with what it says and to whom. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { reportBounce } from "../../api/engine/bounces";
import { fireDue } from "../../api/engine/fireDue";
import { run, systemIdentity } from "../../api/engine/run";
import { schoolPolicy } from "../../schema/packs/school-policy/pack";
import { type Asker, newSchoolApi, type SchoolApi } from "./schoolApi";

let school: SchoolApi;
let administrator: Asker;
let governor: Asker;
let teacher: Asker;
const code = (answer: Awaited<ReturnType<Asker>>): string | undefined => answer.errors[0]?.extensions.code;

beforeAll(async () => {
  school = await newSchoolApi();
  administrator = await school.as("Harriet Stowting");
  governor = await school.as("Lindsey Glanville");
  teacher = await school.as("Tomas Elmstead");
}, 60_000);
afterAll(() => school.close());

test("people are found whatever their accents and case, page by page", async () => {
  const answer = await governor(
    '{ people(search: "KING", first: 10) { nodes { name email } totalCount pageInfo { hasNextPage } } }',
  );
  expect(answer.data["people"]).toMatchObject({ nodes: [{ name: "Zoe King" }], totalCount: 1 });
  const names: string[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<Asker>> = await governor(
      "query P($after: String) { people(first: 7, after: $after) { nodes { name } totalCount pageInfo { hasNextPage endCursor } } }",
      { after },
    );
    const people = page.data["people"] as {
      nodes: { name: string }[];
      totalCount: number;
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
    names.push(...people.nodes.map((person) => person.name));
    after = people.pageInfo.hasNextPage ? people.pageInfo.endCursor : null;
    if (after === null) expect(names).toHaveLength(people.totalCount);
  } while (after);
  expect(new Set(names).size).toBe(names.length);
});

test("only administrators appoint, and the appointment says who, what and where", async () => {
  const person = school.school.personId("Tomas Elmstead");
  const query = `mutation { appoint(person: "${person}", role: "dsl", from: "2027-01-04") { person { name } role { label } organisation { id } from to } }`;
  expect(code(await governor(query))).toBe("FORBIDDEN");
  expect((await administrator(query)).data["appoint"]).toMatchObject({
    person: { name: "Tomas Elmstead" },
    organisation: { id: school.school.organisation },
    from: "2027-01-04",
    to: null,
  });
  const held = await governor(`{ appointments(person: "${person}", on: "2027-01-03") { role { name } } }`);
  expect(held.data["appointments"]).not.toContainEqual({ role: { name: "dsl" } });
});

test("a role that is ended before it began is taken back, and the answer says that there is nothing left of it", async () => {
  const person = school.school.personId("Idris Lympne");
  const made = await administrator(`mutation { appoint(person: "${person}", role: "dsl", from: "2027-06-07") { id } }`);
  const { id } = made.data["appoint"] as { id: string };
  const ended = await administrator(`mutation { endAppointment(id: "${id}") { to } }`);
  expect([ended.errors, ended.data]).toEqual([[], { endAppointment: null }]);
  const held = await administrator(`{ appointments(person: "${person}") { role { name } } }`);
  expect(held.data["appointments"]).not.toContainEqual({ role: { name: "dsl" } });
});

test("a person is entered and renamed by administrators only, and a bad address is named", async () => {
  const enter = 'mutation { createPerson(input: { name: "Ada Newcomer", email: "ada@school.invalid" }) { id name } }';
  expect(code(await teacher(enter))).toBe("FORBIDDEN");
  const made = (await administrator(enter)).data["createPerson"] as { id: string };
  const renamed = await administrator(
    `mutation { updatePerson(input: { id: "${made.id}", name: "Ada Settled" }) { name } }`,
  );
  expect(renamed.data).toEqual({ updatePerson: { name: "Ada Settled" } });
  const bad = await administrator('mutation { createPerson(input: { name: "X", email: "nonsense" }) { id } }');
  expect(bad.errors[0]?.extensions).toMatchObject({
    code: "INVALID_INPUT",
    problems: [{ path: expect.stringContaining("email") as string }],
  });
});

test("clocks say in words what they do, and to whom", async () => {
  const answer = await governor(
    '{ timers(type: "policy", state: waiting, first: 3) { nodes { label stepInWords recordTitle dueAt because recipients { name } } totalCount } }',
  );
  const { nodes } = answer.data["timers"] as { nodes: { label: string; dueAt: string }[] };
  expect(nodes).toHaveLength(3);
  expect([...nodes].sort((a, b) => (a.dueAt < b.dueAt ? -1 : 1))).toEqual(nodes);
  const bad = await governor('{ timers(from: "soon") { totalCount } }');
  expect(bad.errors[0]?.extensions).toMatchObject({ code: "INVALID_INPUT", problems: [{ path: "from" }] });
});

test("a figure is changed from a date by administrators, and every clock counted from it follows", async () => {
  const settings = (await governor('{ settings(type: "policy") { name label value unit source because } }')).data?.[
    "settings"
  ] as { name: string; value: unknown }[];
  const time = settings.find((setting) => setting.value === "08:00");
  expect(time).toBeDefined();
  const set = `mutation { setSetting(type: "policy", name: "${time?.name ?? ""}", value: "09:15") { moved value { value original } } }`;
  expect(code(await governor(set))).toBe("FORBIDDEN");
  const changed = (await administrator(set)).data["setSetting"];
  expect(changed).toMatchObject({ value: { value: "09:15", original: "08:00" } });
  const due = await governor("{ timers(state: waiting) { nodes { rule dueAt } } }");
  expect(JSON.stringify(due.data)).toContain(":15:00.000Z");
});

test("the calendar is replaced whole, and an impossible term is named", async () => {
  const term = { name: "Autumn", from: "2026-09-03", to: "2026-12-18" };
  const set =
    "mutation S($input: CalendarInput!) { setCalendar(input: $input) { moved calendar { terms { name from } warnings } } }";
  expect(code(await teacher(set, { input: { terms: [term], closures: [] } }))).toBe("FORBIDDEN");
  const wrong = await administrator(set, { input: { terms: [{ ...term, to: "2026-09-01" }], closures: [] } });
  expect(wrong.errors[0]?.extensions).toMatchObject({
    code: "INVALID_INPUT",
    problems: [{ path: expect.stringContaining("terms[0]") as string }],
  });
  expect((await administrator(set, { input: { terms: [term], closures: [] } })).data["setCalendar"]).toMatchObject({
    calendar: { terms: [{ name: "Autumn", from: "2026-09-03" }] },
  });
});

test("mail of the school is for administrators, findings are answered by whoever may edit the record", async () => {
  expect(code(await teacher("{ mails { totalCount } }"))).toBe("FORBIDDEN");
  expect((await administrator("{ mails { totalCount nodes { id } } }")).errors).toEqual([]);
  const records = await governor("{ policies { nodes { id findings { id state code } } } }");
  const findings = (
    records.data["policies"] as { nodes: { findings: { id: string; state: string }[] }[] }
  ).nodes.flatMap((node) => node.findings);
  expect(findings.length).toBeGreaterThan(0);
  const [first] = findings;
  const answer = `mutation { answerFinding(id: "${first?.id ?? ""}", answer: "Checked") { state answer answeredBy { name } } }`;
  expect(["FORBIDDEN", "NOT_FOUND", "WRONG_STATE"]).toContain(code(await teacher(answer)));
});

test("definitions come with their version, and not to whoever may see nothing of them", async () => {
  const answer = await teacher(
    '{ definitions { type version hash publishedAt json } definition(type: "policy", version: 99) { version } }',
  );
  const definitions = answer.data["definitions"] as { type: string }[];
  expect(definitions.find(({ type }) => type === "policy")).toMatchObject({ version: 1, json: { plural: "policies" } });
  expect(definitions.map(({ type }) => type)).not.toContain("filteringReview");
  expect(answer.data["definition"]).toBeNull();
});

test("several definitions are checked and published as one, by administrators, with the version they were made from", async () => {
  const lesson = schoolPolicy.types.find(({ name }) => name === "lesson");
  const bad = { ...lesson, entries: { new: "nowhere" } };
  const check = "query C($d: [JSON!]!) { checkDefinitions(definitions: $d) { ok problems { path } } }";
  expect(code(await teacher(check, { d: [bad] }))).toBe("FORBIDDEN");
  expect((await administrator(check, { d: [bad] })).data["checkDefinitions"]).toMatchObject({
    ok: false,
    problems: expect.arrayContaining([{ path: "lesson.entries.new" }]) as unknown,
  });
  const publish = `mutation P($d: [DefinitionInput!]!, $c: String) {
    publishDefinitions(definitions: $d, comment: $c) { type version } }`;
  const definitions = (expectedVersion: number) => ({
    d: [{ json: { ...lesson, help: "Said otherwise." }, expectedVersion }],
    c: "A word",
  });
  expect(code(await teacher(publish, definitions(1)))).toBe("FORBIDDEN");
  expect(code(await administrator(publish, definitions(7)))).toBe("STALE");
  expect(code(await administrator(publish, { ...definitions(1), c: "long".repeat(200) }))).toBe("INVALID_INPUT");
  expect((await administrator(publish, definitions(1))).data["publishDefinitions"]).toEqual([
    { type: "lesson", version: 2 },
  ]);
  const told = '{ definition(type: "lesson") { version comment publishedBy { name } } definitionsToMend { type } }';
  expect((await administrator(told)).data).toMatchObject({
    definition: { version: 2, comment: "A word", publishedBy: { name: expect.any(String) as string } },
    definitionsToMend: [],
  });
  expect(code(await teacher(told))).toBe("FORBIDDEN");
});

test("definitions come in the order of the pack, which is that of the menu", async () => {
  const answer = await administrator("{ definitions { type } }");
  const types = (answer.data["definitions"] as { type: string }[]).map(({ type }) => type);
  const own = new Set(types);
  expect(types.length).toBeGreaterThan(30);
  expect(types).toEqual(schoolPolicy.types.map(({ name }) => name).filter((name) => own.has(name)));
});

test("a dry run of an import stores nothing, and an import is for whoever may create policies", async () => {
  const run = (ask: Asker, file: string, dryRun: boolean) =>
    ask(
      `mutation I($file: ID!, $d: Boolean!) { importPolicies(file: $file, dryRun: $d) {
        created { id title findings { code } } refused { title } findings { message } } }`,
      { file, d: dryRun },
    );
  const count = async (): Promise<unknown> => (await administrator("{ policies { totalCount } }")).data;
  const before = await count();
  const text = "Marking Policy\n\nReview date: sometime\n\n1. Purpose\n\nWork is marked.\n";
  const file = await school.upload("Harriet Stowting", "p.txt", text);
  expect(code(await run(teacher, await school.upload("Tomas Elmstead", "p.txt", text), true))).toBe("FORBIDDEN");
  // Another's file is no file.
  expect(code(await run(teacher, file, true))).toBe("INVALID_INPUT");
  const dry = await run(administrator, file, true);
  expect((dry.data["importPolicies"] as { created: { id: unknown }[] }).created[0]?.id).toBeNull();
  expect(await count()).toEqual(before);
  expect(code(await run(administrator, await school.upload("Harriet Stowting", "p.txt", " \n"), false))).toBe(
    "INVALID_INPUT",
  );
});

test("a document sent twice is brought in once, and one policy that is refused takes no other down", async () => {
  const IMPORT = `mutation ($file: ID!) { importPolicies(file: $file) { created { id title } refused { title problems { message } } } }`;
  const text = readFileSync(join(__dirname, "../../schema/packs/school-policy/demo/policies.md"), "utf8");
  const long = text.replace("# Social Media Policy", `# Social ${"Media ".repeat(300)}Policy`);
  const file = await school.upload("Harriet Stowting", "both.md", long);
  const first = (await administrator(IMPORT, { file })).data["importPolicies"] as {
    created: { id: string; title: string }[];
    refused: { title: string; problems: { message: string }[] }[];
  };
  expect(first.created.length + first.refused.length).toBe(2);
  expect((await administrator(IMPORT, { file })).data["importPolicies"]).toEqual(first);
});

test("everybody may know what the policies oblige to and by what it is met, and nobody without signing in", async () => {
  const query = `{ obligations { number letters sections byAgreement satisfied missing { letter wants }
    elements { letter kind path type label } } sourceSections { code label } }`;
  const { data, errors } = await teacher(query);
  expect(errors).toEqual([]);
  const obligations = data["obligations"] as { number: number; elements: unknown[] }[];
  expect(obligations.map(({ number }) => number)).toEqual(Array.from({ length: 136 }, (_, i) => i + 1));
  expect(obligations[6]).toMatchObject({ letters: ["R"], sections: ["Key details", "M8", "SM6"], satisfied: true });
  expect(obligations[6]?.elements).toContainEqual({
    letter: "R",
    kind: "timer",
    path: "policy.timers.remind",
    type: "policy",
    label: "Reminder of the review",
  });
  expect(data["sourceSections"]).toContainEqual({ code: "M8", label: expect.stringContaining("Mobile policy") });
  expect(code(await school.anybody(query))).toBe("UNAUTHENTICATED");
});

test("a person chooses their own mail, and only administrators the school’s", async () => {
  const chosen = await teacher(
    'mutation { setMyMail(input: { pace: atOnce, from: "09:00", to: "16:00", optional: false }) { pace from to optional } }',
  );
  expect(chosen.data["setMyMail"]).toEqual({ pace: "atOnce", from: "09:00", to: "16:00", optional: false });
  expect((await governor("{ myMail { pace from optional } }")).data["myMail"]).toEqual({
    pace: null,
    from: null,
    optional: true,
  });
  const half = await teacher('mutation { setMyMail(input: { from: "09:00" }) { pace } }');
  expect(half.errors[0]?.extensions.problems).toMatchObject([{ path: "to" }]);
  const rules =
    'mutation { setMailRules(input: { pace: digest, days: school, from: "07:00", to: "17:00", digestAt: "07:45" }) { digestAt days } }';
  expect(code(await governor(rules))).toBe("FORBIDDEN");
  expect((await administrator(rules)).data["setMailRules"]).toEqual({ digestAt: "07:45", days: "school" });
});

test("a choice of mail that leaves out what is for information keeps it, however often it is sent", async () => {
  const choose = () =>
    governor("mutation M($input: OwnMailInput!) { setMyMail(input: $input) { optional } }", { input: { pace: null } });
  for (const time of [1, 2, 3])
    expect([time, (await choose()).data]).toEqual([time, { setMyMail: { optional: true } }]);
});

test("an address that fails is the office’s task, and a new one entered for the person ends it", async () => {
  const { world, personId, organisation } = school.school;
  const whose = personId("Tomas Elmstead");
  await run(world, systemIdentity(organisation), (current) =>
    reportBounce(current, {
      organisation,
      person: whose,
      address: "tomas.elmstead@canterburyroad.invalid",
      why: "550",
    }),
  );
  const mine = "{ myTasks(first: 50) { nodes { label type holders { name } } } }";
  const task = { label: "Ask Tomas Elmstead for an address that works", type: "failingAddress" };
  expect(((await administrator(mine)).data["myTasks"] as { nodes: object[] }).nodes).toContainEqual(
    expect.objectContaining(task),
  );
  const input = { id: whose, name: "Tomas Elmstead", email: "t.elmstead@canterburyroad.invalid" };
  await administrator("mutation P($input: UpdatePersonInput!) { updatePerson(input: $input) { id } }", { input });
  await fireDue(world);
  expect(((await administrator(mine)).data["myTasks"] as { nodes: object[] }).nodes).not.toContainEqual(
    expect.objectContaining(task),
  );
});

test("an urgent notice that has waited for more than five minutes is told to whoever administers", async () => {
  const asked = "{ urgentWaitingSince }";
  const query: typeof school.school.query = (sql, params) => school.school.query(sql, params);
  const [notice] = await query("SELECT id FROM notice ORDER BY id LIMIT 1");
  const now = Date.parse(String(((await administrator("{ me { now } }")).data["me"] as { now: string }).now));
  const at = (minutes: number): string => new Date(now - minutes * 60_000).toISOString().slice(0, 23).replace("T", " ");
  await query("UPDATE notice SET outcome = 'planned', urgent = 1, send_at = ? WHERE id = ?", [
    at(3),
    String(notice?.["id"]),
  ]);
  expect((await administrator(asked)).data).toEqual({ urgentWaitingSince: null });
  await query("UPDATE notice SET send_at = ? WHERE id = ?", [at(10), String(notice?.["id"])]);
  expect((await administrator(asked)).data["urgentWaitingSince"]).toEqual(expect.any(String));
  expect((await teacher(asked)).data).toEqual({ urgentWaitingSince: null });
});

test("work that waits within Duly is nobody's clock: not in a list, a count, a calendar or a record's own", async () => {
  const [policy] = await school.school.query("SELECT id, organisation FROM r_policy LIMIT 1");
  const [record, organisation] = [String(policy?.["id"]), String(policy?.["organisation"])];
  const asked = `{
    timers(record: "${record}", first: 200) { totalCount nodes { rule } }
    all: timers(first: 200, from: "2027-06-01T00:00:00Z", to: "2027-06-02T00:00:00Z") { totalCount nodes { rule } }
    due(from: "2027-06-01", to: "2027-06-01", clocks: true) { entries { on } fullDays more }
    policy(id: "${record}") { timers { rule } }
    clock { fired }
  }`;
  const before = await administrator(asked);
  expect(before.errors).toEqual([]);
  for (const [n, kind] of ["event", "roster", "duty"].entries())
    for (const state of ["waiting", "fired", "dead"])
      await school.school.query(
        `INSERT INTO timer (id, organisation, type, record, kind, rule, step, anchor_value, n, due_at, state, stamp)
         VALUES (?, ?, 'policy', ?, ?, 'remind', 'P0D', ?, ?, '2027-06-01 09:00:00.000', ?, '')`,
        [`00INNER${n}${state.toUpperCase()}`.padEnd(26, "0"), organisation, record, kind, `${kind} ${state}`, n, state],
      );
  expect((await administrator(asked)).text).toBe(before.text);
});
