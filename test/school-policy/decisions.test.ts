/** What is decided is decided by whom the policies name, with a reason, and by nobody for themselves. */
import { agree, askedOf, campaign } from "./agreements";
import { ask, assess, lowRisk } from "./exceptions";
import { reportIncident, triage } from "./incidents";
import { type Refusal, refused, type Story, story } from "./world";

let s: Story;
beforeAll(async () => {
  s = await story();
  await s.clock.to("2026-11-23T12:00:00Z");
}, 120_000);

const why = async (attempt: Promise<unknown>): Promise<string> => (await refused(attempt)).message;
const lacking = async (attempt: Promise<unknown>): Promise<string[]> =>
  (await refused(attempt)).problems.map(({ path }: Refusal["problems"][number]) => path);

test("O22 O39 O89 O134: an exception is assessed by somebody else, and refused by the headteacher alone", async () => {
  const own = await ask(s, "Callum Birchwood", { kind: "teachingTime", schoolKit: false });
  expect(await why(assess(s, own))).toMatch(/somebody else/);
  const id = await ask(s, "Tomas Elmstead", { kind: "teachingTime", schoolKit: false });
  await assess(s, id);
  const no = { reasons: "The office can be rung." };
  expect(await why(s.as("Callum Birchwood").act("exception", id, "refuse", no))).toMatch(/is decided by .*Zoe King/);
  expect(await s.as("Zoe King").act("exception", id, "refuse", no)).toBe("refused");
});

test("O22 O29 O51 O69: whoever is asked to agree may ask first; others answer, record and decide for them", async () => {
  const office = s.as("Harriet Stowting");
  await campaign(s, "monitoringNotice", { people: ["Bea Wickhurst", "Callum Birchwood", "Tomas Elmstead"] });
  const of = (name: string) => askedOf(s, name, "monitoringNotice");

  const callum = await of("Callum Birchwood");
  expect(await lacking(s.as("Callum Birchwood").act("acknowledgement", callum, "askException"))).toEqual([
    "input.question",
  ]);
  await s.as("Callum Birchwood").act("acknowledgement", callum, "askException", { question: "My own tablet?" });
  const answer = { answer: "Ask for an exception first." };
  expect(await why(s.as("Callum Birchwood").act("acknowledgement", callum, "answerQuestion", answer))).toMatch(
    /somebody else/,
  );
  expect(await lacking(s.as("Zoe King").act("acknowledgement", callum, "answerQuestion"))).toEqual(["input.answer"]);
  expect(await s.as("Zoe King").act("acknowledgement", callum, "answerQuestion", answer)).toBe("asked");
  expect(await s.as("Callum Birchwood").record("acknowledgement", callum, "answer")).toEqual(answer);

  const bea = await of("Bea Wickhurst");
  const paper = await s.as("Bea Wickhurst").upload("signed.pdf");
  const signed = { signedOn: "2026-11-23", witness: s.person("Owen Pluckley"), signedPaper: [paper] };
  expect(await why(s.as("Bea Wickhurst").act("acknowledgement", bea, "recordOnPaper", signed))).toMatch(
    /somebody else/,
  );

  const tomas = await of("Tomas Elmstead");
  await s.as("Tomas Elmstead").act("acknowledgement", tomas, "decline", { declineReason: "I do not agree." });
  const follows = { whatFollows: "A talk with the headteacher." };
  expect(await why(s.as("Callum Birchwood").act("acknowledgement", tomas, "acceptRefusal", follows))).toMatch(
    /is decided by .*Zoe King/,
  );
  const nobody = await office.create("agreementCampaign", {
    ...{ title: "For nobody", kind: "monitoringNotice", statement: "You have read this." },
    policy: (await s.as("Zoe King").records<{ id: string }>("policy", "id", { title: { contains: "Notice" } }))[0]?.id,
  });
  expect(await why(office.act("agreementCampaign", nobody, "start"))).toMatch(/Nobody would be asked/);
});

test("O33 O134: that an emergency was right is confirmed with the reason", async () => {
  const id = await ask(s, "Tomas Elmstead", { kind: "teachingTime", schoolKit: false });
  await s.as("Callum Birchwood").act("exception", id, "allowAtOnce", {
    ...{ emergencyReason: "My daughter is in theatre.", risk: lowRisk, agreedOnTheSpot: "On the desk, silent." },
  });
  expect(await lacking(s.as("Zoe King").act("exception", id, "confirmEmergency"))).toEqual(["input.reasons"]);
  expect(await s.as("Zoe King").act("exception", id, "confirmEmergency", { reasons: "It could not wait." })).toBe(
    "ended",
  );
});

test("O28 O29 O30: nobody hands a device to themselves", async () => {
  for (const kind of ["staffAup", "codeOfConduct"]) {
    await campaign(s, kind, { people: ["Bea Wickhurst"] });
    await agree(s, "Bea Wickhurst", kind);
  }
  await agree(s, "Bea Wickhurst", "monitoringNotice");
  const bea = s.as("Bea Wickhurst");
  const device = await bea.create("schoolDevice", { name: "Tablet for the office", kind: "tablet" });
  const loan = await bea.create("deviceLoan", { device, borrower: s.person("Bea Wickhurst") });
  expect(await why(bea.act("deviceLoan", loan, "handOver", { locked: true }))).toMatch(/somebody else/);
});

test("O75: an action says what is to be done", async () => {
  const item = { what: null, owner: s.person("Owen Pluckley"), dueOn: "2026-12-14" };
  expect(await lacking(s.as("Zoe King").create("actionItem", item))).toEqual(["input.what"]);
});

test("O108 O134: a channel is approved or refused by the headteacher, and not by who assessed it", async () => {
  const channel = await s.as("Della Brabourne").create("socialChannel", {
    ...{ name: "Choir page", service: "A social network, choir-page", aims: "Tell families of concerts." },
    ...{ outcomes: "Fuller halls.", schoolAddress: "choir@canterburyroad.invalid", dedicated: true },
    ...{ protection: "Two-step sign-in.", withPupils: false },
  });
  const decided = /is decided by .*Zoe King/;
  const callum = s.as("Callum Birchwood");
  expect(await why(callum.act("socialChannel", channel, "approve"))).toMatch(decided);
  expect(await why(callum.act("socialChannel", channel, "refuse", { why: "No need." }))).toMatch(decided);
});

test("O1 O2 O4 O5 O10 O11 O15 O16 O17: the two policies of one document are registered apart, each with what it says of itself", async () => {
  const read = `title versionLabel writtenOn agreedOn ratifiedOn publishedOn reviewBy leadGovernor { name }
    designatedSafeguardingLeads { name } authorship audience technology textVersions { number }`;
  const policies = await s.as("Zoe King").records("policy", read, { title: { contains: "and S" } });
  expect(policies).toContainEqual({
    title: "Mobile and Smart Technology Policy",
    versionLabel: "1",
    // The document gives months, and they are kept as months.
    ...{
      writtenOn: "2022-10",
      agreedOn: "2022-12",
      ratifiedOn: "2022-12",
      publishedOn: "2022-08",
      reviewBy: "2023-10",
    },
    leadGovernor: { name: "Lindsey Glanville" },
    designatedSafeguardingLeads: [{ name: "Zoe King" }],
    authorship: expect.stringMatching(/pupils and adults together/i) as string,
    audience: expect.arrayContaining(["pupils", "parents", "governors", "volunteers"]) as string[],
    technology: expect.arrayContaining(["phones", "tablets", "wearables"]) as string[],
    textVersions: [{ number: 1 }],
  });
  const social = await s.as("Zoe King").records("policy", "title technology", { title: { eq: "Social Media Policy" } });
  expect(social).toMatchObject([{ technology: expect.arrayContaining(["socialNetworks", "messengers"]) as string[] }]);
});

test("O23 O109: an abusive message goes by the procedure against bullying; a channel says how it is protected", async () => {
  const id = await reportIncident(s, { summary: "A message that abuses" });
  await triage(s, id, { category: "abusiveMessage", routes: ["antiBullying"] });
  expect(await s.record("incident", id, "category routes")).toEqual({
    category: "abusiveMessage",
    routes: ["antiBullying"],
  });
  const channel = {
    name: "Fair",
    service: "A network",
    aims: "-",
    outcomes: "-",
    schoolAddress: "a@b.invalid",
    dedicated: true,
    withPupils: false,
  };
  expect(await lacking(s.as("Della Brabourne").create("socialChannel", channel))).toEqual(["input.protection"]);
});
