/** From triage to the last lesson: who must be told first, the outcome, the debrief, what changes, and only then the end. */
import { hourLater, ratify, textInForce } from "./agreements";
import {
  debriefOf,
  incident,
  lessonsOf,
  outcome,
  parentsTold,
  reportIncident,
  toDebrief,
  triage,
  waitingFor,
} from "./incidents";
import { refused, type Story, story, type Values } from "./world";

let s: Story;
beforeAll(async () => {
  s = await story();
  await s.clock.to("2026-11-24T09:00:00Z");
}, 120_000);

const callum = () => s.as("Callum Birchwood");
const zoe = () => s.as("Zoe King");
const subjects = async (name: string, id: string) =>
  (await s.noticesOf(name, id)).map(({ subject }) => subject.replace(/:? INC-\d+/, ""));
const reflection = { present: [] as string[], reflection: "The rule was known, and it was reported at once." };
const debriefed = (more: Values) => ({ ...reflection, present: [s.person("Zoe King")], ...more });

test("O42 O53 O58 O72 O130: no outcome and no end while somebody who must be told has not been", async () => {
  const id = await reportIncident(s, { about: "staff", images: true, subject: s.person("Owen Pluckley") }, "Zoe King");
  // The safeguarding lead is asked as the report comes in, before anybody has looked at the rest.
  expect(await waitingFor(s, "Callum Birchwood", id)).toEqual(["safeguarding", "triage"]);
  await triage(s, id, { category: "examDevice", severity: "high", routes: ["allegations"], offence: true });
  const due = (await s.tasksOf("Zoe King", id)).find(({ rule }) => rule === "lado");
  expect(due).toMatchObject({ dueOn: "2026-11-25" });

  const [at, person] = ["2026-11-24T10:00:00Z", s.person("Callum Birchwood")];
  const steps: [RegExp, string, Values, Values][] = [
    [
      /^The safeguarding lead must be told first/,
      "safeguardingTold",
      { safeguardingAt: at, safeguardingBy: person, fileReference: "CP-204" },
      { safeguardingAt: at, safeguardingBy: person },
    ],
    [
      /^The local authority's designated officer must be told/,
      "ladoTold",
      { ladoAt: at, ladoContact: "Duty officer", ladoReference: "KCC-17" },
      { ladoAt: at, ladoContact: "Duty officer" },
    ],
    [
      /^The police must be told/,
      "policeTold",
      { policeAt: at, policeContact: "101", policeReference: "46/1234" },
      { policeAt: at },
    ],
    [/^The headteacher must be told/, "headTold", { headAt: at }, {}],
    [
      /^The examining body must be told/,
      "examBodyTold",
      { examBodyAt: at, examBodyContact: "STA helpline", examBodyReference: "STA-9" },
      { examBodyContact: "STA helpline" },
    ],
  ];
  const ends: [string, Values][] = [
    ["recordOutcome", { ...outcome, measures: ["disciplinary", "warned"], examOutcome: "warning" }],
    ["endAsNoBreach", { noBreachWhy: "It was somebody else's." }],
  ];
  for (const [refusal, action, told, half] of steps) {
    for (const [end, answers] of ends)
      expect((await refused(zoe().act("incident", id, end, answers))).message).toMatch(refusal);
    expect((await refused(zoe().act("incident", id, action, half))).code).toBe("INVALID_INPUT");
    await zoe().act("incident", id, action, told);
  }
  expect(await waitingFor(s, "Callum Birchwood", id)).toEqual(["investigate"]);
  const undecided = { ...outcome, measures: ["disciplinary"] };
  expect((await refused(zoe().act("incident", id, "recordOutcome", undecided))).message).toMatch(
    /what the examining body decided/,
  );
  expect((await refused(callum().act("incident", id, ...(ends[0] as [string, Values])))).message).toMatch(
    /the headteacher decides/,
  );
  expect(await zoe().act("incident", id, ...(ends[0] as [string, Values]))).toBe("awaitingDebrief");
  expect(await s.record("incident", id, "examOutcome examBodyReference fileReference")).toEqual({
    examOutcome: "warning",
    examBodyReference: "STA-9",
    fileReference: "CP-204",
  });
});

test("O130: it is a safeguarding lead who takes it, and who is asked every hour until then", async () => {
  const id = await reportIncident(s, { atRisk: true });
  await triage(s, id, { category: "harmful", severity: "high", routes: ["childProtection"] });
  const told = { safeguardingAt: "2026-11-24T10:00:00Z", fileReference: "CP-205" };
  const owen = { ...told, safeguardingBy: s.person("Owen Pluckley") };
  expect((await refused(callum().act("incident", id, "safeguardingTold", owen))).message).toMatch(
    /^Name a safeguarding lead/,
  );
  await s.clock.to("2026-11-24T10:30:00Z");
  expect(await subjects("Callum Birchwood", id)).toContain("Still waiting for you");
  await callum().act("incident", id, "safeguardingTold", { ...told, safeguardingBy: s.person("Callum Birchwood") });
});

test("O66: a possible crime has its day from when it was found out, and is asked about until the police know", async () => {
  const judged = { category: "offence", severity: "high", offence: true };
  const id = await incident(s, { foundOn: "2026-11-23" }, judged);
  expect(await s.tasksOf("Callum Birchwood", id)).toContainEqual(
    expect.objectContaining({ rule: "police", dueOn: "2026-11-24" }),
  );
  await s.clock.to("2026-11-24T14:45:00Z");
  expect(await subjects("Callum Birchwood", id)).toContain("Somebody has still not been told");
  await s.clock.to("2026-11-25T09:00:00Z");
  const police = { policeAt: "2026-11-25T09:00:00Z", policeContact: "101", policeReference: "46/77" };
  await callum().act("incident", id, "policeTold", police);
  const before = (await subjects("Zoe King", id)).length;
  await callum().act("incident", id, "parentsTold", parentsTold);
  await callum().act("incident", id, "headTold", { headAt: "2026-11-25T09:00:00Z" });
  await s.clock.to("2026-11-26T16:00:00Z");
  expect(await subjects("Zoe King", id)).toHaveLength(before);
});

test("O79 O81 O83 O88 O96 O131 O132: sanction or support, parents told or why not, access removed until its day", async () => {
  const id = await incident(s, {}, { category: "underAge", severity: "medium" });
  const { warnings } = await s.record<{ warnings: { message: string }[] }>("incident", id, "warnings { message }");
  expect(warnings).toEqual([{ message: expect.stringContaining("parents above all") }]);
  expect((await refused(callum().act("incident", id, "recordOutcome", outcome))).message).toMatch(/^The parents must/);
  expect((await refused(callum().act("incident", id, "parentsTold"))).message).toMatch(/or why they are not/);
  await callum().act("incident", id, "parentsTold", parentsTold);
  await callum().act("incident", id, "logStep", {
    contacts: [{ on: "2026-11-26", who: "Petra Swingfield", what: "She takes the account down." }],
  });
  const [pupil] = [await s.as("Bea Wickhurst").create("pupil", { name: "Robin Wychling" })];
  const removed = { access: "internet", pupil, until: "2026-12-10" };
  const nobody = { ...outcome, accessRemoved: [{ access: "internet", until: "2026-12-10" }] };
  expect((await refused(callum().act("incident", id, "recordOutcome", nobody))).message).toMatch(
    /a grown-up or a pupil/,
  );
  await callum().act("incident", id, "recordOutcome", {
    ...outcome,
    measures: ["support", "accessRemoved"],
    accessRemoved: [removed],
  });
  const [access] = await zoe().records<{ id: string; state: string; decidedBy: { name: string } }>(
    "accessRemoval",
    "id state decidedBy { name }",
  );
  expect(access).toMatchObject({ state: "inForce", decidedBy: { name: "Callum Birchwood" } });
  const removal = access?.id ?? "";
  expect(await waitingFor(s, "Bea Wickhurst", removal)).toEqual(["takeAway"]);
  expect((await refused(callum().act("accessRemoval", removal, "lift", { reason: "Enough." }))).code).toBe("FORBIDDEN");

  const staffAlone = { informed: ["parents", "staff"] };
  expect((await refused(callum().act("incident", id, "giveInformation", staffAlone))).message).toMatch(
    /whistleblowing/,
  );
  await callum().act("incident", id, "giveInformation", { ...staffAlone, whistleblowing: true });
  expect(await waitingFor(s, "Callum Birchwood", id)).toEqual([]);

  await s.clock.to("2026-12-10T20:00:00Z");
  expect((await s.noticesOf("Callum Birchwood", removal)).map(({ subject }) => subject)).toEqual([
    expect.stringMatching(/^Ends on 10 December 2026/),
  ]);
  expect(await s.record("accessRemoval", removal, "state")).toEqual({ state: "inForce" });
  await s.clock.to("2026-12-11T08:30:00Z");
  expect(await s.record("accessRemoval", removal, "state")).toEqual({ state: "over" });
  expect(await waitingFor(s, "Bea Wickhurst", removal)).toEqual(["giveBack"]);
  expect(await s.as("Bea Wickhurst").act("accessRemoval", removal, "giveBack")).toBe("ended");
});

test("O81: an open incident that goes quiet is asked about, the sooner the more serious it is", async () => {
  const [high, low] = [await incident(s, {}, { severity: "high" }), await incident(s)];
  // Friday: two working days on is Tuesday, ten is the week before Christmas is over.
  const quiet = async (id: string) => (await subjects("Callum Birchwood", id)).filter((one) => one === "Gone quiet");
  await s.clock.to("2026-12-15T12:00:00Z");
  expect([await quiet(high), await quiet(low)]).toEqual([["Gone quiet"], []]);
  await callum().act("incident", high, "logStep", {
    contacts: [{ on: "2026-12-15", who: "Class teacher", what: "Talked with the class." }],
  });
  await s.clock.to("2026-12-16T12:00:00Z");
  expect(await quiet(high)).toHaveLength(1);
  await s.clock.to("2026-12-29T12:00:00Z");
  expect((await quiet(low)).length).toBe(1);
  expect((await quiet(high)).length).toBeGreaterThan(2);
});

test("O80: no investigation ends without a debrief in time, and a debrief names lessons or says why there are none", async () => {
  await s.clock.to("2027-01-06T09:00:00Z");
  const { incident: id, debrief } = await toDebrief(s, { summary: "Filmed at the swimming pool" });
  expect((await refused(callum().act("incident", id, "close"))).code).toBe("WRONG_STATE");
  expect(await s.tasksOf("Zoe King", debrief)).toMatchObject([{ rule: "hold", dueOn: "2027-01-20" }]);
  expect(await s.as("Tomas Elmstead").record("debrief", debrief, "id")).toBeUndefined();
  await s.clock.to("2027-01-22T12:00:00Z");
  expect((await s.noticesOf("Zoe King", debrief)).map(({ subject }) => subject.split(" ")[1])).toEqual([
    "to",
    "to",
    "late",
  ]);
  const hold = (more: Values) => zoe().act("debrief", debrief, "hold", debriefed(more));
  expect((await refused(hold({ noLessons: "Nothing.", reflection: null }))).code).toBe("INVALID_INPUT");
  expect((await refused(hold({}))).message).toMatch(/^Name at least one lesson/);
  await hold({ noLessons: "The signs are up, and the rule was known." });
  await hourLater(s);
  expect(await waitingFor(s, "Callum Birchwood", id)).toEqual(["inform", "seeThrough"]);
  expect((await refused(callum().act("incident", id, "close"))).message).toMatch(/to whom the complaints procedure/);
  await callum().act("incident", id, "giveInformation", { informed: ["pupil", "parents"] });
  expect(await callum().act("incident", id, "close")).toBe("closed");
  expect(await refused(callum().create("lesson", { what: "Late", change: "practice", incident: id }))).toMatchObject({
    problems: [{ path: "input.incident" }],
  });
  // Something new comes up: it is looked at afresh, and debriefed again.
  expect(await zoe().act("incident", id, "reopen", { whyAgain: "A second film." })).toBe("reported");
  expect(await triage(s, id, {})).toBe("investigating");
  await callum().act("incident", id, "recordOutcome", outcome);
  expect(await callum().records("debrief", "id", { incident: { eq: id } })).toHaveLength(2);
});

test("O80: a lesson closes only once its actions are done, its policy ratified since, or the curriculum changed", async () => {
  const policy = await textInForce(s, "staffAup");
  const { incident: id, debrief } = await toDebrief(s, { summary: "Watches used to message" });
  const owner = s.person("Tomas Elmstead");
  await zoe().act(
    "debrief",
    debrief,
    "hold",
    debriefed({
      lessons: [
        { what: "Watches count as phones", change: "policy", policy, owner },
        { what: "Watches in the online-safety unit", change: "curriculum", owner, dueOn: "2027-02-12" },
        { what: "Boxes for watches at the gate", change: "practice", owner },
      ],
    }),
  );
  await hourLater(s);
  await callum().act("incident", id, "giveInformation", { informed: ["pupil"] });
  const lessons = await lessonsOf(s, id);
  const [words, taught, boxes] = ["phones", "unit", "Boxes"].map(
    (word) => lessons.find(({ what }) => what.includes(word))?.id ?? "",
  ) as [string, string, string];
  expect(await s.tasksOf("Tomas Elmstead", taught)).toMatchObject([{ rule: "carryOut", dueOn: "2027-02-12" }]);
  expect((await refused(callum().act("incident", id, "close"))).message).toMatch(/^A lesson of this incident is open/);

  const tomas = s.as("Tomas Elmstead");
  const finish = (lesson: string, answers: Values = { result: "Done." }) =>
    tomas.act("lesson", lesson, "finish", answers);
  expect((await refused(finish(taught, {}))).code).toBe("INVALID_INPUT");
  expect((await refused(finish(taught))).message).toMatch(/^Say what is taught now/);
  const unit = await tomas.create("curriculumUnit", {
    topic: "Watches",
    yearGroup: 5,
    subject: "pshe",
    teachBy: "2027-02-10",
  });
  expect(await finish(taught, { result: "In the plan.", curriculumUnit: unit })).toBe("done");
  expect(await s.record("lesson", taught, "curriculumUnit { recordTitle }")).toMatchObject({
    curriculumUnit: { recordTitle: expect.stringContaining("Watches") },
  });

  expect((await refused(finish(boxes))).message).toMatch(/^Nothing has been done for it yet/);
  await tomas.act("lesson", boxes, "planActions", {
    actions: [{ what: "Buy boxes", owner: s.person("Bea Wickhurst"), dueOn: "2027-02-01" }],
  });
  const [action] = await zoe().records<{ id: string }>("actionItem", "id", { what: { eq: "Buy boxes" } });
  expect((await refused(finish(boxes))).message).toMatch(/^An action of this lesson is open/);
  await s.as("Bea Wickhurst").act("actionItem", action?.id ?? "", "finish", { outcome: "Two boxes." });
  expect(await finish(boxes)).toBe("done");

  expect((await refused(finish(words))).message).toMatch(/ask for its review/);
  await tomas.act("lesson", words, "askReview");
  await hourLater(s);
  expect(await s.record("policy", policy, "state reviewTrigger reviewReason")).toEqual({
    state: "inReview",
    reviewTrigger: "concern",
    reviewReason: "Watches count as phones",
  });
  expect((await refused(finish(words))).message).toMatch(/ratified it since/);
  expect((await refused(callum().act("incident", id, "close"))).message).toMatch(/^A lesson/);
  await ratify(s, policy);
  expect(await finish(words, { result: "Watches are named in section 6." })).toBe("done");
  await hourLater(s);
  expect(await subjects("Callum Birchwood", id)).toContain("A lesson of is done");
  expect(await callum().act("incident", id, "close")).toBe("closed");
});

test("O80 O134: a lesson is dropped by the headteacher alone, or by the chair where it comes from the head's own case", async () => {
  const said = { about: "headteacher", subject: s.person("Zoe King"), summary: "A post from an own account" };
  const id = await reportIncident(s, said);
  const chair = s.as("Rowan Ashdown");
  await triage(s, id, { category: "roleConflict", routes: ["codeOfConduct"] }, "Rowan Ashdown");
  await chair.act("incident", id, "recordOutcome", outcome);
  const debrief = await debriefOf(s, id, "Rowan Ashdown");
  expect(await waitingFor(s, "Rowan Ashdown", debrief)).toEqual(["hold"]);
  // Leaders hold debriefs, but not of what they may not see.
  expect(await callum().record("debrief", debrief, "id")).toBeUndefined();
  const owner = s.person("Tomas Elmstead");
  const lessons = [{ what: "One account for school news", change: "practice", owner }];
  await chair.act("debrief", debrief, "hold", debriefed({ lessons }));
  const [lesson] = await lessonsOf(s, id);
  const lessonId = lesson?.id ?? "";
  expect(await zoe().record("lesson", lessonId, "id")).toBeUndefined();
  expect(await s.as("Tomas Elmstead").record("lesson", lessonId, "subject { name }")).toEqual({ subject: null });
  expect(await chair.record("lesson", lessonId, "subject { name }")).toEqual({ subject: { name: "Zoe King" } });
  expect((await refused(callum().update("lesson", lessonId, { subject: null }))).code).toBe("INVALID_INPUT");
  const why = { result: "The account is closed." };
  expect(await refused(callum().act("lesson", lessonId, "drop", why))).toMatchObject({ code: "FORBIDDEN" });
  expect((await refused(chair.act("lesson", lessonId, "drop"))).code).toBe("INVALID_INPUT");
  expect(await chair.act("lesson", lessonId, "drop", why)).toBe("dropped");
  const ordinary = await callum().create("lesson", { what: "A sign at the back gate", change: "practice" });
  expect(await refused(chair.act("lesson", ordinary, "drop", why))).toMatchObject({ code: "FORBIDDEN" });
  expect(await zoe().act("lesson", ordinary, "drop", why)).toBe("dropped");
});

test("O80: of a lesson opened and an incident closed at one moment, one does not happen", async () => {
  const { incident: id, debrief } = await toDebrief(s);
  await zoe().act("debrief", debrief, "hold", debriefed({ noLessons: "All was well." }));
  await hourLater(s);
  await callum().act("incident", id, "giveInformation", { informed: ["pupil"] });
  const lesson = { what: "One more thing", change: "practice", incident: id };
  await Promise.allSettled([zoe().create("lesson", lesson), callum().act("incident", id, "close")]);
  const [{ state }, open] = [
    await s.record<{ state: string }>("incident", id, "state"),
    (await lessonsOf(s, id)).filter((one) => one.state === "toDo").length,
  ];
  expect([`closed 0`, `lessonsInHand 1`]).toContain(`${state} ${open}`);
});

test("O42 O82 O84: advice is asked of an outside body, kept from whom it is about, and answered before the end", async () => {
  const yasmin = s.person("Yasmin Chilham");
  const judged = { category: "workInformation", routes: ["codeOfConduct"], lead: s.person("Gwen Otterpool") };
  const id = await incident(s, { about: "staff", subject: yasmin }, judged);
  const body = await s.as("Bea Wickhurst").create("outsideBody", { name: "Education safeguarding", kind: "other" });
  const gwen = s.as("Gwen Otterpool");
  await gwen.act("incident", id, "askAdvice", { body, question: "May we ask her to take it down?" });
  const [advice] = await gwen.records<{ id: string }>("adviceEntry", "id");
  const adviceId = advice?.id ?? "";
  await zoe().create("adviceEntry", { body, about: "Another matter", shareWith: [s.person("Marta Saltwood")] });
  const seen = async (name: string) => (await s.as(name).records("adviceEntry", "id")).length;
  expect([await seen("Zoe King"), await seen("Gwen Otterpool"), await seen("Marta Saltwood")]).toEqual([2, 1, 1]);
  expect([await seen("Yasmin Chilham"), await seen("Tomas Elmstead")]).toEqual([0, 0]);
  await callum().update("adviceEntry", adviceId, { shareWith: [yasmin] });
  expect(await seen("Yasmin Chilham")).toBe(0);

  await gwen.act("incident", id, "headTold", { headAt: "2027-01-22T12:00:00Z" });
  await zoe().act("incident", id, "recordOutcome", outcome);
  const debrief = await debriefOf(s, id);
  await zoe().act("debrief", debrief, "hold", debriefed({ noLessons: "The rule is known." }));
  await hourLater(s);
  await gwen.act("incident", id, "giveInformation", { informed: ["staff"], whistleblowing: true });
  expect((await refused(gwen.act("incident", id, "close"))).message).toMatch(/^Advice has been asked for/);
  await gwen.act("adviceEntry", adviceId, "answer", { advice: "Yes, in writing." });
  expect(await gwen.act("incident", id, "close")).toBe("closed");
});
