/** Policies: what opens a review, what stops an approval, who is told, and where rules contradict each other. */
import { hourLater, quorum, ratify, textInForce } from "./agreements";
import { refused, type Story, story } from "./world";

let s: Story;
beforeAll(async () => {
  s = await story();
  await s.clock.to("2026-11-23T12:00:00Z");
}, 120_000);

const head = () => s.as("Zoe King");
const messages = async (id: string) =>
  (await s.record<{ warnings: { message: string }[] }>("policy", id, "warnings { message }")).warnings.map(
    (warning) => warning.message,
  );

test("O14: wording left over from a template stops an approval until it is replaced, or somebody says why it stays", async () => {
  const id = await head().create("policy", {
    title: "Home learning",
    owner: s.person("Zoe King"),
    text: "# Home learning\n\nThis was written by Pupils in a hurry.",
  });
  await head().act("policy", id, "startReview");
  expect(await refused(head().act("policy", id, "submitForRatification"))).toMatchObject({
    code: "FORBIDDEN",
    message: expect.stringContaining("wording of its template"),
  });
  const [offered] = (await head().actions("policy", id)).filter(({ name }) => name === "submitForRatification");
  expect(offered?.allowed).toBe(true);
  await head().update("policy", id, { text: "# Home learning\n\nThis was written by our staff with pupils." });
  expect(await head().act("policy", id, "submitForRatification")).toBe("awaitingRatification");
});

test("O3: dates that contradict each other are refused at the decision and shown on the page", async () => {
  const id = await head().create("policy", { title: "Dates", owner: s.person("Zoe King"), text: "# Dates\n\nWords." });
  await head().act("policy", id, "startReview");
  await head().act("policy", id, "submitForRatification", { writtenOn: "2026-12-24" });
  const decision = {
    ratifiedOn: "2026-11-23",
    meeting: "Full governing body",
    minuteReference: "7.3",
    present: quorum.map(s.person),
  };
  const chair = s.as("Rowan Ashdown");
  expect(await refused(chair.act("policy", id, "ratify", decision))).toMatchObject({
    code: "FORBIDDEN",
    message: expect.stringContaining("contradict each other"),
  });
  expect(
    (
      await refused(
        chair.act("policy", id, "ratify", { ...decision, ratifiedOn: "2027-01-05", reviewBy: "2026-12-31" }),
      )
    ).message,
  ).toMatch(/contradict each other/);
  await chair.act("policy", id, "ratify", { ...decision, ratifiedOn: "2027-01-05" });
  expect(
    await refused(head().act("policy", id, "publish", { publishedOn: "2026-12-01", where: "Website" })),
  ).toMatchObject({
    message: expect.stringContaining("before it was ratified"),
  });
  await head().update("policy", id, { publishedOn: "2026-12-01" });
  expect(await messages(id)).toContain(
    "The version in force was ratified after the last time it was published: publish it again.",
  );
  await head().act("policy", id, "publish", { publishedOn: "2027-01-06", where: "Website" });
  expect(await messages(id)).not.toContainEqual(expect.stringContaining("publish it again"));
  await head().update("policy", id, { writtenOn: "2027-01-07" });
  expect(await messages(id)).toContainEqual(expect.stringContaining("before it was written"));
});

test("O8 O12: a new edition of guidance opens the review of every policy that relies on it, and says why", async () => {
  const office = s.as("Bea Wickhurst");
  const guidance = await office.create("guidanceSource", {
    name: "Keeping children safe",
    reach: "nationalGuidance",
    edition: 2025,
  });
  const policy = await textInForce(s, "visitorAup");
  await head().update("policy", policy, { reliesOn: [guidance] });
  expect(
    await refused(office.act("guidanceSource", guidance, "newEdition", { edition: 2025, whatChanged: "-" })),
  ).toMatchObject({ message: expect.stringContaining("no newer edition") });
  await office.act("guidanceSource", guidance, "newEdition", {
    edition: 2026,
    publishedOn: "2026-11-30",
    whatChanged: "Filtering is reviewed each academic year.",
  });
  await hourLater(s);
  expect(await s.record("policy", policy, "state reviewTrigger reviewReason")).toEqual({
    state: "inReview",
    reviewTrigger: "nationalGuidance",
    reviewReason: "Filtering is reviewed each academic year.",
  });
  expect(await messages(policy)).toContain("Guidance it relies on has a newer edition than this policy knows.");
  expect((await s.noticesOf("Zoe King", policy)).map(({ subject }) => subject)).toContainEqual(
    expect.stringMatching(/^Review opened/),
  );
  expect((await s.tasksOf("Zoe King", policy)).map(({ rule }) => rule)).toContain("finishReview");
  // In three months somebody is asked to look for a newer one.
  await s.clock.to("2027-03-10");
  expect(await s.tasksOf("Bea Wickhurst", guidance)).toMatchObject([{ rule: "lookUp", dueOn: "2027-03-09" }]);
  await office.act("guidanceSource", guidance, "check");
  expect(await s.tasksOf("Bea Wickhurst", guidance)).toEqual([]);
});

test("O8: a review can be opened early by a concern, and is then on its owner's list", async () => {
  const policy = await textInForce(s, "monitoringNotice");
  const opened = s.as("Zoe King").act("policy", policy, "openReview", {
    reviewTrigger: "concern",
    reviewReason: "A parent asked about the cameras.",
  });
  expect(await opened).toBe("inReview");
  expect((await s.tasksOf("Zoe King", policy)).map(({ rule }) => rule)).toContain("finishReview");
});

test("O13: owners are told when a policy that theirs is linked to changes", async () => {
  const first = await textInForce(s, "codeOfConduct");
  const linked = await s.as("Zoe King").create("policy", {
    title: "Image use",
    owner: s.person("Callum Birchwood"),
    related: [first],
    text: "# Images\n\nWords.",
  });
  await head().act("policy", first, "openReview", { reviewTrigger: "concern", reviewReason: "New cameras." });
  await head().update("policy", first, { text: "## The same standards online\n\nBe kind." });
  await ratify(s, first);
  await hourLater(s);
  expect((await s.noticesOf("Callum Birchwood", linked)).map(({ subject }) => subject)).toEqual([
    "A linked policy changed: see whether Image use still fits",
  ]);
});

test("O6 O9: several policies are ratified in one meeting; the papers come first, and a template's author is told", async () => {
  const clerk = s.as("Edith Marlowe");
  const policies: string[] = [];
  for (const title of ["Anti-bullying", "Data security"]) {
    const id = await head().create("policy", {
      title,
      owner: s.person("Zoe King"),
      text: `# ${title}\n\nWords.`,
      templateSource: "The Demonstration Trust",
      reviewBy: "2027-06-30",
    });
    await head().act("policy", id, "startReview");
    await head().act("policy", id, "submitForRatification");
    policies.push(id);
  }
  expect(await messages(policies[0] ?? "")).toContain("No meeting of the governors is planned before its review date.");
  const meeting = await clerk.create("governorsMeeting", {
    name: "Full governing body, spring",
    heldOn: "2027-03-25",
    papersOn: "2027-03-18",
  });
  expect(await messages(policies[0] ?? "")).not.toContainEqual(expect.stringContaining("No meeting"));
  expect(await refused(clerk.act("governorsMeeting", meeting, "sendPapers"))).toMatchObject({
    message: expect.stringContaining("agenda is empty"),
  });
  expect(await refused(clerk.update("governorsMeeting", meeting, { papersOn: "2027-04-01" }))).toMatchObject({
    problems: [{ path: "input.papersOn" }],
  });
  await clerk.update("governorsMeeting", meeting, { agenda: policies });
  await clerk.act("governorsMeeting", meeting, "sendPapers");
  expect((await s.noticesOf("Nadia Fenwright", meeting)).map(({ subject }) => subject)).toEqual([
    expect.stringMatching(/^Papers for Full governing body, spring/),
  ]);
  await s.clock.to("2027-03-25T18:00:00Z");
  for (const id of policies)
    expect(
      await s.as("Rowan Ashdown").act("policy", id, "ratify", {
        ratifiedOn: "2027-03-25",
        meeting: "Full governing body, spring",
        heldAt: meeting,
        minuteReference: "9.1",
        present: quorum.map(s.person),
      }),
    ).toBe("ratified");
  await clerk.act("governorsMeeting", meeting, "recordHeld", { present: quorum.map(s.person) });
  await s.clock.to("2027-04-05");
  const owed = await s.tasksOf("Bea Wickhurst", policies[0]);
  expect(owed.map(({ rule }) => rule).sort()).toEqual(["creditTemplate", "publish"]);
  await s.as("Bea Wickhurst").act("policy", policies[0] ?? "", "creditTemplate");
  await s.as("Bea Wickhurst").act("policy", policies[0] ?? "", "publish", { where: "Website" });
  expect(await s.tasksOf("Bea Wickhurst", policies[0])).toEqual([]);
});

test("O136: two rules that contradict each other stand on the page of each policy until somebody settles it", async () => {
  const [policy] = await head().records<{ id: string }>("policy", "id", { title: { contains: "Mobile" } });
  const id = await head().create("ruleConflict", {
    summary: "Phones in lessons: never, or with a teacher's leave?",
    policies: [policy?.id],
    oneRule: "Pupils do not use phones on site.",
    otherRule: "In a planned lesson a member of staff may allow it.",
    sections: "M6",
  });
  expect(await messages(policy?.id ?? "")).toContainEqual(expect.stringContaining("contradict each other"));
  expect(await s.tasksOf("Zoe King", id)).toMatchObject([{ rule: "decide" }]);
  await head().act("ruleConflict", id, "decideForNow", { meanwhile: "Never, unless an exception is granted." });
  await head().act("ruleConflict", id, "settle", { settledBy: "The policy of 2027 says never." });
  expect(await messages(policy?.id ?? "")).not.toContainEqual(expect.stringContaining("contradict each other"));
});

test("O6: a policy reviewed again asks for the meeting and the minute anew, and warns of no date from the last time", async () => {
  const chair = s.as("Rowan Ashdown");
  const text = "# Toys\n\nToys stay at home.";
  const id = await head().create("policy", { title: "Toys from home", owner: s.person("Zoe King"), text });
  const present = quorum.map(s.person);
  const decision = { meeting: "Full governing body, spring", minuteReference: "9.4", present };
  const reviewed = async (on: string) => {
    await s.clock.to(`${on}T12:00:00Z`);
    await head().act("policy", id, "startReview");
    await head().act("policy", id, "submitForRatification");
  };
  await reviewed("2027-04-12");
  await chair.act("policy", id, "ratify", decision);
  await head().act("policy", id, "publish", { where: "Website" });
  await s.clock.to("2028-04-01");
  await reviewed("2028-04-03");
  expect(await messages(id)).not.toContainEqual(expect.stringContaining("before it was written"));
  const { availableActions: offered } = await s.record<{ availableActions: { name: string; form: unknown }[] }>(
    "policy",
    id,
    "availableActions { name form }",
  );
  expect(offered.find(({ name }) => name === "ratify")?.form).toEqual(
    expect.arrayContaining(
      ["meeting", "heldAt", "minuteReference"].map((name) => expect.objectContaining({ name, default: null })),
    ),
  );
  expect(await refused(chair.act("policy", id, "ratify", { ...decision, minuteReference: undefined }))).toMatchObject({
    code: "INVALID_INPUT",
    problems: [{ path: "input.minuteReference" }],
  });
  expect(await chair.act("policy", id, "ratify", { ...decision, minuteReference: "3.1" })).toBe("ratified");
  expect(await messages(id)).toContainEqual(expect.stringContaining("publish it again"));
  expect(await messages(id)).not.toContainEqual(expect.stringContaining("before it was written"));
});

test("a reminder that the school sends on another day has moved: whoever changes the figure is told so", async () => {
  const [policy] = await head().records<{ id: string }>("policy", "id", { title: { contains: "Toys" } });
  const steps = async () =>
    (await head().timers(policy?.id ?? "")).filter(({ rule, state }) => rule === "remind" && state === "waiting")
      .length;
  const before = await steps();
  expect(before).toBeGreaterThan(1);
  const set = (value: string[]) =>
    s
      .as("Harriet Stowting")
      .ask<{ setSetting: { moved: number } }>(
        'mutation ($value: JSON!) { setSetting(type: "policy", name: "reminders", value: $value) { moved } }',
        { value },
      );
  expect((await set(["-P60D", "-P30D", "-P21D", "-P7D", "P0D"])).setSetting.moved).toBeGreaterThan(0);
  expect(await steps()).toBe(before);
  expect((await set(["-P60D", "-P30D", "-P21D", "-P7D", "P0D"])).setSetting.moved).toBe(0);
});
