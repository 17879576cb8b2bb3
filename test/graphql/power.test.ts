/** Power over confidential records takes two people or a delay with notice, and leaves a trace in a chained log. */
import { carryOutDue } from "../../api/engine/carryOutPower";
import { powersOf } from "../../api/engine/power";
import { publishTypes } from "../../api/engine/publishDefinition";
import { type Identity, systemIdentity } from "../../api/engine/run";
import { objectionsOf } from "../../api/graphql/objections";
import { verifySecurityLog } from "../../api/store/securityLog";
import type { Effect, RecordType, Who } from "../../schema/definition";
import { type Asker, emailOf, newSchoolApi, type SchoolApi } from "./schoolApi";

let school: SchoolApi;
let office: Asker;
let head: Asker;
let later = 0;

beforeEach(async () => {
  school = await newSchoolApi({ demo: false });
  const { world } = school.school;
  later = 0;
  const [now, at] = [world.machineNow.bind(world), world.timeAt.bind(world)];
  world.machineNow = () => now() + later;
  world.timeAt = (databaseNow) => at(databaseNow) + later;
  office = await school.as("Harriet Stowting");
  head = await school.as("Zoe King");
}, 60_000);
afterEach(() => school.close());

const HOUR = 3_600_000;
const id = (name: string) => school.school.personId(name);
const REQUESTS = `query ($about: ID, $waiting: Boolean) { powerRequests(about: $about, waiting: $waiting) {
  id batch kind sentence state why mayConfirm mayStop person { id } askedBy { name } decidedBy { name } } }`;
interface Request {
  id: string;
  batch: string;
  kind: string;
  sentence: string;
  state: string;
  why: string | null;
  mayConfirm: boolean;
  mayStop: boolean;
  decidedBy: { name: string } | null;
}
const requests = async (as: Asker, about?: string): Promise<Request[]> => {
  const answer = await as(REQUESTS, { about: about ?? null, waiting: false });
  expect(answer.errors).toEqual([]);
  return answer.data["powerRequests"] as Request[];
};
const APPOINT =
  "mutation ($person: ID!, $role: String!) { appoint(person: $person, role: $role) { id madeBy { name } } }";
const CONFIRM = "mutation ($ids: [ID!]!) { confirmPower(ids: $ids) { id state why } }";
const STOP = 'mutation ($ids: [ID!]!) { stopPower(ids: $ids, why: "Not by me") { id state why } }';
const code = (answer: { errors: { extensions: { code: string } }[] }) => answer.errors[0]?.extensions.code;
const holds = async (name: string, role: string): Promise<boolean> =>
  (
    await school.school.query(
      "SELECT id FROM appointment WHERE person = ? AND role = ? AND (to_on IS NULL OR to_on >= from_on)",
      [id(name), role],
    )
  ).length > 0;
const kinds = async (): Promise<string[]> =>
  (await school.school.query("SELECT kind FROM security_log ORDER BY seq")).map((row) => String(row["kind"]));

test("a powerful role waits for a second person, who is told; it is theirs once confirmed, and says by whom", async () => {
  const asked = await office(APPOINT, { person: id("Tomas Elmstead"), role: "dsl" });
  expect(asked.errors).toEqual([]);
  expect(asked.data).toEqual({ appoint: null });
  expect(await holds("Tomas Elmstead", "dsl")).toBe(false);
  const [mine] = await requests(office);
  expect(mine).toMatchObject({ kind: "role", state: "WAITING", mayConfirm: false, mayStop: true });
  expect(code(await office(CONFIRM, { ids: [mine?.id] }))).toBe("FORBIDDEN");
  // Nobody else of the staff knows of it, but the person, who does not confirm it.
  const tomas = await school.as("Tomas Elmstead");
  expect(await requests(tomas)).toMatchObject([{ mayConfirm: false, mayStop: true }]);
  expect(code(await tomas(CONFIRM, { ids: [mine?.id] }))).toBe("NOT_FOUND");
  expect(await requests(await school.as("Yasmin Chilham"))).toEqual([]);

  const news = await head("{ powerNews { sentence mayConfirm } }");
  expect(news.data["powerNews"]).toEqual([
    {
      sentence: expect.stringContaining("Give Tomas Elmstead the role Designated safeguarding lead") as string,
      mayConfirm: true,
    },
  ]);
  const [mailed] = await school.school.query(
    "SELECT COUNT(*) AS n FROM mail WHERE person = ? AND subject LIKE '%second person%'",
    [id("Zoe King")],
  );
  expect(Number(mailed?.["n"])).toBe(1);
  const confirmed = await head(CONFIRM, { ids: [mine?.id] });
  expect(confirmed.data["confirmPower"]).toEqual([{ id: mine?.id, state: "DONE", why: null }]);
  expect(await holds("Tomas Elmstead", "dsl")).toBe(true);
  const made = await office('query ($p: ID!) { appointments(person: $p, role: "dsl") { madeBy { name } } }', {
    p: id("Tomas Elmstead"),
  });
  expect(made.data["appointments"]).toEqual([{ madeBy: { name: "Harriet Stowting" } }]);
  expect(await kinds()).toEqual(expect.arrayContaining(["powerAsked", "roleGiven", "powerConfirmed", "signedIn"]));
  // It cannot be confirmed twice.
  expect(code(await head(CONFIRM, { ids: [mine?.id] }))).toBe("NOT_FOUND");
});

test("nobody gives themselves a powerful role, by whichever way; and a token confirms nothing", async () => {
  for (const role of powersOf(school.school.world.registry).keys())
    expect(code(await office(APPOINT, { person: id("Harriet Stowting"), role }))).toBe("FORBIDDEN");
  expect(await requests(office)).toEqual([]);
  const listed = await office(`mutation ($input: ImportPeopleInput!) { importPeople(input: $input) { digest } }`, {
    input: {
      lines: [{ externalId: "H1", name: "Harriet Stowting", email: emailOf("Harriet Stowting"), roles: "DSL" }],
      roleWords: [{ word: "DSL", roles: ["dsl"] }],
      everybody: [],
      decides: [],
    },
  });
  // Said before anything is confirmed.
  expect(code(listed)).toBe("FORBIDDEN");
});

/** Confidential talks about somebody: whoever holds the task to hold one sees it. */
const talkHeldBy = (...to: Who[]): RecordType => ({
  ...{ name: "talk", plural: "talks", label: "Talk", pluralLabel: "Talks", reference: "TALK-{year}-{n}" },
  ...{ title: "{{ reference }}", confidential: true, entries: { new: "open" } },
  fields: {
    about: { kind: "person", label: "About", required: true },
    secret: { kind: "text", label: "Secret" },
  },
  states: { open: { label: "Open" }, held: { label: "Held", end: true } },
  actions: { hold: { label: "Hold it", from: ["open"], to: "held", who: [{ anyone: true }] } },
  tasks: { hold: { label: "Hold it", opens: "open", to, actions: ["hold"] } },
  grants: [
    { to: [{ role: "dsl" }], may: ["see", "create", "edit"], when: { all: [] } },
    { to: [{ task: "hold" }], may: ["see"] },
  ],
});
const publishTalk = (...to: Who[]) =>
  publishTypes(school.school.world, systemIdentity(school.school.organisation), [talkHeldBy(...to)], {
    consent: "pack",
  });

test("a role that brings a task by which confidential records are seen takes two, also once the task goes elsewhere", async () => {
  await publishTalk({ role: "clerk" });
  expect(code(await office(APPOINT, { person: id("Harriet Stowting"), role: "clerk" }))).toBe("FORBIDDEN");
  expect((await office(APPOINT, { person: id("Tomas Elmstead"), role: "clerk" })).data).toEqual({ appoint: null });
  expect(await holds("Tomas Elmstead", "clerk")).toBe(false);
  // Talks that are under way stay with the clerk.
  await publishTalk({ role: "dsl" });
  office = await school.as("Harriet Stowting");
  expect(code(await office(APPOINT, { person: id("Harriet Stowting"), role: "clerk" }))).toBe("FORBIDDEN");
  // A governor decides on emergency exceptions, by a task of the pack.
  expect(code(await office(APPOINT, { person: id("Harriet Stowting"), role: "governor" }))).toBe("FORBIDDEN");
});

test("nobody makes themselves somebody's line manager, by whichever way, where that opens confidential records", async () => {
  await publishTalk({ relation: "lineManager", of: "about" });
  const RELATE = 'mutation ($p: ID!, $o: ID!) { relate(person: $p, kind: "lineManager", other: $o) { id } }';
  expect(code(await office(RELATE, { p: id("Tomas Elmstead"), o: id("Harriet Stowting") }))).toBe("FORBIDDEN");
  const input = {
    lines: [
      {
        ...{ name: "Tomas Elmstead", email: emailOf("Tomas Elmstead"), roles: "" },
        relations: [{ kind: "lineManager", to: emailOf("Harriet Stowting") }],
      },
    ],
    ...{ roleWords: [], everybody: ["staff"], decides: [] },
  };
  const IMPORT = "mutation ($input: ImportPeopleInput!) { importPeople(input: $input) { digest lines { changes } } }";
  const { digest } = (await office(IMPORT, { input })).data["importPeople"] as { digest: string };
  expect(code(await office(IMPORT, { input: { ...input, confirm: digest } }))).toBe("FORBIDDEN");
});

test("unanswered it takes effect after 24 hours of the machine's time, once, and everybody is told", async () => {
  await office(APPOINT, { person: id("Tomas Elmstead"), role: "administrator" });
  const { world } = school.school;
  later = 23 * HOUR;
  await carryOutDue(world);
  expect(await holds("Tomas Elmstead", "administrator")).toBe(false);
  later = 25 * HOUR;
  await Promise.all([carryOutDue(world), carryOutDue(world)]);
  expect(await holds("Tomas Elmstead", "administrator")).toBe(true);
  const rows = await school.school.query("SELECT id FROM appointment WHERE person = ? AND role = 'administrator'", [
    id("Tomas Elmstead"),
  ]);
  expect(rows).toHaveLength(1);
  office = await school.as("Harriet Stowting");
  expect(await requests(office)).toMatchObject([{ state: "DONE", decidedBy: null }]);
  expect(await kinds()).toContain("powerTookEffect");
});

test("whoever asked must still administer, and the person still be there, when it takes effect", async () => {
  await office(APPOINT, { person: id("Tomas Elmstead"), role: "dsl" });
  await office(APPOINT, { person: id("Yasmin Chilham"), role: "dsl" });
  await school.school.query("UPDATE person SET active = 0 WHERE id = ?", [id("Tomas Elmstead")]);
  later = 25 * HOUR;
  await carryOutDue(school.school.world);
  office = await school.as("Harriet Stowting");
  expect((await requests(office)).map(({ state }) => state).sort()).toEqual(["DONE", "FAILED"]);
  await office(APPOINT, { person: id("Rowan Ashdown"), role: "dsl" });
  await school.school.query("UPDATE appointment SET to_on = '2026-11-01' WHERE person = ? AND role = 'administrator'", [
    id("Harriet Stowting"),
  ]);
  later = 50 * HOUR;
  await carryOutDue(school.school.world);
  expect(await holds("Rowan Ashdown", "dsl")).toBe(false);
});

test("every holder of the role and the person may stop it, and stopped it stays", async () => {
  await office(APPOINT, { person: id("Tomas Elmstead"), role: "dsl" });
  const [request] = await requests(office);
  const [dsl] = await school.school.query(
    "SELECT p.name FROM appointment a JOIN person p ON p.id = a.person WHERE a.role = 'dsl'",
  );
  const holder = await school.as(String(dsl?.["name"]));
  expect((await holder("{ powerNews { id } }")).data["powerNews"]).toEqual([{ id: request?.id }]);
  expect((await holder(STOP, { ids: [request?.id] })).data["stopPower"]).toMatchObject([{ state: "STOPPED" }]);
  expect(code(await head(CONFIRM, { ids: [request?.id] }))).toBe("NOT_FOUND");
  later = 25 * HOUR;
  await carryOutDue(school.school.world);
  expect(await holds("Tomas Elmstead", "dsl")).toBe(false);
});

test("another address, or a sign-in link, of somebody with such a role waits; the old address is told", async () => {
  const rowan = id("Rowan Ashdown");
  const changed = await office(
    'mutation ($id: ID!) { updatePerson(input: { id: $id, name: "Rowan Ashdown-Lee", email: "evil@elsewhere.example" }) { name email waiting { kind } } }',
    { id: rowan },
  );
  expect(changed.data["updatePerson"]).toEqual({
    name: "Rowan Ashdown-Lee",
    email: emailOf("Rowan Ashdown"),
    waiting: [{ kind: "address" }],
  });
  const [mail] = await school.school.query(
    "SELECT address FROM mail WHERE person = ? AND subject LIKE '%second person%'",
    [rowan],
  );
  expect(mail?.["address"]).toBe(emailOf("Rowan Ashdown"));
  const links = await office(
    "mutation ($people: [ID!]!) { makeSignInLinks(people: $people) { person { name } url problem } }",
    { people: [rowan, id("Tomas Elmstead")] },
  );
  const made = links.data["makeSignInLinks"] as {
    person: { name: string };
    url: string | null;
    problem: string | null;
  }[];
  expect(made.find(({ person }) => person.name === "Tomas Elmstead")?.url).toContain("/#/welcome/");
  expect(made.find(({ person }) => person.name !== "Tomas Elmstead")).toMatchObject({
    url: null,
    problem: expect.stringContaining("Waits for a second person") as string,
  });
  // Confirmed, it is shown to whoever asked, once, since no email leaves here.
  const link = (await requests(head)).find(({ kind }) => kind === "link");
  expect((await head(CONFIRM, { ids: [link?.id] })).data["confirmPower"]).toMatchObject([{ state: "APPROVED" }]);
  const again = async () =>
    (
      (await office("mutation ($p: [ID!]!) { makeSignInLinks(people: $p) { url } }", { p: [rowan] })).data[
        "makeSignInLinks"
      ] as { url: string | null }[]
    )[0]?.url;
  expect(await again()).toContain("/#/welcome/");
  expect(await again()).toBeNull();
});

test("a publish that opens a confidential type waits, with the old definition in force; others publish at once", async () => {
  const incident = JSON.parse(
    JSON.stringify(school.school.world.registry.types.get("incident")?.active.type),
  ) as RecordType;
  const PUBLISH = "mutation ($json: JSON!) { publishDefinition(json: $json) { version waits { id sentence state } } }";
  // All that the school's pack brought stands in one entry.
  expect((await kinds()).filter((kind) => kind === "definitionPublished")).toHaveLength(1);
  const plain = { ...incident, label: `${incident.label} `.trim() + "s" };
  const once = await office(PUBLISH, { json: plain });
  expect(once.errors).toEqual([]);
  expect(once.data["publishDefinition"]).toMatchObject({ version: 2, waits: null });
  const open = {
    ...plain,
    grants: [...plain.grants, { to: [{ role: "classTeacher" }], may: ["see"], when: { all: [] } }],
  };
  const asked = await office(PUBLISH, { json: open });
  expect(asked.data["publishDefinition"]).toMatchObject({
    version: 2,
    waits: { state: "WAITING", sentence: expect.stringContaining("to Class teacher") as string },
  });
  const bare = { ...plain, confidential: undefined };
  expect((await office(PUBLISH, { json: bare })).data["publishDefinition"]).toMatchObject({
    version: 2,
    waits: { state: "WAITING" },
  });
  const { waits } = asked.data["publishDefinition"] as { waits: { id: string } };
  expect((await head(CONFIRM, { ids: [waits.id] })).data["confirmPower"]).toMatchObject([{ state: "DONE" }]);
  expect(school.school.world.registry.types.get("incident")?.active.version).toBe(3);
  expect(await kinds()).toContain("definitionPublished");
});

test("a chart of confidential records, and who counts them, waits; whether two hold the same is not answered at all", async () => {
  const incident = JSON.parse(
    JSON.stringify(school.school.world.registry.types.get("incident")?.active.type),
  ) as RecordType;
  const PUBLISH = "mutation ($json: JSON!) { publishDefinition(json: $json) { version waits { sentence } } }";
  const spying = {
    ...incident,
    grants: [...incident.grants, { to: [{ role: "administrator" }], may: ["count"] }],
    charts: {
      ...incident.charts,
      xowen: { label: "?", by: "subject", where: { contains: [{ field: "summary" }, "owen"] } },
    },
  };
  const asked = await office(PUBLISH, { json: spying });
  expect(asked.errors).toEqual([]);
  expect(asked.data["publishDefinition"]).toMatchObject({
    version: 1,
    waits: { sentence: expect.stringContaining("Changes what is counted of Incident") as string },
  });
  expect((await office('{ charts(type: "incident") { name } }')).data).toEqual({ charts: [] });

  await publishTalk({ role: "dsl" });
  [office, head] = [await school.as("Harriet Stowting"), await school.as("Zoe King")];
  for (const secret of ["One", "Another"])
    expect(
      (
        await head(
          "mutation ($about: ID!, $secret: String) { createTalk(input: { about: $about, secret: $secret }) { id } }",
          {
            ...{ about: id("Owen Pluckley"), secret },
          },
        )
      ).errors,
    ).toEqual([]);
  const talk = talkHeldBy({ role: "dsl" });
  // Only who may write must see all of them: so nobody may any more.
  const grants = [{ to: [{ role: "dsl" }], may: ["see"], when: { all: [] } }, talk.grants[1]];
  const answers = [];
  for (const name of ["about", "secret"]) {
    const fields = { ...talk.fields, [name]: { ...talk.fields[name], unique: true } };
    const { errors, text } = await office(PUBLISH, { json: { ...talk, grants, fields } });
    expect(text).not.toContain("two records");
    answers.push(errors.map(({ message }) => message));
  }
  const refused = [expect.stringContaining("cannot become unique")];
  expect(answers).toEqual([refused, refused]);
});

test("a publish waits by which an event makes whoever sets it going the one who leads; one that lets it write another field does not", async () => {
  const { types } = school.school.world.registry;
  const copy = (name: string) => JSON.parse(JSON.stringify(types.get(name)?.active.type)) as RecordType;
  const PUBLISH =
    "mutation ($d: [DefinitionInput!]!) { publishDefinitions(definitions: $d) { type version waits { sentence } } }";
  const joinedAs = async (field: string) => {
    const [incident, pupil] = [copy("incident"), copy("pupil")];
    incident.fields["asked"] ??= { kind: "person", label: "Asked" };
    incident.actions["join"] = { label: "Join", from: ["reported"], who: [{ system: true }], form: [field] };
    const effects: Effect[] = [
      { send: { link: "incident.pupils", event: "join", with: { [field]: { actor: true } } } },
    ];
    pupil.actions["look"] = { label: "Look", from: ["onRoll"], who: [{ role: "officeStaff" }], effects };
    const answer = await office(PUBLISH, { d: [{ json: incident }, { json: pupil }] });
    expect(answer.errors).toEqual([]);
    return answer.data["publishDefinitions"] as { version: number; waits: { sentence: string } | null }[];
  };
  const [leads] = await joinedAs("lead");
  expect(leads).toMatchObject({
    version: 1,
    waits: { sentence: expect.stringMatching(/may see Incident.* by “Join”; Lets “Look” of Pupil change/) as string },
  });
  expect(await joinedAs("asked")).toMatchObject([
    { version: 2, waits: null },
    { version: 2, waits: null },
  ]);
});

test("a publish by which others learn of confidential records waits, also of a type that is new; until then it tells nothing", async () => {
  await publishTalk({ role: "dsl" });
  const PUBLISH = "mutation ($json: JSON!) { publishDefinition(json: $json) { version waits { sentence } } }";
  const waiting = async (json: RecordType) => {
    const answer = await office(PUBLISH, { json });
    expect(answer.errors).toEqual([]);
    return answer.data["publishDefinition"];
  };
  const pry: RecordType = {
    ...{ name: "pry", plural: "pries", label: "Pry", pluralLabel: "Pries", reference: "PRY-{n}" },
    ...{ title: "{{ reference }}", entries: { new: "open" } },
    fields: {
      text: { kind: "text", label: "Text" },
      medical: { kind: "text", label: "Medical", see: [{ role: "dsl" }] },
    },
    states: { open: { label: "Open" }, shut: { label: "Shut", end: true } },
    actions: { shut: { label: "Shut", from: ["open"], to: "shut", who: [{ anyone: true }] } },
    grants: [{ to: [{ anyone: true }], may: ["see", "create", "edit"] }],
  };
  const asking: RecordType = {
    ...pry,
    warnings: {
      known: { when: { exists: { type: "talk", match: { secret: { field: "text" } } } }, message: "There is one." },
    },
  };
  const tells = { waits: { sentence: expect.stringContaining("learn what only some may see of Talk") as string } };
  expect(await waiting(asking)).toMatchObject({ version: 0, ...tells });
  expect(await waiting(pry)).toMatchObject({ version: 1, waits: null });
  expect(await waiting(asking)).toMatchObject({ version: 1, ...tells });
  const talk = talkHeldBy({ role: "dsl" });
  const effects: Effect[] = [{ create: { type: "pry", fields: { text: { field: "secret" } } } }];
  const copied = { label: "Copied", from: ["open"], who: [{ system: true as const }], effects };
  const timers = { copy: { label: "Copy", anchor: { field: "createdAt" }, steps: ["PT1M"], event: "copied" } };
  expect(await waiting({ ...talk, actions: { ...talk.actions, copied }, timers })).toMatchObject({
    version: 1,
    ...tells,
  });
  const own = { waits: { sentence: expect.stringContaining("learn what only some may see of Pry") as string } };
  const warnings: RecordType["warnings"] = {
    known: { when: { eq: [{ field: "medical" }, "asthma"] }, message: "Asthma." },
  };
  expect(await waiting({ ...pry, warnings })).toMatchObject(own);
  const copy = {
    label: "Copy",
    from: ["open"],
    who: [{ anyone: true as const }],
    effects: [{ set: { text: { field: "medical" } } }],
  };
  expect(await waiting({ ...pry, actions: { ...pry.actions, copy } })).toMatchObject(own);
  expect(await requests(head)).toHaveLength(5);
});

test("people of a list enter at once; their powerful roles wait as one list, confirmed at once", async () => {
  const input = {
    lines: ["One", "Two"].map((n) => ({
      externalId: n,
      name: `Person ${n}`,
      email: `${n.toLowerCase()}@canterburyroad.invalid`,
      roles: "DSL",
    })),
    roleWords: [{ word: "DSL", roles: ["dsl"] }],
    everybody: ["staff"],
    decides: [],
  };
  const IMPORT =
    "mutation ($input: ImportPeopleInput!) { importPeople(input: $input) { digest done waiting lines { changes } } }";
  interface Brought {
    digest: string;
    waiting: number;
    lines: { changes: string[] }[];
  }
  const bring = async (more = {}) =>
    (await office(IMPORT, { input: { ...input, ...more } })).data["importPeople"] as Brought;
  const shown = await bring();
  const done = await bring({ confirm: shown.digest });
  // Beforehand and afterwards it says which of it waits, and only of that.
  for (const { waiting, lines } of [shown, done]) {
    const said = lines
      .flatMap(({ changes }) => changes)
      .filter((change) => change.includes("waits for a second person"));
    expect([waiting, said.length, said.every((change) => change.startsWith("Designated safeguarding lead"))]).toEqual([
      2,
      2,
      true,
    ]);
  }
  const waiting = await requests(head);
  expect(waiting).toHaveLength(2);
  expect(new Set(waiting.map(({ batch }) => batch)).size).toBe(1);
  const [mails] = await school.school.query("SELECT COUNT(*) AS n FROM mail WHERE person = ?", [id("Zoe King")]);
  expect(Number(mails?.["n"])).toBe(1);
  const [staff] = await school.school.query(
    "SELECT COUNT(*) AS n FROM appointment a JOIN person p ON p.id = a.person WHERE p.name LIKE 'Person %' AND a.role = 'staff'",
  );
  expect(Number(staff?.["n"])).toBe(2);
  // The same list again asks for nothing more.
  const again = (await office(IMPORT, { input })).data["importPeople"] as { digest: string };
  await office(IMPORT, { input: { ...input, confirm: again.digest } });
  expect(await requests(head)).toHaveLength(2);
  // Each of them knows of their own alone.
  const told = await school.school.query(
    `SELECT p.name, COUNT(*) AS n, SUM(r.person = c.person) AS own FROM power_concern c JOIN power_request r ON r.id = c.request
     JOIN person p ON p.id = c.person WHERE p.name LIKE 'Person %' GROUP BY p.name`,
  );
  expect(told.map(({ n, own }) => [Number(n), Number(own)])).toEqual([
    [1, 1],
    [1, 1],
  ]);
  await head(CONFIRM, { ids: waiting.map((each) => each.id) });
  const [dsl] = await school.school.query(
    "SELECT COUNT(*) AS n FROM appointment a JOIN person p ON p.id = a.person WHERE p.name LIKE 'Person %' AND a.role = 'dsl'",
  );
  expect(Number(dsl?.["n"])).toBe(2);
});

test("the delay is a setting: no shorter than an hour, and a shorter one waits for the longer", async () => {
  const DELAY = "mutation ($h: Int!) { setPowerDelay(hours: $h) }";
  expect(code(await office(DELAY, { h: 0 }))).toBe("INVALID_INPUT");
  expect((await office(DELAY, { h: 48 })).data).toEqual({ setPowerDelay: 48 });
  expect((await office(DELAY, { h: 1 })).data).toEqual({ setPowerDelay: 48 });
  later = 49 * HOUR;
  await carryOutDue(school.school.world);
  office = await school.as("Harriet Stowting");
  expect((await office("{ powerDelay }")).data).toEqual({ powerDelay: 1 });
});

test("going live later does not make the school new again; the last who could object is not silenced at once", async () => {
  expect((await office('mutation { setGoLive(on: "2030-01-01") { goLiveOn } }')).errors).toEqual([]);
  await office(APPOINT, { person: id("Tomas Elmstead"), role: "dsl" });
  expect(await requests(office)).toHaveLength(1);
  const others = await school.school.query(
    `SELECT DISTINCT p.id, p.name FROM appointment a JOIN person p ON p.id = a.person
     WHERE a.role IN ('administrator', 'headteacher') AND p.id <> ? AND a.to_on IS NULL`,
    [id("Harriet Stowting")],
  );
  for (const row of others)
    await office(
      "mutation ($id: ID!, $name: String!) { updatePerson(input: { id: $id, name: $name, active: false }) { id } }",
      {
        id: String(row["id"]),
        name: String(row["name"]),
      },
    );
  const left = await school.school.query(
    "SELECT id FROM person WHERE active = 1 AND id IN (?, ?, ?)",
    [...others.map((row) => String(row["id"])), "", "", ""].slice(0, 3),
  );
  expect(left).toHaveLength(1);
  expect((await requests(office)).some(({ kind }) => kind === "leave")).toBe(true);
});

/** The appointments by which others than the office may confirm and stop what it asks for. */
const objectors = () =>
  school.school.query(
    `SELECT a.id, p.name FROM appointment a JOIN person p ON p.id = a.person
     WHERE a.role IN ('administrator', 'headteacher') AND p.id <> ? AND a.to_on IS NULL ORDER BY p.name`,
    [id("Harriet Stowting")],
  );
const dayIn = async (days: number) =>
  new Date(Date.parse(await school.school.clock.now()) + days * 24 * HOUR).toISOString().slice(0, 10);

test("the last who could object is not silenced from a day that comes either, by one end after the other", async () => {
  await office(APPOINT, { person: id("Tomas Elmstead"), role: "administrator" });
  await head(CONFIRM, { ids: (await requests(head)).map((request) => request.id) });
  const others = await objectors();
  expect(others.length).toBeGreaterThan(1);
  for (const [n, row] of others.entries())
    await office("mutation ($id: ID!, $on: Date) { endAppointment(id: $id, on: $on) { id } }", {
      id: String(row["id"]),
      // The first is there for longest: on the day after nobody would be.
      on: await dayIn(n === 0 ? 9 : 1),
    });
  expect(await objectors()).toHaveLength(1);
  const ends = (await requests(office)).filter(({ kind }) => kind === "end");
  expect(ends).toMatchObject([{ state: "WAITING" }]);
});

test("a list that ends everybody who could object from a day that comes waits as well", async () => {
  const others = await objectors();
  const to = await dayIn(5);
  const input = {
    lines: others.map(({ name }) => ({ name, email: emailOf(String(name)), roles: "", to })),
    ...{ roleWords: [], everybody: [], decides: [] },
  };
  const IMPORT = "mutation ($input: ImportPeopleInput!) { importPeople(input: $input) { digest } }";
  const { digest } = (await office(IMPORT, { input })).data["importPeople"] as { digest: string };
  expect((await office(IMPORT, { input: { ...input, confirm: digest } })).errors).toEqual([]);
  expect(await objectors()).toHaveLength(others.length);
  expect((await requests(office)).map(({ kind }) => kind)).toEqual(others.map(() => "end"));
});

test("the log is a chain: a row changed, removed or added behind its back is found", async () => {
  const { world } = school.school;
  const query = (sql: string, params?: Parameters<typeof school.school.query>[1]) => school.school.query(sql, params);
  await office(APPOINT, { person: id("Tomas Elmstead"), role: "clerk" });
  const whole = await verifySecurityLog(world.db, world.key);
  expect(whole).toMatchObject({ brokenAt: null, problem: null });
  expect(whole.rows).toBeGreaterThan(3);
  await query("UPDATE security_log SET detail = '{}' WHERE kind = 'roleGiven'");
  const broken = await verifySecurityLog(world.db, world.key);
  expect(broken.problem).toContain("not what was written");
  await query("DELETE FROM security_log WHERE seq = ?", [whole.rows]);
  await query("UPDATE security_head SET seq = seq - 1");
  expect((await verifySecurityLog(world.db, world.key)).problem).not.toBeNull();
});

test("thirty at once write one chain", async () => {
  const { world } = school.school;
  await Promise.all(
    Array.from({ length: 30 }, (_, n) =>
      school.school.as("Harriet Stowting", (run) => Promise.resolve(run.note({ kind: "tokenMade", detail: { n } }))),
    ),
  );
  expect(await verifySecurityLog(world.db, world.key)).toMatchObject({ problem: null });
});

test("a publish waits whoever calls: the verb itself asks, and only what is shipped passes without", async () => {
  const { world, organisation } = school.school;
  const incident = world.registry.types.get("incident")?.active.type as RecordType;
  const opened: RecordType = {
    ...incident,
    grants: [...incident.grants, { to: [{ role: "classTeacher" }], may: ["see"], when: { all: [] } }],
  };
  const administrator: Identity = {
    actor: { kind: "person", id: id("Harriet Stowting"), name: "Harriet Stowting" },
    access: {
      person: id("Harriet Stowting"),
      organisations: [{ id: organisation, roles: ["administrator"] }],
      acting: organisation,
    },
    administers: true,
  };
  const [asked] = await publishTypes(world, administrator, [opened]);
  expect(asked).toMatchObject({ version: 1, waits: { kind: "publish", state: "waiting" } });
  // Another type in the same set waits with it.
  const policy = world.registry.types.get("policy")?.active.type as RecordType;
  const both = await publishTypes(world, administrator, [
    { ...policy, label: "School policy!" },
    { ...opened, label: "Event" },
  ]);
  expect(both.map(({ version, waits }) => [version, waits !== undefined])).toEqual([
    [1, true],
    [1, true],
  ]);
  expect(world.registry.types.get("incident")?.active.version).toBe(1);
  const [shipped] = await publishTypes(world, systemIdentity(organisation), [opened], { consent: "pack" });
  expect(shipped).toMatchObject({ version: 2 });
  expect(shipped?.waits).toBeUndefined();
});

test("a publish that took effect unanswered is asked by the API whether its names are free, as any other", async () => {
  const { world } = school.school;
  const incident = world.registry.types.get("incident")?.active.type as RecordType;
  const PUBLISH = "mutation ($json: JSON!) { publishDefinition(json: $json) { version waits { id } } }";
  const flag = Object.values(incident.actions)[0];
  const open = {
    ...incident,
    actions: { ...incident.actions, flag: { ...flag, label: "Flag" } },
    grants: [...incident.grants, { to: [{ role: "classTeacher" }], may: ["see"], when: { all: [] } }],
  };
  expect((await office(PUBLISH, { json: open })).data["publishDefinition"]).toMatchObject({
    waits: { id: expect.any(String) as string },
  });
  // Meanwhile somebody takes the name that its action would have in the API.
  const taken: RecordType = {
    name: "flagIncident",
    plural: "flagIncidents",
    label: "Flag",
    pluralLabel: "Flags",
    reference: "FLAG-{year}-{n}",
    title: "{{ what }}",
    entries: { new: "there" },
    fields: { what: { kind: "text", label: "What", required: true } },
    states: { there: { label: "There", resting: true } },
    actions: {},
    grants: [{ to: [{ role: "staff" }], may: ["see", "create", "edit"] }],
  };
  expect((await office(PUBLISH, { json: taken })).errors).toEqual([]);
  later = 25 * HOUR;
  // The worker knows nothing of the API's names, and leaves publishes alone.
  expect(await carryOutDue(world)).toBe(0);
  expect(await carryOutDue(world, objectionsOf(world))).toBe(1);
  head = await school.as("Zoe King");
  const [request] = await requests(head);
  expect(request).toMatchObject({ state: "FAILED", why: expect.stringContaining("flagIncident") as string });
  expect(world.registry.types.get("incident")?.active.version).toBe(1);
});

test("once an address has changed, the former one is told as well", async () => {
  const rowan = id("Rowan Ashdown");
  const address = (await requests(head)).find(({ kind }) => kind === "address");
  const former = String((await school.school.query("SELECT email FROM person WHERE id = ?", [rowan]))[0]?.["email"]);
  // A link that was asked for beforehand was to go to the former one, and goes to no other.
  await office("mutation ($p: [ID!]!) { makeSignInLinks(people: $p) { url } }", { p: [rowan] });
  const link = (await requests(head)).find(({ kind }) => kind === "link");
  const asked =
    address ??
    (await (async () => {
      await office(
        'mutation ($id: ID!) { updatePerson(input: { id: $id, name: "Rowan Ashdown", email: "rowan@elsewhere.example" }) { id } }',
        { id: rowan },
      );
      return (await requests(head)).find(({ kind }) => kind === "address");
    })());
  expect((await head(CONFIRM, { ids: [asked?.id] })).data["confirmPower"]).toMatchObject([{ state: "DONE" }]);
  const mails = await school.school.query(
    "SELECT address FROM mail WHERE person = ? AND subject LIKE '%has changed%'",
    [rowan],
  );
  expect(mails).toEqual([{ address: former }]);
  expect((await head(CONFIRM, { ids: [link?.id] })).data["confirmPower"]).toMatchObject([
    { state: "FAILED", why: expect.stringContaining("Their address has changed") as string },
  ]);
});
