/** Checks have their day; what is kept, searched or told in confidence is kept by the rules; nobody decides for themselves. */
import { hourLater } from "./agreements";
import { refused, type Story, story, type Values } from "./world";

let s: Story;
beforeAll(async () => {
  s = await story("2027-01-11T09:00:00Z");
}, 120_000);

/** Whoever opened it, as its own log says. */
const openedBy = async (type: string, id: string): Promise<string[]> => {
  const { views } = await s.record<{ views: { nodes: { person: { name: string } }[] } }>(
    type,
    id,
    "views(first: 50) { nodes { person { name } } }",
  );
  return views.nodes.map(({ person }) => person.name);
};

/** By the deputy, before the business manager. */
async function searched(more: Values): Promise<string> {
  const pupil = await s.as("Bea Wickhurst").create("pupil", { name: "Kit Ashmead", className: "Willow" });
  return s.as("Callum Birchwood").create("pupilSearch", {
    ...{ pupil, timeAndPlace: "10:20, office", witness: s.person("Harriet Stowting"), sameSex: true },
    ...{ consent: "agreed", soughtFor: ["weapon"], grounds: "Two pupils saw a blade.", found: "Nothing." },
    ...{ safeguardingRisk: false, specifiedOffence: false, dataExamined: "no", ...more },
  });
}

test("O64 O66 O82: a search asks for a reason only where files were looked at; what is for the police goes there today; the witness may read it", async () => {
  const id = await searched({ found: "A knife.", specifiedOffence: true });
  const tasks = await s.tasksOf("Zoe King", id);
  expect(tasks.find(({ rule }) => rule === "police")).toMatchObject({ dueOn: "2027-01-11" });
  expect(await s.as("Harriet Stowting").record("pupilSearch", id, "found")).toEqual({ found: "A knife." });
  expect(await s.as("Idris Lympne").record("pupilSearch", id, "found")).toBeUndefined();
});

test("O82: advice about somebody is not asked in their own name: they would never read the answer", async () => {
  const body = await s.as("Bea Wickhurst").create("outsideBody", { name: "Local authority adviser", kind: "other" });
  const about = { body, about: "A worry", subject: s.person("Zoe King") };
  expect((await refused(s.as("Zoe King").create("adviceEntry", about))).message).toMatch(/let somebody else ask/);
});

test("O108 O114 O119 O121: a channel is approved until a day to come, looked at again with a word on its aims, and used by nobody who is not authorised", async () => {
  const head = s.as("Zoe King");
  const channel = await s.as("Della Brabourne").create("socialChannel", {
    ...{ name: "Choir page", service: "A social network, choir-page", aims: "Tell families of concerts." },
    ...{ outcomes: "Fuller halls.", schoolAddress: "choir@canterburyroad.invalid", dedicated: true },
    ...{ protection: "Two-step sign-in.", withPupils: false },
  });
  const named = { channel, manager: s.person("Della Brabourne"), mayDo: "Announce concerts." };
  const manager = await s.as("Callum Birchwood").create("channelManager", named);
  expect((await refused(s.as("Callum Birchwood").act("channelManager", manager, "authorise"))).message).toMatch(
    /The channel has not been approved/,
  );
  await head.update("socialChannel", channel, {
    risk: { likelihood: 1, impact: 2, mitigations: "Posts are read first." },
    assessedBy: s.person("Callum Birchwood"),
  });
  const again = /Choose a day to come/;
  const past = { reviewOn: "2027-01-11" };
  expect((await refused(head.act("socialChannel", channel, "approve", past))).message).toMatch(again);
  await head.act("socialChannel", channel, "approve", { reviewOn: "2027-07-01" });
  const words = { stillServes: "It does." };
  expect((await refused(head.act("socialChannel", channel, "review", { ...words, ...past }))).message).toMatch(again);
  const silent = { stillServes: null, reviewOn: "2028-01-11" };
  expect(
    (await refused(head.act("socialChannel", channel, "review", silent))).problems.map(({ path }) => path),
  ).toEqual(["input.stillServes"]);
  expect(await head.act("socialChannel", channel, "review", { ...words, reviewOn: "2028-01-11" })).toBe("open");

  // Nobody authorises themselves, and who is not authorised posts nothing, read or unread.
  const own = await head.create("channelManager", { ...named, manager: s.person("Callum Birchwood") });
  expect((await refused(s.as("Callum Birchwood").act("channelManager", own, "authorise"))).message).toMatch(
    /somebody else/,
  );
  const member = s.as("Della Brabourne");
  expect(await member.record("channelManager", manager, "mayDo")).toEqual({ mayDo: "Announce concerts." });
  const post = await member.create("socialPost", {
    channel,
    subject: "Concert",
    wording: "The choir sings on Friday.",
  });
  const unread = member.act("socialPost", post, "postUnread", { skippedReason: "Nobody is in." });
  expect((await refused(unread)).message).toMatch(/authorised for this channel/);
  await member.act("socialPost", post, "submit");
  await s.as("Idris Lympne").act("socialPost", post, "agree");
  expect((await refused(member.act("socialPost", post, "post"))).message).toMatch(/authorised for this channel/);
});

test("O62 O63 O64 O104: searches, and contacts on private accounts, are confidential: whoever opens one is written down", async () => {
  const search = await searched({});
  const told = { from: "pupil", whatHappened: "A pupil asked about homework.", answered: false };
  const contact = await s.as("Callum Birchwood").create("personalContact", told);
  for (const [type, id] of Object.entries({ pupilSearch: search, personalContact: contact })) {
    for (const name of ["Callum Birchwood", "Zoe King"]) await s.as(name).record(type, id, "reference");
    expect(new Set(await openedBy(type, id))).toEqual(new Set(["Callum Birchwood", "Zoe King"]));
  }
});

test("O59: what may be evidence is cleared only by who says who cleared it, and goes home then", async () => {
  const pupil = await s.as("Bea Wickhurst").create("pupil", { name: "Noor Elmsley", className: "Willow" });
  const seized = { pupil, reason: "Another pupil told me.", suspicion: "indecentImage" };
  const id = await s.as("Tomas Elmstead").create("confiscation", seized);
  await s.as("Tomas Elmstead").act("confiscation", id, "lodge", { place: "Safe", holder: s.person("Zoe King") });
  const clear = (saidBy: string | null) =>
    s.as("Callum Birchwood").act("confiscation", id, "clearSuspicion", { saidBy });
  expect((await refused(clear(null))).problems.map(({ path }) => path)).toEqual(["input.saidBy"]);
  await clear("PC 42, on 12 January");
  const release = { releasedTo: "Her father", decision: "It is no evidence." };
  expect(await s.as("Zoe King").act("confiscation", id, "release", release)).toBe("released");
});

test("O57: a confiscated phone goes home when the headteacher says so and why, and not while it may be evidence", async () => {
  const teacher = s.as("Tomas Elmstead");
  const pupil = await s.as("Bea Wickhurst").create("pupil", { name: "Pia Sandling", className: "Willow" });
  const held = async (suspicion: string) => {
    const id = await teacher.create("confiscation", { pupil, reason: "Filming in the corridor.", suspicion });
    await teacher.act("confiscation", id, "lodge", { place: "Safe", holder: s.person("Zoe King") });
    return id;
  };
  const phone = await held("no");
  const release = { releasedTo: "Her mother", decision: "First time; talked through." };
  expect(await refused(s.as("Callum Birchwood").act("confiscation", phone, "release", release))).toMatchObject({
    message: expect.stringMatching(/is decided by Zoe King/) as string,
  });
  const unsaid = { releasedTo: null, decision: null };
  expect(
    (await refused(s.as("Zoe King").act("confiscation", phone, "release", unsaid))).problems.map(({ path }) => path),
  ).toEqual(["input.releasedTo", "input.decision"]);
  expect(await s.as("Zoe King").act("confiscation", phone, "release", release)).toBe("released");
  const evidence = await held("indecentImage");
  expect((await refused(s.as("Zoe King").act("confiscation", evidence, "release", release))).message).toMatch(
    /goes to the police, not home/,
  );
});

test("O73 O74: a check has its day, is chased each week once that is past, and counts as missed in the end", async () => {
  const head = s.as("Zoe King");
  const check = await head.create("spotCheck", { dueOn: "2027-01-25" });
  const review = await head.create("filteringReview", { dueOn: "2027-01-26" });
  expect(await s.tasksOf("Callum Birchwood", check)).toMatchObject([{ rule: "check", dueOn: "2027-01-25" }]);
  expect(await s.tasksOf("Zoe King", review)).toMatchObject([{ rule: "review", dueOn: "2027-01-26" }]);
  const told = async () => (await s.noticesOf("Callum Birchwood", check)).length;
  await s.clock.to("2027-01-25");
  const opened = await told();
  await s.clock.to("2027-01-28");
  expect(await told()).toBe(opened + 1);
  await s.clock.to("2027-02-04");
  expect(await told()).toBe(opened + 2);
  expect(await s.record("spotCheck", check, "state")).toEqual({ state: "due" });
  await s.clock.to("2027-03-10");
  expect(await s.record("spotCheck", check, "state")).toEqual({ state: "missed" });
  expect(await s.tasksOf("Callum Birchwood", check)).toEqual([]);
});

test("O133: that an outside body's details are still right is confirmed by a new look, not by the last one", async () => {
  const office = s.as("Bea Wickhurst");
  const body = await office.create("outsideBody", { name: "Advice line", kind: "other", checkedOn: "2027-01-08" });
  const look = (checkedOn: string) => office.act("outsideBody", body, "check", { checkedOn });
  expect((await refused(look("2027-01-08"))).message).toMatch(/That look is recorded already/);
  const today = (await s.clock.now()).slice(0, 10);
  expect(await look(today)).toBe("current");
  expect(await s.record("outsideBody", body, "checkedOn")).toEqual({ checkedOn: today });
});

test("O93: a leader who is new is inducted by somebody else, and governors may read what induction goes through", async () => {
  const programme = await s.as("Zoe King").create("inductionProgramme", {
    ...{ name: "New staff and volunteers", audience: ["volunteer"] },
    topics: "Safeguarding, acceptable use, social media.",
  });
  expect(await s.as("Nadia Fenwright").record("inductionProgramme", programme, "name")).toBeDefined();
  await s.as("Zoe King").act("inductionProgramme", programme, "start");
  for (const role of ["volunteer", "seniorLeader"])
    await s
      .as("Harriet Stowting")
      .ask("mutation ($person: ID!, $role: String!) { appoint(person: $person, role: $role) { id } }", {
        person: s.person("Piers Hollowell"),
        role,
      });
  await hourLater(s);
  const [induction] = await s.as("Zoe King").records<{ id: string }>("induction", "id");
  const own = s.as("Piers Hollowell").act("induction", induction?.id ?? "", "complete", { socialMedia: true });
  expect((await refused(own)).message).toMatch(/somebody else/);
});
