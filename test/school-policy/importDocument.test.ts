import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type PolicyDocument, readPolicyDocument } from "../../schema/policyDocument";

const demo = join(__dirname, "../../schema/packs/school-policy/demo/policies.md");
const real = process.env.DULY_SEED_POLICY;
const documents = [
  { name: "the demo school's document", path: demo },
  ...(real ? [{ name: "the school's own document", path: real }] : []),
];

// Said on the terminal itself, since the test reporter may hold back what a passing test prints.
if (!real)
  process.stderr.write("importDocument: DULY_SEED_POLICY is not set; these stories ran on the demo document only.\n");

describe.each(documents)("$name", ({ path }) => {
  let document: PolicyDocument;
  beforeAll(() => {
    document = readPolicyDocument(readFileSync(path, "utf8"), "2026-11-23");
  });
  const policy = (n: number) => {
    const found = document.policies[n];
    if (!found) throw new Error(`there is no policy ${n}`);
    return found;
  };
  const messages = (n: number, code: string): string[] =>
    policy(n)
      .findings.filter((finding) => finding.code === code)
      .map((finding) => finding.message);

  test("gives two policies", () => {
    expect(document.policies.map(({ title }) => title)).toEqual([
      "Mobile and Smart Technology Policy",
      "Social Media Policy",
    ]);
  });

  test.each([0, 1])("names the people and keeps the dates of policy %i apart, as precise as they are", (n) => {
    expect(policy(n).values).toMatchObject({
      dsl: ["Zoe King"],
      leadGovernor: "Lindsey Glanville",
      version: "1",
      writtenOn: "2022-10",
      agreedOn: "2022-12",
      ratifiedOn: "2022-12",
      publishedOn: "2022-08",
      reviewBy: "2023-10",
      endsOn: null,
    });
  });

  test("keeps the sections in the order and with the numbers they have", () => {
    const numbers = (n: number): (string | null)[] => policy(n).sections.map((section) => section.number);
    expect(numbers(0)).toEqual(["1", "2", "3", "4", "5", "6", "6.1", "7", "8", "9"]);
    expect(numbers(1)).toEqual(["1", "2", null, "3", "4.1", "4.2", "4", "5", "6", "7"]);
    for (const n of [0, 1]) for (const section of policy(n).sections) expect(section.text.length).toBeGreaterThan(200);
  });

  test("lists eleven linked policies of each, and what each covers", () => {
    for (const n of [0, 1]) expect(policy(n).linkedPolicies).toHaveLength(11);
    expect(policy(0).values.technology).toEqual(["phones", "tablets", "eReaders", "consoles", "wearables"]);
    expect(policy(1).values.technology).toHaveLength(9);
    for (const n of [0, 1]) expect(policy(n).values.audience).toHaveLength(10);
  });

  test("reads the guidance with its editions", () => {
    const years = (n: number): (number | null)[] => policy(n).guidance.map((item) => item.year);
    expect(years(0)).toEqual([2022, 2021, 2018, 2022, 2022, null]);
    expect(years(1)).toEqual([2021, 2021, 2018, 2022, 2022, null]);
  });

  test("reports every trap, and where it stands", () => {
    for (const n of [0, 1]) {
      const codes = new Set(policy(n).findings.map((finding) => finding.code));
      for (const code of [
        "publishedBeforeWritten",
        "publishedBeforeRatified",
        "unequalEditions",
        "sharedDocument",
        "headIsDsl",
      ])
        expect(codes).toContain(code);
      for (const code of ["ownerNotNamed", "oneDateForTwo", "ambiguousPrecision", "nextReviewInPast"])
        expect(codes).toContain(code);
    }
    expect(messages(0, "unequalEditions")).toEqual([
      expect.stringContaining("2022, beside 2021 in Social Media Policy"),
    ]);
    expect(messages(0, "templateTextLeft")).toHaveLength(4);
    expect(messages(1, "templateTextLeft")).toHaveLength(3);
    expect(messages(0, "brokenNumbering")).toEqual([]);
    expect(messages(1, "brokenNumbering")).toHaveLength(3);
  });

  test("every finding points to a line of the document, or says that the thing is missing", () => {
    const length = readFileSync(path, "utf8").split("\n").length;
    for (const { line, code } of document.findings) {
      expect(line).toBeGreaterThanOrEqual(code === "missingKeyDetail" ? 0 : 1);
      expect(line).toBeLessThanOrEqual(length);
    }
    expect(document.findings[0]?.path).toMatch(/^policies\[0\]\./);
  });
});

test("the demo's answers answer every finding of the demo's document, and nothing else", () => {
  const { answers } = JSON.parse(readFileSync(join(demo, "../answers.json"), "utf8")) as {
    answers: Record<string, string>;
  };
  const found = readPolicyDocument(readFileSync(demo, "utf8"), "2026-11-23").findings.map((finding) => finding.code);
  expect(Object.keys(answers).sort()).toEqual([...new Set(found)].sort());
});
