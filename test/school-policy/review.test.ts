/** The yearly review of a policy, from the first reminder to the next year's clocks, on the demo school's two policies. */
import { act } from "../../api/engine/act";
import { updateRecord } from "../../api/engine/updateRecord";
import { appoint, endAppointment } from "../../api/engine/people";
import { setCalendar } from "../../api/engine/setCalendar";
import { setSetting } from "../../api/engine/setSetting";
import type { DocumentValue } from "../../schema/record";
import { loadRecords } from "../../api/store/records";
import { verifyChain } from "../../api/store/history";
import { newSchool, type School } from "../school";

let school: School;
beforeEach(async () => {
  school = await newSchool("2026-11-23T09:00:00.000Z");
});
afterEach(() => school.close());

const policyId = async (title: string): Promise<string> => {
  const [row] = await school.query("SELECT id FROM r_policy WHERE title LIKE ?", [`${title}%`]);
  return String(row?.["id"]);
};
const record = async (id: string) => {
  const [found] = await loadRecords(school.world.db, school.world.registry, [{ type: "policy", id }]);
  if (!found) throw new Error("The policy is gone.");
  return found;
};
const setReview = async (id: string, reviewBy: string): Promise<void> => {
  const { version } = await record(id);
  await school.as("Edith Marlowe", (run) =>
    updateRecord(run, { type: "policy", id, expectedVersion: version, input: { reviewBy } }),
  );
};
const notices = async (id: string, person: string) =>
  (
    await school.query(
      "SELECT n.subject, n.created_at FROM notice n JOIN person p ON p.id = n.person WHERE n.record = ? AND p.name = ? ORDER BY n.created_at",
      [id, person],
    )
  ).map((row) => ({ subject: String(row["subject"]), at: String(row["created_at"]).slice(0, 16) }));
const waiting = async (id: string, rule: string) =>
  (
    await school.query(
      "SELECT step, due_at FROM timer WHERE record = ? AND rule = ? AND state = 'waiting' ORDER BY due_at",
      [id, rule],
    )
  ).map((row) => `${String(row["step"])} ${String(row["due_at"]).slice(0, 16)}`);

/** The demo's documents hold wording of their template. */
const submitted = { keepWording: "It names the pupils who took part." };

/** Takes a policy that is due to the governors' decision and ratifies the text as it stands. */
async function review(id: string, ratifiedOn: string): Promise<void> {
  const asOwner = (action: string, input = {}) =>
    school.as("Zoe King", (run) => act(run, { type: "policy", id, action, input }));
  await asOwner("startReview");
  await asOwner("submitForRatification", submitted);
  const text = (await record(id)).fields["text"] as DocumentValue;
  await school.as("Rowan Ashdown", (run) =>
    act(run, {
      type: "policy",
      id,
      action: "ratify",
      textHash: text.latest.hash,
      input: {
        ratifiedOn,
        meeting: "Full governing body, autumn",
        minuteReference: "7.2",
        present: ["Rowan Ashdown", "Imogen Tarrant", "Piers Hollowell"].map(school.personId),
      },
    }),
  );
}

test("O7: what fell due before the school went live is one task and one notice each, and the escalation stands ahead", async () => {
  await school.clock.to("2026-11-23T12:00:00Z");
  for (const title of ["Mobile", "Social"]) {
    const id = await policyId(title);
    const tasks = await school.query("SELECT label FROM task WHERE record = ? AND state = 'open'", [id]);
    expect(tasks).toHaveLength(1);
    expect(await notices(id, "Lindsey Glanville")).toHaveLength(1);
    expect(await notices(id, "Zoe King")).toHaveLength(1);
    expect(await notices(id, "Rowan Ashdown")).toHaveLength(0);
    expect(await waiting(id, "escalate")).toEqual(["P7D 2026-12-07 08:00"]);
  }
  const [old] = await school.query("SELECT COUNT(*) AS n FROM mail WHERE created_at < '2026-11-23'");
  expect(Number(old?.["n"])).toBe(0);
});

test("O7: a review date brings its reminders at eight, moves with its clocks, and a year on begins again", async () => {
  const id = await policyId("Mobile");
  await school.clock.to("2026-11-23T12:00:00Z");
  await review(id, "2026-11-23");
  await setReview(id, "2027-02-22");
  const before = await notices(id, "Lindsey Glanville");
  await school.clock.to("2026-12-31");
  const reminded = (await notices(id, "Lindsey Glanville")).slice(before.length);
  expect(reminded).toEqual([
    { subject: "Review due by 22 February 2027: Mobile and Smart Technology Policy", at: "2026-12-24 08:00" },
  ]);
  expect((await record(id)).state).toBe("reviewDue");

  await setReview(id, "2027-02-25");
  await school.clock.to("2027-01-04");
  expect((await notices(id, "Lindsey Glanville")).length).toBe(before.length + 1);

  await setReview(id, "2027-03-25");
  const [moved] = await school.query(
    `SELECT b.summary, b.detail FROM history h JOIN history_body b ON b.history = h.id
     WHERE h.record = ? AND h.kind = 'moved' ORDER BY h.seq DESC LIMIT 1`,
    [id],
  );
  expect(String(moved?.["summary"])).toMatch(/clocks moved because .*review.* changed/i);
  const detail = JSON.parse(String(moved?.["detail"])) as { moves: { step: string; from: string; to: string }[] };
  expect(detail.moves).toContainEqual(
    expect.objectContaining({ step: "-P7D", from: "2027-02-18T08:00:00.000Z", to: "2027-03-18T08:00:00.000Z" }),
  );
  await school.clock.to("2027-01-31");
  expect((await notices(id, "Lindsey Glanville")).at(-1)?.at).toBe("2027-01-22 08:00");

  await review(id, "2027-02-01");
  const done = await record(id);
  expect(done.state).toBe("ratified");
  expect(done.fields["reviewBy"]).toBe("2028-02-01");
  expect((await waiting(id, "remind")).map((line) => line.split(" ")[0])).toEqual([
    "-P60D",
    "-P30D",
    "-P14D",
    "-P7D",
    "P0D",
  ]);
  expect(await verifyChain(school.world.db, { type: "policy", id })).toEqual([]);
});

test("O7: an overdue review is escalated after seven days and then monthly, also while it is under way", async () => {
  const id = await policyId("Social");
  await school.clock.to("2026-11-23T12:00:00Z");
  await review(id, "2026-11-23");
  await setReview(id, "2027-01-15");
  await school.clock.to("2027-01-20");
  await school.as("Zoe King", (run) => act(run, { type: "policy", id, action: "startReview" }));
  await school.clock.to("2027-03-31");
  expect(
    (await notices(id, "Rowan Ashdown")).filter(({ subject }) => /overdue/i.test(subject)).map(({ at }) => at),
  ).toEqual(["2027-01-22 08:00", "2027-02-22 08:00", "2027-03-22 08:00"]);
});

test("O7: a figure changed, or a calendar, moves the clocks that count by it and says why", async () => {
  const id = await policyId("Mobile");
  await school.clock.to("2026-11-23T12:00:00Z");
  await review(id, "2026-11-23");
  await setReview(id, "2027-06-30");
  const { moved } = await school.as("Harriet Stowting", (run) =>
    setSetting(run, { type: "policy", name: "morning", value: "09:30" }),
  );
  expect(moved).toBeGreaterThan(0);
  const remind = (value: unknown) =>
    school.as("Harriet Stowting", (run) => setSetting(run, { type: "policy", name: "reminders", value }));
  await expect(remind("-P10D")).rejects.toThrow(/list/);
  await expect(remind(["soon"])).rejects.toThrow(/soon/);
  expect((await waiting(id, "remind")).at(-1)).toBe("P0D 2027-06-30 08:30");
  const [why] = await school.query(
    "SELECT b.summary FROM history h JOIN history_body b ON b.history = h.id WHERE h.record = ? ORDER BY h.seq DESC LIMIT 1",
    [id],
  );
  expect(String(why?.["summary"])).toContain("Time of day");
  await remind(["-P10D", "P0D"]);
  expect((await waiting(id, "remind")).map((line) => line.split(" ")[0])).toEqual(["-P10D", "P0D"]);
  await school.as("Harriet Stowting", (run) =>
    setCalendar(run, { terms: run.organisation.calendar.terms, closures: [] }),
  );
});

test("O18: a task follows the role when its holder changes", async () => {
  const id = await policyId("Mobile");
  await school.clock.to("2026-11-23T12:00:00Z");
  await school.as("Zoe King", (run) => act(run, { type: "policy", id, action: "startReview" }));
  await school.as("Zoe King", (run) =>
    act(run, { type: "policy", id, action: "submitForRatification", input: submitted }),
  );
  const holders = async () =>
    (
      await school.query(
        `SELECT p.name FROM task t JOIN task_holder h ON h.task = t.id AND h.open = 1 JOIN person p ON p.id = h.person
         WHERE t.record = ? AND t.rule = 'putOnAgenda'`,
        [id],
      )
    ).map((row) => String(row["name"]));
  expect(await holders()).toEqual(["Edith Marlowe"]);
  const [appointment] = await school.query("SELECT a.id FROM appointment a WHERE a.role = 'clerk'");
  await school.as("Harriet Stowting", async (run) => {
    await endAppointment(run, { id: String(appointment?.["id"]) });
    await appoint(run, { person: school.personId("Bea Wickhurst"), role: "clerk" });
  });
  expect(await holders()).toEqual(["Bea Wickhurst"]);
});
