/** Exceptions up to the decision: who may ask, what must be said, who assesses, who decides, and what is refused. */
import { agree, campaign } from "./agreements";
import { ask, assess, decision, discussed, grant, lowRisk, mediumRisk, pupil, pupilTerms } from "./exceptions";
import { refused, type Story, story } from "./world";

let s: Story;
beforeAll(async () => {
  s = await story();
  await s.clock.to("2026-11-23T12:00:00Z");
}, 120_000);

const unread = { textHash: "0".repeat(64) };
const stateOf = async (id: string) => (await s.record<{ state: string }>("exception", id, "state")).state;
const warningsOf = async (who: string, id: string) =>
  (await s.as(who).record<{ warnings: { message: string }[] }>("exception", id, "warnings { message }"))?.warnings.map(
    ({ message }) => message,
  );

test("O22 O50: anybody asks, with a reason; the risk is assessed by somebody else; only a low one is granted, on terms that were read", async () => {
  expect(await refused(ask(s, "Tomas Elmstead", { why: "" }))).toMatchObject({
    code: "INVALID_INPUT",
    problems: [{ path: "input.why" }],
  });
  const id = await ask(s, "Tomas Elmstead");
  expect(await s.tasksOf("Zoe King", id)).toMatchObject([{ rule: "assess", dueOn: "2026-11-26" }]);
  expect(await s.as("Idris Lympne").record("exception", id, "state")).toBeUndefined();

  const deputy = s.as("Callum Birchwood");
  expect(await refused(deputy.act("exception", id, "assess"))).toMatchObject({ problems: [{ path: "input.risk" }] });
  expect(await refused(s.as("Tomas Elmstead").act("exception", id, "assess", { risk: lowRisk }))).toMatchObject({
    code: "FORBIDDEN",
  });
  expect(await assess(s, id, { risk: mediumRisk })).toBe("toDecide");
  expect(await s.tasksOf("Zoe King", id)).toMatchObject([{ rule: "decide", dueOn: "2026-11-30" }]);
  expect(await refused(grant(s, id))).toMatchObject({
    code: "FORBIDDEN",
    message: expect.stringContaining("Only a low risk can be granted (Mobile policy, section 3)"),
  });

  const head = s.as("Zoe King");
  expect(await refused(head.act("exception", id, "sendBack"))).toMatchObject({
    problems: [{ path: "input.whatIsMissing" }],
  });
  await head.act("exception", id, "sendBack", { whatIsMissing: "Who else could carry it?" });
  expect(await s.tasksOf("Tomas Elmstead", id)).toMatchObject([{ rule: "complete" }]);
  await s.as("Tomas Elmstead").act("exception", id, "answer", { why: "The fire panel rings it; the office is shut." });
  await assess(s, id);

  expect(await refused(grant(s, id, {}, "Callum Birchwood"))).toMatchObject({
    code: "FORBIDDEN",
    message: expect.stringContaining("decided by Zoe King"),
  });
  expect(await refused(grant(s, id, { reasons: "" }))).toMatchObject({ problems: [{ path: "input.reasons" }] });
  expect(await refused(grant(s, id, unread))).toMatchObject({ code: "STALE" });
  expect(await refused(grant(s, id, { until: "2027-12-31" }))).toMatchObject({
    problems: [{ path: "input.until", message: expect.stringContaining("too long") }],
  });
  expect(await grant(s, id)).toBe("awaitingAgreement");
  expect(await s.record("exception", id, "decidedBy { name } decidedOn terms { inForce }")).toEqual({
    decidedBy: { name: "Zoe King" },
    decidedOn: "2026-11-23",
    terms: { inForce: true },
  });
  // What was granted stands as it was asked: a change needs a new decision.
  expect(await refused(head.update("exception", id, { why: "Something else." }))).toMatchObject({
    code: "INVALID_INPUT",
    problems: [{ path: "input.why" }],
  });
});

test("O22: a refusal says why, and whoever asked reads it", async () => {
  const id = await ask(s, "Owen Pluckley");
  expect(await refused(s.as("Zoe King").act("exception", id, "refuse"))).toMatchObject({
    problems: [{ path: "input.reasons" }],
  });
  await s.as("Zoe King").act("exception", id, "refuse", { reasons: "The office can be rung instead." });
  expect(await s.as("Owen Pluckley").record("exception", id, "state reasons")).toEqual({
    state: "refused",
    reasons: "The office can be rung instead.",
  });
  expect((await s.noticesOf("Owen Pluckley", id)).map(({ body }) => body)).toEqual([
    expect.stringContaining("The office can be rung instead."),
  ]);
});

test("terms that nobody has written yet may be left out; written ones are replaced, never removed", async () => {
  const id = await ask(s, "Yasmin Chilham");
  expect(await assess(s, id, { terms: null })).toBe("toDecide");
  await s.as("Zoe King").act("exception", id, "sendBack", { whatIsMissing: "The terms." });
  await s.as("Yasmin Chilham").act("exception", id, "answer");
  await assess(s, id);
  await s.as("Zoe King").act("exception", id, "sendBack", { whatIsMissing: "Shorter terms." });
  await s.as("Yasmin Chilham").act("exception", id, "answer");
  expect(await refused(assess(s, id, { terms: null }))).toMatchObject({ problems: [{ path: "input.terms" }] });
});

test("O134: the headteacher's own request is assessed by somebody else and decided by the chair", async () => {
  const id = await ask(s, "Zoe King");
  expect(await warningsOf("Zoe King", id)).toContain("It is the headteacher's own, so the chair decides.");
  expect(await refused(s.as("Zoe King").act("exception", id, "assess", { risk: lowRisk }))).toMatchObject({
    code: "FORBIDDEN",
  });
  const others = await ask(s, "Marta Saltwood");
  await assess(s, id);
  await assess(s, others);
  expect(await refused(grant(s, id))).toMatchObject({
    code: "FORBIDDEN",
    message: expect.stringMatching(/party to this exception, so Rowan Ashdown decides/),
  });
  expect(await s.tasksOf("Rowan Ashdown", id)).toMatchObject([{ rule: "decide" }]);
  // Of the others the chair sees nothing.
  expect(await s.as("Rowan Ashdown").record("exception", others, "state")).toBeUndefined();
  expect(await grant(s, id, {}, "Rowan Ashdown")).toBe("awaitingAgreement");
  expect(await s.as("Rowan Ashdown").record("exception", id, "decidedBy { name }")).toEqual({
    decidedBy: { name: "Rowan Ashdown" },
  });
});

test("O134: who benefits from somebody else's request does not decide it; the office enters what was asked at the desk", async () => {
  const id = await ask(s, "Marta Saltwood", { involved: [s.person("Zoe King"), s.person("Rowan Ashdown")] });
  await assess(s, id);
  expect(await refused(grant(s, id))).toMatchObject({ code: "FORBIDDEN" });
  expect(await s.tasksOf("Imogen Tarrant", id)).toMatchObject([{ rule: "decide" }]);

  const entered = await ask(s, "Bea Wickhurst", { forWhom: s.person("Owen Pluckley") });
  expect(await s.as("Owen Pluckley").record("exception", entered, "state requestedBy { name }")).toEqual({
    state: "requested",
    requestedBy: { name: "Bea Wickhurst" },
  });
});

test("O33: permission for teaching time is written, in terms that can be read", async () => {
  const id = await ask(s, "Yasmin Chilham", { kind: "teachingTime", schoolKit: false });
  await s.as("Callum Birchwood").act("exception", id, "assess", { risk: lowRisk });
  expect(await refused(grant(s, id, unread))).toMatchObject({ message: expect.stringContaining("no text to ratify") });
  await s
    .as("Zoe King")
    .update("exception", id, { terms: "## Terms\n\nOn the desk, silent, for the hospital's call." });
  expect(await grant(s, id)).toBe("awaitingAgreement");
});

test("O39: an own device for remote teaching is for when no school device is to be had, assessed and approved beforehand", async () => {
  const remote = { kind: "remoteTeaching", what: "Own laptop for a week" };
  expect(await refused(ask(s, "Gwen Otterpool", { ...remote, schoolKit: true }))).toMatchObject({
    problems: [{ path: "input.schoolKit", message: expect.stringContaining("Mobile policy, section 5") }],
  });
  const id = await ask(s, "Gwen Otterpool", { ...remote, schoolKit: false });
  expect(await refused(grant(s, id, unread))).toMatchObject({ code: "WRONG_STATE" });
  await assess(s, id);
  expect(await grant(s, id)).toBe("awaitingAgreement");
});

test("O38: contact with parents on an own device needs exceptional circumstances and the head's express yes", async () => {
  const contact = { kind: "parentContact", what: "Own phone on the residential", schoolKit: false };
  expect(await refused(ask(s, "Idris Lympne", contact))).toMatchObject({
    problems: [{ path: "input.exceptional" }],
  });
  const id = await ask(s, "Idris Lympne", { ...contact, exceptional: "The school's phone was stolen on the way." });
  await assess(s, id);
  expect(await grant(s, id, { contactThrough: ["workEmail"] })).toBe("awaitingAgreement");
});

test("O48: a pupil's occasional use is by the head's permission", async () => {
  const child = await pupil(s, "Wilf Nackington", ["Ada Elham"]);
  const id = await ask(s, "Ada Elham", { kind: "pupilOccasional", pupil: child, what: "A phone for the walk home" });
  await assess(s, id, { terms: pupilTerms });
  expect(await refused(grant(s, id, {}, "Callum Birchwood"))).toMatchObject({ code: "FORBIDDEN" });
  expect(await grant(s, id)).toBe("awaitingAgreement");
});

test("O49 O51: a pupil's need is discussed with the head; its terms name what follows on misuse, and a parent is there to agree", async () => {
  const child = await pupil(s, "Maisie Throwley", []);
  const id = await ask(s, "Tomas Elmstead", { kind: "pupilNeed", pupil: child, what: "A phone for a sensor" });
  await assess(s, id);
  const answers = { ...discussed(s) };
  expect(await refused(grant(s, id, answers))).toMatchObject({
    problems: [
      { path: "input.pupil", message: expect.stringContaining("none is entered") },
      { path: "input.terms", message: expect.stringContaining("misuse") },
    ],
  });
  await s.as("Bea Wickhurst").update("pupil", child, { parents: [s.person("Petra Swingfield")] });
  await s.as("Zoe King").update("exception", id, { terms: pupilTerms });
  expect(await refused(grant(s, id))).toMatchObject({
    problems: [{ path: "input.discussedWith", message: expect.stringContaining("discussed with the headteacher") }],
  });
  expect(await refused(grant(s, id, { ...answers, discussedWith: s.person("Owen Pluckley") }))).toMatchObject({
    problems: [{ path: "input.discussedWith" }],
  });
  expect(await grant(s, id, answers)).toBe("awaitingAgreement");
});

test("O50: medical detail is read by the head, the safeguarding lead and those named, not by the others who see the request", async () => {
  const child = await pupil(s, "Otis Bekesbourne", ["Petra Swingfield"]);
  const medicalDetail = "Diabetes: the sensor reads every five minutes.";
  const id = await ask(s, "Petra Swingfield", {
    kind: "pupilNeed",
    pupil: child,
    what: "A phone for a sensor",
    adjustment: true,
    adjustmentReason: "The sensor works with this phone alone.",
    medicalDetail,
  });
  const read = (who: string) => s.as(who).record("exception", id, "what medicalDetail adjustmentReason");
  expect(await read("Zoe King")).toMatchObject({ medicalDetail });
  expect(await read("Petra Swingfield")).toMatchObject({ medicalDetail });
  expect(await read("Callum Birchwood")).toEqual({
    what: "A phone for a sensor",
    medicalDetail: null,
    adjustmentReason: null,
  });
  expect(await read("Tomas Elmstead")).toBeUndefined();
  const mails = await s.noticesOf("Zoe King", id);
  expect(mails.map(({ subject, body }) => subject + body).join()).not.toMatch(/iabetes/);
});

test("O70 O71: a visitor's device is discussed with the head before use, and assessed", async () => {
  const id = await ask(s, "Hugo Stelling", { kind: "visitorDevice", what: "A tablet for a hearing test" });
  await assess(s, id);
  expect(await refused(grant(s, id))).toMatchObject({
    problems: [{ path: "input.discussedWith", message: expect.stringContaining("visitor's device") }],
  });
  expect(await grant(s, id, { ...discussed(s), conditions: "In the library, with the door open." })).toBe(
    "awaitingAgreement",
  );
});

test("O69: a regular visitor has agreed to the acceptable use policy before a device is allowed", async () => {
  const id = await ask(s, "Felix Hythecroft", { kind: "visitorDevice", what: "A tablet for coaching" });
  await assess(s, id, discussed(s));
  expect(await refused(grant(s, id))).toMatchObject({
    code: "FORBIDDEN",
    message: expect.stringContaining("Mobile policy, section 7"),
  });
  await campaign(s, "visitorAup", { people: ["Felix Hythecroft"] });
  await agree(s, "Felix Hythecroft", "visitorAup");
  expect(await grant(s, id)).toBe("awaitingAgreement");
}, 60_000);

test("O89: a platform for learning is assessed by the safeguarding lead or the head", async () => {
  await s
    .as("Harriet Stowting")
    .ask('mutation ($person: ID!) { appoint(person: $person, role: "seniorLeader") { id } }', {
      person: s.person("Marta Saltwood"),
    });
  const id = await ask(s, "Gwen Otterpool", {
    kind: "learningPlatform",
    platform: "Bramblenote",
    what: "A reading diary in Bramblenote",
  });
  const assessment = { risk: lowRisk, terms: "## Terms\n\nSchool accounts only." };
  expect(await refused(s.as("Marta Saltwood").act("exception", id, "assess", assessment))).toMatchObject({
    code: "FORBIDDEN",
    message: expect.stringContaining("safeguarding lead or the headteacher"),
  });
  expect(await s.as("Callum Birchwood").act("exception", id, "assess", assessment)).toBe("toDecide");
});

test("O35 O105 O106: a relationship from before is discussed, and decision and advice are recorded", async () => {
  const id = await ask(s, "Yasmin Chilham", { kind: "relationship", what: "My niece is in 4 Oak" });
  await assess(s, id);
  expect(await refused(grant(s, id, discussed(s)))).toMatchObject({
    problems: [{ path: "input.advice", message: expect.stringContaining("Social media policy, section 4.2") }],
  });
  const advice = { advice: "Family messages stay about family.", contactThrough: ["alumni", "family"] };
  expect(await grant(s, id, { ...discussed(s), ...advice })).toBe("awaitingAgreement");
  expect(await s.as("Yasmin Chilham").record("exception", id, "advice contactThrough reasons")).toEqual({
    ...advice,
    reasons: decision.reasons,
  });
});

test("O44: where pupils' devices in a lesson are asked for, the page says that the policy contradicts itself", async () => {
  const id = await ask(s, "Gwen Otterpool", { kind: "pupilLesson", what: "Timing a race in PE" });
  expect(await warningsOf("Zoe King", id)).toEqual([expect.stringMatching(/both bans pupils' devices on site and/)]);
  expect(await stateOf(id)).toBe("requested");
});
