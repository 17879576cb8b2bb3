/** A school of its own, from an empty installation to the day it goes live. */
import { foundingUrl } from "../../api/engine/founding";
import type { World } from "../../api/engine/world";
import { type Api, startApi } from "../../api/graphql/server";
import { moveTo, newInstallation } from "../school";
import { type Answer, type Asker, asker, sendFile } from "./schoolApi";

let world: World;
let api: Api;
let drop: () => Promise<void>;
let secret: string;

beforeEach(async () => {
  ({ world, drop } = await newInstallation("2027-01-04T09:00:00.000Z", false));
  api = await startApi(world, 0, { adminFolder: "nowhere", host: "127.0.0.1" });
  secret = (await foundingUrl(world)).split("/").at(-1) ?? "";
}, 60_000);
afterEach(async () => {
  await api.close();
  await world.close();
  await drop();
});

const FOUND = "mutation F($input: FoundSchoolInput!) { foundSchool(input: $input) { person { name } } }";
const founder = {
  school: "Elm Road Primary",
  zone: "Europe/London",
  name: "Ada Shah",
  email: "ada@elmroad.example",
  password: "three plain words",
  roles: ["headteacher", "leadGovernor", "staff"],
};
const cookieOf = ({ headers, text }: Answer): string => {
  const cookie = /^duly=[^;]+/.exec(String(headers["set-cookie"]))?.[0];
  if (!cookie) throw new Error(text);
  return cookie;
};
let session: string;
async function found(): Promise<Asker> {
  session = cookieOf(await asker(api.port)(FOUND, { input: { ...founder, secret } }));
  return asker(api.port, { cookie: session });
}
const READY = `goLiveOn termsUntil terms closures people withoutSignIn unheld { name } texts findings saidDone`;

test("the link that the server prints founds one school, and its founder is its administrator", async () => {
  const anybody = asker(api.port);
  const ask = async (given: string | null) =>
    (await anybody("query ($s: String) { founding(secret: $s) { founded open roles { name } } }", { s: given })).data[
      "founding"
    ];
  expect((await anybody("{ founding { founded } }")).data["founding"]).toEqual({ founded: false });
  expect(await ask(null)).toEqual({ founded: false, open: false, roles: [] });
  expect(await ask(secret)).toMatchObject({ open: true, roles: expect.arrayContaining([{ name: "headteacher" }]) });
  const wrong = await anybody(FOUND, { input: { ...founder, secret: `${secret.slice(0, 27)}x` } });
  expect(wrong.errors[0]?.extensions.code).toBe("NOT_FOUND");
  const weak = await anybody(FOUND, { input: { ...founder, secret, password: "short", school: " ", email: "ada" } });
  expect(weak.errors[0]?.extensions.problems?.map(({ path }) => path)).toEqual(["email", "school", "password"]);

  const ada = await found();
  const { data } = await ada("{ me { organisation { name } roles administers demo } definitions { type } }");
  expect(data["me"]).toEqual({
    organisation: { name: "Elm Road Primary" },
    roles: expect.arrayContaining(["administrator", "headteacher", "staff"]),
    administers: true,
    demo: false,
  });
  expect(data["definitions"]).not.toEqual([]);
  expect(await ask(secret)).toEqual({ founded: true, open: false, roles: [] });
  expect((await anybody(FOUND, { input: { ...founder, secret } })).errors[0]?.extensions.code).toBe("NOT_FOUND");
}, 60_000);

test("what is ready is seen from what is there, and the rest is said", async () => {
  const ada = await found();
  const ready = async () => (await ada(`{ gettingReady { ${READY} } }`)).data["gettingReady"];
  expect(await ready()).toMatchObject({ goLiveOn: "2027-02-01", terms: 0, people: 1, texts: 0, saidDone: [] });
  await ada(
    `mutation { setCalendar(input: { terms: [{ name: "Spring", from: "2027-01-04", to: "2027-03-24" }],
       closures: [{ name: "INSET", kind: "inset", from: "2027-01-04", to: "2027-01-04" }] }) { moved } }`,
  );
  await ada(
    'mutation { createPerson(input: { name: "Ben Okafor", email: "ben@elmroad.example", roles: ["clerk"] }) { id } }',
  );
  await ada('mutation { sayReady(step: "roles", done: true) { saidDone } }');
  expect(await ready()).toMatchObject({
    ...{ termsUntil: "2027-03-24", terms: 1, closures: 1, people: 2, withoutSignIn: 1, saidDone: ["roles"] },
    unheld: expect.not.arrayContaining([{ name: "clerk" }]),
  });
  const odd = await ada('mutation { sayReady(step: "terms", done: true) { saidDone } }');
  expect(odd.errors[0]?.extensions.problems).toMatchObject([{ path: "step" }]);
}, 60_000);

const policy = `# Uniform Policy

Date of last review: May 2024
Reviewed by: Governing body
Review frequency: annually
Next review date: May 2025

## 1. Aims
What pupils wear.
`;

test("nothing fires before the school goes live, and what was overdue comes to one notice then", async () => {
  const ada = await found();
  const dates = async () =>
    (await world.db.query("SELECT state, due_at FROM timer WHERE state IN ('waiting', 'fired') ORDER BY due_at")).map(
      (row) => `${String(row["state"])} ${String(row["due_at"]).slice(0, 10)}`,
    );
  const imported = await ada(
    "mutation ($file: ID!) { importPolicies(file: $file) { created { id title findings { message } } } }",
    { file: await sendFile(api.port, session, "uniform.md", policy) },
  );
  expect(imported.errors).toEqual([]);
  const [{ id }] = (imported.data["importPolicies"] as { created: [{ id: string }] }).created;
  const me = ((await ada("{ me { person { id } } }")).data["me"] as { person: { id: string } }).person.id;
  const owned = await ada(
    "mutation ($id: ID!, $me: ID!) { updatePolicy(id: $id, expectedVersion: 1, input: { owner: $me }) { reviewBy owner { name } } }",
    { id, me },
  );
  expect(owned.data["updatePolicy"]).toEqual({ reviewBy: "2025-05", owner: { name: "Ada Shah" } });
  const notices = async () =>
    Number((await world.db.query("SELECT COUNT(*) AS n FROM notice WHERE record = ?", [id]))[0]?.["n"]);
  await moveTo(world, "2027-01-20");
  expect(await notices()).toBe(0);
  expect((await dates()).filter((line) => line.startsWith("fired"))).toEqual([]);

  await ada('mutation { setGoLive(on: "2027-01-25") { goLiveOn } }');
  await moveTo(world, "2027-01-24");
  expect(await notices()).toBe(0);
  await moveTo(world, "2027-01-26");
  // Five reminders were due by then, and one stands for them.
  expect(await notices()).toBe(1);
}, 90_000);
