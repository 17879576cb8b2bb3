/** Need to know, over the API: who may see a confidential record, what comes with it, and what whoever configures reads. */
import type { RecordType } from "../../schema/definition";
import { updateRecord } from "../../api/engine/updateRecord";
import { fireDue } from "../../api/engine/fireDue";
import { publishDefinition } from "../../api/engine/publishDefinition";
import { systemIdentity } from "../../api/engine/run";
import { type Asker, newSchoolApi, type SchoolApi } from "./schoolApi";

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
    handler: { kind: "person", label: "Handler" },
    subject: { kind: "person", label: "Subject" },
  },
  states: { open: { label: "Open" }, closed: { label: "Closed", end: true } },
  actions: {
    tell: {
      label: "Tell",
      from: ["open"],
      who: [{ anyone: true }],
      effects: [
        { notice: { to: [{ field: "handler" }, { role: "administrator" }], template: "opened", urgent: true } },
      ],
    },
    close: { label: "Close", from: ["open"], to: "closed", who: [{ anyone: true }] },
  },
  tasks: { look: { label: "Look into {{ topic }}", opens: "open", to: [{ role: "administrator" }, { role: "dsl" }] } },
  notices: { opened: { subject: "Concern: {{ topic }}", body: "It is about {{ subject }}." } },
  grants: [
    { to: [{ field: "handler" }], may: ["see", "edit"] },
    { to: [{ role: "dsl" }], may: ["see"], when: { all: [] } },
    { to: [{ role: "staff" }], may: ["create"] },
    { to: [{ role: "governor" }], may: ["count"] },
  ],
  charts: { stages: { label: "How far are they?", by: "state" } },
  bars: ["subject"],
};
/** Seen by those who see the concern it is part of; whoever sees it may write it. */
const inquiry: RecordType = {
  ...concern,
  name: "inquiry",
  plural: "inquiries",
  label: "Inquiry",
  pluralLabel: "Inquiries",
  reference: "INQ-{n}",
  confidential: { from: "concern" },
  fields: {
    topic: { kind: "text", label: "Topic", required: true },
    concern: { kind: "link", label: "Concern", to: "concern", required: true },
    witness: { kind: "person", label: "Witness" },
  },
  actions: { close: { label: "Close", from: ["open"], to: "closed", who: [{ anyone: true }] } },
  notices: {},
  grants: [{ to: [{ anyone: true }], may: ["create", "edit"] }],
  bars: ["witness"],
};

let api: SchoolApi;
let dsl: Asker;
let handler: Asker;
let administrator: Asker;
let made: { concern: string; inquiry: string };

beforeAll(async () => {
  api = await newSchoolApi();
  const { school } = api;
  for (const json of [concern, inquiry])
    await publishDefinition(school.world, systemIdentity(school.organisation), { json });
  await fireDue(school.world);
  [dsl, handler, administrator] = [
    await api.as("Zoe King"),
    await api.as("Callum Birchwood"),
    await api.as("Harriet Stowting"),
  ];
  const [callum, owen, yasmin] = ["Callum Birchwood", "Owen Pluckley", "Yasmin Chilham"].map(school.personId);
  made = {
    concern: await create(
      dsl,
      `createConcern(input: { topic: "Messages at night", handler: "${callum}", subject: "${owen}" })`,
    ),
    inquiry: "",
  };
  made.inquiry = await create(
    handler,
    `createInquiry(input: { topic: "Screenshots", concern: "${made.concern}", witness: "${yasmin}" })`,
  );
}, 60_000);
afterAll(() => api.close());

async function create(ask: Asker, call: string): Promise<string> {
  const answer = await ask(`mutation { made: ${call} { id } }`);
  if (answer.errors.length) throw new Error(answer.text);
  return (answer.data["made"] as { id: string }).id;
}
/** Whatever names either record, in everything that can be read. */
const everything = () => `{
  concern(id: "${made.concern}") { id } inquiry(id: "${made.inquiry}") { id }
  concerns { totalCount nodes { id } } inquiries { totalCount nodes { id } }
  search(text: "s") { hits { id } }
  tasks(first: 200) { nodes { record } } notices { nodes { record } } timers(first: 200) { nodes { record } } }`;
const codeOf = (answer: { errors: { extensions: { code: string } }[] }) => answer.errors[0]?.extensions.code;

test("the handler and the safeguarding lead read a concern and its inquiry; nobody else reads a word of either", async () => {
  for (const ask of [dsl, handler]) {
    const { data } = await ask(everything());
    expect(data).toMatchObject({
      concern: { id: made.concern },
      inquiry: { id: made.inquiry },
      concerns: { totalCount: 1 },
      inquiries: { totalCount: 1 },
    });
  }
  // Whoever configures, the subject, the witness and a governor.
  for (const name of ["Harriet Stowting", "Owen Pluckley", "Yasmin Chilham", "Lindsey Glanville"]) {
    const answer = await (await api.as(name))(everything());
    expect(answer.errors).toEqual([]);
    expect([name, answer.text.includes(made.concern), answer.text.includes(made.inquiry)]).toEqual([
      name,
      false,
      false,
    ]);
  }
});

test("whom the inquiry bars still handles the concern; whom the concern bars sees neither", async () => {
  const { data } = await dsl(
    `mutation { updateConcern(id: "${made.concern}", expectedVersion: 1, input: { handler: "${api.school.personId("Yasmin Chilham")}" }) { id } }`,
  );
  expect(data).toEqual({});
  const yasmin = await api.as("Yasmin Chilham");
  await handler(
    `mutation { updateConcern(id: "${made.concern}", expectedVersion: 1, input: { handler: "${api.school.personId("Yasmin Chilham")}" }) { id } }`,
  );
  const seen = (await yasmin(everything())).data;
  expect(seen).toMatchObject({ concern: { id: made.concern }, inquiry: null, inquiries: { totalCount: 0 } });
  await yasmin(
    `mutation { updateConcern(id: "${made.concern}", expectedVersion: 2, input: { handler: "${api.school.personId("Callum Birchwood")}" }) { id } }`,
  );
  expect((await handler(everything())).data).toMatchObject({ inquiry: { id: made.inquiry } });
});

test("nobody writes an inquiry into a concern they do not see, and what they may not see is not found", async () => {
  const refused = await administrator(
    `mutation { createInquiry(input: { topic: "Curious", concern: "${made.concern}" }) { id } }`,
  );
  expect(codeOf(refused)).toBe("INVALID_INPUT");
  for (const call of [
    `updateInquiry(id: "${made.inquiry}", expectedVersion: 9, input: { topic: "Mine" }) { id }`,
    `closeInquiry(id: "${made.inquiry}") { id }`,
  ])
    expect(codeOf(await administrator(`mutation { ${call} }`))).toBe("NOT_FOUND");
});

test("anybody of the staff raises a concern, and does not see it afterwards", async () => {
  const owen = await api.as("Owen Pluckley");
  const answer = await owen('mutation { createConcern(input: { topic: "Raised by Owen" }) { id } }');
  expect(answer.errors[0]?.message).toBe("It is done, and the record is no longer yours to see.");
  const topics = (await dsl("{ concerns { nodes { topic } } }")).data["concerns"] as { nodes: { topic: string }[] };
  expect(topics.nodes).toContainEqual({ topic: "Raised by Owen" });
});

test("who reads a record is recorded once in ten minutes, page by page, for those who may see it", async () => {
  const id = await create(dsl, 'createConcern(input: { topic: "Looked at" })');
  const { world } = api.school;
  const seen = async (page = "") => {
    const { data } = await dsl(
      `{ concerns(filter: { id: { in: ["${id}"] } }) { nodes { views${page} { nodes { person { name } at } pageInfo { hasNextPage endCursor } } } } }`,
    );
    return (data["concerns"] as { nodes: { views: Views }[] }).nodes[0]?.views;
  };
  type Views = {
    nodes: { person: { name: string }; at: string }[];
    pageInfo: { hasNextPage: boolean; endCursor: string };
  };
  const names = (views: Views | undefined) => views?.nodes.map(({ person }) => person.name);
  const open = `{ concern(id: "${id}") { topic } }`;
  await Promise.all([dsl(open), dsl(open), administrator(open), handler(open)]);
  expect(names(await seen())).toEqual(["Zoe King"]);
  await api.school.as("Zoe King", (run) =>
    updateRecord(
      { ...run, identity: systemIdentity(api.school.organisation) },
      { type: "concern", id, expectedVersion: 1, input: { handler: api.school.personId("Callum Birchwood") } },
    ),
  );
  await handler(open);
  const later = world.machineNow() + 15 * 60_000 - Date.now();
  world.machineNow = () => Date.now() + later;
  await dsl(open);
  expect(names(await seen())).toEqual(["Zoe King", "Callum Birchwood", "Zoe King"]);
  const first = await seen("(first: 2)");
  expect([names(first), first?.pageInfo.hasNextPage]).toEqual([["Zoe King", "Callum Birchwood"], true]);
  expect(names(await seen(`(first: 2, after: "${first?.pageInfo.endCursor}")`))).toEqual(["Zoe King"]);
});

test("only who may read all of them counts them, and of fewer than five is told no number", async () => {
  const counts = "{ concernCounts(by: STATE) { value label count } inquiryCounts(by: STATE) { value count } }";
  for (const ask of [handler, administrator]) {
    const refused = await ask(counts);
    expect(refused.errors.map(({ message, extensions }) => [extensions.code, message])).toEqual([
      ["FORBIDDEN", "Concerns are confidential: they are counted for those who may read all of them."],
    ]);
  }
  for (let n = 0; n < 4; n++)
    await create(handler, `createInquiry(input: { topic: "${n}", concern: "${made.concern}" })`);
  expect((await dsl(counts)).data).toEqual({
    concernCounts: [{ value: "open", label: "Open", count: null }],
    inquiryCounts: [{ value: "open", count: 5 }],
  });
});

test("who may count them has the numbers of the charts, of all records, and not one record", async () => {
  for (let n = 0; n < 4; n++) await create(dsl, `createConcern(input: { topic: "Concern ${n}" })`);
  const governor = await api.as("Lindsey Glanville");
  const { data } = await governor("{ concernCounts(by: STATE) { value count } concerns { totalCount } }");
  const concernCounts = [
    { value: "open", count: 7 },
    { value: "closed", count: null },
  ];
  expect(data).toEqual({ concernCounts, concerns: { totalCount: 0 } });
  for (const closer of [
    "concernCounts(by: SUBJECT) { count }",
    `concernCounts(by: STATE, filter: { subject: { eq: "${api.school.personId("Owen Pluckley")}" } }) { count }`,
    'concernCounts(by: STATE, search: "night") { count }',
    "inquiryCounts(by: STATE) { count }",
  ])
    expect([closer, codeOf(await governor(`{ ${closer} }`))]).toEqual([closer, "FORBIDDEN"]);
});

test("a role that is to be told but may not see is sent nothing, and the others' mail stays closed to whoever configures", async () => {
  await dsl(`mutation { tellConcern(id: "${made.concern}") { id } }`);
  await api.school.clock.to("2026-11-24T12:00:00.000Z");
  const told = await api.school.query(
    "SELECT p.name, n.outcome, n.outcome_why FROM notice n JOIN person p ON p.id = n.person WHERE n.type = 'concern' ORDER BY p.name",
  );
  expect(told).toEqual([
    expect.objectContaining({ name: "Callum Birchwood", outcome: expect.not.stringMatching("not needed") as string }),
    { name: "Harriet Stowting", outcome: "not needed", outcome_why: "The person may not see this record." },
  ]);
  const read = await administrator("{ mails { nodes { id subject text html } } }");
  expect(read.text).not.toContain("Messages at night");
  const { nodes } = read.data["mails"] as { nodes: { id: string; subject: string; text: string; html: string }[] };
  const closed = nodes.filter(({ text }) => text === "");
  expect(closed).toMatchObject([{ subject: "About something confidential", html: "" }]);
  expect(nodes.length).toBeGreaterThan(closed.length);
  const id = closed[0]?.id ?? "";
  expect((await administrator(`{ mail(id: "${id}") { text } }`)).data).toEqual({ mail: { text: "" } });
  expect((await handler(`{ mail(id: "${id}") { text } }`)).text).toContain("It is about Owen Pluckley.");
});
