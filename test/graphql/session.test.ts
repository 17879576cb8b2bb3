import { demoPassword } from "../school";
import { type Asker, asker, emailOf, newSchoolApi, type SchoolApi, send, SIGN_IN } from "./schoolApi";

let school: SchoolApi;
const ME = "{ me { person { id name } roles administers organisation { id } } }";
const code = (answer: Awaited<ReturnType<Asker>>): string | undefined => answer.errors[0]?.extensions.code;

beforeAll(async () => {
  school = await newSchoolApi({ demo: false });
}, 60_000);
afterAll(() => school.close());

test("nobody is signed in until they are, and then the cookie says who", async () => {
  expect((await school.anybody(ME)).data).toEqual({ me: null });
  const answer = await school.anybody(SIGN_IN, { email: emailOf("Zoe King"), password: demoPassword });
  const cookie = String(answer.headers["set-cookie"]);
  expect(cookie).toMatch(/; HttpOnly; SameSite=Strict/);
  expect(cookie).not.toContain("Secure");
  const me = (await asker(school.api.port, { cookie: cookie.split(";")[0] ?? "" })(ME)).data["me"];
  expect(me).toMatchObject({ person: { name: "Zoe King" }, organisation: { id: school.school.organisation } });
});

test("somebody with several roles is shown what each of them needs, every step once", async () => {
  const cookie = await school.signIn("Zoe King");
  const { data } = await asker(school.api.port, { cookie })("{ me { tour { title page } } }");
  const titles = (data["me"] as { tour: { title: string }[] }).tour.map(({ title }) => title);
  expect(titles).toEqual(expect.arrayContaining(["Decide and debrief", "Report in a minute"]));
  expect(new Set(titles).size).toBe(titles.length);
});

test("a page of somebody who has signed out asks for nobody, though another has signed in by its browser's cookie", async () => {
  const cookie = await school.signIn("Edith Marlowe");
  const page = (person: string) => ({ cookie, "x-duly": "1", "x-duly-person": school.school.personId(person) });
  const create = `mutation { createPolicy(input: { title: "By whom?", owner: "${school.school.personId("Zoe King")}", text: "A" }) { id } }`;
  const stale = asker(school.api.port, page("Zoe King"));
  expect((await stale(ME)).data).toEqual({ me: null });
  expect(code(await stale(create))).toBe("UNAUTHENTICATED");
  const file = { path: "/files?name=a.txt", body: "A note." };
  expect((await send(school.api.port, { ...file, headers: page("Zoe King") })).status).toBe(401);
  expect((await send(school.api.port, { ...file, headers: page("Edith Marlowe") })).status).toBe(201);
  expect(await school.school.query("SELECT id FROM r_policy WHERE f_title = 'By whom?'")).toEqual([]);
  expect((await asker(school.api.port, page("Edith Marlowe"))(ME)).data["me"]).toMatchObject({
    person: { name: "Edith Marlowe" },
  });
});

test("an unknown address and a wrong password are told the same", async () => {
  const wrong = await school.anybody(SIGN_IN, { email: emailOf("Zoe King"), password: "not hers" });
  const unknown = await school.anybody(SIGN_IN, { email: "nobody@nowhere.invalid", password: "not hers" });
  expect(code(wrong)).toBe("UNAUTHENTICATED");
  const told = ({ errors }: typeof wrong) =>
    errors?.map(({ message, extensions }) => ({ message, ...extensions, requestId: "" }));
  expect(told(unknown)).toEqual(told(wrong));
});

test("the eleventh wrong password is not even looked at, and nor is the right one for a while", async () => {
  const email = emailOf("Edith Marlowe");
  const tries = await Promise.all(
    Array.from({ length: 14 }, () => school.anybody(SIGN_IN, { email, password: "guess" })),
  );
  const codes = tries.map(code);
  expect(codes.filter((each) => each === "UNAUTHENTICATED").length).toBeLessThanOrEqual(10);
  expect(codes).toContain("TOO_MANY_ATTEMPTS");
  // The refused tries did not lengthen the wait: the ten that counted leave the window a quarter of an hour later.
  await school.anybody(SIGN_IN, { email, password: "guess" });
  const { world } = school.school;
  const later = world.machineNow() + 16 * 60_000;
  const clock = jest.spyOn(world, "machineNow").mockImplementation(() => later);
  const answer = await school.anybody(SIGN_IN, { email, password: demoPassword });
  clock.mockRestore();
  expect(answer.errors).toEqual([]);
});

test("a secret is not kept: what is stored opens nothing", async () => {
  const cookie = await school.signIn("Zoe King");
  const [row] = await school.school.query("SELECT secret_hash FROM session ORDER BY created_at DESC LIMIT 1");
  const stored = String(row?.["secret_hash"]);
  expect(cookie).not.toContain(stored);
  expect((await asker(school.api.port, { cookie: `duly=${stored}` })(ME)).data).toEqual({ me: null });
});

test("signing out on one server ends the session on another that remembers it", async () => {
  const other = await school.second();
  const cookie = await school.signIn("Lindsey Glanville");
  const there = other.ask(cookie);
  expect((await there(ME)).data["me"]).toMatchObject({ person: { name: "Lindsey Glanville" } });
  const out = await asker(school.api.port, { cookie })("mutation { signOut }");
  expect(out.data).toEqual({ signOut: true });
  expect(String(out.headers["set-cookie"])).toMatch(/^duly=; Max-Age=0/);
  expect((await asker(school.api.port, { cookie })(ME)).data).toEqual({ me: null });
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  expect((await there(ME)).data).toEqual({ me: null });
}, 20_000);

test("a token works as its person until it is revoked, and makes no further token", async () => {
  const ask = await school.as("Zoe King");
  const made = (await ask('mutation { createApiToken(label: "Reports") { id secret } }')).data["createApiToken"];
  const { id, secret } = made as { id: string; secret: string };
  const token = (query: string) =>
    send(school.api.port, {
      headers: { "content-type": "application/json", authorization: `Bearer ${secret}` },
      body: JSON.stringify({ query }),
    });
  expect((await token(ME)).data["me"]).toMatchObject({ person: { name: "Zoe King" } });
  expect(code(await token('mutation { createApiToken(label: "More") { id } }'))).toBe("FORBIDDEN");
  const others = await school.as("Lindsey Glanville");
  expect(code(await others(`mutation { revokeApiToken(id: "${id}") }`))).toBe("NOT_FOUND");
  expect((await ask(`mutation { revokeApiToken(id: "${id}") }`)).data).toEqual({ revokeApiToken: true });
  expect((await token(ME)).data).toEqual({ me: null });
});

test("one person has twenty tokens and no more, and thirty sessions, of which the oldest ends", async () => {
  const ask = await school.as("Edith Marlowe");
  const make = () => ask('mutation { createApiToken(label: "Script") { id } }');
  for (let n = 0; n < 20; n++) expect((await make()).errors).toEqual([]);
  expect(code(await make())).toBe("WRONG_STATE");
  const sessions = async () =>
    (
      await school.school.query("SELECT secret_hash FROM session WHERE person = ?", [
        school.school.personId("Edith Marlowe"),
      ])
    ).length;
  for (let n = await sessions(); n < 33; n++) await school.signIn("Edith Marlowe");
  expect(await sessions()).toBe(30);
});

test("a role that ends is gone with the next request", async () => {
  const administrator = await school.as("Harriet Stowting");
  const teacher = await school.as("Tomas Elmstead");
  const rolesOf = async (): Promise<unknown> => (await teacher("{ me { roles } }")).data["me"];
  const person = school.school.personId("Tomas Elmstead");
  const made = await administrator(`mutation { appoint(person: "${person}", role: "clerk") { id } }`);
  const { id } = made.data["appoint"] as { id: string };
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  expect(await rolesOf()).toMatchObject({ roles: expect.arrayContaining(["clerk"]) as unknown });
  const ended = await administrator(`mutation { endAppointment(id: "${id}", on: "2026-11-20") { id to } }`);
  // It cannot end before it began: then it never was.
  if (ended.errors.length) await school.school.query("DELETE FROM appointment WHERE id = ?", [id]);
  if (ended.errors.length) await school.school.query("UPDATE installation SET access_edition = access_edition + 1");
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  expect(await rolesOf()).not.toMatchObject({ roles: expect.arrayContaining(["clerk"]) as unknown });
}, 20_000);

test("another organisation is closed to whoever holds nothing there", async () => {
  const ask = await school.as("Zoe King");
  const answer = await ask(ME, {}, { "x-organisation": "01AAAAAAAAAAAAAAAAAAAAAAAA" });
  expect(code(answer)).toBe("FORBIDDEN");
});

test("a stranger learns nothing of the schema, not even from mistakes", async () => {
  for (const query of [
    "{ __schema { types { name } } }",
    '{ __type(name: "Policy") { name } }',
    "{ policies { nonsense } }",
  ])
    expect((await school.anybody(query)).errors).toMatchObject([{ extensions: { code: "UNAUTHENTICATED" } }]);
  const signedIn = await school.as("Tomas Elmstead");
  expect((await signedIn("{ __schema { queryType { name } } }")).data).toEqual({
    __schema: { queryType: { name: "Query" } },
  });
});

test("the clock is closed outside demo mode", async () => {
  const administrator = await school.as("Harriet Stowting");
  expect(code(await administrator("{ clock { now } }"))).toBe("FORBIDDEN");
  expect(code(await administrator('mutation { advanceClock(to: "2027-01-01T00:00:00Z") { now } }'))).toBe("FORBIDDEN");
});
