/** Checks that come by themselves and put what they find into the action plan; induction, training and teaching. */
import { hourLater } from "./agreements";
import { refused, type Story, story } from "./world";

let s: Story;
beforeAll(async () => {
  s = await story();
  await s.clock.to("2026-11-23T12:00:00Z");
}, 120_000);

test("O73 O74 O75 O77 O135: checks come regularly; each issue found becomes an action, chased until it is done", async () => {
  await s.clock.to("2027-01-20");
  const leader = s.as("Callum Birchwood");
  const due = await leader.records<{ id: string; kind: string }>("spotCheck", "id kind", { state: { in: ["due"] } });
  expect(new Set(due.map(({ kind }) => kind))).toEqual(new Set(["walk", "browser"]));
  const check = due.find(({ kind }) => kind === "walk")?.id ?? "";
  expect((await s.tasksOf("Callum Birchwood", check)).map(({ rule }) => rule)).toEqual(["check"]);
  expect(await refused(leader.act("spotCheck", check, "record", { place: "Hall" }))).toMatchObject({
    problems: [{ path: "input.asked" }, { path: "input.seen" }],
  });
  await leader.act("spotCheck", check, "record", {
    place: "Hall and playground",
    asked: ["places", "visitors"],
    seen: "A visitor on the phone by the hall.",
    issues: [{ what: "Put a sign at the hall door", owner: s.person("Owen Pluckley") }],
  });
  await hourLater(s);
  const [action] = await leader.records<{ id: string; owner: { name: string } }>("actionItem", "id owner { name }", {
    state: { in: ["toDo"] },
  });
  expect(action?.owner.name).toBe("Owen Pluckley");
  const id = action?.id ?? "";
  expect(await s.tasksOf("Owen Pluckley", id)).toMatchObject([{ rule: "do" }]);
  await s.clock.to("2027-03-05");
  const told = (await s.noticesOf("Owen Pluckley", id)).map(({ subject }) => subject.replace(/ .*/, ""));
  expect(told).toEqual(expect.arrayContaining(["To", "Due", "Late"]));
  expect((await s.noticesOf("Zoe King", id)).length).toBeGreaterThan(0);
  expect(await refused(s.as("Owen Pluckley").act("actionItem", id, "finish"))).toMatchObject({
    problems: [{ path: "input.outcome" }],
  });
  expect(await refused(s.as("Owen Pluckley").act("actionItem", id, "drop", { why: "-" }))).toMatchObject({
    code: "FORBIDDEN",
  });
  await s.as("Owen Pluckley").act("actionItem", id, "finish", { outcome: "It hangs." });
  // A check that nobody does comes back to the headteacher.
  const open = due.find(({ kind }) => kind === "browser")?.id ?? "";
  expect((await s.noticesOf("Zoe King", open)).length).toBeGreaterThan(0);
}, 120_000);

test("O73 O75 O87: filtering is reviewed each academic year, with a governor", async () => {
  await s.clock.to("2027-10-20");
  const head = s.as("Zoe King");
  const [review] = await head.records<{ id: string }>("filteringReview", "id", { state: { in: ["due"] } });
  const id = review?.id ?? "";
  expect((await s.tasksOf("Zoe King", id)).map(({ rule }) => rule)).toEqual(["review"]);
  const found = {
    leader: s.person("Callum Birchwood"),
    blocked: "Violence, gambling.",
    socialMedia: "Nobody, save the office.",
    consistent: false,
    issues: [{ what: "Filter the guest network too", owner: s.person("Harriet Stowting") }],
  };
  expect(
    (await refused(head.act("filteringReview", id, "record", { ...found, governor: s.person("Bea Wickhurst") })))
      .message,
  ).toMatch(/A governor takes part/);
  expect(
    await refused(
      head.act("filteringReview", id, "record", { ...found, blocked: null, governor: s.person("Lindsey Glanville") }),
    ),
  ).toMatchObject({ problems: [{ path: "input.blocked" }] });
  await s.clock.to("2027-11-20");
  expect((await s.noticesOf("Lindsey Glanville", id)).length).toBeGreaterThan(0);
  await head.act("filteringReview", id, "record", { ...found, governor: s.person("Lindsey Glanville") });
  await hourLater(s);
  const actions = await head.records<{ what: string }>("actionItem", "what", { state: { in: ["toDo"] } });
  expect(actions.map(({ what }) => what)).toContain("Filter the guest network too");
}, 120_000);

test("O92 O93: everybody new is inducted, social media included, by their line manager or the headteacher", async () => {
  const head = s.as("Zoe King");
  const programme = await head.create("inductionProgramme", {
    name: "New staff and volunteers",
    audience: ["staff", "volunteer"],
    topics: "Safeguarding, acceptable use, social media.",
  });
  await head.act("inductionProgramme", programme, "start");
  await hourLater(s);
  expect(await head.records("induction", "id")).toEqual([]);
  const admin = s.as("Harriet Stowting");
  const { createPerson } = await admin.ask<{ createPerson: { id: string } }>(
    'mutation { createPerson(input: { name: "Linnet Moorcroft", email: "linnet@school.invalid" }) { id } }',
  );
  await admin.ask('mutation ($person: ID!) { appoint(person: $person, role: "volunteer") { id } }', {
    person: createPerson.id,
  });
  await hourLater(s);
  const [induction] = await head.records<{ id: string }>("induction", "id", { starter: { eq: createPerson.id } });
  const id = induction?.id ?? "";
  expect((await s.tasksOf("Zoe King", id)).map(({ rule }) => rule)).toEqual(["induct"]);
  expect((await refused(head.act("induction", id, "complete", { socialMedia: false }))).message).toMatch(
    /social media/,
  );
  expect(await refused(head.act("induction", id, "complete"))).toMatchObject({
    problems: [{ path: "input.socialMedia" }],
  });
  await s.clock.to("2027-12-20");
  expect((await s.noticesOf("Zoe King", id)).length).toBeGreaterThan(1);
  await head.act("induction", id, "complete", { socialMedia: true });
}, 120_000);

test("O76 O94: an update is held each term; who missed it catches up", async () => {
  const head = s.as("Zoe King");
  const sessions = await head.records<{ id: string }>("trainingSession", "id", {
    state: { in: ["toPlan"] },
  });
  const id = sessions[0]?.id ?? "";
  // One that was never held was asked after, until later ones took its place.
  const [given] = await head.records<{ id: string }>("trainingSession", "id", { state: { in: ["filed"] } });
  expect((await s.noticesOf("Zoe King", given?.id)).length).toBeGreaterThan(1);
  const held = {
    shared: "A leaflet on privacy settings.",
    monitoringExplained: true,
    attendees: ["Zoe King", "Callum Birchwood"].map(s.person),
  };
  expect(await refused(head.act("trainingSession", id, "record", { ...held, shared: null }))).toMatchObject({
    problems: [{ path: "input.shared" }],
  });
  await head.act("trainingSession", id, "record", held);
  await hourLater(s);
  const missed = await head.records<{ id: string; learner: { name: string } }>(
    "trainingAttendance",
    "id learner { name }",
  );
  const names = missed.map(({ learner }) => learner.name);
  expect(names).toContain("Idris Lympne");
  expect(names).not.toContain("Callum Birchwood");
  const own = missed.find(({ learner }) => learner.name === "Idris Lympne")?.id ?? "";
  expect(await s.tasksOf("Idris Lympne", own)).toMatchObject([{ rule: "read" }]);
  expect(await refused(head.act("trainingAttendance", own, "read"))).toMatchObject({ code: "FORBIDDEN" });
  await s.as("Idris Lympne").act("trainingAttendance", own, "read");
}, 120_000);

test("O43 O126 O128: what pupils are taught stands with its evidence; a lesson that was not taught is asked after", async () => {
  const teacher = s.as("Tomas Elmstead");
  const unit = {
    topic: "Who is behind the screen?",
    yearGroup: 4,
    subject: "computing",
    teachBy: (await s.clock.now()).slice(0, 10),
  };
  const id = await teacher.create("curriculumUnit", unit);
  expect(await s.tasksOf("Tomas Elmstead", id)).toMatchObject([{ rule: "teach" }]);
  await s.clock.to("2028-02-01");
  expect((await s.noticesOf("Tomas Elmstead", id)).length).toBeGreaterThan(1);
  expect(await refused(teacher.act("curriculumUnit", id, "record"))).toMatchObject({
    problems: [{ path: "input.evidence" }],
  });
  await teacher.act("curriculumUnit", id, "record", { evidence: "Posters.", adviceCovered: ["friends", "block"] });
  expect(await s.record("curriculumUnit", id, "state adviceCovered")).toEqual({
    state: "taught",
    adviceCovered: ["friends", "block"],
  });
}, 120_000);
