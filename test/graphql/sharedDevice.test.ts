/** A device in the office: started by an administrator, opened to quick reports by a name and its PIN, and to nothing else. */
import type { RecordType } from "../../schema/definition";
import { publishDefinition } from "../../api/engine/publishDefinition";
import { systemIdentity } from "../../api/engine/run";
import { stillThere } from "../../api/engine/sharedDevice";
import { devicesIn } from "../../api/store/sharedDevices";
import { type Answer, type Asker, asker, newSchoolApi, type SchoolApi } from "./schoolApi";

const PIN = "260714";
const breakage: RecordType = {
  name: "breakage",
  plural: "breakages",
  label: "Breakage",
  pluralLabel: "Breakages",
  reference: "BRK-{n}",
  title: "{{ what }}",
  entries: { new: "reported" },
  fields: {
    what: { kind: "text", label: "What is broken", required: true },
    seenBy: { kind: "person", label: "Who saw it" },
    like: { kind: "link", to: "breakage", label: "The same as" },
    picture: { kind: "file", label: "A picture" },
    cost: { kind: "number", label: "Cost" },
  },
  states: { reported: { label: "Reported", resting: true } },
  actions: {},
  quick: {
    label: "Report a breakage",
    fields: ["what", "seenBy", "like", "picture"],
    then: "The caretaker looks at it today.",
  },
  grants: [
    { to: [{ role: "staff" }], may: ["create", "see"] },
    { to: [{ role: "governor" }], may: ["see"] },
  ],
};

let api: SchoolApi;
let device: Asker;
let deviceId: string;
let tomas: string;
const code = (answer: Answer) => answer.errors[0]?.extensions.code;
const THIS = "{ sharedDevice { label person secondsLeft } }";
const name = (person: string, pin: string) =>
  device(
    "mutation N($person: ID!, $pin: String!) { nameOnDevice(person: $person, pin: $pin) { person secondsLeft } }",
    {
      person,
      pin,
    },
  );
const report = (input: object, type = "breakage") =>
  device(
    "mutation R($type: String!, $input: JSON!) { reportOnDevice(type: $type, input: $input) { reference then } }",
    {
      type,
      input,
    },
  );
const setPin = async (who: string, pin: string) =>
  (await api.as(who))("mutation P($pin: String!) { setPin(pin: $pin) { setAt locked } }", { pin });
const cookiesOf = ({ headers }: Answer) => ([headers["set-cookie"]].flat() as string[]).map((each) => each ?? "");

async function start(label: string): Promise<{ id: string; ask: Asker; session: string; cookies: string[] }> {
  const session = await api.signIn("Harriet Stowting");
  const begin = asker(api.api.port, { cookie: session });
  const answer = await begin("mutation S($label: String!) { startSharedDevice(label: $label) { id label } }", {
    label,
  });
  const cookies = cookiesOf(answer);
  const own = cookies.find((each) => each.startsWith("duly_device="))?.split(";")[0] ?? "";
  const { id } = answer.data["startSharedDevice"] as { id: string };
  return { id, ask: asker(api.api.port, { cookie: own }), session, cookies };
}
async function later<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const { world } = api.school;
  const then = world.machineNow() + ms;
  const clock = jest.spyOn(world, "machineNow").mockImplementation(() => then);
  try {
    return await work();
  } finally {
    clock.mockRestore();
  }
}

beforeAll(async () => {
  api = await newSchoolApi({ demo: false });
  await publishDefinition(api.school.world, systemIdentity(api.school.organisation), { json: breakage });
  tomas = api.school.personId("Tomas Elmstead");
}, 60_000);
afterAll(() => api.close());

test("an administrator makes a browser a shared device, which ends their session in it", async () => {
  const refused = await (await api.as("Tomas Elmstead"))('mutation { startSharedDevice(label: "Mine") { id } }');
  expect(code(refused)).toBe("FORBIDDEN");
  const { id, ask, session, cookies } = await start("Front office");
  [deviceId, device] = [id, ask];
  expect(cookies.find((each) => each.startsWith("duly_device="))).toMatch(/HttpOnly; SameSite=Strict/);
  expect(cookies.find((each) => each.startsWith("duly="))).toMatch(/^duly=; Max-Age=0/);
  expect((await asker(api.api.port, { cookie: session })("{ me { roles } }")).data).toEqual({ me: null });
  expect((await device(THIS)).data).toEqual({ sharedDevice: { label: "Front office", person: null, secondsLeft: 0 } });
});

test("a PIN is set by its owner alone, is not one that is guessed first, and is shown to nobody", async () => {
  for (const bad of ["123", "123456789", "12a4", "1111", "2345", "8765"])
    expect((await setPin("Tomas Elmstead", bad)).errors[0]?.extensions).toMatchObject({ problems: [{ path: "pin" }] });
  expect((await device('{ namesOnDevice(search: "elmstead") { name } }')).data).toEqual({ namesOnDevice: [] });
  const set = await setPin("Tomas Elmstead", PIN);
  expect(set.data).toMatchObject({ setPin: { locked: false } });
  await setPin("Petra Swingfield", PIN);
  const rows = await api.school.query("SELECT * FROM pin");
  expect(JSON.stringify(rows)).not.toContain(PIN);
  // Those outside the staff do not report here, and one letter is no name.
  const search = async (words: string) => (await device(`{ namesOnDevice(search: "${words}") { id name } }`)).data;
  expect(await search("el")).toEqual({ namesOnDevice: [{ id: tomas, name: "Tomas Elmstead" }] });
  for (const words of ["e", "swingfield", "zoe"]) expect(await search(words)).toEqual({ namesOnDevice: [] });
});

test("before anybody is named, and after, everything but the reports is closed", async () => {
  const closed = async () => {
    for (const query of [
      "{ breakages { nodes { id } } }",
      '{ search(text: "a") { hits { id } } }',
      "{ people { totalCount } }",
      "{ myPin { setAt } }",
      "{ sharedDevices { id } }",
      'mutation { createBreakage(input: { what: "Door" }) { id } }',
      'mutation { setPin(pin: "9081") { locked } }',
      `mutation { revokeSharedDevice(id: "${deviceId}") { id } }`,
    ])
      expect([query, code(await device(query))]).toEqual([query, "UNAUTHENTICATED"]);
    expect((await device("{ me { roles } }")).data).toEqual({ me: null });
  };
  await closed();
  expect(code(await report({ what: "Door" }))).toBe("FORBIDDEN");
  expect(code(await device("{ reportForms { type } }"))).toBe("FORBIDDEN");
  expect((await name(tomas, PIN)).data["nameOnDevice"]).toMatchObject({ person: "Tomas Elmstead" });
  await closed();
  const { data } = await device("{ reportForms { type label form } }");
  const forms = data["reportForms"] as { type: string; form: { quick: object; fields: object } }[];
  expect(forms.every(({ type }) => api.school.world.registry.types.get(type)?.active.type.quick)).toBe(true);
  const own = forms.find(({ type }) => type === "breakage");
  expect(own?.form).toMatchObject({ quick: { fields: ["what", "seenBy", "like"] } });
  expect(Object.keys(own?.form.fields ?? {})).toEqual(["what", "seenBy", "like"]);
});

test("one report, of what its quick form asks; the history says whose it is and where it was made", async () => {
  expect((await report({ what: "Door", cost: 12 })).errors[0]?.extensions).toMatchObject({
    problems: [{ path: "input.cost" }],
  });
  expect((await report({ what: "Door", picture: "0".repeat(26) })).errors[0]?.extensions).toMatchObject({
    problems: [{ path: "input.picture" }],
  });
  expect(code(await report({ title: "A policy" }, "policy"))).toBe("FORBIDDEN");
  const choices = async (field: string, search: string) =>
    (await device(`{ reportChoices(type: "breakage", field: "${field}", search: "${search}") { name } }`)).data;
  expect(await choices("seenBy", "birchwood")).toEqual({ reportChoices: [{ name: "Callum Birchwood" }] });
  expect(await choices("cost", "a")).toEqual({});

  expect((await report({ what: "Door" })).data).toMatchObject({
    reportOnDevice: { then: "The caretaker looks at it today." },
  });
  const head = await api.as("Zoe King");
  const { data } = await head("{ breakages { nodes { what createdBy { name } history { actor { kind name } } } } }");
  expect(data["breakages"]).toEqual({
    nodes: [
      {
        what: "Door",
        createdBy: { name: "Tomas Elmstead" },
        history: [{ actor: { kind: "device", name: "Tomas Elmstead, on the shared device “Front office”, by PIN" } }],
      },
    ],
  });
  expect((await device(THIS)).data["sharedDevice"]).toMatchObject({ person: null });
  expect(code(await report({ what: "Window" }))).toBe("FORBIDDEN");
  // Of two reports sent at once by one name, one is made.
  await name(tomas, PIN);
  const both = await Promise.all([report({ what: "Window" }), report({ what: "Gate" })]);
  expect(both.map(code).sort()).toEqual(["FORBIDDEN", undefined]);
});

test("who does nothing for two minutes is forgotten, and who is still typing is not", async () => {
  await name(tomas, PIN);
  await later(119_000, async () => {
    expect((await device("mutation { stillThere { person secondsLeft } }")).data).toEqual({
      stillThere: { person: "Tomas Elmstead", secondsLeft: 120 },
    });
  });
  await later(200_000, async () => {
    expect((await device(THIS)).data["sharedDevice"]).toMatchObject({ person: "Tomas Elmstead" });
  });
  await later(245_000, async () => {
    expect((await device(THIS)).data["sharedDevice"]).toMatchObject({ person: null });
    expect(code(await report({ what: "Lamp" }))).toBe("FORBIDDEN");
  });
  await name(tomas, PIN);
  await device("mutation { leaveDevice { person } }");
  expect(code(await report({ what: "Lamp" }))).toBe("FORBIDDEN");
});

test("five wrong PINs in a row lock it, the right one too, until its owner sets another", async () => {
  const words = (answer: Answer) => answer.errors[0]?.message;
  const unknown = await name(api.school.personId("Zoe King"), PIN);
  const wrong = await Promise.all(Array.from({ length: 7 }, () => name(tomas, "908172")));
  expect(wrong.map(words).filter((each) => each === words(unknown))).toHaveLength(5);
  expect(words(await name(tomas, PIN))).toMatch(/^This PIN is locked/);
  const mine = await (await api.as("Tomas Elmstead"))("{ myPin { locked } }");
  expect(mine.data).toEqual({ myPin: { locked: true } });
  await setPin("Tomas Elmstead", "4039");
  expect((await name(tomas, "4039")).data["nameOnDevice"]).toMatchObject({ person: "Tomas Elmstead" });
});

test("a device that is revoked is none any more, and its uses stay for the administrators", async () => {
  const admin = await api.as("Harriet Stowting");
  const revoke = `mutation { revokeSharedDevice(id: "${deviceId}") { revokedBy { name } } }`;
  expect(code(await (await api.as("Tomas Elmstead"))(revoke))).toBe("FORBIDDEN");
  expect((await admin(revoke)).data).toEqual({ revokeSharedDevice: { revokedBy: { name: "Harriet Stowting" } } });
  expect(code(await admin(revoke))).toBe("NOT_FOUND");
  expect((await device(THIS)).data).toEqual({ sharedDevice: null });
  for (const answer of [await name(tomas, "4039"), await report({ what: "Lamp" })])
    expect(code(answer)).toBe("UNAUTHENTICATED");

  const list = "{ sharedDevices { label startedBy { name } uses(first: 200) { what person { name } } } }";
  expect(code(await (await api.as("Tomas Elmstead"))(list))).toBe("FORBIDDEN");
  const [row] = (await admin(list)).data["sharedDevices"] as { uses: { what: string; person: { name: string } }[] }[];
  expect(row).toMatchObject({ label: "Front office", startedBy: { name: "Harriet Stowting" } });
  const times = (what: string) => row?.uses.filter((use) => use.what === what).length;
  expect(["named", "reported", "left", "wrongPin", "locked"].map(times)).toEqual([5, 2, 1, 6, 3]);
});

test("nobody goes on trying PINs on one device, whosever they are", async () => {
  const second = await start("Gate");
  device = second.ask;
  const tries: Answer[] = [];
  for (let n = 0; n < 61; n++) tries.push(await name(api.school.personId("Zoe King"), "908172"));
  expect(tries.slice(0, 60).map(code)).toEqual(Array(60).fill("FORBIDDEN"));
  expect(code(tries[60] as Answer)).toBe("TOO_MANY_ATTEMPTS");
  await later(16 * 60_000, async () => {
    expect((await name(tomas, "4039")).data["nameOnDevice"]).toMatchObject({ person: "Tomas Elmstead" });
  });
}, 60_000);

test("a sign of life that comes after the goodbye names nobody again", async () => {
  const { id, ask } = await start("Library");
  await ask("mutation N($person: ID!, $pin: String!) { nameOnDevice(person: $person, pin: $pin) { person } }", {
    person: tomas,
    pin: "4039",
  });
  const { world, organisation } = api.school;
  const row = (await devicesIn(world.db, organisation)).find((each) => each.id === id);
  if (!row) throw new Error("The device is not there.");
  const typing = { ...row, person: { id: tomas, name: "Tomas Elmstead" } };
  await ask("mutation { leaveDevice { person } }");
  expect(await stillThere(world, typing)).toMatchObject({ person: null });
  expect((await ask(THIS)).data).toMatchObject({ sharedDevice: { person: null } });
});
