import { type Asker, newSchoolApi, type SchoolApi } from "./schoolApi";

let school: SchoolApi;
let head: Asker;
let teacher: Asker;

interface Node {
  id: string;
  title: string;
  state: string;
  version: number;
}

const CREATE =
  "mutation C($input: CreatePolicyInput!) { createPolicy(input: $input) { id title state version reference } }";
const UPDATE = `mutation U($id: ID!, $v: Int!, $input: UpdatePolicyInput!) {
  updatePolicy(id: $id, expectedVersion: $v, input: $input) { id title version reviewBy owner { name } } }`;

async function create(title: string, more: object = {}): Promise<Node> {
  const answer = await head(CREATE, { input: { title, owner: school.school.personId("Zoe King"), ...more } });
  expect(answer.errors).toEqual([]);
  return answer.data["createPolicy"] as Node;
}
const nodesOf = (answer: Awaited<ReturnType<Asker>>): Node[] => {
  expect(answer.errors).toEqual([]);
  return (answer.data["policies"] as { nodes: Node[] }).nodes;
};

beforeAll(async () => {
  school = await newSchoolApi();
  head = await school.as("Zoe King");
  teacher = await school.as("Tomas Elmstead");
}, 60_000);
afterAll(() => school.close());

test("a draft is created, changed at its version, and refused at an old one", async () => {
  const made = await create("Uniform", { reviewBy: "2027-06" });
  expect(made).toMatchObject({ state: "draft", version: 1 });
  const changed = await head(UPDATE, { id: made.id, v: 1, input: { title: "Uniform and jewellery" } });
  expect(changed.data["updatePolicy"]).toMatchObject({
    version: 2,
    reviewBy: "2027-06",
    owner: { name: "Zoe King" },
  });
  const stale = await head(UPDATE, { id: made.id, v: 1, input: { title: "Dress" } });
  expect(stale.errors[0]).toMatchObject({ path: ["updatePolicy"], extensions: { code: "STALE", current: 2 } });
});

test("what is wrong with each answer is said by its path", async () => {
  const answer = await head(CREATE, { input: { title: "", reviewBy: "2027-02-30", owner: "nobody" } });
  expect(answer.errors[0]?.extensions.code).toBe("INVALID_INPUT");
  const paths = answer.errors[0]?.extensions.problems?.map((problem) => problem.path);
  expect(paths).toEqual(expect.arrayContaining(["input.reviewBy", "input.owner"]));
});

test("a draft does not exist for a teacher, in any of the ways to ask", async () => {
  const draft = await create("Not yet ready");
  expect((await teacher(`{ policy(id: "${draft.id}") { id } }`)).data).toEqual({ policy: null });
  expect(nodesOf(await teacher(`{ policies(filter: { id: { in: ["${draft.id}"] } }) { nodes { id } } }`))).toEqual([]);
  expect(nodesOf(await teacher('{ policies(search: "not yet ready") { nodes { id } } }'))).toEqual([]);
  for (const noun of ["tasks", "timers", "notices"])
    expect((await teacher(`{ ${noun}(record: "${draft.id}") { nodes { id } totalCount } }`)).data).toEqual({
      [noun]: { nodes: [], totalCount: 0 },
    });
  const states = (await teacher("{ policyCounts(by: STATE) { value } }")).data["policyCounts"];
  expect(states).not.toContainEqual({ value: "draft" });
  const write = await teacher(UPDATE, { id: draft.id, v: 1, input: { title: "Mine" } });
  expect(write.errors[0]?.extensions.code).toBe("NOT_FOUND");
  const stale = await teacher(UPDATE, { id: draft.id, v: 99, input: { title: "Mine" } });
  expect(stale.errors[0]?.extensions.code).toBe("NOT_FOUND");
});

test("pages follow one another without a gap, whatever the direction", async () => {
  for (const title of ["Anti-bullying", "Behaviour", "Charging", "Dogs on site", "École visits"])
    await create(`Page ${title}`);
  for (const sort of ["TITLE_ASC", "TITLE_DESC", "REVIEW_BY_ASC", "CREATED_AT_DESC"]) {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const answer: Awaited<ReturnType<Asker>> = await head(
        `query L($after: String) { policies(search: "page", sort: [${sort}], first: 2, after: $after) {
          totalCount nodes { id title } pageInfo { hasNextPage endCursor } } }`,
        { after },
      );
      const page = answer.data["policies"] as {
        totalCount: number;
        nodes: Node[];
        pageInfo: { hasNextPage: boolean; endCursor: string };
      };
      expect(page.totalCount).toBe(5);
      seen.push(...page.nodes.map((node) => node.title));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after);
    expect([...seen].sort()).toEqual([...new Set(seen)].sort());
    expect(seen).toHaveLength(5);
  }
  const foreign = await head('{ policies(sort: [TITLE_ASC], after: "bm9uc2Vuc2U") { nodes { id } } }');
  expect(foreign.errors[0]?.extensions).toMatchObject({ code: "INVALID_INPUT", problems: [{ path: "after" }] });
});

test("filters mean what conditions mean", async () => {
  await create("Filter one", { reviewBy: "2028-03", versionLabel: "1" });
  await create("Filter two", { reviewBy: "2028-05-09" });
  const titles = async (filter: string): Promise<string[]> =>
    nodesOf(
      await head(
        `{ policies(filter: { and: [{ title: { contains: "FILTER" } }, ${filter}] }, sort: [TITLE_ASC]) { nodes { title } } }`,
      ),
    ).map((node) => node.title);
  expect(await titles('{ reviewBy: { lt: "2028-04-01" } }')).toEqual(["Filter one"]);
  expect(await titles('{ reviewBy: { le: "2028-05-09", gt: "2028-04" } }')).toEqual(["Filter two"]);
  expect(await titles("{ versionLabel: { empty: true } }")).toEqual(["Filter two"]);
  expect(await titles('{ versionLabel: { ne: "2" } }')).toEqual(["Filter one"]);
  expect(await titles('{ not: { versionLabel: { eq: "1" } } }')).toEqual(["Filter two"]);
  expect(await titles('{ or: [{ versionLabel: { eq: "1" } }, { reviewBy: { gt: "2028-05" } }] }')).toEqual([
    "Filter one",
  ]);
  expect(await titles("{ state: { in: [ratified] } }")).toEqual([]);
  const wrong = await head('{ policies(filter: { or: [{ reviewBy: { lt: "soon" } }] }) { totalCount } }');
  expect(wrong.errors[0]?.extensions).toMatchObject({
    code: "INVALID_INPUT",
    problems: [{ path: "filter.or[0].reviewBy.lt" }],
  });
});

test("the second time a document is sent it is compiled, and answers the same", async () => {
  const query = `{ policies(first: 3, sort: [TITLE_ASC]) { nodes { __typename id title state owner { id name email } createdAt
    text { number hash inForce } textVersions { number } deputySafeguardingLeads { name } guidance
    tasks { label holders { name } dueInWords } timers { label stepInWords recipients { name } } history(first: 3) { seq actor { kind name } }
    permissions { edit fields } availableActions { name allowed reason form } } pageInfo { hasNextPage } totalCount } }`;
  const answers = [await head(query), await head(query), await head(query)];
  expect(answers[0]?.errors).toEqual([]);
  expect(answers[1]?.data).toEqual(answers[0]?.data);
  expect(answers[2]?.data).toEqual(answers[0]?.data);
});

test("an action is its own mutation, and its refusal is the reason shown beforehand", async () => {
  const made = await create("Acted on");
  const offered = (await head(`{ policy(id: "${made.id}") { availableActions { name allowed reason } } }`)).data?.[
    "policy"
  ] as {
    availableActions: { name: string; allowed: boolean; reason: string | null }[];
  };
  const started = await head(`mutation { startReviewPolicy(id: "${made.id}", expectedVersion: 1) { state version } }`);
  expect(offered.availableActions.find((each) => each.name === "startReview")).toMatchObject({ allowed: true });
  expect(started.data["startReviewPolicy"]).toMatchObject({ state: "inReview", version: 2 });
  const refused = offered.availableActions.find((each) => each.name === "sendBack");
  const tried = await head(`mutation { sendBackPolicy(id: "${made.id}") { state } }`);
  expect(refused).toMatchObject({ allowed: false, reason: tried.errors[0]?.message.replace("review", "review") });
  expect(tried.errors[0]).toMatchObject({ path: ["sendBackPolicy"], extensions: { code: "WRONG_STATE" } });
});

test("counts carry the words for their values", async () => {
  const counts = (await head("{ policyCounts(by: STATE) { value label count } }")).data["policyCounts"];
  expect(counts).toContainEqual({ value: "ratified", label: "Ratified", count: 2 });
});
