/** From a report to triage: who hears of it and when, who may see it, which procedure applies, and what is never attached. */
import { incident, reportIncident, triage, waitingFor } from "./incidents";
import { refused, type Story, story } from "./world";

let s: Story;
beforeAll(async () => {
  s = await story();
  await s.clock.to("2026-11-24T09:00:00Z");
}, 120_000);

const warningsOf = async (id: string) =>
  (await s.record<{ warnings: { message: string }[] }>("incident", id, "warnings { message }")).warnings.map(
    ({ message }) => message,
  );

test("O72 O78 O90 O101 O123: anybody reports in a minute; those who act are told at once, and again until one looks", async () => {
  const id = await reportIncident(s, { about: "visitor", place: "playground", summary: "A visitor was filming" });
  for (const name of ["Zoe King", "Callum Birchwood"]) {
    expect(await s.tasksOf(name, id)).toMatchObject([{ rule: "triage", dueOn: "2026-11-24" }]);
    expect(await s.noticesOf(name, id)).toMatchObject([
      { urgent: true, createdAt: expect.stringMatching(/^2026-11-24T09:00/) },
    ]);
  }
  // Mail says which record, and nothing of what happened.
  const [told] = await s.noticesOf("Callum Birchwood", id);
  expect(`${told?.subject} ${told?.body}`).not.toContain("filming");
  expect(await s.noticesOf("Rowan Ashdown", id)).toEqual([]);
  await s.clock.to("2026-11-24T11:05:00Z");
  expect((await s.noticesOf("Callum Birchwood", id)).map(({ subject }) => subject)).toEqual([
    expect.stringMatching(/^Reported just now/),
    expect.stringMatching(/^Still waiting for you/),
  ]);
  const { reporter } = await s.record<{ reporter: { name: string } }>("incident", id, "reporter { name }");
  expect(reporter.name).toBe("Owen Pluckley");

  const said = { about: "staff", summary: "A post that does not fit", subject: s.person("Marta Saltwood") };
  const post = await reportIncident(s, said);
  await triage(s, post, { category: "roleConflict", routes: ["codeOfConduct"] });
  expect(await s.tasksOf("Callum Birchwood", post)).toContainEqual(
    expect.objectContaining({ rule: "head", dueOn: "2026-11-24" }),
  );
  await s.as("Callum Birchwood").act("incident", post, "headTold", { headAt: "2026-11-24T11:10:00Z" });
  expect(await waitingFor(s, "Callum Birchwood", post)).toEqual(["investigate"]);
  expect(await waitingFor(s, "Zoe King", post)).toEqual(["decide"]);
});

test("O58: of a possible indecent picture nothing can be attached, and everybody who opens it is told not to look", async () => {
  const unsaid = s.as("Owen Pluckley").create("incident", { about: "pupil", summary: "A picture", atRisk: false });
  expect(await refused(unsaid)).toMatchObject({ problems: [{ path: "input.images" }] });
  const cookie = await s.api.signIn("Owen Pluckley");
  const upload = await fetch(`http://127.0.0.1:${s.api.api.port}/files?name=screen.png`, {
    method: "POST",
    headers: { cookie, "x-duly": "1" },
    body: Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  });
  const { id: file } = (await upload.json()) as { id: string };
  expect(await refused(reportIncident(s, { images: true, evidence: [file] }))).toMatchObject({
    problems: [{ path: "input.evidence", message: expect.stringContaining("Take the file out without opening it") }],
  });
  const id = await reportIncident(s, { images: true });
  expect(await warningsOf(id)).toEqual([expect.stringMatching(/^Do not look at the picture, do not copy it/)]);
  await triage(s, id, { category: "indecentImage", severity: "high", routes: ["childProtection"], offence: true });
  const callum = s.as("Callum Birchwood");
  expect(await refused(callum.update("incident", id, { images: false }))).toMatchObject({
    problems: [{ path: "input.images" }],
  });
  expect(await warningsOf(id)).toHaveLength(1);
  expect(await refused(callum.update("incident", id, { evidence: [await callum.upload("seen.pdf")] }))).toMatchObject({
    problems: [{ path: "input.evidence" }],
  });
  // Without a suspicion a picture of a screen is welcome, until there is one.
  const other = await reportIncident(s, { evidence: [file] });
  const suspicion = { category: "indecentImage", routes: ["childProtection"] };
  expect(await refused(triage(s, other, suspicion))).toMatchObject({ problems: [{ path: "input.evidence" }] });
  await callum.update("incident", other, { evidence: [] });
  expect(await triage(s, other, suspicion)).toBe("investigating");
});

test("O82: only those who need to know see an incident, and whom it is about never does", async () => {
  const yasmin = s.person("Yasmin Chilham");
  const id = await reportIncident(s, { about: "staff", subject: yasmin, details: "She sent it at ten." });
  const sees = async (name: string) => (await s.as(name).record("incident", id, "id")) !== undefined;
  const seen = async (...names: string[]) => {
    const found: string[] = [];
    for (const name of names) if (await sees(name)) found.push(name);
    return found;
  };
  const everybody = ["Owen Pluckley", "Callum Birchwood", "Zoe King", "Yasmin Chilham", "Gwen Otterpool"];
  const others = ["Marta Saltwood", "Rowan Ashdown", "Lindsey Glanville", "Harriet Stowting"];
  expect(await seen(...everybody, ...others)).toEqual(["Owen Pluckley", "Callum Birchwood", "Zoe King"]);

  await triage(s, id, {
    category: "staffMisuse",
    routes: ["allegations"],
    lead: s.person("Gwen Otterpool"),
    shareWith: [s.person("Marta Saltwood"), yasmin],
  });
  expect(await seen(...everybody, ...others)).toEqual([
    "Owen Pluckley",
    "Callum Birchwood",
    "Zoe King",
    "Gwen Otterpool",
    "Marta Saltwood",
  ]);
  expect(await refused(s.as("Yasmin Chilham").act("incident", id, "close"))).toMatchObject({ code: "NOT_FOUND" });

  // What the mail to whoever leads it says of its page is true.
  expect((await s.noticesOf("Gwen Otterpool", id)).map(({ body }) => body).join()).toContain(
    "its page names everybody who opens it",
  );
  const { views } = await s.record<{ views: { nodes: { person: { name: string } }[] } }>(
    "incident",
    id,
    "views(first: 50) { nodes { person { name } } }",
  );
  expect(new Set(views.nodes.map(({ person }) => person.name))).toEqual(
    new Set(["Owen Pluckley", "Callum Birchwood", "Zoe King", "Gwen Otterpool", "Marta Saltwood"]),
  );
});

test("O54 O82 O104: a confiscation and a contact lead to their incident, for those who may see it", async () => {
  const incident = await reportIncident(s, { summary: "Messages in class" });
  const pupil = await s.as("Bea Wickhurst").create("pupil", { name: "Juniper Lowe" });
  const taken = await s.as("Tomas Elmstead").create("confiscation", { pupil, reason: "Messages in class." });
  const contact = await s.as("Idris Lympne").create("personalContact", {
    from: "pupil",
    whatHappened: "The same messages.",
    answered: false,
  });
  const callum = s.as("Callum Birchwood");
  await callum.update("confiscation", taken, { incident });
  await callum.act("personalContact", contact, "advise", { adviceGiven: "Do not answer.", incident });
  expect(await refused(s.as("Idris Lympne").create("confiscation", { pupil, reason: "-", incident }))).toMatchObject({
    problems: [{ path: "input.incident" }],
  });
  for (const [type, id, reporter] of [
    ["confiscation", taken, "Tomas Elmstead"],
    ["personalContact", contact, "Idris Lympne"],
  ] as const) {
    expect(await callum.record(type, id, "incident { id }")).toEqual({ incident: { id: incident } });
    expect(await s.as(reporter).record(type, id, "incident { id }")).toEqual({ incident: null });
  }
});

test("O42 O53 O58 O82 O130: what is recorded of an incident is changed by what people do, never by hand", async () => {
  const id = await incident(s, { about: "staff" }, { category: "staffMisuse", routes: ["allegations"] });
  const [text, day, instant, somebody] = ["KCC-17", "2026-12-01", "2026-11-24T12:00:00Z", s.person("Marta Saltwood")];
  const byHand = {
    subject: somebody,
    images: true,
    category: "other",
    ...{ fileSystem: text, fileReference: text, safeguardingAt: instant, safeguardingBy: somebody },
    ...{ ladoBy: day, ladoAt: instant, ladoContact: text, ladoReference: text },
    ...{ policeAt: instant, policeContact: text, policeReference: text },
    ...{ examBodyAt: instant, examBodyContact: text, examBodyReference: text, examOutcome: "warning" },
  };
  for (const [name, value] of Object.entries(byHand)) {
    const attempt = s.as("Callum Birchwood").update("incident", id, { [name]: value });
    expect([name, (await refused(attempt)).code]).toEqual([name, "INVALID_INPUT"]);
  }
});

test("O82: governors have the numbers of incidents and not one of them", async () => {
  for (let n = 0; n < 5; n++) await incident(s, { summary: `Phone in the cloakroom, ${n}` });
  const counts = "{ incidentCounts(by: CATEGORY) { value count } incidents { totalCount } }";
  const { incidentCounts, incidents } = await s.as("Nadia Fenwright").ask<{
    incidentCounts: { value: string; count: number | null }[];
    incidents: { totalCount: number };
  }>(counts);
  expect(incidents.totalCount).toBe(0);
  expect(incidentCounts).toContainEqual({ value: "pupilPhone", count: 5 });
  const closer = `{ incidentCounts(by: CATEGORY, filter: { about: { eq: "staff" } }) { count } }`;
  expect(await refused(s.as("Nadia Fenwright").ask(closer))).toMatchObject({ code: "FORBIDDEN" });
  // The headteacher may read all of them, and so may count them by anything.
  await s.as("Zoe King").ask(closer);
});

test("O134: what is about the headteacher goes to the chair, who looks at it, leads and decides", async () => {
  const zoe = s.person("Zoe King");
  const said = { about: "staff", subject: zoe, summary: "A message to a parent" };
  expect(await refused(reportIncident(s, said))).toMatchObject({
    problems: [{ path: "input.about", message: expect.stringContaining("so that the chair leads") }],
  });
  expect(await refused(reportIncident(s, { about: "headteacher" }))).toMatchObject({
    problems: [{ path: "input.subject" }],
  });
  expect(await refused(reportIncident(s, { about: "myself" }, "Zoe King"))).toMatchObject({
    problems: [{ path: "input.about" }],
  });
  const id = await reportIncident(s, { ...said, about: "headteacher" });
  expect(await s.noticesOf("Zoe King", id)).toEqual([]);
  for (const name of ["Zoe King", "Callum Birchwood"])
    expect(await s.as(name).record("incident", id, "id")).toBeUndefined();
  expect(await waitingFor(s, "Rowan Ashdown", id)).toEqual(["triageByChair"]);

  const chair = s.as("Rowan Ashdown");
  const judged = { category: "privatePhone", routes: ["codeOfConduct", "allegations"], lead: zoe };
  expect((await refused(triage(s, id, judged, "Rowan Ashdown"))).message).toMatch(/^Nobody leads an incident/);
  await triage(s, id, { ...judged, lead: s.person("Imogen Tarrant") }, "Rowan Ashdown");
  const handOver = chair.act("incident", id, "handOver", { lead: zoe });
  expect((await refused(handOver)).message).toMatch(/^Nobody leads an incident/);
  expect(await waitingFor(s, "Rowan Ashdown", id)).toEqual(["decide", "lado"]);
  expect(await waitingFor(s, "Imogen Tarrant", id)).toEqual(["investigate"]);
  const lado = { ladoAt: "2026-11-24T12:00:00Z", ladoContact: "Duty officer", ladoReference: "KCC-17" };
  await chair.act("incident", id, "ladoTold", lado);

  const why = { noBreachWhy: "It was a wrong number." };
  const found = { found: "A wrong number.", measures: ["none"] };
  const vice = s.as("Imogen Tarrant");
  for (const attempt of [
    vice.act("incident", id, "endAsNoBreach", why),
    vice.act("incident", id, "recordOutcome", found),
  ])
    expect((await refused(attempt)).message).toMatch(/the chair of governors where it is about the headteacher/);
  expect(await chair.act("incident", id, "recordOutcome", found)).toBe("awaitingDebrief");
});

test("O21 O26 O34 O36 O37 O44 O46 O67 O91 O100 O102 O122 O124 O127: a breach of each rule has its category", async () => {
  const id = await incident(s, { about: "staff" }, { routes: ["allegations"] });
  const categories = [
    ...["noUseArea", "remoteTeaching", "privatePhone", "privatePictures", "privateInLesson", "pupilPhone"],
    ...["pupilNotOff", "visitorDevice", "socialNearChildren", "workInformation", "privateAccount"],
    ...["channelPrivate", "pupilSocial", "underAge"],
  ];
  for (const category of categories) {
    await s.as("Callum Birchwood").act("incident", id, "reconsider", { category });
    expect(await s.record("incident", id, "category")).toEqual({ category });
  }
});

test("O41 O42 O54 O61 O90 O95 O129 O130: triage takes the procedure that the policies name, and no other", async () => {
  const misuse = await reportIncident(s, { about: "staff", subject: s.person("Idris Lympne") });
  expect((await refused(triage(s, misuse))).message).toMatch(/code of conduct or the procedure for allegations/);
  const conduct = { category: "staffMisuse", routes: ["codeOfConduct"] };
  expect((await refused(triage(s, misuse, conduct))).message).toMatch(/goes by the procedure for allegations/);
  await triage(s, misuse, { category: "socialNearChildren", routes: ["codeOfConduct"] });
  const callum = s.as("Callum Birchwood");
  expect((await refused(callum.act("incident", misuse, "reconsider", { offence: true }))).message).toMatch(
    /goes by the procedure for allegations/,
  );
  expect(await waitingFor(s, "Zoe King", misuse)).toEqual(["decide"]);
  await callum.act("incident", misuse, "reconsider", { offence: true, routes: ["allegations"] });
  expect(await waitingFor(s, "Zoe King", misuse)).toEqual(["decide", "lado"]);
  expect(await waitingFor(s, "Callum Birchwood", misuse)).toEqual(["head", "investigate", "police"]);

  const harm = await reportIncident(s, { atRisk: true });
  expect((await refused(triage(s, harm))).message).toMatch(/choose child protection/);
  await triage(s, harm, { routes: ["childProtection", "antiBullying"] });
  const calmer = callum.act("incident", harm, "reconsider", { routes: ["behaviour"] });
  expect((await refused(calmer)).message).toMatch(/choose child protection/);
});

test("O125 O131: what a pupil did out of school is taken up for a reason that is recorded, or left to the parents", async () => {
  const id = await reportIncident(s, { place: "offSite", summary: "A mocking video" });
  expect((await refused(triage(s, id, { category: "bullying" }))).message).toMatch(/out of school/);
  await triage(s, id, { category: "bullying", routes: ["antiBullying"], offSiteTests: ["disruption"] });
  expect(await s.record("incident", id, "offSiteTests")).toEqual({ offSiteTests: ["disruption"] });
  const other = await reportIncident(s, { place: "offSite", summary: "A rude word in a game" });
  const callum = s.as("Callum Birchwood");
  const why = { noBreachWhy: "None of the tests is met: the parents see to it." };
  expect((await refused(callum.act("incident", other, "endAsNoBreach", why))).message).toMatch(/^The parents must/);
  await callum.act("incident", other, "parentsTold", { parentsWhyNot: "They told us of it." });
  expect(await callum.act("incident", other, "endAsNoBreach", why)).toBe("noBreach");
});

test("nobody files a report in somebody else's name; whoever takes reports from others may", async () => {
  const owen = s.person("Owen Pluckley");
  const contact = { from: "pupil", whatHappened: "The same messages.", answered: false };
  for (const attempt of [
    reportIncident(s, { reporter: owen }, "Tomas Elmstead"),
    s.as("Tomas Elmstead").create("personalContact", { ...contact, reporter: owen }),
  ])
    expect(await refused(attempt)).toMatchObject({
      code: "INVALID_INPUT",
      problems: [{ path: "input.reporter", message: expect.stringMatching(/^Name yourself here/) as string }],
    });
  const own = await reportIncident(s, {}, "Tomas Elmstead");
  expect(await refused(s.as("Tomas Elmstead").update("incident", own, { reporter: owen }))).toMatchObject({
    problems: [{ path: "input.reporter" }],
  });
  await reportIncident(s, { reporter: s.person("Tomas Elmstead") }, "Tomas Elmstead");
  // Who took it down does not see it afterwards.
  const taken = s.as("Bea Wickhurst").create("personalContact", { ...contact, reporter: owen });
  expect((await refused(taken)).message).toMatch(/^It is done/);
  const told = await reportIncident(s, { reporter: owen }, "Callum Birchwood");
  expect(await s.as("Owen Pluckley").record("incident", told, "reporter { name }")).toEqual({
    reporter: { name: "Owen Pluckley" },
  });
});
