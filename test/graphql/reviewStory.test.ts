/** The story of a review over GraphQL alone, with a real worker and a real mail server. */
import { type Person, type Product, startProduct } from "../product";

let product: Product;
beforeAll(async () => {
  product = await startProduct();
}, 120_000);
afterAll(() => product.close());

interface Policy {
  id: string;
  version: number;
  state: string;
  reviewBy: string;
  text: { hash: string };
  timers: { rule: string; step: string; dueAt: string; state: string }[];
  history: { kind: string; summary: string; detail: { moves?: { step: string; from: string; to: string }[] } }[];
}

const FIELDS = `id version state reviewBy text { hash } timers { rule step dueAt state } history(first: 50) { kind summary detail }`;

const mobile = async (person: Person): Promise<Policy> => {
  const { policies } = await person.ask<{ policies: { nodes: Policy[] } }>(
    `{ policies(filter: { title: { contains: "mobile" } }, first: 5) { nodes { ${FIELDS} } } }`,
  );
  const [found] = policies.nodes;
  if (!found) throw new Error("The mobile policy is not in the register.");
  return found;
};

const setReview = async (person: Person, reviewBy: string): Promise<void> => {
  const { id, version } = await mobile(person);
  await person.ask(
    "mutation ($id: ID!, $version: Int!, $on: PartialDate) { updatePolicy(id: $id, expectedVersion: $version, input: { reviewBy: $on }) { version } }",
    { id, version, on: reviewBy },
  );
};

async function review(on: string): Promise<void> {
  const head = await product.signIn("Zoe King");
  const chair = await product.signIn("Rowan Ashdown");
  const { id, text } = await mobile(head);
  await head.ask("mutation ($id: ID!) { startReviewPolicy(id: $id) { state } }", { id });
  await head.ask(
    `mutation ($id: ID!) { submitForRatificationPolicy(
      id: $id, input: { keepWording: "It names the pupils who took part." }) { state } }`,
    { id },
  );
  const { people } = await chair.ask<{ people: { nodes: { id: string; name: string }[] } }>(
    "{ people(first: 100) { nodes { id name } } }",
  );
  const present = ["Rowan Ashdown", "Imogen Tarrant", "Piers Hollowell"].map(
    (name) => people.nodes.find((one) => one.name === name)?.id,
  );
  await chair.ask(
    "mutation ($id: ID!, $input: RatifyPolicyInput!) { ratifyPolicy(id: $id, input: $input) { state } }",
    { id, input: { textHash: text.hash, ratifiedOn: on, meeting: "Autumn meeting", minuteReference: "7.2", present } },
  );
}

const remindersTo = (name: string): string[] =>
  product.mails
    .filter((mail) => mail.to.startsWith(name.toLowerCase().replace(" ", ".")))
    .map((mail) => /^Subject: (.*(?:\r\n[ \t].*)*)/m.exec(mail.raw)?.[1]?.replace(/\r\n[ \t]/g, " ") ?? "");

test("the lead governor of the demo finds both policies overdue, one task and one notice each, and nothing of the past mailed", async () => {
  const governor = await product.signIn("Lindsey Glanville");
  // Six days lead past any weekend and holiday into a morning on which mail goes out, whenever this runs.
  await product.advanceClock(new Date(Date.now() + 6 * 86_400_000).toISOString());
  const { policies } = await governor.ask<{
    policies: {
      nodes: { state: string; reviewBy: string; tasks: unknown[]; notices: { person: { name: string } }[] }[];
      totalCount: number;
    };
  }>(
    "{ policies(first: 10) { totalCount nodes { state reviewBy tasks(state: open) { label } notices { person { name } } } } }",
  );
  expect(policies.totalCount).toBe(2);
  for (const policy of policies.nodes) {
    expect(policy.reviewBy).toBe("2023-10");
    expect(policy.state).toBe("reviewDue");
    expect(policy.tasks).toHaveLength(1);
    expect(policy.notices.filter((notice) => notice.person.name === "Lindsey Glanville")).toHaveLength(1);
  }
  const escalations = (await mobile(governor)).timers.filter(
    (timer) => timer.rule === "escalate" && timer.state === "waiting",
  );
  expect(escalations).toHaveLength(1);
  expect(Date.parse(escalations[0]?.dueAt ?? "")).toBeGreaterThan(Date.now());
});

test("a date ninety days ahead brings the reminder at eight, once; moved by days it is not repeated, by a month it is", async () => {
  const clerk = await product.signIn("Edith Marlowe");
  const { clock } = await clerk.ask<{ clock: { now: string } }>("{ clock { now } }");
  await review(clock.now.slice(0, 10));
  const day = (days: number) => new Date(Date.parse(clock.now) + days * 86_400_000).toISOString().slice(0, 10);
  await setReview(clerk, day(90));
  const before = remindersTo("Lindsey Glanville").length;
  const sixty = (await mobile(clerk)).timers.find(
    (timer) => timer.rule === "remind" && timer.step === "-P60D" && timer.state === "waiting",
  );
  if (!sixty) throw new Error("No reminder stands sixty days before the review.");
  expect(new Date(sixty.dueAt).toLocaleTimeString("en-GB", { timeZone: "Europe/London" })).toBe("08:00:00");
  await product.advanceClock(new Date(Date.parse(sixty.dueAt) + 3_600_000).toISOString());
  expect(remindersTo("Lindsey Glanville").length).toBe(before + 1);
  const [mail] = product.mails.filter((one) => one.to.startsWith("lindsey")).slice(-1);
  expect(mail?.raw).toMatch(/text\/plain/);
  expect(mail?.raw).toMatch(/text\/html/);
  expect(mail?.raw).toMatch(/text\/calendar/);

  await setReview(clerk, day(93));
  await product.advanceClock(new Date(Date.parse(sixty.dueAt) + 8 * 86_400_000).toISOString());
  expect(remindersTo("Lindsey Glanville").length).toBe(before + 1);

  await setReview(clerk, day(123));
  const moved = (await mobile(clerk)).history.find((entry) => entry.kind === "moved");
  expect(moved?.summary).toMatch(/moved because/);
  expect(moved?.detail.moves?.find((move) => move.step === "P0D")).toBeDefined();
  const again = (await mobile(clerk)).timers.find(
    (timer) => timer.rule === "remind" && timer.step === "-P60D" && timer.state === "waiting",
  );
  await product.advanceClock(new Date(Date.parse(again?.dueAt ?? "") + 3_600_000).toISOString());
  expect(remindersTo("Lindsey Glanville").length).toBe(before + 2);
});

test("the review carried out and the exact text ratified, next year's clocks stand", async () => {
  const clerk = await product.signIn("Edith Marlowe");
  const { clock } = await clerk.ask<{ clock: { now: string } }>("{ clock { now } }");
  const today = clock.now.slice(0, 10);
  await review(today);
  const policy = await mobile(clerk);
  expect(policy.state).toBe("ratified");
  expect(policy.reviewBy).toBe(`${Number(today.slice(0, 4)) + 1}${today.slice(4)}`);
  const steps = policy.timers
    .filter((timer) => timer.rule === "remind" && timer.state === "waiting")
    .map((timer) => timer.step);
  expect(steps.sort()).toEqual(["-P14D", "-P30D", "-P60D", "-P7D", "P0D"]);
});
