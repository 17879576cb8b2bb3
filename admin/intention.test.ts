import { graphql } from "./graphql";
import { intentionTo } from "./intention";

const CREATE = "mutation ($input: CreatePolicyInput!) { createPolicy(input: $input) { id } }";
const sent: string[] = [];
let answers: (() => Response)[] = [];
const json =
  (body: unknown, status = 200) =>
  () =>
    new Response(JSON.stringify(body), { status });
const made = json({ data: { createPolicy: { id: "1" } } });
const failed = (code: string) => json({ errors: [{ message: "No", extensions: { code } }] }, 503);

beforeEach(() => {
  jest.useFakeTimers();
  Object.assign(globalThis, { localStorage: { getItem: () => null }, window: new EventTarget() });
  sent.length = 0;
  globalThis.fetch = (_url, options) => {
    sent.push(new Headers(options?.headers).get("x-idempotency-key") ?? "none");
    const answer = answers.shift();
    return answer ? Promise.resolve(answer()) : Promise.reject(new TypeError("Failed to fetch"));
  };
});
afterEach(() => {
  jest.advanceTimersByTime(86_400_000);
  jest.useRealTimers();
});

const create = (title: string) => graphql(CREATE, { input: { title } });
const refused = (work: Promise<unknown>) => work.catch(() => undefined);

test("two clicks send one change", async () => {
  answers = [made, made];
  await Promise.all([create("a"), create("a")]);
  expect(new Set(sent).size).toBe(1);
});

test("what is sent again a while after its answer is another change", async () => {
  answers = [made, made];
  await create("b");
  jest.advanceTimersByTime(2_000);
  await create("b");
  expect(new Set(sent).size).toBe(2);
});

test.each(["UNAVAILABLE", "OUTCOME_UNKNOWN", "INTERNAL"])("trying again after %s is the same change", async (code) => {
  answers = [failed(code), made];
  await refused(create("c"));
  jest.advanceTimersByTime(60_000);
  await create("c");
  expect(new Set(sent).size).toBe(1);
});

test("trying again after nothing answered is the same change; with other answers it is another", async () => {
  answers = [];
  await refused(create("d"));
  await refused(create("d"));
  await refused(create("e"));
  expect(sent[0]).toBe(sent[1]);
  expect(sent[2]).not.toBe(sent[0]);
});

test("what was refused is begun anew, and a question carries no key", async () => {
  answers = [failed("INVALID_INPUT"), made, json({ data: {} })];
  await refused(create("f"));
  await create("f");
  expect(sent[1]).not.toBe(sent[0]);
  await graphql("{ me { person { id } } }");
  expect(sent[2]).toBe("none");
  expect(intentionTo("x").key.length).toBeLessThanOrEqual(64);
});
