/** Registers: what is lent, issued, taken in, taken away and searched, and what may not be. */
import { agree, askedOf, campaign, hourLater } from "./agreements";
import { refused, type Story, story } from "./world";

let s: Story;
let pupil: string;
beforeAll(async () => {
  s = await story();
  await s.clock.to("2026-11-23T12:00:00Z");
  pupil = await s.as("Bea Wickhurst").create("pupil", { name: "Fern Bramley", className: "Willow" });
}, 120_000);

const office = () => s.as("Bea Wickhurst");
const loanTo = async (name: string): Promise<{ device: string; loan: string }> => {
  const device = await office().create("schoolDevice", { name: `Tablet for ${name}`, kind: "tablet" });
  return { device, loan: await office().create("deviceLoan", { device, borrower: s.person(name) }) };
};
const why = async (attempt: Promise<unknown>): Promise<string> => (await refused(attempt)).message;

test("O26 O27 O28 O29 O30: a device goes to staff only, locked, after the rules are agreed and the notice is read", async () => {
  const forVisitor = await loanTo("Hugo Stelling");
  expect(await why(office().act("deviceLoan", forVisitor.loan, "handOver"))).toMatch(/lent to staff only/);
  await office().act("deviceLoan", forVisitor.loan, "cancel");

  const { device, loan } = await loanTo("Marta Saltwood");
  const handOver = () => office().act("deviceLoan", loan, "handOver");
  expect(await s.tasksOf("Bea Wickhurst", loan)).toMatchObject([{ rule: "handOver" }]);
  expect(await why(handOver())).toMatch(/have not agreed/);
  for (const kind of ["staffAup", "codeOfConduct"]) {
    await campaign(s, kind, { people: ["Marta Saltwood"] });
    await agree(s, "Marta Saltwood", kind);
  }
  expect(await why(handOver())).toMatch(/notice of monitoring/);
  await campaign(s, "monitoringNotice", { people: ["Marta Saltwood"] });
  await askedOf(s, "Marta Saltwood", "monitoringNotice");
  expect(await why(handOver())).toMatch(/notice of monitoring/);
  await agree(s, "Marta Saltwood", "monitoringNotice");
  expect(await why(handOver())).toMatch(/lock has not been confirmed/);
  await office().act("schoolDevice", device, "confirmLock");
  expect(await handOver()).toBe("out");
  await hourLater(s);
  expect(await s.record("schoolDevice", device, "state lock lockCheckedOn")).toEqual({
    state: "lent",
    lock: "confirmed",
    lockCheckedOn: "2026-11-23",
  });

  // A second loan of the same device waits until it is back.
  const second = await office().create("deviceLoan", { device, borrower: s.person("Marta Saltwood") });
  expect(await why(office().act("deviceLoan", second, "handOver"))).toMatch(/not in stock/);
  await office().act("deviceLoan", loan, "takeBack", { condition: "Good" });
  await hourLater(s);
  expect(await office().act("deviceLoan", second, "handOver")).toBe("out");
}, 120_000);

test("O25 O34 O38: a work number goes to staff, and is taken back when they leave", async () => {
  const id = await office().create("workNumber", { number: "01632 960 112", kind: "phone" });
  const give = (name: string) => office().act("workNumber", id, "issue", { holder: s.person(name) });
  expect(await refused(office().act("workNumber", id, "issue"))).toMatchObject({
    problems: [{ path: "input.holder" }],
  });
  expect(await why(give("Petra Swingfield"))).toMatch(/for staff/);
  expect(await give("Marta Saltwood")).toBe("issued");
  const admin = s.as("Harriet Stowting");
  const { appointments } = await admin.ask<{ appointments: { id: string; person: { name: string } }[] }>(
    '{ appointments(role: "staff") { id person { name } } }',
  );
  const held = appointments.find(({ person }) => person.name === "Marta Saltwood");
  await admin.ask("mutation ($id: ID!) { endAppointment(id: $id) { id } }", { id: held?.id });
  await hourLater(s);
  expect(await s.record("workNumber", id, "state")).toEqual({ state: "toCollect" });
  expect(await s.tasksOf("Bea Wickhurst", id)).toMatchObject([{ rule: "collect" }]);
  // What she was lent before, in the story above, is to come back too.
  const loans = await office().records<{ state: string }>("deviceLoan", "state", {
    borrower: { eq: s.person("Marta Saltwood") },
  });
  expect(loans.map(({ state }) => state)).not.toContain("out");
});

test("O28: a device lent until a day is asked back on it", async () => {
  const device = await office().create("schoolDevice", { name: "Camera 1", kind: "camera" });
  await office().act("schoolDevice", device, "confirmLock");
  for (const kind of ["staffAup", "codeOfConduct", "monitoringNotice"]) {
    await campaign(s, kind, { people: ["Owen Pluckley"] });
    await agree(s, "Owen Pluckley", kind);
  }
  const loan = await office().create("deviceLoan", {
    device,
    borrower: s.person("Owen Pluckley"),
    dueBackOn: "2026-11-27",
  });
  await office().act("deviceLoan", loan, "handOver");
  await s.clock.to("2026-11-27T10:00:00Z");
  expect(await s.record("deviceLoan", loan, "state")).toEqual({ state: "toReturn" });
});

test("O44 O45 O46 O47: a phone is handed in switched off, given back, and what is left at four shows; a call home is logged", async () => {
  const teacher = s.as("Tomas Elmstead");
  expect(await refused(teacher.create("handIn", { pupil, what: "Phone", switchedOff: false }))).toMatchObject({
    problems: [{ path: "input.switchedOff" }],
  });
  const first = await teacher.create("handIn", { pupil, what: "Phone", switchedOff: true });
  const second = await teacher.create("handIn", { pupil, what: "Watch", switchedOff: true });
  expect(await teacher.act("handIn", first, "giveBack")).toBe("givenBack");
  await s.clock.to("2026-11-27T16:30:00Z");
  expect(await s.tasksOf("Bea Wickhurst", first)).toEqual([]);
  expect(await s.tasksOf("Bea Wickhurst", second)).toMatchObject([{ rule: "stillHere" }]);
  expect(await refused(s.as("Hugo Stelling").create("handIn", { pupil, switchedOff: true }))).toMatchObject({
    code: "FORBIDDEN",
  });
  const call = await teacher.create("callHome", { pupil, reached: "Her aunt" });
  expect(await teacher.record("callHome", call, "supervisedBy { name }")).toEqual({
    supervisedBy: { name: "Tomas Elmstead" },
  });
});

test("O55 O56 O57: a confiscated phone goes to a leader, its places are kept, and the headteacher releases it", async () => {
  const teacher = s.as("Tomas Elmstead");
  const id = await teacher.create("confiscation", { pupil, reason: "Used in the playground." });
  expect(await s.tasksOf("Tomas Elmstead", id)).toMatchObject([{ rule: "lodge" }]);
  expect(
    await why(teacher.act("confiscation", id, "lodge", { place: "My drawer", holder: s.person("Tomas Elmstead") })),
  ).toMatch(/kept by the headteacher/);
  await teacher.act("confiscation", id, "lodge", { place: "Safe", holder: s.person("Zoe King") });
  await s
    .as("Callum Birchwood")
    .act("confiscation", id, "moveOn", { place: "Office safe", holder: s.person("Callum Birchwood") });
  expect(await s.tasksOf("Zoe King", id)).toMatchObject([{ rule: "decide" }]);
  const release = { releasedTo: "Her mother", decision: "First time; talked through." };
  expect(await refused(s.as("Callum Birchwood").act("confiscation", id, "release", release))).toMatchObject({
    code: "FORBIDDEN",
  });
  expect(await s.as("Zoe King").act("confiscation", id, "release", release)).toBe("released");
  const { history } = await s.record<{ history: { rule: string }[] }>(
    "confiscation",
    id,
    "history(first: 20) { rule }",
  );
  expect(history.map(({ rule }) => rule)).toEqual(expect.arrayContaining(["lodge", "moveOn", "release"]));
});

test("O57: what is kept long comes back to the headteacher", async () => {
  const teacher = s.as("Tomas Elmstead");
  const id = await teacher.create("confiscation", { pupil, reason: "Filming in the corridor." });
  await teacher.act("confiscation", id, "lodge", { place: "Safe", holder: s.person("Zoe King") });
  await s.clock.to("2026-12-08");
  expect((await s.noticesOf("Zoe King", id)).map(({ subject }) => subject)).toContainEqual(
    expect.stringMatching(/^Still kept/),
  );
});

test("O54 O58 O59 O66: where an indecent image may be on it nobody looks, the safeguarding leads know at once, and it goes to the police", async () => {
  const id = await s
    .as("Idris Lympne")
    .create("confiscation", { pupil, reason: "Another pupil told me.", suspicion: "indecentImage" });
  for (const name of ["Zoe King", "Callum Birchwood"]) {
    expect(await s.noticesOf(name, id)).toMatchObject([{ urgent: true, subject: expect.stringMatching(/^At once/) }]);
    expect((await s.tasksOf(name, id)).map(({ rule }) => rule)).toContain("respond");
  }
  await s.as("Idris Lympne").act("confiscation", id, "lodge", { place: "Safe", holder: s.person("Zoe King") });
  expect(
    await why(s.as("Zoe King").act("confiscation", id, "release", { releasedTo: "Her father", decision: "Asked." })),
  ).toMatch(/goes to the police/);
  await s.clock.to("2026-12-09T20:00:00Z");
  expect((await s.noticesOf("Callum Birchwood", id)).map(({ subject }) => subject)).toContainEqual(
    expect.stringMatching(/^For the police/),
  );
  expect(await refused(s.as("Zoe King").act("confiscation", id, "handToPolice", { officer: "PC 42" }))).toMatchObject({
    problems: [{ path: "input.policeReceipt" }],
  });
  expect(
    await s
      .as("Zoe King")
      .act("confiscation", id, "handToPolice", { officer: "PC 42, Harbour", policeReceipt: "R-77" }),
  ).toBe("police");
});

test("O60 O61 O62 O63 O64 O65 O66 O135: a search is by who is authorised, with its particulars; it is not complete before all know", async () => {
  const particulars = {
    pupil,
    timeAndPlace: "10:20, office",
    witness: s.person("Harriet Stowting"),
    sameSex: true,
    consent: "without",
    soughtFor: ["weapon"],
    grounds: "Two pupils saw a blade.",
    found: "A penknife.",
    safeguardingRisk: true,
    specifiedOffence: true,
  };
  expect(await refused(s.as("Tomas Elmstead").create("pupilSearch", particulars))).toMatchObject({ code: "FORBIDDEN" });
  const deputy = s.as("Callum Birchwood");
  expect(
    await refused(deputy.create("pupilSearch", { ...particulars, searchedBy: s.person("Idris Lympne") })),
  ).toMatchObject({
    problems: [{ path: "input.searchedBy" }],
  });
  expect(
    await refused(deputy.create("pupilSearch", { ...particulars, witness: s.person("Callum Birchwood") })),
  ).toMatchObject({
    problems: [{ path: "input.witness" }],
  });
  expect(await refused(deputy.create("pupilSearch", { ...particulars, sameSex: false }))).toMatchObject({
    problems: [{ path: "input.exceptionReason" }],
  });
  expect(await refused(deputy.create("pupilSearch", { ...particulars, dataExamined: "examined" }))).toMatchObject({
    problems: [{ path: "input.goodReason" }],
  });
  for (const name of [
    "timeAndPlace",
    "soughtFor",
    "grounds",
    "found",
    "consent",
    "sameSex",
    "safeguardingRisk",
    "specifiedOffence",
    "pupil",
  ])
    expect(await refused(deputy.create("pupilSearch", { ...particulars, [name]: null }))).toMatchObject({
      problems: expect.arrayContaining([{ path: `input.${name}`, message: expect.any(String) }]),
    });
  const id = await deputy.create("pupilSearch", particulars);
  expect((await s.tasksOf("Zoe King", id)).map(({ rule }) => rule).sort()).toEqual(["complete", "dsl", "police"]);
  expect((await s.noticesOf("Zoe King", id)).every(({ urgent }) => urgent)).toBe(true);
  // Who has nothing to do with it does not know of it.
  expect(await s.as("Idris Lympne").record("pupilSearch", id, "reference")).toBeUndefined();

  await s.clock.to("2026-12-10T20:00:00Z");
  const late = (await s.noticesOf("Zoe King", id)).map(({ subject }) => subject);
  expect(late.filter((subject) => subject.startsWith("A search was")).length).toBeGreaterThan(1);
  expect(late.filter((subject) => subject.startsWith("For the police")).length).toBeGreaterThan(1);
  const complete = () => deputy.act("pupilSearch", id, "complete");
  expect(await why(complete())).toMatch(/safeguarding lead has not confirmed/);
  await s.as("Zoe King").act("pupilSearch", id, "confirmByDsl", { pointer: "Safeguarding system, case 17" });
  expect(await why(complete())).toMatch(/Parents have not been told/);
  await deputy.act("pupilSearch", id, "tellParents", { how: "Mother, by telephone" });
  expect(await why(complete())).toMatch(/police/);
  await s.as("Zoe King").act("pupilSearch", id, "deliverToPolice", { receipt: "R-78, PC 42" });
  expect(await complete()).toBe("complete");
});
