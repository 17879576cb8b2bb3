/** A sheet's rows become records through the pipeline, whatever the type: judged first, then done, and never twice. */
import { type Asker, newSchoolApi, type SchoolApi } from "./schoolApi";

let school: SchoolApi;
let head: Asker;

beforeEach(async () => {
  school = await newSchoolApi();
  head = await school.as("Zoe King");
}, 60_000);
afterEach(() => school.close());

interface Became {
  verdict: string;
  id: string | null;
  changes: { label: string; before: string | null; after: string | null }[];
  problems: { path: string; message: string }[];
}
const IMPORT =
  "mutation I($input: ImportRowsInput!) { importRows(input: $input) { verdict id changes { label before after } problems { path message } } }";
const rows = [
  { title: "Uniform", owner: "Zoe King", reviewBy: "31/07/2027" },
  { title: "Lone working", owner: "lindsey.glanville@canterburyroad.invalid", reviewBy: "October 2027" },
];
const ask = (input: object, as = head) =>
  as(IMPORT, { input: { type: "policy", rows, key: ["title"], existing: "LEAVE", dryRun: false, ...input } });
async function sent(input: object = {}, as = head): Promise<Became[]> {
  const answer = await ask(input, as);
  expect(answer.errors).toEqual([]);
  return answer.data["importRows"] as Became[];
}
const verdicts = (became: Became[]): string[] => became.map(({ verdict }) => verdict);
const titled = async (title: string) =>
  (
    (
      await head(
        "query L($t: String!) { policies(filter: { title: { eq: $t } }) { nodes { id version reviewBy owner { name } history { summary } } } }",
        {
          t: title,
        },
      )
    ).data["policies"] as { nodes: { id: string; version: number; reviewBy: string; owner: { name: string } }[] }
  ).nodes;

test("a dry run says what would come of each row and changes nothing; the import does it; again, it doubles nothing", async () => {
  const [before] = await school.school.query("SELECT COUNT(*) AS n FROM history");
  expect(await sent({ dryRun: true })).toEqual([
    { verdict: "CREATED", id: null, changes: [], problems: [] },
    { verdict: "CREATED", id: null, changes: [], problems: [] },
  ]);
  expect(await titled("Uniform")).toEqual([]);
  expect((await school.school.query("SELECT COUNT(*) AS n FROM history"))[0]).toEqual(before);

  expect(verdicts(await sent())).toEqual(["CREATED", "CREATED"]);
  expect(await titled("Lone working")).toMatchObject([{ reviewBy: "2027-10", owner: { name: "Lindsey Glanville" } }]);

  expect(verdicts(await sent())).toEqual(["LEFT", "LEFT"]);
  expect(verdicts(await sent({ existing: "UPDATE" }))).toEqual(["UNCHANGED", "UNCHANGED"]);
  expect(await titled("Uniform")).toHaveLength(1);
});

test("a record that is there is changed where the file differs, and a blank cell changes nothing", async () => {
  await sent();
  const changed = [{ title: "Uniform", owner: "", reviewBy: "30/06/2028" }];
  const [judged] = await sent({ rows: changed, existing: "UPDATE", dryRun: true });
  expect(judged).toMatchObject({
    verdict: "UPDATED",
    changes: [{ label: "Next review", before: "31 July 2027", after: "30 June 2028" }],
  });
  expect(await titled("Uniform")).toMatchObject([{ version: 1, reviewBy: "2027-07-31" }]);
  expect(verdicts(await sent({ rows: changed, existing: "UPDATE" }))).toEqual(["UPDATED"]);
  expect(await titled("Uniform")).toMatchObject([{ version: 2, reviewBy: "2028-06-30", owner: { name: "Zoe King" } }]);
});

test("a row with a problem names each field with its remedy, and takes no other row down", async () => {
  const bad = [
    { title: "Good", owner: "Zoe King" },
    { title: "Bad", owner: "Nobody Known", reviewBy: "31/13/2027" },
    { title: "", owner: "Zoe King" },
  ];
  const became = await sent({ rows: bad });
  expect(verdicts(became)).toEqual(["CREATED", "REFUSED", "REFUSED"]);
  expect(became[1]?.problems).toEqual([
    { path: "owner", message: expect.stringContaining("nobody here is called “Nobody Known”") },
    { path: "reviewBy", message: expect.stringContaining("write day, month and year") },
  ]);
  expect(became[2]?.problems[0]?.path).toBe("title");
  expect(await titled("Good")).toHaveLength(1);
});

test("the reference finds what an export wrote, and an unknown one is no new record", async () => {
  const [made] = await sent({ rows: [rows[0]] });
  const { data } = await head(`{ policy(id: "${made?.id}") { reference } }`);
  const { reference } = data["policy"] as { reference: string };
  const again = await sent({
    rows: [
      { reference, title: "Uniform and jewellery" },
      { reference: "POL-1999-1", title: "Another" },
    ],
    key: ["reference"],
    existing: "UPDATE",
  });
  expect(again).toMatchObject([
    { verdict: "UPDATED", id: made?.id },
    { verdict: "REFUSED", problems: [{ path: "reference" }] },
  ]);
  expect(await titled("Uniform and jewellery")).toHaveLength(1);
});

test("the rights are those of whoever imports: what they may not create is refused row by row", async () => {
  const teacher = await school.as("Tomas Elmstead");
  const became = await sent({}, teacher);
  expect(verdicts(became)).toEqual(["REFUSED", "REFUSED"]);
  expect(became[0]?.problems[0]?.message).toMatch(/may not create/);
  expect(await titled("Uniform")).toEqual([]);
});

test("a key that tells nothing apart, too many rows and nonsense are refused as a whole", async () => {
  const problems = async (input: object) => (await ask(input)).errors[0]?.extensions.problems?.map(({ path }) => path);
  expect(await problems({ key: [] })).toEqual(["key"]);
  for (const odd of ["text", "constructor", "__proto__", "toString"])
    expect(await problems({ key: [odd] })).toEqual(["key"]);
  expect(await problems({ rows: Array.from({ length: 101 }, () => rows[0]) })).toEqual(["rows"]);
  expect(await problems({ rows: [rows[0], { title: { nested: true } }] })).toEqual(["rows[1]"]);
});

test("a row sent again under its import is answered as it was done, and a fault at one row keeps the verdicts of the others", async () => {
  const once = { import: "3f0c1d8e-import", lines: [2, 3] };
  await school.school.query(
    "CREATE TRIGGER broken BEFORE INSERT ON r_policy FOR EACH ROW IF NEW.title = 'Lone working' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'x'; END IF",
  );
  const first = await sent(once);
  await school.school.query("DROP TRIGGER broken");
  expect(verdicts(first)).toEqual(["CREATED", "FAILED"]);
  // Whoever lost the answer sends both again: neither is doubled, and the first is still told as created.
  const [again, parallel] = await Promise.all([sent(once), sent(once)]);
  expect(again).toEqual(parallel);
  expect(again[0]).toEqual(first[0]);
  expect(verdicts(again)).toEqual(["CREATED", "CREATED"]);
  expect(await titled("Lone working")).toHaveLength(1);
  // Somebody else's import of the same name is another.
  expect(verdicts(await sent(once, await school.as("Edith Marlowe")))).toEqual(["LEFT", "LEFT"]);
});
