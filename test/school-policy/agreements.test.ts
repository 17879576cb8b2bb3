/** Agreements: who is asked, on which exact words, what they may answer, and what becomes of it when words or people change. */
import { once } from "node:events";
import PDFDocument from "pdfkit";
import { agree, askedOf, campaign, hourLater, ratify } from "./agreements";
import { refused, type Story, story } from "./world";

/** A page as a scanner makes it. */
async function scan(words: string): Promise<Uint8Array<ArrayBuffer>> {
  const page = new PDFDocument();
  const parts: Buffer[] = [];
  page.on("data", (part: Buffer) => parts.push(part));
  page.text(words).end();
  await once(page, "end");
  return new Uint8Array(Buffer.concat(parts));
}
/** A grey point, as a camera makes it. */
const photograph = new Uint8Array(
  Buffer.from(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AKp//2Q==",
    "base64",
  ),
);

let s: Story;
let notice: { policy: string; campaign: string };
beforeAll(async () => {
  s = await story();
  await s.clock.to("2026-11-23T12:00:00Z");
  notice = await campaign(s, "monitoringNotice", { roles: ["classTeacher"], people: ["Felix Hythecroft"] });
}, 120_000);

const answers = async (name: string) =>
  (
    await s
      .as("Zoe King")
      .records<{ state: string; kind: string }>("acknowledgement", "state kind", { person: { eq: s.person(name) } })
  ).map(({ state }) => state);

test("O29 O30: everybody of the audience is asked on the exact words in force, and answers for themselves", async () => {
  const id = await askedOf(s, "Tomas Elmstead", "monitoringNotice");
  expect(await s.tasksOf("Tomas Elmstead", id)).toMatchObject([{ rule: "answer", dueOn: "2026-12-07" }]);
  expect((await s.noticesOf("Tomas Elmstead", id))[0]?.subject).toMatch(/^Please read and answer by/);
  expect(await refused(s.as("Zoe King").act("acknowledgement", id, "agree"))).toMatchObject({ code: "FORBIDDEN" });
  const other = { readVersion: "0".repeat(64) };
  expect(await refused(s.as("Tomas Elmstead").act("acknowledgement", id, "agree", other))).toMatchObject({
    message: expect.stringContaining("changed since you read it"),
  });
  expect(await s.as("Tomas Elmstead").act("acknowledgement", id, "agree")).toBe("agreed");
  const { text } = await s.record<{ text: { hash: string } }>("policy", notice.policy, "text { hash }");
  expect(await s.record("acknowledgement", id, "how wording answeredOn")).toEqual({
    how: "self",
    wording: text.hash,
    answeredOn: "2026-11-23",
  });
  // A colleague does not see what somebody else answered.
  expect(await s.as("Idris Lympne").record("acknowledgement", id, "state")).toBeUndefined();
});

test("O29: who declines is talked with, and the headteacher says what follows", async () => {
  const id = await askedOf(s, "Yasmin Chilham", "monitoringNotice");
  expect(await refused(s.as("Yasmin Chilham").act("acknowledgement", id, "decline"))).toMatchObject({
    problems: [{ path: "input.declineReason" }],
  });
  await s.as("Yasmin Chilham").act("acknowledgement", id, "decline", { declineReason: "I use no school device." });
  // Callum Birchwood is her line manager.
  expect(await s.tasksOf("Callum Birchwood", id)).toMatchObject([{ rule: "talk" }]);
  expect(
    await refused(s.as("Callum Birchwood").act("acknowledgement", id, "acceptRefusal", { whatFollows: "-" })),
  ).toMatchObject({ code: "FORBIDDEN" });
  await s.as("Zoe King").act("acknowledgement", id, "acceptRefusal", { whatFollows: "No school device is issued." });
});

test("O22 O29: an exception can be asked for from the same page, and an answer brings the question back", async () => {
  const id = await askedOf(s, "Gwen Otterpool", "monitoringNotice");
  await s
    .as("Gwen Otterpool")
    .act("acknowledgement", id, "askException", { question: "May my screen reader be left out?" });
  expect(await s.tasksOf("Callum Birchwood", id)).toMatchObject([{ rule: "reply" }]);
  await s.as("Callum Birchwood").act("acknowledgement", id, "answerQuestion", { answer: "It is not looked at." });
  expect(await s.tasksOf("Gwen Otterpool", id)).toMatchObject([{ rule: "answer" }]);
  await agree(s, "Gwen Otterpool", "monitoringNotice");
});

test("O29 O51 O69: somebody without an account signs on paper before a witness, who is not themselves", async () => {
  const id = await askedOf(s, "Felix Hythecroft", "monitoringNotice");
  const office = s.as("Bea Wickhurst");
  const signed = {
    signedOn: "2026-11-23",
    witness: s.person("Owen Pluckley"),
    signedPaper: [
      await office.upload("signed.pdf", await scan("Signed by Felix Hythecroft")),
      await office.upload("signature.jpg", photograph),
    ],
  };
  const without = (name: string) =>
    refused(office.act("acknowledgement", id, "recordOnPaper", { ...signed, [name]: null }));
  expect(await without("witness")).toMatchObject({ problems: [{ path: "input.witness" }] });
  expect(await without("signedPaper")).toMatchObject({ message: expect.stringContaining("Add the signed paper") });
  const own = { ...signed, witness: s.person("Felix Hythecroft") };
  expect(await refused(office.act("acknowledgement", id, "recordOnPaper", own))).toMatchObject({
    message: expect.stringContaining("own signature"),
  });
  expect(
    await refused(office.act("acknowledgement", id, "recordOnPaper", { ...signed, signedOn: "2027-11-23" })),
  ).toMatchObject({ code: "FORBIDDEN" });
  await office.act("acknowledgement", id, "recordOnPaper", signed);
  expect(await s.record("acknowledgement", id, "state how witness { name } signedPaper { name mediaType }")).toEqual({
    state: "agreed",
    how: "paper",
    witness: { name: "Owen Pluckley" },
    signedPaper: [
      { name: "signed.pdf", mediaType: "application/pdf" },
      { name: "signature.jpg", mediaType: "image/jpeg" },
    ],
  });
});

test("O29 O69: who does not answer is reminded, then their line manager and the headteacher hear of it", async () => {
  const id = await askedOf(s, "Idris Lympne", "monitoringNotice");
  await s.clock.to("2026-12-16");
  const subjects = (await s.noticesOf("Idris Lympne", id)).map(({ subject }) => subject);
  expect(subjects.filter((subject) => subject.startsWith("Still waiting")).length).toBeGreaterThanOrEqual(2);
  expect((await s.noticesOf("Callum Birchwood", id)).map(({ subject }) => subject)).toEqual([
    expect.stringMatching(/^No answer from Idris Lympne/),
  ]);
});

test("O29 O69 O93: a new starter is asked by themselves, who leaves is asked no more", async () => {
  const admin = s.as("Harriet Stowting");
  const { createPerson } = await admin.ask<{ createPerson: { id: string } }>(
    'mutation { createPerson(input: { name: "Robin Newstead", email: "robin@school.invalid" }) { id } }',
  );
  await admin.ask('mutation ($person: ID!) { appoint(person: $person, role: "classTeacher") { id } }', {
    person: createPerson.id,
  });
  await hourLater(s);
  const asked = await s
    .as("Zoe King")
    .records<{ state: string }>("acknowledgement", "state", { person: { eq: createPerson.id } });
  expect(asked).toEqual([{ state: "asked" }]);
});

test("O29 O69: a new version asks everybody again, and the old answer keeps the words it was given on", async () => {
  const before = await answers("Tomas Elmstead");
  expect(before).toEqual(["agreed"]);
  const head = s.as("Zoe King");
  await head.act("policy", notice.policy, "openReview", { reviewTrigger: "concern", reviewReason: "New software." });
  await head.update("policy", notice.policy, {
    text: "## What may be looked at\n\nActivity may be monitored. So may chats.",
  });
  await ratify(s, notice.policy);
  await hourLater(s);
  expect((await answers("Tomas Elmstead")).sort()).toEqual(["asked", "superseded"]);
  await agree(s, "Tomas Elmstead", "monitoringNotice");
});

test("O69: agreements are refreshed after an academic year", async () => {
  await s.clock.to("2028-01-20");
  expect(await answers("Tomas Elmstead")).toContain("asked");
});

test("O6 O29: nobody is asked before the words are in force", async () => {
  const policy = await s
    .as("Zoe King")
    .create("policy", { title: "Unread", owner: s.person("Zoe King"), text: "# Unread" });
  const office = s.as("Harriet Stowting");
  const id = await office.create("agreementCampaign", {
    title: "Too early",
    kind: "policy",
    policy,
    statement: "You have read it.",
    audience: ["staff"],
  });
  expect(await refused(office.act("agreementCampaign", id, "start"))).toMatchObject({
    message: expect.stringContaining("No version of this text is in force"),
  });
});
