/** What administrators read of the running of Duly: what failed, changes under way, and whether it does its work. */
import { putAside } from "../../api/engine/faults";
import { publishDefinition } from "../../api/engine/publishDefinition";
import { rederiveSome } from "../../api/engine/rederive";
import { systemIdentity } from "../../api/engine/run";
import type { RecordType } from "../../schema/definition";
import type { FaultKindName } from "../../schema/faultKinds";
import { type Asker, newSchoolApi, type SchoolApi } from "./schoolApi";

/** Seen by the headteacher alone. */
const worry: RecordType = {
  name: "worry",
  plural: "worries",
  label: "Worry",
  pluralLabel: "Worries",
  reference: "WOR-{n}",
  title: "{{ about }}",
  entries: { new: "open" },
  confidential: true,
  fields: { about: { kind: "text", label: "About", required: true } },
  states: { open: { label: "Open" }, closed: { label: "Closed", end: true } },
  actions: { close: { label: "Close", from: ["open"], to: "closed", who: [{ role: "headteacher" }] } },
  grants: [{ to: [{ role: "headteacher" }], may: ["see", "create"], when: { all: [] } }],
};

let school: SchoolApi;
let administrator: Asker;
let teacher: Asker;
beforeAll(async () => {
  school = await newSchoolApi();
  await publishDefinition(school.school.world, systemIdentity(school.school.organisation), { json: worry });
  administrator = await school.as("Harriet Stowting");
  teacher = await school.as("Tomas Elmstead");
}, 120_000);
afterAll(() => school.close());
beforeEach(() => school.school.query("DELETE FROM fault"));

const LIST = `query ($first: Int, $after: String) { openProblems(first: $first, after: $after) { totalCount totalCountCapped
  nodes { id kind says cause happenedAt lastAt times retry skip ofRecord record { type id recordTitle } subject person { name } }
  pageInfo { hasNextPage endCursor } } }`;
interface Listed {
  totalCount: number;
  totalCountCapped: boolean;
  nodes: (Record<string, unknown> & { id: string; record: { id: string } | null })[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}
const listed = async (variables: Record<string, unknown> = {}): Promise<Listed> => {
  const { data, errors } = await administrator(LIST, { first: 50, ...variables });
  expect(errors).toEqual([]);
  return data["openProblems"] as Listed;
};
const aside = (kind: FaultKindName, subject: string, about?: { type: string; record: string }): Promise<void> =>
  putAside(school.school.world, { kind, subject, cause: "It cannot be shown.", ...(about && { about }) });

const everything = [
  LIST,
  'mutation { retryProblem(id: "01JAAAAAAAAAAAAAAAAAAAAAAA") }',
  'mutation { skipProblem(id: "01JAAAAAAAAAAAAAAAAAAAAAAA", reason: "x") }',
  "{ clockJobs { id } }",
  "{ installationChecks { name ok says remedy } }",
];
test.each(everything)("nobody but an administrator: %s", async (query) => {
  const { errors } = await teacher(query);
  expect(errors[0]?.extensions.code).toBe("FORBIDDEN");
});

test("what failed is told in sentences, and of a record only to whoever may see it", async () => {
  const [policy] = await school.school.query("SELECT id FROM r_policy LIMIT 1");
  const make = 'mutation { createWorry(input: { about: "A child" }) { id } }';
  const { data, errors } = await (await school.as("Zoe King"))(make);
  expect(errors).toEqual([]);
  const hidden = (data["createWorry"] as { id: string }).id;
  const [mail] = await school.school.query("SELECT id FROM mail ORDER BY id LIMIT 1");
  await aside("timer", "timer-1", { type: "policy", record: String(policy?.["id"]) });
  await aside("job", hidden, { type: "worry", record: hidden });
  await aside("job", hidden, { type: "worry", record: hidden });
  await aside("email", String(mail?.["id"] ?? "none"));
  const { nodes, totalCount, totalCountCapped } = await listed();
  expect({ totalCount, totalCountCapped }).toEqual({ totalCount: 3, totalCountCapped: false });
  const [email, job, timer] = nodes;
  expect(email).toMatchObject({ kind: "email", says: "An email could not be sent.", ofRecord: false });
  expect(job).toMatchObject({ kind: "job", times: 2, ofRecord: true, record: null });
  expect(JSON.stringify(job)).not.toContain(hidden);
  expect(timer).toMatchObject({
    says: "A reminder or deadline could not be carried out.",
    cause: "It cannot be shown.",
    record: { type: "policy", id: policy?.["id"], recordTitle: expect.any(String) },
  });
});

test("a long list comes in pages, newest first, and says how many there are", async () => {
  for (let i = 0; i < 7; i++) await aside("import", `row ${i}`);
  const first = await listed({ first: 5 });
  expect(first).toMatchObject({ totalCount: 7, pageInfo: { hasNextPage: true } });
  const rest = await listed({ first: 5, after: first.pageInfo.endCursor });
  expect(rest.pageInfo.hasNextPage).toBe(false);
  const ids = [...first.nodes, ...rest.nodes].map(({ id }) => id);
  expect(new Set(ids).size).toBe(7);
  expect([...ids].sort().reverse()).toEqual(ids);
});

const SKIP = "mutation ($id: ID!, $reason: String!) { skipProblem(id: $id, reason: $reason) }";
test("leaving something needs a reason, and the reason stays", async () => {
  await aside("email", "mail-1");
  const id = (await listed()).nodes[0]?.id ?? "";
  for (const reason of ["", "  ", "x".repeat(301)])
    expect((await administrator(SKIP, { id, reason })).errors[0]?.extensions).toMatchObject({
      code: "INVALID_INPUT",
      problems: [{ path: "reason" }],
    });
  expect((await administrator(SKIP, { id, reason: "Told her by telephone." })).data).toEqual({ skipProblem: true });
  expect((await listed()).nodes).toEqual([]);
  const [row] = await school.school.query("SELECT how, why, settled_by FROM fault WHERE id = ?", [id]);
  expect(row).toMatchObject({ how: "skipped", why: "Told her by telephone.", settled_by: expect.any(String) });
  expect((await administrator(SKIP, { id, reason: "Again" })).errors[0]?.extensions.code).toBe("NOT_FOUND");
});

test("trying again says whether anything is tried", async () => {
  await aside("seal", "whole");
  const id = (await listed()).nodes[0]?.id ?? "";
  expect((await administrator("mutation ($id: ID!) { retryProblem(id: $id) }", { id })).data).toEqual({
    retryProblem: false,
  });
  expect((await listed()).totalCount).toBe(0);
});

const JOBS = "{ clockJobs { id reason by since visited total moved failed doneAt cause } }";
const jobs = async () => (await administrator(JOBS)).data["clockJobs"] as Record<string, unknown>[];
test("a change says who made it, how many records it reaches, how far it is and that it is over", async () => {
  const { data, errors } = await administrator(
    `mutation { setSetting(type: "policy", name: "${await figure()}", value: ["-P91D", "-P30D"]) { moved done } }`,
  );
  expect(errors).toEqual([]);
  const changed = data["setSetting"] as { moved: number; done: boolean };
  const [job] = await jobs();
  expect(job).toMatchObject({ by: "Harriet Stowting", moved: changed.moved, failed: 0, cause: null });
  expect(job?.["doneAt"] === null).toBe(!changed.done);
  while (await rederiveSome(school.school.world));
  const [over] = await jobs();
  expect(over).toMatchObject({ id: job?.["id"], doneAt: expect.any(String), cause: null });
  expect(over?.["total"]).toEqual(expect.any(Number));
});
async function figure(): Promise<string> {
  const { data } = await administrator('{ settings(type: "policy") { name kind } }');
  const found = (data["settings"] as { name: string; kind: string }[]).find(({ kind }) => kind === "offsets");
  if (!found) throw new Error("A policy has steps.");
  return found.name;
}

test("a change whose records cannot be found ends with its cause, lets the next one on, and can be tried again", async () => {
  const id = "01JOB000000000000000000000";
  await school.school.query(
    `INSERT INTO rederive (id, source, organisation, type, reason, created_at) VALUES (?, 'rules', NULL, 'lesson', 'a test', '2020-01-01')`,
    [id],
  );
  await school.school.query("RENAME TABLE r_lesson TO r_lesson_away");
  await rederiveSome(school.school.world).catch(() => undefined);
  while (await rederiveSome(school.school.world));
  await school.school.query("RENAME TABLE r_lesson_away TO r_lesson");
  expect((await jobs()).find((job) => job["id"] === id)).toMatchObject({
    doneAt: expect.any(String),
    cause: "The records that a change reaches could not be found, so their dates are the old ones.",
  });
  const [problem] = (await listed()).nodes;
  expect(problem).toMatchObject({ kind: "job", ofRecord: false, retry: expect.any(String) });
  expect(
    (await administrator("mutation ($id: ID!) { retryProblem(id: $id) }", { id: problem?.id ?? "" })).data,
  ).toEqual({ retryProblem: true });
  while (await rederiveSome(school.school.world));
  expect((await jobs()).find((job) => job["id"] === id)).toMatchObject({ doneAt: expect.any(String), cause: null });
});

test("how Duly does is told in sentences with dates that people read", async () => {
  await school.school.query("UPDATE installation SET last_backup_at = '2026-07-01 02:00:00' WHERE id = 1");
  const { data, errors } = await administrator("{ installationChecks { name ok says remedy } }");
  expect(errors).toEqual([]);
  const checks = data["installationChecks"] as { name: string; ok: boolean; says: string; remedy: string | null }[];
  expect(checks.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["Database", "Workers", "Disk", "Last backup"]),
  );
  expect(checks.find(({ name }) => name === "Last backup")).toEqual({
    name: "Last backup",
    ok: false,
    says: "The last backup was made on Wednesday 1 July 2026, 3:00 BST.",
    remedy: "Make one: npm run duly -- backup DIR",
  });
  for (const { ok, says, remedy } of checks) {
    expect(`${says} ${remedy ?? ""}`).not.toMatch(/\d{4}-\d\d-\d\d|undefined|null/);
    expect(says).toMatch(/^[A-Z].*\.$/);
    expect(remedy === null).toBe(ok);
  }
});
