/** What a record must say before it is taken: each answer that is needed is asked for by name, and nothing is kept without it. */
import { refused, type Story, story, type Values } from "./world";

let s: Story;
let pupil: string;
beforeAll(async () => {
  s = await story();
  pupil = await s.as("Bea Wickhurst").create("pupil", { name: "Wilf Ambrose" });
}, 120_000);

interface Case {
  who: string;
  type: string;
  given?: Values;
  wanted: string[];
}

const cases: [string, Case][] = [
  ["O22: an exception says why it is needed", { who: "Zoe King", type: "exception", wanted: ["why"] }],
  [
    "O28: a loan says which device goes to whom",
    { who: "Bea Wickhurst", type: "deviceLoan", wanted: ["device", "borrower"] },
  ],
  [
    "O29 O30 O119: people are asked to agree to one text of a known kind, in words that say so",
    { who: "Zoe King", type: "agreementCampaign", wanted: ["title", "kind", "policy", "statement"] },
  ],
  [
    "O46: a phone is handed in switched off, or it is said that it is not",
    { who: "Zoe King", type: "handIn", wanted: ["switchedOff"] },
  ],
  [
    "O58: a report says whether indecent images are suspected",
    { who: "Zoe King", type: "incident", wanted: ["images"] },
  ],
  [
    "O62 O63: a search says for what, on which grounds, and whether it showed a risk",
    { who: "Zoe King", type: "pupilSearch", wanted: ["soughtFor", "grounds", "safeguardingRisk"] },
  ],
  [
    "O64: who looked at files says the good reason",
    { who: "Zoe King", type: "pupilSearch", given: { dataExamined: "examined" }, wanted: ["goodReason"] },
  ],
  [
    "O93: a programme of induction has a name and what is gone through",
    { who: "Zoe King", type: "inductionProgramme", wanted: ["name", "topics"] },
  ],
  [
    "O108 O111: a channel says its aims, its outcomes, and that it uses a school address",
    { who: "Zoe King", type: "socialChannel", wanted: ["aims", "outcomes", "schoolAddress"] },
  ],
  [
    "O119 O121: who runs a channel is named, with what they may do there",
    { who: "Zoe King", type: "channelManager", wanted: ["channel", "manager", "mayDo"] },
  ],
  [
    "O102 O104: whoever was contacted on a personal account says by whom, about what, and whether they answered",
    { who: "Zoe King", type: "personalContact", wanted: ["from", "whatHappened", "answered"] },
  ],
  [
    "O114: a post says where it goes, about what, and in which words",
    { who: "Zoe King", type: "socialPost", wanted: ["channel", "subject", "wording"] },
  ],
  ["O133: a pupil is known by name", { who: "Bea Wickhurst", type: "pupil", wanted: ["name"] }],
  [
    "O133: an outside body is known by its name and what it is",
    { who: "Zoe King", type: "outsideBody", wanted: ["name", "kind"] },
  ],
];

test.each(cases)("%s", async (_, { who, type, given, wanted }) => {
  const { code, problems } = await refused(s.as(who).create(type, given ?? {}));
  expect(code).toBe("INVALID_INPUT");
  expect(problems.map(({ path }) => path)).toEqual(expect.arrayContaining(wanted.map((name) => `input.${name}`)));
});

/** What stands there by itself may be changed, and not be taken away. */
async function keeps(who: string, type: string, id: string, names: string[]): Promise<void> {
  for (const name of names)
    expect(await refused(s.as(who).update(type, id, { [name]: null }))).toMatchObject({
      code: "INVALID_INPUT",
      problems: [{ path: `input.${name}` }],
    });
}

test("O58 O59: whoever takes a phone away says whether something worse is suspected", async () => {
  const id = await s.as("Zoe King").create("confiscation", { pupil, reason: "It rang in assembly." });
  await keeps("Zoe King", "confiscation", id, ["suspicion"]);
});

test("O75: an action has an owner and a day", async () => {
  const id = await s.as("Zoe King").create("actionItem", { what: "Put a sign at the hall door" });
  await keeps("Zoe King", "actionItem", id, ["owner", "dueOn"]);
});

test("O64: a search says whether files were looked at, also afterwards", async () => {
  const id = await s.as("Callum Birchwood").create("pupilSearch", {
    pupil,
    timeAndPlace: "10:20, office",
    witness: s.person("Harriet Stowting"),
    sameSex: true,
    consent: "without",
    soughtFor: ["weapon"],
    grounds: "Two pupils saw a blade.",
    found: "Nothing.",
    safeguardingRisk: false,
    specifiedOffence: false,
  });
  await keeps("Zoe King", "pupilSearch", id, ["dataExamined"]);
});

test("O75: an issue that a check finds says what is amiss and who sees to it", async () => {
  const head = s.as("Zoe King");
  const what = "The sign is gone";
  const owner = s.person("Owen Pluckley");
  const check = await head.create("spotCheck", {});
  const review = await head.create("filteringReview", {});
  for (const [issue, lacks] of [
    [{ what }, "Who sees to it"],
    [{ owner }, "What is amiss"],
  ] as const) {
    expect((await refused(head.act("spotCheck", check, "record", { issues: [issue] }))).message).toContain(lacks);
    expect((await refused(head.act("filteringReview", review, "record", { issues: [issue] }))).message).toContain(
      lacks,
    );
  }
});
