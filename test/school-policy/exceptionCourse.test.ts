/** Exceptions from the decision on: agreed to before use, in force by themselves, looked at again, over on their day. */
import { hourLater } from "./agreements";
import { ask, assess, grant, grantedNeed, lowRisk, mediumRisk } from "./exceptions";
import { refused, type Story, story } from "./world";

let s: Story;
beforeAll(async () => {
  s = await story();
  await s.clock.to("2026-11-23T12:00:00Z");
}, 120_000);

const stateOf = async (id: string) => (await s.record<{ state: string }>("exception", id, "state")).state;
const subjects = async (who: string, id: string) => (await s.noticesOf(who, id)).map(({ subject }) => subject);
const own = (who: string, id: string, action: string, input?: Record<string, unknown>) =>
  s.as(who).act("exception", id, action, input);
/** The look at the risk that is due of an exception. */
const lookAt = async (id: string) => {
  const [due] = await s
    .as("Zoe King")
    .records<{ id: string }>("riskFollowUp", "id", { exception: { eq: id }, state: { eq: "due" } });
  return due?.id ?? "";
};

test("O51 O49 O50: use before a parent has agreed to the exact terms is never in force", async () => {
  const id = await grantedNeed(s, "Nell Wingmore", ["Petra Swingfield", "Leon Denton"]);
  expect(await s.tasksOf("Leon Denton", id)).toMatchObject([{ rule: "agree", dueOn: "2026-11-30" }]);
  await s.clock.to("2026-12-01T10:00:00Z");
  expect(await stateOf(id)).toBe("awaitingAgreement");
  expect(await s.as("Tomas Elmstead").record("exception", id, "state")).toBeUndefined();

  const others = { readVersion: "0".repeat(64) };
  expect(await refused(own("Petra Swingfield", id, "agree", others))).toMatchObject({
    code: "FORBIDDEN",
    message: expect.stringContaining("not the words that were granted"),
  });
  expect(await own("Petra Swingfield", id, "agree")).toBe("inForce");
  expect(await subjects("Tomas Elmstead", id)).toEqual([expect.stringMatching(/^In force from today/)]);
  expect(await s.as("Tomas Elmstead").record("exception", id, "state medicalDetail")).toEqual({
    state: "inForce",
    medicalDetail: null,
  });

  expect(await refused(own("Petra Swingfield", id, "agree"))).toMatchObject({ message: "You have agreed already." });
  await own("Leon Denton", id, "agree");
  const { terms } = await s.record<{ terms: { hash: string } }>("exception", id, "terms { hash }");
  expect(await s.record("exception", id, "beganOn wording agreed { name }")).toEqual({
    beganOn: "2026-12-01",
    wording: terms.hash,
    agreed: [{ name: "Petra Swingfield" }, { name: "Leon Denton" }],
  });
});

test("O50: who does not agree says why, and it is decided again", async () => {
  const id = await grantedNeed(s, "Jory Westbere", ["Leon Denton"]);
  await own("Leon Denton", id, "decline", { whyNot: "It should stay on in the bus." });
  expect(await stateOf(id)).toBe("toDecide");
  expect(await s.tasksOf("Zoe King", id)).toMatchObject([{ rule: "decide" }]);
  await own("Leon Denton", id, "withdraw");
});

test("O51: a parent without an account signs on paper before a witness, and the paper is kept", async () => {
  const id = await grantedNeed(s, "Bram Ickham", ["Ada Elham"]);
  const office = s.as("Bea Wickhurst");
  const signed = async (more: Record<string, unknown>) =>
    office.act("exception", id, "recordOnPaper", {
      signer: s.person("Ada Elham"),
      signedOn: "2026-12-01",
      witness: s.person("Owen Pluckley"),
      signedPaper: await office.upload("terms.pdf"),
      ...more,
    });
  expect(await refused(signed({ signer: s.person("Marta Saltwood") }))).toMatchObject({
    message: expect.stringContaining("by a parent (Mobile policy, section 6)"),
  });
  expect(await refused(signed({ witness: s.person("Ada Elham") }))).toMatchObject({
    message: expect.stringContaining("own signature"),
  });
  expect(await refused(signed({ readVersion: "0".repeat(64) }))).toMatchObject({ code: "FORBIDDEN" });
  expect(await refused(signed({ signedOn: "2027-12-01" }))).toMatchObject({ code: "FORBIDDEN" });
  expect(await refused(signed({ signedPaper: null }))).toMatchObject({ problems: [{ path: "input.signedPaper" }] });
  await signed({});
  expect(await s.record("exception", id, "state signedPaper { name } witness { name }")).toEqual({
    state: "inForce",
    signedPaper: { name: "terms.pdf" },
    witness: { name: "Owen Pluckley" },
  });
  // Who recorded it can look it up again; the rest of the office has no more to do with it.
  expect(await office.record("exception", id, "state")).toEqual({ state: "inForce" });
  expect(await s.as("Harriet Stowting").record("exception", id, "state")).toBeUndefined();

  expect(await refused(own("Ada Elham", id, "revoke", { endReason: "-" }))).toMatchObject({ code: "FORBIDDEN" });
  expect(await refused(own("Zoe King", id, "revoke"))).toMatchObject({ problems: [{ path: "input.endReason" }] });
  await own("Zoe King", id, "revoke", { endReason: "It was used to film." });
  expect(await s.as("Tomas Elmstead").record("exception", id, "state endReason")).toEqual({
    state: "revoked",
    endReason: "It was used to film.",
  });
  expect(await subjects("Ada Elham", id)).toContainEqual(expect.stringMatching(/^No longer in force/));
});

let term: string;
test("O135 O22: agreed to beforehand it begins by itself on its day, and what keeps the risk low goes into the action plan", async () => {
  term = await ask(s, "Tomas Elmstead", { kind: "teachingTime", schoolKit: false });
  const plan = [{ what: "Fit a lock to the cupboard", owner: s.person("Owen Pluckley"), dueOn: "2026-12-14" }];
  await assess(s, term, { plan });
  await grant(s, term, { startsOn: "2026-12-07", until: "2027-07-20" });
  expect(await own("Tomas Elmstead", term, "agree")).toBe("awaitingAgreement");
  await s.clock.to("2026-12-06T20:00:00Z");
  expect(await stateOf(term)).toBe("awaitingAgreement");
  await s.clock.to("2026-12-07T06:00:00Z");
  const { reference, ...begun } = await s.record<{ reference: string }>("exception", term, "reference state beganOn");
  expect(begun).toEqual({ state: "inForce", beganOn: "2026-12-07" });
  expect(
    await s.as("Owen Pluckley").records("actionItem", "what dueOn owner { name }", { origin: { contains: reference } }),
  ).toEqual([{ what: "Fit a lock to the cupboard", dueOn: "2026-12-14", owner: { name: "Owen Pluckley" } }]);
});

let need: string;
test("O135 O22: before it ends its people are reminded; an extension is a new decision, and the old one ends on its day", async () => {
  need = await grantedNeed(s, "Cass Hackington", ["Petra Swingfield"], { until: "2027-02-12" });
  await own("Petra Swingfield", need, "agree");
  await s.clock.to("2027-01-18T12:00:00Z");
  expect(await subjects("Petra Swingfield", need)).toContainEqual(expect.stringMatching(/^Ends on 12 February 2027/));

  const more = { extendUntil: "2027-07-20", whyLonger: "The sensor stays." };
  expect(
    await refused(own("Petra Swingfield", need, "askToExtend", { ...more, extendUntil: "2027-01-31" })),
  ).toMatchObject({ message: expect.stringContaining("later day") });
  await own("Petra Swingfield", need, "askToExtend", more);
  expect(await refused(own("Petra Swingfield", need, "askToExtend", more))).toMatchObject({
    message: expect.stringContaining("asked for already"),
  });
  const [asked] = await s
    .as("Petra Swingfield")
    .records("exception", "state startsOn until why risk { level } pupil { name }", { extends: { eq: need } });
  expect(asked).toEqual({
    state: "requested",
    startsOn: "2027-02-13",
    until: "2027-07-20",
    why: "The sensor stays.",
    risk: null,
    pupil: { name: "Cass Hackington" },
  });

  const due = await lookAt(need);
  await s.clock.to("2027-02-12T20:00:00Z");
  expect(await stateOf(need)).toBe("inForce");
  await s.clock.to("2027-02-13T06:00:00Z");
  expect(await s.record("exception", need, "state endedOn")).toEqual({ state: "ended", endedOn: "2027-02-13" });
  expect(await subjects("Tomas Elmstead", need)).toContainEqual(expect.stringMatching(/^No longer in force/));
  expect(await s.record("riskFollowUp", due, "state")).toEqual({ state: "notNeeded" });
});

test("O22 O135: while it is in force its risk is looked at again; no longer low, it is suspended until decided anew", async () => {
  // Six weeks after it began, and late by now: nobody has looked.
  const first = await lookAt(term);
  expect(await s.tasksOf("Callum Birchwood", first)).toMatchObject([{ rule: "look", dueOn: "2027-01-25" }]);
  expect(await subjects("Zoe King", first)).toContainEqual(expect.stringMatching(/^Still to be looked at/));
  const look = (id: string, action: string, input: Record<string, unknown>) =>
    s.as("Callum Birchwood").act("riskFollowUp", id, action, input);
  expect(await refused(look(first, "confirmLow", { risk: mediumRisk }))).toMatchObject({
    problems: [{ path: "input.risk", message: expect.stringContaining("Mobile policy, section 3") }],
  });
  await look(first, "confirmLow", { risk: lowRisk });
  await hourLater(s);
  expect(await s.record("exception", term, "state followUpDueOn")).toEqual({
    state: "inForce",
    followUpDueOn: "2027-03-27",
  });

  await s.clock.to("2027-03-31T12:00:00Z");
  await look(await lookAt(term), "sayRisen", { risk: mediumRisk, whatChanged: "The cupboard lock broke." });
  await hourLater(s);
  expect(await s.record("exception", term, "state suspendedBecause risk { level }")).toEqual({
    state: "suspended",
    suspendedBecause: "The cupboard lock broke.",
    risk: { level: "medium" },
  });
  expect(await subjects("Tomas Elmstead", term)).toContainEqual(expect.stringMatching(/^Stop for now/));
  expect(await s.tasksOf("Zoe King", term)).toMatchObject([{ rule: "decideSuspended" }]);
  expect(await refused(own("Zoe King", term, "resume", { reasons: "Go on." }))).toMatchObject({
    code: "FORBIDDEN",
    message: expect.stringContaining("Only a low risk"),
  });
  await own("Callum Birchwood", term, "assessAgain", { risk: lowRisk });
  expect(await refused(own("Callum Birchwood", term, "resume", { reasons: "Go on." }))).toMatchObject({
    message: expect.stringMatching(/is decided by .*Zoe King/),
  });
  expect(await own("Zoe King", term, "resume", { reasons: "The lock is mended." })).toBe("inForce");
  await own("Tomas Elmstead", term, "handBack");
});

test("O33 O22 O135: what cannot wait is allowed at once by whoever leads, for a day, and refused afterwards it ends with what was done kept", async () => {
  await s.clock.to("2027-04-20T09:00:00Z");
  const id = await ask(s, "Tomas Elmstead", { kind: "teachingTime", schoolKit: false });
  const emergency = {
    emergencyReason: "My daughter is in theatre.",
    risk: lowRisk,
    agreedOnTheSpot: "Tomas: on the desk, silent, one call in the corridor.",
  };
  expect(await refused(own("Owen Pluckley", id, "allowAtOnce", emergency))).toMatchObject({ code: "NOT_FOUND" });
  expect(await refused(own("Callum Birchwood", id, "allowAtOnce", { ...emergency, risk: mediumRisk }))).toMatchObject({
    problems: [{ path: "input.risk", message: expect.stringContaining("Only a low risk") }],
  });
  expect(
    await refused(own("Callum Birchwood", id, "allowAtOnce", { ...emergency, agreedOnTheSpot: "" })),
  ).toMatchObject({ problems: [{ path: "input.agreedOnTheSpot" }] });
  expect(await own("Callum Birchwood", id, "allowAtOnce", emergency)).toBe("emergency");
  expect(await s.noticesOf("Tomas Elmstead", id)).toContainEqual(expect.objectContaining({ urgent: true }));
  expect(await s.tasksOf("Zoe King", id)).toMatchObject([{ rule: "decideEmergency", dueOn: "2027-04-21" }]);

  await s.clock.to("2027-04-21T10:00:00Z");
  expect(await stateOf(id)).toBe("emergencyOver");
  expect(await subjects("Tomas Elmstead", id)).toContainEqual(expect.stringMatching(/^The day is over/));
  const no = { reasons: "The office could have been rung.", doneMeanwhile: "One call of four minutes." };
  expect(await refused(own("Zoe King", id, "refuseAfterwards", { ...no, doneMeanwhile: "" }))).toMatchObject({
    problems: [{ path: "input.doneMeanwhile" }],
  });
  expect(await own("Zoe King", id, "refuseAfterwards", no)).toBe("refused");
  expect(await s.as("Tomas Elmstead").record("exception", id, "doneMeanwhile emergencyBy { name }")).toEqual({
    doneMeanwhile: "One call of four minutes.",
    emergencyBy: { name: "Callum Birchwood" },
  });
  expect(await subjects("Tomas Elmstead", id)).toContainEqual(expect.stringMatching(/^No longer in force/));
});

test("O134: nobody allows their own emergency, and the head's is decided afterwards by the chair", async () => {
  const emergency = { emergencyReason: "A parent in hospital.", risk: lowRisk, agreedOnTheSpot: "Silent, one call." };
  const deputys = await ask(s, "Callum Birchwood", { kind: "teachingTime", schoolKit: false });
  expect(await refused(own("Callum Birchwood", deputys, "allowAtOnce", emergency))).toMatchObject({
    code: "FORBIDDEN",
  });
  const heads = await ask(s, "Zoe King", { kind: "teachingTime", schoolKit: false });
  await own("Callum Birchwood", heads, "allowAtOnce", emergency);
  const right = { reasons: "It could not wait." };
  expect(await refused(own("Zoe King", heads, "confirmEmergency", right))).toMatchObject({ code: "FORBIDDEN" });
  expect(await refused(own("Zoe King", heads, "refuseAfterwards", { ...right, doneMeanwhile: "-" }))).toMatchObject({
    code: "FORBIDDEN",
  });
  expect(await s.tasksOf("Rowan Ashdown", heads)).toMatchObject([{ rule: "decideEmergency" }]);
  expect(await own("Rowan Ashdown", heads, "confirmEmergency", right)).toBe("ended");
});

test("O50: a question that nobody answers lapses after some weeks", async () => {
  const id = await ask(s, "Marta Saltwood", { startsOn: "2027-05-04" });
  await own("Zoe King", id, "sendBack", { whatIsMissing: "Where?" });
  await s.clock.to("2027-06-10");
  expect(await stateOf(id)).toBe("withdrawn");
  expect((await subjects("Marta Saltwood", id)).length).toBeGreaterThan(2);
});

test("O22 O49: the risk of a pupil's exception is looked at as anybody's is", async () => {
  const id = await grantedNeed(s, "Odette Sturry", ["Petra Swingfield"], {
    startsOn: "2027-06-14",
    until: "2028-05-01",
  });
  await own("Petra Swingfield", id, "agree");
  await s.clock.to("2027-07-28");
  const look = s.as("Callum Birchwood").act("riskFollowUp", await lookAt(id), "confirmLow", { risk: lowRisk });
  expect(await look).toBe("low");
});

test("O22 O51 O135: what was granted and never agreed to passes by with its time or is taken back, and is not said to have been in force", async () => {
  const span = { startsOn: "2027-09-06", until: "2027-09-30" };
  const [late, taken] = [
    await grantedNeed(s, "Odette Sturry", ["Petra Swingfield"], span),
    await grantedNeed(s, "Cass Hackington", ["Petra Swingfield"], span),
  ];
  expect(await refused(own("Zoe King", taken, "takeBack"))).toMatchObject({ problems: [{ path: "input.endReason" }] });
  expect(await own("Zoe King", taken, "takeBack", { endReason: "The sensor works without a phone." })).toBe("revoked");
  await s.clock.to("2027-09-30T20:00:00Z");
  expect(await stateOf(late)).toBe("awaitingAgreement");
  await s.clock.to("2027-10-01T06:00:00Z");
  expect(await s.record("exception", late, "state beganOn endedOn")).toEqual({
    state: "ended",
    beganOn: null,
    endedOn: "2027-10-01",
  });
  for (const id of [late, taken]) {
    expect(await subjects("Petra Swingfield", id)).toContainEqual(expect.stringMatching(/^Does not come into force/));
    expect(await subjects("Petra Swingfield", id)).not.toContainEqual(expect.stringMatching(/^No longer in force/));
  }
});
