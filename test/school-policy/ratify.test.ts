/** A review from its task to the decision: by when, who may put a text in force, which, and with how many present. */
import { refused, type Story, story } from "./world";

let s: Story;
beforeAll(async () => {
  s = await story();
  await s.clock.to("2026-11-23T12:00:00Z");
});

const policyNamed = async (word: string): Promise<string> => {
  const [policy] = await s.as("Zoe King").records<{ id: string }>("policy", "id", { title: { contains: word } });
  if (!policy) throw new Error(`No policy is called ${word}.`);
  return policy.id;
};
const decision = (present: string[]) => ({
  ratifiedOn: "2026-11-23",
  meeting: "Full governing body, autumn",
  minuteReference: "7.2",
  present: present.map(s.person),
});
const quorum = ["Rowan Ashdown", "Imogen Tarrant", "Piers Hollowell"];

test("O7: its owner has until the review date to review a policy, and to finish", async () => {
  const id = await policyNamed("social");
  expect(await s.tasksOf("Zoe King", id)).toMatchObject([{ rule: "review", dueOn: "2023-10-31", overdue: true }]);
  await s.as("Zoe King").update("policy", id, { reviewBy: "2027-02" });
  await s.as("Zoe King").act("policy", id, "startReview");
  expect(await s.tasksOf("Zoe King", id)).toMatchObject([{ rule: "finishReview", dueOn: "2027-02-28" }]);
});

test("O6: only the text that was read can be ratified, with a quorum, by somebody who may decide", async () => {
  const head = s.as("Zoe King");
  const chair = s.as("Rowan Ashdown");
  const id = await policyNamed("mobile");
  expect(await head.act("policy", id, "startReview")).toBe("inReview");
  expect(
    await head.act("policy", id, "submitForRatification", { keepWording: "It names the pupils who wrote it." }),
  ).toBe("awaitingRatification");
  expect(await s.tasksOf("Rowan Ashdown", id)).toMatchObject([{ rule: "ratify" }]);

  const another = { ...decision(quorum), textHash: "0".repeat(64) };
  expect(await refused(chair.act("policy", id, "ratify", another))).toMatchObject({ code: "STALE" });
  expect(await refused(chair.act("policy", id, "ratify", decision(["Rowan Ashdown"])))).toMatchObject({
    code: "FORBIDDEN",
    message: expect.stringContaining("Too few governors"),
  });
  const others = ["Rowan Ashdown", "Tomas Elmstead", "Edith Marlowe"];
  expect(await refused(chair.act("policy", id, "ratify", decision(others)))).toMatchObject({
    code: "FORBIDDEN",
    message: expect.stringContaining("Only governors count"),
  });
  expect(await refused(head.act("policy", id, "ratify", decision(quorum)))).toMatchObject({ code: "FORBIDDEN" });
  expect(await refused(chair.act("policy", id, "ratify", { ...decision(quorum), meeting: "" }))).toMatchObject({
    code: "INVALID_INPUT",
    problems: [{ path: "input.meeting" }],
  });

  expect(await chair.act("policy", id, "ratify", decision(quorum))).toBe("ratified");
  expect(await s.record("policy", id, "ratifiedOn reviewBy governorsPresent text { inForce }")).toEqual({
    ratifiedOn: "2026-11-23",
    reviewBy: "2027-11-23",
    governorsPresent: 3,
    text: { inForce: true },
  });
  const told = await s.noticesOf("Edith Marlowe", id);
  expect(told.map(({ subject }) => subject)).toContain("Ready to ratify: Mobile and Smart Technology Policy");
  const timers = await s.timersOf(id);
  expect(timers.filter(({ rule, state }) => rule === "remind" && state === "waiting")[0]).toMatchObject({
    step: "-P60D",
    dueAt: "2027-09-24T07:00:00.000Z",
  });
  await head.update("policy", id, { publishedOn: "2026-11-30" });
  expect(await head.actions("policy", id)).toContainEqual(expect.objectContaining({ name: "archive", allowed: true }));
});
