/** Checks have their day, and what is kept from a pupil is kept until somebody who may decides. */
import { refused, type Story, story } from "./world";

let s: Story;
beforeAll(async () => {
  s = await story("2027-01-11T09:00:00Z");
}, 120_000);

test("O57: a confiscated phone goes home when the headteacher says so and why, and not while it may be evidence", async () => {
  const teacher = s.as("Tomas Elmstead");
  const pupil = await s.as("Bea Wickhurst").create("pupil", { name: "Pia Sandling", className: "Willow" });
  const held = async (suspicion: string) => {
    const id = await teacher.create("confiscation", { pupil, reason: "Filming in the corridor.", suspicion });
    await teacher.act("confiscation", id, "lodge", { place: "Safe", holder: s.person("Zoe King") });
    return id;
  };
  const phone = await held("no");
  const release = { releasedTo: "Her mother", decision: "First time; talked through." };
  expect(await refused(s.as("Callum Birchwood").act("confiscation", phone, "release", release))).toMatchObject({
    message: expect.stringMatching(/is decided by Zoe King/) as string,
  });
  const unsaid = { releasedTo: null, decision: null };
  expect(
    (await refused(s.as("Zoe King").act("confiscation", phone, "release", unsaid))).problems.map(({ path }) => path),
  ).toEqual(["input.releasedTo", "input.decision"]);
  expect(await s.as("Zoe King").act("confiscation", phone, "release", release)).toBe("released");
  const evidence = await held("indecentImage");
  expect((await refused(s.as("Zoe King").act("confiscation", evidence, "release", release))).message).toMatch(
    /goes to the police, not home/,
  );
});

test("O73 O74: a check has its day, is chased each week once that is past, and counts as missed in the end", async () => {
  const head = s.as("Zoe King");
  const check = await head.create("spotCheck", { dueOn: "2027-01-25" });
  const review = await head.create("filteringReview", { dueOn: "2027-01-26" });
  expect(await s.tasksOf("Callum Birchwood", check)).toMatchObject([{ rule: "check", dueOn: "2027-01-25" }]);
  expect(await s.tasksOf("Zoe King", review)).toMatchObject([{ rule: "review", dueOn: "2027-01-26" }]);
  const told = async () => (await s.noticesOf("Callum Birchwood", check)).length;
  await s.clock.to("2027-01-25");
  const opened = await told();
  await s.clock.to("2027-01-28");
  expect(await told()).toBe(opened + 1);
  await s.clock.to("2027-02-04");
  expect(await told()).toBe(opened + 2);
  expect(await s.record("spotCheck", check, "state")).toEqual({ state: "due" });
  await s.clock.to("2027-03-10");
  expect(await s.record("spotCheck", check, "state")).toEqual({ state: "missed" });
  expect(await s.tasksOf("Callum Birchwood", check)).toEqual([]);
});

test("O133: that an outside body's details are still right is confirmed by a new look, not by the last one", async () => {
  const office = s.as("Bea Wickhurst");
  const body = await office.create("outsideBody", { name: "Advice line", kind: "other", checkedOn: "2027-01-11" });
  const look = (checkedOn: string) => office.act("outsideBody", body, "check", { checkedOn });
  expect((await refused(look("2027-01-11"))).message).toMatch(/That look is recorded already/);
  const today = (await s.clock.now()).slice(0, 10);
  expect(await look(today)).toBe("current");
  expect(await s.record("outsideBody", body, "checkedOn")).toEqual({ checkedOn: today });
});
