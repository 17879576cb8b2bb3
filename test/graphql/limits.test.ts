import { MAX_COST } from "../../api/graphql/cost";
import { type Asker, metricsToken, newSchoolApi, type SchoolApi, send, SIGN_IN } from "./schoolApi";

let school: SchoolApi;
let ask: Asker;
let cookie: string;

beforeAll(async () => {
  school = await newSchoolApi();
  cookie = await school.signIn("Zoe King");
  ask = (query, variables, headers) => school.anybody(query, variables, { cookie, ...headers });
}, 60_000);
afterAll(() => school.close());

const refusal = (answer: Awaited<ReturnType<Asker>>): string => {
  expect(answer.errors[0]?.extensions.code).toBe("TOO_COMPLEX");
  return answer.errors[0]?.message ?? "";
};

test("a page of everything is refused with its figure and the limit", async () => {
  const message = refusal(
    await ask("{ policies(first: 200) { nodes { history(first: 200) { id actor { name } } } } }"),
  );
  expect(message).toContain(String(MAX_COST));
});

test("a length in a variable counts, and so does its default", async () => {
  const query = (first: string) =>
    `query Q(${first}) { policies(first: $n) { nodes { history(first: 200) { id seq } } } }`;
  expect((await ask(query("$n: Int"), { n: 2 })).errors).toEqual([]);
  refusal(await ask(query("$n: Int"), { n: 200 }));
  refusal(await ask(query("$n: Int = 200")));
});

test("aliases are counted, and fragments within fragments", async () => {
  const aliases = Array.from({ length: 100 }, (_, i) => `a${i}: policies(first: 200) { nodes { id title state } }`);
  refusal(await ask(`{ ${aliases.join(" ")} }`));
  const bomb = Array.from({ length: 20 }, (_, i) => {
    const next = i < 19 ? `a: roles ...F${i + 1} b: organisations { id name kind }` : "roles";
    return `fragment F${i} on Me { ${next} }`;
  });
  const many = Array.from({ length: 150 }, (_, i) => `m${i}: me { ...F0 }`);
  expect((await ask(`{ me { ...F0 } } ${bomb.join(" ")}`)).errors).toEqual([]);
  refusal(await ask(`{ ${many.join(" ")} } ${bomb.join(" ")}`));
});

test("a filter is nested so deep and no deeper", async () => {
  const filter = JSON.parse(`${'{"and":['.repeat(12)}{}${"]}".repeat(12)}`) as object;
  const answer = await ask("query Q($f: PolicyFilter) { policies(filter: $f) { totalCount } }", { f: filter });
  expect(answer.errors[0]?.extensions).toMatchObject({ code: "INVALID_INPUT" });
});

test("guessing passwords costs a request each", async () => {
  const guess = 'signIn(email: "a@b.invalid", password: "x") { person { id } }';
  refusal(await school.anybody(`mutation { a: ${guess} b: ${guess} }`));
});

test("a document of ten thousand words is not read", async () => {
  const answer = await ask(`{ ${Array.from({ length: 5_000 }, (_, i) => `a${i}: __typename`).join(" ")} }`);
  expect(answer.errors[0]?.extensions.code).toBe("INVALID_INPUT");
});

const json = { "content-type": "application/json" };
test("what a page asks again is compiled, with a filter that holds filters, and answers and refuses as the first time", async () => {
  const outcomes = async () => {
    const authorization = `Bearer ${metricsToken}`;
    const { text } = await send(school.api.port, { method: "GET", path: "/metrics", headers: { authorization } });
    return ["compiled", "interpreted"].map((outcome) =>
      Number(new RegExp(`^duly_operations_compiled_total\\{outcome="${outcome}"\\} (\\d+)`, "m").exec(text)?.[1] ?? 0),
    ) as [number, number];
  };
  const query = `query Reviews($filter: PolicyFilter, $first: Int = 5, $sort: [PolicySort!]) {
    policies(filter: $filter, first: $first, sort: $sort) { nodes { title state } } }`;
  const either = [{ title: { contains: "Mobile" } }, { not: { title: { contains: "Mobile" } } }];
  const good = { filter: { or: either }, sort: ["TITLE_DESC"] };
  const [compiled, interpreted] = await outcomes();
  const first = await ask(query, good);
  expect(first.errors).toEqual([]);
  expect((first.data["policies"] as { nodes: object[] }).nodes.length).toBeGreaterThan(1);
  for (let again = 0; again < 2; again++) expect((await ask(query, good)).data).toEqual(first.data);
  expect(await outcomes()).toEqual([compiled + 1, interpreted]);

  const bad = { filter: { or: [{ title: { sounds: "like" } }] } };
  const refusals = [await ask(`${query} `, bad), await ask(query, bad)].map(({ errors }) => errors[0]?.message);
  expect(refusals[0]).toMatch(/sounds/);
  expect(refusals[1]).toBe(refusals[0]);
  expect((await ask(query, {})).errors).toEqual([]);
});

test("a long answer comes compressed to whoever takes it so, a short one as it is", async () => {
  const answer = (query: string, accepts: string) =>
    fetch(`http://127.0.0.1:${school.api.port}/graphql`, {
      method: "POST",
      headers: { cookie, "x-duly": "1", "content-type": "application/json", "accept-encoding": accepts },
      body: JSON.stringify({ query }),
    });
  const long = "{ definitions { type json } }";
  const [packed, plain] = [await answer(long, "gzip"), await answer(long, "identity")];
  expect(packed.headers.get("content-encoding")).toBe("gzip");
  expect(plain.headers.get("content-encoding")).toBeNull();
  expect(Number(packed.headers.get("content-length"))).toBeLessThan(Number(plain.headers.get("content-length")) / 3);
  expect(await packed.json()).toEqual(await plain.json());
  expect((await answer("{ me { roles } }", "gzip")).headers.get("content-encoding")).toBeNull();
});

const body = JSON.stringify({ query: "{ me { roles } }" });

test("the cookie alone moves nothing: a page of another site is refused", async () => {
  expect((await send(school.api.port, { headers: { ...json, cookie }, body })).status).toBe(403);
  const foreign = { ...json, cookie, "x-duly": "1", origin: "https://evil.example" };
  expect((await send(school.api.port, { headers: foreign, body })).status).toBe(403);
  expect((await send(school.api.port, { headers: { ...json, cookie, "x-duly": "1" }, body })).status).toBe(200);
});

test("only one JSON operation, by POST", async () => {
  const headers = { ...json, "x-duly": "1" };
  expect((await send(school.api.port, { method: "GET", path: "/graphql?query={me{roles}}", headers })).status).toBe(
    405,
  );
  expect((await send(school.api.port, { headers: { "content-type": "text/plain", "x-duly": "1" }, body })).status).toBe(
    415,
  );
  expect((await send(school.api.port, { headers, body: `[${body}]` })).status).toBe(400);
  expect((await send(school.api.port, { headers, body: "{" })).status).toBe(400);
});

test("what goes wrong inside is masked, with a number to quote", async () => {
  const rename = (from: string, to: string) => school.school.query(`RENAME TABLE ${from} TO ${to}`);
  await rename("r_policy", "r_elsewhere");
  const answer = await ask("{ policies { totalCount } }");
  await rename("r_elsewhere", "r_policy");
  expect(answer.errors[0]?.extensions.code).toBe("INTERNAL");
  expect(answer.text).not.toMatch(/r_policy|table/i);
  expect(answer.errors[0]?.message).toMatch(/quote [0-9A-Z]{26}/);
});

test("health, readiness and figures are said beside it", async () => {
  const get = (path: string) => send(school.api.port, { method: "GET", path });
  expect(await get("/healthz")).toMatchObject({ status: 200 });
  // No worker runs beside this test: this process can serve all the same.
  expect(await get("/readyz")).toMatchObject({ status: 200, text: "ok\n" });
  const metrics = await send(school.api.port, {
    method: "GET",
    path: "/metrics",
    headers: { authorization: `Bearer ${metricsToken}` },
  });
  expect(metrics.text).toContain("duly_api_errors_total");
  expect(await get("/metrics")).toMatchObject({ status: 403 });
  expect(await get("/nothing")).toMatchObject({ status: 404 });
});

test("a wrong type in an answer is named by its path", async () => {
  const query = "mutation C($input: CreatePolicyInput!) { createPolicy(input: $input) { id } }";
  const answer = await ask(query, { input: { title: { not: "text" } } });
  expect(answer.errors[0]?.extensions).toMatchObject({ code: "INVALID_INPUT", problems: [{ path: "input.title" }] });
  expect((await ask(SIGN_IN, { email: 3, password: "x" })).errors[0]?.extensions.code).toBe("INVALID_INPUT");
});
