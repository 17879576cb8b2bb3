/** People come in from the school's own system, choose a password by a link, change roles, and leave. */
import { type Asker, newSchoolApi, type SchoolApi, SIGN_IN } from "./schoolApi";
import { MOST_LINES } from "../../api/engine/importPeople";

let school: SchoolApi;
let office: Asker;

beforeEach(async () => {
  school = await newSchoolApi();
  office = await school.as("Harriet Stowting");
}, 60_000);
afterEach(() => school.close());

const IMPORT = `mutation I($input: ImportPeopleInput!) { importPeople(input: $input) {
  digest done lines { verdict id name changes problems { path message } notes } leavers { id name changes } } }`;

interface Import {
  digest: string;
  done: boolean;
  lines: {
    line?: number;
    verdict: string;
    id: string | null;
    name: string;
    changes: string[];
    problems: { message: string }[];
  }[];
  leavers: { id: string; name: string; changes: string[] }[];
}

const lines = [
  { externalId: "S1", surname: "Ashenden", forename: "Mabel", email: "mabel@canterburyroad.invalid", roles: "Teacher" },
  { externalId: "S2", name: "Tomas Elmstead", email: "tomas.elmstead@canterburyroad.invalid", roles: "Teacher" },
  { externalId: "S3", name: "Ned Nowhere", email: "not an address", roles: "Teacher" },
];
const roleWords = [{ word: "Teacher", roles: ["classTeacher"] }];
const file = { lines, roleWords, everybody: ["staff"], decides: ["classTeacher", "staff"] };

async function sent(input: object, as = office): Promise<Import> {
  const answer = await as(IMPORT, { input: { ...file, ...input } });
  expect(answer.errors).toEqual([]);
  return answer.data["importPeople"] as Import;
}
const verdicts = ({ lines: all }: Import): string[] => all.map(({ verdict }) => verdict);
const rolesOf = async (name: string): Promise<string[]> => {
  const rows = await school.school.query(
    `SELECT a.role FROM appointment a JOIN person p ON p.id = a.person WHERE p.name = '${name}'
     AND (a.to_on IS NULL OR a.to_on >= a.from_on) AND a.to_on IS NULL ORDER BY a.role`,
  );
  return rows.map((row) => String(row["role"]));
};

test("a plan is shown and nothing is written; confirmed it is done; the same file again changes nothing", async () => {
  const shown = await sent({});
  expect(verdicts(shown)).toEqual(["JOINS", "CHANGES", "REFUSED"]);
  expect(shown.lines[2]?.problems).toEqual([{ path: "email", message: "“not an address” is not an email address." }]);
  expect(await rolesOf("Mabel Ashenden")).toEqual([]);

  const done = await sent({ confirm: shown.digest });
  expect(done).toMatchObject({ done: true, lines: [{ verdict: "JOINS", id: expect.any(String) }, {}, {}] });
  expect(await rolesOf("Mabel Ashenden")).toEqual(["classTeacher", "staff"]);
  const again = await sent({});
  expect(verdicts(again)).toEqual(["UNCHANGED", "UNCHANGED", "REFUSED"]);
  // What was shown before has been done: it cannot be confirmed twice.
  expect((await office(IMPORT, { input: { ...file, confirm: shown.digest } })).errors[0]?.extensions.code).toBe(
    "STALE",
  );
});

test("in September whoever is missing leaves, unless they stay; their tasks pass on and their session ends", async () => {
  await sent({ confirm: (await sent({})).digest });
  const yasmin = await school.as("Yasmin Chilham");
  const all = { missing: "LEAVE", lines: lines.slice(0, 2) };
  const shown = await sent(all);
  expect(shown.leavers.map(({ name }) => name)).toContain("Yasmin Chilham");
  // The headteacher and the office are in no list of teachers: they are kept by hand.
  const staying = shown.leavers.filter(({ name }) => name !== "Yasmin Chilham").map(({ id }) => id);
  const kept = await sent({ ...all, staying });
  expect(kept.leavers.map(({ name }) => name)).toEqual(["Yasmin Chilham"]);
  expect(kept.leavers[0]?.changes.at(-1)).toBe("Can no longer sign in");
  await sent({ ...all, staying, confirm: kept.digest });
  expect(await rolesOf("Yasmin Chilham")).toEqual([]);
  expect((await yasmin("{ me { person { name } } }")).data["me"]).toBeNull();
  expect((await sent({ ...all, staying })).leavers).toEqual([]);
});

test("the last administrator cannot be lost by a file or by hand, and nobody else may read or change people so", async () => {
  const only = { lines: [lines[1]], missing: "LEAVE" };
  const shown = await sent(only);
  const refused = await office(IMPORT, { input: { ...file, ...only, confirm: shown.digest } });
  expect(refused.errors[0]?.message).toContain("Nobody would administer Duly any more");
  expect(await rolesOf("Harriet Stowting")).toContain("administrator");
  const teacher = await school.as("Tomas Elmstead");
  expect((await teacher(IMPORT, { input: file })).errors[0]?.extensions.code).toBe("FORBIDDEN");
  const file2 = await teacher("query ($id: ID!) { personFile(id: $id) { signsIn } }", {
    id: school.school.personId("Zoe King"),
  });
  expect(file2.errors[0]?.extensions.code).toBe("FORBIDDEN");
});

const BY_SHEET = `mutation I($input: ImportPeopleSheetInput!) { importPeopleSheet(input: $input) {
  digest done lines { line verdict name changes problems { message } } leavers { name } } }`;

test("the same by an uploaded sheet: planned by its columns, told by its lines, and done as it was shown", async () => {
  const list = (rows: string[]) => ["Staff ID;Name;Work email;Job;Line manager", ...rows].join("\r\n");
  const upload = (rows: string[]) => school.upload("Harriet Stowting", "staff.csv", list(rows));
  const id = await upload([
    "S1;Mabel Ashenden;mabel@canterburyroad.invalid;Teacher;Zoe King",
    "",
    "S2;Tomas Elmstead;tomas.elmstead@canterburyroad.invalid;Teacher;",
    '"S3";Ned Nowhere;not an address;Teacher;',
  ]);
  const columns = ["externalId", "name", "email", "roles", "relation lineManager"];
  const { roleWords, everybody, decides } = file;
  const ask = (input: object = {}, as = office) =>
    as(BY_SHEET, { input: { sheet: { file: id }, columns, roleWords, everybody, decides, ...input } });
  const [words] = (
    await office("query ($f: ID!) { sheetWords(input: { file: $f }, column: 3) { word rows } }", { f: id })
  ).data["sheetWords"] as { word: string; rows: number }[];
  expect(words).toEqual({ word: "Teacher", rows: 3 });

  const shown = (await ask()).data["importPeopleSheet"] as Import;
  expect(shown.lines.map(({ line, verdict }) => `${line} ${verdict}`)).toEqual(["2 JOINS", "4 CHANGES", "5 REFUSED"]);
  expect(shown.lines[2]?.problems).toEqual([{ message: "“not an address” is not an email address." }]);
  expect(await rolesOf("Mabel Ashenden")).toEqual([]);
  const done = (await ask({ confirm: shown.digest })).data["importPeopleSheet"] as Import;
  expect(done).toMatchObject({ done: true, lines: [{ verdict: "JOINS" }, {}, {}] });
  expect(await rolesOf("Mabel Ashenden")).toEqual(["classTeacher", "staff"]);
  // An answer that was lost: what was shown has been done, and is not done twice.
  expect((await ask({ confirm: shown.digest })).errors[0]?.extensions.code).toBe("STALE");

  const refused = async (answer: ReturnType<typeof ask>) => (await answer).errors[0]?.message;
  expect(await refused(ask({ columns: ["name", "shoeSize"] }))).toBe("A list of people has no column “shoeSize”.");
  expect(await refused(ask({ columns: ["name", "name"] }))).toBe("Two columns cannot both fill “name”.");
  expect(await refused(ask({}, await school.as("Zoe King")))).toContain("for the school's administrators");
  const long = await upload([`S1;${"a".repeat(10_001)};;;`]);
  expect(await refused(ask({ sheet: { file: long } }))).toBe(
    "Line 2 has more than 10,000 characters under “Name”. Shorten it.",
  );
  const many = await upload(Array.from({ length: MOST_LINES + 1 }, (_, n) => `N${n};Person ${n};;;`));
  expect(await refused(ask({ sheet: { file: many } }))).toBe(
    "This file has 3,001 people; 3,000 are the most. Split it into several files.",
  );
});

const LINKS =
  "mutation ($people: [ID!]!) { makeSignInLinks(people: $people) { person { name } url mailedTo problem } }";
const CHOOSE =
  "mutation ($secret: String!, $password: String!) { choosePassword(secret: $secret, password: $password) { person { name } } }";

test("a link lets its holder choose a password once, and opening it changes nothing", async () => {
  const entered = await sent({ confirm: (await sent({})).digest });
  const id = entered.lines[0]?.id ?? "";
  const without = await office("{ peopleWithoutSignIn { name } }");
  expect(without.data["peopleWithoutSignIn"]).toContainEqual({ name: "Mabel Ashenden" });
  const link = async () => {
    const [made] = (await office(LINKS, { people: [id] })).data["makeSignInLinks"] as { url: string; mailedTo: null }[];
    return made?.url.split("/").at(-1) ?? "";
  };
  const [old, secret] = [await link(), await link()];
  const open = async (given: string) =>
    (await school.anybody("query ($s: String!) { signInLink(secret: $s) { name email } }", { s: given })).data[
      "signInLink"
    ];
  // The second ended the first.
  expect(await open(old)).toBeNull();
  expect(await open(secret)).toEqual({ name: "Mabel Ashenden", email: "mabel@canterburyroad.invalid" });
  expect(await open(`${secret.slice(0, -1)}${secret.endsWith("A") ? "B" : "A"}`)).toBeNull();

  const weak = await school.anybody(CHOOSE, { secret, password: "short" });
  expect(weak.errors[0]?.extensions.problems?.[0]).toMatchObject({ path: "password" });
  const chosen = await school.anybody(CHOOSE, { secret, password: "three plain words" });
  expect(chosen.data["choosePassword"]).toEqual({ person: { name: "Mabel Ashenden" } });
  expect(String(chosen.headers["set-cookie"])).toContain("duly=");
  expect((await school.anybody(CHOOSE, { secret, password: "three other words" })).errors[0]?.extensions.code).toBe(
    "NOT_FOUND",
  );
  const signedIn = await school.anybody(SIGN_IN, {
    email: "mabel@canterburyroad.invalid",
    password: "three plain words",
  });
  expect(signedIn.errors).toEqual([]);
});

test("a link ends after a fortnight of the school's days", async () => {
  const [made] = (await office(LINKS, { people: [school.school.personId("Zoe King")] })).data["makeSignInLinks"] as {
    url: string;
  }[];
  const secret = made?.url.split("/").at(-1) ?? "";
  await school.school.clock.to(new Date(Date.parse(await school.school.clock.now()) + 15 * 86_400_000).toISOString());
  expect((await school.anybody(CHOOSE, { secret, password: "three plain words" })).errors[0]?.extensions.code).toBe(
    "NOT_FOUND",
  );
});

test("by hand: somebody is entered with a role, given a line manager, and marked as left", async () => {
  const created = await office(
    `mutation { createPerson(input: { name: "Wren Patrix", email: "wren@canterburyroad.invalid", externalId: "S9", roles: ["staff"] }) { id } }`,
  );
  const { id } = created.data["createPerson"] as { id: string };
  await office('mutation ($p: ID!, $o: ID!) { relate(person: $p, kind: "lineManager", other: $o) { id } }', {
    p: id,
    o: school.school.personId("Zoe King"),
  });
  const read = async () =>
    (
      await office(
        "query ($id: ID!) { personFile(id: $id) { active externalId signsIn relations { label other { name } } } }",
        { id },
      )
    ).data["personFile"];
  expect(await read()).toEqual({
    active: true,
    externalId: "S9",
    signsIn: false,
    relations: [{ label: "Line manager", other: { name: "Zoe King" } }],
  });
  const odd = await office('mutation ($p: ID!) { relate(person: $p, kind: "neighbour", other: null) { id } }', {
    p: id,
  });
  expect(odd.errors[0]?.message).toContain("neighbour");
  const taken = await office(
    'mutation { createPerson(input: { name: "Other", externalId: "S9", roles: ["staff"] }) { id } }',
  );
  expect(taken.errors[0]?.extensions.problems).toEqual([
    { path: "externalId", message: "Wren Patrix has this number." },
  ]);
  await office('mutation ($id: ID!) { updatePerson(input: { id: $id, name: "Wren Patrix", active: false }) { id } }', {
    id,
  });
  expect(await read()).toMatchObject({ active: false, externalId: "S9" });
});
