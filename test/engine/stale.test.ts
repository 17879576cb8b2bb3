/** Two people at one record: what one wrote is never lost to what the other read. */
import { act } from "../../api/engine/act";
import { updateRecord } from "../../api/engine/updateRecord";
import { loadRecords } from "../../api/store/records";
import { Failure } from "../../schema/failure";
import type { DocumentValue } from "../../schema/record";
import { newSchool, type School } from "../school";

let school: School;
beforeAll(async () => {
  school = await newSchool("2026-11-23T09:00:00.000Z");
}, 60_000);
afterAll(() => school.close());

const policyId = async (title: string): Promise<string> =>
  String((await school.query("SELECT id FROM r_policy WHERE title LIKE ?", [`${title}%`]))[0]?.["id"]);

async function record(id: string) {
  const [found] = await loadRecords(school.world.db, school.world.registry, [{ type: "policy", id }]);
  if (!found) throw new Error("The policy is gone.");
  return found;
}

const update = (name: string, id: string, expectedVersion: number, input: Record<string, unknown>) =>
  school.as(name, (run) => updateRecord(run, { type: "policy", id, expectedVersion, input }));

const refusal = (work: Promise<unknown>): Promise<{ code: string; paths: string[] }> =>
  work.then(
    () => ({ code: "done", paths: [] }),
    (error: unknown) => {
      if (!(error instanceof Failure)) throw error;
      return { code: error.code, paths: error.problems.map(({ path }) => path) };
    },
  );

test("two people who read the same version and change different fields both keep their change", async () => {
  const id = await policyId("Mobile");
  const { version } = await record(id);
  await Promise.all([
    update("Edith Marlowe", id, version, { reviewBy: "2027-06-01" }),
    update("Bea Wickhurst", id, version, { versionLabel: "4" }),
  ]);
  const after = await record(id);
  expect([after.fields["reviewBy"], after.fields["versionLabel"], after.version - version]).toEqual([
    "2027-06-01",
    "4",
    2,
  ]);
});

test("the same field changed to something else meanwhile is refused, named, and nothing else of the edit is saved", async () => {
  const id = await policyId("Mobile");
  const { version, fields } = await record(id);
  await update("Edith Marlowe", id, version, { reviewBy: "2027-07-01" });
  const late = await refusal(update("Bea Wickhurst", id, version, { versionLabel: "5", reviewBy: "2027-08-01" }));
  expect(late).toEqual({ code: "STALE", paths: ["input.reviewBy"] });
  const after = await record(id);
  expect([after.fields["reviewBy"], after.fields["versionLabel"]]).toEqual(["2027-07-01", fields["versionLabel"]]);
});

test("two people who set a field to the same value are at one", async () => {
  const id = await policyId("Mobile");
  const { version } = await record(id);
  await update("Edith Marlowe", id, version, { reviewBy: "2027-09-01" });
  expect(await refusal(update("Bea Wickhurst", id, version, { reviewBy: "2027-09-01" }))).toEqual({
    code: "done",
    paths: [],
  });
});

test("a version that was never saved is refused", async () => {
  const id = await policyId("Mobile");
  const { version } = await record(id);
  expect((await refusal(update("Edith Marlowe", id, version + 1, { versionLabel: "9" }))).code).toBe("STALE");
});

test("a text changed meanwhile is neither written over nor ratified as it was read", async () => {
  const id = await policyId("Social");
  await school.clock.to("2026-11-23T12:00:00Z");
  await school.as("Zoe King", (run) => act(run, { type: "policy", id, action: "startReview" }));
  const read = await record(id);
  const text = (read.fields["text"] as DocumentValue).latest;
  await update("Zoe King", id, read.version, { text: "# Another text\n\nAs the owner wrote it." });
  expect(await refusal(update("Edith Marlowe", id, read.version, { text: "# A third" }))).toEqual({
    code: "STALE",
    paths: ["input.text"],
  });
  await school.as("Zoe King", (run) =>
    act(run, {
      type: "policy",
      id,
      action: "submitForRatification",
      input: { keepWording: "It names the pupils who took part." },
    }),
  );
  const ratify = (textHash: string) =>
    refusal(
      school.as("Rowan Ashdown", (run) =>
        act(run, {
          type: "policy",
          id,
          action: "ratify",
          textHash,
          input: {
            ratifiedOn: "2026-11-23",
            meeting: "FGB",
            minuteReference: "1",
            present: ["Rowan Ashdown", "Imogen Tarrant", "Piers Hollowell"].map(school.personId),
          },
        }),
      ),
    );
  expect((await ratify(text.hash)).code).toBe("STALE");
  expect((await record(id)).state).toBe("awaitingRatification");
  const now = ((await record(id)).fields["text"] as DocumentValue).latest;
  expect((await ratify(now.hash)).code).toBe("done");
  expect(((await record(id)).fields["text"] as DocumentValue).inForce?.hash).toBe(now.hash);
});

test("an action whose form writes a field that somebody changed since is refused, naming it", async () => {
  const id = await policyId("Mobile");
  const read = await record(id);
  await update("Edith Marlowe", id, read.version, { reviewBy: "2027-10-01" });
  const open = (reviewBy: string, expectedVersion: number) =>
    refusal(
      school.as("Zoe King", (run) =>
        act(run, {
          type: "policy",
          id,
          action: "openReview",
          expectedVersion,
          input: { reviewTrigger: "concern", reviewReason: "A parent asked.", reviewBy },
        }),
      ),
    );
  expect(await open("2027-01-01", read.version)).toEqual({ code: "STALE", paths: ["input.reviewBy"] });
  expect((await open("2027-01-01", (await record(id)).version)).code).toBe("done");
});
