/**
 * Who reads a confidential record is written down before they are answered, by whichever way they read it: every query
 * of the schema, the answers of mutations, files, texts, calendars and live changes.
 */
import { type GraphQLField, type GraphQLObjectType, getNamedType, isNonNullType, isObjectType } from "graphql";
import type { RecordType } from "../../schema/definition";
import { fireDue } from "../../api/engine/fireDue";
import { publishDefinition } from "../../api/engine/publishDefinition";
import { systemIdentity } from "../../api/engine/run";
import { staticSchema } from "../../api/graphql/staticSchema";
import { wholeSchema } from "../../api/graphql/recordSchema";
import { type Answer, type Asker, newSchoolApi, type SchoolApi, send } from "./schoolApi";

const concern: RecordType = {
  name: "concern",
  plural: "concerns",
  label: "Concern",
  pluralLabel: "Concerns",
  reference: "CON-{year}-{n}",
  title: "{{ topic }}",
  entries: { new: "open" },
  confidential: true,
  fields: {
    topic: { kind: "text", label: "Topic", required: true },
    about: { kind: "link", to: "concern", label: "About" },
    handler: { kind: "person", label: "Handler" },
    answerBy: { kind: "date", label: "Answer by" },
    paper: { kind: "file", label: "Paper" },
    account: { kind: "document", label: "Account" },
  },
  states: { open: { label: "Open" }, closed: { label: "Closed", end: true } },
  actions: {
    tell: {
      label: "Tell",
      from: ["open"],
      who: [{ anyone: true }],
      effects: [{ notice: { to: [{ field: "handler" }], template: "opened", urgent: true } }],
    },
    close: { label: "Close", from: ["open"], to: "closed", who: [{ anyone: true }] },
  },
  tasks: {
    look: { label: "Look into it", opens: "open", to: [{ field: "handler" }], due: { field: "answerBy" } },
    other: { label: "Wait for it", opens: "open", to: [{ role: "headteacher" }] },
  },
  timers: {
    chase: {
      label: "Chase",
      anchor: { field: "answerBy" },
      steps: ["-P2D"],
      notice: { to: [{ field: "handler" }], template: "opened" },
    },
  },
  notices: { opened: { subject: "Concern: {{ topic }}", body: "See it." } },
  grants: [
    { to: [{ field: "handler" }], may: ["see", "edit"] },
    { to: [{ role: "dsl" }], may: ["see", "edit", "create"], when: { all: [] } },
  ],
  charts: { stages: { label: "How far are they?", by: "state" } },
};
const TOPIC = "Messages at nightfall";

let api: SchoolApi;
let lead: Asker;
let cookie: string;
let id: string;
let file: string;
let text: string;

beforeAll(async () => {
  api = await newSchoolApi();
  const { school } = api;
  await publishDefinition(school.world, systemIdentity(school.organisation), { json: concern });
  await fireDue(school.world);
  cookie = await api.signIn("Zoe King");
  lead = await api.as("Zoe King");
  file = (JSON.parse((await upload("paper.txt", "What was written")).text) as { id: string }).id;
  const input = {
    ...{ topic: TOPIC, handler: school.personId("Zoe King"), answerBy: "2026-12-04" },
    ...{ paper: file, account: "It began in March." },
  };
  const made = await lead(
    "mutation C($input: CreateConcernInput!) { createConcern(input: $input) { id account { id } } }",
    { input },
  );
  if (made.errors.length) throw new Error(made.text);
  const record = made.data["createConcern"] as { id: string; account: { id: string } };
  [id, text] = [record.id, record.account.id];
  await lead(`mutation { tellConcern(id: "${id}") { id } }`);
  await school.clock.to("2026-11-24T12:00:00.000Z");
}, 60_000);
afterAll(() => api.close());
beforeEach(() => forget());

const upload = (name: string, body: string) =>
  send(api.api.port, {
    path: `/files?name=${name}`,
    headers: { cookie, "x-duly": "1", "content-type": "application/octet-stream" },
    body,
  });
const forget = async () => {
  await api.school.world.db.execute("DELETE FROM view_request");
  await api.school.world.db.execute("DELETE FROM view_log");
};

interface Entry {
  person: string;
  via: string;
  operation: string;
  hash: string | null;
  seen: Record<string, string[]>;
}
async function entries(): Promise<Entry[]> {
  const rows = await api.school.query(
    "SELECT p.name, v.via, v.operation, v.hash, v.seen FROM view_request v JOIN person p ON p.id = v.person ORDER BY v.id",
  );
  return rows.map((row) => ({
    person: String(row["name"]),
    via: String(row["via"]),
    operation: String(row["operation"]),
    hash: row["hash"] as string | null,
    seen: JSON.parse(String(row["seen"])) as Record<string, string[]>,
  }));
}
const recordsIt = async (): Promise<boolean> => (await entries()).some(({ seen }) => seen["concern"]?.includes(id));
const tellsOfIt = ({ text: answer }: Answer): boolean =>
  [id, TOPIC, "It began in March"].some((part) => answer.includes(part));

/** Of one of each kind: what asks for something of the concern. */
const queries: Record<string, () => string> = {
  concern: () => `concern(id: "${id}") { topic }`,
  concerns: () => `concerns(filter: { topic: { contains: "nightfall" } }) { nodes { id } }`,
  search: () => `search(text: "messages") { hits { id } }`,
  chain: () => `chain(type: "concern", id: "${id}") { nodes { id } }`,
  due: () => `due(from: "2026-11-01", to: "2026-12-31", clocks: true) { entries { record label } }`,
  tasks: () => `tasks(record: "${id}") { nodes { record } }`,
  timers: () => `timers(record: "${id}") { nodes { record } }`,
  notices: () => `notices(record: "${id}") { nodes { record } }`,
  documentVersion: () => `documentVersion(id: "${text}") { text }`,
  previewUpdate: () =>
    `previewUpdate(type: "concern", id: "${id}", expectedVersion: 1, input: { answerBy: "2026-12-18" }) { label from }`,
};
/** They need more than a signed-in person to say anything of records, or say nothing of any. */
const elsewhere = new Set([
  ...["concernCounts", "missingFromRoll", "guestAccess", "guestPage", "reportForms", "reportChoices", "namesOnDevice"],
  ...[
    "report",
    "reports",
    "checkDefinition",
    "checkDefinitions",
    "definition",
    "person",
    "personFile",
    "founding",
    "signInLink",
  ],
  ...["mail", "preference", "savedViews"],
  // One's own upload.
  ...["sheet", "sheetRows", "sheetWords"],
]);

/** All plain fields of a type, and of what they lead to without an argument. */
function selectionOf(type: GraphQLObjectType, depth: number): string {
  return Object.values(type.getFields())
    .filter((field) => !needsArguments(field))
    .flatMap((field) => {
      const inner = getNamedType(field.type);
      if (!isObjectType(inner)) return [field.name];
      const under = depth > 0 ? selectionOf(inner, depth - 1) : "";
      return under ? [`${field.name} { ${under} }`] : [];
    })
    .join(" ");
}
const needsArguments = (field: GraphQLField<unknown, unknown>): boolean =>
  field.args.some((arg) => isNonNullType(arg.type) && arg.defaultValue === undefined);

test("every query of the schema that tells of a confidential record leaves an entry that names it", async () => {
  const { registry } = api.school.world;
  const others = [...registry.types.values()].filter(({ active: { type } }) => type.name !== "concern");
  const generated = new Set(others.flatMap(({ active: { type } }) => [type.name, type.plural, `${type.name}Counts`]));
  const fields = Object.values(wholeSchema(staticSchema(), registry).getQueryType()?.getFields() ?? {});
  const [told, unasked]: [string[], string[]] = [[], []];
  for (const field of fields.filter(({ name }) => !generated.has(name))) {
    const given = queries[field.name]?.();
    if (!given && needsArguments(field)) {
      if (!elsewhere.has(field.name)) unasked.push(field.name);
      continue;
    }
    const type = getNamedType(field.type);
    const under = isObjectType(type) ? `{ ${selectionOf(type, 2)} }` : "";
    await forget();
    const answer = await lead(`query Asked { ${given ?? `${field.name} ${under}`} }`);
    if (given) expect([field.name, answer.errors]).toEqual([field.name, []]);
    if (!given && !tellsOfIt(answer)) continue;
    told.push(field.name);
    expect([field.name, await recordsIt()]).toEqual([field.name, true]);
  }
  // A new query with arguments is asked here too, or said to tell nothing.
  expect(unasked).toEqual([]);
  expect(told).toEqual(expect.arrayContaining([...Object.keys(queries), "myTasks", "myRequests"]));
});

test("an entry says who, when, by what and which records; the operation by its name and hash", async () => {
  await lead(`query Concerns { concerns { nodes { id } } again: concern(id: "${id}") { id } }`);
  expect(await entries()).toEqual([
    {
      person: "Zoe King",
      via: "graphql",
      operation: "Concerns",
      hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      seen: { concern: [id] },
    },
  ]);
});

test("who reads nothing of the kind leaves nothing, and costs nothing", async () => {
  const teacher = await api.as("Tomas Elmstead");
  await forget();
  for (const query of Object.values(queries)) await teacher(`{ ${query()} }`);
  await lead("{ policies { nodes { id } } me { person { name } } }");
  expect((await entries()).filter(({ seen }) => seen["concern"]?.length)).toEqual([]);
});

test("a question by filter or search is an entry, also where nothing is shown of its answer", async () => {
  for (const asked of [
    'concerns(filter: { topic: { contains: "nightfall" } }) { totalCount }',
    'concerns(search: "nightfall") { totalCount }',
    'concernCounts(by: STATE, search: "nightfall") { count }',
    "concernCounts(by: HANDLER) { label count }",
    'concerns(filter: { topic: { eq: "Nothing of the kind" } }) { nodes { id } }',
  ]) {
    await forget();
    expect((await lead(`{ ${asked} }`)).errors).toEqual([]);
    expect([asked, (await entries()).map(({ seen }) => seen)]).toEqual([asked, [{ concern: [] }]]);
  }
});

test("a change answers with the record, and a refused one tells of it: both leave an entry", async () => {
  for (const mutation of [
    `updateConcern(id: "${id}", expectedVersion: 1, input: { topic: "${TOPIC}" }) { topic }`,
    `updateConcern(id: "${id}", expectedVersion: 99, input: { topic: "Other" }) { topic }`,
    `tellConcern(id: "${id}") { topic }`,
    `importRows(input: { type: "concern", rows: [{ topic: "${TOPIC}" }], key: ["topic"], existing: LEAVE, dryRun: true }) { id verdict }`,
  ]) {
    await forget();
    await lead(`mutation { ${mutation} }`);
    expect([mutation, await recordsIt()]).toEqual([mutation, true]);
  }
});

test("a file, a text as PDF and a calendar's feed leave an entry each", async () => {
  const { data } = await lead("mutation { makeCalendarFeed(everything: true) { url } }");
  const feed = (data["makeCalendarFeed"] as { url: string }).url.replace("http://school.test", "");
  for (const [path, via, headers] of [
    [`/files/${file}`, "file", { cookie }],
    [`/texts/${text}.pdf`, "text", { cookie }],
    [feed, "calendar", {}],
  ] as const) {
    await forget();
    const answer = await send(api.api.port, { method: "GET", path, headers });
    expect([via, answer.status]).toEqual([via, 200]);
    expect([via, (await entries()).map((entry) => [entry.via, entry.seen["concern"]])]).toEqual([via, [[via, [id]]]]);
  }
});

test("what cannot be written is not answered, by any way; what was changed stays", async () => {
  const { db } = api.school.world;
  await db.execute("RENAME TABLE view_request TO view_request_away");
  try {
    for (const query of [
      `{ ${queries["concern"]?.()} }`,
      "{ concerns { nodes { topic } } }",
      '{ search(text: "messages") { hits { recordTitle } } }',
    ]) {
      const answer = await lead(query);
      expect(answer.errors.map(({ extensions }) => extensions.code)).toEqual(["UNAVAILABLE"]);
      expect(tellsOfIt(answer)).toBe(false);
    }
    expect((await send(api.api.port, { method: "GET", path: `/files/${file}`, headers: { cookie } })).status).toBe(503);
    const told = await lead(
      `mutation { updateConcern(id: "${id}", expectedVersion: 1, input: { answerBy: "2026-12-07" }) { answerBy } }`,
    );
    expect(told.errors[0]?.message).toContain("What was changed stays changed");
    expect((await lead("{ policies { nodes { id } } }")).errors).toEqual([]);
  } finally {
    await db.execute("RENAME TABLE view_request_away TO view_request");
  }
  expect((await lead(`{ concern(id: "${id}") { answerBy } }`)).data).toEqual({ concern: { answerBy: "2026-12-07" } });
});

test("who has looked at a record says of each whether it was opened or listed, once in ten minutes", async () => {
  const views = async () => {
    const { data } = await lead(`{ concern(id: "${id}") { views { nodes { person { name } opened } } } }`);
    return (data["concern"] as { views: { nodes: { person: { name: string }; opened: boolean }[] } }).views.nodes;
  };
  const { world } = api.school;
  const before = world.machineNow();
  const later = before + 20 * 60_000 - Date.now();
  world.machineNow = () => Date.now() + later;
  await lead("{ concerns { nodes { id } } }");
  await lead("{ concerns { nodes { topic } } }");
  const listed = await api.school.query("SELECT opened FROM view_log WHERE record = ?", [id]);
  expect(listed).toEqual([{ opened: 0 }]);
  await views();
  expect(await views()).toEqual([{ person: { name: "Zoe King" }, opened: true }]);
});
