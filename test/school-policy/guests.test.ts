/** People without an account: a link of their own opens the exact words, and an answer ends it. */
import { askedOf, campaign, hourLater, ratify } from "./agreements";
import { grantedNeed } from "./exceptions";
import { type Refusal, refused, type Story, story, type Values } from "./world";

let s: Story;
const begin = async () => {
  s = await story();
  await s.clock.to("2026-11-23T12:00:00Z");
};
beforeAll(async () => {
  await begin();
  await withoutAccount("Felix Hythecroft");
}, 120_000);

/** Somebody who never chose a password. */
const withoutAccount = (name: string) =>
  s.api.school.query("DELETE FROM credential WHERE person = ?", [s.person(name)]);

interface GuestPage {
  person: string;
  letterhead: { name: string };
  title: string;
  shows: { label: string; value: string }[];
  text: { text: string; hash: string } | null;
  actions: { name: string }[];
  answered: { label: string } | null;
}

const anybody = async <T>(query: string, variables: Values): Promise<T> => {
  const [value] = Object.values(await s.asNobody<Record<string, T>>(query, variables));
  return value as T;
};
const open = (secret: string) =>
  anybody<GuestPage | null>(
    `query ($secret: String!) { guestPage(secret: $secret) {
      person letterhead { name } title shows { label value } text { text hash } actions { name } answered { label } } }`,
    { secret },
  );
const answer = (secret: string, action: string, input: Values = {}, textHash?: string | null, copy = false) =>
  anybody<GuestPage>(
    "mutation ($input: GuestAnswerInput!) { answerAsGuest(input: $input) { answered { label } actions { name } } }",
    { input: { secret, action, input, textHash, copy } },
  );
const link = async (by: string, type: string, record: string, person: string): Promise<string> => {
  const { makeGuestLink } = await s
    .as(by)
    .ask<{ makeGuestLink: { url: string | null } }>(
      "mutation ($input: GuestLinkInput!) { makeGuestLink(input: $input) { url } }",
      { input: { type, record, person: s.person(person) } },
    );
  return makeGuestLink.url?.split("/").at(-1) ?? "";
};

test("O49 O50 O51: a parent without an account reads the terms by a link and agrees, and nothing else is open to them", async () => {
  const id = await grantedNeed(s, "Nell Wingmore", ["Petra Swingfield"]);
  await withoutAccount("Petra Swingfield");
  expect(await refused(link("Tomas Elmstead", "exception", id, "Petra Swingfield"))).toMatchObject({
    code: "NOT_FOUND",
  });
  expect(await refused(link("Bea Wickhurst", "exception", id, "Tomas Elmstead"))).toMatchObject({
    problems: [{ path: "person" }],
  });
  const secret = await link("Bea Wickhurst", "exception", id, "Petra Swingfield");
  const page = await open(secret);
  expect(page).toMatchObject({ person: "Petra Swingfield", answered: null });
  expect(page?.text?.text).toContain("nothing else");
  expect(page?.actions.map(({ name }) => name)).toEqual(["agree", "ask", "decline"]);
  // Looking changes nothing; a link that is not quite this one opens nothing.
  expect((await s.record<{ agreed: unknown[] }>("exception", id, "agreed { name }")).agreed).toEqual([]);
  expect(await open(`${secret.slice(0, -1)}${secret.endsWith("A") ? "B" : "A"}`)).toBeNull();
  expect(await refused(answer(secret, "withdraw", {}, page?.text?.hash))).toMatchObject({ code: "FORBIDDEN" });
  expect(await refused(answer(secret, "agree", {}, "0".repeat(64)))).toMatchObject({ code: "STALE" });

  expect(await answer(secret, "agree", {}, page?.text?.hash, true)).toMatchObject({
    answered: { label: "I have read the terms and agree" },
    actions: [],
  });
  const { history } = await s.record<{ history: { summary: string; actor: { name: string } }[] }>(
    "exception",
    id,
    "history(first: 20) { summary actor { name } }",
  );
  expect(history.map(({ actor }) => actor.name)).toContain("Petra Swingfield, by a one-time link");
  // What they agreed to is theirs to keep.
  const [copy] = await s.api.school.query(
    "SELECT subject, text_body AS text FROM mail WHERE person = ? ORDER BY id DESC",
    [s.person("Petra Swingfield")],
  );
  expect(copy?.["subject"]).toMatch(/^Your copy: .*Nell Wingmore/);
  expect(copy?.["text"]).toContain("nothing else");
  expect(copy?.["text"]).toContain(page?.text?.hash);
  expect(copy?.["text"]).toMatch(/23 November 2026.* you answered: .*I have read the terms and agree/);
  // Once.
  expect(await refused(answer(secret, "decline", { whyNot: "I think again." }, page?.text?.hash))).toMatchObject({
    code: "NOT_FOUND",
  });
});

test("O29 O69: a regular visitor's mail carries their link, which can be revoked, ends by itself and follows the text", async () => {
  const { policy } = await campaign(s, "visitorAup", { people: ["Felix Hythecroft"] });
  const id = await askedOf(s, "Felix Hythecroft", "visitorAup");
  await s.clock.to("2026-11-25T12:00:00Z");
  const mails = await s.api.school.query("SELECT text_body AS text, slots FROM mail WHERE person = ? ORDER BY id", [
    s.person("Felix Hythecroft"),
  ]);
  const text = String(mails.at(-1)?.["text"]);
  expect(JSON.parse(String(mails.at(-1)?.["slots"]))).toContainEqual(
    expect.objectContaining({ page: "guest", part: "text", link: expect.stringMatching(/^\w{26}$/) as string }),
  );
  expect(text).not.toContain(`#/acknowledgement/${id}`);
  expect(text).not.toContain("Choose when mail reaches you");

  const first = await link("Bea Wickhurst", "acknowledgement", id, "Felix Hythecroft");
  const { guestAccess } = await s
    .as("Bea Wickhurst")
    .ask<{ guestAccess: { links: { id: string; madeBy: { name: string } | null }[] } }>(
      'query ($record: ID!) { guestAccess(type: "acknowledgement", record: $record) { links { id madeBy { name } } } }',
      { record: id },
    );
  expect(guestAccess.links.map(({ madeBy }) => madeBy?.name ?? null)).toEqual(["Bea Wickhurst", null]);
  const revoke = (by: string) =>
    s.as(by).ask("mutation ($id: ID!) { revokeGuestLink(id: $id) }", { id: guestAccess.links[0]?.id });
  expect((await refused(revoke("Tomas Elmstead"))) satisfies Refusal).toMatchObject({ code: "NOT_FOUND" });
  await revoke("Bea Wickhurst");
  expect(await open(first)).toBeNull();

  const second = await link("Bea Wickhurst", "acknowledgement", id, "Felix Hythecroft");
  const before = (await open(second))?.text?.hash;
  await s.as("Zoe King").act("policy", policy, "openReview", { reviewTrigger: "concern", reviewReason: "A new gate." });
  await s.as("Zoe King").update("policy", policy, { text: "## Visitors\n\nPhones stay in the bag." });
  await ratify(s, policy);
  await hourLater(s);
  expect(await refused(answer(second, "agree", {}, before))).toBeTruthy();

  const again = await askedOf(s, "Felix Hythecroft", "visitorAup");
  const third = await link("Bea Wickhurst", "acknowledgement", again, "Felix Hythecroft");
  expect((await open(third))?.text?.text).toContain("stay in the bag");
  await s.clock.to("2027-01-05T12:00:00Z");
  expect(await open(third)).toBeNull();
});

test("O50: a parent asks by the link; the head is reminded to answer, nobody presses them meanwhile, and the answer is theirs alone", async () => {
  await begin();
  const id = await grantedNeed(s, "Wilf Stodmarsh", ["Petra Swingfield", "Leon Denton"]);
  await withoutAccount("Petra Swingfield");
  const leon = async () => (await s.noticesOf("Leon Denton", id)).map(({ subject }) => subject.split(":")[0]);
  expect(await leon()).toEqual(["Please read and agree to the terms by 30 November 2026"]);
  const secret = await link("Bea Wickhurst", "exception", id, "Petra Swingfield");
  const hash = (await open(secret))?.text?.hash;
  expect(await refused(answer(secret, "ask", {}, hash))).toMatchObject({ problems: [{ path: "input.yourQuestion" }] });
  expect(await refused(s.as("Zoe King").act("exception", id, "reply", { reply: "Of what?" }))).toMatchObject({
    message: "No question about the terms waits for an answer.",
  });
  const yourQuestion = "May it stay on in the bus?";
  await answer(secret, "ask", { yourQuestion }, hash);
  expect(await refused(answer(secret, "agree", {}, hash))).toMatchObject({ code: "NOT_FOUND" });

  expect(await s.tasksOf("Zoe King", id)).toMatchObject([{ rule: "reply", dueOn: "2026-11-30" }]);
  // The other parent may answer, but is told nothing of what was asked, and asks after it.
  const asked = "state questionBy { name } question answer";
  const leons = await s.as("Leon Denton").record("exception", id, asked);
  expect(leons).toMatchObject({ questionBy: { name: "Petra Swingfield" }, question: null });
  expect(await refused(s.as("Leon Denton").act("exception", id, "ask", { yourQuestion: "And mine?" }))).toMatchObject({
    message: expect.stringContaining("waits for its answer already"),
  });
  await s.clock.to("2026-12-02T12:00:00Z");
  expect((await s.noticesOf("Zoe King", id)).map(({ subject }) => subject)).toContainEqual(
    expect.stringMatching(/^Still waiting/),
  );
  expect(await leon()).toHaveLength(1);

  const reply = "Yes, with the sound off.";
  expect(await refused(s.as("Bea Wickhurst").act("exception", id, "reply", { reply }))).toMatchObject({
    code: "FORBIDDEN",
  });
  expect(await refused(s.as("Zoe King").act("exception", id, "reply"))).toMatchObject({
    problems: [{ path: "input.reply" }],
  });
  expect(await s.as("Zoe King").act("exception", id, "reply", { reply })).toBe("awaitingAgreement");
  expect(await s.tasksOf("Zoe King", id)).toEqual([]);
  expect(await s.as("Leon Denton").record("exception", id, asked)).toMatchObject({ question: null, answer: null });
  await hourLater(s);
  const mails = await s.api.school.query("SELECT subject FROM mail WHERE person = ? ORDER BY id", [
    s.person("Petra Swingfield"),
  ]);
  expect(mails.at(-1)).toMatchObject({ subject: expect.stringMatching(/^Your question was answered/) });
  const theirs = await open(await link("Bea Wickhurst", "exception", id, "Petra Swingfield"));
  expect(theirs?.shows.map(({ value }) => value)).toEqual([yourQuestion, reply]);
  expect(theirs?.actions.map(({ name }) => name)).toEqual(["agree", "ask", "decline"]);
  await withoutAccount("Leon Denton");
  expect(await open(await link("Bea Wickhurst", "exception", id, "Leon Denton"))).toMatchObject({ shows: [] });
});
