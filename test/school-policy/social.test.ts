/** Official channels: approved before use, run by who is authorised, posts read by a second person; contact reported. */
import { agree, campaign, hourLater } from "./agreements";
import { reportIncident } from "./incidents";
import { refused, type Story, story, type Values } from "./world";

let s: Story;
let channel: string;
beforeAll(async () => {
  s = await story();
  await s.clock.to("2026-11-23T12:00:00Z");
  channel = await opened({ ...proposal, name: "School page" });
}, 120_000);

const why = async (attempt: Promise<unknown>): Promise<string> => (await refused(attempt)).message;
const proposal = {
  name: "PTFA page",
  service: "A social network, ptfa-page",
  aims: "Tell families what the PTFA does.",
  outcomes: "More families at events.",
  schoolAddress: "ptfa@canterburyroad.invalid",
  dedicated: true,
  withPupils: false,
  protection: "Two-step sign-in.",
};

/** A channel that the headteacher has approved, on a low risk. */
async function opened(values: Values): Promise<string> {
  const head = s.as("Zoe King");
  const id = await s.as("Della Brabourne").create("socialChannel", values);
  await head.update("socialChannel", id, {
    risk: { likelihood: 1, impact: 2, mitigations: "Posts are read first." },
    assessedBy: s.person("Callum Birchwood"),
  });
  await head.act("socialChannel", id, "approve");
  return id;
}

const managing = (manager: string) => ({ channel, manager: s.person(manager), mayDo: "News of events." });

/** Somebody who may post on the channel, where they may not yet. */
async function authorised(name: string): Promise<string> {
  const head = s.as("Zoe King");
  const of = { manager: { eq: s.person(name) }, state: { eq: "authorised" } };
  const [known] = await head.records<{ id: string }>("channelManager", "id", of);
  if (known) return known.id;
  await campaign(s, "socialMediaAup", { people: [name] });
  await agree(s, name, "socialMediaAup");
  const id = await head.create("channelManager", managing(name));
  await head.act("channelManager", id, "authorise");
  return id;
}

test("O107 O108 O110 O111 O115 O116 O127: a channel opens only with aims, an assessed risk and approval; parents first where pupils are on it", async () => {
  const member = s.as("Della Brabourne");
  for (const name of ["aims", "outcomes", "schoolAddress", "protection", "dedicated", "withPupils"])
    expect(await refused(member.create("socialChannel", { ...proposal, [name]: null }))).toMatchObject({
      problems: expect.arrayContaining([expect.objectContaining({ path: `input.${name}` })]),
    });
  expect(await refused(member.create("socialChannel", { ...proposal, dedicated: false }))).toMatchObject({
    problems: [{ path: "input.dedicated" }],
  });
  const asked = await member.create("socialChannel", proposal);
  expect(await s.tasksOf("Zoe King", asked)).toMatchObject([{ rule: "decide" }]);
  const head = s.as("Zoe King");
  expect(await why(head.act("socialChannel", asked, "approve"))).toMatch(/risk has not been assessed/);
  await head.update("socialChannel", asked, {
    risk: { likelihood: 5, impact: 5, mitigations: "None yet." },
    assessedBy: s.person("Callum Birchwood"),
    withPupils: true,
  });
  expect(await why(head.act("socialChannel", asked, "approve"))).toMatch(/risk is high/);
  await head.update("socialChannel", asked, {
    risk: { likelihood: 1, impact: 2, mitigations: "Posts are read first." },
  });
  expect(await why(head.act("socialChannel", asked, "approve"))).toMatch(/parents are told first/);
  await head.update("socialChannel", asked, { parentsTold: "2026-11-20", moderator: s.person("Bea Wickhurst") });
  expect(await refused(s.as("Callum Birchwood").act("socialChannel", asked, "approve"))).toMatchObject({
    code: "FORBIDDEN",
  });
  expect(await head.act("socialChannel", asked, "approve")).toBe("open");
  // It is looked at again after a year.
  expect((await s.timersOf(asked)).filter(({ state }) => state === "waiting")).toMatchObject([{ rule: "review" }]);
});

test("O112: where the access details are is opened by leaders alone, for a reason that the others are told and the history keeps", async () => {
  const secret = "Envelope 3 in the safe.";
  await s.as("Zoe King").update("socialChannel", channel, { emergencyAccess: secret });
  const open = (name: string, reason: string) =>
    s.as(name).ask<{ openSealed: { value: string; told: { name: string }[] } }>(
      `mutation ($id: ID!, $reason: String!) {
        openSealed(type: "socialChannel", id: $id, field: "emergencyAccess", reason: $reason) { value told { name } } }`,
      { id: channel, reason },
    );
  const everything = `emergencyAccess history { summary detail } notices { body }`;
  for (const name of ["Zoe King", "Callum Birchwood", "Della Brabourne"]) {
    expect(await s.as(name).record("socialChannel", channel, "emergencyAccess")).toEqual({ emergencyAccess: true });
    const [listed] = await s.as(name).records("socialChannel", everything);
    expect(JSON.stringify(listed)).not.toContain("Envelope");
  }
  expect(await why(open("Della Brabourne", "I forgot it"))).toMatch(/is opened by .*Zoe King/);
  expect(await refused(open("Zoe King", " "))).toMatchObject({ problems: [{ path: "reason" }] });
  expect(await s.noticesOf("Callum Birchwood", channel)).toEqual([]);

  const { openSealed } = await open("Zoe King", "The page was taken over");
  expect(openSealed.value).toBe(secret);
  expect(openSealed.told.map(({ name }) => name)).toContain("Callum Birchwood");
  expect(await s.noticesOf("Callum Birchwood", channel)).toMatchObject([
    { urgent: true, body: expect.stringMatching(/Zoe King.*The page was taken over/) },
  ]);
  const { history } = await s.record<{ history: { kind: string; detail: { reason: string } }[] }>(
    "socialChannel",
    channel,
    "history(first: 1) { kind detail }",
  );
  expect(history).toMatchObject([{ kind: "opened", detail: { reason: "The page was taken over" } }]);
});

test("O119 O120 O121 O122: a manager is authorised by somebody else, from the right circle, having agreed to the rules", async () => {
  const office = s.as("Harriet Stowting");
  const name = (manager: string) => office.create("channelManager", managing(manager));
  const outsider = await name("Hugo Stelling");
  const head = s.as("Zoe King");
  expect(await why(head.act("channelManager", outsider, "authorise"))).toMatch(/staff or PTFA members/);
  const id = await name("Della Brabourne");
  expect(await why(head.act("channelManager", id, "authorise"))).toMatch(/have not agreed/);
  await campaign(s, "socialMediaAup", { people: ["Della Brabourne"] });
  await agree(s, "Della Brabourne", "socialMediaAup");
  expect(await head.act("channelManager", id, "authorise")).toBe("authorised");
  const own = await name("Zoe King");
  expect(await why(head.act("channelManager", own, "authorise"))).toMatch(/somebody else/);
}, 120_000);

test("O90 O114 O116 O121: a post is agreed by a colleague, never its author, with consent for each child; unread only with a reason", async () => {
  const office = s.as("Bea Wickhurst");
  const consenting = await office.create("pupil", {
    name: "Ash Linden",
    imageConsent: "given",
    consentOn: "2026-09-10",
  });
  const silent = await office.create("pupil", { name: "Rowan Hazel" });
  await authorised("Idris Lympne");
  const author = s.as("Idris Lympne");
  const id = await author.create("socialPost", {
    channel,
    subject: "Winter fair",
    wording: "Come along.",
    pupils: [consenting, silent],
  });
  await author.act("socialPost", id, "submit");
  expect(await s.tasksOf("Callum Birchwood", id)).toMatchObject([{ rule: "read" }]);
  expect(await why(author.act("socialPost", id, "agree"))).toMatch(/somebody else/);
  const reader = s.as("Tomas Elmstead");
  expect(await why(reader.act("socialPost", id, "agree"))).toMatch(/consent is missing/);
  expect(await refused(reader.act("socialPost", id, "sendBack"))).toMatchObject({ problems: [{ path: "input.what" }] });
  await reader.act("socialPost", id, "sendBack", { what: "Take Rowan out." });
  await author.update("socialPost", id, { pupils: [consenting] });
  await author.act("socialPost", id, "submit");
  expect(await refused(author.update("socialPost", id, { wording: "Changed after all." }))).toMatchObject({
    problems: [{ path: "input.wording" }],
  });
  await reader.act("socialPost", id, "agree");
  expect(await why(reader.act("socialPost", id, "post"))).toMatch(/authorised for this channel/);
  expect(await author.act("socialPost", id, "post")).toBe("posted");

  const shown = await author.create("socialPost", {
    channel,
    subject: "Snow",
    wording: "Closed.",
    pupils: [consenting],
  });
  expect(await why(author.act("socialPost", shown, "postUnread", { skippedReason: "06:30" }))).toMatch(/always read/);
  const snow = await author.create("socialPost", { channel, subject: "Snow", wording: "We are closed today." });
  expect(await refused(author.act("socialPost", snow, "postUnread"))).toMatchObject({
    problems: [{ path: "input.skippedReason" }],
  });
  await author.act("socialPost", snow, "postUnread", { skippedReason: "It was half past six." });
  expect((await s.noticesOf("Zoe King", snow)).map(({ subject }) => subject)).toEqual([
    "Posted without a second reader: Snow",
  ]);
  const incident = await reportIncident(s, { summary: "An answer under the post" });
  const callum = s.as("Callum Birchwood");
  expect(await refused(author.act("socialPost", id, "connect", { incident }))).toMatchObject({ code: "INVALID_INPUT" });
  await callum.act("socialPost", id, "connect", { incident });
  expect(await callum.record("socialPost", id, "incident { id }")).toEqual({ incident: { id: incident } });
  expect(await author.record("socialPost", id, "incident { id }")).toEqual({ incident: null });
  // Leaders see every post, staff or not.
  const leader = s.as("Piers Hollowell");
  expect(await leader.record("socialPost", id, "subject")).toBeUndefined();
  await s
    .as("Harriet Stowting")
    .ask('mutation ($person: ID!) { appoint(person: $person, role: "seniorLeader") { id } }', {
      person: s.person("Piers Hollowell"),
    });
  expect(await leader.record("socialPost", id, "subject")).toEqual({ subject: "Winter fair" });

  const stranger = await reader.create("socialPost", { channel, subject: "Mine", wording: "Hello." });
  expect(await why(reader.act("socialPost", stranger, "postUnread", { skippedReason: "-" }))).toMatch(/authorised/);
});

test("O101 O104 O105 O123: contact on a personal account goes to the safeguarding lead at once, and comes back until answered", async () => {
  const id = await s.as("Idris Lympne").create("personalContact", {
    from: "pupil",
    service: "A messenger",
    whatHappened: "A pupil asked about homework.",
    answered: false,
  });
  expect(await s.noticesOf("Callum Birchwood", id)).toMatchObject([{ urgent: true }]);
  expect(await s.as("Tomas Elmstead").record("personalContact", id, "reference")).toBeUndefined();
  await s.clock.to("2026-11-27T12:00:00Z");
  expect((await s.noticesOf("Zoe King", id)).length).toBeGreaterThan(1);
  expect(await refused(s.as("Callum Birchwood").act("personalContact", id, "advise"))).toMatchObject({
    problems: [{ path: "input.adviceGiven" }],
  });
  await s.as("Callum Birchwood").act("personalContact", id, "advise", { adviceGiven: "Do not answer; we ring home." });
  expect((await s.noticesOf("Idris Lympne", id)).map(({ subject }) => subject)).toEqual([
    expect.stringMatching(/^What to do about/),
  ]);
  const own = await s
    .as("Zoe King")
    .create("personalContact", { from: "parent", whatHappened: "A question.", answered: false });
  expect(await why(s.as("Zoe King").act("personalContact", own, "advise", { adviceGiven: "-" }))).toMatch(
    /somebody else/,
  );
});

test("O112 O121: a manager who leaves loses their access by the next working day", async () => {
  const admin = s.as("Harriet Stowting");
  const id = await authorised("Della Brabourne");
  const { appointments } = await admin.ask<{ appointments: { id: string; person: { name: string } }[] }>(
    '{ appointments(role: "ptfaMember") { id person { name } } }',
  );
  await admin.ask("mutation ($id: ID!) { endAppointment(id: $id) { id } }", {
    id: appointments.find(({ person }) => person.name === "Della Brabourne")?.id,
  });
  await hourLater(s);
  expect(await admin.record("channelManager", id, "state")).toEqual({ state: "toRemove" });
  expect(await s.tasksOf("Harriet Stowting", id)).toMatchObject([{ rule: "remove" }]);
  expect(await refused(admin.act("channelManager", id, "confirmRemoved"))).toMatchObject({
    problems: [{ path: "input.how" }],
  });
  await admin.act("channelManager", id, "confirmRemoved", { how: "Removed as administrator." });
});
